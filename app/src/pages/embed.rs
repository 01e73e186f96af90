//! `/embed/{service}/{item}`: content of another provider on its own page, which has no script and exactly one frame of
//! that provider (C7).

use crate::{
    components::{
        embed,
        icon::{CHEVRON_LEFT, icon},
        layout::Area,
    },
    page::{Document, Page, PageResult},
};
use domain::error::PortError;
use leptos::prelude::*;

/// The placeholder, or the embed once its service is accepted. With `?cadre=oui` the page is shown inside a frame of
/// another page.
pub(crate) async fn page(page: Page) -> PageResult {
    let (service, item): (String, String) = (page.param("service")?, page.param("item")?);
    let accepted =
        page.host.site.services.optional(&service).is_some_and(|service| page.visit.consent.accepts(service));
    if accepted && page.query("cadre") == "oui" {
        bare(page, &service, &item)
    } else {
        document(page, &service, &item, accepted)
    }
}

/// « Voir une fois »: this answer shows the embed, and nothing is stored.
pub(crate) async fn once(page: Page) -> PageResult {
    let (service, item): (String, String) = (page.param("service")?, page.param("item")?);
    document(page, &service, &item, true)
}

fn bare(page: Page, service: &str, item: &str) -> PageResult {
    let (embed, service, frame) = embed::find(&page, service, item).ok_or(PortError::NotFound)?;
    let (embed, service, frame) = (embed.clone(), service.clone(), frame.clone());
    let document = Document::new(Area::Bare, embed.title.clone(), {
        let service = service.clone();
        move || {
            view! {
                <h1 class="sr">{embed.title.clone()}</h1>
                {embed::provided(&page, &embed, &service, &frame)}
            }
        }
    });
    Ok(document.with_provided(&service))
}

fn document(page: Page, service: &str, item: &str, shown: bool) -> PageResult {
    let (embed, service, frame) = embed::find(&page, service, item).ok_or(PortError::NotFound)?;
    let (embed, service, frame) = (embed.clone(), service.clone(), frame.clone());
    let texts = page.texts;
    let document = Document::new(Area::Public, embed.title.clone(), {
        let service = service.clone();
        move || {
            let content = if shown {
                embed::provided(&page, &embed, &service, &frame).into_any()
            } else {
                embed::placeholder(&page, &embed, &service, page.path(), false).into_any()
            };
            view! {
                <div class="page-head">
                    <a class="back" href="/">{icon(CHEVRON_LEFT)}{texts.embed_back()}</a>
                    <h1>{embed.title.clone()}</h1>
                </div>
                {content}
                {shown.then(|| view! { <p><a href="/cookies#choix">{texts.embed_stop()}</a></p> })}
            }
        }
    });
    Ok(if shown { document.with_provided(&service) } else { document })
}

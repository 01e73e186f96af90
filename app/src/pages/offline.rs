//! `/hors-ligne`: what the installed app shows when there is no network (P2).

use crate::{
    components::{
        format::dialled,
        icon::{CLOCK, PHONE, icon},
        layout::Area,
    },
    page::{Document, Page, PageResult},
};
use leptos::prelude::*;

/// The page; people can read it with a network too.
pub(crate) async fn page(page: Page) -> PageResult {
    Ok(document(&page))
}

/// The page is the same for everybody, because the worker keeps it and shows it to anybody who uses the device.
pub(crate) fn document(page: &Page) -> Document {
    let (texts, site) = (page.texts, page.host.site.clone());
    Document::new(Area::Offline, texts.offline_title(), move || {
        let hours: Vec<_> = site.texts.hours.iter().map(|line| view! { <li>{line.clone()}</li> }).collect();
        let hours = (!hours.is_empty()).then(|| {
            view! { <div class="with-icon">{icon(CLOCK)}<ul class="plain">{hours}</ul></div> }
        });
        let second = site.texts.second_phone.as_ref().map(|phone| {
            let (href, number) = (format!("tel:{}", dialled(&phone.number)), phone.number.clone());
            view! { <p>{phone.label.clone()}" "<a href=href>{number}</a></p> }
        });
        let call = format!("tel:{}", dialled(&site.phone));
        view! {
            <div class="page-head">
                <h1>{texts.offline_title()}</h1>
                <p class="lead">{texts.offline_lead()}</p>
            </div>
            // A link with an empty address loads the page that was asked for again, without a script.
            <a class="button button--wide" href="">{texts.offline_again()}</a>
            <section class="card" aria-labelledby="t-appeler">
                <h2 id="t-appeler">{texts.offline_call()}</h2>
                <p>{texts.offline_call_text()}</p>
                <a class="button button--second button--wide" href=call>{icon(PHONE)}{site.phone.clone()}</a>
                {second}
                {hours}
            </section>
            <p class="hint">{texts.offline_private()}</p>
        }
    })
}

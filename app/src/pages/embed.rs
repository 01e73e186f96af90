//! `/embed/{service}`: a video of somebody else on a page of its own (C7).

use crate::{
    components::{
        icon::{CHEVRON_LEFT, icon},
        layout::Area,
        video,
    },
    page::{Document, Page, PageResult},
};
use domain::error::PortError;
use leptos::prelude::*;

/// The placeholder, or the video once its service is accepted.
pub(crate) async fn page(page: Page) -> PageResult {
    let service: String = page.param("service")?;
    let accepted = page.visit.consent.accepts(&service);
    document(page, &service, accepted)
}

/// « Voir une fois »: the video in this answer, and nothing stored.
pub(crate) async fn once(page: Page) -> PageResult {
    let service: String = page.param("service")?;
    document(page, &service, true)
}

fn document(page: Page, service: &str, shown: bool) -> PageResult {
    let (video, service) = video::of_service(&page, service).ok_or(PortError::NotFound)?;
    let (video, service) = (video.clone(), service.clone());
    let origin = service.frame_origin.filter(|_| shown);
    let texts = page.texts;
    let document = Document::new(Area::Public, video.title.clone(), move || {
        let content = if shown {
            video::frame(&page, &video, &service).into_any()
        } else {
            video::placeholder(&page, &video, page.path(), false).into_any()
        };
        view! {
            <div class="page-head">
                <a class="back" href="/">{icon(CHEVRON_LEFT)}{texts.video_back()}</a>
                <h1>{video.title.clone()}</h1>
                <p class="lead">{texts.video_page_lead()}</p>
            </div>
            {content}
            {shown.then(|| view! { <p><a href="/cookies#choix">{texts.video_stop()}</a></p> })}
        }
    });
    Ok(document.with_frame(origin))
}

//! A video kept by somebody else: a placeholder until its service is accepted, then its frame (C1, C7).

use super::icon::{PLAY, icon};
use crate::page::Page;
use domain::{consent::Service, site::Video};
use leptos::prelude::*;

/// The video that `service` plays on this site, with the service itself.
pub(crate) fn of_service<'p>(page: &'p Page, service: &str) -> Option<(&'p Video, &'p Service)> {
    let site = &page.host.site;
    let video = site.video.as_ref().filter(|video| video.service == service)?;
    Some((video, site.services.optional(video.service)?))
}

/// Nothing of the service, not even its address: two buttons, and words for those who want neither.
/// `titled` where no heading of the page names the video yet.
pub(crate) fn placeholder(page: &Page, video: &Video, back: &str, titled: bool) -> impl IntoView + use<> {
    let texts = page.texts;
    let service = video.service;
    view! {
        <form class="video" method="post" action=format!("/embed/{service}")>
            <span class="video-play">{icon(PLAY)}</span>
            {titled.then(|| view! { <h3>{video.title.clone()}</h3> })}
            <p>{texts.video_text()}</p>
            <input type="hidden" name="service" value=service/>
            <input type="hidden" name="back" value=back.to_owned()/>
            <div class="row">
                <button class="button">{texts.video_once()}</button>
                <button class="button" formaction="/cookies" name="choice" value="always">{texts.video_always()}</button>
            </div>
            <p>{texts.video_elsewhere()}</p>
        </form>
    }
}

/// The service's own player. Only for a service that was accepted, or asked for this once.
pub(crate) fn frame(page: &Page, video: &Video, service: &Service) -> impl IntoView + use<> {
    let origin = service.frame_origin.unwrap_or_default();
    view! {
        <iframe
            class="video-frame"
            src=format!("{origin}/embed/{}", video.id)
            title=page.texts.video_playing(&video.title)
            referrerpolicy="strict-origin-when-cross-origin"
            allow="fullscreen; encrypted-media; picture-in-picture"
            sandbox="allow-scripts allow-same-origin allow-presentation allow-popups"
            // Leptos does not know it for frames.
            {..leptos::attr::custom::custom_attribute("loading", "lazy")}
        ></iframe>
    }
}

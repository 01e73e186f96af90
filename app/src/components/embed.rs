//! Content of other providers: a placeholder until its service is accepted, then its frame (C1, C7).
//!
//! A page holds a frame of our own `/embed/…`, and only that frame holds the provider's frame. So the policy of the
//! page allows nobody else.

use super::icon::{ARROW_RIGHT, PLAY, icon};
use crate::page::Page;
use domain::{
    consent::{Frame, Purpose, Service},
    site::Embed,
};
use leptos::{attr::custom::custom_attribute, prelude::*};

/// Finds an embed of this site by its service and its name, with the service and its frame.
pub(crate) fn find<'p>(page: &'p Page, service: &str, item: &str) -> Option<(&'p Embed, &'p Service, &'p Frame)> {
    let site = &page.host.site;
    let embed = site.embeds.iter().find(|embed| embed.service.as_str() == service && embed.item == item)?;
    let service = site.services.optional(service)?;
    Some((embed, service, service.frame()?))
}

/// The path of the embed's own page.
pub(crate) fn path(embed: &Embed) -> String {
    format!("/embed/{}/{}", embed.service, embed.item)
}

/// The embed on a page with other content: its frame if the service is accepted, otherwise its placeholder.
pub(crate) fn shown(page: &Page, embed: &Embed, service: &Service, frame: &Frame) -> AnyView {
    if page.visit.consent.accepts(service) {
        let class = if frame.wide { "embed-frame" } else { "embed-frame embed-frame--tall" };
        view! {
            <iframe
                class=class
                src=format!("{}?cadre=oui", path(embed))
                title=title(page, embed, service)
                allow=frame.allow()
                // The views of Leptos do not know this attribute on frames.
                {..custom_attribute("loading", "lazy")}
            ></iframe>
        }
        .into_any()
    } else {
        placeholder(page, embed, service, page.path(), true).into_any()
    }
}

/// The placeholder holds nothing of the service, not even its address. It has two buttons, and a link for those who
/// want neither. `titled` is set where no heading of the page names the embed.
pub(crate) fn placeholder(
    page: &Page,
    embed: &Embed,
    service: &Service,
    back: &str,
    titled: bool,
) -> impl IntoView + use<> {
    let texts = page.texts;
    let path = path(embed);
    let elsewhere = format!("{path}/ailleurs");
    let play = (service.purpose == Purpose::Video).then(|| view! { <span class="embed-play">{icon(PLAY)}</span> });
    view! {
        <form class="embed" method="post" action=path>
            {play}
            {titled.then(|| view! { <h3>{embed.title.clone()}</h3> })}
            <p>{texts.embed_text(&service.name)}</p>
            <input type="hidden" name="service" value=service.id.to_string()/>
            <input type="hidden" name="place" value="placeholder"/>
            <input type="hidden" name="back" value=back.to_owned()/>
            <div class="row">
                <button class="button">{texts.embed_once()}</button>
                <button class="button" formaction="/cookies" name="choice" value="always">{texts.embed_always()}</button>
            </div>
            <a href=elsewhere rel="noreferrer">{texts.embed_elsewhere(&service.name)}{icon(ARROW_RIGHT)}</a>
        </form>
    }
}

/// The provider's own page. Show it only when the service was accepted, or when somebody asked to see it this once.
pub(crate) fn provided(page: &Page, embed: &Embed, service: &Service, frame: &Frame) -> impl IntoView + use<> {
    view! {
        <iframe
            class=if frame.wide { "embed-frame" } else { "embed-frame embed-frame--tall" }
            src=frame.address_of(&embed.item)
            title=title(page, embed, service)
            referrerpolicy="strict-origin-when-cross-origin"
            allow=frame.allow()
            sandbox="allow-scripts allow-same-origin allow-presentation allow-popups allow-forms"
            {..custom_attribute("loading", "lazy")}
        ></iframe>
    }
}

fn title(page: &Page, embed: &Embed, service: &Service) -> String {
    match service.purpose {
        Purpose::Video => page.texts.embed_playing(&embed.title),
        _ => page.texts.embed_showing(&service.name, &embed.title),
    }
}

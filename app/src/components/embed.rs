//! Something kept by somebody else: a placeholder until its service is accepted, then its frame (C1, C7).
//!
//! Around a page stands a frame of our own `/embed/…`, and only in that one the provider's: so the page itself keeps a
//! policy without anybody else in it.

use super::icon::{ARROW_RIGHT, PLAY, icon};
use crate::page::Page;
use domain::{
    consent::{Frame, Purpose, Service},
    site::Embed,
};
use leptos::{attr::custom::custom_attribute, prelude::*};

/// The embed of this site that is called so, with its service and frame.
pub(crate) fn find<'p>(page: &'p Page, service: &str, item: &str) -> Option<(&'p Embed, &'p Service, &'p Frame)> {
    let site = &page.host.site;
    let embed = site.embeds.iter().find(|embed| embed.service.as_str() == service && embed.item == item)?;
    let service = site.services.optional(service)?;
    Some((embed, service, service.frame()?))
}

/// The path of its own page.
pub(crate) fn path(embed: &Embed) -> String {
    format!("/embed/{}/{}", embed.service, embed.item)
}

/// On a page among other things: the frame if the service is accepted, or else its placeholder.
pub(crate) fn shown(page: &Page, embed: &Embed, service: &Service, frame: &Frame) -> AnyView {
    if page.visit.consent.accepts(service) {
        let class = if frame.wide { "embed-frame" } else { "embed-frame embed-frame--tall" };
        view! {
            <iframe
                class=class
                src=format!("{}?cadre=oui", path(embed))
                title=title(page, embed, service)
                allow=frame.allow()
                // Leptos does not know it for frames.
                {..custom_attribute("loading", "lazy")}
            ></iframe>
        }
        .into_any()
    } else {
        placeholder(page, embed, service, page.path(), true).into_any()
    }
}

/// Nothing of the service, not even its address: two buttons, and a link for those who want neither.
/// `titled` where no heading of the page names it yet.
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

/// The provider's own page. Only for a service that was accepted, or asked for this once.
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

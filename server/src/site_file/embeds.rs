//! `[[embeds]]` and `[sharing]`: the content of other sites on the home page, and the networks to share the page on
//! (C7).

use super::{Refused, filled};
use domain::{
    consent::ServiceList,
    site::{Embed, Network},
};
use serde::Deserialize;
use toml::Spanned;

/// The most embeds of the home page.
const MOST: usize = 6;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EmbedSection {
    service: Spanned<String>,
    item: Spanned<String>,
    title: Spanned<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sharing {
    #[serde(default)]
    networks: Vec<Spanned<String>>,
}

/// The embeds: each is of a service on the list that shows frames, and none is there twice.
pub(super) fn read(sections: Vec<EmbedSection>, services: &ServiceList) -> Result<Vec<Embed>, Refused> {
    let mut embeds: Vec<Embed> = Vec::new();
    for section in sections {
        let at = section.service.span().start;
        let service = services.optional(section.service.get_ref());
        let Some((service, frame)) = service.and_then(|service| Some((service, service.frame()?))) else {
            let framed: Vec<_> =
                services.iter_optional().filter(|service| service.frame().is_some()).map(|it| it.id.as_str()).collect();
            let allowed = if framed.is_empty() { "none is on the list".to_owned() } else { framed.join(", ") };
            return Err((at, format!("embeds.service must be one of consent.services that shows frames: {allowed}")));
        };
        let item_at = section.item.span().start;
        let item = section.item.into_inner();
        if !frame.item.fits(&item) {
            return Err((item_at, format!("embeds.item must be what {} calls it: {}", service.name, frame.item)));
        }
        if embeds.len() == MOST {
            return Err((at, format!("at most {MOST} embeds")));
        }
        if embeds.iter().any(|known| known.service == service.id && known.item == item) {
            return Err((item_at, format!("embeds.item: \"{item}\" is there twice")));
        }
        embeds.push(Embed { service: service.id.clone(), item, title: filled("embeds.title", section.title)? });
    }
    Ok(embeds)
}

/// The networks to share the page on; none is there twice.
pub(super) fn sharing(section: Sharing) -> Result<Vec<Network>, Refused> {
    let mut networks = Vec::new();
    for word in section.networks {
        match Network::from_code(word.get_ref()) {
            Some(network) if !networks.contains(&network) => networks.push(network),
            Some(_) => {
                return Err((word.span().start, format!("sharing.networks: \"{}\" is there twice", word.get_ref())));
            }
            None => {
                let allowed = Network::ALL.map(Network::code).join(", ");
                return Err((
                    word.span().start,
                    format!("sharing.networks: unknown \"{}\"; allowed: {allowed}", word.get_ref()),
                ));
            }
        }
    }
    Ok(networks)
}

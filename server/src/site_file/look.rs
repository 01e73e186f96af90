//! `[look]`: the organisation's colours. A colour is refused when text in it would be hard to read.

use super::Refused;
use crate::look::{Theme, check};
use domain::{colour::Colour, site::Look};
use serde::Deserialize;
use toml::Spanned;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    accent: Option<Spanned<String>>,
    accent_dark: Option<Spanned<String>>,
}

/// The colours, after measuring each against the surfaces of its theme.
pub(super) fn read(section: &Section) -> Result<Look, Refused> {
    Ok(Look {
        accent: colour("look.accent", section.accent.as_ref(), Theme::Light)?,
        accent_dark: colour("look.accent_dark", section.accent_dark.as_ref(), Theme::Dark)?,
    })
}

fn colour(field: &str, value: Option<&Spanned<String>>, theme: Theme) -> Result<Option<Colour>, Refused> {
    let Some(value) = value else { return Ok(None) };
    let at = value.span().start;
    let colour: Colour =
        value.get_ref().parse().map_err(|_| (at, format!("{field} must be a colour such as #29256f")))?;
    check(theme, colour).map_err(|unreadable| (at, unreadable.message(field, colour)))?;
    Ok(Some(colour))
}

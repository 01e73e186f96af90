//! The organisation's colours: a style sheet that sets a few custom properties of `style/_colours.scss`. The hash of
//! its content stands in its path.

use app::web_app::Colours;
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use data_encoding::HEXLOWER;
use domain::{
    colour::{Colour, READABLE},
    site::Look,
};
use sha2::{Digest, Sha256};
use std::{fmt::Write as _, sync::Arc};

/// The colours of the style itself, so that a site's colour is measured against the surfaces that it will stand on.
const TOKENS: &str = include_str!("../../style/_colours.scss");
/// The surfaces on which text in the accent colour may stand.
const SURFACES: [&str; 5] = ["bg", "surface", "soft", "tint", "sun-soft"];

/// One of the two themes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    Light,
    Dark,
}

/// What stands around the installed app: a bar in the organisation's colour, and the ground of the pages.
pub(crate) fn around_the_app(look: &Look) -> Option<Colours> {
    let theme = look.accent.or_else(|| token(Theme::Light, "action"))?;
    Some(Colours { theme, background: token(Theme::Light, "bg")? })
}

/// A colour whose text is hard to read on some surface.
#[derive(Clone, Debug)]
pub(crate) struct Unreadable {
    contrast: f64,
    property: String,
    behind: Colour,
    theme: Theme,
}

impl Unreadable {
    /// The message: the measured contrast, and the needed one.
    pub(crate) fn message(&self, field: &str, colour: Colour) -> String {
        let way = if self.theme == Theme::Light { "darker" } else { "lighter" };
        // The number is cut and not rounded: 4.496 must not read as enough.
        let contrast = (self.contrast * 100.0).floor() / 100.0;
        format!(
            "{field} {colour} has a contrast of {contrast:.2}:1 with {} (--{}); at least {READABLE}:1 is needed: choose a {way} colour",
            self.behind, self.property
        )
    }
}

/// The value of a custom property in `theme`: the dark theme falls back to the light value.
fn token(theme: Theme, name: &str) -> Option<Colour> {
    let (light, dark) = TOKENS.split_once("prefers-color-scheme: dark").unwrap_or((TOKENS, ""));
    let find = |text: &str| {
        let (_, rest) = text.split_once(&format!("--{name}:"))?;
        rest.split_once(';')?.0.trim().parse().ok()
    };
    match theme {
        Theme::Light => find(light),
        Theme::Dark => find(dark).or_else(|| find(light)),
    }
}

/// Checks that text in `accent` can be read on every surface of `theme`, and text on `accent` as well.
pub(crate) fn check(theme: Theme, accent: Colour) -> Result<(), Unreadable> {
    for property in SURFACES.into_iter().chain(["on-action"]) {
        let Some(behind) = token(theme, property) else { continue };
        let contrast = accent.contrast(behind);
        if contrast < READABLE {
            return Err(Unreadable { contrast, property: property.to_owned(), behind, theme });
        }
    }
    Ok(())
}

fn properties(theme: Theme, accent: Colour) -> String {
    // The hovered colour moves away from the surfaces and from the text on it, so the contrast only grows.
    let hover = match theme {
        Theme::Light => accent.mixed(token(theme, "ink").unwrap_or(accent), 30),
        Theme::Dark => accent.mixed(Colour::WHITE, 30),
    };
    format!("--action:{accent};--action-hover:{hover};--link:{accent};--focus:{accent}")
}

/// A style sheet and its path.
pub(crate) struct Stylesheet {
    pub(crate) path: Arc<str>,
    css: Arc<str>,
}

impl Stylesheet {
    /// The style sheet of `look`, or none when it changes nothing.
    pub(crate) fn of(look: &Look) -> Option<Self> {
        let mut css = String::new();
        if let Some(accent) = look.accent {
            let _ = write!(css, ":root{{{}}}", properties(Theme::Light, accent));
        }
        if look.accent.is_some() || look.accent_dark.is_some() {
            // If the site sets only the light colour, the dark theme keeps its own.
            let dark = match look.accent_dark {
                Some(accent) => properties(Theme::Dark, accent),
                None => usual(Theme::Dark),
            };
            let _ = write!(css, "@media (prefers-color-scheme:dark){{:root{{{dark}}}}}");
        }
        if css.is_empty() {
            return None;
        }
        Some(Self::at("/assets/look", css))
    }

    /// A stylesheet in `folder`, under a name that is the hash of its text.
    pub(crate) fn at(folder: &str, css: String) -> Self {
        let hash = HEXLOWER.encode(&Sha256::digest(css.as_bytes()));
        let path = format!("{folder}/{}.css", hash.get(..16).unwrap_or(&hash));
        Self { path: path.into(), css: css.into() }
    }

    /// Its text.
    pub(crate) fn css(&self) -> &str {
        &self.css
    }

    /// The answer to a request for the style sheet.
    pub(crate) fn response(&self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
            (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
        ];
        (headers, self.css.to_string()).into_response()
    }
}

/// The usual values of the properties that an accent sets.
fn usual(theme: Theme) -> String {
    let mut css = String::new();
    for name in ["action", "action-hover", "link", "focus"] {
        if let Some(colour) = token(theme, name) {
            let _ = write!(css, "--{name}:{colour};");
        }
    }
    css
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_colours_can_be_read_on_every_surface() {
        for theme in [Theme::Light, Theme::Dark] {
            for name in SURFACES.into_iter().chain(["on-action", "action", "action-hover", "link", "focus", "ink"]) {
                assert!(token(theme, name).is_some(), "{theme:?} --{name} is not in style/_colours.scss");
            }
            assert!(check(theme, token(theme, "action").unwrap()).is_ok(), "{theme:?}");
            assert_ne!(token(Theme::Light, "bg"), token(Theme::Dark, "bg"));
        }
    }

    #[test]
    fn a_hovered_button_stays_readable() {
        for (theme, accents) in [(Theme::Light, ["#b00020", "#0b6644"]), (Theme::Dark, ["#ffb3c0", "#6fdcab"])] {
            for accent in accents {
                let accent: Colour = accent.parse().unwrap();
                assert!(check(theme, accent).is_ok(), "{accent}");
                let css = properties(theme, accent);
                let hover: Colour = css.split_once("hover:").unwrap().1.split_once(';').unwrap().0.parse().unwrap();
                assert!(hover.contrast(token(theme, "on-action").unwrap()) >= READABLE, "{theme:?} {hover}");
            }
        }
    }

    #[test]
    fn a_site_without_colours_has_no_style_sheet() {
        assert!(Stylesheet::of(&Look::default()).is_none());
        let only_dark = Look { accent: None, accent_dark: "#ffb3c0".parse().ok() };
        let css = Stylesheet::of(&only_dark).unwrap().css;
        assert!(css.starts_with("@media (prefers-color-scheme:dark)") && css.contains("--action:#ffb3c0"), "{css}");
        let only_light = Look { accent: "#b00020".parse().ok(), accent_dark: None };
        let css = Stylesheet::of(&only_light).unwrap().css;
        let (light, dark) = css.split_once("@media").unwrap();
        assert!(light.contains("--action:#b00020") && dark.contains(&usual(Theme::Dark)), "{css}");
        assert!(!usual(Theme::Dark).is_empty());
    }
}

//! The organisation's colours: a few custom properties over those of `style/_tokens.scss`, in a
//! stylesheet of their own under a path that carries its hash.

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

/// The tokens, read where they are written: a restyled surface counts from the next build on.
const TOKENS: &str = include_str!("../../style/_tokens.scss");
/// Where text in the accent's colour may stand.
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

/// A colour that cannot be read somewhere.
#[derive(Clone, Debug)]
pub(crate) struct Unreadable {
    contrast: f64,
    property: String,
    behind: Colour,
    theme: Theme,
}

impl Unreadable {
    /// What was measured, and what is needed.
    pub(crate) fn message(&self, field: &str, colour: Colour) -> String {
        let way = if self.theme == Theme::Light { "darker" } else { "lighter" };
        // Cut, not rounded: 4.496 must not read as enough.
        let contrast = (self.contrast * 100.0).floor() / 100.0;
        format!(
            "{field} {colour} has a contrast of {contrast:.2}:1 with {} (--{}); at least {READABLE}:1 is needed: choose a {way} colour",
            self.behind, self.property
        )
    }
}

/// The value of a custom property in `theme`: the dark one where it has one.
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
    // Away from the surfaces and from the text on it: the contrast only grows.
    let hover = match theme {
        Theme::Light => accent.mixed(token(theme, "ink").unwrap_or(accent), 30),
        Theme::Dark => accent.mixed(Colour::WHITE, 30),
    };
    format!("--action:{accent};--action-hover:{hover};--link:{accent};--focus:{accent}")
}

/// A stylesheet and the path it is found under.
pub(crate) struct Stylesheet {
    pub(crate) path: Arc<str>,
    css: Arc<str>,
}

impl Stylesheet {
    /// The stylesheet of `look`; nothing when it changes nothing.
    pub(crate) fn of(look: &Look) -> Option<Self> {
        let mut css = String::new();
        if let Some(accent) = look.accent {
            let _ = write!(css, ":root{{{}}}", properties(Theme::Light, accent));
        }
        if look.accent.is_some() || look.accent_dark.is_some() {
            // Where only the light one is the site's, the dark theme keeps its own.
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

    /// The answer to a request for it.
    pub(crate) fn response(&self) -> Response {
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
            (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
        ];
        (headers, self.css.to_string()).into_response()
    }
}

/// The tokens' own values of what an accent sets.
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
    fn the_tokens_name_every_surface_and_their_own_colours_pass() {
        for theme in [Theme::Light, Theme::Dark] {
            for name in SURFACES.into_iter().chain(["on-action", "action", "action-hover", "link", "focus", "ink"]) {
                assert!(token(theme, name).is_some(), "{theme:?} --{name} is not in style/_tokens.scss");
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
    fn nothing_set_no_stylesheet() {
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

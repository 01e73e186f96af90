//! Messages and badges, and the text that replaces an empty list.

use super::icon::{CIRCLE_CHECK, CIRCLE_X, INFO, TRIANGLE_ALERT, icon};
use leptos::prelude::*;

/// What a message or a badge means. The colour is never the only sign of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// A piece of information.
    Info,
    /// Something worked.
    Success,
    /// Something needs attention.
    Warning,
    /// Something did not work.
    Danger,
}

impl Tone {
    /// Every tone.
    pub(crate) const ALL: [Self; 4] = [Self::Info, Self::Success, Self::Warning, Self::Danger];

    const fn message_class(self) -> &'static str {
        match self {
            Self::Info => "message",
            Self::Success => "message message--success",
            Self::Warning => "message message--warning",
            Self::Danger => "message message--danger",
        }
    }

    const fn badge_class(self) -> &'static str {
        match self {
            Self::Info => "badge",
            Self::Success => "badge badge--success",
            Self::Warning => "badge badge--warning",
            Self::Danger => "badge badge--danger",
        }
    }

    const fn icon(self) -> &'static str {
        match self {
            Self::Info => INFO,
            Self::Success => CIRCLE_CHECK,
            Self::Warning => TRIANGLE_ALERT,
            Self::Danger => CIRCLE_X,
        }
    }
}

/// A message that is part of the page from the start: screen readers do not announce it.
pub(crate) fn message(tone: Tone, title: impl Into<String>, text: impl IntoView) -> impl IntoView {
    message_with(tone.icon(), tone, title, text)
}

/// A message with another icon.
pub(crate) fn message_with(
    svg: &'static str,
    tone: Tone,
    title: impl Into<String>,
    text: impl IntoView,
) -> impl IntoView {
    let title: String = title.into();
    view! {
        <div class=tone.message_class()>
            {icon(svg)}
            <div><p><strong>{title}</strong>" "{text}</p></div>
        </div>
    }
}

/// Says what was just done; screen readers announce it.
pub(crate) fn done(title: impl Into<String>, text: impl IntoView) -> impl IntoView {
    let title: String = title.into();
    view! {
        <div class="message message--success" role="status">
            {icon(CIRCLE_CHECK)}
            <div><p><strong>{title}</strong>" "{text}</p></div>
        </div>
    }
}

/// A short text about a success; screen readers announce it.
pub(crate) fn success(text: String) -> impl IntoView {
    done(text, ())
}

/// A state as a short text with an icon.
pub(crate) fn badge(tone: Tone, svg: &'static str, text: impl IntoView) -> impl IntoView {
    view! { <span class=tone.badge_class()>{icon(svg)}{text}</span> }
}

/// The level of a heading, where a component does not know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// A heading right under the page's title.
    Two,
    /// A heading in a card.
    Three,
}

/// What replaces an empty list: why it is empty, and what to do.
pub(crate) fn empty(
    level: Level,
    svg: &'static str,
    title: impl IntoView,
    text: impl IntoView,
    action: impl IntoView,
) -> impl IntoView {
    let title = match level {
        Level::Two => view! { <h2>{title}</h2> }.into_any(),
        Level::Three => view! { <h3>{title}</h3> }.into_any(),
    };
    view! {
        <div class="empty">
            <span class="empty-icon">{icon(svg)}</span>
            {title}
            <p>{text}</p>
            {action}
        </div>
    }
}

//! The names of things about the requests of visitors (A5).

use super::{
    icon::{CIRCLE_CHECK, CLOCK, MAIL},
    message::{Tone, badge},
};
use crate::{policy::words, texts::Texts};
use domain::{inbox::RequestState, requests::RequestKind};
use leptos::prelude::*;

/// The name of the form that was sent.
pub(crate) fn kind_name(texts: Texts, kind: RequestKind) -> &'static str {
    words::request(texts, kind).name
}

/// The state of a request, as a badge.
pub(crate) fn state_badge(texts: Texts, state: RequestState) -> impl IntoView {
    let (tone, svg, name) = match state {
        RequestState::New => (Tone::Warning, MAIL, texts.inbox_state_new()),
        RequestState::Open => (Tone::Info, CLOCK, texts.inbox_state_open()),
        RequestState::Closed => (Tone::Success, CIRCLE_CHECK, texts.inbox_state_closed()),
    };
    badge(tone, svg, name)
}

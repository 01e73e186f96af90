//! What visitors sent, in words (A5).

use super::{
    icon::{CIRCLE_CHECK, CLOCK, MAIL},
    message::{Tone, badge},
};
use crate::texts::Texts;
use domain::{inbox::RequestState, requests::RequestKind};
use leptos::prelude::*;

/// The name of a form.
pub(crate) fn kind_name(texts: Texts, kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::Contact => texts.inbox_kind_contact(),
        RequestKind::PreRegistration => texts.inbox_kind_pre_registration(),
        RequestKind::Event => texts.inbox_kind_event(),
        RequestKind::ApprenticeshipTax => texts.inbox_kind_apprenticeship_tax(),
    }
}

/// How far a request has come, as a badge.
pub(crate) fn state_badge(texts: Texts, state: RequestState) -> impl IntoView {
    let (tone, svg, name) = match state {
        RequestState::New => (Tone::Warning, MAIL, texts.inbox_state_new()),
        RequestState::Open => (Tone::Info, CLOCK, texts.inbox_state_open()),
        RequestState::Closed => (Tone::Success, CIRCLE_CHECK, texts.inbox_state_closed()),
    };
    badge(tone, svg, name)
}

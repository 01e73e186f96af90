//! The names of the rights over one's own data, and of what becomes of a request (E15).

use super::{
    field::Choice,
    icon::{CIRCLE_CHECK, CIRCLE_X, CLOCK, ID_CARD, TRIANGLE_ALERT},
    message::{Tone, badge},
};
use crate::texts::Texts;
use domain::rights::{Concerns, Ground, Right, RightsOutcome, RightsRow, RightsState, Urgency};
use domain::time::CivilDate;
use leptos::prelude::*;

/// The name of a right.
pub(crate) fn right_name(texts: Texts, right: Right) -> &'static str {
    match right {
        Right::Access => texts.rights_access(),
        Right::Rectification => texts.rights_rectification(),
        Right::Erasure => texts.rights_erasure(),
        Right::Objection => texts.rights_objection(),
        Right::Restriction => texts.rights_restriction(),
        Right::Portability => texts.rights_portability(),
        Right::Directives => texts.rights_directives(),
        Right::Withdrawal => texts.rights_withdrawal(),
    }
}

/// The eight rights, each with an explanation.
pub(crate) fn rights(texts: Texts) -> impl Iterator<Item = Choice> {
    let text = move |right| match right {
        Right::Access => texts.rights_access_text(),
        Right::Rectification => texts.rights_rectification_text(),
        Right::Erasure => texts.rights_erasure_text(),
        Right::Objection => texts.rights_objection_text(),
        Right::Restriction => texts.rights_restriction_text(),
        Right::Portability => texts.rights_portability_text(),
        Right::Directives => texts.rights_directives_text(),
        Right::Withdrawal => texts.rights_withdrawal_text(),
    };
    Right::ALL.iter().map(move |&right| Choice::new(right.code(), right_name(texts, right)).hint(text(right)))
}

/// The name of a reason why data must be erased.
pub(crate) fn ground_name(texts: Texts, ground: Ground) -> &'static str {
    match ground {
        Ground::NotNeeded => texts.rights_not_needed(),
        Ground::ConsentWithdrawn => texts.rights_consent_withdrawn(),
        Ground::Objection => texts.rights_ground_objection(),
        Ground::Unlawful => texts.rights_unlawful(),
        Ground::LegalDuty => texts.rights_legal_duty(),
        Ground::Minor => texts.rights_minor(),
    }
}

/// The words for whose data the request is about.
pub(crate) fn concerns_name(texts: Texts, concerns: Concerns) -> &'static str {
    match concerns {
        Concerns::Oneself => texts.rights_oneself(),
        Concerns::Child => texts.rights_child(),
        Concerns::Deceased => texts.rights_deceased(),
    }
}

/// The name of an outcome.
pub(crate) fn outcome_name(texts: Texts, outcome: RightsOutcome) -> &'static str {
    match outcome {
        RightsOutcome::Granted => texts.officer_granted(),
        RightsOutcome::Partly => texts.officer_partly(),
        RightsOutcome::Refused => texts.officer_refused(),
        RightsOutcome::Withdrawn => texts.officer_withdrawn(),
    }
}

/// A badge with the state of a request, or with its outcome.
pub(crate) fn state_badge(texts: Texts, row: &RightsRow) -> impl IntoView + use<> {
    let (tone, svg, name) = match (row.state, row.outcome) {
        (RightsState::New, _) => (Tone::Info, CLOCK, texts.officer_state_new()),
        (RightsState::Identity, _) => (Tone::Info, ID_CARD, texts.officer_state_identity()),
        (RightsState::Closed, Some(outcome @ RightsOutcome::Refused)) => {
            (Tone::Info, CIRCLE_X, outcome_name(texts, outcome))
        }
        (RightsState::Closed, Some(outcome)) => (Tone::Success, CIRCLE_CHECK, outcome_name(texts, outcome)),
        (RightsState::Closed, None) => (Tone::Success, CIRCLE_CHECK, texts.officer_state_closed()),
    };
    badge(tone, svg, name)
}

/// A badge on a request that is urgent or late; none on the others.
pub(crate) fn urgency_badge(texts: Texts, row: &RightsRow, today: CivilDate) -> Option<AnyView> {
    if row.state == RightsState::Closed {
        return None;
    }
    match Urgency::of(row.due_on, today) {
        Urgency::Late => Some(badge(Tone::Danger, TRIANGLE_ALERT, texts.officer_badge_late()).into_any()),
        Urgency::Soon => Some(badge(Tone::Warning, CLOCK, texts.officer_badge_soon()).into_any()),
        Urgency::Calm => None,
    }
}

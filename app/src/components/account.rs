//! The names of things about staff accounts, and the fields that their forms share.

use super::{
    field::{Choice, line, list},
    icon::{CIRCLE_CHECK, CIRCLE_X, CLOCK},
    message::{Tone, badge},
};
use crate::texts::Texts;
use domain::{
    accounts::{AccountEvent, AccountState},
    actor::Role,
    forms::{FieldErrors, WHOLE_FORM},
};
use leptos::prelude::*;

pub(crate) use crate::policy::words::role_name;

/// The name of an account's state.
pub(crate) fn state_name(texts: Texts, state: AccountState) -> &'static str {
    match state {
        AccountState::Awaiting => texts.account_state_awaiting(),
        AccountState::Active => texts.account_state_active(),
        AccountState::Suspended => texts.account_state_suspended(),
    }
}

/// The name of an account's state, as a badge.
pub(crate) fn state_badge(texts: Texts, state: AccountState) -> impl IntoView {
    let (tone, svg) = match state {
        AccountState::Awaiting => (Tone::Warning, CLOCK),
        AccountState::Active => (Tone::Success, CIRCLE_CHECK),
        AccountState::Suspended => (Tone::Danger, CIRCLE_X),
    };
    badge(tone, svg, state_name(texts, state))
}

/// The text of one line of the journal.
pub(crate) fn event_name(texts: Texts, event: AccountEvent) -> &'static str {
    match event {
        AccountEvent::CreateProposed => texts.account_event_create_proposed(),
        AccountEvent::RoleProposed => texts.account_event_role_proposed(),
        AccountEvent::ReactivateProposed => texts.account_event_reactivate_proposed(),
        AccountEvent::InviteProposed => texts.account_event_invite_proposed(),
        AccountEvent::Created => texts.account_event_created(),
        AccountEvent::RoleChanged => texts.account_event_role_changed(),
        AccountEvent::Reactivated => texts.account_event_reactivated(),
        AccountEvent::Invited => texts.account_event_invited(),
        AccountEvent::Declined => texts.account_event_declined(),
        AccountEvent::Withdrawn => texts.account_event_withdrawn(),
        AccountEvent::Suspended => texts.account_event_suspended(),
        AccountEvent::Activated => texts.account_event_activated(),
        AccountEvent::PasswordChanged => texts.account_event_password_changed(),
        AccountEvent::Rescued => texts.account_event_rescued(),
    }
}

/// Every role, as a choice of a form.
pub(crate) fn roles(texts: Texts) -> impl Iterator<Item = Choice> {
    Role::ALL.into_iter().map(move |role| Choice::new(role.code(), role_name(texts, role)))
}

/// The field of a role. Only some answers to another field need it, so the browser does not require it.
pub(crate) fn optional_role(texts: Texts, errors: &FieldErrors, chosen: &str) -> impl IntoView + use<> {
    let role = list("role", texts.propose_new_role(), roles(texts), chosen).empty(texts.propose_role_choose());
    role.needed_sometimes().view(texts, errors)
}

/// A telephone number, which nobody has to give.
pub(crate) fn optional_phone(texts: Texts, errors: &FieldErrors, value: &str) -> impl IntoView + use<> {
    let phone = line("phone", texts.propose_phone(), value).kind("tel").hint(texts.propose_phone_hint());
    phone.optional().view(texts, errors)
}

/// Whether a form was refused for a reason that changing a field cannot fix.
pub(crate) fn about_the_whole(errors: &FieldErrors) -> bool {
    errors.of(WHOLE_FORM).is_some()
}

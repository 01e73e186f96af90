//! What is proposed, decided and suspended under `/admin/comptes` (A8).

use crate::{
    act::action,
    actions::{
        Refusal,
        accounts::{DecideProposal, Decided, ProposeChange, ProposeStaff, SuspendAccount},
    },
    page::Done,
    pages::admin::accounts::{BASE, change, proposals},
};
use domain::{
    accounts::{AccountRefusal, Decision},
    activation::Invitation,
    error::PortError,
    forms::{
        FieldCode, WHOLE_FORM,
        account::{ChangeForm, DecisionForm, NewStaffForm},
    },
};

action!(
    ProposeStaff: NewStaffForm with token,
    again in change::new,
    then |_, _, _| Done::See(format!("{BASE}/propositions?fait=propose"))
);
action!(
    ProposeChange: ChangeForm with token,
    again in change::propose,
    then |action, _, _| Done::See(format!("{BASE}/{}?fait=propose", action.account))
);
action!(
    SuspendAccount: (),
    again in change::suspend,
    then |action, _, _| Done::See(format!("{BASE}/{}?fait=suspendu", action.account))
);
action!(
    DecideProposal: DecisionForm,
    again in proposals::proposal,
    then |_, page, decided| match decided {
        // The code is kept nowhere, so there is no page to be sent to: the answer shows it.
        Decided::Invited(invitation) => Done::Show(Box::new(proposals::invitation(page, invitation))),
        Decided::Confirmed => list("confirme"),
        Decided::Declined => list("refuse"),
        Decided::Withdrawn => list("retire"),
        Decided::Over => list("fini"),
    }
);

fn list(done: &str) -> Done {
    Done::See(format!("{BASE}/propositions?fait={done}"))
}

/// What a refusal of the port says beside the field `field`, or the error page it calls for.
pub(crate) fn refused(field: &'static str, refusal: AccountRefusal) -> Refusal {
    match refusal {
        AccountRefusal::Taken => Refusal::field(field, FieldCode::IdentifierTaken),
        AccountRefusal::NothingToChange => Refusal::field(field, FieldCode::NothingToChange),
        AccountRefusal::LastAdministrator => Refusal::field(field, FieldCode::LastAdministrator),
        AccountRefusal::Over => PortError::NotFound.into(),
        AccountRefusal::Port(error) => error.into(),
    }
}

/// What became of a proposal.
///
/// # Errors
/// What the port refused.
pub(crate) fn decided(
    decision: Decision,
    decided: Result<Option<Invitation>, AccountRefusal>,
) -> Result<Decided, Refusal> {
    match (decision, decided) {
        (_, Ok(Some(invitation))) => Ok(Decided::Invited(invitation)),
        (Decision::Confirm, Ok(None)) => Ok(Decided::Confirmed),
        (Decision::Decline, Ok(None)) => Ok(Decided::Declined),
        (Decision::Withdraw, Ok(None)) => Ok(Decided::Withdrawn),
        (_, Err(AccountRefusal::Over)) => Ok(Decided::Over),
        (_, Err(refusal)) => Err(refused(WHOLE_FORM, refusal)),
    }
}

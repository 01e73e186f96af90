//! Accounts of staff: what is proposed, decided and suspended (A8).

use super::{Form, Refusal, Value};
use domain::{
    accounts::AccountRefusal,
    activation::Invitation,
    error::PortError,
    forms::{
        FieldCode,
        account::{ChangeForm, DecisionForm, NewStaffForm},
    },
    ids::{AccountId, ProposalId},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

impl Refusal {
    /// What a form says beside its field `field` when the port refuses, or the error page for that refusal.
    #[must_use]
    pub fn of_account(field: &'static str, refusal: AccountRefusal) -> Self {
        match refusal {
            AccountRefusal::Taken => Self::field(field, FieldCode::IdentifierTaken),
            AccountRefusal::NothingToChange => Self::field(field, FieldCode::NothingToChange),
            AccountRefusal::LastAdministrator => Self::field(field, FieldCode::LastAdministrator),
            AccountRefusal::Over => PortError::NotFound.into(),
            AccountRefusal::Port(error) => error.into(),
        }
    }
}

/// How a proposal ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decided {
    /// It is carried out.
    Confirmed,
    /// It is carried out, and a code opens the new account. The code is shown once and stored nowhere.
    Invited(Invitation),
    /// It is declined.
    Declined,
    /// The person who made the proposal took it back.
    Withdrawn,
    /// It had ended before, so nothing was done.
    Over,
}

/// Proposes a new account of staff. The same token sent twice makes one proposal.
#[server(prefix = "", endpoint = "admin/comptes/nouveau", input = Form, output = Value)]
pub async fn propose_staff(
    /// What the form sends.
    #[server(flatten)]
    form: NewStaffForm,
) -> Result<ProposalId, Refusal> {
    let page = crate::page::Page::current()?;
    let new = form.validate()?;
    let submission = crate::submit::submission_of(&page, NewStaffForm::FORM, &form.token)?;
    let proposed = page.host.accounts.propose_new(&page.actor(), new, submission).await;
    proposed.map_err(|refusal| Refusal::of_account("identifier", refusal))
}

/// Proposes a change of an account of staff. The same token sent twice makes one proposal.
#[server(prefix = "", endpoint = "action/comptes/proposer", input = Form, output = Value)]
pub async fn propose_change(
    /// The account to change.
    account: AccountId,
    /// What the form sends.
    #[server(flatten)]
    form: ChangeForm,
) -> Result<ProposalId, Refusal> {
    let page = crate::page::Page::current()?;
    let wanted = form.validate()?;
    let submission = crate::submit::submission_of(&page, ChangeForm::FORM, &form.token)?;
    let proposed = page.host.accounts.propose_change(&page.actor(), account, wanted, submission).await;
    proposed.map_err(|refusal| Refusal::of_account("what", refusal))
}

/// Suspends an account of staff and ends its sessions. Doing it twice changes nothing.
#[server(prefix = "", endpoint = "action/comptes/suspendre", input = Form, output = Value)]
pub async fn suspend_account(
    /// The account to suspend.
    account: AccountId,
) -> Result<(), Refusal> {
    let page = crate::page::Page::current()?;
    let suspended = page.host.accounts.suspend(&page.actor(), account).await;
    suspended.map_err(|refusal| Refusal::of_account(domain::forms::WHOLE_FORM, refusal))
}

/// Confirms, declines or withdraws a proposal.
#[server(prefix = "", endpoint = "action/comptes/propositions/decider", input = Form, output = Value)]
pub async fn decide_proposal(
    /// The proposal.
    proposal: ProposalId,
    /// What the form sends.
    #[server(flatten)]
    form: DecisionForm,
) -> Result<Decided, Refusal> {
    use domain::accounts::Decision;

    let page = crate::page::Page::current()?;
    let decision = form.validate()?;
    match (decision, page.host.accounts.decide(&page.actor(), proposal, decision).await) {
        (_, Ok(Some(invitation))) => Ok(Decided::Invited(invitation)),
        (Decision::Confirm, Ok(None)) => Ok(Decided::Confirmed),
        (Decision::Decline, Ok(None)) => Ok(Decided::Declined),
        (Decision::Withdraw, Ok(None)) => Ok(Decided::Withdrawn),
        (_, Err(AccountRefusal::Over)) => Ok(Decided::Over),
        (_, Err(refusal)) => Err(Refusal::of_account(domain::forms::WHOLE_FORM, refusal)),
    }
}

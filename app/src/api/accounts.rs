//! What is proposed, decided and suspended under `/admin/comptes` (A8).

use super::{Posted, fail, refuse, see};
use crate::{
    page::{Page, PageResult},
    pages::admin::accounts::{
        BASE,
        change::{self, Suspending},
        proposals,
    },
    render::render,
};
use axum::{body::Body, http::Response};
use domain::{
    accounts::{AccountRefusal, Decision},
    error::PortError,
    forms::{
        FieldCode, FieldErrors, WHOLE_FORM,
        account::{ChangeForm, DecisionForm, NewStaffForm},
    },
    ids::{AccountId, ProposalId},
};
use std::future::Future;

/// What a refusal says beside a form, or the error page it calls for.
fn code_of(refusal: AccountRefusal) -> Result<FieldCode, PortError> {
    match refusal {
        AccountRefusal::Taken => Ok(FieldCode::IdentifierTaken),
        AccountRefusal::NothingToChange => Ok(FieldCode::NothingToChange),
        AccountRefusal::LastAdministrator => Ok(FieldCode::LastAdministrator),
        AccountRefusal::Over => Err(PortError::NotFound),
        AccountRefusal::Port(error) => Err(error),
    }
}

async fn refuse_with<F, Fut>(
    page: Page,
    show: impl FnOnce(Page) -> Fut,
    form: F,
    field: &'static str,
    refusal: AccountRefusal,
) -> Response<Body>
where
    F: Send + Sync + 'static,
    Fut: Future<Output = PageResult>,
{
    match code_of(refusal) {
        Ok(code) => refuse(page, show, false, form, FieldErrors::one(field, code)).await,
        Err(error) => fail(page, error).await,
    }
}

/// `POST /admin/comptes/nouveau`.
pub(crate) async fn propose_new(page: Page, Posted(form): Posted<NewStaffForm>) -> Response<Body> {
    let form = match form {
        Ok(form) => form,
        Err(errors) => return refuse(page, change::new, false, NewStaffForm::default(), errors).await,
    };
    match form.validate() {
        Ok(new) => match page.host.accounts.propose_new(&page.actor(), new).await {
            Ok(_) => see(&format!("{BASE}/propositions?fait=propose")),
            Err(refusal) => refuse_with(page, change::new, form, "identifier", refusal).await,
        },
        Err(errors) => refuse(page, change::new, false, form, errors).await,
    }
}

/// `POST /admin/comptes/{account}/proposer`.
pub(crate) async fn propose_change(page: Page, Posted(form): Posted<ChangeForm>) -> Response<Body> {
    let account: AccountId = match page.param("account") {
        Ok(account) => account,
        Err(error) => return fail(page, error).await,
    };
    let form = match form {
        Ok(form) => form,
        Err(errors) => return refuse(page, change::propose, false, ChangeForm::default(), errors).await,
    };
    match form.validate() {
        Ok(wanted) => match page.host.accounts.propose_change(&page.actor(), account, wanted).await {
            Ok(_) => see(&format!("{BASE}/{account}?fait=propose")),
            Err(refusal) => refuse_with(page, change::propose, form, "what", refusal).await,
        },
        Err(errors) => refuse(page, change::propose, false, form, errors).await,
    }
}

/// `POST /admin/comptes/{account}/suspendre`.
pub(crate) async fn suspend(page: Page) -> Response<Body> {
    let account: AccountId = match page.param("account") {
        Ok(account) => account,
        Err(error) => return fail(page, error).await,
    };
    match page.host.accounts.suspend(&page.actor(), account).await {
        Ok(()) => see(&format!("{BASE}/{account}?fait=suspendu")),
        Err(refusal) => refuse_with(page, change::suspend, Suspending, WHOLE_FORM, refusal).await,
    }
}

/// `POST /admin/comptes/propositions/{proposal}`. A confirmation that makes a code answers with it: it is
/// kept nowhere, so there is no page to be sent to.
pub(crate) async fn decide(page: Page, Posted(form): Posted<DecisionForm>) -> Response<Body> {
    let proposal: ProposalId = match page.param("proposal") {
        Ok(proposal) => proposal,
        Err(error) => return fail(page, error).await,
    };
    let form = match form {
        Ok(form) => form,
        Err(errors) => return refuse(page, proposals::proposal, false, DecisionForm::default(), errors).await,
    };
    let decision = match form.validate() {
        Ok(decision) => decision,
        Err(errors) => return refuse(page, proposals::proposal, false, form, errors).await,
    };
    let list = |done: &str| see(&format!("{BASE}/propositions?fait={done}"));
    match (decision, page.host.accounts.decide(&page.actor(), proposal, decision).await) {
        (_, Ok(Some(invitation))) => {
            let document = proposals::invitation(&page, invitation);
            render(page, Ok(document), false).await
        }
        (Decision::Confirm, Ok(None)) => list("confirme"),
        (Decision::Decline, Ok(None)) => list("refuse"),
        (Decision::Withdraw, Ok(None)) => list("retire"),
        (_, Err(AccountRefusal::Over)) => list("fini"),
        (_, Err(refusal)) => refuse_with(page, proposals::proposal, form, WHOLE_FORM, refusal).await,
    }
}

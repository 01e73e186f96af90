//! `/admin/comptes/nouveau`, and under an account `proposer` and `suspendre` (A8).

use super::BASE;
use crate::{
    actions::accounts::{ProposeChange, ProposeStaff},
    components::{
        account::{about_the_whole, optional_phone, optional_role, role_name, roles},
        field::{field_error, line, list},
        form::{FORM, error_summary, hidden_id, hidden_token, live, token_of},
        icon::{TRIANGLE_ALERT, icon},
        layout::Area,
        message::{Tone, message},
        navigation::back,
    },
    page::{Document, Page, PageResult, Shown},
};
use domain::{
    accounts::AccountState,
    error::PortError,
    forms::account::{ChangeForm, NewStaffForm},
    ids::AccountId,
};
use leptos::prelude::*;

/// `/admin/comptes/nouveau`.
pub(crate) async fn new(page: Page, shown: Shown<NewStaffForm>) -> PageResult {
    let texts = page.texts;
    let token = token_of(&page, NewStaffForm::FORM, &shown.form.token)?;
    Ok(Document::new(Area::AdminForm, texts.propose_new_title(), move || {
        let Shown { form: typed, errors } = shown;
        let name = line("name", texts.propose_name(), &typed.name);
        let identifier =
            line("identifier", texts.propose_identifier(), &typed.identifier).hint(texts.propose_identifier_hint());
        let email = line("email", texts.propose_email(), &typed.email).kind("email").hint(texts.propose_email_hint());
        let role = list("role", texts.propose_role(), roles(texts), &typed.role).empty(texts.propose_role_choose());
        let labels = [
            ("name", texts.propose_name()),
            ("identifier", texts.propose_identifier()),
            ("email", texts.propose_email()),
            ("phone", texts.propose_phone()),
            ("role", texts.propose_role()),
        ];
        view! {
            <div class="page-head">
                {back(BASE, texts.accounts_title())}
                <h1>{texts.propose_new_title()}</h1>
                <p class="lead">{texts.propose_new_lead()}</p>
            </div>
            {error_summary(texts, &errors, &labels)}
            {live::<ProposeStaff>(&page, FORM, None)}
            <form class="card form" id=FORM method="post" action=format!("{BASE}/nouveau")>
                {hidden_token(token)}
                {name.view(texts, &errors)}
                {identifier.view(texts, &errors)}
                {email.view(texts, &errors)}
                {optional_phone(texts, &errors, &typed.phone)}
                {role.view(texts, &errors)}
                <button class="button button--wide">{texts.propose_submit()}</button>
            </form>
        }
    }))
}

/// `/admin/comptes/{account}/proposer`.
pub(crate) async fn propose(page: Page, shown: Shown<ChangeForm>) -> PageResult {
    let account: AccountId = page.param("account")?;
    let detail = page.host.accounts.detail(&page.actor(), account, 1).await?;
    let texts = page.texts;
    let token = token_of(&page, ChangeForm::FORM, &shown.form.token)?;
    Ok(Document::new(Area::AdminForm, texts.propose_change_title(), move || {
        let Shown { form: typed, errors } = shown;
        let base = format!("{BASE}/{account}");
        let choice = |code: &'static str, label: &'static str, hint: String| {
            let checked = typed.what == code;
            let described = format!("what-{code}-aide");
            view! {
                <div class="field">
                    <label class="choice">
                        <input type="radio" name="what" value=code required checked=checked aria-describedby=described.clone()/>
                        {label}
                    </label>
                    <p class="hint" id=described>{hint}</p>
                </div>
            }
        };
        let role =
            choice("role", texts.propose_what_role(), texts.propose_what_role_now(role_name(texts, detail.row.role)));
        let reactivate = (detail.row.state == AccountState::Suspended).then(|| {
            choice("reactivate", texts.propose_what_reactivate(), texts.propose_what_reactivate_text().to_owned())
        });
        let invite = choice("invite", texts.propose_what_invite(), texts.propose_what_invite_text().to_owned());
        let labels = [("what", texts.propose_what()), ("role", texts.propose_new_role())];
        view! {
            <div class="page-head">
                {back(&base, &detail.row.name)}
                <h1>{texts.propose_change_title()}</h1>
                <p class="lead">{texts.propose_change_lead(&detail.row.name)}</p>
            </div>
            {error_summary(texts, &errors, &labels)}
            {live::<ProposeChange>(&page, FORM, None)}
            <form class="card form" id=FORM method="post" action=format!("{base}/proposer")>
                {hidden_id("account", account)}
                {hidden_token(token)}
                <fieldset class="field" id="what">
                    <legend>{texts.propose_what()}</legend>
                    {field_error(texts, &errors, "what")}
                    {role}
                    {optional_role(texts, &errors, &typed.role)}
                    {reactivate}
                    {invite}
                </fieldset>
                <button class="button button--wide">{texts.propose_submit()}</button>
            </form>
        }
    }))
}

/// `/admin/comptes/{account}/suspendre`.
pub(crate) async fn suspend(page: Page, shown: Shown<()>) -> PageResult {
    let account: AccountId = page.param("account")?;
    let detail = page.host.accounts.detail(&page.actor(), account, 1).await?;
    if !detail.may_suspend && !page.is_refusal() {
        // An account that is the visitor's own, or that is suspended, has no button for this.
        return if detail.row.state == AccountState::Suspended {
            Err(PortError::NotFound)
        } else {
            Err(PortError::Refused)
        };
    }
    let texts = page.texts;
    Ok(Document::new(Area::AdminForm, texts.accounts_suspend_title(&detail.row.name), move || {
        let errors = shown.errors;
        let base = format!("{BASE}/{account}");
        let attached = match detail.attached {
            0 => texts.accounts_suspend_nobody().to_owned(),
            count => texts.accounts_suspend_attached(count),
        };
        let form = (!about_the_whole(&errors)).then(|| {
            view! {
                <form class="form-end" method="post" action=format!("{base}/suspendre")>
                    <button class="button button--danger">{icon(TRIANGLE_ALERT)}{texts.accounts_suspend_submit()}</button>
                    <a class="button button--second" href=base.clone()>{texts.accounts_suspend_keep()}</a>
                </form>
            }
        });
        view! {
            <div class="page-head">
                {back(&base, &detail.row.name)}
                <h1>{texts.accounts_suspend_title(&detail.row.name)}</h1>
            </div>
            {error_summary(texts, &errors, &[])}
            <div class="card">
                {message(Tone::Warning, texts.accounts_suspend_now(), texts.accounts_suspend_now_text())}
                <p>{attached}</p>
                <p>{texts.accounts_suspend_undo()}</p>
                {form}
            </div>
        }
    }))
}

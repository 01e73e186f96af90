//! `/admin/comptes/propositions`: what one person proposed and a second person decides (A8).

use super::BASE;
use crate::{
    components::{
        account::{about_the_whole, role_name},
        form::error_summary,
        format,
        icon::{CHEVRON_RIGHT, CIRCLE_CHECK, CIRCLE_X, KEY_ROUND, icon},
        layout::Area,
        message::{Level, Tone, empty, message, success},
        navigation::back,
        person::facts,
        table::pagination,
    },
    page::{Document, Page, PageResult, Shown},
    texts::Texts,
};
use domain::{
    accounts::{Proposal, ProposalKind},
    activation::Invitation,
    forms::account::DecisionForm,
    ids::ProposalId,
};
use leptos::prelude::*;

fn title(texts: Texts, proposal: &Proposal) -> String {
    match proposal.kind {
        ProposalKind::Create => texts.proposals_create(&proposal.name),
        ProposalKind::Role => texts.proposals_role(&proposal.name),
        ProposalKind::Reactivate => texts.proposals_reactivate(&proposal.name),
        ProposalKind::Invite => texts.proposals_invite(&proposal.name),
    }
}

/// The list, oldest first.
pub(crate) async fn page(page: Page) -> PageResult {
    let number = page.query("page").parse().unwrap_or(1);
    let found = page.host.accounts.proposals(&page.actor(), number).await?;
    let texts = page.texts;
    Ok(Document::new(Area::Admin, texts.proposals_title(), move || {
        let said = match page.query("fait") {
            "propose" => Some(texts.propose_done()),
            "confirme" => Some(texts.proposals_confirmed()),
            "refuse" => Some(texts.proposals_declined()),
            "retire" => Some(texts.proposals_withdrawn()),
            _ => None,
        };
        let over = (page.query("fait") == "fini")
            .then(|| message(Tone::Warning, texts.proposals_over(), texts.proposals_over_text()));
        let lines: Vec<_> = found
            .rows
            .iter()
            .map(|proposal| {
                let (date, end) =
                    (format::day_of(&page, proposal.proposed_at), format::day_of(&page, proposal.expires_at));
                view! {
                    <li>
                        <span class="todo-icon">{icon(KEY_ROUND)}</span>
                        <div>
                            <h3><a href=format!("{BASE}/propositions/{}", proposal.id)>{title(texts, proposal)}</a></h3>
                            <p class="hint">{texts.proposals_line(&proposal.proposed_by, date, end)}</p>
                        </div>
                        {icon(CHEVRON_RIGHT)}
                    </li>
                }
            })
            .collect();
        let content = if lines.is_empty() {
            empty(Level::Two, KEY_ROUND, texts.proposals_none(), texts.proposals_none_text(), ()).into_any()
        } else {
            view! {
                <section class="card" aria-labelledby="t-liste">
                    <h2 id="t-liste">{texts.admin_waiting()}</h2>
                    <ul class="todo plain">{lines}</ul>
                </section>
            }
            .into_any()
        };
        view! {
            <div class="page-head">
                <h1>{texts.proposals_title()}</h1>
                <p class="lead">{texts.proposals_lead()}</p>
            </div>
            {said.map(|text| success(text.to_owned()))}
            {over}
            {content}
            {pagination(texts, found.page, found.pages(), &|number| format!("{BASE}/propositions?page={number}"))}
        }
    }))
}

/// `/admin/comptes/propositions/{proposal}`.
pub(crate) async fn proposal(page: Page, shown: Shown<DecisionForm>) -> PageResult {
    let id: ProposalId = page.param("proposal")?;
    let proposal = page.host.accounts.proposal(&page.actor(), id).await?;
    let texts = page.texts;
    Ok(Document::new(Area::AdminForm, title(texts, &proposal), move || {
        let errors = shown.errors;
        let role = |role| Some(role_name(texts, role).to_owned());
        let mut rows = vec![(texts.accounts_identifier(), Some(proposal.identifier.clone()))];
        if proposal.kind == ProposalKind::Create {
            rows.push((texts.accounts_email(), proposal.email.clone()));
            rows.push((texts.accounts_phone(), proposal.phone.as_deref().map(format::phone)));
        }
        if let Some(current) = proposal.current_role {
            rows.push((texts.proposals_role_from(), role(current)));
        }
        if let Some(wanted) = proposal.role {
            rows.push((texts.proposals_role_to(), role(wanted)));
        }
        rows.push((texts.proposals_by(), Some(proposal.proposed_by.clone())));
        rows.push((texts.proposals_at(), Some(format::day_of(&page, proposal.proposed_at))));
        rows.push((texts.proposals_until(), Some(format::day_of(&page, proposal.expires_at))));
        view! {
            <div class="page-head">
                {back(&format!("{BASE}/propositions"), texts.proposals_back())}
                <h1>{title(texts, &proposal)}</h1>
            </div>
            {error_summary(texts, &errors, &[])}
            <div class="card">
                {facts(&page, rows)}
                {buttons(&page, &proposal, about_the_whole(&errors))}
            </div>
        }
    }))
}

fn buttons(page: &Page, proposal: &Proposal, impossible: bool) -> impl IntoView + use<> {
    let texts = page.texts;
    let explanation = if proposal.may_confirm {
        texts.proposals_check()
    } else if proposal.may_withdraw {
        texts.proposals_own()
    } else if proposal.may_decline {
        texts.proposals_about_you()
    } else {
        texts.proposals_look_only()
    };
    let confirm = (proposal.may_confirm && !impossible).then(|| {
        view! { <button class="button" name="decision" value="confirm">{icon(CIRCLE_CHECK)}{texts.proposals_confirm()}</button> }
    });
    let decline = proposal.may_decline.then(|| {
        view! {
            <button class="button button--second" name="decision" value="decline">{icon(CIRCLE_X)}{texts.proposals_decline()}</button>
        }
    });
    let withdraw = proposal.may_withdraw.then(|| {
        view! { <button class="button button--second" name="decision" value="withdraw">{texts.proposals_withdraw()}</button> }
    });
    let any = confirm.is_some() || decline.is_some() || withdraw.is_some();
    let action = format!("{BASE}/propositions/{}", proposal.id);
    view! {
        <p>{explanation}</p>
        {any.then(|| view! { <form class="form-end" method="post" action=action>{confirm}{decline}{withdraw}</form> })}
    }
}

/// The page that shows the code once; it can be printed.
pub(crate) fn invitation(page: &Page, invitation: Invitation) -> Document {
    let (texts, page) = (page.texts, page.clone());
    let title = texts.invitation_title(&invitation.name);
    Document::new(Area::AdminForm, title.clone(), move || {
        let rows = vec![
            (texts.invitation_name(), Some(invitation.name.clone())),
            (texts.invitation_identifier(), Some(invitation.identifier.clone())),
            (texts.invitation_where_to(), Some(format!("{}/activation", page.host.origin))),
            (texts.invitation_until(), Some(format::day_and_hour(&page, invitation.valid_until))),
        ];
        let mailed = invitation.mailed.then(|| view! { <p>{texts.invitation_mailed()}</p> });
        view! {
            <div class="page-head">
                <h1>{title}</h1>
                <p class="lead">{texts.invitation_lead()}</p>
            </div>
            <div class="no-print">{message(Tone::Warning, texts.invitation_once_title(), texts.invitation_once_text())}</div>
            <section class="card" aria-labelledby="t-code">
                <h2 id="t-code">{texts.invitation_code()}</h2>
                <p class="key"><code id="code">{invitation.code.groups()}</code></p>
                {facts(&page, rows)}
                {mailed}
                <a class="button button--second" href=format!("{BASE}/propositions?fait=confirme")>{texts.invitation_done()}</a>
            </section>
        }
    })
}

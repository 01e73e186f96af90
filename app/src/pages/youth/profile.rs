//! `/mon-espace/profil`: what the organisation knows about the young person, and the request for a correction (E2).

use crate::{
    actions::youth::AskCorrection,
    components::{
        field::text,
        form::{FORM, error_summary, hidden_token, live, token_of},
        format,
        icon::{EYE, LOCK, PENCIL, icon},
        layout::Area,
        message::done,
        person::{contact, profile_cards},
    },
    page::{Document, Page, PageResult, Shown},
    pages::rights::own_link,
    texts::Texts,
};
use domain::{
    forms::{FieldErrors, correction::CorrectionForm},
    youth::Correction,
};
use leptos::prelude::*;

/// The profile.
pub(crate) async fn page(page: Page, shown: Shown<CorrectionForm>) -> PageResult {
    let (profile, corrections) = page.host.youths.own_profile(&page.actor()).await?;
    let texts = page.texts;
    let token = token_of(&page, CorrectionForm::FORM, &shown.form.token)?;
    Ok(Document::new(Area::Youth, texts.profile_title(), move || {
        let Shown { form, errors } = shown;
        let sent = page.query("demande") == "envoyee" && !page.is_refusal();
        let (svg, title, text) = if profile.vault_shared {
            (EYE, texts.profile_shared_title(), texts.profile_shared_text())
        } else {
            (LOCK, texts.profile_not_shared_title(), texts.profile_not_shared_text())
        };
        let referent = profile.referent.as_ref().map(|referent| {
            view! {
                <section class="card" aria-labelledby="t-conseil">
                    <h2 id="t-conseil">{texts.dashboard_advisor()}</h2>
                    {contact(referent)}
                </section>
            }
        });
        view! {
            <div class="page-head">
                <h1>{texts.profile_title()}</h1>
                <p class="lead">{texts.profile_lead()}</p>
            </div>
            {error_summary(texts, &errors, &[("message", texts.correction_message())])}
            {live::<AskCorrection>(&page, FORM, None)}
            {sent.then(|| done(texts.correction_sent(), texts.correction_sent_text()))}
            <div class="split">
                <div>{profile_cards(&page, &profile)}</div>
                <div>
                    {referent}
                    <section class="card card--sun" id="correction" aria-labelledby="t-corr">
                        <h2 id="t-corr">{texts.correction_title()}</h2>
                        <p>{texts.correction_lead()}</p>
                        {correction_form(texts, &form, &errors, token)}
                        {asked(&page, &corrections)}
                    </section>
                    {page.has_sharing().then(|| view! {
                        <section class="card" aria-labelledby="t-choix">
                            <h2 id="t-choix">{page.host.site.vault_name.clone()}</h2>
                            <p class="with-icon">{icon(svg)}<strong>{title}</strong></p>
                            <p>{text}</p>
                            <a href="/mon-espace/coffre-fort#partage">{texts.dashboard_change_sharing()}</a>
                        </section>
                    })}
                    {own_link(texts)}
                    <section class="card" aria-labelledby="t-securite">
                        <h2 id="t-securite">{texts.security_title()}</h2>
                        <p>{texts.security_text()}</p>
                        <a href="/appareils">{texts.devices_title()}</a>
                        <a href="/mot-de-passe">{texts.devices_change_password()}</a>
                    </section>
                </div>
            </div>
        }
    }))
}

fn correction_form(texts: Texts, form: &CorrectionForm, errors: &FieldErrors, token: String) -> impl IntoView + use<> {
    view! {
        <form class="form" id=FORM method="post" action="/mon-espace/profil">
            {hidden_token(token)}
            {text("message", texts.correction_message(), &form.message).hint(texts.correction_hint()).view(texts, errors)}
            <button class="button">{icon(PENCIL)}{texts.correction_submit()}</button>
        </form>
    }
}

/// The corrections that were asked for, newest first, as the person wrote them.
pub(crate) fn asked(page: &Page, corrections: &[Correction]) -> Option<impl IntoView + use<>> {
    if corrections.is_empty() {
        return None;
    }
    let texts = page.texts;
    let lines: Vec<_> = corrections
        .iter()
        .map(|correction| {
            view! {
                <li>
                    <div>
                        <p>{correction.message.clone()}</p>
                        <p class="hint">{texts.correction_asked_on(format::day_of(page, correction.asked_at))}</p>
                    </div>
                </li>
            }
        })
        .collect();
    Some(view! {
        <h3>{texts.correction_asked()}</h3>
        <ul class="todo plain">{lines}</ul>
    })
}

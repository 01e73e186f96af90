//! `/mes-droits`, for anybody, and `/mon-espace/droits`, where it is known who asks (E15).

use crate::{
    components::{
        form::Input,
        layout::Area,
        message::{Tone, done, message},
        notice::notice,
        public_form::{Lines, defences, ending, summary, token},
        question::{Answer, Question},
        rights::{concerns_name, ground_name, rights},
    },
    page::{Document, Page, PageResult, Shown},
    texts::Texts,
};
use domain::{
    forms::{FieldErrors, rights::RightsForm},
    register::ProcessingId,
    rights::{Concerns, Ground},
};
use leptos::prelude::*;

pub(crate) const PUBLIC: &str = "/mes-droits";
pub(crate) const OWN: &str = "/mon-espace/droits";

/// `/mes-droits`.
pub(crate) async fn page(page: Page, shown: Shown<RightsForm>) -> PageResult {
    document(page, Area::PublicForm, PUBLIC, shown)
}

/// `/mon-espace/droits`: the same, filled in with what the account knows.
pub(crate) async fn own(page: Page, shown: Shown<RightsForm>) -> PageResult {
    if page.is_refusal() {
        return document(page, Area::YouthForm, OWN, shown);
    }
    let (profile, _) = page.host.youths.own_profile(&page.actor()).await?;
    let known = RightsForm {
        concerns: Concerns::Oneself.code().to_owned(),
        first_name: profile.first_name,
        last_name: profile.usual_name.unwrap_or(profile.birth_name),
        email: profile.email.unwrap_or_default(),
        ..RightsForm::default()
    };
    document(page, Area::YouthForm, OWN, Shown { form: known, ..shown })
}

fn document(page: Page, area: Area, path: &'static str, shown: Shown<RightsForm>) -> PageResult {
    let texts = page.texts;
    let token = token(&page, &shown.form)?;
    Ok(Document::new(area, texts.rights_title(), move || {
        let Shown { form: typed, errors } = shown;
        let sent = page.query("fait") == "oui" && !page.is_refusal();
        let content = if sent {
            view! {
                {done(texts.rights_sent(), texts.rights_sent_text())}
                <p><a class="button button--second" href=path>{texts.rights_again()}</a></p>
            }
            .into_any()
        } else {
            form(texts, token.clone(), path, &typed, &errors).into_any()
        };
        let labels = [
            ("kind", texts.rights_kind()),
            ("ground", texts.rights_ground()),
            ("concerns", texts.rights_concerns()),
            ("first_name", texts.rights_first_name()),
            ("last_name", texts.rights_last_name()),
            ("email", texts.rights_email()),
            ("message", texts.rights_message()),
        ];
        let lead = if path == OWN { texts.rights_own_lead() } else { texts.rights_lead() };
        view! {
            <div class="page-head">
                <h1>{texts.rights_title()}</h1>
                <p class="lead">{lead}</p>
            </div>
            {summary(texts, &errors, &labels)}
            {content}
            {notice(&page, ProcessingId::Rights)}
            <p class="hint">{texts.rights_complaint()}</p>
        }
    }))
}

fn form(
    texts: Texts,
    token: String,
    path: &'static str,
    typed: &RightsForm,
    errors: &FieldErrors,
) -> impl IntoView + use<> {
    let details = Lines {
        name: "message",
        label: texts.rights_message(),
        hint: texts.rights_message_hint(),
        rows: 5,
        optional: true,
        value: &typed.message,
    };
    let grounds = Ground::ALL.iter().map(|&ground| plain(ground.code(), ground_name(texts, ground)));
    let concerned = Concerns::ALL.iter().map(|&concerns| plain(concerns.code(), concerns_name(texts, concerns)));
    view! {
        {message(Tone::Info, texts.rights_no_paper(), texts.rights_no_paper_text())}
        <form class="card form" method="post" action=path>
            {question("kind", texts.rights_kind(), None, &typed.kind).view(texts, errors, rights(texts))}
            {Question { class: "when-erasure", required: false, ..question("ground", texts.rights_ground(), Some(texts.rights_ground_hint()), &typed.ground) }
                .view(texts, errors, grounds.collect())}
            {question("concerns", texts.rights_concerns(), None, &typed.concerns).view(texts, errors, concerned.collect())}
            {input("first_name", texts.rights_first_name(), None, "given-name", &typed.first_name).view(texts, errors)}
            {input("last_name", texts.rights_last_name(), None, "family-name", &typed.last_name).view(texts, errors)}
            {input("email", texts.rights_email(), Some(texts.rights_email_hint()), "email", &typed.email).view(texts, errors)}
            {details.view(texts, errors)}
            {defences(texts, token)}
            {ending(texts, !typed.confirmed.is_empty(), errors, texts.rights_submit())}
        </form>
    }
}

fn plain(value: &'static str, name: &'static str) -> Answer {
    Answer { value, name, text: None }
}

fn question<'a>(name: &'static str, legend: &'static str, hint: Option<&'static str>, chosen: &'a str) -> Question<'a> {
    Question { name, legend, hint, class: "", required: true, chosen }
}

fn input<'a>(
    name: &'static str,
    label: &'static str,
    hint: Option<&'static str>,
    autocomplete: &'static str,
    value: &'a str,
) -> Input<'a> {
    let kind = if name == "email" { "email" } else { "text" };
    Input { name, label, hint, kind, autocomplete, inputmode: None, class: None, value }
}

/// The way to [`OWN`], for the profile.
pub(crate) fn own_link(texts: Texts) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="t-droits">
            <h2 id="t-droits">{texts.rights_title()}</h2>
            <p>{texts.rights_own_text()}</p>
            <a href=OWN>{texts.rights_own_open()}</a>
        </section>
    }
}

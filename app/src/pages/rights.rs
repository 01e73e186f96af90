//! `/mes-droits` for anybody, and `/mon-espace/droits` for young people who are signed in (E15).

use crate::{
    actions::rights::{AskAboutOwnRights, AskAboutRights},
    components::{
        field::{Choice, line, one_of, text},
        form::{FORM, error_summary, live},
        layout::Area,
        message::{Tone, done, message},
        notice::notice,
        public_form::{defences, ending, token},
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

/// `/mon-espace/droits`: the same page, filled in with the data of the account.
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
    let sent = page.query("fait") == "oui" && !page.is_refusal();
    let document = Document::new(area, texts.rights_title(), move || {
        let Shown { form: typed, errors } = shown;
        let live = (!sent).then(|| match path {
            OWN => live::<AskAboutOwnRights>(&page, FORM, None),
            _ => live::<AskAboutRights>(&page, FORM, None),
        });
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
            {error_summary(texts, &errors, &labels)}
            {live}
            {content}
            {notice(&page, ProcessingId::Rights)}
            <p class="hint">{texts.rights_complaint()}</p>
        }
    });
    Ok(if sent { document.without_island() } else { document })
}

fn form(
    texts: Texts,
    token: String,
    path: &'static str,
    typed: &RightsForm,
    errors: &FieldErrors,
) -> impl IntoView + use<> {
    let grounds = Ground::ALL.iter().map(|&ground| Choice::new(ground.code(), ground_name(texts, ground)));
    let concerned = Concerns::ALL.iter().map(|&concerns| Choice::new(concerns.code(), concerns_name(texts, concerns)));
    let ground = [typed.ground.as_str()];
    let ground = one_of("ground", texts.rights_ground(), grounds, &ground).hint(texts.rights_ground_hint());
    let first_name = line("first_name", texts.rights_first_name(), &typed.first_name).autocomplete("given-name");
    let last_name = line("last_name", texts.rights_last_name(), &typed.last_name).autocomplete("family-name");
    let email = line("email", texts.rights_email(), &typed.email).kind("email").autocomplete("email");
    let details = text("message", texts.rights_message(), &typed.message).hint(texts.rights_message_hint());
    view! {
        {message(Tone::Info, texts.rights_no_paper(), texts.rights_no_paper_text())}
        <form class="card form" id=FORM method="post" action=path>
            {one_of("kind", texts.rights_kind(), rights(texts), &[&*typed.kind]).view(texts, errors)}
            {ground.class("when-erasure").needed_sometimes().view(texts, errors)}
            {one_of("concerns", texts.rights_concerns(), concerned, &[&*typed.concerns]).view(texts, errors)}
            {first_name.view(texts, errors)}
            {last_name.view(texts, errors)}
            {email.hint(texts.rights_email_hint()).view(texts, errors)}
            {details.optional().view(texts, errors)}
            {defences(texts, token)}
            {ending(texts, !typed.confirmed.is_empty(), errors, texts.rights_submit())}
        </form>
    }
}

/// The link to [`OWN`] on the profile.
pub(crate) fn own_link(texts: Texts) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="t-droits">
            <h2 id="t-droits">{texts.rights_title()}</h2>
            <p>{texts.rights_own_text()}</p>
            <a href=OWN>{texts.rights_own_open()}</a>
        </section>
    }
}

//! Signing in, step by step (E1, A8).

use crate::{
    components::{
        field::{Field, Line, line},
        form::error_summary,
        icon::{ARROW_RIGHT, KEY_ROUND, LOG_OUT, icon},
        layout::Area,
        message::{Tone, message, message_with},
        navigation::back,
    },
    page::{Document, Page, PageResult, Shown},
    render::carrying,
};
use domain::{
    error::PortError,
    forms::{second_factor::CodeForm, sign_in::SignInForm},
    identity::{Enrolment, Session, Stage},
};
use leptos::prelude::*;
use std::fmt::Write as _;

/// `/connexion`.
pub(crate) async fn sign_in(page: Page, shown: Shown<SignInForm>) -> PageResult {
    if let Some(session) = page.visit.session.as_ref().filter(|session| session.stage() == Stage::Full)
        && !page.is_refusal()
    {
        return Ok(already_signed_in(&page, session));
    }
    let texts = page.texts;
    Ok(Document::new(Area::Form, texts.sign_in_title(), move || {
        let Shown { form, errors } = shown;
        // The page to go to after the sign-in. It is checked when the form is sent.
        let action = carrying("/connexion", page.query("vers"));
        let identifier = line("identifier", texts.sign_in_identifier(), &form.identifier)
            .hint(texts.sign_in_identifier_hint())
            .autocomplete("username");
        let password = line("password", texts.sign_in_password(), "").kind("password").autocomplete("current-password");
        let labels = [("identifier", texts.sign_in_identifier()), ("password", texts.sign_in_password())];
        view! {
            <div class="page-head">
                <h1>{texts.sign_in_title()}</h1>
                <p class="lead">{texts.sign_in_lead()}</p>
            </div>
            {error_summary(texts, &errors, &labels)}
            <form class="card form" method="post" action=action>
                {identifier.view(texts, &errors)}
                {password.view(texts, &errors)}
                <button class="button button--wide">{texts.sign_in_submit()}</button>
            </form>
            {message_with(KEY_ROUND, Tone::Info, texts.sign_in_first_time(), texts.sign_in_first_time_text())}
            <p><a href="/activation">{texts.sign_in_have_code()}</a></p>
        }
    }))
}

/// The visitor is signed in already: the page has a link to their space, and a button to sign out.
fn already_signed_in(page: &Page, session: &Session) -> Document {
    let texts = page.texts;
    let home = page.home_of(session.role());
    Document::new(Area::Form, texts.sign_in_already_title(), move || {
        view! {
            <div class="page-head">
                <h1>{texts.sign_in_already_title()}</h1>
                <p class="lead">{texts.sign_in_already_lead()}</p>
            </div>
            <div class="card">
                <a class="button button--wide" href=home>{texts.sign_in_already_open()}{icon(ARROW_RIGHT)}</a>
                <p>{texts.sign_in_already_shared()}</p>
                <form method="post" action="/deconnexion">
                    <button class="button button--second">{icon(LOG_OUT)}{texts.nav_sign_out()}</button>
                </form>
            </div>
        }
    })
}

/// The field of a code. Its hint and its keyboard depend on the step.
fn code_input(page: &Page, hint: &'static str, inputmode: &'static str, class: &'static str) -> Field<Line<'static>> {
    line("code", page.texts.second_factor_code(), "")
        .hint(hint)
        .autocomplete("one-time-code")
        .inputmode(inputmode)
        .class(class)
}

/// `/connexion/code`.
pub(crate) async fn second_factor(page: Page, shown: Shown<CodeForm>) -> PageResult {
    let texts = page.texts;
    Ok(Document::new(Area::Form, texts.second_factor_title(), move || {
        let errors = shown.errors;
        // A recovery code has letters, and a keyboard of digits could not type them.
        let code = code_input(&page, texts.second_factor_hint(), "text", "");
        view! {
            <div class="page-head">
                <h1>{texts.second_factor_title()}</h1>
                <p class="lead">{texts.second_factor_lead()}</p>
            </div>
            {error_summary(texts, &errors, &[("code", texts.second_factor_code())])}
            <form class="card form" method="post" action=page.uri.to_string()>
                {code.view(texts, &errors)}
                <button class="button button--wide">{texts.second_factor_submit()}</button>
            </form>
            {back("/connexion", texts.second_factor_back())}
        }
    }))
}

/// `/connexion/enrolement`.
pub(crate) async fn enrolment(page: Page, shown: Shown<CodeForm>) -> PageResult {
    let session = page.visit.session.as_ref().ok_or(PortError::NotSignedIn)?;
    let enrolment = page.host.identities.enrolment(session).await?;
    let texts = page.texts;
    Ok(Document::new(Area::Form, texts.enrolment_title(), move || {
        let errors = shown.errors;
        let code = code_input(&page, texts.enrolment_hint(), "numeric", "code-input");
        let groups: Vec<_> =
            in_groups(&enrolment.key, 4).into_iter().map(|group| view! { <span>{group}</span>" " }).collect();
        view! {
            <div class="page-head">
                <h1>{texts.enrolment_title()}</h1>
                <p class="lead">{texts.enrolment_lead()}</p>
            </div>
            {error_summary(texts, &errors, &[("code", texts.second_factor_code())])}
            <form class="card form" method="post" action=page.uri.to_string()>
                <ol class="steps">
                    <li>
                        <h2>{texts.enrolment_open_app()}</h2>
                        <p>{texts.enrolment_open_app_text()}</p>
                    </li>
                    <li>
                        <h2>{texts.enrolment_scan()}</h2>
                        <div class="qr">{qr_code(&enrolment, texts.enrolment_scan_label())}</div>
                        <details>
                            <summary>{texts.enrolment_cannot_scan()}</summary>
                            <p class="hint">{texts.enrolment_type_key()}</p>
                            <p class="key">{groups}</p>
                        </details>
                    </li>
                    <li>
                        <h2>{texts.enrolment_copy_code()}</h2>
                        {code.view(texts, &errors)}
                    </li>
                </ol>
                <button class="button button--wide">{texts.second_factor_submit()}</button>
            </form>
        }
    }))
}

/// `/connexion/codes-de-secours`.
pub(crate) async fn recovery_codes(page: Page) -> PageResult {
    let session = page.visit.session.as_ref().ok_or(PortError::NotSignedIn)?;
    let codes = page.host.identities.recovery_codes(session).await?;
    let texts = page.texts;
    Ok(Document::new(Area::Form, texts.recovery_title(), move || {
        let codes: Vec<_> = codes
            .iter()
            .map(|code| {
                let code = in_groups(code, 5).join("-");
                view! { <li><code>{code}</code></li> }
            })
            .collect();
        view! {
            <div class="page-head">
                <h1>{texts.recovery_title()}</h1>
                <p class="lead">{texts.recovery_lead()}</p>
            </div>
            {message(Tone::Warning, texts.recovery_once_title(), texts.recovery_once_text())}
            <section class="card" aria-label=texts.recovery_list()>
                <ul class="codes codes--long plain">{codes}</ul>
                <form class="form" method="post" action=page.uri.to_string()>
                    <button class="button">{texts.recovery_submit()}</button>
                </form>
            </section>
        }
    }))
}

/// `text` in groups of `length` characters; the separators in it are removed first.
fn in_groups(text: &str, length: usize) -> Vec<String> {
    let letters: Vec<char> = text.chars().filter(char::is_ascii_alphanumeric).collect();
    letters.chunks(length).map(|group| group.iter().collect()).collect()
}

/// The white modules around a QR code, which readers need to find it.
const QUIET_ZONE: usize = 4;

/// The QR code as one SVG path, in which each run of dark modules is one rectangle.
fn qr_code(enrolment: &Enrolment, label: &'static str) -> impl IntoView + use<> {
    let mut path = String::new();
    for (y, row) in enrolment.modules.chunks(enrolment.side.max(1)).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] {
                let (x, y) = (x + QUIET_ZONE, y + QUIET_ZONE);
                let _ = write!(path, "M{x} {y}h{0}v1h-{0}z", run.len());
            }
            x += run.len();
        }
    }
    let side = enrolment.side + 2 * QUIET_ZONE;
    view! {
        <svg viewBox=format!("0 0 {side} {side}") role="img" aria-label=label shape-rendering="crispEdges">
            <path fill="currentColor" d=path></path>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_qr_code_is_drawn_run_by_run_within_its_quiet_zone() {
        let modules = vec![true, true, false, false, false, true, true, false, true];
        let enrolment = Enrolment { key: String::new(), modules, side: 3 };
        let html = qr_code(&enrolment, "QR").to_html();
        assert!(html.contains("viewBox=\"0 0 11 11\""), "{html}");
        assert!(html.contains("d=\"M4 4h2v1h-2zM6 5h1v1h-1zM4 6h1v1h-1zM6 6h1v1h-1z\""), "{html}");
    }

    #[test]
    fn keys_and_codes_are_shown_in_groups() {
        assert_eq!(in_groups("JBSWY3DPEH", 4), ["JBSW", "Y3DP", "EH"]);
        assert_eq!(in_groups("ABCDE-FGHIJ-K", 5).join("-"), "ABCDE-FGHIJ-K");
    }
}

//! `/activation`: first a code, then a password (E1, A8). A GET only fills in the code and looks nothing up.

use crate::{
    components::{
        field::{Field, Line, line},
        form::error_summary,
        layout::Area,
        message::{Tone, message},
    },
    page::{Document, Page, PageResult, Shown},
};
use domain::{
    forms::{FieldErrors, password::ActivationForm},
    password::PASSWORD_MIN,
};
use leptos::prelude::*;

/// Longest code that a link may put into the field, in characters.
const CODE_MAX: usize = 60;

/// The first step: the code.
pub(crate) async fn page(page: Page, shown: Shown<ActivationForm>) -> PageResult {
    let texts = page.texts;
    Ok(Document::new(Area::Form, texts.activation_title(), move || {
        let Shown { form, errors } = shown;
        let code = if page.is_refusal() { &form.code } else { page.query("code") };
        let code: String = code.chars().take(CODE_MAX).collect();
        let code = line("code", texts.activation_code(), &code).hint(texts.activation_code_hint());
        view! {
            <div class="page-head">
                <h1>{texts.activation_title()}</h1>
                <p class="lead">{texts.activation_lead()}</p>
            </div>
            {error_summary(texts, &errors, &[("code", texts.activation_code())])}
            <form class="card form" method="post" action="/activation">
                {code.view(texts, &errors)}
                <button class="button button--wide">{texts.activation_submit()}</button>
            </form>
            {message(Tone::Info, texts.activation_lost_title(), texts.activation_lost_text())}
        }
    }))
}

/// The second step: a password for the account that the code opens.
pub(crate) fn choose(page: &Page, code: String, identifier: String, errors: FieldErrors) -> Document {
    let texts = page.texts;
    Document::new(Area::Form, texts.activation_password_title(), move || {
        let labels = [("password", texts.activation_password()), ("again", texts.activation_again())];
        view! {
            <div class="page-head">
                <h1>{texts.activation_password_title()}</h1>
                <p class="lead">{texts.activation_password_lead()}</p>
            </div>
            {error_summary(texts, &errors, &labels)}
            <form class="card form" method="post" action="/activation">
                <input type="hidden" name="code" value=code/>
                <input type="hidden" name="step" value="password"/>
                <div class="field">
                    <label for="identifier">{texts.activation_identifier()}</label>
                    <p class="hint" id="identifier-aide">{texts.activation_identifier_hint()}</p>
                    // A read-only field, not a text: the browser saves the password under this identifier.
                    <input
                        type="text"
                        id="identifier"
                        value=identifier
                        readonly
                        autocomplete="username"
                        aria-describedby="identifier-aide"
                    />
                </div>
                {password(texts.activation_password(), Some(texts.activation_password_hint(PASSWORD_MIN)), "password").view(texts, &errors)}
                {password(texts.activation_again(), None, "again").view(texts, &errors)}
                <button class="button button--wide">{texts.activation_finish()}</button>
            </form>
        }
    })
}

/// The field of a new password; it is never filled in again.
pub(crate) fn password(label: &'static str, hint: Option<String>, name: &'static str) -> Field<Line<'static>> {
    let field = line(name, label, "");
    let field = match hint {
        Some(hint) => field.hint(hint),
        None => field,
    };
    field.kind("password").autocomplete("new-password")
}

//! Signing in and out. Only these endpoints, and the activation, set or remove the session cookie.

use super::posted;
use crate::{
    page::{Answer, Page, PageResult, Shown, Stop, route::step_path, see},
    pages::identity,
    render::carrying,
};
use axum::extract::Request;
use domain::{
    actor::Role,
    consent::SESSION_COOKIE,
    error::PortError,
    forms::{FieldCode, FieldErrors, WHOLE_FORM, consent::local_path, second_factor::CodeForm, sign_in::SignInForm},
    identity::{NewSession, SignInRefusal, Stage},
};
use tower_cookies::{
    Cookie, Cookies,
    cookie::{SameSite, time::Duration},
};

/// The session cookie: bound to this host, hidden from scripts, deleted when the browser closes.
fn session_cookie(value: String) -> Cookie<'static> {
    Cookie::build((SESSION_COOKIE, value)).path("/").secure(true).http_only(true).same_site(SameSite::Lax).build()
}

pub(super) fn open(cookies: &Cookies, session: &NewSession) {
    cookies.add(session_cookie(session.token.clone()));
}

fn close(cookies: &Cookies) {
    let mut cookie = session_cookie(String::new());
    cookie.set_max_age(Duration::ZERO);
    cookies.add(cookie);
}

/// The spaces to which somebody may be sent back after signing in.
fn spaces_of(role: Option<Role>) -> &'static [&'static str] {
    match role {
        None => &["/mon-espace", "/appareils", "/mot-de-passe"],
        Some(_) => &["/conseiller", "/admin", "/appareils", "/mot-de-passe"],
    }
}

/// Goes to the next step of the sign-in. After the last one it goes to the page that was asked for if it is in that
/// person's space, otherwise to the home of the space.
pub(super) fn after(page: &Page, session: &NewSession) -> Answer {
    if session.stage != Stage::Full {
        return see(carrying(step_path(session.stage), page.query("vers")));
    }
    match local_path(page.query("vers")) {
        Some(back) if spaces_of(session.role).iter().any(|space| back.starts_with(space)) => see(back),
        _ => see(page.home_of(session.role)),
    }
}

/// The error that the form shows for a refusal, or the error page for it.
fn code_of(refusal: SignInRefusal, wrong: FieldCode) -> Result<FieldCode, PortError> {
    match refusal {
        SignInRefusal::Wrong => Ok(wrong),
        SignInRefusal::TooManyAttempts { minutes } => Ok(FieldCode::TooManyAttempts { minutes }),
        SignInRefusal::Port(error) => Err(error),
    }
}

/// `POST /connexion`.
pub(crate) async fn sign_in(page: Page, request: Request) -> Answer {
    let again = |form, errors| page.again(identity::sign_in, form, errors);
    let form: SignInForm = posted(request).await.map_err(|errors| again(SignInForm::default(), errors))?;
    let credentials = form.validate().map_err(|errors| again(form.to_show_again(), errors))?;
    let signed_in = page.host.identities.sign_in(credentials, &page.visit.client, page.visit.session.as_ref()).await;
    match signed_in {
        Ok(session) => {
            open(&page.cookies, &session);
            after(&page, &session)
        }
        Err(refusal) => {
            let code = code_of(refusal, FieldCode::WrongCredentials)?;
            Err(again(form.to_show_again(), FieldErrors::one(WHOLE_FORM, code)))
        }
    }
}

/// `POST /connexion/code`.
pub(crate) async fn second_factor(page: Page, request: Request) -> Answer {
    let show = identity::second_factor;
    let form: CodeForm = posted(request).await.map_err(|errors| stop(&page, show, errors))?;
    let code = form.validate().map_err(|errors| stop(&page, show, errors))?;
    let checked = page.host.identities.second_factor(page.session()?, code, &page.visit.client).await;
    finish(&page, show, checked)
}

/// `POST /connexion/enrolement`.
pub(crate) async fn confirm_enrolment(page: Page, request: Request) -> Answer {
    let show = identity::enrolment;
    let form: CodeForm = posted(request).await.map_err(|errors| stop(&page, show, errors))?;
    let code = form.validate_totp().map_err(|errors| stop(&page, show, errors))?;
    let checked = page.host.identities.confirm_enrolment(page.session()?, &code, &page.visit.client).await;
    finish(&page, show, checked)
}

/// `POST /connexion/codes-de-secours`.
pub(crate) async fn acknowledge_codes(page: Page, _: Request) -> Answer {
    let session = page.host.identities.acknowledge_codes(page.session()?, &page.visit.client).await?;
    open(&page.cookies, &session);
    after(&page, &session)
}

/// `POST /deconnexion`. Somebody whose session ended already is sent to the home page in the same way.
///
/// The answer has no `Clear-Site-Data`: emptying the cache can block a browser for seconds, and the cache holds nothing
/// private, because private pages are `no-store`. The worker of the app keeps only the offline page, which stays useful
/// (P3).
pub(crate) async fn sign_out(page: Page, _: Request) -> Answer {
    if let Some(session) = &page.visit.session {
        page.host.identities.sign_out(session).await?;
    }
    close(&page.cookies);
    see("/")
}

/// Shows the step again. A code can be used once, so the typed code is not shown again.
fn stop<Fut>(page: &Page, show: fn(Page, Shown<CodeForm>) -> Fut, errors: FieldErrors) -> Stop
where
    Fut: Future<Output = PageResult> + Send + 'static,
{
    page.again(show, CodeForm::default(), errors)
}

/// Goes on to the next step, or shows this step again.
fn finish<Fut>(
    page: &Page,
    show: fn(Page, Shown<CodeForm>) -> Fut,
    checked: Result<NewSession, SignInRefusal>,
) -> Answer
where
    Fut: Future<Output = PageResult> + Send + 'static,
{
    match checked {
        Ok(session) => {
            open(&page.cookies, &session);
            after(page, &session)
        }
        Err(refusal) => {
            let code = code_of(refusal, FieldCode::WrongCode)?;
            Err(stop(page, show, FieldErrors::one("code", code)))
        }
    }
}

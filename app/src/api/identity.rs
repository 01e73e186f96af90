//! Signing in and out: the only endpoints that hand out or take back the session cookie.

use super::{Posted, carrying, refuse, see};
use crate::{page::Page, pages, routes::step_path};
use axum::{body::Body, http::Response};
use domain::{
    actor::Role,
    consent::SESSION_COOKIE,
    forms::{FieldCode, FieldErrors, WHOLE_FORM, consent::local_path, second_factor::CodeForm, sign_in::SignInForm},
    identity::{NewSession, Session, SignInRefusal, Stage},
    site::Module,
};
use tower_cookies::{
    Cookie, Cookies,
    cookie::{SameSite, time::Duration},
};

/// The session cookie: bound to this host, unreadable by scripts, gone when the browser closes.
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

/// Where somebody starts: their own space, if the site has one, or where their work is.
pub(crate) fn home_of(page: &Page, role: Option<Role>) -> &'static str {
    match role {
        None if !page.has(Module::YouthSpace) => "/",
        None => "/mon-espace",
        Some(Role::Administrator | Role::Dpo) => "/admin",
        Some(_) => "/conseiller",
    }
}

/// The spaces that somebody may be sent back to after signing in.
fn spaces_of(role: Option<Role>) -> &'static [&'static str] {
    match role {
        None => &["/mon-espace", "/appareils", "/mot-de-passe"],
        Some(_) => &["/conseiller", "/admin", "/appareils", "/mot-de-passe"],
    }
}

/// After a complete sign-in: the page that was asked for, if it is one of that space.
pub(super) fn after(page: &Page, session: &NewSession) -> Response<Body> {
    if session.stage != Stage::Full {
        return see(&carrying(step_path(session.stage), page.query("vers")));
    }
    match local_path(page.query("vers")) {
        Some(back) if spaces_of(session.role).iter().any(|space| back.starts_with(space)) => see(back),
        _ => see(home_of(page, session.role)),
    }
}

fn code_of(refusal: &SignInRefusal, wrong: FieldCode) -> Result<FieldCode, domain::error::PortError> {
    match refusal {
        SignInRefusal::Wrong => Ok(wrong),
        SignInRefusal::TooManyAttempts { minutes } => Ok(FieldCode::TooManyAttempts { minutes: *minutes }),
        SignInRefusal::Port(error) => Err(error.clone()),
    }
}

/// `POST /connexion`.
pub(crate) async fn sign_in(page: Page, cookies: Cookies, Posted(form): Posted<SignInForm>) -> Response<Body> {
    let form = match form {
        Ok(form) => form,
        Err(errors) => return refuse(page, pages::identity::sign_in, false, SignInForm::default(), errors).await,
    };
    let shown = form.to_show_again();
    let credentials = match form.validate() {
        Ok(credentials) => credentials,
        Err(errors) => return refuse(page, pages::identity::sign_in, false, shown, errors).await,
    };
    let identities = page.host.identities.clone();
    match identities.sign_in(credentials, &page.visit.client, page.visit.session.as_ref()).await {
        Ok(session) => {
            open(&cookies, &session);
            after(&page, &session)
        }
        Err(refusal) => match code_of(&refusal, FieldCode::WrongCredentials) {
            Ok(code) => {
                let errors = FieldErrors::one(WHOLE_FORM, code);
                refuse(page, pages::identity::sign_in, false, shown, errors).await
            }
            Err(error) => super::fail(page, error).await,
        },
    }
}

/// The session of a sign-in that is under way. The guard lets nobody else come here.
fn under_way(page: &Page) -> Result<Session, domain::error::PortError> {
    page.visit.session.clone().ok_or(domain::error::PortError::NotSignedIn)
}

/// `POST /connexion/code`.
pub(crate) async fn second_factor(page: Page, cookies: Cookies, Posted(form): Posted<CodeForm>) -> Response<Body> {
    let checked = async {
        let code = form.and_then(|form| form.validate()).map_err(Step::Form)?;
        let session = under_way(&page).map_err(Step::Port)?;
        page.host.identities.second_factor(&session, code, &page.visit.client).await.map_err(Step::of)
    }
    .await;
    finish(page, cookies, checked, pages::identity::second_factor).await
}

/// `POST /connexion/enrolement`.
pub(crate) async fn confirm_enrolment(page: Page, cookies: Cookies, Posted(form): Posted<CodeForm>) -> Response<Body> {
    let checked = async {
        let code = form.and_then(|form| form.validate_totp()).map_err(Step::Form)?;
        let session = under_way(&page).map_err(Step::Port)?;
        page.host.identities.confirm_enrolment(&session, &code, &page.visit.client).await.map_err(Step::of)
    }
    .await;
    finish(page, cookies, checked, pages::identity::enrolment).await
}

/// `POST /connexion/codes-de-secours`.
pub(crate) async fn acknowledge_codes(page: Page, cookies: Cookies) -> Response<Body> {
    let done = async {
        let session = under_way(&page)?;
        page.host.identities.acknowledge_codes(&session, &page.visit.client).await
    }
    .await;
    match done {
        Ok(session) => {
            open(&cookies, &session);
            after(&page, &session)
        }
        Err(error) => super::fail(page, error).await,
    }
}

/// `POST /deconnexion`. Somebody who has no session any more is sent home in the same way.
///
/// The answer has no `Clear-Site-Data`: emptying the cache can stop a browser for seconds, and nothing private is in it,
/// because private pages are `no-store`. The worker of the app keeps the offline page alone, which stays useful (P3).
pub(crate) async fn sign_out(page: Page, cookies: Cookies) -> Response<Body> {
    if let Some(session) = &page.visit.session
        && let Err(error) = page.host.identities.sign_out(session).await
    {
        return super::fail(page, error).await;
    }
    close(&cookies);
    see("/")
}

/// Why a step of the sign-in did not go on.
enum Step {
    Form(FieldErrors),
    Port(domain::error::PortError),
}

impl Step {
    fn of(refusal: SignInRefusal) -> Self {
        match code_of(&refusal, FieldCode::WrongCode) {
            Ok(code) => Self::Form(FieldErrors::one("code", code)),
            Err(error) => Self::Port(error),
        }
    }
}

async fn finish<Fut>(
    page: Page,
    cookies: Cookies,
    checked: Result<NewSession, Step>,
    show: impl FnOnce(Page) -> Fut,
) -> Response<Body>
where
    Fut: Future<Output = crate::page::PageResult>,
{
    match checked {
        Ok(session) => {
            open(&cookies, &session);
            after(&page, &session)
        }
        // A code is good once: there is nothing worth showing again.
        Err(Step::Form(errors)) => refuse(page, show, false, CodeForm::default(), errors).await,
        Err(Step::Port(error)) => super::fail(page, error).await,
    }
}

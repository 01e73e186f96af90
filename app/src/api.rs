//! Form endpoints: one per form, on its page's own path. Valid → 303 to a page; invalid → the page
//! again in place, status 422, values kept. Nothing here renders or stores by itself.

pub(crate) mod accounts;
pub(crate) mod activation;
pub(crate) mod consent;
pub(crate) mod devices;
pub(crate) mod events;
pub(crate) mod identity;
pub(crate) mod inbox;
pub(crate) mod newsletter;
pub(crate) mod register;
pub(crate) mod requests;
pub(crate) mod rights;
pub(crate) mod tasks;
pub(crate) mod vault;
pub(crate) mod youth;

use crate::{
    page::{Page, PageResult},
    render::render,
};
use axum::{
    body::Body,
    extract::{FromRequest, Request},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use domain::{
    error::PortError,
    forms::{FieldCode, FieldErrors, WHOLE_FORM},
};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use std::{future::Future, time::Duration};

/// Longest body of a plain form, in bytes.
const FORM_MAX_BYTES: usize = 64 * 1024;
/// Most bytes read of one request, wanted or not.
const BODY_MAX_BYTES: u64 = 250 * 1024 * 1024;
/// Longest time spent reading what is refused anyway.
const DRAIN_MAX: Duration = Duration::from_secs(60);

/// Reads a body that nobody wants, within bounds: an answer only arrives at a browser that has
/// finished sending.
pub(crate) async fn drain(mut body: Body) {
    let all = async {
        let mut length = 0;
        while let Some(Ok(frame)) = body.frame().await {
            length += frame.data_ref().map_or(0, |data| data.len() as u64);
            if length > BODY_MAX_BYTES {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(DRAIN_MAX, all).await;
}

/// The values of a plain form. A body that is none reads as `Err`, with the errors to show.
pub(crate) struct Posted<F>(pub(crate) Result<F, FieldErrors>);

impl<F: DeserializeOwned, S: Send + Sync> FromRequest<S> for Posted<F> {
    type Rejection = std::convert::Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        let plain = is_plain_form(request.headers());
        let body = http_body_util::Limited::new(request.into_body(), FORM_MAX_BYTES).collect().await;
        let form = body.ok().map(|body| body.to_bytes()).filter(|body| {
            // Read without a word, other bytes would become replacement characters; nobody types a NUL, and
            // PostgreSQL has no place for one.
            plain && percent_encoding::percent_decode(body).decode_utf8().is_ok_and(|text| !text.contains('\0'))
        });
        let form = form.and_then(|body| serde_html_form::from_bytes(&body).ok());
        Ok(Self(form.ok_or_else(|| FieldErrors::one(WHOLE_FORM, FieldCode::Unreadable))))
    }
}

/// Anything else would read as a form without a value, and an absent value may mean a no.
fn is_plain_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split_once(';').map_or(kind, |(kind, _)| kind);
    kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// 303: what was posted is done, the browser goes to `path`. Only paths of this site.
pub(crate) fn see(path: &str) -> Response<Body> {
    let location = domain::forms::consent::local_path(path).unwrap_or("/");
    let location = HeaderValue::from_str(location).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// The page again, with what was typed and what is wrong.
pub(crate) async fn refuse<F, Fut>(
    page: Page,
    show: impl FnOnce(Page) -> Fut,
    island: bool,
    form: F,
    errors: FieldErrors,
) -> Response<Body>
where
    F: Send + Sync + 'static,
    Fut: Future<Output = PageResult>,
{
    let page = page.refusing(form, errors);
    let result = show(page.clone()).await;
    render(page, result, island).await
}

/// The error page of a port's refusal.
pub(crate) async fn fail(page: Page, error: PortError) -> Response<Body> {
    render(page, Err(error), false).await
}

/// `path`, carrying along the page to go on to after the sign-in; `back` is checked when it is used.
pub(crate) fn carrying(path: &str, back: &str) -> String {
    match back {
        "" => path.to_owned(),
        back => {
            format!("{path}?vers={}", percent_encoding::utf8_percent_encode(back, percent_encoding::NON_ALPHANUMERIC))
        }
    }
}

/// To the sign-in page, and back here afterwards when this was a page.
pub(crate) fn sign_in_first(page: &Page) -> Response<Body> {
    see(&carrying("/connexion", page.path()))
}

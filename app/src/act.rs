//! The endpoint of actions: one function serves plain forms and the calls of islands.
//!
//! The address, and what the request accepts, say which of the two it is. A plain form gets a page, and this module
//! runs the body of the action itself. A call gets JSON, and Leptos' own handler runs the action. Both read the body
//! with the same checks, run behind the same guard and give the same status for the same refusal.

use crate::{
    actions::{HtmlForm, Refusal, Why},
    components::form::sentence,
    page::{Answer, Done, Page, PageResult, Shown, Stop},
    render,
    texts::Texts,
};
use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use domain::{
    error::{PortError, PortResult},
    forms::{FieldCode, FieldErrors, WHOLE_FORM, consent::local_path},
};
use futures::future::BoxFuture;
use http_body_util::{BodyExt, Limited};
use leptos::{
    prelude::*,
    reactive::computed::ScopedFuture,
    server_fn::{Decodes, ServerFn, error::FromServerFnError},
};
use serde::{Serialize, de::DeserializeOwned};

/// Longest body of a form, in bytes.
pub(crate) const FORM_MAX_BYTES: usize = 64 * 1024;

/// What the host must know of an action besides its function: which page shows its form again, and to which page a
/// plain form goes on. `crate::api` implements it with [`action!`].
pub(crate) trait Action:
    ServerFn<Error = Refusal, Output: Serialize + DeserializeOwned> + DeserializeOwned + Clone + Sync + 'static
{
    /// The form, as its page shows it again after a refusal.
    type Form: Default;

    /// The values that were sent, as far as they may be shown again.
    fn form(&self) -> Self::Form;

    /// Gives a form that is shown again a new token, so that it can be sent at once, and returns the token. Forms
    /// without a token stay as they are.
    ///
    /// # Errors
    /// When the system gives no random bytes.
    fn renew(_page: &Page, _form: &mut Self::Form) -> PortResult<Option<String>> {
        Ok(None)
    }

    /// The page that shows the form again.
    fn again(page: Page, shown: Shown<Self::Form>) -> BoxFuture<'static, PageResult>;

    /// Says to which page a plain form goes on when the action was done.
    fn done(&self, page: &Page, value: Self::Output) -> Done;
}

/// Implements [`Action`] for an action. The action takes a form, or only ids: then the type of its form is `()`.
///
/// `action!(ShareVault: SharingForm, again in pages::youth::vault::page, then |_, _, value| Done::See(…));`
macro_rules! action {
    (@form $action:ty, ()) => {
        type Form = ();
        fn form(&self) {}
    };
    (@form $action:ty, $form:ty) => {
        type Form = $form;
        fn form(&self) -> $form {
            self.form.clone()
        }
    };
    ($action:ty: $form:tt $(with $token:ident)?, again in $show:expr, then |$this:pat_param, $page:pat_param, $value:pat_param| $done:expr) => {
        impl $crate::act::Action for $action {
            $crate::act::action!(@form $action, $form);
            $(
                fn renew(page: &$crate::page::Page, form: &mut $form) -> domain::error::PortResult<Option<String>> {
                    $crate::submit::renew(page, <$form>::FORM, &mut form.$token).map(Some)
                }
            )?
            fn again(
                page: $crate::page::Page,
                shown: $crate::page::Shown<Self::Form>,
            ) -> futures::future::BoxFuture<'static, $crate::page::PageResult> {
                Box::pin(($show)(page, shown.into()))
            }
            fn done(&self, page: &$crate::page::Page, value: Self::Output) -> $crate::page::Done {
                let ($this, $page, $value) = (self, page, value);
                $done
            }
        }
    };
}
pub(crate) use action;

/// Answers a post at the address of `A`'s page, or at its call address.
pub(crate) fn act<A: Action>(page: Page, request: Request) -> BoxFuture<'static, Response<Body>> {
    Box::pin(async move {
        let called = is_call(&page, request.headers());
        let (parts, body) = request.into_parts();
        let body = read(&parts.headers, body).await;
        if called {
            let asked = body.as_ref().and_then(|body| HtmlForm::decode(body.clone()).ok());
            let answer = match (asked, body) {
                (Some(asked), Some(body)) => {
                    call::<A>(&page, asked, Request::from_parts(parts, Body::from(body))).await
                }
                _ => Err(Refusal::unreadable()),
            };
            return answer.unwrap_or_else(|refusal| refuse_call(&page, refusal));
        }
        let answer = post::<A>(&page, body).await;
        render::answer(page, answer).await
    })
}

/// Whether an island sent the request. A page address without parameters serves pages and calls, and `Accept` tells
/// them apart. A page address with parameters serves plain forms only: calls of its action have a static address.
pub(crate) fn is_call(page: &Page, headers: &HeaderMap) -> bool {
    let Some(call) = page.route.and_then(|route| route.call) else { return false };
    if page.path() != call {
        return false;
    }
    if page.route.is_some_and(|route| route.path != call) {
        return true;
    }
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    accept.contains("application/json") && !accept.contains("text/html")
}

/// The body of a plain form; nothing when it is not one. Another body would be read as a form without values, and an
/// absent value may mean a no. Bytes that are not UTF-8 would silently become replacement characters. Nobody types a
/// NUL, and PostgreSQL cannot store one.
pub(crate) async fn read(headers: &HeaderMap, body: Body) -> Option<Bytes> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split_once(';').map_or(kind, |(kind, _)| kind);
    let plain = kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded");
    let body = Limited::new(body, FORM_MAX_BYTES).collect().await.ok()?.to_bytes();
    let clean = percent_encoding::percent_decode(&body).decode_utf8().is_ok_and(|text| !text.contains('\0'));
    (plain && clean).then_some(body)
}

/// Serves a plain form: runs the action and says where the browser goes on.
async fn post<A: Action>(page: &Page, body: Option<Bytes>) -> Answer {
    let action: Option<A> = body.and_then(|body| HtmlForm::decode(with_address(page, body)).ok());
    let Some(action) = action else {
        // No body could be read, so only the address says what is asked: a wrong id in it is a page that does not
        // exist.
        let address: Result<A, _> = HtmlForm::decode(with_address(page, Bytes::new()));
        return match address {
            Ok(_) => Err(again::<A>(page, A::Form::default(), unreadable())),
            Err(_) => Err(Stop::Port(PortError::NotFound)),
        };
    };
    let asked = action.clone();
    let owner = Owner::new();
    let context = page.clone();
    let run = owner.with(|| {
        ScopedFuture::new(async move {
            provide_context(context);
            action.run_body().await
        })
    });
    match run.await {
        Ok(value) => Ok(asked.done(page, value)),
        Err(Refusal { why: Why::Fields(errors), .. }) => Err(again::<A>(page, asked.form(), errors)),
        Err(Refusal { why: Why::Port(error), .. }) => Err(Stop::Port(error)),
        Err(Refusal { why: Why::Network, .. }) => Err(Stop::Port(PortError::Internal)),
    }
}

fn unreadable() -> FieldErrors {
    FieldErrors::one(WHOLE_FORM, FieldCode::Unreadable)
}

fn again<A: Action>(page: &Page, mut form: A::Form, errors: FieldErrors) -> Stop {
    match A::renew(page, &mut form) {
        Ok(_) => Stop::Again(A::again(page.clone().refusing(), Shown { form, errors })),
        Err(error) => Stop::Port(error),
    }
}

/// `body` with the ids of the address, which replace the body's own.
fn with_address(page: &Page, body: Bytes) -> Bytes {
    let params = page.params();
    if params.is_empty() {
        return body;
    }
    let mut pairs: Vec<(String, String)> = serde_html_form::from_bytes(&body).unwrap_or_default();
    pairs.retain(|(name, _)| !params.contains_key(name));
    pairs.extend(params.iter().map(|(name, value)| (name.clone(), value.clone())));
    serde_html_form::to_string(pairs).map(Bytes::from).unwrap_or_default()
}

/// Serves a call: Leptos runs the action, then its answer gets the right status and, when the action was done, the
/// address that a plain form would go on to.
async fn call<A: Action>(page: &Page, asked: A, request: Request) -> Result<Response<Body>, Refusal> {
    let context = page.clone();
    let answer = leptos_axum::handle_server_fns_with_context(move || provide_context(context.clone()), request).await;
    let (mut parts, answer) = answer.into_response().into_parts();
    let answer = answer.collect().await.map_err(|_| Refusal::from(PortError::Internal))?.to_bytes();
    if parts.status.is_success() {
        let value: A::Output = serde_json::from_slice(&answer).map_err(|_| Refusal::from(PortError::Internal))?;
        if let Done::See(path) = asked.done(page, value)
            && let Ok(location) = HeaderValue::from_str(local_path(&path).unwrap_or("/"))
        {
            parts.headers.insert(header::LOCATION, location);
        }
        return Ok(Response::from_parts(parts, Body::from(answer)));
    }
    let mut refusal = Refusal::de(answer);
    if matches!(refusal.why, Why::Fields(_)) {
        refusal.token = A::renew(page, &mut asked.form())?;
    }
    Err(refusal)
}

/// The answer to a call that was refused: JSON, with the sentences in the person's language.
pub(crate) fn refuse_call(page: &Page, mut refusal: Refusal) -> Response<Body> {
    refusal.sentences = match &refusal.why {
        Why::Fields(errors) => errors.iter().map(|error| sentence(page.texts, &error.code)).collect(),
        Why::Port(error) => vec![port_sentence(page.texts, error).to_owned()],
        Why::Network => Vec::new(),
    };
    (status(&refusal.why), axum::Json(refusal)).into_response()
}

fn status(why: &Why) -> StatusCode {
    match why {
        Why::Fields(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Why::Port(PortError::NotSignedIn) => StatusCode::UNAUTHORIZED,
        Why::Port(PortError::Refused) => StatusCode::FORBIDDEN,
        Why::Port(PortError::NotFound) => StatusCode::NOT_FOUND,
        Why::Port(PortError::Unavailable) => StatusCode::SERVICE_UNAVAILABLE,
        Why::Port(PortError::Internal) => StatusCode::INTERNAL_SERVER_ERROR,
        Why::Network => StatusCode::BAD_REQUEST,
    }
}

fn port_sentence(texts: Texts, error: &PortError) -> &'static str {
    match error {
        PortError::NotSignedIn => texts.call_signed_out(),
        PortError::Refused => texts.call_refused(),
        PortError::NotFound => texts.call_not_found(),
        PortError::Unavailable => texts.call_unavailable(),
        PortError::Internal => texts.call_internal(),
    }
}

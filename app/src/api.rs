//! What the host does with what browsers post. For each action, it says which page shows the form again and where a
//! plain form goes on. The other modules are the plain endpoints, which no island calls: files in and out, the steps of
//! sign-in, choices about cookies, addresses for machines. Nothing here renders or stores by itself.

pub(crate) mod accounts;
pub(crate) mod activation;
pub(crate) mod consent;
pub(crate) mod devices;
pub(crate) mod events;
pub(crate) mod identity;
pub(crate) mod inbox;
pub(crate) mod newsletter;
pub(crate) mod portfolio;
pub(crate) mod register;
pub(crate) mod requests;
pub(crate) mod rights;
pub(crate) mod search;
pub(crate) mod tasks;
pub(crate) mod vault;
pub(crate) mod youth;

use crate::act;
use axum::{body::Body, extract::Request};
use domain::forms::{FieldCode, FieldErrors, WHOLE_FORM};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// Most bytes read of one request, even when the request is refused.
const BODY_MAX_BYTES: u64 = 250 * 1024 * 1024;
/// Longest time spent reading the body of a refused request.
const DRAIN_MAX: Duration = Duration::from_secs(60);

/// Reads, within bounds, a body that is not used. A browser only shows an answer after it has sent its whole request.
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

/// Reads the values of a plain form.
///
/// # Errors
/// `Unreadable` for a body that is no form.
pub(crate) async fn posted<F: DeserializeOwned>(request: Request) -> Result<F, FieldErrors> {
    let (parts, body) = request.into_parts();
    let form = act::read(&parts.headers, body).await.and_then(|body| serde_html_form::from_bytes(&body).ok());
    form.ok_or_else(|| FieldErrors::one(WHOLE_FORM, FieldCode::Unreadable))
}

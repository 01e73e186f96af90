//! Choices about cookies: banner, panel and placeholders post here (C2, C3, C7). A GET never changes a choice.

use super::{Posted, fail, refuse, see};
use crate::{page::Page, pages, render::render};
use axum::{body::Body, http::Response};
use domain::{
    consent::{COOKIE, Choice, NewReceipt},
    forms::consent::ConsentForm,
};
use tower_cookies::{
    Cookie, Cookies,
    cookie::{SameSite, time::Duration},
};

/// `POST /cookies`: writes the receipt, then the cookie, then goes back to the page.
pub(crate) async fn choose(page: Page, cookies: Cookies, Posted(form): Posted<ConsentForm>) -> Response<Body> {
    let show = pages::cookies::page;
    let form = match form {
        Ok(form) => form,
        Err(errors) => return refuse(page, show, false, ConsentForm::default(), errors).await,
    };
    let site = page.host.site.clone();
    let decision = match form.validate(&site.services, page.visit.consent.accepted()) {
        Ok(decision) => decision,
        Err(errors) => return refuse(page, show, false, form, errors).await,
    };
    let (place, text) = match form.choice.as_str() {
        "custom" => ("panel", page.texts.cookies_panel_text()),
        "always" => ("placeholder", page.texts.video_text()),
        _ => ("banner", page.texts.consent_text()),
    };
    let receipt = NewReceipt {
        decision: decision.clone(),
        asked: site.services.optional_ids(),
        text: text.to_owned(),
        list: site.services.version_text(),
        place,
    };
    match page.host.consents.record(receipt).await {
        Ok(receipt) => {
            let choice = Choice::new(&decision, &site.services, site.services_version.clone(), receipt.id);
            // Readable by whoever wants to check it (C9), so not HttpOnly.
            let cookie = Cookie::build((COOKIE, choice.to_cookie()))
                .path("/")
                .secure(true)
                .same_site(SameSite::Lax)
                .max_age(Duration::days(i64::from(site.consent_months) * 30));
            cookies.add(cookie.build());
            see(form.back())
        }
        Err(error) => fail(page, error).await,
    }
}

/// `POST /embed/{service}`: « Voir une fois ». Shows the frame in the answer and stores nothing (C7).
pub(crate) async fn see_once(page: Page) -> Response<Body> {
    let result = pages::embed::once(page.clone()).await;
    render(page, result, false).await
}

//! The whole service: pages and forms of `app`, assets, health, and the layers around them.

use crate::{
    assets, guard,
    settings::PublicUrl,
    visit::{self, Reception},
};
use app::host::{Assets, Host};
use axum::{Router, http::StatusCode, middleware, routing::get};
use domain::site::Site;
use services::Services;
use std::{net::IpAddr, sync::Arc, time::Duration};
use tower_cookies::CookieManagerLayer;
use tower_http::{catch_panic::CatchPanicLayer, timeout::RequestBodyTimeoutLayer};

/// Longest pause while a body arrives.
const BODY_PAUSE: Duration = Duration::from_secs(30);

/// What the router is made from.
pub struct Parts {
    /// The services.
    pub services: Arc<Services>,
    /// Whose portal it is.
    pub site: Arc<Site>,
    /// The origin people see.
    pub public: PublicUrl,
    /// The reverse proxy whose word counts.
    pub trusted_proxy: Option<IpAddr>,
}

/// The service that answers every request.
#[must_use]
pub fn router(parts: Parts) -> Router {
    let Parts { services, site, public, trusted_proxy } = parts;
    let host = Host {
        site: site.clone(),
        assets: Assets { base: assets::base().unwrap_or_else(|| "/assets".to_owned()).into() },
        calendar: services.calendar(),
        identities: services.clone(),
        youths: services.clone(),
        portfolios: services.clone(),
        vaults: services.clone(),
        consents: services.clone(),
    };
    let reception = Reception { services: services.clone(), site, trusted_proxy };
    let public = Arc::new(public);
    let ready = move || {
        let services = services.clone();
        async move { if services.ready().await { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE } }
    };
    app::routes::router(host)
        .layer(middleware::from_fn_with_state(reception, visit::receive))
        .layer(CookieManagerLayer::new())
        .layer(middleware::from_fn_with_state(public.clone(), guard::cross_site))
        .layer(RequestBodyTimeoutLayer::new(BODY_PAUSE))
        .route("/assets/{hash}/{*name}", get(assets::asset))
        .route("/robots.txt", get(assets::robots))
        .route("/sante", get(|| async { "ok\n" }))
        .route("/pret", get(ready))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(public, guard::headers))
        .layer(middleware::from_fn(guard::log))
}

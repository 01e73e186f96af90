//! The router of the whole portal: pages and forms of `app`, assets, health, and the middleware around them.

use crate::{
    analytics::{self, Log},
    assets, layers,
    look::Stylesheet,
    metrics::{self, Door, Metrics},
    settings::{MetricsToken, PublicUrl},
    violations::{self, Violations},
    visit::{self, Reception},
    web_app,
};
use app::{
    host::{Assets, Host},
    policy::Policy,
};
use axum::{
    Router,
    extract::Request,
    http::StatusCode,
    middleware,
    routing::{any, get, post},
};
use domain::site::Site;
use services::Services;
use std::{net::IpAddr, sync::Arc, time::Duration};
use tower_cookies::CookieManagerLayer;
use tower_http::{catch_panic::CatchPanicLayer, timeout::RequestBodyTimeoutLayer};

/// The longest pause while a body arrives.
const BODY_PAUSE: Duration = Duration::from_secs(30);

/// What the router needs.
pub struct Parts {
    /// The services.
    pub services: Services,
    /// The site of the portal.
    pub site: Arc<Site>,
    /// The origin under which people reach the portal.
    pub public: PublicUrl,
    /// The reverse proxy whose `X-Forwarded-For` is believed.
    pub trusted_proxy: Option<IpAddr>,
    /// Whether the pages for development exist.
    pub development: bool,
    /// The token that opens `/metrics` from other machines.
    pub metrics_token: Option<MetricsToken>,
}

/// Makes the service that answers every request.
pub fn router(parts: Parts) -> Router {
    let Parts { services, site, public, trusted_proxy, development, metrics_token } = parts;
    let metrics = Arc::new(Metrics::new(services.clone()));
    let look = Stylesheet::of(&site.look).map(Arc::new);
    let offline_style = web_app::offline_style(look.as_deref());
    let ports = Arc::new(services.clone());
    let host = Host {
        origin: public.origin.as_str().into(),
        site: site.clone(),
        assets: Assets {
            base: assets::base().unwrap_or_else(|| "/assets".to_owned()).into(),
            look: look.as_ref().map(|look| look.path.clone()),
            offline: offline_style.path.clone(),
        },
        development,
        calendar: services.calendar(),
        identities: ports.clone(),
        activations: ports.clone(),
        devices: ports.clone(),
        accounts: ports.clone(),
        youths: ports.clone(),
        portfolios: ports.clone(),
        vaults: ports.clone(),
        consents: ports.clone(),
        inbox: ports.clone(),
        rights: ports.clone(),
        newsletter: ports.clone(),
        requests: ports.clone(),
        tasks: ports.clone(),
        policy: Arc::new(Policy::of(&site)),
        policies: ports.clone(),
        events: ports.clone(),
        searches: ports.clone(),
        analytics: ports.clone(),
        figures: ports.clone(),
    };
    let log = Arc::new(Log::new(services.clone(), &public));
    let reception = Arc::new(Reception { services: services.clone(), site, trusted_proxy });
    let public = Arc::new(public);
    let reports = Violations::new(services.clone(), public.clone(), trusted_proxy);
    let ready = move || {
        let services = services.clone();
        async move { if services.ready().await { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE } }
    };
    let installable = web_app::routes(&host, offline_style);
    let mut router = app::routes::router(host)
        .layer(middleware::from_fn_with_state(log, analytics::note))
        .layer(middleware::from_fn_with_state(reception, visit::receive))
        .layer(CookieManagerLayer::new())
        .layer(middleware::from_fn_with_state(public.clone(), layers::cross_site))
        .layer(RequestBodyTimeoutLayer::new(BODY_PAUSE));
    let door = Door { metrics: metrics.clone(), token: metrics_token, trusted_proxy, otherwise: router.clone() };
    router = router
        .route("/metrics", any(move |request: Request| metrics::show(door.clone(), request)))
        .route("/assets/{hash}/{*name}", get(assets::asset));
    if let Some(look) = look {
        let path = look.path.clone();
        router = router.route(&path, get(move || async move { look.response() }));
    }
    router
        .merge(installable)
        .route("/robots.txt", get(assets::robots))
        .route("/sante", get(|| async { "ok\n" }))
        .route("/pret", get(ready))
        .route("/csp", post(violations::receive).with_state(reports))
        .layer(CatchPanicLayer::custom(layers::broken))
        .layer(middleware::from_fn_with_state(public, layers::headers))
        .layer(middleware::from_fn_with_state(metrics, layers::observe))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    #[tokio::test]
    async fn the_answer_to_a_panic_does_not_hold_its_message() {
        async fn panics() -> StatusCode {
            panic!("Lina Exemple, 4 mai 2007")
        }
        let router: Router = Router::new().route("/", get(panics)).layer(CatchPanicLayer::custom(layers::broken));
        let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let text = std::str::from_utf8(&body).unwrap();
        assert!(text.starts_with("Quelque chose s’est cassé") && !text.contains("Lina"), "{text}");
    }
}

//! From a page to bytes: the only file that drives Leptos' renderer, writes the document around the
//! content and derives the Content-Security-Policy.

use crate::{
    components::layout::frame,
    page::{Document, Page, PageResult},
    pages::errors,
    routes::Route,
};
use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use domain::error::PortError;
use leptos::{nonce::Nonce, prelude::*};

/// Answers with the page that `route` shows.
pub(crate) async fn respond(page: Page, route: &'static Route) -> Response<Body> {
    let Some(show) = route.page else {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    };
    let result = show(page.clone()).await;
    render(page, result, route.island).await
}

/// Answers with `result`, or with the error page that its refusal calls for.
pub(crate) async fn render(page: Page, result: PageResult, island: bool) -> Response<Body> {
    let (document, island) = match result {
        Ok(document) => (document, island),
        Err(PortError::NotSignedIn) => return crate::api::sign_in_first(&page),
        Err(error) => (errors::document(&page, &error), false),
    };
    let status = match document.status {
        StatusCode::OK if page.is_refusal() => StatusCode::UNPROCESSABLE_ENTITY,
        status => status,
    };
    let nonce = island.then(|| Nonce::new().to_string());
    let policy = content_security_policy(nonce.as_deref(), document.frame);
    let html = to_html(page, document, nonce);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        // Nonces and consent differ between visits (C11).
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'")),
        ),
    ];
    (status, headers, html).into_response()
}

/// Renders in one go, in an owner of its own: islands create signals even on the server. Without a
/// shared context nothing can be serialized into the page.
fn to_html(page: Page, document: Document, nonce: Option<String>) -> String {
    let island = nonce.is_some();
    let owner = Owner::new_root(None);
    let html = owner.with(|| shell(page, document, nonce).to_html());
    owner.unset_with_forced_cleanup();
    // Leptos marks where hydration would find its nodes. Text and attributes never hold the mark:
    // their `<` is escaped.
    if island { html } else { html.replace("<!>", "") }
}

/// The whole document.
fn shell(page: Page, document: Document, nonce: Option<String>) -> impl IntoView {
    let base = page.host.assets.base.clone();
    let name = page.host.site.name.clone();
    let title = if page.is_refusal() {
        page.texts.shell_title_error(&document.title, &name)
    } else {
        page.texts.shell_title(&document.title, &name)
    };
    let look = page.host.assets.look.as_ref().map(ToString::to_string);
    let language = page.texts.language().tag();
    view! {
        <!DOCTYPE html>
        <html lang=language>
            <head>
                <meta charset="utf-8"/>
                <title>{title}</title>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href=format!("{base}/favicon.svg") type="image/svg+xml"/>
                <link rel="stylesheet" href=format!("{base}/app.css")/>
                {look.map(|href| view! { <link rel="stylesheet" href=href/> })}
                {nonce.map(|nonce| island_script(&base, nonce))}
            </head>
            <body>
                {frame(&page, document)}
            </body>
        </html>
    }
}

/// Loads the WASM and wakes each island. Leptos' own loader does the same in five times the bytes,
/// and puts the nonce where a strict policy does not look for it.
fn island_script(base: &str, nonce: String) -> impl IntoView + use<> {
    let script = format!(
        "import init,*as islands from\"{base}/balise.js\";\
         await init({{module_or_path:\"{base}/balise_bg.wasm\"}});islands.hydrate();\
         for(const e of document.querySelectorAll(\"leptos-island\"))islands[e.dataset.component]?.(e)"
    );
    view! {
        <link rel="modulepreload" href=format!("{base}/balise.js") nonce=nonce.clone()/>
        <link
            rel="preload"
            href=format!("{base}/balise_bg.wasm")
            r#as="fetch"
            r#type="application/wasm"
            crossorigin="anonymous"
        />
        <script type="module" nonce=nonce inner_html=script></script>
    }
}

/// Only what this page needs (C5): no script at all without an island, no frame but the accepted one.
fn content_security_policy(nonce: Option<&str>, frame: Option<&str>) -> String {
    let script = nonce
        .map_or_else(|| "'none'".to_owned(), |nonce| format!("'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'"));
    let connect = if nonce.is_some() { "'self'" } else { "'none'" };
    let frame = frame.unwrap_or("'none'");
    format!(
        "default-src 'none'; script-src {script}; style-src 'self'; img-src 'self'; font-src 'none'; \
         connect-src {connect}; form-action 'self'; frame-src {frame}; frame-ancestors 'none'; base-uri 'none'"
    )
}

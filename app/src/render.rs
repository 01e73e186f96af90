//! From a page to bytes: the only file that drives Leptos' renderer, writes the document around the
//! content and derives the Content-Security-Policy.

use crate::{
    components::{
        consent,
        layout::{Area, frame},
    },
    page::{Answer, Document, Done, Page, PageResult, Stop},
    pages::errors,
};
use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use domain::{
    consent::{BrowserFeature, Service, Tag},
    error::PortError,
    forms::consent::local_path,
};
use leptos::{nonce::Nonce, prelude::*};

/// The response of an endpoint: 303 to another page, the page again with what is wrong, or the page of an error.
pub(crate) async fn answer(page: Page, answer: Answer) -> Response<Body> {
    match answer {
        Ok(Done::See(path)) => see(&path),
        Ok(Done::Show(document)) => respond(page, Ok(*document)),
        Ok(Done::Send(response)) => response,
        Err(Stop::Again(shown)) => {
            let result = shown.await;
            respond(page.refusing(), result)
        }
        Err(Stop::Port(error)) => respond(page, Err(error)),
    }
}

/// 303 to `path`, if it is one of this site.
pub(crate) fn see(path: &str) -> Response<Body> {
    let location = local_path(path).unwrap_or("/");
    let location = HeaderValue::from_str(location).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// To the sign-in page, and back here afterwards.
pub(crate) fn sign_in_first(page: &Page) -> Response<Body> {
    see(&carrying("/connexion", page.path()))
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

/// Answers with `result`, or with the error page that its refusal calls for.
pub(crate) fn respond(page: Page, result: PageResult) -> Response<Body> {
    let (document, island) = match result {
        Ok(document) => {
            let island = page.route.is_some_and(|route| route.island) && document.island;
            (document, island)
        }
        Err(PortError::NotSignedIn) => return sign_in_first(&page),
        Err(error) => (errors::document(&page, &error), false),
    };
    let status = match document.status {
        StatusCode::OK if page.is_refusal() => StatusCode::UNPROCESSABLE_ENTITY,
        status => status,
    };
    let tags: Vec<Service> = measurements(&page, &document).cloned().collect();
    let nonce = (island || !tags.is_empty()).then(|| Nonce::new().to_string());
    if status == StatusCode::OK && page.visit.arrives && !consent::asked(&page, document.area).is_empty() {
        page.host.consents.note_shown();
    }
    let framed = document.area == Area::Bare;
    let policy = content_security_policy(nonce.as_deref(), island, &tags, &document.frames.sources, framed);
    let permissions = permissions_policy(&document.frames.permissions);
    let html = to_html(page, document, &tags, nonce, island);
    let value = |text: &str, otherwise| HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(otherwise));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        // Nonces and consent differ between visits (C11).
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (header::CONTENT_SECURITY_POLICY, value(&policy, "default-src 'none'")),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static(if framed { "SAMEORIGIN" } else { "DENY" })),
        (HeaderName::from_static("permissions-policy"), value(&permissions, "camera=(), microphone=()")),
    ];
    (status, headers, html).into_response()
}

/// The accepted measurements: on public pages alone, never beside somebody's frame, on an error, whose address may
/// tell something, for somebody who is signed in (C5), or where people write, about themselves or what they look
/// for: no script of others reads over their shoulder, learns an address that tells something, or comes in through the
/// trust that an island's page gives to scripts.
fn measurements<'p>(page: &'p Page, document: &Document) -> impl Iterator<Item = &'p Service> {
    let plain = document.area.is_public()
        && document.area != Area::PublicForm
        && document.status == StatusCode::OK
        && !document.frames.provided;
    let there = plain && page.visit.session.is_none();
    let services = page.host.site.services.iter_optional().filter(move |_| there);
    services.filter(|service| service.tag().is_some() && page.visit.consent.accepts(service))
}

/// Renders in one go, in an owner of its own: islands create signals even on the server. Without a
/// shared context nothing can be serialized into the page.
fn to_html(page: Page, document: Document, tags: &[Service], nonce: Option<String>, island: bool) -> String {
    let owner = Owner::new_root(None);
    let html = owner.with(|| shell(page, document, tags, nonce, island).to_html());
    owner.unset_with_forced_cleanup();
    // Leptos marks where hydration would find its nodes. Text and attributes never hold the mark:
    // their `<` is escaped.
    if island { html } else { html.replace("<!>", "") }
}

/// The whole document.
fn shell(
    page: Page,
    document: Document,
    tags: &[Service],
    nonce: Option<String>,
    island: bool,
) -> impl IntoView + use<> {
    let base = page.host.assets.base.clone();
    let name = page.host.site.name.clone();
    let title = if page.is_refusal() {
        page.texts.shell_title_error(&document.title, &name)
    } else {
        page.texts.shell_title(&document.title, &name)
    };
    let tags: Vec<_> = tags.iter().filter_map(|service| Some(tag(&base, nonce.as_deref()?, service.tag()?))).collect();
    let look = page.host.assets.look.as_ref().map(ToString::to_string);
    let language = page.texts.language().tag();
    let entry_point = document.area.entry_point();
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
                {tags}
                {nonce.filter(|_| island).map(|nonce| island_script(&base, entry_point, nonce))}
            </head>
            <body>
                {frame(&page, document)}
            </body>
        </html>
    }
}

/// Loads the WASM and wakes each island. Leptos' own loader does the same in five times the bytes,
/// and puts the nonce where a strict policy does not look for it.
fn island_script(base: &str, entry_point: &str, nonce: String) -> impl IntoView + use<> {
    let (script, wasm) = (format!("{base}/{entry_point}.js"), format!("{base}/{entry_point}_bg.wasm"));
    let start = format!(
        "import init,*as islands from\"{script}\";\
         await init({{module_or_path:\"{wasm}\"}});islands.hydrate();\
         for(const e of document.querySelectorAll(\"leptos-island\"))islands[e.dataset.component]?.(e)"
    );
    view! {
        <link rel="modulepreload" href=script nonce=nonce.clone()/>
        <link
            rel="preload"
            href=wasm
            r#as="fetch"
            r#type="application/wasm"
            crossorigin="anonymous"
        />
        <script type="module" nonce=nonce inner_html=start></script>
    }
}

/// The scripts of an accepted measurement: ours, which prepares it, then the provider's.
fn tag(base: &str, nonce: &str, tag: &Tag) -> AnyView {
    let told = |name: &str| tag.data.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
    let loader = tag.loader.map(|file| {
        view! {
            <script
                src=format!("{base}/{file}")
                defer
                nonce=nonce.to_owned()
                data-measurement=told("measurement")
                data-tracker=told("tracker")
                data-site=told("site")
                data-cookies=told("cookies")
            ></script>
        }
    });
    view! { {loader} <script src=tag.script.clone() defer nonce=nonce.to_owned()></script> }.into_any()
}

/// Only what this page needs (C5): no script without an island or a measurement, no frame but the accepted ones.
fn content_security_policy(
    nonce: Option<&str>,
    island: bool,
    tags: &[Service],
    frames: &[String],
    framed: bool,
) -> String {
    let mut scripts: Vec<String> = nonce.map(|nonce| format!("'nonce-{nonce}'")).into_iter().collect();
    let mut connect = Vec::new();
    let mut img = vec!["'self'".to_owned()];
    if island {
        scripts.extend(["'strict-dynamic'", "'wasm-unsafe-eval'"].map(str::to_owned));
        connect.push("'self'".to_owned());
    }
    for Service { hosts, .. } in tags {
        scripts.extend_from_slice(&hosts.script);
        connect.extend_from_slice(&hosts.connect);
        img.extend_from_slice(&hosts.img);
    }
    let list = |sources: &[String]| if sources.is_empty() { "'none'".to_owned() } else { sources.join(" ") };
    // No `report-to` beside it: a browser that knows it leaves `report-uri` alone, and Chromium then says nothing over http.
    format!(
        "default-src 'none'; script-src {}; style-src 'self'; img-src {}; font-src 'none'; connect-src {}; \
         form-action 'self'; frame-src {}; frame-ancestors {}; base-uri 'none'; report-uri /csp",
        list(&scripts),
        list(&img),
        list(&connect),
        list(frames),
        if framed { "'self'" } else { "'none'" },
    )
}

/// What pages ask of the browser for nobody, and the rest for the frames of this page alone (C5).
fn permissions_policy(frames: &[(BrowserFeature, String)]) -> String {
    let never = ["geolocation", "payment", "usb", "browsing-topics"].map(|name| format!("{name}=()"));
    let asked = BrowserFeature::ALL.map(|permission| {
        let mut origins: Vec<&str> =
            frames.iter().filter(|(asked, _)| *asked == permission).map(|(_, origin)| origin.as_str()).collect();
        origins.sort_unstable();
        origins.dedup();
        match origins.is_empty() {
            true => format!("{}=()", permission.name()),
            false => {
                let origins: Vec<_> = origins.iter().map(|origin| format!("\"{origin}\"")).collect();
                format!("{}=(self {})", permission.name(), origins.join(" "))
            }
        }
    });
    asked.into_iter().chain(never).collect::<Vec<_>>().join(", ")
}

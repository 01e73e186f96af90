//! Turns pages into bytes. Only this file uses Leptos' renderer and writes the document around the content.

use crate::{
    components::{
        consent,
        layout::{Area, frame},
    },
    csp,
    host::Host,
    page::{Answer, Document, Done, Page, PageResult, Stop},
    pages::{self, errors},
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
    identity::Stage,
};
use leptos::{nonce::Nonce, prelude::*};
use std::sync::Arc;

/// The path of the offline page, which can be read with a network too.
pub const OFFLINE: &str = "/hors-ligne";

/// The response of an endpoint: a 303 to another page, the page again with its errors, or an error page.
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

/// A 303 to `path`, if it is a path of this site.
pub(crate) fn see(path: &str) -> Response<Body> {
    let location = local_path(path).unwrap_or("/");
    let location = HeaderValue::from_str(location).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// Goes to the sign-in page, and afterwards back to this page.
pub(crate) fn sign_in_first(page: &Page) -> Response<Body> {
    see(&carrying("/connexion", page.path()))
}

/// `path` with the page to go to after the sign-in; `back` is checked when it is used.
pub(crate) fn carrying(path: &str, back: &str) -> String {
    match back {
        "" => path.to_owned(),
        back => {
            format!("{path}?vers={}", percent_encoding::utf8_percent_encode(back, percent_encoding::NON_ALPHANUMERIC))
        }
    }
}

/// Answers with the page, or with the error page for its refusal.
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
    let worker = island && page.visit.session.as_ref().is_some_and(|session| session.stage() == Stage::Full);
    let policy = csp::Needs {
        nonce: nonce.as_deref(),
        island,
        worker,
        manifest: document.area.is_of_the_app(),
        tags: &tags,
        frames: &document.frames.sources,
        framed,
    };
    let policy = policy.header();
    let permissions = permissions_policy(&document.frames.permissions);
    let entry_point = document.area.entry_point();
    let script = nonce.as_ref().filter(|_| island).map(|nonce| Script { entry_point, nonce: nonce.clone(), worker });
    let html = to_html(page, document, &tags, nonce, script);
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

/// The offline page as every visitor receives it. The worker keeps it, and its content tells one release of it from
/// another.
#[must_use]
pub fn offline_page(host: &Host) -> String {
    let page = Page::of_nobody(Arc::new(host.clone()), OFFLINE);
    let document = pages::offline::document(&page);
    to_html(page, document, &[], None, None)
}

/// The accepted services that measure visits on this page (C5). They run on public pages only. They never run beside a
/// frame of another provider, on an error page, for somebody who is signed in, or where people write something: a
/// foreign script must not read what people type, must not learn an address that says something about them, and must
/// not use the trust that a page with an island gives to scripts.
fn measurements<'p>(page: &'p Page, document: &Document) -> impl Iterator<Item = &'p Service> {
    let plain = document.area.is_public()
        && document.area != Area::PublicForm
        && document.status == StatusCode::OK
        && !document.frames.provided;
    let there = plain && page.visit.session.is_none();
    let services = page.host.site.services.iter_optional().filter(move |_| there);
    services.filter(|service| service.tag().is_some() && page.visit.consent.accepts(service))
}

/// Renders in one go, in its own owner, because islands create signals even on the server. There is no shared context,
/// so nothing can be serialized into the page.
fn to_html(page: Page, document: Document, tags: &[Service], nonce: Option<String>, script: Option<Script>) -> String {
    let island = script.is_some();
    let owner = Owner::new_root(None);
    let html = owner.with(|| shell(page, document, tags, nonce, script).to_html());
    owner.unset_with_forced_cleanup();
    // Leptos writes a mark where hydration would look for a node. A page without an island does not need it. A text or
    // an attribute cannot contain the mark, because its `<` is escaped.
    if island { html } else { html.replace("<!>", "") }
}

/// The whole document.
fn shell(
    page: Page,
    document: Document,
    tags: &[Service],
    nonce: Option<String>,
    script: Option<Script>,
) -> impl IntoView + use<> {
    let base = page.host.assets.base.clone();
    let name = page.host.site.name.clone();
    let title = if page.is_refusal() {
        page.texts.shell_title_error(&document.title, &name)
    } else {
        page.texts.shell_title(&document.title, &name)
    };
    let tags: Vec<_> = tags.iter().filter_map(|service| Some(tag(&base, nonce.as_deref()?, service.tag()?))).collect();
    let offline = document.area == Area::Offline;
    let style = if offline { page.host.assets.offline.to_string() } else { format!("{base}/app.css") };
    // The style of the offline page contains the site's colours already.
    let look = page.host.assets.look.as_ref().filter(|_| !offline).map(ToString::to_string);
    let app = document.area.is_of_the_app().then(|| {
        view! {
            <link rel="manifest" href="/manifest.webmanifest"/>
            <link rel="apple-touch-icon" href=format!("{base}/apple-touch-icon.png")/>
        }
    });
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
                {app}
                <link rel="stylesheet" href=style/>
                {look.map(|href| view! { <link rel="stylesheet" href=href/> })}
                {tags}
                {script.map(|script| island_script(&base, script))}
            </head>
            <body>
                {frame(&page, document)}
            </body>
        </html>
    }
}

/// The script of a page with islands.
struct Script {
    /// The WebAssembly that it loads.
    entry_point: &'static str,
    nonce: String,
    /// Whether it registers the worker of the installed app. Only pages of people who are signed in do that: nothing
    /// stays on the device of a visitor who only reads.
    worker: bool,
}

/// Loads the WASM and wakes each island. Leptos' own loader needs five times as many bytes for that, and puts the nonce
/// where a strict policy does not accept it.
fn island_script(base: &str, Script { entry_point, nonce, worker }: Script) -> impl IntoView + use<> {
    // The islands come first, because people need the page now and the worker later.
    let register = if worker { ";navigator.serviceWorker?.register(\"/sw.js\").catch(()=>{})" } else { "" };
    let (script, wasm) = (format!("{base}/{entry_point}.js"), format!("{base}/{entry_point}_bg.wasm"));
    let start = format!(
        "import init,*as islands from\"{script}\";\
         await init({{module_or_path:\"{wasm}\"}});islands.hydrate();\
         for(const e of document.querySelectorAll(\"leptos-island\"))islands[e.dataset.component]?.(e){register}"
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

/// The scripts of an accepted service: our script that prepares it, then the provider's script.
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

/// The Permissions-Policy. No page may use some features of the browser; only the frames of this page may use the
/// others (C5).
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

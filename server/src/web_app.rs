//! What makes the portal an app that can be installed (P1 to P4): `/manifest.webmanifest`, `/sw.js`, and the pictures
//! that the manifest names. All of it is made once, when the server starts.

use crate::{
    assets::{self, Asset},
    look::{self, Stylesheet},
};
use app::{
    host::Host,
    web_app::{OFFLINE, manifest, offline_page, pictures},
};
use axum::{
    Router,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, sync::Arc};

/// The code of the worker. The names of what it keeps are written before it.
const WORKER: &str = include_str!("web_app/worker.js");
/// The policy of the worker: it may ask this portal for pages, and no other host for anything.
const WORKER_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; connect-src 'self'; frame-ancestors 'none'");

/// The first 64 bits of a digest, as text.
fn short_hash(bytes: &[u8]) -> String {
    HEXLOWER.encode(Sha256::digest(bytes).get(..8).unwrap_or_default())
}

/// The stylesheet of the offline page.
const STYLE: &str = "offline.css";

/// The stylesheet of the offline page: the one of the build, with the colours of the site after it.
pub(crate) fn offline_style(look: Option<&Stylesheet>) -> Stylesheet {
    let built = assets::find(STYLE).and_then(|asset| std::str::from_utf8(asset.plain).ok()).unwrap_or_default();
    let colours = look.map(Stylesheet::css).unwrap_or_default();
    Stylesheet::at("/assets/hors-ligne", format!("{built}{colours}"))
}

/// The addresses of the app. They are not in the table of routes, because they are the same for everyone, signed in or
/// not.
pub(crate) fn routes(host: &Host, style: Stylesheet) -> Router {
    let pictures: BTreeMap<&str, (String, &Asset)> = pictures()
        .filter_map(|name| {
            let asset = assets::find(name)?;
            // The address changes only with the picture, because a browser that finds a new address shows the icon as
            // changed.
            Some((name, (format!("/assets/app/{}/{name}", short_hash(asset.plain)), asset)))
        })
        .collect();
    let address = |name: &str| pictures.get(name).map(|(path, _)| path.clone());
    let mut router = Router::new();
    if let Some(colours) = look::around_the_app(&host.site.look) {
        let manifest = Text::new("application/manifest+json", manifest(&host.site, colours, &address), None);
        router = router.route("/manifest.webmanifest", manifest.at_its_address());
    }
    let worker = worker(&offline_page(host), &style.path);
    let worker = Text::new("text/javascript; charset=utf-8", worker, Some(WORKER_POLICY));
    router = router.route("/sw.js", worker.at_its_address());
    for (path, asset) in pictures.into_values() {
        router = router.route(&path, get(move |headers: HeaderMap| async move { assets::for_ever(asset, &headers) }));
    }
    let (path, style) = (style.path.clone(), Arc::new(style));
    match assets::find(STYLE).filter(|built| built.plain == style.css().as_bytes()) {
        // Without colours of its own the site uses the file of the build, which is already compressed.
        Some(built) => {
            router.route(&path, get(move |headers: HeaderMap| async move { assets::for_ever(built, &headers) }))
        }
        None => router.route(&path, get(move || async move { style.response() })),
    }
}

/// The worker that keeps `page`, whose style is at `style`. Its text changes with the page, and this makes browsers
/// replace the worker that they have.
fn worker(page: &str, style: &str) -> String {
    let release = format!("hors-ligne-{}", short_hash(page.as_bytes()));
    format!("const RELEASE = {release:?};\nconst PAGE = {OFFLINE:?};\nconst STYLE = {style:?};\n{WORKER}")
}

/// A text at a fixed address. Browsers may keep it, but ask each time whether it has changed.
struct Text {
    kind: &'static str,
    body: Arc<str>,
    tag: HeaderValue,
    policy: Option<HeaderValue>,
}

impl Text {
    fn new(kind: &'static str, body: String, policy: Option<HeaderValue>) -> Self {
        let tag = HeaderValue::from_str(&format!("\"{}\"", short_hash(body.as_bytes())));
        Self { kind, body: body.into(), tag: tag.unwrap_or(HeaderValue::from_static("\"\"")), policy }
    }

    fn at_its_address<S: Clone + Send + Sync + 'static>(self) -> axum::routing::MethodRouter<S> {
        let text = Arc::new(self);
        get(move |headers: HeaderMap| async move { text.answer(&headers) })
    }

    fn answer(&self, asked: &HeaderMap) -> Response {
        let known = asked.get(header::IF_NONE_MATCH).is_some_and(|known| *known == self.tag);
        let mut response = match known {
            true => StatusCode::NOT_MODIFIED.into_response(),
            false => self.body.to_string().into_response(),
        };
        let headers = response.headers_mut();
        let mut set = |name: HeaderName, value: HeaderValue| headers.insert(name, value);
        set(header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
        set(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        set(header::ETAG, self.tag.clone());
        if let Some(policy) = &self.policy {
            set(header::CONTENT_SECURITY_POLICY, policy.clone());
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worker_changes_with_the_page_that_it_keeps() {
        let one = worker("<h1>Pas de réseau</h1>", "/assets/hors-ligne/a.css");
        assert!(one.starts_with("const RELEASE = \"hors-ligne-"), "{one}");
        assert!(one.contains("const PAGE = \"/hors-ligne\";\nconst STYLE = \"/assets/hors-ligne/a.css\";\n"), "{one}");
        assert_eq!(one, worker("<h1>Pas de réseau</h1>", "/assets/hors-ligne/a.css"));
        assert_ne!(one, worker("<h1>Plus de réseau</h1>", "/assets/hors-ligne/a.css"));
    }

    #[test]
    fn a_text_that_the_browser_has_is_not_sent_again() {
        let text = Text::new("text/plain", "abc".to_owned(), None);
        let mut asked = HeaderMap::new();
        let first = text.answer(&asked);
        assert_eq!(
            (first.status(), &first.headers()["cache-control"]),
            (StatusCode::OK, &HeaderValue::from_static("no-cache"))
        );
        asked.insert(header::IF_NONE_MATCH, first.headers()["etag"].clone());
        assert_eq!(text.answer(&asked).status(), StatusCode::NOT_MODIFIED);
        asked.insert(header::IF_NONE_MATCH, HeaderValue::from_static("\"another\""));
        assert_eq!(text.answer(&asked).status(), StatusCode::OK);
    }
}

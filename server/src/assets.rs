//! The style, scripts and pictures: they are embedded and precompressed, under a path that carries their hash.

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// One embedded file.
pub struct Asset {
    /// Its name, with folders.
    pub name: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// Its content.
    pub plain: &'static [u8],
    /// Its content, compressed by brotli's best level.
    pub brotli: Option<&'static [u8]>,
    /// Its content, compressed by gzip.
    pub gzip: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The folder of all assets, with the hash, or nothing when the program was built without them.
#[must_use]
pub fn base() -> Option<String> {
    (!HASH.is_empty()).then(|| format!("/assets/{HASH}"))
}

/// The embedded file `name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Asset> {
    FILES.iter().find(|asset| asset.name == name)
}

/// `GET /assets/{hash}/{*name}`.
pub(crate) async fn asset(Path((hash, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    match find(&name) {
        Some(asset) if hash == HASH => for_ever(asset, &headers),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A file whose address changes when the file does, so that browsers may keep it and never ask again.
pub(crate) fn for_ever(asset: &'static Asset, headers: &HeaderMap) -> Response {
    let mut response = send(asset, headers);
    let immutable = HeaderValue::from_static("public, max-age=31536000, immutable");
    response.headers_mut().insert(header::CACHE_CONTROL, immutable);
    response
}

/// `GET /robots.txt`.
pub(crate) async fn robots(headers: HeaderMap) -> Response {
    find("robots.txt").map_or(StatusCode::NOT_FOUND.into_response(), |asset| send(asset, &headers))
}

fn send(asset: &'static Asset, headers: &HeaderMap) -> Response {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let accepts = |wanted: &str| {
        accepted.split(',').any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            name.trim() == wanted && !matches!(weight.trim(), "q=0" | "q=0.0")
        })
    };
    let (body, coding) = match (asset.brotli, asset.gzip) {
        (Some(brotli), _) if accepts("br") => (brotli, Some("br")),
        (_, Some(gzip)) if accepts("gzip") => (gzip, Some("gzip")),
        _ => (asset.plain, None),
    };
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

//! Documents in and out: deposits, downloads, deletions and the consent checkbox (V1 to V6).
//!
//! One document at a time travels through memory in small chunks; the endpoint stores each file as
//! it arrives and tells, for each, what became of it.

use super::{BODY_MAX_BYTES, DRAIN_MAX, Posted, fail, refuse, see};
use crate::{components::vault::refusal_sentence, page::Page, pages, render::render};
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use domain::{
    error::PortError,
    forms::{
        FieldCode, FieldErrors,
        vault::{DepositForm, SharingForm},
    },
    ids::{DocumentId, YouthId},
    vault::{Cut, DepositRefusal, DocumentBody, NameFault, NewDocument, RangeRequest, Unsatisfiable},
};
use futures::{StreamExt, TryStreamExt};

/// What became of each file of a deposit.
#[derive(Clone, Debug, Default)]
pub(crate) struct DepositReport {
    /// The drawer that was chosen, to show it again.
    pub(crate) category: String,
    /// The names of those that are safe in the vault.
    pub(crate) stored: Vec<String>,
    /// The names of those that are not, and why.
    pub(crate) refused: Vec<(String, DepositRefusal)>,
}

/// Most files in one deposit.
const FILES_MAX: usize = 20;
/// Longest field beside the files, in bytes.
const FIELD_MAX_BYTES: usize = 1024;

/// `POST /mon-espace/coffre-fort`.
pub(crate) async fn deposit_own(page: Page, request: Request) -> Response<Body> {
    let Some(youth) = page.actor().own_youth() else {
        return fail(page, PortError::Refused).await;
    };
    deposit(page, youth, request, "/mon-espace/coffre-fort", pages::youth::vault::page).await
}

/// `POST /conseiller/jeunes/{youth}/coffre-fort`.
pub(crate) async fn deposit_for(page: Page, request: Request) -> Response<Body> {
    let youth = match page.param::<YouthId>("youth") {
        Ok(youth) => youth,
        Err(error) => return fail(page, error).await,
    };
    deposit(page, youth, request, &format!("/conseiller/jeunes/{youth}/coffre-fort"), pages::advisor::vault::page).await
}

async fn deposit<Fut>(
    page: Page,
    youth: YouthId,
    request: Request,
    back: &str,
    show: impl FnOnce(Page) -> Fut,
) -> Response<Body>
where
    Fut: Future<Output = crate::page::PageResult>,
{
    // The island asks for a sentence, a plain form for a page.
    let wants_text = request.headers().get(header::ACCEPT).is_some_and(|accept| accept == "text/plain");
    let outcome = receive(&page, youth, request).await;
    let texts = page.texts;
    match outcome {
        Ok(report) if report.refused.is_empty() && wants_text => (StatusCode::CREATED, "").into_response(),
        Ok(report) if report.refused.is_empty() => see(&format!("{back}?depose={}", report.stored.len())),
        Ok(report) if wants_text => {
            let sentences: Vec<_> =
                report.refused.iter().map(|(_, refusal)| refusal_sentence(texts, refusal)).collect();
            (status_of(&report), sentences.join("\n")).into_response()
        }
        Ok(report) => {
            let status = status_of(&report);
            let page = page.refusing(report, FieldErrors::default());
            let result = show(page.clone()).await.map(|document| document.with_status(status));
            render(page, result, true).await
        }
        Err(Failure::Form(form, errors)) if wants_text => {
            let sentences: Vec<_> =
                errors.iter().map(|error| crate::components::form::sentence(texts, &error.code)).collect();
            drop(form);
            (StatusCode::UNPROCESSABLE_ENTITY, sentences.join("\n")).into_response()
        }
        Err(Failure::Form(form, errors)) => refuse(page, show, true, form, errors).await,
        Err(Failure::Port(error)) => fail(page, error).await,
    }
}

/// 413 when size alone is the matter, 507 when it is ours, 422 otherwise.
fn status_of(report: &DepositReport) -> StatusCode {
    let all = |wanted: DepositRefusal| report.refused.iter().all(|(_, refusal)| *refusal == wanted);
    if all(DepositRefusal::TooLarge) {
        StatusCode::PAYLOAD_TOO_LARGE
    } else if all(DepositRefusal::StoreUnavailable) {
        StatusCode::INSUFFICIENT_STORAGE
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}

enum Failure {
    Form(DepositForm, FieldErrors),
    Port(PortError),
}

/// Reads the multipart body to its end, whatever becomes of its files: an answer only arrives at a
/// browser that has finished sending.
async fn receive(page: &Page, youth: YouthId, request: Request) -> Result<DepositReport, Failure> {
    let unreadable = || Failure::Form(DepositForm::default(), FieldErrors::one("file", FieldCode::Unreadable));
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<u64>().ok());
    let boundary = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| multer::parse_boundary(value).ok());
    let Some(boundary) = boundary else {
        super::drain(request.into_body()).await;
        return Err(unreadable());
    };
    let body = request.into_body().into_data_stream();
    let limits = multer::Constraints::new().size_limit(multer::SizeLimit::new().whole_stream(BODY_MAX_BYTES));
    let mut form = multer::Multipart::with_constraints(body, boundary, limits);

    let mut report = DepositReport::default();
    let mut category = None;
    let mut files = 0;
    let mut misplaced = false;
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            Err(_) if files == 0 => return Err(unreadable()),
            // Cut after some files: those that were stored are safe, and the page says so.
            Err(_) => {
                let told = report.refused.last().is_some_and(|(_, refusal)| *refusal == DepositRefusal::Cut);
                if !told {
                    report.refused.push((String::new(), DepositRefusal::Cut));
                }
                break;
            }
        };
        match field.name() {
            // The first one counts: what came after it was stored under it.
            Some("category") if category.is_none() => {
                let bytes = short(field).await.ok_or_else(unreadable)?;
                report.category = String::from_utf8_lossy(&bytes).into_owned();
                category = Some(DepositForm { category: report.category.clone() }.validate());
            }
            Some("file") => {
                let raw_name = field.file_name().unwrap_or_default().to_owned();
                if raw_name.is_empty() {
                    // A file picker left empty sends one nameless, empty file.
                    if matches!(drain(field).await, Ok(1..)) {
                        files += 1;
                        report.refused.push((raw_name, DepositRefusal::Name(NameFault::Empty)));
                    }
                    continue;
                }
                files += 1;
                let refusal = match &category {
                    _ if files > FILES_MAX => {
                        let _ = drain(field).await;
                        Some(DepositRefusal::TooManyDocuments)
                    }
                    Some(Ok(category)) if !misplaced => {
                        let document =
                            NewDocument { category: *category, raw_name: raw_name.clone(), announced_bytes: announced };
                        store(page, youth, document, field).await.err()
                    }
                    // Before its drawer, it could not be stored as it came.
                    chosen => {
                        misplaced |= chosen.is_none();
                        let _ = drain(field).await;
                        continue;
                    }
                };
                match refusal {
                    None => report.stored.push(raw_name),
                    Some(DepositRefusal::Port(error)) if report.stored.is_empty() => {
                        while let Ok(Some(field)) = form.next_field().await {
                            let _ = drain(field).await;
                        }
                        return Err(Failure::Port(error));
                    }
                    Some(refusal) => report.refused.push((raw_name, refusal)),
                }
            }
            _ => {
                let _ = drain(field).await;
            }
        }
    }
    let form = DepositForm { category: report.category.clone() };
    match category {
        None => Err(Failure::Form(form, FieldErrors::one("category", FieldCode::Required))),
        Some(Err(errors)) => Err(Failure::Form(form, errors)),
        Some(Ok(_)) if misplaced => Err(unreadable()),
        Some(Ok(_)) if files == 0 => Err(Failure::Form(form, FieldErrors::one("file", FieldCode::Required))),
        Some(Ok(_)) => Ok(report),
    }
}

/// Hands one file to the vault; what the vault did not want of it is read and dropped.
async fn store(
    page: &Page,
    youth: YouthId,
    document: NewDocument,
    mut field: multer::Field<'_>,
) -> Result<(), DepositRefusal> {
    let stored = {
        let bytes = field.by_ref().map_err(|_| Cut).boxed();
        page.host.vaults.deposit(&page.actor(), youth, document, bytes).await
    };
    match stored {
        Ok(_) => Ok(()),
        Err(DepositRefusal::Cut) => Err(DepositRefusal::Cut),
        Err(refusal) => drain(field).await.map_or(Err(DepositRefusal::Cut), |_| Err(refusal)),
    }
}

/// Reads a field to its end and gives its length.
async fn drain(mut field: multer::Field<'_>) -> Result<usize, Cut> {
    let all = async {
        let mut length = 0;
        while let Some(chunk) = field.chunk().await.map_err(|_| Cut)? {
            length += chunk.len();
        }
        Ok(length)
    };
    tokio::time::timeout(DRAIN_MAX, all).await.unwrap_or(Err(Cut))
}

async fn short(mut field: multer::Field<'_>) -> Option<Vec<u8>> {
    let mut value = Vec::new();
    while let Some(chunk) = field.chunk().await.ok()? {
        if value.len() + chunk.len() > FIELD_MAX_BYTES {
            return None;
        }
        value.extend_from_slice(&chunk);
    }
    Some(value)
}

/// `POST /mon-espace/coffre-fort/partage` (V5).
pub(crate) async fn share(page: Page, Posted(form): Posted<SharingForm>) -> Response<Body> {
    let show = pages::youth::vault::page;
    let checked = form.and_then(|form| form.validate());
    match checked {
        Ok(shared) => match page.host.vaults.set_shared(&page.actor(), shared).await {
            Ok(()) => see(&format!("/mon-espace/coffre-fort?partage={}#partage", if shared { "oui" } else { "non" })),
            Err(error) => fail(page, error).await,
        },
        Err(errors) => refuse(page, show, true, SharingForm::default(), errors).await,
    }
}

/// `GET /mon-espace/coffre-fort/{document}`.
pub(crate) async fn download_own(page: Page, headers: HeaderMap) -> Response<Body> {
    match page.actor().own_youth() {
        Some(youth) => download(page, youth, &headers).await,
        None => fail(page, PortError::Refused).await,
    }
}

/// `GET /conseiller/jeunes/{youth}/coffre-fort/{document}`.
pub(crate) async fn download_of(page: Page, headers: HeaderMap) -> Response<Body> {
    match page.param::<YouthId>("youth") {
        Ok(youth) => download(page, youth, &headers).await,
        Err(error) => fail(page, error).await,
    }
}

async fn download(page: Page, youth: YouthId, headers: &HeaderMap) -> Response<Body> {
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok()).and_then(RangeRequest::parse);
    let opened = async {
        let document = page.param::<DocumentId>("document")?;
        page.host.vaults.open(&page.actor(), youth, document, range).await
    };
    match opened.await {
        Ok(body) => send(body),
        Err(error) => fail(page, error).await,
    }
}

/// Always an attachment, never sniffed, never cached, and powerless if shown all the same.
fn send(body: DocumentBody) -> Response<Body> {
    let length = body.length;
    let mut headers = HeaderMap::new();
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, body.kind.media_type());
    set(header::CONTENT_DISPOSITION, &content_disposition(&body.name));
    set(header::CACHE_CONTROL, "private, no-store");
    set(header::ACCEPT_RANGES, "bytes");
    set(header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'; frame-ancestors 'none'");
    match body.range {
        Err(Unsatisfiable) => {
            set(header::CONTENT_RANGE, &format!("bytes */{length}"));
            (StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response()
        }
        Ok(None) => {
            set(header::CONTENT_LENGTH, &length.to_string());
            (StatusCode::OK, headers, Body::from_stream(body.bytes)).into_response()
        }
        Ok(Some(range)) => {
            set(header::CONTENT_LENGTH, &(range.end - range.start).to_string());
            set(header::CONTENT_RANGE, &format!("bytes {}-{}/{length}", range.start, range.end - 1));
            (StatusCode::PARTIAL_CONTENT, headers, Body::from_stream(body.bytes)).into_response()
        }
    }
}

/// RFC 6266: an ASCII name for old programs, the true one in UTF-8 beside it.
fn content_disposition(name: &str) -> String {
    let ascii: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, ' ' | '.' | '-' | '_' | '(' | ')') { c } else { '_' })
        .collect();
    const ATTR_CHAR: &percent_encoding::AsciiSet =
        &percent_encoding::NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');
    let utf8 = percent_encoding::utf8_percent_encode(name, ATTR_CHAR);
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{utf8}")
}

/// `POST /mon-espace/coffre-fort/{document}/supprimer`.
pub(crate) async fn delete_own(page: Page) -> Response<Body> {
    match page.actor().own_youth() {
        Some(youth) => delete(page, youth, "/mon-espace/coffre-fort").await,
        None => fail(page, PortError::Refused).await,
    }
}

/// `POST /conseiller/jeunes/{youth}/coffre-fort/{document}/supprimer`.
pub(crate) async fn delete_of(page: Page) -> Response<Body> {
    match page.param::<YouthId>("youth") {
        Ok(youth) => delete(page, youth, &format!("/conseiller/jeunes/{youth}/coffre-fort")).await,
        Err(error) => fail(page, error).await,
    }
}

async fn delete(page: Page, youth: YouthId, back: &str) -> Response<Body> {
    let deleted = async {
        let document = page.param::<DocumentId>("document")?;
        page.host.vaults.delete(&page.actor(), youth, document).await
    };
    match deleted.await {
        Ok(()) => see(&format!("{back}?supprime=1")),
        Err(error) => fail(page, error).await,
    }
}

#[cfg(test)]
mod tests {
    use super::content_disposition;

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(
            content_disposition("Relevé \"1\"; x.pdf"),
            "attachment; filename=\"Relev_ _1__ x.pdf\"; filename*=UTF-8''Relev%C3%A9%20%221%22%3B%20x.pdf"
        );
    }
}

//! Documents in and out: deposits, downloads, deletions and the consent checkbox (V1 to V6).
//!
//! Only small chunks of a document are in memory at a time. The endpoint stores each file as it arrives and says for
//! each whether it was stored.

use super::{BODY_MAX_BYTES, DRAIN_MAX};
use crate::{
    act::action,
    actions::vault::{DeleteDocumentOf, DeleteOwnDocument, ShareVault},
    components::{
        form::sentence,
        vault::{DepositReport, DepositShown, refusal_sentence},
    },
    page::{Answer, Done, Page, PageResult, Shown, Stop, see},
    pages,
};
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

/// Most files in one deposit.
const FILES_MAX: usize = 20;
/// Longest field beside the files, in bytes.
const FIELD_MAX_BYTES: usize = 1024;

/// The path of the young person's own vault.
const OWN: &str = "/mon-espace/coffre-fort";

/// The path of the vault of a young person, for the staff who follow them.
fn vault_of(youth: YouthId) -> String {
    format!("/conseiller/jeunes/{youth}/coffre-fort")
}

action!(
    ShareVault: SharingForm,
    again in pages::youth::vault::page,
    then |_, _, now| Done::See(format!("{OWN}?partage={}#partage", if now.shared { "oui" } else { "non" }))
);
action!(
    DeleteOwnDocument: (),
    again in |page, _: Shown<()>| pages::youth::vault::confirm_deletion(page),
    then |_, _, ()| Done::See(format!("{OWN}?supprime=1"))
);
action!(
    DeleteDocumentOf: (),
    again in |page, _: Shown<()>| pages::advisor::vault::confirm_deletion(page),
    then |action, _, ()| Done::See(format!("{}?supprime=1", vault_of(action.youth)))
);

/// `POST /mon-espace/coffre-fort`.
pub(crate) async fn deposit_own(page: Page, request: Request) -> Answer {
    let youth = page.actor().own_youth().ok_or(PortError::Refused)?;
    deposit(page, youth, request, OWN, pages::youth::vault::page).await
}

/// `POST /conseiller/jeunes/{youth}/coffre-fort`.
pub(crate) async fn deposit_for(page: Page, request: Request) -> Answer {
    let youth = page.param("youth")?;
    deposit(page, youth, request, &vault_of(youth), pages::advisor::vault::page).await
}

async fn deposit<S, Fut>(
    page: Page,
    youth: YouthId,
    request: Request,
    back: &str,
    show: impl FnOnce(Page, S) -> Fut,
) -> Answer
where
    S: From<DepositShown>,
    Fut: Future<Output = PageResult> + Send + 'static,
{
    // The island asks for a sentence, a plain form for a page.
    let wants_text = request.headers().get(header::ACCEPT).is_some_and(|accept| accept == "text/plain");
    let texts = page.texts;
    let sentences = |status, sentences: Vec<String>| Ok(Done::Send((status, sentences.join("\n")).into_response()));
    let (status, shown) = match receive(&page, youth, request).await {
        Ok(report) if report.refused.is_empty() && wants_text => return sentences(StatusCode::CREATED, Vec::new()),
        Ok(report) if report.refused.is_empty() => return see(format!("{back}?depose={}", report.stored.len())),
        Ok(report) if wants_text => {
            let lines = report.refused.iter().map(|(_, refusal)| refusal_sentence(texts, refusal)).collect();
            return sentences(status_of(&report), lines);
        }
        Ok(report) => (status_of(&report), DepositShown::of(report)),
        Err(Failure::Form(_, errors)) if wants_text => {
            let lines = errors.iter().map(|error| sentence(texts, &error.code)).collect();
            return sentences(StatusCode::UNPROCESSABLE_ENTITY, lines);
        }
        Err(Failure::Form(form, errors)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, DepositShown::refused(Shown { form, errors }))
        }
        Err(Failure::Port(error)) => return Err(error.into()),
    };
    let again = show(page.refusing(), shown.into());
    Err(Stop::Again(Box::pin(async move { Ok(again.await?.with_status(status)) })))
}

/// The status: 413 when every refused file is only too large, 507 when our storage takes none, 422 otherwise.
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

/// Reads the multipart body to its end, even when its files are refused: a browser only shows an answer after it has
/// sent its whole request.
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
            // The body ended after some files. Those that were stored are kept, and the page says so.
            Err(_) => {
                let told = report.refused.last().is_some_and(|(_, refusal)| *refusal == DepositRefusal::Cut);
                if !told {
                    report.refused.push((String::new(), DepositRefusal::Cut));
                }
                break;
            }
        };
        match field.name() {
            // The first category counts, because the files after it were stored under it.
            Some("category") if category.is_none() => {
                let bytes = short(field).await.ok_or_else(unreadable)?;
                report.category = String::from_utf8_lossy(&bytes).into_owned();
                category = Some(DepositForm { category: report.category.clone() }.validate());
            }
            Some("file") => {
                let raw_name = field.file_name().unwrap_or_default().to_owned();
                if raw_name.is_empty() {
                    // A file picker that was left empty sends one file that has no name and no bytes.
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
                    // The category must come before the file, because the file is stored as it arrives.
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

/// Hands one file to the vault. The bytes that the vault does not read are read here and dropped.
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

/// Reads a field to its end and returns its length.
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

/// `GET /mon-espace/coffre-fort/{document}`.
pub(crate) async fn download_own(page: Page, request: Request) -> Answer {
    let youth = page.actor().own_youth().ok_or(PortError::Refused)?;
    download(&page, youth, request.headers()).await
}

/// `GET /conseiller/jeunes/{youth}/coffre-fort/{document}`.
pub(crate) async fn download_of(page: Page, request: Request) -> Answer {
    download(&page, page.param("youth")?, request.headers()).await
}

async fn download(page: &Page, youth: YouthId, headers: &HeaderMap) -> Answer {
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok()).and_then(RangeRequest::parse);
    let document: DocumentId = page.param("document")?;
    let body = page.host.vaults.open(&page.actor(), youth, document, range).await?;
    Ok(Done::Send(send(body)))
}

/// The file is always an attachment, its type is never guessed, it is never cached, and it can do nothing if a browser
/// shows it all the same.
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

/// RFC 6266: an ASCII name for old programs, and beside it the real name in UTF-8.
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

//! Documents are deposited, listed, read whole and in part, and deleted (V1, V3, V4, V11).

use crate::{
    files::{KINDS, pdf, random, sample},
    support::{Answer, MULTIPART, Person, TestApp, multipart, on_both_engines},
};
use axum::{body::Body, http::Method};
use bytes::Bytes;
use domain::vault::{Category, DocumentSummary, FileKind};
use futures::stream;
use std::convert::Infallible;
use uuid::Uuid;

on_both_engines!(
    each_kind_of_document_is_read_back_unchanged,
    a_document_of_several_parts_may_arrive_in_any_pieces,
    any_range_of_a_document_can_be_read,
    the_list_shows_documents_and_finds_them_by_name,
    a_deleted_document_cannot_be_read,
    several_files_are_stored_at_once,
    the_upload_script_gets_a_sentence_instead_of_a_page,
    everything_done_to_a_vault_is_logged,
);

const VAULT: &str = "/mon-espace/coffre-fort";
const MEBIBYTE: usize = 1024 * 1024;

/// Deposits one file and gives its line in the list.
pub(crate) async fn deposited(app: &TestApp, youth: &Person, name: &str, bytes: &[u8]) -> DocumentSummary {
    youth.browser.deposit(VAULT, "identity", &[(name, bytes)]).await.expect_see("/mon-espace/coffre-fort?depose=1");
    let found = app.documents(youth).await.into_iter().find(|document| document.name == name);
    found.expect("the document is in the list")
}

/// The path of a document for its owner.
pub(crate) fn path_of(document: &DocumentSummary) -> String {
    format!("{VAULT}/{}", document.id)
}

/// `body` in pieces whose lengths repeat those of `sizes`.
pub(crate) fn in_pieces(mut body: Bytes, sizes: &'static [usize]) -> Body {
    let mut sizes = sizes.iter().cycle();
    let mut pieces = Vec::new();
    while !body.is_empty() {
        let size = body.len().min(*sizes.next().unwrap());
        pieces.push(Ok::<_, Infallible>(body.split_to(size)));
    }
    Body::from_stream(stream::iter(pieces))
}

/// Posts a body that arrives in pieces, without announcing its length.
pub(crate) async fn post_in_pieces(youth: &Person, body: Vec<u8>, sizes: &'static [usize]) -> Answer {
    let headers = [("content-type", MULTIPART), ("sec-fetch-site", "same-origin")];
    youth.browser.send(Method::POST, VAULT, &headers, in_pieces(body.into(), sizes)).await
}

async fn each_kind_of_document_is_read_back_unchanged(app: &TestApp) {
    let youth = app.youth().await;
    for (seed, (kind, name, media_type)) in (1..).zip(KINDS) {
        let bytes = sample(kind, seed, 90_000);
        let document = deposited(app, &youth, name, &bytes).await;
        assert_eq!((document.kind, document.bytes), (kind, bytes.len() as u64));
        let answer = youth.browser.get(&path_of(&document)).await.expect(200);
        assert!(answer.body == bytes && !answer.broken, "{kind:?} came back differently");
        for (header, expected) in [
            ("content-type", media_type),
            ("content-length", &bytes.len().to_string()),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "private, no-store"),
            ("content-security-policy", "sandbox; default-src 'none'; frame-ancestors 'none'"),
            ("accept-ranges", "bytes"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(header), expected, "{kind:?} {header}");
        }
        let disposition = answer.header("content-disposition");
        let (ascii, utf8) = disposition
            .strip_prefix("attachment; filename=\"")
            .and_then(|rest| rest.split_once("\"; filename*=UTF-8''"))
            .unwrap_or_else(|| panic!("{disposition}"));
        assert!(ascii.is_ascii() && !ascii.contains('"'), "{disposition}");
        assert_eq!(percent_decoded(utf8), name);
    }
}

fn percent_decoded(text: &str) -> String {
    let form: Vec<(String, String)> = serde_html_form::from_str(&format!("name={text}")).unwrap();
    form.into_iter().next().unwrap().1
}

async fn a_document_of_several_parts_may_arrive_in_any_pieces(app: &TestApp) {
    let youth = app.youth().await;
    // The pieces end on, before and after the borders of chunks and parts, and within the separators of the form.
    let cuttings: [(&str, usize, &'static [usize]); 4] = [
        ("un.pdf", 20 * MEBIBYTE, &[65_535, 65_537, 3, 4_194_303]),
        ("deux.pdf", 4 * MEBIBYTE, &[4 * MEBIBYTE]),
        ("trois.pdf", 4 * MEBIBYTE + 1, &[1_000_003, 17]),
        ("quatre.pdf", 150_000, &[1, 2, 3, 5, 8, 13, 89]),
    ];
    for (seed, (name, length, sizes)) in (10..).zip(cuttings) {
        let bytes = pdf(seed, length);
        post_in_pieces(&youth, multipart("other", &[(name, &bytes)]), sizes)
            .await
            .expect_see("/mon-espace/coffre-fort?depose=1");
        let document = app.documents(&youth).await.remove(0);
        assert_eq!((document.name.as_str(), document.bytes), (name, length as u64));
        let answer = youth.browser.get(&path_of(&document)).await.expect(200);
        assert!(answer.body == bytes && !answer.broken, "{name} came back differently");
    }
}

async fn any_range_of_a_document_can_be_read(app: &TestApp) {
    const PART: usize = 4 * MEBIBYTE;
    const CHUNK: usize = 64 * 1024;
    let youth = app.youth().await;
    let bytes = pdf(2, PART + 212_345);
    let length = bytes.len();
    let document = deposited(app, &youth, "long.pdf", &bytes).await;
    let path = path_of(&document);
    for (asked, range) in [
        ("bytes=0-0".to_owned(), 0..1),
        (format!("bytes={}-{}", length - 1, length - 1), length - 1..length),
        ("bytes=-1".to_owned(), length - 1..length),
        ("bytes=-70000".to_owned(), length - 70_000..length),
        (format!("bytes=-{}", length + 5), 0..length),
        (format!("bytes={}-", length - 3), length - 3..length),
        (format!("bytes=10-{}", length * 2), 10..length),
        (format!("bytes={}-{}", CHUNK - 1, CHUNK), CHUNK - 1..CHUNK + 1),
        (format!("bytes={}-{}", CHUNK, 2 * CHUNK - 1), CHUNK..2 * CHUNK),
        (format!("bytes={}-{}", 8 * CHUNK - 2, 8 * CHUNK + 2), 8 * CHUNK - 2..8 * CHUNK + 3),
        (format!("bytes={}-{}", PART - 1, PART), PART - 1..PART + 1),
        (format!("bytes={}-{}", PART - 100_000, PART + 100_000), PART - 100_000..PART + 100_001),
        (format!("bytes={PART}-{PART}"), PART..PART + 1),
    ] {
        let answer = youth.browser.get_with(&path, &[("range", &asked)]).await.expect(206);
        assert!(!answer.broken && answer.body == bytes[range.clone()], "{asked}");
        assert_eq!(answer.header("content-range"), format!("bytes {}-{}/{length}", range.start, range.end - 1));
        assert_eq!(answer.header("content-length"), range.len().to_string(), "{asked}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    for unsatisfiable in [format!("bytes={length}-"), format!("bytes={}-{}", length + 1, length + 2), "bytes=-0".into()]
    {
        let answer = youth.browser.get_with(&path, &[("range", &unsatisfiable)]).await.expect(416);
        assert_eq!(answer.header("content-range"), format!("bytes */{length}"));
        assert!(answer.body.is_empty(), "{unsatisfiable}");
    }
    for ignored in ["bytes=0-1,5-6", "items=0-1"] {
        let answer = youth.browser.get_with(&path, &[("range", ignored)]).await.expect(200);
        assert!(answer.body == bytes, "{ignored}");
        assert_eq!(answer.header("content-range"), "");
    }
    let head = youth.browser.send(Method::HEAD, &path, &[], Body::empty()).await.expect(200);
    assert_eq!((head.header("content-length"), head.body.len()), (length.to_string().as_str(), 0));
    assert_eq!(head.header("content-type"), "application/pdf");
}

async fn the_list_shows_documents_and_finds_them_by_name(app: &TestApp) {
    let youth = app.youth().await;
    youth.browser.get(VAULT).await.expect(200).expect_sentence("Rien ici pour l’instant");
    let files = [
        ("Carte d’identité recto.pdf", "identity", 420_001, "421 Ko", "Identité"),
        ("Bail Cœur-de-Ville.pdf", "housing", 1_900_000, "1,9 Mo", "Logement"),
        ("R&D <b>gras<b>.pdf", "other", 5_000, "5 Ko", "Autres papiers"),
    ];
    for (name, category, length, ..) in &files[..2] {
        youth.browser.deposit(VAULT, category, &[(name, &pdf(3, *length))]).await.expect(303);
    }
    // A name with characters of markup is refused, and one with an ampersand is shown as text.
    youth.browser.deposit(VAULT, "other", &[(files[2].0, &pdf(3, 5_000))]).await.expect(422);
    youth.browser.deposit(VAULT, "other", &[("R&D &lt;b.pdf", &pdf(3, 5_000))]).await.expect(303);

    let mut page = youth.browser.get(VAULT).await.expect(200);
    for (name, _, _, size, category) in &files[..2] {
        page = page.expect_sentence(name).expect_sentence(size).expect_sentence(category);
    }
    page = page.expect_text("R&amp;D &amp;lt;b.pdf").expect_sentence("2,3 Mo utilisés sur 200 Mo");
    for document in app.documents(&youth).await {
        page = page.expect_text(&path_of(&document)).expect_text(&format!("{}/supprimer", path_of(&document)));
    }
    for (search, found) in [
        ("IDENTITE", "Carte d’identité recto.pdf"),
        ("coeur de ville", "Bail Cœur-de-Ville.pdf"),
        ("  bail ", "Bail Cœur-de-Ville.pdf"),
        ("r&d &lt", "R&amp;D"),
    ] {
        let query = serde_html_form::to_string([("q", search)]).unwrap();
        let page = youth.browser.get(&format!("{VAULT}?{query}")).await.expect(200).expect_sentence(found);
        let others = ["Carte d’identité recto.pdf", "Bail Cœur-de-Ville.pdf", "R&amp;D &amp;lt;b.pdf"];
        for other in others.into_iter().filter(|other| !other.starts_with(found)) {
            assert!(!page.readable().contains(other), "« {search} » finds {other}");
        }
    }
    youth
        .browser
        .get(&format!("{VAULT}?q=%22%3E%3Cscript%3Erien"))
        .await
        .expect(200)
        .expect_no_text("<script>rien")
        .expect_no_text("Bail");
}

async fn a_deleted_document_cannot_be_read(app: &TestApp) {
    let youth = app.youth().await;
    let kept = deposited(app, &youth, "à garder.pdf", &pdf(4, 30_000)).await;
    let files = app.object_files().len();
    let document = deposited(app, &youth, "à supprimer.pdf", &pdf(5, 5 * MEBIBYTE)).await;
    let ask = format!("{}/supprimer", path_of(&document));

    youth
        .browser
        .get(&ask)
        .await
        .expect(200)
        .expect_sentence("à supprimer.pdf")
        .expect_text(&format!("action=\"{ask}\""));
    assert_eq!(app.documents(&youth).await.len(), 2, "asking deletes nothing");
    youth.browser.post(&ask, &[]).await.expect_see("/mon-espace/coffre-fort?supprime=1");

    youth.browser.get(VAULT).await.expect(200).expect_no_text("à supprimer.pdf").expect_sentence("à garder.pdf");
    youth.browser.get(&path_of(&document)).await.expect(404);
    assert_eq!(app.object_files().len(), files, "its objects are gone, the others are not");
    assert_eq!(app.number("SELECT bytes FROM vault".into()).await, 30_000, "its room is given back");
    assert_eq!(app.number("SELECT documents FROM vault".into()).await, 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM document".into()).await, 1);

    youth.browser.post(&ask, &[]).await.expect(404);
    youth.browser.get(&ask).await.expect(404);
    assert_eq!(app.number("SELECT bytes FROM vault".into()).await, 30_000, "not given back twice");
    youth.browser.get(&path_of(&kept)).await.expect(200);

    youth.browser.post(&format!("{}/supprimer", path_of(&kept)), &[]).await.expect(303);
    assert_eq!(app.object_files(), Vec::<std::path::PathBuf>::new());
    youth.browser.get(VAULT).await.expect(200).expect_sentence("Rien ici pour l’instant");
}

async fn several_files_are_stored_at_once(app: &TestApp) {
    let youth = app.youth().await;
    let (one, two) = (pdf(6, 40_000), sample(FileKind::Jpeg, 7, 5 * MEBIBYTE));
    let picker_left_empty: &[u8] = b"";
    youth
        .browser
        .deposit(VAULT, "money", &[("un.pdf", &one), ("", picker_left_empty), ("deux.jpg", &two)])
        .await
        .expect_see("/mon-espace/coffre-fort?depose=2");
    let documents = app.documents(&youth).await;
    assert!(documents.iter().all(|document| document.category == Category::Money));
    for (name, bytes) in [("un.pdf", &one), ("deux.jpg", &two)] {
        let document = documents.iter().find(|document| document.name == name).unwrap();
        assert!(youth.browser.get(&path_of(document)).await.expect(200).body == *bytes, "{name}");
    }
    youth
        .browser
        .get("/mon-espace/coffre-fort?depose=2")
        .await
        .expect(200)
        .expect_sentence("Vos 2 documents sont bien gardés.");

    // One of several files is bad: it alone is refused, by its name and with the reason.
    youth
        .browser
        .deposit(VAULT, "money", &[("trois.pdf", &pdf(8, 900)), ("faux.png", b"<html>"), ("quatre.pdf", &pdf(9, 900))])
        .await
        .expect(422)
        .expect_sentence("« faux.png » : Son contenu n’est pas ce que son nom annonce.")
        .expect_sentence("Un fichier n’a pas été gardé")
        .expect_sentence("« trois.pdf » est bien gardé.")
        .expect_sentence("« quatre.pdf » est bien gardé.")
        .expect_text("<option value=\"money\" selected");
    assert_eq!(app.documents(&youth).await.len(), 4);

    // The form has more files than allowed: the first twenty are stored, and the others are named.
    let file = pdf(10, 700);
    let names: Vec<_> = (1..=22).map(|number| format!("page {number}.pdf")).collect();
    let many: Vec<_> = names.iter().map(|name| (name.as_str(), file.as_slice())).collect();
    let answer = youth.browser.deposit(VAULT, "money", &many).await.expect(422);
    answer
        .expect_sentence("« page 20.pdf » est bien gardé.")
        .expect_sentence("« page 21.pdf » : Il y a trop de documents.")
        .expect_sentence("« page 22.pdf » : Il y a trop de documents.");
    assert_eq!(app.documents(&youth).await.len(), 24);
}

async fn the_upload_script_gets_a_sentence_instead_of_a_page(app: &TestApp) {
    let youth = app.youth().await;
    let headers = [("content-type", MULTIPART), ("sec-fetch-site", "same-origin"), ("accept", "text/plain")];
    let send = |body: Vec<u8>| youth.browser.send(Method::POST, VAULT, &headers, Body::from(body));

    let stored = send(multipart("other", &[("bon.pdf", &pdf(1, 900))])).await.expect(201);
    assert_eq!((stored.text(), app.documents(&youth).await.len()), ("", 1));

    let refused = send(multipart("other", &[("faux.pdf", &random(2, 900))])).await.expect(422);
    assert_eq!(refused.text(), "Son contenu n’est pas ce que son nom annonce. Ouvrez-le et enregistrez-le de nouveau.");
    assert!(refused.header("content-type").starts_with("text/plain"));
    let refused = send(multipart("", &[("bon.pdf", &pdf(3, 900))])).await.expect(422);
    assert_eq!(refused.text(), "Remplissez ce champ.");
    let refused = send(multipart("garage", &[("bon.pdf", &pdf(3, 900))])).await.expect(422);
    assert_eq!(refused.text(), "Choisissez dans la liste.");
    assert_eq!(app.documents(&youth).await.len(), 1);
}

async fn everything_done_to_a_vault_is_logged(app: &TestApp) {
    let youth = app.youth().await;
    let advisor = app.advisor().await;
    app.attach(&youth, &advisor).await;
    let document = deposited(app, &youth, "lettre.pdf", &pdf(1, 900)).await;
    let theirs = format!("/conseiller/jeunes/{}/coffre-fort/{}", youth.id(), document.id);

    youth.browser.get(&path_of(&document)).await.expect(200);
    advisor.browser.get(&theirs).await.expect(403);
    youth.browser.post("/mon-espace/coffre-fort/partage", &[("shared", "on")]).await.expect(303);
    app.clock.advance_millis(1);
    advisor.browser.get(&theirs).await.expect(200);
    advisor.browser.post(&format!("{theirs}/supprimer"), &[]).await.expect(403);
    youth.browser.post("/mon-espace/coffre-fort/partage", &[]).await.expect(303);
    app.clock.advance_millis(1);
    youth.browser.post(&format!("{}/supprimer", path_of(&document)), &[]).await.expect(303);

    let log = app.services.test_log(youth.id()).await.unwrap();
    let lines: Vec<_> = log
        .iter()
        .map(|line| (line.action.as_str(), line.actor_kind.as_str(), line.document_id.is_some(), line.refused))
        .collect();
    assert_eq!(
        lines,
        [
            ("deposit", "youth", true, false),
            ("read_document", "youth", true, false),
            ("read_document", "staff", true, true),
            ("share_vault", "youth", false, false),
            ("read_document", "staff", true, false),
            ("delete_document", "staff", true, true),
            ("share_vault", "youth", false, false),
            ("delete_document", "youth", true, false),
        ]
    );
    for line in &log {
        let account = if line.actor_kind == "staff" { advisor.account } else { youth.account };
        assert_eq!(line.actor_id, Some(account.into()), "{line:?}");
        assert!(line.document_id.is_none_or(|id| id == Uuid::from(document.id)), "{line:?}");
    }
}

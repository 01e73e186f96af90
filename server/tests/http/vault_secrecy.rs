//! What only the entitled can read: documents of others, bytes on the disk, altered objects (V8, V9, V11).

use crate::{
    files::{KINDS, canary, pdf, random, sample},
    support::{Engine, Person, TestApp, files_under, on_both_engines},
    vault::{deposited, path_of},
};
use domain::{actor::Role, vault::DocumentSummary};
use services::testing::LogLine;
use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};
use uuid::Uuid;

on_both_engines!(
    the_document_of_another_young_person_is_not_found_and_the_attempt_is_logged,
    a_document_is_not_found_under_the_path_of_somebody_else,
    a_wrong_document_number_is_not_found,
    nothing_on_the_disk_can_be_read,
    an_altered_object_breaks_the_download_off,
    swapped_objects_break_the_download_off,
    a_missing_or_shortened_object_breaks_the_download_off,
);

const VAULT: &str = "/mon-espace/coffre-fort";
const MEBIBYTE: usize = 1024 * 1024;

/// The refused attempts at a person's file, without the person's own actions.
async fn refused(app: &TestApp, youth: &Person) -> Vec<LogLine> {
    let log = app.services.test_log(youth.id()).await.unwrap();
    log.into_iter().filter(|line| line.refused).collect()
}

#[track_caller]
fn assert_logged(line: &LogLine, action: &str, kind: &str, who: &Person, document: &DocumentSummary) {
    assert_eq!((line.action.as_str(), line.actor_kind.as_str()), (action, kind));
    assert_eq!((line.actor_id, line.document_id), (Some(who.account.into()), Some(document.id.into())));
}

async fn the_document_of_another_young_person_is_not_found_and_the_attempt_is_logged(app: &TestApp) {
    let (owner, thief) = (app.youth().await, app.youth().await);
    let document = deposited(app, &owner, "secret.pdf", &pdf(1, 900)).await;
    let path = path_of(&document);
    let ask = format!("{path}/supprimer");
    thief.browser.get(&path).await.expect(404).expect_no_text("secret.pdf");
    thief.browser.get_with(&path, &[("range", "bytes=0-9")]).await.expect(404);
    thief.browser.get(&ask).await.expect(404).expect_no_text("secret.pdf");
    thief.browser.post(&ask, &[]).await.expect(404);
    thief.browser.get(VAULT).await.expect(200).expect_no_text("secret.pdf");

    let log = refused(app, &owner).await;
    assert_eq!(log.len(), 4);
    for (line, action) in log.iter().zip(["read_document", "read_document", "read_document", "delete_document"]) {
        assert_logged(line, action, "youth", &thief, &document);
    }
    assert!(app.services.test_log(thief.id()).await.unwrap().is_empty(), "it is the owner's affair");
    owner.browser.get(&path).await.expect(200);
    app.anonymous().get(&path).await.expect(303);
    app.anonymous().post(&ask, &[]).await.expect(303);
    assert_eq!(app.documents(&owner).await.len(), 1);
}

async fn a_document_is_not_found_under_the_path_of_somebody_else(app: &TestApp) {
    let (one, two, advisor) =
        (app.youth().await, app.youth_with(|youth| youth.vault_shared = true).await, app.advisor().await);
    app.attach(&two, &advisor).await;
    let document = deposited(app, &one, "secret.pdf", &pdf(1, 900)).await;
    let crossed = format!("/conseiller/jeunes/{}/coffre-fort/{}", two.id(), document.id);
    advisor.browser.get(&crossed).await.expect(404);
    advisor.browser.get(&format!("{crossed}/supprimer")).await.expect(404);
    advisor.browser.post(&format!("{crossed}/supprimer"), &[]).await.expect(404);
    let log = refused(app, &one).await;
    assert_eq!(log.len(), 3);
    for (line, action) in log.iter().zip(["read_document", "read_document", "delete_document"]) {
        assert_logged(line, action, "staff", &advisor, &document);
    }
    // This holds even for a person who may read the document under its own path.
    app.attach(&one, &advisor).await;
    one.browser.post("/mon-espace/coffre-fort/partage", &[("shared", "on")]).await.expect(303);
    advisor.browser.get(&format!("/conseiller/jeunes/{}/coffre-fort/{}", one.id(), document.id)).await.expect(200);
    advisor.browser.get(&crossed).await.expect(404);
    assert_eq!(app.documents(&one).await.len(), 1);
}

async fn a_wrong_document_number_is_not_found(app: &TestApp) {
    let (youth, advisor) = (app.youth().await, app.staff(Role::SectorHead).await);
    app.attach(&youth, &advisor).await;
    let nobody = Uuid::from_u128(7).to_string();
    for number in [nobody.as_str(), "1", "%00", "..%2F..", "'", "é", &"a".repeat(4_000)] {
        youth.browser.get(&format!("{VAULT}/{number}")).await.expect(404);
        youth.browser.post(&format!("{VAULT}/{number}/supprimer"), &[]).await.expect(404);
        advisor.browser.get(&format!("/conseiller/jeunes/{number}/coffre-fort")).await.expect(404);
        advisor.browser.get(&format!("/conseiller/jeunes/{}/coffre-fort/{number}", youth.id())).await.expect(404);
    }
}

/// Finds secrets in a file: any 32 bytes in a row of one of them.
struct Searcher {
    secrets: Vec<Vec<u8>>,
    starts: HashSet<[u8; 8]>,
}

impl Searcher {
    fn new(secrets: Vec<Vec<u8>>) -> Self {
        let starts =
            secrets.iter().flat_map(|secret| secret.windows(8)).map(|eight| eight.try_into().unwrap()).collect();
        Self { secrets, starts }
    }

    fn finds(&self, file: &[u8]) -> bool {
        file.windows(32).any(|window| {
            self.starts.contains(&window[..8])
                && self.secrets.iter().any(|secret| secret.windows(32).any(|part| part == window))
        })
    }
}

fn holds(file: &[u8], text: &[u8]) -> bool {
    file.windows(text.len()).any(|window| window == text)
}

async fn nothing_on_the_disk_can_be_read(app: &TestApp) {
    const LENGTH: usize = 70_000;
    let youth = app.youth().await;
    let mut secrets = Vec::new();
    for (seed, (kind, ..)) in (1..).zip(KINDS) {
        let bytes = sample(kind, seed, LENGTH);
        let range = canary(&bytes, seed, LENGTH);
        secrets.push(bytes[range].to_vec());
        deposited(app, &youth, &format!("Tatou-Zébré {seed}.{}", kind.code()), &bytes).await;
    }
    // Refused and interrupted deposits leave nothing either.
    youth.browser.deposit(VAULT, "other", &[("Tatou-Zébré.png", &secrets[0])]).await.expect(422);
    for document in app.documents(&youth).await {
        youth.browser.get(&path_of(&document)).await.expect(200);
        youth.browser.get(&format!("{}/supprimer", path_of(&document))).await.expect(200);
    }
    youth.browser.get(&format!("{VAULT}?q=tatou")).await.expect(200).expect_text("Tatou-Zébré 1.pdf");

    let names: Vec<Vec<u8>> = ["Tatou-Zébré", "tatou-zebre", "tatou zebre", "Tatou-Z", "Tatou-Z\\u00e9br\\u00e9"]
        .into_iter()
        .flat_map(|name| {
            let utf16 = |order: fn(u16) -> [u8; 2]| name.encode_utf16().flat_map(order).collect();
            [name.as_bytes().to_vec(), utf16(u16::to_le_bytes), utf16(u16::to_be_bytes)]
        })
        .collect();
    let searcher = Searcher::new(secrets);
    // The test of the test: the search finds what is there.
    let plain = [&random(9, 1_000), &random(1, LENGTH)[40..80], &random(9, 1_000)].concat();
    assert!(searcher.finds(&plain) && !searcher.finds(&random(9, 100_000)));
    assert!(names.iter().any(|name| holds("nom : Tatou-Zébré.pdf".as_bytes(), name)));

    let files = files_under(app.folder.path());
    let wanted = if app.engine == Engine::Sqlite { 8 } else { 6 };
    assert!(files.len() >= wanted, "{files:?}");
    for path in files {
        let file = fs::read(&path).unwrap();
        assert!(!searcher.finds(&file), "content in {}", path.display());
        assert!(!names.iter().any(|name| holds(&file, name)), "a name in {}", path.display());
        assert!(!holds(path.to_str().unwrap().to_lowercase().as_bytes(), b"tatou"), "{}", path.display());
    }
    if app.engine == Engine::Postgres {
        let cut: Vec<_> = (1..=6).map(|seed| data_encoding::HEXLOWER.encode(&random(seed, LENGTH)[64..96])).collect();
        for table in ["document", "vault", "access_log", "youth", "session", "account"] {
            let found = |text: &str| format!("SELECT COUNT(*) FROM {table} t WHERE t::text ILIKE '%{text}%'");
            for text in cut.iter().map(String::as_str).chain(["tatou", "7461746f75", "5461746f75"]) {
                assert_eq!(app.number(found(text)).await, 0, "{text} in {table}");
            }
        }
        assert_eq!(app.number("SELECT COUNT(*) FROM document t WHERE t::text ILIKE '%identity%'".into()).await, 6);
    }
}

/// The objects of a document, in the order of its parts.
fn objects_of(app: &TestApp, document: &DocumentSummary) -> Vec<PathBuf> {
    let mut objects = files_under(&app.folder.path().join("objects/documents").join(document.id.to_string()));
    objects.sort();
    objects
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

/// Checks that the answer breaks off and that everything before is right.
async fn breaks_off(youth: &Person, document: &DocumentSummary, truth: &[u8], what: &str) -> usize {
    let answer = youth.browser.get(&path_of(document)).await;
    assert!(answer.broken, "{what}: a whole answer, {}", answer.status);
    assert!(truth.starts_with(&answer.body) && answer.body.len() < truth.len(), "{what}: wrong bytes were delivered");
    answer.body.len()
}

async fn an_altered_object_breaks_the_download_off(app: &TestApp) {
    let youth = app.youth().await;
    let truth = pdf(1, 4 * MEBIBYTE + 700_000);
    let document = deposited(app, &youth, "intact.pdf", &truth).await;
    let objects = objects_of(app, &document);
    assert_eq!(objects.len(), 2);
    let last = fs::metadata(&objects[1]).unwrap().len() as usize - 1;
    for (part, at) in [(0, 33), (0, 33 + 65_536), (0, 2_000_000), (1, 33), (1, last)] {
        flip(&objects[part], at);
        let delivered = breaks_off(&youth, &document, &truth, &format!("part {part}, byte {at}")).await;
        assert!(delivered <= part * 4 * MEBIBYTE + at, "part {part}, byte {at}: {delivered} delivered");
        flip(&objects[part], at);
        let whole = youth.browser.get(&path_of(&document)).await.expect(200);
        assert!(whole.body == truth && !whole.broken, "flipped back, it is whole again");
    }
    // The other parts of the document can still be read.
    flip(&objects[1], 40);
    let first = youth.browser.get_with(&path_of(&document), &[("range", "bytes=100-70000")]).await.expect(206);
    assert!(!first.broken && first.body == truth[100..=70_000]);
    let range = format!("bytes={}-{}", 4 * MEBIBYTE, 4 * MEBIBYTE + 1);
    assert!(youth.browser.get_with(&path_of(&document), &[("range", &range)]).await.broken);
}

async fn swapped_objects_break_the_download_off(app: &TestApp) {
    let youth = app.youth().await;
    let swap = |one: &Path, two: &Path| {
        let (first, second) = (fs::read(one).unwrap(), fs::read(two).unwrap());
        fs::write(one, second).unwrap();
        fs::write(two, first).unwrap();
    };
    // Two documents of the same length are swapped, and then two parts of one document.
    let (one, two) = (pdf(1, 70_000), pdf(2, 70_000));
    let (first, second) =
        (deposited(app, &youth, "un.pdf", &one).await, deposited(app, &youth, "deux.pdf", &two).await);
    swap(&objects_of(app, &first)[0], &objects_of(app, &second)[0]);
    assert_eq!(breaks_off(&youth, &first, &one, "first").await, 0);
    assert_eq!(breaks_off(&youth, &second, &two, "second").await, 0);

    let truth = pdf(3, 8 * MEBIBYTE);
    let document = deposited(app, &youth, "trois.pdf", &truth).await;
    let objects = objects_of(app, &document);
    assert_eq!(objects.len(), 2);
    swap(&objects[0], &objects[1]);
    assert_eq!(breaks_off(&youth, &document, &truth, "parts").await, 0);
    swap(&objects[0], &objects[1]);
    assert!(youth.browser.get(&path_of(&document)).await.body == truth);
}

async fn a_missing_or_shortened_object_breaks_the_download_off(app: &TestApp) {
    let youth = app.youth().await;
    let truth = pdf(1, 200_000);
    let document = deposited(app, &youth, "un.pdf", &truth).await;
    let object = objects_of(app, &document).remove(0);
    let whole = fs::read(&object).unwrap();
    for shorter in [0, 40, 33 + 65_552, whole.len() - 1] {
        fs::write(&object, &whole[..shorter]).unwrap();
        breaks_off(&youth, &document, &truth, &format!("cut to {shorter}")).await;
    }
    fs::remove_file(&object).unwrap();
    breaks_off(&youth, &document, &truth, "no object").await;
    // The document can still be deleted.
    youth.browser.post(&format!("{}/supprimer", path_of(&document)), &[]).await.expect(303);
    crate::vault_bad_input::nothing_stored(app).await;
}

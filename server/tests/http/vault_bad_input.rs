//! Deposits that a vault refuses: wrong content, deceptive names, malformed forms (V1). Each gets its sentence, and
//! nothing is left behind.

use crate::{
    files::{docm, docx_bomb, docx_with_macros, pdf, plain_zip, random, sample, vast_png, xlsx},
    support::{Answer, MULTIPART, Person, TestApp, multipart, on_both_engines},
};
use axum::{body::Body, http::Method};
use domain::vault::{Category, FileKind};

on_both_engines!(
    a_file_that_is_not_what_its_name_says_is_refused,
    a_file_that_would_harm_its_reader_is_refused,
    a_name_that_deceives_is_refused,
    a_form_without_a_file_or_a_category_says_which_is_missing,
    a_form_in_the_wrong_order_stores_nothing_and_says_so,
    a_malformed_body_is_refused,
    a_file_without_a_name_is_refused_with_a_sentence,
);

const VAULT: &str = "/mon-espace/coffre-fort";
const CONTENT: &str = "Son contenu n’est pas ce que son nom annonce.";
const DAMAGED: &str = "Ce fichier est abîmé.";
const KIND: &str = "Ce type de fichier n’est pas accepté.";
const UNREADABLE: &str = "Le formulaire est arrivé abîmé. Rien n’a été enregistré : réessayez.";

/// Checks that there is no row, no counted byte and no object.
#[track_caller]
pub(crate) fn nothing_stored(app: &TestApp) -> impl Future<Output = ()> + '_ {
    let place = std::panic::Location::caller();
    async move {
        let rows = app.number("SELECT COUNT(*) FROM document".into()).await;
        let counted = app.number("SELECT CAST(SUM(bytes + documents) AS BIGINT) FROM vault".into()).await;
        assert_eq!(
            (rows, counted, app.object_files()),
            (0, 0, Vec::new()),
            "left behind: rows, counted, objects ({place})"
        );
    }
}

/// Checks that the page shows the sentence beside the name.
#[track_caller]
fn expect_refused(answer: Answer, name: &str, sentence: &str) {
    answer.expect(422).expect_sentence(&format!("« {name} » : {sentence}"));
}

async fn send(youth: &Person, content_type: &str, body: Vec<u8>) -> Answer {
    let headers = [("content-type", content_type), ("sec-fetch-site", "same-origin")];
    youth.browser.send(Method::POST, VAULT, &headers, Body::from(body)).await
}

async fn a_file_that_is_not_what_its_name_says_is_refused(app: &TestApp) {
    let youth = app.youth().await;
    let jpeg = sample(FileKind::Jpeg, 1, 9_000);
    let docx = sample(FileKind::Docx, 2, 9_000);
    let whole = pdf(3, 9_000);
    let gif_and_pdf = [b"GIF89a", whole.as_slice()].concat();
    let html_and_pdf = [b"<html><script>alert(1)</script>\n", whole.as_slice()].concat();
    for (name, bytes, sentence) in [
        ("page.pdf", &b"<!DOCTYPE html><script>alert(1)</script>"[..], CONTENT),
        ("dessin.png", b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>", CONTENT),
        ("image.jpg", b"GIF89a\x01\0\x01\0\0\0\0;", CONTENT),
        ("programme.pdf", b"MZ\x90\0\x03\0\0\0", CONTENT),
        ("deux.pdf", &gif_and_pdf, CONTENT),
        ("page-et.pdf", &html_and_pdf, CONTENT),
        ("texte.heic", b"Bonjour", CONTENT),
        ("photo.pdf", &jpeg, CONTENT),
        ("papier.jpg", &whole, CONTENT),
        ("archive.docx", &plain_zip(), CONTENT),
        ("tableau.docx", &xlsx(), CONTENT),
        ("word.odt", &docx, CONTENT),
        ("libre.docx", &sample(FileKind::Odt, 4, 9_000), CONTENT),
        ("coupé.docx", &docx[..docx.len() - 40], DAMAGED),
        ("coupé.pdf", &whole[..whole.len() / 2], DAMAGED),
        ("coupé.png", &sample(FileKind::Png, 5, 9_000)[..4_000], DAMAGED),
        ("vide.pdf", b"", "Ce fichier est vide."),
        ("programme.exe", &whole, KIND),
        ("page.pdf.html", &whole, KIND),
        ("sans extension", &whole, KIND),
        ("dessin.svg", b"<svg/>", KIND),
        ("tableau.xlsx", &xlsx(), KIND),
        ("macros.docm", &docm(), KIND),
    ] {
        expect_refused(youth.browser.deposit(VAULT, "other", &[(name, bytes)]).await, name, sentence);
    }
    nothing_stored(app).await;
    // The file that was refused under a wrong name is accepted under its own.
    youth.browser.deposit(VAULT, "other", &[("photo.jpg", &jpeg), ("cv.docx", &docx)]).await.expect(303);
    assert_eq!(app.documents(&youth).await.len(), 2);
}

async fn a_file_that_would_harm_its_reader_is_refused(app: &TestApp) {
    let youth = app.youth().await;
    let macros = "Ce fichier contient des programmes (macros).";
    for (name, bytes, sentence) in [
        ("cv.docx", docx_with_macros(), macros),
        ("lettre.docx", docm(), macros),
        ("bombe.docx", docx_bomb(), DAMAGED),
        ("immense.png", vast_png(), DAMAGED),
    ] {
        expect_refused(youth.browser.deposit(VAULT, "other", &[(name, &bytes)]).await, name, sentence);
    }
    nothing_stored(app).await;
}

async fn a_name_that_deceives_is_refused(app: &TestApp) {
    let youth = app.youth().await;
    let file = pdf(1, 900);
    let forbidden = "Son nom contient des signes que nous ne pouvons pas garder.";
    let long = format!("{}.pdf", "é".repeat(147));
    for (name, shown, sentence) in [
        ("../../etc/passwd.pdf", "../../etc/passwd.pdf", forbidden),
        ("..\\..\\boot.pdf", "..\\..\\boot.pdf", forbidden),
        ("/etc/x.pdf", "/etc/x.pdf", forbidden),
        ("cv\u{202e}fdp.pdf", "cv\u{202e}fdp.pdf", forbidden),
        ("cv\u{200b}.pdf", "cv\u{200b}.pdf", forbidden),
        (".htaccess.pdf", ".htaccess.pdf", forbidden),
        ("<img src=x>.pdf", "&lt;img src=x&gt;.pdf", forbidden),
        (&long, &long, "Son nom est trop long."),
    ] {
        expect_refused(youth.browser.deposit(VAULT, "other", &[(name, &file)]).await, shown, sentence);
    }
    nothing_stored(app).await;

    // A header cannot hold a control character, so the whole form counts as damaged.
    for name in ["a\0.pdf", "a\rb.pdf", "a\x7f.pdf"] {
        youth.browser.deposit(VAULT, "other", &[(name, &file)]).await.expect(422).expect_sentence(UNREADABLE);
        nothing_stored(app).await;
    }

    let longest = format!("{}.pdf", "é".repeat(146));
    youth.browser.deposit(VAULT, "other", &[(&longest, &file), ("契約 (2) – ñ.pdf", &file)]).await.expect(303);
    let names: Vec<_> = app.documents(&youth).await.into_iter().map(|document| document.name).collect();
    assert_eq!(names, ["契約 (2) – ñ.pdf", &longest]);
}

async fn a_form_without_a_file_or_a_category_says_which_is_missing(app: &TestApp) {
    let youth = app.youth().await;
    let file = pdf(1, 900);
    let head = b"--limite-42\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n";
    let without_category = [head, file.as_slice(), b"\r\n--limite-42--\r\n"].concat();
    for (body, field, sentence) in [
        (multipart("identity", &[]), "file", "Remplissez ce champ."),
        (multipart("identity", &[("", b"")]), "file", "Remplissez ce champ."),
        (multipart("", &[("a.pdf", &file)]), "category", "Remplissez ce champ."),
        (multipart("Identity", &[("a.pdf", &file)]), "category", "Choisissez dans la liste."),
        (multipart("'; DROP TABLE document; --", &[("a.pdf", &file)]), "category", "Choisissez dans la liste."),
        (multipart(&"a".repeat(1025), &[("a.pdf", &file)]), "file", UNREADABLE),
        (without_category, "category", "Remplissez ce champ."),
    ] {
        send(&youth, MULTIPART, body)
            .await
            .expect(422)
            .expect_sentence(sentence)
            .expect_text(&format!("id=\"{field}-erreur\""))
            .expect_text("Erreur");
        nothing_stored(app).await;
    }
    // The category that was chosen is still chosen.
    send(&youth, MULTIPART, multipart("money", &[])).await.expect(422).expect_text("<option value=\"money\" selected");
}

async fn a_form_in_the_wrong_order_stores_nothing_and_says_so(app: &TestApp) {
    let youth = app.youth().await;
    let file = pdf(1, 900);
    let part = |name: &str| {
        let head = format!("--limite-42\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        [head.as_bytes(), &file, b"\r\n"].concat()
    };
    let category = b"--limite-42\r\nContent-Disposition: form-data; name=\"category\"\r\n\r\nmoney\r\n".as_slice();
    let end = b"--limite-42--\r\n".as_slice();
    for body in [[&part("a.pdf"), category, end].concat(), [&part("a.pdf"), category, &part("b.pdf"), end].concat()] {
        send(&youth, MULTIPART, body).await.expect(422).expect_sentence(UNREADABLE);
        nothing_stored(app).await;
    }
    // The first category counts, and other fields are read and dropped.
    let other = |name: &str| format!("--limite-42\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\nx\r\n");
    let (unknown, second) = (other("autre"), other("category"));
    let body = [unknown.as_bytes(), category, &part("a.pdf"), second.as_bytes(), &part("b.pdf"), end].concat();
    send(&youth, MULTIPART, body).await.expect_see("/mon-espace/coffre-fort?depose=2");
    assert!(app.documents(&youth).await.iter().all(|document| document.category == Category::Money));
}

async fn a_malformed_body_is_refused(app: &TestApp) {
    let youth = app.youth().await;
    let body = multipart("money", &[("a.pdf", &pdf(1, 900))]);
    for (content_type, body) in [
        ("application/x-www-form-urlencoded", b"category=money&file=a.pdf".to_vec()),
        ("application/json", b"{}".to_vec()),
        ("text/plain", body.clone()),
        ("multipart/form-data", body.clone()),
        ("multipart/form-data; boundary=autre", body.clone()),
        ("multipart/form-data; boundary=", body.clone()),
        (MULTIPART, Vec::new()),
        (MULTIPART, random(1, 5_000)),
        (MULTIPART, body[..90].to_vec()),
        (MULTIPART, [&body[..20], &vec![b'x'; 70_000], b"\r\n\r\n"].concat()),
    ] {
        let what = format!("{content_type}, {} bytes", body.len());
        let answer = send(&youth, content_type, body).await;
        assert_eq!(answer.status, 422, "{what}");
        nothing_stored(app).await;
    }
    let headers = [("sec-fetch-site", "same-origin")];
    let answer = youth.browser.send(Method::POST, VAULT, &headers, Body::from(body)).await;
    answer.expect(422).expect_sentence(UNREADABLE);
    nothing_stored(app).await;
}

async fn a_file_without_a_name_is_refused_with_a_sentence(app: &TestApp) {
    let youth = app.youth().await;
    let file = pdf(1, 900);
    let no_name = "Ce fichier n’a pas de nom.";
    let nameless = multipart("money", &[("a.pdf", &file), ("", &file)]);
    send(&youth, MULTIPART, nameless).await.expect(422).expect_sentence(&format!("<a href=\"#fichiers\">{no_name}"));
    // The form has another encoding than the page, so no name can be read.
    let mut latin = multipart("money", &[("XX.pdf", &file)]);
    let at = latin.windows(2).position(|window| window == b"XX").unwrap();
    latin[at..at + 2].copy_from_slice(b"\xE9\xE8");
    send(&youth, MULTIPART, latin).await.expect(422).expect_sentence(&format!("<a href=\"#fichiers\">{no_name}"));
    send(&youth, MULTIPART, multipart("money", &[("   ", &file)])).await.expect(422).expect_sentence(no_name);
    assert_eq!(app.documents(&youth).await.len(), 1);
}

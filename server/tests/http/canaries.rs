//! These tests send unique names, file names, secrets and texts through the real forms. Then they look for them where
//! they must not be: in the log, on error pages, in other columns of both databases, in objects and files.

use crate::{
    captured,
    files::pdf,
    second_factor::shown,
    support::{Answer, Browser, Engine, PASSWORD, Person, TOTP_KEY, TestApp, files_under, on_both_engines},
    tables::{self, Line},
};
use axum::{body::Body, http::Method};
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use domain::{
    actor::Role,
    consent::SESSION_COOKIE,
    identity::{Identities, Stage},
};
use std::{collections::BTreeSet, fs, process::Command};

on_both_engines!(personal_data_and_secrets_stay_in_their_places);

const VAULT: &str = "/mon-espace/coffre-fort";
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// What a person enters about themselves, with the columns that may hold it.
const PERSONAL: &[(&str, &[&str])] = &[
    ("zyphirine", &["youth.first_name", "youth.sort_key", "youth.search_key"]),
    ("kanaribirth", &["youth.birth_name", "youth.search_key"]),
    ("kanariusual", &["youth.usual_name", "youth.sort_key", "youth.search_key"]),
    ("7 ruelle kanari", &["youth.address"]),
    ("kanariville", &["youth.city"]),
    ("+33199777001", &["youth.phone"]),
    ("kanari.mel@exemple.test", &["youth.email"]),
    ("kanarimetier", &["youth.target_job"]),
    ("kanaricorrection", &["correction.message"]),
    ("karim equipe", &["staff.name", "staff.sort_key"]),
    ("equipe@exemple.test", &["staff.email"]),
    ("+33199000001", &["staff.phone"]),
];

/// What no table may hold as plain text.
const SECRET: &[&str] = &[
    PASSWORD,
    "motfaux-kanari-99",
    "kanarifiche",
    "kanarirefus",
    "kanaridepot",
    "kanarichemin",
    "kanarirequete",
    "kanariagent",
    "kanaricookie",
    "kanarirenvoi",
    "198.51.100.77",
    "inconnu-kanari",
    "kanaritroplong",
];

/// The error pages of a flow, and every secret that was given out on the way.
#[derive(Default)]
struct Flow {
    pages: Vec<(&'static str, Answer)>,
    handed_out: Vec<String>,
}

impl Flow {
    fn keep(&mut self, what: &'static str, status: u16, answer: Answer) {
        self.pages.push((what, answer.expect(status)));
    }

    fn token(&mut self, browser: &Browser) {
        self.handed_out.push(browser.cookie(SESSION_COOKIE).expect("a session"));
    }
}

async fn posted(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let headers = [
        FORM,
        ("sec-fetch-site", "same-origin"),
        ("user-agent", "KanariAgent/1 Firefox"),
        ("referer", "https://portail.test/kanarirenvoi?q=kanarirenvoi"),
        ("x-forwarded-for", "198.51.100.77"),
        ("forwarded", "for=198.51.100.77"),
    ];
    browser.send(Method::POST, path, &headers, Body::from(serde_html_form::to_string(fields).unwrap())).await
}

async fn signs_in(app: &TestApp, flow: &mut Flow, youth: &Person) -> Browser {
    let browser = app.anonymous();
    browser.set_cookie("kanaricookie", "kanaricookie");
    fn fields<'a>(identifier: &'a str, password: &'a str) -> [(&'a str, &'a str); 2] {
        [("identifier", identifier), ("password", password)]
    }
    posted(&browser, "/connexion", &fields(&youth.identifier, "motfaux-kanari-99")).await.expect(422);
    posted(&browser, "/connexion", &fields("inconnu-kanari", "motfaux-kanari-99")).await.expect(422);
    flow.keep("another site", 403, {
        let headers = [FORM, ("sec-fetch-site", "cross-site")];
        let body = format!("identifier={}&password={PASSWORD}", youth.identifier);
        browser.send(Method::POST, "/connexion", &headers, Body::from(body)).await
    });
    posted(&browser, "/connexion?vers=%2Fkanarirequete", &fields(&youth.identifier, PASSWORD)).await.expect(303);
    flow.token(&browser);
    browser
}

async fn enrols(app: &TestApp, flow: &mut Flow) -> Browser {
    let person = app.staff_signed_out(Role::Advisor, None).await;
    let browser = app.anonymous();
    let fields = [("identifier", person.identifier.as_str()), ("password", PASSWORD)];
    posted(&browser, "/connexion", &fields).await.expect_see("/connexion/enrolement");
    flow.token(&browser);
    let session = |browser: &Browser| browser.cookie(SESSION_COOKIE).unwrap();
    let step = app.services.session(&session(&browser)).await.unwrap().unwrap();
    browser.get("/connexion/enrolement").await.expect(200);
    let key = app.services.enrolment(&step).await.unwrap().key;
    let secret: [u8; 20] = BASE32_NOPAD.decode(key.as_bytes()).unwrap().try_into().unwrap();
    flow.handed_out.extend([key, HEXLOWER.encode(&secret)]);
    posted(&browser, "/connexion/enrolement", &[("code", "123")]).await.expect(422);
    posted(&browser, "/connexion/enrolement", &[("code", &shown(app, secret, 0))])
        .await
        .expect_see("/connexion/codes-de-secours");
    flow.token(&browser);
    browser.get("/connexion/codes-de-secours").await.expect(200);
    let step = app.services.session(&session(&browser)).await.unwrap().unwrap();
    let codes = app.services.recovery_codes(&step).await.unwrap();
    posted(&browser, "/connexion/codes-de-secours", &[]).await.expect_see("/conseiller");
    flow.token(&browser);
    // One recovery code is used, and a wrong one is tried.
    let next = app.at_stage(person.account, Stage::SecondFactor).await;
    posted(&next, "/connexion/code", &[("code", &codes[1].chars().rev().collect::<String>())]).await;
    posted(&next, "/connexion/code", &[("code", &codes[0])]).await.expect_see("/conseiller");
    flow.token(&next);
    flow.handed_out.extend(codes);
    browser
}

async fn uses_the_vault(app: &TestApp, flow: &mut Flow, youth: &Person, browser: &Browser) {
    let file = pdf(1, 5_000);
    browser.deposit(VAULT, "identity", &[("Kanarifiche.pdf", &file)]).await.expect(303);
    browser.deposit(VAULT, "identity", &[("Kanarirefus.exe", &file)]).await.expect(422);
    browser.deposit(VAULT, "kanarirequete", &[("Kanarirefus.pdf", &file)]).await.expect(422);
    browser.deposit(VAULT, "identity", &[("Kanarirefus.png", &file)]).await.expect(422);
    app.objects.set_full(true);
    browser.deposit(VAULT, "identity", &[("Kanarirefus-plein.pdf", &file)]).await.expect(507);
    app.objects.set_full(false);
    let document = app.documents(youth).await.remove(0);
    let path = format!("{VAULT}/{}", document.id);
    browser.get(&path).await.expect(200);
    browser.get_with(&path, &[("range", "bytes=0-9")]).await.expect(206);
    browser.get_with(&path, &[("range", "bytes=99999999-")]).await.expect(416);
    browser.get(&format!("{path}/supprimer")).await.expect(200);
    browser.get(&format!("{VAULT}?q=kanarifiche")).await.expect(200);
    // A stranger tries to read the document, and the stored object is altered.
    let thief = app.youth().await;
    flow.keep("the document of another", 404, thief.browser.get(&path).await);
    flow.keep("the document of another", 404, thief.browser.post(&format!("{path}/supprimer"), &[]).await);
    let object = app.object_files().remove(0);
    let whole = fs::read(&object).unwrap();
    fs::write(&object, &whole[..whole.len() / 2]).unwrap();
    assert!(browser.get(&path).await.broken);
    fs::write(&object, &whole).unwrap();
}

async fn goes_wrong(app: &TestApp, flow: &mut Flow, youth: &Person, browser: &Browser, advisor: &Person) {
    posted(browser, "/mon-espace/profil", &[("message", "Kanaricorrection : mon nom")]).await.expect(303);
    posted(browser, "/mon-espace/profil", &[("message", &"kanaritroplong ".repeat(100))]).await.expect(422);
    browser
        .send(Method::POST, "/mon-espace/profil", &[FORM], Body::from("message=%ffkanaritroplong"))
        .await
        .expect(422);
    for browser in [browser, &app.anonymous(), &advisor.browser] {
        for path in ["/kanarichemin?q=kanarirequete", "/mon-espace/kanarichemin", "/assets/kanarichemin/x"] {
            flow.keep("no such page", 404, browser.get(path).await);
        }
    }
    flow.keep("no such document", 404, browser.get(&format!("{VAULT}/kanarichemin")).await);
    flow.keep("not for the young", 403, browser.get("/conseiller/jeunes?q=kanarirequete").await);
    let other = app.advisor().await;
    let file = format!("/conseiller/jeunes/{}", youth.id());
    flow.keep("not attached", 403, other.browser.get(&file).await);
    flow.keep(
        "not attached",
        403,
        other.browser.deposit(&format!("{file}/coffre-fort"), "other", &[("Kanaridepot.pdf", &pdf(3, 900))]).await,
    );
    flow.keep(
        "a method nobody offers",
        405,
        browser.send(Method::PUT, "/mon-espace?q=kanarirequete", &[], Body::empty()).await,
    );
    // An attached advisor sees everything, and may search for it.
    advisor.browser.get(&file).await.expect(200).expect_text("Zyphirine");
    advisor.browser.get("/conseiller/jeunes?q=zyphirine").await.expect(200).expect_text("Zyphirine");
    advisor
        .browser
        .deposit(&format!("{file}/coffre-fort"), "other", &[("Kanaridepot.pdf", &pdf(2, 900))])
        .await
        .expect(303);
    // These cookies are not valid.
    let visitor = app.anonymous();
    visitor.set_cookie("eu-consent", "%7B%22kanaricookie%22%3A1%7D");
    visitor.set_cookie(SESSION_COOKIE, "kanaricookie-kanaricookie-kanaricookie-kana");
    visitor.get("/").await.expect(200);
    visitor.get("/mon-espace").await.expect(303);
}

async fn personal_data_and_secrets_stay_in_their_places(app: &TestApp) {
    captured::start();
    let youth = app
        .youth_with(|profile| {
            profile.first_name = "Zyphirine".into();
            profile.birth_name = "Kanaribirth".into();
            profile.usual_name = Some("Kanariusual".into());
            profile.address = Some("7 ruelle Kanari".into());
            profile.city = Some("Kanariville".into());
            profile.phone = Some("+33199777001".into());
            profile.email = Some("kanari.mel@exemple.test".into());
            profile.target_job = Some("kanarimetier".into());
        })
        .await;
    let advisor = app.advisor().await;
    app.attach(&youth, &advisor).await;
    let mut flow = Flow::default();
    flow.handed_out.push(BASE32_NOPAD.encode(&TOTP_KEY));
    let browser = signs_in(app, &mut flow, &youth).await;
    let enrolled = enrols(app, &mut flow).await;
    uses_the_vault(app, &mut flow, &youth, &browser).await;
    goes_wrong(app, &mut flow, &youth, &browser, &advisor).await;
    app.services.sweep(true).await.unwrap();

    // At last the database is closed, so that the error pages of that case are looked at too.
    app.services.close().await;
    flow.keep("no database", 503, browser.get("/mon-espace/profil?q=kanarirequete").await);
    flow.keep("no database", 503, enrolled.get("/conseiller/jeunes?q=kanarirequete").await);
    let fields = [("identifier", youth.identifier.as_str()), ("password", PASSWORD)];
    flow.keep("no database", 503, posted(&app.anonymous(), "/connexion", &fields).await);

    check_pages(&flow);
    check_log(&flow, &youth.identifier);
    check_tables(app, &flow, &youth.identifier).await;
    check_files(app, &flow, &youth.identifier);
}

/// No error page shows any of this, whoever looks at it.
fn check_pages(flow: &Flow) {
    assert!(flow.pages.len() > 15);
    for (what, answer) in &flow.pages {
        let body = String::from_utf8_lossy(&answer.body).to_lowercase();
        let headers = format!("{:?}", answer.headers).to_lowercase();
        let personal = PERSONAL.iter().map(|(canary, _)| *canary);
        let handed_out = flow.handed_out.iter().map(String::as_str);
        // A form carries the page's own address, to return to it after the post.
        let secret = SECRET.iter().copied().filter(|canary| !["kanarichemin", "kanarirequete"].contains(canary));
        for canary in personal.chain(secret).chain(handed_out) {
            let canary = canary.to_lowercase();
            assert!(!body.contains(&canary) && !headers.contains(&canary), "{what}: {canary} in\n{headers}\n{body}");
        }
    }
}

fn check_log(flow: &Flow, identifier: &str) {
    // The test of this test: it finds a canary in a line of ours.
    tracing::trace!(canary = "kanari-du-test", "planted");
    let log = captured::text().to_lowercase();
    assert!(log.contains("kanari-du-test") && log.contains("planted"));
    assert!(log.contains("/mon-espace/coffre-fort/{document}"), "requests are logged by their route");
    let personal = PERSONAL.iter().map(|(canary, _)| *canary);
    let handed_out = flow.handed_out.iter().map(String::as_str);
    for canary in personal.chain(SECRET.iter().copied()).chain(handed_out) {
        let line = log.lines().find(|line| line.contains(&canary.to_lowercase()) && !line.contains("kanari-du-test"));
        assert!(line.is_none(), "{canary} is in the log: {}", line.unwrap_or_default());
    }
    // Identifiers of this test resemble others, so only whole words count.
    let word = |line: &str| line.split(|c: char| !c.is_alphanumeric() && c != '.').any(|word| word == identifier);
    assert!(!log.lines().any(word), "{identifier} is in the log");
}

/// The columns that hold `canary`, as it is or folded.
fn holders(lines: &[Line], canary: &str) -> BTreeSet<String> {
    let canary = canary.to_lowercase();
    let mut found = BTreeSet::new();
    for line in lines {
        for cell in &line.cells {
            let value = cell.value.as_deref().map(|value| String::from_utf8_lossy(value).to_lowercase());
            if value.is_some_and(|value| value.contains(&canary)) {
                found.insert(format!("{}.{}", line.table, cell.column));
            }
        }
    }
    found
}

async fn check_tables(app: &TestApp, flow: &Flow, identifier: &str) {
    let mut lines = tables::all(app.urls().0).await;
    let keyring = tables::all(app.urls().1).await;
    assert!(lines.len() > 30 && keyring.len() >= 2, "{} and {} rows", lines.len(), keyring.len());
    lines.extend(keyring);
    for (canary, columns) in PERSONAL.iter().copied().chain([(identifier, &["account.identifier"][..])]) {
        let expected: BTreeSet<String> = columns.iter().map(ToString::to_string).collect();
        assert_eq!(holders(&lines, canary), expected, "« {canary} »");
    }
    for canary in SECRET.iter().copied().chain(flow.handed_out.iter().map(String::as_str)) {
        assert_eq!(holders(&lines, canary), BTreeSet::new(), "« {canary} »");
    }
    // The keys do not stand there as raw bytes either.
    let raw = |lines: &[Line], key: &[u8]| {
        let cells = lines.iter().flat_map(|line| &line.cells).filter_map(|cell| cell.value.as_deref());
        cells.filter(|value| value.windows(key.len()).any(|window| window == key)).count()
    };
    assert_eq!(raw(&lines, &TOTP_KEY), 0);
    assert!(raw(&lines, b"Kanaribirth") > 0, "the search finds what is there");
}

fn check_files(app: &TestApp, flow: &Flow, identifier: &str) {
    let folder = app.folder.path();
    let (objects, files) = (files_under(&folder.join("objects")), files_under(folder));
    assert!(objects.len() >= 2);
    assert!(app.engine == Engine::Postgres || files.iter().any(|file| file.ends_with("data.db")));
    let holds = |bytes: &[u8], text: &str| {
        let (bytes, text) = (bytes.to_ascii_lowercase(), text.to_ascii_lowercase());
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    };
    for file in &files {
        let bytes = fs::read(file).unwrap();
        let name = file.strip_prefix(folder).unwrap().display().to_string();
        let handed_out = flow.handed_out.iter().map(String::as_str);
        for canary in SECRET.iter().copied().chain(handed_out) {
            assert!(!holds(&bytes, canary) && !holds(name.as_bytes(), canary), "{canary} is in {name}");
        }
        if objects.contains(file) {
            for (canary, _) in PERSONAL {
                assert!(!holds(&bytes, canary) && !holds(name.as_bytes(), canary), "{canary} is in {name}");
            }
            assert!(!holds(name.as_bytes(), identifier), "{name}");
        }
    }
}

/// The test below runs this one in a process of its own, because a panic hook belongs to a whole process.
#[test]
#[ignore = "run by a_panic_is_logged_without_its_message"]
fn a_panic_in_a_process_of_its_own() {
    tracing_subscriber::fmt().with_ansi(false).with_writer(std::io::stderr).init();
    server::logs::keep_panics_quiet();
    let worked_on = std::hint::black_box("Zyphirine Kanaribirth");
    let _ = std::panic::catch_unwind(|| panic!("no room for {worked_on}"));
    let _ = std::panic::catch_unwind(|| panic!("a sentence of the program"));
}

#[test]
fn a_panic_is_logged_without_its_message() {
    let test = ["--exact", "canaries::a_panic_in_a_process_of_its_own", "--ignored", "--nocapture"];
    let output = Command::new(std::env::current_exe().unwrap()).args(test).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && out.contains("1 passed"), "{out}\n{err}");
    assert_eq!(err.matches("panicked").count(), 2, "{err}");
    assert!(err.contains("canaries.rs:") && err.contains("a sentence of the program"), "{err}");
    assert!(!err.contains("Zyphirine") && !out.contains("Zyphirine"), "{out}\n{err}");
}

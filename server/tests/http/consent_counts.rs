//! What the administration sees of choices: daily numbers, what pages tried to load, the ledger and its texts. Also how
//! browsers report what a page tried to load.

use crate::{
    ledger::{choice, record},
    support::{Answer, Browser, ORIGIN, TestApp, on_both_engines},
};
use axum::{body::Body, http::Method};
use domain::{
    actor::{Actor, Role},
    consent::{ChoiceCounts, ConsentOverview, Consents, Violation},
    error::PortError,
    time::CivilDate,
};
use futures::future::join_all;
use serde_json::json;
use services::Stop;

on_both_engines!(
    choices_are_counted_on_their_day,
    visits_are_counted_in_memory_and_written_down,
    only_administrators_and_the_dpo_see_the_numbers,
    the_number_of_stored_violations_is_limited,
    violations_are_deleted_after_ninety_days,
    reports_of_browsers_are_kept_with_few_details,
    a_malformed_report_is_refused_and_not_echoed,
    a_flood_of_reports_costs_little,
    the_page_shows_what_was_chosen_and_what_was_blocked,
    every_text_that_was_shown_can_be_read_again,
);

const DAY: i64 = 24 * 60 * 60 * 1_000;
const LONG_AGO: CivilDate = match CivilDate::new(2020, 1, 1) {
    Some(day) => day,
    None => panic!("a day"),
};

async fn overview_from(app: &TestApp, from: CivilDate) -> ConsentOverview {
    let actor = Actor::staff(app.staff(Role::Dpo).await.account, Role::Dpo);
    app.services.overview(&actor, from).await.unwrap()
}

async fn overview(app: &TestApp) -> ConsentOverview {
    overview_from(app, LONG_AGO).await
}

fn violation(number: usize) -> Violation {
    Violation {
        directive: "img-src".to_owned(),
        blocked: format!("https://n{number}.exemple.test"),
        route: "/".to_owned(),
    }
}

async fn choices_are_counted_on_their_day(app: &TestApp) {
    assert_eq!(overview(app).await.days, []);
    for accepted in [&["measure", "video"][..], &[], &["video"], &["video"], &[]] {
        app.services.record(choice(accepted, "Un texte")).await.unwrap();
    }
    // It is 10 h in Paris, so fourteen hours later it is the next day.
    app.clock.advance_millis(14 * 60 * 60 * 1_000 - 1);
    app.services.record(choice(&[], "Un texte")).await.unwrap();
    app.clock.advance_millis(1);
    app.services.record(choice(&[], "Un texte")).await.unwrap();
    let found = overview(app).await;
    let first = ChoiceCounts { shown: 0, accepted: 1, refused: 3, custom: 2 };
    let second = ChoiceCounts { refused: 1, ..ChoiceCounts::default() };
    let day = |text: &str| text.parse::<CivilDate>().unwrap();
    assert_eq!(found.days, [(day("2026-03-11"), second), (day("2026-03-10"), first)]);
    assert_eq!(found.total, ChoiceCounts { refused: 4, ..first });
    assert_eq!((found.total.decided(), found.total.ignored()), (7, 0));
    assert_eq!((found.receipts, found.pruned), (7, 0));
    let found = overview_from(app, day("2026-03-11")).await;
    assert_eq!((found.days.len(), found.total), (1, second));
}

async fn visits_are_counted_in_memory_and_written_down(app: &TestApp) {
    let second = app.second_instance().await;
    for _ in 0..5 {
        app.services.note_shown();
    }
    second.note_shown();
    assert_eq!(overview(app).await.total.shown, 0);
    app.services.flush_shown().await.unwrap();
    app.services.flush_shown().await.unwrap();
    assert_eq!(overview(app).await.total.shown, 5, "each once");
    // While the database does not answer, visits wait and are counted next time.
    app.services.note_shown();
    app.execute("ALTER TABLE consent_day RENAME TO elsewhere".into()).await;
    app.services.flush_shown().await.unwrap_err();
    app.execute("ALTER TABLE elsewhere RENAME TO consent_day".into()).await;
    app.services.flush_shown().await.unwrap();
    // When the worker is asked to stop, it writes the remaining visits first.
    let (stopper, stop) = Stop::new();
    let worker = tokio::spawn({
        let second = second.clone();
        async move { second.count_until(stop).await }
    });
    stopper.ask();
    worker.await.unwrap();
    let found = overview(app).await;
    assert_eq!((found.total.shown, found.total.ignored()), (7, 7));
    record(app, 3).await;
    assert_eq!(overview(app).await.total.ignored(), 4);
    second.close().await;
}

async fn only_administrators_and_the_dpo_see_the_numbers(app: &TestApp) {
    for role in Role::ALL {
        let actor = Actor::staff(app.staff(role).await.account, role);
        let may = [Role::Administrator, Role::Dpo].contains(&role);
        let (overview, texts) = (app.services.overview(&actor, LONG_AGO).await, app.services.texts(&actor, 1).await);
        assert_eq!(overview.err(), (!may).then_some(PortError::Refused), "{role:?}");
        assert_eq!(texts.err(), (!may).then_some(PortError::Refused), "{role:?}");
    }
    for actor in [Actor::anonymous(), Actor::machine("jobs")] {
        assert_eq!(app.services.overview(&actor, LONG_AGO).await, Err(PortError::Refused));
        assert_eq!(app.services.texts(&actor, 1).await, Err(PortError::Refused));
    }
}

async fn the_number_of_stored_violations_is_limited(app: &TestApp) {
    let second = app.second_instance().await;
    // Both instances receive the same reports, and more of them than there is room for.
    let of = |services: &services::Services| {
        let services = services.clone();
        async move {
            for number in 0..220 {
                services.note_violation(violation(number)).await.unwrap();
            }
        }
    };
    join_all([of(&app.services), of(&second)]).await;
    second.close().await;
    let rows = app.number("SELECT COUNT(*) FROM consent_violation".into()).await;
    assert!(rows <= 200, "{rows}");
    assert!(rows >= 100, "{rows}");
    let reports = app.number("SELECT CAST(SUM(reports) AS BIGINT) FROM consent_violation".into()).await;
    let found = overview(app).await;
    assert_eq!(u64::try_from(reports).unwrap() + found.other_reports, 440, "none is lost");
    assert!(found.other_reports >= 40);
    assert_eq!(found.violations.len(), 50, "a page of them");
    // A violation that has a row goes on being counted, and the next day has room again.
    app.services.note_violation(violation(0)).await.unwrap();
    assert_eq!(overview(app).await.violations[0].reports, 3);
    app.clock.advance_millis(DAY);
    app.services.note_violation(violation(500)).await.unwrap();
    assert_eq!(app.number("SELECT COUNT(*) FROM consent_violation".into()).await, rows + 1);
    // A report with an unknown word is not kept, whoever sends it.
    let others = overview(app).await.other_reports;
    for bad in ["", "a\nb", "é", &"x".repeat(121)] {
        app.services.note_violation(Violation { blocked: bad.to_owned(), ..violation(0) }).await.unwrap();
    }
    assert_eq!(overview(app).await.other_reports, others + 4);
    assert_eq!(app.number("SELECT COUNT(*) FROM consent_violation".into()).await, rows + 1);
}

async fn violations_are_deleted_after_ninety_days(app: &TestApp) {
    app.services.note_violation(violation(0)).await.unwrap();
    app.clock.advance_millis(90 * DAY);
    app.services.note_violation(violation(1)).await.unwrap();
    let prune = async |dry| app.services.run_job("prune-history", None, dry).await.unwrap().counts["violations"];
    assert_eq!(prune(false).await, 0);
    app.clock.advance_millis(DAY);
    assert_eq!((prune(true).await, prune(false).await, prune(false).await), (1, 1, 0));
    assert_eq!(app.number("SELECT COUNT(*) FROM consent_violation".into()).await, 1);
}

async fn report(browser: &Browser, kind: &'static str, headers: &[(&'static str, &str)], body: &str) -> Answer {
    let headers = [&[("content-type", kind)], headers].concat();
    browser.send(Method::POST, "/csp", &headers, Body::from(body.to_owned())).await
}

const SINGLE: &str = "application/csp-report";
const SEVERAL: &str = "application/reports+json";

fn single(blocked: &str, path: &str) -> String {
    json!({"csp-report": {
        "document-uri": format!("{ORIGIN}{path}"), "referrer": format!("{ORIGIN}/canari"), "blocked-uri": blocked,
        "violated-directive": "script-src-elem", "effective-directive": "script-src-elem",
        "original-policy": "default-src 'none'; report-uri /csp", "disposition": "enforce", "status-code": 200,
        "source-file": format!("{ORIGIN}/canari.js"), "script-sample": "canari",
    }})
    .to_string()
}

async fn reports_of_browsers_are_kept_with_few_details(app: &TestApp) {
    let browser = app.anonymous();
    let page = "/conseiller/jeunes/0190f3c2-canari?recherche=canari";
    let one = single("https://canari@espion.exemple.test:444/canari?c=canari", page);
    // The reports are as browsers send them: from a page, from a sandboxed page, and from an older browser.
    for headers in [
        &[
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-mode", "no-cors"),
            ("sec-fetch-dest", "report"),
            ("origin", ORIGIN),
        ][..],
        &[("sec-fetch-site", "cross-site"), ("origin", "null")],
        &[],
    ] {
        let answer = report(&browser, SINGLE, headers, &one).await.expect(204);
        assert!(answer.body.is_empty() && !answer.headers.contains_key("set-cookie"));
        assert_eq!(answer.header("cache-control"), "private, no-store");
    }
    let body = json!({"documentURL": format!("{ORIGIN}/cookies?back=canari"), "blockedURL": "inline",
        "effectiveDirective": "style-src-attr", "sample": "canari"});
    let several = json!([
        {"type": "csp-violation", "age": 12, "url": format!("{ORIGIN}/canari"), "user_agent": "canari", "body": body},
        {"type": "intervention", "age": 1, "url": format!("{ORIGIN}/canari"), "user_agent": "canari", "body": {}},
    ]);
    report(&browser, SEVERAL, &[], &several.to_string()).await.expect(204);
    let found = overview(app).await;
    let kept: Vec<_> = found
        .violations
        .iter()
        .map(|count| {
            let Violation { directive, blocked, route } = &count.violation;
            (directive.as_str(), blocked.as_str(), route.as_str(), count.reports)
        })
        .collect();
    let expected = [
        ("script-src-elem", "https://espion.exemple.test", "/conseiller/jeunes/{youth}", 3),
        ("style-src-attr", "inline", "/cookies", 1),
    ];
    assert_eq!(kept, expected);
    let lines = crate::tables::all(app.urls().0).await;
    let canary = lines.iter().find(|line| {
        line.cells
            .iter()
            .any(|cell| cell.value.as_deref().is_some_and(|value| String::from_utf8_lossy(value).contains("anari")))
    });
    assert_eq!(canary, None);
}

async fn a_malformed_report_is_refused_and_not_echoed(app: &TestApp) {
    let browser = app.anonymous();
    let large = single(&"x".repeat(8 * 1024), "/");
    for (kind, body, status) in [
        (SINGLE, "canari", 400),
        (SINGLE, "{\"csp-report\":{\"canari\":1}}", 400),
        (SEVERAL, "{}", 400),
        (SINGLE, large.as_str(), 413),
        ("application/json", "{}", 415),
        ("text/plain", "canari", 415),
        ("application/x-www-form-urlencoded", "choice=accept", 415),
    ] {
        let answer = report(&browser, kind, &[], body).await.expect(status);
        assert!(answer.body.is_empty(), "{kind}: {}", answer.text());
    }
    // A report that says that it is too long is not read at all.
    report(&browser, SINGLE, &[("content-length", "9000")], "{}").await.expect(413);
    browser.send(Method::POST, "/csp", &[], Body::empty()).await.expect(415);
    browser.get("/csp").await.expect(405);
    assert_eq!(overview(app).await.violations, []);
    assert_eq!(app.number("SELECT COUNT(*) FROM consent_day".into()).await, 0);
}

async fn a_flood_of_reports_costs_little(app: &TestApp) {
    let browser = app.anonymous();
    let mut answers = Vec::new();
    for number in 0..40 {
        let body = single(&format!("https://n{number}.exemple.test"), "/");
        answers.push(report(&browser, SINGLE, &[], &body).await.status.as_u16());
    }
    assert_eq!(answers, [vec![204; 20], vec![429; 20]].concat());
    assert_eq!(overview(app).await.violations.len(), 20);
    app.clock.advance_millis(60_000);
    report(&browser, SINGLE, &[], &single("inline", "/")).await.expect(204);
}

async fn the_page_shows_what_was_chosen_and_what_was_blocked(app: &TestApp) {
    let dpo = app.staff(Role::Dpo).await.browser;
    dpo.get("/admin/consentements")
        .await
        .expect(200)
        .expect_sentence("Aucun choix pour l’instant")
        .expect_sentence("Rien n’a été bloqué");
    for accepted in [&["measure", "video"][..], &[], &[], &["video"]] {
        app.services.record(choice(accepted, "Un texte")).await.unwrap();
    }
    for _ in 0..10 {
        app.services.note_shown();
    }
    app.services.flush_shown().await.unwrap();
    report(&dpo, SINGLE, &[], &single("https://espion.exemple.test/a", "/cookies")).await.expect(204);
    report(&dpo, SINGLE, &[], &single("<script>", "/nulle-part")).await.expect(204);
    let page = dpo.get("/admin/consentements").await.expect(200);
    for sentence in
        ["10 mars 2026", "1 sur 10", "2 sur 10", "6 sur 10", "https://espion.exemple.test", "script-src-elem"]
    {
        assert!(page.readable().contains(sentence), "{sentence} is not in {}", page.readable());
    }
    let page = page.expect_text("<meter aria-label=\"Tout refusé\" min=\"0\" max=\"10\" value=\"2\"");
    page.expect_no_text("&lt;script&gt;").expect_no_text("style=\"").expect_no_text("Aucun choix");
    // The page covers thirty days: the first day is still there, and a day later it is not.
    app.clock.advance_millis(29 * DAY);
    dpo_again(app).await.get("/admin/consentements").await.expect(200).expect_sentence("10 mars 2026");
    app.clock.advance_millis(DAY);
    let page = dpo_again(app).await.get("/admin/consentements").await.expect(200);
    page.expect_sentence("Aucun choix pour l’instant").expect_no_text("10 mars 2026");
}

/// A session ends within days, so the data-protection officer signs in again.
async fn dpo_again(app: &TestApp) -> Browser {
    app.staff(Role::Dpo).await.browser
}

async fn every_text_that_was_shown_can_be_read_again(app: &TestApp) {
    let administrator = app.staff(Role::Administrator).await.browser;
    let path = "/admin/consentements/textes";
    administrator.get(path).await.expect(200).expect_sentence("Aucun texte pour l’instant");
    for number in 0..60 {
        app.services.record(choice(&[], &format!("Version {number} <b>du texte</b>"))).await.unwrap();
        app.clock.advance_millis(1_000);
    }
    let page = administrator.get(path).await.expect(200).expect_sentence("Page 1 sur 2");
    // The text is shown as it was, and nothing of it becomes markup.
    let page = page.expect_text("Version 59 &lt;b&gt;du texte&lt;/b&gt;").expect_no_text("<b>du texte");
    let text = page.text();
    assert!(text.find("Version 59").unwrap() < text.find("Version 58").unwrap(), "the newest first");
    assert_eq!(text.matches("Montré à partir").count(), 50);
    let page = administrator.get(&format!("{path}?page=2")).await.expect(200);
    assert_eq!(page.text().matches("Montré à partir").count(), 11);
    let page = page.expect_text("Version 0 ").expect_text("measure|video");
    page.expect_text("46ab015c05db4f4ac2a024cfb6e4f4a5fabeb08279079a4486db225721505776");
    for odd in ["0", "-1", "abc", "99", "99999999999"] {
        administrator.get(&format!("{path}?page={odd}")).await.expect(200).expect_text("Version");
    }
}

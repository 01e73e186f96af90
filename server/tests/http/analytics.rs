//! Visits (F8): which ones are recorded and with what, who sees the figures, and how old visits become totals.

use crate::support::{Browser, TestApp, on_both_engines};
use domain::{
    actor::{Actor, Role},
    analytics::{Analytics, PageVisit, Span, WAITING_MAX},
    error::PortError,
    time::CivilDate,
};
use services::Stop;

on_both_engines!(
    a_visit_to_a_public_page_is_recorded_with_few_details,
    visits_of_other_kinds_are_not_recorded,
    visits_wait_in_memory_until_the_database_answers,
    only_some_roles_see_the_figures,
    the_figures_cover_the_last_days,
    old_visits_become_totals,
);

const DAY: i64 = 24 * 60 * 60 * 1_000;
const PHONE: &str =
    "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36";

/// The headers by which a browser describes itself.
fn headers<'h>(more: &[(&'static str, &'h str)]) -> Vec<(&'static str, &'h str)> {
    [&[("user-agent", PHONE), ("accept-language", "fr-FR,fr;q=0.9")], more].concat()
}

async fn noted(app: &TestApp) -> i64 {
    app.services.flush_visits().await.unwrap();
    app.number("SELECT COUNT(*) FROM visit".into()).await
}

fn visit(page: &str) -> PageVisit {
    PageVisit {
        page: page.to_owned(),
        browser: "Chrome",
        language: "fr".to_owned(),
        system: "Android",
        device: "phone",
        referrer: None,
        address: "198.51.0.0".to_owned(),
    }
}

async fn a_visit_to_a_public_page_is_recorded_with_few_details(app: &TestApp) {
    app.clock.advance_millis(59_999);
    let visitor = app.anonymous();
    let from = headers(&[("referer", "https://exemple.org/page?q=lina")]);
    visitor.get_with("/mentions-legales?x=secret", &from).await.expect(200);
    assert_eq!(app.number("SELECT COUNT(*) FROM visit".into()).await, 0, "written down later");
    assert_eq!(noted(app).await, 1);
    let found = app
        .number(
            "SELECT COUNT(*) FROM visit WHERE page = '/mentions-legales' AND browser = 'Chrome' AND language = 'fr'
             AND system = 'Android' AND device = 'phone' AND referrer = 'exemple.org' AND at % 60000 = 0"
                .into(),
        )
        .await;
    assert_eq!(found, 1);
    // The answer sets no cookie.
    let answer = visitor.get_with("/", &headers(&[("referer", "https://portail.test/contact")])).await.expect(200);
    assert_eq!(answer.header("set-cookie"), "");
    assert_eq!(noted(app).await, 2);
    assert_eq!(app.number("SELECT COUNT(*) FROM visit WHERE referrer IS NULL".into()).await, 1);
}

async fn visits_of_other_kinds_are_not_recorded(app: &TestApp) {
    let visitor = app.anonymous();
    for signal in [("dnt", "1"), ("sec-gpc", "1"), ("sec-purpose", "prefetch")] {
        visitor.get_with("/", &headers(&[signal])).await.expect(200);
    }
    visitor.get_with("/", &[("user-agent", "Mozilla/5.0 (compatible; Examplebot/2.0)")]).await.expect(200);
    visitor.get("/").await.expect(200);
    visitor.get_with("/nulle-part", &headers(&[])).await.expect(404);
    visitor.get_with("/mon-espace", &headers(&[])).await.expect(303);
    visitor.get_with("/cookies/recu", &headers(&[])).await.expect(404);
    visitor.get_with("/sante", &headers(&[])).await.expect(200);
    visitor.get_with("/embed/youtube/jNQXAC9IVRw", &headers(&[])).await.expect(200);
    visitor.get_with("/dev/composants", &headers(&[])).await.expect(200);
    visitor.post("/connexion", &[]).await.expect(422);
    // People who are signed in are not counted, not even on public pages.
    for person in [app.youth().await, app.staff(Role::Administrator).await] {
        person.browser.get_with("/", &headers(&[])).await.expect(200);
    }
    app.youth().await.browser.get_with("/mon-espace", &headers(&[])).await.expect(200);
    assert_eq!(noted(app).await, 0);
}

async fn visits_wait_in_memory_until_the_database_answers(app: &TestApp) {
    let visitor: Browser = app.anonymous();
    visitor.get_with("/", &headers(&[])).await.expect(200);
    app.execute("ALTER TABLE visit RENAME TO elsewhere".into()).await;
    app.services.flush_visits().await.unwrap_err();
    visitor.get_with("/", &headers(&[])).await.expect(200);
    app.execute("ALTER TABLE elsewhere RENAME TO visit".into()).await;
    assert_eq!(noted(app).await, 2);
    // The memory keeps no more visits than it has room for.
    for _ in 0..WAITING_MAX + 10 {
        app.services.note_visit(visit("/"));
    }
    assert_eq!(app.services.flush_visits().await.unwrap(), WAITING_MAX);
    // When the worker is asked to stop, it writes the remaining visits first.
    let second = app.second_instance().await;
    second.note_visit(visit("/contact"));
    let (stopper, stop) = Stop::new();
    let worker = tokio::spawn({
        let second = second.clone();
        async move { second.count_until(stop).await }
    });
    stopper.ask();
    worker.await.unwrap();
    assert_eq!(app.number("SELECT COUNT(*) FROM visit WHERE page = '/contact'".into()).await, 1);
    second.close().await;
}

async fn only_some_roles_see_the_figures(app: &TestApp) {
    for role in Role::ALL {
        let actor = Actor::staff(app.staff(role).await.account, role);
        let may = [Role::Administrator, Role::Dpo, Role::Director].contains(&role);
        let found = app.services.figures(&actor, Span::Week).await;
        assert_eq!(found.err(), (!may).then_some(PortError::Refused), "{role:?}");
    }
    assert_eq!(app.services.figures(&Actor::anonymous(), Span::Week).await, Err(PortError::Refused));
}

async fn the_figures_cover_the_last_days(app: &TestApp) {
    let dpo = app.staff(Role::Dpo).await;
    dpo.browser.get("/admin/audience").await.expect(200).expect_text("Aucune page vue sur cette période");
    for (days, page) in [(0, "/"), (0, "/"), (0, "/cookies"), (6, "/"), (7, "/recherche"), (364, "/cookies")] {
        app.clock.advance_millis(-days * DAY);
        app.services.note_visit(PageVisit { referrer: (days == 6).then(|| "exemple.org".into()), ..visit(page) });
        app.clock.advance_millis(days * DAY);
    }
    app.services.flush_visits().await.unwrap();
    // This day has been added up already.
    app.execute("INSERT INTO visit_day VALUES ('2026-03-05', '/cookies', 'tablet', 40)".into()).await;
    let actor = Actor::staff(dpo.account, Role::Dpo);
    let named = |name: &str, count| (name.to_owned(), count);
    let week = app.services.figures(&actor, Span::Week).await.unwrap();
    assert_eq!((week.days.len(), week.total()), (7, 44));
    let day = |text: &str| text.parse::<CivilDate>().unwrap();
    assert_eq!(week.days[0], (day("2026-03-04"), 1));
    assert_eq!(week.days[1], (day("2026-03-05"), 40));
    assert_eq!(week.days[6], (day("2026-03-10"), 3));
    assert_eq!(week.pages, [named("/cookies", 41), named("/", 3)]);
    assert_eq!(week.devices, [named("tablet", 40), named("phone", 4)]);
    assert_eq!((week.referrers, week.languages), (vec![named("exemple.org", 1)], vec![named("fr", 4)]));
    let total = async |span| app.services.figures(&actor, span).await.unwrap().total();
    assert_eq!((total(Span::Month).await, total(Span::Year).await), (45, 46));
    let page = dpo.browser.get("/admin/audience?jours=365").await.expect(200);
    page.expect_text("<svg")
        .expect_text("Téléphone")
        .expect_sentence("46 pages vues en tout.")
        .expect_no_text("style=");
    dpo.browser.get("/admin/audience?jours=8").await.expect(200).expect_sentence("45 pages vues en tout.");
}

async fn old_visits_become_totals(app: &TestApp) {
    // The visits are around midnight in Paris: on 10 March at 22 h 59 UTC, and a minute later.
    app.clock.advance_millis(13 * 3_600_000 + 59 * 60_000);
    for (minutes, page, count) in [(0, "/", 3), (1, "/", 2), (1, "/cookies", 1), (60 * 24, "/", 5)] {
        app.clock.advance_millis(minutes * 60_000);
        for _ in 0..count {
            app.services.note_visit(visit(page));
        }
        app.clock.advance_millis(-minutes * 60_000);
    }
    app.services.flush_visits().await.unwrap();
    let before = app.services.calendar().start_of("2026-03-12".parse().unwrap()).plus_millis(-1);
    let sums = |day: &'static str, page: &'static str| async move {
        let found = format!("SELECT COALESCE(SUM(visits), 0) FROM visit_day WHERE day = '{day}' AND page = '{page}'");
        app.number(format!("SELECT CAST(({found}) AS BIGINT)")).await
    };
    // Each batch takes the oldest visits; a visit is deleted exactly when it is counted.
    for (taken, left) in [(4, 7), (4, 3), (3, 0), (0, 0)] {
        assert_eq!(app.services.test_aggregate_visits(before, 4).await.unwrap(), taken);
        assert_eq!(app.number("SELECT COUNT(*) FROM visit".into()).await, left);
        let summed = app.number("SELECT CAST(COALESCE(SUM(visits), 0) AS BIGINT) FROM visit_day".into()).await;
        assert_eq!(summed, 11 - left);
    }
    assert_eq!((sums("2026-03-10", "/").await, sums("2026-03-11", "/").await), (3, 7));
    assert_eq!(sums("2026-03-11", "/cookies").await, 1);
    // Either the visits are counted and deleted, or neither happens.
    app.services.note_visit(visit("/"));
    app.services.flush_visits().await.unwrap();
    app.execute("ALTER TABLE visit_day RENAME TO elsewhere".into()).await;
    app.services.test_aggregate_visits(before, 4).await.unwrap_err();
    app.execute("ALTER TABLE elsewhere RENAME TO visit_day".into()).await;
    assert_eq!(app.number("SELECT COUNT(*) FROM visit".into()).await, 1);
    // When two instances run the job at once, each visit counts once.
    for _ in 0..40 {
        app.services.note_visit(visit("/recherche"));
    }
    app.services.flush_visits().await.unwrap();
    let second = app.second_instance().await;
    let (one, other) =
        tokio::join!(app.services.test_aggregate_visits(before, 30), second.test_aggregate_visits(before, 30));
    let left = app.number("SELECT COUNT(*) FROM visit".into()).await;
    assert_eq!(one.unwrap() + other.unwrap() + left as u64, 41);
    let summed = app.number("SELECT CAST(SUM(visits) AS BIGINT) FROM visit_day".into()).await;
    assert_eq!(summed + left, 52);
    second.close().await;
}

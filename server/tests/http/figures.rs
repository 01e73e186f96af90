//! `/chiffres-cles` shows right numbers, hides small ones, and does not count them at each visit.

use crate::support::{TestApp, on_both_engines};
use domain::figures::{Figures, Month, Told};
use services::db::counting;

on_both_engines!(figures_are_counted_and_small_ones_are_hidden, figures_are_kept_for_ten_minutes);

async fn youths(app: &TestApp, count: usize, born: &str, registered: &str) {
    for _ in 0..count {
        app.youth_with(|profile| {
            profile.birth_date = born.parse().unwrap();
            profile.registered_on = registered.parse().ok();
        })
        .await;
    }
}

async fn figures_are_counted_and_small_ones_are_hidden(app: &TestApp) {
    // The clock of the test stands at 10 March 2026.
    youths(app, 3, "2008-03-11", "2026-03-01").await;
    youths(app, 6, "2008-03-10", "2026-03-02").await;
    youths(app, 5, "2004-03-10", "2025-04-01").await;
    youths(app, 4, "1999-01-01", "2025-03-31").await;
    let now = app.services.calendar().now().millis();
    for insert in [
        "INSERT INTO situation SELECT id, id, 'En formation', 'current', '2026-01-05', NULL, NULL FROM youth
         WHERE birth_date = '2008-03-10'"
            .to_owned(),
        "INSERT INTO situation SELECT id, id, 'En emploi', 'current', '2026-01-05', NULL, NULL FROM youth
         WHERE birth_date = '1999-01-01'"
            .to_owned(),
        format!("INSERT INTO appointment SELECT id, id, {} , 'workshop', 'Atelier', 'Salle 4' FROM youth", now - 1),
    ] {
        app.execute(insert).await;
    }
    app.execute("INSERT INTO visit_day VALUES ('2026-01-31', '/', 'phone', 12)".into()).await;
    let found = app.services.key_figures().await.unwrap();
    assert_eq!(found.followed, Told::Number(10), "18, to the lower ten");
    assert_eq!(found.ages, [Told::Few, Told::Number(6), Told::Number(5), Told::Few]);
    assert_eq!(found.situations, [("En formation".to_owned(), Told::Number(6)), ("En emploi".to_owned(), Told::Few)]);
    assert_eq!((found.documents, found.appointments), (Told::Few, Told::Number(18)));
    assert_eq!(found.new.len(), 12);
    assert_eq!(found.new[0], (Month { year: 2025, month: 4 }, Told::Number(5)));
    assert_eq!(found.new[11], (Month { year: 2026, month: 3 }, Told::Number(9)));
    assert_eq!(found.visits[9], (Month { year: 2026, month: 1 }, Told::Number(12)));
    let page = app.anonymous().get("/chiffres-cles").await.expect(200);
    page.expect_sentence("En formation").expect_sentence("moins de 5").expect_text("<svg").expect_no_text("style=");
}

async fn figures_are_kept_for_ten_minutes(app: &TestApp) {
    let visitor = app.anonymous();
    let cost = async || {
        let (answer, statements) = counting(visitor.get("/chiffres-cles")).await;
        answer.expect(200);
        statements
    };
    let first = cost().await;
    assert!((1..=6).contains(&first), "{first} statements");
    youths(app, 20, "2008-03-10", "2026-03-02").await;
    app.clock.advance_millis(10 * 60_000 - 1);
    assert_eq!(cost().await, 0);
    assert_eq!(app.services.key_figures().await.unwrap().followed, Told::Few);
    app.clock.advance_millis(1);
    assert_eq!(app.services.key_figures().await.unwrap().followed, Told::Number(20));
    // Visitors who come at the same moment wait for one computation.
    app.clock.advance_millis(10 * 60_000);
    let all = futures::future::join_all((0..8).map(|_| app.services.key_figures()));
    let (found, statements) = counting(all).await;
    assert!(found.iter().all(Result::is_ok) && statements <= 6, "{statements} statements");
}

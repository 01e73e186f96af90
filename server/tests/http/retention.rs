//! The retention engine with a moved clock: the day before its end everything is still there, and on that day it is
//! gone.

use crate::support::{NOW, TestApp, on_both_engines};
use domain::{
    requests::RequestKind,
    retention::RuleId,
    time::{CivilDate, Instant},
};
use services::{JobReport, testing::moment};
use std::collections::BTreeMap;

on_both_engines!(
    requests_of_each_form_are_deleted_on_their_day,
    pre_registrations_end_with_their_event,
    a_dry_run_counts_and_changes_nothing,
    answers_are_deleted_with_their_request,
    a_site_that_keeps_for_less_time_deletes_earlier,
    sign_ups_and_requests_about_rights_are_deleted_too,
);

fn day(text: &str) -> CivilDate {
    text.parse().unwrap()
}

impl TestApp {
    /// Stores a request that arrived at `at`.
    async fn request(&self, kind: RequestKind, at: Instant) {
        self.services.test_request(kind, |request| request.received_at = at).await.unwrap();
    }

    async fn left(&self, table: &str) -> i64 {
        self.number(format!("SELECT COUNT(*) FROM {table}")).await
    }

    /// Runs the engine as of that day, as the nightly job does.
    async fn keep_promises(&self, at: &str, dry: bool) -> BTreeMap<String, u64> {
        let JobReport { counts, .. } = self.services.run_job("retention", Some(at), dry).await.unwrap();
        counts
    }
}

/// When a request arrived in Paris, the last day on which it is there, and the day on which it is deleted.
const CASES: &[(RequestKind, &str, &str, &str)] = &[
    (RequestKind::Contact, "2026-03-10T10:00", "2026-09-09", "2026-09-10"),
    // These cases are about the last day of a shorter month.
    (RequestKind::Contact, "2026-08-31T12:00", "2027-02-27", "2027-02-28"),
    (RequestKind::Contact, "2026-08-29T12:00", "2027-02-27", "2027-02-28"),
    // A leap year has one day more.
    (RequestKind::Contact, "2027-08-31T12:00", "2028-02-28", "2028-02-29"),
    // It is late in the evening in Paris and the next day elsewhere, or the other way round.
    (RequestKind::Contact, "2026-03-10T23:59", "2026-09-09", "2026-09-10"),
    (RequestKind::Contact, "2026-03-10T00:00", "2026-09-09", "2026-09-10"),
    // These are the nights of the skipped hour and of the repeated one.
    (RequestKind::Contact, "2026-03-29T01:59", "2026-09-28", "2026-09-29"),
    (RequestKind::Contact, "2026-03-29T03:00", "2026-09-28", "2026-09-29"),
    (RequestKind::Contact, "2026-10-25T02:30", "2027-04-24", "2027-04-25"),
    (RequestKind::PreRegistration, "2026-03-10T10:00", "2026-06-09", "2026-06-10"),
    (RequestKind::PreRegistration, "2026-11-30T10:00", "2027-02-27", "2027-02-28"),
    (RequestKind::PreRegistration, "2027-11-30T10:00", "2028-02-28", "2028-02-29"),
    (RequestKind::PreRegistration, "2026-01-29T10:00", "2026-04-28", "2026-04-29"),
    (RequestKind::ApprenticeshipTax, "2026-03-10T10:00", "2027-03-09", "2027-03-10"),
    // A year with a 29 February is longer than 365 days.
    (RequestKind::ApprenticeshipTax, "2027-03-01T10:00", "2028-02-28", "2028-02-29"),
];

async fn requests_of_each_form_are_deleted_on_their_day(app: &TestApp) {
    for (kind, arrived, last, gone) in CASES {
        app.request(*kind, moment(arrived)).await;
        // The request stays until the end of this day.
        for at in [(*last).to_owned(), format!("{last}T23:59")] {
            assert_eq!(app.keep_promises(&at, false).await[kind_rule(*kind).code()], 0, "{kind:?} {arrived} at {at}");
            assert_eq!(app.left("request").await, 1, "{kind:?} {arrived} at {at}");
        }
        assert_eq!(app.keep_promises(gone, false).await[kind_rule(*kind).code()], 1, "{kind:?} {arrived} on {gone}");
        assert_eq!(app.left("request").await, 0, "{kind:?} {arrived} on {gone}");
    }
}

fn kind_rule(kind: RequestKind) -> RuleId {
    RuleId::from_code(kind.code()).expect("a rule of the same word")
}

async fn pre_registrations_end_with_their_event(app: &TestApp) {
    // The event ends on 21 May at 18 h in Paris.
    let event = app.services.test_event(NOW, moment("2026-05-21T18:00")).await.unwrap();
    for _ in 0..3 {
        app.services.test_request(RequestKind::Event, |request| request.event = Some(event)).await.unwrap();
    }
    assert_eq!(app.keep_promises("2026-05-21T17:59", false).await["event"], 0);
    assert_eq!(app.left("request").await, 3);
    assert_eq!(app.keep_promises("2026-05-21T18:00", false).await["event"], 3);
    assert_eq!((app.left("request").await, app.left("event").await), (0, 1), "an event is nobody's data");
}

async fn a_dry_run_counts_and_changes_nothing(app: &TestApp) {
    for kind in [RequestKind::Contact, RequestKind::PreRegistration, RequestKind::ApprenticeshipTax] {
        for _ in 0..3 {
            app.request(kind, NOW).await;
        }
    }
    let said = app.keep_promises("2028-01-01", true).await;
    assert_eq!(["contact", "pre_registration", "apprenticeship_tax"].map(|rule| said[rule]), [3, 3, 3]);
    assert_eq!((app.left("request").await, app.left("job_run").await), (9, 0));
    let did = app.keep_promises("2028-01-01", false).await;
    assert_eq!(did, said, "what it said is what it does");
    assert_eq!((app.left("request").await, app.left("job_run").await), (0, 1));
    // The report names the rule and the number, and no person.
    let report = app.services.test_counts().await.unwrap().join("\n");
    assert!(report.contains("\"contact\":3") && !report.contains("exemple"), "{report}");
}

async fn answers_are_deleted_with_their_request(app: &TestApp) {
    let staff = app.advisor().await;
    app.services.test_answered_request(staff.account, NOW).await.unwrap();
    assert_eq!(app.left("request_answer").await, 1);
    app.keep_promises("2028-01-01", false).await;
    assert_eq!((app.left("request").await, app.left("request_answer").await), (0, 0));
}

async fn a_site_that_keeps_for_less_time_deletes_earlier(app: &TestApp) {
    let mut keeping = domain::retention::Keeping::default();
    keeping.choose(RuleId::Contact, 1).unwrap();
    app.request(RequestKind::Contact, NOW).await;
    let instance = app.instance_keeping(keeping).await;
    for (day, gone) in [("2026-04-09", 0), ("2026-04-10", 1)] {
        assert_eq!(instance.run_job("retention", Some(day), false).await.unwrap().counts["contact"], gone, "{day}");
    }
    instance.close().await;
}

async fn sign_ups_and_requests_about_rights_are_deleted_too(app: &TestApp) {
    let today = app.services.calendar().today();
    assert_eq!(today, day("2026-03-10"));
    // A sign-up without a confirmation is deleted after a week, and a confirmed one stays.
    app.services.test_subscription("a@exemple.test", false, NOW).await.unwrap();
    app.services.test_subscription("b@exemple.test", true, NOW).await.unwrap();
    assert_eq!(app.keep_promises("2026-03-16", false).await["newsletter_unconfirmed"], 0);
    assert_eq!(app.keep_promises("2026-03-17", false).await["newsletter_unconfirmed"], 1);
    assert_eq!(app.left("subscription").await, 1);
    app.keep_promises("2040-01-01", false).await;
    assert_eq!(app.left("subscription").await, 1, "until they unsubscribe");
    // A request about rights is deleted five years after its answer, and an open one stays.
    app.services.test_rights_request(Some(NOW)).await.unwrap();
    app.services.test_rights_request(None).await.unwrap();
    assert_eq!(app.keep_promises("2031-03-09", false).await["rights"], 0);
    assert_eq!(app.keep_promises("2031-03-10", false).await["rights"], 1);
    assert_eq!(app.left("rights_request").await, 1);
}

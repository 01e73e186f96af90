//! The newsletter (F1, F2): only its reader can confirm it, one click ends it, and it does not tell who reads it.

use crate::{
    forms::shown,
    support::{Answer, Browser, Engine, TestApp, on_both_engines},
};
use axum::{body::Body, http::Method};
use domain::forms::{newsletter::NewsletterForm, public::PublicForm};

on_both_engines!(
    a_sign_up_counts_only_after_its_confirmation,
    a_known_address_and_an_unknown_one_get_the_same_answer,
    an_address_gets_one_mail_an_hour,
    a_link_does_one_thing_and_lasts_one_week,
    one_click_unsubscribes_without_cookie_or_origin,
    errors_are_shown_and_fields_of_other_categories_are_not_kept,
    many_sign_ups_from_one_address_are_throttled,
);

const FORM: &str = "/newsletter";
const SENT: &str = "/newsletter?fait=oui";
const ADDRESS: &str = "Zoe.Lectrice@exemple.test";

/// The fields of a whole form.
pub(crate) fn fields(token: &str) -> Vec<(&str, &str)> {
    let (first, last) = (("first_name", "Zoé"), ("last_name", "Lectrice"));
    vec![first, last, ("email", ADDRESS), ("category", "young"), ("token", token)]
}

/// The token of a form that may be sent now.
pub(crate) fn fresh(app: &TestApp) -> String {
    shown(app, NewsletterForm::FORM)
}

/// Sends `fields` at the pace of a person.
async fn send(app: &TestApp, browser: &Browser, fields: &[(&str, &str)]) -> Answer {
    let token = fresh(app);
    browser.post(FORM, &[fields, &[("token", token.as_str())]].concat()).await
}

async fn subscribe(app: &TestApp, browser: &Browser, email: &str) {
    let fields = [("first_name", "Zoé"), ("last_name", "Lectrice"), ("email", email), ("category", "young")];
    send(app, browser, &fields).await.expect_see(SENT);
}

async fn rows(app: &TestApp, state: &str) -> i64 {
    app.number(format!("SELECT COUNT(*) FROM subscription WHERE state = '{state}'")).await
}

/// Signs up, and gives the path that confirms the subscription.
pub(crate) async fn waiting(app: &TestApp, email: &str) -> String {
    subscribe(app, &app.anonymous(), email).await;
    link(app).await
}

/// The path of the link in the newest mail.
async fn link(app: &TestApp) -> String {
    let mails = app.mailbox().await;
    let text = &mails.last().expect("a mail").text;
    let link = text.lines().find(|line| line.contains("/newsletter/")).expect("a link");
    link.strip_prefix("https://portail.test").expect("ours").to_owned()
}

/// Subscribes and confirms, and gives the path that ends the subscription.
pub(crate) async fn confirmed(app: &TestApp, email: &str) -> String {
    let confirm = waiting(app, email).await;
    app.anonymous().post(&confirm, &[]).await.expect_see("/newsletter/confirmer?fait=oui");
    link(app).await
}

async fn a_sign_up_counts_only_after_its_confirmation(app: &TestApp) {
    let visitor = app.anonymous();
    let form = visitor.get(FORM).await.expect(200);
    assert_eq!(form.text().matches("name=\"category\"").count(), 5);
    assert!(!form.text().contains("checked"), "nothing is ticked beforehand");
    subscribe(app, &visitor, ADDRESS).await;
    visitor.get(SENT).await.expect(200).expect_sentence("Regardez votre boîte mail.");
    assert_eq!((rows(app, "pending").await, rows(app, "confirmed").await), (1, 0));
    let mails = app.mailbox().await;
    assert_eq!((mails.len(), mails[0].to.as_str()), (1, ADDRESS));
    assert_eq!(mails[0].unsubscribe, None, "nothing to leave yet");

    // A mail program that opens the link changes nothing.
    let link = link(app).await;
    assert!(link.starts_with("/newsletter/confirmer?jeton="), "{link}");
    visitor.get(&link).await.expect(200).expect_sentence("Oui, je m’inscris");
    assert_eq!(rows(app, "pending").await, 1);
    for _ in 0..2 {
        visitor.post(&link, &[]).await.expect_see("/newsletter/confirmer?fait=oui");
    }
    visitor.get("/newsletter/confirmer?fait=oui").await.expect(200).expect_sentence("C’est confirmé, merci.");
    assert_eq!((rows(app, "pending").await, rows(app, "confirmed").await), (0, 1));
    let mails = app.mailbox().await;
    assert_eq!(mails.len(), 2, "one welcome, however often it is confirmed");
    let (list, post) = mails[1].unsubscribe.clone().expect("a mail of a list");
    let (start, end) = ("<https://portail.test/newsletter/desinscription?jeton=", ">");
    assert!(list.starts_with(start) && list.ends_with(end), "{list}");
    assert_eq!(post, "List-Unsubscribe=One-Click");
    assert!(mails[1].text.contains(list.trim_matches(['<', '>'])), "the same link stands in the text");
    // The tables store no token, so nobody can make a link from them.
    let token = list.rsplit('=').next().unwrap().trim_end_matches('>').to_owned();
    let whole = match app.engine {
        Engine::Sqlite => "email || email_key || first_name || last_name || category",
        Engine::Postgres => "CAST(subscription AS TEXT)",
    };
    assert_eq!(app.number(format!("SELECT COUNT(*) FROM subscription WHERE {whole} LIKE '%{token}%'")).await, 0);
}

async fn a_known_address_and_an_unknown_one_get_the_same_answer(app: &TestApp) {
    confirmed(app, ADDRESS).await;
    let mails = app.mailbox().await.len();
    app.clock.advance_millis(61 * 60_000);
    let visitor = app.anonymous();
    let mut answers = Vec::new();
    // The address is known in another spelling, waits, or is unknown.
    for email in ["zoe.lectrice@EXEMPLE.test", "inconnue@exemple.test", "inconnue@exemple.test"] {
        let fields = [("first_name", "Zoé"), ("last_name", "Autre"), ("email", email), ("category", "adult")];
        let answer = send(app, &visitor, &fields).await;
        let mut headers: Vec<_> = answer.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
        headers.sort();
        answers.push((answer.status, headers, answer.body.clone()));
    }
    assert!(answers.windows(2).all(|two| two[0] == two[1]), "{answers:?}");
    // A person who is subscribed already learns it by mail, and the subscription does not change.
    let new = &app.mailbox().await[mails..];
    let to: Vec<_> = new.iter().map(|mail| mail.to.as_str()).collect();
    assert_eq!(to, [ADDRESS, "inconnue@exemple.test"]);
    assert!(new[0].unsubscribe.is_some() && new[1].unsubscribe.is_none());
    assert_eq!(app.number("SELECT COUNT(*) FROM subscription WHERE last_name = 'Lectrice'".into()).await, 1);
}

async fn an_address_gets_one_mail_an_hour(app: &TestApp) {
    let visitor = app.anonymous();
    subscribe(app, &visitor, ADDRESS).await;
    let first = link(app).await;
    for _ in 0..5 {
        subscribe(app, &visitor, ADDRESS).await;
    }
    assert_eq!(app.mailbox().await.len(), 1);
    // A second sign-up within the hour, perhaps by somebody else, does not change what the link confirms.
    let fields =
        [("first_name", "Intruse"), ("last_name", "X"), ("email", ADDRESS), ("category", "adult"), ("measured", "on")];
    send(app, &visitor, &fields).await.expect_see(SENT);
    assert_eq!(app.number("SELECT COUNT(*) FROM subscription WHERE measured OR first_name <> 'Zoé'".into()).await, 0);
    // After an hour another mail is sent, and the older link no longer works.
    app.clock.advance_millis(61 * 60_000);
    subscribe(app, &visitor, ADDRESS).await;
    let second = link(app).await;
    assert_eq!(app.mailbox().await.len(), 2);
    assert_ne!(first, second);
    visitor.post(&first, &[]).await.expect(422).expect_sentence("Ce lien ne marche plus.");
    visitor.post(&second, &[]).await.expect(303);
    assert_eq!(app.number("SELECT COUNT(*) FROM subscription".into()).await, 1);
}

async fn a_link_does_one_thing_and_lasts_one_week(app: &TestApp) {
    let visitor = app.anonymous();
    subscribe(app, &visitor, ADDRESS).await;
    let confirm = link(app).await;
    let token = confirm.rsplit('=').next().unwrap().to_owned();
    let mut altered = token.clone();
    let flipped = if altered.ends_with('A') { "B" } else { "A" };
    altered.replace_range(10..11, if &altered[10..11] == flipped { "C" } else { flipped });
    for bad in [
        format!("/newsletter/desinscription?jeton={token}"),
        format!("/newsletter/confirmer?jeton={altered}"),
        format!("/newsletter/confirmer?jeton={}", &token[..token.len() - 2]),
        "/newsletter/confirmer?jeton=".to_owned(),
        "/newsletter/confirmer".to_owned(),
    ] {
        let page = visitor.get(&bad).await.expect(200).expect_sentence("Ce lien ne marche plus.");
        page.expect_no_text("Oui, je m’inscris").expect_no_text("Me désinscrire");
        visitor.post(&bad, &[]).await.expect(422);
    }
    assert_eq!(rows(app, "pending").await, 1);
    app.clock.advance_millis(7 * 24 * 3_600_000);
    visitor.post(&confirm, &[]).await.expect(422).expect_sentence("Ce lien ne marche plus.");
    assert_eq!((rows(app, "pending").await, rows(app, "confirmed").await), (1, 0));
    // A minute earlier the link would have worked.
    app.clock.advance_millis(-60_000);
    visitor.post(&confirm, &[]).await.expect(303);
}

async fn one_click_unsubscribes_without_cookie_or_origin(app: &TestApp) {
    let plain = ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click".to_owned());
    let parts = (
        "multipart/form-data; boundary=limite",
        "--limite\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--limite--\r\n"
            .to_owned(),
    );
    for (kind, body) in [plain, parts] {
        let leave = confirmed(app, ADDRESS).await;
        assert_eq!(rows(app, "confirmed").await, 1);
        let program = app.anonymous();
        for _ in 0..2 {
            // The request comes from a mail program, not a browser: it has no session, no Origin and no Sec-Fetch-Site,
            // and it follows no redirect (RFC 8058).
            let answer = program.send(Method::POST, &leave, &[("content-type", kind)], Body::from(body.clone())).await;
            let answer = answer.expect(200);
            assert_eq!((answer.header("location"), answer.header("set-cookie")), ("", ""));
            assert_eq!(app.number("SELECT COUNT(*) FROM subscription".into()).await, 0, "gone at once");
        }
    }
    // The link in the mail opens a page, and only the button on it ends the subscription.
    let leave = confirmed(app, ADDRESS).await;
    let visitor = app.anonymous();
    visitor.get(&leave).await.expect(200).expect_sentence("Me désinscrire");
    assert_eq!(rows(app, "confirmed").await, 1);
    visitor.post(&leave, &[]).await.expect_see("/newsletter/desinscription?fait=oui");
    visitor.get("/newsletter/desinscription?fait=oui").await.expect(200).expect_sentence("C’est fait.");
    assert_eq!(app.number("SELECT COUNT(*) FROM subscription".into()).await, 0);
    visitor.post(&leave, &[]).await.expect_see("/newsletter/desinscription?fait=oui");
    // Another site cannot make a browser end the subscription.
    let leave = confirmed(app, ADDRESS).await;
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "cross-site")];
    visitor.send(Method::POST, &leave, &headers, Body::from("List-Unsubscribe=One-Click")).await.expect(403);
    assert_eq!(rows(app, "confirmed").await, 1);
    let bad = format!("{leave}x");
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    visitor.send(Method::POST, &bad, &headers, Body::from("List-Unsubscribe=One-Click")).await.expect(404);
    assert_eq!(rows(app, "confirmed").await, 1);
}

async fn errors_are_shown_and_fields_of_other_categories_are_not_kept(app: &TestApp) {
    let visitor = app.anonymous();
    let wrong = [("first_name", "Zoé <b>"), ("email", "nulle part"), ("organisation", "Atelier"), ("measured", "on")];
    let page = send(app, &visitor, &wrong).await.expect(422).expect_text("Zoé &lt;b&gt;").expect_text("Atelier");
    for field in ["last_name", "email", "category"] {
        assert!(page.text().contains(&format!("href=\"#{field}\"")), "{field}");
    }
    assert!(page.text().contains("value=\"on\" checked"), "a tick is kept too");
    let fields = |category, email| {
        [
            ("first_name", "Zoé"),
            ("last_name", "Lectrice"),
            ("email", email),
            ("category", category),
            ("organisation", "Atelier d’exemple"),
            ("position", "Directrice"),
        ]
    };
    send(app, &visitor, &fields("partner", "a@exemple.test")).await.expect_see(SENT);
    send(app, &visitor, &fields("elected", "b@exemple.test")).await.expect_see(SENT);
    let kept = "SELECT COUNT(*) FROM subscription WHERE organisation IS NOT NULL AND position IS NOT NULL";
    assert_eq!(app.number(kept.into()).await, 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM subscription WHERE measured".into()).await, 0);
    let mut trapped = fields("young", "c@exemple.test").to_vec();
    trapped.push(("website", "x"));
    send(app, &visitor, &trapped).await.expect_see(SENT);
    assert_eq!(app.number("SELECT COUNT(*) FROM subscription".into()).await, 2);
    // A form without one of our tokens is asked for once more, with its values.
    let page = visitor.post(FORM, &fields("young", "d@exemple.test")).await.expect(422);
    page.expect_sentence("Rien n’est perdu").expect_text("d@exemple.test");
    assert_eq!(app.number("SELECT COUNT(*) FROM subscription".into()).await, 2);
}

async fn many_sign_ups_from_one_address_are_throttled(app: &TestApp) {
    let visitor = app.anonymous();
    for number in 0..20 {
        subscribe(app, &visitor, &format!("n{number}@exemple.test")).await;
    }
    let fields = [("first_name", "Zoé"), ("last_name", "L"), ("email", "n20@exemple.test"), ("category", "young")];
    send(app, &visitor, &fields).await.expect(422).expect_sentence("Réessayez dans 15 minutes");
    assert_eq!(app.number("SELECT COUNT(*) FROM subscription".into()).await, 20);
    app.clock.advance_millis(15 * 60_000);
    send(app, &visitor, &fields).await.expect_see(SENT);
}

//! Requests about people's rights over their data (E15): stored once, acknowledged, and answered in time.

use crate::{
    forms::{self, shown},
    support::{Answer, Browser, TestApp, on_both_engines},
};
use domain::{
    actor::Role,
    forms::{public::PublicForm, rights::RightsForm},
    requests::Requests,
};

on_both_engines!(
    a_request_is_acknowledged_and_the_officer_is_told,
    a_form_that_is_sent_twice_is_one_request,
    errors_are_shown_and_typed_values_are_kept,
    a_young_person_finds_the_form_filled_in,
    many_requests_from_one_address_are_throttled,
    the_officer_sees_late_and_urgent_requests_first,
    identity_is_asked_for_once_and_with_a_reason,
    the_delay_is_extended_once_and_in_time,
    an_answer_closes_the_request_and_a_refusal_names_where_to_complain,
    sensitive_text_gets_a_question_and_the_officer_can_blank_it,
);

const FORM: &str = "/mes-droits";
const LIST: &str = "/admin/droits";

/// The fields of a whole form.
pub(crate) fn fields(token: &str) -> Vec<(&str, &str)> {
    vec![
        ("token", token),
        ("kind", "erasure"),
        ("ground", "not_needed"),
        ("concerns", "self"),
        ("first_name", "Zoé"),
        ("last_name", "Requérante"),
        ("email", "zoe.requerante@exemple.test"),
        ("message", "Mon dossier de 2019.\nMerci."),
    ]
}

/// The token of a form that may be sent now.
pub(crate) fn fresh(app: &TestApp) -> String {
    shown(app, RightsForm::FORM)
}

/// Sends a request, and gives its id.
pub(crate) async fn ask(app: &TestApp) -> String {
    let token = fresh(app);
    app.anonymous().post(FORM, &fields(&token)).await.expect_see("/mes-droits?fait=oui");
    let officer = app.staff(Role::Dpo).await;
    first_link(&officer.browser.get(LIST).await.expect(200))
}

fn first_link(list: &Answer) -> String {
    let rest = list.text().split("href=\"/admin/droits/").nth(1).expect("a request on the list");
    rest.split('"').next().unwrap().to_owned()
}

async fn step(browser: &Browser, id: &str, fields: &[(&str, &str)]) -> Answer {
    browser.post(&format!("{LIST}/{id}"), fields).await
}

fn days(count: i64) -> i64 {
    count * 24 * 3_600_000
}

async fn a_request_is_acknowledged_and_the_officer_is_told(app: &TestApp) {
    let visitor = app.anonymous();
    let form = visitor.get(FORM).await.expect(200).expect_sentence("Pas besoin de pièce d’identité.");
    for kind in
        ["access", "rectification", "erasure", "objection", "restriction", "portability", "directives", "withdrawal"]
    {
        assert!(form.text().contains(&format!("value=\"{kind}\"")), "{kind}");
    }
    assert_eq!(form.text().matches("name=\"ground\"").count(), 6);
    // No data-protection officer has an account, so the address of the site file gets the mail.
    visitor.post(FORM, &fields(&fresh(app))).await.expect_see("/mes-droits?fait=oui");
    visitor.get("/mes-droits?fait=oui").await.expect(200).expect_sentence("Votre demande est bien arrivée.");
    let mails = app.mailbox().await;
    let to: Vec<_> = mails.iter().map(|mail| mail.to.as_str()).collect();
    assert_eq!(to, ["zoe.requerante@exemple.test", "dpo@exemple.test"]);
    assert!(mails[0].text.contains("au plus tard le 10 avril 2026"), "{}", mails[0].text);
    assert!(mails[0].text.contains("Effacer mes données"), "{}", mails[0].text);
    for part in [&mails[1].subject, &mails[1].text, &mails[1].html] {
        assert!(!part.contains("Zoé") && !part.contains("Requérante") && !part.contains("2019"), "{part}");
    }
    assert!(mails[1].text.contains("https://portail.test/admin/droits/"), "{}", mails[1].text);

    // Now an officer has an account with an address, and gets the mail instead.
    let officer = app.staff(Role::Dpo).await;
    visitor.post(FORM, &fields(&fresh(app))).await.expect(303);
    assert_eq!(app.mailbox().await.last().unwrap().to, "equipe@exemple.test");
    let id = first_link(&officer.browser.get(LIST).await.expect(200).expect_text("Requérante"));
    let page = officer.browser.get(&format!("{LIST}/{id}")).await.expect(200).expect_text("Mon dossier de 2019.");
    page.expect_sentence("Elles ne servent plus à rien").expect_sentence("La page publique");
    app.staff(Role::Administrator).await.browser.get(&format!("{LIST}/{id}")).await.expect(403);
    app.staff(Role::Director).await.browser.get(LIST).await.expect(403).expect_no_text("Requérante");
}

async fn a_form_that_is_sent_twice_is_one_request(app: &TestApp) {
    let visitor = app.anonymous();
    let token = fresh(app);
    let fields = fields(&token);
    let (one, two) = tokio::join!(visitor.post(FORM, &fields), visitor.post(FORM, &fields));
    for answer in [one, two, visitor.post(FORM, &fields).await] {
        answer.expect_see("/mes-droits?fait=oui");
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM rights_request".into()).await, 1);
    assert_eq!(app.mailbox().await.len(), 2, "one to the person, one to the officer");
    // A program that fills in the hidden field gets the same answer, and nothing is stored.
    let other = fresh(app);
    let mut trapped = self::fields(&other);
    trapped.push(("website", "https://exemple.test"));
    visitor.post(FORM, &trapped).await.expect_see("/mes-droits?fait=oui");
    // A form that is sent too fast, or with an unknown token, has to be sent once more.
    let quick = app.services.form_token(RightsForm::FORM).unwrap();
    visitor.post(FORM, &self::fields(&quick)).await.expect(422).expect_sentence("C’était très rapide !");
    let page = visitor.post(FORM, &self::fields("")).await.expect(422).expect_sentence("Rien n’est perdu");
    assert_eq!(app.number("SELECT COUNT(*) FROM rights_request".into()).await, 1);
    app.clock.advance_millis(5_000);
    visitor.post(FORM, &self::fields(&forms::token(&page))).await.expect_see("/mes-droits?fait=oui");
}

async fn errors_are_shown_and_typed_values_are_kept(app: &TestApp) {
    let visitor = app.anonymous();
    let token = fresh(app);
    let wrong = [
        ("token", token.as_str()),
        ("kind", "erasure"),
        ("concerns", "child"),
        ("first_name", "Zoé <b>"),
        ("email", "nulle part"),
        ("message", "Deux\nlignes </textarea>"),
    ];
    let page = visitor.post(FORM, &wrong).await.expect(422).expect_text("Zoé &lt;b&gt;");
    for (field, there) in [("ground", true), ("last_name", true), ("email", true), ("kind", false), ("concerns", false)]
    {
        assert_eq!(page.text().contains(&format!("href=\"#{field}\"")), there, "{field}");
    }
    let page = page.expect_text("Deux\nlignes &lt;/textarea&gt;").expect_text("nulle part").expect_text(&token);
    assert!(page.text().contains("value=\"child\" required checked"), "what was chosen is kept");
    assert_eq!(app.number("SELECT COUNT(*) FROM rights_request".into()).await, 0);
    assert!(app.mailbox().await.is_empty());
}

async fn a_young_person_finds_the_form_filled_in(app: &TestApp) {
    let youth = app.youth_with(|profile| profile.email = Some("lina@exemple.test".to_owned())).await;
    youth.browser.get("/mon-espace/profil").await.expect(200).expect_text("/mon-espace/droits");
    let form = youth.browser.get("/mon-espace/droits").await.expect(200);
    let form =
        form.expect_text("value=\"Lina\"").expect_text("value=\"Exemple\"").expect_text("value=\"lina@exemple.test\"");
    assert!(form.text().contains("action=\"/mon-espace/droits\""));
    let token = fresh(app);
    let fields = fields(&token);
    youth.browser.post("/mon-espace/droits", &fields).await.expect_see("/mon-espace/droits?fait=oui");
    let account = app.sql_id(youth.account);
    assert_eq!(app.number(format!("SELECT COUNT(*) FROM rights_request WHERE account_id = {account}")).await, 1);
    let officer = app.staff(Role::Dpo).await;
    let id = first_link(&officer.browser.get(LIST).await.expect(200));
    officer.browser.get(&format!("{LIST}/{id}")).await.expect(200).expect_sentence("L’espace de la personne");
}

async fn many_requests_from_one_address_are_throttled(app: &TestApp) {
    let visitor = app.anonymous();
    for _ in 0..20 {
        visitor.post(FORM, &fields(&fresh(app))).await.expect(303);
    }
    let token = fresh(app);
    let page = visitor.post(FORM, &fields(&token)).await.expect(422).expect_sentence("Réessayez dans 15 minutes");
    page.expect_text("Requérante").expect_text(&token);
    assert_eq!(app.number("SELECT COUNT(*) FROM rights_request".into()).await, 20);
    app.clock.advance_millis(15 * 60_000);
    visitor.post(FORM, &fields(&token)).await.expect(303);
}

async fn the_officer_sees_late_and_urgent_requests_first(app: &TestApp) {
    let officer = async || app.staff(Role::Dpo).await.browser;
    officer().await.get(LIST).await.expect(200).expect_sentence("Aucune demande en attente");
    // The requests are due on 10 April, 20 April and 5 May 2026.
    for (name, wait) in [("Ancienne", 10), ("Moyenne", 15), ("Récente", 0)] {
        let token = fresh(app);
        let mut fields = fields(&token);
        fields[5].1 = name;
        app.anonymous().post(FORM, &fields).await.expect(303);
        app.clock.advance_millis(days(wait));
    }
    // On 4 April, one request is due within seven days.
    let list = officer().await.get(LIST).await.expect(200).expect_sentence("1 demande est à rendre dans les 7 jours.");
    let list = list.expect_no_text("en retard").expect_sentence("3 demandes auxquelles répondre.");
    let at = |name: &str| list.text().find(name).unwrap();
    assert!(at("Ancienne") < at("Moyenne") && at("Moyenne") < at("Récente"), "by date");
    app.clock.advance_millis(days(6));
    officer().await.get(LIST).await.expect(200).expect_no_text("en retard");
    // On 11 April, one request is a day late.
    app.clock.advance_millis(days(1));
    let list = officer().await.get(LIST).await.expect(200).expect_sentence("1 demande est en retard.");
    list.expect_sentence("En retard");
    officer().await.get("/admin").await.expect(200).expect_sentence("1 demande est en retard.");
    officer().await.get(&format!("{LIST}?etat=closes")).await.expect(200).expect_sentence("Aucune demande close");
}

async fn identity_is_asked_for_once_and_with_a_reason(app: &TestApp) {
    let id = ask(app).await;
    let officer = app.staff(Role::Dpo).await.browser;
    let before = app.mailbox().await.len();
    step(&officer, &id, &[("step", "identity"), ("doubt", "")]).await.expect(422);
    let doubt = [("step", "identity"), ("doubt", "Deux personnes ont ce nom.")];
    step(&officer, &id, &doubt).await.expect_see(&format!("{LIST}/{id}?fait=identite"));
    let mails = app.mailbox().await;
    assert_eq!(mails.len(), before + 1);
    let mail = mails.last().unwrap();
    assert_eq!(mail.to, "zoe.requerante@exemple.test");
    assert!(mail.text.contains("Deux personnes ont ce nom."), "{}", mail.text);
    let page = officer.get(&format!("{LIST}/{id}")).await.expect(200).expect_sentence("Identité demandée");
    page.expect_no_text("value=\"identity\"");
    // Asking a second time changes nothing, and the first reason stays.
    step(&officer, &id, &doubt).await.expect(422).expect_text("Deux personnes ont ce nom.");
    assert_eq!(app.mailbox().await.len(), before + 1);
    officer.get(LIST).await.expect(200).expect_text("Requérante");
}

async fn the_delay_is_extended_once_and_in_time(app: &TestApp) {
    let (id, late) = (ask(app).await, ask(app).await);
    let officer = async || app.staff(Role::Dpo).await.browser;
    let reason = [("step", "extend"), ("reason", "Les archives sont sur papier.")];
    // On the last day the extension is still in time.
    app.clock.advance_millis(days(31));
    let (browser, before) = (officer().await, app.mailbox().await.len());
    step(&browser, &id, &reason).await.expect_see(&format!("{LIST}/{id}?fait=prolonge"));
    let page = browser.get(&format!("{LIST}/{id}")).await.expect(200).expect_sentence("10 juin 2026");
    page.expect_sentence("Les archives sont sur papier.").expect_no_text("value=\"extend\"");
    let mails = app.mailbox().await;
    assert_eq!(mails.len(), before + 1);
    let text = &mails.last().unwrap().text;
    assert!(text.contains("Les archives sont sur papier.") && text.contains("10 juin 2026"), "{text}");
    step(&browser, &id, &reason).await.expect(422);
    // A day later the first month is over, and it is too late to tell the person.
    app.clock.advance_millis(days(1));
    let browser = officer().await;
    browser.get(&format!("{LIST}/{late}")).await.expect(200).expect_no_text("value=\"extend\"");
    step(&browser, &late, &reason).await.expect(422);
    assert_eq!(app.mailbox().await.len(), before + 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM rights_request WHERE extended_at IS NOT NULL".into()).await, 1);
}

async fn an_answer_closes_the_request_and_a_refusal_names_where_to_complain(app: &TestApp) {
    let officer = app.staff(Role::Dpo).await.browser;
    for (outcome, word, complains) in [
        ("granted", "Accordée", false),
        ("partly", "Accordée en partie", true),
        ("refused", "Refusée", true),
        ("withdrawn", "Abandonnée", false),
    ] {
        let id = ask(app).await;
        let before = app.mailbox().await.len();
        let fields = [("step", "close"), ("outcome", outcome), ("answer", "Voici <ce> qui est fait.")];
        step(&officer, &id, &fields[..2]).await.expect(422);
        step(&officer, &id, &fields).await.expect_see(&format!("{LIST}/{id}?fait=clos"));
        // The second click changes nothing and keeps what was typed.
        step(&officer, &id, &fields).await.expect(422).expect_text("Voici &lt;ce&gt; qui est fait.");
        let mails = app.mailbox().await;
        assert_eq!(mails.len(), before + 1, "{outcome}");
        let text = &mails.last().unwrap().text;
        assert!(text.contains("Voici <ce> qui est fait."), "{text}");
        assert_eq!(text.contains("CNIL, 3 place de Fontenoy"), complains, "{outcome}: {text}");
        officer.get(&format!("{LIST}/{id}")).await.expect(200).expect_sentence(word).expect_no_text("value=\"close\"");
    }
    officer.get(LIST).await.expect(200).expect_no_text("Requérante");
    let closed = officer.get(&format!("{LIST}?etat=closes")).await.expect(200);
    assert_eq!(closed.text().matches("href=\"/admin/droits/").count(), 4);
}

async fn sensitive_text_gets_a_question_and_the_officer_can_blank_it(app: &TestApp) {
    let visitor = app.anonymous();
    let token = fresh(app);
    let mut fields = fields(&token);
    fields[7].1 = "Mon numéro : 2 69 05 49 588 157 80";
    visitor.post(FORM, &fields).await.expect(422).expect_text("name=\"confirmed\"").expect_text("588 157 80");
    assert_eq!(app.number("SELECT COUNT(*) FROM rights_request".into()).await, 0);
    fields.push(("confirmed", "oui"));
    visitor.post(FORM, &fields).await.expect_see("/mes-droits?fait=oui");
    let officer = app.staff(Role::Dpo).await.browser;
    let id = first_link(&officer.get(LIST).await.expect(200));
    let page = officer.get(&format!("{LIST}/{id}")).await.expect(200).expect_text("588 157 80");
    page.expect_sentence("numéro de sécurité sociale").expect_text("value=\"blank\"");
    let before = app.mailbox().await.len();
    step(&officer, &id, &[("step", "blank")]).await.expect_see(&format!("{LIST}/{id}?fait=efface"));
    let page = officer.get(&format!("{LIST}/{id}")).await.expect(200).expect_no_text("588 157 80");
    page.expect_no_text("value=\"blank\"").expect_text("zoe.requerante");
    step(&officer, &id, &[("step", "blank")]).await.expect(422);
    assert_eq!(app.mailbox().await.len(), before, "nobody is written to about it");
}

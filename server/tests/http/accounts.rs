//! Accounts of staff: giving rights takes two people, taking them away takes one and has effect at once (A8).

use crate::{
    files::pdf,
    identity::typed,
    second_factor::shown,
    support::{Answer, Browser, PASSWORD, Person, TOTP_KEY, TestApp, on_both_engines},
};
use domain::{
    accounts::{AccountRefusal, StaffAccounts},
    actor::{Actor, Role},
    error::PortError,
    forms::account::NewStaffForm,
    ids::ProposalId,
    vault::Vaults,
};
use futures::{StreamExt, future::join_all};
use services::FirstAdministratorError;

on_both_engines!(
    a_new_account_takes_two_people,
    who_may_confirm_and_who_may_not,
    when_many_confirm_at_once_one_account_is_made,
    a_proposal_can_be_withdrawn_or_declined_and_expires,
    an_identifier_that_is_taken_is_refused,
    a_new_role_takes_two_people_and_ends_the_sessions,
    an_invitation_resets_password_and_authenticator,
    a_suspension_is_in_effect_at_once,
    a_suspension_cancels_open_proposals_and_codes,
    a_suspension_stops_a_running_download,
    a_suspended_account_comes_back_by_two_people,
    the_last_active_administrator_cannot_be_suspended,
    two_administrators_cannot_suspend_each_other_at_once,
    the_data_protection_officer_reads_and_changes_nothing,
    every_wrong_field_is_named_and_what_was_typed_is_kept,
    the_list_is_searched_filtered_and_paged,
    an_account_shows_its_history_page_by_page,
    the_first_two_administrators_come_from_the_command_line,
);

const BASE: &str = "/admin/comptes";
const PROPOSALS: &str = "/admin/comptes/propositions";
const DAY: i64 = 24 * 60 * 60_000;

/// Has `administrator` propose an account.
pub(crate) async fn propose(app: &TestApp, administrator: &Person) -> ProposalId {
    propose_as(app, administrator, &app.fresh("nouvelle")).await
}

async fn propose_as(app: &TestApp, administrator: &Person, identifier: &str) -> ProposalId {
    let form = NewStaffForm {
        name: "Alix Modèle".into(),
        identifier: identifier.into(),
        email: "alix@exemple.test".into(),
        phone: "01 99 00 12 34".into(),
        role: "advisor".into(),
        ..NewStaffForm::default()
    };
    let actor = Actor::staff(administrator.account, Role::Administrator);
    app.services.propose_new(&actor, form.validate().unwrap(), app.submission()).await.unwrap()
}

/// An invited member of staff, who has an activation code and no password yet.
pub(crate) async fn awaiting(app: &TestApp, role: Role) -> Person {
    let identifier = app.fresh("invite");
    let name = format!("Karim {identifier}");
    let account = app.services.test_staff(&identifier, &name, role, None, None).await.unwrap();
    Person { browser: app.anonymous(), account, youth: None, identifier }
}

async fn decide(browser: &Browser, proposal: ProposalId, decision: &str) -> Answer {
    browser.post(&format!("{PROPOSALS}/{proposal}"), &[("decision", decision)]).await
}

/// Proposes a change through the form and gives the id of the proposal.
async fn propose_change(app: &TestApp, by: &Person, about: &Person, fields: &[(&str, &str)]) -> ProposalId {
    let account = about.account;
    by.browser
        .post(&format!("{BASE}/{account}/proposer"), fields)
        .await
        .expect_see(&format!("{BASE}/{account}?fait=propose"));
    let actor = Actor::staff(by.account, Role::Administrator);
    let waiting = app.services.proposals(&actor, 1).await.unwrap().rows;
    waiting.iter().find(|proposal| proposal.account == account).unwrap().id
}

/// Reads the code of an invitation from the page, as a person would.
pub(crate) fn code_on(answer: &Answer) -> String {
    let (_, rest) = answer.text().split_once("<code id=\"code\">").expect("a code on the page");
    rest.split('<').next().unwrap().to_owned()
}

async fn administrators(app: &TestApp) -> (Person, Person) {
    (app.staff(Role::Administrator).await, app.staff(Role::Administrator).await)
}

async fn suspend(by: &Person, whom: &Person) -> Answer {
    by.browser.post(&format!("{BASE}/{}/suspendre", whom.account), &[]).await
}

/// The events in the journal of an account, the oldest first.
async fn events(app: &TestApp, account: impl Into<uuid::Uuid>) -> Vec<String> {
    let actor = Actor::staff(domain::ids::AccountId::from(uuid::Uuid::nil()), Role::Dpo);
    let account: uuid::Uuid = account.into();
    let detail = app.services.detail(&actor, account.into(), 1).await.unwrap();
    detail.history.rows.iter().rev().map(|line| line.event.code().to_owned()).collect()
}

async fn a_new_account_takes_two_people(app: &TestApp) {
    let (one, two) = administrators(app).await;
    let fields = [
        ("name", " Alix  Modèle "),
        ("identifier", "Alix.Modele"),
        ("email", "alix@exemple.test"),
        ("phone", "01 99 00 12 34"),
        ("role", "advisor"),
    ];
    one.browser.post(&format!("{BASE}/nouveau"), &fields).await.expect_see(&format!("{PROPOSALS}?fait=propose"));
    let exists = "SELECT COUNT(*) FROM account WHERE identifier = 'alix.modele'";
    assert_eq!(app.number(exists.into()).await, 0, "nothing before the confirmation");
    assert_eq!(app.number("SELECT COUNT(*) FROM staff WHERE name = 'Alix Modèle'".into()).await, 0);

    let waiting = app.services.proposals(&Actor::staff(two.account, Role::Administrator), 1).await.unwrap().rows;
    let (id, account) = (waiting[0].id, waiting[0].account);
    two.browser.get("/admin").await.expect(200).expect_sentence("1 proposition attend une deuxième personne.");
    two.browser.get(PROPOSALS).await.expect(200).expect_text("Nouveau compte\u{a0}: Alix Modèle");
    let page = two.browser.get(&format!("{PROPOSALS}/{id}")).await.expect(200);
    page.expect_text("alix.modele").expect_sentence("alix@exemple.test").expect_text("value=\"confirm\"");
    // The person who proposed the account sees no such button, and a post of it is refused.
    let own = one.browser.get(&format!("{PROPOSALS}/{id}")).await.expect(200);
    own.expect_no_text("value=\"confirm\"").expect_no_text("value=\"decline\"").expect_text("value=\"withdraw\"");
    decide(&one.browser, id, "confirm").await.expect(403);
    decide(&one.browser, id, "decline").await.expect(403);
    decide(&two.browser, id, "withdraw").await.expect(403);
    assert_eq!(app.number(exists.into()).await, 0);

    let mails = app.mailbox().await;
    assert_eq!(mails.len(), 1, "one colleague may confirm");
    assert!(
        mails[0].text.contains("Alix Modèle")
            && mails[0].text.contains("https://portail.test/admin/comptes/propositions")
    );
    let answer = decide(&two.browser, id, "confirm").await.expect(200).expect_text("Un mail est parti");
    let code = code_on(&answer);
    let mails = app.mailbox().await;
    let invitation = &mails[1];
    assert_eq!((mails.len(), invitation.to.as_str()), (2, "alix@exemple.test"));
    let link = format!("https://portail.test/activation?code={}", code.replace('-', ""));
    assert!(invitation.text.contains(&code) && invitation.text.contains(&link), "{}", invitation.text);
    assert_eq!(code.replace('-', "").len(), 26);
    answer.expect_text("https://portail.test/activation").expect_text("13 mars, 10\u{a0}h\u{a0}00");
    assert_eq!(app.number(format!("{exists} AND state = 'awaiting' AND password_hash IS NULL")).await, 1);
    // The code is shown once, and no page gives it again.
    decide(&two.browser, id, "confirm").await.expect_see(&format!("{PROPOSALS}?fait=fini"));
    two.browser
        .get(&format!("{PROPOSALS}?fait=fini"))
        .await
        .expect(200)
        .expect_no_text(&code)
        .expect_text("n’attend plus");
    two.browser.get(&format!("{PROPOSALS}/{id}")).await.expect(404);
    let left = "SELECT COUNT(*) FROM account_proposal WHERE name IS NOT NULL OR email IS NOT NULL OR phone IS NOT NULL OR identifier IS NOT NULL";
    assert_eq!(app.number(left.into()).await, 0, "a proposal that is decided names nobody");

    assert_eq!(events(app, account).await, ["create_proposed", "created"]);
    let by = |event: &str, who: &Person| {
        format!("SELECT COUNT(*) FROM journal WHERE action = '{event}' AND actor_id = {}", app.sql_id(who.account))
    };
    assert_eq!(app.number(by("create_proposed", &one)).await, 1);
    assert_eq!(app.number(by("created", &two)).await, 1);

    // The code opens the account as far as the enrolment of a second factor.
    let visitor = app.anonymous();
    let new = "quatre lampes au plafond";
    let fields = [("code", code.as_str()), ("step", "password"), ("password", new), ("again", new)];
    visitor.post("/activation", &fields).await.expect_see("/connexion/enrolement");
    visitor.get("/connexion/enrolement").await.expect(200);
    assert_eq!(events(app, account).await, ["create_proposed", "created", "activated"]);
}

async fn who_may_confirm_and_who_may_not(app: &TestApp) {
    let one = app.staff(Role::Administrator).await;
    let id = propose(app, &one).await;
    for role in Role::ALL {
        let person = app.staff(role).await;
        if matches!(role, Role::Administrator | Role::Director) {
            person.browser.get(&format!("{PROPOSALS}/{id}")).await.expect(200).expect_text("value=\"confirm\"");
            continue;
        }
        let expected = if role == Role::Dpo { 200 } else { 403 };
        let page = person.browser.get(&format!("{PROPOSALS}/{id}")).await.expect(expected);
        page.expect_no_text("value=\"confirm\"");
        for decision in ["confirm", "decline", "withdraw"] {
            decide(&person.browser, id, decision).await.expect(403);
        }
    }
    let youth = app.youth().await;
    decide(&youth.browser, id, "confirm").await.expect(403);
    decide(&app.anonymous(), id, "confirm").await.expect(303);
    assert_eq!(app.number("SELECT COUNT(*) FROM account_proposal WHERE state = 'pending'".into()).await, 1);
    let director = app.staff(Role::Director).await;
    director.browser.get("/conseiller").await.expect(200).expect_text(PROPOSALS);
    decide(&director.browser, id, "confirm").await.expect(200).expect_text("<code id=\"code\">");

    // The person whom the proposal is about cannot decide on it either.
    let other = app.staff(Role::Administrator).await;
    let id = propose_change(app, &one, &other, &[("what", "role"), ("role", "director")]).await;
    decide(&other.browser, id, "confirm").await.expect(403);
    decide(&director.browser, id, "confirm").await.expect_see(&format!("{PROPOSALS}?fait=confirme"));
}

async fn when_many_confirm_at_once_one_account_is_made(app: &TestApp) {
    let one = app.staff(Role::Administrator).await;
    let id = propose(app, &one).await;
    let mut others = Vec::new();
    for _ in 0..5 {
        others.push(app.staff(Role::Administrator).await);
    }
    let before = app.number("SELECT COUNT(*) FROM account".into()).await;
    let answers = join_all(others.iter().map(|other| decide(&other.browser, id, "confirm"))).await;
    let made = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(made, 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    for late in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(late.header("location"), format!("{PROPOSALS}?fait=fini"));
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM account".into()).await, before + 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM activation_code".into()).await, 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM journal WHERE action = 'created'".into()).await, 1);
}

async fn a_proposal_can_be_withdrawn_or_declined_and_expires(app: &TestApp) {
    let (one, two) = administrators(app).await;
    for (who, decision, done) in [(&one, "withdraw", "retire"), (&two, "decline", "refuse")] {
        let id = propose_as(app, &one, "alix.modele").await;
        decide(&who.browser, id, decision).await.expect_see(&format!("{PROPOSALS}?fait={done}"));
        decide(&two.browser, id, "confirm").await.expect_see(&format!("{PROPOSALS}?fait=fini"));
        two.browser.get(&format!("{PROPOSALS}/{id}")).await.expect(404);
    }
    let id = propose_as(app, &one, "alix.modele").await;
    app.clock.advance_millis(14 * DAY - 1);
    let fresh = app.staff(Role::Administrator).await;
    fresh.browser.get(&format!("{PROPOSALS}/{id}")).await.expect(200);
    app.clock.advance_millis(1);
    fresh.browser.get(&format!("{PROPOSALS}/{id}")).await.expect(404);
    fresh.browser.get(PROPOSALS).await.expect(200).expect_text("Rien n’attend");
    decide(&fresh.browser, id, "confirm").await.expect_see(&format!("{PROPOSALS}?fait=fini"));
    assert_eq!(app.number("SELECT COUNT(*) FROM account WHERE identifier = 'alix.modele'".into()).await, 0);
    // An expired proposal does not prevent a new one, and a job deletes the name in it.
    propose_as(app, &fresh, "alix.modele").await;
    app.clock.advance_millis(15 * DAY);
    app.services.run_job("end-sessions", None, false).await.unwrap();
    assert_eq!(app.number("SELECT COUNT(*) FROM account_proposal WHERE name IS NOT NULL".into()).await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM account_proposal WHERE state = 'expired'".into()).await, 2);
}

async fn an_identifier_that_is_taken_is_refused(app: &TestApp) {
    let (one, two) = administrators(app).await;
    propose_as(app, &one, "alix.modele").await;
    let youth = app.youth().await;
    for taken in ["alix.modele", "ALIX.modele", &two.identifier, &youth.identifier] {
        let fields =
            [("name", "Alix Autre"), ("identifier", taken), ("email", "autre@exemple.test"), ("role", "reception")];
        let answer = one.browser.post(&format!("{BASE}/nouveau"), &fields).await.expect(422);
        answer.expect_text("Quelqu’un a déjà cet identifiant").expect_text("value=\"Alix Autre\"");
    }
    // Somebody else takes the identifier between the proposal and its confirmation.
    let id = propose_as(app, &one, "plus.tard").await;
    app.execute("UPDATE account SET identifier = 'plus.tard' WHERE identifier LIKE 'jeune%'".into()).await;
    decide(&two.browser, id, "confirm").await.expect(422).expect_text("Quelqu’un a déjà cet identifiant");
    assert_eq!(app.number("SELECT COUNT(*) FROM account WHERE role = 'advisor'".into()).await, 0);
    decide(&two.browser, id, "decline").await.expect(303);
}

async fn a_new_role_takes_two_people_and_ends_the_sessions(app: &TestApp) {
    let (one, two) = administrators(app).await;
    let desk = app.staff(Role::Reception).await;
    let path = format!("{BASE}/{}/proposer", desk.account);
    one.browser.post(&path, &[("what", "role"), ("role", "reception")]).await.expect(422).expect_text("rien à changer");
    let id = propose_change(app, &one, &desk, &[("what", "role"), ("role", "admin")]).await;
    // An account can have one open proposal at a time.
    two.browser.post(&path, &[("what", "invite")]).await.expect(422).expect_text("rien à changer");
    desk.browser.get("/conseiller").await.expect(200);
    decide(&one.browser, id, "confirm").await.expect(403);
    desk.browser.get("/admin").await.expect(403);
    decide(&two.browser, id, "confirm").await.expect_see(&format!("{PROPOSALS}?fait=confirme"));
    desk.browser.get("/conseiller").await.expect_see("/connexion?vers=%2Fconseiller");
    let browser = app.anonymous();
    typed(&browser, &desk.identifier, PASSWORD).await.expect_see("/connexion/code");
    browser.post("/connexion/code", &[("code", &shown(app, TOTP_KEY, 0))]).await.expect_see("/admin");
    assert_eq!(events(app, desk.account).await, ["role_proposed", "role_changed"]);
}

async fn an_invitation_resets_password_and_authenticator(app: &TestApp) {
    let (one, two) = administrators(app).await;
    let advisor = app.advisor().await;
    let id = propose_change(app, &one, &advisor, &[("what", "invite")]).await;
    advisor.browser.get("/conseiller").await.expect(200);
    let code = code_on(&decide(&two.browser, id, "confirm").await.expect(200));
    advisor.browser.get("/conseiller").await.expect(303);
    typed(&app.anonymous(), &advisor.identifier, PASSWORD).await.expect(422);
    let theirs = app.sql_id(advisor.account);
    for table in ["second_factor", "recovery_code", "session"] {
        assert_eq!(app.number(format!("SELECT COUNT(*) FROM {table} WHERE account_id = {theirs}")).await, 0, "{table}");
    }
    let visitor = app.anonymous();
    let new = "quatre lampes au plafond";
    let fields = [("code", code.as_str()), ("step", "password"), ("password", new), ("again", new)];
    visitor.post("/activation", &fields).await.expect_see("/connexion/enrolement");
    assert_eq!(events(app, advisor.account).await, ["invite_proposed", "invited", "activated"]);
}

async fn a_suspension_is_in_effect_at_once(app: &TestApp) {
    let (one, two) = administrators(app).await;
    let (advisor, youth) = (app.advisor().await, app.youth().await);
    app.attach(&youth, &advisor).await;
    let elsewhere = app.at_stage(advisor.account, domain::identity::Stage::Full).await;
    let under_way = app.at_stage(advisor.account, domain::identity::Stage::SecondFactor).await;
    let page = one.browser.get(&format!("{BASE}/{}/suspendre", advisor.account)).await.expect(200);
    page.expect_sentence("1 jeune suivi par cette personne");
    elsewhere.get("/conseiller").await.expect(200);
    let path = format!("{BASE}/{}", advisor.account);
    suspend(&one, &advisor).await.expect_see(&format!("{path}?fait=suspendu"));
    for browser in [&advisor.browser, &elsewhere] {
        browser.get("/conseiller").await.expect_see("/connexion?vers=%2Fconseiller");
    }
    under_way.post("/connexion/code", &[("code", &shown(app, TOTP_KEY, 0))]).await.expect(303);
    under_way.get("/conseiller").await.expect_see("/connexion?vers=%2Fconseiller");
    typed(&app.anonymous(), &advisor.identifier, PASSWORD).await.expect(422).expect_text("n’est pas le bon");
    let theirs = app.sql_id(advisor.account);
    assert_eq!(app.number(format!("SELECT COUNT(*) FROM session WHERE account_id = {theirs}")).await, 0);
    let attached = format!("SELECT COUNT(*) FROM attachment WHERE staff_id = {theirs} AND ended_at IS NULL");
    assert_eq!(app.number(attached).await, 1, "attachments stay");
    one.browser.get(&path).await.expect(200).expect_text("Suspendu").expect_no_text("/suspendre");
    // A second suspension changes nothing, and nobody can suspend their own account.
    suspend(&two, &advisor).await.expect_see(&format!("{path}?fait=suspendu"));
    assert_eq!(events(app, advisor.account).await, ["suspended"]);
    suspend(&one, &one).await.expect(403);
    one.browser.get(&format!("{BASE}/{}/suspendre", one.account)).await.expect(403);
    for role in [Role::Director, Role::Dpo, Role::Advisor] {
        suspend(&app.staff(role).await, &two).await.expect(403);
    }
    two.browser.get("/admin").await.expect(200);
    // This page does not touch the accounts of young people.
    suspend(&one, &youth).await.expect(404);
    youth.browser.get("/mon-espace").await.expect(200);
}

async fn a_suspension_cancels_open_proposals_and_codes(app: &TestApp) {
    let (one, two) = administrators(app).await;
    let three = app.staff(Role::Administrator).await;
    let theirs = propose(app, &two).await;
    let about_them = propose_change(app, &three, &two, &[("what", "role"), ("role", "director")]).await;
    let other = propose(app, &three).await;
    let invited = awaiting(app, Role::Advisor).await;
    let code = app.services.test_code(invited.account).await.unwrap();
    suspend(&one, &two).await.expect(303);
    suspend(&one, &invited).await.expect(303);
    for id in [theirs, about_them] {
        decide(&one.browser, id, "confirm").await.expect_see(&format!("{PROPOSALS}?fait=fini"));
    }
    decide(&one.browser, other, "confirm").await.expect(200);
    app.anonymous().post("/activation", &[("code", code.reveal())]).await.expect(422).expect_text("n’ouvre rien");
}

async fn a_suspension_stops_a_running_download(app: &TestApp) {
    let (admin, advisor, youth) = (app.staff(Role::Administrator).await, app.advisor().await, app.youth().await);
    app.attach(&youth, &advisor).await;
    youth.browser.post("/mon-espace/coffre-fort/partage", &[("shared", "on")]).await.expect(303);
    let bytes = pdf(1, 12 * 1024 * 1024);
    youth.browser.deposit("/mon-espace/coffre-fort", "other", &[("long.pdf", &bytes)]).await.expect(303);
    let document = app.documents(&youth).await[0].id;
    let staff = Actor::staff(advisor.account, Role::Advisor);
    let mut body = app.services.open(&staff, youth.id(), document, None).await.unwrap().bytes;
    assert!(bytes.starts_with(&body.next().await.unwrap().unwrap()));
    suspend(&admin, &advisor).await.expect(303);
    app.clock.advance_millis(3_000);
    assert_eq!(body.next().await.unwrap(), Err(PortError::Refused));
    assert!(body.next().await.is_none(), "and nothing follows");
}

async fn a_suspended_account_comes_back_by_two_people(app: &TestApp) {
    let (one, two) = administrators(app).await;
    let advisor = app.advisor().await;
    let path = format!("{BASE}/{}/proposer", advisor.account);
    one.browser.post(&path, &[("what", "reactivate")]).await.expect(422).expect_text("rien à changer");
    suspend(&one, &advisor).await.expect(303);
    let id = propose_change(app, &one, &advisor, &[("what", "reactivate")]).await;
    decide(&one.browser, id, "confirm").await.expect(403);
    typed(&app.anonymous(), &advisor.identifier, PASSWORD).await.expect(422);
    decide(&two.browser, id, "confirm").await.expect(303);
    advisor.browser.get("/conseiller").await.expect(303);
    let browser = app.anonymous();
    typed(&browser, &advisor.identifier, PASSWORD).await.expect_see("/connexion/code");
    browser.post("/connexion/code", &[("code", &shown(app, TOTP_KEY, 0))]).await.expect_see("/conseiller");
    assert_eq!(events(app, advisor.account).await, ["suspended", "reactivate_proposed", "reactivated"]);
}

async fn the_last_active_administrator_cannot_be_suspended(app: &TestApp) {
    let (one, two) = administrators(app).await;
    let director = app.staff(Role::Director).await;
    // While there are two administrators, one of them may be suspended.
    suspend(&one, &two).await.expect(303);
    for fields in [&[("what", "role"), ("role", "advisor")][..], &[("what", "invite")]] {
        let id = propose_change(app, &one, &one, fields).await;
        let answer = decide(&director.browser, id, "confirm").await.expect(422);
        answer.expect_text("Il ne resterait personne").expect_no_text("value=\"confirm\"");
        one.browser.get("/admin").await.expect(200);
        decide(&one.browser, id, "withdraw").await.expect(303);
    }
    // An administrator who has not activated the account does not count.
    let invited = awaiting(app, Role::Administrator).await;
    let actor = Actor::staff(invited.account, Role::Administrator);
    let refused = app.services.suspend(&actor, one.account).await;
    assert_eq!(refused, Err(AccountRefusal::Port(PortError::Refused)), "nor does it suspend anybody");
    assert_eq!(app.number("SELECT COUNT(*) FROM account WHERE role = 'admin' AND state = 'active'".into()).await, 1);
}

async fn two_administrators_cannot_suspend_each_other_at_once(app: &TestApp) {
    for _ in 0..5 {
        app.execute("UPDATE account SET state = 'suspended' WHERE role = 'admin'".into()).await;
        let (one, two) = administrators(app).await;
        let actors = [one.account, two.account].map(|account| Actor::staff(account, Role::Administrator));
        let (first, second) =
            tokio::join!(app.services.suspend(&actors[0], two.account), app.services.suspend(&actors[1], one.account));
        assert_ne!(first.is_ok(), second.is_ok(), "{first:?} {second:?}");
        let active = "SELECT COUNT(*) FROM account WHERE role = 'admin' AND state = 'active'";
        assert_eq!(app.number(active.into()).await, 1);
    }
}

async fn the_data_protection_officer_reads_and_changes_nothing(app: &TestApp) {
    let (dpo, advisor) = (app.staff(Role::Dpo).await, app.advisor().await);
    let path = format!("{BASE}/{}", advisor.account);
    dpo.browser.get(BASE).await.expect(200).expect_text(&advisor.identifier).expect_no_text("/nouveau");
    dpo.browser.get(&path).await.expect(200).expect_no_text("/proposer").expect_no_text("/suspendre");
    for rest in ["/proposer", "/suspendre"] {
        dpo.browser.get(&format!("{path}{rest}")).await.expect(403);
        dpo.browser.post(&format!("{path}{rest}"), &[("what", "invite")]).await.expect(403);
    }
    dpo.browser.get(&format!("{BASE}/nouveau")).await.expect(403);
    advisor.browser.get("/conseiller").await.expect(200);
    // The port refuses them too, whatever page calls it.
    let actor = Actor::staff(dpo.account, Role::Dpo);
    assert_eq!(app.services.suspend(&actor, advisor.account).await, Err(AccountRefusal::Port(PortError::Refused)));
    let director = Actor::staff(dpo.account, Role::Director);
    assert_eq!(app.services.page(&director, Default::default()).await, Err(PortError::Refused));
}

async fn every_wrong_field_is_named_and_what_was_typed_is_kept(app: &TestApp) {
    let (one, two) = administrators(app).await;
    let long = "x".repeat(101);
    let fields = [
        ("name", long.as_str()),
        ("identifier", "été <b>"),
        ("email", "nulle part"),
        ("phone", "douze"),
        ("role", "roi"),
    ];
    let answer = one.browser.post(&format!("{BASE}/nouveau"), &fields).await.expect(422);
    let page = answer.readable();
    for (field, sentence) in [
        ("name", "C’est trop long : 100 caractères au plus."),
        ("identifier", "Seulement des lettres sans accent"),
        ("email", "Cette adresse mail n’est pas complète."),
        ("phone", "Ce numéro n’est pas complet."),
        ("role", "Choisissez dans la liste."),
    ] {
        assert!(page.contains(&format!("href=\"#{field}\"")), "{field} is not in the summary");
        assert!(page.contains(&format!("id=\"{field}-erreur\"")) && page.contains(sentence), "{field}: {sentence}");
    }
    for kept in [long.as_str(), "été &lt;b&gt;", "nulle part", "douze"] {
        assert!(page.contains(&format!("value=\"{kept}\"")), "{kept} is not kept:\n{page}");
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM account_proposal".into()).await, 0);
    let path = format!("{BASE}/{}/proposer", two.account);
    one.browser.post(&path, &[]).await.expect(422).expect_text("id=\"what-erreur\"");
    one.browser
        .post(&path, &[("what", "role")])
        .await
        .expect(422)
        .expect_text("id=\"role-erreur\"")
        .expect_text("checked");
    let id = propose(app, &one).await;
    decide(&two.browser, id, "").await.expect(422);
    decide(&two.browser, id, "perhaps").await.expect(422);
}

async fn the_list_is_searched_filtered_and_paged(app: &TestApp) {
    let admin = app.staff(Role::Administrator).await;
    for number in 0..55 {
        let (identifier, name) = (format!("colonne.{number:02}"), format!("Élise Colonne{number:02}"));
        app.services.test_staff(&identifier, &name, Role::Advisor, None, None).await.unwrap();
    }
    app.services.test_staff("z.unique", "Zoé N'Diaye", Role::Reception, None, None).await.unwrap();
    let youth = app.youth().await;
    let first = admin.browser.get(BASE).await.expect(200).expect_sentence("57 comptes dans l’équipe.");
    first
        .expect_sentence("Page 1 sur 2")
        .expect_text("Colonne00")
        .expect_no_text("N&#x27;Diaye")
        .expect_no_text(&youth.identifier);
    let second = admin.browser.get(&format!("{BASE}?page=2")).await.expect(200).expect_text("z.unique");
    second.expect_sentence("Comptes 51 à 57 sur 57").expect_no_text("Colonne00");
    admin.browser.get(&format!("{BASE}?page=99")).await.expect(200).expect_sentence("Page 2 sur 2");
    let narrowed = admin.browser.get(&format!("{BASE}?q=elise&role=advisor&etat=awaiting&page=2")).await.expect(200);
    narrowed
        .expect_sentence("55 comptes correspondent.")
        .expect_text("q=elise&amp;role=advisor&amp;etat=awaiting&amp;page=1");
    for query in ["q=ndiaye+zoe", "q=z.unique", "role=reception", "q=N%27DIAYE"] {
        let found = admin.browser.get(&format!("{BASE}?{query}")).await.expect(200);
        if query.contains("ndiaye+zoe") {
            // Words are searched for in the order of the name, as in the portfolio.
            found.expect_text("Aucun compte ne correspond");
        } else {
            found.expect_sentence("1 compte correspond.").expect_text("z.unique");
        }
    }
    admin.browser.get(&format!("{BASE}?etat=suspended")).await.expect(200).expect_text("Aucun compte ne correspond");
    for odd in ["q=%25%25%25", "q=%00", "role=roi&etat=x&page=-1", "page=99999999999999999999"] {
        admin.browser.get(&format!("{BASE}?{odd}")).await.expect(200);
    }
}

async fn an_account_shows_its_history_page_by_page(app: &TestApp) {
    let (one, two) = administrators(app).await;
    for _ in 0..26 {
        let id = propose_change(app, &one, &two, &[("what", "invite")]).await;
        decide(&one.browser, id, "withdraw").await.expect(303);
    }
    let path = format!("{BASE}/{}", two.account);
    let page = one.browser.get(&path).await.expect(200).expect_sentence("Page 1 sur 2");
    page.expect_text("Proposition retirée").expect_sentence(&format!("Le 10 mars 2026, par Karim {}", one.identifier));
    let last = one.browser.get(&format!("{path}?page=2")).await.expect(200).expect_sentence("Page 2 sur 2");
    assert_eq!(last.readable().matches("timeline-mark").count(), 2);
    one.browser.get(&format!("{BASE}/{}", uuid::Uuid::nil())).await.expect(404);
    one.browser.get(&format!("{BASE}/rien")).await.expect(404);
    // The page shows the last complete sign-in, second factor included.
    one.browser.get(BASE).await.expect(200).expect_text("Jamais");
    let browser = app.anonymous();
    typed(&browser, &two.identifier, PASSWORD).await.expect_see("/connexion/code");
    one.browser.get(&path).await.expect(200).expect_text("Jamais");
    browser.post("/connexion/code", &[("code", &shown(app, TOTP_KEY, 0))]).await.expect_see("/admin");
    one.browser.get(&path).await.expect(200).expect_no_text("Jamais");
}

async fn the_first_two_administrators_come_from_the_command_line(app: &TestApp) {
    let make = |identifier: &'static str, rescue| async move {
        app.services.first_administrator(identifier, "Première Personne", "a@exemple.test", rescue).await
    };
    let one = make("une", false).await.unwrap();
    // A code that was never used may be lost: the same command gives a new one, and the first one opens nothing.
    let again = make("une", false).await.unwrap();
    assert_ne!(one.code, again.code);
    let visitor = app.anonymous();
    visitor.post("/activation", &[("code", one.code.reveal())]).await.expect(422);
    visitor.post("/activation", &[("code", again.code.reveal())]).await.expect(200).expect_text("value=\"une\"");
    make("deux", false).await.unwrap();
    assert!(matches!(make("trois", false).await, Err(FirstAdministratorError::Enough)));
    let message = make("trois", false).await.unwrap_err().to_string();
    assert!(message.contains("/admin/comptes") && message.contains("--rescue"), "{message}");
    let desk = app.staff(Role::Reception).await;
    let taken = app.services.first_administrator(&desk.identifier, "X", "x@exemple.test", true).await;
    assert!(matches!(taken, Err(FirstAdministratorError::Taken)));
    assert_eq!(app.number("SELECT COUNT(*) FROM journal WHERE action = 'rescued'".into()).await, 0);

    assert!(app.mailbox().await.is_empty());
    make("trois", true).await.unwrap();
    let told = app.mailbox().await;
    assert_eq!(told.len(), 2, "both administrators");
    assert!(told.iter().all(|mail| mail.text.contains("Sur le serveur, quelqu’un vient de donner un accès")));
    let rescued = "SELECT COUNT(*) FROM journal WHERE action = 'rescued' AND actor_kind = 'machine'";
    assert_eq!(app.number(rescued.into()).await, 1);
    // The command also helps an administrator who is locked out: it ends everything the account had.
    let locked = app.staff(Role::Administrator).await;
    let new = app.services.first_administrator(&locked.identifier, "X", "x@exemple.test", true).await.unwrap();
    locked.browser.get("/admin").await.expect(303);
    typed(&app.anonymous(), &locked.identifier, PASSWORD).await.expect(422);
    visitor.post("/activation", &[("code", new.code.reveal())]).await.expect(200).expect_text(&locked.identifier);
    assert_eq!(app.number(rescued.into()).await, 2);
}

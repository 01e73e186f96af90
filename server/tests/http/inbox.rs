//! The staff inbox (A5): who sees which requests, who has taken one, answers that are sent once, and two people who
//! press at the same time.

use crate::support::{Browser, Person, TestApp, on_both_engines};
use domain::{
    actor::Role,
    ids::RequestId,
    inbox::{Inbox, RequestState},
    requests::RequestKind,
};

on_both_engines!(
    each_role_sees_the_forms_that_are_its_work,
    the_list_is_filtered_counted_and_paged,
    a_request_is_taken_handed_over_released_and_closed,
    what_is_done_in_the_list_comes_back_to_the_same_list,
    of_two_people_who_take_a_request_the_second_is_told,
    an_answer_is_sent_once_and_its_text_is_kept_when_refused,
    flagged_text_is_blanked,
    each_request_shows_the_day_of_its_deletion,
    a_role_that_was_taken_away_sees_no_request,
    all_roles_are_told_in_their_order,
);

const LIST: &str = "/conseiller/demandes";

fn of(request: RequestId) -> String {
    format!("{LIST}/{request}")
}

/// Presses one of the buttons; `with` is what else its form sends.
async fn press(browser: &Browser, request: RequestId, action: &str, with: &[(&str, &str)]) -> crate::support::Answer {
    let fields: Vec<_> = [("action", action)].into_iter().chain(with.iter().copied()).collect();
    browser.post(&of(request), &fields).await
}

/// The value of the first hidden field `name`.
fn hidden(page: &str, name: &str) -> String {
    let marker = format!("name=\"{name}\" value=\"");
    page.split(&marker).nth(1).map(|rest| rest.split('"').next().unwrap().to_owned()).unwrap_or_default()
}

async fn state_of(app: &TestApp, request: RequestId, state: &str) -> i64 {
    let id = app.sql_id(request);
    app.number(format!("SELECT COUNT(*) FROM request WHERE id = {id} AND state = '{state}'")).await
}

/// This table is the one of A5 and A6, written out.
async fn each_role_sees_the_forms_that_are_its_work(app: &TestApp) {
    use RequestKind::{ApprenticeshipTax, Contact, Event, PreRegistration};
    let mut requests = Vec::new();
    for (kind, name) in
        [(Contact, "Ducontact"), (PreRegistration, "Dupremier"), (Event, "Duforum"), (ApprenticeshipTax, "Delataxe")]
    {
        let id = app.services.test_request(kind, |request| request.last_name = name.to_owned()).await.unwrap();
        requests.push((kind, name, id));
    }
    for (role, sees) in [
        (Role::Reception, &[Contact, PreRegistration, Event][..]),
        (Role::AdministrativeAssistant, &[Contact, ApprenticeshipTax]),
        (Role::SectorHead, &[Contact, PreRegistration, Event]),
        (Role::Director, &RequestKind::ALL),
        (Role::Advisor, &[PreRegistration]),
        (Role::ProjectLead, &[Event]),
    ] {
        let person = app.staff(role).await;
        let list = person.browser.get(LIST).await.expect(200);
        for (kind, name, id) in &requests {
            let theirs = sees.contains(kind);
            assert_eq!(list.text().contains(name), theirs, "{role:?} {kind:?}");
            // A request of another form is neither found by a filter, nor opened, nor changed.
            let asked = person.browser.get(&format!("{LIST}?formulaire={}", kind.code())).await.expect(200);
            assert_eq!(asked.text().contains(name), theirs, "{role:?} {kind:?}");
            assert_eq!(person.browser.get(&of(*id)).await.status == 200, theirs, "{role:?} {kind:?}");
            if !theirs {
                for action in ["take", "close", "blank"] {
                    press(&person.browser, *id, action, &[]).await.expect(403).expect_no_text(name);
                }
                let answer = [("submission", "01890a5d-ac96-774b-bcce-b302099a8057"), ("answer", "Bonjour")];
                press(&person.browser, *id, "answer", &answer).await.expect(403);
            }
        }
        let told: i64 = list.text().matches("data-label=\"Reçue le\"").count().try_into().unwrap();
        assert_eq!(told, i64::try_from(sees.len()).unwrap(), "{role:?}");
        assert!(list.text().contains("href=\"/conseiller/demandes\""), "{role:?} has the tab");
    }
    for role in [Role::Administrator, Role::Dpo] {
        let person = app.staff(role).await;
        person.browser.get(LIST).await.expect(403).expect_no_text("Ducontact");
        person.browser.get(&of(requests[0].2)).await.expect(403).expect_no_text("Ducontact");
    }
    assert_eq!(app.number("SELECT COUNT(*) FROM request WHERE state <> 'new'".into()).await, 0);
    assert_eq!(app.number("SELECT COUNT(*) FROM request_answer".into()).await, 0);
    let nobody = app.services.test_request(Contact, |_| {}).await.unwrap();
    app.execute("DELETE FROM request".into()).await;
    app.staff(Role::Director).await.browser.get(&of(nobody)).await.expect(404);
}

async fn the_list_is_filtered_counted_and_paged(app: &TestApp) {
    let me = app.staff(Role::Reception).await;
    me.browser.get(LIST).await.expect(200).expect_sentence("Rien à traiter");
    for number in 0..51 {
        app.clock.advance_millis(1_000);
        let name = format!("Num{number:02}");
        app.services.test_request(RequestKind::Contact, |request| request.last_name = name).await.unwrap();
    }
    app.services
        .test_request(RequestKind::PreRegistration, |request| {
            request.last_name = "Mienne".to_owned();
            request.state = RequestState::Open;
            request.assigned_to = Some(me.account);
        })
        .await
        .unwrap();
    app.services
        .test_request(RequestKind::Contact, |request| {
            request.last_name = "Finie".to_owned();
            request.state = RequestState::Closed;
        })
        .await
        .unwrap();
    let page = me.browser.get(LIST).await.expect(200).expect_sentence("52 demandes à traiter.");
    for part in ["À traiter (52)", "Nouvelles (51)", "En cours (1)", "Closes (1)", "Demandes 1 à 50 sur 52"] {
        assert!(page.readable().contains(part), "« {part} » is not in:\n{}", page.readable());
    }
    let at = |name: &str| page.text().find(name);
    assert!(at("Mienne") < at("Num50") && at("Num50") < at("Num49"), "newest first");
    let page = page.expect_no_text("Num00").expect_no_text("Finie");
    assert!(page.text().contains("page=2"));
    me.browser.get(&format!("{LIST}?page=2")).await.expect(200).expect_text("Num00").expect_no_text("Num50");
    // A page number past the end gives the last page.
    me.browser.get(&format!("{LIST}?page=99")).await.expect(200).expect_text("Num00");

    let mine = me.browser.get(&format!("{LIST}?suivi=moi")).await.expect(200).expect_text("Mienne");
    mine.expect_no_text("Num50").expect_sentence("À traiter (1)").expect_sentence("Closes (0)");
    me.browser.get(&format!("{LIST}?suivi=personne")).await.expect(200).expect_no_text("Mienne");
    me.browser.get(&format!("{LIST}?etat=closed")).await.expect(200).expect_text("Finie").expect_no_text("Num50");
    me.browser.get(&format!("{LIST}?etat=open")).await.expect(200).expect_text("Mienne").expect_no_text("Num50");
    let only = me.browser.get(&format!("{LIST}?formulaire=pre_registration")).await.expect(200);
    only.expect_text("Mienne").expect_no_text("Num50");
    me.browser.get(&format!("{LIST}?formulaire=event")).await.expect(200).expect_sentence("Aucune demande ici");
    // Another member of staff has taken none.
    let other = app.staff(Role::Reception).await;
    other.browser.get(&format!("{LIST}?suivi=moi")).await.expect(200).expect_no_text("Mienne");
}

async fn what_is_done_in_the_list_comes_back_to_the_same_list(app: &TestApp) {
    let (me, colleague) = (app.staff(Role::Reception).await, app.staff(Role::SectorHead).await);
    let id = app.services.test_request(RequestKind::Contact, |_| {}).await.unwrap();
    let asked = format!("{LIST}?formulaire=contact&suivi=personne");
    let page = me.browser.get(&asked).await.expect(200).expect_sentence("Clore");
    // The island gives the row's place back, and hands over by the form of the request's own page.
    assert!(page.text().contains(&format!("id=\"demande-{id}\"")) && page.text().contains("#confier\""));
    let list = "formulaire=contact&etat=&suivi=personne&page=1";
    assert_eq!(hidden(page.text(), "list").replace("&amp;", "&"), list);
    let back = |word: &str| format!("{LIST}?{list}&fait={word}#demande-{id}");
    press(&me.browser, id, "take", &[("list", list)]).await.expect_see(&back("pris"));
    me.browser.get(&format!("{LIST}?fait=pris")).await.expect(200).expect_sentence("Vous suivez cette demande.");
    let row = me.browser.get(LIST).await.expect(200);
    assert!(!row.text().contains("value=\"take\""), "nobody takes what somebody has");

    let request = format!("{}?liste={}", of(id), list.replace('=', "%3D").replace('&', "%26"));
    let page = me.browser.get(&request).await.expect(200);
    assert_eq!(hidden(page.text(), "list").replace("&amp;", "&"), list);
    let (holder, to) = (me.account.to_string(), colleague.account.to_string());
    let hand = [("holder", holder.as_str()), ("colleague", &to), ("list", list)];
    press(&me.browser, id, "hand", &hand).await.expect_see(&back("confie"));
    press(&me.browser, id, "hand", &hand).await.expect_see(&back("depasse"));
    press(&me.browser, id, "close", &[("list", list)]).await.expect_see(&back("clos"));
    let closed = me.browser.get(&format!("{LIST}?etat=closed")).await.expect(200);
    assert!(!closed.text().contains("value=\"close\""), "nothing is left to do");

    // A list that somebody else wrote leads to no other page.
    let evil = press(&me.browser, id, "close", &[("list", "https://ailleurs.test/?x=1\r\nset-cookie: a")]).await;
    evil.expect_see(&format!("{LIST}?formulaire=&etat=&suivi=&page=1&fait=depasse#demande-{id}"));
}

async fn a_request_is_taken_handed_over_released_and_closed(app: &TestApp) {
    let (me, colleague) = (app.staff(Role::Reception).await, app.staff(Role::SectorHead).await);
    let advisor = app.advisor().await;
    let id = app.services.test_request(RequestKind::Contact, |_| {}).await.unwrap();
    let page = me.browser.get(&of(id)).await.expect(200).expect_sentence("Personne pour l’instant");
    assert!(page.text().contains(&colleague.account.to_string()), "it can be handed to whoever may see it");
    assert!(!page.text().contains(&advisor.account.to_string()), "and to nobody else");

    press(&me.browser, id, "take", &[("holder", "")]).await.expect_see(&format!("{}?fait=pris", of(id)));
    assert_eq!(state_of(app, id, "open").await, 1);
    let page = me.browser.get(&format!("{}?fait=pris", of(id))).await.expect(200);
    let page = page.expect_sentence("Vous suivez cette demande.");
    let holder = hidden(page.text(), "holder");
    assert_eq!(holder, me.account.to_string());

    // An advisor may not see requests of the contact form, so such a request cannot be handed to them.
    let to = |person: &Person| person.account.to_string();
    let wrong = press(&me.browser, id, "hand", &[("holder", &holder), ("colleague", &to(&advisor))]).await;
    wrong.expect_see(&format!("{}?fait=depasse", of(id)));
    press(&me.browser, id, "hand", &[("holder", &holder), ("colleague", "")]).await.expect(422);
    let handed = press(&me.browser, id, "hand", &[("holder", &holder), ("colleague", &to(&colleague))]).await;
    handed.expect_see(&format!("{}?fait=confie", of(id)));
    let page = colleague.browser.get(&of(id)).await.expect(200).expect_sentence("Je ne m’en occupe plus");
    let holder = hidden(page.text(), "holder");
    press(&colleague.browser, id, "release", &[("holder", &holder)])
        .await
        .expect_see(&format!("{}?fait=rendu", of(id)));
    me.browser.get(&of(id)).await.expect(200).expect_sentence("Personne pour l’instant");

    press(&me.browser, id, "close", &[]).await.expect_see(&format!("{}?fait=clos", of(id)));
    assert_eq!(state_of(app, id, "closed").await, 1);
    let page = me.browser.get(&of(id)).await.expect(200).expect_sentence("Rouvrir la demande");
    let page = page.expect_no_text("value=\"take\"").expect_no_text("value=\"answer\"");
    page.expect_no_text("value=\"close\"");
    press(&me.browser, id, "take", &[]).await.expect_see(&format!("{}?fait=depasse", of(id)));
    press(&me.browser, id, "reopen", &[]).await.expect_see(&format!("{}?fait=rouvert", of(id)));
    assert_eq!(state_of(app, id, "open").await, 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM request WHERE closed_at IS NOT NULL".into()).await, 0);
    press(&me.browser, id, "burn", &[]).await.expect(422);
}

async fn of_two_people_who_take_a_request_the_second_is_told(app: &TestApp) {
    let (first, second) = (app.staff(Role::Reception).await, app.staff(Role::Reception).await);
    let id = app.services.test_request(RequestKind::Contact, |_| {}).await.unwrap();
    let over = format!("{}?fait=depasse", of(id));
    // Both see that nobody has taken it, and both press at once.
    let (one, two) = tokio::join!(press(&first.browser, id, "take", &[]), press(&second.browser, id, "take", &[]));
    let mut went = [one.header("location").to_owned(), two.header("location").to_owned()];
    went.sort();
    assert_eq!(went, [over.clone(), format!("{}?fait=pris", of(id))]);
    let page = first.browser.get(&over).await.expect(200);
    page.expect_sentence("Quelqu’un a été plus rapide.");
    // A page that is out of date hands nothing over.
    let colleague = app.staff(Role::Director).await.account.to_string();
    press(&first.browser, id, "hand", &[("holder", ""), ("colleague", &colleague)]).await.expect_see(&over);
    press(&first.browser, id, "release", &[("holder", "")]).await.expect_see(&over);
    let holders = "SELECT COUNT(DISTINCT assigned_to) FROM request WHERE assigned_to IS NOT NULL";
    assert_eq!(app.number(holders.into()).await, 1);
    press(&first.browser, id, "close", &[]).await.expect(303);
    press(&second.browser, id, "close", &[]).await.expect_see(&over);
}

async fn an_answer_is_sent_once_and_its_text_is_kept_when_refused(app: &TestApp) {
    let me = app.staff(Role::Reception).await;
    let id = app.services.test_request(RequestKind::Contact, |_| {}).await.unwrap();
    let page = me.browser.get(&of(id)).await.expect(200);
    let submission = hidden(page.text(), "submission");
    let words = "Bonjour,\nvenez <lundi>.";
    // Without a text, the same page comes again, with the same token.
    let empty = press(&me.browser, id, "answer", &[("submission", &submission), ("answer", " ")]).await.expect(422);
    assert_eq!(hidden(empty.text(), "submission"), submission);
    let fields = [("submission", submission.as_str()), ("answer", words)];
    let (one, two) = tokio::join!(press(&me.browser, id, "answer", &fields), press(&me.browser, id, "answer", &fields));
    for answer in [one, two, press(&me.browser, id, "answer", &fields).await] {
        answer.expect_see(&format!("{}?fait=repondu", of(id)));
    }
    let mails = app.mailbox().await;
    assert_eq!(mails.len(), 1, "three clicks are one mail");
    assert_eq!((mails[0].to.as_str(), mails[0].to_name.as_str()), ("nour.visiteuse@exemple.test", "Nour Visiteuse"));
    assert!(mails[0].text.contains(words) && mails[0].html.contains("venez &lt;lundi&gt;."), "{:?}", mails[0]);
    let page = me.browser.get(&of(id)).await.expect(200).expect_sentence("a répondu le 10 mars 2026");
    page.expect_text("venez &lt;lundi&gt;.").expect_sentence("Vous");
    assert_eq!(state_of(app, id, "open").await, 1);

    // Somebody closes the request while an answer is being typed: no mail leaves, and the text is still there.
    let submission = Inbox::submission(&app.services).to_string();
    press(&me.browser, id, "close", &[]).await.expect(303);
    let late = [("submission", submission.as_str()), ("answer", "Une <suite>"), ("close", "on")];
    let refused = press(&me.browser, id, "answer", &late).await.expect(422).expect_text("Une &lt;suite&gt;");
    refused.expect_sentence("vient d’être close");
    assert_eq!(app.mailbox().await.len(), 1);
    press(&me.browser, id, "reopen", &[]).await.expect(303);
    press(&me.browser, id, "answer", &late).await.expect_see(&format!("{}?fait=repondu", of(id)));
    assert_eq!(state_of(app, id, "closed").await, 1, "closed with the answer, as asked");
    assert_eq!(app.mailbox().await.len(), 2);

    // A request without an address has no form for an answer, and a post of one writes no mail.
    let silent = app.services.test_request(RequestKind::Contact, |request| request.email = None).await.unwrap();
    let page = me.browser.get(&of(silent)).await.expect(200).expect_no_text("value=\"answer\"");
    page.expect_sentence("n’a pas laissé d’adresse mail");
    let fresh = Inbox::submission(&app.services).to_string();
    let fields = [("submission", fresh.as_str()), ("answer", "Bonjour")];
    press(&me.browser, silent, "answer", &fields).await.expect(303);
    assert_eq!(app.mailbox().await.len(), 2);
    assert_eq!(app.number("SELECT COUNT(*) FROM request_answer".into()).await, 2);
}

async fn flagged_text_is_blanked(app: &TestApp) {
    let me = app.staff(Role::Reception).await;
    let flagged = |request: &mut services::testing::TestRequest| {
        request.message = Some("1 99 05 75 999 001 21".to_owned());
        request.flags = Some("nir,health".to_owned());
    };
    let id = app.services.test_request(RequestKind::Contact, flagged).await.unwrap();
    me.browser.get(LIST).await.expect(200).expect_sentence("À relire");
    let page = me.browser.get(&of(id)).await.expect(200).expect_sentence("contient peut-être");
    page.expect_sentence("numéro de sécurité sociale").expect_sentence("parlent peut-être de santé");
    press(&me.browser, id, "blank", &[]).await.expect_see(&format!("{}?fait=efface", of(id)));
    let page = me.browser.get(&of(id)).await.expect(200).expect_no_text("999 001").expect_no_text("peut-être");
    page.expect_sentence("a effacé le message le 10 mars 2026").expect_text("nour.visiteuse");
    me.browser.get(LIST).await.expect(200).expect_no_text("À relire");
    let kept = "SELECT COUNT(*) FROM request WHERE message IS NOT NULL OR flags IS NOT NULL";
    assert_eq!(app.number(kept.into()).await, 0);
    // A second blanking is refused, and so is the blanking of a request that is not flagged.
    press(&me.browser, id, "blank", &[]).await.expect_see(&format!("{}?fait=depasse", of(id)));
    let plain = app.services.test_request(RequestKind::Contact, |_| {}).await.unwrap();
    press(&me.browser, plain, "blank", &[]).await.expect_see(&format!("{}?fait=depasse", of(plain)));
    assert_eq!(app.number(kept.into()).await, 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM request_answer".into()).await, 1);
}

/// The requests came on 10 March 2026, and the event ends on the 21st.
async fn each_request_shows_the_day_of_its_deletion(app: &TestApp) {
    let director = app.staff(Role::Director).await;
    let now = app.services.calendar().now();
    let event = app.services.test_event(now, now.plus_hours(24 * 11)).await.unwrap();
    for (kind, day) in [
        (RequestKind::Contact, "10 septembre 2026"),
        (RequestKind::PreRegistration, "10 juin 2026"),
        (RequestKind::Event, "22 mars 2026"),
        (RequestKind::ApprenticeshipTax, "10 mars 2027"),
    ] {
        let about = |request: &mut services::testing::TestRequest| {
            request.event = (kind == RequestKind::Event).then_some(event);
        };
        let id = app.services.test_request(kind, about).await.unwrap();
        director.browser.get(&of(id)).await.expect(200).expect_sentence(&format!("toutes seules le {day}"));
        let list = director.browser.get(&format!("{LIST}?formulaire={}", kind.code())).await.expect(200);
        list.expect_sentence(day);
    }
}

async fn a_role_that_was_taken_away_sees_no_request(app: &TestApp) {
    let me = app.staff(Role::Reception).await;
    let id = app.services.test_request(RequestKind::Contact, |_| {}).await.unwrap();
    me.browser.get(&of(id)).await.expect(200);
    // The session still names the role reception, and the account does not.
    let account = app.sql_id(me.account);
    app.execute(format!("UPDATE account SET role = 'admin' WHERE id = {account}")).await;
    let answer = me.browser.get(&of(id)).await;
    assert!(answer.status != 200, "{}", answer.status);
    let answer = press(&me.browser, id, "close", &[]).await;
    assert!(!answer.header("location").contains("clos"), "{}", answer.header("location"));
    assert_eq!(state_of(app, id, "new").await, 1);
}

/// A form may be the work of any number of roles.
async fn all_roles_are_told_in_their_order(app: &TestApp) {
    for role in Role::ALL {
        app.staff_signed_out(role, None).await;
    }
    let mut roles = Role::ALL.to_vec();
    let told = app.services.test_told(&roles).await.unwrap();
    assert_eq!(told.len(), Role::ALL.len(), "{told:?}");
    roles.reverse();
    let reversed = app.services.test_told(&roles).await.unwrap();
    assert_eq!(reversed.into_iter().rev().collect::<Vec<_>>(), told);
    assert_eq!(app.services.test_told(&[Role::Dpo]).await.unwrap(), [told[7].clone()]);
    assert!(app.services.test_told(&[]).await.unwrap().is_empty());
}

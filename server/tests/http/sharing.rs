//! Who else may read a vault: attached advisors with its owner's consent, and each of them what they deposited (V5, V6,
//! E3).

use crate::{
    files::pdf,
    support::{Person, TestApp, on_both_engines},
    vault::{deposited, path_of},
};
use domain::{
    actor::{Actor, Role},
    error::PortError,
    ids::DocumentId,
    vault::Vaults,
};
use futures::StreamExt;

on_both_engines!(
    without_consent_an_advisor_finds_only_what_they_deposited,
    with_consent_an_advisor_reads_everything_until_it_is_withdrawn,
    an_ended_attachment_opens_nothing,
    without_an_attachment_consent_opens_nothing,
    a_young_person_sees_and_may_delete_what_an_advisor_deposited,
    other_roles_get_nothing_even_when_attached,
    only_a_ticked_box_is_consent,
    withdrawing_consent_stops_a_running_download_of_staff_alone,
    refused_attempts_at_a_file_are_logged,
);

const VAULT: &str = "/mon-espace/coffre-fort";
const SHARING: &str = "/mon-espace/coffre-fort/partage";
const SHARING_DONE: &str = "/mon-espace/coffre-fort?partage=";

fn tab(youth: &Person) -> String {
    format!("/conseiller/jeunes/{}/coffre-fort", youth.id())
}

fn theirs(youth: &Person, document: DocumentId) -> String {
    format!("{}/{document}", tab(youth))
}

/// A document that an advisor deposits.
async fn deposited_by(app: &TestApp, advisor: &Person, youth: &Person, name: &str, bytes: &[u8]) -> DocumentId {
    let path = tab(youth);
    advisor.browser.deposit(&path, "employment", &[(name, bytes)]).await.expect_see(&format!("{path}?depose=1"));
    app.documents(youth).await.iter().find(|document| document.name == name).unwrap().id
}

async fn share(youth: &Person) {
    youth.browser.post(SHARING, &[("shared", "on")]).await.expect_see(&format!("{SHARING_DONE}oui#partage"));
}

async fn unshare(youth: &Person) {
    youth.browser.post(SHARING, &[]).await.expect_see(&format!("{SHARING_DONE}non#partage"));
}

async fn refusals(app: &TestApp, youth: &Person) -> usize {
    app.services.test_log(youth.id()).await.unwrap().iter().filter(|line| line.refused).count()
}

async fn without_consent_an_advisor_finds_only_what_they_deposited(app: &TestApp) {
    let (youth, advisor, colleague) = (app.youth().await, app.advisor().await, app.staff(Role::ProjectLead).await);
    app.attach(&youth, &advisor).await;
    app.attach(&youth, &colleague).await;
    let own = deposited(app, &youth, "journal intime.pdf", &pdf(1, 900)).await;
    let bytes = pdf(2, 5_000);
    let mine = deposited_by(app, &advisor, &youth, "convention.pdf", &bytes).await;
    let other = deposited_by(app, &colleague, &youth, "bilan.pdf", &pdf(3, 900)).await;

    advisor
        .browser
        .get(&tab(&youth))
        .await
        .expect(200)
        .expect_sentence("convention.pdf")
        .expect_no_text("journal intime")
        .expect_no_text("bilan.pdf")
        .expect_no_text(&own.id.to_string())
        .expect_no_text(&other.to_string())
        .expect_sentence("garde ses documents pour soi");
    let view = app.services.view(&Actor::staff(advisor.account, Role::Advisor), youth.id()).await.unwrap();
    assert_eq!((view.documents.len(), view.used_bytes, view.shared), (1, None, false), "nothing is told of the others");
    assert!(advisor.browser.get(&theirs(&youth, mine)).await.expect(200).body == bytes);

    let before = refusals(app, &youth).await;
    for document in [own.id, other] {
        advisor.browser.get(&theirs(&youth, document)).await.expect(403);
        advisor.browser.get(&format!("{}/supprimer", theirs(&youth, document))).await.expect(403);
        advisor.browser.post(&format!("{}/supprimer", theirs(&youth, document)), &[]).await.expect(403);
    }
    assert_eq!(refusals(app, &youth).await, before + 6, "each attempt is logged");
    assert_eq!(app.documents(&youth).await.len(), 3);
    advisor
        .browser
        .post(&format!("{}/supprimer", theirs(&youth, mine)), &[])
        .await
        .expect_see(&format!("{}?supprime=1", tab(&youth)));
    assert_eq!(app.documents(&youth).await.len(), 2);
}

async fn with_consent_an_advisor_reads_everything_until_it_is_withdrawn(app: &TestApp) {
    let (youth, advisor) = (app.youth().await, app.advisor().await);
    app.attach(&youth, &advisor).await;
    let bytes = pdf(1, 90_000);
    let own = deposited(app, &youth, "brevet.pdf", &bytes).await;
    let path = theirs(&youth, own.id);
    advisor.browser.get(&path).await.expect(403);

    share(&youth).await;
    advisor
        .browser
        .get(&tab(&youth))
        .await
        .expect(200)
        .expect_sentence("brevet.pdf")
        .expect_sentence("partage ses documents");
    let answer = advisor.browser.get(&path).await.expect(200);
    assert!(answer.body == bytes);
    assert!(answer.header("content-disposition").starts_with("attachment"));
    advisor.browser.get_with(&path, &[("range", "bytes=5-9")]).await.expect(206);
    // Consent allows reading only.
    advisor.browser.post(&format!("{path}/supprimer"), &[]).await.expect(403);

    unshare(&youth).await;
    let before = refusals(app, &youth).await;
    advisor.browser.get(&path).await.expect(403).expect_no_text("brevet");
    advisor.browser.get_with(&path, &[("range", "bytes=5-9")]).await.expect(403);
    advisor.browser.get(&tab(&youth)).await.expect(200).expect_no_text("brevet");
    assert_eq!(refusals(app, &youth).await, before + 2);
    youth.browser.get(&path_of(&own)).await.expect(200);
}

async fn an_ended_attachment_opens_nothing(app: &TestApp) {
    let (youth, advisor) = (app.youth().await, app.advisor().await);
    app.services.test_attach(youth.id(), advisor.account, Some(crate::support::NOW.plus_minutes(20))).await.unwrap();
    share(&youth).await;
    let own = deposited(app, &youth, "bail.pdf", &pdf(1, 900)).await;
    let mine = deposited_by(app, &advisor, &youth, "convention.pdf", &pdf(2, 900)).await;
    let file = format!("/conseiller/jeunes/{}", youth.id());
    let pages = [file, tab(&youth), theirs(&youth, own.id), theirs(&youth, mine)];
    for page in &pages {
        advisor.browser.get(page).await.expect(200);
    }
    // This is the last millisecond of the attachment, and then its end.
    app.clock.advance_millis(1_200_000 - 1);
    advisor.browser.get(&pages[3]).await.expect(200);
    app.clock.advance_millis(1);
    let before = refusals(app, &youth).await;
    for page in &pages {
        advisor.browser.get(page).await.expect(403).expect_no_text("bail.pdf").expect_no_text("convention.pdf");
    }
    advisor.browser.get(&format!("{}/supprimer", pages[3])).await.expect(403);
    advisor.browser.post(&format!("{}/supprimer", pages[3]), &[]).await.expect(403);
    advisor.browser.deposit(&pages[1], "other", &[("encore.pdf", &pdf(3, 900))]).await.expect(403);
    assert_eq!(refusals(app, &youth).await, before + 7);
    assert_eq!(app.documents(&youth).await.len(), 2);
    advisor.browser.get("/conseiller/jeunes").await.expect(200).expect_no_text(&youth.id().to_string());
}

async fn without_an_attachment_consent_opens_nothing(app: &TestApp) {
    let (youth, advisor, stranger) = (app.youth().await, app.advisor().await, app.advisor().await);
    app.attach(&youth, &advisor).await;
    share(&youth).await;
    let own = deposited(app, &youth, "bail.pdf", &pdf(1, 900)).await;
    let pages = [format!("/conseiller/jeunes/{}", youth.id()), tab(&youth), theirs(&youth, own.id)];
    for page in &pages {
        advisor.browser.get(page).await.expect(200);
        stranger.browser.get(page).await.expect(403).expect_no_text("bail.pdf").expect_no_text("Lina");
    }
    assert_eq!(refusals(app, &youth).await, 3);
    // The advisor is attached, and then no longer.
    app.services.test_detach(youth.id()).await.unwrap();
    for page in &pages {
        advisor.browser.get(page).await.expect(403);
    }
}

async fn a_young_person_sees_and_may_delete_what_an_advisor_deposited(app: &TestApp) {
    let (youth, advisor) = (app.youth().await, app.advisor().await);
    app.attach(&youth, &advisor).await;
    let bytes = pdf(1, 5_000);
    let mine = deposited_by(app, &advisor, &youth, "convention.pdf", &bytes).await;
    let path = format!("{VAULT}/{mine}");
    youth
        .browser
        .get(VAULT)
        .await
        .expect(200)
        .expect_sentence("convention.pdf")
        .expect_sentence(&format!("déposé par Karim {}", advisor.identifier));
    assert!(youth.browser.get(&path).await.expect(200).body == bytes);
    youth.browser.get(&format!("{path}/supprimer")).await.expect(200).expect_sentence("convention.pdf");
    youth.browser.post(&format!("{path}/supprimer"), &[]).await.expect(303);
    advisor.browser.get(&theirs(&youth, mine)).await.expect(404);
    advisor.browser.get(&tab(&youth)).await.expect(200).expect_no_text("convention.pdf");

    let log = app.services.test_log(youth.id()).await.unwrap();
    assert!(log.iter().any(|line| line.action == "deposit" && line.actor_id == Some(advisor.account.into())));
}

async fn other_roles_get_nothing_even_when_attached(app: &TestApp) {
    let youth = app.youth_with(|youth| youth.vault_shared = true).await;
    let own = deposited(app, &youth, "bail.pdf", &pdf(1, 900)).await;
    let path = theirs(&youth, own.id);
    for role in Role::ALL {
        let staff = app.staff(role).await;
        app.attach(&youth, &staff).await;
        let expected = if role.follows_young_people() { 200 } else { 403 };
        for page in [&path, &tab(&youth), &format!("/conseiller/jeunes/{}", youth.id()), "/conseiller/jeunes"] {
            let answer = staff.browser.get(page).await;
            assert_eq!(answer.status, expected, "{role:?} {page}");
        }
        // The port refuses as well, whatever the routes do.
        let actor = Actor::staff(staff.account, role);
        let opened = app.services.open(&actor, youth.id(), own.id, None).await.map(drop);
        let allowed = if expected == 200 { Ok(()) } else { Err(PortError::Refused) };
        assert_eq!(opened, allowed, "{role:?}");
        if expected == 403 {
            staff.browser.deposit(&tab(&youth), "other", &[("a.pdf", &pdf(2, 900))]).await.expect(403);
            staff.browser.post(&format!("{path}/supprimer"), &[]).await.expect(403);
        }
        staff.browser.get(VAULT).await.expect(403);
        staff.browser.post(SHARING, &[]).await.expect(403);
    }
    assert_eq!(app.documents(&youth).await.len(), 1);
    assert!(app.services.view(&Actor::youth(youth.account, youth.id()), youth.id()).await.unwrap().shared);
}

async fn only_a_ticked_box_is_consent(app: &TestApp) {
    let youth = app.youth().await;
    let shared =
        || async { app.services.view(&Actor::youth(youth.account, youth.id()), youth.id()).await.unwrap().shared };
    assert!(!shared().await, "off by default");
    share(&youth).await;
    assert!(shared().await);
    youth.browser.get(VAULT).await.expect(200).expect_text("name=\"shared\" value=\"on\" checked");
    youth.browser.get("/mon-espace/profil").await.expect(200).expect_sentence("peuvent lire tous vos documents");
    let log = app.services.test_log(youth.id()).await.unwrap().len();
    for garbage in ["true", "off", "ON", "on ", "1"] {
        let answer = youth.browser.post(SHARING, &[("shared", garbage)]).await.expect(422);
        answer.expect_sentence("Quelque chose est à corriger");
        assert!(shared().await, "« {garbage} » changes nothing");
    }
    youth.browser.post(SHARING, &[("shared", "on"), ("shared", "on")]).await.expect(422);
    youth.browser.get(SHARING).await.expect(200);
    assert!(shared().await, "reading the page changes nothing");
    assert_eq!(app.services.test_log(youth.id()).await.unwrap().len(), log, "nothing was done");
    unshare(&youth).await;
    assert!(!shared().await);
    app.anonymous().post(SHARING, &[("shared", "on")]).await.expect(303);
    assert!(!shared().await);
}

async fn withdrawing_consent_stops_a_running_download_of_staff_alone(app: &TestApp) {
    let (youth, advisor) = (app.youth().await, app.advisor().await);
    app.attach(&youth, &advisor).await;
    share(&youth).await;
    let bytes = pdf(1, 20 * 1024 * 1024);
    let own = deposited(app, &youth, "vidéo-CV.pdf", &bytes).await.id;
    let (owner, staff) = (Actor::youth(youth.account, youth.id()), Actor::staff(advisor.account, Role::Advisor));

    let file = youth.id();
    let open = |actor: Actor| async move { app.services.open(&actor, file, own, None).await.unwrap().bytes };
    let (mut theirs, mut mine) = (open(staff.clone()).await, open(owner.clone()).await);
    let first = theirs.next().await.unwrap().unwrap();
    assert!(bytes.starts_with(&first) && first.len() < bytes.len() / 2);
    let mut read = mine.next().await.unwrap().unwrap().to_vec();

    app.services.set_shared(&owner, false).await.unwrap();
    app.clock.advance_millis(3_000);
    assert_eq!(theirs.next().await.unwrap(), Err(PortError::Refused));
    assert!(theirs.next().await.is_none(), "and nothing follows");
    while let Some(more) = mine.next().await {
        read.extend_from_slice(&more.unwrap());
        app.clock.advance_millis(1_000);
    }
    assert!(read == bytes, "the owner's own goes on");

    // The end of an attachment and a deletion stop a download too.
    app.services.set_shared(&owner, true).await.unwrap();
    let (mut theirs, mut mine) = (open(staff).await, open(owner.clone()).await);
    theirs.next().await.unwrap().unwrap();
    mine.next().await.unwrap().unwrap();
    app.services.test_detach(youth.id()).await.unwrap();
    app.clock.advance_millis(3_000);
    assert_eq!(theirs.next().await.unwrap(), Err(PortError::Refused));
    app.services.delete(&owner, youth.id(), own).await.unwrap();
    app.clock.advance_millis(3_000);
    assert!(mine.next().await.unwrap().is_err());
}

async fn refused_attempts_at_a_file_are_logged(app: &TestApp) {
    let (youth, other, reception) = (app.youth().await, app.youth().await, app.staff(Role::Reception).await);
    let own = deposited(app, &youth, "carte.pdf", &pdf(1, 900)).await;
    let before = refusals(app, &youth).await;
    reception.browser.get(&tab(&youth)).await.expect(403);
    other.browser.get(&theirs(&youth, own.id)).await.expect(403);
    // The path names a wrong owner, and the log has the true one.
    reception.browser.get(&theirs(&other, own.id)).await.expect(403);
    reception.browser.get(&format!("{VAULT}/{}", own.id)).await.expect(403);
    assert_eq!(refusals(app, &youth).await, before + 4);
    assert_eq!(refusals(app, &other).await, 0);
    // Nobody has this file: nothing is logged, and the answer is the same.
    reception.browser.get("/conseiller/jeunes/0195807c-0000-7000-8000-000000000000").await.expect(403);
}

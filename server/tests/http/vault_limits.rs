//! Limits and interruptions: size, quota, races, a full disk, a broken connection (V1). In every case, acknowledged
//! documents are there and nothing else is.

use crate::{
    files::pdf,
    support::{MULTIPART, Person, TestApp, multipart, on_both_engines},
    vault::{deposited, path_of},
    vault_bad_input::nothing_stored,
};
use axum::{body::Body, http::Method};
use bytes::Bytes;
use domain::{
    actor::Actor,
    vault::{Category, Cut, DepositRefusal, NewDocument, Vaults},
};
use futures::{FutureExt, StreamExt, channel::mpsc, stream};
use std::{
    convert::Infallible,
    future::pending,
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::Notify;

on_both_engines!(
    a_file_over_the_limit_is_read_to_its_end_and_refused_with_a_sentence,
    the_largest_document_fits,
    a_body_that_breaks_off_leaves_nothing,
    a_browser_that_goes_away_leaves_nothing,
    the_quota_can_be_used_to_its_last_byte,
    the_five_hundredth_document_is_the_last,
    of_two_uploads_that_race_for_the_last_room_exactly_one_is_stored,
    of_two_slow_uploads_that_race_for_the_last_room_at_least_one_is_stored,
    two_deletions_at_once_give_the_room_back_once,
    a_full_disk_is_reported_and_leaves_nothing,
    a_disk_that_fills_up_half_way_leaves_nothing,
    a_refused_depositor_is_read_to_the_end,
);

const VAULT: &str = "/mon-espace/coffre-fort";
const MEBIBYTE: usize = 1024 * 1024;
const HEADERS: [(&str, &str); 2] = [("content-type", MULTIPART), ("sec-fetch-site", "same-origin")];
const FULL: &str = "Il n’y a plus assez de place.";

/// A body in pieces of 64 KiB, with a count of the bytes that were read.
fn counted(body: Vec<u8>) -> (Body, Arc<AtomicUsize>) {
    let read = Arc::new(AtomicUsize::new(0));
    let count = read.clone();
    let pieces = stream::iter(pieces(body)).map(move |piece| {
        count.fetch_add(piece.len(), Ordering::SeqCst);
        Ok::<_, Infallible>(piece)
    });
    (Body::from_stream(pieces), read)
}

fn pieces(body: Vec<u8>) -> Vec<Bytes> {
    body.chunks(64 * 1024).map(Bytes::copy_from_slice).collect()
}

/// Lets other tasks run until `done`, and fails when that takes too long.
async fn until<Fut: Future<Output = bool>>(what: &str, mut done: impl FnMut() -> Fut) {
    let began = Instant::now();
    while !done().await {
        assert!(began.elapsed() < Duration::from_secs(60), "waited in vain: {what}");
        tokio::task::yield_now().await;
    }
}

async fn is_empty(app: &TestApp) -> bool {
    app.services.test_number("SELECT COUNT(*) FROM document").await.unwrap() == 0
        && app.services.test_number("SELECT CAST(SUM(bytes + documents) AS BIGINT) FROM vault").await.unwrap() == 0
        && app.object_files().is_empty()
}

async fn a_file_over_the_limit_is_read_to_its_end_and_refused_with_a_sentence(app: &TestApp) {
    let youth = app.youth().await;
    let (large, good) = (pdf(1, 26 * MEBIBYTE), pdf(2, 9_000));
    let too_large = "« film.pdf » : Ce fichier est trop lourd : 25 Mo au plus.";

    let body = multipart("other", &[("film.pdf", &large)]);
    let length = body.len();
    let (body, read) = counted(body);
    let answer = youth.browser.send(Method::POST, VAULT, &HEADERS, body).await;
    answer.expect(413).expect_sentence(too_large);
    assert_eq!(read.load(Ordering::SeqCst), length, "an answer only arrives once the body was read");
    nothing_stored(app).await;

    let (body, read) = counted(multipart("other", &[("film.pdf", &large), ("lettre.pdf", &good)]));
    let answer = youth.browser.send(Method::POST, VAULT, &HEADERS, body).await;
    answer.expect(413).expect_sentence(too_large).expect_sentence("« lettre.pdf » est bien gardé.");
    assert!(read.load(Ordering::SeqCst) > length);
    let documents = app.documents(&youth).await;
    assert_eq!(documents.len(), 1);
    assert!(youth.browser.get(&path_of(&documents[0])).await.body == good);
    assert_eq!(app.object_files().len(), 1);
}

async fn the_largest_document_fits(app: &TestApp) {
    let youth = app.youth().await;
    let largest = pdf(1, 25 * MEBIBYTE);
    let document = deposited(app, &youth, "le plus grand.pdf", &largest).await;
    assert!(youth.browser.get(&path_of(&document)).await.expect(200).body == largest);
    let one_more = pdf(1, 25 * MEBIBYTE + 1);
    youth.browser.deposit(VAULT, "other", &[("un de trop.pdf", &one_more)]).await.expect(413);
    assert_eq!((app.documents(&youth).await.len(), app.object_files().len()), (1, 7));
}

async fn a_body_that_breaks_off_leaves_nothing(app: &TestApp) {
    let youth = app.youth().await;
    let body = multipart("other", &[("lettre.pdf", &pdf(1, 5 * MEBIBYTE))]);
    for sent in [100, 5_000, 4 * MEBIBYTE + 70_000, body.len() - 20] {
        let error = stream::once(async { Err(io::Error::from(io::ErrorKind::ConnectionReset)) });
        let broken = stream::iter(pieces(body[..sent].to_vec())).map(Ok).chain(error);
        youth.browser.send(Method::POST, VAULT, &HEADERS, Body::from_stream(broken)).await.expect(422);
        nothing_stored(app).await;
        // The body is as short, but ends in good order.
        let (cut, _) = counted(body[..sent].to_vec());
        youth.browser.send(Method::POST, VAULT, &HEADERS, cut).await.expect(422);
        nothing_stored(app).await;
    }
    // The files that arrived whole before the cut are kept, and the answer says so.
    let two = multipart("other", &[("entier.pdf", &pdf(2, 9_000)), ("coupé.pdf", &pdf(3, 90_000))]);
    let (cut, _) = counted(two[..60_000].to_vec());
    youth
        .browser
        .send(Method::POST, VAULT, &HEADERS, cut)
        .await
        .expect(422)
        .expect_sentence("« entier.pdf » est bien gardé.")
        .expect_sentence("« coupé.pdf » : La connexion s’est coupée avant la fin.");
    let names: Vec<_> = app.documents(&youth).await.into_iter().map(|document| document.name).collect();
    assert_eq!((names, app.object_files().len()), (vec!["entier.pdf".to_owned()], 1));
}

async fn a_browser_that_goes_away_leaves_nothing(app: &TestApp) {
    let youth = app.youth().await;
    let body = multipart("other", &[("lettre.pdf", &pdf(1, 5 * MEBIBYTE))]);
    // The browser goes away while the vault is at one of its steps: after as many turns as the number of the round.
    for round in 0..24 {
        let sent = [300, 9_000, 4 * MEBIBYTE + 70_000][round % 3];
        let arrived = Arc::new(Notify::new());
        let tell = arrived.clone();
        let silence = stream::once(async move {
            tell.notify_one();
            pending::<Result<Bytes, Infallible>>().await
        });
        let begun = Body::from_stream(stream::iter(pieces(body[..sent].to_vec())).map(Ok).chain(silence));
        let gone = async {
            arrived.notified().await;
            for _ in 0..round * round {
                tokio::task::yield_now().await;
            }
            if round % 4 == 3 && sent > 4 * MEBIBYTE {
                until("the first part is stored", || async { !app.object_files().is_empty() }).await;
            }
        };
        tokio::select! {
            _ = youth.browser.send(Method::POST, VAULT, &HEADERS, begun) => panic!("an answer to half a request"),
            () = gone => {}
        }
        until("nothing is left", || is_empty(app)).await;
    }
    // By now everything that was still running has ended.
    let document = deposited(app, &youth, "lettre.pdf", &pdf(2, 5 * MEBIBYTE)).await;
    youth.browser.post(&format!("{}/supprimer", path_of(&document)), &[]).await.expect(303);
    nothing_stored(app).await;
}

async fn the_quota_can_be_used_to_its_last_byte(app: &TestApp) {
    let youth = app.youth().await;
    app.execute("UPDATE vault SET bytes = 209715200 - 100000".into()).await;
    for too_long in [100_001, 5 * MEBIBYTE] {
        let file = pdf(1, too_long);
        let answer = youth.browser.deposit(VAULT, "other", &[("trop.pdf", &file)]).await;
        answer.expect(422).expect_sentence(&format!("« trop.pdf » : {FULL}"));
        assert_eq!(app.number("SELECT bytes FROM vault".into()).await, 209_615_200);
        assert_eq!(app.number("SELECT documents FROM vault".into()).await, 0);
        assert_eq!((app.number("SELECT COUNT(*) FROM document".into()).await, app.object_files()), (0, Vec::new()));
    }
    let document = deposited(app, &youth, "juste.pdf", &pdf(2, 100_000)).await;
    assert_eq!(app.number("SELECT bytes FROM vault".into()).await, 209_715_200);
    let answer = youth.browser.deposit(VAULT, "other", &[("un de plus.pdf", &pdf(3, 300))]).await;
    answer.expect(422).expect_sentence(&format!("« un de plus.pdf » : {FULL}"));
    youth.browser.post(&format!("{}/supprimer", path_of(&document)), &[]).await.expect(303);
    deposited(app, &youth, "un de plus.pdf", &pdf(3, 300)).await;
    assert_eq!(app.number("SELECT bytes FROM vault".into()).await, 209_615_500);
}

async fn the_five_hundredth_document_is_the_last(app: &TestApp) {
    let youth = app.youth().await;
    app.execute("UPDATE vault SET documents = 499".into()).await;
    let file = pdf(1, 900);
    youth
        .browser
        .deposit(VAULT, "other", &[("500.pdf", &file), ("501.pdf", &file)])
        .await
        .expect(422)
        .expect_sentence("« 500.pdf » est bien gardé.")
        .expect_sentence("« 501.pdf » : Il y a trop de documents.");
    assert_eq!(app.number("SELECT documents FROM vault".into()).await, 500);
    assert_eq!((app.documents(&youth).await.len(), app.object_files().len()), (1, 1));
}

async fn of_two_uploads_that_race_for_the_last_room_exactly_one_is_stored(app: &TestApp) {
    let youth = app.youth().await;
    let (one, two) = (youth.browser.same(), youth.browser.same());
    let file = pdf(1, 60_000);
    // There is room for the bytes of one file, and then room for one document.
    for (round, room) in (0..20).zip(["bytes = 209715200 - 60000", "documents = 499"].into_iter().cycle()) {
        app.execute(format!("UPDATE vault SET {room}")).await;
        let before = app.number("SELECT bytes FROM vault".into()).await;
        let (first, second) = ([("un.pdf", file.as_slice())], [("deux.pdf", file.as_slice())]);
        let (one, two) = tokio::join!(one.deposit(VAULT, "other", &first), two.deposit(VAULT, "other", &second));
        let mut statuses = [one.status.as_u16(), two.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422], "round {round}, room for {room}");
        assert_eq!(app.number("SELECT bytes FROM vault".into()).await, before + 60_000, "round {round}");
        assert_eq!(app.object_files().len(), 1, "round {round}");
        app.execute("UPDATE document SET state = 'deleted', bytes = 0".into()).await;
        app.execute("UPDATE vault SET bytes = 0, documents = 0".into()).await;
        app.services.sweep(true).await.unwrap();
        nothing_stored(app).await;
    }
}

/// A deposit whose bytes come when the test sends them.
fn slow_deposit(
    app: &TestApp,
    youth: &Person,
    announced: usize,
) -> (mpsc::UnboundedSender<Bytes>, tokio::task::JoinHandle<Result<(), DepositRefusal>>) {
    let (sender, receiver) = mpsc::unbounded::<Bytes>();
    let (services, actor, owner) = (app.services.clone(), Actor::youth(youth.account, youth.id()), youth.id());
    let deposit = tokio::spawn(async move {
        let document = NewDocument {
            category: Category::Other,
            raw_name: "a.pdf".into(),
            announced_bytes: Some(announced as u64),
        };
        services.deposit(&actor, owner, document, receiver.map(Ok::<_, Cut>).boxed()).await.map(drop)
    });
    (sender, deposit)
}

/// Each upload is as long as its announced length allows, and the room for both is one part too small.
async fn of_two_slow_uploads_that_race_for_the_last_room_at_least_one_is_stored(app: &TestApp) {
    const FORM: usize = 300;
    let youth = app.youth().await;
    let file = Bytes::from(pdf(1, 6 * MEBIBYTE));
    let (start, rest) = (file.slice(..4 * MEBIBYTE), file.slice(4 * MEBIBYTE..));
    let room = file.len() + 4 * MEBIBYTE - FORM;
    app.execute(format!("UPDATE vault SET bytes = 209715200 - {room}")).await;

    let (first, mut stored) = slow_deposit(app, &youth, file.len() + FORM);
    first.unbounded_send(start.clone()).unwrap();
    until("the first part of the first", || async { app.object_files().len() == 1 }).await;
    let (second, mut other) = slow_deposit(app, &youth, file.len() + FORM);
    second.unbounded_send(start).unwrap();
    until("the second is stored in part or refused", || async { app.object_files().len() == 2 || other.is_finished() })
        .await;
    first.unbounded_send(rest.clone()).unwrap();
    drop(first);
    let first = (&mut stored).await.unwrap();
    let _ = second.unbounded_send(rest);
    drop(second);
    let second = (&mut other).await.unwrap();
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    assert_eq!(app.documents(&youth).await.len(), 1);
    let left = room - file.len();
    assert_eq!(app.number("SELECT 209715200 - bytes FROM vault".into()).await, left as i64);
}

async fn two_deletions_at_once_give_the_room_back_once(app: &TestApp) {
    let youth = app.youth().await;
    let (one, two) = (youth.browser.same(), youth.browser.same());
    deposited(app, &youth, "à garder.pdf", &pdf(1, 3_000)).await;
    for round in 0..20 {
        let document = deposited(app, &youth, "à supprimer.pdf", &pdf(2, 3_000)).await;
        let path = format!("{}/supprimer", path_of(&document));
        let (first, second) = tokio::join!(one.post(&path, &[]), two.post(&path, &[]));
        let statuses = [first.status.as_u16(), second.status.as_u16()];
        assert!(statuses.contains(&303) && statuses.iter().all(|status| [303, 404].contains(status)), "{statuses:?}");
        assert_eq!(app.number("SELECT bytes FROM vault".into()).await, 3_000, "round {round}");
        assert_eq!(app.number("SELECT documents FROM vault".into()).await, 1, "round {round}");
    }
}

async fn a_full_disk_is_reported_and_leaves_nothing(app: &TestApp) {
    let youth = app.youth().await;
    let file = pdf(1, 90_000);
    app.objects.set_full(true);
    youth.browser.deposit(VAULT, "other", &[("lettre.pdf", &file)]).await.expect(507).expect_sentence(
        "« lettre.pdf » : Nous ne pouvons pas le garder en ce moment. Réessayez dans quelques minutes.",
    );
    nothing_stored(app).await;
    youth.browser.get(VAULT).await.expect(200);
    app.objects.set_full(false);
    let document = deposited(app, &youth, "lettre.pdf", &file).await;
    app.objects.set_full(true);
    assert!(youth.browser.get(&path_of(&document)).await.expect(200).body == file, "reading needs no room");
    youth.browser.post(&format!("{}/supprimer", path_of(&document)), &[]).await.expect(303);
    nothing_stored(app).await;
}

async fn a_disk_that_fills_up_half_way_leaves_nothing(app: &TestApp) {
    let youth = app.youth().await;
    let body = multipart("other", &[("lettre.pdf", &pdf(1, 9 * MEBIBYTE))]);
    let (start, rest) = body.split_at(5 * MEBIBYTE);
    let (objects, folder) = (app.objects.clone(), app.folder.path().join("objects"));
    let fill = async move {
        until("the first part is stored", || async { !crate::support::files_under(&folder).is_empty() }).await;
        objects.set_full(true);
        stream::empty()
    };
    let body = stream::iter(pieces(start.to_vec()))
        .chain(fill.flatten_stream())
        .chain(stream::iter(pieces(rest.to_vec())))
        .map(Ok::<_, Infallible>);
    youth
        .browser
        .send(Method::POST, VAULT, &HEADERS, Body::from_stream(body))
        .await
        .expect(507)
        .expect_sentence("« lettre.pdf » : Nous ne pouvons pas le garder en ce moment.");
    nothing_stored(app).await;
    app.objects.set_full(false);
    deposited(app, &youth, "lettre.pdf", &pdf(1, 90_000)).await;
}

async fn a_refused_depositor_is_read_to_the_end(app: &TestApp) {
    let (youth, stranger) = (app.youth().await, app.advisor().await);
    let file = pdf(1, 300_000);
    let body = multipart("other", &[("un.pdf", &file), ("deux.pdf", &file), ("trois.pdf", &file)]);
    let length = body.len();
    let (body, read) = counted(body);
    let path = format!("/conseiller/jeunes/{}/coffre-fort", youth.id());
    stranger.browser.send(Method::POST, &path, &HEADERS, body).await.expect(403);
    assert_eq!(read.load(Ordering::SeqCst), length, "an answer only arrives once the body was read");
    nothing_stored(app).await;
    let log = app.services.test_log(youth.id()).await.unwrap();
    assert_eq!(log.len(), 1, "{log:?}");
    assert!(log[0].refused && log[0].action == "deposit" && log[0].actor_id == Some(stranger.account.into()));
}

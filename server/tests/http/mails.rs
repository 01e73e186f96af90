//! The outbox: each mail in it is sent once, and nobody can read it before.

use crate::{
    mailbox::Mail,
    support::{Engine, TestApp, files_under, on_both_engines},
};
use data_encoding::HEXLOWER;
use domain::{
    mail::{Message, Recipient},
    time::Instant,
};
use std::{collections::BTreeSet, fs};

on_both_engines!(
    a_mail_is_sent_once_and_its_content_is_then_deleted,
    a_waiting_mail_cannot_be_read,
    a_name_cannot_add_a_header,
    two_instances_send_each_mail_once,
    a_folder_without_room_makes_mails_wait,
);

pub(crate) const ADDRESS: &str = "zoe.canari@exemple.test";

pub(crate) fn recipient() -> Recipient {
    Recipient::new("Zoé Canari", ADDRESS).unwrap()
}

pub(crate) fn invitation() -> Message {
    Message::StaffInvitation {
        name: "Zoé Canari".to_owned(),
        identifier: "zoe.serin".to_owned(),
        link: "https://portail.test/activation?jeton=linotte".to_owned(),
        code: "PINS-ON42".to_owned(),
        valid_until: Instant::from_millis(1_773_306_000_000),
    }
}

pub(crate) fn confirmation(number: usize) -> Message {
    Message::ConfirmationAwaited {
        name: format!("Personne {number}"),
        link: format!("https://portail.test/admin/comptes?numero={number}"),
    }
}

/// The number of mails in `state`.
pub(crate) async fn mails_in(app: &TestApp, state: &str) -> i64 {
    app.number(format!("SELECT COUNT(*) FROM mail WHERE state = '{state}'")).await
}

async fn a_mail_is_sent_once_and_its_content_is_then_deleted(app: &TestApp) {
    assert!(app.mailbox().await.is_empty());
    app.services.outbox().write_to(&recipient(), &invitation()).await.unwrap();
    assert_eq!((mails_in(app, "waiting").await, mails_in(app, "sent").await), (1, 0));
    let mails = app.mailbox().await;
    assert_eq!(mails.len(), 1);
    let Mail { message_id, to, to_name, from, subject, text, html, unsubscribe } = &mails[0];
    assert_eq!(*unsubscribe, None, "it is of no list");
    assert_eq!((to.as_str(), to_name.as_str(), from.as_str()), (ADDRESS, "Zoé Canari", "contact@exemple.test"));
    assert_eq!(subject, "Votre compte Mission Locale de Paris vous attend");
    assert!(message_id.ends_with("@portail.test"), "{message_id}");
    for part in [text, html] {
        let readable = part.replace('\u{a0}', " ");
        for expected in ["zoe.serin", "jeton=linotte", "PINS-ON42", "12 mars 2026 à 10 h 00", "22 rue de l’Exemple"]
        {
            assert!(readable.contains(expected), "« {expected} » is not in:\n{readable}");
        }
    }
    assert_eq!(mails_in(app, "sent").await, 1);
    assert_eq!(app.number("SELECT COUNT(*) FROM mail WHERE sealed IS NOT NULL".into()).await, 0);
    app.clock.advance_millis(24 * 3_600_000);
    assert_eq!(app.mailbox().await, mails, "it does not leave twice");
}

async fn a_waiting_mail_cannot_be_read(app: &TestApp) {
    app.services.outbox().write_to(&recipient(), &invitation()).await.unwrap();
    let canaries = [ADDRESS, "Canari", "zoe.serin", "linotte", "PINS-ON42"];
    // The row is read as text, in which PostgreSQL writes bytes in hexadecimal.
    let row = match app.engine {
        Engine::Sqlite => "message_id || kind || state || CAST(sealed AS TEXT)",
        Engine::Postgres => "CAST(mail AS TEXT)",
    };
    for canary in canaries {
        for writing in [canary.to_owned(), HEXLOWER.encode(canary.as_bytes())] {
            let found = format!("SELECT COUNT(*) FROM mail WHERE {row} LIKE '%{writing}%'");
            assert_eq!(app.number(found).await, 0, "{writing}");
        }
    }
    let seen = app.number(format!("SELECT COUNT(*) FROM mail WHERE {row} LIKE '%staff_invitation%'")).await;
    assert_eq!(seen, 1, "what is not sealed would have been found");
    // The test reads the files of the embedded database, its write-ahead log included. Those of PostgreSQL are out of
    // reach.
    for file in files_under(app.folder.path()) {
        let bytes = fs::read(&file).unwrap();
        for canary in canaries {
            assert!(
                !bytes.windows(canary.len()).any(|part| part == canary.as_bytes()),
                "{canary} in {}",
                file.display()
            );
        }
    }
    app.services.outbox().deliver().await.unwrap();
    // The name of the file tells nothing either. Its content does, because this folder is made for tests.
    let names: Vec<_> =
        files_under(&app.folder.path().join("mail")).iter().map(|path| path.display().to_string()).collect();
    assert_eq!(names.len(), 1);
    assert!(canaries.iter().all(|canary| !names[0].contains(canary)), "{names:?}");
}

async fn a_name_cannot_add_a_header(app: &TestApp) {
    let long = "Éléonore ".repeat(100);
    for (count, name) in ["Zoé\r\nBcc: intrus@exemple.test", "\" <intrus@exemple.test>, \"", &long].iter().enumerate()
    {
        let message =
            Message::ConfirmationAwaited { name: (*name).to_owned(), link: "https://portail.test/".to_owned() };
        app.services.outbox().write_to(&Recipient::new(name, ADDRESS).unwrap(), &message).await.unwrap();
        let mails = app.mailbox().await;
        assert_eq!(mails.len(), count + 1);
        // Each mail has one recipient: `Mail::parse` checks that.
        assert!(mails.iter().all(|mail| mail.to == ADDRESS));
    }
    for file in files_under(&app.folder.path().join("mail")) {
        let text = fs::read_to_string(file).unwrap();
        let head = text.split("\r\n\r\n").next().unwrap();
        assert!(!head.to_lowercase().contains("\nbcc"), "{head}");
    }
}

async fn two_instances_send_each_mail_once(app: &TestApp) {
    for number in 0..60 {
        app.services.outbox().write_to(&recipient(), &confirmation(number)).await.unwrap();
    }
    let second = app.second_instance().await;
    let (one, two) = tokio::join!(app.services.outbox().deliver(), second.outbox().deliver());
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one.sent + two.sent, 60, "{one:?} {two:?}");
    let ids: BTreeSet<_> = app.mailbox().await.into_iter().map(|mail| mail.message_id).collect();
    assert_eq!((ids.len(), mails_in(app, "sent").await), (60, 60));
    assert_eq!(app.number("SELECT COUNT(*) FROM mail WHERE attempts <> 1".into()).await, 0);
    second.close().await;
}

async fn a_folder_without_room_makes_mails_wait(app: &TestApp) {
    let folder = app.folder.path().join("mail");
    fs::write(&folder, b"in the way").unwrap();
    app.services.outbox().write_to(&recipient(), &confirmation(1)).await.unwrap();
    assert!(app.services.outbox().deliver().await.unwrap().paused);
    assert_eq!(app.number("SELECT attempts FROM mail WHERE state = 'waiting'".into()).await, 0);
    fs::remove_file(&folder).unwrap();
    assert!(app.services.outbox().deliver().await.unwrap().paused, "the server rests for half a minute");
    app.clock.advance_millis(30_000);
    assert_eq!(app.mailbox().await.len(), 1);
}

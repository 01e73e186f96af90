//! The public forms. A wrong form shows all errors at once and keeps what was typed. A right form is stored once and
//! acknowledged by mail. Programs, quick senders and floods are slowed down without losing a person's text.

use crate::support::{Answer, Browser, TestApp, on_both_engines};
use domain::{actor::Role, requests::Requests};

on_both_engines!(
    all_errors_are_shown_at_once_and_typed_values_are_kept,
    a_right_form_is_stored_and_acknowledged_by_mail,
    only_the_right_staff_get_a_mail_and_it_names_nobody,
    a_form_that_is_sent_twice_is_one_request_with_the_newest_text,
    a_form_that_is_sent_many_times_at_once_is_one_request,
    a_form_with_a_filled_trap_is_thanked_and_dropped,
    a_form_sent_too_soon_or_too_late_keeps_its_values,
    a_token_is_valid_for_its_own_form_alone,
    many_forms_from_one_address_are_throttled,
    one_mailbox_gets_few_acknowledgements,
    sensitive_text_gets_a_question_first,
    a_person_of_another_age_is_accepted_and_told_where_else_to_go,
    a_form_that_is_turned_off_does_not_exist,
);

/// A public form: its path, right values, wrong values, and the sentences about the wrong ones.
pub(crate) struct Form {
    pub(crate) path: &'static str,
    pub(crate) right: &'static [(&'static str, &'static str)],
    wrong: &'static [(&'static str, &'static str)],
    said: &'static [&'static str],
}

const NAME: &str = "Écrivez le nom en lettres";
const CHOICE: &str = "Choisissez dans la liste.";
const EMAIL: &str = "Cette adresse mail n’est pas complète.";

pub(crate) const FORMS: [Form; 3] = [
    Form {
        path: "/contact",
        right: &[
            ("first_name", "Zoé"),
            ("last_name", "Exemple"),
            ("email", "zoe@exemple.test"),
            ("postal_code", "75011"),
            ("message", "Bonjour,\r\n\r\nouvrez-vous le samedi ?"),
        ],
        wrong: &[
            ("first_name", "R2D2 & <b>"),
            ("last_name", "www.gagnez.test"),
            ("email", "zoe@"),
            ("postal_code", "77200"),
            ("message", ""),
        ],
        said: &[NAME, EMAIL, CHOICE, "Remplissez ce champ."],
    },
    Form {
        path: "/pre-inscription",
        right: &[
            ("first_name", "Zoé"),
            ("last_name", "Exemple"),
            ("birth_date", "4/5/2007"),
            ("arrondissement", "11"),
            ("phone", "06 39 98 12 34"),
            ("email", "zoe@exemple.test"),
            ("by_video", "oui"),
            ("availability", "le matin"),
            ("message", "Je cherche un emploi"),
        ],
        wrong: &[
            ("first_name", "1"),
            ("last_name", "@"),
            ("birth_date", "31/02/2007"),
            ("arrondissement", "21"),
            ("phone", "06 12"),
            ("email", "zoe at exemple"),
            ("by_video", "parfois"),
            ("availability", "le soir, \"après\" 18 h"),
            ("message", "</textarea><script>alert(1)</script>"),
        ],
        said: &[NAME, "Cette date n’existe pas.", CHOICE, "Ce numéro n’est pas complet.", EMAIL],
    },
    Form {
        path: "/taxe-apprentissage",
        right: &[
            ("first_name", "Camille"),
            ("last_name", "Exemple"),
            ("company", "Boulangerie Exemple"),
            ("email", "camille@exemple.test"),
            ("message", "Comment verser ?"),
        ],
        wrong: &[
            ("first_name", "<i>"),
            ("last_name", "2"),
            ("company", ""),
            ("email", "é@exemple.test"),
            ("message", "  "),
        ],
        said: &[NAME, EMAIL, "Remplissez ce champ."],
    },
];

/// The token in a page's form.
#[track_caller]
pub(crate) fn token(page: &Answer) -> String {
    let text = page.text();
    let (_, rest) = text.split_once("name=\"token\" value=\"").unwrap_or_else(|| panic!("no token in:\n{text}"));
    rest.split('"').next().unwrap().to_owned()
}

/// Opens a form, lets some time pass, and gives the form's token.
pub(crate) async fn opened(app: &TestApp, browser: &Browser, path: &str) -> String {
    let token = token(&browser.get(path).await.expect(200));
    app.clock.advance_millis(20_000);
    token
}

/// The token of a form that was shown ten seconds ago.
pub(crate) fn shown(app: &TestApp, form: &str) -> String {
    app.clock.advance_millis(-10_000);
    let token = app.services.form_token(form).expect("random bytes");
    app.clock.advance_millis(10_000);
    token
}

/// Sends `fields` with `token`.
pub(crate) async fn sent(browser: &Browser, path: &str, fields: &[(&str, &str)], token: &str) -> Answer {
    browser.post(path, &[fields, &[("token", token)]].concat()).await
}

/// `fields` with another value for `name`.
pub(crate) fn with<'a>(fields: &[(&'a str, &'a str)], name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    fields.iter().filter(|(known, _)| *known != name).copied().chain([(name, value)]).collect()
}

async fn requests(app: &TestApp) -> i64 {
    app.number("SELECT COUNT(*) FROM request".into()).await
}

/// The number of requests that meet a condition of SQL.
async fn like(app: &TestApp, condition: &str) -> i64 {
    app.number(format!("SELECT COUNT(*) FROM request WHERE {condition}")).await
}

fn escaped(value: &str) -> String {
    value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

async fn all_errors_are_shown_at_once_and_typed_values_are_kept(app: &TestApp) {
    for form in &FORMS {
        let browser = app.anonymous();
        let token = opened(app, &browser, form.path).await;
        let page = sent(&browser, form.path, form.wrong, &token).await.expect(422);
        for (name, value) in form.wrong {
            let value = value.trim();
            // A list cannot show a choice that it does not have.
            let chosen = ["postal_code", "arrondissement", "by_video"].contains(name);
            let shown =
                page.text().contains(&escaped(value)) || page.text().contains(&escaped(value).replace("&quot;", "\""));
            assert!(chosen || shown, "{}: {name} is lost:\n{}", form.path, page.text());
            let beside = page.text().contains(&format!("id=\"{name}-erreur\""));
            assert!(beside || ["availability", "message"].contains(name), "{}: nothing said of {name}", form.path);
        }
        for sentence in form.said {
            assert!(page.readable().contains(sentence), "{}: « {sentence} » is not said", form.path);
        }
        assert!(page.text().contains("role=\"alert\"") && !page.text().contains("<script>alert"), "{}", form.path);
        assert!(page.text().contains("<title>Erreur"), "{}", form.path);
    }
    assert_eq!(requests(app).await, 0);
    assert!(app.mailbox().await.is_empty());
}

async fn a_right_form_is_stored_and_acknowledged_by_mail(app: &TestApp) {
    for (form, gone) in FORMS.iter().zip(["10 septembre 2026", "10 juin 2026", "10 mars 2027"]) {
        let browser = app.anonymous();
        let token = opened(app, &browser, form.path).await;
        let answer = sent(&browser, form.path, form.right, &token).await;
        let page = browser.get(answer.expect_see(&format!("{}?envoye=oui", form.path)).header("location")).await;
        page.expect(200).expect_sentence(&format!("Vos réponses sont supprimées du site le {gone}."));
    }
    assert_eq!(requests(app).await, 3);
    for condition in [
        "kind = 'contact' AND postal_code = '75011' AND message LIKE 'Bonjour,%ouvrez-vous le samedi ?' AND phone IS NULL",
        "kind = 'pre_registration' AND postal_code = '75011' AND birth_date = '2007-05-04' AND phone = '+33639981234'
         AND by_video AND availability = 'le matin'",
        "kind = 'apprenticeship_tax' AND company = 'Boulangerie Exemple' AND email = 'camille@exemple.test'",
    ] {
        assert_eq!(like(app, &format!("state = 'new' AND flags IS NULL AND {condition}")).await, 1, "{condition}");
    }
    let mails = app.mailbox().await;
    assert_eq!(mails.len(), 3, "there is no staff to tell");
    for (mail, (to, name, gone)) in mails.iter().zip([
        ("zoe@exemple.test", "Zoé", "10 septembre 2026"),
        ("zoe@exemple.test", "Zoé", "10 juin 2026"),
        ("camille@exemple.test", "Camille", "10 mars 2027"),
    ]) {
        assert_eq!(mail.to, to);
        assert_eq!(mail.subject.replace('\u{a0}', " "), "Bien reçu – Mission Locale de Paris");
        for part in [&mail.text, &mail.html] {
            assert!(part.contains(&format!("Bonjour {name},")) && part.contains(gone), "{part}");
            assert!(
                !part.contains("samedi") && !part.contains("Boulangerie"),
                "what was sent is not sent back: {part}"
            );
        }
    }
}

async fn only_the_right_staff_get_a_mail_and_it_names_nobody(app: &TestApp) {
    for role in Role::ALL {
        app.staff(role).await;
    }
    app.execute(
        "UPDATE staff SET email = 'equipe.' || (SELECT a.role FROM account a WHERE a.id = staff.account_id) || '@exemple.test'"
            .into(),
    )
    .await;
    // A suspended person gets no mail, and a person without an address cannot get one.
    app.execute("UPDATE account SET state = 'suspended' WHERE role = 'sector_head'".into()).await;
    app.execute(
        "UPDATE staff SET email = NULL WHERE account_id IN (SELECT id FROM account WHERE role = 'director')".into(),
    )
    .await;
    let mut before = 0;
    for (form, roles) in FORMS.iter().zip([
        &["administrative_assistant", "reception"][..],
        &["advisor", "reception"],
        &["administrative_assistant"],
    ]) {
        let browser = app.anonymous();
        let token = opened(app, &browser, form.path).await;
        sent(&browser, form.path, form.right, &token).await.expect(303);
        let mails = app.mailbox().await;
        let mut told: Vec<_> = mails[before..].iter().filter(|mail| mail.to.starts_with("equipe.")).collect();
        told.sort_by(|one, other| one.to.cmp(&other.to));
        let expected: Vec<_> = roles.iter().map(|role| format!("equipe.{role}@exemple.test")).collect();
        assert_eq!(told.iter().map(|mail| mail.to.clone()).collect::<Vec<_>>(), expected, "{}", form.path);
        for mail in told {
            for part in [&mail.text, &mail.html, &mail.subject] {
                let personal = ["first_name", "email", "phone", "birth_date", "company", "availability", "message"];
                for (name, value) in form.right.iter().filter(|(name, _)| personal.contains(name)) {
                    assert!(!part.contains(value), "{name} is in a notice: {part}");
                }
            }
            assert!(mail.text.contains("https://portail.test/conseiller/demandes"), "{}", mail.text);
        }
        before = mails.len();
    }
    // At most ten members of staff get a mail.
    for _ in 0..12 {
        app.staff(Role::Reception).await;
    }
    let browser = app.anonymous();
    let token = opened(app, &browser, "/contact").await;
    sent(&browser, "/contact", &with(FORMS[0].right, "message", "Et le lundi ?"), &token).await.expect(303);
    assert_eq!(app.mailbox().await.len() - before, 11, "ten, and the person");
}

async fn a_form_that_is_sent_twice_is_one_request_with_the_newest_text(app: &TestApp) {
    let (browser, form) = (app.anonymous(), &FORMS[0]);
    let token = opened(app, &browser, form.path).await;
    for _ in 0..2 {
        sent(&browser, form.path, form.right, &token).await.expect_see("/contact?envoye=oui");
    }
    assert_eq!((requests(app).await, app.mailbox().await.len()), (1, 1));
    let received = app.number("SELECT received_at FROM request".into()).await;
    // The person goes back, changes a word, and sends the form again.
    app.clock.advance_millis(3_600_000);
    sent(&browser, form.path, &with(form.right, "message", "Plutôt le lundi ?"), &token).await.expect(303);
    assert_eq!((requests(app).await, app.mailbox().await.len()), (1, 1));
    assert_eq!(like(app, "message = 'Plutôt le lundi ?'").await, 1);
    assert_eq!(app.number("SELECT received_at FROM request".into()).await, received, "it is kept no longer for that");
    // A member of staff has opened the request, so its text no longer changes.
    for state in ["open", "closed"] {
        app.execute(format!("UPDATE request SET state = '{state}'")).await;
        sent(&browser, form.path, &with(form.right, "message", "Trop tard"), &token).await.expect(303);
        assert_eq!(like(app, "message = 'Plutôt le lundi ?'").await, 1, "{state}");
    }
    assert_eq!((requests(app).await, app.mailbox().await.len()), (1, 1));
    // Back loaded the page anew, with a new token: another text makes another request, and the same text makes none for
    // a day.
    for (hours, expected) in [(0, 2), (22, 2), (2, 3)] {
        app.clock.advance_millis(hours * 3_600_000);
        let token = opened(app, &browser, form.path).await;
        sent(&browser, form.path, form.right, &token).await.expect(303);
        assert_eq!((requests(app).await, app.mailbox().await.len()), (expected, expected as usize), "{hours} h later");
    }
}

async fn a_form_that_is_sent_many_times_at_once_is_one_request(app: &TestApp) {
    let (browser, form) = (app.anonymous(), &FORMS[1]);
    let token = opened(app, &browser, form.path).await;
    let windows: Vec<_> = (0..12).map(|_| browser.same()).collect();
    let answers =
        futures::future::join_all(windows.iter().map(|window| sent(window, form.path, form.right, &token))).await;
    for answer in answers {
        answer.expect(303);
    }
    assert_eq!((requests(app).await, app.mailbox().await.len()), (1, 1));
}

async fn a_form_with_a_filled_trap_is_thanked_and_dropped(app: &TestApp) {
    for form in &FORMS {
        let browser = app.anonymous();
        let page = browser.get(form.path).await.expect(200);
        // The trap is hidden from sight, from the keyboard and from screen readers.
        assert!(page.text().contains("<div aria-hidden=\"true\" class=\"trap\">"), "{}", page.text());
        assert!(page.text().contains("name=\"website\" tabindex=\"-1\" autocomplete=\"off\""), "{}", page.text());
        let token = opened(app, &browser, form.path).await;
        let filled = with(form.right, "website", "https://exemple.test");
        sent(&browser, form.path, &filled, &token).await.expect_see(&format!("{}?envoye=oui", form.path));
    }
    assert_eq!(requests(app).await, 0);
    assert!(app.mailbox().await.is_empty());
}

async fn a_form_sent_too_soon_or_too_late_keeps_its_values(app: &TestApp) {
    let (browser, form) = (app.anonymous(), &FORMS[0]);
    let first = token(&browser.get(form.path).await.expect(200));
    app.clock.advance_millis(2_999);
    let page = sent(&browser, form.path, form.right, &first).await.expect(422);
    let page = page.expect_sentence("C’était très rapide ! Rien n’est perdu").expect_text("value=\"zoe@exemple.test\"");
    // A moment later the form is accepted: nobody waits twice.
    app.clock.advance_millis(1);
    sent(&browser, form.path, form.right, &token(&page)).await.expect(303);
    assert_eq!(requests(app).await, 1);
    // The token of the first page stands for the same request.
    sent(&browser, form.path, form.right, &first).await.expect(303);
    assert_eq!(requests(app).await, 1);

    let old = opened(app, &browser, form.path).await;
    app.clock.advance_millis(24 * 3_600_000);
    let page = sent(&browser, form.path, form.right, &old).await.expect(422);
    let page = page.expect_sentence("Cette page est restée ouverte longtemps.").expect_text("ouvrez-vous le samedi");
    sent(&browser, form.path, &with(form.right, "message", "Et le lundi ?"), &token(&page)).await.expect(303);
    assert_eq!(requests(app).await, 2);
    for forged in ["", "x", &"A".repeat(75), &old.replace(&old[..1], if old.starts_with('A') { "B" } else { "A" })] {
        let page = sent(&browser, form.path, form.right, forged).await.expect(422);
        page.expect_sentence("Cette page est restée ouverte longtemps.");
    }
    assert_eq!(requests(app).await, 2);
    // The wait counts from the first page, not from the page with errors.
    let quick = token(&browser.get(form.path).await.expect(200));
    app.clock.advance_millis(10_000);
    let page = sent(&browser, form.path, form.wrong, &quick).await.expect(422);
    sent(&browser, form.path, &with(form.right, "message", "Et le mardi ?"), &token(&page)).await.expect(303);
    assert_eq!(requests(app).await, 3);
}

async fn a_token_is_valid_for_its_own_form_alone(app: &TestApp) {
    let browser = app.anonymous();
    let token = opened(app, &browser, "/pre-inscription").await;
    sent(&browser, "/contact", FORMS[0].right, &token).await.expect(422);
    assert_eq!(requests(app).await, 0);
}

async fn many_forms_from_one_address_are_throttled(app: &TestApp) {
    let (browser, form) = (app.anonymous(), &FORMS[2]);
    let first = opened(app, &browser, form.path).await;
    sent(&browser, form.path, form.right, &first).await.expect(303);
    // One counter is for the address and one is for the mailbox.
    assert_eq!(app.execute("UPDATE throttle SET attempts = 40".into()).await, 2);
    let next = opened(app, &browser, form.path).await;
    let page = sent(&browser, form.path, form.right, &next).await.expect(422);
    page.expect_sentence(
        "Beaucoup de messages partent de votre connexion en ce moment. Rien n’est perdu : réessayez dans 15 minutes",
    )
    .expect_text("value=\"Boulangerie Exemple\"");
    assert_eq!(requests(app).await, 1);
    app.clock.advance_millis(15 * 60_000);
    sent(&browser, form.path, &with(form.right, "message", "Et en mai ?"), &next).await.expect(303);
    assert_eq!(requests(app).await, 2);
}

async fn one_mailbox_gets_few_acknowledgements(app: &TestApp) {
    let (browser, form) = (app.anonymous(), &FORMS[0]);
    for email in ["zoe@exemple.test", "ZOE@exemple.test", "zoe@exemple.test", "zoe@exemple.test", "Zoe@exemple.test"] {
        let token = opened(app, &browser, form.path).await;
        let fields = with(form.right, "email", email);
        // The text differs each time, because the same text would be one request.
        sent(&browser, form.path, &with(&fields, "message", &token), &token).await.expect(303);
    }
    assert_eq!((requests(app).await, app.mailbox().await.len()), (5, 4), "all are stored, four are acknowledged");
}

async fn sensitive_text_gets_a_question_first(app: &TestApp) {
    let (browser, form) = (app.anonymous(), &FORMS[0]);
    for (message, asked, flags) in [
        ("Mon numéro : 2 69 05 49 588 157 80", "On dirait un numéro de Sécurité sociale.", "nir"),
        ("Je suis en dépression", "On dirait que cela parle de votre santé.", "health"),
        ("Je suis diabétique : 269054958815780", "On dirait un numéro de Sécurité sociale.", "nir,health"),
    ] {
        let token_of_page = opened(app, &browser, form.path).await;
        let fields = with(form.right, "message", message);
        let before = requests(app).await;
        let page = sent(&browser, form.path, &fields, &token_of_page).await.expect(422);
        let page = page.expect_sentence(asked).expect_text(message).expect_sentence("Envoyer quand même");
        assert_eq!(requests(app).await, before, "nothing is stored before the answer");
        assert_eq!(page.text().contains("3114"), flags.contains("health"));
        let again = token(&page);
        // Another field is wrong now, and the answer to the question is kept.
        let wrong = with(&with(&fields, "email", ""), "confirmed", "oui");
        let page = sent(&browser, form.path, &wrong, &again).await.expect(422);
        assert!(page.text().contains("name=\"confirmed\" value=\"oui\" checked"), "{}", page.text());
        sent(&browser, form.path, &with(&fields, "confirmed", "oui"), &token(&page)).await.expect(303);
        assert_eq!(like(app, &format!("flags = '{flags}'")).await, 1, "{message}");
        // Without the sensitive text, nothing is flagged.
        let token = opened(app, &browser, form.path).await;
        let without = with(form.right, "message", flags);
        sent(&browser, form.path, &with(&without, "confirmed", "oui"), &token).await.expect(303);
    }
    assert_eq!(like(app, "flags IS NULL").await, 3);
}

async fn a_person_of_another_age_is_accepted_and_told_where_else_to_go(app: &TestApp) {
    let form = &FORMS[1];
    for (born, led_on) in [("10/03/2010", false), ("11/03/2010", true), ("11/03/1996", false), ("10/03/1996", true)] {
        let browser = app.anonymous();
        let token = opened(app, &browser, form.path).await;
        let answer = sent(&browser, form.path, &with(form.right, "birth_date", born), &token).await.expect(303);
        let page = browser.get(answer.header("location")).await.expect(200);
        assert_eq!(page.readable().contains("Nous vous aidons à trouver la bonne porte."), led_on, "{born}");
    }
    assert_eq!(requests(app).await, 4);
}

async fn a_form_that_is_turned_off_does_not_exist(app: &TestApp) {
    let site = include_str!("../../sites/paris.toml");
    for (path, module) in [
        ("/contact", "contact"),
        ("/pre-inscription", "pre_registration"),
        ("/evenement", "events"),
        ("/taxe-apprentissage", "apprenticeship_tax"),
    ] {
        let off = site.replacen("[modules]", &format!("[modules]\n{module} = false"), 1);
        let browser = Browser::new(app.with_site(&off));
        browser.get(path).await.expect(404);
        browser.post(path, &[]).await.expect(404);
        for page in ["/", "/cookies"] {
            browser.get(page).await.expect(200).expect_no_text(&format!("href=\"{path}\""));
            app.anonymous().get(page).await.expect(200).expect_text(&format!("href=\"{path}\""));
        }
    }
}

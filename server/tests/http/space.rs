//! The pages of a young person, and the same person as an advisor sees them: dashboard, profile, corrections,
//! portfolio, file (E2, E16, A2).

use crate::{
    files::pdf,
    support::{Answer, NOW, Person, TestApp, on_both_engines},
    vault::deposited,
};
use domain::{actor::Role, ids::YouthId, time::CivilDate, youth::Profile};
use uuid::Uuid;

on_both_engines!(
    the_dashboard_shows_what_comes_next_the_newest_documents_and_whom_to_call,
    the_profile_shows_every_field_and_says_what_is_missing,
    a_correction_is_checked_kept_and_asked_for_once,
    an_advisor_finds_their_people_by_any_part_of_a_name,
    a_long_portfolio_has_pages_in_the_order_of_names,
    an_advisor_finds_only_their_own_people,
    reading_a_file_shows_the_last_situation_and_is_written_down,
    a_young_person_never_reaches_the_advisors_pages,
);

const PROFILE: &str = "/mon-espace/profil";

/// Checks that `parts` stand in the page in this order.
#[track_caller]
fn expect_in_order(answer: &Answer, parts: &[&str]) {
    let page = answer.readable();
    let mut from = 0;
    for part in parts {
        let at = page[from..].find(part).unwrap_or_else(|| panic!("« {part} » is not there, or not in order:\n{page}"));
        from += at + part.len();
    }
}

async fn event(app: &TestApp, youth: YouthId, hours: i64, title: &str) {
    let (id, youth) =
        (app.sql_id(Uuid::from_u128(u128::from(title.len() as u64) << 64 | hours as u64 as u128)), app.sql_id(youth));
    let at = NOW.plus_hours(hours).millis();
    app.execute(format!(
        "INSERT INTO appointment (id, youth_id, starts_at, kind, title, place)
         VALUES ({id}, {youth}, {at}, 'workshop', '{title}', 'Salle 3')"
    ))
    .await;
}

async fn the_dashboard_shows_what_comes_next_the_newest_documents_and_whom_to_call(app: &TestApp) {
    let (youth, other, advisor) = (app.youth().await, app.youth().await, app.advisor().await);
    youth
        .browser
        .get("/mon-espace")
        .await
        .expect(200)
        .expect_sentence("Bonjour Lina")
        .expect_sentence("Rien de prévu pour le moment.")
        .expect_sentence("Aucun document pour l’instant.")
        .expect_sentence("Personne ne vous est attribué en ce moment.");

    app.attach(&youth, &advisor).await;
    for (hours, title) in [
        (50, "Troisième"),
        (-1, "Passé"),
        (1, "Premier"),
        (400, "Sixième"),
        (26, "Deuxième"),
        (90, "Quatrième"),
        (200, "Cinquième"),
    ] {
        event(app, youth.id(), hours, title).await;
    }
    event(app, other.id(), 2, "Celui d’un autre".replace('’', " ").as_str()).await;
    for name in ["un.pdf", "deux.pdf", "trois.pdf", "quatre.pdf"] {
        app.clock.advance_millis(1_000);
        deposited(app, &youth, name, &pdf(1, 900)).await;
    }
    deposited(app, &other, "celui d un autre.pdf", &pdf(1, 900)).await;

    let page = youth.browser.get("/mon-espace").await.expect(200);
    expect_in_order(&page, &["Premier", "Deuxième", "Troisième", "Quatrième", "Cinquième"]);
    expect_in_order(&page, &["quatre.pdf", "trois.pdf", "deux.pdf"]);
    page.expect_no_text("Passé")
        .expect_no_text("Sixième")
        .expect_no_text("un.pdf")
        .expect_no_text("autre")
        .expect_sentence("Atelier, mardi, 11 h 00, Salle 3")
        .expect_sentence(&format!("Karim {}", advisor.identifier))
        .expect_text("tel:+33199000001")
        .expect_text("mailto:equipe@exemple.test");
    // The page shows the referent of today's attachment.
    app.services.test_detach(youth.id()).await.unwrap();
    youth.browser.get("/mon-espace").await.expect(200).expect_no_text(&advisor.identifier);
}

fn full(profile: &mut Profile) {
    let day = |month, day| CivilDate::new(2025, month, day);
    let text = |text: &str| Some(text.to_owned());
    profile.first_name = "Zoé <i>".to_owned();
    profile.birth_name = "N’Diaye & Fils".to_owned();
    profile.usual_name = text("Martin-Leduc");
    profile.birth_date = CivilDate::new(2004, 2, 29).unwrap();
    profile.address = text("8, passage du Modèle");
    profile.postal_code = text("75011");
    profile.city = text("Paris");
    profile.phone = text("+33639981234");
    profile.email = text("zoe@exemple.test");
    profile.school_level = text("Niveau 4");
    profile.target_job = text("Fleuriste");
    profile.prepared_job = text("Vendeuse");
    profile.held_job = text("Serveuse");
    profile.registered_on = day(1, 1);
    profile.guarantee_entry_on = day(2, 3);
    profile.cej_entry_on = day(4, 5);
    profile.cohort_number = text("C-2025-17");
    profile.imilo_id = "IM7741".to_owned();
}

const SHOWN: [&str; 17] = [
    "Zoé &lt;i&gt;",
    "N’Diaye &amp; Fils",
    "Martin-Leduc",
    "29 février 2004",
    "8, passage du Modèle",
    "75011 Paris",
    "06 39 98 12 34",
    "zoe@exemple.test",
    "Niveau 4",
    "Fleuriste",
    "Vendeuse",
    "Serveuse",
    "1er janvier 2025",
    "3 février 2025",
    "5 avril 2025",
    "C-2025-17",
    "IM7741",
];

async fn the_profile_shows_every_field_and_says_what_is_missing(app: &TestApp) {
    let (youth, advisor) = (app.youth_with(full).await, app.advisor().await);
    app.attach(&youth, &advisor).await;
    let mut page = youth.browser.get(PROFILE).await.expect(200);
    for shown in SHOWN {
        page = page.expect_sentence(shown);
    }
    page.expect_sentence(&format!("Karim {}", advisor.identifier))
        .expect_sentence("Pas partagé")
        .expect_no_text("Non renseigné");

    let bare = app.youth().await;
    let page = bare.browser.get(PROFILE).await.expect(200).expect_sentence("Personne en ce moment");
    // The missing fields: usual name, address, phone, mail; four of the project; registration, two entries, cohort.
    assert_eq!(page.text().matches("Non renseigné").count(), 12);
    page.expect_sentence("4 mai 2007").expect_no_text("Zoé");
}

async fn a_correction_is_checked_kept_and_asked_for_once(app: &TestApp) {
    let (youth, advisor) = (app.youth().await, app.advisor().await);
    app.attach(&youth, &advisor).await;
    for empty in ["", "  \n\t "] {
        let answer = youth.browser.post(PROFILE, &[("message", empty)]).await.expect(422);
        answer
            .expect_text("id=\"message-erreur\"")
            .expect_sentence("Remplissez ce champ.")
            .expect_text("href=\"#message\"");
    }
    youth.browser.post(PROFILE, &[("autre", "x")]).await.expect(422);
    let long = format!("</textarea><script>alert(1)</script>&amp; {}", "é".repeat(1_000));
    youth
        .browser
        .post(PROFILE, &[("message", &long)])
        .await
        .expect(422)
        .expect_sentence("C’est trop long : 1000 caractères au plus.")
        .expect_text(&format!(
            "\n&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp; {}</textarea>",
            "é".repeat(1_000)
        ))
        .expect_no_text("<script>alert");
    assert_eq!(app.number("SELECT COUNT(*) FROM correction".into()).await, 0);

    let message = "J’habite au 8 <b>bis</b> ; merci";
    let done = "/mon-espace/profil?demande=envoyee#correction";
    youth.browser.post(PROFILE, &[("message", message)]).await.expect_see(done);
    youth.browser.post(PROFILE, &[("message", &format!(" {message}\n"))]).await.expect_see(done);
    app.clock.advance_millis(9 * 60_000);
    youth.browser.post(PROFILE, &[("message", message)]).await.expect_see(done);
    assert_eq!(app.number("SELECT COUNT(*) FROM correction".into()).await, 1, "a double click makes one record");
    youth.browser.post(PROFILE, &[("message", "Autre chose")]).await.expect_see(done);
    app.clock.advance_millis(60_000);
    youth.browser.post(PROFILE, &[("message", message)]).await.expect_see(done);
    assert_eq!(app.number("SELECT COUNT(*) FROM correction".into()).await, 3);

    let shown = "J’habite au 8 &lt;b&gt;bis&lt;/b&gt; ; merci";
    let page = youth.browser.get("/mon-espace/profil?demande=envoyee").await.expect(200);
    expect_in_order(&page, &["Votre demande est envoyée.", shown, "Autre chose", shown]);
    let file = advisor.browser.get(&format!("/conseiller/jeunes/{}", youth.id())).await.expect(200);
    expect_in_order(&file, &[shown, "Autre chose", shown]);
    app.youth().await.browser.get(PROFILE).await.expect(200).expect_no_text("Autre chose");
}

/// Young people who are attached to `advisor`.
async fn attached(
    app: &TestApp,
    advisor: &Person,
    first: &str,
    birth: &str,
    usual: Option<&str>,
    imilo: &str,
) -> Person {
    let youth = app
        .youth_with(|profile| {
            profile.first_name = first.to_owned();
            profile.birth_name = birth.to_owned();
            profile.usual_name = usual.map(str::to_owned);
            profile.imilo_id = imilo.to_owned();
        })
        .await;
    app.attach(&youth, advisor).await;
    youth
}

async fn an_advisor_finds_their_people_by_any_part_of_a_name(app: &TestApp) {
    let advisor = app.advisor().await;
    let people = [
        attached(app, &advisor, "Élodie", "N’Diaye", None, "IM100").await,
        attached(app, &advisor, "Anne-Lise", "Dupont", Some("Cœuré"), "IM205").await,
        attached(app, &advisor, "Łukasz", "Żak", None, "IM300").await,
    ];
    for (search, found) in [
        ("", &[0, 1, 2][..]),
        ("elodie", &[0]),
        ("ÉLO", &[0]),
        ("n diaye", &[0]),
        ("ndiaye", &[0]),
        ("ndi", &[0]),
        ("Diaye Élodie", &[0]),
        ("élodie diaye", &[0]),
        ("coeure", &[1]),
        ("dupont", &[1]),
        ("lise", &[1]),
        ("zak", &[2]),
        ("IM205", &[1]),
        ("im", &[0, 1, 2]),
        ("personne", &[]),
        ("%", &[0, 1, 2]),
        ("_", &[0, 1, 2]),
        ("zz%", &[]),
        ("IM_205", &[1]),
        ("' OR '1'='1", &[]),
        ("<script>", &[]),
        ("\\", &[0, 1, 2]),
    ] {
        let query = serde_html_form::to_string([("q", search)]).unwrap();
        let page =
            advisor.browser.get(&format!("/conseiller/jeunes?{query}")).await.expect(200).expect_no_text("<script>");
        for (index, person) in people.iter().enumerate() {
            let listed = page.text().contains(&format!("/conseiller/jeunes/{}", person.id()));
            assert_eq!(listed, found.contains(&index), "« {search} », person {index}");
        }
    }
    advisor
        .browser
        .get("/conseiller/jeunes?q=coeure")
        .await
        .expect(200)
        .expect_sentence("Anne-Lise Cœuré")
        .expect_sentence("1 personne trouvée pour « coeure ».");
    let long = "e".repeat(3_000);
    advisor.browser.get(&format!("/conseiller/jeunes?q={long}")).await.expect(200);
    advisor.browser.get("/conseiller/jeunes?q=%00%FF").await.expect(200);
}

async fn a_long_portfolio_has_pages_in_the_order_of_names(app: &TestApp) {
    let advisor = app.advisor().await;
    for number in 0..58 {
        attached(app, &advisor, "Lina", &format!("Exemple {number:02}"), None, &format!("IM{number:04}")).await;
    }
    attached(app, &advisor, "Zoé", "Éclair", None, "IM9001").await;
    attached(app, &advisor, "Ana", "Zébu", Some("exemple 00 bis"), "IM9002").await;
    let gone = attached(app, &advisor, "Partie", "Aaa", None, "IM9003").await;
    app.services.test_detach(gone.id()).await.unwrap();
    app.clock.advance_millis(1);

    let page = |path: &'static str| async { advisor.browser.get(path).await.expect(200) };
    let first = page("/conseiller/jeunes").await;
    expect_in_order(
        &first,
        &["60 personnes", "Zoé Éclair", "Ana exemple 00 bis", "Lina Exemple 00", "Lina Exemple 01", "Lina Exemple 47"],
    );
    let rows = |page: &Answer| page.text().matches("href=\"/conseiller/jeunes/").count();
    assert_eq!(rows(&first), 50);
    let first = first.expect_no_text("Exemple 48").expect_no_text("Partie").expect_sentence("Page 1 sur 2");
    assert!(first.text().contains("page=2"));

    let second = page("/conseiller/jeunes?page=2").await;
    expect_in_order(&second, &["Lina Exemple 48", "Lina Exemple 57"]);
    assert_eq!(rows(&second), 10);
    second.expect_no_text("Exemple 47").expect_sentence("Page 2 sur 2");
    for beyond in ["/conseiller/jeunes?page=3", "/conseiller/jeunes?page=4294967295"] {
        page(beyond).await.expect_sentence("Page 2 sur 2").expect_sentence("Lina Exemple 57");
    }
    for before in ["?page=0", "?page=-1", "?page=abc", "?page=", "?page=99999999999999999999"] {
        let path: &'static str = format!("/conseiller/jeunes{before}").leak();
        page(path).await.expect_sentence("Page 1 sur 2").expect_sentence("Zoé Éclair");
    }
    // The links to other pages keep the words of the search.
    page("/conseiller/jeunes?q=lina%20exemple&page=2")
        .await
        .expect_sentence("Lina Exemple 57")
        .expect_text("q=lina%20exemple");
    let found = page("/conseiller/jeunes?q=eclair&page=2").await.expect_sentence("Zoé Éclair");
    assert_eq!(rows(&found), 1);
}

async fn an_advisor_finds_only_their_own_people(app: &TestApp) {
    let (advisor, other) = (app.advisor().await, app.staff(Role::SectorHead).await);
    let mine = attached(app, &advisor, "Mona", "Mienne", None, "IM1").await;
    let theirs = attached(app, &other, "Tao", "Autre", None, "IM2").await;
    app.youth().await;
    for path in ["/conseiller/jeunes", "/conseiller/jeunes?q=im"] {
        let page = advisor.browser.get(path).await.expect(200).expect_sentence("Mona Mienne");
        page.expect_no_text("Tao").expect_no_text(&theirs.id().to_string());
    }
    advisor.browser.get("/conseiller/jeunes?q=tao").await.expect(200).expect_no_text(&theirs.id().to_string());
    // One person's attachment begins later, and another is attached twice.
    let at = app.sql_id(mine.id());
    app.services.test_attach(mine.id(), advisor.account, None).await.unwrap();
    let page = advisor.browser.get("/conseiller/jeunes").await.expect(200).expect_sentence("1 personne");
    assert_eq!(page.text().matches(&format!("href=\"/conseiller/jeunes/{}", mine.id())).count(), 1);
    advisor.browser.get(&format!("/conseiller/jeunes/{}", mine.id())).await.expect(200);
    mine.browser.get(PROFILE).await.expect(200);
    app.execute(format!("UPDATE attachment SET started_at = {} WHERE youth_id = {at}", NOW.plus_hours(1).millis()))
        .await;
    advisor.browser.get("/conseiller/jeunes").await.expect(200).expect_no_text("Mona");
    advisor.browser.get(&format!("/conseiller/jeunes/{}", mine.id())).await.expect(403);
}

async fn reading_a_file_shows_the_last_situation_and_is_written_down(app: &TestApp) {
    let (youth, advisor, stranger) = (app.youth_with(full).await, app.advisor().await, app.advisor().await);
    app.attach(&youth, &advisor).await;
    let owner = app.sql_id(youth.id());
    for (number, category, state, from, to, label) in [
        (1, "Formation", "ended", "2024-01-08", "'2024-06-30'", "CAP Fleuriste"),
        (2, "Emploi", "current", "2025-09-01", "NULL", "Vendeuse"),
        (3, "Scolarité", "ended", "2023-09-01", "'2023-12-20'", "Terminale"),
    ] {
        let id = app.sql_id(Uuid::from_u128(number));
        app.execute(format!(
            "INSERT INTO situation (id, youth_id, category, state, started_on, ended_on, label)
             VALUES ({id}, {owner}, '{category}', '{state}', '{from}', {to}, '{label}')"
        ))
        .await;
    }
    event(app, youth.id(), 3, "Atelier CV").await;
    let path = format!("/conseiller/jeunes/{}", youth.id());
    let mut page = advisor.browser.get(&path).await.expect(200);
    for shown in SHOWN.into_iter().chain(["Emploi", "En cours", "1er septembre 2025", "Atelier CV"]) {
        page = page.expect_sentence(shown);
    }
    page.expect_no_text("CAP Fleuriste").expect_no_text("Terminale");
    stranger.browser.get(&path).await.expect(403).expect_no_text("Fleuriste");
    // The profile does not show the situation to the young person: it is for attached staff (E2).
    youth.browser.get(PROFILE).await.expect(200).expect_no_text("En cours").expect_no_text("1er septembre 2025");

    let log = app.services.test_log(youth.id()).await.unwrap();
    let lines: Vec<_> = log.iter().map(|line| (line.action.as_str(), line.actor_id, line.refused)).collect();
    let (reader, refused) = (Some(advisor.account.into()), Some(stranger.account.into()));
    assert_eq!(lines, [("read_file", reader, false), ("read_file", refused, true)]);
    let nobody = Uuid::from_u128(9);
    advisor.browser.get(&format!("/conseiller/jeunes/{nobody}")).await.expect(404);
}

async fn a_young_person_never_reaches_the_advisors_pages(app: &TestApp) {
    let youth = app.youth_with(|youth| youth.vault_shared = true).await;
    let document = deposited(app, &youth, "bail.pdf", &pdf(1, 900)).await;
    let file = format!("/conseiller/jeunes/{}", youth.id());
    let own = format!("{file}/coffre-fort/{}", document.id);
    for path in
        ["/conseiller", "/conseiller/jeunes", &file, &format!("{file}/coffre-fort"), &own, &format!("{own}/supprimer")]
    {
        youth.browser.get(path).await.expect(403).expect_no_text("bail.pdf");
        app.anonymous().get(path).await.expect(303).expect_no_text("bail.pdf");
    }
    youth.browser.deposit(&format!("{file}/coffre-fort"), "other", &[("a.pdf", &pdf(2, 900))]).await.expect(403);
    youth.browser.post(&format!("{own}/supprimer"), &[]).await.expect(403);
    assert_eq!(app.documents(&youth).await.len(), 1);
    // Staff do not reach the pages of young people either.
    let advisor = app.advisor().await;
    for path in ["/mon-espace", PROFILE, "/mon-espace/coffre-fort", &format!("/mon-espace/coffre-fort/{}", document.id)]
    {
        advisor.browser.get(path).await.expect(403);
    }
    advisor.browser.post(PROFILE, &[("message", "x")]).await.expect(403);
}

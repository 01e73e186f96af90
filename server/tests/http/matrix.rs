//! Who may go where: one table of every route and everybody.

use crate::{
    files::pdf,
    second_factor::{enrolling, noting_codes},
    support::{Answer, Browser, Person, TOTP_KEY, TestApp, on_both_engines},
};
use app::routes::{Audience, ROUTES, Route};
use domain::{
    actor::Role,
    identity::Stage,
    ids::{AccountId, DocumentId},
};
use std::collections::BTreeSet;

on_both_engines!(every_route_is_for_whom_the_matrix_says);

const OK: &str = "200";
const NO: &str = "403";
const UNMADE: &str = "405";
const WRONG: &str = "422";
const SIGN_IN: &str = "303 /connexion?vers=…";
const SIGNED_IN: &str = "303 /connexion";

/// Nobody, then one of each: a young person, an advisor who is attached to them, and staff who are
/// attached as well, though their work is not with files.
const COLUMNS: [&str; 7] = ["anonymous", "youth", "advisor", "reception", "admin", "dpo", "director"];
const ALL: [&str; 7] = [OK; 7];
const STEP: [&str; 7] = [SIGN_IN, SIGNED_IN, SIGNED_IN, SIGNED_IN, SIGNED_IN, SIGNED_IN, SIGNED_IN];

const fn youth(theirs: &'static str) -> [&'static str; 7] {
    [SIGN_IN, theirs, NO, NO, NO, NO, NO]
}

const fn advisor(theirs: &'static str) -> [&'static str; 7] {
    [SIGN_IN, NO, theirs, NO, NO, NO, NO]
}

const fn staff(theirs: &'static str) -> [&'static str; 7] {
    [SIGN_IN, NO, theirs, theirs, theirs, theirs, theirs]
}

const fn house(theirs: &'static str) -> [&'static str; 7] {
    [SIGN_IN, NO, NO, NO, theirs, theirs, NO]
}

/// Per route, what each of [`COLUMNS`] gets for a GET and for a POST of an empty form.
const MATRIX: &[(&str, [&str; 7], [&str; 7])] = &[
    ("/", ALL, [UNMADE; 7]),
    ("/cookies", ALL, [WRONG; 7]),
    ("/embed/{service}", ALL, ALL),
    ("/connexion", ALL, [WRONG; 7]),
    ("/connexion/code", STEP, STEP),
    ("/connexion/enrolement", STEP, STEP),
    ("/connexion/codes-de-secours", STEP, STEP),
    ("/deconnexion", [UNMADE; 7], ["303 /"; 7]),
    ("/mon-espace", youth(OK), youth(UNMADE)),
    ("/mon-espace/profil", youth(OK), youth(WRONG)),
    ("/mon-espace/coffre-fort", youth(OK), youth(WRONG)),
    ("/mon-espace/coffre-fort/partage", youth(OK), youth("303 /mon-espace/coffre-fort?partage=non#partage")),
    ("/mon-espace/coffre-fort/{document}", youth(OK), youth(UNMADE)),
    ("/mon-espace/coffre-fort/{document}/supprimer", youth(OK), youth("303 /mon-espace/coffre-fort?supprime=1")),
    ("/conseiller", staff(OK), staff(UNMADE)),
    ("/conseiller/jeunes", advisor(OK), advisor(UNMADE)),
    ("/conseiller/jeunes/{youth}", advisor(OK), advisor(UNMADE)),
    ("/conseiller/jeunes/{youth}/coffre-fort", advisor(OK), advisor(WRONG)),
    ("/conseiller/jeunes/{youth}/coffre-fort/{document}", advisor(OK), advisor(UNMADE)),
    (
        "/conseiller/jeunes/{youth}/coffre-fort/{document}/supprimer",
        advisor(OK),
        advisor("303 /conseiller/jeunes/{youth}/coffre-fort?supprime=1"),
    ),
    ("/dev/composants", ALL, [UNMADE; 7]),
    ("/admin", house(OK), house(UNMADE)),
];

/// Somebody of each kind, and two documents: one of their own, one from their advisor.
pub(crate) struct Cast {
    pub(crate) youth: Person,
    pub(crate) advisor: Person,
    own: DocumentId,
    theirs: DocumentId,
}

impl Cast {
    pub(crate) async fn of(app: &TestApp) -> Self {
        let (youth, advisor) = (app.youth().await, app.advisor().await);
        app.attach(&youth, &advisor).await;
        let file = pdf(1, 2_000);
        youth.browser.deposit("/mon-espace/coffre-fort", "identity", &[("carte.pdf", &file)]).await.expect(303);
        let path = format!("/conseiller/jeunes/{}/coffre-fort", youth.id());
        advisor.browser.deposit(&path, "other", &[("convention.pdf", &file)]).await.expect(303);
        let documents = app.documents(&youth).await;
        let id = |name: &str| documents.iter().find(|document| document.name == name).unwrap().id;
        Self { own: id("carte.pdf"), theirs: id("convention.pdf"), youth, advisor }
    }

    /// `path` with what its parameters stand for.
    pub(crate) fn fill(&self, path: &str) -> String {
        let document = if path.starts_with("/conseiller") { self.theirs } else { self.own };
        let filled = path
            .replace("{service}", "youtube")
            .replace("{youth}", &self.youth.id().to_string())
            .replace("{document}", &document.to_string());
        assert!(!filled.contains('{'), "{path} has a parameter that the test does not know");
        filled
    }

    /// Somebody who is let in.
    pub(crate) async fn admitted(&self, app: &TestApp, route: &Route) -> Browser {
        match route.audience {
            Audience::Everyone => app.anonymous(),
            Audience::Youth => app.at_stage(self.youth.account, Stage::Full).await,
            Audience::Staff | Audience::Advisor => app.at_stage(self.advisor.account, Stage::Full).await,
            Audience::SignedIn => app.at_stage(self.youth.account, Stage::Full).await,
            Audience::Roles(roles) => {
                let role = *roles.first().expect("a route for nobody");
                app.staff(role).await.browser
            }
            Audience::SigningIn(Stage::Enrolment) => enrolling(app).await.0.browser,
            Audience::SigningIn(Stage::RecoveryCodes) => noting_codes(app).await.0.browser,
            Audience::SigningIn(stage) => app.at_stage(self.advisor.account, stage).await,
        }
    }
}

/// Status, and where to.
pub(crate) fn outcome(answer: &Answer) -> String {
    match answer.header("location") {
        "" => answer.status.as_u16().to_string(),
        location if location.starts_with("/connexion?vers=") => SIGN_IN.to_owned(),
        location => format!("{} {location}", answer.status.as_u16()),
    }
}

async fn every_route_is_for_whom_the_matrix_says(app: &TestApp) {
    let cast = Cast::of(app).await;
    let known: BTreeSet<_> = MATRIX.iter().map(|(path, ..)| *path).collect();
    let there: BTreeSet<_> = ROUTES.iter().map(|route| route.path).collect();
    assert_eq!(known, there, "MATRIX and ROUTES name the same paths");

    let mut accounts: Vec<Option<AccountId>> = vec![None, Some(cast.youth.account), Some(cast.advisor.account)];
    for role in [Role::Reception, Role::Administrator, Role::Dpo, Role::Director] {
        let person = app.staff_signed_out(role, Some(TOTP_KEY)).await;
        app.attach(&cast.youth, &person).await;
        accounts.push(Some(person.account));
    }
    let mut differences = Vec::new();
    let mut check = |method: &str, path: &str, column: usize, expected: &str, answer: &Answer| {
        let (found, expected) = (outcome(answer), cast.fill(expected));
        if found != expected {
            differences.push(format!("{method} {path} as {}: {found} instead of {expected}", COLUMNS[column]));
        }
        // A refusal tells nothing of what is there.
        if expected == NO && (answer.text().contains("Lina") || answer.text().contains(".pdf")) {
            differences.push(format!("{method} {path} as {}: the refusal tells", COLUMNS[column]));
        }
    };
    let browser = |account: Option<AccountId>| async move {
        match account {
            None => app.anonymous(),
            Some(account) => app.at_stage(account, Stage::Full).await,
        }
    };
    for (path, gets, _) in MATRIX {
        for (column, expected) in gets.iter().enumerate() {
            let answer = browser(accounts[column]).await.get(&cast.fill(path)).await;
            if answer.status == 200 && path.ends_with("{document}") {
                assert_eq!(answer.header("content-type"), "application/pdf", "{path}");
                continue;
            }
            check("GET", path, column, expected, &answer);
        }
    }
    // Those who are refused first: what they try must still be there for those who are not.
    for refused in [true, false] {
        for (path, _, posts) in MATRIX {
            for (column, expected) in posts.iter().enumerate() {
                if [NO, SIGN_IN, UNMADE].contains(expected) == refused {
                    let answer = browser(accounts[column]).await.post(&cast.fill(path), &[]).await;
                    check("POST", path, column, expected, &answer);
                }
            }
        }
        let left = app.number("SELECT COUNT(*) FROM document WHERE state = 'committed'".into()).await;
        assert_eq!(
            left,
            if refused { 2 } else { 0 },
            "documents after {} posts",
            if refused { "refused" } else { "all" }
        );
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));

    // The other roles of A6, by the one rule.
    for role in Role::ALL {
        let person = app.staff(role).await;
        let expected = if role.follows_young_people() { 200 } else { 403 };
        person.browser.get("/conseiller/jeunes").await.expect(expected);
        person.browser.get("/conseiller").await.expect(200);
    }
}

//! The matrix: for each route and each kind of visitor, what they get through the page's door and through the call's. A
//! new route needs a new row here. The helpers that the rows are made from are explained in `columns`.

use crate::{
    accounts::propose,
    columns::*,
    event_admin::an_event,
    files::pdf,
    rights::ask,
    second_factor::{enrolling, noting_codes},
    support::{Answer, Browser, Person, TOTP_KEY, TestApp, on_both_engines},
};
use app::routes::{Audience, ROUTES, Route};
use domain::{
    actor::Role,
    identity::Stage,
    ids::{AccountId, DocumentId, EventId, ProposalId, RequestId},
    requests::RequestKind,
};
use std::collections::BTreeSet;

on_both_engines!(every_route_answers_as_the_matrix_says, every_action_answers_as_the_matrix_says);

/// For each route, what each of [`COLUMNS`] gets for a GET and for a POST of an empty form.
const MATRIX: &[Row] = &[
    ("/", ALL, everyone(UNMADE)),
    ("/contact", ALL, everyone(WRONG)),
    ("/pre-inscription", ALL, everyone(WRONG)),
    ("/evenement", ALL, everyone(WRONG)),
    ("/taxe-apprentissage", ALL, everyone(WRONG)),
    ("/cookies", ALL, everyone(WRONG)),
    ("/cookies/suite", everyone("303 /"), everyone(UNMADE)),
    ("/cookies/recu", everyone("404"), everyone(UNMADE)),
    ("/cookies/traces", ALL, everyone("303 /cookies/traces?fait=oui")),
    ("/embed/{service}/{item}", ALL, ALL),
    ("/embed/{service}/{item}/ailleurs", everyone("303 https://www.youtube.com/watch?v=jNQXAC9IVRw"), everyone(UNMADE)),
    ("/confidentialite", ALL, everyone(UNMADE)),
    ("/confidentialite/versions", ALL, everyone(UNMADE)),
    // This version exists because the rows above read the policy first.
    ("/confidentialite/versions/{version}", ALL, everyone(UNMADE)),
    ("/registre", ALL, everyone(UNMADE)),
    ("/registre.json", ALL, everyone(UNMADE)),
    ("/registre.csv", ALL, everyone(UNMADE)),
    (
        "/partager/{network}",
        everyone("303 https://x.com/intent/post?url=https%3A%2F%2Fportail%2Etest%2F"),
        everyone(UNMADE),
    ),
    ("/recherche", ALL, everyone(UNMADE)),
    ("/chiffres-cles", ALL, everyone(UNMADE)),
    ("/mentions-legales", ALL, everyone(UNMADE)),
    ("/accessibilite", ALL, everyone(UNMADE)),
    ("/hors-ligne", ALL, everyone(UNMADE)),
    ("/mes-droits", ALL, everyone(WRONG)),
    ("/newsletter", ALL, everyone(WRONG)),
    ("/newsletter/confirmer", ALL, everyone(WRONG)),
    ("/newsletter/desinscription", ALL, everyone(WRONG)),
    ("/connexion", ALL, everyone(WRONG)),
    ("/connexion/code", step(Stage::SecondFactor, OK), step(Stage::SecondFactor, WRONG)),
    ("/connexion/enrolement", step(Stage::Enrolment, OK), step(Stage::Enrolment, WRONG)),
    ("/connexion/codes-de-secours", step(Stage::RecoveryCodes, OK), step(Stage::RecoveryCodes, "303 /conseiller")),
    ("/activation", ALL, everyone(WRONG)),
    ("/appareils", signed_in(OK), signed_in(WRONG)),
    ("/appareils/installation", signed_in(UNMADE), home()),
    ("/mot-de-passe", signed_in(OK), signed_in(WRONG)),
    ("/deconnexion", everyone(UNMADE), everyone("303 /")),
    ("/action/recherche/suggestions", everyone(UNMADE), everyone("303 /recherche?q=")),
    ("/action/evenement/structures", everyone(UNMADE), everyone("303 /evenement")),
    ("/mon-espace", youth(OK), youth(UNMADE)),
    ("/mon-espace/profil", youth(OK), youth(WRONG)),
    ("/mon-espace/droits", youth(OK), youth(WRONG)),
    ("/mon-espace/coffre-fort", youth(OK), youth(WRONG)),
    ("/mon-espace/coffre-fort/partage", youth(OK), youth("303 /mon-espace/coffre-fort?partage=non#partage")),
    ("/mon-espace/coffre-fort/{document}", own(OK), youth(UNMADE)),
    ("/mon-espace/coffre-fort/{document}/supprimer", own(OK), own("303 /mon-espace/coffre-fort?supprime=1")),
    ("/conseiller", staff(OK), staff(UNMADE)),
    ("/conseiller/jeunes", advisor(OK), advisor(UNMADE)),
    ("/action/jeunes/chercher", advisor(UNMADE), advisor("303 /conseiller/jeunes?q=")),
    ("/conseiller/jeunes/{youth}", attached(OK), advisor(UNMADE)),
    ("/conseiller/jeunes/{youth}/coffre-fort", attached(OK), attached(WRONG)),
    ("/conseiller/jeunes/{youth}/coffre-fort/{document}", depositor(OK), advisor(UNMADE)),
    (
        "/conseiller/jeunes/{youth}/coffre-fort/{document}/supprimer",
        depositor(OK),
        depositor("303 /conseiller/jeunes/{youth}/coffre-fort?supprime=1"),
    ),
    ("/conseiller/demandes", inbox(OK), inbox(UNMADE)),
    ("/conseiller/demandes/{request}", contact(OK), contact(WRONG)),
    ("/dev/composants", ALL, everyone(UNMADE)),
    ("/admin", house(OK), house(UNMADE)),
    ("/admin/comptes", house(OK), house(UNMADE)),
    ("/admin/comptes/nouveau", administrator(OK), administrator(WRONG)),
    ("/admin/comptes/propositions", proposals(OK), proposals(UNMADE)),
    ("/admin/comptes/propositions/{proposal}", proposals(OK), proposals(WRONG)),
    ("/admin/comptes/{account}", house(OK), house(UNMADE)),
    ("/admin/comptes/{account}/proposer", administrator(OK), administrator(WRONG)),
    (
        "/admin/comptes/{account}/suspendre",
        administrator(OK),
        administrator("303 /admin/comptes/{account}?fait=suspendu"),
    ),
    ("/admin/evenements", event_team(OK), event_team(UNMADE)),
    ("/admin/evenements/nouveau", event_team(OK), event_team(WRONG)),
    ("/admin/evenements/{event}", event_team(OK), event_team(WRONG)),
    ("/admin/evenements/{event}/fermer", event_team(UNMADE), event_team(WRONG)),
    ("/admin/evenements/{event}/transmettre", forwarders(OK), forwarders(WRONG)),
    ("/admin/audience", audience_readers(OK), audience_readers(UNMADE)),
    ("/admin/consentements", house(OK), house(UNMADE)),
    ("/admin/consentements/textes", house(OK), house(UNMADE)),
    ("/admin/droits", officer(OK), officer(UNMADE)),
    ("/admin/droits/{demande}", officer(OK), officer(WRONG)),
    ("/admin/taches", house(OK), house(UNMADE)),
    ("/admin/taches/mails", house(OK), house(UNMADE)),
    ("/admin/taches/{task}/lancer", administrator(UNMADE), administrator("303 /admin/taches?demande=sweep-vault")),
];

/// The people and things that the paths name: one person of each kind, two documents (one deposited by the young
/// person, one by the advisor), the account of a colleague, an open proposal, a visitor's message, and a request about
/// rights.
pub(crate) struct Cast {
    pub(crate) youth: Person,
    pub(crate) advisor: Person,
    own: DocumentId,
    theirs: DocumentId,
    account: AccountId,
    proposal: ProposalId,
    event: EventId,
    request: RequestId,
    rights: String,
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
        let account = app.staff_signed_out(Role::Reception, Some(TOTP_KEY)).await.account;
        let proposal = propose(app, &app.staff_signed_out(Role::Administrator, Some(TOTP_KEY)).await).await;
        let event = an_event(app, "Forum des métiers").await;
        let request = app.services.test_request(RequestKind::Contact, |_| {}).await.unwrap();
        let rights = ask(app).await;
        let (own, theirs) = (id("carte.pdf"), id("convention.pdf"));
        Self { own, theirs, youth, advisor, account, proposal, event, request, rights }
    }

    /// `path` with values in place of its parameters.
    pub(crate) fn fill(&self, path: &str) -> String {
        let document = if path.starts_with("/conseiller") { self.theirs } else { self.own };
        fill_with(
            path,
            &[
                ("{service}", "youtube".to_owned()),
                ("{item}", "jNQXAC9IVRw".to_owned()),
                ("{network}", "x".to_owned()),
                ("{version}", "1".to_owned()),
                ("{youth}", self.youth.id().to_string()),
                ("{document}", document.to_string()),
                ("{account}", self.account.to_string()),
                ("{request}", self.request.to_string()),
                ("{demande}", self.rights.clone()),
                ("{proposal}", self.proposal.to_string()),
                ("{task}", "sweep-vault".to_owned()),
                ("{event}", self.event.to_string()),
            ],
        )
    }

    /// A browser of a person whom the route lets in.
    pub(crate) async fn admitted(&self, app: &TestApp, route: &Route) -> Browser {
        match route.audience {
            Audience::Everyone => app.anonymous(),
            Audience::Youth => app.at_stage(self.youth.account, Stage::Full).await,
            Audience::Staff | Audience::Advisor => app.at_stage(self.advisor.account, Stage::Full).await,
            Audience::SignedIn => app.at_stage(self.youth.account, Stage::Full).await,
            Audience::Roles(roles) => {
                // Only some of the people with an inbox see requests of the contact form.
                let reception = roles.iter().find(|role| **role == Role::Reception);
                let role = *reception.or(roles.first()).expect("a route for nobody");
                app.staff(role).await.browser
            }
            Audience::SigningIn(Stage::Enrolment) => enrolling(app).await.0.browser,
            Audience::SigningIn(Stage::RecoveryCodes) => noting_codes(app).await.0.browser,
            Audience::SigningIn(stage) => app.at_stage(self.advisor.account, stage).await,
        }
    }
}

/// The status of an answer, and where it redirects.
pub(crate) fn outcome(answer: &Answer) -> String {
    match answer.header("location") {
        "" => answer.status.as_u16().to_string(),
        location if location.starts_with("/connexion?vers=") => SIGN_IN.to_owned(),
        location => format!("{} {location}", answer.status.as_u16()),
    }
}

/// `path` with these values in place of its parameters; a parameter without a value fails the test.
fn fill_with(path: &str, values: &[(&str, String)]) -> String {
    let filled = values.iter().fold(path.to_owned(), |path, (name, value)| path.replace(name, value));
    let unknown = filled.split_once('{').and_then(|(_, rest)| rest.split_once('}'));
    assert!(unknown.is_none(), "{path}: no value for {{{}}}: give it one in Cast::fill", unknown.unwrap().0);
    filled
}

/// The paths that only one of the two tables has, and those that one has twice.
fn unmatched(matrix: &[Row], routes: &[&str]) -> Vec<String> {
    let known: BTreeSet<_> = matrix.iter().map(|(path, ..)| *path).collect();
    let there: BTreeSet<_> = routes.iter().copied().collect();
    let mut wrong: Vec<String> = there.difference(&known).map(|path| format!("{path} has no row in MATRIX")).collect();
    wrong.extend(known.difference(&there).map(|path| format!("{path} is in MATRIX but no route")));
    if known.len() != matrix.len() {
        wrong.push("a path stands twice in MATRIX".to_owned());
    }
    wrong
}

fn paths() -> Vec<&'static str> {
    ROUTES.iter().map(|route| route.path).collect()
}

#[test]
fn the_matrix_and_the_routes_name_the_same_paths() {
    let wrong = unmatched(MATRIX, &paths());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The test of the test above.
#[test]
fn a_missing_an_unknown_and_a_doubled_row_are_found() {
    for (index, (path, ..)) in MATRIX.iter().enumerate() {
        let mut fewer = MATRIX.to_vec();
        fewer.remove(index);
        assert_eq!(unmatched(&fewer, &paths()), [format!("{path} has no row in MATRIX")]);
    }
    let more = [MATRIX, &[("/nulle-part", ALL, ALL)]].concat();
    assert_eq!(unmatched(&more, &paths()), ["/nulle-part is in MATRIX but no route"]);
    let twice = [MATRIX, &MATRIX[..1]].concat();
    assert_eq!(unmatched(&twice, &paths()), ["a path stands twice in MATRIX"]);
}

#[test]
#[should_panic(expected = "/nulle-part/{chose}: no value for {chose}")]
fn an_unknown_parameter_is_named() {
    fill_with("/nulle-part/{chose}", &[("{youth}", "1".to_owned())]);
}

/// The difference between one answer and what was expected, if there is one.
fn difference(expected: &str, answer: &Answer) -> Option<String> {
    let found = outcome(answer);
    if found != expected {
        return Some(format!("{found} instead of {expected}"));
    }
    // A refusal shows nothing of what the page would show.
    let refused = expected == NO || expected == NOT_FOUND || expected.starts_with("303 /connexion");
    let tells = refused && (answer.text().contains("Lina") || answer.text().contains(".pdf"));
    tells.then(|| "the refusal tells".to_owned())
}

#[test]
fn a_wrong_cell_is_found() {
    let answer = |status: u16, location: Option<&'static str>, body: &'static str| {
        let mut headers = axum::http::HeaderMap::new();
        if let Some(location) = location {
            headers.insert("location", location.parse().unwrap());
        }
        Answer { status: status.try_into().unwrap(), headers, body: body.into(), broken: false }
    };
    assert_eq!(difference(OK, &answer(200, None, "Lina")), None);
    assert!(difference(NO, &answer(200, None, "")).is_some());
    assert!(difference(OK, &answer(404, None, "")).is_some());
    assert!(difference(NO, &answer(403, None, "Lina")).is_some());
    assert_eq!(difference(SIGN_IN, &answer(303, Some("/connexion?vers=%2Fadmin"), "")), None);
    assert!(difference(SIGN_IN, &answer(303, Some("/connexion"), "")).is_some());
    assert!(difference("303 /a", &answer(303, Some("/b"), "")).is_some());
}

async fn every_route_answers_as_the_matrix_says(app: &TestApp) {
    let cast = Cast::of(app).await;
    let people = People::around(app, &cast).await;
    let mut differences = Vec::new();
    let mut check = |method: &str, path: &str, column: usize, expected: &str, answer: &Answer| {
        let expected = cast.fill(expected);
        // The bytes of a document have other headers, which other tests check.
        if answer.status == 200 && answer.header("content-type") == "application/pdf" && expected == OK {
            assert!(path.ends_with("{document}"), "{path}");
        } else if let Some(difference) = difference(&expected, answer) {
            differences.push(format!("{method} {path} as {}: {difference}", COLUMNS[column]));
        }
    };
    for column in 0..COLUMNS.len() {
        let browser = people.browser(app, column).await;
        for (path, gets, _) in MATRIX {
            let answer = browser.get(&cast.fill(path)).await;
            check("GET", path, column, gets[column], &answer);
        }
    }
    // The refused columns go first, so that what they try to delete is still there for the others.
    for refused in [true, false] {
        for (path, _, posts) in MATRIX {
            for (column, expected) in posts.iter().enumerate() {
                let refusal = [NO, NOT_FOUND, UNMADE].contains(expected) || expected.starts_with("303 /connexion");
                if refusal == refused {
                    let answer = people.browser(app, column).await.post(&cast.fill(path), &[]).await;
                    check("POST", path, column, expected, &answer);
                }
            }
        }
        let left = app.number("SELECT COUNT(*) FROM document WHERE state = 'committed'".into()).await;
        let (expected, which) = if refused { (2, "refused") } else { (0, "all") };
        assert_eq!(left, expected, "documents after {which} posts");
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// What a call gets where the page's door gives `cell`: the same decision, as a status without a redirection.
fn called(cell: &str) -> &'static str {
    match cell {
        WRONG => WRONG,
        NO => NO,
        NOT_FOUND => NOT_FOUND,
        SIGN_IN | "303 /connexion/enrolement" | "303 /connexion/code" | "303 /connexion/codes-de-secours" => "401",
        cell if cell.starts_with("303 ") => OK,
        cell => panic!("{cell}: nobody knows what a call gets there"),
    }
}

/// The ids that the address of a page holds, as a call has them in its body.
fn ids_of(path: &str, filled: &str) -> Vec<(String, String)> {
    let parts = path.split('/').zip(filled.split('/'));
    let named =
        |(part, value): (&str, &str)| Some((part.strip_prefix('{')?.strip_suffix('}')?.to_owned(), value.to_owned()));
    parts.filter_map(named).collect()
}

async fn every_action_answers_as_the_matrix_says(app: &TestApp) {
    let cast = Cast::of(app).await;
    let people = People::around(app, &cast).await;
    let mut differences = Vec::new();
    let rows = || MATRIX.iter().filter_map(|row| Some((row, ROUTES.iter().find(|route| route.path == row.0)?.call?)));
    // Those who are refused first: what they try must still be there for those who are not.
    for refused in [true, false] {
        for ((path, _, posts), call) in rows() {
            let ids = ids_of(path, &cast.fill(path));
            let ids: Vec<(&str, &str)> = ids.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            for (column, cell) in posts.iter().enumerate() {
                let expected = called(cell);
                if [NO, NOT_FOUND, "401"].contains(&expected) != refused {
                    continue;
                }
                let answer = people.browser(app, column).await.call(call, &ids).await;
                let who = COLUMNS[column];
                let mut wrong = |what: String| differences.push(format!("{call} as {who}: {what}"));
                if answer.status.as_str() != expected {
                    wrong(format!("{} instead of {expected}: {}", answer.status, answer.text()));
                }
                if !answer.header("content-type").starts_with("application/json") {
                    wrong("the answer is not JSON".to_owned());
                }
                let json: serde_json::Value = serde_json::from_str(answer.text()).unwrap_or_default();
                if expected != OK && json["sentences"][0].as_str().is_none_or(str::is_empty) {
                    wrong(format!("no sentence says why: {}", answer.text()));
                }
                if refused && (answer.text().contains("Lina") || answer.text().contains(".pdf")) {
                    wrong("the refusal tells".to_owned());
                }
            }
        }
        let left = app.number("SELECT COUNT(*) FROM document WHERE state = 'committed'".into()).await;
        let (expected, which) = if refused { (2, "refused") } else { (0, "all") };
        assert_eq!(left, expected, "documents after {which} calls");
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

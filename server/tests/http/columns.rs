//! The columns of the matrix: one person of each kind, what each kind of row expects of them, and how they sign in.

use crate::{
    matrix::Cast,
    second_factor::noting_codes,
    support::{Browser, TOTP_KEY, TestApp},
};
use domain::{actor::Role, identity::Stage, ids::AccountId};

pub(crate) const OK: &str = "200";
pub(crate) const NO: &str = "403";
pub(crate) const NOT_FOUND: &str = "404";
pub(crate) const UNMADE: &str = "405";
pub(crate) const WRONG: &str = "422";
pub(crate) const SIGN_IN: &str = "303 /connexion?vers=…";
pub(crate) const SIGNED_IN: &str = "303 /connexion";

/// Every kind of visitor. Staff of any role are attached to the young person's file, unless their column says
/// otherwise.
pub(crate) const COLUMNS: [&str; 18] = [
    "anonymous",
    "youth",
    "another youth",
    "suspended youth",
    "advisor attached",
    "advisor unattached",
    "advisor whose attachment ended",
    "suspended advisor",
    "sector head",
    "project lead",
    "reception",
    "assistant",
    "director",
    "admin",
    "dpo",
    "advisor enrolling",
    "advisor before the code",
    "advisor noting recovery codes",
];

/// What each of [`COLUMNS`] gets, in their order.
pub(crate) type Cells = [&'static str; COLUMNS.len()];
/// A path, what its GET answers, and what a POST of an empty form answers.
pub(crate) type Row = (&'static str, Cells, Cells);

/// A page that everyone may read.
pub(crate) const ALL: Cells = everyone(OK);

/// The same answer for everyone, signed in or not.
pub(crate) const fn everyone(theirs: &'static str) -> Cells {
    [theirs; COLUMNS.len()]
}

/// A visitor is sent to the sign-in, a person between two steps to their step, and everyone else is refused.
const CLOSED: Cells = [
    SIGN_IN,
    NO,
    NO,
    SIGN_IN,
    NO,
    NO,
    NO,
    SIGN_IN,
    NO,
    NO,
    NO,
    NO,
    NO,
    NO,
    NO,
    "303 /connexion/enrolement",
    "303 /connexion/code",
    "303 /connexion/codes-de-secours",
];

/// `CLOSED`, except for the named columns.
const fn open(theirs: &'static str, columns: &[usize]) -> Cells {
    let mut cells = CLOSED;
    let mut index = 0;
    while index < columns.len() {
        cells[columns[index]] = theirs;
        index += 1;
    }
    cells
}

const FOLLOWING: [usize; 5] = [4, 5, 6, 8, 9];

/// A step of the sign-in: only a person at this step sees it.
pub(crate) const fn step(stage: Stage, theirs: &'static str) -> Cells {
    let mut cells = CLOSED;
    let mut column = 0;
    while column < COLUMNS.len() {
        // A person who is signed in has these steps behind them.
        if column != 0 && column != 3 && column != 7 && column < 15 {
            cells[column] = SIGNED_IN;
        }
        column += 1;
    }
    match stage {
        Stage::Enrolment => cells[15] = theirs,
        Stage::SecondFactor => cells[16] = theirs,
        Stage::RecoveryCodes => cells[17] = theirs,
        Stage::Full => {}
    }
    cells
}

/// The young person's own space, for each of them.
pub(crate) const fn youth(theirs: &'static str) -> Cells {
    open(theirs, &[1, 2])
}

/// Something of one young person; for another it does not exist.
pub(crate) const fn own(theirs: &'static str) -> Cells {
    let mut cells = open(theirs, &[1]);
    cells[2] = NOT_FOUND;
    cells
}

/// Staff whose work is with young people, whoever they are attached to.
pub(crate) const fn advisor(theirs: &'static str) -> Cells {
    open(theirs, &FOLLOWING)
}

/// A young person's file: such staff see it while they are attached to it.
pub(crate) const fn attached(theirs: &'static str) -> Cells {
    open(theirs, &[4, 8, 9])
}

/// A document that an advisor deposited in a vault that is not shared: only that advisor sees it, while attached.
pub(crate) const fn depositor(theirs: &'static str) -> Cells {
    open(theirs, &[4])
}

/// Every member of staff.
pub(crate) const fn staff(theirs: &'static str) -> Cells {
    open(theirs, &[4, 5, 6, 8, 9, 10, 11, 12, 13, 14])
}

/// Administrator and data-protection officer.
pub(crate) const fn house(theirs: &'static str) -> Cells {
    open(theirs, &[13, 14])
}

/// Administrators alone.
pub(crate) const fn administrator(theirs: &'static str) -> Cells {
    open(theirs, &[13])
}

/// The people who see proposals that wait for a second person.
pub(crate) const fn proposals(theirs: &'static str) -> Cells {
    open(theirs, &[12, 13, 14])
}

/// The people who manage events.
pub(crate) const fn event_team(theirs: &'static str) -> Cells {
    open(theirs, &[9, 12, 13])
}

/// The people who hand over the pre-registrations of an event.
pub(crate) const fn forwarders(theirs: &'static str) -> Cells {
    open(theirs, &[9, 12])
}

/// The people who see how often pages are read.
pub(crate) const fn audience_readers(theirs: &'static str) -> Cells {
    open(theirs, &[12, 13, 14])
}

/// The roles that the register names for at least one public form.
pub(crate) const fn inbox(theirs: &'static str) -> Cells {
    open(theirs, &[4, 5, 6, 8, 9, 10, 11, 12])
}

/// A request of the contact form: some of these roles may read it, and the others are refused.
pub(crate) const fn contact(theirs: &'static str) -> Cells {
    open(theirs, &[8, 10, 11, 12])
}

/// The data-protection officer.
pub(crate) const fn officer(theirs: &'static str) -> Cells {
    open(theirs, &[14])
}

/// Everyone who is signed in.
pub(crate) const fn signed_in(theirs: &'static str) -> Cells {
    open(theirs, &[1, 2, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14])
}

/// Back to the home of one's own space.
pub(crate) const fn home() -> Cells {
    let mut cells = signed_in("303 /conseiller");
    cells[1] = "303 /mon-espace";
    cells[2] = "303 /mon-espace";
    cells[13] = "303 /admin";
    cells[14] = "303 /admin";
    cells
}

/// The account of each of [`COLUMNS`], or none for a visitor.
pub(crate) struct People(Vec<Option<(AccountId, Stage)>>);

impl People {
    /// Makes a person for each column, around the file of `cast`.
    pub(crate) async fn around(app: &TestApp, cast: &Cast) -> Self {
        let now = app.services.calendar().now();
        let mut people = Vec::new();
        for column in COLUMNS {
            let staff = |role| async move { app.staff_signed_out(role, Some(TOTP_KEY)).await };
            let (account, stage, attached) = match column {
                "anonymous" => {
                    people.push(None);
                    continue;
                }
                "youth" => (cast.youth.account, Stage::Full, false),
                "another youth" | "suspended youth" => (app.youth().await.account, Stage::Full, false),
                "advisor attached" => (cast.advisor.account, Stage::Full, false),
                "advisor unattached" => (staff(Role::Advisor).await.account, Stage::Full, false),
                "advisor whose attachment ended" => {
                    let account = staff(Role::Advisor).await.account;
                    app.services.test_attach(cast.youth.id(), account, Some(now)).await.unwrap();
                    (account, Stage::Full, false)
                }
                "suspended advisor" => (staff(Role::Advisor).await.account, Stage::Full, true),
                "sector head" => (staff(Role::SectorHead).await.account, Stage::Full, true),
                "project lead" => (staff(Role::ProjectLead).await.account, Stage::Full, true),
                "reception" => (staff(Role::Reception).await.account, Stage::Full, true),
                "assistant" => (staff(Role::AdministrativeAssistant).await.account, Stage::Full, true),
                "director" => (staff(Role::Director).await.account, Stage::Full, true),
                "admin" => (staff(Role::Administrator).await.account, Stage::Full, true),
                "dpo" => (staff(Role::Dpo).await.account, Stage::Full, true),
                "advisor enrolling" => {
                    (app.staff_signed_out(Role::Advisor, None).await.account, Stage::Enrolment, true)
                }
                "advisor before the code" => (staff(Role::Advisor).await.account, Stage::SecondFactor, true),
                // Each of them gets new codes.
                "advisor noting recovery codes" => (cast.advisor.account, Stage::RecoveryCodes, false),
                _ => panic!("nobody plays « {column} »"),
            };
            if attached {
                app.services.test_attach(cast.youth.id(), account, None).await.unwrap();
            }
            if column.starts_with("suspended") {
                let id = app.sql_id(account);
                app.execute(format!("UPDATE account SET state = 'suspended' WHERE id = {id}")).await;
            }
            people.push(Some((account, stage)));
        }
        Self(people)
    }

    /// A browser of `column`, with a session of its own.
    pub(crate) async fn browser(&self, app: &TestApp, column: usize) -> Browser {
        match self.0[column] {
            None => app.anonymous(),
            Some((_, Stage::RecoveryCodes)) => noting_codes(app).await.0.browser,
            Some((account, stage)) => app.at_stage(account, stage).await,
        }
    }
}

//! The people of the fictitious organisation: staff and young people, with their data and their documents.
//!
//! The same seed gives the same people for ever. Screenshots, guided visits and tests rely on it, hence:
//! - the generator is ChaCha with 12 rounds, whose output is specified, and not « the standard one » of a crate;
//! - its key is built here, and so is every choice made from its bytes, so that no release of a crate changes them;
//! - each person has a stream of their own: a larger organisation begins with the same people as a smaller one.
//!
//! Dates are counted from a day that the caller gives, so that appointments are always in the future.

mod agenda;
mod staff;
#[cfg(test)]
mod tests;
mod vaults;
mod youths;

use super::chance::Dice;

use std::collections::BTreeSet;

use domain::{
    vault::Category,
    youth::{AppointmentKind, SituationState},
};
use jiff::civil::{Date, DateTime};

use self::agenda::Agenda;
use super::files::DemoKind;

/// A fictitious organisation.
#[derive(Clone, Debug)]
pub(crate) struct DemoOrganisation {
    /// The staff; six advisors come first, those of further teams last.
    pub(crate) staff: Vec<DemoStaff>,
    /// The young people; the first ones can sign in.
    pub(crate) youths: Vec<DemoYouth>,
}

/// What a member of the staff does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum DemoRole {
    /// Follows young people.
    Advisor,
    /// Welcomes and gives appointments.
    Reception,
    /// Heads a team of advisors.
    TeamLead,
    /// Manages accounts.
    Administrator,
    /// Data protection officer.
    Dpo,
    /// Heads the organisation.
    Director,
    /// Supports the teams.
    Assistant,
}

/// Two heads who do not depend on the seed: so every public form has somebody who reads its requests.
pub(super) fn heads() -> [DemoStaff; 2] {
    let head = |role, first_name: &str, identifier: &str, number: u8| DemoStaff {
        role,
        first_name: first_name.to_owned(),
        last_name: "Exemple".to_owned(),
        email: format!("{identifier}@exemple.test"),
        identifier: identifier.to_owned(),
        phone: format!("+331990099{number:02}"),
        has_password: true,
    };
    [
        head(DemoRole::Director, "Dominique", "direction.exemple", 1),
        head(DemoRole::Assistant, "Claude", "assistance.exemple", 2),
    ]
}

/// A member of the staff.
#[derive(Clone, Debug)]
pub(crate) struct DemoStaff {
    /// What they do.
    pub(crate) role: DemoRole,
    /// First name.
    pub(crate) first_name: String,
    /// Family name.
    pub(crate) last_name: String,
    /// The identifier they sign in with, such as « c.martinon »; everybody has another one.
    pub(crate) identifier: String,
    /// Address in `exemple.test`, a domain that cannot exist.
    pub(crate) email: String,
    /// Landline, E.164, among the numbers reserved for fiction.
    pub(crate) phone: String,
    /// Whether the account is activated. One invitation stays open, so that a demonstration shows that state too.
    pub(crate) has_password: bool,
}

/// Where a young person lives: an invented street of a real postal code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DemoAddress {
    /// Number and street.
    pub(crate) street: String,
    /// Building, floor, room.
    pub(crate) extra: Option<String>,
    /// 75001 to 75020, or 75116.
    pub(crate) postal_code: String,
    /// City.
    pub(crate) city: String,
}

/// An attachment that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DemoAttachment {
    /// Index of the advisor in the staff.
    pub(crate) advisor: usize,
    /// First day.
    pub(crate) start: Date,
    /// Last day; the next attachment starts on it.
    pub(crate) end: Date,
    /// Why it ended.
    pub(crate) reason: String,
}

/// The last professional situation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DemoSituation {
    /// Category, worded like those of I-MILO.
    pub(crate) category: String,
    /// Whether it is planned, current or ended.
    pub(crate) state: SituationState,
    /// First day; later than today when planned.
    pub(crate) started: Date,
    /// Last day, planned or past; every ended situation has one.
    pub(crate) end: Option<Date>,
    /// Job, training and employer.
    pub(crate) label: Option<String>,
}

/// An event to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DemoEvent {
    /// Local start, Europe/Paris; today at the earliest, at any hour of it.
    pub(crate) at: DateTime,
    /// Appointment or workshop.
    pub(crate) kind: AppointmentKind,
    /// Title.
    pub(crate) title: String,
    /// Room, or how to take part.
    pub(crate) place: String,
}

/// A document of a vault; `files::file` makes its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DemoDocument {
    /// File name, with its extension; unique within a vault.
    pub(crate) name: String,
    /// Category.
    pub(crate) category: Category,
    /// Format.
    pub(crate) kind: DemoKind,
    /// Whether the referent deposited it, rather than the young person.
    pub(crate) deposited_by_advisor: bool,
    /// The seed for `files::file`.
    pub(crate) seed: u64,
}

/// A young person.
#[derive(Clone, Debug)]
pub(crate) struct DemoYouth {
    /// First name.
    pub(crate) first_name: String,
    /// Family name at birth.
    pub(crate) birth_name: String,
    /// Family name in use, where it differs.
    pub(crate) usual_name: Option<String>,
    /// The identifier they sign in with; everybody has another one.
    pub(crate) identifier: String,
    /// Birth date: 16 to 25 years old, a few up to 29 who are all followed under a contract.
    pub(crate) birth_date: Date,
    /// Address in `exemple.test`.
    pub(crate) email: String,
    /// E.164, among the numbers reserved for fiction; the first ten thousand people have different ones.
    pub(crate) phone: String,
    /// Where they live.
    pub(crate) address: DemoAddress,
    /// File number in a form that the real system does not use; unique.
    pub(crate) imilo_id: String,
    /// Validated school level.
    pub(crate) school_level: String,
    /// Job aimed at.
    pub(crate) target_job: Option<String>,
    /// Job prepared.
    pub(crate) prepared_job: Option<String>,
    /// Job held.
    pub(crate) held_job: Option<String>,
    /// Day of registration: never before the 16th birthday.
    pub(crate) registration_date: Date,
    /// Index of the referent advisor in the staff.
    pub(crate) referent: usize,
    /// The day since which the referent follows them: the registration, or the end of the last past attachment.
    pub(crate) referent_since: Date,
    /// Earlier referents, oldest first, without a gap.
    pub(crate) past_referents: Vec<DemoAttachment>,
    /// Entry into the Garantie jeunes, which ended for new people on 1 March 2022.
    pub(crate) guarantee_entry_date: Option<Date>,
    /// Entry into the Contrat d'engagement jeune, which started that day.
    pub(crate) cej_entry_date: Option<Date>,
    /// Group of those who entered in the same month.
    pub(crate) cohort_number: Option<String>,
    /// Last professional situation.
    pub(crate) last_situation: DemoSituation,
    /// Up to three events to come, in order.
    pub(crate) next_events: Vec<DemoEvent>,
    /// Whether the account is activated: the first ten.
    pub(crate) has_password: bool,
    /// Whether the vault is shared with the attached staff.
    pub(crate) shares_vault: bool,
    /// The vault.
    pub(crate) documents: Vec<DemoDocument>,
}

/// How many young people can sign in.
const SIGNING_IN: usize = 10;

/// How many of the young people of a team each of its advisors follows, in hundredths. Real portfolios are never equal.
const PORTFOLIOS: [usize; 6] = [21, 18, 17, 16, 15, 13];

/// Young people of a team. A larger organisation has more advisors, so that no advisor has thousands of people.
const TEAM: usize = 400;

/// Staff of the first team and of the organisation as a whole; the advisors of further teams come after them.
const HOUSE: usize = 12;

/// The first advisor of the team that this one belongs to.
fn team_of(advisor: usize) -> usize {
    match advisor.checked_sub(HOUSE) {
        None => 0,
        Some(further) => advisor - further % PORTFOLIOS.len(),
    }
}

/// Makes an organisation with so many young people, as it stands on the day called `today`.
pub(crate) fn organisation(seed: u64, youths: usize, today: Date) -> DemoOrganisation {
    let mut taken = BTreeSet::new();
    let mut staff = staff::staff(seed, &mut taken);
    let agenda = Agenda::new(seed, today);
    let mut followed = [0; PORTFOLIOS.len()];
    let mut everybody = Vec::with_capacity(youths);
    for index in 0..youths {
        let (team, place) = (index / TEAM, index % TEAM);
        if place == 0 {
            followed = [0; PORTFOLIOS.len()];
        }
        // The advisor who is furthest below their share gets the next person, so that portfolios keep their proportions
        // at every size.
        let rank_in_team = (0..PORTFOLIOS.len())
            .max_by_key(|&advisor| {
                let due = PORTFOLIOS[advisor] * (place + 1);
                let lack = i128::try_from(due).unwrap_or(0) - i128::try_from(followed[advisor] * 100).unwrap_or(0);
                (lack, std::cmp::Reverse(advisor))
            })
            .unwrap_or(0);
        let referent = match team {
            0 => rank_in_team,
            _ => HOUSE + (team - 1) * PORTFOLIOS.len() + rank_in_team,
        };
        let rank = followed[rank_in_team];
        followed[rank_in_team] += 1;
        everybody.push(youths::youth(seed, index, today, referent, rank, &agenda, &mut taken));
    }
    // Further teams come after everybody else, so that nobody's identifier depends on the size.
    for _ in 1..youths.div_ceil(TEAM) {
        staff::further_team(seed, &mut staff, &mut taken);
    }
    DemoOrganisation { staff, youths: everybody }
}

//! The young people: their identity, their situation, their referents.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};

use super::agenda::Agenda;
use super::staff::{LANDLINE, MOBILE, fold, names, phone, unique};
use super::vaults::documents;
use super::{
    DemoAddress, DemoAttachment, DemoSituation, DemoYouth, Dice, PORTFOLIOS, SIGNING_IN, SituationState, team_of,
};
use crate::demo::calendar::{age, before, birthday, days, is_working, later};
use crate::demo::words;

/// The day on which the Contrat d'engagement jeune replaced the Garantie jeunes.
pub(super) const CEJ_START: Date = date(2022, 3, 1);

/// One young person.
pub(super) fn youth(
    seed: u64,
    index: usize,
    today: Date,
    referent: usize,
    rank: usize,
    agenda: &Agenda,
    taken: &mut BTreeSet<String>,
) -> DemoYouth {
    let number = index as u64;
    let mut dice = Dice::new(b"youth", seed, number);
    let (first_name, last_name) = names(&mut dice);
    // Double names are common, and they make full names that no real person has.
    let birth_name = if dice.chance(22) {
        match names(&mut dice).1 {
            other if other != last_name && !other.contains(['-', ' ']) && !last_name.contains(['-', ' ']) => {
                format!("{last_name}-{other}")
            }
            _ => last_name.to_owned(),
        }
    } else {
        last_name.to_owned()
    };
    let usual_name = dice.chance(8).then(|| names(&mut dice).1.to_owned()).filter(|usual| *usual != birth_name);
    let shown = fold(usual_name.as_deref().unwrap_or(&birth_name));
    let identifier = unique(&format!("{}.{shown}", fold(first_name)), taken);

    let birth_date = birth_date(&mut dice, index, today);
    let years = age(birth_date, today);
    let registration_date = registration_date(&mut dice, birth_date, today);
    let (guarantee_entry_date, cej_entry_date) = contracts(&mut dice, years, registration_date, today);
    let cohort_number = match (guarantee_entry_date, cej_entry_date) {
        (_, Some(entry)) => Some(format!("CEJ-{}-{:02}", entry.year(), entry.month())),
        (Some(entry), None) => Some(format!("GJ-{}-{:02}", entry.year(), entry.month())),
        (None, None) => None,
    };

    let sector = &words::SECTORS[dice.index(words::SECTORS.len())];
    let target_job = dice.chance(88).then(|| dice.pick(sector.jobs).to_owned());
    let prepared_job = dice.chance(45).then(|| dice.pick(sector.jobs).to_owned());
    // The first job is often in another field than the job that the person wants.
    let held_job = (years >= 18 && dice.chance(45)).then(|| {
        let other = &words::SECTORS[dice.index(words::SECTORS.len())];
        let jobs = if dice.chance(50) { sector.jobs } else { other.jobs };
        dice.pick(jobs).to_owned()
    });
    let school_level = {
        let reachable: Vec<_> = words::SCHOOL_LEVELS.iter().filter(|level| level.1 <= years).collect();
        dice.weighted(&reachable, |level| level.0).2.to_owned()
    };
    let last_situation = situation(&mut dice, sector, years, registration_date, today);
    let (past_referents, referent_since) = attachments(&mut dice, referent, registration_date, today);
    let next_events = agenda.events(&mut dice, index, rank);
    let has_password = index < SIGNING_IN;
    let shares_vault = dice.chance(50);
    let documents = documents(&mut dice, has_password, years, registration_date, referent_since, today);

    DemoYouth {
        first_name: first_name.to_owned(),
        birth_name,
        usual_name,
        email: format!("{identifier}@exemple.test"),
        identifier,
        birth_date,
        phone: if dice.chance(4) {
            // The staff use the first thousand landlines.
            phone(LANDLINE, seed, 1_000 + number % 9_000)
        } else {
            phone(MOBILE, seed, number)
        },
        address: address(&mut dice),
        imilo_id: format!("FICTIF-{:07}", number + 1_000_001),
        school_level,
        target_job,
        prepared_job,
        held_job,
        registration_date,
        referent,
        referent_since,
        past_referents,
        guarantee_entry_date,
        cej_entry_date,
        cohort_number,
        last_situation,
        next_events,
        has_password,
        shares_vault,
        documents,
    }
}

/// A birth date. Two of the people who can sign in show special dates: the eighth was born on a 29 February, and the
/// tenth turns 27 in twenty days, the age at which most people lose their space.
fn birth_date(dice: &mut Dice, index: usize, today: Date) -> Date {
    let bands = [(12, 16, 17), (48, 18, 21), (35, 22, 25), (5, 26, 29)];
    let &(_, youngest, oldest) = dice.weighted(&bands, |band| band.0);
    let years = youngest + dice.below((oldest - youngest + 1) as u64) as i16;
    // From the day after the birthday that would make them a year too old, to today's birthday.
    let from = later(before(today, years + 1), 1);
    let drawn = dice.day(from, before(today, years));
    match index {
        7 => (18..=24).filter_map(|years| Date::new(today.year() - years, 2, 29).ok()).next().unwrap_or(drawn),
        9 => before(later(today, 20), 27),
        _ => drawn,
    }
}

/// A registration: mostly in the last two years, at 16 or later.
fn registration_date(dice: &mut Dice, birth: Date, today: Date) -> Date {
    let back = if dice.chance(70) { 2 } else { 6 };
    let earliest = before(today, back).max(birthday(birth, 16));
    // People over 26 registered before that age; the others may have registered last week.
    let latest = later(birthday(birth, 26), -1).min(today);
    let drawn = dice.day(earliest.min(latest), latest);
    // Nobody registers on a Sunday or a holiday, so the day moves back to a working day.
    let mut day = drawn;
    while !is_working(day) && day > birthday(birth, 16) {
        day = later(day, -1);
    }
    day
}

/// The entries into the Garantie jeunes and into the Contrat d'engagement jeune. Everybody over 26 has one of them,
/// because otherwise their space would have ended.
fn contracts(dice: &mut Dice, years: i16, registration: Date, today: Date) -> (Option<Date>, Option<Date>) {
    let needed = years >= 26;
    let guarantee = registration < CEJ_START && (dice.chance(55) || (needed && today < CEJ_START));
    if guarantee {
        let last = later(CEJ_START, -1).min(today).min(later(registration, 300));
        return (Some(dice.day(registration, last)), None);
    }
    if today >= CEJ_START && (needed || dice.chance(45)) {
        // A contract lasts at most eighteen months, so most entries are recent.
        let first = registration.max(CEJ_START).max(before(today, 3)).min(today);
        let recent = if dice.chance(75) { first.max(later(today, -330)) } else { first };
        return (None, Some(dice.day(recent, today)));
    }
    (None, None)
}

/// The professional situation of a person.
fn situation(dice: &mut Dice, sector: &words::Sector, years: i16, registration: Date, today: Date) -> DemoSituation {
    use SituationState::{Current, Ended, Planned};
    // Weight, category, content of the label (0: nothing, 1: job and employer, 2: training), length in days.
    const GROWN: &[(u32, &str, u8, i64)] = &[
        (38, "En recherche d'emploi", 0, 0),
        (15, "En formation", 2, 210),
        (12, "En emploi CDD", 1, 180),
        (6, "En emploi CDI", 1, 0),
        (7, "En emploi intérim", 1, 30),
        (9, "Alternance", 1, 540),
        (6, "Immersion en entreprise", 1, 14),
        (4, "Service civique", 0, 240),
        (3, "Scolarité", 2, 280),
    ];
    const MINOR: &[(u32, &str, u8, i64)] = &[
        (30, "Scolarité", 2, 280),
        (30, "En recherche de formation", 0, 0),
        (20, "En formation", 2, 210),
        (12, "Immersion en entreprise", 1, 14),
        (8, "Alternance", 1, 540),
    ];
    let &(_, category, content, length) = dice.weighted(if years < 18 { MINOR } else { GROWN }, |row| row.0);
    let label = match content {
        1 => Some(format!("{}, {}", dice.pick(sector.jobs), dice.pick(sector.employers))),
        2 => Some(dice.pick(sector.trainings).to_owned()),
        _ => None,
    };
    let known = days(registration, today);
    // Only a situation with an end can be over, and only one that needs preparation can be planned.
    let state = match dice.below(100) {
        0..15 if length > 0 => Planned,
        15..40 if length > 0 && known > length => Ended,
        _ => Current,
    };
    let (started, end) = match state {
        Planned => {
            let start = later(today, 3 + dice.below(40) as i64);
            (start, Some(later(start, length)))
        }
        Ended => {
            let end = dice.day(later(registration, length), later(today, -1));
            (later(end, -length), Some(end))
        }
        Current if length > 0 => {
            let start = dice.day(registration.max(later(today, 1 - length)), today);
            (start, Some(later(start, length)))
        }
        Current => (dice.day(registration.max(later(today, -400)), today), None),
    };
    DemoSituation { category: category.to_owned(), state, started, end, label }
}

/// The earlier referents, and since when the present one follows the person.
fn attachments(dice: &mut Dice, referent: usize, registration: Date, today: Date) -> (Vec<DemoAttachment>, Date) {
    let known = days(registration, today);
    let count = match dice.below(100) {
        0..4 if known > 240 => 2,
        0..20 if known > 90 => 1,
        _ => 0,
    };
    let mut past = Vec::with_capacity(count);
    let mut start = registration;
    let mut advisor = referent;
    for left in (1..=count).rev() {
        // The advisor must differ from the next one and from the previous one.
        let previous = advisor;
        while advisor == previous || advisor == referent {
            advisor = team_of(referent) + dice.index(PORTFOLIOS.len());
        }
        let share = days(start, today) / (left as i64 + 1);
        let end = later(start, 30 + dice.below(u64::try_from(share - 29).unwrap_or(0).max(1)) as i64);
        past.push(DemoAttachment { advisor, start, end, reason: dice.pick(words::END_REASONS).to_owned() });
        start = end;
    }
    (past, start)
}

/// An address.
fn address(dice: &mut Dice) -> DemoAddress {
    let suffix = if dice.chance(8) { " bis" } else { "" };
    DemoAddress {
        street: format!("{}{suffix} {}", 1 + dice.below(148), dice.pick(words::STREETS)),
        extra: dice.chance(40).then(|| dice.pick(words::ADDRESS_EXTRAS).to_owned()),
        postal_code: dice.weighted(words::POSTAL_CODES, |code| code.0).1.to_owned(),
        city: "Paris".to_owned(),
    }
}

//! The people of the fictitious organisation: staff, young people, what is known of them and what they deposited.
//!
//! The same seed gives the same people for ever. Screenshots, guided visits and tests rely on it, hence:
//! - the generator is ChaCha with 12 rounds, whose output is specified, and not « the standard one » of a crate;
//! - its key is built here, and so is every choice made from its bytes, so that no release of a crate changes them;
//! - each person has a stream of their own: a larger organisation begins with the same people as a smaller one.
//!
//! Dates are counted from the day given by the caller, so that appointments are always to come.

use std::collections::BTreeSet;

use jiff::Span;
use jiff::civil::{Date, DateTime, Weekday, date};
use rand::rngs::ChaCha12Rng;
use rand::{CryptoRng, Rng, SeedableRng};

use super::files::{self, DemoKind};
use super::words;

/// A fictitious organisation.
#[derive(Clone, Debug)]
pub(crate) struct DemoOrganisation {
    /// The staff; the advisors come first, so that an index of an advisor is an index in this list.
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
    /// What they sign in with, such as « c.martinon »; unique among everybody.
    pub(crate) identifier: String,
    /// Address in `exemple.test`, a domain that cannot exist.
    pub(crate) email: String,
    /// Landline, E.164, among the numbers reserved for fiction.
    pub(crate) phone: String,
    /// Whether the account is activated; one invitation is left open, to show that state too.
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

/// How far a situation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum DemoSituationState {
    /// Starts later.
    Planned,
    /// Under way.
    Current,
    /// Over.
    Ended,
}

/// The last professional situation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DemoSituation {
    /// Category, worded like those of I-MILO.
    pub(crate) category: String,
    /// How far it has come.
    pub(crate) state: DemoSituationState,
    /// First day; later than today when planned.
    pub(crate) started: Date,
    /// Last day, planned or past; always there when ended.
    pub(crate) end: Option<Date>,
    /// Job, training and employer.
    pub(crate) label: Option<String>,
}

/// What an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum DemoEventKind {
    /// A one-to-one appointment with the referent.
    Appointment,
    /// A workshop shared with others: the same start and title are the same workshop.
    Workshop,
}

/// An event to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DemoEvent {
    /// Local start, Europe/Paris; today at the earliest, at any hour of it.
    pub(crate) at: DateTime,
    /// Appointment or workshop.
    pub(crate) kind: DemoEventKind,
    /// Title.
    pub(crate) title: String,
    /// Room, or how to take part.
    pub(crate) place: String,
    /// Whether it takes place by video.
    pub(crate) video: bool,
}

/// The eight categories of the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum DemoCategory {
    /// Identity.
    Identity,
    /// Housing.
    Housing,
    /// Health cover.
    HealthCover,
    /// School and diplomas.
    SchoolAndDiplomas,
    /// CV and letters.
    CvAndLetters,
    /// Employment.
    Employment,
    /// Money.
    Money,
    /// Other.
    Other,
}

/// A document of a vault; `files::file` makes its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DemoDocument {
    /// File name, with its extension; unique within a vault.
    pub(crate) name: String,
    /// Category.
    pub(crate) category: DemoCategory,
    /// Format.
    pub(crate) kind: DemoKind,
    /// Whether the referent deposited it, and not the young person.
    pub(crate) deposited_by_advisor: bool,
    /// Day of the deposit, between the registration and today; since the last change of referent for their deposits.
    pub(crate) deposited_on: Date,
    /// What `files::file` wants.
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
    /// What they sign in with; unique among everybody.
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
    /// Since when: the registration, or the end of the last past attachment.
    pub(crate) referent_since: Date,
    /// Earlier referents, oldest first, without a gap.
    pub(crate) past_referents: Vec<DemoAttachment>,
    /// Entry into the Garantie jeunes, which took nobody from 1 March 2022 on.
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

/// Share of the young people that each advisor follows, in hundredths: portfolios are never equal.
const PORTFOLIOS: [usize; 6] = [21, 18, 17, 16, 15, 13];

/// The day on which the Contrat d'engagement jeune replaced the Garantie jeunes.
const CEJ_START: Date = date(2022, 3, 1);

/// Makes an organisation with so many young people, as it stands on the day called `today`.
pub(crate) fn organisation(seed: u64, youths: usize, today: Date) -> DemoOrganisation {
    let mut taken = BTreeSet::new();
    let staff = staff(seed, &mut taken);
    let agenda = Agenda::new(seed, today);
    let mut followed = [0; PORTFOLIOS.len()];
    let youths = (0..youths)
        .map(|index| {
            // The advisor who is furthest below their share: portfolios keep their proportions at every size.
            let referent = (0..PORTFOLIOS.len())
                .max_by_key(|&advisor| {
                    let due = PORTFOLIOS[advisor] * (index + 1);
                    let lack = i128::try_from(due).unwrap_or(0)
                        - i128::try_from(followed[advisor] * 100).unwrap_or(0);
                    (lack, std::cmp::Reverse(advisor))
                })
                .unwrap_or(0);
            let rank = followed[referent];
            followed[referent] += 1;
            youth(seed, index, today, referent, rank, &agenda, &mut taken)
        })
        .collect();
    DemoOrganisation { staff, youths }
}

/// A password that is pronounceable, easily typed on a telephone and worth 62 bits: « bavi3-tuno7-kemo2-ziga9 ».
///
/// Four groups, each of two syllables and a digit. Digits and dashes follow each other because telephones show them on
/// the same keyboard; letters and digits that look alike (l, 1, 0) are left out, and so are rude words.
/// Whoever knows the generator's seed knows the password: give it one seeded by the system unless the passwords of a
/// demonstration have to be the same each time.
pub(crate) fn password(rng: &mut impl CryptoRng) -> String {
    let mut groups = Vec::with_capacity(4);
    while groups.len() < 4 {
        let mut group = String::with_capacity(5);
        for set in [CONSONANTS, VOWELS, CONSONANTS, VOWELS, DIGITS] {
            group.push(char::from(set[below(rng, set.len() as u64) as usize]));
        }
        if !words::RUDE.contains(&&group[..4]) {
            groups.push(group);
        }
    }
    groups.join("-")
}

/// Letters of passwords; with the vowels and digits, 51 200 groups less the rude ones: 4 × 15.6 bits.
const CONSONANTS: &[u8] = b"bcdfgjkmnprstvxz";
/// See [`CONSONANTS`].
const VOWELS: &[u8] = b"aeiou";
/// See [`CONSONANTS`].
const DIGITS: &[u8] = b"23456789";

/// A number below `bound`, each as likely. Written here because the crates promise no stable choice from one
/// release to the next.
fn below(rng: &mut (impl Rng + ?Sized), bound: u64) -> u64 {
    let bound = bound.max(1);
    // The numbers above the last whole multiple would favour the small ones: draw again.
    let fair = u64::MAX - u64::MAX % bound;
    loop {
        let drawn = rng.next_u64();
        if drawn < fair {
            return drawn % bound;
        }
    }
}

/// The choices of one person or one file.
pub(super) struct Dice(ChaCha12Rng);

impl Dice {
    /// The stream of a purpose, a seed and a number.
    pub(super) fn new(purpose: &[u8; 5], seed: u64, number: u64) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&number.to_le_bytes());
        key[16..21].copy_from_slice(purpose);
        Self(ChaCha12Rng::from_seed(key))
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        below(&mut self.0, bound)
    }

    /// An index of a list of that length.
    pub(super) fn index(&mut self, length: usize) -> usize {
        self.below(length as u64) as usize
    }

    /// True so many times out of a hundred.
    pub(super) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of a list, which is not empty.
    pub(super) fn pick<'a, T: ?Sized>(&mut self, list: &'a [&'a T]) -> &'a T {
        list[self.index(list.len())]
    }

    /// Random bytes.
    pub(super) fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }

    /// One of a list with weights.
    fn weighted<'a, T>(&mut self, list: &'a [T], weight: impl Fn(&T) -> u32) -> &'a T {
        let total: u32 = list.iter().map(&weight).sum();
        let mut left = self.below(u64::from(total));
        for item in list {
            let own = u64::from(weight(item));
            if left < own {
                return item;
            }
            left -= own;
        }
        &list[list.len() - 1]
    }

    /// A day between two, both included; the first if they are in the wrong order.
    fn day(&mut self, from: Date, to: Date) -> Date {
        let span = u64::try_from(days(from, to)).unwrap_or(0);
        later(from, self.below(span + 1) as i64)
    }
}

/// Days from one date to another.
fn days(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

/// The date so many days later.
fn later(day: Date, count: i64) -> Date {
    day.saturating_add(Span::new().days(count))
}

/// The birthday of that age; someone born on 29 February has it on 1 March in common years.
fn birthday(birth: Date, age: i16) -> Date {
    let year = birth.year().saturating_add(age);
    Date::new(year, birth.month(), birth.day())
        .or_else(|_| Date::new(year, 3, 1))
        .unwrap_or(Date::MAX)
}

/// Age on a day.
fn age(birth: Date, on: Date) -> i16 {
    let years = on.year() - birth.year();
    if birthday(birth, years) > on {
        years - 1
    } else {
        years
    }
}

/// A name as identifiers have it: « Saint-Elme » gives « saintelme ».
fn fold(name: &str) -> String {
    name.chars().map(words::plain).collect()
}

/// The first of `wanted`, `wanted2`, `wanted3` … that nobody has.
fn unique(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let mut identifier = wanted.to_owned();
    let mut next = 2;
    while !taken.insert(identifier.clone()) {
        identifier = format!("{wanted}{next}");
        next += 1;
    }
    identifier
}

/// A first name and a family name, from the same origin more often than not.
fn names(dice: &mut Dice) -> (&'static str, &'static str) {
    let origin = dice.weighted(words::ORIGINS, |origin| origin.weight);
    let first = dice.pick(origin.first_names);
    let family = if dice.chance(20) {
        dice.weighted(words::ORIGINS, |origin| origin.weight)
    } else {
        origin
    };
    (first, dice.pick(family.last_names))
}

/// Ten thousand numbers in an order that has no visible pattern: 7 919 shares no factor with 10 000.
fn four_digits(seed: u64, number: u64) -> u64 {
    (number % 10_000 * 7_919 + seed % 10_000) % 10_000
}

/// Writes the two pairs of digits that end a telephone number.
fn phone(prefix: &str, seed: u64, number: u64) -> String {
    format!("{prefix}{:04}", four_digits(seed, number))
}

/// The range of mobile numbers that the regulator keeps for fiction: 06 39 98 xx xx.
const MOBILE: &str = "+3363998";
/// The same for landlines of Île-de-France: 01 99 00 xx xx.
const LANDLINE: &str = "+3319900";

/// The staff. Two administrators, because a staff account takes two people to create.
fn staff(seed: u64, taken: &mut BTreeSet<String>) -> Vec<DemoStaff> {
    let roles = [
        (DemoRole::Advisor, PORTFOLIOS.len()),
        (DemoRole::Reception, 2),
        (DemoRole::TeamLead, 1),
        (DemoRole::Administrator, 2),
        (DemoRole::Dpo, 1),
    ];
    let mut out = Vec::new();
    let mut seen = BTreeSet::new();
    for (role, count) in roles {
        for rank in 0..count {
            let mut dice = Dice::new(b"staff", seed, out.len() as u64);
            // Colleagues have different family names: a visitor must not mix them up.
            let (first_name, last_name) = loop {
                let (first, last) = names(&mut dice);
                if seen.insert(last) {
                    break (first, last);
                }
            };
            let initial: String = fold(first_name).chars().take(1).collect();
            let identifier = unique(&format!("{initial}.{}", fold(last_name)), taken);
            out.push(DemoStaff {
                role,
                first_name: first_name.to_owned(),
                last_name: last_name.to_owned(),
                email: format!("{identifier}@exemple.test"),
                identifier,
                phone: phone(LANDLINE, seed, out.len() as u64),
                has_password: role != DemoRole::Reception || rank == 0,
            });
        }
    }
    out
}

/// One young person.
fn youth(
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
    // Double names are common, and make a whole name that is nobody's.
    let birth_name = if dice.chance(22) {
        match names(&mut dice).1 {
            other
                if other != last_name
                    && !other.contains(['-', ' '])
                    && !last_name.contains(['-', ' ']) =>
            {
                format!("{last_name}-{other}")
            }
            _ => last_name.to_owned(),
        }
    } else {
        last_name.to_owned()
    };
    let usual_name = dice
        .chance(8)
        .then(|| names(&mut dice).1.to_owned())
        .filter(|usual| *usual != birth_name);
    let shown = fold(usual_name.as_deref().unwrap_or(&birth_name));
    let identifier = unique(&format!("{}.{shown}", fold(first_name)), taken);

    let birth_date = birth_date(&mut dice, index, today);
    let years = age(birth_date, today);
    let registration_date = registration_date(&mut dice, birth_date, today);
    let (guarantee_entry_date, cej_entry_date) =
        contracts(&mut dice, years, registration_date, today);
    let cohort_number = match (guarantee_entry_date, cej_entry_date) {
        (_, Some(entry)) => Some(format!("CEJ-{}-{:02}", entry.year(), entry.month())),
        (Some(entry), None) => Some(format!("GJ-{}-{:02}", entry.year(), entry.month())),
        (None, None) => None,
    };

    let sector = &words::SECTORS[dice.index(words::SECTORS.len())];
    let target_job = dice.chance(88).then(|| dice.pick(sector.jobs).to_owned());
    let prepared_job = dice.chance(45).then(|| dice.pick(sector.jobs).to_owned());
    // The first job is often in another field than the one aimed at.
    let held_job = (years >= 18 && dice.chance(45)).then(|| {
        let other = &words::SECTORS[dice.index(words::SECTORS.len())];
        let jobs = if dice.chance(50) {
            sector.jobs
        } else {
            other.jobs
        };
        dice.pick(jobs).to_owned()
    });
    let school_level = {
        let reachable: Vec<_> = words::SCHOOL_LEVELS
            .iter()
            .filter(|level| level.1 <= years)
            .collect();
        dice.weighted(&reachable, |level| level.0).2.to_owned()
    };
    let last_situation = situation(&mut dice, sector, years, registration_date, today);
    let (past_referents, referent_since) =
        attachments(&mut dice, referent, registration_date, today);
    let next_events = agenda.events(&mut dice, index, rank);
    let has_password = index < SIGNING_IN;
    let shares_vault = dice.chance(50);
    let documents = documents(
        &mut dice,
        has_password,
        years,
        registration_date,
        referent_since,
        today,
    );

    DemoYouth {
        first_name: first_name.to_owned(),
        birth_name,
        usual_name,
        email: format!("{identifier}@exemple.test"),
        identifier,
        birth_date,
        phone: if dice.chance(4) {
            // The staff has the first hundred landlines.
            phone(LANDLINE, seed, 100 + number % 9_900)
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

/// A birth date. Two of those who can sign in are there to show what dates do: the eighth was born on a 29 February,
/// the tenth turns 27 in twenty days, when the space ends for most.
fn birth_date(dice: &mut Dice, index: usize, today: Date) -> Date {
    let bands = [(12, 16, 17), (48, 18, 21), (35, 22, 25), (5, 26, 29)];
    let &(_, youngest, oldest) = dice.weighted(&bands, |band| band.0);
    let years = youngest + dice.below((oldest - youngest + 1) as u64) as i16;
    // The day after the birthday that would make them a year too old, up to the one of today.
    let from = later(before(today, years + 1), 1);
    let drawn = dice.day(from, before(today, years));
    match index {
        7 => (18..=24)
            .filter_map(|years| Date::new(today.year() - years, 2, 29).ok())
            .next()
            .unwrap_or(drawn),
        9 => before(later(today, 20), 27),
        _ => drawn,
    }
}

/// The same day so many years earlier.
fn before(day: Date, years: i16) -> Date {
    day.saturating_sub(Span::new().years(i64::from(years)))
}

/// A registration: mostly in the last two years, at 16 or later.
fn registration_date(dice: &mut Dice, birth: Date, today: Date) -> Date {
    let back = if dice.chance(70) { 2 } else { 6 };
    let earliest = before(today, back).max(birthday(birth, 16));
    // Those over 26 came before that age; the others may have come last week.
    let latest = later(birthday(birth, 26), -1).min(today);
    let drawn = dice.day(earliest.min(latest), latest);
    // Nobody registers on a Sunday or a holiday; Friday's file was opened on the day before the gap.
    let mut day = drawn;
    while !is_working(day) && day > birthday(birth, 16) {
        day = later(day, -1);
    }
    day
}

/// The entries into the Garantie jeunes and into the Contrat d'engagement jeune. Everybody over 26 has one of them:
/// without it their space would have ended.
fn contracts(
    dice: &mut Dice,
    years: i16,
    registration: Date,
    today: Date,
) -> (Option<Date>, Option<Date>) {
    let needed = years >= 26;
    let guarantee = registration < CEJ_START && (dice.chance(55) || (needed && today < CEJ_START));
    if guarantee {
        let last = later(CEJ_START, -1)
            .min(today)
            .min(later(registration, 300));
        return (Some(dice.day(registration, last)), None);
    }
    if today >= CEJ_START && (needed || dice.chance(45)) {
        // A contract lasts eighteen months at most: most of the entries are recent.
        let first = registration.max(CEJ_START).max(before(today, 3)).min(today);
        let recent = if dice.chance(75) {
            first.max(later(today, -330))
        } else {
            first
        };
        return (None, Some(dice.day(recent, today)));
    }
    (None, None)
}

/// Where the person stands.
fn situation(
    dice: &mut Dice,
    sector: &words::Sector,
    years: i16,
    registration: Date,
    today: Date,
) -> DemoSituation {
    use DemoSituationState::{Current, Ended, Planned};
    // Weight, category, what the label holds (0: nothing, 1: job and employer, 2: training), length in days.
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
    let &(_, category, content, length) =
        dice.weighted(if years < 18 { MINOR } else { GROWN }, |row| row.0);
    let label = match content {
        1 => Some(format!(
            "{}, {}",
            dice.pick(sector.jobs),
            dice.pick(sector.employers)
        )),
        2 => Some(dice.pick(sector.trainings).to_owned()),
        _ => None,
    };
    let known = days(registration, today);
    // Only what has an end can be over, and only what has a beginning to prepare can be planned.
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
    DemoSituation {
        category: category.to_owned(),
        state,
        started,
        end,
        label,
    }
}

/// Earlier referents, and since when the present one follows the file.
fn attachments(
    dice: &mut Dice,
    referent: usize,
    registration: Date,
    today: Date,
) -> (Vec<DemoAttachment>, Date) {
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
        // Another advisor than the next one and than the previous one.
        let previous = advisor;
        while advisor == previous || advisor == referent {
            advisor = dice.index(PORTFOLIOS.len());
        }
        let share = days(start, today) / (left as i64 + 1);
        let end = later(
            start,
            30 + dice.below(u64::try_from(share - 29).unwrap_or(0).max(1)) as i64,
        );
        past.push(DemoAttachment {
            advisor,
            start,
            end,
            reason: dice.pick(words::END_REASONS).to_owned(),
        });
        start = end;
    }
    (past, start)
}

/// An address.
fn address(dice: &mut Dice) -> DemoAddress {
    let suffix = if dice.chance(8) { " bis" } else { "" };
    DemoAddress {
        street: format!(
            "{}{suffix} {}",
            1 + dice.below(148),
            dice.pick(words::STREETS)
        ),
        extra: dice
            .chance(40)
            .then(|| dice.pick(words::ADDRESS_EXTRAS).to_owned()),
        postal_code: dice
            .weighted(words::POSTAL_CODES, |code| code.0)
            .1
            .to_owned(),
        city: "Paris".to_owned(),
    }
}

/// How many appointments an advisor can give in a day, and when, in minutes after midnight.
const SLOTS: [i16; 8] = [540, 585, 630, 675, 840, 885, 930, 975];

/// Working days over which first appointments are spread, and after them the second ones.
const SPREAD: usize = 12;

/// The days to come: nobody is convened on a Sunday or on Christmas Day.
struct Agenda {
    seed: u64,
    days: Vec<Date>,
}

impl Agenda {
    /// The working days from today on.
    fn new(seed: u64, today: Date) -> Self {
        let days = (0..90)
            .map(|count| later(today, count))
            .filter(|&day| is_working(day))
            .take(2 * SPREAD)
            .collect();
        Self { seed, days }
    }

    /// The day of that number, as far as the calendar goes.
    fn day(&self, number: usize) -> Date {
        self.days
            .get(number)
            .or(self.days.last())
            .copied()
            .unwrap_or(Date::MAX)
    }

    /// The start at so many minutes after midnight.
    fn at(&self, number: usize, minutes: i16) -> DateTime {
        let (hour, minute) = (
            i8::try_from(minutes / 60).unwrap_or(9),
            i8::try_from(minutes % 60).unwrap_or(0),
        );
        self.day(number).at(hour, minute, 0, 0)
    }

    /// The events of the `rank`-th person of a portfolio. Up to rank 96 no advisor sees two people at once.
    fn events(&self, dice: &mut Dice, index: usize, rank: usize) -> Vec<DemoEvent> {
        // Those who can sign in have something to show.
        let count = if index < SIGNING_IN {
            1 + dice.index(3)
        } else {
            dice.weighted(&[(25, 0), (40, 1), (25, 2), (10, 3)], |row| row.0)
                .1
        };
        let mut events: Vec<DemoEvent> = Vec::with_capacity(count);
        let mut appointments = 0;
        for _ in 0..count {
            if appointments < 2 && (events.is_empty() || dice.chance(45)) {
                // 37 shares no factor with 96: the people of a portfolio never share a slot, and days fill evenly.
                let place = (rank * 37 + (self.seed % 96) as usize) % (SPREAD * SLOTS.len());
                let (day, slot) = (
                    place / SLOTS.len() + appointments * SPREAD,
                    place % SLOTS.len(),
                );
                appointments += 1;
                let video = dice.chance(18);
                events.push(DemoEvent {
                    at: self.at(day, SLOTS[slot]),
                    kind: DemoEventKind::Appointment,
                    title: dice.pick(words::APPOINTMENTS).to_owned(),
                    place: if video {
                        "En visio".to_owned()
                    } else {
                        dice.pick(words::OFFICES).to_owned()
                    },
                    video,
                });
            } else {
                // Every second working day has its workshop.
                let first = dice.index(words::WORKSHOPS.len());
                let found = (0..words::WORKSHOPS.len())
                    .map(|step| (first + step) % words::WORKSHOPS.len())
                    .find(|workshop| {
                        events
                            .iter()
                            .all(|event| event.at.date() != self.day(workshop * 2 + 1))
                    });
                if let Some(workshop) = found {
                    let (title, minutes) = words::WORKSHOPS[workshop];
                    events.push(DemoEvent {
                        at: self.at(workshop * 2 + 1, minutes),
                        kind: DemoEventKind::Workshop,
                        title: title.to_owned(),
                        place: words::ROOMS[workshop % words::ROOMS.len()].to_owned(),
                        video: false,
                    });
                }
            }
        }
        // Two appointments around a workshop come out of order.
        events.sort_by_key(|event| event.at);
        events.dedup_by_key(|event| event.at.date());
        events
    }
}

/// Monday to Friday, French public holidays left out.
fn is_working(day: Date) -> bool {
    if matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
        return false;
    }
    let fixed = [
        (1, 1),
        (5, 1),
        (5, 8),
        (7, 14),
        (8, 15),
        (11, 1),
        (11, 11),
        (12, 25),
    ];
    if fixed.contains(&(day.month(), day.day())) {
        return false;
    }
    // Easter Monday, Ascension Day, Whit Monday.
    let since_easter = days(easter(day.year()), day);
    !matches!(since_easter, 1 | 39 | 50)
}

/// Easter Sunday in the Gregorian calendar, after Gauss's rule as Butcher completed it.
fn easter(year: i16) -> Date {
    let year = i32::from(year);
    let (golden, century, within) = (year % 19, year / 100, year % 100);
    let epact =
        (19 * golden + century - century / 4 - (century - (century + 8) / 25 + 1) / 3 + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (within / 4) - epact - within % 4) % 7;
    let shift = (golden + 11 * epact + 22 * weekday) / 451;
    let sum = epact + weekday - 7 * shift + 114;
    let (month, day) = (
        i8::try_from(sum / 31).unwrap_or(4),
        i8::try_from(sum % 31 + 1).unwrap_or(1),
    );
    Date::new(i16::try_from(year).unwrap_or(1), month, day).unwrap_or(Date::MIN)
}

/// A kind of document that people deposit.
struct Sort {
    weight: u32,
    category: DemoCategory,
    /// Names without extension, as people write them.
    names: &'static [&'static str],
    kinds: &'static [DemoKind],
    /// How often the advisor deposits it, in hundredths.
    by_advisor: u64,
    /// The youngest age at which one has such a thing.
    from_age: i16,
}

/// What vaults hold. No name speaks of health beyond the cover, and none holds a number of a person.
const SORTS: &[Sort] = &[
    Sort {
        weight: 16,
        category: DemoCategory::Identity,
        names: &[
            "CNI recto verso",
            "carte identité",
            "Passeport",
            "CNI_scan",
            "Titre de séjour",
        ],
        kinds: &[DemoKind::Pdf, DemoKind::Jpeg, DemoKind::Jpeg],
        by_advisor: 6,
        from_age: 16,
    },
    Sort {
        weight: 6,
        category: DemoCategory::Identity,
        names: &[
            "Attestation de recensement",
            "Certificat JDC",
            "Extrait acte de naissance",
        ],
        kinds: &[DemoKind::Pdf],
        by_advisor: 10,
        from_age: 16,
    },
    Sort {
        weight: 12,
        category: DemoCategory::Housing,
        names: &[
            "Attestation d'hébergement",
            "Justificatif de domicile",
            "Quittance de loyer",
            "attestation hebergement signée",
        ],
        kinds: &[DemoKind::Pdf, DemoKind::Pdf, DemoKind::Jpeg],
        by_advisor: 8,
        from_age: 16,
    },
    Sort {
        weight: 9,
        category: DemoCategory::HealthCover,
        names: &[
            "Attestation de droits",
            "Carte mutuelle",
            "Attestation complémentaire santé",
        ],
        kinds: &[DemoKind::Pdf, DemoKind::Jpeg],
        by_advisor: 5,
        from_age: 16,
    },
    Sort {
        weight: 14,
        category: DemoCategory::SchoolAndDiplomas,
        names: &[
            "Diplôme CAP",
            "Relevé de notes",
            "Bulletin 2e trimestre",
            "Attestation ASSR2",
            "Diplôme du brevet",
            "Certificat de scolarité",
        ],
        kinds: &[DemoKind::Pdf, DemoKind::Pdf, DemoKind::Jpeg],
        by_advisor: 8,
        from_age: 16,
    },
    Sort {
        weight: 18,
        category: DemoCategory::CvAndLetters,
        names: &[
            "CV",
            "CV à jour",
            "Lettre de motivation",
            "CV version courte",
            "Lettre de motivation apprentissage",
        ],
        kinds: &[DemoKind::Pdf, DemoKind::Docx, DemoKind::Docx],
        by_advisor: 35,
        from_age: 16,
    },
    Sort {
        weight: 10,
        category: DemoCategory::Employment,
        names: &[
            "Contrat de travail",
            "Fiche de paie",
            "Certificat de travail",
            "Promesse d'embauche",
        ],
        kinds: &[DemoKind::Pdf, DemoKind::Pdf, DemoKind::Jpeg],
        by_advisor: 10,
        from_age: 18,
    },
    Sort {
        weight: 6,
        category: DemoCategory::Employment,
        names: &[
            "Convention de stage",
            "Convention d'immersion",
            "Bilan d'immersion",
        ],
        kinds: &[DemoKind::Pdf],
        by_advisor: 60,
        from_age: 16,
    },
    Sort {
        weight: 10,
        category: DemoCategory::Money,
        names: &[
            "RIB",
            "RIB compte courant",
            "Avis de non-imposition",
            "Attestation CAF",
        ],
        kinds: &[DemoKind::Pdf, DemoKind::Pdf, DemoKind::Png],
        by_advisor: 5,
        from_age: 16,
    },
    Sort {
        weight: 5,
        category: DemoCategory::Other,
        names: &[
            "Capture d'écran rendez-vous",
            "Capture convocation",
            "screenshot inscription",
        ],
        kinds: &[DemoKind::Png],
        by_advisor: 0,
        from_age: 16,
    },
    Sort {
        weight: 6,
        category: DemoCategory::Other,
        names: &[
            "Contrat d'engagement signé",
            "Permis de conduire",
            "Attestation Navigo",
            "Planning de la semaine",
        ],
        kinds: &[DemoKind::Pdf, DemoKind::Jpeg, DemoKind::Png],
        by_advisor: 30,
        from_age: 18,
    },
];

/// The vault of one person: nothing for some, up to eight documents.
fn documents(
    dice: &mut Dice,
    full: bool,
    years: i16,
    registration: Date,
    referent_since: Date,
    today: Date,
) -> Vec<DemoDocument> {
    let count = if full {
        5 + dice.index(4)
    } else if dice.chance(15) {
        0
    } else {
        1 + dice.index(7)
    };
    let sorts: Vec<&Sort> = SORTS.iter().filter(|sort| sort.from_age <= years).collect();
    let mut used = BTreeSet::new();
    let mut out = Vec::with_capacity(count);
    while out.len() < count {
        let sort = dice.weighted(&sorts, |sort| sort.weight);
        let stem = dice.pick(sort.names);
        // One of a name is enough; there are many more names than documents, so this ends.
        if !used.insert(stem) {
            continue;
        }
        let kind = sort.kinds[dice.index(sort.kinds.len())];
        let deposited_by_advisor = dice.chance(sort.by_advisor);
        let first = if deposited_by_advisor {
            referent_since
        } else {
            registration
        };
        let deposited_on = dice.day(first, today);
        let issued = later(deposited_on, -(dice.below(120) as i64));
        out.push(DemoDocument {
            name: format!("{stem}.{}", kind.extension()),
            category: sort.category,
            kind,
            deposited_by_advisor,
            deposited_on,
            seed: files::seed_dated(dice.below(u64::MAX), issued),
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = date(2026, 11, 20);

    fn some() -> DemoOrganisation {
        organisation(1, 200, TODAY)
    }

    /// FNV-1a over what `Debug` prints: every field of everybody counts.
    fn print(organisation: &DemoOrganisation) -> u64 {
        format!("{organisation:?}")
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            })
    }

    /// If this fails without a change to the lists or to the order of the choices, a crate has changed its output:
    /// keep the old output. With such a change, write the new constant.
    #[test]
    fn a_seed_gives_the_same_people_for_ever() {
        assert_eq!(print(&some()), EXPECTED, "{:#x}", print(&some()));
        assert_ne!(print(&some()), print(&organisation(2, 200, TODAY)));
    }
    const EXPECTED: u64 = 0x0278_ac94_441e_18d2;

    /// The block function of the generator itself: twelve rounds, key made by `Dice`.
    #[test]
    fn the_generator_is_the_specified_one() {
        let mut zero = ChaCha12Rng::from_seed([0; 32]);
        // First bytes of the published key stream for a key and a nonce of zeros: 9b f4 9a 6a 07 55 f9 53.
        assert_eq!(
            zero.next_u64().to_le_bytes(),
            [0x9b, 0xf4, 0x9a, 0x6a, 0x07, 0x55, 0xf9, 0x53]
        );
    }

    #[test]
    fn a_larger_organisation_begins_with_the_same_people() {
        let (small, large) = (organisation(3, 40, TODAY), organisation(3, 400, TODAY));
        assert_eq!(
            format!("{:?}", small.youths),
            format!("{:?}", &large.youths[..40])
        );
    }

    #[test]
    fn staff_has_every_role() {
        for seed in 0..20 {
            let staff = organisation(seed, 0, TODAY).staff;
            assert!(
                staff[..6]
                    .iter()
                    .all(|one| one.role == DemoRole::Advisor && one.has_password)
            );
            let count = |role| staff.iter().filter(|one| one.role == role).count();
            assert_eq!(count(DemoRole::Advisor), 6);
            for role in [
                DemoRole::Reception,
                DemoRole::TeamLead,
                DemoRole::Administrator,
                DemoRole::Dpo,
            ] {
                assert!((1..=2).contains(&count(role)));
                assert!(staff.iter().any(|one| one.role == role && one.has_password));
            }
            for one in &staff {
                assert!(one.phone.starts_with("+3319900") && one.phone.len() == 12);
                assert!(one.email.ends_with("@exemple.test"));
            }
        }
    }

    #[test]
    fn nobody_shares_an_identifier() {
        for (seed, count) in [(1, 200), (9, 20_000)] {
            let organisation = organisation(seed, count, TODAY);
            let staff = organisation
                .staff
                .iter()
                .map(|one| (&one.identifier, &one.email));
            let everybody = staff.chain(
                organisation
                    .youths
                    .iter()
                    .map(|one| (&one.identifier, &one.email)),
            );
            let (identifiers, emails): (BTreeSet<_>, BTreeSet<_>) = everybody.unzip();
            assert_eq!(identifiers.len(), count + 12);
            assert_eq!(emails.len(), count + 12);
            for identifier in identifiers {
                assert!(identifier.chars().all(|letter| letter.is_ascii_lowercase()
                    || letter.is_ascii_digit()
                    || letter == '.'));
            }
            let files: BTreeSet<_> = organisation
                .youths
                .iter()
                .map(|one| &one.imilo_id)
                .collect();
            assert_eq!(files.len(), count);
        }
    }

    #[test]
    fn phones_are_fictitious_and_differ() {
        let organisation = organisation(4, 9_000, TODAY);
        let phones: BTreeSet<_> = organisation
            .youths
            .iter()
            .map(|one| one.phone.as_str())
            .collect();
        assert_eq!(phones.len(), 9_000);
        for phone in phones {
            assert_eq!(phone.len(), 12);
            assert!(phone.starts_with("+3363998") || phone.starts_with("+3319900"));
        }
        for one in &organisation.staff {
            assert!(
                organisation
                    .youths
                    .iter()
                    .all(|youth| youth.phone != one.phone)
            );
        }
    }

    #[test]
    fn lives_are_coherent_whatever_the_day() {
        let holidays = [
            date(2026, 12, 24),
            date(2024, 2, 29),
            date(2025, 4, 30),
            date(2022, 3, 1),
            date(2021, 6, 1),
            TODAY,
        ];
        for (seed, today) in (0..).zip(holidays) {
            for (index, one) in organisation(seed, 600, today).youths.iter().enumerate() {
                let years = age(one.birth_date, today);
                assert!((16..=29).contains(&years), "{years}");
                let contract = one.cej_entry_date.or(one.guarantee_entry_date);
                assert!(years < 27 || contract.is_some());
                assert!(
                    one.registration_date <= today
                        && age(one.birth_date, one.registration_date) >= 16
                );
                assert!(one.guarantee_entry_date.is_none_or(|day| day < CEJ_START));
                assert!(one.cej_entry_date.is_none_or(|day| day >= CEJ_START));
                assert!(one.cej_entry_date.is_none() || one.guarantee_entry_date.is_none());
                assert!(contract.is_none_or(|day| day >= one.registration_date && day <= today));
                assert_eq!(one.cohort_number.is_some(), contract.is_some());
                assert!(
                    !one.school_level.is_empty()
                        && one.birth_name != *one.usual_name.as_deref().unwrap_or("")
                );

                let mut start = one.registration_date;
                for past in &one.past_referents {
                    assert!(
                        past.start == start
                            && past.end > past.start
                            && past.end <= today
                            && past.advisor < 6
                    );
                    assert_ne!(past.advisor, one.referent);
                    start = past.end;
                }
                assert_eq!(start, one.referent_since);

                let last = &one.last_situation;
                match last.state {
                    DemoSituationState::Planned => {
                        assert!(last.started > today && last.end > Some(last.started))
                    }
                    DemoSituationState::Current => {
                        assert!(last.started <= today && last.end.is_none_or(|end| end >= today));
                    }
                    DemoSituationState::Ended => {
                        assert!(last.end.unwrap() < today && last.started < last.end.unwrap())
                    }
                }

                assert!(one.next_events.len() <= 3);
                assert!(one.next_events.is_sorted_by(|a, b| a.at < b.at));
                for event in &one.next_events {
                    assert!(
                        event.at.date() >= today
                            && event.at.date() <= later(today, 60)
                            && is_working(event.at.date())
                    );
                }

                assert!(
                    one.documents.len() <= 8 && (index >= SIGNING_IN || one.documents.len() >= 5)
                );
                let names: BTreeSet<_> = one
                    .documents
                    .iter()
                    .map(|document| &document.name)
                    .collect();
                assert_eq!(names.len(), one.documents.len());
                for document in &one.documents {
                    let first = if document.deposited_by_advisor {
                        one.referent_since
                    } else {
                        one.registration_date
                    };
                    assert!(document.deposited_on >= first && document.deposited_on <= today);
                    assert!(document.name.ends_with(document.kind.extension()));
                }
            }
        }
    }

    #[test]
    fn two_hundred_people_look_like_an_organisation() {
        for seed in 0..10 {
            let organisation = organisation(seed, 200, TODAY);
            for advisor in 0..6 {
                let portfolio = organisation
                    .youths
                    .iter()
                    .filter(|one| one.referent == advisor)
                    .count();
                assert!((20..=50).contains(&portfolio), "{portfolio}");
            }
            let youths = &organisation.youths;
            let share =
                |test: fn(&DemoYouth) -> bool| youths.iter().filter(|one| test(one)).count();
            assert_eq!(share(|one| one.has_password), 10);
            assert!((70..=130).contains(&share(|one| one.shares_vault)));
            assert!((1..=30).contains(&share(|one| age(one.birth_date, TODAY) > 25)));
            assert!(share(|one| one.guarantee_entry_date.is_some()) > 0);
            assert!(share(|one| one.cej_entry_date.is_some()) > 40);
            assert!(share(|one| !one.past_referents.is_empty()) > 8);
            assert!(
                (500..=1000).contains(&youths.iter().map(|one| one.documents.len()).sum::<usize>())
            );
            let kinds: BTreeSet<_> = youths
                .iter()
                .flat_map(|one| &one.documents)
                .map(|one| one.kind)
                .collect();
            let categories: BTreeSet<_> = youths
                .iter()
                .flat_map(|one| &one.documents)
                .map(|one| one.category)
                .collect();
            assert_eq!((kinds.len(), categories.len()), (4, 8));
            // The two dates to show.
            assert_eq!(
                (youths[7].birth_date.month(), youths[7].birth_date.day()),
                (2, 29)
            );
            assert_eq!(birthday(youths[9].birth_date, 27), later(TODAY, 20));
            // No advisor is in two appointments at once.
            let mut seen = BTreeSet::new();
            for one in youths {
                for event in one
                    .next_events
                    .iter()
                    .filter(|event| event.kind == DemoEventKind::Appointment)
                {
                    assert!(seen.insert((one.referent, event.at)));
                }
            }
        }
    }

    #[test]
    fn nobody_and_very_many_work() {
        assert!(organisation(1, 0, TODAY).youths.is_empty());
        assert_eq!(organisation(u64::MAX, 1, TODAY).youths.len(), 1);
        assert_eq!(organisation(1, 20_000, TODAY).youths.len(), 20_000);
    }

    #[test]
    fn passwords_are_strong_and_readable() {
        let mut rng = ChaCha12Rng::from_seed([7; 32]);
        let mut seen = BTreeSet::new();
        for _ in 0..2_000 {
            let password = password(&mut rng);
            assert_eq!(password.len(), 23);
            assert!(
                password
                    .split('-')
                    .all(|group| group.len() == 5 && !words::RUDE.contains(&&group[..4]))
            );
            assert!(
                password
                    .chars()
                    .all(|letter| !"l10owqhy".contains(letter) || letter == 'o')
            );
            assert!(seen.insert(password));
        }
        // Counted without the rude groups.
        let syllables = (CONSONANTS.len() * VOWELS.len()).pow(2) - words::RUDE.len();
        assert!(4.0 * ((syllables * DIGITS.len()) as f64).log2() > 60.0);
    }

    #[test]
    fn working_days_know_the_holidays() {
        for day in [
            date(2026, 4, 6),
            date(2026, 5, 14),
            date(2026, 5, 25),
            date(2026, 12, 25),
            date(2027, 3, 29),
        ] {
            assert!(!is_working(day), "{day}");
        }
        assert!(is_working(date(2026, 11, 20)) && !is_working(date(2026, 11, 21)));
    }
}

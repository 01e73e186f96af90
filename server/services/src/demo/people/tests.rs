use jiff::civil::date;
use rand::rngs::ChaCha12Rng;
use rand::{Rng, SeedableRng};

use super::youths::CEJ_START;
use super::*;
use crate::demo::calendar::{age, birthday, is_working, later};
use crate::demo::chance::password;
use crate::demo::chance::{CONSONANTS, DIGITS, VOWELS};
use crate::demo::{files, words};

const TODAY: Date = date(2026, 11, 20);

fn some() -> DemoOrganisation {
    organisation(1, 200, TODAY)
}

/// FNV-1a over the output of `Debug`, so that every field of everybody counts.
fn print(organisation: &DemoOrganisation) -> u64 {
    format!("{organisation:?}")
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// If this fails without a change to the lists, the fields or the order of the choices, a crate has changed its output:
/// keep the old output. With such a change, write the new constant.
#[test]
fn a_seed_gives_the_same_people_for_ever() {
    assert_eq!(print(&some()), EXPECTED, "{:#x}", print(&some()));
    assert_ne!(print(&some()), print(&organisation(2, 200, TODAY)));
}
const EXPECTED: u64 = 0x039d_94e8_0d3e_fe6a;

/// The block function of the generator itself: twelve rounds, key made by `Dice`.
#[test]
fn the_generator_gives_the_published_key_stream() {
    let mut zero = ChaCha12Rng::from_seed([0; 32]);
    // First bytes of the published key stream for a key and a nonce of zeros: 9b f4 9a 6a 07 55 f9 53.
    assert_eq!(zero.next_u64().to_le_bytes(), [0x9b, 0xf4, 0x9a, 0x6a, 0x07, 0x55, 0xf9, 0x53]);
}

#[test]
fn a_larger_organisation_begins_with_the_same_people() {
    let (small, large) = (organisation(3, 40, TODAY), organisation(3, 400, TODAY));
    assert_eq!(format!("{:?}", small.youths), format!("{:?}", &large.youths[..40]));
}

#[test]
fn staff_has_every_role() {
    for seed in 0..20 {
        let staff = organisation(seed, 0, TODAY).staff;
        assert!(staff[..6].iter().all(|one| one.role == DemoRole::Advisor && one.has_password));
        let count = |role| staff.iter().filter(|one| one.role == role).count();
        assert_eq!(count(DemoRole::Advisor), 6);
        for role in [DemoRole::Reception, DemoRole::TeamLead, DemoRole::Administrator, DemoRole::Dpo] {
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
        let staff = organisation.staff.iter().map(|one| (&one.identifier, &one.email));
        let everybody = staff.chain(organisation.youths.iter().map(|one| (&one.identifier, &one.email)));
        let (identifiers, emails): (BTreeSet<_>, BTreeSet<_>) = everybody.unzip();
        assert_eq!(identifiers.len(), count + organisation.staff.len());
        assert_eq!(emails.len(), count + organisation.staff.len());
        for identifier in identifiers {
            assert!(
                identifier
                    .chars()
                    .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '.')
            );
        }
        let files: BTreeSet<_> = organisation.youths.iter().map(|one| &one.imilo_id).collect();
        assert_eq!(files.len(), count);
    }
}

#[test]
fn a_large_organisation_has_more_teams_not_larger_portfolios() {
    for (count, staff) in [(200, 12), (400, 12), (401, 18), (20_000, 306)] {
        let organisation = organisation(1, count, TODAY);
        assert_eq!(organisation.staff.len(), staff);
        let mut followed = vec![0; staff];
        for one in &organisation.youths {
            followed[one.referent] += 1;
            for advisor in one.past_referents.iter().map(|past| past.advisor).chain([one.referent]) {
                assert_eq!(organisation.staff[advisor].role, DemoRole::Advisor);
                assert_eq!(team_of(advisor), team_of(one.referent), "moved to another team");
            }
        }
        assert!(followed.iter().all(|&people| people <= 84), "{followed:?}");
    }
}

#[test]
fn phones_are_fictitious_and_differ() {
    let organisation = organisation(4, 9_000, TODAY);
    let phones: BTreeSet<_> = organisation.youths.iter().map(|one| one.phone.as_str()).collect();
    assert_eq!(phones.len(), 9_000);
    for phone in phones {
        assert_eq!(phone.len(), 12);
        assert!(phone.starts_with("+3363998") || phone.starts_with("+3319900"));
    }
    for one in &organisation.staff {
        assert!(organisation.youths.iter().all(|youth| youth.phone != one.phone));
    }
}

#[test]
fn data_of_people_is_coherent_on_any_day() {
    let holidays =
        [date(2026, 12, 24), date(2024, 2, 29), date(2025, 4, 30), date(2022, 3, 1), date(2021, 6, 1), TODAY];
    for (seed, today) in (0..).zip(holidays) {
        for (index, one) in organisation(seed, 400, today).youths.iter().enumerate() {
            let years = age(one.birth_date, today);
            assert!((16..=29).contains(&years), "{years}");
            let contract = one.cej_entry_date.or(one.guarantee_entry_date);
            assert!(years < 27 || contract.is_some());
            assert!(one.registration_date <= today && age(one.birth_date, one.registration_date) >= 16);
            assert!(one.guarantee_entry_date.is_none_or(|day| day < CEJ_START));
            assert!(one.cej_entry_date.is_none_or(|day| day >= CEJ_START));
            assert!(one.cej_entry_date.is_none() || one.guarantee_entry_date.is_none());
            assert!(contract.is_none_or(|day| day >= one.registration_date && day <= today));
            assert_eq!(one.cohort_number.is_some(), contract.is_some());
            assert!(!one.school_level.is_empty() && one.birth_name != *one.usual_name.as_deref().unwrap_or(""));

            let mut start = one.registration_date;
            for past in &one.past_referents {
                assert!(past.start == start && past.end > past.start && past.end <= today && past.advisor < 6);
                assert_ne!(past.advisor, one.referent);
                start = past.end;
            }
            assert_eq!(start, one.referent_since);

            let last = &one.last_situation;
            match last.state {
                SituationState::Planned => {
                    assert!(last.started > today && last.end > Some(last.started))
                }
                SituationState::Current => {
                    assert!(last.started <= today && last.end.is_none_or(|end| end >= today));
                }
                SituationState::Ended => {
                    assert!(last.end.unwrap() < today && last.started < last.end.unwrap())
                }
            }

            assert!(one.next_events.len() <= 3);
            assert!(one.next_events.is_sorted_by(|a, b| a.at < b.at));
            for event in &one.next_events {
                assert!(event.at.date() >= today && event.at.date() <= later(today, 60) && is_working(event.at.date()));
            }

            assert!(one.documents.len() <= 8 && (index >= SIGNING_IN || one.documents.len() >= 5));
            let names: BTreeSet<_> = one.documents.iter().map(|document| &document.name).collect();
            assert_eq!(names.len(), one.documents.len());
            for document in &one.documents {
                let first = if document.deposited_by_advisor { one.referent_since } else { one.registration_date };
                let issued = files::issue_date(document.seed);
                assert!(issued >= later(first, -119) && issued <= today);
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
            let portfolio = organisation.youths.iter().filter(|one| one.referent == advisor).count();
            assert!((20..=50).contains(&portfolio), "{portfolio}");
        }
        let youths = &organisation.youths;
        let share = |test: fn(&DemoYouth) -> bool| youths.iter().filter(|one| test(one)).count();
        assert_eq!(share(|one| one.has_password), 10);
        assert!((70..=130).contains(&share(|one| one.shares_vault)));
        assert!((1..=30).contains(&share(|one| age(one.birth_date, TODAY) > 25)));
        assert!(share(|one| one.guarantee_entry_date.is_some()) > 0);
        assert!(share(|one| one.cej_entry_date.is_some()) > 40);
        assert!(share(|one| !one.past_referents.is_empty()) > 8);
        assert!((500..=1000).contains(&youths.iter().map(|one| one.documents.len()).sum::<usize>()));
        let kinds: BTreeSet<_> = youths.iter().flat_map(|one| &one.documents).map(|one| one.kind).collect();
        let categories: BTreeSet<_> = youths.iter().flat_map(|one| &one.documents).map(|one| one.category).collect();
        assert_eq!((kinds.len(), categories.len()), (4, 8));
        // The two people whose dates are special.
        assert_eq!((youths[7].birth_date.month(), youths[7].birth_date.day()), (2, 29));
        assert_eq!(birthday(youths[9].birth_date, 27), later(TODAY, 20));
        // No advisor is in two appointments at once.
        let mut seen = BTreeSet::new();
        for one in youths {
            for event in one.next_events.iter().filter(|event| event.kind == AppointmentKind::Appointment) {
                assert!(seen.insert((one.referent, event.at)));
            }
        }
    }
}

#[test]
fn an_organisation_may_have_no_young_people_or_very_many() {
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
        assert!(password.split('-').all(|group| group.len() == 5 && !words::RUDE.contains(&&group[..4])));
        assert!(password.chars().all(|letter| !"l10owqhy".contains(letter) || letter == 'o'));
        assert!(seen.insert(password));
    }
    // Counted without the rude groups.
    let syllables = (CONSONANTS.len() * VOWELS.len()).pow(2) - words::RUDE.len();
    assert!(4.0 * ((syllables * DIGITS.len()) as f64).log2() > 60.0);
}

#[test]
fn working_days_know_the_holidays() {
    for day in [date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25), date(2026, 12, 25), date(2027, 3, 29)] {
        assert!(!is_working(day), "{day}");
    }
    assert!(is_working(date(2026, 11, 20)) && !is_working(date(2026, 11, 21)));
}

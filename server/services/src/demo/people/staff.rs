//! The staff, and what everybody has: names, an identifier, a phone number.

use std::collections::BTreeSet;

use super::{DemoRole, DemoStaff, Dice, PORTFOLIOS};
use crate::demo::words;

/// The staff. Two administrators, because a staff account takes two people to create.
pub(super) fn staff(seed: u64, taken: &mut BTreeSet<String>) -> Vec<DemoStaff> {
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
            let has_password = role != DemoRole::Reception || rank == 0;
            let one = colleague(seed, out.len(), role, has_password, &mut seen, taken);
            out.push(one);
        }
    }
    out
}

/// The advisors of one more team. None of them has an activated account, because enough people can sign in.
pub(super) fn further_team(seed: u64, out: &mut Vec<DemoStaff>, taken: &mut BTreeSet<String>) {
    let mut seen = BTreeSet::new();
    for _ in PORTFOLIOS {
        let one = colleague(seed, out.len(), DemoRole::Advisor, false, &mut seen, taken);
        out.push(one);
    }
}

fn colleague(
    seed: u64,
    number: usize,
    role: DemoRole,
    has_password: bool,
    seen: &mut BTreeSet<&'static str>,
    taken: &mut BTreeSet<String>,
) -> DemoStaff {
    let mut dice = Dice::new(b"staff", seed, number as u64);
    // Colleagues have different family names: a visitor must not mix them up.
    let (first_name, last_name) = loop {
        let (first, last) = names(&mut dice);
        if seen.insert(last) {
            break (first, last);
        }
    };
    let initial: String = fold(first_name).chars().take(1).collect();
    let identifier = unique(&format!("{initial}.{}", fold(last_name)), taken);
    DemoStaff {
        role,
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        email: format!("{identifier}@exemple.test"),
        identifier,
        phone: phone(LANDLINE, seed, number as u64),
        has_password,
    }
}

/// A name as identifiers contain it: « Saint-Elme » gives « saintelme ».
pub(super) fn fold(name: &str) -> String {
    name.chars().map(words::plain).collect()
}

/// The first of `wanted`, `wanted2`, `wanted3` … that nobody else has.
pub(super) fn unique(wanted: &str, taken: &mut BTreeSet<String>) -> String {
    let mut identifier = wanted.to_owned();
    let mut next = 2;
    while !taken.insert(identifier.clone()) {
        identifier = format!("{wanted}{next}");
        next += 1;
    }
    identifier
}

/// A first name and a family name, usually from the same origin.
pub(super) fn names(dice: &mut Dice) -> (&'static str, &'static str) {
    let origin = dice.weighted(words::ORIGINS, |origin| origin.weight);
    let first = dice.pick(origin.first_names);
    let family = if dice.chance(20) { dice.weighted(words::ORIGINS, |origin| origin.weight) } else { origin };
    (first, dice.pick(family.last_names))
}

/// Ten thousand numbers in an order that has no visible pattern: 7 919 shares no factor with 10 000.
fn four_digits(seed: u64, number: u64) -> u64 {
    (number % 10_000 * 7_919 + seed % 10_000) % 10_000
}

/// Writes the two pairs of digits that end a telephone number.
pub(super) fn phone(prefix: &str, seed: u64, number: u64) -> String {
    format!("{prefix}{:04}", four_digits(seed, number))
}

/// The range of mobile numbers that the regulator keeps for fiction: 06 39 98 xx xx.
pub(super) const MOBILE: &str = "+3363998";

/// The same range for landlines of Île-de-France: 01 99 00 xx xx.
pub(super) const LANDLINE: &str = "+3319900";

//! The texts about young people in the portfolio (A2), for its page and for the search while somebody types.

use super::format;
use crate::{found::Found, page::Page, texts::Texts};
use domain::{paging::Paged, portfolio::PortfolioRow, time::CivilDate};

/// The longest search, in characters. The rest is cut off.
const SEARCH_MAX: usize = 100;

/// The words to search for, from what was typed: trimmed, and cut at the longest search.
pub(crate) fn searched(typed: &str) -> String {
    typed.trim().chars().take(SEARCH_MAX).collect()
}

/// The sentence that says how many people there are, or how many were found.
pub(crate) fn lead(texts: Texts, found: &Paged<PortfolioRow>, search: &str) -> String {
    if search.is_empty() { texts.staff_total(found.total) } else { texts.staff_found(found.total, search) }
}

/// A young person, as the list shows them.
pub(crate) fn found(page: &Page, person: &PortfolioRow) -> Found {
    let texts = page.texts;
    let next = person.next_at.map(|at| format::day_and_hour(page, at));
    Found {
        youth: person.youth,
        name: person.name.clone(),
        initials: format::initials(&person.name),
        about: about(page, person),
        job: person.target_job.clone().unwrap_or_default(),
        planned: next.is_some(),
        next: next.unwrap_or_else(|| texts.staff_nothing_next().to_owned()),
        shared: if person.vault_shared { texts.staff_shared().to_owned() } else { String::new() },
    }
}

/// « 19 ans, Paris ».
fn about(page: &Page, person: &PortfolioRow) -> String {
    match person.city.as_str() {
        "" => age(page, person.birth_date),
        city => format!("{}, {city}", age(page, person.birth_date)),
    }
}

/// « 19 ans ».
pub(crate) fn age(page: &Page, birth_date: CivilDate) -> String {
    page.texts.staff_age(u64::try_from(birth_date.age_on(page.today())).unwrap_or_default())
}

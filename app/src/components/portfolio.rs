//! Young people of the portfolio in words (A2): for its page and for the search as one types.

use crate::{page::Page, texts::Texts};
use domain::{paging::Paged, portfolio::PortfolioRow, time::CivilDate};

/// Longest search that is read, in characters.
const SEARCH_MAX: usize = 100;

/// What is looked for, within its bounds.
pub(crate) fn searched(typed: &str) -> String {
    typed.trim().chars().take(SEARCH_MAX).collect()
}

/// How many there are, in words.
pub(crate) fn lead(texts: Texts, found: &Paged<PortfolioRow>, search: &str) -> String {
    if search.is_empty() { texts.staff_total(found.total) } else { texts.staff_found(found.total, search) }
}

/// « 19 ans, Paris ».
pub(crate) fn about(page: &Page, person: &PortfolioRow) -> String {
    match person.city.as_str() {
        "" => age(page, person.birth_date),
        city => format!("{}, {city}", age(page, person.birth_date)),
    }
}

/// « 19 ans ».
pub(crate) fn age(page: &Page, birth_date: CivilDate) -> String {
    page.texts.staff_age(u64::try_from(birth_date.age_on(page.today())).unwrap_or_default())
}

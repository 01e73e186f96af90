//! The search of an advisor among their young people, while the advisor types (A2).

use super::{Form, Refusal, Value};
pub use crate::found::FoundPeople;
use leptos::prelude::*;

/// Finds the attached young people whose name matches `q`. It changes nothing.
#[server(prefix = "", endpoint = "action/jeunes/chercher", input = Form, output = Value)]
pub async fn find_people(
    /// The typed text.
    #[server(default)]
    q: String,
) -> Result<FoundPeople, Refusal> {
    use crate::components::portfolio;
    use domain::portfolio::PortfolioQuery;

    let page = crate::page::Page::current()?;
    let search = portfolio::searched(&q);
    let query = PortfolioQuery { search: search.clone(), page: 1 };
    let found = page.host.portfolios.page(&page.actor(), query).await?.found;
    Ok(FoundPeople {
        lead: portfolio::lead(page.texts, &found, &search),
        people: found.rows.iter().map(|person| portfolio::found(&page, person)).collect(),
        more: found.pages() > 1,
    })
}

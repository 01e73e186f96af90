//! The young people of an advisor, found as one types (A2).

use super::{Form, Refusal, Value};
pub use crate::found::FoundPeople;
use leptos::prelude::*;

/// The attached young people whose name fits `q`. It only reads.
#[server(prefix = "", endpoint = "action/jeunes/chercher", input = Form, output = Value)]
pub async fn find_people(
    /// What is typed.
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

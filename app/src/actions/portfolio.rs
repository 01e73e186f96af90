//! The young people of an advisor, found as one types (A2).

use super::{Form, Refusal, Value};
use domain::ids::YouthId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A young person as the list shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Whose file it is.
    pub youth: YouthId,
    /// Name, as it is shown.
    pub name: String,
    /// Age and city, in words.
    pub about: String,
    /// The job they aim at.
    pub job: String,
    /// The next appointment, in words.
    pub next: String,
    /// Whether the vault is open to the advisor, in a word; empty when it is not.
    pub shared: String,
}

/// A page of the search in the portfolio.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPeople {
    /// How many there are, in words.
    pub lead: String,
    /// Those of the first page.
    pub people: Vec<Found>,
}

/// The attached young people whose name fits `q`. It only reads.
#[server(prefix = "", endpoint = "action/jeunes/chercher", input = Form, output = Value)]
pub async fn find_people(
    /// What is typed.
    #[server(default)]
    q: String,
) -> Result<FoundPeople, Refusal> {
    use crate::components::{format, portfolio};
    use domain::portfolio::{PortfolioQuery, PortfolioRow};

    let page = crate::page::Page::current()?;
    let search = portfolio::searched(&q);
    let query = PortfolioQuery { search: search.clone(), page: 1 };
    let found = page.host.portfolios.page(&page.actor(), query).await?.found;
    let texts = page.texts;
    let person = |person: &PortfolioRow| Found {
        youth: person.youth,
        name: person.name.clone(),
        about: portfolio::about(&page, person),
        job: person.target_job.clone().unwrap_or_default(),
        next: match person.next_at {
            Some(at) => format::day_and_hour(&page, at),
            None => texts.staff_nothing_next().to_owned(),
        },
        shared: if person.vault_shared { texts.staff_shared().to_owned() } else { String::new() },
    };
    Ok(FoundPeople { lead: portfolio::lead(texts, &found, &search), people: found.rows.iter().map(person).collect() })
}

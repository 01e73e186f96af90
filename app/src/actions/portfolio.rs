//! The search of an advisor among their young people, while the advisor types (A2).

use super::{Form, Refusal, Value};
use domain::ids::YouthId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A young person as the list shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Whose file it is.
    pub youth: YouthId,
    /// The name, as it is shown.
    pub name: String,
    /// The age and the city, as a text.
    pub about: String,
    /// The job that the young person wants to do.
    pub job: String,
    /// The next appointment, as a text.
    pub next: String,
    /// A word that says that the advisor may read the vault; empty when they may not.
    pub shared: String,
}

/// A page of the search in the portfolio.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPeople {
    /// A sentence that says how many people were found.
    pub lead: String,
    /// The people on the first page.
    pub people: Vec<Found>,
}

/// Finds the attached young people whose name matches `q`. It changes nothing.
#[server(prefix = "", endpoint = "action/jeunes/chercher", input = Form, output = Value)]
pub async fn find_people(
    /// The typed text.
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

//! The result of a search in the portfolio (A2), as texts. The action, the page and the rows of the list use it.

use domain::ids::YouthId;
use serde::{Deserialize, Serialize};

/// A young person, as the list shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The id of the young person, which is in the address of their file.
    pub youth: YouthId,
    /// The name.
    pub name: String,
    /// The first letters of the name.
    pub initials: String,
    /// The age and the city, for example « 19 ans, Paris ».
    pub about: String,
    /// The job that they want; empty when none is known.
    pub job: String,
    /// The next appointment, or the sentence that says that there is none.
    pub next: String,
    /// Whether there is a next appointment.
    pub planned: bool,
    /// « Partagés » when the advisor may read the vault; otherwise empty.
    pub shared: String,
}

/// The first page of a search in the portfolio.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPeople {
    /// The sentence that says how many people were found.
    pub lead: String,
    /// The people of the first page.
    pub people: Vec<Found>,
    /// Whether there are further pages.
    pub more: bool,
}

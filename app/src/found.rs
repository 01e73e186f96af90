//! What a search of the portfolio finds (A2), in words: below its action, its page and its rows, which all use it.

use domain::ids::YouthId;
use serde::{Deserialize, Serialize};

/// A young person as the list shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Whose file it is.
    pub youth: YouthId,
    /// Name, as it is shown.
    pub name: String,
    /// The first letters of the name.
    pub initials: String,
    /// Age and city, in words.
    pub about: String,
    /// The job they aim at.
    pub job: String,
    /// The next appointment in words, or that there is none.
    pub next: String,
    /// Whether there is a next appointment.
    pub planned: bool,
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
    /// Whether more are found than those.
    pub more: bool,
}

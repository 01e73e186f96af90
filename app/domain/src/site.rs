//! Whose portal it is: the site file, checked.

use crate::consent::ServiceList;

/// The organisation and its choices, from the site file.
#[derive(Clone, Debug)]
pub struct Site {
    /// The organisation's name.
    pub name: String,
    /// A line that says what it does and for whom.
    pub tagline: String,
    /// Street and number.
    pub address: String,
    /// Postal code and town.
    pub city: String,
    /// Phone for the public, as people write it.
    pub phone: String,
    /// Email for the public.
    pub email: String,
    /// What the vault is called. « Coffre-fort numérique » is reserved to those that meet CPCE L.103.
    pub vault_name: String,
    /// The services that set cookies.
    pub services: ServiceList,
    /// Short hash of the list, kept in the choice cookie.
    pub services_version: String,
    /// How many months a choice holds (C9).
    pub consent_months: u8,
    /// The presentation video on the home page, if there is one.
    pub video: Option<Video>,
}

/// A video kept by an optional service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Video {
    /// The service that plays it.
    pub service: &'static str,
    /// The service's own name for it.
    pub id: String,
    /// Its title.
    pub title: String,
}

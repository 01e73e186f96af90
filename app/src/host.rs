//! What the host lends to the pages: the ports, the site, the assets; and what it knows of a visit.

use crate::policy::Policy;
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use domain::{
    accounts::StaffAccounts,
    activation::Activations,
    actor::Actor,
    analytics::Analytics,
    consent::{ConsentState, Consents},
    devices::Devices,
    events::Events,
    figures::Figures,
    identity::{Client, Identities, Session},
    inbox::Inbox,
    newsletter::Newsletter,
    portfolio::Portfolios,
    register::Policies,
    requests::Requests,
    rights::RightsRequests,
    search::Search,
    site::Site,
    tasks::Tasks,
    time::Calendar,
    vault::Vaults,
    youth::Youths,
};
use std::sync::Arc;

/// Everything a page may reach. No SQL, no file, no mail, no clock but through a port.
#[derive(Clone)]
pub struct Host {
    /// The origin people see, `https://…`, for what is printed.
    pub origin: Arc<str>,
    /// Whose portal it is.
    pub site: Arc<Site>,
    /// Where the browser finds style, script and pictures.
    pub assets: Assets,
    /// Whether the pages for those who work on the site are there.
    pub development: bool,
    /// The clock and the time zone.
    pub calendar: Arc<dyn Calendar>,
    /// Signing in and out.
    pub identities: Arc<dyn Identities>,
    /// Opening an account with a code.
    pub activations: Arc<dyn Activations>,
    /// One's own sessions and password.
    pub devices: Arc<dyn Devices>,
    /// Accounts of staff.
    pub accounts: Arc<dyn StaffAccounts>,
    /// Files of young people.
    pub youths: Arc<dyn Youths>,
    /// The young people of an advisor.
    pub portfolios: Arc<dyn Portfolios>,
    /// Documents.
    pub vaults: Arc<dyn Vaults>,
    /// The ledger of choices.
    pub consents: Arc<dyn Consents>,
    /// What visitors sent, for staff.
    pub inbox: Arc<dyn Inbox>,
    /// What people ask about their own data.
    pub rights: Arc<dyn RightsRequests>,
    /// The newsletter.
    pub newsletter: Arc<dyn Newsletter>,
    /// The public forms.
    pub requests: Arc<dyn Requests>,
    /// Jobs and mails.
    pub tasks: Arc<dyn Tasks>,
    /// What the policy says.
    pub policy: Arc<Policy>,
    /// The versions of the policy.
    pub policies: Arc<dyn Policies>,
    /// Events one can pre-register for.
    pub events: Arc<dyn Events>,
    /// Searching the site.
    pub searches: Arc<dyn Search>,
    /// Visits without cookie or identifier.
    pub analytics: Arc<dyn Analytics>,
    /// The work in numbers.
    pub figures: Arc<dyn Figures>,
}

/// The folder of the embedded assets, its hash included: `/assets/0123abcd…`.
#[derive(Clone, Debug)]
pub struct Assets {
    /// Path without a trailing slash.
    pub base: Arc<str>,
    /// The stylesheet of the site's own colours, if it has any.
    pub look: Option<Arc<str>>,
    /// The stylesheet of the offline page, which has the site's own colours in it. It has an address of its own, so that a
    /// release that changes other files leaves it where it is.
    pub offline: Arc<str>,
}

/// One request as the host's middleware understood it. Only the host puts one into a request.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The session behind the cookie, if it holds.
    pub session: Option<Session>,
    /// What this browser decided about cookies.
    pub consent: ConsentState,
    /// Whether the visit begins here: nobody on this site led to the page.
    pub arrives: bool,
    /// Where the request comes from.
    pub client: Client,
}

impl Visit {
    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.session.as_ref().map_or_else(Actor::anonymous, Session::actor)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

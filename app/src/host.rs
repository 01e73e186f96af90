//! What the host gives to the pages: the ports, the site, the assets, and what it knows about a visit.

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

/// Everything a page may use. Pages reach SQL, files, mails and the clock only through a port.
#[derive(Clone)]
pub struct Host {
    /// The public origin of the portal, `https://…`, for addresses in texts.
    pub origin: Arc<str>,
    /// The site file of the portal.
    pub site: Arc<Site>,
    /// Where the browser finds styles, scripts and pictures.
    pub assets: Assets,
    /// Whether the pages for developers exist.
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
    /// The ledger of choices about cookies.
    pub consents: Arc<dyn Consents>,
    /// What visitors sent, as staff see it.
    pub inbox: Arc<dyn Inbox>,
    /// Requests of people about their own data.
    pub rights: Arc<dyn RightsRequests>,
    /// The newsletter.
    pub newsletter: Arc<dyn Newsletter>,
    /// The public forms.
    pub requests: Arc<dyn Requests>,
    /// Periodic jobs and mails.
    pub tasks: Arc<dyn Tasks>,
    /// The privacy policy of the site.
    pub policy: Arc<Policy>,
    /// The stored versions of the policy.
    pub policies: Arc<dyn Policies>,
    /// Events for which people can pre-register.
    pub events: Arc<dyn Events>,
    /// Searching the site.
    pub searches: Arc<dyn Search>,
    /// Counts of visits, without cookies or identifiers.
    pub analytics: Arc<dyn Analytics>,
    /// The key figures.
    pub figures: Arc<dyn Figures>,
}

/// The folder of the embedded assets, its hash included: `/assets/0123abcd…`.
#[derive(Clone, Debug)]
pub struct Assets {
    /// The path without a trailing slash.
    pub base: Arc<str>,
    /// The address of the stylesheet with the site's own colours, if it has any.
    pub look: Option<Arc<str>>,
    /// The address of the stylesheet of the offline page, which contains the site's own colours. It is apart from the
    /// other assets, so that a release that changes other files does not change it.
    pub offline: Arc<str>,
}

/// What the host's middleware found out about one request. Only the host puts one into a request.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The session of the cookie, if it is valid.
    pub session: Option<Session>,
    /// The choice of this browser about cookies.
    pub consent: ConsentState,
    /// Whether the visit begins here, so that no page of this site led to it.
    pub arrives: bool,
    /// The client that sent the request.
    pub client: Client,
}

impl Visit {
    /// The actor of the request.
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

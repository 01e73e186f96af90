//! A route: one path and all that is decided about it. The table of all of them is [`crate::routes::ROUTES`].

use super::{Answer, Page, PageResult};
use crate::host::Visit;
use axum::{body::Body, extract::Request, http::Response};
use domain::{
    actor::{Kind, Role},
    identity::Stage,
    site::{Module, Modules},
};
use futures::future::BoxFuture;

/// Who a route is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Anybody.
    Everyone,
    /// Somebody whose sign-in has come so far.
    SigningIn(Stage),
    /// A young person in their own space.
    Youth,
    /// Any member of staff.
    Staff,
    /// Staff whose work is with young people (A6).
    Advisor,
    /// Anybody who is signed in.
    SignedIn,
    /// Staff of these roles.
    Roles(&'static [Role]),
}

/// One path and all that is decided about it.
pub struct Route {
    /// The path, in axum's notation.
    pub path: &'static str,
    /// Who it is for; anybody else is refused before anything is read.
    pub audience: Audience,
    /// What a site must have for this path to exist; nothing for what every portal has.
    pub modules: &'static [Module],
    /// Whether the page has an island, and so a script.
    pub island: bool,
    /// Whether forms are posted here.
    pub posts: bool,
    /// Whether it is there only while the site is worked on.
    pub development: bool,
    /// Where islands call the action of this row: the path itself, unless that has parameters.
    pub call: Option<&'static str>,
    pub(crate) page: Option<Show>,
    pub(crate) form: Option<Endpoint>,
    pub(crate) raw: Option<Endpoint>,
    pub(crate) act: Option<Act>,
}

/// Reads through the ports and gives a document.
pub(crate) type Show = fn(Page) -> BoxFuture<'static, PageResult>;
/// Does something with what was posted, or gives something that is no page.
pub(crate) type Endpoint = fn(Page, Request) -> BoxFuture<'static, Answer>;
/// The endpoint of an action, both doors.
pub(crate) type Act = fn(Page, Request) -> BoxFuture<'static, Response<Body>>;

impl Route {
    /// Whether `modules` have all that this path takes.
    #[must_use]
    pub fn is_on(&self, modules: &Modules) -> bool {
        modules.have(self.modules)
    }

    /// Whether the path answers a GET with a page.
    #[must_use]
    pub const fn is_page(&self) -> bool {
        self.page.is_some()
    }
}

impl Page {
    /// Whether this site has the route of `path`, and the visitor may go there: for what leads to it.
    pub(crate) fn leads_to(&self, path: &str) -> bool {
        self.routes.iter().any(|route| {
            route.path == path && route.is_on(&self.host.site.modules) && admit(route.audience, &self.visit).is_ok()
        })
    }

    /// Where somebody starts: their own space, if the site has one, or where their work is.
    pub(crate) fn home_of(&self, role: Option<Role>) -> &'static str {
        match role {
            None if !self.has(Module::YouthSpace) => "/",
            None => "/mon-espace",
            Some(Role::Administrator | Role::Dpo) => "/admin",
            Some(_) => "/conseiller",
        }
    }
}

/// Why a visit is not let through.
pub(crate) enum KeptOut {
    /// Nobody is signed in.
    SignInFirst,
    /// The sign-in has come to this step.
    StepFirst(Stage),
    /// The route is for others.
    ForOthers,
}

/// Whether a visit is let through.
///
/// # Errors
/// Why it is not.
pub(crate) fn admit(audience: Audience, visit: &Visit) -> Result<(), KeptOut> {
    if audience == Audience::Everyone {
        return Ok(());
    }
    let Some(session) = &visit.session else {
        return Err(KeptOut::SignInFirst);
    };
    if session.stage() != Stage::Full {
        return match audience {
            Audience::SigningIn(stage) if stage == session.stage() => Ok(()),
            _ => Err(KeptOut::StepFirst(session.stage())),
        };
    }
    let admitted = match (audience, session.actor().kind()) {
        (Audience::Youth, Kind::Youth { .. }) | (Audience::Staff, Kind::Staff { .. }) => true,
        (Audience::Advisor, Kind::Staff { role, .. }) => Role::follows_young_people(*role),
        (Audience::Roles(roles), Kind::Staff { role, .. }) => roles.contains(role),
        (Audience::SignedIn, Kind::Youth { .. } | Kind::Staff { .. }) => true,
        // Already signed in: the steps of sign-in are behind.
        (Audience::SigningIn(_), _) => return Err(KeptOut::StepFirst(Stage::Full)),
        _ => false,
    };
    if admitted { Ok(()) } else { Err(KeptOut::ForOthers) }
}

/// Where a sign-in goes on from `stage`; complete ones start at the home of their space.
pub(crate) const fn step_path(stage: Stage) -> &'static str {
    match stage {
        Stage::Enrolment => "/connexion/enrolement",
        Stage::SecondFactor => "/connexion/code",
        Stage::RecoveryCodes => "/connexion/codes-de-secours",
        Stage::Full => "/connexion",
    }
}

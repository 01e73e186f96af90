//! A route: one path and everything that is decided about it. The table of all routes is [`crate::routes::ROUTES`].

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
    /// Somebody whose sign-in has reached this step.
    SigningIn(Stage),
    /// A young person in their own space.
    Youth,
    /// Any member of staff.
    Staff,
    /// Staff who work with young people (A6).
    Advisor,
    /// Anybody who is signed in.
    SignedIn,
    /// Staff of these roles.
    Roles(&'static [Role]),
}

/// One path and everything that is decided about it.
pub struct Route {
    /// The path, in axum's notation.
    pub path: &'static str,
    /// Who may use it; anybody else is refused before anything is read.
    pub audience: Audience,
    /// The modules that a site needs for this path to exist; none for the paths that every portal has.
    pub modules: &'static [Module],
    /// Whether the page has an island, and so a script.
    pub island: bool,
    /// Whether forms are posted here.
    pub posts: bool,
    /// Whether it exists only during development.
    pub development: bool,
    /// The address where islands call the action of this row. It is the path itself, unless the path has parameters.
    pub call: Option<&'static str>,
    pub(crate) page: Option<Show>,
    pub(crate) form: Option<Endpoint>,
    pub(crate) raw: Option<Endpoint>,
    pub(crate) act: Option<Act>,
}

/// A page: it reads through the ports and returns a document.
pub(crate) type Show = fn(Page) -> BoxFuture<'static, PageResult>;
/// An endpoint: it does something with a posted form, or returns something that is no page.
pub(crate) type Endpoint = fn(Page, Request) -> BoxFuture<'static, Answer>;
/// The endpoint of an action, for plain forms and for calls.
pub(crate) type Act = fn(Page, Request) -> BoxFuture<'static, Response<Body>>;

impl Route {
    /// Whether `modules` contains everything that this path needs.
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
    /// Whether this site has the route of `path` and the visitor may use it. Links ask this before they are shown.
    pub(crate) fn leads_to(&self, path: &str) -> bool {
        self.routes.iter().any(|route| {
            route.path == path && route.is_on(&self.host.site.modules) && admit(route.audience, &self.visit).is_ok()
        })
    }

    /// The page where somebody starts: the home of their own space, if the site has one, or a page of their work.
    pub(crate) fn home_of(&self, role: Option<Role>) -> &'static str {
        match role {
            None if !self.has(Module::YouthSpace) => "/",
            None => "/mon-espace",
            Some(role) if role.is_in(Role::HOUSE) => "/admin",
            Some(_) => "/conseiller",
        }
    }
}

/// Why a visit is refused.
pub(crate) enum KeptOut {
    /// Nobody is signed in.
    SignInFirst,
    /// The sign-in has only reached this step.
    StepFirst(Stage),
    /// The route is for other people.
    ForOthers,
}

/// Checks whether a visit may use a route.
///
/// # Errors
/// The reason of the refusal.
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
        // The visitor is signed in already, so the steps of sign-in are over.
        (Audience::SigningIn(_), _) => return Err(KeptOut::StepFirst(Stage::Full)),
        _ => false,
    };
    if admitted { Ok(()) } else { Err(KeptOut::ForOthers) }
}

/// The page of the sign-in step `stage`. For a complete sign-in it is `/connexion`, which has a link to the space.
pub(crate) const fn step_path(stage: Stage) -> &'static str {
    match stage {
        Stage::Enrolment => "/connexion/enrolement",
        Stage::SecondFactor => "/connexion/code",
        Stage::RecoveryCodes => "/connexion/codes-de-secours",
        Stage::Full => "/connexion",
    }
}

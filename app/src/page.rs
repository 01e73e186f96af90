//! What a page gets and what it returns: `async fn page(page: Page) -> PageResult`, and for a page with a form
//! `async fn page(page: Page, shown: Shown<SomeForm>) -> PageResult`.
//!
//! A page first reads through the ports, then returns a [`Document`] whose view is built and rendered in one go.
//! Nothing is awaited while rendering, so the status is known before the body is sent, and nothing is serialized. An
//! endpoint returns an [`Answer`]; only `render::answer` turns it into a response.

pub(crate) mod area;
pub(crate) mod route;

use self::{area::Area, route::Route};
use crate::{
    host::{Host, Visit},
    texts::{Language, Texts},
};
use axum::{
    body::Body,
    extract::{FromRequestParts, OriginalUri, RawPathParams},
    http::{Response, StatusCode, request::Parts},
};
use domain::{
    actor::Actor,
    consent::{BrowserFeature, ConsentState, Service},
    error::PortError,
    forms::FieldErrors,
    identity::{Client, Session},
    site::Module,
    time::CivilDate,
};
use futures::future::BoxFuture;
use leptos::prelude::{AnyView, IntoAny, IntoView, use_context};
use std::{collections::BTreeMap, str::FromStr, sync::Arc};
use tower_cookies::Cookies;

/// What a page answers: a document, or a port's refusal, which becomes an error page.
pub(crate) type PageResult = Result<Document, PortError>;

/// One request for one page. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Page {
    /// The ports, the site, the assets.
    pub(crate) host: Arc<Host>,
    /// The session and the consent.
    pub(crate) visit: Visit,
    /// The cookies of the request, and those that the answer sets.
    pub(crate) cookies: Cookies,
    /// The sentences of the site.
    pub(crate) texts: Texts,
    /// The path and the query of the request.
    pub(crate) uri: Arc<str>,
    /// The row of `ROUTES` that matches the request; none when no path matches.
    pub(crate) route: Option<&'static Route>,
    /// Every row, for links to other pages.
    pub(crate) routes: &'static [Route],
    params: Arc<BTreeMap<String, String>>,
    query: Arc<BTreeMap<String, String>>,
    refused: bool,
}

/// A form as its page shows it: empty, or as it was sent, with its errors. Its type connects a form to the page that
/// shows it again: a page for another form does not compile.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shown<F> {
    /// The values to show.
    pub(crate) form: F,
    /// The errors of each field.
    pub(crate) errors: FieldErrors,
}

/// What an endpoint did when nothing was refused.
pub(crate) enum Done {
    /// The browser goes on to this path of the site, with a 303.
    See(String),
    /// The answer is itself a page, because there is no other page to go to.
    Show(Box<Document>),
    /// The answer is something other than a page, such as a file.
    Send(Response<Body>),
}

/// Why an endpoint refused.
pub(crate) enum Stop {
    /// Shows the page again with the typed values and the errors, with the status 422 unless the document has another
    /// one.
    Again(BoxFuture<'static, PageResult>),
    /// Shows the error page of a port's refusal.
    Port(PortError),
}

impl From<PortError> for Stop {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

/// The result of an endpoint.
pub(crate) type Answer = Result<Done, Stop>;

/// Goes on to a path of this site with a 303.
pub(crate) fn see(path: impl Into<String>) -> Answer {
    Ok(Done::See(path.into()))
}

impl Page {
    /// The page `path` as a visitor sees it who is not signed in and has chosen nothing. Use it for pages that are the
    /// same for everybody.
    pub(crate) fn of_nobody(host: Arc<Host>, path: &str) -> Self {
        let client = Client { address: String::new(), device: String::new() };
        Self {
            host,
            visit: Visit { session: None, consent: ConsentState::Undecided, arrives: false, client },
            texts: Texts::of(Language::Fr),
            cookies: Cookies::default(),
            uri: path.into(),
            route: None,
            routes: &[],
            params: Arc::default(),
            query: Arc::default(),
            refused: false,
        }
    }

    /// The actor of the request.
    pub(crate) fn actor(&self) -> Actor {
        self.visit.actor()
    }

    /// The value of a part of the path, such as `{id}`.
    ///
    /// # Errors
    /// `NotFound` when the value cannot be read: a wrong id is a page that does not exist.
    pub(crate) fn param<T: FromStr>(&self, name: &str) -> Result<T, PortError> {
        self.params.get(name).and_then(|text| text.parse().ok()).ok_or(PortError::NotFound)
    }

    /// A value of the query; empty when it is absent.
    pub(crate) fn query(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }

    /// The path without the query.
    pub(crate) fn path(&self) -> &str {
        self.uri.split_once('?').map_or(&self.uri, |(path, _)| path)
    }

    /// Whether this site has `module`.
    pub(crate) fn has(&self, module: Module) -> bool {
        self.host.site.modules.has(module)
    }

    /// Whether young people of this site can let the staff who follow them read their documents.
    pub(crate) fn has_sharing(&self) -> bool {
        self.host.site.modules.have(&[Module::Vault, Module::Advisors])
    }

    /// Today's date at the organisation.
    pub(crate) fn today(&self) -> CivilDate {
        self.host.calendar.today()
    }

    /// The page of the request for which an action runs. The endpoint of actions provides it.
    ///
    /// # Errors
    /// `Internal` when no request is being answered.
    pub(crate) fn current() -> Result<Self, PortError> {
        use_context().ok_or(PortError::Internal)
    }

    /// The session, on a route whose guard refuses people without one.
    ///
    /// # Errors
    /// `NotSignedIn`.
    pub(crate) fn session(&self) -> Result<&Session, PortError> {
        self.visit.session.as_ref().ok_or(PortError::NotSignedIn)
    }

    /// The names and the values of the parts of the path.
    pub(crate) fn params(&self) -> &BTreeMap<String, String> {
        &self.params
    }

    /// This page with the table of routes, and with the row that answers, if there is one.
    pub(crate) fn at(mut self, routes: &'static [Route], route: Option<&'static Route>) -> Self {
        (self.routes, self.route) = (routes, route);
        self
    }

    /// This page, marked as shown again because its form was refused.
    pub(crate) fn refusing(mut self) -> Self {
        self.refused = true;
        self
    }

    /// Stops with the page that `show` makes. It shows `form` again, with `errors` beside its fields.
    pub(crate) fn again<F, S, Fut>(&self, show: impl FnOnce(Self, S) -> Fut, form: F, errors: FieldErrors) -> Stop
    where
        S: From<Shown<F>>,
        Fut: Future<Output = PageResult> + Send + 'static,
    {
        Stop::Again(Box::pin(show(self.clone().refusing(), Shown { form, errors }.into())))
    }

    /// Whether the page is shown again because its form was refused.
    pub(crate) fn is_refusal(&self) -> bool {
        self.refused
    }
}

impl FromRequestParts<Arc<Host>> for Page {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, host: &Arc<Host>) -> Result<Self, StatusCode> {
        // The guard has built the page of this request before.
        if let Some(page) = parts.extensions.get::<Self>() {
            return Ok(page.clone());
        }
        let visit = Visit::from_request_parts(parts, host).await?;
        let params = RawPathParams::from_request_parts(parts, host)
            .await
            .map(|params| params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
            .unwrap_or_default();
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        let query = uri.query().and_then(|query| serde_html_form::from_str(query).ok()).unwrap_or_default();
        let uri = uri.path_and_query().map_or("/", |path| path.as_str()).into();
        Ok(Self {
            host: host.clone(),
            visit,
            cookies: parts.extensions.get::<Cookies>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)?,
            texts: Texts::of(Language::Fr),
            uri,
            route: None,
            routes: &[],
            params: Arc::new(params),
            query: Arc::new(query),
            refused: false,
        })
    }
}

/// A page ready to be rendered.
pub(crate) struct Document {
    /// The title for the tab and the history, without the site's name.
    pub(crate) title: String,
    /// Which navigation surrounds it.
    pub(crate) area: Area,
    /// The status: 200, unless another one is set; a refused form makes it 422.
    pub(crate) status: StatusCode,
    /// What the page may show in frames, and what these frames may ask the browser for.
    pub(crate) frames: Frames,
    /// Whether the page has the island of its route. A page without an island has no script.
    pub(crate) island: bool,
    /// Builds the content of `<main>`. It runs inside the owner that the renderer makes.
    pub(crate) view: Box<dyn FnOnce() -> AnyView + Send>,
}

impl Document {
    /// A page of `area` with this title; `view` builds the content of `<main>`.
    pub(crate) fn new<V: IntoView + 'static>(
        area: Area,
        title: impl Into<String>,
        view: impl FnOnce() -> V + Send + 'static,
    ) -> Self {
        Self {
            title: title.into(),
            area,
            status: StatusCode::OK,
            frames: Frames::default(),
            island: true,
            view: Box::new(move || view().into_any()),
        }
    }

    /// The same page, this time without the island of its route.
    pub(crate) fn without_island(mut self) -> Self {
        self.island = false;
        self
    }

    /// The same page with another status.
    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The same page, which shows accepted services in frames of our own.
    pub(crate) fn with_embeds<'s>(mut self, services: impl Iterator<Item = &'s Service>) -> Self {
        for service in services {
            self.frames.sources = vec!["'self'".to_owned()];
            self.frames.allow(service);
        }
        self
    }

    /// The same page, which holds the frame of `service` and nothing else: its policy allows no other service (C5).
    pub(crate) fn with_provided(mut self, service: &Service) -> Self {
        self.frames.sources = service.hosts.frame.clone();
        self.frames.provided = true;
        self.frames.allow(service);
        self
    }
}

/// What a page shows in frames, for its policies.
#[derive(Default)]
pub(crate) struct Frames {
    /// The sources that the Content-Security-Policy allows for frames.
    pub(crate) sources: Vec<String>,
    /// Which origins may ask the browser for which feature.
    pub(crate) permissions: Vec<(BrowserFeature, String)>,
    /// Whether the page exists only to hold a provider's frame.
    pub(crate) provided: bool,
}

impl Frames {
    fn allow(&mut self, service: &Service) {
        let Some(frame) = service.frame() else { return };
        for permission in frame.permissions {
            self.permissions.extend(service.hosts.frame.iter().map(|origin| (*permission, origin.clone())));
        }
    }
}

//! What a page is made from and what it makes: `async fn page(page: Page) -> PageResult`, and with a form
//! `async fn page(page: Page, shown: Shown<SomeForm>) -> PageResult`.
//!
//! A page first reads through the ports, then gives a [`Document`] whose view is built and rendered
//! in one go. Nothing is awaited while rendering, so statuses are right and nothing is serialized.
//! What an endpoint gives is an [`Answer`]; `render::answer` alone turns it into a response.

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
    pub(crate) host: Host,
    /// The session and the consent.
    pub(crate) visit: Visit,
    /// The cookies that came, and those that the answer sets.
    pub(crate) cookies: Cookies,
    /// The wording.
    pub(crate) texts: Texts,
    /// Path and query, as the browser asked.
    pub(crate) uri: Arc<str>,
    /// The row of `ROUTES` that answers; none where no path fits.
    pub(crate) route: Option<&'static Route>,
    /// Every row, for what leads to other pages.
    pub(crate) routes: &'static [Route],
    params: Arc<BTreeMap<String, String>>,
    query: Arc<BTreeMap<String, String>>,
    refused: bool,
}

/// A form as its page shows it: empty, or as it came, with what is wrong. Its type is what ties a refused form to the
/// page that shows it again, so a page that knows another form does not compile.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shown<F> {
    /// The values to show.
    pub(crate) form: F,
    /// What is wrong, per field.
    pub(crate) errors: FieldErrors,
}

/// What an endpoint did.
pub(crate) enum Done {
    /// It is done, and the browser goes on to this path of the site: 303.
    See(String),
    /// A page is the answer itself, because there is nothing to go to.
    Show(Box<Document>),
    /// Something that is no page, such as a file.
    Send(Response<Body>),
}

/// Why an endpoint did not do it.
pub(crate) enum Stop {
    /// The page again, with what was typed and what is wrong: 422 unless the document says otherwise.
    Again(BoxFuture<'static, PageResult>),
    /// The error page of a port's refusal.
    Port(PortError),
}

impl From<PortError> for Stop {
    fn from(error: PortError) -> Self {
        Self::Port(error)
    }
}

/// What an endpoint gives.
pub(crate) type Answer = Result<Done, Stop>;

/// `303` to a path of this site.
pub(crate) fn see(path: impl Into<String>) -> Answer {
    Ok(Done::See(path.into()))
}

impl Page {
    /// `path` as somebody asks for it who is not signed in and has chosen nothing: for what is the same for everybody.
    pub(crate) fn of_nobody(host: Host, path: &str) -> Self {
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

    /// Who acts.
    pub(crate) fn actor(&self) -> Actor {
        self.visit.actor()
    }

    /// A part of the path, such as `{id}`.
    ///
    /// # Errors
    /// `NotFound` when the part is no such thing: a wrong id is a page that does not exist.
    pub(crate) fn param<T: FromStr>(&self, name: &str) -> Result<T, PortError> {
        self.params.get(name).and_then(|text| text.parse().ok()).ok_or(PortError::NotFound)
    }

    /// A part of the query, empty when absent.
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

    /// Whether young people can let those who follow them read their documents.
    pub(crate) fn has_sharing(&self) -> bool {
        self.host.site.modules.have(&[Module::Vault, Module::Advisors])
    }

    /// The day it is at the organisation.
    pub(crate) fn today(&self) -> CivilDate {
        self.host.calendar.today()
    }

    /// The page of the request that an action runs for. The endpoint of actions puts it there.
    ///
    /// # Errors
    /// `Internal` outside of such a request.
    pub(crate) fn current() -> Result<Self, PortError> {
        use_context().ok_or(PortError::Internal)
    }

    /// The session, on a route whose guard lets nobody through without one.
    ///
    /// # Errors
    /// `NotSignedIn`.
    pub(crate) fn session(&self) -> Result<&Session, PortError> {
        self.visit.session.as_ref().ok_or(PortError::NotSignedIn)
    }

    /// The parts of the path and what they are here.
    pub(crate) fn params(&self) -> &BTreeMap<String, String> {
        &self.params
    }

    /// This page among the rows of `ROUTES`, at the one that answers, if there is one.
    pub(crate) fn at(mut self, routes: &'static [Route], route: Option<&'static Route>) -> Self {
        (self.routes, self.route) = (routes, route);
        self
    }

    /// This page, shown because a form was not accepted.
    pub(crate) fn refusing(mut self) -> Self {
        self.refused = true;
        self
    }

    /// Stops with the page that `show` makes, which shows `form` again and `errors` beside its fields.
    pub(crate) fn again<F, S, Fut>(&self, show: impl FnOnce(Self, S) -> Fut, form: F, errors: FieldErrors) -> Stop
    where
        S: From<Shown<F>>,
        Fut: Future<Output = PageResult> + Send + 'static,
    {
        Stop::Again(Box::pin(show(self.clone().refusing(), Shown { form, errors }.into())))
    }

    /// Whether the page is shown because a form was not accepted.
    pub(crate) fn is_refusal(&self) -> bool {
        self.refused
    }
}

impl FromRequestParts<Host> for Page {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, host: &Host) -> Result<Self, StatusCode> {
        // The guard has read the request already.
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
    /// What the tab and the history say, without the site's name.
    pub(crate) title: String,
    /// Which navigation surrounds it.
    pub(crate) area: Area,
    /// 200, unless said otherwise; a refused form makes it 422.
    pub(crate) status: StatusCode,
    /// What it may show in frames, and what these may ask for.
    pub(crate) frames: Frames,
    /// Whether the island of its route is on it; without one no script is.
    pub(crate) island: bool,
    /// Builds the content of `<main>`, within the renderer's owner.
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

    /// The same page, which is without the island of its route this time.
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

    /// The same page, which is the frame of `service` and nothing else: no other service has a place in it (C5).
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
    /// Content-Security-Policy sources.
    pub(crate) sources: Vec<String>,
    /// Who may ask the browser for what.
    pub(crate) permissions: Vec<(BrowserFeature, String)>,
    /// Whether the page is there for a provider's frame.
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

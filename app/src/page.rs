//! What a page is made from and what it makes: `async fn page(page: Page) -> PageResult`.
//!
//! A page first reads through the ports, then gives a [`Document`] whose view is built and rendered
//! in one go. Nothing is awaited while rendering, so statuses are right and nothing is serialized.

use crate::{
    components::layout::Area,
    host::{Host, Visit},
    texts::{Language, Texts},
};
use axum::{
    extract::{FromRequestParts, OriginalUri, RawPathParams},
    http::{StatusCode, request::Parts},
};
use domain::{
    actor::Actor,
    consent::{ConsentState, Permission, Service},
    error::PortError,
    forms::FieldErrors,
    identity::Client,
    site::Module,
    time::CivilDate,
};
use leptos::prelude::{AnyView, IntoAny, IntoView};
use std::{any::Any, collections::BTreeMap, str::FromStr, sync::Arc};

/// What a page answers: a document, or a port's refusal, which becomes an error page.
pub(crate) type PageResult = Result<Document, PortError>;

/// One request for one page. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Page {
    /// The ports, the site, the assets.
    pub(crate) host: Host,
    /// The session and the consent.
    pub(crate) visit: Visit,
    /// The wording.
    pub(crate) texts: Texts,
    /// Path and query, as the browser asked.
    pub(crate) uri: Arc<str>,
    params: Arc<BTreeMap<String, String>>,
    query: Arc<BTreeMap<String, String>>,
    refused: Option<Arc<dyn Any + Send + Sync>>,
}

/// A form that was not accepted: what was typed, and what is wrong.
pub(crate) struct Refused<F> {
    /// The values to show again.
    pub(crate) form: F,
    /// What is wrong, per field.
    pub(crate) errors: FieldErrors,
}

impl Page {
    /// `path` as somebody asks for it who is not signed in and has chosen nothing: for what is the same for everybody.
    pub(crate) fn of_nobody(host: Host, path: &str) -> Self {
        let client = Client { address: String::new(), device: String::new() };
        Self {
            host,
            visit: Visit { session: None, consent: ConsentState::Undecided, arrives: false, client },
            texts: Texts::of(Language::Fr),
            uri: path.into(),
            params: Arc::default(),
            query: Arc::default(),
            refused: None,
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

    /// This page, to be shown again with a form that was not accepted.
    pub(crate) fn refusing<F: Send + Sync + 'static>(mut self, form: F, errors: FieldErrors) -> Self {
        self.refused = Some(Arc::new(Refused { form, errors }));
        self
    }

    /// The form of type `F` that was not accepted, if this is why the page is shown.
    pub(crate) fn refused<F: Send + Sync + 'static>(&self) -> Option<&Refused<F>> {
        self.refused.as_ref()?.downcast_ref()
    }

    /// Whether the page is shown because a form was not accepted.
    pub(crate) fn is_refusal(&self) -> bool {
        self.refused.is_some()
    }
}

impl FromRequestParts<Host> for Page {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, host: &Host) -> Result<Self, StatusCode> {
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
            texts: Texts::of(Language::Fr),
            uri,
            params: Arc::new(params),
            query: Arc::new(query),
            refused: None,
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
    pub(crate) permissions: Vec<(Permission, String)>,
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

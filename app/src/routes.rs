//! The table of all routes. The router, the guard, the matrix of roles, the crawl and axe use it.

pub use crate::page::route::{Audience, Route};
use crate::{
    act::{self, Action, act},
    actions, api,
    host::Host,
    page::{
        Page, Stop,
        route::{Endpoint, KeptOut, Show, admit, step_path},
    },
    pages, render,
};
use axum::{
    Router,
    body::Body,
    extract::Request,
    http::Response,
    middleware::{self, Next},
    routing::{MethodRouter, get, post},
};
use domain::{
    actor::Role,
    error::PortError,
    identity::Stage,
    ids::{DocumentId, YouthId},
    register::ProcessingId,
    site::Module,
};
use futures::future::BoxFuture;
use std::sync::Arc;

/// Those who look after the portal itself: its accounts, its jobs, its journal (A6).
const HOUSE: Audience = Audience::Roles(Role::HOUSE);
/// Those who may change these.
const ADMINISTRATORS: Audience = Audience::Roles(Role::ADMINISTRATORS);
/// Those who have an inbox: the roles that the register names for at least one public form.
const INBOX: Audience = Audience::Roles(domain::inbox::READERS);
/// Those who answer people about their rights.
const OFFICERS: Audience = Audience::Roles(ProcessingId::Rights.seen_by());
/// Those who see the proposals that wait for a second person: the roles that may see the data of staff.
const PROPOSALS: Audience = Audience::Roles(ProcessingId::Staff.seen_by());
/// Those who manage events (F5).
const EVENT_TEAM: Audience = Audience::Roles(Role::EVENT_TEAM);
/// Those who may hand over pre-registrations.
const FORWARDERS: Audience = Audience::Roles(Role::EVENT_FORWARDERS);
/// Those who see how many pages are read (F8).
const AUDIENCE_READERS: Audience = Audience::Roles(ProcessingId::Analytics.seen_by());

impl Route {
    const fn new(path: &'static str, audience: Audience) -> Self {
        Self {
            path,
            audience,
            modules: &[],
            island: false,
            posts: false,
            development: false,
            call: None,
            page: None,
            form: None,
            raw: None,
            act: None,
        }
    }

    const fn part_of(mut self, modules: &'static [Module]) -> Self {
        self.modules = modules;
        self
    }

    const fn page(mut self, show: Show) -> Self {
        self.page = Some(show);
        self
    }

    const fn with_island(mut self) -> Self {
        self.island = true;
        self
    }

    const fn development(mut self) -> Self {
        self.development = true;
        self
    }

    /// A plain endpoint: forms are posted here, and no island calls it.
    const fn form(mut self, endpoint: Endpoint) -> Self {
        self.posts = true;
        self.form = Some(endpoint);
        self
    }

    /// Something to read that is no page, such as a document.
    const fn raw(mut self, endpoint: Endpoint) -> Self {
        self.raw = Some(endpoint);
        self
    }

    /// An action: plain forms are posted here, and islands call it at its call address.
    const fn act<A: Action>(mut self) -> Self {
        self.posts = true;
        self.call = Some(A::PATH);
        self.act = Some(act::<A>);
        self
    }
}

macro_rules! show {
    ($page:path) => {
        |page| Box::pin($page(page))
    };
}

/// A page with a form, which is empty when the page is first shown.
macro_rules! blank {
    ($page:path) => {
        |page| Box::pin($page(page, Default::default()))
    };
}

macro_rules! endpoint {
    ($endpoint:path) => {
        |page, request| Box::pin($endpoint(page, request))
    };
}

/// The modules that paths belong to.
const YOUTH: &[Module] = &[Module::YouthSpace];
const VAULT: &[Module] = &[Module::Vault];
const ADVISORS: &[Module] = &[Module::Advisors];
const NEWSLETTER: &[Module] = &[Module::Newsletter];
/// The modules for what advisors and young people share.
const SHARED_VAULT: &[Module] = &[Module::Vault, Module::Advisors];
const CONTACT: &[Module] = &[Module::Contact];
const PRE_REGISTRATION: &[Module] = &[Module::PreRegistration];
const EVENTS: &[Module] = &[Module::Events];
const APPRENTICESHIP_TAX: &[Module] = &[Module::ApprenticeshipTax];

/// Every route of the portal except those for machines (`/sante`, `/pret`, `/csp`) and the assets.
pub static ROUTES: &[Route] = &[
    Route::new("/", Audience::Everyone).page(show!(pages::home::page)),
    Route::new("/contact", Audience::Everyone)
        .part_of(CONTACT)
        .page(blank!(pages::public::contact::page))
        .act::<actions::requests::SendContact>()
        .with_island(),
    Route::new("/pre-inscription", Audience::Everyone)
        .part_of(PRE_REGISTRATION)
        .page(blank!(pages::public::pre_registration::page))
        .act::<actions::requests::PreRegister>()
        .with_island(),
    Route::new("/evenement", Audience::Everyone)
        .part_of(EVENTS)
        .page(blank!(pages::public::event::page))
        .act::<actions::requests::RegisterForEvent>()
        .with_island(),
    Route::new("/taxe-apprentissage", Audience::Everyone)
        .part_of(APPRENTICESHIP_TAX)
        .page(blank!(pages::public::apprenticeship_tax::page))
        .act::<actions::requests::SendApprenticeshipTax>()
        .with_island(),
    Route::new("/cookies", Audience::Everyone).page(blank!(pages::cookies::page)).form(endpoint!(api::consent::choose)),
    Route::new("/cookies/suite", Audience::Everyone).raw(endpoint!(api::consent::sweep_on)),
    Route::new("/cookies/recu", Audience::Everyone).raw(endpoint!(api::consent::receipt)),
    Route::new("/cookies/traces", Audience::Everyone)
        .page(show!(pages::cookies::traces))
        .form(endpoint!(api::consent::erase_traces)),
    Route::new("/embed/{service}/{item}", Audience::Everyone)
        .page(show!(pages::embed::page))
        .form(endpoint!(api::consent::see_once)),
    Route::new("/embed/{service}/{item}/ailleurs", Audience::Everyone).raw(endpoint!(api::consent::see_elsewhere)),
    Route::new("/partager/{network}", Audience::Everyone).raw(endpoint!(api::consent::share)),
    Route::new("/confidentialite", Audience::Everyone).page(show!(pages::policy::page)),
    Route::new("/confidentialite/versions", Audience::Everyone).page(show!(pages::policy::versions)),
    Route::new("/confidentialite/versions/{version}", Audience::Everyone).page(show!(pages::policy::version)),
    Route::new("/registre", Audience::Everyone).page(show!(pages::register::page)),
    Route::new("/registre.json", Audience::Everyone).raw(endpoint!(api::register::json)),
    Route::new("/registre.csv", Audience::Everyone).raw(endpoint!(api::register::csv)),
    Route::new("/recherche", Audience::Everyone).page(show!(pages::search::page)).with_island(),
    Route::new("/chiffres-cles", Audience::Everyone).page(show!(pages::figures::page)),
    Route::new("/mentions-legales", Audience::Everyone).page(show!(pages::legal::notice)),
    Route::new("/accessibilite", Audience::Everyone).page(show!(pages::legal::accessibility)),
    Route::new("/hors-ligne", Audience::Everyone).page(show!(pages::offline::page)),
    Route::new("/mes-droits", Audience::Everyone)
        .page(blank!(pages::rights::page))
        .act::<actions::rights::AskAboutRights>()
        .with_island(),
    Route::new("/newsletter", Audience::Everyone)
        .part_of(NEWSLETTER)
        .page(blank!(pages::newsletter::page))
        .act::<actions::newsletter::Subscribe>()
        .with_island(),
    Route::new("/newsletter/confirmer", Audience::Everyone)
        .part_of(NEWSLETTER)
        .page(blank!(pages::newsletter::confirm))
        .act::<actions::newsletter::ConfirmSubscription>(),
    Route::new("/newsletter/desinscription", Audience::Everyone)
        .part_of(NEWSLETTER)
        .page(blank!(pages::newsletter::leave))
        .form(endpoint!(api::newsletter::leave)),
    Route::new("/connexion", Audience::Everyone)
        .page(blank!(pages::identity::sign_in))
        .form(endpoint!(api::identity::sign_in)),
    Route::new("/connexion/code", Audience::SigningIn(Stage::SecondFactor))
        .page(blank!(pages::identity::second_factor))
        .form(endpoint!(api::identity::second_factor)),
    Route::new("/connexion/enrolement", Audience::SigningIn(Stage::Enrolment))
        .page(blank!(pages::identity::enrolment))
        .form(endpoint!(api::identity::confirm_enrolment)),
    Route::new("/connexion/codes-de-secours", Audience::SigningIn(Stage::RecoveryCodes))
        .page(show!(pages::identity::recovery_codes))
        .form(endpoint!(api::identity::acknowledge_codes)),
    Route::new("/activation", Audience::Everyone)
        .page(blank!(pages::activation::page))
        .form(endpoint!(api::activation::activate)),
    Route::new("/appareils", Audience::SignedIn)
        .page(blank!(pages::devices::page))
        .act::<actions::devices::SignOutDevice>(),
    Route::new("/appareils/installation", Audience::SignedIn).act::<actions::devices::CloseInstallHint>(),
    Route::new("/mot-de-passe", Audience::SignedIn)
        .page(blank!(pages::devices::change_password))
        .act::<actions::devices::ChangePassword>()
        .with_island(),
    Route::new("/deconnexion", Audience::Everyone).form(endpoint!(api::identity::sign_out)),
    Route::new("/action/recherche/suggestions", Audience::Everyone).act::<actions::search::Suggest>(),
    Route::new("/action/evenement/structures", Audience::Everyone)
        .part_of(EVENTS)
        .act::<actions::requests::StructuresServing>(),
    Route::new("/mon-espace", Audience::Youth).part_of(YOUTH).page(show!(pages::youth::dashboard::page)),
    Route::new("/mon-espace/profil", Audience::Youth)
        .part_of(YOUTH)
        .page(blank!(pages::youth::profile::page))
        .act::<actions::youth::AskCorrection>()
        .with_island(),
    Route::new("/mon-espace/droits", Audience::Youth)
        .part_of(YOUTH)
        .page(blank!(pages::rights::own))
        .act::<actions::rights::AskAboutOwnRights>()
        .with_island(),
    Route::new("/mon-espace/coffre-fort", Audience::Youth)
        .part_of(VAULT)
        .page(blank!(pages::youth::vault::page))
        .form(endpoint!(api::vault::deposit_own))
        .with_island(),
    Route::new("/mon-espace/coffre-fort/partage", Audience::Youth)
        .part_of(VAULT)
        .page(blank!(pages::youth::vault::page))
        .act::<actions::vault::ShareVault>()
        .with_island(),
    Route::new("/mon-espace/coffre-fort/{document}", Audience::Youth)
        .part_of(VAULT)
        .raw(endpoint!(api::vault::download_own)),
    Route::new("/mon-espace/coffre-fort/{document}/supprimer", Audience::Youth)
        .part_of(VAULT)
        .page(show!(pages::youth::vault::confirm_deletion))
        .act::<actions::vault::DeleteOwnDocument>(),
    Route::new("/conseiller", Audience::Staff).page(show!(pages::advisor::home::page)).with_island(),
    Route::new("/conseiller/jeunes", Audience::Advisor)
        .part_of(ADVISORS)
        .page(show!(pages::advisor::portfolio::page))
        .with_island(),
    Route::new("/action/jeunes/chercher", Audience::Advisor).part_of(ADVISORS).act::<actions::portfolio::FindPeople>(),
    Route::new("/conseiller/jeunes/{youth}", Audience::Advisor)
        .part_of(ADVISORS)
        .page(show!(pages::advisor::file::page)),
    Route::new("/conseiller/jeunes/{youth}/coffre-fort", Audience::Advisor)
        .part_of(SHARED_VAULT)
        .page(blank!(pages::advisor::vault::page))
        .form(endpoint!(api::vault::deposit_for))
        .with_island(),
    Route::new("/conseiller/jeunes/{youth}/coffre-fort/{document}", Audience::Advisor)
        .part_of(SHARED_VAULT)
        .raw(endpoint!(api::vault::download_of)),
    Route::new("/conseiller/jeunes/{youth}/coffre-fort/{document}/supprimer", Audience::Advisor)
        .part_of(SHARED_VAULT)
        .page(show!(pages::advisor::vault::confirm_deletion))
        .act::<actions::vault::DeleteDocumentOf>(),
    Route::new("/conseiller/demandes", INBOX).page(show!(pages::advisor::requests::page)).with_island(),
    Route::new("/conseiller/demandes/{request}", INBOX)
        .page(blank!(pages::advisor::requests::request::page))
        .act::<actions::inbox::HandleRequest>()
        .with_island(),
    Route::new("/dev/composants", Audience::Everyone).page(show!(pages::dev::components)).development(),
    Route::new("/admin", HOUSE).page(show!(pages::admin::home::page)),
    Route::new("/admin/comptes", HOUSE).page(show!(pages::admin::accounts::page)),
    Route::new("/admin/comptes/nouveau", ADMINISTRATORS)
        .page(blank!(pages::admin::accounts::change::new))
        .act::<actions::accounts::ProposeStaff>()
        .with_island(),
    Route::new("/admin/comptes/propositions", PROPOSALS).page(show!(pages::admin::accounts::proposals::page)),
    Route::new("/admin/comptes/propositions/{proposal}", PROPOSALS)
        .page(blank!(pages::admin::accounts::proposals::proposal))
        .act::<actions::accounts::DecideProposal>(),
    Route::new("/admin/comptes/{account}", HOUSE).page(show!(pages::admin::accounts::account)),
    Route::new("/admin/comptes/{account}/proposer", ADMINISTRATORS)
        .page(blank!(pages::admin::accounts::change::propose))
        .act::<actions::accounts::ProposeChange>()
        .with_island(),
    Route::new("/admin/comptes/{account}/suspendre", ADMINISTRATORS)
        .page(blank!(pages::admin::accounts::change::suspend))
        .act::<actions::accounts::SuspendAccount>(),
    Route::new("/admin/evenements", EVENT_TEAM).part_of(EVENTS).page(show!(pages::admin::events::page)),
    Route::new("/admin/evenements/nouveau", EVENT_TEAM)
        .part_of(EVENTS)
        .page(blank!(pages::admin::events::new))
        .act::<actions::events::CreateEvent>()
        .with_island(),
    Route::new("/admin/evenements/{event}", EVENT_TEAM)
        .part_of(EVENTS)
        .page(blank!(pages::admin::events::event))
        .act::<actions::events::ChangeEvent>()
        .with_island(),
    Route::new("/admin/evenements/{event}/fermer", EVENT_TEAM).part_of(EVENTS).act::<actions::events::CloseEvent>(),
    Route::new("/admin/evenements/{event}/transmettre", FORWARDERS)
        .part_of(EVENTS)
        .page(blank!(pages::admin::events::forwarding::page))
        .form(endpoint!(api::events::forward)),
    Route::new("/admin/audience", AUDIENCE_READERS).page(show!(pages::admin::analytics::page)),
    Route::new("/admin/consentements", HOUSE).page(show!(pages::admin::consents::page)),
    Route::new("/admin/consentements/textes", HOUSE).page(show!(pages::admin::consents::texts)),
    Route::new("/admin/droits", OFFICERS).page(show!(pages::admin::rights::page)),
    Route::new("/admin/droits/{demande}", OFFICERS)
        .page(blank!(pages::admin::rights::request::page))
        .act::<actions::rights::StepRightsRequest>()
        .with_island(),
    Route::new("/admin/taches", HOUSE).page(show!(pages::admin::tasks::page)),
    Route::new("/admin/taches/mails", HOUSE).page(show!(pages::admin::tasks::mails)),
    Route::new("/admin/taches/{task}/lancer", ADMINISTRATORS).act::<actions::tasks::RunTask>(),
];

/// The router of all routes, each behind its guard.
pub fn router(host: Host) -> Router {
    // One counter for each request: copying every port would make the cores wait for one another.
    let host = Arc::new(host);
    let mut router = Router::new();
    let there = |route: &&Route| route.is_on(&host.site.modules) && (host.development || !route.development);
    for route in ROUTES.iter().filter(there) {
        let guarded = |methods: MethodRouter<Arc<Host>>| {
            let guard = move |page: Page, request, next| guard(page.at(ROUTES, Some(route)), request, next);
            methods.layer(middleware::from_fn_with_state(host.clone(), guard))
        };
        let mut methods = MethodRouter::new();
        if let Some(show) = route.page {
            methods = methods.get(move |page: Page| async move {
                let result = show(page.clone()).await;
                render::respond(page, result)
            });
        }
        if let Some(endpoint) = route.raw {
            methods = methods.merge(get(answering(endpoint)));
        }
        if let Some(endpoint) = route.form {
            methods = methods.merge(post(answering(endpoint)));
        }
        if let Some(act) = route.act {
            methods = methods.merge(post(act));
            if let Some(call) = route.call.filter(|call| *call != route.path) {
                router = router.route(call, guarded(post(act)));
            }
        }
        router = router.route(route.path, guarded(methods));
    }
    router
        .fallback(|page: Page| async { render::respond(page.at(ROUTES, None), Err(PortError::NotFound)) })
        .with_state(host)
}

/// A handler that turns the result of `endpoint` into a response.
fn answering(endpoint: Endpoint) -> impl Fn(Page, Request) -> BoxFuture<'static, Response<Body>> + Clone {
    move |page, request| {
        Box::pin(async move {
            let answer = endpoint(page.clone(), request).await;
            render::answer(page, answer).await
        })
    }
}

/// Lets a visit through, sends it to its step of the sign-in, or refuses it. A refused call gets the JSON of a call.
async fn guard(page: Page, mut request: Request, next: Next) -> Response<Body> {
    let Some(route) = page.route else { return render::respond(page, Err(PortError::NotFound)) };
    let Err(kept_out) = admit(route.audience, &page.visit) else {
        request.extensions_mut().insert(page);
        return next.run(request).await;
    };
    let called = request.method() == axum::http::Method::POST && act::is_call(&page, request.headers());
    if called {
        let error = match kept_out {
            KeptOut::SignInFirst | KeptOut::StepFirst(_) => PortError::NotSignedIn,
            KeptOut::ForOthers => {
                let (parts, body) = request.into_parts();
                let body = act::read(&parts.headers, body).await.unwrap_or_default();
                let ids: std::collections::BTreeMap<String, String> =
                    serde_html_form::from_bytes(&body).unwrap_or_default();
                let id = |name: &str| ids.get(name).map(String::as_str).unwrap_or_default();
                note_refusal(&page, id("youth").parse().ok(), id("document").parse().ok()).await
            }
        };
        return act::refuse_call(&page, error.into());
    }
    api::drain(request.into_body()).await;
    match kept_out {
        KeptOut::SignInFirst => render::sign_in_first(&page),
        KeptOut::StepFirst(stage) => render::see(step_path(stage)),
        KeptOut::ForOthers => {
            let error = note_refusal(&page, page.param("youth").ok(), page.param("document").ok()).await;
            render::answer(page, Err(Stop::Port(error))).await
        }
    }
}

/// Refuses somebody who is signed in. When they tried to open a file or a document, the access log records it (V11).
async fn note_refusal(page: &Page, youth: Option<YouthId>, document: Option<DocumentId>) -> PortError {
    match page.host.youths.note_refusal(&page.actor(), youth, document).await {
        Ok(()) => PortError::Refused,
        Err(error) => error,
    }
}

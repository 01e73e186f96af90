//! The one table of routes. It feeds the router, the guard, the role matrix, the crawl and axe.

use crate::{
    api,
    host::{Host, Visit},
    page::{Page, PageResult},
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
    actor::{Kind, Role},
    error::PortError,
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

/// Who looks after the house: its accounts, its jobs, its journal (A6).
const HOUSE: Audience = Audience::Roles(&[Role::Administrator, Role::Dpo]);
/// Who changes something there.
const ADMINISTRATORS: Audience = Audience::Roles(&[Role::Administrator]);
/// Who has an inbox: the roles that the register names for at least one public form.
const INBOX: Audience = Audience::Roles(domain::inbox::READERS);
/// Who answers people about their rights.
const OFFICERS: Audience = Audience::Roles(domain::register::ProcessingId::Rights.seen_by());
/// Who sees what waits for a second person; the director is one, where there is one administrator only.
const PROPOSALS: Audience = Audience::Roles(&[Role::Administrator, Role::Dpo, Role::Director]);
/// Who looks after events (F5).
const EVENT_TEAM: Audience = Audience::Roles(&[Role::Administrator, Role::Director, Role::ProjectLead]);
/// Who hands over what people answered: not an administrator.
const FORWARDERS: Audience = Audience::Roles(&[Role::Director, Role::ProjectLead]);
/// Who sees how many pages are read (F8).
const AUDIENCE_READERS: Audience = Audience::Roles(&[Role::Administrator, Role::Dpo, Role::Director]);

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
    pub(crate) page: Option<Show>,
    pub(crate) endpoint: Option<fn() -> MethodRouter<Host>>,
}

/// Reads through the ports and gives a document.
pub(crate) type Show = fn(Page) -> BoxFuture<'static, PageResult>;

impl Route {
    const fn new(path: &'static str, audience: Audience) -> Self {
        Self {
            path,
            audience,
            modules: &[],
            island: false,
            posts: false,
            development: false,
            page: None,
            endpoint: None,
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

    /// A form endpoint.
    const fn form(mut self, endpoint: fn() -> MethodRouter<Host>) -> Self {
        self.posts = true;
        self.endpoint = Some(endpoint);
        self
    }

    /// Something other than a page to be read, such as a document.
    const fn raw(mut self, endpoint: fn() -> MethodRouter<Host>) -> Self {
        self.endpoint = Some(endpoint);
        self
    }

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

macro_rules! show {
    ($page:path) => {
        |page| Box::pin($page(page))
    };
}

/// The parts that paths belong to.
const YOUTH: &[Module] = &[Module::YouthSpace];
const VAULT: &[Module] = &[Module::Vault];
const ADVISORS: &[Module] = &[Module::Advisors];
const NEWSLETTER: &[Module] = &[Module::Newsletter];
/// What advisors and young people share.
const SHARED_VAULT: &[Module] = &[Module::Vault, Module::Advisors];
const CONTACT: &[Module] = &[Module::Contact];
const PRE_REGISTRATION: &[Module] = &[Module::PreRegistration];
const EVENTS: &[Module] = &[Module::Events];
const APPRENTICESHIP_TAX: &[Module] = &[Module::ApprenticeshipTax];

/// Every route of the portal but the machines' own (`/sante`, `/pret`, `/csp`) and the assets.
pub static ROUTES: &[Route] = &[
    Route::new("/", Audience::Everyone).page(show!(pages::home::page)),
    Route::new("/contact", Audience::Everyone)
        .part_of(CONTACT)
        .page(show!(pages::public::contact::page))
        .form(|| post(api::requests::contact))
        .with_island(),
    Route::new("/pre-inscription", Audience::Everyone)
        .part_of(PRE_REGISTRATION)
        .page(show!(pages::public::pre_registration::page))
        .form(|| post(api::requests::pre_register))
        .with_island(),
    Route::new("/evenement", Audience::Everyone)
        .part_of(EVENTS)
        .page(show!(pages::public::event::page))
        .form(|| post(api::requests::register_for_event))
        .with_island(),
    Route::new("/taxe-apprentissage", Audience::Everyone)
        .part_of(APPRENTICESHIP_TAX)
        .page(show!(pages::public::apprenticeship_tax::page))
        .form(|| post(api::requests::apprenticeship_tax))
        .with_island(),
    Route::new("/cookies", Audience::Everyone).page(show!(pages::cookies::page)).form(|| post(api::consent::choose)),
    Route::new("/cookies/suite", Audience::Everyone).raw(|| get(api::consent::sweep_on)),
    Route::new("/cookies/recu", Audience::Everyone).raw(|| get(api::consent::receipt)),
    Route::new("/cookies/traces", Audience::Everyone)
        .page(show!(pages::cookies::traces))
        .form(|| post(api::consent::erase_traces)),
    Route::new("/embed/{service}/{item}", Audience::Everyone)
        .page(show!(pages::embed::page))
        .form(|| post(api::consent::see_once)),
    Route::new("/embed/{service}/{item}/ailleurs", Audience::Everyone).raw(|| get(api::consent::see_elsewhere)),
    Route::new("/partager/{network}", Audience::Everyone).raw(|| get(api::consent::share)),
    Route::new("/confidentialite", Audience::Everyone).page(show!(pages::policy::page)),
    Route::new("/confidentialite/versions", Audience::Everyone).page(show!(pages::policy::versions)),
    Route::new("/confidentialite/versions/{version}", Audience::Everyone).page(show!(pages::policy::version)),
    Route::new("/registre", Audience::Everyone).page(show!(pages::register::page)),
    Route::new("/registre.json", Audience::Everyone).raw(|| get(api::register::json)),
    Route::new("/registre.csv", Audience::Everyone).raw(|| get(api::register::csv)),
    Route::new("/recherche", Audience::Everyone).page(show!(pages::search::page)),
    Route::new("/chiffres-cles", Audience::Everyone).page(show!(pages::figures::page)),
    Route::new("/mentions-legales", Audience::Everyone).page(show!(pages::legal::notice)),
    Route::new("/accessibilite", Audience::Everyone).page(show!(pages::legal::accessibility)),
    Route::new("/hors-ligne", Audience::Everyone).page(show!(pages::offline::page)),
    Route::new("/mes-droits", Audience::Everyone).page(show!(pages::rights::page)).form(|| post(api::rights::ask)),
    Route::new("/newsletter", Audience::Everyone)
        .part_of(NEWSLETTER)
        .page(show!(pages::newsletter::page))
        .form(|| post(api::newsletter::subscribe)),
    Route::new("/newsletter/confirmer", Audience::Everyone)
        .part_of(NEWSLETTER)
        .page(show!(pages::newsletter::confirm))
        .form(|| post(api::newsletter::confirm)),
    Route::new("/newsletter/desinscription", Audience::Everyone)
        .part_of(NEWSLETTER)
        .page(show!(pages::newsletter::leave))
        .form(|| post(api::newsletter::leave)),
    Route::new("/connexion", Audience::Everyone)
        .page(show!(pages::identity::sign_in))
        .form(|| post(api::identity::sign_in)),
    Route::new("/connexion/code", Audience::SigningIn(Stage::SecondFactor))
        .page(show!(pages::identity::second_factor))
        .form(|| post(api::identity::second_factor)),
    Route::new("/connexion/enrolement", Audience::SigningIn(Stage::Enrolment))
        .page(show!(pages::identity::enrolment))
        .form(|| post(api::identity::confirm_enrolment)),
    Route::new("/connexion/codes-de-secours", Audience::SigningIn(Stage::RecoveryCodes))
        .page(show!(pages::identity::recovery_codes))
        .form(|| post(api::identity::acknowledge_codes)),
    Route::new("/activation", Audience::Everyone)
        .page(show!(pages::activation::page))
        .form(|| post(api::activation::activate)),
    Route::new("/appareils", Audience::SignedIn)
        .page(show!(pages::devices::page))
        .form(|| post(api::devices::sign_out)),
    Route::new("/appareils/installation", Audience::SignedIn).form(|| post(api::devices::close_install_hint)),
    Route::new("/mot-de-passe", Audience::SignedIn)
        .page(show!(pages::devices::change_password))
        .form(|| post(api::devices::change_password)),
    Route::new("/deconnexion", Audience::Everyone).form(|| post(api::identity::sign_out)),
    Route::new("/mon-espace", Audience::Youth).part_of(YOUTH).page(show!(pages::youth::dashboard::page)),
    Route::new("/mon-espace/profil", Audience::Youth)
        .part_of(YOUTH)
        .page(show!(pages::youth::profile::page))
        .form(|| post(api::youth::ask_correction)),
    Route::new("/mon-espace/droits", Audience::Youth)
        .part_of(YOUTH)
        .page(show!(pages::rights::own))
        .form(|| post(api::rights::ask_own)),
    Route::new("/mon-espace/coffre-fort", Audience::Youth)
        .part_of(VAULT)
        .page(show!(pages::youth::vault::page))
        .form(|| post(api::vault::deposit_own))
        .with_island(),
    Route::new("/mon-espace/coffre-fort/partage", Audience::Youth)
        .part_of(VAULT)
        .page(show!(pages::youth::vault::page))
        .form(|| post(api::vault::share))
        .with_island(),
    Route::new("/mon-espace/coffre-fort/{document}", Audience::Youth)
        .part_of(VAULT)
        .raw(|| get(api::vault::download_own)),
    Route::new("/mon-espace/coffre-fort/{document}/supprimer", Audience::Youth)
        .part_of(VAULT)
        .page(show!(pages::youth::vault::confirm_deletion))
        .form(|| post(api::vault::delete_own)),
    Route::new("/conseiller", Audience::Staff).page(show!(pages::advisor::home::page)),
    Route::new("/conseiller/jeunes", Audience::Advisor).part_of(ADVISORS).page(show!(pages::advisor::portfolio::page)),
    Route::new("/conseiller/jeunes/{youth}", Audience::Advisor)
        .part_of(ADVISORS)
        .page(show!(pages::advisor::file::page)),
    Route::new("/conseiller/jeunes/{youth}/coffre-fort", Audience::Advisor)
        .part_of(SHARED_VAULT)
        .page(show!(pages::advisor::vault::page))
        .form(|| post(api::vault::deposit_for))
        .with_island(),
    Route::new("/conseiller/jeunes/{youth}/coffre-fort/{document}", Audience::Advisor)
        .part_of(SHARED_VAULT)
        .raw(|| get(api::vault::download_of)),
    Route::new("/conseiller/jeunes/{youth}/coffre-fort/{document}/supprimer", Audience::Advisor)
        .part_of(SHARED_VAULT)
        .page(show!(pages::advisor::vault::confirm_deletion))
        .form(|| post(api::vault::delete_of)),
    Route::new("/conseiller/demandes", INBOX).page(show!(pages::advisor::requests::page)),
    Route::new("/conseiller/demandes/{request}", INBOX)
        .page(show!(pages::advisor::requests::request::page))
        .form(|| post(api::inbox::handle)),
    Route::new("/dev/composants", Audience::Everyone).page(show!(pages::dev::components)).development(),
    Route::new("/admin", HOUSE).page(show!(pages::admin::home::page)),
    Route::new("/admin/comptes", HOUSE).page(show!(pages::admin::accounts::page)),
    Route::new("/admin/comptes/nouveau", ADMINISTRATORS)
        .page(show!(pages::admin::accounts::change::new))
        .form(|| post(api::accounts::propose_new)),
    Route::new("/admin/comptes/propositions", PROPOSALS).page(show!(pages::admin::accounts::proposals::page)),
    Route::new("/admin/comptes/propositions/{proposal}", PROPOSALS)
        .page(show!(pages::admin::accounts::proposals::proposal))
        .form(|| post(api::accounts::decide)),
    Route::new("/admin/comptes/{account}", HOUSE).page(show!(pages::admin::accounts::account)),
    Route::new("/admin/comptes/{account}/proposer", ADMINISTRATORS)
        .page(show!(pages::admin::accounts::change::propose))
        .form(|| post(api::accounts::propose_change)),
    Route::new("/admin/comptes/{account}/suspendre", ADMINISTRATORS)
        .page(show!(pages::admin::accounts::change::suspend))
        .form(|| post(api::accounts::suspend)),
    Route::new("/admin/evenements", EVENT_TEAM).part_of(EVENTS).page(show!(pages::admin::events::page)),
    Route::new("/admin/evenements/nouveau", EVENT_TEAM)
        .part_of(EVENTS)
        .page(show!(pages::admin::events::new))
        .form(|| post(api::events::create)),
    Route::new("/admin/evenements/{event}", EVENT_TEAM)
        .part_of(EVENTS)
        .page(show!(pages::admin::events::event))
        .form(|| post(api::events::change)),
    Route::new("/admin/evenements/{event}/fermer", EVENT_TEAM).part_of(EVENTS).form(|| post(api::events::close)),
    Route::new("/admin/evenements/{event}/transmettre", FORWARDERS)
        .part_of(EVENTS)
        .page(show!(pages::admin::events::forwarding::page))
        .form(|| post(api::events::forward)),
    Route::new("/admin/audience", AUDIENCE_READERS).page(show!(pages::admin::audience::page)),
    Route::new("/admin/consentements", HOUSE).page(show!(pages::admin::consents::page)),
    Route::new("/admin/consentements/textes", HOUSE).page(show!(pages::admin::consents::texts)),
    Route::new("/admin/droits", OFFICERS).page(show!(pages::admin::rights::page)),
    Route::new("/admin/droits/{demande}", OFFICERS)
        .page(show!(pages::admin::rights::request::page))
        .form(|| post(api::rights::step)),
    Route::new("/admin/taches", HOUSE).page(show!(pages::admin::tasks::page)),
    Route::new("/admin/taches/mails", HOUSE).page(show!(pages::admin::tasks::mails)),
    Route::new("/admin/taches/{task}/lancer", ADMINISTRATORS).form(|| post(api::tasks::run)),
];

/// The router of all routes, each behind its guard.
pub fn router(host: Host) -> Router {
    let mut router = Router::new();
    let there = |route: &&Route| route.is_on(&host.site.modules) && (host.development || !route.development);
    for route in ROUTES.iter().filter(there) {
        let mut methods = MethodRouter::new();
        if route.page.is_some() {
            methods = methods.get(move |page: Page| render::respond(page, route));
        }
        if let Some(endpoint) = route.endpoint {
            methods = methods.merge(endpoint());
        }
        let guard =
            middleware::from_fn_with_state(host.clone(), move |page, request, next| guard(route, page, request, next));
        router = router.route(route.path, methods.layer(guard));
    }
    router.fallback(|page: Page| api::fail(page, PortError::NotFound)).with_state(host)
}

/// Lets a visit through, sends it to the step of sign-in it is at, or refuses it.
async fn guard(route: &'static Route, page: Page, request: Request, next: Next) -> Response<Body> {
    match admit(route.audience, &page.visit) {
        Ok(()) => next.run(request).await,
        Err(refusal) => {
            api::drain(request.into_body()).await;
            match refusal {
                Refusal::SignInFirst => api::sign_in_first(&page),
                Refusal::StepFirst(stage) => api::see(step_path(stage)),
                Refusal::No => keep_out(page).await,
            }
        }
    }
}

/// Refuses somebody who is signed in. An attempt at a file or a document is logged with it (V11).
async fn keep_out(page: Page) -> Response<Body> {
    let (youth, document) = (page.param("youth").ok(), page.param("document").ok());
    match page.host.youths.note_refusal(&page.actor(), youth, document).await {
        Ok(()) => api::fail(page, PortError::Refused).await,
        Err(error) => api::fail(page, error).await,
    }
}

/// Whether this site has the route of `path`, and the visitor may go there: for what leads to it.
pub(crate) fn leads_to(page: &Page, path: &str) -> bool {
    ROUTES.iter().any(|route| {
        route.path == path && page.host.site.modules.have(route.modules) && admit(route.audience, &page.visit).is_ok()
    })
}

enum Refusal {
    SignInFirst,
    StepFirst(Stage),
    No,
}

fn admit(audience: Audience, visit: &Visit) -> Result<(), Refusal> {
    if audience == Audience::Everyone {
        return Ok(());
    }
    let Some(session) = &visit.session else {
        return Err(Refusal::SignInFirst);
    };
    if session.stage() != Stage::Full {
        return match audience {
            Audience::SigningIn(stage) if stage == session.stage() => Ok(()),
            _ => Err(Refusal::StepFirst(session.stage())),
        };
    }
    let admitted = match (audience, session.actor().kind()) {
        (Audience::Youth, Kind::Youth { .. }) | (Audience::Staff, Kind::Staff { .. }) => true,
        (Audience::Advisor, Kind::Staff { role, .. }) => Role::follows_young_people(*role),
        (Audience::Roles(roles), Kind::Staff { role, .. }) => roles.contains(role),
        (Audience::SignedIn, Kind::Youth { .. } | Kind::Staff { .. }) => true,
        // Already signed in: the steps of sign-in are behind.
        (Audience::SigningIn(_), _) => return Err(Refusal::StepFirst(Stage::Full)),
        _ => false,
    };
    if admitted { Ok(()) } else { Err(Refusal::No) }
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

//! What surrounds every page: banner, header, navigation, footer. No island, no script.

use super::{
    consent,
    icon::{
        BRAND, CALENDAR_CLOCK, COOKIE, EYE, FOLDER_LOCK, HISTORY, HOUSE, LIGHTHOUSE, LOG_IN, LOG_OUT, MAIL, SCALE,
        SMARTPHONE, USER, USERS, drawing, icon,
    },
    navigation::tab_bar,
};
use crate::{
    page::{Document, Page},
    policy::words,
    texts::Texts,
};
use domain::{
    actor::{Kind, Role},
    consent::ConsentState,
    identity::Stage,
    requests::RequestKind,
    site::Module,
};
use leptos::prelude::*;

pub(crate) use crate::page::area::Area;

/// The home of the visitor's own space, when they are signed in.
pub(crate) fn space_of(page: &Page) -> Option<&'static str> {
    let session = page.visit.session.as_ref().filter(|session| session.stage() == Stage::Full)?;
    Some(page.home_of(session.role()))
}

/// Everything inside `<body>`.
pub(crate) fn frame(page: &Page, document: Document) -> impl IntoView + use<> {
    let area = document.area;
    let content = (document.view)();
    if area == Area::Bare {
        return view! { <main class=area.main_class()>{content}</main> }.into_any();
    }
    if area == Area::Offline {
        return view! {
            <div class=area.page_class()>
                <header class="top">
                    <a class="skip" href="#contenu">{page.texts.nav_skip()}</a>
                    <div class="top-in">
                        <p class="brand">{icon(BRAND)}<span>{page.host.site.name.clone()}</span></p>
                    </div>
                </header>
                {drawing("door-art", LIGHTHOUSE)}
                <main id="contenu" class=area.main_class() tabindex="-1">{content}</main>
            </div>
        }
        .into_any();
    }
    view! {
        {consent::banner(page, area)}
        <div class=area.page_class()>
            {header(page, area)}
            {(area == Area::Form).then(|| drawing("door-art", LIGHTHOUSE))}
            <main id="contenu" class=area.main_class() tabindex="-1">
                {content}
            </main>
            {footer(page)}
        </div>
    }
    .into_any()
}

fn header(page: &Page, area: Area) -> impl IntoView + use<> {
    let texts = page.texts;
    let name = page.host.site.name.clone();
    let (space, home) = match area {
        Area::Home | Area::Public | Area::PublicForm | Area::Form | Area::Bare | Area::Offline => (None, "/"),
        Area::Youth | Area::YouthForm => (Some(texts.nav_youth_space()), "/mon-espace"),
        Area::Staff | Area::StaffForm => (Some(texts.nav_staff_space()), "/conseiller"),
        Area::Admin | Area::AdminForm => (Some(texts.nav_admin_space()), admin_home(page)),
    };
    let navigation = match area {
        Area::Home | Area::Public | Area::PublicForm => Some(public_navigation(page).into_any()),
        Area::Form | Area::Bare | Area::Offline => None,
        Area::Youth | Area::YouthForm => {
            let vault: (_, &str, _) = ("/mon-espace/coffre-fort", &page.host.site.vault_name, FOLDER_LOCK);
            let mut tabs = vec![
                ("/mon-espace", texts.nav_home(), HOUSE),
                vault,
                ("/mon-espace/profil", texts.nav_profile(), USER),
            ];
            tabs.retain(|tab| *tab != vault || page.has(Module::Vault));
            Some(tab_bar(page, texts.nav_youth_space(), &tabs).into_any())
        }
        Area::Staff | Area::StaffForm => {
            let mut tabs = vec![staff_tab(page)];
            if has_inbox(page) {
                tabs.push(("/conseiller/demandes", texts.nav_requests(), MAIL));
            }
            tabs.extend([events_tab(page), ("/appareils", texts.nav_devices(), SMARTPHONE)]);
            tabs.retain(|tab| page.leads_to(tab.0));
            Some(tab_bar(page, texts.nav_staff_space(), &tabs).into_any())
        }
        Area::Admin | Area::AdminForm => {
            let home = admin_home(page);
            // A director can only decide on proposals, so the link leads there.
            let accounts = if home == "/admin" { "/admin/comptes" } else { "/admin/comptes/propositions" };
            let mut tabs = vec![
                (home, texts.nav_home(), HOUSE),
                ("/admin/droits", texts.nav_rights(), SCALE),
                (accounts, texts.nav_accounts(), USERS),
                events_tab(page),
                ("/admin/audience", texts.nav_analytics(), EYE),
                ("/admin/consentements", texts.nav_consents(), COOKIE),
                ("/admin/taches", texts.nav_tasks(), HISTORY),
                ("/appareils", texts.nav_devices(), SMARTPHONE),
            ];
            tabs.retain(|tab| page.leads_to(tab.0));
            Some(tab_bar(page, texts.nav_admin_space(), &tabs).into_any())
        }
    };
    let account = match (space_of(page), area) {
        (_, Area::Form) => None,
        (None, _) => Some(
            view! { <a class="button button--small" href="/connexion">{icon(LOG_IN)}{texts.nav_sign_in()}</a> }
                .into_any(),
        ),
        (Some(space), Area::Home | Area::Public | Area::PublicForm) => {
            Some(view! { <a class="button button--small" href=space>{icon(USER)}{texts.nav_my_space()}</a> }.into_any())
        }
        (Some(_), _) => Some(
            view! {
                <form method="post" action="/deconnexion">
                    <button class="button button--quiet button--small">{icon(LOG_OUT)}{texts.nav_sign_out()}</button>
                </form>
            }
            .into_any(),
        ),
    };
    // In a space, its name comes first.
    let (title, under) = match space {
        Some(space) => (space.to_owned(), Some(view! { <small>{name}</small> })),
        None => (name, None),
    };
    view! {
        <header class="top">
            <a class="skip" href="#contenu">{texts.nav_skip()}</a>
            <div class="top-in">
                <a class="brand" href=home>
                    {icon(BRAND)}
                    <span>{title}{under}</span>
                </a>
                {navigation}
                {account.map(|account| view! { <div class="top-end">{account}</div> })}
            </div>
        </header>
    }
}

fn public_navigation(page: &Page) -> impl IntoView + use<> {
    let texts = page.texts;
    let space = page.has(Module::Vault).then(|| view! { <a href="/#espace">{texts.nav_your_space()}</a> });
    // Three links fit on a phone. The home page says at its end how to come, and every page ends with the address.
    let last = if page.has(Module::Contact) {
        view! { <a href="/contact" aria-current=current(page, "/contact")>{texts.nav_contact()}</a> }.into_any()
    } else {
        view! { <a href="/#venir">{texts.nav_find_us()}</a> }.into_any()
    };
    view! {
        <nav class="top-nav" aria-label=texts.nav_public()>
            <a href="/#actions">{texts.nav_what_we_do()}</a>
            {space}
            {last}
        </nav>
    }
}

/// « page » on a link to the page that is shown.
fn current(page: &Page, path: &str) -> Option<&'static str> {
    (page.path() == path).then_some("page")
}

/// The page where the administration begins for the visitor. Some roles can open one of its pages only.
fn admin_home(page: &Page) -> &'static str {
    let session = page.visit.session.as_ref();
    page.home_of(session.and_then(domain::identity::Session::role))
}

fn events_tab(page: &Page) -> (&'static str, &'static str, &'static str) {
    ("/admin/evenements", page.texts.nav_events(), CALENDAR_CLOCK)
}

/// The role of the visitor, when they are staff.
fn role(page: &Page) -> Option<Role> {
    match page.actor().kind() {
        Kind::Staff { role, .. } => Some(*role),
        _ => None,
    }
}

/// Whether the visitor deals with requests, and the site has public forms to send them with.
pub(crate) fn has_inbox(page: &Page) -> bool {
    let forms = RequestKind::ALL.iter().any(|kind| page.has(kind.module()));
    forms && role(page).is_some_and(|role| domain::inbox::READERS.contains(&role))
}

/// The tab of staff: those who follow young people get the list of these, the others get their own home.
fn staff_tab(page: &Page) -> (&'static str, &'static str, &'static str) {
    let follows = matches!(page.actor().kind(), Kind::Staff { role, .. } if Role::follows_young_people(*role));
    if follows && page.has(Module::Advisors) {
        ("/conseiller/jeunes", page.texts.nav_portfolio(), USERS)
    } else {
        ("/conseiller", page.texts.nav_home(), HOUSE)
    }
}

/// A sentence that is chosen once the language is known.
type Sentence = fn(Texts) -> &'static str;

/// The links of every page after the public forms, in this order, with their names.
const FOOTER: &[(&str, Sentence)] = &[
    ("/newsletter", Texts::footer_newsletter),
    ("/recherche", Texts::footer_search),
    ("/mes-droits", Texts::footer_rights),
    ("/confidentialite", Texts::footer_privacy),
    ("/registre", Texts::footer_register),
    ("/mentions-legales", Texts::footer_legal),
    ("/accessibilite", Texts::footer_accessibility),
    ("/chiffres-cles", Texts::footer_figures),
];

/// Those of [`FOOTER`] that this site has.
fn footer_links(page: &Page) -> impl IntoView + use<> {
    let texts = page.texts;
    let there = |path: &str| page.routes.iter().any(|route| route.path == path && route.is_on(&page.host.site.modules));
    let forms = RequestKind::ALL.into_iter().map(|kind| (kind.path(), words::request(texts, kind).footer));
    let links: Vec<_> = forms
        .chain(FOOTER.iter().map(|(path, name)| (*path, name(texts))))
        .filter(|(path, _)| there(path))
        .map(|(path, name)| view! { <li><a href=path aria-current=current(page, path)>{name}</a></li> })
        .collect();
    view! { <nav class="foot-links" aria-label=texts.footer_title()><ul>{links}</ul></nav> }
}

fn footer(page: &Page) -> impl IntoView + use<> {
    let texts = page.texts;
    let site = &page.host.site;
    let by_signal = site.services.has_choices() && page.visit.consent == ConsentState::RefusedBySignal;
    view! {
        <footer class="foot">
            <div class="foot-in">
                {footer_links(page)}
                <p>{site.name.clone()}", "{site.address.clone()}", "{site.city.clone()}</p>
                // A refusal by the browser's signal is shown in a small text and asks nothing (C13).
                {by_signal.then(|| view! { <p>{texts.consent_signal()}</p> })}
            </div>
            <a class="cookie-button" href="/cookies">{icon(COOKIE)}<span>{texts.consent_manage()}</span></a>
        </footer>
    }
}

//! `/cookies`: the choice, and every service with its cookies (C3, C6). Everything comes from the one typed list of
//! services.

use crate::{
    components::{
        consent::{about, cookie_use, erase_traces, lifetime, provider, purpose, transfer},
        field::Switch,
        form::error_summary,
        icon::{CHEVRON_LEFT, DOWNLOAD, SHIELD_CHECK, icon},
        layout::Area,
        message::{Tone, done, message, message_with},
        person::facts,
        table::{Row, Table},
    },
    page::{Document, Page, PageResult, Shown},
};
use domain::{
    consent::{ConsentState, CookieSpec, Purpose, Service},
    forms::consent::ConsentForm,
};
use leptos::prelude::*;

/// The panel of the choice, and the table of services.
pub(crate) async fn page(page: Page, shown: Shown<ConsentForm>) -> PageResult {
    let texts = page.texts;
    Ok(Document::new(Area::Public, texts.cookies_title(), move || {
        let chooses = page.host.site.services.has_choices();
        let lasts = chooses.then(|| texts.cookies_lasts(u64::from(page.host.site.consent_months)));
        let errors = error_summary(texts, &shown.errors, &[]);
        view! {
            <div class="page-head">
                <h1>{texts.cookies_title()}</h1>
                <p class="lead">{texts.cookies_lead()}" "{lasts}</p>
            </div>
            {errors}
            {state(&page)}
            {chooses.then(|| panel(&page))}
            {table(&page)}
            <section class="card" aria-labelledby="t-traces">
                <h2 id="t-traces">{texts.cookies_traces_title()}</h2>
                <p>{texts.cookies_traces_text()}</p>
                {erase_traces(texts)}
            </section>
        }
    }))
}

/// `/cookies/traces`: how to leave a shared computer as it was found (C12).
pub(crate) async fn traces(page: Page) -> PageResult {
    let texts = page.texts;
    Ok(Document::new(Area::Public, texts.traces_title(), move || {
        let content = if page.query("fait") == "oui" {
            done(texts.traces_done(), texts.traces_done_text()).into_any()
        } else {
            view! { <div class="card"><p>{texts.traces_text()}</p>{erase_traces(texts)}</div> }.into_any()
        };
        view! {
            <div class="page-head">
                <a class="back" href="/">{icon(CHEVRON_LEFT)}{texts.traces_home()}</a>
                <h1>{texts.traces_title()}</h1>
                <p class="lead">{texts.traces_lead()}</p>
            </div>
            {content}
        }
    }))
}

/// What this browser has chosen until now.
fn state(page: &Page) -> impl IntoView + use<> {
    let texts = page.texts;
    let services = &page.host.site.services;
    match &page.visit.consent {
        _ if !services.has_choices() => {
            message_with(SHIELD_CHECK, Tone::Info, texts.cookies_none_needed(), texts.cookies_none_needed_text())
                .into_any()
        }
        ConsentState::Decided(decided) => {
            let receipt = view! {
                <br/>
                <span>{texts.cookies_receipt()}" "<code>{decided.receipt.to_string()}</code></span>
                <br/>
                <a class="with-icon" href="/cookies/recu" download>{icon(DOWNLOAD)}{texts.cookies_download()}</a>
            };
            done(texts.cookies_decided(), receipt).into_any()
        }
        ConsentState::Undecided if !services.asks() => {
            message_with(SHIELD_CHECK, Tone::Info, texts.cookies_objectable(), ()).into_any()
        }
        ConsentState::Undecided => message(Tone::Info, texts.cookies_undecided(), ()).into_any(),
        ConsentState::RefusedBySignal => {
            message(Tone::Info, texts.cookies_by_signal(), texts.cookies_by_signal_text()).into_any()
        }
    }
}

/// The buttons to accept or refuse all, and one switch per service. A service is off unless it was accepted before.
fn panel(page: &Page) -> impl IntoView + use<> {
    let texts = page.texts;
    let purposes: Vec<_> = Purpose::OPTIONAL
        .into_iter()
        .filter_map(|kind| {
            let services: Vec<_> =
                page.host.site.services.of_purpose(kind).map(|service| choice(page, service)).collect();
            let (title, hint) = purpose(texts, kind);
            (!services.is_empty()).then(|| {
                view! {
                    <fieldset class="purpose">
                        <legend>{title}</legend>
                        <p class="hint">{hint}</p>
                        {services}
                    </fieldset>
                }
            })
        })
        .collect();
    view! {
        <form class="card form" id="choix" method="post" action="/cookies">
            <h2>{texts.cookies_panel_title()}</h2>
            <p>{texts.cookies_panel_text()}</p>
            <input type="hidden" name="back" value="/cookies"/>
            <input type="hidden" name="place" value="panel"/>
            <div class="both">
                <button class="button" name="choice" value="accept">{texts.consent_accept()}</button>
                <button class="button" name="choice" value="refuse">{texts.consent_refuse()}</button>
            </div>
            {purposes}
            <button class="button button--second" name="choice" value="custom">{texts.cookies_save()}</button>
        </form>
    }
}

fn choice(page: &Page, service: &Service) -> impl IntoView + use<> {
    let (texts, site) = (page.texts, &*page.host.site);
    let cookies: Vec<_> = service
        .cookies
        .iter()
        .map(|cookie| texts.cookies_cookie(&cookie.name, lifetime(texts, site, cookie), cookie_use(texts, cookie)))
        .collect();
    let cookies = if cookies.is_empty() { texts.cookies_no_cookie().to_owned() } else { cookies.join(", ") };
    let rows = vec![
        (texts.cookies_purpose(), Some(about(texts, service))),
        (texts.cookies_cookies(), Some(cookies)),
        (texts.cookies_transfer(), Some(transfer(texts, service).to_owned())),
    ];
    let hint = match service.exempt {
        true => format!("{}. {}", provider(texts, site, service), texts.cookies_exempt()),
        false => provider(texts, site, service),
    };
    let switch = Switch {
        id: None,
        name: "service",
        value: service.id.as_str().to_owned(),
        on: page.visit.consent.accepts(service),
        label: service.name.clone(),
        hint,
        described: None,
    };
    view! {
        <div class="service">
            {switch.view()}
            <details>
                <summary>{texts.cookies_details(&service.name)}</summary>
                {facts(page, rows)}
            </details>
        </div>
    }
}

/// Every service, the site's own first. On a phone it is shown as a list, in which each cell has the name of its
/// column.
fn table(page: &Page) -> impl IntoView + use<> {
    let (texts, site) = (page.texts, &*page.host.site);
    let rows: Vec<_> = site
        .services
        .iter()
        .map(|service| {
            let cells = vec![
                Some(view! { <span>{provider(texts, site, service)}</span> }.into_any()),
                Some(view! { <span>{about(texts, service)}</span> }.into_any()),
                Some(cookies(page, service).into_any()),
                Some(view! { <span>{transfer(texts, service)}</span> }.into_any()),
            ];
            Row::new(service.name.clone().into_any(), cells)
        })
        .collect();
    let columns = vec![
        texts.cookies_service(),
        texts.cookies_provider(),
        texts.cookies_purpose(),
        texts.cookies_cookies(),
        texts.cookies_transfer(),
    ];
    let table = Table { class: "", caption: texts.cookies_table_caption().to_owned(), columns, rows };
    view! {
        <section class="card" aria-labelledby="t-table">
            <h2 id="t-table">{texts.cookies_table_title()}</h2>
            {table.view()}
            // The offline page is no cookie, but it stays on the device as a cookie does (P3).
            <p class="hint">{texts.cookies_offline_page()}</p>
        </section>
    }
}

fn cookies(page: &Page, service: &Service) -> impl IntoView + use<> {
    let (texts, site) = (page.texts, &*page.host.site);
    if service.cookies.is_empty() {
        return view! { <span>{texts.cookies_no_cookie()}</span> }.into_any();
    }
    let line = |cookie: &CookieSpec| {
        let (lasts, used) = (lifetime(texts, site, cookie), cookie_use(texts, cookie));
        view! { <li>{breakable(&cookie.name)}", "{lasts}"\u{a0}: "{used}</li> }
    };
    let lines: Vec<_> = service.cookies.iter().map(line).collect();
    view! { <ul class="plain">{lines}</ul> }.into_any()
}

/// A cookie's name, which may break after an underscore on a narrow screen.
fn breakable(name: &str) -> impl IntoView + use<> {
    let parts: Vec<_> = name.split_inclusive('_').map(|part| view! { {part.to_owned()}<wbr/> }).collect();
    view! { <code>{parts}</code> }
}

//! `/cookies`: the choice, and every service with its cookies (C3, C6). All of it is read from the one
//! typed list.

use crate::{
    components::{
        choice::Switch,
        form::error_summary,
        icon::SHIELD_CHECK,
        layout::Area,
        message::{Tone, done, message, message_with},
        person::facts,
        table::{Row, Table},
    },
    page::{Document, Page, PageResult},
};
use domain::{
    consent::{ConsentState, CookieSpec, Lifetime, Purpose, Service},
    forms::consent::ConsentForm,
};
use leptos::prelude::*;

/// The choice and the table.
pub(crate) async fn page(page: Page) -> PageResult {
    let texts = page.texts;
    Ok(Document::new(Area::Public, texts.cookies_title(), move || {
        let asks = page.host.site.services.needs_choice();
        let lasts = asks.then(|| texts.cookies_lasts(u64::from(page.host.site.consent_months)));
        let errors = page.refused::<ConsentForm>().and_then(|refused| error_summary(texts, &refused.errors, &[]));
        view! {
            <div class="page-head">
                <h1>{texts.cookies_title()}</h1>
                <p class="lead">{texts.cookies_lead()}" "{lasts}</p>
            </div>
            {errors}
            {state(&page)}
            {asks.then(|| panel(&page))}
            {table(&page)}
        }
    }))
}

/// What this browser has decided so far.
fn state(page: &Page) -> impl IntoView + use<> {
    let texts = page.texts;
    if !page.host.site.services.needs_choice() {
        return message_with(SHIELD_CHECK, Tone::Info, texts.cookies_none_needed(), texts.cookies_none_needed_text())
            .into_any();
    }
    match &page.visit.consent {
        ConsentState::Decided(choice) => {
            let receipt =
                view! { <br/><span>{texts.cookies_receipt()}" "<code>{choice.receipt.to_string()}</code></span> };
            done(texts.cookies_decided(), receipt).into_any()
        }
        ConsentState::Undecided => message(Tone::Info, texts.cookies_undecided(), ()).into_any(),
        ConsentState::RefusedBySignal => {
            message(Tone::Info, texts.cookies_by_signal(), texts.cookies_by_signal_text()).into_any()
        }
    }
}

/// Accept, refuse, or one by one; off unless accepted before.
fn panel(page: &Page) -> impl IntoView + use<> {
    let texts = page.texts;
    let purposes: Vec<_> = Purpose::OPTIONAL
        .into_iter()
        .filter_map(|purpose| {
            let services = page.host.site.services.iter_optional().filter(|service| service.purpose == purpose);
            let services: Vec<_> = services.map(|service| choice(page, service)).collect();
            let (title, hint) = match purpose {
                Purpose::Video => (texts.cookies_video(), texts.cookies_video_hint()),
                Purpose::Necessary => return None,
            };
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
    let texts = page.texts;
    let id = service.id.as_str().to_owned();
    let accepted = page.visit.consent.accepts(&id);
    let cookies: Vec<_> =
        service.cookies.iter().map(|cookie| texts.cookies_cookie(cookie.name, lifetime(page, cookie))).collect();
    let rows = vec![
        (texts.cookies_purpose(), Some(purpose(page, service).to_owned())),
        (texts.cookies_cookies(), Some(cookies.join(", "))),
        (texts.cookies_transfer(), Some(transfer(page, service).to_owned())),
    ];
    let switch = Switch {
        id: None,
        name: "service",
        value: id,
        on: accepted,
        label: service.name.to_owned(),
        hint: provider(page, service),
        described: None,
    };
    view! {
        <div class="service">
            {switch.view()}
            <details>
                <summary>{texts.cookies_details(service.name)}</summary>
                {facts(page, rows)}
            </details>
        </div>
    }
}

/// Every service, the site's own first. A list on a phone: each cell names its column.
fn table(page: &Page) -> impl IntoView + use<> {
    let texts = page.texts;
    let rows: Vec<_> = page
        .host
        .site
        .services
        .iter()
        .map(|service| {
            let cookies: Vec<_> = service
                .cookies
                .iter()
                .map(|cookie| view! { <li>{breakable(cookie.name)}"\u{a0}: "{lifetime(page, cookie)}</li> })
                .collect();
            let cookies = view! { <ul class="plain">{cookies}</ul> };
            let cells = vec![
                Some(view! { <span>{provider(page, service)}</span> }.into_any()),
                Some(view! { <span>{purpose(page, service)}</span> }.into_any()),
                Some(cookies.into_any()),
                Some(view! { <span>{transfer(page, service)}</span> }.into_any()),
            ];
            Row::new(service.name.into_any(), cells)
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
        </section>
    }
}

/// A cookie's name, which may break after an underscore on a narrow screen.
fn breakable(name: &'static str) -> impl IntoView {
    let parts: Vec<_> = name.split_inclusive('_').map(|part| view! { {part}<wbr/> }).collect();
    view! { <code>{parts}</code> }
}

fn provider(page: &Page, service: &Service) -> String {
    match service.provider {
        Some(provider) => page.texts.cookies_provider_of(provider.name, provider.country),
        None => page.texts.cookies_this_site(&page.host.site.name),
    }
}

fn purpose(page: &Page, service: &Service) -> &'static str {
    let texts = page.texts;
    match (service.purpose, service.id.as_str()) {
        (Purpose::Video, _) => texts.cookies_purpose_video(),
        (Purpose::Necessary, "session") => texts.cookies_purpose_session(),
        (Purpose::Necessary, "choice") => texts.cookies_purpose_choice(),
        (Purpose::Necessary, _) => texts.cookies_purpose_other(),
    }
}

fn transfer(page: &Page, service: &Service) -> &'static str {
    match service.provider {
        Some(provider) if provider.transfer_outside_eu => page.texts.cookies_yes(),
        _ => page.texts.cookies_no(),
    }
}

fn lifetime(page: &Page, cookie: &CookieSpec) -> String {
    match cookie.lifetime {
        Lifetime::Session => page.texts.cookies_until_closed().to_owned(),
        Lifetime::Choice => page.texts.cookies_months(u64::from(page.host.site.consent_months)),
        Lifetime::Days(days) => page.texts.cookies_days(u64::from(days)),
    }
}

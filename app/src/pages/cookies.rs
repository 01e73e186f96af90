//! `/cookies`: the choice, and every service with its cookies (C3, C6). All of it is read from the one
//! typed list.

use crate::{
    components::{
        form::error_summary,
        icon::{CIRCLE_CHECK, INFO, SHIELD_CHECK, icon},
        layout::Area,
        person::facts,
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
        return message(SHIELD_CHECK, texts.cookies_none_needed(), Some(texts.cookies_none_needed_text())).into_any();
    }
    match &page.visit.consent {
        ConsentState::Decided(choice) => view! {
            <div class="message message--success" role="status">
                {icon(CIRCLE_CHECK)}
                <div>
                    <p><strong>{texts.cookies_decided()}</strong></p>
                    <p>{texts.cookies_receipt()}" "<code>{choice.receipt.to_string()}</code></p>
                </div>
            </div>
        }
        .into_any(),
        ConsentState::Undecided => message(INFO, texts.cookies_undecided(), None).into_any(),
        ConsentState::RefusedBySignal => {
            message(INFO, texts.cookies_by_signal(), Some(texts.cookies_by_signal_text())).into_any()
        }
    }
}

fn message(svg: &'static str, title: &'static str, text: Option<&'static str>) -> impl IntoView {
    view! {
        <div class="message">
            {icon(svg)}
            <div>
                <p><strong>{title}</strong></p>
                {text.map(|text| view! { <p>{text}</p> })}
            </div>
        </div>
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
    view! {
        <div class="service">
            <label class="switch">
                <input type="checkbox" name="service" value=id checked=accepted/>
                <span><strong>{service.name}</strong><span class="hint">{provider(page, service)}</span></span>
            </label>
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
            view! {
                <tr role="row">
                    <th role="rowheader" scope="row">{service.name}</th>
                    <td role="cell" data-label=texts.cookies_provider()><span>{provider(page, service)}</span></td>
                    <td role="cell" data-label=texts.cookies_purpose()><span>{purpose(page, service)}</span></td>
                    <td role="cell" data-label=texts.cookies_cookies()><ul class="plain">{cookies}</ul></td>
                    <td role="cell" data-label=texts.cookies_transfer()><span>{transfer(page, service)}</span></td>
                </tr>
            }
        })
        .collect();
    let columns: Vec<_> = [
        texts.cookies_service(),
        texts.cookies_provider(),
        texts.cookies_purpose(),
        texts.cookies_cookies(),
        texts.cookies_transfer(),
    ]
    .into_iter()
    .map(|column| view! { <th role="columnheader" scope="col">{column}</th> })
    .collect();
    view! {
        <section class="card" aria-labelledby="t-table">
            <h2 id="t-table">{texts.cookies_table_title()}</h2>
            <table class="table" role="table">
                <caption>{texts.cookies_table_caption()}</caption>
                <thead role="rowgroup"><tr role="row">{columns}</tr></thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
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

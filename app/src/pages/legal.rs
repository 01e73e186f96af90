//! `/mentions-legales` and `/accessibilite`: who is responsible for the site, and how accessible it is. The facts about
//! the organisation come from its site file; nothing is invented.

use crate::{
    components::{
        format,
        icon::{FILE_TEXT, INFO, LIFE_BUOY, MAIL, MAP_PIN, PHONE, icon},
        layout::Area,
        message::{Tone, message_with},
        person::breakable,
    },
    page::{Document, Page, PageResult},
};
use leptos::prelude::*;

/// A card with a title.
fn card(id: &'static str, title: &'static str, content: impl IntoView) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            {content}
        </section>
    }
}

/// The known facts about somebody, one per line; an unknown fact has no line.
fn lines(rows: Vec<(&'static str, Option<AnyView>)>) -> impl IntoView {
    let rows: Vec<_> = rows
        .into_iter()
        .filter_map(|(label, value)| Some(view! { <div><dt>{label}</dt><dd>{value?}</dd></div> }))
        .collect();
    view! { <dl class="facts">{rows}</dl> }
}

fn said(text: &str) -> Option<AnyView> {
    Some(view! { {text.to_owned()} }.into_any())
}

fn mail(address: &str) -> Option<AnyView> {
    Some(view! { <a href=format!("mailto:{address}")>{breakable(address)}</a> }.into_any())
}

fn phone(number: &str) -> Option<AnyView> {
    Some(view! { <a href=format!("tel:{}", format::dialled(number))>{number.to_owned()}</a> }.into_any())
}

/// « 123 456 789 00012 », as SIRET numbers are written.
fn siret(digits: &str) -> String {
    match (digits.get(..3), digits.get(3..6), digits.get(6..9), digits.get(9..14)) {
        (Some(a), Some(b), Some(c), Some(d)) => format!("{a} {b} {c} {d}"),
        _ => digits.to_owned(),
    }
}

/// `/mentions-legales`.
pub(crate) async fn notice(page: Page) -> PageResult {
    let texts = page.texts;
    Ok(Document::new(Area::Public, texts.legal_title(), move || {
        let (site, legal) = (&page.host.site, &page.host.site.legal);
        let publisher = lines(vec![
            (texts.legal_name(), said(&site.name)),
            (texts.legal_form(), said(&legal.form)),
            (texts.legal_siret(), legal.siret.as_deref().and_then(|digits| said(&siret(digits)))),
            (texts.legal_address(), said(&format!("{}, {}", site.address, site.city))),
            (texts.legal_phone(), phone(&site.phone)),
            (texts.legal_email(), mail(&site.email)),
            (texts.legal_director(), said(&legal.publisher)),
        ]);
        let host = lines(vec![
            (texts.legal_name(), said(&legal.host_name)),
            (texts.legal_address(), said(&legal.host_address)),
            (texts.legal_phone(), legal.host_phone.as_deref().and_then(phone)),
            (texts.legal_mails(), legal.mail_provider.as_deref().and_then(said)),
        ]);
        let source = match &legal.source_url {
            Some(url) => view! { <a rel="noreferrer" href=url.clone()>{texts.legal_source()}</a> }.into_any(),
            None => view! { {texts.legal_source_ask(&site.email)} }.into_any(),
        };
        view! {
            <div class="page-head">
                <h1>{texts.legal_title()}</h1>
                <p class="lead">{texts.legal_lead()}</p>
            </div>
            {card("t-editeur", texts.legal_publisher(), publisher)}
            {card("t-hebergeur", texts.legal_host(), host)}
            {card("t-donnees", texts.legal_data(), view! {
                <p>{texts.legal_data_text()}</p>
                {lines(vec![(texts.legal_dpo(), mail(&legal.dpo_email))])}
                <ul class="row plain">
                    <li><a class="button button--second" href="/confidentialite">{texts.legal_policy()}</a></li>
                    <li><a class="button button--second" href="/cookies">{texts.consent_manage()}</a></li>
                </ul>
            })}
            {card("t-logiciel", texts.legal_software(), view! { <p>{texts.legal_software_text()}" "{source}</p> })}
            <p class="hint">{texts.legal_law()}</p>
        }
    }))
}

/// `/accessibilite`.
pub(crate) async fn accessibility(page: Page) -> PageResult {
    let texts = page.texts;
    Ok(Document::new(Area::Public, texts.access_title(), move || {
        let site = &page.host.site;
        let list = |items: Vec<&'static str>| {
            let items: Vec<_> = items.into_iter().map(|item| view! { <li>{item}</li> }).collect();
            view! { <ul>{items}</ul> }
        };
        let checks = list(vec![
            texts.access_check_axe(),
            texts.access_check_script(),
            texts.access_check_keyboard(),
            texts.access_check_screen(),
            texts.access_check_colours(),
        ]);
        let limits = list(vec![texts.access_limit_audit(), texts.access_limit_files(), texts.access_limit_others()]);
        let ways = [
            (MAIL, view! { <a href=format!("mailto:{}", site.email)>{breakable(&site.email)}</a> }.into_any()),
            (PHONE, phone(&site.phone).unwrap_or_else(|| ().into_any())),
            (MAP_PIN, view! { {format!("{}, {}, {}", site.name, site.address, site.city)} }.into_any()),
        ]
        .into_iter()
        .map(|(svg, way)| view! { <li class="with-icon">{icon(svg)}<span>{way}</span></li> })
        .collect_view();
        view! {
            <div class="page-head">
                <h1>{texts.access_title()}</h1>
                <p class="lead">{texts.access_lead(&site.name)}</p>
            </div>
            {message_with(INFO, Tone::Info, texts.access_state(), texts.access_state_text())}
            {card("t-verifie", texts.access_checks(), view! { <p>{texts.access_checks_text()}</p>{checks} })}
            {card("t-limites", texts.access_limits(), view! { {limits} })}
            {card("t-signaler", texts.access_report(), view! {
                <p>{texts.access_report_text()}</p>
                <ul class="stack plain ways-in">{ways}</ul>
            })}
            {card("t-recours", texts.access_recourse(), view! {
                <p>{texts.access_recourse_text()}</p>
                <ul class="stack plain">
                    <li class="with-icon">{icon(FILE_TEXT)}<span>{texts.access_recourse_form()}</span></li>
                    <li class="with-icon">{icon(PHONE)}<span>{texts.access_recourse_phone()}</span></li>
                    <li class="with-icon">{icon(LIFE_BUOY)}<span>{texts.access_recourse_person()}</span></li>
                    <li class="with-icon">{icon(MAIL)}<span>{texts.access_recourse_post()}</span></li>
                </ul>
            })}
        }
    }))
}

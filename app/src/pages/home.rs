//! `/`: who the organisation is, what it does, how to come.

use crate::{
    components::{
        embed, format,
        icon::{
            BRIEFCASE, CHEVRON_RIGHT, COMPASS, EYE, GRADUATION_CAP, HERO, HISTORY, LIFE_BUOY, LOCK, LOG_IN, MAP_PIN,
            TRASH, icon,
        },
        layout::{Area, space_of},
        person::breakable,
    },
    page::{Document, Page, PageResult},
    policy::words,
};
use domain::{
    requests::RequestKind,
    site::{Module, Network},
};
use leptos::prelude::*;

/// How many pieces of news are shown.
const NEWS_MAX: usize = 3;

/// The home page.
pub(crate) async fn page(page: Page) -> PageResult {
    let texts = page.texts;
    let host = page.host.clone();
    let consent = page.visit.consent.clone();
    let document = Document::new(Area::Home, texts.home_title(), move || {
        let site = &page.host.site;
        let space = space_of(&page).unwrap_or("/connexion");
        let open_space =
            page.has(Module::YouthSpace).then(|| view! { <a class="button" href=space>{texts.home_open_space()}</a> });
        let heading = site.texts.heading.clone().unwrap_or_else(|| texts.home_heading().to_owned());
        let lead = site.texts.lead.clone().unwrap_or_else(|| site.tagline.clone());
        view! {
            <section class="hero" aria-labelledby="titre">
                <div class="hero-in">
                    <div class="hero-text">
                        <h1 id="titre">{heading}</h1>
                        <p class="hero-lead">{lead}</p>
                        <div class="row">
                            {open_space}
                            <a class="button button--second" href="#venir">{texts.home_find_us()}</a>
                        </div>
                    </div>
                    // The drawing is a direct child of the grid, so it has no wrapper.
                    <span inner_html=HERO></span>
                </div>
            </section>
            {actions(&page)}
            {ways_in(&page)}
            {presentation(&page)}
            {page.has(Module::Vault).then(|| papers(&page, space))}
            {news(&page)}
            {visit(&page)}
            {sharing(&page)}
        }
    });
    let services = host.site.embeds.iter().filter_map(|embed| host.site.services.optional(embed.service.as_str()));
    Ok(document.with_embeds(services.filter(|service| consent.accepts(service))))
}

fn actions(page: &Page) -> impl IntoView + use<> {
    let texts = page.texts;
    let actions: Vec<_> = [
        (COMPASS, texts.home_compass(), texts.home_compass_text()),
        (BRIEFCASE, texts.home_job(), texts.home_job_text()),
        (GRADUATION_CAP, texts.home_training(), texts.home_training_text()),
        (LIFE_BUOY, texts.home_living(), texts.home_living_text()),
    ]
    .into_iter()
    .map(|(svg, title, text)| {
        view! {
            <li class="action">
                <span class="todo-icon todo-icon--sun">{icon(svg)}</span>
                <div><h3>{title}</h3><p>{text}</p></div>
            </li>
        }
    })
    .collect();
    view! {
        <section class="band" id="actions" aria-labelledby="t-actions">
            <div class="band-in">
                <h2 id="t-actions">{texts.home_actions()}</h2>
                <ul class="grid actions plain">{actions}</ul>
            </div>
        </section>
    }
}

/// The cards that lead to the public forms of this site; nothing when it has none.
fn ways_in(page: &Page) -> Option<impl IntoView + use<>> {
    let texts = page.texts;
    // The forms for young people come first.
    let first = [RequestKind::PreRegistration, RequestKind::Event];
    let others = RequestKind::ALL.into_iter().filter(|kind| !first.contains(kind));
    let ways: Vec<_> = first
        .into_iter()
        .chain(others)
        .filter(|kind| page.has(kind.module()))
        .map(|kind| {
            let (svg, title, text) = words::request(texts, kind).home;
            view! {
                <li>
                    <span class="todo-icon todo-icon--sun">{icon(svg)}</span>
                    <div><h3><a href=kind.path()>{title}</a></h3><p class="hint">{text}</p></div>
                    {icon(CHEVRON_RIGHT)}
                </li>
            }
        })
        .collect();
    (!ways.is_empty()).then(|| {
        view! {
            <section class="band band--soft" aria-labelledby="t-commencer">
                <div class="band-in">
                    <h2 id="t-commencer">{texts.home_begin()}</h2>
                    <ul class="todo doors plain">{ways}</ul>
                </div>
            </section>
        }
    })
}

/// The embeds of the site, or their placeholders; nothing when the site has none.
fn presentation(page: &Page) -> Option<impl IntoView + use<>> {
    let texts = page.texts;
    let mut embeds = page.host.site.embeds.iter().filter_map(|embed| {
        let (embed, service, frame) = embed::find(page, embed.service.as_str(), &embed.item)?;
        Some(embed::shown(page, embed, service, frame))
    });
    let first = embeds.next()?;
    let others: Vec<_> = embeds.map(|embed| view! { <li>{embed}</li> }).collect();
    let others = (!others.is_empty()).then(|| view! { <ul class="embeds plain">{others}</ul> });
    Some(view! {
        <section class="band" aria-labelledby="t-video">
            <div class="band-in two two--wide">
                <div>
                    <h2 class="band-title" id="t-video">{texts.home_video_title()}</h2>
                    <p class="lead">{texts.home_video_text()}</p>
                </div>
                <div class="two-wide">{first}</div>
                {others}
            </div>
        </section>
    })
}

/// Plain links that share the page (C7): nothing is sent to a network before somebody clicks.
fn sharing(page: &Page) -> Option<impl IntoView + use<>> {
    let texts = page.texts;
    let links: Vec<_> = page
        .host
        .site
        .share
        .iter()
        .map(|network| {
            // A mail link needs no redirect. The addresses of the networks are in no page of ours.
            let href = match network {
                Network::Mail => network.passes_on(&format!("{}/", page.host.origin)),
                _ => format!("/partager/{}", network.code()),
            };
            let label = texts.home_share_on(network.name());
            view! { <li><a class="button button--quiet" rel="noreferrer" href=href aria-label=label>{network.name()}</a></li> }
        })
        .collect();
    (!links.is_empty()).then(|| {
        view! {
            <section class="band" aria-labelledby="t-partage">
                <div class="band-in share">
                    <h2 id="t-partage">{texts.home_share()}</h2>
                    <ul class="row plain">{links}</ul>
                </div>
            </section>
        }
    })
}

fn papers(page: &Page, space: &'static str) -> impl IntoView + use<> {
    let texts = page.texts;
    let ticks: Vec<_> = [
        (LOCK, texts.home_encrypted(), texts.home_encrypted_text()),
        (EYE, texts.home_private(), texts.home_private_text()),
        (HISTORY, texts.home_logged(), texts.home_logged_text()),
        (TRASH, texts.home_erased(), texts.home_erased_text()),
    ]
    .into_iter()
    .map(|(svg, title, text)| view! { <li>{icon(svg)}<p><strong>{title}</strong>" "{text}</p></li> })
    .collect();
    view! {
        <section class="band" id="espace" aria-labelledby="t-espace">
            <div class="band-in two">
                <div>
                    <h2 class="band-title" id="t-espace">{texts.home_papers()}</h2>
                    <p class="lead">{texts.home_papers_text()}</p>
                    <a class="button" href=space>{icon(LOG_IN)}{texts.home_open_space()}</a>
                </div>
                <ul class="ticks plain">{ticks}</ul>
            </div>
        </section>
    }
}

/// The latest news first; nothing when there is none.
fn news(page: &Page) -> Option<impl IntoView + use<>> {
    let texts = page.texts;
    let news: Vec<_> = page
        .host
        .site
        .news
        .iter()
        .take(NEWS_MAX)
        .map(|news| {
            view! {
                <li class="card">
                    <p class="hint"><time datetime=news.date.to_string()>{format::date(texts, news.date)}</time></p>
                    <h3>{news.title.clone()}</h3>
                    <p>{news.text.clone()}</p>
                </li>
            }
        })
        .collect();
    (!news.is_empty()).then(|| {
        view! {
            <section class="band" id="actualites" aria-labelledby="t-actualites">
                <div class="band-in">
                    <h2 id="t-actualites">{texts.home_news()}</h2>
                    <ul class="grid plain">{news}</ul>
                </div>
            </section>
        }
    })
}

fn visit(page: &Page) -> impl IntoView + use<> {
    let texts = page.texts;
    let site = &page.host.site;
    let second_phone = site.texts.second_phone.as_ref().map(|phone| {
        view! {
            <div>
                <dt>{phone.label.clone()}</dt>
                <dd><a href=format!("tel:{}", format::dialled(&phone.number))>{phone.number.clone()}</a></dd>
            </div>
        }
    });
    let link = site.texts.link.as_ref().map(|link| {
        view! { <p><a rel="noreferrer" href=link.url.clone()>{link.label.clone()}</a></p> }
    });
    view! {
        <section class="band band--soft" id="venir" aria-labelledby="t-venir">
            <div class="band-in two">
                <div>
                    <h2 class="band-title" id="t-venir">{texts.home_visit()}</h2>
                    <p class="lead">{texts.home_visit_text()}</p>
                    <p class="with-icon">{icon(MAP_PIN)}<strong>{site.name.clone()}</strong></p>
                    {link}
                </div>
                <dl class="facts">
                    <div>
                        <dt>{texts.home_address()}</dt>
                        <dd>{site.address.clone()}", "{site.city.clone()}</dd>
                    </div>
                    {lines(texts.home_directions(), &site.texts.directions)}
                    {lines(texts.home_hours(), &site.texts.hours)}
                    <div>
                        <dt>{texts.home_phone()}</dt>
                        <dd><a href=format!("tel:{}", format::dialled(&site.phone))>{site.phone.clone()}</a></dd>
                    </div>
                    {second_phone}
                    <div>
                        <dt>{texts.home_email()}</dt>
                        <dd><a href=format!("mailto:{}", site.email)>{breakable(&site.email)}</a></dd>
                    </div>
                </dl>
            </div>
        </section>
    }
}

/// A fact of several lines; nothing when the site file does not give it.
fn lines(label: &'static str, lines: &[String]) -> Option<impl IntoView + use<>> {
    let lines: Vec<_> = lines.iter().map(|line| view! { <dd>{line.clone()}</dd> }).collect();
    (!lines.is_empty()).then(|| view! { <div><dt>{label}</dt>{lines}</div> })
}

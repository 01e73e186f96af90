//! The pages of this site that the search finds (F7): each public page that the site has, described in its visitors'
//! words, and the news.

use crate::{
    page::route::{Audience, Route},
    policy::words,
    texts::{Language, Texts},
};
use domain::{
    requests::RequestKind,
    search::{Entry, EntryKind},
    site::Site,
};

/// Public pages that the search does not list: parts of other pages, steps, and frames.
pub const UNLISTED: &[&str] = &[
    "/recherche",
    "/embed/{service}/{item}",
    "/activation",
    "/confidentialite/versions",
    "/hors-ligne",
    "/newsletter/confirmer",
    "/newsletter/desinscription",
    "/confidentialite/versions/{version}",
];

/// The pages that a search without a result suggests, when the site has them.
const SUGGESTED: [&str; 6] = ["/pre-inscription", "/contact", "/evenement", "/connexion", "/mes-droits", "/"];

/// The kind, the title, the summary and further words of a page; nothing for a page that has no description.
fn described(texts: Texts, site: &Site, path: &str) -> Option<(EntryKind, &'static str, String, String)> {
    use EntryKind::{Form, Page};
    let owned = str::to_owned;
    if let Some(kind) = RequestKind::ALL.into_iter().find(|kind| kind.path() == path) {
        let (title, text, words) = words::request(texts, kind).find;
        return Some((Form, title, owned(text), owned(words)));
    }
    Some(match path {
        "/" => {
            let words = [
                site.name.as_str(),
                &site.tagline,
                &site.address,
                &site.city,
                texts.home_compass(),
                texts.home_compass_text(),
                texts.home_job(),
                texts.home_job_text(),
                texts.home_training(),
                texts.home_training_text(),
                texts.home_living(),
                texts.home_living_text(),
                texts.home_papers_text(),
                texts.home_hours(),
                texts.home_directions(),
            ];
            let lines = site.texts.hours.iter().chain(&site.texts.directions).map(String::as_str);
            let words: Vec<_> = words.into_iter().chain(lines).collect();
            (Page, texts.find_home(), texts.find_home_text().to_owned(), words.join(" "))
        }
        "/newsletter" => (Form, texts.find_letter(), owned(texts.find_letter_text()), owned(texts.find_letter_words())),
        "/mes-droits" => (Form, texts.find_rights(), owned(texts.find_rights_text()), owned(texts.find_rights_words())),
        "/connexion" => {
            (Form, texts.find_sign_in(), owned(texts.find_sign_in_text()), owned(texts.find_sign_in_words()))
        }
        "/cookies" => (Page, texts.cookies_title(), owned(texts.cookies_lead()), owned(texts.cookies_panel_text())),
        "/cookies/traces" => (Page, texts.traces_title(), owned(texts.traces_lead()), owned(texts.traces_text())),
        "/confidentialite" => {
            (Page, texts.find_privacy(), owned(texts.find_privacy_text()), owned(texts.find_privacy_words()))
        }
        "/registre" => (Page, texts.find_register(), owned(texts.find_register_text()), String::new()),
        "/mentions-legales" => {
            let legal = &site.legal;
            let words = [&legal.form, &legal.publisher, &legal.host_name, &site.name].map(String::as_str).join(" ");
            (Page, texts.legal_title(), owned(texts.legal_lead()), words)
        }
        "/accessibilite" => {
            (Page, texts.access_title(), texts.access_lead(&site.name), owned(texts.access_checks_text()))
        }
        "/chiffres-cles" => {
            (Page, texts.figures_title(), texts.figures_lead(&site.name), owned(texts.find_figures_words()))
        }
        _ => return None,
    })
}

/// Everything of the site that can be found, except events. `routes` are the routes of the portal.
#[must_use]
pub fn entries(site: &Site, routes: &[Route]) -> Vec<Entry> {
    let texts = Texts::of(Language::Fr);
    let public = routes.iter().filter(|route| {
        route.audience == Audience::Everyone
            && route.is_page()
            && !route.development
            && site.modules.have(route.modules)
            && !UNLISTED.contains(&route.path)
    });
    let pages = public.filter_map(|route| {
        let (kind, title, summary, text) = described(texts, site, route.path)?;
        let path = route.path.to_owned();
        Some(Entry { kind, key: path.clone(), path, title: title.to_owned(), summary, text })
    });
    let news = site.news.iter().map(|news| {
        let summary: String = news.text.chars().take(200).collect();
        Entry {
            kind: EntryKind::News,
            key: format!("{} {}", news.date, news.title),
            path: "/#actualites".to_owned(),
            title: news.title.clone(),
            summary,
            text: news.text.clone(),
        }
    });
    pages.chain(news).collect()
}

/// The pages that a search without a result suggests.
pub(crate) fn suggested(site: &Site, routes: &[Route]) -> Vec<Entry> {
    let mut entries = entries(site, routes);
    let place = |entry: &Entry| SUGGESTED.iter().position(|path| *path == entry.path);
    entries.retain(|entry| place(entry).is_some());
    entries.sort_by_key(|entry| place(entry));
    entries
}

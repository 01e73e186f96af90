//! Navigation: the bar at the bottom of a phone, tabs, the head of a page. No script.

use super::icon::{CHEVRON_LEFT, CHEVRON_RIGHT, ELLIPSIS, icon};
use crate::page::Page;
use leptos::prelude::*;

/// A link to a page: path, name, icon.
pub(crate) type Tab<'a> = (&'static str, &'a str, &'static str);

/// How many links fit into the bar on a phone; the others are under « Plus ».
const BAR_MAX: usize = 5;
/// From this number of links on, the bar takes a line of its own on a tablet.
const BAR_MANY: usize = 4;

/// The bar at the bottom of a phone. It marks the page that is shown, or the page above it.
pub(crate) fn tab_bar(page: &Page, label: &'static str, tabs: &[Tab]) -> impl IntoView + use<> {
    let path = page.path().to_owned();
    let best = tabs
        .iter()
        .filter(|(tab, ..)| path == *tab || path.strip_prefix(tab).is_some_and(|rest| rest.starts_with('/')))
        .map(|(tab, ..)| *tab)
        .max_by_key(|tab| tab.len());
    let link = |&(tab, name, svg): &Tab| {
        let name = name.to_owned();
        let current = match best {
            Some(best) if best != tab => None,
            Some(_) if path == tab => Some("page"),
            Some(_) => Some("true"),
            None => None,
        };
        view! { <a href=tab aria-current=current>{icon(svg)}<span>{name}</span></a> }
    };
    let shown = if tabs.len() > BAR_MAX { BAR_MAX - 1 } else { tabs.len() };
    let links: Vec<_> = tabs[..shown].iter().map(link).collect();
    let more = (shown < tabs.len()).then(|| {
        let links: Vec<_> = tabs[shown..].iter().map(link).collect();
        view! {
            <details class="menu tab-more">
                <summary>{icon(ELLIPSIS)}<span>{page.texts.nav_more()}</span></summary>
                <div class="menu-in">{links}</div>
            </details>
        }
    });
    let class = if tabs.len() >= BAR_MANY { "tab-bar tab-bar--many" } else { "tab-bar" };
    view! { <nav class=class aria-label=label>{links}{more}</nav> }
}

/// Tabs between the pages of one thing: address, name, icon, and whether this page is shown.
pub(crate) fn tabs(label: String, tabs: Vec<(String, String, &'static str, bool)>) -> impl IntoView {
    let links: Vec<_> = tabs
        .into_iter()
        .map(|(href, name, svg, shown)| {
            view! { <a href=href aria-current=shown.then_some("page")>{icon(svg)}{name}</a> }
        })
        .collect();
    view! { <nav class="tabs" aria-label=label>{links}</nav> }
}

/// The link back to the page above.
pub(crate) fn back(href: &str, name: &str) -> impl IntoView + use<> {
    let (href, name) = (href.to_owned(), name.to_owned());
    view! { <a class="back" href=href>{icon(CHEVRON_LEFT)}{name}</a> }
}

/// The path to the page from the top down; the page itself is not a link.
pub(crate) fn crumbs(label: &'static str, above: Vec<(String, String)>, here: String) -> impl IntoView {
    let above: Vec<_> =
        above.into_iter().map(|(href, name)| view! { <li><a href=href>{name}</a>{icon(CHEVRON_RIGHT)}</li> }).collect();
    view! {
        <nav aria-label=label>
            <ol class="crumbs">{above}<li><span aria-current="page">{here}</span></li></ol>
        </nav>
    }
}

//! `/confidentialite` and its earlier versions: the privacy policy that is made from the register (R).

use crate::{
    components::{
        format,
        icon::{HISTORY, icon},
        layout::Area,
        message::{Tone, message},
        navigation::back,
    },
    page::{Document, Page, PageResult},
    policy::{self, Section},
};
use domain::error::PortError;
use leptos::prelude::*;

const BASE: &str = "/confidentialite";
const VERSIONS: &str = "/confidentialite/versions";

/// The policy in force.
pub(crate) async fn page(page: Page) -> PageResult {
    let version = page.host.policy.in_force(&*page.host.policies).await?;
    let texts = page.texts;
    Ok(Document::new(Area::Public, texts.policy_title(), move || {
        let since = texts.policy_since(format::day_of(&page, version.since), version.number);
        view! {
            <div class="page-head">
                <h1>{texts.policy_title()}</h1>
                <p class="lead">{texts.policy_lead()}</p>
                <p class="hint">{since}" "{texts.policy_print_hint()}</p>
                <p><a class="with-icon" href=VERSIONS>{icon(HISTORY)}{texts.policy_older()}</a></p>
            </div>
            {contents(&page, page.host.policy.sections())}
            <div class="policy" inner_html=page.host.policy.html()></div>
        }
    }))
}

/// The table of contents. The processings are listed under the heading before them.
fn contents(page: &Page, sections: &[Section]) -> impl IntoView + use<> {
    let texts = page.texts;
    let link = |section: &Section| {
        view! { <a href=format!("#{}", section.anchor)>{section.title.clone()}</a> }
    };
    let mut parts: Vec<(AnyView, Vec<AnyView>)> = Vec::new();
    for section in sections {
        match parts.last_mut() {
            Some((_, under)) if section.level == 3 => under.push(view! { <li>{link(section)}</li> }.into_any()),
            _ => parts.push((link(section).into_any(), Vec::new())),
        }
    }
    let parts: Vec<_> = parts
        .into_iter()
        .map(|(link, under)| {
            let under = (!under.is_empty()).then(|| view! { <ul>{under}</ul> });
            view! { <li>{link}{under}</li> }
        })
        .collect();
    view! {
        <nav class="card contents" aria-labelledby="t-sommaire">
            <h2 id="t-sommaire">{texts.policy_contents()}</h2>
            <ol>{parts}</ol>
        </nav>
    }
}

/// Every version, newest first.
pub(crate) async fn versions(page: Page) -> PageResult {
    // The policy in force is stored when the portal starts. Where that has not happened, this page stores it.
    page.host.policy.in_force(&*page.host.policies).await?;
    let versions = page.host.policies.versions().await?;
    let texts = page.texts;
    Ok(Document::new(Area::Public, texts.policy_versions_title(), move || {
        let lines: Vec<_> = versions
            .iter()
            .enumerate()
            .map(|(at, version)| {
                let href = if at == 0 { BASE.to_owned() } else { format!("{VERSIONS}/{}", version.number) };
                let current = (at == 0).then(|| view! { " "<strong>"("{texts.policy_versions_current()}")"</strong> });
                let name = texts.policy_versions_row(version.number, format::day_of(&page, version.since));
                view! { <li><a href=href>{name}</a>{current}</li> }
            })
            .collect();
        view! {
            <div class="page-head">
                {back(BASE, texts.policy_title())}
                <h1>{texts.policy_versions_title()}</h1>
                <p class="lead">{texts.policy_versions_lead()}</p>
            </div>
            <ul class="card list">{lines}</ul>
        }
    }))
}

/// The text of an earlier version.
pub(crate) async fn version(page: Page) -> PageResult {
    let (version, content) = page.host.policies.version(page.param("version")?).await?;
    let sections = policy::read(&content).ok_or(PortError::Internal)?;
    let texts = page.texts;
    let title = texts.policy_version_title(version.number);
    Ok(Document::new(Area::Public, title.clone(), move || {
        let text = texts.policy_version_old_text(format::day_of(&page, version.since));
        view! {
            <div class="page-head">
                {back(VERSIONS, texts.policy_versions_title())}
                <h1>{title}</h1>
            </div>
            {message(Tone::Info, texts.policy_version_old(), text)}
            <p class="alone"><a href=BASE>{texts.policy_version_now()}</a></p>
            {contents(&page, &sections)}
            <div class="policy" inner_html=policy::render(&sections)></div>
        }
    }))
}

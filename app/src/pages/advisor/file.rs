//! `/conseiller/jeunes/{youth}`: a young person's file, for the staff attached to it (A3).

use crate::{
    components::{
        format,
        icon::{FOLDER_LOCK, MAIL, PHONE, USER, icon},
        layout::Area,
        navigation::{back, tabs},
        person::{avatar, breakable, contact, facts, next_events, profile_cards, sharing},
        portfolio::age,
    },
    page::{Document, Page, PageResult},
    pages::youth::profile::asked,
};
use domain::{
    ids::YouthId,
    site::Module,
    youth::{Profile, Situation, SituationState, YouthFile},
};
use leptos::prelude::*;

/// The tab « Profil ».
pub(crate) async fn page(page: Page) -> PageResult {
    let youth: YouthId = page.param("youth")?;
    let file = page.host.youths.file(&page.actor(), youth).await?;
    let texts = page.texts;
    let name = file.profile.full_name();
    Ok(Document::new(Area::Staff, texts.staff_profile_title(&name), move || {
        view! {
            {head(&page, youth, &name, Some(&file.profile))}
            <div class="split">
                <div>{profile_cards(&page, &file.profile)}</div>
                <div>{aside(&page, youth, &file)}</div>
            </div>
        }
    }))
}

/// Name and tabs, on every page of a file. Age and phone where the profile was read.
pub(super) fn head(page: &Page, youth: YouthId, name: &str, profile: Option<&Profile>) -> impl IntoView + use<> {
    let texts = page.texts;
    let base = format!("/conseiller/jeunes/{youth}");
    let (facts, ways) = match profile {
        Some(profile) => {
            let town = [profile.postal_code.as_deref(), profile.city.as_deref()];
            let town = town.into_iter().flatten().collect::<Vec<_>>().join(" ");
            let line = match town.as_str() {
                "" => age(page, profile.birth_date),
                town => format!("{}, {town}", age(page, profile.birth_date)),
            };
            let phone = profile
                .phone
                .as_ref()
                .map(|phone| view! { <a href=format!("tel:{phone}")>{icon(PHONE)}{format::phone(phone)}</a> });
            let email = profile
                .email
                .as_ref()
                .map(|email| view! { <a href=format!("mailto:{email}")>{icon(MAIL)}{breakable(email)}</a> });
            let ways = (phone.is_some() || email.is_some()).then(|| view! { <div class="ways">{phone}{email}</div> });
            (Some(view! { <p class="hint">{line}</p> }), ways)
        }
        None => (None, None),
    };
    let on_profile = profile.is_some();
    let mut tab_list = vec![(base.clone(), texts.staff_profile_tab().to_owned(), USER, on_profile)];
    if page.has(Module::Vault) {
        tab_list.push((format!("{base}/coffre-fort"), page.host.site.vault_name.clone(), FOLDER_LOCK, !on_profile));
    }
    view! {
        <div class="page-head">
            {back("/conseiller/jeunes", texts.staff_portfolio())}
            <div class="person">
                {avatar(name, true)}
                <div><h1>{name.to_owned()}</h1>{facts}</div>
            </div>
            {ways}
        </div>
        {tabs(texts.staff_file(name), tab_list)}
    }
}

fn aside(page: &Page, youth: YouthId, file: &YouthFile) -> impl IntoView + use<> {
    let texts = page.texts;
    let situation = match &file.last_situation {
        Some(situation) => facts(page, situation_rows(page, situation)).into_any(),
        None => view! { <p>{texts.staff_situation_none()}</p> }.into_any(),
    };
    let next = if file.next.is_empty() {
        view! { <p>{texts.staff_nothing_next()}</p> }.into_any()
    } else {
        next_events(page, &file.next).into_any()
    };
    let corrections = match asked(page, &file.corrections) {
        Some(list) => list.into_any(),
        None => view! { <p>{texts.staff_corrections_none()}</p> }.into_any(),
    };
    let shared = file.profile.vault_shared;
    let referent = file.profile.referent.as_ref().map(|referent| {
        view! {
            <section class="card" aria-labelledby="t-conseil">
                <h2 id="t-conseil">{texts.profile_referent()}</h2>
                {contact(referent)}
            </section>
        }
    });
    view! {
        <section class="card card--sun" aria-labelledby="t-sit">
            <h2 id="t-sit">{texts.staff_situation()}</h2>
            {situation}
        </section>
        <section class="card" aria-labelledby="t-suite">
            <h2 id="t-suite">{texts.dashboard_next()}</h2>
            {next}
        </section>
        <section class="card" aria-labelledby="t-corr">
            <h2 id="t-corr">{texts.staff_corrections()}</h2>
            {corrections}
        </section>
        {page.has(Module::Vault).then(|| view! {
            <section class="card" aria-labelledby="t-choix">
                <h2 id="t-choix">{page.host.site.vault_name.clone()}</h2>
                {sharing(shared, if shared { texts.staff_file_shared() } else { texts.staff_file_not_shared() })}
                <a href=format!("/conseiller/jeunes/{youth}/coffre-fort")>{texts.staff_file_vault()}</a>
            </section>
        })}
        {referent}
    }
}

fn situation_rows(page: &Page, situation: &Situation) -> Vec<(&'static str, Option<String>)> {
    let texts = page.texts;
    let state = match situation.state {
        SituationState::Planned => texts.staff_situation_planned(),
        SituationState::Current => texts.staff_situation_current(),
        SituationState::Ended => texts.staff_situation_ended(),
    };
    let mut rows = vec![
        (texts.staff_situation_category(), Some(situation.category.clone())),
        (texts.staff_situation_label(), situation.label.clone()),
        (texts.staff_situation_state(), Some(state.to_owned())),
        (texts.staff_situation_start(), situation.started_on.map(|date| format::date(texts, date))),
    ];
    // Most situations have no end yet: nothing is missing there.
    if let Some(date) = situation.ended_on {
        rows.push((texts.staff_situation_end(), Some(format::date(texts, date))));
    }
    rows
}

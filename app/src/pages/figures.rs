//! `/chiffres-cles`: the work of the organisation in numbers that identify nobody.

use crate::{
    components::{
        chart::{Bar, Chart},
        format,
        icon::{CALENDAR_CLOCK, FILE_TEXT, SHIELD_CHECK, USERS, icon},
        layout::Area,
        message::{Tone, message_with},
    },
    page::{Document, Page, PageResult},
    texts::Texts,
};
use domain::{
    figures::{AGE_GROUPS, KeyFigures, Month, TOLD_FROM, Told},
    site::Module,
};
use leptos::prelude::*;

/// The figures.
pub(crate) async fn page(page: Page) -> PageResult {
    let figures = page.host.figures.key_figures().await?;
    let texts = page.texts;
    Ok(Document::new(Area::Public, texts.figures_title(), move || {
        let small =
            message_with(SHIELD_CHECK, Tone::Info, texts.figures_nobody(), texts.figures_nobody_text(TOLD_FROM));
        view! {
            <div class="page-head">
                <h1>{texts.figures_title()}</h1>
                <p class="lead">{texts.figures_lead(&page.host.site.name)}</p>
            </div>
            <ul class="grid figures plain">
                {whole(texts, USERS, texts.figures_followed(), figures.followed)}
                {page.has(Module::Vault).then(|| whole(texts, FILE_TEXT, texts.figures_documents(), figures.documents))}
                {whole(texts, CALENDAR_CLOCK, texts.figures_appointments(), figures.appointments)}
            </ul>
            {sections(texts, &figures)}
            {small}
        }
    }))
}

/// The text for a number.
fn said(texts: Texts, told: Told) -> String {
    match told {
        Told::Few => texts.figures_few(TOLD_FROM),
        Told::Number(count) => thousands(count),
    }
}

/// « 12 340 », with unbreakable spaces.
fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

fn whole(texts: Texts, svg: &'static str, label: &'static str, told: Told) -> impl IntoView {
    view! {
        <li class="card figure">
            <span class="todo-icon todo-icon--sun">{icon(svg)}</span>
            <p><strong>{said(texts, told)}</strong><span>{label}</span></p>
        </li>
    }
}

fn section(id: &'static str, title: &'static str, chart: impl IntoView) -> impl IntoView {
    view! { <section class="card" aria-labelledby=id><h2 id=id>{title}</h2>{chart}</section> }
}

/// « mars 2026 » for the table, and « mars » below the bar.
fn month(texts: Texts, Month { year, month }: Month) -> (String, String) {
    (texts.figures_month(format::month(texts, month), year), format::short_month(texts, month).to_owned())
}

fn sections(texts: Texts, figures: &KeyFigures) -> impl IntoView + use<> {
    let months = |counts: &[(Month, Told)]| -> Vec<Bar> {
        let bar = |(at, told): &(Month, Told)| {
            let (name, short) = month(texts, *at);
            Bar { name, short: Some(short), value: told.bar(), said: said(texts, *told) }
        };
        counts.iter().map(bar).collect()
    };
    let ages = AGE_GROUPS.iter().zip(&figures.ages).map(|((from, to), told)| {
        let name = match (from, to) {
            (Some(from), Some(to)) => texts.figures_age_between(from, to),
            (None, Some(to)) => texts.figures_age_up_to(to),
            (Some(from), None) => texts.figures_age_from(from),
            (None, None) => String::new(),
        };
        Bar { short: Some(name.clone()), name, value: told.bar(), said: said(texts, *told) }
    });
    let situations: Vec<Bar> = figures
        .situations
        .iter()
        .map(|(name, told)| Bar { name: name.clone(), short: None, value: told.bar(), said: said(texts, *told) })
        .collect();
    let chart = |id, title: &'static str, summary: String, columns, bars| {
        Chart { id, title: title.to_owned(), summary, columns, open: texts.figures_table(), bars }.view()
    };
    let people = [texts.figures_group(), texts.figures_people()];
    let per_month = |what| [texts.figures_per_month(), what];
    let ages: Vec<Bar> = ages.collect();
    let by_age = chart("g-ages", texts.figures_ages(), most(texts, &ages), people, ages);
    let by_situation = (!situations.is_empty()).then(|| {
        let summary = most(texts, &situations);
        let bars = chart("g-situations", texts.figures_situations(), summary, people, situations);
        section("t-situations", texts.figures_situations(), bars).into_any()
    });
    let (new, visits) = (months(&figures.new), months(&figures.visits));
    let new = chart("g-nouveaux", texts.figures_new(), most(texts, &new), per_month(texts.figures_people()), new);
    let seen = texts.figures_pages_seen();
    let visits = chart("g-visites", texts.figures_visits(), most(texts, &visits), per_month(seen), visits);
    view! {
        {section("t-ages", texts.figures_ages(), by_age)}
        {by_situation}
        {section("t-nouveaux", texts.figures_new(), new)}
        {section("t-visites", texts.figures_visits(), visits)}
    }
}

/// A sentence about the longest bar, for people who do not see the drawing.
fn most(texts: Texts, bars: &[Bar]) -> String {
    match bars.iter().max_by_key(|bar| bar.value).filter(|bar| bar.value > 0) {
        Some(bar) => texts.figures_most(&bar.name, &bar.said),
        None => texts.figures_nothing().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn a_space_separates_thousands() {
        for (count, text) in [(0, "0"), (999, "999"), (1_000, "1 000"), (1_234_567, "1 234 567")] {
            assert_eq!(thousands(count).replace('\u{202f}', " "), text);
        }
    }
}

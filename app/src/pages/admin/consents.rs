//! `/admin/consentements`: the choices, the reports of what pages tried to load, and the ledger.
//! `/admin/consentements/textes`: every text that people were shown (C8).

use crate::{
    components::{
        format,
        icon::{COOKIE, FILE_TEXT, SHIELD_CHECK, icon},
        layout::Area,
        message::{Level, empty},
        navigation::back,
        person::facts,
        table::{Row, Table, pagination},
    },
    page::{Document, Page, PageResult},
};
use domain::{
    consent::{ChoiceCounts, ConsentOverview, ShownText},
    time::CivilDate,
};
use leptos::prelude::*;

const BASE: &str = "/admin/consentements";
const TEXTS: &str = "/admin/consentements/textes";
/// How many days are shown, today included.
const DAYS: u16 = 30;

/// The first day that is shown.
fn first_day(page: &Page) -> CivilDate {
    let calendar = &page.host.calendar;
    calendar.local(calendar.now().plus_hours(-24 * (i64::from(DAYS) - 1))).date
}

/// The choices of thirty days.
pub(crate) async fn page(page: Page) -> PageResult {
    let overview = page.host.consents.overview(&page.actor(), first_day(&page)).await?;
    let texts = page.texts;
    Ok(Document::new(Area::Admin, texts.consents_title(), move || {
        view! {
            <div class="page-head">
                <h1>{texts.consents_title()}</h1>
                <p class="lead">{texts.consents_lead()}</p>
            </div>
            <section class="card" aria-labelledby="t-choix">
                <h2 id="t-choix">{texts.consents_choices(DAYS)}</h2>
                {choices(&page, &overview)}
            </section>
            <section class="card" aria-labelledby="t-empeche">
                <h2 id="t-empeche">{texts.consents_violations()}</h2>
                {violations(&page, &overview)}
            </section>
            <section class="card" aria-labelledby="t-registre">
                <h2 id="t-registre">{texts.consents_ledger()}</h2>
                <p>{texts.consents_ledger_text()}</p>
                {facts(&page, vec![
                    (texts.consents_receipts(), Some(overview.receipts.to_string())),
                    (texts.consents_pruned(), Some(overview.pruned.to_string())),
                ])}
                <a class="button button--second" href=TEXTS>{icon(FILE_TEXT)}{texts.consents_texts()}</a>
            </section>
        }
    }))
}

fn choices(page: &Page, overview: &ConsentOverview) -> AnyView {
    let texts = page.texts;
    if overview.days.is_empty() {
        return empty(Level::Three, COOKIE, texts.consents_choices_empty(), texts.consents_choices_empty_text(), ())
            .into_any();
    }
    let total = &overview.total;
    // Some people choose in the panel, without a banner, so there can be more choices than shown banners. The whole is
    // the larger of the two numbers.
    let all = total.decided() + total.ignored();
    let bars: Vec<_> = [
        (texts.consents_accepted(), total.accepted),
        (texts.consents_refused(), total.refused),
        (texts.consents_custom(), total.custom),
        (texts.consents_ignored(), total.ignored()),
    ]
    .into_iter()
    .map(|(name, count)| {
        let said = texts.consents_share(count, all);
        view! {
            <li class="gauge">
                <p><strong>{name}</strong>" "<span class="hint">{said}</span></p>
                // The table below gives the same numbers. A gauge whose maximum is zero would not be valid.
                <meter aria-label=name min="0" max=all.max(1).to_string() value=count.to_string()></meter>
            </li>
        }
    })
    .collect();
    let row = |name: String, counts: &ChoiceCounts| {
        let cell = |count: u64| Some(count.to_string().into_any());
        Row::new(
            name.into_any(),
            vec![
                cell(counts.shown),
                cell(counts.accepted),
                cell(counts.refused),
                cell(counts.custom),
                cell(counts.ignored()),
            ],
        )
    };
    let columns = vec![
        texts.consents_day(),
        texts.consents_shown(),
        texts.consents_accepted(),
        texts.consents_refused(),
        texts.consents_custom(),
        texts.consents_ignored(),
    ];
    let rows = overview.days.iter().map(|(day, counts)| row(format::date(texts, *day), counts)).collect();
    let table = Table { class: "", caption: texts.consents_days_caption().to_owned(), columns, rows }.view();
    view! {
        <ul class="stack plain">{bars}</ul>
        {table}
    }
    .into_any()
}

fn violations(page: &Page, overview: &ConsentOverview) -> AnyView {
    let texts = page.texts;
    let others = (overview.other_reports > 0).then(|| view! { <p>{texts.consents_others(overview.other_reports)}</p> });
    if overview.violations.is_empty() {
        let nothing =
            empty(Level::Three, SHIELD_CHECK, texts.consents_no_violation(), texts.consents_no_violation_text(), ());
        return view! { {nothing}{others} }.into_any();
    }
    let rows = overview.violations.iter().map(|count| {
        Row::new(
            view! { <code>{word(page, &count.violation.blocked)}</code> }.into_any(),
            vec![
                Some(view! { <code>{word(page, &count.violation.directive)}</code> }.into_any()),
                Some(view! { <code>{word(page, &count.violation.route)}</code> }.into_any()),
                Some(count.reports.to_string().into_any()),
                Some(format::date(texts, count.last_day).into_any()),
            ],
        )
    });
    let columns = vec![
        texts.consents_blocked(),
        texts.consents_directive(),
        texts.consents_route(),
        texts.consents_reports(),
        texts.consents_last_day(),
    ];
    let table =
        Table { class: "", caption: texts.consents_violations_caption().to_owned(), columns, rows: rows.collect() };
    view! { <p>{texts.consents_violations_text()}</p>{table.view()}{others} }.into_any()
}

/// The name of what a report is about; a general word for reports that are counted together.
fn word(page: &Page, word: &str) -> String {
    if word == "other" { page.texts.consents_other().to_owned() } else { word.to_owned() }
}

/// Every text that people were shown.
pub(crate) async fn texts(page: Page) -> PageResult {
    let number = page.query("page").parse().unwrap_or(1).max(1);
    let found = page.host.consents.texts(&page.actor(), number).await?;
    let texts = page.texts;
    Ok(Document::new(Area::Admin, texts.consents_texts(), move || {
        let content = if found.rows.is_empty() {
            empty(Level::Two, FILE_TEXT, texts.consents_texts_empty(), texts.consents_texts_empty_text(), ()).into_any()
        } else {
            found.rows.iter().enumerate().map(|(index, text)| shown(&page, index, text)).collect_view().into_any()
        };
        let href = |number: u32| format!("{TEXTS}?page={number}");
        view! {
            <div class="page-head">
                {back(BASE, texts.consents_title())}
                <h1>{texts.consents_texts()}</h1>
                <p class="lead">{texts.consents_texts_lead()}</p>
            </div>
            {content}
            {pagination(texts, found.page, found.pages(), &href)}
        }
    }))
}

fn shown(page: &Page, index: usize, text: &ShownText) -> impl IntoView + use<> {
    let texts = page.texts;
    let id = format!("texte-{index}");
    let labelled = id.clone();
    let since = texts.consents_text_since(format::day_of(page, text.first_at));
    view! {
        <section class="card" aria-labelledby=labelled>
            <h2 id=id>{since}</h2>
            <p class="verbatim">{text.content.clone()}</p>
            <p class="hint verbatim">{texts.consents_hash()}" "<code>{text.hash.clone()}</code></p>
        </section>
    }
}

//! `/admin/audience`: which pages are read; nobody can see who reads them (F8).

use crate::{
    components::{
        chart::{Bar, Chart},
        format,
        icon::{EYE, SHIELD_CHECK},
        layout::Area,
        message::{Level, Tone, empty, message_with},
        table::{Row, Table},
    },
    page::{Document, Page, PageResult},
    policy::words,
    texts::Texts,
};
use domain::{
    analytics::{AnalyticsFigures, Counted, LISTED, Span},
    retention::RuleId,
};
use leptos::prelude::*;

const BASE: &str = "/admin/audience";

/// The figures of a period.
pub(crate) async fn page(page: Page) -> PageResult {
    let span = Span::from_days(page.query("jours")).unwrap_or_default();
    let figures = page.host.analytics.figures(&page.actor(), span).await?;
    let texts = page.texts;
    Ok(Document::new(Area::Admin, texts.analytics_title(), move || {
        let spans: Vec<_> = Span::ALL
            .into_iter()
            .map(|other| {
                let current = (other == span).then_some("page");
                view! { <a href=format!("{BASE}?jours={}", other.days()) aria-current=current>{span_name(texts, other)}</a> }
            })
            .collect();
        let kept = page.host.site.keeping.period(RuleId::Visits).map(|period| words::period(texts, period));
        let content = if figures.total() == 0 {
            empty(Level::Two, EYE, texts.analytics_empty(), texts.analytics_empty_text(), ()).into_any()
        } else {
            shown(&page, span, &figures).into_any()
        };
        view! {
            <div class="page-head">
                <h1>{texts.analytics_title()}</h1>
                <p class="lead">{texts.analytics_lead()}</p>
            </div>
            <nav class="tabs" aria-label=texts.analytics_spans()>{spans}</nav>
            {content}
            {message_with(SHIELD_CHECK, Tone::Info, texts.analytics_promise(), texts.analytics_promise_text(kept.unwrap_or_default()))}
        }
    }))
}

fn span_name(texts: Texts, span: Span) -> &'static str {
    match span {
        Span::Week => texts.analytics_week(),
        Span::Month => texts.analytics_month(),
        Span::Year => texts.analytics_year(),
    }
}

fn shown(page: &Page, span: Span, figures: &AnalyticsFigures) -> impl IntoView + use<> {
    let texts = page.texts;
    let bars: Vec<Bar> = figures
        .days
        .iter()
        .map(|(day, count)| Bar {
            name: format::date(texts, *day),
            // Only in a week there is room for the days' numbers below the bars.
            short: (span == Span::Week).then(|| day.day().to_string()),
            value: *count,
            said: count.to_string(),
        })
        .collect();
    let best = figures.days.iter().max_by_key(|(_, count)| *count);
    let best = best.map(|(day, count)| texts.analytics_best(figures.total(), format::date(texts, *day), count));
    let chart = Chart {
        id: "g-jours",
        title: texts.analytics_days().to_owned(),
        summary: best.unwrap_or_default(),
        columns: [texts.analytics_day(), texts.analytics_seen()],
        open: texts.figures_table(),
        bars,
    };
    let list = |id: &'static str, title: &'static str, column: &'static str, rows: &[Counted], name: Name| {
        let rows: Vec<_> = rows
            .iter()
            .map(|(code, count)| Row::new(name(texts, code).into_any(), vec![Some(count.to_string().into_any())]))
            .collect();
        if rows.is_empty() {
            return view! { <section class="card" aria-labelledby=id><h2 id=id>{title}</h2><p>{texts.analytics_none()}</p></section> }
                .into_any();
        }
        let columns = vec![column, texts.analytics_seen()];
        let table = Table { class: "table--plain", caption: texts.analytics_caption(LISTED), columns, rows };
        view! { <section class="card" aria-labelledby=id><h2 id=id>{title}</h2>{table.view()}</section> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="t-jours">
            <h2 id="t-jours">{texts.analytics_days()}</h2>
            {chart.view()}
        </section>
        <div class="grid grid--two">
            {list("t-pages", texts.analytics_pages(), texts.analytics_page(), &figures.pages, as_it_is)}
            {list("t-sites", texts.analytics_referrers(), texts.analytics_referrer(), &figures.referrers, as_it_is)}
            {list("t-appareils", texts.analytics_devices(), texts.analytics_device(), &figures.devices, device)}
            {list("t-navigateurs", texts.analytics_browsers(), texts.analytics_browser(), &figures.browsers, other)}
            {list("t-langues", texts.analytics_languages(), texts.analytics_language(), &figures.languages, language)}
        </div>
    }
}

/// The function that names a stored code.
type Name = fn(Texts, &str) -> String;

fn as_it_is(_: Texts, word: &str) -> String {
    word.to_owned()
}

fn other(texts: Texts, word: &str) -> String {
    if word == "other" { texts.analytics_other().to_owned() } else { word.to_owned() }
}

fn device(texts: Texts, word: &str) -> String {
    match word {
        "phone" => texts.analytics_phone(),
        "tablet" => texts.analytics_tablet(),
        "computer" => texts.analytics_computer(),
        _ => texts.analytics_other(),
    }
    .to_owned()
}

/// The name of a common language; the code of any other one.
fn language(texts: Texts, word: &str) -> String {
    match word {
        "fr" => texts.language_fr(),
        "en" => texts.language_en(),
        "ar" => texts.language_ar(),
        "es" => texts.language_es(),
        "pt" => texts.language_pt(),
        "de" => texts.language_de(),
        "it" => texts.language_it(),
        "uk" => texts.language_uk(),
        "ru" => texts.language_ru(),
        "tr" => texts.language_tr(),
        "zh" => texts.language_zh(),
        "fa" => texts.language_fa(),
        "ps" => texts.language_ps(),
        "other" => texts.analytics_other(),
        letters => return letters.to_owned(),
    }
    .to_owned()
}

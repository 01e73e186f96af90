//! `/admin/audience`: which pages are read, without knowing by whom (F8).

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
    texts::Texts,
};
use domain::{
    audience::{AudienceFigures, Counted, Span},
    register::RuleId,
    time::Period,
};
use leptos::prelude::*;

const BASE: &str = "/admin/audience";

/// The figures of a span.
pub(crate) async fn page(page: Page) -> PageResult {
    let span = Span::from_days(page.query("jours")).unwrap_or_default();
    let figures = page.host.audience.audience(&page.actor(), span).await?;
    let texts = page.texts;
    Ok(Document::new(Area::Admin, texts.audience_title(), move || {
        let spans: Vec<_> = Span::ALL
            .into_iter()
            .map(|other| {
                let current = (other == span).then_some("page");
                view! { <a href=format!("{BASE}?jours={}", other.days()) aria-current=current>{span_name(texts, other)}</a> }
            })
            .collect();
        let kept = match page.host.site.keeping.period(RuleId::Visits) {
            Some(Period::Months(months)) => texts.audience_promise_months(months),
            Some(Period::Days(days)) => texts.audience_promise_days(days),
            None => String::new(),
        };
        let promise = view! { {texts.audience_promise_text()}" "{kept} };
        let content = if figures.total() == 0 {
            empty(Level::Two, EYE, texts.audience_empty(), texts.audience_empty_text(), ()).into_any()
        } else {
            shown(&page, span, &figures).into_any()
        };
        view! {
            <div class="page-head">
                <h1>{texts.audience_title()}</h1>
                <p class="lead">{texts.audience_lead()}</p>
            </div>
            <nav class="tabs" aria-label=texts.audience_spans()>{spans}</nav>
            {content}
            {message_with(SHIELD_CHECK, Tone::Info, texts.audience_promise(), promise)}
        }
    }))
}

fn span_name(texts: Texts, span: Span) -> &'static str {
    match span {
        Span::Week => texts.audience_week(),
        Span::Month => texts.audience_month(),
        Span::Year => texts.audience_year(),
    }
}

fn shown(page: &Page, span: Span, figures: &AudienceFigures) -> impl IntoView + use<> {
    let texts = page.texts;
    let bars: Vec<Bar> = figures
        .days
        .iter()
        .map(|(day, count)| Bar {
            name: format::date(texts, *day),
            // A week has room for the days' numbers below its bars.
            short: (span == Span::Week).then(|| day.day().to_string()),
            value: *count,
            said: count.to_string(),
        })
        .collect();
    let best = figures.days.iter().max_by_key(|(_, count)| *count);
    let best = best.map(|(day, count)| texts.audience_best(figures.total(), format::date(texts, *day), count));
    let chart = Chart {
        id: "g-jours",
        title: texts.audience_days().to_owned(),
        summary: best.unwrap_or_default(),
        columns: [texts.audience_day(), texts.audience_seen()],
        open: texts.figures_table(),
        bars,
    };
    let list = |id: &'static str, title: &'static str, column: &'static str, rows: &[Counted], name: Name| {
        let rows: Vec<_> = rows
            .iter()
            .map(|(code, count)| Row::new(name(texts, code).into_any(), vec![Some(count.to_string().into_any())]))
            .collect();
        if rows.is_empty() {
            return view! { <section class="card" aria-labelledby=id><h2 id=id>{title}</h2><p>{texts.audience_none()}</p></section> }
                .into_any();
        }
        let columns = vec![column, texts.audience_seen()];
        let table = Table { class: "table--plain", caption: texts.audience_caption().to_owned(), columns, rows };
        view! { <section class="card" aria-labelledby=id><h2 id=id>{title}</h2>{table.view()}</section> }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="t-jours">
            <h2 id="t-jours">{texts.audience_days()}</h2>
            {chart.view()}
        </section>
        <div class="grid grid--two">
            {list("t-pages", texts.audience_pages(), texts.audience_page(), &figures.pages, as_it_is)}
            {list("t-sites", texts.audience_referrers(), texts.audience_referrer(), &figures.referrers, as_it_is)}
            {list("t-appareils", texts.audience_devices(), texts.audience_device(), &figures.devices, device)}
            {list("t-navigateurs", texts.audience_browsers(), texts.audience_browser(), &figures.browsers, other)}
            {list("t-langues", texts.audience_languages(), texts.audience_language(), &figures.languages, language)}
        </div>
    }
}

/// What a stored word is called.
type Name = fn(Texts, &str) -> String;

fn as_it_is(_: Texts, word: &str) -> String {
    word.to_owned()
}

fn other(texts: Texts, word: &str) -> String {
    if word == "other" { texts.audience_other().to_owned() } else { word.to_owned() }
}

fn device(texts: Texts, word: &str) -> String {
    match word {
        "phone" => texts.audience_phone(),
        "tablet" => texts.audience_tablet(),
        "computer" => texts.audience_computer(),
        _ => texts.audience_other(),
    }
    .to_owned()
}

/// The languages that are met most here; others by their letters.
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
        "other" => texts.audience_other(),
        letters => return letters.to_owned(),
    }
    .to_owned()
}

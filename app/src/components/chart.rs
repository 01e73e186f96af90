//! Bar charts: a drawing, and the same numbers in a table that everybody can read. No script, no inline style.

use crate::components::table::{Row, Table};
use leptos::prelude::*;

/// The width in the drawing's own units; the page decides how large it is shown.
const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 130.0;
/// The room below the bars for their short names.
const FOOT: f64 = 18.0;

/// One bar.
pub(crate) struct Bar {
    /// The full name of what the bar counts, for the table.
    pub(crate) name: String,
    /// A short name below the bar; none where there is no room for it.
    pub(crate) short: Option<String>,
    /// The length of the bar.
    pub(crate) value: u64,
    /// The text of the value, which is not always a number.
    pub(crate) said: String,
}

/// Bars and their table.
pub(crate) struct Chart {
    /// An id that is unique on the page.
    pub(crate) id: &'static str,
    /// The title.
    pub(crate) title: String,
    /// A sentence that sums up what the chart shows.
    pub(crate) summary: String,
    /// The two headings of the table: for the names of the bars, and for their values.
    pub(crate) columns: [&'static str; 2],
    /// The text of the control that opens the table.
    pub(crate) open: &'static str,
    /// The bars, from left to right.
    pub(crate) bars: Vec<Bar>,
}

impl Chart {
    /// The drawing, and the table below it.
    pub(crate) fn view(self) -> impl IntoView {
        let Self { id, title, summary, columns, open, bars } = self;
        let drawing = drawing(id, &title, &summary, &bars);
        let rows = bars.into_iter().map(|bar| Row::new(bar.name.into_any(), vec![Some(bar.said.into_any())]));
        let table = Table { class: "table--plain", caption: title, columns: columns.to_vec(), rows: rows.collect() };
        view! {
            <figure class="chart">
                {drawing}
                <figcaption>{summary}</figcaption>
                <details>
                    <summary>{open}</summary>
                    {table.view()}
                </details>
            </figure>
        }
    }
}

fn drawing(id: &'static str, title: &str, summary: &str, bars: &[Bar]) -> impl IntoView + use<> {
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
    let step = WIDTH / bars.len().max(1) as f64;
    // The gap between bars stays narrow, so that a year of days still shows as bars.
    let width = (step * 0.72).max(1.0);
    let shown: Vec<_> = bars
        .iter()
        .enumerate()
        .map(|(index, bar)| {
            // A bar that is not zero is high enough to be seen.
            let height = if bar.value == 0 { 0.0 } else { (bar.value as f64 / most as f64 * (HEIGHT - FOOT)).max(2.0) };
            let x = index as f64 * step;
            let label = bar.short.clone().map(|short| {
                view! {
                    <text x=number(x + step / 2.0) y=number(HEIGHT - 5.0) text-anchor="middle" font-size="9.5">{short}</text>
                }
            });
            view! {
                <rect
                    x=number(x + (step - width) / 2.0)
                    y=number(HEIGHT - FOOT - height)
                    width=number(width)
                    height=number(height)
                    rx="3"
                />
                {label}
            }
        })
        .collect();
    let (heading, about) = (format!("{id}-titre"), format!("{id}-resume"));
    view! {
        <svg
            class="bars"
            role="img"
            viewBox=format!("0 0 {WIDTH} {HEIGHT}")
            aria-labelledby=format!("{heading} {about}")
        >
            <title id=heading.clone()>{title.to_owned()}</title>
            <desc id=about.clone()>{summary.to_owned()}</desc>
            <line x1="0" x2=number(WIDTH) y1=number(HEIGHT - FOOT) y2=number(HEIGHT - FOOT)/>
            {shown}
        </svg>
    }
}

/// A coordinate, rounded to a tenth.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(values: &[u64]) -> String {
        let bars = values.iter().map(|value| Bar {
            name: format!("<b>{value}"),
            short: None,
            value: *value,
            said: value.to_string(),
        });
        let chart = Chart {
            id: "g",
            title: "Titre".to_owned(),
            summary: "Résumé".to_owned(),
            columns: ["Mois", "Nombre"],
            open: "Voir",
            bars: bars.collect(),
        };
        chart.view().to_html()
    }

    #[test]
    fn the_longest_bar_fills_the_height_and_every_count_above_zero_can_be_seen() {
        let html = html(&[0, 5, 10, 1_000_000]);
        let heights: Vec<f64> = html
            .split("<rect ")
            .skip(1)
            .map(|rect| rect.split(" height=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap())
            .collect();
        assert_eq!(heights, [0.0, 2.0, 2.0, HEIGHT - FOOT]);
        assert!(html.contains("role=\"img\"") && html.contains("aria-labelledby=\"g-titre g-resume\""), "{html}");
        assert!(!html.contains("style=") && !html.contains("<b>"), "{html}");
    }

    #[test]
    fn a_chart_of_zeros_holds_no_invalid_number() {
        assert!(!html(&[]).contains("NaN") && !html(&[0, 0]).contains("NaN"));
    }
}

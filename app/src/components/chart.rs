//! Bars: a drawing for the eye, and the same numbers in a table for everybody. No script, no inline style.

use crate::components::table::{Row, Table};
use leptos::prelude::*;

/// The drawing's own units; the page decides how large it is.
const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 130.0;
/// Room below the bars for what they stand for.
const FOOT: f64 = 18.0;

/// One bar.
pub(crate) struct Bar {
    /// What it stands for, whole, for the table.
    pub(crate) name: String,
    /// The same in a few letters, below the bar; nothing where there is no room.
    pub(crate) short: Option<String>,
    /// How long it is.
    pub(crate) value: u64,
    /// What is said of it; not always a number.
    pub(crate) said: String,
}

/// Bars and their table.
pub(crate) struct Chart {
    /// Its id, which nothing else on the page has.
    pub(crate) id: &'static str,
    /// What it shows.
    pub(crate) title: String,
    /// What can be seen in it, in a sentence.
    pub(crate) summary: String,
    /// The table's columns: what bars stand for, and what their length is.
    pub(crate) columns: [&'static str; 2],
    /// What opens the table.
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
    // A gap that leaves the bars of a year still bars.
    let width = (step * 0.72).max(1.0);
    let shown: Vec<_> = bars
        .iter()
        .enumerate()
        .map(|(index, bar)| {
            // The smallest that is there can be seen.
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

/// A coordinate, to a tenth.
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
    fn the_longest_bar_is_as_high_as_there_is_room_and_nothing_is_flat() {
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
    fn nothing_to_show_is_shown_as_nothing() {
        assert!(!html(&[]).contains("NaN") && !html(&[0, 0]).contains("NaN"));
    }
}

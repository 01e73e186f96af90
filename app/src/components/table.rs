//! Tables that become lists on a phone, the links between the pages of a long list, and timelines.

use super::icon::{CHEVRON_LEFT, CHEVRON_RIGHT, icon};
use crate::texts::Texts;
use leptos::prelude::*;

/// A table. On a phone each row is a block and each cell names its column; the roles keep it a table
/// for screen readers when the style changes `display`.
pub(crate) struct Table {
    /// A CSS class for its look, besides `table`.
    pub(crate) class: &'static str,
    /// The caption above it.
    pub(crate) caption: String,
    /// The names of the columns. The first column names the rows.
    pub(crate) columns: Vec<&'static str>,
    /// The rows.
    pub(crate) rows: Vec<Row>,
}

/// One row: the cell that names it, then its other cells in the order of the columns.
pub(crate) struct Row {
    /// An anchor, when a link leads to this row.
    pub(crate) id: Option<String>,
    /// The first cell.
    pub(crate) head: AnyView,
    /// The other cells. On a phone, a cell without a value is not shown.
    pub(crate) cells: Vec<Option<AnyView>>,
}

impl Row {
    /// A row without an anchor.
    pub(crate) fn new(head: AnyView, cells: Vec<Option<AnyView>>) -> Self {
        Self { id: None, head, cells }
    }
}

impl Table {
    /// The table, with its rows.
    pub(crate) fn view(self) -> impl IntoView {
        let Self { class, caption, columns, rows } = self;
        let rows: Vec<_> = rows
            .into_iter()
            .map(|row| {
                let cells: Vec<_> = columns
                    .iter()
                    .skip(1)
                    .zip(row.cells)
                    .map(|(&column, cell)| view! { <td role="cell" data-label=column>{cell}</td> })
                    .collect();
                view! {
                    <tr role="row" id=row.id>
                        <th role="rowheader" scope="row">{row.head}</th>
                        {cells}
                    </tr>
                }
            })
            .collect();
        table(class, caption, &columns, view! { <tbody role="rowgroup">{rows}</tbody> })
    }
}

/// A table around a body that is already written.
pub(crate) fn table<Body: IntoView>(
    class: &str,
    caption: String,
    columns: &[&'static str],
    body: Body,
) -> impl IntoView + use<Body> {
    let heads: Vec<_> =
        columns.iter().map(|&column| view! { <th role="columnheader" scope="col">{column}</th> }).collect();
    let class = format!("table {class}");
    view! {
        <table class=class role="table">
            <caption>{caption}</caption>
            <thead role="rowgroup"><tr role="row">{heads}</tr></thead>
            {body}
        </table>
    }
}

/// The links to the previous and the next page; none when there is only one page.
pub(crate) fn pagination(texts: Texts, page: u32, pages: u32, href: &dyn Fn(u32) -> String) -> Option<AnyView> {
    let previous = (page > 1).then(|| {
        view! { <a class="button button--second" rel="prev" href=href(page - 1)>{icon(CHEVRON_LEFT)}{texts.staff_previous()}</a> }
    });
    let following = (page < pages).then(|| {
        view! { <a class="button button--second" rel="next" href=href(page + 1)>{texts.staff_following()}{icon(CHEVRON_RIGHT)}</a> }
    });
    let previous = previous.map_or_else(|| view! { <span></span> }.into_any(), IntoAny::into_any);
    let following = following.map_or_else(|| view! { <span></span> }.into_any(), IntoAny::into_any);
    (pages > 1).then(|| {
        view! {
            <nav class="pages" aria-label=texts.staff_pages()>
                {previous}
                <span>{texts.staff_page(page, pages)}</span>
                {following}
            </nav>
        }
        .into_any()
    })
}

/// One step of a timeline.
pub(crate) struct Step {
    /// Its icon.
    pub(crate) icon: &'static str,
    /// What was done.
    pub(crate) title: String,
    /// When it was done, and by whom.
    pub(crate) note: String,
}

/// A timeline: what was done, step by step.
pub(crate) fn timeline(steps: Vec<Step>) -> impl IntoView {
    let steps: Vec<_> = steps
        .into_iter()
        .map(|step| {
            view! {
                <li>
                    <span class="timeline-mark">{icon(step.icon)}</span>
                    <div><p><strong>{step.title}</strong></p><p class="hint">{step.note}</p></div>
                </li>
            }
        })
        .collect();
    view! { <ol class="timeline plain">{steps}</ol> }
}

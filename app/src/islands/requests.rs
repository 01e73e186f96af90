//! Takes, hands over and closes requests in their list (A5). The advisor keeps their place in the list.
//!
//! Each row works without this island: its buttons are forms, and « hand over » leads to a form on the page of the
//! request. The island brings that form into the row and calls [`handle_request`]. Then it reads the row again from the
//! server, so that the row shows the new state.

use super::{
    dom::{all, attribute, by_id, first, focus, is_online, listen, say, target},
    spaces::{get_page, is_plain_click, reason},
};
use crate::{
    actions::inbox::{Handled, handle_request},
    fields::escape,
};
use domain::{forms::inbox::HandlingForm, ids::RequestId};
use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_bindgen::JsCast,
    web_sys::{Document, Element, Event, FormData, HtmlFormElement, SubmitEvent},
};
use std::{cell::Cell, rc::Rc};

/// The id of the list.
pub(crate) const LIST: &str = "demandes";
/// The number of the cell of a row that says who has the request. The head of the row does not count.
const HOLDER: usize = 2;
/// The class of the element with the buttons of a row.
pub(crate) const ACTIONS: &str = "row-actions";
/// The class of the link to the form that hands a request over.
pub(crate) const HAND: &str = "row-hand";
/// The id of that form.
pub(crate) const HAND_FORM: &str = "confier";
/// « You have it now. »
pub(crate) const TAKEN: &str = "data-taken";
/// « A colleague has it now. »
pub(crate) const HANDED: &str = "data-handed";
/// « It is closed. »
pub(crate) const CLOSED: &str = "data-closed";
/// « Somebody else was quicker. »
pub(crate) const OVERTAKEN: &str = "data-overtaken";

/// Handles requests in the list around this island.
#[island]
pub fn RequestList() -> impl IntoView {
    // The server renders the same view and has no page to look at.
    if cfg!(target_arch = "wasm32") {
        take_over();
    }
    view! { <p class="sr" role="status"></p> }
}

struct List {
    list: Element,
    sending: Cell<bool>,
    /// Whether the browser sends the next form itself, because the last call failed.
    given_back: Cell<bool>,
}

fn take_over() -> Option<()> {
    let list = Rc::new(List { list: by_id(LIST)?, sending: Cell::new(false), given_back: Cell::new(false) });
    let this = list.clone();
    listen(&list.list, "submit", move |event| {
        this.submit(&event);
    });
    let this = list.clone();
    listen(&list.list, "click", move |event| {
        this.bring_form(&event);
    });
    Some(())
}

impl List {
    /// Sends the form of a row by a call. The browser sends a form that the island cannot read.
    fn submit(self: &Rc<Self>, event: &Event) -> Option<()> {
        if self.given_back.get() {
            return None;
        }
        let form: HtmlFormElement = target(event)?.dyn_into().ok()?;
        let row = form.closest("tr").ok()??;
        // Not `form.action()`: a button of the form is named « action », and the browser would return that button.
        let request: RequestId = attribute(&form, "action").rsplit('/').next()?.parse().ok()?;
        let data = FormData::new_with_form(&form).ok()?;
        let field = |name: &str| data.get(name).as_string().unwrap_or_default();
        let button = event.dyn_ref::<SubmitEvent>()?.submitter()?;
        let (action, holder, colleague) = (attribute(&button, "value"), field("holder"), field("colleague"));
        event.prevent_default();
        if self.sending.replace(true) {
            return None;
        }
        let _ = button.set_attribute("aria-disabled", "true");
        if let Some(error) = first(&row, ".error") {
            error.remove();
        }
        let this = self.clone();
        spawn_local(async move {
            let answer =
                handle_request(request, HandlingForm { action, holder, colleague, ..HandlingForm::default() }).await;
            this.sending.set(false);
            let _ = button.remove_attribute("aria-disabled");
            match answer {
                Ok(handled) => this.refresh(row, handled),
                Err(refusal) => {
                    // The row stays as it is. With a network, the form may still work when the browser sends it itself.
                    this.given_back.set(refusal.sentences.is_empty() && is_online());
                    let sentence = reason(refusal, &this.list);
                    let line = ["<p class=\"error\">", &escape(&sentence), "</p>"].concat();
                    if let Some(actions) = first(&row, &[".", ACTIONS].concat()) {
                        let _ = actions.insert_adjacent_html("beforeend", &line);
                    }
                    say(&this.list, &sentence);
                }
            }
        });
        Some(())
    }

    /// Reads the row again. When the request has left this list, its row stays and says why.
    fn refresh(self: &Rc<Self>, row: Element, handled: Handled) {
        let sentence = attribute(
            &self.list,
            match handled {
                Handled::Taken => TAKEN,
                Handled::Handed => HANDED,
                Handled::Closed => CLOSED,
                _ => OVERTAKEN,
            },
        );
        say(&self.list, &sentence);
        let location = window().location();
        let address = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
        get_page(&address, move |page| {
            for part in ["nav.tabs", ".page-head .lead"] {
                copy(page.as_ref(), part);
            }
            match page.and_then(|page| page.get_element_by_id(&row.id())) {
                Some(fresh) => row.set_inner_html(&fresh.inner_html()),
                None => keep_in_place(&row, &sentence),
            }
            if let Some(link) = first(&row, "th a") {
                focus(&link);
            }
        });
    }

    /// Brings the form that hands a request over into its row, from the page of the request.
    fn bring_form(self: &Rc<Self>, event: &Event) -> Option<()> {
        let link = target(event)?.closest(&[".", HAND].concat()).ok()??;
        let (row, href) = (link.closest("tr").ok()??, attribute(&link, "href"));
        if !is_plain_click(event) {
            return None;
        }
        event.prevent_default();
        get_page(&href.clone(), move |page| {
            // A form that is open in another row is removed, because ids must be unique on the page.
            if let Some(other) = by_id::<Element>(HAND_FORM) {
                other.remove();
            }
            let form = page.and_then(|page| page.get_element_by_id(HAND_FORM));
            let place = first(&row, &[".", ACTIONS].concat());
            let (Some(form), Some(place)) = (form, place) else {
                let _ = window().location().assign(&href);
                return;
            };
            let _ = place.insert_adjacent_html("beforeend", &form.outer_html());
            if let Some(field) = first(&row, "select") {
                focus(&field);
            }
        });
        Some(())
    }
}

/// Shows in the row of a request that left the list what became of it. The state, and who has it, are read from the page
/// of the request.
fn keep_in_place(row: &Element, sentence: &str) {
    let part = |selector: &str| first(row, selector);
    if let Some(actions) = part(&[".", ACTIONS].concat()) {
        actions.set_inner_html(&escape(sentence));
    }
    let (state, holder) = (part(".badge"), all(row, "td").into_iter().nth(HOLDER));
    let href = part("th a").map(|link| attribute(&link, "href")).unwrap_or_default();
    get_page(&href, move |page| {
        let found = |selector: &str| page.as_ref()?.query_selector(selector).ok()?;
        if let (Some(state), Some(fresh)) = (&state, found(".page-head .badge")) {
            state.set_outer_html(&fresh.outer_html());
        }
        if let (Some(holder), Some(fresh)) = (&holder, found("[aria-labelledby=t-suivi] dd")) {
            holder.set_text_content(fresh.text_content().as_deref());
        }
    });
}

/// Copies a part of `page` into the page that is shown.
fn copy(page: Option<&Document>, selector: &str) {
    let part = |page: &Document| page.query_selector(selector).ok().flatten();
    if let (Some(fresh), Some(shown)) = (page.and_then(part), part(&document())) {
        shown.set_inner_html(&fresh.inner_html());
    }
}

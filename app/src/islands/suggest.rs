//! Suggestions under the search field of the site (F7): a list that changes while somebody types.
//!
//! The search is a plain form. This island adds the combo box pattern: arrow keys, Enter and Escape, and real links.
//! When a call fails no list is shown, and the form works as before.

use super::{
    call::{call, list, text},
    dom::{attribute, by_id, listen, say},
    pause::{Questions, after},
};
use crate::{actions::search::Suggest, fields::escape};
use leptos::{
    prelude::*,
    server_fn::ServerFn,
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{Element, Event, HtmlInputElement, KeyboardEvent, UrlSearchParams},
};
use std::{
    cell::{Cell, RefCell},
    fmt::Write as _,
    rc::Rc,
};

/// The id of the search field.
pub(crate) const FIELD: &str = "q";
/// The id of the element around the island, where the list appears.
pub(crate) const PLACE: &str = "suggestions";
/// The attribute of that element with the name of the list.
pub(crate) const NAME: &str = "data-name";
/// The attribute with the text « {count} suggestions », which screen readers announce.
pub(crate) const COUNT: &str = "data-count";

/// How long somebody has stopped typing before the search starts: about the time in which one types one or two letters.
const PAUSE_MILLIS: i32 = 250;

/// Shows matching suggestions while somebody types.
#[island]
pub fn Suggestions() -> impl IntoView {
    // The server renders the same view, but has no page to look at.
    if cfg!(target_arch = "wasm32") {
        follow();
    }
    view! { <p class="sr" role="status"></p> }
}

struct Search {
    field: HtmlInputElement,
    place: Element,
    /// The texts that were typed. An answer to an earlier text is dropped.
    typed: Questions,
    /// The suggestion that was chosen with the arrow keys.
    at: Cell<Option<usize>>,
    paths: RefCell<Vec<String>>,
}

fn follow() -> Option<()> {
    let field: HtmlInputElement = by_id(FIELD)?;
    let place: Element = by_id(PLACE)?;
    for (name, value) in [
        ("role", "combobox"),
        ("aria-autocomplete", "list"),
        ("aria-controls", "suggestions-liste"),
        ("aria-expanded", "false"),
    ] {
        field.set_attribute(name, value).ok()?;
    }
    let search =
        Rc::new(Search { field, place, typed: Questions::default(), at: Cell::default(), paths: RefCell::default() });
    for name in ["input", "keydown", "blur"] {
        let this = search.clone();
        listen(&search.field, name, move |event| this.hear(name, &event));
    }
    Some(())
}

impl Search {
    fn hear(self: &Rc<Self>, name: &str, event: &Event) {
        match name {
            "input" => self.ask(),
            "keydown" => self.press(event),
            // Pressing a suggestion moves the focus away first, so the list must stay open until the link was followed.
            _ => {
                let this = self.clone();
                after(PAUSE_MILLIS, move || this.close());
            }
        }
    }

    /// Asks for suggestions when nothing was typed for a moment.
    fn ask(self: &Rc<Self>) {
        let is_last = self.typed.begin();
        let this = self.clone();
        after(PAUSE_MILLIS, move || {
            if !is_last() {
                return;
            }
            let words = this.field.value();
            let Ok(body) = UrlSearchParams::new() else { return };
            body.append("q", words.trim());
            spawn_local(async move {
                let reply = call(Suggest::PATH, body.to_string().into()).await;
                // A late answer may be for an earlier text.
                if is_last() {
                    this.show(reply.filter(|reply| reply.status == 200).map(|reply| reply.body));
                }
            });
        });
    }

    fn show(&self, found: Option<JsValue>) {
        let found = found.and_then(list).map(|found| found.iter().collect::<Vec<_>>()).unwrap_or_default();
        if found.is_empty() {
            return self.close();
        }
        let name = attribute(&self.place, NAME);
        let mut html =
            String::from("<div class=\"suggestions\" id=\"suggestions-liste\" role=\"listbox\" aria-label=\"");
        html.push_str(&escape(&name));
        html.push_str("\">");
        let mut paths = Vec::new();
        for (at, one) in found.iter().enumerate() {
            let (path, title) = (text(one, "path"), text(one, "title"));
            let _ = write!(
                html,
                "<a role=\"option\" aria-selected=\"false\" tabindex=\"-1\" id=\"suggestion-{at}\" href=\"{}\">{}</a>",
                escape(&path),
                escape(&title)
            );
            paths.push(path);
        }
        html.push_str("</div>");
        self.clear();
        let _ = self.place.insert_adjacent_html("beforeend", &html);
        let _ = self.field.set_attribute("aria-expanded", "true");
        let count = attribute(&self.place, COUNT);
        say(&self.place, &count.replace("{count}", &paths.len().to_string()));
        *self.paths.borrow_mut() = paths;
    }

    fn press(&self, event: &Event) {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        let count = self.paths.borrow().len();
        if count == 0 {
            return;
        }
        let at = match (event.key().as_str(), self.at.get()) {
            ("ArrowDown", None) => Some(0),
            ("ArrowDown", Some(at)) => Some((at + 1) % count),
            ("ArrowUp", None | Some(0)) => Some(count - 1),
            ("ArrowUp", Some(at)) => Some(at - 1),
            ("Enter", Some(at)) => {
                event.prevent_default();
                if let Some(path) = self.paths.borrow().get(at) {
                    let _ = window().location().assign(path);
                }
                return;
            }
            ("Escape", _) => {
                event.prevent_default();
                return self.close();
            }
            _ => return,
        };
        event.prevent_default();
        self.mark(false);
        self.at.set(at);
        self.mark(true);
    }

    /// Marks the suggestion that was chosen with the arrow keys, or removes the mark.
    fn mark(&self, here: bool) {
        let Some(at) = self.at.get() else { return };
        let id = format!("suggestion-{at}");
        if let Some(option) = by_id::<Element>(&id) {
            let _ = option.set_attribute("aria-selected", if here { "true" } else { "false" });
        }
        let _ = self.field.set_attribute("aria-activedescendant", if here { &id } else { "" });
    }

    fn close(&self) {
        self.clear();
        say(&self.place, "");
    }

    fn clear(&self) {
        self.at.set(None);
        self.paths.borrow_mut().clear();
        let _ = self.field.remove_attribute("aria-activedescendant");
        let _ = self.field.set_attribute("aria-expanded", "false");
        if let Some(list) = by_id::<Element>("suggestions-liste") {
            list.remove();
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::actions::search::Suggestion;

    #[test]
    fn a_suggestion_is_written_as_the_island_reads_it() {
        let one = Suggestion { title: "Contact".to_owned(), path: "/contact".to_owned() };
        let json = serde_json::to_value(one).unwrap();
        assert_eq!((&json["title"], &json["path"]), (&"Contact".into(), &"/contact".into()));
    }
}

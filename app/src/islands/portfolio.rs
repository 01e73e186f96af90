//! Searches the portfolio while somebody types (A2), and shows a file beside the list where there is room.
//!
//! The page works without this island: the search is a form, and each person is a link. The island calls
//! [`find_people`] after a short pause and drops answers that come late. It also changes the address of the page, so
//! that the Back button of the browser leads to the same list again. Arrow keys move from the field through the people,
//! and Escape goes back to the field.

use super::{
    dom::{all, attribute, by_id, first, focus, is_online, listen, target},
    pause::{Questions, after},
    spaces::{get_page, hide, is_plain_click, reason},
};
use crate::{
    actions::portfolio::find_people,
    found::FoundPeople,
    people::{BASE, LINK, row},
};
use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{Document, Element, Event, History, HtmlInputElement, KeyboardEvent, js_sys::encode_uri_component},
};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

/// The id of the form.
pub(crate) const FORM: &str = "chercher";
/// The id of the field.
pub(crate) const FIELD: &str = "q";
/// The id of the line that says how many people there are.
pub(crate) const LEAD: &str = "combien";
/// The id of the element whose content the search replaces.
pub(crate) const LIST: &str = "liste";
/// The id of the message that nobody was found.
pub(crate) const NOBODY: &str = "aucun";
/// The id of the link to everybody.
pub(crate) const EVERYBODY: &str = "tous";
/// The id of the link to the further people of the search.
pub(crate) const MORE: &str = "suite";
/// The id of the element that shows a file beside the list.
pub(crate) const FILE: &str = "dossier";

/// How long somebody has stopped typing before the search starts.
const PAUSE_MILLIS: i32 = 200;
/// The screens on which a file has room beside the list. The style has the same condition.
const BESIDE: &str = "(min-width: 56.25em) and (orientation: landscape)";

/// Searches the portfolio while somebody types. It stands inside the form.
#[island]
pub fn PeopleFinder() -> impl IntoView {
    // The server renders the same view and has no page to look at.
    if cfg!(target_arch = "wasm32") {
        take_over();
    }
    view! { <p class="sr" role="status"></p> }
}

struct Finder {
    form: Element,
    field: HtmlInputElement,
    lead: Element,
    list: Element,
    /// What the page showed when it came: the search, the line with the number of people, and the list.
    came_with: (String, String, String),
    /// The search whose people are shown.
    shown: RefCell<String>,
    /// The searches. An answer to an earlier one is dropped.
    searches: Questions,
    /// Whether the browser sends the form itself, because the last call failed.
    given_back: Cell<bool>,
    file: Element,
    /// The address of the file that is open; empty when none is open.
    open: RefCell<String>,
    /// The title and the path of the page of the list.
    page: (String, String),
    /// The files that were opened. A page of an earlier one is dropped.
    files: Questions,
}

/// Listens to the page. When the page lacks a part that the island needs, it stays a plain page.
fn take_over() -> Option<()> {
    let field: HtmlInputElement = by_id(FIELD)?;
    let (lead, list): (Element, Element) = (by_id(LEAD)?, by_id(LIST)?);
    let came_with = (field.default_value(), lead.text_content().unwrap_or_default(), list.inner_html());
    let finder = Rc::new(Finder {
        form: by_id(FORM)?,
        field,
        lead,
        list,
        shown: RefCell::new(came_with.0.clone()),
        came_with,
        searches: Questions::default(),
        given_back: Cell::new(false),
        file: by_id(FILE)?,
        open: RefCell::default(),
        page: (document().title(), window().location().pathname().ok()?),
        files: Questions::default(),
    });
    let on = |target: &Element, name: &'static str| {
        let this = finder.clone();
        listen(target, name, move |event| {
            this.hear(name, &event);
        });
    };
    on(&finder.form, "input");
    on(&finder.form, "submit");
    on(&finder.form, "keydown");
    on(&finder.list, "keydown");
    on(&finder.list, "click");
    on(&finder.file, "click");
    let this = finder.clone();
    listen(&window(), "popstate", move |_| this.follow_address());
    Some(())
}

impl Finder {
    fn hear(self: &Rc<Self>, name: &str, event: &Event) -> Option<()> {
        match name {
            "input" => self.search(PAUSE_MILLIS),
            "submit" if self.given_back.get() => {}
            "submit" => {
                event.prevent_default();
                self.search(0);
            }
            "keydown" => self.move_by(event.dyn_ref()?),
            _ => self.follow(event)?,
        }
        Some(())
    }

    /// Searches for what is typed after a pause of so many milliseconds, unless something else is typed meanwhile.
    fn search(self: &Rc<Self>, pause: i32) {
        let (this, is_last) = (self.clone(), self.searches.begin());
        after(pause, move || {
            if is_last() {
                spawn_local(async move { this.ask(is_last).await });
            }
        });
    }

    async fn ask(&self, is_last: impl Fn() -> bool) {
        let typed = self.field.value().trim().to_owned();
        if typed == *self.shown.borrow() {
            return;
        }
        if typed == self.came_with.0 {
            self.lead.set_text_content(Some(&self.came_with.1));
            self.list.set_inner_html(&self.came_with.2);
        } else {
            let answer = find_people(typed.clone()).await;
            if !is_last() {
                return;
            }
            match answer {
                Ok(found) => self.show(&typed, &found),
                Err(refusal) => {
                    // What was typed stays. With a network, the form may still work when the browser sends it itself.
                    self.given_back.set(is_online());
                    return self.say(&reason(refusal, &self.form), true);
                }
            }
        }
        self.given_back.set(false);
        self.say(&self.lead.text_content().unwrap_or_default(), false);
        self.shown.replace(typed);
        if !self.is_beside() {
            self.show_address();
        }
    }

    /// Changes the address of the page to the address of the list that is shown.
    fn show_address(&self) {
        let (shown, path) = (self.shown.borrow(), &*self.page.1);
        replace_address(&if shown.is_empty() { path.to_owned() } else { [path, &*query(&shown)].concat() });
    }

    fn show(&self, typed: &str, found: &FoundPeople) {
        let columns: Vec<_> = all(&self.list, "thead th").iter().filter_map(|head| head.text_content()).collect();
        let rows: String = found.people.iter().map(|person| row(person, None, &columns)).collect();
        if let Some(body) = first(&self.list, "tbody") {
            body.set_inner_html(&rows);
        }
        self.lead.set_text_content(Some(&found.lead));
        // The links to letters and pages belong to the list that the page came with.
        all(&self.list, "nav, caption").iter().for_each(|gone| gone.remove());
        let nobody = found.people.is_empty();
        let shown = [
            ("#", NOBODY, nobody),
            ("", ".card", !nobody),
            ("#", EVERYBODY, !typed.is_empty() && !nobody),
            ("#", MORE, found.more),
        ];
        for (kind, name, is_shown) in shown {
            if let Some(part) = first(&self.list, &[kind, name].concat()) {
                hide(&part, !is_shown);
                if name == MORE {
                    let _ = part.set_attribute("href", &[BASE, &query(typed), "&page=2"].concat());
                }
            }
        }
    }

    /// Announces a sentence. Only a failure is also seen: the number of people stands above the list already.
    fn say(&self, sentence: &str, visibly: bool) {
        if let Some(line) = first(&self.form, "[role=status]") {
            line.set_text_content(Some(sentence));
            line.set_class_name(if visibly { "" } else { "sr" });
        }
    }

    /// The links to files, in the order of the list.
    fn links(&self) -> Vec<Element> {
        all(&self.list, &[".", LINK].concat())
    }

    fn move_by(self: &Rc<Self>, event: &KeyboardEvent) {
        let links = self.links();
        let at = target(event).and_then(|focused| links.iter().position(|link| *link == focused));
        let to = match (&*event.key(), at) {
            ("ArrowDown", at) => links.get(at.map_or(0, |at| at + 1)),
            ("ArrowUp", Some(at)) if at > 0 => links.get(at - 1),
            ("ArrowUp" | "Escape", Some(_)) => Some(&**self.field),
            ("Escape", None) if !self.field.value().is_empty() => {
                self.field.set_value("");
                self.search(0);
                Some(&**self.field)
            }
            _ => None,
        };
        if let Some(to) = to {
            event.prevent_default();
            focus(to);
        }
    }

    fn is_beside(&self) -> bool {
        !self.open.borrow().is_empty()
    }

    /// Follows a link to a file, or back from it, without leaving the list. The browser follows every other link.
    fn follow(self: &Rc<Self>, event: &Event) -> Option<()> {
        let link = target(event)?.closest("a").ok()??;
        let href = attribute(&link, "href");
        if !is_plain_click(event) {
            return None;
        }
        if href == BASE && self.file.contains(Some(&link)) {
            event.prevent_default();
            let _ = history()?.back();
        } else if link.class_list().contains(LINK) && window().match_media(BESIDE).ok()??.matches() {
            event.prevent_default();
            // One step back leads to the list, however many files were opened.
            if self.is_beside() {
                replace_address(&href);
            } else {
                let _ = history()?.push_state_with_url(&JsValue::NULL, "", Some(&href));
            }
            self.open(&href);
        }
        Some(())
    }

    /// Follows the Back and Forward buttons, which went to another address of this page.
    fn follow_address(self: &Rc<Self>) {
        let path = window().location().pathname().unwrap_or_default();
        if path.strip_prefix(BASE).is_none_or(|rest| rest.len() < 2) {
            self.close();
        } else if path != *self.open.borrow() {
            self.open(&path);
        }
    }

    /// Shows the page at `href` beside the list. When that fails, the browser goes to the page.
    fn open(self: &Rc<Self>, href: &str) {
        let is_last = self.files.begin();
        self.open.replace(href.to_owned());
        let (this, path) = (self.clone(), href.to_owned());
        get_page(href, move |page| {
            if is_last() && page.and_then(|page| this.show_file(&page, &path)).is_none() {
                let _ = window().location().assign(&path);
            }
        });
    }

    fn show_file(&self, page: &Document, href: &str) -> Option<()> {
        let content = page.query_selector("main").ok()??;
        self.file.set_inner_html(&content.inner_html());
        hide(&self.file, false);
        document().set_title(&page.title());
        self.mark(href);
        let heading = first(&self.file, "h1")?;
        let _ = heading.set_attribute("tabindex", "-1");
        focus(&heading);
        Some(())
    }

    fn close(&self) {
        // A file that is still being read would come too late.
        let _ = self.files.begin();
        if !self.is_beside() {
            return;
        }
        hide(&self.file, true);
        self.file.set_inner_html("");
        document().set_title(&self.page.0);
        // The focus goes back to the person whose file was open.
        match first(&self.list, "[aria-current]") {
            Some(link) => focus(&link),
            None => focus(&self.field),
        }
        self.mark("");
        self.show_address();
    }

    /// Marks the link to the file that is open.
    fn mark(&self, href: &str) {
        self.open.replace(href.to_owned());
        for link in self.links() {
            let _ = match attribute(&link, "href") == href {
                true => link.set_attribute("aria-current", "true"),
                false => link.remove_attribute("aria-current"),
            };
        }
    }
}

fn history() -> Option<History> {
    window().history().ok()
}

fn replace_address(address: &str) {
    if let Some(history) = history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
}

/// The query of an address: `?q=…`.
fn query(typed: &str) -> String {
    ["?q=", &String::from(encode_uri_component(typed))].concat()
}

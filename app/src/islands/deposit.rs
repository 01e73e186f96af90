//! Sends the files of a deposit one by one, with the progress of each.
//!
//! The form around the island is the server's, and its attributes hold the sentences. Rows are written as strings: the
//! browser's parser costs the WebAssembly nothing, whereas views and props cost it 20 KiB.

use super::dom::{all, attribute, by_id, first, focus, listen, target};
use crate::fields::escape;
use domain::vault::{DOCUMENT_MAX_BYTES, FileKind};
use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{Element, Event, File, FormData, HtmlFormElement, HtmlInputElement, ProgressEvent, XmlHttpRequest},
};
use std::{cell::RefCell, rc::Rc};

/// The id of the form.
pub(crate) const FORM: &str = "depot";
/// The page to go to when everything is stored.
pub(crate) const BACK: &str = "data-back";
/// « It is chosen and not sent yet. »
pub(crate) const WAITING: &str = "data-waiting";
/// « It is on its way. »
pub(crate) const SENDING: &str = "data-sending";
/// « It is safe in the vault. »
pub(crate) const STORED: &str = "data-stored";
/// « It is none of the accepted types. »
pub(crate) const KIND: &str = "data-kind";
/// « There is nothing in it. »
pub(crate) const EMPTY: &str = "data-empty";
/// « It is over the limit. »
pub(crate) const TOO_LARGE: &str = "data-too-large";
/// « The network broke. »
pub(crate) const NETWORK: &str = "data-network";
/// « It was refused », without a reason that people can read.
pub(crate) const FAILED: &str = "data-failed";
/// On the button that sends a file again.
pub(crate) const RETRY: &str = "data-retry";
/// On the link that shows the list anew.
pub(crate) const REFRESH: &str = "data-refresh";

const CIRCLE_CHECK: &str = include_str!("../../icons/circle-check.svg").trim_ascii();
const CIRCLE_X: &str = include_str!("../../icons/circle-x.svg").trim_ascii();
const FILE: &str = include_str!("../../icons/file.svg").trim_ascii();

/// Progress of a deposit, inside its form. It is empty until files are chosen; without it the form is an ordinary one.
#[island]
pub fn DepositProgress() -> impl IntoView {
    // The server renders the same view and has no page to look at.
    if cfg!(target_arch = "wasm32") {
        Deposit::take_over();
    }
    view! { <div aria-live="polite"><ul class="uploads plain"></ul></div> }
}

/// Where one file stands.
#[derive(Clone, PartialEq)]
enum State {
    Waiting,
    Sending,
    Stored,
    Refused(String),
    /// The file was not sent, and another try may do.
    Broken(String),
}

/// One file, and where it stands.
struct Row {
    file: File,
    state: State,
}

/// A whole deposit.
struct Deposit {
    form: HtmlFormElement,
    list: Element,
    rows: RefCell<Vec<Row>>,
}

impl Deposit {
    /// Listens to the form. When a part is missing, the form is left to the browser.
    fn take_over() -> Option<()> {
        let form: HtmlFormElement = by_id(FORM)?;
        let list = first(&form, "ul.uploads")?;
        let deposit = Rc::new(Self { form, list, rows: RefCell::default() });
        let this = deposit.clone();
        listen(&deposit.form, "change", move |event| this.chosen(&event));
        let this = deposit.clone();
        listen(&deposit.form, "submit", move |event| this.submitted(&event));
        let this = deposit.clone();
        listen(&deposit.list, "click", move |event| {
            this.retry(&event);
        });
        Some(())
    }

    fn chosen(&self, event: &Event) {
        let is_file = target(event).is_some_and(|input| attribute(&input, "type") == "file");
        if is_file && !self.any(&State::Sending) {
            self.review();
        }
    }

    fn submitted(self: &Rc<Self>, event: &Event) {
        if self.any(&State::Sending) {
            event.prevent_default();
        } else if self.category().is_some() && self.review() > 0 {
            event.prevent_default();
            self.send_next();
        }
    }

    fn any(&self, state: &State) -> bool {
        self.rows.borrow().iter().any(|row| row.state == *state)
    }

    fn text(&self, name: &str) -> String {
        attribute(&self.form, name)
    }

    /// The drawer that was chosen.
    fn category(&self) -> Option<String> {
        let data = FormData::new_with_form(&self.form).ok()?;
        data.get("category").as_string().filter(|category| !category.is_empty())
    }

    /// Lists the chosen files, refusing what can be known before a byte travels. It gives their number.
    fn review(&self) -> usize {
        let mut rows = Vec::new();
        for input in all(&self.form, "input[type=file]") {
            let Some(files) = input.dyn_ref::<HtmlInputElement>().and_then(HtmlInputElement::files) else { continue };
            for file in (0..files.length()).filter_map(|at| files.get(at)) {
                let refusal = if FileKind::from_name(&file.name()).is_none() {
                    Some(KIND)
                } else if file.size() < 1.0 {
                    Some(EMPTY)
                } else if file.size() > DOCUMENT_MAX_BYTES as f64 {
                    Some(TOO_LARGE)
                } else {
                    None
                };
                let state = refusal.map_or(State::Waiting, |text| State::Refused(self.text(text)));
                rows.push(Row { file, state });
            }
        }
        let count = rows.len();
        self.rows.replace(rows);
        // The focus goes to a line whose button is pressed, so that it is not lost with the button.
        self.list.set_inner_html(&"<li tabindex=\"-1\"></li>".repeat(count));
        (0..count).for_each(|at| self.draw(at));
        self.offer_the_list();
        count
    }

    fn line(&self, at: usize) -> Option<Element> {
        all(&self.list, "li").into_iter().nth(at)
    }

    fn set(&self, at: usize, state: State) {
        if let Some(row) = self.rows.borrow_mut().get_mut(at) {
            row.state = state;
        }
        self.draw(at);
    }

    /// Writes the line of a file anew.
    fn draw(&self, at: usize) {
        let rows = self.rows.borrow();
        let (Some(line), Some(row)) = (self.line(at), rows.get(at)) else { return };
        let (class, svg, text) = match &row.state {
            State::Waiting => ("upload", FILE, self.text(WAITING)),
            State::Sending => ("upload", FILE, self.text(SENDING)),
            State::Stored => ("upload upload--done", CIRCLE_CHECK, self.text(STORED)),
            State::Refused(text) | State::Broken(text) => ("upload upload--error", CIRCLE_X, text.clone()),
        };
        let name = escape(&row.file.name());
        let mut html = ["<span class=\"i\">", svg, "</span><div><p><b>", &name, "</b> <span class=\"hint\">"].concat();
        html += &escape(&text);
        html += "</span>";
        if row.state == State::Sending {
            // Read out at each step, the figure would drown everything else.
            html +=
                "<span class=\"hint\" aria-hidden=\"true\"></span></p><progress max=\"100\" value=\"0\" aria-label=\"";
            html += &name;
            html += "\"></progress>";
        } else {
            html += "</p>";
        }
        html += "</div>";
        if matches!(row.state, State::Broken(_)) {
            html += "<button type=\"button\" class=\"button button--quiet button--small\">";
            html += &escape(&self.text(RETRY));
            html += "</button>";
        }
        line.set_class_name(class);
        line.set_inner_html(&html);
    }

    fn show_progress(&self, at: usize, percent: u32) {
        let Some(line) = self.line(at) else { return };
        let percent = percent.to_string();
        if let (Some(bar), Some(figure)) = (first(&line, "progress"), first(&line, "[aria-hidden=true].hint")) {
            let _ = bar.set_attribute("value", &percent);
            figure.set_text_content(Some(&[" ", &percent, "\u{a0}%"].concat()));
        }
    }

    /// Sends the first file that waits; when none is left and all are stored, goes to the list.
    fn send_next(self: &Rc<Self>) {
        let waiting = self.rows.borrow().iter().position(|row| row.state == State::Waiting);
        if let Some(at) = waiting {
            self.set(at, State::Sending);
            if self.send(at).is_err() {
                self.done(at, State::Broken(self.text(FAILED)));
            }
        } else if self.rows.borrow().iter().all(|row| row.state == State::Stored) {
            // If the browser does not go, the list and its link stay.
            let _ = window().location().assign(&self.back());
        }
        self.offer_the_list();
    }

    fn done(self: &Rc<Self>, at: usize, state: State) {
        self.set(at, state);
        self.send_next();
    }

    fn send(self: &Rc<Self>, at: usize) -> Result<(), JsValue> {
        let file = self.rows.borrow().get(at).map(|row| row.file.clone()).ok_or(JsValue::NULL)?;
        // The category goes first: the server stores the file while it arrives.
        let data = FormData::new()?;
        data.append_with_str("category", &self.category().unwrap_or_default())?;
        data.append_with_blob("file", &file)?;

        let request = XmlHttpRequest::new()?;
        request.open("POST", &self.form.action())?;
        request.set_request_header("Accept", "text/plain")?;
        let this = self.clone();
        let upload = request.upload()?;
        listen(&upload, "progress", move |event| {
            let Some(event) = event.dyn_ref::<ProgressEvent>() else { return };
            if event.length_computable() && event.total() > 0.0 {
                this.show_progress(at, (event.loaded() * 100.0 / event.total()) as u32);
            }
        });
        let (this, answer) = (self.clone(), request.clone());
        listen(&request, "loadend", move |_| this.done(at, this.outcome(&answer)));
        request.send_with_opt_form_data(Some(&data))
    }

    /// What the server's answer means for the file.
    fn outcome(&self, answer: &XmlHttpRequest) -> State {
        let kind = answer.get_response_header("content-type").ok().flatten().unwrap_or_default();
        let sentence = answer.response_text().ok().flatten();
        let sentence = sentence.filter(|text| kind.starts_with("text/plain") && !text.is_empty());
        match (answer.status().unwrap_or(0), sentence) {
            (201, _) => State::Stored,
            (0, _) => State::Broken(self.text(NETWORK)),
            (413 | 422, Some(sentence)) => State::Refused(sentence),
            (_, Some(sentence)) => State::Broken(sentence),
            (_, None) => State::Broken(self.text(FAILED)),
        }
    }

    /// Sends the file again whose button was pressed.
    fn retry(self: &Rc<Self>, event: &Event) -> Option<()> {
        let line = target(event)?.closest("button").ok()??.closest("li").ok()??;
        let at = all(&self.list, "li").iter().position(|other| *other == line)?;
        let running = self.any(&State::Sending);
        self.set(at, State::Waiting);
        focus(&line);
        if !running {
            self.send_next();
        }
        Some(())
    }

    /// The list, told how many documents have come.
    fn back(&self) -> String {
        let stored = self.rows.borrow().iter().filter(|row| row.state == State::Stored).count();
        [&self.text(BACK), "?depose=", &stored.to_string()].concat()
    }

    /// When some files are stored and nothing moves any more, a link leads to the list.
    fn offer_the_list(&self) {
        let Some(place) = self.list.parent_element() else { return };
        if let Some(link) = first(&place, "a") {
            link.remove();
        }
        if self.any(&State::Stored) && !self.any(&State::Sending) && !self.any(&State::Waiting) {
            let (href, text) = (escape(&self.back()), escape(&self.text(REFRESH)));
            let link = ["<a class=\"button button--second\" href=\"", &href, "\">", &text, "</a>"].concat();
            let _ = place.insert_adjacent_html("beforeend", &link);
        }
    }
}

//! Sends the files of a deposit one by one and shows the progress of each.

use domain::vault::{DOCUMENT_MAX_BYTES, FileKind};
use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, JsValue, prelude::Closure},
    web_sys,
};
use serde::{Deserialize, Serialize};
use web_sys::{Event, File, FormData, HtmlFormElement, HtmlInputElement, ProgressEvent, XmlHttpRequest};

/// The sentences of the island.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DepositTexts {
    /// Chosen, not sent yet.
    pub waiting: String,
    /// On its way.
    pub sending: String,
    /// Safe in the vault.
    pub stored: String,
    /// Not one of the accepted types.
    pub kind: String,
    /// Nothing in it.
    pub empty: String,
    /// Over the limit.
    pub too_large: String,
    /// The network broke.
    pub network: String,
    /// Refused, and the server gave no sentence that says why.
    pub failed: String,
    /// On the button that sends again.
    pub retry: String,
    /// On the link that shows the list anew.
    pub refresh: String,
}

/// Where one file stands.
#[derive(Clone, PartialEq)]
enum State {
    Waiting,
    Sending(u32),
    Stored,
    Refused(String),
    /// Not sent, but worth another try.
    Broken(String),
}

/// One file as it is shown.
#[derive(Clone)]
struct Row {
    name: String,
    state: State,
}

/// All of a deposit; copies share the same rows.
#[derive(Clone, Copy)]
struct Deposit {
    rows: RwSignal<Vec<Row>>,
    // Files belong to the browser's one thread.
    files: StoredValue<Vec<File>, LocalStorage>,
    form: StoredValue<String>,
    back: StoredValue<String>,
    texts: StoredValue<DepositTexts>,
}

const CIRCLE_CHECK: &str = include_str!("../../icons/circle-check.svg");
const CIRCLE_X: &str = include_str!("../../icons/circle-x.svg");
const FILE: &str = include_str!("../../icons/file.svg");

/// Progress of a deposit, inside its form. Empty until files are chosen; without it the form is an
/// ordinary one.
#[island]
pub fn DepositProgress(
    /// The id of the form.
    form: String,
    /// The page to go to when everything is stored.
    back: String,
    /// The sentences.
    texts: DepositTexts,
) -> impl IntoView {
    let deposit = Deposit {
        rows: RwSignal::new(Vec::new()),
        files: StoredValue::new_local(Vec::new()),
        form: StoredValue::new(form),
        back: StoredValue::new(back),
        texts: StoredValue::new(texts),
    };
    Effect::new(move |_| deposit.take_over());
    view! {
        <div aria-live="polite">
            <ul class="uploads plain">
                {move || deposit.rows.get().into_iter().enumerate().map(|(at, row)| deposit.line(at, row)).collect_view()}
            </ul>
            {move || deposit.refresh_link()}
        </div>
    }
}

impl Deposit {
    /// Listens to the form. When a part of the page is missing, the browser sends the form as usual.
    fn take_over(self) {
        let Some(form) = self.form() else { return };
        listen(&form, "change", move |event| {
            let is_file = event
                .target()
                .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
                .is_some_and(|input| input.type_() == "file");
            if is_file && !self.is_running() {
                self.review();
            }
        });
        listen(&form, "submit", move |event| {
            if self.is_running() {
                event.prevent_default();
            } else if self.category().is_some() && self.review() > 0 {
                event.prevent_default();
                self.send_next();
            }
        });
    }

    fn form(self) -> Option<HtmlFormElement> {
        let id = self.form.get_value();
        document().get_element_by_id(&id)?.dyn_into().ok()
    }

    /// The drawer that was chosen.
    fn category(self) -> Option<String> {
        let data = FormData::new_with_form(&self.form()?).ok()?;
        data.get("category").as_string().filter(|category| !category.is_empty())
    }

    fn is_running(self) -> bool {
        self.rows.with_untracked(|rows| rows.iter().any(|row| matches!(row.state, State::Sending(_))))
    }

    /// Lists the chosen files, refusing what can be known before a byte travels. Gives their number.
    fn review(self) -> usize {
        let files = self.chosen();
        let rows: Vec<_> = self.texts.with_value(|texts| {
            files
                .iter()
                .map(|file| {
                    let name = file.name();
                    let refusal = if FileKind::from_name(&name).is_none() {
                        Some(&texts.kind)
                    } else if file.size() < 1.0 {
                        Some(&texts.empty)
                    } else if file.size() > DOCUMENT_MAX_BYTES as f64 {
                        Some(&texts.too_large)
                    } else {
                        None
                    };
                    Row { name, state: refusal.map_or(State::Waiting, |text| State::Refused(text.clone())) }
                })
                .collect()
        });
        let count = rows.len();
        self.files.set_value(files);
        self.rows.set(rows);
        count
    }

    /// The files of every picker of the form.
    fn chosen(self) -> Vec<File> {
        let mut files = Vec::new();
        let inputs = self.form().and_then(|form| form.query_selector_all("input[type=file]").ok());
        let Some(inputs) = inputs else { return files };
        for at in 0..inputs.length() {
            let list = inputs.get(at).and_then(|input| input.dyn_into::<HtmlInputElement>().ok()?.files());
            let Some(list) = list else { continue };
            files.extend((0..list.length()).filter_map(|at| list.get(at)));
        }
        files
    }

    fn set(self, at: usize, state: State) {
        self.rows.update(|rows| {
            if let Some(row) = rows.get_mut(at) {
                row.state = state;
            }
        });
    }

    /// Sends the first file that waits; when none is left and all are stored, goes to the list.
    fn send_next(self) {
        let waiting = self.rows.with_untracked(|rows| rows.iter().position(|row| row.state == State::Waiting));
        match waiting {
            Some(at) => {
                self.set(at, State::Sending(0));
                if self.send(at).is_err() {
                    self.done(at, State::Broken(self.texts.with_value(|texts| texts.failed.clone())));
                }
            }
            None if self.rows.with_untracked(|rows| rows.iter().all(|row| row.state == State::Stored)) => {
                // If the browser will not go, the list and its link stay.
                let _ = window().location().assign(&self.target());
            }
            None => {}
        }
    }

    fn done(self, at: usize, state: State) {
        self.set(at, state);
        self.send_next();
    }

    fn send(self, at: usize) -> Result<(), JsValue> {
        let form = self.form().ok_or(JsValue::NULL)?;
        let file = self.files.with_value(|files| files.get(at).cloned()).ok_or(JsValue::NULL)?;
        // The category goes first: the server stores the file while it arrives.
        let data = FormData::new()?;
        data.append_with_str("category", &self.category().unwrap_or_default())?;
        data.append_with_blob("file", &file)?;

        let request = XmlHttpRequest::new()?;
        request.open("POST", &form.action())?;
        request.set_request_header("Accept", "text/plain")?;
        let progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
            if event.length_computable() && event.total() > 0.0 {
                self.set(at, State::Sending((event.loaded() * 100.0 / event.total()) as u32));
            }
        });
        request.upload()?.set_onprogress(Some(progress.as_ref().unchecked_ref()));
        let answer = request.clone();
        let end = Closure::once_into_js(move || {
            drop(progress);
            self.done(at, self.outcome(&answer));
        });
        request.set_onloadend(Some(end.unchecked_ref()));
        request.send_with_opt_form_data(Some(&data))
    }

    /// What the server's answer means for the file.
    fn outcome(self, answer: &XmlHttpRequest) -> State {
        let status = answer.status().unwrap_or(0);
        let is_sentence = answer
            .get_response_header("content-type")
            .ok()
            .flatten()
            .is_some_and(|kind| kind.starts_with("text/plain"));
        let sentence = answer.response_text().ok().flatten().filter(|text| is_sentence && !text.is_empty());
        self.texts.with_value(|texts| match (status, sentence) {
            (201, _) => State::Stored,
            (0, _) => State::Broken(texts.network.clone()),
            (413 | 422, Some(sentence)) => State::Refused(sentence),
            (_, Some(sentence)) => State::Broken(sentence),
            (_, None) => State::Broken(texts.failed.clone()),
        })
    }

    fn retry(self, at: usize) {
        let running = self.is_running();
        self.set(at, State::Waiting);
        if !running {
            self.send_next();
        }
    }

    /// The list, told how many documents have come.
    fn target(self) -> String {
        let stored = self.rows.with_untracked(|rows| rows.iter().filter(|row| row.state == State::Stored).count());
        format!("{}?depose={stored}", self.back.get_value())
    }

    /// Some are stored and nothing moves any more: the list can be seen anew.
    fn refresh_link(self) -> Option<impl IntoView> {
        let rows = self.rows.get();
        let moving = rows.iter().any(|row| matches!(row.state, State::Sending(_) | State::Waiting));
        let stored = rows.iter().any(|row| row.state == State::Stored);
        (stored && !moving).then(|| {
            view! { <a class="button button--second" href=self.target()>{self.texts.with_value(|texts| texts.refresh.clone())}</a> }
        })
    }

    fn line(self, at: usize, row: Row) -> impl IntoView + use<> {
        let Row { name, state } = row;
        let (class, svg) = match state {
            State::Waiting | State::Sending(_) => ("upload", FILE),
            State::Stored => ("upload upload--done", CIRCLE_CHECK),
            State::Refused(_) | State::Broken(_) => ("upload upload--error", CIRCLE_X),
        };
        let percent = if let State::Sending(percent) = state { Some(percent) } else { None };
        let may_retry = matches!(state, State::Broken(_));
        let text = self.texts.with_value(|texts| match state {
            State::Waiting => texts.waiting.clone(),
            State::Sending(_) => texts.sending.clone(),
            State::Stored => texts.stored.clone(),
            State::Refused(text) | State::Broken(text) => text,
        });
        let label = name.clone();
        view! {
            <li class=class>
                <span class="i" inner_html=svg></span>
                <div>
                    <p>
                        <b>{name}</b>" "<span class="hint">{text}</span>
                        // Read out at each step, the figure would drown everything else.
                        {percent.map(|percent| view! { <span class="hint" aria-hidden="true">{format!(" {percent}\u{a0}%")}</span> })}
                    </p>
                    {percent.map(|percent| view! { <progress max="100" value=percent.to_string() aria-label=label></progress> })}
                </div>
                {may_retry.then(|| view! {
                    <button type="button" class="button button--quiet button--small" on:click=move |_| self.retry(at)>
                        {self.texts.with_value(|texts| texts.retry.clone())}
                    </button>
                })}
            </li>
        }
    }
}

/// Listens as long as the page lives.
fn listen(form: &HtmlFormElement, event: &str, listener: impl FnMut(Event) + 'static) {
    let listener = Closure::<dyn FnMut(Event)>::new(listener).into_js_value();
    // A browser that refuses a listener keeps the plain form.
    let _ = form.add_event_listener_with_callback(event, listener.unchecked_ref());
}

//! What every island asks of the page. The functions take plain types, so that the WebAssembly holds each of them once.

use leptos::{
    prelude::{document, window},
    wasm_bindgen::{JsCast, prelude::Closure},
    web_sys::{Element, Event, EventTarget, HtmlElement, NodeList},
};

/// The element with the id `id`, if it is of the kind `T`.
pub(super) fn by_id<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// The first element under `root` that fits `selector`.
pub(super) fn first(root: &Element, selector: &str) -> Option<Element> {
    root.query_selector(selector).ok()?
}

/// Every element under `root` that fits `selector`, in the order of the page.
pub(super) fn all(root: &Element, selector: &str) -> Vec<Element> {
    root.query_selector_all(selector).map(elements).unwrap_or_default()
}

fn elements(found: NodeList) -> Vec<Element> {
    (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok()).collect()
}

/// The attribute `name`, empty when it is absent.
pub(super) fn attribute(element: &Element, name: &str) -> String {
    element.get_attribute(name).unwrap_or_default()
}

/// Moves the focus to an element.
pub(super) fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// The element that `event` happened to.
pub(super) fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// Listens to an event as long as the target exists. If a browser refuses the listener, the page stays plain.
pub(super) fn listen(target: &EventTarget, event: &str, listener: impl FnMut(Event) + 'static) {
    let listener: Box<dyn FnMut(Event)> = Box::new(listener);
    let listener = Closure::wrap(listener).into_js_value();
    let _ = target.add_event_listener_with_callback(event, listener.unchecked_ref());
}

/// Writes `sentence` into the line under `root` that screen readers announce.
pub(super) fn say(root: &Element, sentence: &str) {
    if let Some(line) = first(root, "[role=status]") {
        line.set_text_content(Some(sentence));
    }
}

/// Whether the browser knows of a network. Where there is none, sending a form would lose what was typed.
pub(super) fn is_online() -> bool {
    window().navigator().on_line()
}

//! What the islands of the spaces ask of the page. The functions take plain types, so that the WebAssembly holds each of
//! them once.

use leptos::{
    prelude::document,
    wasm_bindgen::{JsCast, prelude::Closure},
    web_sys::{
        Document, Element, Event, EventTarget, HtmlElement, MouseEvent, NodeList, XmlHttpRequest,
        XmlHttpRequestResponseType,
    },
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

/// Shows an element or takes it out of sight.
pub(super) fn hide(element: &Element, hidden: bool) {
    // A browser that refuses an attribute shows more than it should, and nothing is lost.
    let _ = element.toggle_attribute_with_force("hidden", hidden);
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

/// Whether a click means the page itself, and no other tab or window.
pub(super) fn is_plain_click(event: &Event) -> bool {
    let modified = |mouse: &MouseEvent| mouse.ctrl_key() || mouse.meta_key() || mouse.shift_key() || mouse.alt_key();
    event.dyn_ref().is_some_and(|mouse| !modified(mouse))
}

/// Listens as long as the target lives. A browser that refuses a listener keeps the plain page.
pub(super) fn listen(target: &EventTarget, event: &str, listener: impl FnMut(Event) + 'static) {
    let listener: Box<dyn FnMut(Event)> = Box::new(listener);
    let listener = Closure::wrap(listener).into_js_value();
    let _ = target.add_event_listener_with_callback(event, listener.unchecked_ref());
}

/// Reads the page at `href`, an address of this site, and gives it to `then`: nothing when it did not come, or when
/// another page came in its place.
pub(super) fn get_page(href: &str, then: impl FnMut(Option<Document>) + 'static) {
    let mut then: Box<dyn FnMut(Option<Document>)> = Box::new(then);
    let page = href.split('#').next().unwrap_or_default().to_owned();
    let Ok(request) = XmlHttpRequest::new() else { return then(None) };
    let opened = request.open("GET", &page);
    request.set_response_type(XmlHttpRequestResponseType::Document);
    let answer = request.clone();
    listen(&request, "loadend", move |_| {
        let came = answer.status() == Ok(200) && answer.response_url().ends_with(&page);
        then(answer.response_xml().ok().flatten().filter(|_| came));
    });
    // An address of this site can be asked for; if it could not, the link would still be there.
    let _ = opened.and_then(|()| request.send());
}

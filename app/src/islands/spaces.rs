//! What only the islands of the spaces need: they read other pages of the site, and they call typed actions.

use super::dom::{attribute, listen};
use crate::actions::Refusal;
use leptos::{
    wasm_bindgen::JsCast,
    web_sys::{Document, Element, Event, MouseEvent, XmlHttpRequest, XmlHttpRequestResponseType},
};

/// Hides an element, or shows it again.
pub(super) fn hide(element: &Element, hidden: bool) {
    // If a browser refuses the attribute, it shows more than it should, and nothing is lost.
    let _ = element.toggle_attribute_with_force("hidden", hidden);
}

/// Whether a click opens the link in this tab, and not in another tab or window.
pub(super) fn is_plain_click(event: &Event) -> bool {
    let modified = |mouse: &MouseEvent| mouse.ctrl_key() || mouse.meta_key() || mouse.shift_key() || mouse.alt_key();
    event.dyn_ref().is_some_and(|mouse| !modified(mouse))
}

/// Reads the page at `href`, an address of this site, and gives it to `then`. It gives nothing when the page did not
/// come, or when another page came in its place.
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
    // Browsers open every address of this site. If one did not, the link would still work.
    let _ = opened.and_then(|()| request.send());
}

/// The attribute with the sentence that is shown when a call fails without one: « It was not done. »
pub(crate) const FAILED: &str = "data-failed";

/// The reason of a refusal in a sentence: the server's, or the one that `place` holds in [`FAILED`].
pub(super) fn reason(refusal: Refusal, place: &Element) -> String {
    refusal.sentences.into_iter().next().unwrap_or_else(|| attribute(place, FAILED))
}

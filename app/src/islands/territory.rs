//! The postal code of an event's form (F5). The page says which Missions Locales serve it before the form is sent.
//!
//! The page holds the question « which one? » in a `<template>`, which the code of all fields writes. The island copies
//! it when several Missions Locales serve the code. When a call fails nothing is shown, and the server asks after the
//! form is sent.

use super::{
    call::{call, list, text},
    dom::{attribute, by_id, first, listen, say},
    pause::{Questions, after},
};
use crate::actions::requests::StructuresServing;
use leptos::{
    prelude::*,
    server_fn::ServerFn,
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{Element, HtmlInputElement, HtmlTemplateElement},
};

/// The id of the field of the postal code.
pub(crate) const FIELD: &str = "postal_code";
/// The id of the element in which the answer appears; its attributes hold the texts.
pub(crate) const PLACE: &str = "structures";
/// The id of the template of the question, which contains one answer.
pub(crate) const TEMPLATE: &str = "structures-modele";
/// The attribute with the text « {name} serves this postal code. »
pub(crate) const ONE: &str = "data-one";
/// The attribute with the text « No Mission Locale is known for this postal code. »
pub(crate) const NONE: &str = "data-none";
/// The attribute with the text « Several serve it: choose one below. »
pub(crate) const SEVERAL: &str = "data-several";

/// How long somebody has stopped typing before the server is asked.
const PAUSE_MILLIS: i32 = 250;

/// Shows which Missions Locales serve the typed postal code.
#[island]
pub fn StructuresOf() -> impl IntoView {
    // The server renders the same view, but has no page to look at.
    if cfg!(target_arch = "wasm32") {
        follow();
    }
    view! { <p class="hint" role="status"></p> }
}

fn follow() -> Option<()> {
    let (field, place): (HtmlInputElement, Element) = (by_id(FIELD)?, by_id(PLACE)?);
    let typed = Questions::default();
    listen(&field.clone(), "input", move |_| {
        let (field, place, is_last) = (field.clone(), place.clone(), typed.begin());
        after(PAUSE_MILLIS, move || {
            if !is_last() {
                return;
            }
            let code: String = field.value().chars().filter(|sign| !sign.is_whitespace()).collect();
            if code.len() != 5 || !code.bytes().all(|digit| digit.is_ascii_digit()) {
                return show(&place, "", &[]);
            }
            spawn_local(async move {
                let reply = call(StructuresServing::PATH, format!("postal_code={code}")).await;
                let serving = reply.filter(|reply| reply.status == 200).and_then(|reply| list(reply.body));
                // A late answer may be for an earlier code.
                let Some(serving) = serving.filter(|_| is_last()) else { return };
                let serving: Vec<JsValue> = serving.iter().collect();
                let said = |name| attribute(&place, name);
                match serving.as_slice() {
                    [] => show(&place, &said(NONE), &[]),
                    [one] => show(&place, &said(ONE).replace("{name}", &text(one, "name")), &[]),
                    several => show(&place, &said(SEVERAL), several),
                }
            });
        });
    });
    Some(())
}

/// Shows `sentence`, and asks which one of `serving` it is when there are several.
fn show(place: &Element, sentence: &str, serving: &[JsValue]) {
    say(place, sentence);
    if let Some(question) = first(place, "fieldset") {
        question.remove();
    }
    if !serving.is_empty() {
        // When the question cannot be built here, the server asks it.
        let _ = ask(place, serving);
    }
}

fn ask(place: &Element, serving: &[JsValue]) -> Option<()> {
    let template: HtmlTemplateElement = by_id(TEMPLATE)?;
    let question: Element =
        template.content().first_element_child()?.clone_node_with_deep(true).ok()?.dyn_into().ok()?;
    let answer = first(&question, "label")?;
    let answers = answer.parent_element()?;
    answer.remove();
    for (at, one) in serving.iter().enumerate() {
        let row: Element = answer.clone_node_with_deep(true).ok()?.dyn_into().ok()?;
        let control = first(&row, "input")?;
        control.set_attribute("value", &text(one, "code")).ok()?;
        if at > 0 {
            control.set_attribute("id", &format!("structure-{at}")).ok()?;
        }
        first(&row, "span")?.set_text_content(Some(&text(one, "name")));
        answers.append_child(&row).ok()?;
    }
    place.append_child(&question).ok().map(drop)
}

#[cfg(test)]
mod tests {
    use crate::actions::requests::Serving;

    #[test]
    fn a_structure_is_written_as_the_island_reads_it() {
        let one = Serving { code: "ml-a".to_owned(), name: "Mission Locale A".to_owned() };
        let json = serde_json::to_value(one).unwrap();
        assert_eq!((&json["code"], &json["name"]), (&"ml-a".into(), &"Mission Locale A".into()));
    }
}

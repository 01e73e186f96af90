//! What islands need that react to typing: a pause, so that they do not call the server for every letter, and a way to
//! know that an answer comes too late.

use leptos::{
    prelude::window,
    wasm_bindgen::{JsCast, closure::Closure},
};
use std::{cell::Cell, rc::Rc};

/// Runs `work` after a pause of so many milliseconds.
pub(super) fn after(millis: i32, work: impl FnOnce() + 'static) {
    let work = Closure::once_into_js(work);
    let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(work.unchecked_ref(), millis);
}

/// Counts the questions that somebody asked one after another, because only the answer to the last one is shown.
#[derive(Default)]
pub(super) struct Questions(Rc<Cell<u32>>);

impl Questions {
    /// Begins a new question. What is returned tells whether it is still the last one.
    pub(super) fn begin(&self) -> impl Fn() -> bool + use<> {
        let (count, number) = (self.0.clone(), self.0.get().wrapping_add(1));
        count.set(number);
        move || count.get() == number
    }
}

//! A pause for islands that react to typing, so that they do not call the server for every letter.

use leptos::{
    prelude::window,
    wasm_bindgen::{JsCast, closure::Closure},
};

/// Runs `work` after a short pause: about the time in which somebody types one or two letters.
pub(super) fn soon(work: impl FnOnce() + 'static) {
    const PAUSE_MILLIS: i32 = 250;
    let work = Closure::once_into_js(work);
    let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(work.unchecked_ref(), PAUSE_MILLIS);
}

//! The entry point in the browser: it wakes the islands of the page and does nothing else. It is compiled once for each
//! entry point; a feature says which islands are in it.
#![cfg(target_arch = "wasm32")]

// Without a use of the crate the linker silently drops every island.
use app as _;

/// The page's module script calls this function once the WASM is loaded.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}

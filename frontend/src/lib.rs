//! Where the browser starts: wakes the islands of the page and nothing else. Compiled once for each entry point, a feature
//! that says which islands are in it.
#![cfg(target_arch = "wasm32")]

// Without a mention of the crate the linker drops every island in silence.
use app as _;

/// Called by the page's module script once the WASM is there.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}

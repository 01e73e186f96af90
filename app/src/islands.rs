//! What is alive in the browser: small parts of pages that work without them. The only code of `app`
//! that the WASM holds.

pub mod deposit;

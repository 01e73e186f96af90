//! What is alive in the browser: small parts of pages that work without them. The only code of `app`
//! that the WASM holds.

#[allow(missing_docs, reason = "`#[island]` makes a struct that cannot be documented")]
pub mod deposit;
#[allow(missing_docs, reason = "`#[island]` makes a struct that cannot be documented")]
pub mod live;

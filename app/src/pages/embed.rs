//! Stub.
use crate::{components::layout::Area, page::{Document, Page, PageResult}};
use leptos::prelude::*;
pub(crate) async fn page(_page: Page) -> PageResult { Ok(Document::new(Area::Public, "x", || view!{ <h1>"x"</h1> })) }
pub(crate) async fn once(_page: Page) -> PageResult { Ok(Document::new(Area::Public, "x", || view!{ <h1>"x"</h1> })) }

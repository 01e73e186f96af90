//! `/admin`: what there is to look after.

use crate::{
    components::layout::Area,
    page::{Document, Page, PageResult},
};
use leptos::prelude::*;

/// The rooms of the administration.
pub(crate) async fn page(page: Page) -> PageResult {
    let texts = page.texts;
    Ok(Document::new(Area::Admin, texts.nav_admin_space(), move || {
        view! {
            <div class="page-head">
                <h1>{texts.nav_admin_space()}</h1>
                <p class="lead">{texts.admin_lead()}</p>
            </div>
        }
    }))
}

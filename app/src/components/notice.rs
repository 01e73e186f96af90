//! The notice under a form: what becomes of what is typed, in the register's words (GDPR art. 13).

use crate::page::Page;
use domain::register::ProcessingId;
use leptos::prelude::*;

/// What becomes of the data of `processing`, in short; the whole stands in the policy.
pub(crate) fn notice(page: &Page, processing: ProcessingId) -> impl IntoView + use<> {
    let texts = page.texts;
    view! {
        <aside class="notice" aria-label=texts.notice_title()>
            <p>{texts.notice_short()}" "<a href=format!("/confidentialite#{}", processing.anchor())>{texts.notice_more()}</a></p>
        </aside>
    }
}

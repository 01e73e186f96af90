//! The notice under a form: what is done with the data that people type, as the register says it (GDPR art. 13).

use crate::{
    page::Page,
    policy::{self, words},
};
use domain::register::ProcessingId;
use leptos::prelude::*;

/// The short notice about `processing`; the policy says everything.
pub(crate) fn notice(page: &Page, processing: ProcessingId) -> impl IntoView + use<> {
    let (texts, site) = (page.texts, &*page.host.site);
    let declared = processing.processing();
    let seen = texts.notice_seen(policy::seen(texts, declared).join(", "));
    let kept = texts.notice_kept(policy::kept(texts, site, declared.retention).join(" ; "));
    let recipients: Vec<_> = declared.recipients.iter().map(|recipient| words::recipient(texts, *recipient)).collect();
    let passed_on = (!recipients.is_empty()).then(|| {
        view! { <li>{texts.notice_passed_on(recipients.join(", "))}</li> }
    });
    view! {
        <aside class="notice" aria-label=texts.notice_title()>
            <p><strong>{texts.notice_title()}</strong></p>
            <ul>
                <li>{texts.notice_purpose(words::purpose(texts, processing))}</li>
                <li>{seen}</li>
                {passed_on}
                <li>{kept}</li>
            </ul>
            <p>
                {texts.notice_rights()}" "
                <a href=format!("/confidentialite#{}", processing.code())>{texts.notice_more()}</a>
            </p>
        </aside>
    }
}

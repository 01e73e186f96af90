//! What the screening found in free texts (A9), and the button that blanks them.

use super::icon::{TRASH, TRIANGLE_ALERT, icon};
use crate::texts::Texts;
use domain::screening::Findings;
use leptos::prelude::*;

/// Shows nothing when nothing was found. The button posts `blank` as `field` to `action`.
pub(crate) fn flags(
    action: &str,
    field: &'static str,
    texts: Texts,
    findings: Findings,
) -> Option<impl IntoView + use<>> {
    if findings.is_empty() {
        return None;
    }
    let action = action.to_owned();
    let title = texts.inbox_flag_title();
    Some(view! {
        <div class="message message--warning" role="group" aria-label=title>
            {icon(TRIANGLE_ALERT)}
            <div>
                <p><strong>{title}</strong></p>
                {findings.nir.then(|| view! { <p>{texts.inbox_flag_nir()}</p> })}
                {findings.health.then(|| view! { <p>{texts.inbox_flag_health()}</p> })}
                <p>{texts.inbox_flag_text()}</p>
                <form method="post" action=action>
                    <button class="button button--danger" name=field value="blank">{icon(TRASH)}{texts.inbox_blank()}</button>
                </form>
            </div>
        </div>
    })
}

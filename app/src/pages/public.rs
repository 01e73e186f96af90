//! The forms of the public site (F3 to F6).

pub(crate) mod apprenticeship_tax;
pub(crate) mod contact;
pub(crate) mod event;
pub(crate) mod pre_registration;

use crate::page::Page;
use domain::{requests::RequestKind, time::CivilDate};

/// Whether the page is shown because its form was just sent.
fn is_sent(page: &Page) -> bool {
    !page.is_refusal() && matches!(page.query("envoye"), "oui" | "orientation")
}

/// The day on which a request of today is deleted; none where it depends on the event.
fn gone_on(page: &Page, kind: RequestKind) -> Option<CivilDate> {
    page.host.site.keeping.goes_on(kind.rule(), page.today())
}

//! What the vault's pages share, the young person's and the advisor's: rows, the list by category,
//! the deposit form with its messages, and a sentence for each refusal.

use super::{
    field::{Choice, field_error, file_drop, invalid, list},
    form::{attributes, sentence, summary_of},
    format,
    icon::{
        BANKNOTE, BRIEFCASE, CAMERA, DOWNLOAD, FILE_TEXT, FOLDER, GRADUATION_CAP, HEART_PULSE, HOUSE, ID_CARD, IMAGE,
        TRASH, UPLOAD, icon,
    },
    message::success,
};
use crate::{
    fields::SummaryLine,
    islands::deposit::{self, DepositProgress},
    page::{Page, Shown},
    texts::Texts,
};
use domain::{
    error::PortError,
    forms::vault::DepositForm,
    vault::{
        Category, DOCUMENT_MAX_BYTES, DepositRefusal, Depositor, DocumentSummary, FileKind, NameFault, VAULT_MAX_BYTES,
    },
};
use leptos::{prelude::*, tachys::html::attribute::any_attribute::AnyAttribute};

/// What became of each file of a deposit.
#[derive(Clone, Debug, Default)]
pub(crate) struct DepositReport {
    /// The category that was chosen, to show it again.
    pub(crate) category: String,
    /// The names of those that are safe in the vault.
    pub(crate) stored: Vec<String>,
    /// The names of those that are not, and why.
    pub(crate) refused: Vec<(String, DepositRefusal)>,
}

/// What the deposit form shows: nothing yet, what is wrong with it, or what became of the files.
#[derive(Default)]
pub(crate) struct DepositShown {
    form: Shown<DepositForm>,
    report: Option<DepositReport>,
}

impl DepositShown {
    /// A form that was not accepted.
    pub(crate) fn refused(form: Shown<DepositForm>) -> Self {
        Self { form, report: None }
    }

    /// A deposit of which something was not kept.
    pub(crate) fn of(report: DepositReport) -> Self {
        let form = DepositForm { category: report.category.clone() };
        Self { form: Shown { form, ..Shown::default() }, report: Some(report) }
    }
}

/// Why a file was not kept, and what to do about it.
pub(crate) fn refusal_sentence(texts: Texts, refusal: &DepositRefusal) -> String {
    match refusal {
        DepositRefusal::Name(NameFault::Empty) => texts.refusal_no_name(),
        DepositRefusal::Name(NameFault::TooLong) => texts.refusal_name_too_long(),
        DepositRefusal::Name(NameFault::Forbidden) => texts.refusal_name_forbidden(),
        DepositRefusal::KindNotAccepted => texts.refusal_kind(),
        DepositRefusal::ContentDiffers => texts.refusal_content(),
        DepositRefusal::Damaged => texts.refusal_damaged(),
        DepositRefusal::Macros => texts.refusal_macros(),
        DepositRefusal::Empty => texts.refusal_empty(),
        DepositRefusal::TooLarge => return texts.refusal_too_large(format::limit(texts, DOCUMENT_MAX_BYTES)),
        DepositRefusal::VaultFull => texts.refusal_full(),
        DepositRefusal::TooManyDocuments => texts.refusal_too_many(),
        DepositRefusal::Cut => texts.refusal_cut(),
        DepositRefusal::Port(PortError::Refused | PortError::NotFound | PortError::NotSignedIn) => {
            texts.refusal_not_allowed()
        }
        DepositRefusal::StoreUnavailable | DepositRefusal::Port(PortError::Unavailable | PortError::Internal) => {
            texts.refusal_unavailable()
        }
    }
    .to_owned()
}

/// The drawer's picture, and the word that leads to it in an address.
const fn drawer(category: Category) -> (&'static str, &'static str) {
    match category {
        Category::Identity => (ID_CARD, "identite"),
        Category::Housing => (HOUSE, "logement"),
        Category::HealthCover => (HEART_PULSE, "sante"),
        Category::SchoolAndDiplomas => (GRADUATION_CAP, "ecole"),
        Category::CvAndLetters => (FILE_TEXT, "cv"),
        Category::Employment => (BRIEFCASE, "emploi"),
        Category::Money => (BANKNOTE, "argent"),
        Category::Other => (FOLDER, "autre"),
    }
}

/// Where a document is shown, which decides its heading and whether it comes with buttons.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// In a drawer of the vault.
    Drawer,
    /// In a card of the dashboard: the name leads to the document.
    Card,
    /// Alone on its page, about to be deleted.
    Alone,
}

/// One document: picture, name, what it is. `base` is the path of the vault it lies in.
pub(crate) fn document_row(page: &Page, base: &str, document: &DocumentSummary, place: Place) -> impl IntoView + use<> {
    let texts = page.texts;
    let (class, svg) = match document.kind {
        FileKind::Pdf => ("doc-icon doc-icon--pdf", FILE_TEXT),
        FileKind::Jpeg | FileKind::Png | FileKind::Heic => ("doc-icon doc-icon--image", IMAGE),
        FileKind::Docx | FileKind::Odt => ("doc-icon doc-icon--text", FILE_TEXT),
    };
    let href = format!("{base}/{}", document.id);
    let depositor = match &document.depositor {
        Depositor::Owner => None,
        Depositor::Staff(name) => Some(view! { <span>{texts.vault_by_staff(name)}</span> }),
    };
    let name = document.name.clone();
    let buttons = (place == Place::Drawer).then(|| {
        let delete = document.may_delete.then(|| {
            view! {
                <a class="button button--quiet button--danger button--small" href=format!("{href}/supprimer")>
                    {icon(TRASH)}{texts.vault_delete()}<span class="sr">" "{name.clone()}</span>
                </a>
            }
        });
        view! {
            <div class="doc-actions">
                <a class="button button--quiet button--small" href=href.clone() download>
                    {icon(DOWNLOAD)}{texts.vault_download()}<span class="sr">" "{name.clone()}</span>
                </a>
                {delete}
            </div>
        }
    });
    let title = match place {
        Place::Drawer => view! { <h4>{name}</h4> }.into_any(),
        Place::Card => view! { <h3><a href=href download>{name}</a></h3> }.into_any(),
        Place::Alone => view! { <h2>{name}</h2> }.into_any(),
    };
    view! {
        <li class="doc">
            <span class=class>{icon(svg)}</span>
            <div class="doc-body">
                {title}
                <p class="hint doc-meta">
                    <span>{format::kind(texts, document.kind)}</span>
                    <span>{format::size(texts, document.bytes)}</span>
                    <span>{format::day_of(page, document.deposited_at)}</span>
                    {depositor}
                </p>
            </div>
            {buttons}
        </li>
    }
}

/// The documents, drawer by drawer, with a way to each drawer when there are several.
pub(crate) fn document_groups(page: &Page, base: &str, documents: &[DocumentSummary]) -> impl IntoView + use<> {
    let texts = page.texts;
    let drawers: Vec<(Category, Vec<&DocumentSummary>)> = Category::ALL
        .into_iter()
        .map(|category| (category, documents.iter().filter(|document| document.category == category).collect()))
        .filter(|(_, documents): &(_, Vec<_>)| !documents.is_empty())
        .collect();
    let chips = (drawers.len() > 1).then(|| {
        let chips: Vec<_> = drawers
            .iter()
            .map(|(category, documents)| {
                let (_, anchor) = drawer(*category);
                let name = format::category(texts, *category);
                view! { <a href=format!("#{anchor}")>{name}" "<b>{documents.len()}</b></a> }
            })
            .collect();
        view! { <nav class="chips" aria-label=texts.vault_go_to()>{chips}</nav> }
    });
    let groups: Vec<_> = drawers
        .iter()
        .map(|(category, documents)| {
            let (svg, anchor) = drawer(*category);
            let rows: Vec<_> =
                documents.iter().map(|document| document_row(page, base, document, Place::Drawer)).collect();
            let title = format!("c-{anchor}");
            view! {
                <section class="group" id=anchor aria-labelledby=title>
                    <h3 id=format!("c-{anchor}")>{icon(svg)}{format::category(texts, *category)}</h3>
                    <ul class="docs plain">{rows}</ul>
                </section>
            }
        })
        .collect();
    view! { {chips} {groups} }
}

/// How full the vault is. Limits are counted in binary megabytes, and so is this gauge.
pub(crate) fn gauge(page: &Page, used: u64) -> impl IntoView + use<> {
    let texts = page.texts;
    let most = format::limit(texts, VAULT_MAX_BYTES);
    let sentence = if used == 0 {
        texts.vault_used_none(most)
    } else {
        texts.vault_used(format::size(texts, used.saturating_mul(1_000_000) / format::MEGABYTE), most)
    };
    view! {
        <div class="gauge">
            <meter
                aria-label=texts.vault_used_title()
                min="0"
                max=(VAULT_MAX_BYTES / format::MEGABYTE).to_string()
                low="140"
                high="185"
                optimum="0"
                value=used.div_ceil(format::MEGABYTE).to_string()
            >
                {sentence.clone()}
            </meter>
            <p class="hint">{sentence}</p>
        </div>
    }
}

/// What became of a deposit that did not go through as a whole: the summary that takes the focus, then
/// what is safe all the same.
pub(crate) fn deposit_outcome(texts: Texts, shown: &DepositShown) -> impl IntoView + use<> {
    let form = (!shown.form.errors.is_empty()).then(|| {
        let lines: Vec<_> = shown
            .form
            .errors
            .iter()
            .map(|error| {
                let (field, label) = match error.field.as_ref() {
                    "category" => ("category", texts.vault_category()),
                    _ => ("fichiers", texts.vault_files_label()),
                };
                SummaryLine {
                    field: Some(field.to_owned()),
                    label: Some(label.to_owned()),
                    sentence: sentence(texts, &error.code),
                }
            })
            .collect();
        summary_of(texts.error_summary_title(), &lines)
    });
    let report = shown.report.as_ref().map(|report| {
        let lines: Vec<_> = report
            .refused
            .iter()
            .map(|(name, refusal)| {
                let reason = refusal_sentence(texts, refusal);
                let line = match name.as_str() {
                    "" => reason,
                    name => texts.vault_refused_line(name, reason),
                };
                SummaryLine { field: Some("fichiers".to_owned()), label: None, sentence: line }
            })
            .collect();
        let stored: Vec<_> = report.stored.iter().map(|name| success(texts.vault_stored(name))).collect();
        let count = u64::try_from(report.refused.len()).unwrap_or(u64::MAX);
        view! {
            {summary_of(&texts.vault_refused(count), &lines)}
            {stored}
        }
    });
    view! { {form} {report} }
}

/// The deposit form. The category comes first: each file is stored as it arrives, so its drawer must
/// be known by then.
pub(crate) fn deposit_form(page: &Page, shown: &DepositShown, base: &str, staff: bool) -> impl IntoView + use<> {
    let texts = page.texts;
    let Shown { form: DepositForm { category: chosen }, errors } = &shown.form;
    let categories = Category::ALL.map(|category| Choice::new(category.code(), format::category(texts, category)));
    let category = list("category", texts.vault_category(), categories, chosen).empty(texts.vault_category_choose());
    let rules = match staff {
        true => texts.vault_rules_staff().to_owned(),
        false => texts.vault_rules(format::limit(texts, VAULT_MAX_BYTES)),
    };
    let file_error = field_error(texts, errors, "file");
    let described = if file_error.is_some() { "fichiers-aide file-erreur" } else { "fichiers-aide" };
    let files = file_drop(
        "fichiers",
        "file",
        texts.vault_files(),
        texts.vault_files_hint(format::limit(texts, DOCUMENT_MAX_BYTES)),
        FileKind::ACCEPT,
        described,
        invalid(errors, "file"),
    );
    let form = view! {
        <section class="card" id="deposer" aria-labelledby="t-deposer">
            <h2 id="t-deposer">{texts.vault_deposit()}</h2>
            <form
                class="form"
                id=deposit::FORM
                method="post"
                enctype="multipart/form-data"
                action=base.to_owned()
                {..island_attributes(texts, base)}
            >
                {category.view(texts, errors)}
                <div class="field">
                    <p class="hint" id="fichiers-aide">{rules}</p>
                    {file_error}
                    {files}
                </div>
                <div class="field drop drop--camera">
                    <label for="photo">{icon(CAMERA)}<strong>{texts.vault_photo()}</strong></label>
                    <input type="file" id="photo" name="file" accept="image/*" capture="environment"/>
                </div>
                <DepositProgress/>
                <button class="button">{icon(UPLOAD)}{texts.vault_submit()}</button>
            </form>
        </section>
    };
    form
}

/// What the island needs to know; it has no other way to the sentences.
fn island_attributes(texts: Texts, base: &str) -> Vec<AnyAttribute> {
    attributes([
        (deposit::BACK, base.to_owned()),
        (deposit::WAITING, texts.upload_waiting().to_owned()),
        (deposit::SENDING, texts.upload_sending().to_owned()),
        (deposit::STORED, texts.upload_stored().to_owned()),
        (deposit::KIND, texts.refusal_kind().to_owned()),
        (deposit::EMPTY, texts.refusal_empty().to_owned()),
        (deposit::TOO_LARGE, texts.refusal_too_large(format::limit(texts, DOCUMENT_MAX_BYTES))),
        (deposit::NETWORK, texts.upload_network().to_owned()),
        (deposit::FAILED, texts.upload_failed().to_owned()),
        (deposit::RETRY, texts.upload_retry().to_owned()),
        (deposit::REFRESH, texts.upload_refresh().to_owned()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Language;

    #[test]
    fn each_refusal_says_what_to_do() {
        let texts = Texts::of(Language::Fr);
        assert!(refusal_sentence(texts, &DepositRefusal::TooLarge).contains("25"));
        assert_ne!(
            refusal_sentence(texts, &DepositRefusal::ContentDiffers),
            refusal_sentence(texts, &DepositRefusal::KindNotAccepted)
        );
    }
}

//! `/mon-espace/coffre-fort`: one's own documents, and who else may read them (V1 to V5).

use crate::{
    components::{
        field::Switch,
        form::{attributes, error_summary},
        icon::{FOLDER_LOCK, SEARCH, TRASH, UPLOAD, icon},
        layout::Area,
        message::{Level, empty, success},
        navigation::back,
        vault::{DepositShown, Place, deposit_form, deposit_outcome, document_groups, document_row, gauge},
    },
    islands::{
        sharing::{self, SharingSwitch},
        spaces,
    },
    page::{Document, Page, PageResult, Shown},
};
use domain::{
    error::PortError,
    fold::fold,
    forms::{FieldErrors, vault::SharingForm},
    ids::DocumentId,
    vault::VaultView,
};
use leptos::prelude::*;

const BASE: &str = "/mon-espace/coffre-fort";

/// What the vault shows again: what is wrong with the sharing switch, or a deposit.
#[derive(Default)]
pub(crate) struct VaultShown {
    sharing: FieldErrors,
    deposit: DepositShown,
}

impl From<Shown<SharingForm>> for VaultShown {
    fn from(Shown { errors, .. }: Shown<SharingForm>) -> Self {
        Self { sharing: errors, ..Self::default() }
    }
}

impl From<DepositShown> for VaultShown {
    fn from(deposit: DepositShown) -> Self {
        Self { deposit, ..Self::default() }
    }
}

/// The vault.
pub(crate) async fn page(page: Page, shown: VaultShown) -> PageResult {
    let actor = page.actor();
    let youth = actor.own_youth().ok_or(PortError::Refused)?;
    let vault = page.host.vaults.view(&actor, youth).await?;
    let texts = page.texts;
    let name = page.host.site.vault_name.clone();
    Ok(Document::new(Area::Youth, name.clone(), move || {
        view! {
            <div class="page-head">
                <h1>{name}</h1>
                <p class="lead">{texts.vault_lead()}</p>
                <a class="button only-phone" href="#deposer">{icon(UPLOAD)}{texts.vault_deposit()}</a>
            </div>
            {messages(&page, &shown)}
            <div class="split">
                <div>
                    <section class="card" aria-labelledby="t-liste">
                        <h2 id="t-liste">{texts.vault_documents()}</h2>
                        {documents(&page, &vault)}
                    </section>
                </div>
                <div>
                    {deposit_form(&page, &shown.deposit, BASE, false)}
                    <section class="card" aria-labelledby="t-place">
                        <h2 id="t-place">{texts.vault_used_title()}</h2>
                        {gauge(&page, vault.used_bytes.unwrap_or_default())}
                    </section>
                    {page.has_sharing().then(|| sharing_form(&page, vault.shared))}
                </div>
            </div>
        }
    }))
}

/// What was refused, or what was just done.
fn messages(page: &Page, shown: &VaultShown) -> impl IntoView + use<> {
    let texts = page.texts;
    if page.is_refusal() {
        return view! {
            {error_summary(texts, &shown.sharing, &[("shared", texts.vault_sharing_label())])}
            {deposit_outcome(texts, &shown.deposit)}
        }
        .into_any();
    }
    let done = if let Ok(count @ 1..) = page.query("depose").parse() {
        texts.vault_deposited(count)
    } else if page.query("supprime") == "1" {
        texts.vault_deleted().to_owned()
    } else {
        match page.query("partage") {
            "oui" => texts.vault_sharing_on().to_owned(),
            "non" => texts.vault_sharing_off().to_owned(),
            _ => return ().into_any(),
        }
    };
    success(done).into_any()
}

/// The list, narrowed by name; names are searched in memory because the database cannot read them.
fn documents(page: &Page, vault: &VaultView) -> impl IntoView + use<> {
    let texts = page.texts;
    if vault.documents.is_empty() {
        let deposit = view! { <a class="button" href="#deposer">{texts.vault_deposit()}</a> };
        return empty(Level::Three, FOLDER_LOCK, texts.vault_empty(), texts.vault_empty_text(), deposit).into_any();
    }
    let search = page.query("q").trim().to_owned();
    let key = fold(&search);
    let found: Vec<_> =
        vault.documents.iter().filter(|document| fold(&document.name).contains(&key)).cloned().collect();
    let list = if found.is_empty() {
        let all = view! { <a class="button button--second" href=BASE>{texts.vault_search_all()}</a> };
        empty(Level::Three, SEARCH, texts.vault_search_none(&search), texts.vault_search_none_text(), all).into_any()
    } else {
        document_groups(page, BASE, &found).into_any()
    };
    let all = (!search.is_empty() && !found.is_empty()).then(|| view! { <a href=BASE>{texts.vault_search_all()}</a> });
    view! {
        <form class="search" role="search" method="get" action=BASE>
            <label class="sr" for="q">{texts.vault_search()}</label>
            <input type="search" id="q" name="q" placeholder=texts.vault_search_placeholder() value=search maxlength="100"/>
            <button class="button button--second" aria-label=texts.vault_search_submit()>{icon(SEARCH)}</button>
        </form>
        {all}
        {list}
    }
    .into_any()
}

fn sharing_form(page: &Page, shared: bool) -> impl IntoView + use<> {
    let texts = page.texts;
    let switch = Switch {
        id: Some(sharing::BOX),
        name: "shared",
        value: "on".to_owned(),
        on: shared,
        label: texts.vault_sharing_label().to_owned(),
        hint: texts.vault_sharing_label_text().to_owned(),
        described: Some("shared-aide"),
    };
    let sentences = [
        (sharing::ON, texts.vault_sharing_on().to_owned()),
        (sharing::OFF, texts.vault_sharing_off().to_owned()),
        (spaces::FAILED, texts.vault_sharing_failed().to_owned()),
    ];
    view! {
        <section class="card card--soft" id="partage" aria-labelledby="t-partage">
            <h2 id="t-partage">{texts.vault_sharing_title()}</h2>
            <form
                class="form"
                id=sharing::FORM
                method="post"
                action="/mon-espace/coffre-fort/partage"
                {..attributes(sentences)}
            >
                {switch.view()}
                <p class="hint" id="shared-aide">{texts.vault_sharing_text()}</p>
                <SharingSwitch/>
                <button class="button button--second button--small">{texts.vault_sharing_submit()}</button>
            </form>
        </section>
    }
}

/// `/mon-espace/coffre-fort/{document}/supprimer`.
pub(crate) async fn confirm_deletion(page: Page) -> PageResult {
    let actor = page.actor();
    let youth = actor.own_youth().ok_or(PortError::Refused)?;
    let document = page.host.vaults.document(&actor, youth, page.param::<DocumentId>("document")?).await?;
    if !document.may_delete {
        return Err(PortError::Refused);
    }
    let texts = page.texts;
    Ok(Document::new(Area::YouthForm, texts.vault_delete_title(), move || {
        view! {
            <div class="page-head">
                {back(BASE, &page.host.site.vault_name)}
                <h1>{texts.vault_delete_title()}</h1>
            </div>
            <div class="card">
                <ul class="docs docs--light plain">{document_row(&page, BASE, &document, Place::Alone)}</ul>
                <p>{texts.vault_delete_text()}</p>
                <form class="form-end" method="post" action=format!("{BASE}/{}/supprimer", document.id)>
                    <button class="button button--danger">{icon(TRASH)}{texts.vault_delete()}</button>
                    <a class="button button--second" href=BASE>{texts.vault_keep()}</a>
                </form>
            </div>
        }
    }))
}

//! `/dev/composants`: every component in every state, on one page. It exists only during development.

use crate::{
    components::{
        field::{Choice, Switch, file_drop, line, list, one_of, some_of, text},
        form::error_summary,
        format,
        icon::{
            self, BRIEFCASE, CALENDAR_CLOCK, CIRCLE_CHECK, COMPASS, DOWNLOAD, EYE, FILE_TEXT, FOLDER_LOCK, HOUSE,
            LIGHTHOUSE, LOCK, PENCIL, SEARCH, TRASH, UPLOAD, USER, USERS, drawing, icon,
        },
        layout::Area,
        message::{Level, Tone, badge, done, empty, message},
        navigation::{back, crumbs, tab_bar, tabs},
        person::{avatar, facts},
        table::{Row, Step, Table, pagination, timeline},
        vault::{Place, document_row, gauge},
    },
    page::{Document, Page, PageResult},
};
use domain::{
    forms::{FieldCode, FieldErrors},
    ids::DocumentId,
    time::Instant,
    vault::{Category, DOCUMENT_MAX_BYTES, Depositor, DocumentSummary, FileKind, VAULT_MAX_BYTES},
};
use leptos::prelude::*;

/// Every component. The texts are those of real pages where possible.
pub(crate) async fn components(page: Page) -> PageResult {
    let document = "00000000-0000-7000-8000-000000000000".parse::<DocumentId>().ok();
    let texts = page.texts;
    Ok(Document::new(Area::Public, texts.dev_title(), move || {
        view! {
            <div class="page-head">
                {crumbs(texts.dev_where(), vec![("/".to_owned(), texts.nav_home().to_owned())], texts.dev_title().to_owned())}
                <h1>{texts.dev_title()}</h1>
                <p class="lead">{texts.dev_lead()}</p>
            </div>
            {section("t-texts", texts.dev_texts(), type_scale(&page))}
            {section("t-buttons", texts.dev_buttons(), buttons(&page))}
            {section("t-fields", texts.dev_fields(), fields(&page))}
            {section("t-choices", texts.dev_choices(), choices(&page))}
            {section("t-messages", texts.dev_messages(), messages(&page))}
            {section("t-lists", texts.dev_lists(), lists(&page, document))}
            {section("t-ways", texts.dev_ways(), ways(&page))}
            {section("t-dialogs", texts.dev_dialogs(), dialogs(&page))}
            {section("t-progress", texts.dev_progress(), progress(&page))}
            {section("t-icons", texts.dev_icons(), icons())}
        }
    }))
}

fn section(id: &'static str, title: &'static str, content: AnyView) -> impl IntoView {
    view! { <section class="card" aria-labelledby=id><h2 id=id>{title}</h2>{content}</section> }
}

fn type_scale(page: &Page) -> AnyView {
    let texts = page.texts;
    view! {
        <div class="stack">
            <p class="lead">{texts.home_visit_text()}</p>
            <p>{texts.home_compass_text()}</p>
            <p class="hint">{texts.vault_rules(format::limit(texts, VAULT_MAX_BYTES))}</p>
            <h3>{texts.home_compass()}</h3>
            <h4>{texts.home_job()}</h4>
            <p>{texts.home_visit_text()}" "<a href="/">{texts.home_find_us()}</a></p>
            <hr/>
            <p class="key"><span>"JBSW"</span><span>"Y3DP"</span></p>
            <ul class="codes plain"><li><code>"4F7K-92QD"</code></li><li><code>"8M2X-TT3B"</code></li></ul>
        </div>
    }
    .into_any()
}

fn buttons(page: &Page) -> AnyView {
    let texts = page.texts;
    let looks = [
        "button",
        "button button--second",
        "button button--quiet",
        "button button--danger",
        "button button--quiet button--danger",
    ];
    let rows: Vec<_> = looks
        .into_iter()
        .map(|class| {
            view! {
                <div class="row">
                    <button type="button" class=class>{texts.vault_submit()}</button>
                    <button type="button" class=class>{icon(UPLOAD)}{texts.vault_deposit()}</button>
                    <button type="button" class=format!("{class} button--small")>{texts.dev_small()}</button>
                    <button type="button" class=class disabled>{texts.dev_disabled()}</button>
                </div>
            }
        })
        .collect();
    view! {
        <div class="stack">
            {rows}
            <button type="button" class="button button--wide">{texts.dev_long()}</button>
            <div class="both">
                <button type="button" class="button">{texts.vault_keep()}</button>
                <button type="button" class="button">{texts.vault_delete()}</button>
            </div>
        </div>
    }
    .into_any()
}

/// The fields, without and with an error.
fn fields(page: &Page) -> AnyView {
    let texts = page.texts;
    let fine = FieldErrors::default();
    let mut wrong = FieldErrors::one("wrong", FieldCode::Required);
    wrong.push("wrong-text", FieldCode::TooLong { max: 1_000 });
    let input = |name, kind, value| {
        line(name, texts.sign_in_identifier(), value).kind(kind).hint(texts.sign_in_identifier_hint())
    };
    let labels = [("wrong", texts.sign_in_identifier()), ("wrong-text", texts.correction_message())];
    view! {
        <div class="stack">
            {error_summary(texts, &wrong, &labels)}
            <form class="form" method="get" action="/dev/composants">
                {input("fine", "text", "lina.exemple").view(texts, &fine)}
                {input("wrong", "text", "").view(texts, &wrong)}
                {input("secret", "password", "").view(texts, &fine)}
                {input("day", "date", "2007-05-04").class("short").view(texts, &fine)}
                {input("mail", "email", "lina@exemple.test").inputmode("email").view(texts, &fine)}
                {input("digits", "text", "123456").inputmode("numeric").class("code-input").view(texts, &fine)}
                <div class="field">
                    <label for="still">{texts.dev_disabled()}" "<span class="optional">{texts.dev_optional()}</span></label>
                    <input type="text" id="still" value="lina.exemple" disabled/>
                </div>
                {text("text", texts.correction_message(), "").hint(texts.correction_hint()).view(texts, &fine)}
                {text("wrong-text", texts.correction_message(), "…").hint(texts.correction_hint()).view(texts, &wrong)}
                <div class="field">
                    <p class="hint" id="files-aide">{texts.vault_rules(format::limit(texts, VAULT_MAX_BYTES))}</p>
                    {file_drop("files", "files", texts.vault_files(), texts.vault_files_hint(format::limit(texts, DOCUMENT_MAX_BYTES)), FileKind::ACCEPT, "files-aide", None)}
                </div>
            </form>
        </div>
    }
    .into_any()
}

fn choices(page: &Page) -> AnyView {
    let texts = page.texts;
    let fine = FieldErrors::default();
    let mut wrong = FieldErrors::one("drawer-wrong", FieldCode::UnknownChoice);
    wrong.push("ways-wrong", FieldCode::Required);
    let drawers = || Category::ALL.map(|category| Choice::new(category.code(), format::category(texts, category)));
    let select = |name, chosen| {
        let drawer = list(name, texts.vault_category(), drawers(), chosen)
            .hint(texts.vault_rules(format::limit(texts, VAULT_MAX_BYTES)));
        drawer.empty(texts.vault_category_choose())
    };
    let few = || drawers().into_iter().take(3);
    let switch = |name, on| Switch {
        id: None,
        name,
        value: "on".to_owned(),
        on,
        label: texts.vault_sharing_label().to_owned(),
        hint: texts.vault_sharing_label_text().to_owned(),
        described: None,
    };
    view! {
        <form class="form" method="get" action="/dev/composants">
            {select("drawer", "housing").view(texts, &fine)}
            {select("drawer-wrong", "").view(texts, &wrong)}
            {one_of("way", texts.vault_category(), few(), &["identity"]).hint(texts.vault_sharing_text()).view(texts, &fine)}
            {some_of("ways", texts.vault_category(), few(), &["identity", "housing"]).hint(texts.vault_sharing_text()).view(texts, &fine)}
            {some_of("ways-wrong", texts.vault_category(), few(), &[]).hint(texts.vault_sharing_text()).view(texts, &wrong)}
            {switch("off", false).view()}
            {switch("on", true).view()}
        </form>
    }
    .into_any()
}

fn messages(page: &Page) -> AnyView {
    let texts = page.texts;
    let all = Tone::ALL.map(|tone| message(tone, texts.recovery_once_title(), texts.recovery_once_text()));
    let all: Vec<_> = all.into_iter().collect();
    let badges = vec![
        badge(Tone::Info, LOCK, texts.profile_not_shared_title()),
        badge(Tone::Success, EYE, texts.staff_shared()),
        badge(Tone::Warning, CALENDAR_CLOCK, texts.upload_waiting()),
        badge(Tone::Danger, TRASH, texts.errors_internal_title()),
    ];
    let deposit = view! { <a class="button" href="#t-messages">{icon(UPLOAD)}{texts.vault_deposit()}</a> };
    view! {
        <div class="stack">
            {done(texts.correction_sent(), texts.correction_sent_text())}
            {all}
            <div class="row">{badges}<span class="badge badge--sun">{texts.dashboard_next()}</span></div>
            {empty(Level::Three, FOLDER_LOCK, texts.vault_empty(), texts.vault_empty_text(), deposit)}
        </div>
    }
    .into_any()
}

/// A name that is as long as names can be.
const LONG_NAME: &str = "Marie-Alexandrine Andrianampoinimerina-Vandenbroucke";

fn lists(page: &Page, document: Option<DocumentId>) -> AnyView {
    let texts = page.texts;
    let person = |name: &str, job: Option<&str>, shared: bool| {
        let head = view! {
            <span class="person">
                {avatar(name, false)}
                <span>
                    <a class="person-name" href="#t-lists">{name.to_owned()}</a>
                    <br/>
                    <span class="hint">{texts.staff_age(19)}</span>
                </span>
            </span>
        };
        let job = job.map(|job| job.to_owned().into_any());
        let shared = shared.then(|| badge(Tone::Success, EYE, texts.staff_shared()).into_any());
        Row::new(head.into_any(), vec![job, shared])
    };
    let people = Table {
        class: "table--links people",
        caption: texts.staff_caption(1, 2, 2),
        columns: vec![texts.staff_name(), texts.staff_job(), texts.staff_vault()],
        rows: vec![
            person("Lina Exemple", Some("Aide-soignant / Aide-soignante"), true),
            person(LONG_NAME, None, false),
        ],
    };
    let plain = Table {
        class: "",
        caption: texts.cookies_table_caption().to_owned(),
        columns: vec![texts.cookies_service(), texts.cookies_purpose(), texts.cookies_transfer()],
        rows: vec![Row::new(
            texts.nav_staff_space().into_any(),
            vec![Some(texts.cookies_purpose_session().into_any()), Some(texts.cookies_no().into_any())],
        )],
    };
    let rows = vec![
        (texts.profile_first_name(), Some("Lina".to_owned())),
        (texts.profile_email(), Some("lina.exemple.au.nom.vraiment.tres.long@exemple.test".to_owned())),
        (texts.profile_usual_name(), None),
    ];
    let files: Vec<_> = [
        (FileKind::Pdf, "Passeport.pdf"),
        (FileKind::Jpeg, "un-nom-de-fichier-sans-la-moindre-espace-et-bien-trop-long-pour-un-telephone.jpg"),
    ]
    .into_iter()
    .filter_map(|(kind, name)| {
        let document = DocumentSummary {
            id: document?,
            name: name.to_owned(),
            kind,
            category: Category::Identity,
            bytes: 1_900_000,
            deposited_at: Instant::from_millis(1_772_323_200_000),
            depositor: Depositor::Staff(LONG_NAME.to_owned()),
            may_delete: true,
        };
        Some(document_row(page, "/dev/composants", &document, Place::Drawer))
    })
    .collect();
    view! {
        <div class="stack">
            {people.view()}
            {pagination(texts, 2, 3, &|number| format!("/dev/composants?page={number}"))}
            <nav class="letters" aria-label=texts.staff_letters()><a href="#t-lists">"A"</a><a href="#t-lists">"B"</a></nav>
            {plain.view()}
            {facts(page, rows)}
            <h3>{texts.vault_documents()}</h3>
            <ul class="docs plain">{files}</ul>
            {timeline(vec![
                Step { icon: UPLOAD, title: texts.vault_deposited(1), note: texts.correction_asked_on("1er mars 2026") },
                Step { icon: EYE, title: texts.staff_vault_shared(LONG_NAME), note: texts.correction_asked_on("2 mars 2026") },
                Step { icon: TRASH, title: texts.vault_deleted().to_owned(), note: texts.correction_asked_on("3 mars 2026") },
            ])}
        </div>
    }
    .into_any()
}

fn ways(page: &Page) -> AnyView {
    let texts = page.texts;
    let vault = page.host.site.vault_name.as_str();
    let bar = [
        ("/dev/composants", texts.nav_home(), HOUSE),
        ("/mon-espace/coffre-fort", vault, FOLDER_LOCK),
        ("/mon-espace/profil", texts.nav_profile(), USER),
        ("/conseiller/jeunes", texts.nav_portfolio(), USERS),
        ("/conseiller", texts.cookies_title(), COMPASS),
        ("/admin", texts.nav_admin_space(), BRIEFCASE),
    ];
    let bars: Vec<_> = [(3, texts.nav_youth_space()), (5, texts.nav_staff_space()), (6, texts.nav_admin_space())]
        .into_iter()
        .map(|(count, label)| view! { <div class="specimen">{tab_bar(page, label, &bar[..count])}</div> })
        .collect();
    let leaves = vec![
        ("#t-ways".to_owned(), texts.staff_profile_tab().to_owned(), USER, true),
        ("#t-lists".to_owned(), vault.to_owned(), FOLDER_LOCK, false),
    ];
    view! {
        <div class="stack">
            {back("/", texts.nav_home())}
            {bars}
            {tabs(texts.staff_file(LONG_NAME), leaves)}
            <nav class="chips" aria-label=texts.vault_go_to()>
                <a href="#t-ways">{texts.category_identity()}" "<b>"1"</b></a>
                <a href="#t-ways">{texts.category_school_and_diplomas()}" "<b>"12"</b></a>
            </nav>
            <form class="finder" role="search" method="get" action="/dev/composants" aria-label=texts.staff_search_submit()>
                <label for="finder">{texts.staff_search()}</label>
                <div>
                    <input type="search" id="finder" name="q"/>
                    <button class="button">{icon(SEARCH)}<span>{texts.staff_search_submit()}</span></button>
                </div>
            </form>
            <form class="search" role="search" method="get" action="/dev/composants" aria-label=texts.vault_search()>
                <label class="sr" for="search">{texts.vault_search()}</label>
                <input type="search" id="search" name="q" placeholder=texts.vault_search_placeholder()/>
                <button class="button button--second" aria-label=texts.vault_search_submit()>{icon(SEARCH)}</button>
            </form>
        </div>
    }
    .into_any()
}

fn dialogs(page: &Page) -> AnyView {
    let texts = page.texts;
    view! {
        <div class="stack">
            <details class="menu">
                <summary class="button button--second button--small">{texts.nav_more()}</summary>
                <div class="menu-in">
                    <a href="#t-dialogs">{icon(DOWNLOAD)}{texts.vault_download()}</a>
                    <button type="button">{icon(PENCIL)}{texts.correction_submit()}</button>
                </div>
            </details>
            <details>
                <summary>{texts.cookies_details(texts.nav_admin_space())}</summary>
                <p>{texts.admin_lead()}</p>
            </details>
            <button type="button" class="button button--second" popovertarget="why">{texts.dev_open()}</button>
            <div class="dialog" id="why" popover="auto" role="dialog" aria-labelledby="t-why">
                <h3 id="t-why">{texts.vault_sharing_title()}</h3>
                <p>{texts.vault_sharing_text()}</p>
                <button type="button" class="button" popovertarget="why">{texts.dev_close()}</button>
            </div>
            <section class="dialog dialog--page" aria-labelledby="t-ask">
                <h3 id="t-ask">{texts.vault_delete_title()}</h3>
                <p>{texts.vault_delete_text()}</p>
                <div class="form-end">
                    <button type="button" class="button button--danger">{icon(TRASH)}{texts.vault_delete()}</button>
                    <button type="button" class="button button--second">{texts.vault_keep()}</button>
                </div>
            </section>
        </div>
    }
    .into_any()
}

fn progress(page: &Page) -> AnyView {
    const MEGABYTE: u64 = 1024 * 1024;
    let texts = page.texts;
    let gauges: Vec<_> = [0, 60, 150, 195].into_iter().map(|used| gauge(page, used * MEGABYTE)).collect();
    view! {
        <div class="stack">
            {gauges}
            <ul class="uploads plain">
                <li class="upload">
                    {icon(FILE_TEXT)}
                    <div>
                        <p><b>"Passeport.pdf"</b>" "<span class="hint">{texts.upload_sending()}</span></p>
                        <progress aria-label="Passeport.pdf" max="100" value="42"></progress>
                    </div>
                </li>
                <li class="upload upload--done">
                    {icon(CIRCLE_CHECK)}
                    <div><p><b>"CV.docx"</b>" "<span class="hint">{texts.upload_stored()}</span></p></div>
                </li>
                <li class="upload upload--error">
                    {icon(icon::CIRCLE_X)}
                    <div><p><b>"Quittance.pdf"</b>" "<span class="hint">{texts.upload_network()}</span></p></div>
                    <button type="button" class="button button--second button--small">{texts.upload_retry()}</button>
                </li>
            </ul>
            <ol class="steps">
                <li><h3>{texts.enrolment_open_app()}</h3><p>{texts.enrolment_open_app_text()}</p></li>
                <li><h3>{texts.enrolment_copy_code()}</h3><p>{texts.enrolment_hint()}</p></li>
            </ol>
        </div>
    }
    .into_any()
}

fn icons() -> AnyView {
    // Drawings have their own sizes, so only icons are listed here.
    let icons = icon::ALL.iter().filter(|(_, svg)| svg.contains("class=\"icon\""));
    let all: Vec<_> = icons.map(|(name, svg)| view! { <li class="badge">{icon(svg)}{*name}</li> }).collect();
    view! {
        {drawing("lost-art", LIGHTHOUSE)}
        <ul class="row plain">{all}</ul>
    }
    .into_any()
}

//! `/admin/evenements/{event}/transmettre`: handing over the pre-registrations of an event, encrypted (F5).

use super::BASE;
use crate::{
    components::{
        form::error_summary,
        format,
        icon::{DOWNLOAD, SHIELD_CHECK, UPLOAD, icon},
        layout::Area,
        message::{Level, Tone, empty, message, message_with},
        navigation::back,
        table::{Row, Table},
    },
    page::{Document, Page, PageResult, Shown},
};
use domain::{
    error::PortError,
    events::{FORWARD_MAX, ForwardBoard},
    ids::EventId,
};
use leptos::prelude::*;

/// What can be handed over, to whom, and what was handed over before.
pub(crate) async fn page(page: Page, shown: Shown<()>) -> PageResult {
    let id: EventId = page.param("event").map_err(|_| PortError::NotFound)?;
    let board = page.host.events.forward_board(&page.actor(), id).await?;
    let texts = page.texts;
    Ok(Document::new(Area::Admin, texts.forward_title(), move || {
        let errors = shown.errors;
        let base = format!("{BASE}/{id}");
        view! {
            <div class="page-head">
                {back(&base, &board.event.name)}
                <h1>{texts.forward_title()}</h1>
                <p class="lead">{texts.forward_lead()}</p>
            </div>
            {error_summary(texts, &errors, &[])}
            <section class="card" aria-labelledby="t-fichier">
                <h2 id="t-fichier">{texts.forward_file()}</h2>
                {now(&page, &board, &base)}
            </section>
            <section class="card" aria-labelledby="t-avant">
                <h2 id="t-avant">{texts.forward_before()}</h2>
                {before(&page, &board)}
            </section>
        }
    }))
}

/// What can be handed over now. Without a receiver, it says what to add to the settings.
fn now(page: &Page, board: &ForwardBoard, base: &str) -> AnyView {
    let texts = page.texts;
    let settings = &page.host.site.events;
    let (Some(key), Some(name)) = (&settings.receiver, &settings.receiver_name) else {
        let lines = "[events]\nreceiver = \"age1…\"\nreceiver_name = \"…\"";
        return view! {
            {message(Tone::Warning, texts.forward_no_receiver(), texts.forward_no_receiver_text())}
            <pre class="verbatim"><code>{lines}</code></pre>
            <p class="hint">{texts.forward_no_receiver_how()}</p>
        }
        .into_any();
    };
    let count = board.registrations;
    let capped = (count > u64::from(FORWARD_MAX))
        .then(|| message(Tone::Warning, texts.forward_capped(FORWARD_MAX), texts.forward_capped_text()));
    let button = (count > 0).then(|| {
        view! {
            <form method="post" action=format!("{base}/transmettre")>
                <button class="button">{icon(DOWNLOAD)}{texts.forward_submit()}</button>
            </form>
        }
    });
    view! {
        <p>{texts.forward_count(count)}</p>
        {capped}
        {message_with(SHIELD_CHECK, Tone::Info, texts.forward_to(name), texts.forward_to_text())}
        <p class="hint verbatim">{texts.forward_key()}" "<code>{key.clone()}</code></p>
        {button}
    }
    .into_any()
}

fn before(page: &Page, board: &ForwardBoard) -> AnyView {
    let texts = page.texts;
    if board.before.is_empty() {
        return empty(Level::Three, UPLOAD, texts.forward_none(), texts.forward_none_text(), ()).into_any();
    }
    let rows = board.before.iter().map(|forwarding| {
        Row::new(
            format::day_and_hour(page, forwarding.at).into_any(),
            vec![
                Some(forwarding.by.clone().into_any()),
                Some(forwarding.requests.to_string().into_any()),
                Some(view! { <code class="verbatim">{forwarding.sha256.clone()}</code> }.into_any()),
                Some(view! { <code class="verbatim">{forwarding.recipient.clone()}</code> }.into_any()),
            ],
        )
    });
    let columns = vec![
        texts.forward_when(),
        texts.forward_by(),
        texts.forward_how_many(),
        texts.forward_hash(),
        texts.forward_recipient(),
    ];
    Table { class: "", caption: texts.forward_caption().to_owned(), columns, rows: rows.collect() }.view().into_any()
}

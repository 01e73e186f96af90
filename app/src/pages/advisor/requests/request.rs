//! `/conseiller/demandes/{request}`: one request, who deals with it, and the answers (A5).

use super::{BASE, address_of, anchor, flagged};
use crate::{
    actions::inbox::HandleRequest,
    components::{
        field::{Choice, list, text},
        flags::flags,
        form::{error_summary, hidden_id, live, submission},
        format,
        icon::{CIRCLE_CHECK, HISTORY, MAIL, PENCIL, USER, icon},
        layout::Area,
        message::{Tone, message, success},
        navigation::back,
        person::facts,
        request::{kind_name, state_badge},
        table::{Step, timeline},
    },
    islands::requests::HAND_FORM,
    page::{Document, Page, PageResult, Shown},
    texts::Texts,
};
use domain::{
    forms::inbox::HandlingForm,
    ids::RequestId,
    inbox::{RequestDetail, RequestState},
};
use leptos::prelude::*;

/// The id of the form of an answer.
const ANSWER: &str = "repondre";

/// The whole request.
pub(crate) async fn page(page: Page, shown: Shown<HandlingForm>) -> PageResult {
    let id: RequestId = page.param("request")?;
    let detail = page.host.inbox.detail(&page.actor(), id).await?;
    let texts = page.texts;
    let answerable = detail.email.is_some() && (detail.row.state != RequestState::Closed || page.is_refusal());
    let document = Document::new(Area::Staff, detail.row.name.clone(), move || {
        let labels = [("answer", texts.inbox_answer_label()), ("colleague", texts.inbox_hand())];
        view! {
            <div class="page-head">
                {back(&list_before(&page, &detail), texts.inbox_back())}
                <h1>{detail.row.name.clone()}</h1>
                <p class="lead">
                    {kind_name(texts, detail.row.kind)}" "{state_badge(texts, detail.row.state)}" "
                    {flagged(texts, &detail.row)}
                </p>
            </div>
            {error_summary(texts, &shown.errors, &labels)}
            {said(&page)}
            <div class="split">
                <div>
                    {about(&page, &detail)}
                    {answers(&page, &detail)}
                    {answer_form(&page, &detail, &shown)}
                </div>
                <div>{follow(&page, &detail, &shown)}</div>
            </div>
        }
    });
    // Without the form of an answer there is nothing to send.
    Ok(if answerable { document } else { document.without_island() })
}

/// The list that the request was opened from, at its row.
fn list_before(page: &Page, detail: &RequestDetail) -> String {
    match page.query("liste") {
        "" => BASE.to_owned(),
        list => format!("{}#{}", address_of(list), anchor(detail.row.id)),
    }
}

/// What was just done, or that somebody else was quicker.
pub(super) fn said(page: &Page) -> Option<AnyView> {
    let texts = page.texts;
    let text = match page.query("fait") {
        "" => return None,
        "pris" => texts.inbox_done_take(),
        "confie" => texts.inbox_done_hand(),
        "rendu" => texts.inbox_done_release(),
        "clos" => texts.inbox_done_close(),
        "rouvert" => texts.inbox_done_reopen(),
        "efface" => texts.inbox_blanked(),
        "repondu" => texts.inbox_done_answer(),
        "depasse" => return Some(message(Tone::Warning, texts.inbox_over(), texts.inbox_over_text()).into_any()),
        _ => return None,
    };
    Some(success(text.to_owned()).into_any())
}

fn about(page: &Page, detail: &RequestDetail) -> impl IntoView + use<> {
    let texts = page.texts;
    // Each form asks for something else: what it does not ask for is not missing.
    let optional = [
        (texts.inbox_event(), detail.event.clone()),
        (texts.inbox_company(), detail.company.clone()),
        (texts.inbox_phone(), detail.phone.as_deref().map(format::phone)),
        (texts.inbox_birth_date(), detail.birth_date.map(|day| format::date(texts, day))),
        (texts.inbox_postal_code(), detail.postal_code.clone()),
        (texts.inbox_structure(), detail.structure.clone()),
        (texts.inbox_by_video(), detail.by_video.map(|yes| video(texts, yes).to_owned())),
        (texts.inbox_availability(), detail.availability.clone()),
    ];
    let mut rows = vec![
        (texts.inbox_received(), Some(format::day_of(page, detail.row.received_at))),
        (texts.inbox_from(), Some(detail.row.name.clone())),
        (texts.inbox_email(), Some(detail.email.clone().unwrap_or_else(|| texts.inbox_no_email().to_owned()))),
    ];
    rows.extend(optional.into_iter().filter(|(_, value)| value.is_some()));
    let words = match &detail.message {
        Some(words) => view! { <p class="verbatim">{words.clone()}</p> }.into_any(),
        None => view! { <p class="hint">{texts.inbox_no_message()}</p> }.into_any(),
    };
    view! {
        <section class="card" aria-labelledby="t-demande">
            <h2 id="t-demande">{texts.inbox_about()}</h2>
            {facts(page, rows)}
            <h3>{texts.inbox_message()}</h3>
            {words}
            {flags(&format!("{BASE}/{}", detail.row.id), "action", texts, detail.findings)}
        </section>
    }
}

fn video(texts: Texts, yes: bool) -> &'static str {
    if yes { texts.inbox_by_video_yes() } else { texts.inbox_by_video_no() }
}

/// What was done so far.
fn answers(page: &Page, detail: &RequestDetail) -> Option<impl IntoView + use<>> {
    if detail.answers.is_empty() {
        return None;
    }
    let texts = page.texts;
    let steps = detail.answers.iter().map(|line| {
        let day = format::day_of(page, line.at);
        match &line.message {
            Some(words) => Step { icon: MAIL, title: texts.inbox_answered(&line.author, day), note: words.clone() },
            None => Step { icon: HISTORY, title: texts.inbox_line_blanked(&line.author, day), note: String::new() },
        }
    });
    Some(view! {
        <section class="card" aria-labelledby="t-fait">
            <h2 id="t-fait">{texts.inbox_answers()}</h2>
            <div class="verbatim">{timeline(steps.collect())}</div>
        </section>
    })
}

/// The answer by mail, or what to do where there is no address. Text that was refused is shown again in any case.
fn answer_form(page: &Page, detail: &RequestDetail, shown: &Shown<HandlingForm>) -> Option<AnyView> {
    let texts = page.texts;
    if detail.row.state == RequestState::Closed && !page.is_refusal() {
        return None;
    }
    let Shown { form: typed, errors } = shown;
    let content = match (&detail.email, &detail.phone) {
        (Some(email), _) => {
            let fresh = page.host.inbox.submission();
            view! {
                <p>{texts.inbox_answer_to(email)}</p>
                {live::<HandleRequest>(page, ANSWER, None)}
                <form class="form" id={ANSWER} method="post" action=format!("{BASE}/{}", detail.row.id)>
                    {hidden_id("request", detail.row.id)}
                    {submission(&typed.submission, fresh)}
                    {text("answer", texts.inbox_answer_label(), &typed.answer).hint(texts.inbox_answer_hint()).view(texts, errors)}
                    <div class="field">
                        <label class="choice">
                            <input type="checkbox" name="close" value="on" checked=typed.close == "on"/>
                            <span>{texts.inbox_answer_close()}</span>
                        </label>
                    </div>
                    <button class="button" name="action" value="answer">{icon(MAIL)}{texts.inbox_answer_submit()}</button>
                </form>
            }
            .into_any()
        }
        (None, Some(_)) => view! { <p>{texts.inbox_no_address()}</p> }.into_any(),
        (None, None) => view! { <p>{texts.inbox_no_address_at_all()}</p> }.into_any(),
    };
    Some(
        view! {
            <section class="card" aria-labelledby="t-repondre">
                <h2 id="t-repondre">{texts.inbox_answer()}</h2>
                {content}
            </section>
        }
        .into_any(),
    )
}

/// Who has it, when it goes, and what can be done with it.
fn follow(page: &Page, detail: &RequestDetail, shown: &Shown<HandlingForm>) -> impl IntoView + use<> {
    let texts = page.texts;
    let me = page.actor().account();
    let mine = detail.assigned_to.is_some() && detail.assigned_to == me;
    let holder = match (&detail.row.holder, mine) {
        (_, true) => texts.inbox_holder_you().to_owned(),
        (Some(name), false) => name.clone(),
        (None, false) => texts.inbox_nobody().to_owned(),
    };
    let mut rows = vec![(texts.inbox_holder(), Some(holder))];
    if let Some(at) = detail.closed_at {
        rows.push((texts.inbox_state_closed(), Some(format::day_of(page, at))));
    }
    let goes = match detail.row.goes_on {
        Some(day) => texts.inbox_goes_text(format::date(texts, day)),
        None => texts.inbox_goes_event_text().to_owned(),
    };
    let buttons = if detail.row.state == RequestState::Closed {
        let reopen = button(detail, "reopen", "button button--second", PENCIL, texts.inbox_reopen().to_owned());
        reopen.into_any()
    } else {
        let take =
            detail.assigned_to.is_none().then(|| button(detail, "take", "button", USER, texts.inbox_take().to_owned()));
        let release = detail.row.holder.as_ref().map(|name| {
            let text = if mine { texts.inbox_release().to_owned() } else { texts.inbox_release_other(name) };
            button(detail, "release", "button button--second", USER, text)
        });
        let close = button(detail, "close", "button button--second", CIRCLE_CHECK, texts.inbox_close().to_owned());
        view! { {take} {hand_form(page, detail, shown)} {release} {close} }.into_any()
    };
    view! {
        <section class="card" aria-labelledby="t-suivi">
            <h2 id="t-suivi">{texts.inbox_follow()}</h2>
            {facts(page, rows)}
            {buttons}
            <p class="hint">{goes}</p>
        </section>
    }
}

/// Who had it when the page was shown.
fn holder(detail: &RequestDetail) -> impl IntoView + use<> {
    let holder = detail.assigned_to.map(|account| account.to_string()).unwrap_or_default();
    view! { <input type="hidden" name="holder" value=holder/> }
}

fn button(
    detail: &RequestDetail,
    action: &'static str,
    class: &'static str,
    svg: &'static str,
    text: String,
) -> impl IntoView + use<> {
    view! {
        <form method="post" action=format!("{BASE}/{}", detail.row.id)>
            {holder(detail)}
            <button class=class name="action" value=action>{icon(svg)}{text}</button>
        </form>
    }
}

/// To a colleague who may see it too.
fn hand_form(page: &Page, detail: &RequestDetail, shown: &Shown<HandlingForm>) -> Option<impl IntoView + use<>> {
    let texts = page.texts;
    let others: Vec<_> =
        detail.colleagues.iter().filter(|colleague| Some(colleague.account) != detail.assigned_to).collect();
    if others.is_empty() {
        return None;
    }
    let Shown { form, errors } = shown;
    let others = others.into_iter().map(|colleague| Choice::new(colleague.account.to_string(), colleague.name.clone()));
    let colleague = list("colleague", texts.inbox_hand(), others, &form.colleague).empty(texts.inbox_hand_choose());
    let list = match page.query("liste") {
        "" => form.list.clone(),
        list => list.to_owned(),
    };
    let list_before = (!list.is_empty()).then(|| view! { <input type="hidden" name="list" value=list/> });
    Some(view! {
        <form class="form" id=HAND_FORM method="post" action=format!("{BASE}/{}", detail.row.id)>
            {holder(detail)}
            {list_before}
            {colleague.view(texts, errors)}
            <button class="button button--second" name="action" value="hand">{texts.inbox_hand_submit()}</button>
        </form>
    })
}

//! `/admin/droits/{demande}`: one request, and what the officer does with it (E15).

use super::BASE;
use crate::{
    actions::rights::StepRightsRequest,
    components::{
        field::{Choice, list, text},
        flags::flags,
        form::{error_summary, hidden_id, live},
        format,
        icon::{CLOCK, ID_CARD, MAIL, icon},
        layout::Area,
        message::{Tone, message, success},
        navigation::back,
        person::facts,
        rights::{concerns_name, ground_name, outcome_name, right_name, state_badge, urgency_badge},
    },
    page::{Document, Page, PageResult, Shown},
};
use domain::{
    forms::{FieldErrors, rights::RightsStepForm},
    ids::RightsRequestId,
    rights::{RightsDetail, RightsOutcome, RightsState},
};
use leptos::prelude::*;

/// The ids of the three forms, each of which has an island of its own.
const CLOSE: &str = "clore";
const IDENTITY: &str = "identite";
const EXTEND: &str = "prolonger";

/// The page of the request.
pub(crate) async fn page(page: Page, shown: Shown<RightsStepForm>) -> PageResult {
    let id: RightsRequestId = page.param("demande")?;
    let detail = page.host.rights.detail(&page.actor(), id).await?;
    let texts = page.texts;
    let answered = detail.row.state == RightsState::Closed && !page.is_refusal();
    let document = Document::new(Area::Admin, right_name(texts, detail.row.right), move || {
        let Shown { form: typed, errors } = shown;
        let labels = [
            ("outcome", texts.officer_outcome_label()),
            ("answer", texts.officer_answer_label()),
            ("doubt", texts.officer_doubt()),
            ("reason", texts.officer_reason()),
        ];
        let forms = (!answered)
            .then(|| view! { {answer(&page, &detail, &typed, &errors)} {others(&page, &detail, &typed, &errors)} });
        view! {
            <div class="page-head">
                {back(BASE, texts.officer_back())}
                <h1>{right_name(texts, detail.row.right)}</h1>
                <p class="lead">
                    {detail.row.name.clone()}" "{state_badge(texts, &detail.row)}" "
                    {urgency_badge(texts, &detail.row, page.today())}
                </p>
            </div>
            {error_summary(texts, &errors, &labels)}
            {said(&page)}
            <div class="split">
                <div>{about(&page, &detail)}</div>
                <div>{forms}</div>
            </div>
        }
    });
    // Without a form there is nothing to send.
    Ok(if answered { document.without_island() } else { document })
}

/// Says what was just done, or that it was no longer possible.
fn said(page: &Page) -> Option<AnyView> {
    let texts = page.texts;
    let text = match page.query("fait") {
        "identite" => texts.officer_done_identity(),
        "prolonge" => texts.officer_done_extend(),
        "clos" => texts.officer_done_close(),
        "efface" => texts.inbox_blanked(),
        "depasse" => return Some(message(Tone::Warning, texts.officer_over(), texts.officer_over_text()).into_any()),
        _ => return None,
    };
    Some(success(text.to_owned()).into_any())
}

fn about(page: &Page, detail: &RightsDetail) -> impl IntoView + use<> {
    let texts = page.texts;
    let row = &detail.row;
    let from = if detail.from_account { texts.officer_from_space() } else { texts.officer_from_public() };
    let mut rows = vec![
        (texts.officer_received(), Some(format::day_of(page, row.received_at))),
        (texts.officer_due(), Some(format::date(texts, row.due_on))),
        (texts.officer_person(), Some(row.name.clone())),
        (texts.officer_email(), Some(detail.email.clone())),
        (texts.officer_concerns(), Some(concerns_name(texts, detail.concerns).to_owned())),
        (texts.officer_from_account(), Some(from.to_owned())),
    ];
    let day = |at: Option<_>| at.map(|at| format::day_of(page, at));
    let told = [
        (texts.officer_ground(), detail.ground.map(|ground| ground_name(texts, ground).to_owned())),
        (texts.officer_identity(), day(detail.identity_asked_at)),
        (texts.officer_extended(), day(detail.extended_at)),
        (texts.officer_extension_reason(), detail.extension_reason.clone()),
        (texts.officer_closed(), day(detail.closed_at)),
        (texts.officer_outcome(), row.outcome.map(|outcome| outcome_name(texts, outcome).to_owned())),
    ];
    rows.extend(told.into_iter().filter(|(_, value)| value.is_some()));
    let words = |title: &'static str, words: &Option<String>| {
        words.clone().map(|words| view! { <h3>{title}</h3> <p class="verbatim">{words}</p> })
    };
    view! {
        <section class="card" aria-labelledby="t-demande">
            <h2 id="t-demande">{texts.officer_about()}</h2>
            {facts(page, rows)}
            {words(texts.officer_message(), &detail.message)}
            {flags(&format!("{BASE}/{}", row.id), "step", texts, detail.findings)}
            {words(texts.officer_answer_given(), &detail.answer)}
        </section>
    }
}

fn answer(page: &Page, detail: &RightsDetail, typed: &RightsStepForm, errors: &FieldErrors) -> impl IntoView + use<> {
    let texts = page.texts;
    let outcomes = RightsOutcome::ALL.iter().map(|&outcome| Choice::new(outcome.code(), outcome_name(texts, outcome)));
    let outcome = list("outcome", texts.officer_outcome_label(), outcomes, &typed.outcome);
    let outcome = outcome.empty(texts.officer_outcome_choose());
    view! {
        <section class="card" aria-labelledby="t-repondre">
            <h2 id="t-repondre">{texts.officer_answer()}</h2>
            <p>{texts.officer_answer_text()}</p>
            {live::<StepRightsRequest>(page, CLOSE, None)}
            <form class="form" id={CLOSE} method="post" action=format!("{BASE}/{}", detail.row.id)>
                {hidden_id("demande", detail.row.id)}
                {outcome.view(texts, errors)}
                {text("answer", texts.officer_answer_label(), &typed.answer).hint(texts.officer_answer_hint()).view(texts, errors)}
                <button class="button" name="step" value="close">{icon(MAIL)}{texts.officer_answer_submit()}</button>
            </form>
        </section>
    }
}

/// The steps that are seldom needed. They are folded away, and open when something in them has an error.
fn others(page: &Page, detail: &RightsDetail, typed: &RightsStepForm, errors: &FieldErrors) -> impl IntoView + use<> {
    let texts = page.texts;
    let action = format!("{BASE}/{}", detail.row.id);
    let identity = (detail.row.state == RightsState::New || errors.of("doubt").is_some()).then(|| {
        view! {
            <details class="card" open=errors.of("doubt").is_some()>
                <summary>{icon(ID_CARD)}<span>{texts.officer_ask_identity()}</span></summary>
                <p>{texts.officer_ask_identity_text()}</p>
                {live::<StepRightsRequest>(page, IDENTITY, None)}
                <form class="form" id={IDENTITY} method="post" action=action.clone()>
                    {hidden_id("demande", detail.row.id)}
                    {text("doubt", texts.officer_doubt(), &typed.doubt).hint(texts.officer_doubt_hint()).view(texts, errors)}
                    <button class="button button--second" name="step" value="identity">{texts.officer_doubt_submit()}</button>
                </form>
            </details>
        }
    });
    let extend = (detail.may_extend(page.today()) || errors.of("reason").is_some()).then(|| {
        view! {
            <details class="card" open=errors.of("reason").is_some()>
                <summary>{icon(CLOCK)}<span>{texts.officer_extend()}</span></summary>
                <p>{texts.officer_extend_text()}</p>
                {live::<StepRightsRequest>(page, EXTEND, None)}
                <form class="form" id={EXTEND} method="post" action=action>
                    {hidden_id("demande", detail.row.id)}
                    {text("reason", texts.officer_reason(), &typed.reason).hint(texts.officer_reason_hint()).view(texts, errors)}
                    <button class="button button--second" name="step" value="extend">{texts.officer_extend_submit()}</button>
                </form>
            </details>
        }
    });
    view! { {identity} {extend} }
}

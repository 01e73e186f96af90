//! `/admin/taches`: the jobs, their runs, and the mails that wait. `/admin/taches/mails`: the mails that could not be
//! sent.

use crate::{
    components::{
        format,
        icon::{CIRCLE_CHECK, CLOCK, HISTORY, INFO, MAIL, PLAY, TRIANGLE_ALERT, icon},
        layout::Area,
        message::{Level, Tone, badge, empty, message, success},
        navigation::back,
        table::{Row, Table, pagination},
    },
    page::{Document, Page, PageResult},
    policy::words,
    texts::Texts,
};
use domain::{
    mail::{self, GIVE_UP_DAYS},
    requests::RequestKind,
    retention::RuleId,
    tasks::{
        Cause, FailedMail, OutboxState, RUNS_DAYS, RunCounts, RunOutcome, Schedule, Task, TaskBoard, TaskRun, TaskState,
    },
};
use leptos::prelude::*;

const BASE: &str = "/admin/taches";
const MAILS: &str = "/admin/taches/mails";

fn page_number(page: &Page) -> u32 {
    page.query("page").parse().unwrap_or(1).max(1)
}

/// The jobs and their runs.
pub(crate) async fn page(page: Page) -> PageResult {
    let board = page.host.tasks.board(&page.actor(), page_number(&page)).await?;
    let texts = page.texts;
    Ok(Document::new(Area::Admin, texts.tasks_title(), move || {
        let asked = Task::from_code(page.query("demande")).map(|task| success(texts.tasks_asked(name(texts, task))));
        let runs = if board.runs.rows.is_empty() {
            empty(Level::Three, HISTORY, texts.tasks_runs_empty(), texts.tasks_runs_empty_text(), ()).into_any()
        } else {
            runs(&page, &board.runs.rows).into_any()
        };
        let href = |number: u32| format!("{BASE}?page={number}#passages");
        view! {
            <div class="page-head">
                <h1>{texts.tasks_title()}</h1>
                <p class="lead">{texts.tasks_lead()}</p>
            </div>
            {asked}
            <section class="card" aria-labelledby="t-mails">
                <h2 id="t-mails">{texts.tasks_mails()}</h2>
                {outbox(&page, &board.outbox)}
            </section>
            <section class="card" aria-labelledby="t-travaux">
                <h2 id="t-travaux">{texts.tasks_jobs()}</h2>
                {jobs(&page, &board)}
            </section>
            <section class="card" aria-labelledby="passages">
                <h2 id="passages">{texts.tasks_runs()}</h2>
                {runs}
            </section>
            {pagination(texts, board.runs.page, board.runs.pages(), &href)}
        }
    }))
}

fn outbox(page: &Page, state: &OutboxState) -> impl IntoView + use<> {
    let texts = page.texts;
    let silent = state.silent.map(|(since, until)| {
        let (since, until) = (format::day_and_hour(page, since), format::day_and_hour(page, until));
        message(Tone::Warning, texts.tasks_silent(since), texts.tasks_silent_text(until))
    });
    let failed = match state.failed {
        0 => view! { <p>{texts.tasks_failed(0)}</p> }.into_any(),
        count => view! { <a href=MAILS>{texts.tasks_failed(count)}</a> }.into_any(),
    };
    view! {
        {silent}
        <p>{texts.tasks_waiting(state.waiting)}</p>
        {failed}
    }
}

fn jobs(page: &Page, board: &TaskBoard) -> impl IntoView + use<> {
    let texts = page.texts;
    let mut columns = vec![texts.tasks_job(), texts.tasks_last(), texts.tasks_outcome(), texts.tasks_next()];
    // Only those who may run a job have this column; a cell without a column is not shown.
    columns.extend(board.may_run.then(|| texts.tasks_now()));
    let rows = board.tasks.iter().map(|state| job(page, state)).collect();
    Table { class: "", caption: texts.tasks_jobs_caption().to_owned(), columns, rows }.view()
}

fn job(page: &Page, state: &TaskState) -> Row {
    let texts = page.texts;
    let task = state.task;
    let head = view! {
        {name(texts, task)}
        <br/>
        <span class="hint">{purpose(texts, task)}" "{schedule(texts, state.schedule)}</span>
    };
    let last = match &state.last {
        None => view! { <span class="hint">{texts.tasks_never()}</span> }.into_any(),
        Some(run) => {
            let began = format::day_and_hour(page, run.started_at);
            let duration = duration(texts, run).map(|text| view! { <br/><span class="hint">{text}</span> });
            view! { <span>{began}{duration}</span> }.into_any()
        }
    };
    let next = if state.asked { texts.tasks_soon().to_owned() } else { format::day_and_hour(page, state.next_at) };
    let run = view! {
        <form method="post" action=format!("{BASE}/{}/lancer", task.code())>
            <button class="button button--second button--small" aria-label=texts.tasks_run_label(name(texts, task))>
                {icon(PLAY)}
                {texts.tasks_run()}
            </button>
        </form>
    };
    let outcome = state.last.as_ref().map(|run| outcome(texts, run).into_any());
    Row::new(head.into_any(), vec![Some(last), outcome, Some(next.into_any()), Some(run.into_any())])
}

fn runs(page: &Page, runs: &[TaskRun]) -> impl IntoView + use<> {
    let texts = page.texts;
    let rows = runs.iter().map(|run| {
        Row::new(
            name(texts, run.task).into_any(),
            vec![
                Some(format::day_and_hour(page, run.started_at).into_any()),
                duration(texts, run).map(IntoAny::into_any),
                Some(outcome(texts, run).into_any()),
                run.ended.map(|_| counts(texts, &run.counts).into_any()),
                Some(cause(texts, run.cause).into_any()),
            ],
        )
    });
    let columns = vec![
        texts.tasks_job(),
        texts.tasks_started(),
        texts.tasks_duration(),
        texts.tasks_outcome(),
        texts.tasks_counts(),
        texts.tasks_cause(),
    ];
    Table { class: "", caption: texts.tasks_runs_caption(RUNS_DAYS), columns, rows: rows.collect() }.view()
}

/// The mails that the job stopped trying to send.
pub(crate) async fn mails(page: Page) -> PageResult {
    let found = page.host.tasks.failed_mails(&page.actor(), page_number(&page)).await?;
    let texts = page.texts;
    Ok(Document::new(Area::Admin, texts.tasks_mails_title(), move || {
        let content = if found.rows.is_empty() {
            empty(Level::Two, MAIL, texts.tasks_mails_empty(), texts.tasks_mails_empty_text(), ()).into_any()
        } else {
            view! { <div class="card">{mail_table(&page, &found.rows)}</div> }.into_any()
        };
        let href = |number: u32| format!("{MAILS}?page={number}");
        view! {
            <div class="page-head">
                {back(BASE, texts.tasks_title())}
                <h1>{texts.tasks_mails_title()}</h1>
                <p class="lead">{texts.tasks_mails_lead()}</p>
            </div>
            {content}
            {pagination(texts, found.page, found.pages(), &href)}
        }
    }))
}

fn mail_table(page: &Page, mails: &[FailedMail]) -> impl IntoView + use<> {
    let texts = page.texts;
    let kept = page.host.site.keeping.period(RuleId::FailedMails).map(|kept| words::period(texts, kept));
    let rows = mails.iter().map(|mail| {
        Row::new(
            mail_kind(texts, mail.kind).into_any(),
            vec![
                Some(format::day_and_hour(page, mail.written_at).into_any()),
                Some(format::day_and_hour(page, mail.ended_at).into_any()),
                Some(reason(texts, &mail.reason).into_any()),
            ],
        )
    });
    let columns = vec![texts.tasks_message(), texts.tasks_written(), texts.tasks_given_up(), texts.tasks_reason()];
    Table { class: "", caption: texts.tasks_mails_caption(kept.unwrap_or_default()), columns, rows: rows.collect() }
        .view()
}

/// The name of a job.
fn name(texts: Texts, task: Task) -> &'static str {
    match task {
        Task::SweepVault => texts.task_sweep_vault(),
        Task::EndSessions => texts.task_end_sessions(),
        Task::PruneHistory => texts.task_prune_history(),
        Task::PruneReceipts => texts.task_prune_receipts(),
        Task::Retention => texts.task_retention(),
    }
}

fn purpose(texts: Texts, task: Task) -> &'static str {
    match task {
        Task::SweepVault => texts.task_sweep_vault_text(),
        Task::EndSessions => texts.task_end_sessions_text(),
        Task::PruneHistory => texts.task_prune_history_text(),
        Task::PruneReceipts => texts.task_prune_receipts_text(),
        Task::Retention => texts.task_retention_text(),
    }
}

fn schedule(texts: Texts, schedule: Schedule) -> String {
    match schedule {
        Schedule::EveryMinutes(60) => texts.tasks_every_hour().to_owned(),
        Schedule::EveryMinutes(minutes) => texts.tasks_every(minutes),
        Schedule::DailyAt { hour, minute } => texts.tasks_daily(hour, format_args!("{minute:02}")),
    }
}

fn cause(texts: Texts, cause: Cause) -> &'static str {
    match cause {
        Cause::Schedule => texts.tasks_cause_schedule(),
        Cause::Person => texts.tasks_cause_person(),
        Cause::Command => texts.tasks_cause_command(),
    }
}

fn outcome(texts: Texts, run: &TaskRun) -> impl IntoView + use<> {
    match run.ended {
        None => badge(Tone::Info, CLOCK, texts.tasks_running()),
        Some((_, RunOutcome::Done)) => badge(Tone::Success, CIRCLE_CHECK, texts.tasks_done()),
        Some((_, RunOutcome::Failed)) => badge(Tone::Danger, TRIANGLE_ALERT, texts.tasks_broken()),
        Some((_, RunOutcome::Interrupted)) => badge(Tone::Warning, INFO, texts.tasks_interrupted()),
    }
}

/// How long a run took; nothing while it runs.
fn duration(texts: Texts, run: &TaskRun) -> Option<String> {
    let (ended_at, _) = run.ended?;
    let seconds = ended_at.millis_since(run.started_at).max(0) / 1000;
    Some(match seconds {
        0 => texts.tasks_under_a_second().to_owned(),
        1..120 => texts.tasks_seconds(seconds),
        _ => texts.tasks_minutes(seconds / 60),
    })
}

/// The counts of a run that are not zero.
fn counts(texts: Texts, counts: &RunCounts) -> String {
    let words: Vec<_> = counts
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(what, count)| match what.as_str() {
            "unfinished" => texts.count_unfinished(*count),
            "deleted" => texts.count_deleted(*count),
            "orphans" => texts.count_orphans(*count),
            "sessions" => texts.count_sessions(*count),
            "codes" => texts.count_codes(*count),
            "proposals" => texts.count_proposals(*count),
            "attempts" => texts.count_attempts(*count),
            "mails" => texts.count_mails(*count),
            "runs" => texts.count_runs(*count),
            "violations" => texts.count_violations(*count),
            "receipts" => texts.count_receipts(*count),
            "texts" => texts.count_texts(*count),
            "newsletter_unconfirmed" => texts.count_newsletter_unconfirmed(*count),
            "rights" => texts.count_rights(*count),
            "visits" => texts.count_visits(*count),
            other => match RequestKind::ALL.into_iter().find(|kind| kind.rule().code() == other) {
                Some(kind) => (words::request(texts, kind).removed)(texts, *count),
                // An older or newer version of the portal counted this.
                None => format!("{other}\u{a0}: {count}"),
            },
        })
        .collect();
    if words.is_empty() { texts.tasks_nothing().to_owned() } else { words.join(", ") }
}

fn mail_kind(texts: Texts, kind: mail::MessageKind) -> &'static str {
    match kind {
        mail::MessageKind::RequestReceived => texts.mail_kind_request_received(),
        mail::MessageKind::RequestAwaits => texts.mail_kind_request_awaits(),
        mail::MessageKind::StaffInvitation => texts.mail_kind_staff_invitation(),
        mail::MessageKind::ConfirmationAwaited => texts.mail_kind_confirmation_awaited(),
        mail::MessageKind::AdministratorRescued => texts.mail_kind_administrator_rescued(),
        mail::MessageKind::RequestAnswered => texts.mail_kind_request_answered(),
        mail::MessageKind::RightsReceived => texts.mail_kind_rights_received(),
        mail::MessageKind::RightsArrived => texts.mail_kind_rights_arrived(),
        mail::MessageKind::RightsIdentity => texts.mail_kind_rights_identity(),
        mail::MessageKind::RightsExtended => texts.mail_kind_rights_extended(),
        mail::MessageKind::RightsAnswered => texts.mail_kind_rights_answered(),
        mail::MessageKind::NewsletterConfirmation => texts.mail_kind_newsletter_confirmation(),
        mail::MessageKind::NewsletterWelcome => texts.mail_kind_newsletter_welcome(),
        mail::MessageKind::Trial => texts.mail_kind_trial(),
    }
}

fn reason(texts: Texts, reason: &str) -> String {
    match reason.as_bytes() {
        [b'5', ..] => texts.tasks_reason_refused(reason),
        [b'4', ..] => texts.tasks_reason_put_off(GIVE_UP_DAYS, reason),
        _ if reason == "unreadable" => texts.tasks_reason_unreadable().to_owned(),
        _ => texts.tasks_reason_silent(GIVE_UP_DAYS),
    }
}

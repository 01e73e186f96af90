//! What visitors sent, as staff read and handle it (A5).

use crate::{
    access::{Access, HandleRequest, KindFacts, ReadRequest, RequestFacts},
    db::{Reads, Tx, execute, on},
    error::Fault,
    store::{known, new_id, one_of},
};
use domain::{
    ids::{AccountId, SubmissionId},
    inbox::{AnswerLine, Colleague, InboxQuery, NewAnswer, RequestState, StateCounts, Whose},
    paging::PAGE_SIZE,
    requests::RequestKind,
    time::Instant,
};
use uuid::Uuid;

/// Proofs that the actor may see these forms.
type Seen<'a> = &'a [Access<ReadRequest, KindFacts>];

/// The forms that the actor may see and that are searched, as [`one_of`] binds them.
fn kinds(seen: Seen<'_>, wanted: Option<RequestKind>) -> String {
    let seen = seen.iter().map(|access| access.facts().0);
    one_of(seen.filter(|kind| wanted.is_none_or(|wanted| wanted == *kind)).map(RequestKind::code))
}

/// The states that a list shows: the searched one twice, or the two states in which there is something to do.
fn states(wanted: Option<RequestState>) -> [&'static str; 2] {
    match wanted {
        None => [RequestState::New.code(), RequestState::Open.code()],
        Some(state) => [state.code(); 2],
    }
}

fn whose(query: &InboxQuery) -> &'static str {
    match query.whose {
        Whose::Anybody => "any",
        Whose::Mine => "mine",
        Whose::Nobody => "nobody",
    }
}

/// One line of the list, its name in two parts.
#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) id: Uuid,
    kind: String,
    pub(crate) received_at: i64,
    state: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) flags: Option<String>,
    pub(crate) holder: Option<String>,
    /// The end of the request's event.
    pub(crate) ends_at: Option<i64>,
}

impl Row {
    pub(crate) fn kind(&self) -> Result<RequestKind, Fault> {
        known(RequestKind::from_code(&self.kind))
    }

    pub(crate) fn state(&self) -> Result<RequestState, Fault> {
        known(RequestState::from_code(&self.state))
    }
}

/// A page of the requests of the forms in `seen`, newest first.
pub(crate) async fn page(
    db: &mut impl Reads,
    seen: Seen<'_>,
    query: &InboxQuery,
    me: Option<AccountId>,
) -> Result<Vec<Row>, Fault> {
    let (kinds, [state, other_state]) = (kinds(seen, query.kind), states(query.state));
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT r.id, r.kind, r.received_at, r.state, r.first_name, r.last_name, r.flags, s.name AS holder, e.ends_at
         FROM request r
         LEFT JOIN staff s ON s.account_id = r.assigned_to
         LEFT JOIN event e ON e.id = r.event_id
         WHERE r.state IN ($1, $2) AND replace($3, ',' || r.kind || ',', '') <> $3
           AND ($4 = 'any' OR ($4 = 'mine' AND r.assigned_to = $5) OR ($4 = 'nobody' AND r.assigned_to IS NULL))
         ORDER BY r.received_at DESC, r.id DESC LIMIT ($6 + 0) OFFSET $7",
    )
    .bind(state)
    .bind(other_state)
    .bind(kinds)
    .bind(whose(query))
    .bind(me.map(Uuid::from))
    .bind(i64::from(PAGE_SIZE))
    .bind(i64::from(query.page.saturating_sub(1)) * i64::from(PAGE_SIZE))
    .fetch_all(conn)
    .await)?)
}

/// How many requests of the forms in `seen` are in each state. The state of the search does not matter here.
pub(crate) async fn count(
    db: &mut impl Reads,
    seen: Seen<'_>,
    query: &InboxQuery,
    me: Option<AccountId>,
) -> Result<StateCounts, Fault> {
    let kinds = kinds(seen, query.kind);
    let rows: Vec<(String, i64)> = on!(db, conn => sqlx::query_as(
        "SELECT r.state, COUNT(*) FROM request r
         WHERE r.state IN ('new', 'open', 'closed') AND replace($1, ',' || r.kind || ',', '') <> $1
           AND ($2 = 'any' OR ($2 = 'mine' AND r.assigned_to = $3) OR ($2 = 'nobody' AND r.assigned_to IS NULL))
         GROUP BY r.state",
    )
    .bind(kinds)
    .bind(whose(query))
    .bind(me.map(Uuid::from))
    .fetch_all(conn)
    .await)?;
    let mut counts = StateCounts::default();
    for (state, count) in rows {
        let count = u64::try_from(count).unwrap_or(0);
        match known(RequestState::from_code(&state))? {
            RequestState::New => counts.new = count,
            RequestState::Open => counts.open = count,
            RequestState::Closed => counts.closed = count,
        }
    }
    Ok(counts)
}

/// A whole request.
#[derive(sqlx::FromRow)]
pub(crate) struct Detail {
    #[sqlx(flatten)]
    pub(crate) row: Row,
    pub(crate) assigned_to: Option<Uuid>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) birth_date: Option<String>,
    pub(crate) postal_code: Option<String>,
    pub(crate) company: Option<String>,
    pub(crate) by_video: Option<bool>,
    pub(crate) availability: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) event: Option<String>,
    pub(crate) structure: Option<String>,
    pub(crate) closed_at: Option<i64>,
}

/// Everything that the person sent.
pub(crate) async fn one(
    db: &mut impl Reads,
    access: &Access<ReadRequest, RequestFacts>,
) -> Result<Option<Detail>, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT r.id, r.kind, r.received_at, r.state, r.first_name, r.last_name, r.flags, s.name AS holder, e.ends_at,
                r.assigned_to, r.email, r.phone, r.birth_date, r.postal_code, r.company, r.by_video, r.availability,
                r.message, e.name AS event, r.structure, r.closed_at
         FROM request r
         LEFT JOIN staff s ON s.account_id = r.assigned_to
         LEFT JOIN event e ON e.id = r.event_id
         WHERE r.id = $1",
    )
    .bind(Uuid::from(access.facts().request))
    .fetch_optional(conn)
    .await)?)
}

/// What staff did until now, oldest first. A line without a message says that the person's own text was destroyed.
pub(crate) async fn answers(
    db: &mut impl Reads,
    access: &Access<ReadRequest, RequestFacts>,
) -> Result<Vec<AnswerLine>, Fault> {
    let rows: Vec<(i64, String, String)> = on!(db, conn => sqlx::query_as(
        "SELECT a.at, s.name, a.message FROM request_answer a JOIN staff s ON s.account_id = a.staff_id
         WHERE a.request_id = $1 ORDER BY a.at, a.id",
    )
    .bind(Uuid::from(access.facts().request))
    .fetch_all(conn)
    .await)?;
    let line = |(at, author, message): (i64, String, String)| AnswerLine {
        at: Instant::from_millis(at),
        author,
        message: (!message.is_empty()).then_some(message),
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The roles that may see `kind`, as [`one_of`] binds them.
fn roles(kind: RequestKind) -> String {
    one_of(kind.processing().seen_by().iter().map(|role| role.code()))
}

/// The colleagues who can get the request, by name. A team is tens of people, so the list is not paged.
pub(crate) async fn colleagues(
    db: &mut impl Reads,
    access: &Access<ReadRequest, RequestFacts>,
) -> Result<Vec<Colleague>, Fault> {
    let roles = roles(access.facts().kind);
    let rows: Vec<(Uuid, String)> = on!(db, conn => sqlx::query_as(
        "SELECT s.account_id, s.name FROM staff s CROSS JOIN account a
         WHERE a.id = s.account_id AND a.state = 'active' AND replace($1, ',' || a.role || ',', '') <> $1
         ORDER BY s.sort_key, s.account_id LIMIT 500",
    )
    .bind(roles)
    .fetch_all(conn)
    .await)?;
    Ok(rows.into_iter().map(|(account, name)| Colleague { account: account.into(), name }).collect())
}

/// The proof that the actor may handle a request.
type Handles<'a> = &'a Access<HandleRequest, RequestFacts>;

/// Assigns the request to the actor, unless somebody else has it. Returns whether the actor has it now.
pub(crate) async fn take(tx: &mut Tx, access: Handles<'_>) -> Result<bool, Fault> {
    let taken = execute!(tx => sqlx::query(
        "UPDATE request SET assigned_to = $2, state = 'open'
         WHERE id = $1 AND state <> 'closed' AND (assigned_to IS NULL OR assigned_to = $2)",
    )
    .bind(Uuid::from(access.facts().request))
    .bind(access.actor().account().map(Uuid::from)))?;
    Ok(taken == 1)
}

/// Assigns the request to a colleague who may see it, if `from` still has it. Returns whether it was assigned.
pub(crate) async fn hand(
    tx: &mut Tx,
    access: Handles<'_>,
    from: Option<AccountId>,
    to: AccountId,
) -> Result<bool, Fault> {
    let roles = roles(access.facts().kind);
    let handed = execute!(tx => sqlx::query(
        "UPDATE request SET assigned_to = $2, state = 'open'
         WHERE id = $1 AND state <> 'closed' AND assigned_to IS NOT DISTINCT FROM $3 AND EXISTS (
             SELECT 1 FROM account a
             WHERE a.id = $2 AND a.state = 'active' AND replace($4, ',' || a.role || ',', '') <> $4
         )",
    )
    .bind(Uuid::from(access.facts().request))
    .bind(Uuid::from(to))
    .bind(from.map(Uuid::from))
    .bind(roles))?;
    Ok(handed == 1)
}

/// Takes the request from `from`, if they still have it, so that nobody has it. Returns whether it was taken.
pub(crate) async fn release(tx: &mut Tx, access: Handles<'_>, from: Option<AccountId>) -> Result<bool, Fault> {
    let released = execute!(tx => sqlx::query(
        "UPDATE request SET assigned_to = NULL
         WHERE id = $1 AND state <> 'closed' AND assigned_to IS NOT NULL AND assigned_to IS NOT DISTINCT FROM $2",
    )
    .bind(Uuid::from(access.facts().request))
    .bind(from.map(Uuid::from)))?;
    Ok(released == 1)
}

/// Closes the request. Returns whether it was open until now.
pub(crate) async fn close(tx: &mut Tx, access: Handles<'_>, at: Instant) -> Result<bool, Fault> {
    let closed = execute!(tx => sqlx::query(
        "UPDATE request SET state = 'closed', closed_at = $2 WHERE id = $1 AND state <> 'closed'",
    )
    .bind(Uuid::from(access.facts().request))
    .bind(at.millis()))?;
    Ok(closed == 1)
}

/// Opens a closed request again. Returns whether it was closed until now.
pub(crate) async fn reopen(tx: &mut Tx, access: Handles<'_>) -> Result<bool, Fault> {
    let opened = execute!(tx => sqlx::query(
        "UPDATE request SET state = 'open', closed_at = NULL WHERE id = $1 AND state = 'closed'",
    )
    .bind(Uuid::from(access.facts().request)))?;
    Ok(opened == 1)
}

/// Destroys the free text of the person, and records who did it. Returns whether the screening had found anything in
/// it.
pub(crate) async fn blank(tx: &mut Tx, access: Handles<'_>, at: Instant) -> Result<bool, Fault> {
    let blanked = execute!(tx => sqlx::query(
        "UPDATE request SET message = NULL, availability = NULL, flags = NULL WHERE id = $1 AND flags IS NOT NULL",
    )
    .bind(Uuid::from(access.facts().request)))?;
    if blanked == 1 {
        let line = NewAnswer { submission: new_id(), message: String::new(), close: false };
        write_answer(tx, access, &line, at).await?;
    }
    Ok(blanked == 1)
}

/// Writes an answer, unless it was written before or the request is closed. Returns whether it did.
pub(crate) async fn answer(tx: &mut Tx, access: Handles<'_>, new: &NewAnswer, at: Instant) -> Result<bool, Fault> {
    if !write_answer(tx, access, new, at).await? {
        return Ok(false);
    }
    // When nobody has the request, it is assigned to the person who answers it.
    execute!(tx => sqlx::query(
        "UPDATE request SET state = CASE WHEN $3 THEN 'closed' ELSE 'open' END,
                closed_at = CASE WHEN $3 THEN CAST($4 AS BIGINT) END, assigned_to = COALESCE(assigned_to, $2)
         WHERE id = $1 AND state <> 'closed'",
    )
    .bind(Uuid::from(access.facts().request))
    .bind(access.actor().account().map(Uuid::from))
    .bind(new.close)
    .bind(at.millis()))?;
    Ok(true)
}

async fn write_answer(tx: &mut Tx, access: Handles<'_>, new: &NewAnswer, at: Instant) -> Result<bool, Fault> {
    let written = execute!(tx => sqlx::query(
        "INSERT INTO request_answer (id, request_id, staff_id, at, message)
         SELECT $1, r.id, $3, $4, $5 FROM request r WHERE r.id = $2 AND (r.state <> 'closed' OR $5 = '')
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(Uuid::from(new.submission))
    .bind(Uuid::from(access.facts().request))
    .bind(access.actor().account().map(Uuid::from))
    .bind(at.millis())
    .bind(&new.message))?;
    Ok(written == 1)
}

/// Whether an answer of this submission to this request is stored.
pub(crate) async fn is_answered(
    db: &mut impl Reads,
    access: Handles<'_>,
    submission: SubmissionId,
) -> Result<bool, Fault> {
    let count: i64 = on!(db, conn => sqlx::query_scalar("SELECT COUNT(*) FROM request_answer WHERE id = $1 AND request_id = $2")
        .bind(Uuid::from(submission))
        .bind(Uuid::from(access.facts().request))
        .fetch_one(conn)
        .await)?;
    Ok(count > 0)
}

/// The sender of a request, and where answers go.
#[derive(sqlx::FromRow)]
pub(crate) struct Sender {
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: Option<String>,
}

/// Reads to whom an answer goes.
pub(crate) async fn sender(db: &mut impl Reads, access: Handles<'_>) -> Result<Option<Sender>, Fault> {
    Ok(on!(db, conn => sqlx::query_as("SELECT first_name, last_name, email FROM request WHERE id = $1")
        .bind(Uuid::from(access.facts().request))
        .fetch_optional(conn)
        .await)?)
}

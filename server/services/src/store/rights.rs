//! Requests of people about their own data (E15).

use crate::{
    access::{Access, HandleRights, HouseFacts, SeeRights},
    db::{Reads, Tx, execute, on},
    error::Fault,
    store::{known, staff::Reachable},
};
use domain::{
    ids::{AccountId, RightsRequestId, SubmissionId},
    paging::PAGE_SIZE,
    rights::{Concerns, Ground, NewRightsRequest, Right, RightsDetail, RightsOutcome, RightsRow, RightsState},
    screening::Findings,
    time::{CivilDate, Instant},
};
use uuid::Uuid;

/// A request to be written.
pub(crate) struct New<'a> {
    pub(crate) id: RightsRequestId,
    pub(crate) submission: SubmissionId,
    pub(crate) asked: &'a NewRightsRequest,
    pub(crate) account: Option<AccountId>,
    pub(crate) at: Instant,
    pub(crate) due_on: CivilDate,
}

/// Writes a request, unless this form was sent before. Returns whether it was written.
pub(crate) async fn insert(tx: &mut Tx, new: &New<'_>) -> Result<bool, Fault> {
    let asked = new.asked;
    let written = execute!(tx => sqlx::query(
        "INSERT INTO rights_request (id, submission, received_at, due_on, state, kind, ground, concerns, first_name,
                                     last_name, email, message, account_id, flags)
         VALUES ($1, $2, $3, $4, 'new', $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (submission) DO NOTHING",
    )
    .bind(Uuid::from(new.id))
    .bind(Uuid::from(new.submission))
    .bind(new.at.millis())
    .bind(new.due_on.to_string())
    .bind(asked.right.code())
    .bind(asked.ground.map(Ground::code))
    .bind(asked.concerns.code())
    .bind(&asked.first_name)
    .bind(&asked.last_name)
    .bind(&asked.email)
    .bind(&asked.message)
    .bind(new.account.map(Uuid::from))
    .bind(asked.findings.code()))?;
    Ok(written == 1)
}

/// The data-protection officers who have a mail address.
pub(crate) async fn officers(db: &mut impl Reads) -> Result<Vec<Reachable>, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT s.name, s.email FROM account a JOIN staff s ON s.account_id = a.id
         WHERE a.role = 'dpo' AND a.state = 'active' AND s.email IS NOT NULL ORDER BY a.id LIMIT 50",
    )
    .fetch_all(conn)
    .await)?)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    first_name: String,
    last_name: String,
    received_at: i64,
    due_on: String,
    state: String,
    outcome: Option<String>,
}

impl Row {
    fn into_domain(self) -> Result<RightsRow, Fault> {
        Ok(RightsRow {
            id: self.id.into(),
            right: known(Right::from_code(&self.kind))?,
            name: format!("{} {}", self.first_name, self.last_name),
            received_at: Instant::from_millis(self.received_at),
            due_on: known(self.due_on.parse().ok())?,
            state: known(RightsState::from_code(&self.state))?,
            outcome: self.outcome.map(|outcome| known(RightsOutcome::from_code(&outcome))).transpose()?,
        })
    }
}

/// A page of the open requests, by their due date.
pub(crate) async fn open(
    db: &mut impl Reads,
    _: &Access<SeeRights, HouseFacts>,
    page: u32,
) -> Result<Vec<RightsRow>, Fault> {
    let rows: Vec<Row> = on!(db, conn => sqlx::query_as(
        "SELECT id, kind, first_name, last_name, received_at, due_on, state, outcome FROM rights_request
         WHERE state IN ('new', 'identity') ORDER BY due_on, id LIMIT ($1 + 0) OFFSET $2",
    )
    .bind(i64::from(PAGE_SIZE))
    .bind(i64::from(page.saturating_sub(1)) * i64::from(PAGE_SIZE))
    .fetch_all(conn)
    .await)?;
    rows.into_iter().map(Row::into_domain).collect()
}

/// A page of the answered requests, newest first.
pub(crate) async fn closed(
    db: &mut impl Reads,
    _: &Access<SeeRights, HouseFacts>,
    page: u32,
) -> Result<Vec<RightsRow>, Fault> {
    let rows: Vec<Row> = on!(db, conn => sqlx::query_as(
        "SELECT id, kind, first_name, last_name, received_at, due_on, state, outcome FROM rights_request
         WHERE state = 'closed' ORDER BY closed_at DESC, id DESC LIMIT ($1 + 0) OFFSET $2",
    )
    .bind(i64::from(PAGE_SIZE))
    .bind(i64::from(page.saturating_sub(1)) * i64::from(PAGE_SIZE))
    .fetch_all(conn)
    .await)?;
    rows.into_iter().map(Row::into_domain).collect()
}

/// How many requests are in each state, and how many open ones are late on `today` or due until `soon`.
#[derive(sqlx::FromRow)]
pub(crate) struct Counts {
    pub(crate) open: i64,
    pub(crate) late: i64,
    pub(crate) soon: i64,
    pub(crate) closed: i64,
}

/// The numbers above the list.
pub(crate) async fn count(
    db: &mut impl Reads,
    _: &Access<SeeRights, HouseFacts>,
    today: CivilDate,
    soon: CivilDate,
) -> Result<Counts, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT COUNT(CASE WHEN state <> 'closed' THEN 1 END) AS open,
                COUNT(CASE WHEN state <> 'closed' AND due_on < $1 THEN 1 END) AS late,
                COUNT(CASE WHEN state <> 'closed' AND due_on >= $1 AND due_on <= $2 THEN 1 END) AS soon,
                COUNT(CASE WHEN state = 'closed' THEN 1 END) AS closed
         FROM rights_request WHERE state IN ('new', 'identity', 'closed')",
    )
    .bind(today.to_string())
    .bind(soon.to_string())
    .fetch_one(conn)
    .await)?)
}

#[derive(sqlx::FromRow)]
struct DetailRow {
    #[sqlx(flatten)]
    row: Row,
    ground: Option<String>,
    concerns: String,
    email: String,
    message: Option<String>,
    flags: Option<String>,
    account_id: Option<Uuid>,
    extended_at: Option<i64>,
    extension_reason: Option<String>,
    identity_asked_at: Option<i64>,
    closed_at: Option<i64>,
    answer: Option<String>,
}

/// One request.
pub(crate) async fn one(
    db: &mut impl Reads,
    _: &Access<SeeRights, HouseFacts>,
    request: RightsRequestId,
) -> Result<Option<RightsDetail>, Fault> {
    let found: Option<DetailRow> = on!(db, conn => sqlx::query_as(
        "SELECT id, kind, first_name, last_name, received_at, due_on, state, outcome, ground, concerns, email, message,
                flags, account_id, extended_at, extension_reason, identity_asked_at, closed_at, answer
         FROM rights_request WHERE id = $1",
    )
    .bind(Uuid::from(request))
    .fetch_optional(conn)
    .await)?;
    found
        .map(|found| {
            Ok(RightsDetail {
                row: found.row.into_domain()?,
                ground: found.ground.map(|ground| known(Ground::from_code(&ground))).transpose()?,
                concerns: known(Concerns::from_code(&found.concerns))?,
                email: found.email,
                message: found.message,
                findings: Findings::from_code(found.flags.as_deref()),
                from_account: found.account_id.is_some(),
                extended_at: found.extended_at.map(Instant::from_millis),
                extension_reason: found.extension_reason,
                identity_asked_at: found.identity_asked_at.map(Instant::from_millis),
                closed_at: found.closed_at.map(Instant::from_millis),
                answer: found.answer,
            })
        })
        .transpose()
}

/// The person to whom mails about a request go, and when it arrived.
#[derive(sqlx::FromRow)]
pub(crate) struct Asker {
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) email: String,
    pub(crate) received_at: i64,
}

type Handles<'a> = &'a Access<HandleRights, HouseFacts>;

/// The person who sent the request.
pub(crate) async fn asker(
    db: &mut impl Reads,
    _: Handles<'_>,
    request: RightsRequestId,
) -> Result<Option<Asker>, Fault> {
    Ok(on!(db, conn => sqlx::query_as(
        "SELECT first_name, last_name, email, received_at FROM rights_request WHERE id = $1",
    )
    .bind(Uuid::from(request))
    .fetch_optional(conn)
    .await)?)
}

/// Records that a proof of identity was asked for, which is possible once. Returns whether it was recorded.
pub(crate) async fn ask_identity(
    tx: &mut Tx,
    _: Handles<'_>,
    request: RightsRequestId,
    at: Instant,
) -> Result<bool, Fault> {
    let asked = execute!(tx => sqlx::query(
        "UPDATE rights_request SET state = 'identity', identity_asked_at = $2
         WHERE id = $1 AND state = 'new' AND identity_asked_at IS NULL",
    )
    .bind(Uuid::from(request))
    .bind(at.millis()))?;
    Ok(asked == 1)
}

/// Extends the delay by two months, once, before the first month is over. Returns whether it was extended.
pub(crate) async fn extend(
    tx: &mut Tx,
    _: Handles<'_>,
    request: RightsRequestId,
    at: Instant,
    today: CivilDate,
    until: CivilDate,
    reason: &str,
) -> Result<bool, Fault> {
    let extended = execute!(tx => sqlx::query(
        "UPDATE rights_request SET due_on = $4, extended_at = $2, extension_reason = $5
         WHERE id = $1 AND state <> 'closed' AND extended_at IS NULL AND due_on >= $3",
    )
    .bind(Uuid::from(request))
    .bind(at.millis())
    .bind(today.to_string())
    .bind(until.to_string())
    .bind(reason))?;
    Ok(extended == 1)
}

/// Destroys the free text of the person. Returns whether the screening had found anything in it.
pub(crate) async fn blank(tx: &mut Tx, _: Handles<'_>, request: RightsRequestId) -> Result<bool, Fault> {
    let blanked = execute!(tx => sqlx::query(
        "UPDATE rights_request SET message = NULL, flags = NULL WHERE id = $1 AND flags IS NOT NULL",
    )
    .bind(Uuid::from(request)))?;
    Ok(blanked == 1)
}

/// Closes a request with its answer. Returns whether it was open until now.
pub(crate) async fn close(
    tx: &mut Tx,
    _: Handles<'_>,
    request: RightsRequestId,
    at: Instant,
    outcome: RightsOutcome,
    answer: &str,
) -> Result<bool, Fault> {
    let closed = execute!(tx => sqlx::query(
        "UPDATE rights_request SET state = 'closed', closed_at = $2, outcome = $3, answer = $4
         WHERE id = $1 AND state <> 'closed'",
    )
    .bind(Uuid::from(request))
    .bind(at.millis())
    .bind(outcome.code())
    .bind(answer))?;
    Ok(closed == 1)
}

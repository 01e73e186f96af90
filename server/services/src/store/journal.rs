//! The journal of accounts: when, who, what, to whom. It is append-only and contains no text that a person wrote.

use crate::{
    access::{Access, HouseFacts, SeeAccounts},
    db::{Reads, Tx, execute, on},
    error::Fault,
    store::{known, new_id},
};
use domain::{
    accounts::{AccountEvent, Author, HistoryLine},
    actor::{Actor, Kind},
    ids::AccountId,
    paging::PAGE_SIZE,
    time::Instant,
};
use uuid::Uuid;

/// Writes a line in the transaction of the event that it reports.
pub(crate) async fn append(
    tx: &mut Tx,
    at: Instant,
    actor: &Actor,
    event: AccountEvent,
    subject: AccountId,
) -> Result<(), Fault> {
    let (kind, id) = match *actor.kind() {
        Kind::Anonymous => ("anonymous", None),
        Kind::Youth { account, .. } => ("youth", Some(account)),
        Kind::Staff { account, .. } => ("staff", Some(account)),
        Kind::Machine(_) => ("machine", None),
    };
    write(tx, at, kind, id, event, subject).await
}

/// Records what the owner of an account did with it before a session identifies them.
pub(crate) async fn append_own(tx: &mut Tx, at: Instant, event: AccountEvent, owner: AccountId) -> Result<(), Fault> {
    write(tx, at, "owner", Some(owner), event, owner).await
}

async fn write(
    tx: &mut Tx,
    at: Instant,
    actor_kind: &str,
    actor: Option<AccountId>,
    event: AccountEvent,
    subject: AccountId,
) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "INSERT INTO journal (id, at, actor_kind, actor_id, action, subject_id) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(new_id::<Uuid>())
    .bind(at.millis())
    .bind(actor_kind)
    .bind(actor.map(Uuid::from))
    .bind(event.code())
    .bind(Uuid::from(subject)))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    at: i64,
    actor_kind: String,
    name: Option<String>,
    action: String,
}

/// A page of the events of an account, newest first.
pub(crate) async fn page(
    db: &mut impl Reads,
    _: &Access<SeeAccounts, HouseFacts>,
    subject: AccountId,
    page: u32,
) -> Result<Vec<HistoryLine>, Fault> {
    let rows: Vec<Row> = on!(db, conn => sqlx::query_as(
        "SELECT j.at, j.actor_kind, s.name, j.action FROM journal j
         LEFT JOIN staff s ON s.account_id = j.actor_id
         WHERE j.subject_id = $1 ORDER BY j.at DESC, j.id DESC LIMIT ($2 + 0) OFFSET $3",
    )
    .bind(Uuid::from(subject))
    .bind(i64::from(PAGE_SIZE))
    .bind(i64::from(page.saturating_sub(1)) * i64::from(PAGE_SIZE))
    .fetch_all(conn)
    .await)?;
    rows.into_iter()
        .map(|row| {
            let author = match (row.name, row.actor_kind.as_str()) {
                (Some(name), _) => Author::Staff(name),
                (None, "machine") => Author::Machine,
                (None, _) => Author::Other,
            };
            Ok(HistoryLine {
                at: Instant::from_millis(row.at),
                author,
                event: known(AccountEvent::from_code(&row.action))?,
            })
        })
        .collect()
}

/// How many events an account has.
pub(crate) async fn count(
    db: &mut impl Reads,
    _: &Access<SeeAccounts, HouseFacts>,
    subject: AccountId,
) -> Result<u64, Fault> {
    let count: i64 = on!(db, conn => sqlx::query_scalar("SELECT COUNT(*) FROM journal WHERE subject_id = $1")
        .bind(Uuid::from(subject))
        .fetch_one(conn)
        .await)?;
    Ok(u64::try_from(count).unwrap_or(0))
}

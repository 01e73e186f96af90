//! The facts from which decisions are made, read in the transaction of the decision.

use crate::{
    access::{AccountFacts, DocumentFacts, ProposalFacts, RequestFacts, YouthFacts},
    db::{Reads, on},
    error::Fault,
    store::known,
};
use domain::{
    actor::{Actor, Kind, Role},
    ids::{AccountId, DocumentId, ProposalId, RequestId, YouthId},
    requests::RequestKind,
    time::Instant,
};
use uuid::Uuid;

/// The role of a member of staff's session.
fn role_of(actor: &Actor) -> Option<Role> {
    match actor.kind() {
        Kind::Staff { role, .. } => Some(*role),
        _ => None,
    }
}

#[derive(sqlx::FromRow)]
struct YouthRow {
    shared: bool,
    attached: bool,
}

/// The facts about a file and the actor at `at`; nothing when there is no such file. Only staff whose account is active
/// and has the role of their session count as attached: a running download asks again, so a suspension ends it.
pub(crate) async fn youth(
    db: &mut impl Reads,
    actor: &Actor,
    youth: YouthId,
    at: Instant,
) -> Result<Option<YouthFacts>, Fault> {
    let row: Option<YouthRow> = on!(db, conn => sqlx::query_as(
        "SELECT v.shared, EXISTS (
             SELECT 1 FROM attachment a
             JOIN account s ON s.id = a.staff_id AND s.state = 'active' AND s.role = $4
             WHERE a.youth_id = v.youth_id AND a.staff_id = $2
               AND a.started_at <= $3 AND (a.ended_at IS NULL OR a.ended_at > $3)
         ) AS attached
         FROM vault v WHERE v.youth_id = $1",
    )
    .bind(Uuid::from(youth))
    .bind(actor.account().map(Uuid::from))
    .bind(at.millis())
    .bind(role_of(actor).map(Role::code))
    .fetch_optional(conn)
    .await)?;
    Ok(row.map(|row| YouthFacts { youth, attached: row.attached, vault_shared: row.shared }))
}

#[derive(sqlx::FromRow)]
struct DocumentRow {
    youth_id: Uuid,
    depositor_id: Option<Uuid>,
}

/// The facts about a committed document; nothing when there is none.
pub(crate) async fn document(
    db: &mut impl Reads,
    actor: &Actor,
    document: DocumentId,
    at: Instant,
) -> Result<Option<DocumentFacts>, Fault> {
    let row: Option<DocumentRow> = on!(db, conn => sqlx::query_as(
        "SELECT youth_id, depositor_id FROM document WHERE id = $1 AND state = 'committed'",
    )
    .bind(Uuid::from(document))
    .fetch_optional(conn)
    .await)?;
    let Some(row) = row else { return Ok(None) };
    let vault = youth(db, actor, row.youth_id.into(), at).await?;
    Ok(vault.map(|vault| DocumentFacts { vault, document, depositor: row.depositor_id.map(Into::into) }))
}

/// The facts about a staff account; nothing when there is none.
pub(crate) async fn account(
    db: &mut impl Reads,
    actor: &Actor,
    account: AccountId,
) -> Result<Option<AccountFacts>, Fault> {
    let actor_holds: Option<bool> = on!(db, conn => sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM account m WHERE m.id = $2 AND m.state = 'active' AND m.role = $3)
         FROM account a WHERE a.id = $1 AND a.role IS NOT NULL",
    )
    .bind(Uuid::from(account))
    .bind(actor.account().map(Uuid::from))
    .bind(role_of(actor).map(Role::code))
    .fetch_optional(conn)
    .await)?;
    Ok(actor_holds.map(|actor_holds| AccountFacts { account, actor_holds }))
}

#[derive(sqlx::FromRow)]
struct ProposalRow {
    account_id: Uuid,
    proposed_by: Uuid,
    actor_holds: bool,
}

/// The facts about a proposal that waits at `at`; nothing when it has ended or never existed.
pub(crate) async fn proposal(
    db: &mut impl Reads,
    actor: &Actor,
    proposal: ProposalId,
    at: Instant,
) -> Result<Option<ProposalFacts>, Fault> {
    let row: Option<ProposalRow> = on!(db, conn => sqlx::query_as(
        "SELECT p.account_id, p.proposed_by,
                EXISTS (SELECT 1 FROM account m WHERE m.id = $2 AND m.state = 'active' AND m.role = $3) AS actor_holds
         FROM account_proposal p WHERE p.id = $1 AND p.decided_at IS NULL AND p.expires_at > $4",
    )
    .bind(Uuid::from(proposal))
    .bind(actor.account().map(Uuid::from))
    .bind(role_of(actor).map(Role::code))
    .bind(at.millis())
    .fetch_optional(conn)
    .await)?;
    Ok(row.map(|row| ProposalFacts {
        proposal,
        account: row.account_id.into(),
        proposed_by: row.proposed_by.into(),
        actor_holds: row.actor_holds,
    }))
}

/// The facts about something that a visitor sent; nothing when it does not exist any more.
pub(crate) async fn request(
    db: &mut impl Reads,
    actor: &Actor,
    request: RequestId,
) -> Result<Option<RequestFacts>, Fault> {
    let row: Option<(String, bool)> = on!(db, conn => sqlx::query_as(
        "SELECT r.kind,
                EXISTS (SELECT 1 FROM account m WHERE m.id = $2 AND m.state = 'active' AND m.role = $3) AS actor_holds
         FROM request r WHERE r.id = $1",
    )
    .bind(Uuid::from(request))
    .bind(actor.account().map(Uuid::from))
    .bind(role_of(actor).map(Role::code))
    .fetch_optional(conn)
    .await)?;
    row.map(|(kind, actor_holds)| {
        Ok(RequestFacts { request, kind: known(RequestKind::from_code(&kind))?, actor_holds })
    })
    .transpose()
}

//! The facts that decisions are made from, read in the transaction they are made in.

use crate::{
    access::{DocumentFacts, YouthFacts},
    db::{Reads, on},
    error::Fault,
};
use domain::{
    actor::Actor,
    ids::{DocumentId, YouthId},
    time::Instant,
};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct YouthRow {
    shared: bool,
    attached: bool,
}

/// What is true of a file and of the actor at `at`; nothing when there is no such file.
pub(crate) async fn youth(
    db: &mut impl Reads,
    actor: &Actor,
    youth: YouthId,
    at: Instant,
) -> Result<Option<YouthFacts>, Fault> {
    let row: Option<YouthRow> = on!(db, conn => sqlx::query_as(
        "SELECT v.shared, EXISTS (
             SELECT 1 FROM attachment a
             WHERE a.youth_id = v.youth_id AND a.staff_id = $2
               AND a.started_at <= $3 AND (a.ended_at IS NULL OR a.ended_at > $3)
         ) AS attached
         FROM vault v WHERE v.youth_id = $1",
    )
    .bind(Uuid::from(youth))
    .bind(actor.account().map(Uuid::from))
    .bind(at.millis())
    .fetch_optional(conn)
    .await)?;
    Ok(row.map(|row| YouthFacts { youth, attached: row.attached, vault_shared: row.shared }))
}

#[derive(sqlx::FromRow)]
struct DocumentRow {
    youth_id: Uuid,
    depositor_id: Option<Uuid>,
}

/// What is true of a committed document; nothing when there is none.
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

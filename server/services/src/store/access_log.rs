//! The log of who read, tried or changed something (V11, E16). Append-only.

use crate::{
    access::Permission,
    db::{Tx, execute},
    error::Fault,
    store::new_id,
};
use domain::{
    actor::{Actor, Kind},
    ids::{DocumentId, YouthId},
    time::Instant,
};
use uuid::Uuid;

/// Writes a line in the transaction of the event that it reports.
pub(crate) async fn append(
    tx: &mut Tx,
    at: Instant,
    actor: &Actor,
    permission: Permission,
    youth: YouthId,
    document: Option<DocumentId>,
    refused: bool,
) -> Result<(), Fault> {
    let kind = match actor.kind() {
        Kind::Anonymous => "anonymous",
        Kind::Youth { .. } => "youth",
        Kind::Staff { .. } => "staff",
        Kind::Machine(_) => "machine",
    };
    execute!(tx => sqlx::query(
        "INSERT INTO access_log (id, youth_id, at, actor_kind, actor_id, action, document_id, refused)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(new_id::<Uuid>())
    .bind(Uuid::from(youth))
    .bind(at.millis())
    .bind(kind)
    .bind(actor.account().map(Uuid::from))
    .bind(permission.code())
    .bind(document.map(Uuid::from))
    .bind(refused))?;
    Ok(())
}

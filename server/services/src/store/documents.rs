//! Documents, and the vaults whose room they use (V).

use crate::{
    access::{
        Access, DeleteDocument, Deposit, DocumentFacts, ListDocuments, ReadDocument, ReadOwnSpace, ShareVault,
        YouthFacts,
    },
    db::{Reads, Tx, execute, on},
    error::Fault,
    store::known,
};
use domain::{
    ids::{AccountId, DocumentId, YouthId},
    time::Instant,
    vault::{Category, VAULT_MAX_BYTES, VAULT_MAX_DOCUMENTS},
};
use uuid::Uuid;

/// A committed document as the database stores it: its names are sealed.
pub(crate) struct DocumentRow {
    pub(crate) document: DocumentId,
    pub(crate) category: Category,
    pub(crate) depositor: Option<AccountId>,
    /// The depositor's name, when it is a member of staff.
    pub(crate) staff_name: Option<String>,
    pub(crate) bytes: u64,
    pub(crate) created_at: Instant,
    pub(crate) sealed_record: Vec<u8>,
    pub(crate) wrapped_key: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct Raw {
    id: Uuid,
    category: String,
    depositor_id: Option<Uuid>,
    staff_name: Option<String>,
    bytes: i64,
    created_at: i64,
    sealed_record: Option<Vec<u8>>,
    wrapped_key: Option<Vec<u8>>,
}

impl Raw {
    fn into_row(self) -> Result<DocumentRow, Fault> {
        Ok(DocumentRow {
            document: self.id.into(),
            category: known(Category::from_code(&self.category))?,
            depositor: self.depositor_id.map(Into::into),
            staff_name: self.staff_name,
            bytes: u64::try_from(self.bytes).unwrap_or(0),
            created_at: Instant::from_millis(self.created_at),
            sealed_record: self.sealed_record.ok_or(Fault::Broken("a committed document without its record"))?,
            wrapped_key: self.wrapped_key.ok_or(Fault::Broken("a committed document without its key"))?,
        })
    }
}

async fn committed(db: &mut impl Reads, youth: YouthId, limit: i64) -> Result<Vec<DocumentRow>, Fault> {
    let rows: Vec<Raw> = on!(db, conn => sqlx::query_as(
        "SELECT d.id, d.category, d.depositor_id, s.name AS staff_name, d.bytes, d.created_at, d.sealed_record, d.wrapped_key
         FROM document d LEFT JOIN staff s ON s.account_id = d.depositor_id
         WHERE d.youth_id = $1 AND d.state = 'committed' ORDER BY d.created_at DESC, d.id DESC LIMIT ($2 + 0)",
    )
    .bind(Uuid::from(youth))
    .bind(limit)
    .fetch_all(conn)
    .await)?;
    rows.into_iter().map(Raw::into_row).collect()
}

/// All documents of a vault, newest first. The caller decides for each one whether the actor may read it.
pub(crate) async fn list(
    db: &mut impl Reads,
    access: &Access<ListDocuments, YouthFacts>,
) -> Result<Vec<DocumentRow>, Fault> {
    committed(db, access.facts().youth, i64::from(VAULT_MAX_DOCUMENTS)).await
}

/// The newest documents of one's own vault.
pub(crate) async fn newest(
    db: &mut impl Reads,
    access: &Access<ReadOwnSpace, YouthFacts>,
    count: i64,
) -> Result<Vec<DocumentRow>, Fault> {
    committed(db, access.facts().youth, count).await
}

/// One document.
pub(crate) async fn one(
    db: &mut impl Reads,
    access: &Access<ReadDocument, DocumentFacts>,
) -> Result<Option<DocumentRow>, Fault> {
    let row: Option<Raw> = on!(db, conn => sqlx::query_as(
        "SELECT d.id, d.category, d.depositor_id, s.name AS staff_name, d.bytes, d.created_at, d.sealed_record, d.wrapped_key
         FROM document d LEFT JOIN staff s ON s.account_id = d.depositor_id
         WHERE d.id = $1 AND d.youth_id = $2 AND d.state = 'committed'",
    )
    .bind(Uuid::from(access.facts().document))
    .bind(Uuid::from(access.facts().vault.youth))
    .fetch_optional(conn)
    .await)?;
    row.map(Raw::into_row).transpose()
}

/// Reserves one of the places of a vault and writes a pending document. Returns false when no place is left.
pub(crate) async fn insert_pending(
    tx: &mut Tx,
    access: &Access<Deposit, YouthFacts>,
    document: DocumentId,
    category: Category,
    at: Instant,
) -> Result<bool, Fault> {
    let youth = Uuid::from(access.facts().youth);
    let taken = execute!(tx => sqlx::query(
        "UPDATE vault SET documents = documents + 1 WHERE youth_id = $1 AND documents < $2",
    )
    .bind(youth)
    .bind(i64::from(VAULT_MAX_DOCUMENTS)))?;
    if taken == 0 {
        return Ok(false);
    }
    execute!(tx => sqlx::query(
        "INSERT INTO document (id, youth_id, state, category, depositor_id, bytes, created_at)
         VALUES ($1, $2, 'pending', $3, $4, 0, $5)",
    )
    .bind(Uuid::from(document))
    .bind(youth)
    .bind(category.code())
    .bind(access.actor().account().map(Uuid::from))
    .bind(at.millis()))?;
    Ok(true)
}

/// Reserves `more` bytes for a pending document. False when the vault has no room (V1).
pub(crate) async fn reserve(tx: &mut Tx, youth: YouthId, document: DocumentId, more: u64) -> Result<bool, Fault> {
    let more = i64::try_from(more).map_err(|_| Fault::Broken("a length out of range"))?;
    let reserved = execute!(tx => sqlx::query("UPDATE vault SET bytes = bytes + $1 WHERE youth_id = $2 AND bytes + $1 <= $3")
        .bind(more)
        .bind(Uuid::from(youth))
        .bind(VAULT_MAX_BYTES as i64))?;
    if reserved == 0 {
        return Ok(false);
    }
    let noted = execute!(tx => sqlx::query("UPDATE document SET bytes = bytes + $1 WHERE id = $2 AND state = 'pending'")
        .bind(more)
        .bind(Uuid::from(document)))?;
    if noted == 0 { Err(Fault::Broken("a pending document is gone")) } else { Ok(true) }
}

/// Commits a pending document of `bytes` bytes and gives back what was `reserved` beyond them.
pub(crate) async fn commit(
    tx: &mut Tx,
    access: &Access<Deposit, YouthFacts>,
    document: DocumentId,
    (bytes, reserved): (u64, u64),
    sealed_record: &[u8],
    wrapped_key: &[u8],
) -> Result<(), Fault> {
    let youth = Uuid::from(access.facts().youth);
    let signed = |bytes| i64::try_from(bytes).map_err(|_| Fault::Broken("a length out of range"));
    let (bytes, reserved) = (signed(bytes)?, signed(reserved)?);
    // The row is changed first: only the transaction that changes its state may change what the vault counts.
    let committed = execute!(tx => sqlx::query(
        "UPDATE document SET state = 'committed', bytes = $1, sealed_record = $2, wrapped_key = $3
         WHERE id = $4 AND youth_id = $5 AND state = 'pending' AND bytes = $6",
    )
    .bind(bytes)
    .bind(sealed_record)
    .bind(wrapped_key)
    .bind(Uuid::from(document))
    .bind(youth)
    .bind(reserved))?;
    if committed == 0 {
        return Err(Fault::Broken("a pending document is gone"));
    }
    execute!(tx => sqlx::query("UPDATE vault SET bytes = bytes - $1 WHERE youth_id = $2")
        .bind(reserved - bytes)
        .bind(youth))?;
    Ok(())
}

/// Turns a committed document into a tombstone, which nobody can read and the sweep removes. Returns false when
/// somebody else did it before.
pub(crate) async fn bury(tx: &mut Tx, access: &Access<DeleteDocument, DocumentFacts>) -> Result<bool, Fault> {
    entomb(tx, access.facts().document, "committed").await
}

/// Turns a pending document that will not be committed into a tombstone.
pub(crate) async fn abandon(tx: &mut Tx, document: DocumentId) -> Result<bool, Fault> {
    entomb(tx, document, "pending").await
}

async fn entomb(tx: &mut Tx, document: DocumentId, from: &'static str) -> Result<bool, Fault> {
    // The row is changed first: when two people delete at once, one of them changes its state and gives the room back.
    let buried: Option<(Uuid, i64)> = on!(tx, conn => sqlx::query_as(
        "UPDATE document SET state = 'deleted', sealed_record = NULL, wrapped_key = NULL
         WHERE id = $1 AND state = $2 RETURNING youth_id, bytes",
    )
    .bind(Uuid::from(document))
    .bind(from)
    .fetch_optional(conn)
    .await)?;
    let Some((youth, bytes)) = buried else { return Ok(false) };
    execute!(tx => sqlx::query("UPDATE vault SET documents = documents - 1, bytes = bytes - $1 WHERE youth_id = $2")
        .bind(bytes)
        .bind(youth))?;
    Ok(true)
}

/// The documents to sweep: every tombstone, and every document that has been pending since before `before`.
pub(crate) async fn unfinished(db: &mut impl Reads, before: Instant) -> Result<Vec<(DocumentId, bool)>, Fault> {
    let rows: Vec<(Uuid, String)> = on!(db, conn => sqlx::query_as(
        "SELECT id, state FROM document WHERE state = 'deleted' OR (state = 'pending' AND created_at < $1) LIMIT 1000",
    )
    .bind(before.millis())
    .fetch_all(conn)
    .await)?;
    Ok(rows.into_iter().map(|(id, state)| (id.into(), state == "pending")).collect())
}

/// Whether there is a row for these objects, in any state.
pub(crate) async fn is_known(db: &mut impl Reads, document: DocumentId) -> Result<bool, Fault> {
    let found: i64 = on!(db, conn => sqlx::query_scalar("SELECT COUNT(*) FROM document WHERE id = $1")
        .bind(Uuid::from(document))
        .fetch_one(conn)
        .await)?;
    Ok(found > 0)
}

/// Deletes a tombstone whose objects were removed.
pub(crate) async fn forget(tx: &mut Tx, document: DocumentId) -> Result<(), Fault> {
    execute!(tx => sqlx::query("DELETE FROM document WHERE id = $1 AND state = 'deleted'")
        .bind(Uuid::from(document)))?;
    Ok(())
}

/// Opens or closes a vault to attached staff (V5).
pub(crate) async fn set_shared(
    tx: &mut Tx,
    access: &Access<ShareVault, YouthFacts>,
    shared: bool,
) -> Result<(), Fault> {
    execute!(tx => sqlx::query("UPDATE vault SET shared = $1 WHERE youth_id = $2")
        .bind(shared)
        .bind(Uuid::from(access.facts().youth)))?;
    Ok(())
}

//! Limits how many forms one address may send.

use crate::{db::Tx, error::Fault, store};
use domain::time::Instant;

/// How long sent forms are counted.
pub(crate) const WINDOW_MILLIS: i64 = 15 * 60_000;

/// Counts one more sent form in `bucket`. Returns the minutes to wait when there were more than `limit` already.
pub(crate) async fn too_many(tx: &mut Tx, bucket: &[u8], limit: i64, at: Instant) -> Result<Option<u32>, Fault> {
    let (sent, since) = store::throttle::count(tx, bucket, at, WINDOW_MILLIS).await?;
    if sent <= limit {
        return Ok(None);
    }
    let left = since.plus_millis(WINDOW_MILLIS).millis_since(at).max(0).unsigned_abs();
    Ok(Some(u32::try_from(left.div_ceil(60_000).max(1)).unwrap_or(u32::MAX)))
}

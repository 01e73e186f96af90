//! Finds the session of a cookie, at every request.

use crate::{Services, crypto::sha256, error::Fault, store::sessions};
use domain::{
    actor::{Actor, Role},
    error::PortResult,
    identity::{Session, Stage},
};

/// Longest time between two requests of a young person. It is long, because people put their phones away and take them
/// out again.
const IDLE_YOUTH_MINUTES: i64 = 60;
/// Longest time between two requests of a member of staff.
pub(crate) const IDLE_STAFF_MINUTES: i64 = 30;
/// Longest time between two requests of somebody in `role`, or of a young person.
pub(super) const fn idle_minutes(role: Option<Role>) -> i64 {
    if role.is_some() { IDLE_STAFF_MINUTES } else { IDLE_YOUTH_MINUTES }
}

/// How old `last_seen_at` may become before it is written again, so that not every request writes.
const TOUCH_MILLIS: i64 = 60_000;
/// Length of a token's text.
const TOKEN_LENGTH: usize = 43;

impl Services {
    /// The session of `token`, if it is valid now. Only the host calls this.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn session(&self, token: &str) -> PortResult<Option<Session>> {
        Ok(self.find_session(token).await?)
    }

    async fn find_session(&self, token: &str) -> Result<Option<Session>, Fault> {
        if token.len() != TOKEN_LENGTH {
            return Ok(None);
        }
        let hash = sha256(token.as_bytes());
        let Some(row) = sessions::find(&mut self.data.read().await?, &hash).await? else {
            return Ok(None);
        };
        let now = self.calendar.now();
        let idle = idle_minutes(row.role);
        let over = now >= row.ends_at || (row.stage == Stage::Full && now >= row.last_seen_at.plus_minutes(idle));
        if over {
            return Ok(None);
        }
        if row.stage == Stage::Full && now.millis_since(row.last_seen_at) >= TOUCH_MILLIS {
            self.data.write(move |tx| Box::pin(async move { sessions::touch(tx, &hash, now).await })).await?;
        }
        let actor = match (row.role, row.youth) {
            (Some(role), _) => Actor::staff(row.account, role),
            (None, Some(youth)) => Actor::youth(row.account, youth),
            (None, None) => return Ok(None),
        };
        let session = Session::checked(hash, row.account, row.role, row.stage, actor);
        Ok(Some(session.with_install_hint(!row.install_hint_closed)))
    }
}

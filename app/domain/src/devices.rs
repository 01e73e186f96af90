//! The devices somebody is signed in on, and changing one's password.

use crate::{
    error::{PortError, PortResult},
    forms::FieldCode,
    identity::Session,
    ids::DeviceId,
    password::NewPassword,
    time::Instant,
};
use async_trait::async_trait;

/// The most devices a list shows; signing out all others reaches the rest.
pub const DEVICES_MAX: u32 = 50;

/// A session that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// What it is called here.
    pub id: DeviceId,
    /// A coarse name such as « Firefox, Android ».
    pub name: String,
    /// When it was opened.
    pub since: Instant,
    /// When it was last used, to the minute.
    pub last_seen_at: Instant,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// A change of password worth trying.
#[derive(Clone)]
pub struct PasswordChange {
    /// The password so far.
    pub current: String,
    /// The new one.
    pub password: NewPassword,
}

/// Why a password was not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefusal {
    /// The current password is not right.
    #[error("wrong")]
    Wrong,
    /// The new one is not good enough.
    #[error("password")]
    Password(FieldCode),
    /// Too many failures for this account.
    #[error("too many attempts")]
    TooManyAttempts {
        /// Minutes until the next attempt is heard.
        minutes: u32,
    },
    /// The port itself said no.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// One's own sessions and password.
#[async_trait]
pub trait Devices: Send + Sync {
    /// The open sessions of the account, this one first, then the last used.
    async fn devices(&self, session: &Session) -> PortResult<Vec<Device>>;
    /// Ends one other session of the account.
    async fn sign_out_device(&self, session: &Session, device: DeviceId) -> PortResult<()>;
    /// Ends all sessions of the account but this one.
    async fn sign_out_others(&self, session: &Session) -> PortResult<()>;
    /// Never shows the account again how the app is installed (P1).
    async fn close_install_hint(&self, session: &Session) -> PortResult<()>;
    /// Changes the password and ends all sessions but this one.
    async fn change_password(&self, session: &Session, change: PasswordChange) -> Result<(), PasswordRefusal>;
}

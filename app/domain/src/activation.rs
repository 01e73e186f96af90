//! Activation codes: a door that opens once (E1, A8). For staff and young people alike.

use crate::{
    error::PortError,
    forms::{
        FieldCode,
        password::{ActivationCode, NewActivation},
    },
    identity::{Client, NewSession, Session},
    time::Instant,
};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How long a code opens.
pub const CODE_HOURS: i64 = 72;

/// A code just made, to be handed over: it is stored nowhere and shown this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// Whose account.
    pub name: String,
    /// What they will sign in with.
    pub identifier: String,
    /// The code.
    pub code: ActivationCode,
    /// Until when it opens.
    pub valid_until: Instant,
    /// Whether it was sent by mail as well.
    pub mailed: bool,
}

// An invitation may end up in a log line; its code must not.
impl fmt::Debug for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Invitation(…)")
    }
}

/// Why a code opened nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ActivationRefusal {
    /// No such code, or it is over, or it was used: never said which.
    #[error("wrong")]
    Wrong,
    /// The code is right; the password is not good enough.
    #[error("password")]
    Password(FieldCode),
    /// Too many failures from this address.
    #[error("too many attempts")]
    TooManyAttempts {
        /// Minutes until the next attempt is heard.
        minutes: u32,
    },
    /// The port itself said no.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Opening an account with a code.
#[async_trait]
pub trait Activations: Send + Sync {
    /// The identifier of the account that `code` opens. The code stays unused.
    async fn identifier(&self, code: &ActivationCode, client: &Client) -> Result<String, ActivationRefusal>;
    /// Uses the code and sets the password; every session of the account ends, and one is opened.
    /// `previous` is the session the browser had: it ends too.
    async fn activate(
        &self,
        activation: NewActivation,
        client: &Client,
        previous: Option<&Session>,
    ) -> Result<NewSession, ActivationRefusal>;
}

//! Why a port can say no. People read a sentence chosen by the page from the code; internals stay in the log.

use serde::{Deserialize, Serialize};

/// Why a port did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum PortError {
    /// Nobody is signed in, or the session is over.
    #[error("not signed in")]
    NotSignedIn,
    /// The actor may not do this. The attempt was logged where a file was aimed at.
    #[error("refused")]
    Refused,
    /// There is no such thing, or the actor may not know that there is.
    #[error("not found")]
    NotFound,
    /// The database or the store does not answer; trying again later may work.
    #[error("unavailable")]
    Unavailable,
    /// Something broke. The number stands in the log beside the cause.
    #[error("internal error")]
    Internal,
}

/// What a port answers.
pub type PortResult<T> = Result<T, PortError>;

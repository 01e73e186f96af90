//! Signing in and out, second factor included (E1, A8), and what a session is.

use crate::{
    actor::{Actor, Role},
    error::PortError,
    ids::AccountId,
    time::Instant,
    words::words,
};
use async_trait::async_trait;

words! {
    /// How far a sign-in has come.
    Stage {
        /// The password was right; an authenticator has to be enrolled.
        Enrolment = "enrolment",
        /// The password was right; a code is awaited.
        SecondFactor = "second_factor",
        /// Enrolled a moment ago; the recovery codes have to be noted.
        RecoveryCodes = "recovery_codes",
        /// Signed in.
        Full = "full",
    }
}

/// A session as the host found it. Only the host makes one, from the cookie.
#[derive(Clone, Debug)]
pub struct Session {
    token_hash: [u8; 32],
    account: AccountId,
    role: Option<Role>,
    stage: Stage,
    actor: Actor,
    install_hint: bool,
}

impl Session {
    /// A session whose cookie was checked. `actor` counts only at [`Stage::Full`].
    #[must_use]
    pub fn checked(token_hash: [u8; 32], account: AccountId, role: Option<Role>, stage: Stage, actor: Actor) -> Self {
        Self { token_hash, account, role, stage, actor, install_hint: false }
    }

    /// The same session, whose owner is shown how to install the app or does not want to read it any more.
    #[must_use]
    pub fn with_install_hint(mut self, shown: bool) -> Self {
        self.install_hint = shown;
        self
    }

    /// Whether the hint how to install the app is shown (P1).
    #[must_use]
    pub const fn shows_install_hint(&self) -> bool {
        self.install_hint
    }

    /// SHA-256 of the cookie's token: the session's key in the database.
    #[must_use]
    pub const fn token_hash(&self) -> &[u8; 32] {
        &self.token_hash
    }

    /// Whose session it is.
    #[must_use]
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// The role of a member of staff.
    #[must_use]
    pub const fn role(&self) -> Option<Role> {
        self.role
    }

    /// How far the sign-in has come.
    #[must_use]
    pub const fn stage(&self) -> Stage {
        self.stage
    }

    /// Who acts: nobody, as long as the sign-in is not complete.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self.stage {
            Stage::Full => self.actor.clone(),
            _ => Actor::anonymous(),
        }
    }
}

/// Where a request comes from, as far as throttling and the list of devices need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The address, or its /64 for IPv6. Hashed before it is stored.
    pub address: String,
    /// A coarse name such as « Firefox, Android ».
    pub device: String,
}

/// A session just opened.
#[derive(Clone)]
pub struct NewSession {
    /// The cookie's value: 256 random bits.
    pub token: String,
    /// How far the sign-in has come.
    pub stage: Stage,
    /// The role of a member of staff.
    pub role: Option<Role>,
    /// When it ends at the latest.
    pub ends_at: Instant,
}

/// Why a sign-in or a code was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInRefusal {
    /// Wrong identifier, wrong password, wrong or used code: never said which.
    #[error("wrong")]
    Wrong,
    /// Too many failures for this account or from this address.
    #[error("too many attempts")]
    TooManyAttempts {
        /// Minutes until the next attempt is heard.
        minutes: u32,
    },
    /// The port itself said no.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// What an authenticator needs.
#[derive(Clone)]
pub struct Enrolment {
    /// The key as base32 text, for typing.
    pub key: String,
    /// The modules of the QR code, row by row, `side` each.
    pub modules: Vec<bool>,
    /// How many modules a row has.
    pub side: usize,
}

/// An identifier and a password worth checking.
#[derive(Clone)]
pub struct Credentials {
    /// As typed, trimmed.
    pub identifier: String,
    /// As typed: spaces count.
    pub password: String,
}

/// A code worth checking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecondFactorCode {
    /// Six digits of the authenticator.
    Totp(String),
    /// A recovery code: 26 base32 characters, 128 bits and two spare ones.
    Recovery(String),
}

/// Opening and closing sessions.
#[async_trait]
pub trait Identities: Send + Sync {
    /// Checks a password. Same answer and same time whether or not the account exists.
    /// `previous` is the session the browser had: it ends.
    async fn sign_in(
        &self,
        credentials: Credentials,
        client: &Client,
        previous: Option<&Session>,
    ) -> Result<NewSession, SignInRefusal>;
    /// The key to enrol, the same at each call until it is confirmed.
    async fn enrolment(&self, session: &Session) -> Result<Enrolment, PortError>;
    /// Confirms the authenticator with a first code.
    async fn confirm_enrolment(
        &self,
        session: &Session,
        code: &str,
        client: &Client,
    ) -> Result<NewSession, SignInRefusal>;
    /// The ten recovery codes, until they are acknowledged.
    async fn recovery_codes(&self, session: &Session) -> Result<Vec<String>, PortError>;
    /// The codes are noted; they will never be shown again.
    async fn acknowledge_codes(&self, session: &Session, client: &Client) -> Result<NewSession, PortError>;
    /// Checks a code, once.
    async fn second_factor(
        &self,
        session: &Session,
        code: SecondFactorCode,
        client: &Client,
    ) -> Result<NewSession, SignInRefusal>;
    /// Ends the session.
    async fn sign_out(&self, session: &Session) -> Result<(), PortError>;
}

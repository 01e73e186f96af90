//! Signing in and out, sessions, and the second factor of staff (E1, A8).

mod activation;
mod devices;
mod password;
mod second_factor;
mod session;

pub(crate) use activation::NewCode;
pub(crate) use password::Passwords;
pub(crate) use session::IDLE_STAFF_MINUTES;

use crate::{
    Services,
    crypto::{random_token, sha256},
    db::Tx,
    error::Fault,
    store::{self, sessions},
};
use async_trait::async_trait;
use data_encoding::BASE64URL_NOPAD;
use domain::{
    actor::Role,
    error::PortError,
    identity::{
        Client, Credentials, Enrolment, Identities, NewSession, SESSION_HOURS, SecondFactorCode, Session,
        SignInRefusal, Stage,
    },
    ids::AccountId,
    time::Instant,
};

/// Attempts at one account before further ones are refused.
const ACCOUNT_LIMIT: i64 = 10;
/// Attempts from one address before further ones are refused. All people in a reception hall share one address.
const ADDRESS_LIMIT: i64 = 100;
/// Attempts at one account's second factor before further ones are refused.
const CODE_LIMIT: i64 = 5;
/// Attempts at activation codes from one address before further ones are refused. Several people in one hall may open
/// their accounts.
const ACTIVATION_LIMIT: i64 = 30;
/// Attempts at the current password, by somebody who is signed in, before further ones are refused.
const PASSWORD_LIMIT: i64 = 5;
/// How long attempts are counted, so how long they are refused at most.
const WINDOW_MILLIS: i64 = 15 * 60_000;

/// How long an unfinished sign-in stays valid.
const STEP_MINUTES: i64 = 10;
/// How long the recovery codes can be read before they must be confirmed.
const CODES_MINUTES: i64 = 30;

/// What an attempt tries to guess.
#[derive(Clone, Copy)]
enum Bucket<'a> {
    Account(&'a str),
    Address(&'a str),
    SecondFactor(AccountId),
    Activation(&'a str),
    Password(AccountId),
}

impl Services {
    fn bucket(&self, bucket: Bucket<'_>) -> [u8; 32] {
        let parts: (&[u8], Vec<u8>) = match bucket {
            Bucket::Account(identifier) => (b"account", identifier.as_bytes().to_vec()),
            Bucket::Address(address) => (b"address", address.as_bytes().to_vec()),
            Bucket::SecondFactor(account) => (b"second factor", account.to_string().into_bytes()),
            Bucket::Activation(address) => (b"activation", address.as_bytes().to_vec()),
            Bucket::Password(account) => (b"password", account.to_string().into_bytes()),
        };
        self.keys.throttle.mac(&[parts.0, &parts.1])
    }

    /// Counts attempts before they are made, so that making many at once gains nothing. When one bucket refuses an
    /// attempt, the other buckets do not count it. So somebody who goes on at one account does not use up the attempts
    /// of a whole reception hall, and an address that is refused cannot block accounts.
    async fn count_attempt(&self, buckets: Vec<([u8; 32], i64)>) -> Result<(), SignInRefusal> {
        let at = self.calendar.now();
        let rest_until: Option<Instant> = self
            .data
            .write(move |tx| {
                Box::pin(async move {
                    for (index, (bucket, limit)) in buckets.iter().enumerate() {
                        let (attempts, since) = store::throttle::count(tx, bucket, at, WINDOW_MILLIS).await?;
                        if attempts > *limit {
                            for (counted, _) in &buckets[..index] {
                                store::throttle::give_back(tx, counted).await?;
                            }
                            return Ok(Some(since.plus_millis(WINDOW_MILLIS)));
                        }
                    }
                    Ok(None)
                })
            })
            .await
            .map_err(refusal)?;
        match rest_until {
            None => Ok(()),
            Some(until) => {
                let minutes = until.millis_since(at).max(0).unsigned_abs().div_ceil(60_000).max(1);
                Err(SignInRefusal::TooManyAttempts { minutes: u32::try_from(minutes).unwrap_or(u32::MAX) })
            }
        }
    }

    async fn check_credentials(
        &self,
        credentials: Credentials,
        client: &Client,
        previous: Option<&Session>,
    ) -> Result<NewSession, SignInRefusal> {
        let identifier = fold_identifier(&credentials.identifier);
        let account_bucket = self.bucket(Bucket::Account(&identifier));
        let address_bucket = self.bucket(Bucket::Address(&client.address));
        self.count_attempt(vec![(account_bucket, ACCOUNT_LIMIT), (address_bucket, ADDRESS_LIMIT)]).await?;

        let read = async {
            let mut db = self.data.read().await?;
            store::accounts::credential(&mut db, &identifier).await
        };
        let found = read.await.map_err(refusal)?;
        let hash = found.as_ref().and_then(|found| found.password_hash.clone());
        let right = self.passwords.verify(credentials.password, hash.clone()).await.map_err(refusal)?;
        let Some((found, hash)) = found.zip(hash).filter(|_| right) else {
            return Err(SignInRefusal::Wrong);
        };
        let enrolled = async {
            match found.role {
                None => Ok(false),
                Some(_) => {
                    let factor = store::second_factors::find(&mut self.data.read().await?, found.account).await?;
                    Ok::<_, Fault>(factor.is_some_and(|factor| factor.confirmed))
                }
            }
        };
        let stage = match (found.role, enrolled.await.map_err(refusal)?) {
            (None, _) => Stage::Full,
            (Some(_), true) => Stage::SecondFactor,
            (Some(_), false) => Stage::Enrolment,
        };
        let opening = Opening::new(self, found.account, found.role, stage, client).map_err(refusal)?;
        let session = opening.session.clone();
        let previous = previous.map(|previous| *previous.token_hash());
        let full = (stage == Stage::Full).then_some(opening.at);
        let entered = self
            .data
            .write(move |tx| {
                Box::pin(async move {
                    if !store::accounts::enter(tx, found.account, &hash, full).await? {
                        return Ok(false);
                    }
                    store::throttle::clear(tx, &account_bucket).await?;
                    store::throttle::give_back(tx, &address_bucket).await?;
                    if let Some(previous) = previous {
                        sessions::delete(tx, &previous).await?;
                    }
                    opening.write(tx, None).await?;
                    Ok(true)
                })
            })
            .await
            .map_err(refusal)?;
        if entered { Ok(session) } else { Err(SignInRefusal::Wrong) }
    }
}

/// An identifier as it is stored. Capitals and spaces that people type by mistake do not count.
pub(crate) fn fold_identifier(typed: &str) -> String {
    typed.trim().to_lowercase()
}

fn refusal(fault: Fault) -> SignInRefusal {
    SignInRefusal::Port(fault.into())
}

/// The values of a session that is about to be opened.
struct Opening {
    token_hash: [u8; 32],
    account: AccountId,
    device: String,
    at: Instant,
    session: NewSession,
}

impl Opening {
    fn new(
        services: &Services,
        account: AccountId,
        role: Option<Role>,
        stage: Stage,
        client: &Client,
    ) -> Result<Self, Fault> {
        let at = services.calendar.now();
        let token = BASE64URL_NOPAD.encode(&random_token()?);
        let ends_at = match stage {
            Stage::Full => at.plus_hours(SESSION_HOURS),
            Stage::RecoveryCodes => at.plus_minutes(CODES_MINUTES),
            Stage::SecondFactor | Stage::Enrolment => at.plus_minutes(STEP_MINUTES),
        };
        Ok(Self {
            token_hash: sha256(token.as_bytes()),
            account,
            device: client.device.clone(),
            at,
            session: NewSession { token, stage, role, ends_at },
        })
    }

    async fn write(&self, tx: &mut Tx, sealed_codes: Option<&[u8]>) -> Result<(), Fault> {
        sessions::insert(
            tx,
            &sessions::New {
                token_hash: &self.token_hash,
                account: self.account,
                stage: self.session.stage,
                device: &self.device,
                at: self.at,
                ends_at: self.session.ends_at,
                sealed_codes,
            },
        )
        .await
    }
}

#[async_trait]
impl Identities for Services {
    async fn sign_in(
        &self,
        credentials: Credentials,
        client: &Client,
        previous: Option<&Session>,
    ) -> Result<NewSession, SignInRefusal> {
        self.counts.sign_in(self.check_credentials(credentials, client, previous).await)
    }

    async fn enrolment(&self, session: &Session) -> Result<Enrolment, PortError> {
        Ok(self.propose_second_factor(session).await?)
    }

    async fn confirm_enrolment(
        &self,
        session: &Session,
        code: &str,
        client: &Client,
    ) -> Result<NewSession, SignInRefusal> {
        self.counts.sign_in(self.confirm_second_factor(session, code, client).await)
    }

    async fn recovery_codes(&self, session: &Session) -> Result<Vec<String>, PortError> {
        Ok(self.shown_codes(session).await?)
    }

    async fn acknowledge_codes(&self, session: &Session, client: &Client) -> Result<NewSession, PortError> {
        let finished = self.finish_sign_in(session, Stage::RecoveryCodes, client).await.map_err(PortError::from);
        // The password and the code were counted when they came. This only counts the end of the same sign-in.
        let _ = self.counts.sign_in(finished.clone().map_err(SignInRefusal::Port));
        finished
    }

    async fn second_factor(
        &self,
        session: &Session,
        code: SecondFactorCode,
        client: &Client,
    ) -> Result<NewSession, SignInRefusal> {
        self.counts.sign_in(self.check_second_factor(session, code, client).await)
    }

    async fn sign_out(&self, session: &Session) -> Result<(), PortError> {
        let hash = *session.token_hash();
        let ended = self.data.write(move |tx| Box::pin(async move { sessions::delete(tx, &hash).await }));
        ended.await?;
        Ok(())
    }
}

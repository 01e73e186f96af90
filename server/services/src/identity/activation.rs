//! Activation codes: they are made, checked and used once (E1, A8).

use super::{ACTIVATION_LIMIT, Bucket, Opening};
use crate::{
    Services,
    crypto::{fill_random, sha256},
    db::Tx,
    error::Fault,
    store::{self, activation::Opens, sessions},
};
use async_trait::async_trait;
use data_encoding::{Encoding, Specification};
use domain::{
    accounts::AccountEvent,
    activation::{ActivationCode, ActivationRefusal, Activations, CODE_HOURS, Invitation, NewActivation},
    identity::{Client, NewSession, Session, SignInRefusal, Stage},
    ids::AccountId,
    time::Instant,
};
use zeroize::Zeroizing;

/// Random bytes of a code. A code gives access, so it has 128 bits.
const CODE_BYTES: usize = 16;

fn hash(code: &ActivationCode) -> [u8; 32] {
    sha256(format!("balise/v1/activation-code/{}", code.reveal()).as_bytes())
}

fn crockford() -> Result<Encoding, Fault> {
    let mut specification = Specification::new();
    specification.symbols.push_str(ActivationCode::SIGNS);
    specification.encoding().map_err(|_| Fault::Broken("an alphabet"))
}

/// A code that is about to be given to an account.
pub(crate) struct NewCode {
    code: ActivationCode,
    at: Instant,
    valid_until: Instant,
}

impl NewCode {
    /// A code that is valid for 72 hours from `at` on.
    pub(crate) fn make(at: Instant) -> Result<Self, Fault> {
        let mut random = Zeroizing::new([0; CODE_BYTES]);
        fill_random(random.as_mut_slice())?;
        let text = Zeroizing::new(crockford()?.encode(random.as_slice()));
        let code = ActivationCode::read(&text).ok_or(Fault::Broken("a code cannot be read"))?;
        Ok(Self { code, at, valid_until: at.plus_hours(CODE_HOURS) })
    }

    /// Gives the code to an account. The code before it is no longer valid.
    pub(crate) async fn write(&self, tx: &mut Tx, account: AccountId) -> Result<(), Fault> {
        store::activation::put(tx, account, &hash(&self.code), self.at, self.valid_until).await
    }

    /// The invitation that is handed to the person.
    pub(crate) fn invitation(&self, name: String, identifier: String) -> Invitation {
        Invitation { name, identifier, code: self.code.clone(), valid_until: self.valid_until, mailed: false }
    }
}

impl Services {
    /// The account that the code opens. The attempt is counted before the code is looked up; when the code was right,
    /// the count is taken back.
    async fn opens(&self, code: &ActivationCode, client: &Client) -> Result<Opens, ActivationRefusal> {
        let bucket = self.bucket(Bucket::Activation(&client.address));
        self.count_attempt(vec![(bucket, ACTIVATION_LIMIT)]).await.map_err(counted)?;
        let (hash, now) = (hash(code), self.calendar.now());
        let find = async { store::activation::find(&mut self.data.read().await?, &hash, now).await };
        let opens = find.await.map_err(refusal)?.ok_or(ActivationRefusal::Wrong)?;
        self.data
            .write(move |tx| Box::pin(async move { store::throttle::give_back(tx, &bucket).await }))
            .await
            .map_err(refusal)?;
        Ok(opens)
    }

    async fn use_code(
        &self,
        activation: NewActivation,
        client: &Client,
        previous: Option<&Session>,
    ) -> Result<NewSession, ActivationRefusal> {
        let NewActivation { code, password } = activation;
        let Opens { account, role, identifier, name } = self.opens(&code, client).await?;
        let weakness = self.passwords.weakness(password.clone(), identifier.clone(), name).await;
        if let Some(wrong) = weakness.map_err(refusal)? {
            return Err(ActivationRefusal::Password(wrong));
        }
        let password_hash = self.passwords.hash(password.reveal().to_owned()).await.map_err(refusal)?;
        let stage = if role.is_some() { Stage::Enrolment } else { Stage::Full };
        let opening = Opening::new(self, account, role, stage, client).map_err(refusal)?;
        let opened = opening.session.clone();
        let (code_hash, at) = (hash(&code), opening.at);
        let previous = previous.map(|previous| *previous.token_hash());
        // Failed attempts from before the invitation must not make the person wait.
        let sign_in = self.bucket(Bucket::Account(&identifier));
        let used = self
            .data
            .write(move |tx| {
                Box::pin(async move {
                    if !store::activation::take(tx, account, &code_hash, at).await?
                        || !store::accounts::activate(tx, account, &password_hash).await?
                    {
                        return Ok(false);
                    }
                    sessions::delete_of(tx, account).await?;
                    if let Some(previous) = previous {
                        sessions::delete(tx, &previous).await?;
                    }
                    store::throttle::clear(tx, &sign_in).await?;
                    store::journal::append_own(tx, at, AccountEvent::Activated, account).await?;
                    if stage == Stage::Full {
                        store::accounts::note_sign_in(tx, account, at).await?;
                    }
                    opening.write(tx, None).await?;
                    Ok(true)
                })
            })
            .await
            .map_err(refusal)?;
        if used { Ok(opened) } else { Err(ActivationRefusal::Wrong) }
    }
}

fn refusal(fault: Fault) -> ActivationRefusal {
    ActivationRefusal::Port(fault.into())
}

fn counted(refusal: SignInRefusal) -> ActivationRefusal {
    match refusal {
        SignInRefusal::Wrong => ActivationRefusal::Wrong,
        SignInRefusal::TooManyAttempts { minutes } => ActivationRefusal::TooManyAttempts { minutes },
        SignInRefusal::Port(error) => ActivationRefusal::Port(error),
    }
}

#[async_trait]
impl Activations for Services {
    async fn identifier(&self, code: &ActivationCode, client: &Client) -> Result<String, ActivationRefusal> {
        Ok(self.opens(code, client).await?.identifier)
    }

    async fn activate(
        &self,
        activation: NewActivation,
        client: &Client,
        previous: Option<&Session>,
    ) -> Result<NewSession, ActivationRefusal> {
        self.use_code(activation, client, previous).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_128_random_bits_that_can_be_read_aloud() {
        let at = Instant::from_millis(0);
        let codes: BTreeSet<_> = (0..200).map(|_| NewCode::make(at).unwrap().code.reveal().to_owned()).collect();
        assert_eq!(codes.len(), 200);
        for code in &codes {
            assert_eq!(code.len(), 26);
            assert!(
                crockford().unwrap().decode(code.as_bytes()).is_ok_and(|bytes| bytes.len() == CODE_BYTES),
                "{code}"
            );
        }
    }
}

//! The authenticator of staff: enrolment, codes used once, recovery codes (A8, RFC 6238).

use super::{Bucket, CODE_LIMIT, Opening, refusal};
use crate::{
    Services,
    crypto::{fill_random, sha256},
    error::Fault,
    store::{self, second_factors, sessions},
};
use data_encoding::BASE32_NOPAD;
use domain::{
    error::PortError,
    identity::{Client, Enrolment, NewSession, SecondFactorCode, Session, SignInRefusal, Stage},
    ids::AccountId,
};
use qrcode::{Color, EcLevel, QrCode};
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroizing;

/// Bytes of an authenticator's key: 160 bits, as RFC 4226 recommends.
const KEY_BYTES: usize = 20;
/// How many recovery codes an enrolment gives.
const CODES: usize = 10;
/// Random bytes of a recovery code. A code gives access, so it has 128 bits.
const CODE_BYTES: usize = 16;
/// The seconds of a step; every authenticator assumes this value.
const STEP_SECONDS: u64 = 30;

/// The authenticator with `key`: SHA-1, six digits, 30 seconds, one step of tolerance either way.
fn authenticator(key: &[u8]) -> Result<Totp, Fault> {
    let key: [u8; KEY_BYTES] = key.try_into().map_err(|_| Fault::Broken("an authenticator's key"))?;
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(STEP_SECONDS)
        .with_secret(key)
        .build()
        .map_err(|_| Fault::Broken("an authenticator's key"))
}

fn binding(account: AccountId) -> Vec<u8> {
    format!("balise/v1/second-factor/{account}").into_bytes()
}

fn code_hash(account: AccountId, code: &str) -> [u8; 32] {
    sha256(format!("balise/v1/recovery-code/{account}/{code}").as_bytes())
}

impl Services {
    /// Seals an authenticator's key, bound to its account.
    pub(crate) fn seal_second_factor(&self, account: AccountId, key: &[u8]) -> Result<Vec<u8>, Fault> {
        Ok(self.keys.second_factor.seal(&binding(account), key)?)
    }

    async fn second_factor_key(&self, account: AccountId) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let factor = second_factors::find(&mut self.data.read().await?, account).await?;
        let factor = factor.ok_or(PortError::NotSignedIn)?;
        Ok(self.keys.second_factor.open(&binding(account), &factor.sealed_key)?)
    }

    /// The key to enrol. It is made at the first call and stays the same until it is confirmed.
    pub(super) async fn propose_second_factor(&self, session: &Session) -> Result<Enrolment, Fault> {
        let account = session.account();
        if session.stage() != Stage::Enrolment {
            return Err(PortError::NotSignedIn.into());
        }
        let mut fresh = Zeroizing::new([0; KEY_BYTES]);
        fill_random(fresh.as_mut_slice())?;
        let sealed = self.seal_second_factor(account, fresh.as_slice())?;
        self.data.write(move |tx| Box::pin(async move { second_factors::propose(tx, account, &sealed).await })).await?;
        let key = BASE32_NOPAD.encode(&self.second_factor_key(account).await?);
        // The address names only the portal; the page shows the name of the organisation.
        let uri =
            format!("otpauth://totp/Balise?secret={key}&issuer=Balise&algorithm=SHA1&digits=6&period={STEP_SECONDS}");
        let code = QrCode::with_error_correction_level(uri.as_bytes(), EcLevel::M)
            .map_err(|_| Fault::Broken("a QR code cannot be drawn"))?;
        let side = code.width();
        let modules = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        Ok(Enrolment { key, modules, side })
    }

    /// Confirms the authenticator, makes the recovery codes, and goes on to the step that shows them.
    pub(super) async fn confirm_second_factor(
        &self,
        session: &Session,
        code: &str,
        client: &Client,
    ) -> Result<NewSession, SignInRefusal> {
        if session.stage() != Stage::Enrolment {
            return Err(SignInRefusal::Port(PortError::NotSignedIn));
        }
        let account = session.account();
        let bucket = self.bucket(Bucket::SecondFactor(account));
        self.count_attempt(vec![(bucket, CODE_LIMIT)]).await?;
        let step = self.matching_step(account, code).await.map_err(refusal)?.ok_or(SignInRefusal::Wrong)?;
        let made = self.make_codes(account).map_err(refusal)?;
        let opening = Opening::new(self, account, session.role(), Stage::RecoveryCodes, client).map_err(refusal)?;
        let opened = opening.session.clone();
        let previous = *session.token_hash();
        let went_on = self
            .data
            .write(move |tx| {
                Box::pin(async move {
                    if !second_factors::use_step(tx, account, step).await? || !sessions::delete(tx, &previous).await? {
                        return Ok(false);
                    }
                    store::throttle::clear(tx, &bucket).await?;
                    second_factors::replace_codes(tx, account, &made.hashes).await?;
                    opening.write(tx, Some(&made.sealed)).await?;
                    Ok(true)
                })
            })
            .await
            .map_err(refusal)?;
        if went_on { Ok(opened) } else { Err(SignInRefusal::Wrong) }
    }

    /// Checks a code of the authenticator or a recovery code; each can be used once.
    pub(super) async fn check_second_factor(
        &self,
        session: &Session,
        code: SecondFactorCode,
        client: &Client,
    ) -> Result<NewSession, SignInRefusal> {
        if session.stage() != Stage::SecondFactor {
            return Err(SignInRefusal::Port(PortError::NotSignedIn));
        }
        let account = session.account();
        let bucket = self.bucket(Bucket::SecondFactor(account));
        self.count_attempt(vec![(bucket, CODE_LIMIT)]).await?;
        let (step, hash) = match &code {
            SecondFactorCode::Totp(code) => {
                let step = self.matching_step(account, code).await.map_err(refusal)?;
                (Some(step.ok_or(SignInRefusal::Wrong)?), None)
            }
            SecondFactorCode::Recovery(code) => (None, Some(code_hash(account, code))),
        };
        let at = self.calendar.now();
        let used = self
            .data
            .write(move |tx| {
                Box::pin(async move {
                    let used = match (step, hash) {
                        (Some(step), _) => second_factors::use_step(tx, account, step).await?,
                        (None, Some(hash)) => second_factors::use_code(tx, account, &hash, at).await?,
                        (None, None) => false,
                    };
                    if used {
                        store::throttle::clear(tx, &bucket).await?;
                    }
                    Ok(used)
                })
            })
            .await
            .map_err(refusal)?;
        if !used {
            return Err(SignInRefusal::Wrong);
        }
        self.finish_sign_in(session, Stage::SecondFactor, client).await.map_err(refusal)
    }

    /// The time step of `code`, if it is the present one or one beside it.
    async fn matching_step(&self, account: AccountId, code: &str) -> Result<Option<i64>, Fault> {
        let key = self.second_factor_key(account).await?;
        let step = authenticator(&key)?.check(code, self.calendar.now().unix_seconds());
        Ok(step.and_then(|step| i64::try_from(step).ok()))
    }

    fn make_codes(&self, account: AccountId) -> Result<Codes, Fault> {
        let mut texts = Vec::with_capacity(CODES);
        for _ in 0..CODES {
            let mut random = Zeroizing::new([0; CODE_BYTES]);
            fill_random(random.as_mut_slice())?;
            texts.push(BASE32_NOPAD.encode(random.as_slice()));
        }
        let hashes = texts.iter().map(|code| code_hash(account, code)).collect();
        let sealed = self.keys.one_time.seal(&binding(account), texts.join("\n").as_bytes())?;
        Ok(Codes { hashes, sealed })
    }

    /// The recovery codes that the person still has to note.
    pub(super) async fn shown_codes(&self, session: &Session) -> Result<Vec<String>, Fault> {
        if session.stage() != Stage::RecoveryCodes {
            return Err(PortError::NotSignedIn.into());
        }
        let sealed = sessions::sealed_codes(&mut self.data.read().await?, session.token_hash()).await?;
        let plain = self.keys.one_time.open(&binding(session.account()), &sealed.ok_or(PortError::NotSignedIn)?)?;
        let text = std::str::from_utf8(&plain).map_err(|_| Fault::Broken("recovery codes cannot be read"))?;
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// Ends the step `from` and opens the full session with a new token.
    pub(super) async fn finish_sign_in(
        &self,
        session: &Session,
        from: Stage,
        client: &Client,
    ) -> Result<NewSession, Fault> {
        if session.stage() != from {
            return Err(PortError::NotSignedIn.into());
        }
        let opening = Opening::new(self, session.account(), session.role(), Stage::Full, client)?;
        let opened = opening.session.clone();
        let previous = *session.token_hash();
        self.data
            .write(move |tx| {
                Box::pin(async move {
                    if !sessions::delete(tx, &previous).await? {
                        return Err(PortError::NotSignedIn.into());
                    }
                    store::accounts::note_sign_in(tx, opening.account, opening.at).await?;
                    opening.write(tx, None).await
                })
            })
            .await?;
        Ok(opened)
    }
}

struct Codes {
    hashes: Vec<[u8; 32]>,
    sealed: Vec<u8>,
}

//! One's own sessions and password.

use super::{Bucket, PASSWORD_LIMIT, session::idle_minutes};
use crate::{
    Services,
    crypto::sha256,
    error::Fault,
    store::{self, sessions},
};
use async_trait::async_trait;
use domain::{
    accounts::AccountEvent,
    devices::{DEVICES_MAX, Device, Devices, PasswordChange, PasswordRefusal},
    error::{PortError, PortResult},
    identity::{Session, SignInRefusal, Stage},
    ids::DeviceId,
    time::Instant,
};
use uuid::Uuid;

/// The public id of a session in its owner's list. Nobody can compute the hash from it, and the hash does not open the
/// session.
fn device_id(token_hash: &[u8]) -> DeviceId {
    let digest = sha256(&[b"balise/v1/device/", token_hash].concat());
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    Uuid::from_bytes(id).into()
}

/// Only somebody whose sign-in is complete has devices.
fn complete(session: &Session) -> Result<(), Fault> {
    if session.stage() == Stage::Full { Ok(()) } else { Err(PortError::NotSignedIn.into()) }
}

impl Services {
    async fn open_sessions(&self, session: &Session) -> Result<Vec<sessions::Open>, Fault> {
        complete(session)?;
        let now = self.calendar.now();
        let idle_since = now.plus_minutes(-idle_minutes(session.role()));
        sessions::open_of(&mut self.data.read().await?, session.account(), now, idle_since, DEVICES_MAX).await
    }

    async fn list_devices(&self, session: &Session) -> Result<Vec<Device>, Fault> {
        let mut devices: Vec<_> = self
            .open_sessions(session)
            .await?
            .into_iter()
            .map(|open| Device {
                id: device_id(&open.token_hash),
                current: open.token_hash == session.token_hash(),
                name: open.device,
                since: Instant::from_millis(open.created_at),
                last_seen_at: Instant::from_millis(open.last_seen_at),
            })
            .collect();
        devices.sort_by_key(|device| !device.current);
        Ok(devices)
    }

    async fn end_device(&self, session: &Session, device: DeviceId) -> Result<(), Fault> {
        // The id is searched only among the person's own sessions: the id of another account is not found.
        let open = self.open_sessions(session).await?;
        let aimed = open.into_iter().find(|open| device_id(&open.token_hash) == device);
        let hash = aimed.ok_or(PortError::NotFound)?.token_hash;
        self.data.write(move |tx| Box::pin(async move { sessions::delete(tx, &hash).await.map(drop) })).await
    }

    async fn end_others(&self, session: &Session) -> Result<(), Fault> {
        complete(session)?;
        let (account, kept) = (session.account(), *session.token_hash());
        self.data.write(move |tx| Box::pin(async move { sessions::delete_others(tx, account, &kept).await })).await
    }

    async fn forget_install_hint(&self, session: &Session) -> Result<(), Fault> {
        complete(session)?;
        let account = session.account();
        self.data.write(move |tx| Box::pin(async move { store::accounts::close_install_hint(tx, account).await })).await
    }

    async fn replace_password(&self, session: &Session, change: PasswordChange) -> Result<(), PasswordRefusal> {
        complete(session).map_err(refusal)?;
        let account = session.account();
        let bucket = self.bucket(Bucket::Password(account));
        self.count_attempt(vec![(bucket, PASSWORD_LIMIT)]).await.map_err(counted)?;
        let read = async { store::accounts::known_of(&mut self.data.read().await?, account).await };
        let known = read.await.map_err(refusal)?.ok_or(PasswordRefusal::Port(PortError::NotSignedIn))?;
        let checked = known.password_hash.clone();
        let right = self.passwords.verify(change.current, checked.clone()).await.map_err(refusal)?;
        let Some(checked) = checked.filter(|_| right) else {
            return Err(PasswordRefusal::Wrong);
        };
        self.data
            .write(move |tx| Box::pin(async move { store::throttle::clear(tx, &bucket).await }))
            .await
            .map_err(refusal)?;
        let weakness = self.passwords.weakness(change.password.clone(), known.identifier, known.name).await;
        if let Some(wrong) = weakness.map_err(refusal)? {
            return Err(PasswordRefusal::Password(wrong));
        }
        let password_hash = self.passwords.hash(change.password.reveal().to_owned()).await.map_err(refusal)?;
        let (kept, at, actor) = (*session.token_hash(), self.calendar.now(), session.actor());
        let changed = self
            .data
            .write(move |tx| {
                Box::pin(async move {
                    if !store::accounts::change_password(tx, account, &checked, &password_hash).await? {
                        return Ok(false);
                    }
                    sessions::delete_others(tx, account, &kept).await?;
                    store::journal::append(tx, at, &actor, AccountEvent::PasswordChanged, account).await?;
                    Ok(true)
                })
            })
            .await
            .map_err(refusal)?;
        if changed { Ok(()) } else { Err(PasswordRefusal::Wrong) }
    }
}

fn refusal(fault: Fault) -> PasswordRefusal {
    PasswordRefusal::Port(fault.into())
}

fn counted(refusal: SignInRefusal) -> PasswordRefusal {
    match refusal {
        SignInRefusal::Wrong => PasswordRefusal::Wrong,
        SignInRefusal::TooManyAttempts { minutes } => PasswordRefusal::TooManyAttempts { minutes },
        SignInRefusal::Port(error) => PasswordRefusal::Port(error),
    }
}

#[async_trait]
impl Devices for Services {
    async fn devices(&self, session: &Session) -> PortResult<Vec<Device>> {
        Ok(self.list_devices(session).await?)
    }

    async fn sign_out_device(&self, session: &Session, device: DeviceId) -> PortResult<()> {
        Ok(self.end_device(session, device).await?)
    }

    async fn sign_out_others(&self, session: &Session) -> PortResult<()> {
        Ok(self.end_others(session).await?)
    }

    async fn close_install_hint(&self, session: &Session) -> PortResult<()> {
        Ok(self.forget_install_hint(session).await?)
    }

    async fn change_password(&self, session: &Session, change: PasswordChange) -> Result<(), PasswordRefusal> {
        self.replace_password(session, change).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_device_is_neither_its_token_nor_its_hash() {
        let hash = sha256(b"a token");
        let id = device_id(&hash).to_string().replace('-', "");
        let hex = data_encoding::HEXLOWER.encode(&hash);
        assert!(!hex.contains(&id) && id != hex[..32], "{id}");
        assert_eq!(device_id(&hash), device_id(&hash));
        assert_ne!(device_id(&hash), device_id(&sha256(b"another")));
    }
}

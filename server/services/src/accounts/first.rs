//! The first administrators, made at the command line. An account needs a second person to confirm it, and at first
//! there is none.

use crate::{
    Services,
    access::{Access, CreateAdministrator, HouseFacts, authorize},
    db::Tx,
    error::Fault,
    identity::{NewCode, fold_identifier},
    store::{self, sessions, staff::NewStaffAccount},
};
use domain::{
    accounts::{AccountEvent, AccountState},
    activation::Invitation,
    actor::{Actor, Role},
    ids::AccountId,
    time::Instant,
};

/// From this number of administrators on, accounts are made on the pages.
const ENOUGH: usize = 2;

/// Why the command line made no administrator. The message is for the person who ran the command.
#[derive(Debug, thiserror::Error)]
pub enum FirstAdministratorError {
    /// Two people can confirm each other from now on.
    #[error(
        "there are two administrators already: further accounts are proposed and confirmed on /admin/comptes. \
         If nobody can sign in any more, use --rescue: the other administrators will be told"
    )]
    Enough,
    /// Somebody who is no administrator has this identifier.
    #[error("--identifier: somebody else has this identifier; choose another")]
    Taken,
    /// An administrator who is not waiting for a code has this identifier.
    #[error("--identifier: this administrator's account is open already; with --rescue it gets a new code")]
    InUse,
    /// Any other failure.
    #[error("{0}")]
    Failed(String),
}

impl From<Fault> for FirstAdministratorError {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault.to_string())
    }
}

struct Wanted {
    identifier: String,
    name: String,
    email: String,
    rescue: bool,
}

impl Services {
    /// Makes an administrator whose account awaits its activation, and returns the code for it. An administrator who
    /// never used their code gets a new one. With `rescue` it does so for any number of administrators, and also for
    /// one who is locked out; the journal notes it, and the other administrators are told by mail.
    ///
    /// # Errors
    /// The reason, for the person who ran the command.
    pub async fn first_administrator(
        &self,
        identifier: &str,
        name: &str,
        email: &str,
        rescue: bool,
    ) -> Result<Invitation, FirstAdministratorError> {
        let (at, actor) = (self.calendar.now(), Actor::machine("account"));
        let code = NewCode::make(at)?;
        let services = self.clone();
        let wanted = Wanted { identifier: fold_identifier(identifier), name: name.into(), email: email.into(), rescue };
        let made = self.data.write(move |tx| {
            Box::pin(async move {
                store::staff::take_turn(tx).await?;
                let access = authorize(&actor, CreateAdministrator, HouseFacts)?;
                let account = match administrator(tx, &access, &wanted, at).await? {
                    Ok(account) => account,
                    Err(refused) => return Ok(Err(refused)),
                };
                let event = if wanted.rescue { AccountEvent::Rescued } else { AccountEvent::Created };
                store::journal::append(tx, at, &actor, event, account).await?;
                if wanted.rescue {
                    for letter in services.rescue_letters(tx, &wanted.name, account).await? {
                        store::mail::enqueue(tx, &letter).await?;
                    }
                }
                code.write(tx, account).await?;
                Ok(Ok(code.invitation(wanted.name, wanted.identifier)))
            })
        });
        made.await?
    }
}

/// The account that gets the code.
async fn administrator(
    tx: &mut Tx,
    access: &Access<CreateAdministrator, HouseFacts>,
    wanted: &Wanted,
    at: Instant,
) -> Result<Result<AccountId, FirstAdministratorError>, Fault> {
    let found = store::staff::by_identifier(tx, &wanted.identifier).await?;
    let account = found.map_or_else(store::new_id, |(account, ..)| account);
    let others = store::staff::administrators(tx, account).await?;
    if others.len() >= ENOUGH && !wanted.rescue {
        return Ok(Err(FirstAdministratorError::Enough));
    }
    match found {
        None => {
            let new = NewStaffAccount {
                id: account,
                identifier: &wanted.identifier,
                name: &wanted.name,
                email: &wanted.email,
                phone: None,
                role: Role::Administrator,
                at,
            };
            if !store::staff::create(tx, access, &new).await? {
                return Ok(Err(FirstAdministratorError::Taken));
            }
        }
        Some((_, Some(Role::Administrator), state)) => {
            if state != AccountState::Awaiting && !wanted.rescue {
                return Ok(Err(FirstAdministratorError::InUse));
            }
            store::staff::reset(tx, access, account, true).await?;
            sessions::delete_of(tx, account).await?;
        }
        Some(_) => return Ok(Err(FirstAdministratorError::Taken)),
    }
    Ok(Ok(account))
}

//! Accounts of staff: the list, and suspending. Proposals and the command line have files of their own (A8).

mod first;
mod letters;
mod proposals;

pub use first::FirstAdministratorError;

use crate::{
    Services,
    access::{AccountFacts, HouseFacts, Permission, SeeAccounts, Subject, SuspendAccount, authorize, decide},
    error::Fault,
    identity::IDLE_STAFF_MINUTES,
    store::{self, sessions},
};
use async_trait::async_trait;
use domain::{
    accounts::{
        AccountDetail, AccountEvent, AccountQuery, AccountRefusal, AccountRow, AccountState, Change, Decision,
        NewStaff, Proposal, StaffAccounts,
    },
    activation::Invitation,
    actor::Actor,
    error::{PortError, PortResult},
    ids::{AccountId, ProposalId, SubmissionId},
    paging::{PAGE_SIZE, Paged},
};
use uuid::Uuid;

/// Longest search read, in characters.
const SEARCH_MAX: usize = 80;

fn refusal(fault: Fault) -> AccountRefusal {
    AccountRefusal::Port(fault.into())
}

impl Services {
    async fn list_accounts(&self, actor: &Actor, mut query: AccountQuery) -> Result<Paged<AccountRow>, Fault> {
        let access = authorize(actor, SeeAccounts, HouseFacts)?;
        query.search = query.search.chars().take(SEARCH_MAX).collect();
        let mut db = self.data.read().await?;
        let total = store::staff::count(&mut db, &access, &query).await?;
        let mut found = Paged::of(total, query.page, PAGE_SIZE);
        query.page = found.page;
        found.rows = store::staff::page(&mut db, &access, &query).await?;
        Ok(found)
    }

    async fn account_detail(&self, actor: &Actor, account: AccountId, page: u32) -> Result<AccountDetail, Fault> {
        let access = authorize(actor, SeeAccounts, HouseFacts)?;
        let now = self.calendar.now();
        let idle_since = now.plus_minutes(-IDLE_STAFF_MINUTES);
        let mut db = self.data.read().await?;
        let found = store::staff::one(&mut db, &access, account, now, idle_since).await?.ok_or(PortError::NotFound)?;
        let total = store::journal::count(&mut db, &access, account).await?;
        let mut history = Paged::of(total, page, PAGE_SIZE);
        history.rows = store::journal::page(&mut db, &access, account, history.page).await?;
        let facts = AccountFacts { account, actor_holds: true };
        let may_suspend = found.row.state != AccountState::Suspended
            && decide(actor, Permission::SuspendAccount, Subject::Account(&facts));
        Ok(AccountDetail {
            row: found.row,
            email: found.email,
            phone: found.phone,
            created_at: found.created_at,
            devices: found.devices,
            attached: found.attached,
            history,
            may_propose: decide(actor, Permission::ProposeChange, Subject::House),
            may_suspend,
        })
    }

    async fn suspend_account(&self, actor: &Actor, account: AccountId) -> Result<(), AccountRefusal> {
        let (actor, at) = (actor.clone(), self.calendar.now());
        let suspended = self.data.write(move |tx| {
            Box::pin(async move {
                store::staff::take_turn(tx).await?;
                let facts = store::facts::account(tx, &actor, account).await?.ok_or(PortError::NotFound)?;
                let access = authorize(&actor, SuspendAccount, facts)?;
                if !store::staff::suspend(tx, &access).await? {
                    let standing = store::staff::standing(tx, account).await?;
                    return Ok(match standing {
                        // Somebody else suspended it before, so the account is as the actor wants it.
                        Some((_, AccountState::Suspended, _)) => Ok(()),
                        _ => Err(AccountRefusal::LastAdministrator),
                    });
                }
                // The sessions end in the same transaction, so an account is never suspended with open sessions.
                sessions::delete_of(tx, account).await?;
                store::activation::delete_of(tx, account).await?;
                store::journal::append(tx, at, &actor, AccountEvent::Suspended, account).await?;
                for about in store::proposals::withdraw_around(tx, &access, at).await? {
                    store::journal::append(tx, at, &actor, AccountEvent::Withdrawn, about).await?;
                }
                Ok(Ok(()))
            })
        });
        suspended.await.map_err(refusal)?
    }
}

#[async_trait]
impl StaffAccounts for Services {
    async fn page(&self, actor: &Actor, query: AccountQuery) -> PortResult<Paged<AccountRow>> {
        Ok(self.list_accounts(actor, query).await?)
    }

    async fn detail(&self, actor: &Actor, account: AccountId, page: u32) -> PortResult<AccountDetail> {
        Ok(self.account_detail(actor, account, page).await?)
    }

    async fn proposals(&self, actor: &Actor, page: u32) -> PortResult<Paged<Proposal>> {
        Ok(self.list_proposals(actor, page).await?)
    }

    async fn proposal(&self, actor: &Actor, proposal: ProposalId) -> PortResult<Proposal> {
        Ok(self.one_proposal(actor, proposal).await?)
    }

    async fn propose_new(
        &self,
        actor: &Actor,
        new: NewStaff,
        submission: SubmissionId,
    ) -> Result<ProposalId, AccountRefusal> {
        self.propose_account(actor, Uuid::from(submission).into(), new, true).await
    }

    async fn propose_change(
        &self,
        actor: &Actor,
        account: AccountId,
        change: Change,
        submission: SubmissionId,
    ) -> Result<ProposalId, AccountRefusal> {
        self.propose_a_change(actor, Uuid::from(submission).into(), account, change).await
    }

    async fn decide(
        &self,
        actor: &Actor,
        proposal: ProposalId,
        decision: Decision,
    ) -> Result<Option<Invitation>, AccountRefusal> {
        match decision {
            Decision::Confirm => self.confirm(actor, proposal).await,
            Decision::Decline => self.decline(actor, proposal).await.map(|()| None),
            Decision::Withdraw => self.withdraw(actor, proposal).await.map(|()| None),
        }
    }

    async fn suspend(&self, actor: &Actor, account: AccountId) -> Result<(), AccountRefusal> {
        self.suspend_account(actor, account).await
    }
}

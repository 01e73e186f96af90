//! Every change that gives rights takes two people: one proposes it, another confirms it (A8).

use super::refusal;
use crate::{
    Services,
    access::{
        Access, ConfirmProposal, DeclineProposal, HouseFacts, Permission, PermissionType, ProposalFacts, ProposeChange,
        SeeProposals, Subject, WithdrawProposal, authorize, decide,
    },
    db::Tx,
    error::Fault,
    identity::NewCode,
    store::{
        self,
        proposals::{Ends, New, Pending},
        sessions,
        staff::NewStaffAccount,
    },
};
use domain::{
    accounts::{AccountEvent, AccountRefusal, AccountState, Change, NewStaff, PROPOSAL_DAYS, Proposal, ProposalKind},
    activation::Invitation,
    actor::Actor,
    error::PortError,
    ids::{AccountId, ProposalId},
    paging::{PAGE_SIZE, Paged},
    time::Instant,
};

/// A proposal as `actor` may see it, with the buttons that they may use.
fn seen_by(actor: &Actor, pending: Pending) -> Proposal {
    let facts = ProposalFacts {
        proposal: pending.id,
        account: pending.account,
        proposed_by: pending.proposed_by,
        // Only the buttons depend on this value. The decision itself reads the fact again.
        actor_holds: true,
    };
    let may = |permission| decide(actor, permission, Subject::Proposal(&facts));
    Proposal {
        id: pending.id,
        kind: pending.kind,
        account: pending.account,
        name: pending.name,
        identifier: pending.identifier,
        email: pending.email,
        phone: pending.phone,
        current_role: pending.current_role,
        role: pending.role,
        proposed_by: pending.proposer,
        proposed_at: pending.proposed_at,
        expires_at: pending.expires_at,
        may_withdraw: may(Permission::WithdrawProposal),
        may_confirm: may(Permission::ConfirmProposal),
        may_decline: may(Permission::DeclineProposal),
    }
}

/// A waiting proposal, with the proof that the actor may do `P` with it; nothing when it has ended.
async fn decided_on<P: PermissionType>(
    tx: &mut Tx,
    actor: &Actor,
    permission: P,
    proposal: ProposalId,
    at: Instant,
) -> Result<Option<Access<P, ProposalFacts>>, Fault> {
    match store::facts::proposal(tx, actor, proposal, at).await? {
        None => Ok(None),
        Some(facts) => Ok(Some(authorize(actor, permission, facts)?)),
    }
}

impl Services {
    pub(super) async fn list_proposals(&self, actor: &Actor, page: u32) -> Result<Paged<Proposal>, Fault> {
        let access = authorize(actor, SeeProposals, HouseFacts)?;
        let now = self.calendar.now();
        let mut db = self.data.read().await?;
        let total = store::proposals::count(&mut db, &access, now).await?;
        let mut found = Paged::of(total, page, PAGE_SIZE);
        let rows = store::proposals::page(&mut db, &access, found.page, now).await?;
        found.rows = rows.into_iter().map(|pending| seen_by(actor, pending)).collect();
        Ok(found)
    }

    pub(super) async fn one_proposal(&self, actor: &Actor, proposal: ProposalId) -> Result<Proposal, Fault> {
        let access = authorize(actor, SeeProposals, HouseFacts)?;
        let now = self.calendar.now();
        let found = store::proposals::one(&mut self.data.read().await?, &access, proposal, now).await?;
        Ok(seen_by(actor, found.ok_or(PortError::NotFound)?))
    }

    /// Proposes an account; with `tell`, mails go to the people who may confirm it.
    pub(crate) async fn propose_account(
        &self,
        actor: &Actor,
        id: ProposalId,
        new: NewStaff,
        tell: bool,
    ) -> Result<ProposalId, AccountRefusal> {
        let (actor, at) = (actor.clone(), self.calendar.now());
        let services = self.clone();
        let account: AccountId = store::new_id();
        let proposed = self.data.write(move |tx| {
            Box::pin(async move {
                let access = authorize(&actor, ProposeChange, HouseFacts)?;
                let proposed_by = actor.account().ok_or(PortError::Refused)?;
                if store::proposals::is_known(tx, id).await? {
                    return Ok(Ok(id));
                }
                store::proposals::expire(tx, at).await?;
                if store::staff::by_identifier(tx, &new.identifier).await?.is_some() {
                    return Ok(Err(AccountRefusal::Taken));
                }
                let row = New {
                    id,
                    kind: ProposalKind::Create,
                    account,
                    person: Some((&new.identifier, &new.name, &new.email, new.phone.as_deref())),
                    role: Some(new.role),
                    proposed_by,
                    at,
                    expires_at: at.plus_hours(24 * PROPOSAL_DAYS),
                };
                if !store::proposals::insert(tx, &access, &row).await? {
                    return Ok(Err(AccountRefusal::Taken));
                }
                store::journal::append(tx, at, &actor, ProposalKind::Create.proposed(), account).await?;
                if tell {
                    services.tell_deciders(tx, &new.name, proposed_by, account).await?;
                }
                Ok(Ok(id))
            })
        });
        let proposed = proposed.await.map_err(refusal)?;
        self.outbox.wake();
        proposed
    }

    pub(super) async fn propose_a_change(
        &self,
        actor: &Actor,
        id: ProposalId,
        account: AccountId,
        change: Change,
    ) -> Result<ProposalId, AccountRefusal> {
        let (actor, at) = (actor.clone(), self.calendar.now());
        let services = self.clone();
        let proposed = self.data.write(move |tx| {
            Box::pin(async move {
                let access = authorize(&actor, ProposeChange, HouseFacts)?;
                let proposed_by = actor.account().ok_or(PortError::Refused)?;
                if store::proposals::is_known(tx, id).await? {
                    return Ok(Ok(id));
                }
                let (role, state, name) = store::staff::standing(tx, account).await?.ok_or(PortError::NotFound)?;
                let (kind, wanted, changes) = match change {
                    Change::Role(wanted) => (ProposalKind::Role, Some(wanted), wanted != role),
                    Change::Reactivate => (ProposalKind::Reactivate, None, state == AccountState::Suspended),
                    Change::Invite => (ProposalKind::Invite, None, true),
                };
                store::proposals::expire(tx, at).await?;
                let row = New {
                    id,
                    kind,
                    account,
                    person: None,
                    role: wanted,
                    proposed_by,
                    at,
                    expires_at: at.plus_hours(24 * PROPOSAL_DAYS),
                };
                if !changes || !store::proposals::insert(tx, &access, &row).await? {
                    return Ok(Err(AccountRefusal::NothingToChange));
                }
                store::journal::append(tx, at, &actor, kind.proposed(), account).await?;
                services.tell_deciders(tx, &name, proposed_by, account).await?;
                Ok(Ok(id))
            })
        });
        let proposed = proposed.await.map_err(refusal)?;
        self.outbox.wake();
        proposed
    }

    /// Writes the mails to the people who may confirm, in the transaction that stores the proposal.
    async fn tell_deciders(
        &self,
        tx: &mut Tx,
        name: &str,
        proposed_by: AccountId,
        about: AccountId,
    ) -> Result<(), Fault> {
        for letter in self.awaited_letters(tx, name, proposed_by, about).await? {
            store::mail::enqueue(tx, &letter).await?;
        }
        Ok(())
    }

    pub(super) async fn confirm(
        &self,
        actor: &Actor,
        proposal: ProposalId,
    ) -> Result<Option<Invitation>, AccountRefusal> {
        let (actor, at) = (actor.clone(), self.calendar.now());
        let code = NewCode::make(at).map_err(refusal)?;
        let services = self.clone();
        let confirmed = self.data.write(move |tx| {
            Box::pin(async move {
                store::staff::take_turn(tx).await?;
                let Some(access) = decided_on(tx, &actor, ConfirmProposal, proposal, at).await? else {
                    return Ok(Err(AccountRefusal::Over));
                };
                let Some(pending) = store::proposals::one(tx, &access, proposal, at).await? else {
                    return Ok(Err(AccountRefusal::Over));
                };
                if let Err(refused) = apply(tx, &access, &pending, at).await? {
                    return Ok(Err(refused));
                }
                // Nobody else can have ended it since this turn began. If it was ended all the same, nothing is
                // changed.
                if !store::proposals::end(tx, &access, at).await? {
                    return Err(PortError::Refused.into());
                }
                store::journal::append(tx, at, &actor, pending.kind.confirmed(), pending.account).await?;
                // Proposals that this person made with their old rights, or their old password, are void.
                for about in store::proposals::withdraw_around(tx, &access, at).await? {
                    store::journal::append(tx, at, &actor, AccountEvent::Withdrawn, about).await?;
                }
                match pending.kind {
                    ProposalKind::Create | ProposalKind::Invite => {
                        code.write(tx, pending.account).await?;
                        let mut invitation = code.invitation(pending.name, pending.identifier);
                        if let Some(letter) = services.invitation_letter(&invitation, pending.email.as_deref())? {
                            store::mail::enqueue(tx, &letter).await?;
                            invitation.mailed = true;
                        }
                        Ok(Ok(Some(invitation)))
                    }
                    ProposalKind::Role | ProposalKind::Reactivate => Ok(Ok(None)),
                }
            })
        });
        let confirmed = confirmed.await.map_err(refusal)?;
        self.outbox.wake();
        confirmed
    }

    pub(super) async fn decline(&self, actor: &Actor, proposal: ProposalId) -> Result<(), AccountRefusal> {
        self.end_proposal(actor, DeclineProposal, proposal, AccountEvent::Declined).await
    }

    pub(super) async fn withdraw(&self, actor: &Actor, proposal: ProposalId) -> Result<(), AccountRefusal> {
        self.end_proposal(actor, WithdrawProposal, proposal, AccountEvent::Withdrawn).await
    }

    async fn end_proposal<P>(
        &self,
        actor: &Actor,
        permission: P,
        proposal: ProposalId,
        event: AccountEvent,
    ) -> Result<(), AccountRefusal>
    where
        P: PermissionType + Send + Sync + 'static,
        Access<P, ProposalFacts>: Ends,
    {
        let (actor, at) = (actor.clone(), self.calendar.now());
        let ended = self.data.write(move |tx| {
            Box::pin(async move {
                store::staff::take_turn(tx).await?;
                let Some(access) = decided_on(tx, &actor, permission, proposal, at).await? else {
                    return Ok(Err(AccountRefusal::Over));
                };
                if !store::proposals::end(tx, &access, at).await? {
                    return Ok(Err(AccountRefusal::Over));
                }
                store::journal::append(tx, at, &actor, event, access.facts().account).await?;
                Ok(Ok(()))
            })
        });
        ended.await.map_err(refusal)?
    }
}

/// Does what was proposed. When it returns a refusal, nothing was changed.
async fn apply(
    tx: &mut Tx,
    access: &Access<ConfirmProposal, ProposalFacts>,
    pending: &Pending,
    at: Instant,
) -> Result<Result<(), AccountRefusal>, Fault> {
    let account = pending.account;
    let changed = match (pending.kind, pending.role) {
        (ProposalKind::Create, Some(role)) => {
            let new = NewStaffAccount {
                id: account,
                identifier: &pending.identifier,
                name: &pending.name,
                email: pending.email.as_deref().unwrap_or_default(),
                phone: pending.phone.as_deref(),
                role,
                at,
            };
            if !store::staff::create(tx, access, &new).await? {
                return Ok(Err(AccountRefusal::Taken));
            }
            return Ok(Ok(()));
        }
        (ProposalKind::Role, Some(role)) => store::staff::set_role(tx, access, role).await?,
        (ProposalKind::Reactivate, _) => store::staff::reactivate(tx, access).await?,
        (ProposalKind::Invite, _) => store::staff::reset(tx, access, account, false).await?,
        (ProposalKind::Create | ProposalKind::Role, None) => return Err(Fault::Broken("a proposal without a role")),
    };
    if changed {
        // Sessions that were opened with the old rights, or the old password, end.
        sessions::delete_of(tx, account).await?;
        return Ok(Ok(()));
    }
    let standing = store::staff::standing(tx, account).await?;
    Ok(Err(match (pending.kind, standing) {
        (ProposalKind::Role, Some((role, ..))) if Some(role) == pending.role => AccountRefusal::NothingToChange,
        (ProposalKind::Reactivate, _) => AccountRefusal::NothingToChange,
        _ => AccountRefusal::LastAdministrator,
    }))
}

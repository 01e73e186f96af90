//! Who may do what: one pure decision, and proofs of it that store functions ask for.
//!
//! [`authorize`] is the only way to an [`Access`]; a store function that touches a person's data takes
//! one, so an unchecked call does not compile.

use domain::{
    actor::{Actor, Kind, Role},
    error::PortError,
    ids::{AccountId, DocumentId, ProposalId, RequestId, YouthId},
    register::ProcessingId,
    requests::RequestKind,
};
use std::marker::PhantomData;

/// What somebody wants to do: with a person's file or documents, with the house, with an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    ReadOwnSpace,
    AskCorrection,
    ReadFile,
    ListDocuments,
    ReadDocument,
    Deposit,
    DeleteDocument,
    ShareVault,
    SeeAccounts,
    SeeProposals,
    ProposeChange,
    CreateAdministrator,
    SuspendAccount,
    ConfirmProposal,
    DeclineProposal,
    WithdrawProposal,
    SeeTasks,
    RunTask,
    SeeConsents,
    ReadRequest,
    HandleRequest,
    SeeRights,
    HandleRights,
    ManageEvents,
    ForwardEvent,
    SeeAudience,
}

impl Action {
    /// The stable word that the access log uses.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::ReadOwnSpace => "read_own_space",
            Self::AskCorrection => "ask_correction",
            Self::ReadFile => "read_file",
            Self::ListDocuments => "list_documents",
            Self::ReadDocument => "read_document",
            Self::Deposit => "deposit",
            Self::DeleteDocument => "delete_document",
            Self::ShareVault => "share_vault",
            Self::SeeAccounts => "see_accounts",
            Self::SeeProposals => "see_proposals",
            Self::ProposeChange => "propose_change",
            Self::CreateAdministrator => "create_administrator",
            Self::SuspendAccount => "suspend_account",
            Self::ConfirmProposal => "confirm_proposal",
            Self::DeclineProposal => "decline_proposal",
            Self::WithdrawProposal => "withdraw_proposal",
            Self::SeeTasks => "see_tasks",
            Self::RunTask => "run_task",
            Self::SeeConsents => "see_consents",
            Self::ReadRequest => "read_request",
            Self::HandleRequest => "handle_request",
            Self::SeeRights => "see_rights",
            Self::HandleRights => "handle_rights",
            Self::ManageEvents => "manage_events",
            Self::ForwardEvent => "forward_event",
            Self::SeeAudience => "see_audience",
        }
    }
}

/// What is true of a young person's file and of the actor, read in the same transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct YouthFacts {
    pub(crate) youth: YouthId,
    /// Whether the actor is attached to the file now (E3).
    pub(crate) attached: bool,
    /// Whether the young person lets attached staff read the vault (V5).
    pub(crate) vault_shared: bool,
}

/// What is true of one document besides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DocumentFacts {
    pub(crate) vault: YouthFacts,
    pub(crate) document: DocumentId,
    pub(crate) depositor: Option<AccountId>,
}

/// The house itself: what is about nobody in particular. Nothing to know of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HouseFacts;

/// What is true of a staff account and of the actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AccountFacts {
    pub(crate) account: AccountId,
    /// Whether the actor's own account is still active and in the role of their session.
    pub(crate) actor_holds: bool,
}

/// What is true of a proposal that waits, and of the actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProposalFacts {
    pub(crate) proposal: ProposalId,
    /// Whose rights would change.
    pub(crate) account: AccountId,
    pub(crate) proposed_by: AccountId,
    /// Whether the actor's own account is still active and in the role of their session.
    pub(crate) actor_holds: bool,
}

/// What is true of something that a visitor sent, and of the actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RequestFacts {
    pub(crate) request: RequestId,
    pub(crate) kind: RequestKind,
    /// Whether the actor's own account is still active and in the role of their session.
    pub(crate) actor_holds: bool,
}

/// What is true of all that visitors sent by one form. A list of several kinds is several decisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KindFacts(pub(crate) RequestKind);

/// What a decision is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'s> {
    Youth(&'s YouthFacts),
    Document(&'s DocumentFacts),
    House,
    Account(&'s AccountFacts),
    Proposal(&'s ProposalFacts),
    Request(&'s RequestFacts),
    Kind(RequestKind),
}

/// Facts that a decision can be made from.
pub(crate) trait Facts {
    fn subject(&self) -> Subject<'_>;
}

impl Facts for YouthFacts {
    fn subject(&self) -> Subject<'_> {
        Subject::Youth(self)
    }
}

impl Facts for DocumentFacts {
    fn subject(&self) -> Subject<'_> {
        Subject::Document(self)
    }
}

impl Facts for HouseFacts {
    fn subject(&self) -> Subject<'_> {
        Subject::House
    }
}

impl Facts for AccountFacts {
    fn subject(&self) -> Subject<'_> {
        Subject::Account(self)
    }
}

impl Facts for ProposalFacts {
    fn subject(&self) -> Subject<'_> {
        Subject::Proposal(self)
    }
}

impl Facts for RequestFacts {
    fn subject(&self) -> Subject<'_> {
        Subject::Request(self)
    }
}

impl Facts for KindFacts {
    fn subject(&self) -> Subject<'_> {
        Subject::Kind(self.0)
    }
}

/// The one decision. Everything not named here is refused.
pub(crate) fn decide(actor: &Actor, action: Action, subject: Subject<'_>) -> bool {
    match subject {
        Subject::Youth(facts) => decide_on_file(actor, action, facts, None),
        Subject::Document(facts) => decide_on_file(actor, action, &facts.vault, Some(facts)),
        Subject::House => decide_on_house(actor, action),
        Subject::Account(facts) => decide_on_account(actor, action, facts),
        Subject::Proposal(facts) => decide_on_proposal(actor, action, facts),
        Subject::Request(facts) => decide_on_request(actor, action, facts.kind) && facts.actor_holds,
        Subject::Kind(kind) => action == Action::ReadRequest && decide_on_request(actor, action, kind),
    }
}

/// What a visitor sent is for those whom the register names for its form, and for nobody else (A5, A6).
fn decide_on_request(actor: &Actor, action: Action, kind: RequestKind) -> bool {
    match (actor.kind(), action) {
        (Kind::Staff { role, .. }, Action::ReadRequest | Action::HandleRequest) => kind.processing().is_seen_by(*role),
        _ => false,
    }
}

/// What is about nobody in particular (A6: each sees what their work needs).
fn decide_on_house(actor: &Actor, action: Action) -> bool {
    match (actor.kind(), action) {
        (Kind::Staff { role, .. }, Action::SeeAccounts | Action::SeeTasks | Action::SeeConsents) => {
            matches!(role, Role::Administrator | Role::Dpo)
        }
        (Kind::Staff { role, .. }, Action::SeeProposals) => {
            matches!(role, Role::Administrator | Role::Dpo | Role::Director)
        }
        (Kind::Staff { role, .. }, Action::ProposeChange | Action::RunTask) => *role == Role::Administrator,
        (Kind::Staff { role, .. }, Action::SeeRights | Action::HandleRights) => ProcessingId::Rights.is_seen_by(*role),
        (Kind::Staff { role, .. }, Action::SeeAudience) => ProcessingId::Analytics.is_seen_by(*role),
        (Kind::Staff { role, .. }, Action::ManageEvents) => {
            matches!(role, Role::ProjectLead | Role::Director | Role::Administrator)
        }
        // What is handed over are people's answers: not an administrator's.
        (Kind::Staff { role, .. }, Action::ForwardEvent) => matches!(role, Role::ProjectLead | Role::Director),
        (Kind::Machine(name), Action::CreateAdministrator) => *name == "account",
        _ => false,
    }
}

/// Taking rights away takes one administrator (A8), who is somebody else: nobody locks themselves out by a slip.
fn decide_on_account(actor: &Actor, action: Action, facts: &AccountFacts) -> bool {
    match (actor.kind(), action) {
        (Kind::Staff { account, role: Role::Administrator }, Action::SuspendAccount) => {
            facts.actor_holds && *account != facts.account
        }
        _ => false,
    }
}

/// Giving rights takes a second person (A8): neither who proposed it, nor whose rights they are.
fn decide_on_proposal(actor: &Actor, action: Action, facts: &ProposalFacts) -> bool {
    match (actor.kind(), action) {
        (Kind::Staff { account, role: Role::Administrator | Role::Director }, Action::ConfirmProposal) => {
            facts.actor_holds && *account != facts.proposed_by && *account != facts.account
        }
        (Kind::Staff { account, role: Role::Administrator | Role::Director }, Action::DeclineProposal) => {
            facts.actor_holds && *account != facts.proposed_by
        }
        (Kind::Staff { account, .. }, Action::WithdrawProposal) => facts.actor_holds && *account == facts.proposed_by,
        _ => false,
    }
}

fn decide_on_file(actor: &Actor, action: Action, vault: &YouthFacts, document: Option<&DocumentFacts>) -> bool {
    match (actor.kind(), action) {
        // A young person in their own space.
        (
            Kind::Youth { youth, .. },
            Action::ReadOwnSpace
            | Action::AskCorrection
            | Action::ListDocuments
            | Action::ReadDocument
            | Action::Deposit
            | Action::DeleteDocument
            | Action::ShareVault,
        ) => *youth == vault.youth,
        // Attached staff read the file and deposit (E3, V6); each document of a list is decided on its own.
        (Kind::Staff { role, .. }, Action::ReadFile | Action::ListDocuments | Action::Deposit) => {
            role.follows_young_people() && vault.attached
        }
        // A document: with the person's consent, or for the one who deposited it, while attached (V5, V6).
        (Kind::Staff { account, role }, Action::ReadDocument) => {
            role.follows_young_people()
                && vault.attached
                && document.is_some_and(|document| vault.vault_shared || document.depositor == Some(*account))
        }
        // A slip can be undone by the one who made it, while attached.
        (Kind::Staff { account, role }, Action::DeleteDocument) => {
            role.follows_young_people()
                && vault.attached
                && document.is_some_and(|document| document.depositor == Some(*account))
        }
        (Kind::Machine(name), Action::Deposit) => *name == "demo",
        _ => false,
    }
}

/// Proof that `A` on `S` was decided in favour of the actor.
#[derive(Debug)]
pub(crate) struct Access<A, S> {
    actor: Actor,
    facts: S,
    action: PhantomData<A>,
}

impl<A, S> Access<A, S> {
    pub(crate) fn facts(&self) -> &S {
        &self.facts
    }

    pub(crate) fn actor(&self) -> &Actor {
        &self.actor
    }
}

/// An action as a type.
pub(crate) trait Act {
    const ACTION: Action;
}

macro_rules! acts {
    ($($name:ident),+ $(,)?) => {$(
        #[derive(Debug)]
        pub(crate) struct $name;
        impl Act for $name {
            const ACTION: Action = Action::$name;
        }
    )+};
}

acts!(ReadOwnSpace, AskCorrection, ReadFile, ListDocuments, ReadDocument, Deposit, DeleteDocument, ShareVault);
acts!(SeeAccounts, SeeProposals, ProposeChange, CreateAdministrator, SuspendAccount);
acts!(ConfirmProposal, DeclineProposal, WithdrawProposal);
acts!(SeeTasks, RunTask, SeeConsents);
acts!(ReadRequest, HandleRequest, SeeRights, HandleRights, ManageEvents, ForwardEvent, SeeAudience);

/// Decides, and proves it.
pub(crate) fn authorize<A: Act, S: Facts>(actor: &Actor, _: A, facts: S) -> Result<Access<A, S>, PortError> {
    if decide(actor, A::ACTION, facts.subject()) {
        Ok(Access { actor: actor.clone(), facts, action: PhantomData })
    } else {
        Err(PortError::Refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::types::Uuid;

    fn account(n: u128) -> AccountId {
        Uuid::from_u128(n).into()
    }

    fn youth(n: u128) -> YouthId {
        Uuid::from_u128(n).into()
    }

    const ALL: [Action; 26] = [
        Action::ReadOwnSpace,
        Action::AskCorrection,
        Action::ReadFile,
        Action::ListDocuments,
        Action::ReadDocument,
        Action::Deposit,
        Action::DeleteDocument,
        Action::ShareVault,
        Action::SeeAccounts,
        Action::SeeProposals,
        Action::ProposeChange,
        Action::CreateAdministrator,
        Action::SuspendAccount,
        Action::ConfirmProposal,
        Action::DeclineProposal,
        Action::WithdrawProposal,
        Action::SeeTasks,
        Action::RunTask,
        Action::SeeConsents,
        Action::ReadRequest,
        Action::HandleRequest,
        Action::SeeRights,
        Action::HandleRights,
        Action::ManageEvents,
        Action::ForwardEvent,
        Action::SeeAudience,
    ];

    /// What is done with a file and its documents, and with nothing else.
    const ON_FILES: [Action; 8] = {
        let mut actions = [Action::ReadOwnSpace; 8];
        let mut at = 0;
        while at < 8 {
            actions[at] = ALL[at];
            at += 1;
        }
        actions
    };

    /// Every actor × consent × attachment × depositor × action, against the sentences of V5, V6 and E3.
    #[test]
    fn the_whole_table() {
        let advisor = account(10);
        let actors = [
            Actor::anonymous(),
            Actor::youth(account(1), youth(100)),
            Actor::youth(account(2), youth(200)),
            Actor::machine("retention"),
        ];
        let staff = Role::ALL.map(|role| Actor::staff(advisor, role));
        for actor in actors.iter().chain(&staff) {
            for attached in [false, true] {
                for vault_shared in [false, true] {
                    for depositor in [None, Some(account(1)), Some(advisor), Some(account(11))] {
                        for action in ALL {
                            let vault = YouthFacts { youth: youth(100), attached, vault_shared };
                            let facts = DocumentFacts { vault, document: Uuid::from_u128(5).into(), depositor };
                            let expected = match actor.kind() {
                                Kind::Anonymous | Kind::Machine(_) => false,
                                Kind::Youth { youth: own, .. } => {
                                    *own == youth(100) && action != Action::ReadFile && ON_FILES.contains(&action)
                                }
                                Kind::Staff { role, .. } => {
                                    let own_deposit = depositor == Some(advisor);
                                    role.follows_young_people()
                                        && attached
                                        && match action {
                                            Action::ReadFile | Action::ListDocuments | Action::Deposit => true,
                                            Action::ReadDocument => vault_shared || own_deposit,
                                            Action::DeleteDocument => own_deposit,
                                            _ => false,
                                        }
                                }
                            };
                            assert_eq!(
                                decide(actor, action, facts.subject()),
                                expected,
                                "{actor:?} {action:?} attached={attached} shared={vault_shared} depositor={depositor:?}"
                            );
                        }
                    }
                }
            }
        }
    }

    /// Everybody × what is about the house, an account or a proposal, against the sentences of A6 and A8.
    #[test]
    fn the_whole_table_of_the_house() {
        let me = account(10);
        let others =
            [Actor::anonymous(), Actor::youth(me, youth(100)), Actor::machine("account"), Actor::machine("retention")];
        let staff = Role::ALL.map(|role| Actor::staff(me, role));
        for actor in others.iter().chain(&staff) {
            let role = match actor.kind() {
                Kind::Staff { role, .. } => Some(*role),
                _ => None,
            };
            let admin = role == Some(Role::Administrator);
            let decides = admin || role == Some(Role::Director);
            for action in ALL {
                let expected = match action {
                    Action::SeeAccounts | Action::SeeTasks | Action::SeeConsents => admin || role == Some(Role::Dpo),
                    Action::SeeProposals => decides || role == Some(Role::Dpo),
                    Action::ProposeChange | Action::RunTask => admin,
                    Action::CreateAdministrator => *actor == Actor::machine("account"),
                    Action::SeeRights | Action::HandleRights => role == Some(Role::Dpo),
                    Action::SeeAudience => decides || role == Some(Role::Dpo),
                    Action::ManageEvents => decides || role == Some(Role::ProjectLead),
                    Action::ForwardEvent => matches!(role, Some(Role::ProjectLead | Role::Director)),
                    _ => false,
                };
                assert_eq!(decide(actor, action, HouseFacts.subject()), expected, "{actor:?} {action:?}");
                for actor_holds in [false, true] {
                    for theirs in [me, account(11)] {
                        let facts = AccountFacts { account: theirs, actor_holds };
                        let expected = action == Action::SuspendAccount && admin && actor_holds && theirs != me;
                        assert_eq!(decide(actor, action, facts.subject()), expected, "{actor:?} {action:?} {facts:?}");
                        for proposed_by in [me, account(12)] {
                            let proposal = Uuid::from_u128(6).into();
                            let facts = ProposalFacts { proposal, account: theirs, proposed_by, actor_holds };
                            let expected = actor_holds
                                && match action {
                                    Action::ConfirmProposal => decides && proposed_by != me && theirs != me,
                                    Action::DeclineProposal => decides && proposed_by != me,
                                    Action::WithdrawProposal => role.is_some() && proposed_by == me,
                                    _ => false,
                                };
                            let decided = decide(actor, action, facts.subject());
                            assert_eq!(decided, expected, "{actor:?} {action:?} {facts:?}");
                        }
                    }
                }
            }
        }
    }

    /// Everybody × what visitors sent, against the roles of A5 and A6 written out.
    #[test]
    fn the_whole_table_of_requests() {
        let me = account(10);
        let others = [Actor::anonymous(), Actor::youth(me, youth(100)), Actor::machine("retention")];
        let staff = Role::ALL.map(|role| Actor::staff(me, role));
        for actor in others.iter().chain(&staff) {
            for kind in RequestKind::ALL {
                let theirs = |role: Role| match kind {
                    RequestKind::Contact => matches!(
                        role,
                        Role::Reception | Role::AdministrativeAssistant | Role::SectorHead | Role::Director
                    ),
                    RequestKind::PreRegistration => {
                        matches!(role, Role::Reception | Role::Advisor | Role::SectorHead | Role::Director)
                    }
                    RequestKind::Event => {
                        matches!(role, Role::ProjectLead | Role::Reception | Role::SectorHead | Role::Director)
                    }
                    RequestKind::ApprenticeshipTax => matches!(role, Role::AdministrativeAssistant | Role::Director),
                };
                let sees = matches!(actor.kind(), Kind::Staff { role, .. } if theirs(*role));
                for action in ALL {
                    let reads = action == Action::ReadRequest && sees;
                    assert_eq!(
                        decide(actor, action, KindFacts(kind).subject()),
                        reads,
                        "{actor:?} {action:?} {kind:?}"
                    );
                    for actor_holds in [false, true] {
                        let facts = RequestFacts { request: Uuid::from_u128(7).into(), kind, actor_holds };
                        let expected =
                            sees && actor_holds && matches!(action, Action::ReadRequest | Action::HandleRequest);
                        assert_eq!(decide(actor, action, facts.subject()), expected, "{actor:?} {action:?} {facts:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_vault_alone_never_opens_a_document() {
        let facts = YouthFacts { youth: youth(100), attached: true, vault_shared: true };
        let advisor = Actor::staff(account(10), Role::Advisor);
        assert!(!decide(&advisor, Action::ReadDocument, facts.subject()));
    }
}

//! Who may do what: one pure decision, and the proofs of it that store functions require.
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

/// Writes the list of permissions once: each is a variant of [`Permission`], the stable code that the access log
/// stores, and a type of the same name, for a store function to say in its signature which permission it asks for.
macro_rules! permissions {
    ($($name:ident = $code:literal),+ $(,)?) => {
        /// The subject of a decision: reading or changing a person's file or documents, the portal itself, an account.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Permission {
            $($name),+
        }

        impl Permission {
            /// Every permission, for the tests that compare the decisions with the requirements.
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$name),+];

            /// The stable code that the access log stores.
            pub(crate) const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code),+
                }
            }
        }

        $(
            #[derive(Debug)]
            pub(crate) struct $name;

            impl PermissionType for $name {
                const PERMISSION: Permission = Permission::$name;
            }
        )+
    };
}

/// A permission as a type.
pub(crate) trait PermissionType {
    const PERMISSION: Permission;
}

permissions! {
    ReadOwnSpace = "read_own_space",
    AskCorrection = "ask_correction",
    ReadFile = "read_file",
    ListDocuments = "list_documents",
    ReadDocument = "read_document",
    Deposit = "deposit",
    DeleteDocument = "delete_document",
    ShareVault = "share_vault",
    SeeAccounts = "see_accounts",
    SeeProposals = "see_proposals",
    ProposeChange = "propose_change",
    CreateAdministrator = "create_administrator",
    SuspendAccount = "suspend_account",
    ConfirmProposal = "confirm_proposal",
    DeclineProposal = "decline_proposal",
    WithdrawProposal = "withdraw_proposal",
    SeeTasks = "see_tasks",
    RunTask = "run_task",
    SeeConsents = "see_consents",
    ReadRequest = "read_request",
    HandleRequest = "handle_request",
    SeeRights = "see_rights",
    HandleRights = "handle_rights",
    ManageEvents = "manage_events",
    ForwardEvent = "forward_event",
    SeeAudience = "see_audience",
}

/// The facts about a young person's file and the actor, read in the same transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct YouthFacts {
    pub(crate) youth: YouthId,
    /// Whether the actor is attached to the file now (E3).
    pub(crate) attached: bool,
    /// Whether the young person lets attached staff read the vault (V5).
    pub(crate) vault_shared: bool,
}

/// The facts about one document and its vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DocumentFacts {
    pub(crate) vault: YouthFacts,
    pub(crate) document: DocumentId,
    pub(crate) depositor: Option<AccountId>,
}

/// The subject of decisions that are about nobody in particular, so that there are no facts to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HouseFacts;

/// The facts about a staff account and the actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AccountFacts {
    pub(crate) account: AccountId,
    /// Whether the actor's own account is still active and in the role of their session.
    pub(crate) actor_holds: bool,
}

/// The facts about a waiting proposal and the actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ProposalFacts {
    pub(crate) proposal: ProposalId,
    /// The account whose rights would change.
    pub(crate) account: AccountId,
    pub(crate) proposed_by: AccountId,
    /// Whether the actor's own account is still active and in the role of their session.
    pub(crate) actor_holds: bool,
}

/// The facts about something that a visitor sent, and the actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RequestFacts {
    pub(crate) request: RequestId,
    pub(crate) kind: RequestKind,
    /// Whether the actor's own account is still active and in the role of their session.
    pub(crate) actor_holds: bool,
}

/// The facts about everything that visitors sent with one form. A list of several forms needs several decisions.
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

/// Facts from which a decision can be made.
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

/// The one decision. Everything that is not named here is refused.
pub(crate) fn decide(actor: &Actor, permission: Permission, subject: Subject<'_>) -> bool {
    match subject {
        Subject::Youth(facts) => decide_on_file(actor, permission, facts, None),
        Subject::Document(facts) => decide_on_file(actor, permission, &facts.vault, Some(facts)),
        Subject::House => decide_on_house(actor, permission),
        Subject::Account(facts) => decide_on_account(actor, permission, facts),
        Subject::Proposal(facts) => decide_on_proposal(actor, permission, facts),
        Subject::Request(facts) => decide_on_request(actor, permission, facts.kind) && facts.actor_holds,
        Subject::Kind(kind) => permission == Permission::ReadRequest && decide_on_request(actor, permission, kind),
    }
}

/// Only the roles that the register names for a form see what visitors sent with it (A5, A6).
fn decide_on_request(actor: &Actor, permission: Permission, kind: RequestKind) -> bool {
    match (actor.kind(), permission) {
        (Kind::Staff { role, .. }, Permission::ReadRequest | Permission::HandleRequest) => {
            kind.processing().is_seen_by(*role)
        }
        _ => false,
    }
}

/// Decides when the subject is nobody in particular. Each role sees what its work needs (A6).
fn decide_on_house(actor: &Actor, permission: Permission) -> bool {
    match (actor.kind(), permission) {
        (Kind::Staff { role, .. }, Permission::SeeAccounts | Permission::SeeTasks) => role.is_in(Role::HOUSE),
        (Kind::Staff { role, .. }, Permission::ProposeChange | Permission::RunTask) => role.is_in(Role::ADMINISTRATORS),
        (Kind::Staff { role, .. }, Permission::SeeConsents) => ProcessingId::ConsentProof.is_seen_by(*role),
        (Kind::Staff { role, .. }, Permission::SeeProposals) => ProcessingId::Staff.is_seen_by(*role),
        (Kind::Staff { role, .. }, Permission::SeeRights | Permission::HandleRights) => {
            ProcessingId::Rights.is_seen_by(*role)
        }
        (Kind::Staff { role, .. }, Permission::SeeAudience) => ProcessingId::Analytics.is_seen_by(*role),
        (Kind::Staff { role, .. }, Permission::ManageEvents) => role.is_in(Role::EVENT_TEAM),
        (Kind::Staff { role, .. }, Permission::ForwardEvent) => role.is_in(Role::EVENT_FORWARDERS),
        (Kind::Machine(name), Permission::CreateAdministrator) => *name == "account",
        _ => false,
    }
}

/// One administrator is enough to take rights away (A8), but nobody can do it to their own account, so that people do
/// not lock themselves out by mistake.
fn decide_on_account(actor: &Actor, permission: Permission, facts: &AccountFacts) -> bool {
    match (actor.kind(), permission) {
        (Kind::Staff { account, role }, Permission::SuspendAccount) => {
            role.is_in(Role::ADMINISTRATORS) && facts.actor_holds && *account != facts.account
        }
        _ => false,
    }
}

/// A second person gives the rights (A8): not the one who proposed them, and not the one who gets them.
fn decide_on_proposal(actor: &Actor, permission: Permission, facts: &ProposalFacts) -> bool {
    match (actor.kind(), permission) {
        (Kind::Staff { account, role }, Permission::ConfirmProposal) => {
            role.is_in(Role::DECIDING)
                && facts.actor_holds
                && *account != facts.proposed_by
                && *account != facts.account
        }
        (Kind::Staff { account, role }, Permission::DeclineProposal) => {
            role.is_in(Role::DECIDING) && facts.actor_holds && *account != facts.proposed_by
        }
        (Kind::Staff { account, .. }, Permission::WithdrawProposal) => {
            facts.actor_holds && *account == facts.proposed_by
        }
        _ => false,
    }
}

fn decide_on_file(actor: &Actor, permission: Permission, vault: &YouthFacts, document: Option<&DocumentFacts>) -> bool {
    match (actor.kind(), permission) {
        // A young person acts in their own space.
        (
            Kind::Youth { youth, .. },
            Permission::ReadOwnSpace
            | Permission::AskCorrection
            | Permission::ListDocuments
            | Permission::ReadDocument
            | Permission::Deposit
            | Permission::DeleteDocument
            | Permission::ShareVault,
        ) => *youth == vault.youth,
        // Attached staff read the file and deposit (E3, V6); each document of a list needs its own decision.
        (Kind::Staff { role, .. }, Permission::ReadFile | Permission::ListDocuments | Permission::Deposit) => {
            role.follows_young_people() && vault.attached
        }
        // Staff read a document with the person's consent, or when they deposited it, while they are attached (V5, V6).
        (Kind::Staff { account, role }, Permission::ReadDocument) => {
            role.follows_young_people()
                && vault.attached
                && document.is_some_and(|document| vault.vault_shared || document.depositor == Some(*account))
        }
        // Staff can undo their own mistaken deposit, while they are attached.
        (Kind::Staff { account, role }, Permission::DeleteDocument) => {
            role.follows_young_people()
                && vault.attached
                && document.is_some_and(|document| document.depositor == Some(*account))
        }
        (Kind::Machine(name), Permission::Deposit) => *name == "demo",
        _ => false,
    }
}

/// Proof that `P` on `S` was decided in favour of the actor.
#[derive(Debug)]
pub(crate) struct Access<P, S> {
    actor: Actor,
    facts: S,
    permission: PhantomData<P>,
}

impl<P, S> Access<P, S> {
    pub(crate) fn facts(&self) -> &S {
        &self.facts
    }

    pub(crate) fn actor(&self) -> &Actor {
        &self.actor
    }
}

/// Makes the decision and returns the proof of it.
pub(crate) fn authorize<P: PermissionType, S: Facts>(actor: &Actor, _: P, facts: S) -> Result<Access<P, S>, PortError> {
    if decide(actor, P::PERMISSION, facts.subject()) {
        Ok(Access { actor: actor.clone(), facts, permission: PhantomData })
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

    /// The permissions on a file and its documents.
    const ON_FILES: [Permission; 8] = [
        Permission::ReadOwnSpace,
        Permission::AskCorrection,
        Permission::ReadFile,
        Permission::ListDocuments,
        Permission::ReadDocument,
        Permission::Deposit,
        Permission::DeleteDocument,
        Permission::ShareVault,
    ];

    /// Checks every actor × consent × attachment × depositor × permission against the sentences of V5, V6 and E3.
    #[test]
    fn decisions_on_files_match_the_requirements() {
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
                        for &permission in Permission::ALL {
                            let vault = YouthFacts { youth: youth(100), attached, vault_shared };
                            let facts = DocumentFacts { vault, document: Uuid::from_u128(5).into(), depositor };
                            let expected = match actor.kind() {
                                Kind::Anonymous | Kind::Machine(_) => false,
                                Kind::Youth { youth: own, .. } => {
                                    *own == youth(100)
                                        && permission != Permission::ReadFile
                                        && ON_FILES.contains(&permission)
                                }
                                Kind::Staff { role, .. } => {
                                    let own_deposit = depositor == Some(advisor);
                                    role.follows_young_people()
                                        && attached
                                        && match permission {
                                            Permission::ReadFile | Permission::ListDocuments | Permission::Deposit => {
                                                true
                                            }
                                            Permission::ReadDocument => vault_shared || own_deposit,
                                            Permission::DeleteDocument => own_deposit,
                                            _ => false,
                                        }
                                }
                            };
                            assert_eq!(
                                decide(actor, permission, facts.subject()),
                                expected,
                                "{actor:?} {permission:?} attached={attached} shared={vault_shared} depositor={depositor:?}"
                            );
                        }
                    }
                }
            }
        }
    }

    /// Checks every actor × each permission on the portal, an account or a proposal against the sentences of A6 and A8.
    #[test]
    fn decisions_on_the_portal_match_the_requirements() {
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
            for &permission in Permission::ALL {
                let expected = match permission {
                    Permission::SeeAccounts | Permission::SeeTasks | Permission::SeeConsents => {
                        admin || role == Some(Role::Dpo)
                    }
                    Permission::SeeProposals => decides || role == Some(Role::Dpo),
                    Permission::ProposeChange | Permission::RunTask => admin,
                    Permission::CreateAdministrator => *actor == Actor::machine("account"),
                    Permission::SeeRights | Permission::HandleRights => role == Some(Role::Dpo),
                    Permission::SeeAudience => decides || role == Some(Role::Dpo),
                    Permission::ManageEvents => decides || role == Some(Role::ProjectLead),
                    Permission::ForwardEvent => matches!(role, Some(Role::ProjectLead | Role::Director)),
                    _ => false,
                };
                assert_eq!(decide(actor, permission, HouseFacts.subject()), expected, "{actor:?} {permission:?}");
                for actor_holds in [false, true] {
                    for theirs in [me, account(11)] {
                        let facts = AccountFacts { account: theirs, actor_holds };
                        let expected = permission == Permission::SuspendAccount && admin && actor_holds && theirs != me;
                        assert_eq!(
                            decide(actor, permission, facts.subject()),
                            expected,
                            "{actor:?} {permission:?} {facts:?}"
                        );
                        for proposed_by in [me, account(12)] {
                            let proposal = Uuid::from_u128(6).into();
                            let facts = ProposalFacts { proposal, account: theirs, proposed_by, actor_holds };
                            let expected = actor_holds
                                && match permission {
                                    Permission::ConfirmProposal => decides && proposed_by != me && theirs != me,
                                    Permission::DeclineProposal => decides && proposed_by != me,
                                    Permission::WithdrawProposal => role.is_some() && proposed_by == me,
                                    _ => false,
                                };
                            let decided = decide(actor, permission, facts.subject());
                            assert_eq!(decided, expected, "{actor:?} {permission:?} {facts:?}");
                        }
                    }
                }
            }
        }
    }

    /// Checks every actor × what visitors sent against the roles of A5 and A6, which are written out here.
    #[test]
    fn decisions_on_requests_match_the_requirements() {
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
                for &permission in Permission::ALL {
                    let reads = permission == Permission::ReadRequest && sees;
                    assert_eq!(
                        decide(actor, permission, KindFacts(kind).subject()),
                        reads,
                        "{actor:?} {permission:?} {kind:?}"
                    );
                    for actor_holds in [false, true] {
                        let facts = RequestFacts { request: Uuid::from_u128(7).into(), kind, actor_holds };
                        let expected = sees
                            && actor_holds
                            && matches!(permission, Permission::ReadRequest | Permission::HandleRequest);
                        assert_eq!(
                            decide(actor, permission, facts.subject()),
                            expected,
                            "{actor:?} {permission:?} {facts:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_vault_alone_never_opens_a_document() {
        let facts = YouthFacts { youth: youth(100), attached: true, vault_shared: true };
        let advisor = Actor::staff(account(10), Role::Advisor);
        assert!(!decide(&advisor, Permission::ReadDocument, facts.subject()));
    }
}

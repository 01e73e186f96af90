//! Who may do what: one pure decision, and proofs of it that store functions ask for.
//!
//! [`authorize`] is the only way to an [`Access`]; a store function that touches a person's data takes
//! one, so an unchecked call does not compile.

use domain::{
    actor::{Actor, Kind},
    error::PortError,
    ids::{AccountId, DocumentId, YouthId},
};
use std::marker::PhantomData;

/// What somebody wants to do with a person's file or documents.
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

/// What a decision is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'s> {
    Youth(&'s YouthFacts),
    Document(&'s DocumentFacts),
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

/// The one decision. Everything not named here is refused.
pub(crate) fn decide(actor: &Actor, action: Action, subject: Subject<'_>) -> bool {
    let (vault, document) = match subject {
        Subject::Youth(facts) => (facts, None),
        Subject::Document(facts) => (&facts.vault, Some(facts)),
    };
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
    use domain::actor::Role;
    use sqlx::types::Uuid;

    fn account(n: u128) -> AccountId {
        Uuid::from_u128(n).into()
    }

    fn youth(n: u128) -> YouthId {
        Uuid::from_u128(n).into()
    }

    const ALL: [Action; 8] = [
        Action::ReadOwnSpace,
        Action::AskCorrection,
        Action::ReadFile,
        Action::ListDocuments,
        Action::ReadDocument,
        Action::Deposit,
        Action::DeleteDocument,
        Action::ShareVault,
    ];

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
                                Kind::Youth { youth: own, .. } => *own == youth(100) && action != Action::ReadFile,
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

    #[test]
    fn a_vault_alone_never_opens_a_document() {
        let facts = YouthFacts { youth: youth(100), attached: true, vault_shared: true };
        let advisor = Actor::staff(account(10), Role::Advisor);
        assert!(!decide(&advisor, Action::ReadDocument, facts.subject()));
    }
}

//! Enums whose values have a word of their own: in the database, in forms, in addresses, in site files.

/// Declares such an enum: each variant with its word, its « code ». Codes are stored and published, so they never
/// change; the name of a variant may.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
        }

        impl $name {
            /// All of them, in the order in which they are declared, which is the order in which people see them.
            pub const ALL: [Self; [$($code),+].len()] = [$(Self::$variant),+];

            /// Its word, which never changes.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }

            /// The one whose word is `code`.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|value| value.code() == code)
            }
        }
    };
}

pub(crate) use words;

#[cfg(test)]
mod tests {
    use crate::actor::Role;
    use std::{collections::BTreeSet, fmt::Debug};

    #[test]
    fn a_word_that_nobody_declared_is_nothing() {
        assert_eq!((Role::Administrator.code(), Role::from_code("admin")), ("admin", Some(Role::Administrator)));
        for other in ["", "Admin", "administrator", "admin "] {
            assert_eq!(Role::from_code(other), None, "{other:?}");
        }
    }

    /// Two values with one word could not be told apart when they are read back.
    fn are_distinct<T: Copy + Debug + PartialEq>(
        all: &[T],
        code: fn(T) -> &'static str,
        from_code: fn(&str) -> Option<T>,
    ) {
        let codes: BTreeSet<_> = all.iter().map(|value| code(*value)).collect();
        assert_eq!(codes.len(), all.len(), "{all:?}");
        for value in all {
            assert_eq!(from_code(code(*value)), Some(*value));
        }
    }

    macro_rules! all_are_distinct {
        ($($name:path),+ $(,)?) => {
            $({
                use $name as Words;
                are_distinct(&Words::ALL, Words::code, Words::from_code);
            })+
        };
    }

    #[test]
    fn every_word_of_an_enum_is_its_own() {
        all_are_distinct!(
            crate::accounts::AccountEvent,
            crate::accounts::AccountState,
            crate::accounts::ProposalKind,
            crate::actor::Role,
            crate::consent::Place,
            crate::consent::Purpose,
            crate::identity::Stage,
            crate::inbox::RequestState,
            crate::inbox::Whose,
            crate::mail::MessageKind,
            crate::newsletter::ReaderCategory,
            crate::retention::RuleId,
            crate::requests::RequestKind,
            crate::rights::Concerns,
            crate::rights::Ground,
            crate::rights::RightsOutcome,
            crate::rights::Right,
            crate::rights::RightsState,
            crate::search::EntryKind,
            crate::site::Module,
            crate::site::Network,
            crate::tasks::Cause,
            crate::tasks::RunOutcome,
            crate::tasks::Task,
            crate::vault::Category,
            crate::vault::FileKind,
            crate::youth::AppointmentKind,
            crate::youth::SituationState,
        );
    }
}

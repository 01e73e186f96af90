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
    use std::{collections::BTreeSet, fmt::Debug};

    words! {
        /// Something to try the macro on.
        #[derive(PartialOrd, Ord, Default)]
        Fruit {
            /// The first.
            #[default]
            Apple = "apple",
            /// The second.
            Pear = "poire",
        }
    }

    #[test]
    fn a_word_is_written_and_read_back() {
        assert_eq!(Fruit::ALL, [Fruit::Apple, Fruit::Pear]);
        assert_eq!((Fruit::Pear.code(), Fruit::from_code("poire")), ("poire", Some(Fruit::Pear)));
        assert_eq!((Fruit::from_code("Poire"), Fruit::from_code("")), (None, None));
        assert_eq!((Fruit::default(), Fruit::Apple < Fruit::Pear), (Fruit::Apple, true));
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
            crate::mail::Kind,
            crate::newsletter::ReaderCategory,
            crate::register::RuleId,
            crate::requests::RequestKind,
            crate::rights::Concerns,
            crate::rights::Ground,
            crate::rights::Outcome,
            crate::rights::Right,
            crate::rights::RightsState,
            crate::search::EntryKind,
            crate::site::Module,
            crate::site::Network,
            crate::tasks::Cause,
            crate::tasks::Outcome,
            crate::tasks::Task,
            crate::vault::Category,
            crate::vault::FileKind,
            crate::youth::EventKind,
            crate::youth::SituationState,
        );
    }
}

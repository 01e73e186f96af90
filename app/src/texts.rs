//! The wording of the site, keyed and checked when compiling. `app/locales/` holds the sentences.

/// The sentences in one language: `texts.home_title()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Texts {
    language: Language,
}

impl Texts {
    /// The sentences of `language`.
    #[must_use]
    pub(crate) const fn of(language: Language) -> Self {
        Self { language }
    }

    /// The language.
    #[must_use]
    pub(crate) const fn language(self) -> Language {
        self.language
    }
}

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

#[cfg(test)]
mod tests {
    /// A dot within a word (« inscrit·e ») is spelled out or swallowed by screen readers: another sentence says it
    /// for everybody.
    #[test]
    fn no_word_has_a_dot_that_is_read_aloud() {
        for (number, line) in (1..).zip(include_str!("../locales/fr.toml").lines()) {
            assert!(!line.contains('·'), "fr.toml, line {number}: {line}");
        }
    }
}

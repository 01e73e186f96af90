//! The sentences of the site. Each has a key, which the compiler checks; `app/locales/` holds the sentences.

/// The sentences of one language: `texts.home_title()`.
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
    /// Screen readers spell out or swallow a dot inside a word (« inscrit·e »), so the sentences avoid such words.
    #[test]
    fn no_word_has_a_dot_inside() {
        for (number, line) in (1..).zip(include_str!("../locales/fr.toml").lines()) {
            assert!(!line.contains('·'), "fr.toml, line {number}: {line}");
        }
    }
}

//! Turns a text into terms: it is folded, then stemmed. Folding comes first because people leave accents out when they
//! search. So the stemmer sees French without accents, for the index and for the search.

use crate::store::search::Wanted;
use domain::{
    fold::fold,
    search::{Entry, QUERY_MAX, WORDS_MAX},
};
use frostem::{Algorithm, Stemmer};
use std::collections::BTreeMap;

/// How many letters of a word count.
const WORD_MAX: usize = 40;
/// Shortest and longest beginning of a word that a search can match.
const BEGINNING: std::ops::RangeInclusive<usize> = 3..=15;
/// The weight of a word in a title, in a summary, and elsewhere.
const ZONES: [i64; 3] = [40, 8, 2];
/// Highest weight of one word: repeating a word does not make a text a better match.
const WEIGHT_MAX: i64 = 60;

/// Words that say nothing about a page, folded.
const EMPTY: &[&str] = &[
    "alors", "apres", "au", "aucun", "aussi", "autre", "autres", "aux", "avec", "avant", "ce", "ceci", "cela", "ces",
    "cet", "cette", "ceux", "chez", "ci", "comme", "comment", "dans", "de", "depuis", "des", "donc", "dont", "du",
    "elle", "elles", "en", "encore", "entre", "est", "et", "eux", "fait", "faire", "il", "ils", "je", "la", "le",
    "les", "leur", "leurs", "lui", "ma", "mais", "me", "mes", "moi", "mon", "ne", "ni", "nos", "notre", "nous", "on",
    "ont", "ou", "par", "pas", "peut", "plus", "pour", "pouvez", "puis", "qu", "quand", "que", "quel", "quelle",
    "quelles", "quels", "qui", "quoi", "sa", "sans", "se", "ses", "si", "soi", "son", "sont", "sous", "sur", "ta",
    "te", "tes", "toi", "ton", "tous", "tout", "toute", "toutes", "tres", "tu", "un", "une", "vers", "veux", "voici",
    "vos", "votre", "vous", "y",
];

/// A word of a text and, where hyphens join it, its parts. All folded.
struct Word {
    whole: String,
    parts: Vec<String>,
}

impl Word {
    fn is_joined(&self) -> bool {
        self.parts.len() > 1
    }
}

const fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\u{ad}')
}

/// Whether a character is part of a word: letters, digits, accents on them, hyphens.
fn is_within(c: char) -> bool {
    is_hyphen(c) || c.is_alphanumeric() || !fold(&format!("a{c}a")).contains(' ')
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    for joined in text.split(|c| !is_within(c)) {
        let folded: Vec<String> = joined.split(is_hyphen).map(fold).collect();
        let parts = folded.iter().flat_map(|part| part.split(' ')).filter(|part| !part.is_empty()).map(cut);
        let parts: Vec<String> = parts.collect();
        let whole = cut(&parts.concat());
        if !whole.is_empty() {
            words.push(Word { whole, parts });
        }
    }
    words
}

fn cut(word: &str) -> String {
    word.chars().take(WORD_MAX).collect()
}

/// Whether a folded word helps to distinguish pages.
fn counts(word: &str) -> bool {
    let single = word.chars().nth(1).is_none() && !word.chars().all(|c| c.is_ascii_digit());
    !word.is_empty() && !single && !EMPTY.contains(&word)
}

fn stem(stemmer: &Stemmer, word: &str) -> String {
    // Snowball does not change the plurals « emplois » and « jeux », because « mois » and « prix » are no plurals.
    let singular = word.strip_suffix(['s', 'x']).filter(|rest| rest.chars().nth(2).is_some()).unwrap_or(word);
    let stem = fold(&stemmer.stem(singular)).replace(' ', "");
    if stem.is_empty() { word.to_owned() } else { stem }
}

/// The beginnings of a word as terms; the star distinguishes them from stems.
fn beginnings(word: &str) -> impl Iterator<Item = String> + '_ {
    let letters = word.chars().count();
    BEGINNING
        .take_while(move |length| *length <= letters)
        .map(|length| word.chars().take(length).chain(['*']).collect())
}

/// The terms under which an entry is found, with their weights.
pub(super) fn of_entry(entry: &Entry) -> Vec<(String, i64)> {
    let stemmer = Stemmer::new(Algorithm::French);
    let mut terms: BTreeMap<String, i64> = BTreeMap::new();
    for (text, weight) in [&entry.title, &entry.summary, &entry.text].into_iter().zip(ZONES) {
        for word in words(text) {
            let parts: &[String] = if word.is_joined() { &word.parts } else { &[] };
            for form in std::iter::once(&word.whole).chain(parts).filter(|form| counts(form)) {
                *terms.entry(stem(&stemmer, form)).or_default() += weight;
                for beginning in beginnings(form) {
                    // The beginning of a word counts less than the word.
                    *terms.entry(beginning).or_default() += weight / 2;
                }
            }
        }
    }
    terms.into_iter().map(|(term, weight)| (term, weight.min(WEIGHT_MAX))).collect()
}

/// The terms that a search asks for; nothing when no word of it counts. With `apart`, the parts of words with hyphens
/// are separate words.
pub(super) fn of_query(query: &str, apart: bool) -> Option<Wanted> {
    let stemmer = Stemmer::new(Algorithm::French);
    let query: String = query.chars().take(QUERY_MAX).collect();
    let mut forms = Vec::new();
    for word in words(&query) {
        if apart { forms.extend(word.parts) } else { forms.push(word.whole) }
    }
    forms.retain(|form| counts(form));
    forms.truncate(WORDS_MAX);
    let last = forms.last()?.clone();
    let mut terms: Vec<String> = Vec::new();
    for form in &forms {
        let term = stem(&stemmer, form);
        // The last term stays last, because its beginning can match too.
        terms.retain(|known| *known != term);
        terms.push(term);
    }
    let beginning: String = last.chars().take(*BEGINNING.end()).chain(['*']).collect();
    Some(Wanted { terms, beginning })
}

/// Whether a search has words that are joined by hyphens.
pub(super) fn has_joined(query: &str) -> bool {
    words(query).iter().any(Word::is_joined)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::search::EntryKind;
    use proptest::prelude::*;

    fn entry(title: &str) -> Entry {
        let (key, path, summary, text) = Default::default();
        Entry { kind: EntryKind::Page, key, path, title: title.to_owned(), summary, text }
    }

    fn finds(query: &str, title: &str) -> bool {
        let terms = of_entry(&entry(title));
        let has = |term: &str| terms.iter().any(|(known, _)| known == term);
        [false, true].into_iter().any(|apart| {
            of_query(query, apart).is_some_and(|wanted| {
                let last = wanted.terms.len() - 1;
                let mut all = wanted.terms.iter().enumerate();
                all.all(|(index, term)| has(term) || index == last && has(&wanted.beginning))
            })
        })
    }

    #[test]
    fn accents_case_hyphens_and_most_endings_do_not_matter() {
        for (query, title) in [
            ("emplois", "Trouver un emploi"),
            ("EMPLOI", "Des emplois près de chez vous"),
            ("préinscription", "Préinscriptions ouvertes"),
            ("preinscriptions", "Pré-inscription"),
            ("pré-inscription", "Se préinscrire : préinscription"),
            ("pre‑inscription", "Préinscription"),
            ("inscription", "Pré-inscription"),
            ("rendez-vous", "Prendre rendez-vous"),
            ("sante", "La santé d’abord"),
            ("l’emploi", "L'emploi"),
            ("evenement", "Événements à venir"),
            ("coeur", "Un cœur"),
            ("metiers", "Forum des métiers"),
            ("jeu", "Des jeux"),
            ("forum metier", "Forum des métiers"),
            ("logement pour les jeunes", "Le logement des jeunes"),
            ("16", "De 16 à 25 ans"),
            ("e\u{301}ve\u{301}nement", "Événement"),
            // The search holds only the beginning of the last word.
            ("log", "Logement"),
            ("inscriptio", "Inscription"),
            ("formatio", "Formations"),
            ("emploi-logement", "Emploi et logement"),
        ] {
            assert!(finds(query, title), "« {query} » does not find « {title} »");
        }
    }

    #[test]
    fn words_that_a_text_does_not_hold_do_not_find_it() {
        for (query, title) in [
            ("emploi", "Logement"),
            ("emploi logement", "Emploi"),
            // Only the last word may be a beginning.
            ("trans emploi", "Transports, emploi"),
            ("lo", "Logement"),
            ("le", "Le logement"),
            ("", "Le logement"),
            ("?!", "Le logement"),
            // Another word of the same family: the stemmer does not know that they belong together.
            ("formations", "Se former"),
        ] {
            assert!(!finds(query, title), "« {query} » finds « {title} »");
        }
    }

    #[test]
    fn a_search_has_few_different_terms() {
        let wanted = of_query("emploi emplois un deux trois quatre cinq six sept huit neuf dix", false).unwrap();
        assert!(wanted.terms.len() <= WORDS_MAX);
        assert!(of_query("emploi formation emploi", false).unwrap().terms.ends_with(&["emploi".to_owned()]));
        assert!(of_query("des les", false).is_none());
    }

    #[test]
    fn a_title_counts_more_than_a_text() {
        let weight =
            |entry: &Entry| of_entry(entry).iter().find(|(term, _)| term == "emploi").map(|(_, weight)| *weight);
        let said = |title: &str, text: &str| Entry { text: text.to_owned(), ..entry(title) };
        assert!(weight(&said("Emploi", "")) > weight(&said("", &"emploi ".repeat(3))));
        assert_eq!(weight(&said("", &"emploi ".repeat(1_000))), Some(WEIGHT_MAX));
    }

    proptest! {
        #[test]
        fn any_typed_text_gives_terms_that_can_be_stored(text in "\\PC{0,80}|[a-zéàç' ’-]{0,80}") {
            let terms = of_entry(&entry(&text));
            for (term, weight) in &terms {
                prop_assert!(!term.is_empty() && term.chars().count() <= WORD_MAX + 1 && *weight > 0, "{}", term);
                prop_assert!(!term.contains(char::is_whitespace) && !term.contains('\0'));
            }
            if let Some(wanted) = of_query(&text, false) {
                prop_assert!(!wanted.terms.is_empty() && wanted.terms.len() <= WORDS_MAX);
            }
        }

        #[test]
        fn a_text_is_found_by_its_own_words(text in "([a-zéèà]{3,12}[ ’-]){1,6}") {
            prop_assume!(of_query(&text, false).is_some());
            prop_assert!(finds(&text, &text), "{}", text);
        }
    }
}

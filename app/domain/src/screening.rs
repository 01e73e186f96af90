//! Screening of free texts (A9) for a social-security number and for words about the writer's health, which nobody has to
//! give. The form asks kindly before such a text is stored; when it is sent all the same, staff see a flag.

use crate::fold::fold;

/// What a text seems to hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// A number of the French social security, its key right.
    pub nir: bool,
    /// Words about the writer's own health.
    pub health: bool,
}

impl Findings {
    /// Whether there is nothing to ask about.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        !self.nir && !self.health
    }

    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { nir: self.nir || other.nir, health: self.health || other.health }
    }

    /// The words that the database stores; `None` when nothing was found.
    #[must_use]
    pub const fn code(self) -> Option<&'static str> {
        match (self.nir, self.health) {
            (true, true) => Some("nir,health"),
            (true, false) => Some("nir"),
            (false, true) => Some("health"),
            (false, false) => None,
        }
    }

    /// What [`Self::code`] wrote.
    #[must_use]
    pub fn from_code(code: Option<&str>) -> Self {
        let has = |word| code.is_some_and(|code| code.split(',').any(|part| part == word));
        Self { nir: has("nir"), health: has("health") }
    }
}

/// What `text` seems to hold.
#[must_use]
pub fn screen(text: &str) -> Findings {
    Findings { nir: holds_nir(text), health: speaks_of_health(text) }
}

/// The thirteen signs of a number and its key.
const NIR_LENGTH: usize = 15;

/// Whether a social-security number stands in `text`, however it is spaced.
fn holds_nir(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    (0..chars.len()).any(|at| {
        let begins = at == 0 || !chars[at - 1].is_alphanumeric();
        begins && nir_at(&chars[at..])
    })
}

/// Whether a number begins right here and ends before another digit.
fn nir_at(chars: &[char]) -> bool {
    let mut signs = String::with_capacity(NIR_LENGTH);
    let mut gap = 0;
    for (at, &c) in chars.iter().enumerate() {
        if c.is_ascii_digit() || c.is_ascii_alphabetic() {
            signs.push(c.to_ascii_uppercase());
            gap = 0;
        } else {
            gap += 1;
            let between = c.is_whitespace() || matches!(c, '.' | '-' | '/' | '_');
            if !between || gap > 2 || signs.is_empty() {
                return false;
            }
        }
        if signs.len() == NIR_LENGTH {
            return chars.get(at + 1).is_none_or(|next| !next.is_alphanumeric()) && is_nir(&signs);
        }
    }
    false
}

/// Sex, year, month, department, town, order and key, the key being right.
fn is_nir(signs: &str) -> bool {
    let (number, key) = signs.split_at(NIR_LENGTH - 2);
    // The two departments of Corsica count as 19 and 18 (decree 82-103).
    let number = match &number[5..7] {
        "2A" => format!("{}19{}", &number[..5], &number[7..]),
        "2B" => format!("{}18{}", &number[..5], &number[7..]),
        _ => number.to_owned(),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(&number) || !digits(key) {
        return false;
    }
    let sex = matches!(number.as_bytes()[0], b'1'..=b'4' | b'7' | b'8');
    // Above twelve, the month of birth is not known, or the number was given late.
    let month = number[3..5].parse().is_ok_and(|month: u8| matches!(month, 1..=12 | 20..=42 | 50..=99));
    let right = number.parse::<u64>().ok().zip(key.parse::<u64>().ok());
    sex && month && right.is_some_and(|(number, key)| 97 - number % 97 == key)
}

/// Words that speak of somebody's health whoever says them, folded; several words stand side by side.
const TELLING: &[&str] = &[
    "antidepresseur",
    "antidepresseurs",
    "anxiolytiques",
    "asthmatique",
    "bipolaire",
    "bipolarite",
    "boulimique",
    "anorexique",
    "chimiotherapie",
    "depressif",
    "depressive",
    "diabetique",
    "endometriose",
    "epileptique",
    "fausse couche",
    "hopital psychiatrique",
    "ma rqth",
    "mon rqth",
    "mucoviscidose",
    "neuroleptiques",
    "scarifications",
    "schizophrene",
    "schizophrenie",
    "sclerose en plaques",
    "seronegatif",
    "seronegative",
    "seropositif",
    "seropositive",
    "suicidaire",
    "suicidaires",
    "tdah",
    "tentative de suicide",
    "toxicomane",
];

/// Words that belong to jobs and studies as well: they count where the writer speaks of themselves.
const TELLING_OF_ONESELF: &[&str] = &[
    "addiction",
    "alcoolique",
    "anorexie",
    "asthme",
    "autisme",
    "autiste",
    "avortement",
    "boulimie",
    "cancer",
    "depression",
    "diabete",
    "drepanocytose",
    "dyslexie",
    "dyslexique",
    "dyspraxie",
    "enceinte",
    "epilepsie",
    "grossesse",
    "handicap",
    "handicape",
    "handicapee",
    "hepatite",
    "hospitalise",
    "hospitalisee",
    "hospitalisation",
    "ivg",
    "leucemie",
    "maladie",
    "malade",
    "medicament",
    "medicaments",
    "operation chirurgicale",
    "psychiatre",
    "rqth",
    "sida",
    "suicide",
    "traitement medical",
    "vih",
];

/// Who says « I », « my » or « me », folded and elided.
const ONESELF: &[&str] = &["je", "j", "mon", "ma", "mes", "moi", "m", "me", "suis", "ai"];
/// How many words before a telling one still speak of the same person.
const REACH: usize = 5;

/// Whether `text` tells of the writer's health.
fn speaks_of_health(text: &str) -> bool {
    text.split(['.', '!', '?', ';', '\n', '\r']).any(|sentence| {
        let folded = fold(sentence);
        let words: Vec<&str> = folded.split(' ').collect();
        let at = |place: usize, phrase: &str| {
            phrase.split(' ').enumerate().all(|(offset, word)| words.get(place + offset) == Some(&word))
        };
        (0..words.len()).any(|place| {
            let before = &words[place.saturating_sub(REACH)..place];
            let of_oneself = before.iter().any(|word| ONESELF.contains(word));
            TELLING.iter().any(|phrase| at(place, phrase))
                || of_oneself && TELLING_OF_ONESELF.iter().any(|phrase| at(place, phrase))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(text: &str) -> Option<&'static str> {
        screen(text).code()
    }

    #[test]
    fn numbers_of_the_social_security_are_seen_however_they_are_written() {
        for text in [
            "2 69 05 49 588 157 80",
            "269054958815780",
            "Mon numéro : 2.69.05.49.588.157.80, merci",
            "sécu 2-69-05-49-588-157 80.",
            "n°269054958815780",
            "\n1 84 12 76 451 089 46\n",
            // Corsica.
            "1 88 05 2A 004 012 20",
            "18805 2b004 012 47",
        ] {
            assert_eq!(found(text), Some("nir"), "{text}");
        }
        for text in [
            "",
            // The key is wrong.
            "2 69 05 49 588 157 81",
            // Something longer, something shorter.
            "2690549588157801",
            "26905495881578",
            "x269054958815780",
            // Telephone numbers and a bank account.
            "01 99 00 12 34 06 39 98 12 34",
            "FR76 3000 6000 0112 3456 7890 189",
            "Rendez-vous le 10/03/2026 à 14 h 30, 22 rue de l’Exemple 75011 Paris",
            // No such month.
            "2 69 15 49 588 157 46",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn words_about_ones_health_are_seen_and_others_are_not() {
        for text in [
            "Je suis en dépression depuis mars.",
            "J’ai un cancer",
            "je suis enceinte de 4 mois",
            "Mon handicap m’empêche de porter",
            "Suite à mon hospitalisation, je cherche un stage",
            "Je prends des antidépresseurs",
            "Séropositif, je cherche un emploi",
            "J'ai une RQTH",
            "Diagnostiqué TDAH",
            "Je suis suivie par un psychiatre",
            "MA MALADIE ne me gêne pas",
        ] {
            assert_eq!(found(text), Some("health"), "{text}");
        }
        for text in [
            "Je cherche une formation d’aide-soignante.",
            "Je voudrais devenir accompagnant d’élèves, dans une école qui accueille des enfants en situation de handicap.",
            "Un poste à l’hôpital, au service du personnel",
            "La maladie de mon chien est finie",
            "Je suis en bonne santé et très motivée",
            "Ouvrez-vous le samedi ? Je travaille la semaine.",
            "Vous aidez pour la carte Vitale et la mutuelle ?",
            "Je suis né à Cancale",
            "Je suis disponible. Le métier de psychiatre est long.",
            "Mon enceinte connectée est en panne",
        ] {
            // The last one says that a lexicon is no doctor: it asks kindly, and one click sends it.
            let expected = text.contains("enceinte").then_some("health");
            assert_eq!(found(text), expected, "{text}");
        }
        assert_eq!(found("Je suis diabétique, 2 69 05 49 588 157 80"), Some("nir,health"));
    }

    #[test]
    fn flags_read_what_they_wrote() {
        for (nir, health) in [(false, false), (true, false), (false, true), (true, true)] {
            let findings = Findings { nir, health };
            assert_eq!(Findings::from_code(findings.code()), findings);
            assert_eq!(findings.is_empty(), findings.code().is_none());
            assert_eq!(findings.and(Findings::default()), findings);
        }
    }

    proptest! {
        /// Any number with its key, spaced anyhow, in any company.
        #[test]
        fn every_number_is_found_and_only_with_its_key(
            sex in 1u64..3, year in 0u64..100, month in 1u64..13, rest in 1_001u64..95_990_990,
            gaps in proptest::collection::vec(0usize..4, 15), wrong in 1u64..96
        ) {
            let number = ((sex * 100 + year) * 100 + month) * 100_000_000 + rest;
            let key = 97 - number % 97;
            let write = |key: u64| {
                let mut text = String::from("voici ");
                for (c, gap) in format!("{number:013}{key:02}").chars().zip(&gaps) {
                    text.push(c);
                    text.push_str(["", " ", ".", "-"][*gap]);
                }
                text.trim_end_matches([' ', '.', '-']).to_owned() + " ."
            };
            prop_assert!(screen(&write(key)).nir, "{}", write(key));
            let other = (key + wrong - 1) % 97 + 1;
            prop_assume!(other != key);
            prop_assert!(!screen(&write(other)).nir, "{}", write(other));
        }

        #[test]
        fn any_text_can_be_looked_at(text in any::<String>()) {
            let _ = screen(&text);
        }

        #[test]
        fn what_is_around_does_not_hide_a_number(before in "[^0-9A-Za-z]{0,5}", after in "[^0-9A-Za-z]{0,5}") {
            let text = format!("a{before} 269054958815780 {after}");
            prop_assert!(screen(&text).nir);
        }
    }
}

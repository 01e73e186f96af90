//! Word lists of the fictitious organisation.
//!
//! Everything here is invented, or so common that it identifies nobody: first names and family names are drawn
//! separately, streets and employers do not exist. Every text uses only characters of Windows-1252, because the
//! generated PDF files use the standard fonts, which have no others.
//!
//! The order of every list is part of the promise « the same seed gives the same people »: add nothing in the middle
//! without expecting the constants of the tests to change.

mod names;
mod work;

pub(super) use names::ORIGINS;
pub(super) use work::{SECTORS, Sector};

/// Streets that do not exist. They are whimsical on purpose, so that nobody takes one for a real address.
pub(super) const STREETS: &[&str] = &[
    "rue du Hibou-à-Lunettes",
    "rue des Parapluies-Oubliés",
    "impasse de la Théière-Bleue",
    "allée du Phare-Imaginaire",
    "rue des Trois-Boussoles",
    "square des Lucioles-Perdues",
    "rue de la Girouette-Distraite",
    "passage du Goéland-Assis",
    "rue des Lanternes-de-Papier",
    "avenue de la Balise-Fictive",
    "rue du Tricycle-Vert",
    "rue des Moufles-Rouges",
    "boulevard des Cartes-Postales",
    "rue du Capitaine-Inventé",
    "villa des Marmottes",
    "rue de l'Horloge-à-Treize-Heures",
    "cité du Cerf-Volant-Sage",
    "rue des Valises-Légères",
    "passage de l'Encrier-Sec",
    "rue du Nuage-en-Laine",
    "allée des Galets-Ronds",
    "rue de la Loupe-Carrée",
    "rue du Kiosque-Endormi",
    "place du Marché-aux-Échos",
];

/// Second line of an address, for some.
pub(super) const ADDRESS_EXTRAS: &[&str] = &[
    "Bâtiment A",
    "Bâtiment C, escalier 2",
    "Escalier B, 4e étage",
    "Appartement 12",
    "Résidence Les Voiliers-Fictifs",
    "2e étage gauche",
    "Foyer Le Cap-Inventé, chambre 214",
    "Porte 7",
];

/// Postal codes with their weight: the north-east and the south-east of Paris send more young people.
pub(super) const POSTAL_CODES: &[(u32, &str)] = &[
    (1, "75001"),
    (1, "75002"),
    (2, "75003"),
    (1, "75004"),
    (2, "75005"),
    (1, "75006"),
    (1, "75007"),
    (1, "75008"),
    (3, "75009"),
    (7, "75010"),
    (8, "75011"),
    (7, "75012"),
    (12, "75013"),
    (8, "75014"),
    (7, "75015"),
    (2, "75016"),
    (1, "75116"),
    (7, "75017"),
    (16, "75018"),
    (18, "75019"),
    (17, "75020"),
];

/// Validated school levels (French framework of 2019) with their weight and the youngest age they are believable at.
pub(super) const SCHOOL_LEVELS: &[(u32, i16, &str)] = &[
    (14, 16, "Niveau 1 (sans diplôme)"),
    (20, 16, "Niveau 2 (DNB, CFG)"),
    (28, 17, "Niveau 3 (CAP, BEP)"),
    (26, 18, "Niveau 4 (Baccalauréat)"),
    (7, 20, "Niveau 5 (BTS, DUT)"),
    (3, 22, "Niveau 6 (Licence, BUT)"),
    (2, 18, "Diplôme étranger non reconnu"),
];

/// Titles of one-to-one appointments.
pub(super) const APPOINTMENTS: &[&str] = &[
    "Point sur le projet professionnel",
    "Suivi mensuel",
    "Préparation d'un entretien d'embauche",
    "Mise à jour du CV",
    "Bilan de la période d'immersion",
    "Recherche d'une formation",
    "Point sur les démarches administratives",
    "Entretien d'étape",
];

/// Titles of workshops with the number of minutes after midnight at which they start.
pub(super) const WORKSHOPS: &[(&str, i16)] = &[
    ("Atelier CV et lettre de motivation", 10 * 60),
    ("Simulation d'entretiens", 14 * 60),
    ("Découvrir les métiers du numérique", 10 * 60),
    ("Gérer son budget", 14 * 60 + 30),
    ("Prendre la parole en public", 10 * 60),
    ("Visite du chantier-école fictif", 13 * 60 + 30),
    ("Chercher un logement", 14 * 60),
    ("Rencontre avec des employeurs du commerce", 9 * 60 + 30),
    ("Bien utiliser sa messagerie", 10 * 60),
    ("Préparer le code de la route", 14 * 60),
    ("Découvrir l'alternance", 10 * 60),
    ("Sport et cohésion d'équipe", 14 * 60),
];

/// Rooms of one-to-one appointments.
pub(super) const OFFICES: &[&str] = &[
    "Antenne du Canal, bureau 3",
    "Antenne du Canal, bureau 5",
    "Antenne des Boussoles, bureau 1",
    "Antenne du Phare, bureau 2",
];

/// Rooms of workshops.
pub(super) const ROOMS: &[&str] =
    &["Antenne du Canal, salle Hublot", "Antenne des Boussoles, salle Nord", "Antenne du Phare, grande salle"];

/// Why a referent stopped following a person. No reason is about health, because all staff attached to the person read
/// it.
pub(super) const END_REASONS: &[&str] = &[
    "Changement d'antenne",
    "Réorganisation des portefeuilles",
    "Départ du conseiller",
    "Fin d'un remplacement",
    "Entrée dans un autre accompagnement",
    "Demande du jeune",
];

/// Groups of letters that generated passwords must not contain, because young people read them.
pub(super) const RUDE: &[&str] = &[
    "bite", "caca", "cona", "cone", "coni", "cono", "cuca", "cucu", "cule", "cuni", "fute", "fuka", "gode", "kaka",
    "mero", "mute", "nazi", "nene", "nuke", "pede", "pedo", "pipi", "pute", "puta", "puto", "rapa", "sado", "sexi",
    "sexo", "suce", "suca", "teta", "tete", "tuer", "tuma", "zizi", "zobi", "vomi", "gaga", "dodo",
];

/// A letter of a name as plain lower-case ASCII letters; empty for any other character.
pub(super) fn plain(letter: char) -> &'static str {
    match letter {
        'a' | 'A' | 'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' => "a",
        'b' | 'B' => "b",
        'c' | 'C' | 'ç' | 'Ç' => "c",
        'd' | 'D' => "d",
        'e' | 'E' | 'è' | 'é' | 'ê' | 'ë' | 'È' | 'É' | 'Ê' | 'Ë' => "e",
        'f' | 'F' => "f",
        'g' | 'G' => "g",
        'h' | 'H' => "h",
        'i' | 'I' | 'ì' | 'í' | 'î' | 'ï' | 'Ì' | 'Í' | 'Î' | 'Ï' => "i",
        'j' | 'J' => "j",
        'k' | 'K' => "k",
        'l' | 'L' => "l",
        'm' | 'M' => "m",
        'n' | 'N' | 'ñ' | 'Ñ' => "n",
        'o' | 'O' | 'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' => "o",
        'p' | 'P' => "p",
        'q' | 'Q' => "q",
        'r' | 'R' => "r",
        's' | 'S' => "s",
        't' | 'T' => "t",
        'u' | 'U' | 'ù' | 'ú' | 'û' | 'ü' | 'Ù' | 'Ú' | 'Û' | 'Ü' => "u",
        'v' | 'V' => "v",
        'w' | 'W' => "w",
        'x' | 'X' => "x",
        'y' | 'Y' | 'ý' | 'ÿ' | 'Ý' | 'Ÿ' => "y",
        'z' | 'Z' => "z",
        'œ' | 'Œ' => "oe",
        'æ' | 'Æ' => "ae",
        'ß' => "ss",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_add_up_to_a_hundred() {
        assert_eq!(ORIGINS.iter().map(|origin| origin.weight).sum::<u32>(), 100);
        assert_eq!(SCHOOL_LEVELS.iter().map(|level| level.0).sum::<u32>(), 100);
    }

    #[test]
    fn postal_codes_are_those_of_paris() {
        let mut codes: Vec<u32> = POSTAL_CODES.iter().map(|(_, code)| code.parse().unwrap()).collect();
        codes.sort_unstable();
        let mut expected: Vec<u32> = (75001..=75020).collect();
        expected.push(75116);
        assert_eq!(codes, expected);
    }

    #[test]
    fn every_letter_of_a_name_has_a_plain_form() {
        for origin in ORIGINS {
            for name in origin.first_names.iter().chain(origin.last_names) {
                for letter in name.chars().filter(|letter| !" -'".contains(*letter)) {
                    assert!(!plain(letter).is_empty(), "{letter} in {name}");
                }
            }
        }
    }

    #[test]
    fn no_list_of_names_holds_a_name_twice() {
        for origin in ORIGINS {
            for list in [origin.first_names, origin.last_names] {
                let distinct: std::collections::BTreeSet<_> = list.iter().collect();
                assert_eq!(distinct.len(), list.len());
            }
        }
    }
}

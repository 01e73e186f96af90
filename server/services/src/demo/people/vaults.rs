//! The documents of the vaults.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{Category, DemoDocument, Dice};
use crate::demo::calendar::later;
use crate::demo::files::{self, DemoKind};

/// A kind of document that people deposit.
struct Sort {
    weight: u32,
    category: Category,
    /// Names without extension, as people write them.
    names: &'static [&'static str],
    kinds: &'static [DemoKind],
    /// How often the advisor deposits it instead of the young person, in hundredths.
    by_advisor: u64,
    /// The youngest age at which people have such a document.
    from_age: i16,
}

/// The documents of vaults. No name tells about health beyond the name of an insurance, and none contains a number of a
/// person.
const SORTS: &[Sort] = &[
    Sort {
        weight: 16,
        category: Category::Identity,
        names: &["CNI recto verso", "carte identité", "Passeport", "CNI_scan", "Titre de séjour"],
        kinds: &[DemoKind::Pdf, DemoKind::Jpeg, DemoKind::Jpeg],
        by_advisor: 6,
        from_age: 16,
    },
    Sort {
        weight: 6,
        category: Category::Identity,
        names: &["Attestation de recensement", "Certificat JDC", "Extrait acte de naissance"],
        kinds: &[DemoKind::Pdf],
        by_advisor: 10,
        from_age: 16,
    },
    Sort {
        weight: 12,
        category: Category::Housing,
        names: &[
            "Attestation d'hébergement",
            "Justificatif de domicile",
            "Quittance de loyer",
            "attestation hebergement signée",
        ],
        kinds: &[DemoKind::Pdf, DemoKind::Pdf, DemoKind::Jpeg],
        by_advisor: 8,
        from_age: 16,
    },
    Sort {
        weight: 9,
        category: Category::HealthCover,
        names: &["Attestation de droits", "Carte mutuelle", "Attestation complémentaire santé"],
        kinds: &[DemoKind::Pdf, DemoKind::Jpeg],
        by_advisor: 5,
        from_age: 16,
    },
    Sort {
        weight: 14,
        category: Category::SchoolAndDiplomas,
        names: &[
            "Diplôme CAP",
            "Relevé de notes",
            "Bulletin 2e trimestre",
            "Attestation ASSR2",
            "Diplôme du brevet",
            "Certificat de scolarité",
        ],
        kinds: &[DemoKind::Pdf, DemoKind::Pdf, DemoKind::Jpeg],
        by_advisor: 8,
        from_age: 16,
    },
    Sort {
        weight: 18,
        category: Category::CvAndLetters,
        names: &["CV", "CV à jour", "Lettre de motivation", "CV version courte", "Lettre de motivation apprentissage"],
        kinds: &[DemoKind::Pdf, DemoKind::Docx, DemoKind::Docx],
        by_advisor: 35,
        from_age: 16,
    },
    Sort {
        weight: 10,
        category: Category::Employment,
        names: &["Contrat de travail", "Fiche de paie", "Certificat de travail", "Promesse d'embauche"],
        kinds: &[DemoKind::Pdf, DemoKind::Pdf, DemoKind::Jpeg],
        by_advisor: 10,
        from_age: 18,
    },
    Sort {
        weight: 6,
        category: Category::Employment,
        names: &["Convention de stage", "Convention d'immersion", "Bilan d'immersion"],
        kinds: &[DemoKind::Pdf],
        by_advisor: 60,
        from_age: 16,
    },
    Sort {
        weight: 10,
        category: Category::Money,
        names: &["RIB", "RIB compte courant", "Avis de non-imposition", "Attestation CAF"],
        kinds: &[DemoKind::Pdf, DemoKind::Pdf, DemoKind::Png],
        by_advisor: 5,
        from_age: 16,
    },
    Sort {
        weight: 5,
        category: Category::Other,
        names: &["Capture d'écran rendez-vous", "Capture convocation", "screenshot inscription"],
        kinds: &[DemoKind::Png],
        by_advisor: 0,
        from_age: 16,
    },
    Sort {
        weight: 6,
        category: Category::Other,
        names: &["Contrat d'engagement signé", "Permis de conduire", "Attestation Navigo", "Planning de la semaine"],
        kinds: &[DemoKind::Pdf, DemoKind::Jpeg, DemoKind::Png],
        by_advisor: 30,
        from_age: 18,
    },
];

/// The vault of one person: some have no document, others up to eight.
pub(super) fn documents(
    dice: &mut Dice,
    full: bool,
    years: i16,
    registration: Date,
    referent_since: Date,
    today: Date,
) -> Vec<DemoDocument> {
    let count = if full {
        5 + dice.index(4)
    } else if dice.chance(15) {
        0
    } else {
        1 + dice.index(7)
    };
    let sorts: Vec<&Sort> = SORTS.iter().filter(|sort| sort.from_age <= years).collect();
    let mut used = BTreeSet::new();
    let mut out = Vec::with_capacity(count);
    while out.len() < count {
        let sort = dice.weighted(&sorts, |sort| sort.weight);
        let stem = dice.pick(sort.names);
        // A vault holds each name once. There are many more names than documents, so this loop ends.
        if !used.insert(stem) {
            continue;
        }
        let kind = sort.kinds[dice.index(sort.kinds.len())];
        let deposited_by_advisor = dice.chance(sort.by_advisor);
        let first = if deposited_by_advisor { referent_since } else { registration };
        // The day on which the document would have been deposited; the date printed on it is earlier.
        let handed_over = dice.day(first, today);
        let issued = later(handed_over, -(dice.below(120) as i64));
        out.push(DemoDocument {
            name: format!("{stem}.{}", kind.extension()),
            category: sort.category,
            kind,
            deposited_by_advisor,
            seed: files::seed_dated(dice.below(u64::MAX), issued),
        });
    }
    out
}

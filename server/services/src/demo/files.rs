//! The documents of the fictitious vaults: real PDF, JPEG, PNG and DOCX files made by code.
//!
//! They are real files because content checks, previews, downloads and scans must work with them. Each one says visibly
//! that it is a specimen, so a file that leaves a demonstration deceives nobody. None imitates an official form or
//! carries a number that looks like an official one.

mod docx;
mod pdf;
mod photo;
mod picture;
mod screen;
#[cfg(test)]
mod tests;

use jiff::Span;
use jiff::civil::{Date, date};

use super::chance::Dice;

/// The four formats that the demonstration deposits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum DemoKind {
    /// A one-page PDF, some with a scanned card in it.
    Pdf,
    /// A photograph of a card.
    Jpeg,
    /// A picture of a telephone's screen.
    Png,
    /// A short letter for a word processor.
    Docx,
}

impl DemoKind {
    /// The extension that the names of such files end with, without its dot.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Docx => "docx",
        }
    }
}

/// The sentence that every file contains.
const NOTICE: &str = "Document fictif de démonstration";

/// Makes one file. The same arguments give the same bytes as long as the encoders keep their versions.
///
/// `title` is the title of the document; it may be a file name, whose extension is dropped. `person` is the person it
/// is about. The date printed on it comes from `seed`. A `DemoDocument` has a seed whose date is before the deposit,
/// see [`seed_dated`]; any other seed gives some date.
pub(crate) fn file(kind: DemoKind, seed: u64, title: &str, person: &str) -> Vec<u8> {
    let title = stem(title);
    let issued = issue_date(seed);
    let mut dice = Dice::new(b"files", seed, 0);
    match kind {
        DemoKind::Pdf => pdf::pdf(&mut dice, title, person, issued),
        DemoKind::Jpeg => {
            let card = photo::card(&mut dice, 840, 560, title, person, issued);
            photo::jpeg(&card, 74)
        }
        DemoKind::Png => screen::png(&screen::screen(&mut dice, title, person, issued)),
        DemoKind::Docx => docx::docx(&mut dice, title, person, issued),
    }
}

/// How many days after [`EPOCH`] fit in a seed.
const DAYS: u64 = 1 << 14;

/// The first date that a document can have; the last one is in 2044.
const EPOCH: Date = date(2000, 1, 1);

/// Puts a date into the low bits of a seed. `file` has no argument for a date, and a certificate dated after its
/// deposit would look wrong to every visitor of the demonstration.
pub(super) fn seed_dated(random: u64, issued: Date) -> u64 {
    let days = u64::try_from(issued.duration_since(EPOCH).as_hours() / 24).unwrap_or(0);
    (random & !(DAYS - 1)) | days.min(DAYS - 1)
}

/// Reads the date back from a seed.
pub(super) fn issue_date(seed: u64) -> Date {
    let days = i64::try_from(seed % DAYS).unwrap_or(0);
    EPOCH.saturating_add(Span::new().days(days))
}

/// The title without its extension.
fn stem(title: &str) -> &str {
    match title.rsplit_once('.') {
        Some((stem, "pdf" | "jpg" | "jpeg" | "png" | "docx")) if !stem.is_empty() => stem,
        _ => title,
    }
}

/// A date as it is written in French.
fn french(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), day.month(), day.year())
}

/// Sentences of the body, for PDF and DOCX.
const SENTENCES: &[&str] = &[
    "Ce texte remplit la page pour que l'aperçu et le téléchargement ressemblent à la réalité.",
    "Toutes les mentions portées ici sont inventées, y compris les noms et les adresses.",
    "La personne nommée n'existe pas ; une ressemblance serait le fruit du hasard.",
    "Ce document ne peut servir à aucune démarche.",
    "Il a été préparé pour une visite guidée du portail et peut être supprimé à tout moment.",
    "Les dates indiquées suivent le calendrier de la démonstration.",
    "Aucune administration ni aucun employeur n'a délivré cette pièce.",
    "La mise en page est volontairement simple : un titre, un tableau, quelques lignes.",
];

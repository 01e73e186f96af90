//! A one-page PDF, written by hand.

use jiff::civil::Date;

use super::picture::{INKS, Rgb};
use super::{NOTICE, SENTENCES, french, photo};
use crate::demo::chance::Dice;

/// Organisations that issue the documents; none exists.
pub(super) const ISSUERS: &[&str] = &[
    "Office imaginaire des attestations",
    "Service fictif des démarches",
    "Bureau des papiers de papier",
    "Agence inventée du quotidien",
    "Guichet des exemples",
];

/// The rows of the table in the PDF: a label and its value.
const ROWS: &[(&str, &str)] = &[
    ("Objet", "Exemple pour la visite du portail"),
    ("Lieu", "Paris, quartier imaginaire"),
    ("Valeur", "Aucune : ce document n'existe pas"),
    ("Motif", "Montrer à quoi ressemble un dépôt"),
    ("Pièces jointes", "Néant"),
    ("Durée", "Le temps d'une démonstration"),
    ("Signataire", "Personnage inventé"),
    ("Observations", "Rien à signaler"),
    ("Exemplaire", "Unique et sans valeur"),
    ("Mode de remise", "Dépôt dans l'espace personnel"),
    ("Destinataire", "La personne concernée"),
];

/// One page, written by hand: catalogue, pages, page, two fonts, content, information, and sometimes a picture.
pub(super) fn pdf(dice: &mut Dice, title: &str, person: &str, issued: Date) -> Vec<u8> {
    let ink = INKS[dice.index(INKS.len())];
    let scan = dice.chance(30).then(|| {
        let picture = photo::card(dice, 600, 400, title, person, issued);
        (photo::jpeg(&picture, 72), picture.width, picture.height)
    });

    let mut page = Content::default();
    let colour = |[red, green, blue]: Rgb| {
        format!("{:.3} {:.3} {:.3}", f32::from(red) / 255.0, f32::from(green) / 255.0, f32::from(blue) / 255.0)
    };
    // The watermark comes first so that it lies under everything; 0.82/0.57 is the cosine and sine of 35 degrees.
    page.raw("q 0.92 g BT /F2 92 Tf 0.82 0.57 -0.57 0.82 110 190 Tm (SPECIMEN) Tj ET Q\n");
    page.raw(&format!("q {} rg 0 770 595 72 re f Q\n", colour(ink)));
    page.raw("1 g\n");
    page.text("F1", 11.0, 56.0, 812.0, dice.pick(ISSUERS));
    page.text("F2", fitting(title, 22.0, 483.0), 56.0, 784.0, title);
    page.raw(&format!("{} rg\n", colour(ink)));
    page.text("F2", 13.0, 56.0, 738.0, NOTICE);
    page.raw("0.15 g\n");
    let reference = format!("FICTIF-{:05}", dice.below(100_000));
    let mut rows = vec![("Nom", person.to_owned()), ("Fait le", french(issued)), ("Référence", reference)];
    let first = dice.index(ROWS.len());
    let count = if scan.is_some() { 3 } else { 6 };
    rows.extend((0..count).map(|row| ROWS[(first + row) % ROWS.len()]).map(|(label, value)| (label, value.to_owned())));
    let mut top = 712.0;
    for (label, value) in &rows {
        page.raw(&format!("q 0.8 G 0.6 w 56 {:.1} m 539 {:.1} l S Q\n", top - 8.0, top - 8.0));
        page.text("F2", 11.0, 56.0, top, label);
        page.text("F1", fitting(value, 11.0, 300.0), 210.0, top, value);
        top -= 24.0;
    }
    if let Some((_, width, height)) = &scan {
        let shown = 300.0;
        let tall = shown * f64::from(*height) / f64::from(*width);
        page.raw(&format!("q {shown:.1} 0 0 {tall:.1} 147 {:.1} cm /Im1 Do Q\n", top - tall - 6.0));
        top -= tall + 24.0;
    }
    top -= 8.0;
    let first = dice.index(SENTENCES.len());
    for line in 0..4 + dice.index(4) {
        page.text("F1", 10.5, 56.0, top, SENTENCES[(first + line) % SENTENCES.len()]);
        top -= 17.0;
    }
    page.raw(&format!("q 0.4 G 0.8 w 360 {:.1} 179 60 re S Q\n", top - 76.0));
    page.text("F1", 9.0, 368.0, top - 28.0, "Signature");
    // A signature of two Bézier curves.
    let wave = 20.0 + dice.below(30) as f64;
    page.raw(&format!(
        "q {} RG 1.4 w 400 {y:.1} m 420 {up:.1} 440 {down:.1} 460 {y:.1} c 475 {up:.1} 490 {down:.1} 515 {y:.1} c S Q\n",
        colour(ink),
        y = top - 52.0,
        up = top - 52.0 + wave,
        down = top - 52.0 - wave / 2.0,
    ));
    page.raw("q 0.6 G 0.6 w 56 56 m 539 56 l S Q\n0.35 g\n");
    page.text("F1", 9.0, 56.0, 40.0, &format!("{NOTICE} – sans valeur – page 1 sur 1"));

    let mut objects: Vec<Vec<u8>> = vec![
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) /ViewerPreferences << /DisplayDocTitle true >> >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R \
             /Resources << /Font << /F1 4 0 R /F2 5 0 R >>{} >> >>",
            if scan.is_some() { " /XObject << /Im1 8 0 R >>" } else { "" }
        )
        .into_bytes(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>".to_vec(),
        stream("", &page.bytes),
        format!(
            "<< /Title {} /Subject {} /CreationDate (D:{:04}{:02}{:02}090000) >>",
            utf16(title),
            utf16(NOTICE),
            issued.year(),
            issued.month(),
            issued.day()
        )
        .into_bytes(),
    ];
    if let Some((bytes, width, height)) = &scan {
        let dictionary = format!(
            "/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB \
             /BitsPerComponent 8 /Filter /DCTDecode "
        );
        objects.push(stream(&dictionary, bytes));
    }
    assemble(&objects)
}

/// Numbers the objects and writes the cross-reference table. Each entry must have twenty bytes; otherwise readers have
/// to repair the file.
fn assemble(objects: &[Vec<u8>]) -> Vec<u8> {
    // The second line tells transports that the file is binary.
    let mut out = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut offsets = Vec::with_capacity(objects.len());
    for (number, object) in (1..).zip(objects) {
        offsets.push(out.len());
        out.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        out.extend_from_slice(object);
        out.extend_from_slice(b"\nendobj\n");
    }
    let table = out.len();
    let size = objects.len() + 1;
    out.extend_from_slice(format!("xref\n0 {size}\n0000000000 65535 f \n").as_bytes());
    for offset in offsets {
        out.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    out.extend_from_slice(
        format!("trailer\n<< /Size {size} /Root 1 0 R /Info 7 0 R >>\nstartxref\n{table}\n%%EOF\n").as_bytes(),
    );
    out
}

/// A stream object.
fn stream(dictionary: &str, body: &[u8]) -> Vec<u8> {
    let mut out = format!("<< {dictionary}/Length {} >>\nstream\n", body.len()).into_bytes();
    out.extend_from_slice(body);
    out.extend_from_slice(b"\nendstream");
    out
}

/// A PDF string in UTF-16, which can hold any letter.
fn utf16(text: &str) -> String {
    let mut out = String::from("<FEFF");
    for unit in text.encode_utf16() {
        out.push_str(&format!("{unit:04X}"));
    }
    out.push('>');
    out
}

/// The drawing instructions of a page.
#[derive(Default)]
struct Content {
    bytes: Vec<u8>,
}

impl Content {
    /// Adds instructions without changing them.
    fn raw(&mut self, instructions: &str) {
        self.bytes.extend_from_slice(instructions.as_bytes());
    }

    /// Adds a line of text.
    fn text(&mut self, font: &str, size: f64, x: f64, y: f64, text: &str) {
        self.raw(&format!("BT /{font} {size:.1} Tf {x:.1} {y:.1} Td ("));
        for letter in text.chars() {
            let byte = windows_1252(letter);
            // These three characters would end or alter the string.
            if matches!(byte, b'(' | b')' | b'\\') {
                self.bytes.push(b'\\');
            }
            self.bytes.push(byte);
        }
        self.raw(") Tj ET\n");
    }
}

/// The size at which a text fits into a width. Helvetica's bold letters are at most 0.6 em wide on average.
fn fitting(text: &str, size: f64, width: f64) -> f64 {
    let natural = text.chars().count() as f64 * 0.6 * size;
    if natural <= width { size } else { (size * width / natural).max(5.0) }
}

/// The byte of a letter in the encoding of the standard fonts; a question mark for what they do not have.
pub(super) fn windows_1252(letter: char) -> u8 {
    match letter {
        ' '..='~' | '\u{a0}'..='ÿ' => u8::try_from(u32::from(letter)).unwrap_or(b'?'),
        '€' => 0x80,
        '…' => 0x85,
        'Š' => 0x8a,
        'Œ' => 0x8c,
        'Ž' => 0x8e,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '•' => 0x95,
        '–' => 0x96,
        '—' => 0x97,
        'š' => 0x9a,
        'œ' => 0x9c,
        'ž' => 0x9e,
        'Ÿ' => 0x9f,
        // The narrow space of French typography.
        '\u{202f}' => 0xa0,
        _ => b'?',
    }
}

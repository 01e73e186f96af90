//! The documents of the fictitious vaults: real PDF, JPEG, PNG and DOCX files made by code.
//!
//! They are real because everything downstream treats them as such: content checks, previews, downloads, scans. Each
//! says on its face that it is a specimen, so a file that leaves a demonstration deceives nobody, and none imitates an
//! official form or carries a number that looks like one.

use std::io::{Cursor, Write as _};

use jiff::Span;
use jiff::civil::{Date, date};
use zip::write::SimpleFileOptions;

use super::people::Dice;
use super::words;

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

    /// The media type of such files.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }
}

/// What every file says.
const NOTICE: &str = "Document fictif de démonstration";

/// Makes one file. The same arguments give the same bytes as long as the encoders keep their versions.
///
/// `title` is what the document is called; a file name does, its extension is dropped. `person` is whom it is about.
/// The date printed on it comes from `seed`: seeds of `DemoDocument` carry one that precedes the deposit, see
/// [`seed_dated`]; any other seed gives some date.
pub(crate) fn file(kind: DemoKind, seed: u64, title: &str, person: &str) -> Vec<u8> {
    let title = stem(title);
    let issued = issue_date(seed);
    let mut dice = Dice::new(b"files", seed, 0);
    match kind {
        DemoKind::Pdf => pdf(&mut dice, title, person, issued),
        DemoKind::Jpeg => {
            let card = card(&mut dice, 840, 560, title, person, issued);
            jpeg(&card, 74)
        }
        DemoKind::Png => png(&screen(&mut dice, title, person, issued)),
        DemoKind::Docx => docx(&mut dice, title, person, issued),
    }
}

/// How many days after [`EPOCH`] fit in a seed.
const DAYS: u64 = 1 << 14;

/// The first date that a document can bear; the last is in 2044.
const EPOCH: Date = date(2000, 1, 1);

/// Puts a date into the low bits of a seed. `file` has no date among its arguments, and a certificate dated after its
/// deposit would be the first thing a visitor of the demonstration notices.
pub(super) fn seed_dated(random: u64, issued: Date) -> u64 {
    let days = u64::try_from(issued.duration_since(EPOCH).as_hours() / 24).unwrap_or(0);
    (random & !(DAYS - 1)) | days.min(DAYS - 1)
}

/// Reads the date back from a seed.
fn issue_date(seed: u64) -> Date {
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

/// A date as the French write it.
fn french(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), day.month(), day.year())
}

/// Organisations that issue the documents; none exists.
const ISSUERS: &[&str] = &[
    "Office imaginaire des attestations",
    "Service fictif des démarches",
    "Bureau des papiers de papier",
    "Agence inventée du quotidien",
    "Guichet des exemples",
];

/// Rows of the table in the PDF: a label and what stands beside it.
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

/// A colour.
type Rgb = [u8; 3];

/// Soft colours with enough contrast for dark text.
const TINTS: &[(Rgb, Rgb)] = &[
    ([214, 228, 240], [170, 200, 222]),
    ([240, 224, 206], [222, 190, 160]),
    ([218, 236, 220], [174, 210, 184]),
    ([232, 220, 238], [202, 180, 216]),
    ([240, 234, 204], [220, 206, 150]),
];

/// Dark companions of [`TINTS`].
const INKS: &[Rgb] = &[
    [28, 62, 96],
    [104, 56, 24],
    [26, 84, 52],
    [78, 44, 104],
    [92, 74, 10],
];

// ---------------------------------------------------------------------------------------------------------- PDF

/// One A4 page, written by hand: catalogue, pages, page, two fonts, content, information, and sometimes a picture.
fn pdf(dice: &mut Dice, title: &str, person: &str, issued: Date) -> Vec<u8> {
    let ink = INKS[dice.index(INKS.len())];
    let scan = dice.chance(30).then(|| {
        let picture = card(dice, 600, 400, title, person, issued);
        (jpeg(&picture, 72), picture.width, picture.height)
    });

    let mut page = Content::default();
    let colour = |[red, green, blue]: Rgb| {
        format!(
            "{:.3} {:.3} {:.3}",
            f32::from(red) / 255.0,
            f32::from(green) / 255.0,
            f32::from(blue) / 255.0
        )
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
    let mut rows = vec![
        ("Nom", person.to_owned()),
        ("Fait le", french(issued)),
        ("Référence", reference),
    ];
    let first = dice.index(ROWS.len());
    let count = if scan.is_some() { 3 } else { 6 };
    rows.extend(
        (0..count)
            .map(|row| ROWS[(first + row) % ROWS.len()])
            .map(|(label, value)| (label, value.to_owned())),
    );
    let mut top = 712.0;
    for (label, value) in &rows {
        page.raw(&format!(
            "q 0.8 G 0.6 w 56 {:.1} m 539 {:.1} l S Q\n",
            top - 8.0,
            top - 8.0
        ));
        page.text("F2", 11.0, 56.0, top, label);
        page.text("F1", fitting(value, 11.0, 300.0), 210.0, top, value);
        top -= 24.0;
    }
    if let Some((_, width, height)) = &scan {
        let shown = 300.0;
        let tall = shown * f64::from(*height) / f64::from(*width);
        page.raw(&format!(
            "q {shown:.1} 0 0 {tall:.1} 147 {:.1} cm /Im1 Do Q\n",
            top - tall - 6.0
        ));
        top -= tall + 24.0;
    }
    top -= 8.0;
    let first = dice.index(SENTENCES.len());
    for line in 0..4 + dice.index(4) {
        page.text(
            "F1",
            10.5,
            56.0,
            top,
            SENTENCES[(first + line) % SENTENCES.len()],
        );
        top -= 17.0;
    }
    page.raw(&format!(
        "q 0.4 G 0.8 w 360 {:.1} 179 60 re S Q\n",
        top - 76.0
    ));
    page.text("F1", 9.0, 368.0, top - 28.0, "Signature");
    // A scrawl: two Bézier curves.
    let wave = 20.0 + dice.below(30) as f64;
    page.raw(&format!(
        "q {} RG 1.4 w 400 {y:.1} m 420 {up:.1} 440 {down:.1} 460 {y:.1} c 475 {up:.1} 490 {down:.1} 515 {y:.1} c S Q\n",
        colour(ink),
        y = top - 52.0,
        up = top - 52.0 + wave,
        down = top - 52.0 - wave / 2.0,
    ));
    page.raw("q 0.6 G 0.6 w 56 56 m 539 56 l S Q\n0.35 g\n");
    page.text(
        "F1",
        9.0,
        56.0,
        40.0,
        &format!("{NOTICE} – sans valeur – page 1 sur 1"),
    );

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

/// Numbers the objects and writes the cross-reference table: each entry is twenty bytes, or readers have to repair.
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
        format!("trailer\n<< /Size {size} /Root 1 0 R /Info 7 0 R >>\nstartxref\n{table}\n%%EOF\n")
            .as_bytes(),
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

/// A PDF string in UTF-16, which the information dictionary takes whatever the letters.
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
    /// Adds instructions as they are.
    fn raw(&mut self, instructions: &str) {
        self.bytes.extend_from_slice(instructions.as_bytes());
    }

    /// Adds a line of text.
    fn text(&mut self, font: &str, size: f64, x: f64, y: f64, text: &str) {
        self.raw(&format!("BT /{font} {size:.1} Tf {x:.1} {y:.1} Td ("));
        for letter in text.chars() {
            let byte = windows_1252(letter);
            // These three would end or alter the string.
            if matches!(byte, b'(' | b')' | b'\\') {
                self.bytes.push(b'\\');
            }
            self.bytes.push(byte);
        }
        self.raw(") Tj ET\n");
    }
}

/// The size at which a text stays within a width. Helvetica's bold letters are 0.6 em wide on average at most.
fn fitting(text: &str, size: f64, width: f64) -> f64 {
    let natural = text.chars().count() as f64 * 0.6 * size;
    if natural <= width {
        size
    } else {
        (size * width / natural).max(5.0)
    }
}

/// The byte of a letter in the encoding of the standard fonts; a question mark for what they do not have.
fn windows_1252(letter: char) -> u8 {
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

// ---------------------------------------------------------------------------------------------------- pictures

/// A picture in memory.
struct Picture {
    width: u16,
    height: u16,
    pixels: Vec<u8>,
}

impl Picture {
    /// A picture of one colour.
    fn new(width: u16, height: u16, colour: Rgb) -> Self {
        Self {
            width,
            height,
            pixels: colour.repeat(usize::from(width) * usize::from(height)),
        }
    }

    /// The bytes of a pixel, or nothing outside of the picture.
    fn at(&mut self, x: i32, y: i32) -> Option<&mut [u8]> {
        let (x, y) = (usize::try_from(x).ok()?, usize::try_from(y).ok()?);
        let width = usize::from(self.width);
        if x >= width {
            return None;
        }
        let start = (y * width + x) * 3;
        self.pixels.get_mut(start..start + 3)
    }

    /// Colours a rectangle; what lies outside of the picture is left out.
    fn rectangle(&mut self, left: i32, top: i32, width: i32, height: i32, colour: Rgb) {
        let (from, to) = (
            left.clamp(0, i32::from(self.width)),
            (left + width).clamp(0, i32::from(self.width)),
        );
        let (Ok(from), Ok(to)) = (usize::try_from(from), usize::try_from(to)) else {
            return;
        };
        if to <= from {
            return;
        }
        for y in top.max(0)..(top + height).min(i32::from(self.height)) {
            let start = usize::try_from(y).unwrap_or(0) * usize::from(self.width);
            for pixel in self.pixels[(start + from) * 3..(start + to) * 3].chunks_exact_mut(3) {
                pixel.copy_from_slice(&colour);
            }
        }
    }

    /// Colours an ellipse.
    fn ellipse(&mut self, x: i32, y: i32, across: i32, down: i32, colour: Rgb) {
        for row in -down..=down {
            // Widest x with (x/across)² + (row/down)² ≤ 1; integers, so that every processor draws the same.
            let half = ((down * down - row * row) * across * across / (down * down).max(1))
                .max(0)
                .isqrt();
            self.rectangle(x - half, y + row, 2 * half + 1, 1, colour);
        }
    }

    /// Writes capitals, each dot of a letter being `scale` pixels wide; shrinks what would not fit in `room`.
    fn write(&mut self, text: &str, left: i32, top: i32, scale: i32, room: i32, colour: Rgb) {
        let glyphs = glyphs(text);
        let length = i32::try_from(glyphs.len()).unwrap_or(i32::MAX).max(1);
        let scale = scale.min(room / length.saturating_mul(6)).max(1);
        for (index, glyph) in (0..).zip(glyphs) {
            let x = left + index * 6 * scale;
            // A very long title is cut rather than drawn over the next element.
            if x + 6 * scale > left + room {
                break;
            }
            for (column, bits) in (0..).zip(glyph) {
                for row in (0..7).filter(|row| bits >> row & 1 == 1) {
                    self.rectangle(x + column * scale, top + row * scale, scale, scale, colour);
                }
            }
        }
    }

    /// Lays « SPECIMEN » over the whole picture, slanted and repeated, by darkening what is under it.
    fn specimen(&mut self, scale: i32, depth: u8) {
        // Eight letters of six columns, then a blank up to 64; lines of 16: powers of two, because a division for each
        // pixel took most of the time of a whole demonstration.
        let mut columns = [0_u8; 64];
        for (column, bits) in columns.chunks_exact_mut(6).zip(glyphs("SPECIMEN")) {
            column[..5].copy_from_slice(&bits);
        }
        // Rotated by some twenty degrees, in 65536ths; whole numbers, so that every processor draws the same.
        let (cosine, sine) = (61_440 / scale, 22_528 / scale);
        for (y, line) in (0..).zip(self.pixels.chunks_exact_mut(usize::from(self.width) * 3)) {
            for (x, pixel) in (0..).zip(line.chunks_exact_mut(3)) {
                let (across, down): (i32, i32) =
                    ((x * cosine - y * sine) >> 16, (x * sine + y * cosine) >> 16);
                // Every other line is shifted, like on a security paper.
                let column = (across + (down >> 4) * 27) & 63;
                if columns[column as usize] >> (down & 15).min(7) & 1 == 1 {
                    for channel in pixel {
                        *channel = channel.saturating_sub(depth);
                    }
                }
            }
        }
    }

    /// Adds the grain of a photograph: without it the files would weigh next to nothing.
    fn grain(&mut self, dice: &mut Dice, strength: u8) {
        let mut tile = [0_u8; 4096 + 1];
        dice.fill(&mut tile);
        for noise in &mut tile {
            *noise %= 2 * strength + 1;
        }
        // The length of the tile is odd, so that the repetition does not draw columns.
        for (pixel, noise) in self.pixels.chunks_exact_mut(3).zip(tile.iter().cycle()) {
            for channel in pixel {
                *channel = channel.saturating_add(*noise).saturating_sub(strength);
            }
        }
    }
}

/// A colour between two others, `part` out of `whole` of the way.
fn between(from: Rgb, to: Rgb, part: i32, whole: i32) -> Rgb {
    let mut mixed = from;
    for (channel, target) in mixed.iter_mut().zip(to) {
        let (start, end) = (i32::from(*channel), i32::from(target));
        *channel = u8::try_from(start + (end - start) * part / whole.max(1)).unwrap_or(target);
    }
    mixed
}

/// A photographed card: gradient, band with the title, a silhouette, the name, the date, waves and « SPECIMEN ».
fn card(
    dice: &mut Dice,
    width: u16,
    height: u16,
    title: &str,
    person: &str,
    issued: Date,
) -> Picture {
    let choice = dice.index(TINTS.len());
    let ((light, dark), ink) = (TINTS[choice], INKS[choice]);
    let (wide, tall) = (i32::from(width), i32::from(height));
    let mut picture = Picture::new(width, height, light);
    for y in 0..tall {
        picture.rectangle(0, y, wide, 1, between(light, dark, y, tall));
    }
    // Waves: parabolas put end to end, in whole numbers.
    let period = 60 + dice.below(60) as i32;
    for base in (0..tall).step_by(26) {
        for x in 0..wide {
            let phase = (x + base * 3).rem_euclid(period);
            let arc = phase * (period - phase) * 40 / (period * period);
            let half = (x + base * 3).div_euclid(period).rem_euclid(2);
            let y = base + if half == 0 { arc } else { -arc };
            if let Some(pixel) = picture.at(x, y) {
                pixel.copy_from_slice(&between(dark, ink, 1, 3));
            }
        }
    }
    let unit = wide / 140;
    picture.rectangle(0, 0, wide, tall / 6, ink);
    picture.write(
        title,
        4 * unit,
        tall / 6 / 2 - 3 * unit / 2 * 2,
        unit,
        wide - 8 * unit,
        [255, 255, 255],
    );
    // The portrait: a frame, a head, shoulders; nobody's face.
    let (left, top, across, down) = (6 * unit, tall / 4, wide / 4, tall / 2);
    picture.rectangle(left, top, across, down, [246, 246, 244]);
    let skin = between(ink, light, 1 + dice.below(3) as i32, 5);
    // Shoulders: the upper half of an ellipse that stands on the frame.
    let (broad, high) = (across * 2 / 5, down / 3);
    for row in 0..high {
        let half = ((high * high - (high - row) * (high - row)).max(0) * broad * broad
            / (high * high))
            .isqrt();
        picture.rectangle(
            left + across / 2 - half,
            top + down - high + row,
            2 * half,
            1,
            skin,
        );
    }
    picture.ellipse(
        left + across / 2,
        top + down * 2 / 5,
        across / 6,
        down / 6,
        skin,
    );
    let text = left + across + 6 * unit;
    let room = wide - text - 4 * unit;
    let number = format!("FICTIF {:05}", dice.below(100_000));
    let lines = [
        ("NOM", person),
        ("FAIT LE", &french(issued)),
        ("NUMERO", &number),
    ];
    for (index, (label, value)) in (0..).zip(lines) {
        let line = tall / 4 + index * tall * 2 / 11;
        picture.write(label, text, line, unit / 2, room, ink);
        picture.write(value, text, line + 5 * unit, unit, room, [24, 24, 28]);
    }
    picture.write(
        NOTICE,
        6 * unit,
        tall - 12 * unit,
        unit,
        wide - 12 * unit,
        ink,
    );
    picture.specimen((unit * 4 / 3).max(2), 34);
    picture.grain(dice, 5);
    picture
}

/// The picture of a telephone's screen: bars, bubbles of a conversation, lines of text.
fn screen(dice: &mut Dice, title: &str, person: &str, issued: Date) -> Picture {
    let choice = dice.index(TINTS.len());
    let ((light, dark), ink) = (TINTS[choice], INKS[choice]);
    let (width, height) = (540_u16, 1080_u16);
    let (wide, tall) = (i32::from(width), i32::from(height));
    let mut picture = Picture::new(width, height, [250, 250, 250]);
    picture.rectangle(0, 0, wide, 40, between(ink, [0, 0, 0], 1, 3));
    picture.write(
        &format!("{:02}:{:02}", 8 + dice.below(11), dice.below(60)),
        24,
        12,
        2,
        120,
        [255, 255, 255],
    );
    picture.rectangle(wide - 74, 13, 40, 14, [255, 255, 255]);
    picture.rectangle(0, 40, wide, 110, ink);
    picture.write(title, 30, 70, 4, wide - 60, [255, 255, 255]);
    picture.write(
        &format!("{person} - {}", french(issued)),
        30,
        116,
        2,
        wide - 60,
        light,
    );
    let mut top = 176;
    while top < tall - 220 {
        let lines = 2 + dice.below(4) as i32;
        let mine = dice.chance(40);
        let across = 300 + dice.below(120) as i32;
        let left = if mine { wide - across - 24 } else { 24 };
        let down = lines * 24 + 24;
        let fill = if mine {
            between(light, dark, 1, 2)
        } else {
            [232, 234, 238]
        };
        picture.rectangle(left, top, across, down, fill);
        for line in 0..lines {
            // Words as grey bars: a screen is recognised without being readable.
            let mut x = left + 18;
            while x < left + across - 60 {
                let word = 14 + dice.below(46) as i32;
                picture.rectangle(x, top + 18 + line * 24, word, 9, [120, 124, 132]);
                x += word + 9;
            }
        }
        top += down + 22;
    }
    picture.rectangle(0, tall - 150, wide, 150, light);
    picture.write(NOTICE, 30, tall - 120, 2, wide - 60, ink);
    picture.ellipse(wide / 2, tall - 50, 34, 34, ink);
    picture.specimen(5, 22);
    picture
}

/// Encodes a photograph.
fn jpeg(picture: &Picture, quality: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(128 * 1024);
    jpeg_encoder::Encoder::new(&mut out, quality)
        .encode(
            &picture.pixels,
            picture.width,
            picture.height,
            jpeg_encoder::ColorType::Rgb,
        )
        .expect("the dimensions match the pixels, and memory takes every byte");
    out
}

/// Encodes a screen.
fn png(picture: &Picture) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 * 1024);
    let mut encoder = png::Encoder::new(
        &mut out,
        u32::from(picture.width),
        u32::from(picture.height),
    );
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    encoder
        .write_header()
        .and_then(|mut writer| {
            writer.write_image_data(&picture.pixels)?;
            writer.finish()
        })
        .expect("the dimensions match the pixels, and memory takes every byte");
    out
}

/// The dots of each letter: five columns, the lowest bit on top. Small letters and accents become plain capitals.
fn glyphs(text: &str) -> Vec<[u8; 5]> {
    let mut out = Vec::with_capacity(text.len());
    for letter in text.chars() {
        let plain = words::plain(letter);
        if plain.is_empty() {
            out.push(glyph(letter));
        } else {
            out.extend(
                plain
                    .chars()
                    .map(|letter| glyph(letter.to_ascii_uppercase())),
            );
        }
    }
    out
}

/// One capital, digit or sign; a blank for the rest.
fn glyph(letter: char) -> [u8; 5] {
    match letter {
        'A' => [0x7e, 0x11, 0x11, 0x11, 0x7e],
        'B' => [0x7f, 0x49, 0x49, 0x49, 0x36],
        'C' => [0x3e, 0x41, 0x41, 0x41, 0x22],
        'D' => [0x7f, 0x41, 0x41, 0x22, 0x1c],
        'E' => [0x7f, 0x49, 0x49, 0x49, 0x41],
        'F' => [0x7f, 0x09, 0x09, 0x09, 0x01],
        'G' => [0x3e, 0x41, 0x49, 0x49, 0x7a],
        'H' => [0x7f, 0x08, 0x08, 0x08, 0x7f],
        'I' => [0x00, 0x41, 0x7f, 0x41, 0x00],
        'J' => [0x20, 0x40, 0x41, 0x3f, 0x01],
        'K' => [0x7f, 0x08, 0x14, 0x22, 0x41],
        'L' => [0x7f, 0x40, 0x40, 0x40, 0x40],
        'M' => [0x7f, 0x02, 0x0c, 0x02, 0x7f],
        'N' => [0x7f, 0x04, 0x08, 0x10, 0x7f],
        'O' => [0x3e, 0x41, 0x41, 0x41, 0x3e],
        'P' => [0x7f, 0x09, 0x09, 0x09, 0x06],
        'Q' => [0x3e, 0x41, 0x51, 0x21, 0x5e],
        'R' => [0x7f, 0x09, 0x19, 0x29, 0x46],
        'S' => [0x46, 0x49, 0x49, 0x49, 0x31],
        'T' => [0x01, 0x01, 0x7f, 0x01, 0x01],
        'U' => [0x3f, 0x40, 0x40, 0x40, 0x3f],
        'V' => [0x1f, 0x20, 0x40, 0x20, 0x1f],
        'W' => [0x3f, 0x40, 0x38, 0x40, 0x3f],
        'X' => [0x63, 0x14, 0x08, 0x14, 0x63],
        'Y' => [0x07, 0x08, 0x70, 0x08, 0x07],
        'Z' => [0x61, 0x51, 0x49, 0x45, 0x43],
        '0' => [0x3e, 0x51, 0x49, 0x45, 0x3e],
        '1' => [0x00, 0x42, 0x7f, 0x40, 0x00],
        '2' => [0x42, 0x61, 0x51, 0x49, 0x46],
        '3' => [0x21, 0x41, 0x45, 0x4b, 0x31],
        '4' => [0x18, 0x14, 0x12, 0x7f, 0x10],
        '5' => [0x27, 0x45, 0x45, 0x45, 0x39],
        '6' => [0x3c, 0x4a, 0x49, 0x49, 0x30],
        '7' => [0x01, 0x71, 0x09, 0x05, 0x03],
        '8' => [0x36, 0x49, 0x49, 0x49, 0x36],
        '9' => [0x06, 0x49, 0x49, 0x29, 0x1e],
        '-' | '–' => [0x08; 5],
        '_' => [0x40; 5],
        '.' => [0x00, 0x60, 0x60, 0x00, 0x00],
        ',' => [0x00, 0x50, 0x30, 0x00, 0x00],
        ':' => [0x00, 0x36, 0x36, 0x00, 0x00],
        '/' => [0x20, 0x10, 0x08, 0x04, 0x02],
        '\'' | '’' => [0x00, 0x05, 0x03, 0x00, 0x00],
        '(' => [0x00, 0x1c, 0x22, 0x41, 0x00],
        ')' => [0x00, 0x41, 0x22, 0x1c, 0x00],
        _ => [0; 5],
    }
}

// ---------------------------------------------------------------------------------------------------------- DOCX

/// A letter of one page: the three parts that a word processor needs, and the title in the properties.
fn docx(dice: &mut Dice, title: &str, person: &str, issued: Date) -> Vec<u8> {
    let mut body = String::new();
    let mut paragraph = |properties: &str, run: &str, text: &str| {
        body.push_str(&format!(
            "<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
            escape(text)
        ));
    };
    paragraph("", "<w:b/>", person);
    paragraph(
        "",
        "",
        &format!("{} {}", 1 + dice.below(90), dice.pick(words::STREETS)),
    );
    paragraph(
        "<w:jc w:val=\"right\"/>",
        "",
        &format!("Paris, le {}", french(issued)),
    );
    paragraph(
        "<w:spacing w:before=\"480\" w:after=\"240\"/>",
        "<w:b/><w:sz w:val=\"36\"/>",
        title,
    );
    paragraph("<w:spacing w:after=\"240\"/>", "<w:i/>", NOTICE);
    paragraph("", "", "Madame, Monsieur,");
    let sector = &words::SECTORS[dice.index(words::SECTORS.len())];
    let (job, employer) = (dice.pick(sector.jobs), dice.pick(sector.employers));
    paragraph(
        "<w:spacing w:before=\"160\"/><w:jc w:val=\"both\"/>",
        "",
        &format!(
            "Je vous écris au sujet du poste « {job} » proposé par {employer}, une entreprise qui n'existe pas."
        ),
    );
    let first = dice.index(SENTENCES.len());
    for block in 0..2 + dice.index(3) {
        let text: Vec<&str> = (0..3)
            .map(|line| SENTENCES[(first + block * 3 + line) % SENTENCES.len()])
            .collect();
        paragraph(
            "<w:spacing w:before=\"160\"/><w:jc w:val=\"both\"/>",
            "",
            &text.join(" "),
        );
    }
    paragraph("<w:spacing w:before=\"480\"/>", "", person);

    let document = format!(
        "{HEAD}<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}\
         <w:sectPr><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1417\" w:right=\"1417\" w:bottom=\"1417\" \
         w:left=\"1417\" w:header=\"708\" w:footer=\"708\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>"
    );
    let core = format!(
        "{HEAD}<cp:coreProperties \
         xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{}</dc:title><dc:description>{NOTICE}\
         </dc:description><dc:language>fr-FR</dc:language></cp:coreProperties>",
        escape(title)
    );
    // The content types come first: some readers recognise the format by that.
    container(&[
        ("[Content_Types].xml", &format!("{HEAD}{CONTENT_TYPES}")),
        ("_rels/.rels", &format!("{HEAD}{RELATIONSHIPS}")),
        ("word/document.xml", &document),
        ("docProps/core.xml", &core),
    ])
}

/// The first line of every part.
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// What each part is.
const CONTENT_TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
<Default Extension=\"xml\" ContentType=\"application/xml\"/>\
<Override PartName=\"/word/document.xml\" \
ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>\
<Override PartName=\"/docProps/core.xml\" \
ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>";

/// Where the parts are.
const RELATIONSHIPS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
<Relationship Id=\"rId1\" \
Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
Target=\"word/document.xml\"/>\
<Relationship Id=\"rId2\" \
Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" \
Target=\"docProps/core.xml\"/></Relationships>";

/// Zips the parts, with the format's own earliest date on each: the clock must not change the bytes.
fn container(parts: &[(&str, &String)]) -> Vec<u8> {
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::DEFAULT)
        .unix_permissions(0o644);
    let write = || -> zip::result::ZipResult<Vec<u8>> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::with_capacity(8 * 1024)));
        for (name, text) in parts {
            archive.start_file(*name, options)?;
            archive.write_all(text.as_bytes())?;
        }
        Ok(archive.finish()?.into_inner())
    };
    write().expect("four short parts fit in an archive, and memory takes every byte")
}

/// Text as XML takes it; control characters, which XML refuses in any form, are left out.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars().filter(|letter| !letter.is_control()) {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use jiff::ToSpan as _;

    use super::*;

    const KINDS: [DemoKind; 4] = [DemoKind::Pdf, DemoKind::Jpeg, DemoKind::Png, DemoKind::Docx];

    fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
        bytes.windows(part.len()).position(|window| window == part)
    }

    #[test]
    fn the_same_arguments_give_the_same_bytes() {
        for kind in KINDS {
            let make = |seed| {
                file(
                    kind,
                    seed,
                    "Attestation d'hébergement.pdf",
                    "Élise Œuvrard-Nguyen",
                )
            };
            assert_eq!(make(5), make(5), "{kind:?}");
            assert_ne!(make(5), make(6), "{kind:?}");
        }
    }

    #[test]
    fn signatures_and_sizes_are_right() {
        for seed in 0..12_u64 {
            let seed = seed << 20;
            let make = |kind| file(kind, seed, "CNI recto verso.pdf", "Manon Belvaux");
            let pdf = make(DemoKind::Pdf);
            assert!(pdf.starts_with(b"%PDF-1.4\n") && pdf.ends_with(b"%%EOF\n"));
            assert!((2_000..80_000).contains(&pdf.len()), "{}", pdf.len());
            let jpeg = make(DemoKind::Jpeg);
            assert!(jpeg.starts_with(&[0xff, 0xd8, 0xff]) && jpeg.ends_with(&[0xff, 0xd9]));
            assert!((30_000..150_000).contains(&jpeg.len()), "{}", jpeg.len());
            let png = make(DemoKind::Png);
            assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
            assert!((2_000..150_000).contains(&png.len()), "{}", png.len());
            let docx = make(DemoKind::Docx);
            assert!(docx.starts_with(b"PK\x03\x04"));
            assert!((1_000..20_000).contains(&docx.len()), "{}", docx.len());
        }
    }

    /// Follows `startxref` and every offset to the object it promises, and checks the length of every stream.
    #[test]
    fn the_cross_references_of_a_pdf_lead_to_its_objects() {
        for seed in 0..30_u64 {
            let pdf = file(
                DemoKind::Pdf,
                seed << 14,
                "Été (à l'œuvre) \\ 50 € – « fin »",
                "Zoé D'Alembrac (née Ÿ)",
            );
            let tail = String::from_utf8_lossy(&pdf[pdf.len() - 60..]).into_owned();
            let table: usize = tail
                .split("startxref\n")
                .nth(1)
                .unwrap()
                .lines()
                .next()
                .unwrap()
                .parse()
                .unwrap();
            assert!(pdf[table..].starts_with(b"xref\n0 "));
            let text = String::from_utf8_lossy(&pdf[table..]).into_owned();
            let mut lines = text.split('\n').skip(1);
            let size: usize = lines
                .next()
                .unwrap()
                .split(' ')
                .nth(1)
                .unwrap()
                .parse()
                .unwrap();
            assert_eq!(lines.next().unwrap(), "0000000000 65535 f ");
            for number in 1..size {
                let line = lines.next().unwrap();
                assert_eq!(
                    line.len(),
                    19,
                    "an entry is twenty bytes with its line feed"
                );
                let offset: usize = line[..10].parse().unwrap();
                assert!(pdf[offset..].starts_with(format!("{number} 0 obj\n").as_bytes()));
                let end = offset + find(&pdf[offset..], b"\nendobj\n").unwrap();
                let object = &pdf[offset..end];
                if let Some(start) = find(object, b"\nstream\n") {
                    let head = String::from_utf8_lossy(&object[..start]).into_owned();
                    let length: usize = head
                        .split("/Length ")
                        .nth(1)
                        .unwrap()
                        .split(' ')
                        .next()
                        .unwrap()
                        .parse()
                        .unwrap();
                    assert_eq!(&object[start + 8 + length..], b"\nendstream");
                }
            }
            assert!(text.contains(&format!("/Size {size} ")));
            assert!(find(&pdf, b"Document fictif de d\xe9monstration").is_some());
            assert!(
                find(
                    &pdf,
                    b"\xc9t\xe9 \\(\xe0 l'\x9cuvre\\) \\\\ 50 \x80 \x96 \xab fin \xbb"
                )
                .is_some()
            );
        }
    }

    #[test]
    fn a_png_decodes() {
        let bytes = file(DemoKind::Png, 9, "Capture d'écran.png", "Tom Jolivard");
        let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!(
            (info.width, info.height, info.color_type),
            (540, 1080, png::ColorType::Rgb)
        );
        assert!(
            pixels
                .iter()
                .collect::<std::collections::BTreeSet<_>>()
                .len()
                > 10
        );
    }

    /// Without a decoder: the segments follow one another up to the picture data, and say the right dimensions.
    #[test]
    fn a_jpeg_is_well_formed() {
        let bytes = file(DemoKind::Jpeg, 9, "Passeport.jpg", "Tom Jolivard");
        let mut at = 2;
        let mut dimensions = None;
        loop {
            assert_eq!(bytes[at], 0xff);
            let (marker, length) = (
                bytes[at + 1],
                usize::from(bytes[at + 2]) << 8 | usize::from(bytes[at + 3]),
            );
            if matches!(marker, 0xc0..=0xc2) {
                dimensions = Some((&bytes[at + 5..at + 7], &bytes[at + 7..at + 9]));
            }
            if marker == 0xda {
                break;
            }
            at += 2 + length;
        }
        assert_eq!(
            dimensions,
            Some((&560_u16.to_be_bytes()[..], &840_u16.to_be_bytes()[..]))
        );
    }

    #[test]
    fn a_docx_reads_back() {
        let bytes = file(
            DemoKind::Docx,
            3,
            "Lettre <de> motivation & CV.docx",
            "Léa D'Orvellec",
        );
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let names: Vec<String> = (0..archive.len())
            .map(|part| archive.by_index(part).unwrap().name().unwrap().into_owned())
            .collect();
        assert_eq!(
            names,
            [
                "[Content_Types].xml",
                "_rels/.rels",
                "word/document.xml",
                "docProps/core.xml"
            ]
        );
        let mut text = String::new();
        archive
            .by_name("word/document.xml")
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert!(text.contains("Lettre &lt;de&gt; motivation &amp; CV<"));
        assert!(text.contains("Léa D'Orvellec") && text.contains(NOTICE));
        // Every tag that opens closes.
        for tag in [
            "w:p",
            "w:r",
            "w:t",
            "w:body",
            "w:document",
            "w:pPr",
            "w:rPr",
            "w:sectPr",
        ] {
            let opened = text.matches(&format!("<{tag}>")).count()
                + text.matches(&format!("<{tag} ")).count();
            assert_eq!(opened, text.matches(&format!("</{tag}>")).count(), "{tag}");
        }
    }

    #[test]
    fn odd_texts_do_no_harm() {
        let long = "é".repeat(4000);
        for text in ["", ".pdf", "漢字 \u{202e}\0\u{7}", long.as_str()] {
            for kind in KINDS {
                assert!(file(kind, u64::MAX, text, text).len() > 1000, "{kind:?}");
            }
        }
    }

    #[test]
    fn a_seed_carries_the_date_of_the_document() {
        for day in [date(2000, 1, 1), date(2024, 2, 29), date(2026, 11, 22)] {
            assert_eq!(issue_date(seed_dated(u64::MAX, day)), day);
            assert_eq!(issue_date(seed_dated(0, day)), day);
        }
        assert_eq!(issue_date(seed_dated(7, date(1990, 1, 1))), EPOCH);
        assert!(issue_date(u64::MAX) <= EPOCH + 45.years());
    }

    #[test]
    fn every_word_can_be_written_in_a_pdf() {
        let mut texts: Vec<&str> = Vec::new();
        for origin in words::ORIGINS {
            texts.extend(origin.first_names);
            texts.extend(origin.last_names);
        }
        texts.extend(SENTENCES);
        texts.extend(ISSUERS);
        for text in texts {
            assert!(
                text.chars().all(|letter| windows_1252(letter) != b'?'),
                "{text}"
            );
        }
    }
}

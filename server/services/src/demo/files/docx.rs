//! A letter for a word processor.

use std::io::{Cursor, Write as _};

use jiff::civil::Date;
use zip::write::SimpleFileOptions;

use super::{NOTICE, SENTENCES, french};
use crate::demo::chance::Dice;
use crate::demo::words;

/// A letter of one page: the three parts that a word processor needs, and the title in the properties.
pub(super) fn docx(dice: &mut Dice, title: &str, person: &str, issued: Date) -> Vec<u8> {
    let mut body = String::new();
    let mut paragraph = |properties: &str, run: &str, text: &str| {
        body.push_str(&format!(
            "<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
            escape(text)
        ));
    };
    paragraph("", "<w:b/>", person);
    paragraph("", "", &format!("{} {}", 1 + dice.below(90), dice.pick(words::STREETS)));
    paragraph("<w:jc w:val=\"right\"/>", "", &format!("Paris, le {}", french(issued)));
    paragraph("<w:spacing w:before=\"480\" w:after=\"240\"/>", "<w:b/><w:sz w:val=\"36\"/>", title);
    paragraph("<w:spacing w:after=\"240\"/>", "<w:i/>", NOTICE);
    paragraph("", "", "Madame, Monsieur,");
    let sector = &words::SECTORS[dice.index(words::SECTORS.len())];
    let (job, employer) = (dice.pick(sector.jobs), dice.pick(sector.employers));
    paragraph(
        "<w:spacing w:before=\"160\"/><w:jc w:val=\"both\"/>",
        "",
        &format!("Je vous écris au sujet du poste « {job} » proposé par {employer}, une entreprise qui n'existe pas."),
    );
    let first = dice.index(SENTENCES.len());
    for block in 0..2 + dice.index(3) {
        let text: Vec<&str> = (0..3).map(|line| SENTENCES[(first + block * 3 + line) % SENTENCES.len()]).collect();
        paragraph("<w:spacing w:before=\"160\"/><w:jc w:val=\"both\"/>", "", &text.join(" "));
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

/// The type of each part.
const CONTENT_TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
<Default Extension=\"xml\" ContentType=\"application/xml\"/>\
<Override PartName=\"/word/document.xml\" \
ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>\
<Override PartName=\"/docProps/core.xml\" \
ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>";

/// The relations between the parts.
const RELATIONSHIPS: &str = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
<Relationship Id=\"rId1\" \
Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
Target=\"word/document.xml\"/>\
<Relationship Id=\"rId2\" \
Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" \
Target=\"docProps/core.xml\"/></Relationships>";

/// Zips the parts. Each gets the earliest date of the format, because the clock must not change the bytes.
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

/// Text for XML. Control characters, which XML never allows, are left out.
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

//! `[territory]`: the table of postal codes and the Missions Locales that serve them, a CSV file beside the site file.

use super::{Refused, SiteFileError};
use domain::{
    forms::fields::is_postal_code,
    territory::{Structure, Territory},
};
use serde::Deserialize;
use std::{fs, path::Path};
use toml::Spanned;

/// The table that is compiled in, for a site file without one. It has examples for the demonstration.
const DEFAULT: &str = include_str!("../../sites/territoire-exemple.csv");
/// Its name in messages.
const DEFAULT_NAME: &str = "sites/territoire-exemple.csv (compiled in)";
/// The columns of a table.
const COLUMNS: [&str; 3] = ["postal_code", "structure_code", "structure_name"];
/// The most characters of a name and of a code.
const TEXT_MAX: usize = 120;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    file: Option<Spanned<String>>,
}

/// A line of the table.
#[derive(Deserialize)]
struct Line {
    postal_code: String,
    structure_code: String,
    structure_name: String,
}

/// An error in the section (`Err(Err(…))`), or in the table that it names (`Err(Ok(…))`).
type Wrong = Result<SiteFileError, Refused>;

/// The table that the site file at `site` names, or else the one that is compiled in.
pub(super) fn read(section: Section, site: &Path) -> Result<Territory, Wrong> {
    let Some(file) = section.file else {
        return parse(DEFAULT_NAME, DEFAULT).map_err(Ok);
    };
    let at = file.span().start;
    let path = site.parent().unwrap_or(Path::new("")).join(super::filled("territory.file", file).map_err(Err)?);
    match fs::read_to_string(&path) {
        Ok(text) => parse(&path.display().to_string(), &text).map_err(Ok),
        Err(error) => Err(Err((at, format!("territory.file: {}: cannot be read: {error}", path.display())))),
    }
}

/// Reads a table; `file` names it in messages.
fn parse(file: &str, text: &str) -> Result<Territory, SiteFileError> {
    let wrong = |line: Option<u64>, message: String| SiteFileError {
        file: file.to_owned(),
        line: line.and_then(|line| usize::try_from(line).ok()),
        message,
    };
    let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).trim(csv::Trim::All).from_reader(text.as_bytes());
    let unreadable = |error: csv::Error| {
        let line = error.position().map(csv::Position::line);
        let message = match error.kind() {
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                format!("{len} columns instead of {expected_len}")
            }
            _ => "is not CSV".to_owned(),
        };
        wrong(line, message)
    };
    let headers = reader.headers().map_err(unreadable)?.clone();
    let known = COLUMNS.iter().all(|column| headers.iter().any(|header| header == *column));
    if !known {
        let line = headers.position().map(csv::Position::line);
        return Err(wrong(line, format!("the first line must name the columns {}", COLUMNS.join(", "))));
    }
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let at = record.position().map(csv::Position::line);
        let line: Line = record.deserialize(Some(&headers)).map_err(unreadable)?;
        let named =
            |text: &str| !text.is_empty() && text.chars().count() <= TEXT_MAX && !text.chars().any(char::is_control);
        if !is_postal_code(&line.postal_code) {
            return Err(wrong(
                at,
                format!("postal_code must be five digits, such as 75011, not {:?}", line.postal_code),
            ));
        }
        if !named(&line.structure_code) || !line.structure_code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(wrong(at, "structure_code must be letters and digits, such as 75119S00".to_owned()));
        }
        if !named(&line.structure_name) {
            return Err(wrong(at, format!("structure_name must have 1 to {TEXT_MAX} characters, in one line")));
        }
        lines.push((line.postal_code, Structure { code: line.structure_code, name: line.structure_name }));
    }
    if lines.is_empty() {
        return Err(wrong(None, "has no line".to_owned()));
    }
    Ok(Territory::of(lines))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_table_is_right() {
        let territory = parse(DEFAULT_NAME, DEFAULT).unwrap();
        for code in domain::forms::fields::paris_codes() {
            let serving = territory.serving(&code.to_string());
            assert_eq!(serving.iter().map(|it| it.code.as_str()).collect::<Vec<_>>(), ["75119S00"], "{code}");
        }
        assert_eq!(territory.serving("77400").len(), 2, "one code that several serve");
    }

    #[test]
    fn a_wrong_table_names_the_file_the_line_and_what_is_allowed() {
        let head = "# a comment\npostal_code,structure_code,structure_name\n";
        let long = format!("{head}75011,75119S00,{}\n", "é".repeat(121));
        for (text, expected) in [
            ("", "table.csv, line 1: the first line must name the columns"),
            (
                "postal_code,code,name\n75011,75119S00,Paris\n",
                "table.csv, line 1: the first line must name the columns",
            ),
            (head, "table.csv: has no line"),
            (&format!("{head}75011,75119S00\n"), "table.csv, line 3: 2 columns instead of 3"),
            (
                &format!("{head}75011,75119S00,Paris\n7501,75119S00,Paris\n"),
                "table.csv, line 4: postal_code must be five digits, such as 75011, not \"7501\"",
            ),
            (&format!("{head}75011,7511/S,Paris\n"), "table.csv, line 3: structure_code must be letters and digits"),
            (&format!("{head}75011,75119S00,\n"), "table.csv, line 3: structure_name must have 1 to 120 characters"),
            (&long, "table.csv, line 3: structure_name must have 1 to 120 characters"),
        ] {
            let error = parse("table.csv", text).expect_err(text).to_string();
            assert!(error.contains(expected) && !error.contains('\n'), "{text:?}: {error}");
        }
        // Spreadsheets write a byte order mark first, and quote the cells.
        let quoted =
            "\u{feff}structure_code,structure_name,postal_code\r\n\"75119S00\",\"Paris, la Mission Locale\",75011\r\n";
        assert_eq!(parse("table.csv", quoted).unwrap().serving("75011")[0].name, "Paris, la Mission Locale");
    }

    #[test]
    fn the_table_lies_beside_the_site_file() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site.toml");
        let section = || toml::from_str::<Section>("file = \"table.csv\"").unwrap();
        let Err(Err((_, message))) = read(section(), &site) else { panic!("there is no such file") };
        assert!(message.starts_with("territory.file: ") && message.contains("table.csv: cannot be read"), "{message}");
        fs::write(
            folder.path().join("table.csv"),
            "postal_code,structure_code,structure_name\n13001,13055S00,Marseille\n",
        )
        .unwrap();
        assert_eq!(read(section(), &site).ok().unwrap().serving("13001").len(), 1);
        assert_eq!(read(Section::default(), &site).ok().unwrap().serving("75011").len(), 1, "the one compiled in");
    }
}

//! Comments cite requirements by their ids. Each cited id must be explained in `docs/requirements.md`, and each id that
//! is explained there must be cited.

use crate::{sources::root, support::files_under};
use std::{collections::BTreeMap, fs};

/// The folders whose comments may cite an id.
const FOLDERS: [&str; 7] = ["app", "bench", "end2end", "frontend", "scripts", "server", "style"];

/// The comment on a line of a file of this kind, or nothing.
fn comment<'a>(extension: &str, line: &'a str) -> Option<&'a str> {
    let marks: &[&str] = match extension {
        "rs" | "scss" => &["//"],
        "mjs" => &["//", "/*", " * "],
        "sql" | "lua" => &["--"],
        "toml" | "sh" => &["#"],
        _ => return None,
    };
    marks.iter().filter_map(|mark| line.find(mark)).min().map(|begin| &line[begin..])
}

/// The ids that stand in a text: a letter of a group and a number. « F3 to F6 » cites four.
fn ids(text: &str) -> Vec<String> {
    let id = |word: &str| {
        let (group, number) = word.split_at_checked(1)?;
        let number: u8 = number.parse().ok().filter(|_| number.len() <= 2 && !number.starts_with('0'))?;
        "FCEVANPLO".contains(group).then(|| (group.to_owned(), number))
    };
    let words: Vec<_> = text.split(|sign: char| !sign.is_alphanumeric() && sign != '_').collect();
    let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let Some((group, first)) = id(word) else { continue };
        let last = match words.get(at + 1..at + 3) {
            Some(["to", last]) => id(last).filter(|(other, _)| *other == group).map(|(_, last)| last),
            _ => None,
        };
        found.extend((first..=last.unwrap_or(first)).map(|number| format!("{group}{number}")));
    }
    found
}

/// The lines of the document: each id, and what follows it.
fn explained(document: &str) -> BTreeMap<&str, &str> {
    document.lines().filter_map(|line| line.strip_prefix("- **")?.split_once("** ")).collect()
}

/// What is wrong between the ids that are cited (each with a place) and those that are explained.
fn differences(cited: &BTreeMap<String, String>, explained: &BTreeMap<&str, &str>) -> Vec<String> {
    let unexplained = cited.iter().filter(|(id, _)| !explained.contains_key(id.as_str()));
    let uncited = explained.keys().filter(|id| !cited.contains_key(**id));
    unexplained
        .map(|(id, place)| format!("{place} cites {id}: docs/requirements.md has no line for it"))
        .chain(uncited.map(|id| format!("docs/requirements.md explains {id}: no comment cites it")))
        .collect()
}

#[test]
fn every_cited_requirement_is_explained_and_every_explained_one_is_cited() {
    let document = fs::read_to_string(root().join("docs/requirements.md")).unwrap();
    let mut cited = BTreeMap::new();
    for folder in FOLDERS {
        for file in files_under(&root().join(folder)) {
            let path = file.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
            let Some(extension) = file.extension().and_then(|extension| extension.to_str()) else { continue };
            // The examples of this file are not citations.
            if path.contains("/node_modules/") || path == "server/tests/http/requirements.rs" {
                continue;
            }
            // Pictures and the like are no text.
            let Ok(text) = fs::read_to_string(&file) else { continue };
            for (number, line) in (1..).zip(text.lines()) {
                for id in comment(extension, line).map(ids).unwrap_or_default() {
                    cited.entry(id).or_insert_with(|| format!("{path}:{number}"));
                }
            }
        }
    }
    assert!(cited.len() >= 40, "{} ids are cited", cited.len());
    let wrong = differences(&cited, &explained(&document));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_files_that_requirements_name_exist() {
    let document = fs::read_to_string(root().join("docs/requirements.md")).unwrap();
    for (id, text) in explained(&document) {
        let place = text.rsplit('`').nth(1).unwrap_or_default();
        assert!(root().join(place).is_file() && place.contains('/'), "{id} is carried out in {place:?}");
        assert!(text.len() - place.len() > 30, "{id} says what it requires");
    }
}

#[test]
fn a_requirement_that_is_cited_or_explained_alone_is_found() {
    let cited = |text: &str| ids(text).into_iter().map(|id| (id, "app/src/a.rs:1".to_owned())).collect();
    let document = "# Ids\n- **E12** The end. `a/b.rs`\n- **V5** Sharing. `a/c.rs`\n";
    assert_eq!(differences(&cited("(E12, V5)"), &explained(document)), [""; 0]);
    let unexplained = ["app/src/a.rs:1 cites C4: docs/requirements.md has no line for it"];
    assert_eq!(differences(&cited("E12, V5; C4"), &explained(document)), unexplained);
    let uncited = ["docs/requirements.md explains V5: no comment cites it"];
    assert_eq!(differences(&cited("E12"), &explained(document)), uncited);
}

#[test]
fn ids_are_read_in_comments_alone() {
    assert_eq!(ids("of the forms (F3 to F6), V8's keys, A4"), ["F3", "F4", "F5", "F6", "F6", "V8", "A4"]);
    assert_eq!(ids("R1, IpAddr::V6x, UTF8, E, C0, C014, F_1, %C3"), ["C3"]);
    assert_eq!(comment("rs", "let a = V4; // the list (V4)"), Some("// the list (V4)"));
    assert_eq!(comment("rs", "IpAddr::V4(address)"), None);
    assert_eq!(comment("sql", "kind TEXT, -- F5 alone"), Some("-- F5 alone"));
    assert_eq!(comment("svg", "// F5"), None);
}

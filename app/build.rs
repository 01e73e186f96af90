//! Turns `locales/*.toml` into `Texts`, one method per key, so that a missing or misspelt key does
//! not compile, and a language that lacks a key fails the build with its name.
//!
//! A value is a text, or a table `{ one = "…", other = "…" }` from which `count` chooses. `{name}` in a text becomes a
//! parameter. The spaces before French punctuation are made unbreakable here. Only pages use the texts, and the WASM of
//! the browser holds no pages.

use std::{collections::BTreeMap, env, fmt::Write as _, fs, path::Path};

/// One key's text, or its two forms.
enum Text {
    Plain(String),
    Counted { one: String, other: String },
}

type Texts = BTreeMap<String, Text>;

fn main() {
    let folder = Path::new("locales");
    println!("cargo::rerun-if-changed=locales");
    let mut languages = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("app/locales is missing") {
        let path = entry.expect("app/locales cannot be read").path();
        let language = path.file_stem().and_then(|stem| stem.to_str()).expect("a locale's file name").to_owned();
        let content = fs::read_to_string(&path).expect("a locale cannot be read");
        let table: toml::Table = content.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut texts = Texts::new();
        flatten("", &table, &mut texts, &language);
        languages.insert(language, texts);
    }
    let reference = languages.get("fr").expect("locales/fr.toml is the reference");
    for (language, texts) in &languages {
        for key in reference.keys() {
            assert!(texts.contains_key(key), "locales/{language}.toml lacks the key {key}");
            assert!(
                sorted(parameters(&texts[key])) == sorted(parameters(&reference[key])),
                "locales/{language}.toml: {key} has other parameters than in fr.toml"
            );
        }
        for key in texts.keys() {
            assert!(reference.contains_key(key), "locales/{language}.toml has the unknown key {key}");
        }
    }
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("texts.rs");
    fs::write(out, generate(&languages)).expect("OUT_DIR is writable");
}

fn flatten(prefix: &str, table: &toml::Table, texts: &mut Texts, language: &str) {
    for (key, value) in table {
        let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}_{key}") };
        match value {
            toml::Value::String(text) => {
                texts.insert(name, Text::Plain(typography(language, text)));
            }
            toml::Value::Table(forms) if forms.contains_key("one") && forms.contains_key("other") => {
                let form = |key: &str| {
                    let text = forms.get(key).and_then(toml::Value::as_str);
                    typography(
                        language,
                        text.unwrap_or_else(|| panic!("locales/{language}.toml: {name} needs `{key}`")),
                    )
                };
                let counted = Text::Counted { one: form("one"), other: form("other") };
                texts.insert(name, counted);
            }
            toml::Value::Table(inner) => flatten(&name, inner, texts, language),
            _ => panic!("locales/{language}.toml: {name} must be a text"),
        }
    }
}

/// French punctuation marks such as « ; », and units, must stay on the line of the word before them.
fn typography(language: &str, text: &str) -> String {
    if language != "fr" {
        return text.to_owned();
    }
    let mut text = text.replace("« ", "«\u{a0}");
    for mark in ["?", "!", ":", ";", "»", "%"] {
        text = text.replace(&format!(" {mark}"), &format!("\u{a0}{mark}"));
    }
    text
}

/// The parameters of a text, in the order in which the French sentence names them.
fn parameters(text: &Text) -> Vec<String> {
    let of = |text: &str| -> Vec<String> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name.to_owned()).collect()
    };
    let mut names = match text {
        Text::Plain(text) => of(text),
        Text::Counted { one, other } => of(one).into_iter().chain(of(other)).collect(),
    };
    names.retain(|name| !(matches!(text, Text::Counted { .. }) && name == "count"));
    let mut seen = Vec::new();
    names.retain(|name| {
        !seen.contains(name) && {
            seen.push(name.clone());
            true
        }
    });
    names
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

fn variant(language: &str) -> String {
    let mut letters = language.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn generate(languages: &BTreeMap<String, Texts>) -> String {
    let mut code = String::new();
    code.push_str(
        "/// A language of the site.\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub(crate) enum Language {\n",
    );
    for language in languages.keys() {
        let _ = writeln!(code, "    /// `{language}`\n    {},", variant(language));
    }
    code.push_str("}\n\nimpl Language {\n    /// The language's tag, for `lang`.\n    #[must_use]\n    pub(crate) const fn tag(self) -> &'static str {\n        match self {\n");
    for language in languages.keys() {
        let _ = writeln!(code, "            Self::{} => {language:?},", variant(language));
    }
    code.push_str("        }\n    }\n}\n\nimpl Texts {\n");
    for (key, text) in &languages["fr"] {
        let names = parameters(text);
        let counted = matches!(text, Text::Counted { .. });
        let mut signature = String::from("self");
        if counted {
            signature.push_str(", count: u64");
        }
        for name in &names {
            let _ = write!(signature, ", {name}: impl std::fmt::Display");
        }
        let plain = names.is_empty() && !counted;
        let result = if plain { "&'static str" } else { "String" };
        let _ = writeln!(
            code,
            "    #[must_use]\n    pub(crate) fn {key}({signature}) -> {result} {{\n        match self.language {{"
        );
        for (language, texts) in languages {
            let arm = match &texts[key] {
                Text::Plain(text) if plain => format!("{text:?}"),
                Text::Plain(text) => format!("format!({text:?})"),
                Text::Counted { one, other } => {
                    let form = |text: &str| {
                        if text.contains('{') { format!("format!({text:?})") } else { format!("{text:?}.to_owned()") }
                    };
                    format!("if count < 2 {{ {} }} else {{ {} }}", form(one), form(other))
                }
            };
            let _ = writeln!(code, "            Language::{} => {arm},", variant(language));
        }
        code.push_str("        }\n    }\n");
    }
    code.push_str("}\n");
    code
}

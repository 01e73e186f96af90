//! House rules about the sources that no compiler checks. Each rule has a planted offence that it must find.

use crate::sources::{Source, flatten, root, sources};
use quote::ToTokens;
use std::{collections::BTreeSet, fs, path::Path};
use syn::Item;

/// A rule: the files where it holds, and how to find the lines that break it.
struct Rule {
    name: &'static str,
    holds_in: fn(&str) -> bool,
    offences: fn(&Source) -> Vec<usize>,
    /// A path and code that breaks the rule there, and similar code that keeps it.
    planted: (&'static str, &'static str, &'static str),
}

fn any(source: &Source, patterns: &[&[&str]]) -> Vec<usize> {
    patterns.iter().flat_map(|words| source.lines_of(words)).collect()
}

fn is_store(path: &str) -> bool {
    path.starts_with("server/services/src/store/") || path == "server/services/src/store.rs"
}

/// Names that a line of the log must not be made from.
const UNLOGGABLE: [&str; 15] = [
    "identifier",
    "name",
    "first_name",
    "last_name",
    "email",
    "phone",
    "password",
    "token",
    "code",
    "secret",
    "address",
    "path",
    "uri",
    "query",
    "message_text",
];

const RULES: &[Rule] = &[
    Rule {
        name: "SQL stands in services/src/store alone",
        // `db.rs` asks the engine for its version, and the helpers of tests look at rows that no service reads.
        holds_in: |path| {
            !is_store(path) && path != "server/services/src/db.rs" && !path.contains("services/src/testing")
        },
        offences: |source| {
            any(
                source,
                &[
                    &["sqlx", ":", ":", "query*"],
                    &["sqlx", ":", ":", "raw_sql"],
                    &["QueryBuilder"],
                    &["AssertSqlSafe"],
                    &["query_as"],
                    &["query_scalar"],
                ],
            )
        },
        planted: (
            "server/services/src/youth.rs",
            "async fn f() { on!(db, conn => sqlx::query(\"SELECT 1\").execute(conn).await) }",
            "async fn f() -> Result<(), sqlx::Error> { page.query(\"vers\"); Ok(()) }",
        ),
    },
    Rule {
        name: "nothing is printed but by the command line",
        holds_in: |path| {
            path != "server/src/cli.rs" && !path.starts_with("server/src/cli/") && path != "server/src/main.rs"
        },
        offences: |source| {
            any(source, &[&["println", "!"], &["print", "!"], &["eprintln", "!"], &["eprint", "!"], &["dbg", "!"]])
        },
        planted: ("server/src/layers.rs", "fn f() { eprintln!(\"{}\", 1) }", "fn f() { writeln!(out, \"a\"); }"),
    },
    Rule {
        name: "the time comes from the Calendar",
        holds_in: |path| path != "server/services/src/clock.rs",
        offences: |source| {
            any(
                source,
                &[
                    &["SystemTime", ":", ":", "now"],
                    &["Utc", ":", ":", "now"],
                    &["Local", ":", ":", "now"],
                    &["Zoned", ":", ":", "now"],
                    &["Timestamp", ":", ":", "now"],
                    &["OffsetDateTime", ":", ":", "now*"],
                ],
            )
        },
        planted: ("app/src/pages/home.rs", "fn f() { std::time::SystemTime::now(); }", "fn f() { calendar.now(); }"),
    },
    Rule {
        name: "app is told apart for browser and server in lib.rs alone",
        holds_in: |path| path.starts_with("app/src/") && path != "app/src/lib.rs",
        offences: |source| {
            any(
                source,
                &[
                    &["cfg", "(", "feature"],
                    &["cfg", "(", "not", "(", "feature"],
                    &["cfg", "!", "(", "feature"],
                    &["cfg_attr", "(", "feature"],
                ],
            )
        },
        planted: ("app/src/api.rs", "#[cfg(feature = \"ssr\")] fn f() {}", "#[cfg(unix)] fn f() {}"),
    },
    Rule {
        name: "actions stand in app/src/actions alone",
        holds_in: |path| !path.starts_with("app/src/actions"),
        offences: |source| any(source, &[&["#", "[", "server"], &["#", "[", "leptos", ":", ":", "server"]]),
        planted: (
            "app/src/api/vault.rs",
            "#[server(prefix = \"\", endpoint = \"x\", input = Form)] pub async fn f() -> Result<(), Refusal> { Ok(()) }",
            "#[cfg(unix)] fn server() {}",
        ),
    },
    Rule {
        name: "sessions and actors are made by server and services alone",
        holds_in: |path| path.starts_with("app/src/") || path.starts_with("frontend/"),
        offences: |source| {
            any(
                source,
                &[
                    &["Session", ":", ":", "checked"],
                    &["Actor", ":", ":", "youth"],
                    &["Actor", ":", ":", "staff"],
                    &["Actor", ":", ":", "machine"],
                ],
            )
        },
        planted: (
            "app/src/api.rs",
            "fn f() { Actor::staff(account, role); }",
            "fn f() { Actor::anonymous(); session.actor(); }",
        ),
    },
    Rule {
        name: "an Access is made by authorize alone",
        holds_in: |path| path.starts_with("server/services/src/") && path != "server/services/src/access.rs",
        offences: |source| any(source, &[&["Access", "{"], &["-", ">", "Access", "<"], &["transmute*"]]),
        planted: (
            "server/services/src/youth.rs",
            "fn f() -> Access<A, S> { todo!() }",
            "fn f(access: &Access<A, S>) {}",
        ),
    },
    Rule {
        name: "the log names nobody",
        holds_in: |_| true,
        offences: |source| {
            let mut lines = Vec::new();
            for (at, (token, line)) in source.tokens.iter().enumerate() {
                if token != "tracing" {
                    continue;
                }
                // tracing :: info ! ( … )
                let rest = &source.tokens[at + 1..];
                if rest.get(4).is_none_or(|(open, _)| open != "(") || rest[3].0 != "!" {
                    continue;
                }
                let mut depth = 0;
                for (token, _) in &rest[4..] {
                    depth += i32::from(token == "(") - i32::from(token == ")");
                    if UNLOGGABLE.contains(&token.as_str()) {
                        lines.push(*line);
                    }
                    if depth == 0 {
                        break;
                    }
                }
            }
            lines
        },
        planted: (
            "server/src/layers.rs",
            "fn f() { tracing::warn!(%email, \"refused\"); }",
            "fn f() { tracing::warn!(kind = 1, \"the email was refused\"); }",
        ),
    },
    Rule {
        name: "no address of somebody else's but those that are declared",
        holds_in: |_| true,
        offences: |source| {
            let foreign = |text: &str| {
                text.split("://").skip(1).any(|rest| {
                    let host: String =
                        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || ".-".contains(*c)).collect();
                    host.contains('.')
                        && !DECLARED.iter().any(|(known, _)| host == *known || host.ends_with(&format!(".{known}")))
                })
            };
            let literal = |token: &str| token.starts_with('"') || token.starts_with("r\"") || token.starts_with("r#");
            let foreign = source.tokens.iter().filter(|(token, _)| literal(token) && foreign(token));
            foreign.map(|(_, line)| *line).collect()
        },
        planted: (
            "app/src/pages/home.rs",
            "const A: &str = \"https://fonts.elsewhere.com/a\";",
            "const A: &str = \"https://portail.example.org/\";",
        ),
    },
    Rule {
        name: "sentences for people stand in app/locales alone",
        // The demonstration and the helpers of tests invent people and texts; the command line speaks to the operator.
        holds_in: |path| {
            !path.starts_with("server/services/src/demo")
                && !path.contains("services/src/testing")
                && !path.starts_with("server/src/cli")
        },
        offences: |source| {
            let is_doc = |at: usize| at >= 2 && source.tokens[at - 1].0 == "=" && source.tokens[at - 2].0 == "doc";
            let literals =
                source.tokens.iter().enumerate().filter(|(at, (token, _))| token.contains('"') && !is_doc(*at));
            literals.filter(|(_, (token, _))| is_french(token)).map(|(_, (_, line))| *line).collect()
        },
        planted: (
            "server/src/layers.rs",
            "fn f() -> [&'static str; 2] { [\"Ce lien ne marche plus.\", \"C’est fait, merci\"] }",
            "/// Le lien ne marche plus.\nfn f() { g(\"the button « Envoyer quand même »\", \"États-Unis\", \"a la carte\") }",
        ),
    },
];

/// French words that are frequent. An English sentence hardly ever has two of them.
const FRENCH: [&str; 31] = [
    "le", "la", "les", "du", "des", "une", "est", "sont", "pas", "ne", "vous", "nous", "votre", "vos", "notre", "pour",
    "sur", "dans", "avec", "ce", "cette", "ces", "plus", "par", "au", "aux", "qui", "que", "et", "ou", "un",
];

/// Whether a literal seems to be a French sentence: several words, and a letter of French or two frequent words.
/// What stands between « and » is quoted, in a sentence of another language.
fn is_french(literal: &str) -> bool {
    let mut text = literal.to_lowercase();
    if let (Some(from), Some(to)) = (text.find('«'), text.rfind('»')) {
        text.replace_range(from..to.max(from), "");
    }
    let words: Vec<_> = text.split(|sign: char| !sign.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let frequent: BTreeSet<_> = words.iter().filter(|word| FRENCH.contains(word)).collect();
    text.contains(' ') && (text.contains(|sign| "éèêëàâçùûîïôœ’".contains(sign)) || frequent.len() >= 2)
}

/// Hosts that may stand in the sources, and the reason.
const DECLARED: &[(&str, &str)] = &[
    ("example.org", "in messages, as an example"),
    ("exemple.test", "the demonstration's people"),
    ("127.0.0.1", "this machine"),
    ("www.youtube-nocookie.com", "a declared service, framed only once accepted"),
    ("player.vimeo.com", "the same"),
    ("www.facebook.com", "the same; and where a page is passed on, after a click"),
    ("platform.twitter.com", "the same"),
    ("www.instagram.com", "the same"),
    ("www.linkedin.com", "the same; and where a page is passed on, after a click"),
    ("www.googletagmanager.com", "a declared service, loaded only once accepted"),
    ("www.google-analytics.com", "the same"),
    ("www.youtube.com", "led to after a click"),
    ("vimeo.com", "led to after a click"),
    ("x.com", "led to after a click"),
    ("wa.me", "led to after a click"),
    ("www.w3.org", "a namespace of SVG"),
    ("schemas.openxmlformats.org", "namespaces of DOCX"),
    ("purl.org", "a namespace of DOCX"),
];

/// Tables that hold data about one young person.
const PERSONAL: [&str; 8] =
    ["youth", "document", "vault", "correction", "appointment", "situation", "access_log", "attachment"];

/// Store functions that touch such a table without an `Access`, and the reason why they may.
const WITHOUT_ACCESS: &[(&str, &str)] = &[
    ("figures::ages", "the key figures: how many, never who, and few are not told"),
    ("figures::new_by_month", "the key figures: how many, never who, and few are not told"),
    ("figures::situations", "the key figures: how many, never who, and few are not told"),
    ("figures::work", "the key figures: how many, never whose, and few are not told"),
    ("access_log::append", "a line is written for whoever tried, refused ones most of all"),
    ("facts::youth", "reads what decisions are made from"),
    ("facts::document", "reads what decisions are made from"),
    ("activation::find", "whose account a code opens, by the code itself"),
    ("accounts::known_of", "one's own names, by the account of one's session"),
    ("sessions::find", "whose session it is, by its own token"),
    ("portfolio::page", "only files attached to the one who asks, by the query itself"),
    ("portfolio::letters", "as above, numbers alone"),
    ("youths::profile_and_situation", "private, behind profile and file"),
    ("documents::committed", "private, behind functions with an Access"),
    ("documents::reserve", "for a pending document that an Access made"),
    ("documents::abandon", "gives up a pending document that an Access made, or that the sweep found"),
    ("documents::entomb", "private, behind bury and abandon"),
    ("documents::unfinished", "the sweep: ids and states alone"),
    ("documents::is_known", "the sweep: whether an id is there"),
    ("documents::forget", "the sweep: a tombstone whose objects are gone"),
    ("inspection::documents_from", "doctor: what is sealed and its id, opened by nobody but to be compared"),
    ("inspection::last_document", "doctor: an id alone"),
    ("inspection::documents", "doctor: a number"),
    ("inspection::unfinished", "doctor: a number"),
    ("inspection::miscounted_vaults", "doctor: a number"),
    ("inspection::owners_after", "doctor: ids alone, compared with those of the keyring"),
    ("inspection::people_after", "doctor: ids alone, compared with those of the keyring"),
    ("youths::insert", "the demonstration and imports make files"),
    ("youths::attach", "the demonstration and imports make files"),
    ("youths::insert_situation", "the demonstration and imports make files"),
    ("youths::insert_event", "the demonstration and imports make files"),
];

/// Whether `statement` names one of the tables about a person.
fn touches_a_person(statement: &str) -> bool {
    let words: Vec<_> =
        statement.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    words.windows(2).any(|pair| ["FROM", "INTO", "UPDATE", "JOIN"].contains(&pair[0]) && PERSONAL.contains(&pair[1]))
}

/// The store functions of `source` that touch a person's data, and whether an `Access` is asked for.
fn personal_functions(source: &Source) -> Vec<(String, bool)> {
    let module = Path::new(&source.path).file_stem().unwrap().to_string_lossy().into_owned();
    let mut found = Vec::new();
    for item in &source.items.items {
        let Item::Fn(function) = item else { continue };
        let mut tokens = Vec::new();
        flatten(function.block.to_token_stream(), &mut tokens);
        // `entomb` and `committed` hold the statement for their callers; the callers count as touching a person's data
        // too.
        let delegates =
            tokens.windows(2).any(|pair| ["entomb", "committed"].contains(&pair[0].0.as_str()) && pair[1].0 == "(");
        if delegates || tokens.iter().any(|(token, _)| token.starts_with('"') && touches_a_person(token)) {
            let signature = function.sig.to_token_stream().to_string();
            let asks = signature.contains("Access <") || signature.contains("impl MayRead");
            found.push((format!("{module}::{}", function.sig.ident), asks));
        }
    }
    found
}

const SOURCES: [&str; 5] = ["app/src", "app/domain/src", "server/src", "server/services/src", "frontend/src"];

#[test]
fn every_source_keeps_the_house_rules() {
    let sources = sources(&SOURCES);
    assert!(sources.len() > 90, "{} files", sources.len());
    let mut offences = Vec::new();
    for rule in RULES {
        for source in sources.iter().filter(|source| (rule.holds_in)(&source.path)) {
            let lines = (rule.offences)(source);
            offences.extend(lines.iter().map(|line| format!("{}:{line}: {}", source.path, rule.name)));
        }
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

/// The test of the test above.
#[test]
fn every_house_rule_finds_its_planted_offence_and_nothing_else() {
    for rule in RULES {
        let (path, offence, fine) = rule.planted;
        assert!((rule.holds_in)(path), "{}", rule.name);
        let found = (rule.offences)(&Source::read(path, offence));
        assert_eq!(found.iter().collect::<BTreeSet<_>>(), BTreeSet::from([&1]), "{}: {offence}", rule.name);
        assert_eq!((rule.offences)(&Source::read(path, fine)), [0; 0], "{}: {fine}", rule.name);
        // The rules do not apply to test modules.
        let tested = format!("#[cfg(test)] mod tests {{ {offence} }}");
        assert_eq!((rule.offences)(&Source::read(path, &tested)), [0; 0], "{}: {tested}", rule.name);
    }
}

#[test]
fn store_functions_about_a_person_ask_for_an_access() {
    let mut unexcused = Vec::new();
    let mut excused = BTreeSet::new();
    let mut asking = 0;
    for source in sources(&["server/services/src/store"]) {
        for (name, asks) in personal_functions(&source) {
            if asks {
                asking += 1;
            } else if WITHOUT_ACCESS.iter().any(|(excuse, _)| *excuse == name) {
                excused.insert(name);
            } else {
                unexcused.push(format!("{name} touches a person's data without an Access"));
            }
        }
    }
    assert!(unexcused.is_empty(), "{}", unexcused.join("\n"));
    assert!(asking >= 12, "{asking} functions ask for one");
    let listed: BTreeSet<_> = WITHOUT_ACCESS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(listed, excused, "the list of exceptions is no longer than needed");
    assert!(WITHOUT_ACCESS.iter().all(|(_, reason)| !reason.is_empty()));
}

#[test]
fn a_store_function_without_an_access_is_found() {
    let planted = "
        pub(crate) async fn all(db: &mut impl Reads) -> R { on!(db, conn => sqlx::query_as(\"SELECT first_name FROM youth\")) }
        pub(crate) async fn mine(db: &mut impl Reads, access: &Access<A, S>) -> R { on!(db, conn => sqlx::query(\"UPDATE vault SET a = 1\")) }
        pub(crate) async fn house(db: &mut impl Reads) -> R { on!(db, conn => sqlx::query(\"SELECT 1 FROM session\")) }";
    let found = personal_functions(&Source::read("server/services/src/store/planted.rs", planted));
    assert_eq!(found, [("planted::all".to_owned(), false), ("planted::mine".to_owned(), true)]);
}

/// An `Access` is proof of a decision only because nothing else can make one.
#[test]
fn only_authorize_can_make_an_access() {
    let path = "server/services/src/access.rs";
    let source = Source::read(path, &fs::read_to_string(root().join(path)).unwrap());
    let access = source.items.items.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == "Access" => Some(item),
        _ => None,
    });
    let private = |field: &syn::Field| matches!(field.vis, syn::Visibility::Inherited);
    assert!(access.expect("the proof").fields.iter().all(private));
    let derives = access.unwrap().attrs.iter().map(|attribute| attribute.to_token_stream().to_string());
    assert!(!derives.collect::<String>().contains("Clone"), "a proof is for one decision");
    assert_eq!(source.lines_of(&["Ok", "(", "Access", "{"]).len(), 1, "made in one place");
    assert_eq!(source.lines_of(&["Access", "{"]).len(), 1, "and nowhere else");
    let makers = source.items.items.iter().filter(|item| match item {
        Item::Fn(function) => function.sig.output.to_token_stream().to_string().contains("Access <"),
        _ => false,
    });
    assert_eq!(makers.count(), 1);
    let clippy = fs::read_to_string(root().join("app/clippy.toml")).unwrap();
    assert!(clippy.contains("Session::checked") && clippy.contains("Actor::staff") && clippy.contains("Actor::youth"));
}

#[test]
fn no_file_is_longer_than_600_lines() {
    const MOST: usize = 600;
    let all = sources(&[&SOURCES[..], &["server/tests", "app/domain/tests"]].concat());
    let long: Vec<_> = all.iter().filter(|source| source.lines > MOST).map(|source| &source.path).collect();
    assert!(long.is_empty(), "more than {MOST} lines: {long:?}");
    assert_eq!(Source::read("long.rs", &"\n".repeat(601)).lines, 601);
}

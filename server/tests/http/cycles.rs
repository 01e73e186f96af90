//! Files that use each other in a circle cannot be read one after the other, nor moved alone. A parent module and its own
//! child modules are one unit, so what they use of each other does not count.

use crate::sources::{Source, flatten, sources};
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use syn::{Item, UseTree};

/// A module by its path below the root of its crate; the root is the empty path.
type Module = Vec<String>;

/// The module that the file at `path` is, when the sources of its crate are under `folder`.
fn module_of(folder: &str, path: &str) -> Module {
    let inside = path.strip_prefix(folder).unwrap().trim_start_matches('/').trim_end_matches(".rs");
    inside.split('/').filter(|part| !["lib", "main"].contains(part)).map(str::to_owned).collect()
}

/// The paths of a `use`, each with the name by which the file knows it.
fn imported(tree: &UseTree, before: &[String], found: &mut Vec<(Module, String)>) {
    let with = |name: String| [before, &[name]].concat();
    match tree {
        UseTree::Path(path) => imported(&path.tree, &with(path.ident.to_string()), found),
        UseTree::Name(name) if name.ident == "self" => {
            found.push((before.to_vec(), before.last().cloned().unwrap_or_default()));
        }
        UseTree::Name(name) => found.push((with(name.ident.to_string()), name.ident.to_string())),
        UseTree::Rename(rename) => found.push((with(rename.ident.to_string()), rename.rename.to_string())),
        UseTree::Glob(_) => found.push((before.to_vec(), String::new())),
        UseTree::Group(group) => group.items.iter().for_each(|item| imported(item, before, found)),
    }
}

/// The words of every path `a::b::c` in `tokens`.
fn paths(tokens: &[(String, usize)]) -> Vec<Module> {
    let is_word = |token: &str| token.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let mut found: Vec<Module> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let mut path = Vec::new();
        while let Some((word, _)) = tokens.get(at).filter(|(token, _)| is_word(token)) {
            path.push(word.clone());
            let joined = tokens.get(at + 1).is_some_and(|(token, _)| token == ":")
                && tokens.get(at + 2).is_some_and(|(token, _)| token == ":");
            if !joined {
                break;
            }
            at += 3;
        }
        at += 1;
        if path.len() > 1 {
            found.push(path);
        }
    }
    found
}

/// `path`, as it stands in `module`, from the root of the crate; nothing for a path of another crate.
fn absolute(module: &[String], path: &[String], modules: &BTreeSet<Module>) -> Option<Module> {
    let mut base = module.to_vec();
    let mut rest = path;
    match rest.first()?.as_str() {
        "crate" => (base, rest) = (Vec::new(), &rest[1..]),
        "self" => rest = &rest[1..],
        "super" => {
            while let Some(("super", more)) = rest.split_first().map(|(first, more)| (first.as_str(), more)) {
                base.pop();
                rest = more;
            }
        }
        child if modules.contains(&[&base[..], &[child.to_owned()]].concat()) => {}
        _ => return None,
    }
    Some([base, rest.to_vec()].concat())
}

/// The modules whose files the file of `module` uses: by `use`, by a path, or by a path that begins with a name it
/// imported. Neither the root of the crate nor parents and children count.
fn used_by(module: &[String], source: &Source, modules: &BTreeSet<Module>) -> BTreeSet<Module> {
    let mut uses = Vec::new();
    let mut tokens = Vec::new();
    for item in &source.items.items {
        match item {
            Item::Use(item) => imported(&item.tree, &[], &mut uses),
            item => flatten(item.to_token_stream(), &mut tokens),
        }
    }
    let names: BTreeMap<_, _> = uses.iter().map(|(path, name)| (name.clone(), path.clone())).collect();
    let spelled = paths(&tokens).into_iter().map(|path| match names.get(&path[0]) {
        Some(imported) => [imported, &path[1..]].concat(),
        None => path,
    });
    let all = uses.iter().map(|(path, _)| path.clone()).chain(spelled);
    let absolute = all.filter_map(|path| absolute(module, &path, modules));
    // The longest beginning of a path that is a module is the file; what follows is in it.
    let files = absolute.filter_map(|path| {
        (1..=path.len()).rev().map(|length| path[..length].to_vec()).find(|begin| modules.contains(begin))
    });
    files.filter(|file| !file.starts_with(module) && !module.starts_with(file)).collect()
}

/// The groups of files of one crate in which each reaches every other, by the names of their modules.
fn cycles(folder: &str, sources: &[Source]) -> Vec<String> {
    let files: BTreeMap<Module, &Source> =
        sources.iter().map(|source| (module_of(folder, &source.path), source)).collect();
    let modules: BTreeSet<Module> = files.keys().cloned().collect();
    let uses: BTreeMap<&Module, BTreeSet<Module>> =
        files.iter().map(|(module, source)| (module, used_by(module, source, &modules))).collect();
    let reached = |from: &Module| {
        let mut reached = BTreeSet::new();
        let mut next: Vec<&Module> = uses[from].iter().collect();
        while let Some(module) = next.pop() {
            if reached.insert(module) {
                next.extend(&uses[module]);
            }
        }
        reached
    };
    let reached: BTreeMap<&Module, BTreeSet<&Module>> =
        modules.iter().map(|module| (module, reached(module))).collect();
    let groups: BTreeSet<Vec<String>> = modules
        .iter()
        .filter(|module| reached[module].contains(module))
        .map(|module| {
            let back = reached[module].iter().filter(|other| reached[**other].contains(module));
            back.map(|other| other.join("::")).collect()
        })
        .collect();
    groups.into_iter().map(|group| group.join(", ")).collect()
}

fn assert_without_cycles(folder: &str) {
    // A program beside the library is a crate of its own.
    let files: Vec<_> = sources(&[folder]).into_iter().filter(|source| !source.path.contains("/src/bin/")).collect();
    assert!(files.len() > 30, "{folder}: {} files", files.len());
    let found = cycles(folder, &files);
    assert!(found.is_empty(), "{folder}: these files use each other in a circle:\n{}", found.join("\n"));
}

#[test]
fn files_of_domain_use_each_other_in_no_circle() {
    assert_without_cycles("app/domain/src");
}

#[test]
fn files_of_app_use_each_other_in_no_circle() {
    assert_without_cycles("app/src");
}

#[test]
fn files_of_services_use_each_other_in_no_circle() {
    assert_without_cycles("server/services/src");
}

/// The test of the test.
#[test]
fn a_planted_circle_is_found_and_families_are_let_be() {
    let found = |files: &[(&str, &str)]| {
        let sources: Vec<_> = files.iter().map(|(path, text)| Source::read(path, text)).collect();
        cycles("a/src", &sources)
    };
    // By `use`, by a path in the middle of code, and by a path that begins with an imported name.
    for back in [
        "use crate::one::A;",
        "fn f() { crate::one::a(); }",
        "use crate::one; fn f() { one::a(); }",
        "use super::one::{self as other, B};",
        "macro_rules! m { () => { $crate::one::a() } }",
    ] {
        let planted = [
            ("a/src/lib.rs", "mod one; mod two; mod three;"),
            ("a/src/one.rs", "use crate::two::B;"),
            ("a/src/two.rs", "use crate::{three::C};"),
            ("a/src/three.rs", back),
        ];
        assert_eq!(found(&planted), ["one, three, two"], "{back}");
    }
    // Through a module that was imported and the children in it.
    let deep = [
        ("a/src/pages.rs", "pub mod home;"),
        ("a/src/pages/home.rs", "use crate::routes::R;"),
        ("a/src/routes.rs", "use crate::pages; fn f() { pages::home::page(); }"),
    ];
    assert_eq!(found(&deep), ["pages::home, routes"]);
    let siblings = [
        ("a/src/one.rs", "mod two; mod three;"),
        ("a/src/one/two.rs", "use super::three::C;"),
        ("a/src/one/three.rs", "use super::two::B;"),
    ];
    assert_eq!(found(&siblings), ["one::three, one::two"]);
    // A parent and its child, the root of the crate, tests, other crates and comments are no circle.
    let fine = [
        ("a/src/lib.rs", "mod one; mod two; use one::A;"),
        ("a/src/one.rs", "mod child; use self::child::C; use crate::two::B;"),
        ("a/src/one/child.rs", "use super::A; use crate::Root;"),
        ("a/src/two.rs", "// crate::one\n use other::one::A; #[cfg(test)] mod tests { use crate::one::A; }"),
    ];
    assert_eq!(found(&fine), [""; 0]);
}

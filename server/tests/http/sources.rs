//! Reads the program's own sources into tokens with their lines, without their tests.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use std::{fs, path::PathBuf};
use syn::{Attribute, Item, visit_mut::VisitMut};

/// The tokens of a file, each with its line, without its tests.
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) lines: usize,
    pub(crate) tokens: Vec<(String, usize)>,
    pub(crate) items: syn::File,
}

struct WithoutTests;

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let text = attribute.meta.to_token_stream().to_string();
        text == "test"
            || text.starts_with("cfg (test")
            || text.starts_with("cfg (any (test")
            || text.ends_with(":: test")
    })
}

impl VisitMut for WithoutTests {
    fn visit_file_mut(&mut self, file: &mut syn::File) {
        file.items.retain(|item| !is_test(attributes(item)));
        syn::visit_mut::visit_file_mut(self, file);
    }

    fn visit_item_mod_mut(&mut self, module: &mut syn::ItemMod) {
        if let Some((_, items)) = &mut module.content {
            items.retain(|item| !is_test(attributes(item)));
        }
        syn::visit_mut::visit_item_mod_mut(self, module);
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Fn(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Const(item) => &item.attrs,
        _ => &[],
    }
}

/// The tokens of `stream` and of all groups in it.
pub(crate) fn flatten(stream: TokenStream, tokens: &mut Vec<(String, usize)>) {
    for tree in stream {
        let line = tree.span().start().line;
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                tokens.push((open.to_owned(), line));
                flatten(group.stream(), tokens);
                tokens.push((close.to_owned(), line));
            }
            other => tokens.push((other.to_string(), line)),
        }
    }
}

impl Source {
    pub(crate) fn read(path: &str, text: &str) -> Self {
        let mut items = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        WithoutTests.visit_file_mut(&mut items);
        let mut tokens = Vec::new();
        flatten(items.to_token_stream(), &mut tokens);
        Self { path: path.to_owned(), lines: text.lines().count(), tokens, items }
    }

    /// The lines where these words stand one after the other; a `*` at the end of a word stands for any ending.
    pub(crate) fn lines_of(&self, words: &[&str]) -> Vec<usize> {
        let like = |word: &str, token: &str| match word.strip_suffix('*') {
            Some(start) => token.starts_with(start),
            None => token == word,
        };
        self.tokens
            .windows(words.len())
            .filter(|window| window.iter().zip(words).all(|((token, _), word)| like(word, token)))
            .map(|window| window[0].1)
            .collect()
    }
}

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every source in the folders.
pub(crate) fn sources(folders: &[&str]) -> Vec<Source> {
    let mut sources = Vec::new();
    for folder in folders {
        for file in crate::support::files_under(&root().join(folder)) {
            if file.extension().is_some_and(|extension| extension == "rs") {
                let path = file.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
                // A file of this name is a module of tests.
                if !path.ends_with("/tests.rs") {
                    sources.push(Source::read(&path, &fs::read_to_string(&file).unwrap()));
                }
            }
        }
    }
    sources
}

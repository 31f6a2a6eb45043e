//! The layers: each knows only those below it, and siblings never see each other.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "tests may fail")]

use std::fs;
use std::path::{Path, PathBuf};

/// What each layer may use, beside itself.
const MAY_USE: [(&str, &[&str]); 7] = [
    ("domain", &[]),
    ("store", &["domain"]),
    ("render", &["domain"]),
    ("review", &["domain"]),
    ("import", &["domain"]),
    ("config", &[]),
    ("api", &["domain", "store", "render", "review", "import"]),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The layer that a file belongs to: its folder, or its own name.
fn layer_of(file: &Path) -> String {
    let first = file.strip_prefix("src").unwrap().components().next().unwrap();
    first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// The layers that a text names by `crate::…`, one by one or in braces.
fn named(text: &str) -> Vec<&str> {
    let word = |text: &'_ str| text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let after = text.split("crate::").skip(1);
    after
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(group) => group
                .split('}')
                .next()
                .unwrap()
                .split(',')
                .map(str::trim)
                .map(|name| &name[..word(name)])
                .collect(),
            None => vec![&rest[..word(rest)]],
        })
        .collect()
}

#[test]
fn a_layer_names_only_those_below_it() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let layer = layer_of(&file);
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == layer) else { continue };
        let text = fs::read_to_string(&file).unwrap();
        let layers = named(&text)
            .into_iter()
            .filter(|name| *name == "app" || MAY_USE.iter().any(|(layer, _)| layer == name));
        wrong.extend(
            layers
                .filter(|name| *name != layer && !allowed.contains(name))
                .map(|name| format!("{} names {name}", file.display())),
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_file_says_what_it_is_for() {
    let mut files = Vec::new();
    sources(Path::new("src"), &mut files);
    let silent: Vec<_> =
        files.into_iter().filter(|file| !fs::read_to_string(file).unwrap().starts_with("//!")).collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

//! Tests of texts: every language has every key that pages use, and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::{Language, Text};
use crate::{audit, refusal};

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|known| known == ending) {
                found.push(path);
            }
        }
    }
    found
}

/// The keys of a language, each with the names of its values.
fn keys(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for path in files(&format!("text/{}", language.tag()), "ftl") {
        let text = fs::read_to_string(&path).expect("a file");
        let mut current = String::new();
        for line in text.lines() {
            if let Some((key, _)) = line.split_once(" =")
                && line.starts_with(|letter: char| letter.is_ascii_lowercase())
            {
                current = key.to_owned();
                let before = found.insert(current.clone(), BTreeSet::new());
                assert!(before.is_none(), "{current} twice in {}", path.display());
            }
            let values = line.split('$').skip(1).map(|rest| {
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
            });
            found.entry(current.clone()).or_default().extend(values);
        }
    }
    found.remove("");
    found
}

/// Every text in quotes in templates and sources.
fn quoted() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in files("templates", "html").into_iter().chain(files("src", "rs")) {
        let text = fs::read_to_string(&path).expect("a file");
        found.extend(text.split('"').map(str::to_owned));
    }
    found
}

/// The keys that templates and sources ask for by name.
fn asked() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for path in files("templates", "html").into_iter().chain(files("src", "rs")) {
        let text = fs::read_to_string(&path).expect("a file");
        let text: String = text.split_whitespace().collect();
        for call in [".t(\"", ".get(\"rail-", ".with(\"", ".with2(\"", ".count(\""] {
            let prefix = call.rsplit('"').next().unwrap_or_default();
            let after = text.split(call).skip(1);
            found.extend(
                after.filter_map(|rest| Some(format!("{prefix}{}", rest.split('"').next()?))),
            );
        }
        let macros = text.split("text!(").skip(1).filter_map(|rest| {
            let (_, rest) = rest.split_once(",\"")?;
            rest.split('"').next()
        });
        found.extend(macros.map(str::to_owned));
    }
    found.retain(|key| !key.contains(['(', ')', '$', '<', '{']));
    found
}

#[test]
fn every_language_has_the_same_keys_with_the_same_values() {
    let english = keys(Language::English);
    assert!(english.len() > 40);
    for language in Language::EVERY {
        let own = keys(language);
        let missing: Vec<_> = english.keys().filter(|key| !own.contains_key(*key)).collect();
        let extra: Vec<_> = own.keys().filter(|key| !english.contains_key(*key)).collect();
        assert!(missing.is_empty() && extra.is_empty(), "{language:?}: {missing:?} {extra:?}");
        for (key, values) in &english {
            assert_eq!(own.get(key), Some(values), "{language:?} {key}");
        }
    }
}

#[test]
fn every_key_is_used() {
    let quoted = quoted();
    let made: BTreeSet<_> = audit::keys().chain(refusal::keys()).collect();
    let is_used = |key: &String| quoted.contains(key) || made.contains(key);
    let unused: Vec<_> =
        keys(Language::English).into_keys().filter(|key| !is_used(key)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn every_key_that_pages_use_exists() {
    let known = keys(Language::English);
    let asked = asked();
    assert!(asked.len() > 30, "{asked:?}");
    let asked = asked.into_iter().chain(audit::keys()).chain(refusal::keys());
    let unknown: Vec<_> = asked.filter(|key| !known.contains_key(key)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

/// What is written the same in every language: the product, names of keys, names of languages in themselves.
const IN_EVERY_LANGUAGE: [&str; 6] =
    ["Hallpass", "Ctrl K", "Esc", "English", "Deutsch", "full-column"];

/// A text without its parts between two marks.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut parts = text.split(open);
    let mut left = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        left.push(' ');
        left.push_str(part.split_once(close).map_or("", |(_, rest)| rest));
    }
    left
}

/// The texts that a template shows or reads out as they are written in it.
fn literals(template: &str) -> Vec<String> {
    let plain = without(&without(template, "{%", "%}"), "{{", "}}");
    let read_out = ["aria-label=\"", "title=\"", "alt=\""];
    let attributes = read_out.iter().flat_map(|name| {
        plain.split(name).skip(1).filter_map(|rest| rest.split('"').next()).collect::<Vec<_>>()
    });
    let shown = without(&plain, "<", ">");
    let texts = shown.lines().chain(attributes).map(|text| text.trim_matches(['·', ' ', '\t']));
    texts.filter(|text| text.contains(char::is_alphabetic)).map(str::to_owned).collect()
}

#[test]
fn templates_have_no_text_of_their_own() {
    assert_eq!(literals("<p title=\"Why\">{{ x }} is <b>late</b></p>"), ["is  late", "Why"]);
    for path in files("templates", "html") {
        // The drawings of the access models have words of those models.
        if path.ends_with("new_workspace/picture.html") {
            continue;
        }
        let template = fs::read_to_string(&path).expect("a file");
        let found: Vec<_> = literals(&template)
            .into_iter()
            .filter(|text| !IN_EVERY_LANGUAGE.contains(&text.as_str()))
            .collect();
        assert!(found.is_empty(), "{}: {found:?}", path.display());
    }
}

#[test]
fn a_number_selects_the_plural_form() {
    let english = Text::default();
    let german = Text { language: Language::German };

    assert_eq!(text!(english, "time-days", n = 1_i64), "yesterday");
    assert_eq!(text!(english, "time-days", n = 3_i64), "3 days ago");
    assert_eq!(text!(german, "time-days", n = 3_i64), "vor 3 Tagen");
}

#[test]
fn the_language_is_the_first_accepted_one_that_exists() {
    for (accepted, expected) in [
        ("de-CH,de;q=0.9,en;q=0.8", Language::German),
        ("fr, de;q=0.5", Language::German),
        ("fr", Language::English),
        ("", Language::English),
    ] {
        let mut headers = axum::http::HeaderMap::new();
        headers.insert("accept-language", accepted.parse().expect("a value"));
        assert_eq!(Language::accepted(&headers), expected, "{accepted}");
    }
}

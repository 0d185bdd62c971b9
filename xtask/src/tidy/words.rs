//! Retired words: `xtask/words.toml` lists names and phrases that were replaced.
//!
//! Names are matched in code and in backticks, phrases in comments, strings, Markdown and the English texts of pages and mails.

mod list;
mod prose;

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::repository::{Repository, Source, Violation};
use crate::source::is_word;
use crate::tree::File;
use list::{List, Section};

const PATH: &str = "xtask/words.toml";
const LIST: &str = include_str!("../../words.toml");

const TYPE_KEYWORDS: [&str; 5] = ["struct", "enum", "trait", "type", "union"];

/// The list, and which exceptions were needed.
struct Words {
    list: List,
    needed: RefCell<BTreeSet<usize>>,
}

/// A retired word in a line of a file.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    line: usize,
    section: Section,
    word: String,
}

pub(super) fn check(all: &Repository<'_>) -> Vec<Violation> {
    check_against(all, LIST)
}

fn check_against(all: &Repository<'_>, list: &str) -> Vec<Violation> {
    let list = match List::parse(list) {
        Ok(list) => list,
        Err((line, message)) => return vec![in_list(line, message)],
    };
    let words = Words { list, needed: RefCell::default() };
    let mut found = Vec::new();
    for source in &all.rust {
        found.extend(words.report(&source.file, words.in_rust(source)));
    }
    for file in &all.markdown {
        found.extend(words.report(file, words.in_markdown(file)));
    }
    for file in &all.sql {
        found.extend(words.report(file, words.in_sql(file)));
    }
    for file in &all.english {
        found.extend(words.report(file, words.in_texts(file)));
    }
    found.extend(words.needless_exceptions());
    found
}

fn in_list(line: usize, message: impl Into<String>) -> Violation {
    Violation { path: PATH.to_owned(), line, message: message.into() }
}

impl Words {
    fn in_rust(&self, source: &Source) -> BTreeSet<Finding> {
        let mut found = self.in_path(&source.file);
        for (number, line) in (1..).zip(&source.lines) {
            self.add_names(&line.code, number, &mut found);
            for span in line.comment.split('`').skip(1).step_by(2) {
                self.add_identifiers(span, number, &mut found);
            }
        }
        let comments = (1..).zip(&source.lines).map(|(at, line)| (at, line.comment.as_str()));
        self.add_prose(comments, &mut found);
        for (number, line) in (1..).zip(&source.lines) {
            for string in &line.strings {
                let text = without_placeholders(&string.replace("\\n", " "));
                self.add_prose((number..).zip(text.lines()), &mut found);
            }
        }
        found
    }

    fn in_markdown(&self, file: &File) -> BTreeSet<Finding> {
        let mut found = BTreeSet::new();
        let mut is_fenced = false;
        for (number, line) in (1..).zip(file.text.lines()) {
            if line.trim_start().starts_with("```") {
                is_fenced = !is_fenced;
            } else if is_fenced {
                self.add_identifiers(line, number, &mut found);
            } else {
                for span in line.split('`').skip(1).step_by(2) {
                    self.add_identifiers(span, number, &mut found);
                }
            }
        }
        self.add_prose((1..).zip(file.text.lines()), &mut found);
        found
    }

    fn in_sql(&self, file: &File) -> BTreeSet<Finding> {
        let mut found = BTreeSet::new();
        let comment =
            |line: &'_ str| line.split_once("--").map_or("", |(_, comment)| comment).to_owned();
        let comments: Vec<String> = file.text.lines().map(comment).collect();
        self.add_prose((1..).zip(comments.iter().map(String::as_str)), &mut found);
        found
    }

    /// The texts behind the keys of messages.
    fn in_texts(&self, file: &File) -> BTreeSet<Finding> {
        let mut found = BTreeSet::new();
        let text = |line| match str::split_once(line, " = ") {
            Some((_, text)) => text,
            None => line,
        };
        self.add_prose((1..).zip(file.text.lines().map(text)), &mut found);
        found
    }

    fn in_path(&self, file: &File) -> BTreeSet<Finding> {
        let mut found = BTreeSet::new();
        for part in file.path.split('/') {
            let name = part.trim_end_matches(".rs");
            if self.list.instead(Section::Files, name).is_some() {
                found.insert(Finding {
                    line: 1,
                    section: Section::Files,
                    word: name.to_owned(),
                });
            }
        }
        found
    }

    fn add_identifiers(&self, code: &str, line: usize, found: &mut BTreeSet<Finding>) {
        for word in code.split(|letter| !is_word(letter)) {
            if self.list.instead(Section::Identifiers, word).is_some() {
                let word = word.to_owned();
                found.insert(Finding { line, section: Section::Identifiers, word });
            }
        }
    }

    /// Adds identifiers, and definitions of types and functions, in a line of code.
    fn add_names(&self, code: &str, line: usize, found: &mut BTreeSet<Finding>) {
        self.add_identifiers(code, line, found);
        let mut before = "";
        for word in code.split(|letter| !is_word(letter)).filter(|word| !word.is_empty()) {
            if before == "fn" && self.list.instead(Section::Functions, word).is_some() {
                let word = word.to_owned();
                found.insert(Finding { line, section: Section::Functions, word });
            } else if TYPE_KEYWORDS.contains(&before) {
                if self.list.instead(Section::Types, word).is_some() {
                    let word = word.to_owned();
                    found.insert(Finding { line, section: Section::Types, word });
                }
                let mut endings = self.list.words(Section::Endings);
                let ends = |ending: &str| word.ends_with(ending) && word != ending;
                if let Some((ending, _)) = endings.find(|(ending, _)| ends(ending)) {
                    let word = ending.to_owned();
                    found.insert(Finding { line, section: Section::Endings, word });
                }
            }
            before = word;
        }
    }

    fn add_prose<'t>(
        &self,
        lines: impl Iterator<Item = (usize, &'t str)>,
        found: &mut BTreeSet<Finding>,
    ) {
        let phrases = self.list.words(Section::Prose).map(|(phrase, _)| phrase);
        for (line, phrase) in prose::find(lines, phrases) {
            found.insert(Finding { line, section: Section::Prose, word: phrase.to_owned() });
        }
    }

    /// Reports findings that no exception allows.
    fn report(&self, file: &File, found: BTreeSet<Finding>) -> Vec<Violation> {
        let lines: Vec<&str> = file.text.lines().collect();
        let is_allowed = |finding: &Finding| {
            let line = lines.get(finding.line.saturating_sub(1)).copied().unwrap_or_default();
            let exceptions = &self.list.exceptions;
            let exception = exceptions
                .iter()
                .find(|exception| exception.allows(&finding.word, &file.path, line));
            exception.is_some_and(|exception| {
                self.needed.borrow_mut().insert(exception.line);
                true
            })
        };
        let found = found.into_iter().filter(|finding| !is_allowed(finding));
        found
            .map(|finding| Violation::new(file, finding.line, self.describe(&finding)))
            .collect()
    }

    fn describe(&self, finding: &Finding) -> String {
        let Finding { section, word, .. } = finding;
        let instead = self.list.instead(*section, word).unwrap_or_default();
        match section {
            Section::Identifiers => format!("`{word}` is retired: use {instead}"),
            Section::Types => format!("no type is called `{word}`: use {instead}"),
            Section::Endings => format!("no type is called `…{word}`: use …{instead}"),
            Section::Functions => format!("no function is called `{word}`: use {instead}"),
            Section::Files => format!("no file is called `{word}`: use {instead}"),
            Section::Prose => format!("“{word}”: write {instead}"),
        }
    }

    fn needless_exceptions(&self) -> Vec<Violation> {
        let needed = self.needed.borrow();
        let exceptions = self.list.exceptions.iter().map(|exception| exception.line);
        let needless = exceptions.filter(|line| !needed.contains(line));
        needless.map(|line| in_list(line, "this exception allows nothing: remove it")).collect()
    }
}

/// Removes the placeholders of a format string, which hold identifiers: `{name}`, `{name:?}`.
fn without_placeholders(text: &str) -> String {
    let mut parts = text.split('{');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|letter: char| !is_word(letter)).unwrap_or(part.len());
        let is_placeholder = part.get(end..).is_some_and(|rest| rest.starts_with(['}', ':']));
        out.push('{');
        out.push_str(if is_placeholder { part.get(end..).unwrap_or_default() } else { part });
    }
    out
}

#[cfg(test)]
mod tests;

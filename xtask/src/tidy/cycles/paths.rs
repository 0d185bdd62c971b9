//! Reads module declarations, imports and paths from the code of a file.

use crate::source::{Line, is_word};

/// What the code of a file refers to.
#[derive(Debug, Default)]
pub(super) struct Paths {
    /// The modules that the file declares.
    pub(super) children: Vec<String>,
    pub(super) imports: Vec<Import>,
    /// Paths outside imports.
    pub(super) inline: Vec<Path>,
    /// Every word outside imports and declarations of modules.
    pub(super) words: Vec<String>,
    /// Whether the file has anything but declarations of modules, imports and attributes.
    pub(super) has_items: bool,
}

/// One name that a `use` brings into scope.
#[derive(Debug, PartialEq)]
pub(super) struct Import {
    pub(super) path: Path,
    pub(super) name: String,
    pub(super) is_reexport: bool,
}

/// A path such as `crate::team::Team`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Path {
    pub(super) segments: Vec<String>,
    pub(super) line: usize,
}

#[derive(Debug)]
struct Token {
    text: String,
    line: usize,
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    paths: Paths,
}

/// Reads the code of a file.
pub(super) fn read(lines: &[Line]) -> Paths {
    let mut parser = Parser { tokens: tokens(lines), at: 0, paths: Paths::default() };
    while parser.at < parser.tokens.len() {
        parser.step();
    }
    parser.paths
}

fn tokens(lines: &[Line]) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (number, line) in (1..).zip(lines) {
        let mut rest = line.code.as_str();
        while let Some(first) = rest.chars().next() {
            let length = match first {
                _ if is_word(first) => {
                    rest.find(|letter| !is_word(letter)).unwrap_or(rest.len())
                }
                ':' if rest.starts_with("::") => 2,
                _ => first.len_utf8(),
            };
            let (text, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            if !first.is_whitespace() {
                tokens.push(Token { text: text.to_owned(), line: number });
            }
            rest = after;
        }
    }
    tokens
}

impl Parser {
    fn ahead(&self, by: usize) -> &str {
        self.tokens.get(self.at + by).map_or("", |token| token.text.as_str())
    }

    fn before(&self) -> &str {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        before.map_or("", |token| token.text.as_str())
    }

    fn line(&self) -> usize {
        self.tokens.get(self.at).map_or(0, |token| token.line)
    }

    fn step(&mut self) {
        match self.ahead(0) {
            "#" if matches!(self.ahead(1), "[" | "!") => self.skip_group("[", "]"),
            "pub" if self.ahead(1) == "(" => self.skip_group("(", ")"),
            "pub" => self.at += 1,
            "mod" if self.ahead(2) == ";" => {
                self.paths.children.push(self.ahead(1).to_owned());
                self.at += 3;
            }
            // `use<'a>` is a bound, not an import.
            "use" if self.ahead(1) != "<" => self.import(),
            first if first.starts_with(is_word) => self.path(),
            _ => {
                self.paths.has_items = true;
                self.at += 1;
            }
        }
    }

    /// Skips to the end of the next group in brackets.
    fn skip_group(&mut self, open: &str, close: &str) {
        let mut depth = 0_usize;
        while self.at < self.tokens.len() {
            let text = self.ahead(0);
            if text == open {
                depth += 1;
            } else if text == close {
                depth = depth.saturating_sub(1);
            }
            let is_end = text == close && depth == 0;
            self.at += 1;
            if is_end {
                return;
            }
        }
    }

    fn import(&mut self) {
        let is_reexport = matches!(self.before(), "pub" | ")");
        self.at += 1;
        self.tree(&[], is_reexport);
        // The semicolon.
        self.at += 1;
    }

    /// Reads one branch of an import: `a::b`, `a::{…}`, `a as b`, `a::*`.
    fn tree(&mut self, prefix: &[String], is_reexport: bool) {
        let mut segments = prefix.to_vec();
        let line = self.line();
        while self.at < self.tokens.len() {
            match self.ahead(0) {
                "{" => {
                    self.at += 1;
                    while !matches!(self.ahead(0), "}" | "") {
                        self.tree(&segments, is_reexport);
                        if self.ahead(0) == "," {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    return;
                }
                ";" | "," | "}" => break,
                "as" => {
                    let name = self.ahead(1).to_owned();
                    self.at += 2;
                    return self.push(segments, name, line, is_reexport);
                }
                "::" => self.at += 1,
                word => {
                    segments.push(word.to_owned());
                    self.at += 1;
                }
            }
        }
        if segments.len() > 1 && segments.last().is_some_and(|last| last == "self") {
            segments.pop();
        }
        let name = segments.last().cloned().unwrap_or_default();
        self.push(segments, name, line, is_reexport);
    }

    fn push(&mut self, segments: Vec<String>, name: String, line: usize, is_reexport: bool) {
        self.paths.imports.push(Import { path: Path { segments, line }, name, is_reexport });
    }

    /// Reads a path or a single word outside imports.
    fn path(&mut self) {
        self.paths.has_items = true;
        let line = self.line();
        let mut segments = vec![self.ahead(0).to_owned()];
        let is_tail = self.before() == "::";
        self.at += 1;
        while self.ahead(0) == "::" && self.ahead(1).starts_with(is_word) {
            segments.push(self.ahead(1).to_owned());
            self.at += 2;
        }
        self.paths.words.extend(segments.iter().cloned());
        if segments.len() > 1 && !is_tail {
            self.paths.inline.push(Path { segments, line });
        }
    }
}

#[cfg(test)]
mod tests;

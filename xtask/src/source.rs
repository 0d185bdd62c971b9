//! Splits Rust source into code, strings and comments, so that a check reads only what it is about.

/// One line of a source file.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Line {
    /// The code, every string literal emptied to `""`.
    pub(crate) code: String,
    /// The code with its string literals unchanged.
    pub(crate) code_with_strings: String,
    /// The comments.
    pub(crate) comment: String,
    /// The contents of the string literals that begin on this line.
    pub(crate) strings: Vec<String>,
}

/// Splits the text of a source file into lines.
pub(crate) fn split(text: &str) -> Vec<Line> {
    let mut splitter = Splitter {
        text: text.chars().collect(),
        at: 0,
        lines: Vec::new(),
        line: Line::default(),
    };
    while splitter.at < splitter.text.len() {
        splitter.step();
    }
    splitter.end_line();
    splitter.lines
}

/// Returns whether code contains a phrase at word boundaries: `rand::` is not in `operand::`.
pub(crate) fn contains(code: &str, phrase: &str) -> bool {
    code.match_indices(phrase).any(|(at, _)| {
        let before = code.get(..at).and_then(|text| text.chars().next_back());
        let after = code.get(at + phrase.len()..).and_then(|text| text.chars().next());
        let joins_before = phrase.starts_with(is_word) && before.is_some_and(is_word);
        let joins_after = phrase.ends_with(is_word) && after.is_some_and(is_word);
        !joins_before && !joins_after
    })
}

/// Returns the line number of a byte offset.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    text.get(..offset).map_or(1, |before| before.matches('\n').count() + 1)
}

pub(crate) fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

struct Splitter {
    text: Vec<char>,
    at: usize,
    lines: Vec<Line>,
    line: Line,
}

impl Splitter {
    fn step(&mut self) {
        match (self.ahead(0), self.ahead(1)) {
            (Some('/'), Some('/')) => self.line_comment(),
            (Some('/'), Some('*')) => self.block_comment(),
            (Some('"'), _) => self.string(0, true),
            (Some('\''), _) => self.quote(),
            (Some('r' | 'b' | 'c'), _) if !self.is_inside_word() => self.prefix(),
            (Some('\n'), _) => {
                self.end_line();
                self.at += 1;
            }
            _ => self.code(1),
        }
    }

    fn ahead(&self, by: usize) -> Option<char> {
        self.text.get(self.at + by).copied()
    }

    fn is_inside_word(&self) -> bool {
        self.at.checked_sub(1).and_then(|at| self.text.get(at)).copied().is_some_and(is_word)
    }

    /// Consumes characters as code.
    fn code(&mut self, count: usize) {
        for _ in 0..count {
            if let Some(letter) = self.ahead(0) {
                self.line.code.push(letter);
                self.line.code_with_strings.push(letter);
                self.at += 1;
            }
        }
    }

    fn end_line(&mut self) {
        self.lines.push(std::mem::take(&mut self.line));
    }

    fn line_comment(&mut self) {
        while let Some(letter) = self.ahead(0).filter(|letter| *letter != '\n') {
            self.line.comment.push(letter);
            self.at += 1;
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0_u32;
        while let Some(letter) = self.ahead(0) {
            let wide = match (letter, self.ahead(1)) {
                ('/', Some('*')) => {
                    depth += 1;
                    true
                }
                ('*', Some('/')) => {
                    depth = depth.saturating_sub(1);
                    true
                }
                _ => false,
            };
            self.comment_letter(letter);
            if wide && let Some(second) = self.ahead(0) {
                self.comment_letter(second);
            }
            if depth == 0 {
                break;
            }
        }
    }

    fn comment_letter(&mut self, letter: char) {
        if letter == '\n' {
            self.end_line();
        } else {
            self.line.comment.push(letter);
        }
        self.at += 1;
    }

    /// A string literal: from the quotation mark ahead to the next one followed by as many `#`.
    fn string(&mut self, hashes: usize, escapes: bool) {
        let begins_on = self.lines.len();
        let mut inside = String::new();
        self.code(1);
        while let Some(letter) = self.ahead(0) {
            if letter == '"' && (1..=hashes).all(|by| self.ahead(by) == Some('#')) {
                break;
            }
            inside.push(letter);
            self.string_letter(letter);
            if escapes
                && letter == '\\'
                && let Some(escaped) = self.ahead(0)
            {
                inside.push(escaped);
                self.string_letter(escaped);
            }
        }
        self.code(1 + hashes);
        match self.lines.get_mut(begins_on) {
            Some(line) => line.strings.push(inside),
            None => self.line.strings.push(inside),
        }
    }

    fn string_letter(&mut self, letter: char) {
        if letter == '\n' {
            self.end_line();
        } else {
            self.line.code_with_strings.push(letter);
        }
        self.at += 1;
    }

    /// A character literal, or a lifetime.
    fn quote(&mut self) {
        let is_escaped = self.ahead(1) == Some('\\');
        if !is_escaped && self.ahead(2) != Some('\'') {
            return self.code(1);
        }
        self.code(if is_escaped { 3 } else { 2 });
        while self.ahead(0).is_some_and(|letter| letter != '\'' && letter != '\n') {
            self.code(1);
        }
        self.code(1);
    }

    /// A possible prefix of a literal: `r"`, `r#"`, `b"`, `br#"`, `c"`, `b'`.
    fn prefix(&mut self) {
        let letters = (0..2).take_while(|by| matches!(self.ahead(*by), Some('r' | 'b' | 'c')));
        let letters = letters.count();
        let is_raw = (0..letters).any(|by| self.ahead(by) == Some('r'));
        self.code(letters);
        let rest = self.text.get(self.at..).unwrap_or_default();
        let hashes = rest.iter().take_while(|letter| is_raw && **letter == '#').count();
        if self.ahead(hashes) == Some('"') {
            self.code(hashes);
            self.string(hashes, !is_raw);
        }
    }
}

#[cfg(test)]
mod tests;

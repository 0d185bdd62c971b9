//! What is wrong in a text that people wrote: where, what, and what to do.

use std::fmt;

/// One mistake in a blueprint or a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Line in the text, from 1; 0 when the mistake is not at one place of a text.
    pub line: usize,
    /// Column in the line, from 1, in characters; 0 when the mistake is not at one place.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it, when that can be said.
    pub hint: Option<String>,
}

impl Mistake {
    /// A mistake that is not at one place of a text.
    pub(crate) fn unplaced(message: String, hint: Option<String>) -> Mistake {
        Mistake { line: 0, column: 0, message, hint }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "{}:{}: ", self.line, self.column)?;
        }
        f.write_str(&self.message)?;
        self.hint.iter().try_for_each(|hint| write!(f, ": {hint}"))
    }
}

/// Every mistake that was found, in the order of the text; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mistake) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{mistake}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}

/// Words that people use for the same thing.
const SAME: [&[&str]; 4] = [
    &["read", "view", "see", "list", "get", "show"],
    &["update", "edit", "change", "modify", "write", "manage"],
    &["create", "add", "new", "insert", "invite"],
    &["delete", "remove", "destroy"],
];

/// At most so many candidates are looked at.
const MOST_CANDIDATES: usize = 300;

/// The candidate that the word was probably meant to be.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if word.len() > 64 {
        return None;
    }
    let folded = word.to_lowercase().replace(['-', ' '], "_");
    let mut best: Option<(usize, &str)> = None;
    let near_in_length = |candidate: &&str| candidate.len().abs_diff(folded.len()) <= 24;
    for candidate in candidates.into_iter().take(MOST_CANDIDATES).filter(near_in_length) {
        let apart =
            if means_the_same(&folded, candidate) { 0 } else { distance(&folded, candidate) };
        if apart <= folded.chars().count().max(3) / 3
            && best.is_none_or(|(least, _)| apart < least)
        {
            best = Some((apart, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// "did you mean ...?", or the whole choice when nothing is near and the choice is short.
pub(crate) fn suggest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<String> {
    if let Some(near) = nearest(word, candidates.clone()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let choice: Vec<&str> = candidates.into_iter().take(25).collect();
    (1..25)
        .contains(&choice.len())
        .then(|| format!("there is {}", crate::grant::listed(choice)))
}

fn means_the_same(a: &str, b: &str) -> bool {
    a == b || SAME.iter().any(|words| words.contains(&a) && words.contains(&b))
}

/// Insertions, deletions, replacements and swaps of neighbours between two short words.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().take(64).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at =
                |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX / 2);
            let change = at(&last, j) + usize::from(x != y);
            let mut least = change.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

//! Lists of names, and suggestions for misspelt ones, for error messages.

use std::fmt::Display;

/// The longest word that gets a suggestion, in bytes.
const LONGEST_WORD: usize = 64;

/// The number of names that are compared with a word.
const MOST_NAMES: usize = 300;

/// The longest choice that a suggestion spells out.
const LONGEST_CHOICE: usize = 24;

/// Words for the same action; a suggestion replaces one by another.
const SYNONYMS: [&[&str]; 4] = [
    &["read", "view", "see", "list", "get", "show"],
    &["update", "edit", "change", "modify", "write", "manage"],
    &["create", "add", "new", "insert", "invite"],
    &["delete", "remove", "destroy"],
];

/// Lowers the first letter, except in words such as "AI" and "API" and in titles such as "Help Center".
///
/// ```
/// use hallpass_engine::text::uncapitalized;
/// assert_eq!(uncapitalized("Deals"), "deals");
/// assert_eq!(uncapitalized("AI"), "AI");
/// ```
#[must_use]
pub fn uncapitalized(name: &str) -> String {
    let mut letters = name.chars();
    let Some(first) = letters.next() else { return String::new() };
    let is_title = name.split(' ').skip(1).any(|word| word.starts_with(char::is_uppercase));
    if is_title || letters.clone().next().is_some_and(char::is_uppercase) {
        return name.to_owned();
    }
    first.to_lowercase().chain(letters).collect()
}

/// Joins names in backticks with commas and "and".
///
/// ```
/// assert_eq!(hallpass_engine::text::listed(["own", "team", "all"]), "`own`, `team` and `all`");
/// ```
pub fn listed<T: Display>(names: impl IntoIterator<Item = T>) -> String {
    joined(names, "and")
}

/// Joins names in backticks with commas and "or".
///
/// ```
/// assert_eq!(hallpass_engine::text::one_of(["own", "team", "all"]), "`own`, `team` or `all`");
/// ```
pub fn one_of<T: Display>(names: impl IntoIterator<Item = T>) -> String {
    joined(names, "or")
}

/// Finds the name closest to a misspelt word. At most a third of the word may differ: a letter
/// inserted, deleted, replaced, or swapped with its neighbour counts as one difference.
///
/// ```
/// use hallpass_engine::text::nearest;
/// assert_eq!(nearest("udpate", ["create", "update"]), Some("update"));
/// assert_eq!(nearest("export", ["create", "update"]), None);
/// ```
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST_WORD {
        return None;
    }
    let word = folded(word);
    let letters = word.chars().count();
    let most = letters.max(3) / 3;
    // The bound on lengths keeps a long list of long names from costing more than it helps.
    let is_comparable = |name: &&str| name.chars().count().abs_diff(letters) <= most;
    let names = names.into_iter().take(MOST_NAMES).filter(is_comparable);
    let apart = names.map(|name| (strsim::osa_distance(&word, &folded(name)), name));
    let near = apart.filter(|(apart, _)| *apart <= most);
    near.min_by_key(|(apart, _)| *apart).map(|(_, name)| name)
}

/// Suggests a replacement for an unknown word: the nearest name or a synonym, else every name
/// when there are few.
///
/// ```
/// use hallpass_engine::text::suggestion;
/// let actions = ["read", "update"];
/// assert_eq!(suggestion("edit", actions).as_deref(), Some("did you mean `update`?"));
/// assert_eq!(suggestion("fly", actions).as_deref(), Some("expected `read` or `update`"));
/// ```
pub fn suggestion<'a>(
    word: &str,
    names: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<String> {
    if let Some(near) = synonym(word, names.clone()).or_else(|| nearest(word, names.clone())) {
        return Some(format!("did you mean `{near}`?"));
    }
    let choice: Vec<&str> = names.into_iter().take(LONGEST_CHOICE + 1).collect();
    let is_short = !choice.is_empty() && choice.len() <= LONGEST_CHOICE;
    is_short.then(|| format!("expected {}", one_of(choice)))
}

fn synonym<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let means_word =
        |words: &&[&str]| words.iter().any(|other| other.eq_ignore_ascii_case(word));
    let synonyms = SYNONYMS.into_iter().find(means_word)?;
    names.into_iter().take(MOST_NAMES).find(|name| synonyms.contains(name))
}

fn folded(word: &str) -> String {
    word.to_lowercase().replace(['-', ' '], "_")
}

fn joined<T: Display>(names: impl IntoIterator<Item = T>, conjunction: &str) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => "none".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {conjunction} {last}", first.join(", ")),
    }
}

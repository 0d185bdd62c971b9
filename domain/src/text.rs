//! Text: how it is compared and searched, and how it is escaped.

use caseless::Caseless;
pub use hallpass_engine::text::{listed, nearest, one_of};
use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup};
use icu_properties::{CodePointMapData, CodePointSetData};
use unicode_normalization::UnicodeNormalization as _;
use unicode_security::confusable_detection::skeleton;

/// A text as search and uniqueness see it: compatible characters and cases are the same (the
/// compatibility caseless matching of the Unicode standard, composed), characters that show nothing
/// are left out, and spaces are trimmed and joined.
#[must_use]
pub fn fold(text: &str) -> String {
    let shown = text.nfd().filter(|c| !is_ignorable(*c));
    let folded = shown.default_case_fold().nfkd().filter(|c| !is_ignorable(*c));
    let folded: String = folded.default_case_fold().nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What separates the two parts of a sort key. It sorts before every character of a text.
const SEPARATOR: char = '\u{1}';

/// The key by which texts are sorted, compared by bytes: letters with a diacritical mark or a stroke
/// come beside those without (`Ä` beside `A`, `ø` beside `o`), and after them where that is all that
/// differs. Case plays no part. Databases store these keys: a change of this function needs a
/// migration.
#[must_use]
pub fn sort_key(text: &str) -> String {
    let folded = fold(text);
    if folded.is_ascii() {
        return folded;
    }
    let mut key = bare(&folded);
    if key != folded {
        key.push(SEPARATOR);
        key.push_str(&folded);
    }
    key
}

/// The key by which texts are searched: folded, and letters without diacritical marks and strokes.
/// Databases store what is made of it: a change of this function needs a migration.
#[must_use]
pub fn search_key(text: &str) -> String {
    let folded = fold(text);
    if folded.is_ascii() { folded } else { bare(&folded) }
}

/// A folded text with its letters bare of diacritical marks and strokes.
fn bare(folded: &str) -> String {
    let mut bare = String::with_capacity(folded.len());
    for c in folded.nfd().filter(|c| !is_diacritical(*c)) {
        match bare_letter(c) {
            Some(letters) => bare.push_str(letters),
            None => bare.push(c),
        }
    }
    bare.nfc().collect()
}

/// Whether a character is a diacritical mark of an alphabet. Vowel signs, which other scripts write
/// as marks, are not.
const fn is_diacritical(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36F}'
            | '\u{1AB0}'..='\u{1AFF}'
            | '\u{1DC0}'..='\u{1DFF}'
            | '\u{20D0}'..='\u{20FF}'
            | '\u{FE20}'..='\u{FE2F}'
    )
}

/// The letters beside which a folded letter is sorted that does not decompose into them.
const fn bare_letter(c: char) -> Option<&'static str> {
    match c {
        'æ' => Some("ae"),
        'œ' => Some("oe"),
        'ø' => Some("o"),
        'đ' => Some("d"),
        'ħ' => Some("h"),
        'ı' => Some("i"),
        'ł' => Some("l"),
        'ŧ' => Some("t"),
        _ => None,
    }
}

/// Whether two texts are hard to tell apart, such as `Admin` and the same word with a Cyrillic `А`
/// (the skeletons of UTS 39), in any case.
#[must_use]
pub fn looks_like(one: &str, other: &str) -> bool {
    let as_written = |text: &str| fold(&skeleton(text).collect::<String>());
    let as_folded = |text: &str| skeleton(&fold(text)).collect::<String>();
    as_written(one) == as_written(other) || as_folded(one) == as_folded(other)
}

/// Whether a text has a character that can be seen: a letter, a digit, a mark of punctuation, a
/// symbol.
#[must_use]
pub fn is_visible(text: &str) -> bool {
    text.chars().any(shows)
}

/// Whether a character shows by itself.
fn shows(c: char) -> bool {
    /// An empty Braille pattern, a note without a head, and the place of an object.
    const BLANK: [char; 3] = ['\u{2800}', '\u{1D159}', '\u{FFFC}'];
    let visible = GeneralCategoryGroup::Letter
        .union(GeneralCategoryGroup::Number)
        .union(GeneralCategoryGroup::Punctuation)
        .union(GeneralCategoryGroup::Symbol);
    visible.contains(CodePointMapData::<GeneralCategory>::new().get(c))
        && !is_ignorable(c)
        && !BLANK.contains(&c)
}

/// Whether a character shows nothing and only changes how its neighbours are shown: joiners,
/// variation selectors, fillers, marks of direction.
#[must_use]
pub fn is_ignorable(c: char) -> bool {
    !c.is_ascii() && CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
}

/// The pattern of a `LIKE` with `ESCAPE '\'` that finds a text anywhere in a folded one.
#[must_use]
pub fn contains_pattern(text: &str) -> String {
    format!("%{}%", escape_like(&fold(text)))
}

/// A text as a part of the pattern of a `LIKE` with `ESCAPE '\'`, in which each character stands for
/// itself.
#[must_use]
pub fn escape_like(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// A key as a part of a JSON pointer (RFC 6901).
#[must_use]
pub fn escape_pointer(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The names that a list spells out before it counts the rest.
const MOST_LISTED: usize = 10;

/// Names in backticks, the first ten of them.
pub fn shortlist<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let mut names = names.into_iter();
    let first: Vec<String> =
        names.by_ref().take(MOST_LISTED).map(|name| format!("`{name}`")).collect();
    let listed = if first.is_empty() { "none".to_owned() } else { first.join(", ") };
    match names.count() {
        0 => listed,
        more => format!("{listed} and {more} more"),
    }
}

/// Says that a word names nothing: ``no role `sals`; did you mean `sales`? Roles: `sales`, …``.
#[must_use]
pub fn unknown<'n>(
    noun: &str,
    word: &str,
    names: impl IntoIterator<Item = &'n str> + Clone,
) -> String {
    let word = printable(word);
    let known = shortlist(names.clone());
    match nearest(&word, names) {
        Some(near) => {
            let noun_first = noun.get(..1).unwrap_or_default().to_uppercase();
            let noun_rest = noun.get(1..).unwrap_or_default();
            format!(
                "no {noun} `{word}`; did you mean `{near}`? {noun_first}{noun_rest}s: {known}"
            )
        }
        None => format!("no {noun} `{word}`; {noun}s: {known}"),
    }
}

/// The characters of a word that a message repeats.
const LONGEST_WORD: usize = 64;

/// A word of a request as a message repeats it: short, without control characters.
#[must_use]
pub fn printable(word: &str) -> String {
    word.chars().filter(|c| !c.is_control()).take(LONGEST_WORD).collect()
}

#[cfg(test)]
mod tests;

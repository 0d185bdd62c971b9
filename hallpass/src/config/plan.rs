//! Plans: what an operator offers, from the lowest to the highest.

use std::collections::BTreeSet;

/// The most characters of a key.
const LONGEST_KEY: usize = 64;

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The key in data.
    pub(crate) key: String,
    /// The name that people see.
    pub(crate) name: String,
    /// The entitlements, as blueprints name them: `sso`.
    pub(crate) entitlements: Vec<String>,
}

impl Plan {
    /// Reads the short form: a key, then after a colon the entitlements with `+` between them.
    pub(super) fn parse(text: &str) -> Plan {
        let (key, entitlements) = text.split_once(':').unwrap_or((text, ""));
        let entitlements = entitlements.split('+').map(str::trim);
        let entitlements = entitlements.filter(|word| !word.is_empty()).map(str::to_owned);
        let key = key.trim().to_owned();
        Plan { name: default_name(&key), key, entitlements: entitlements.collect() }
    }
}

/// The name of a plan that has only a key.
pub(super) fn default_name(key: &str) -> String {
    let words = key.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What is wrong with a list of plans.
pub(super) fn problems(plans: &[Plan]) -> Vec<String> {
    let mut problems = Vec::new();
    if plans.is_empty() {
        problems.push("no plan; expected at least one".to_owned());
    }
    let mut seen = BTreeSet::new();
    for plan in plans {
        let key = &plan.key;
        for word in std::iter::once(key).chain(&plan.entitlements).filter(|w| !is_key(w)) {
            problems.push(format!(
                "invalid key `{word}`; expected 1 to {LONGEST_KEY} lower-case letters, digits, `_` \
                 or `-`"
            ));
        }
        if !seen.insert(key) {
            problems.push(format!("two plans have the key `{key}`; each needs its own"));
        }
    }
    problems
}

fn is_key(word: &str) -> bool {
    let is_part =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    !word.is_empty() && word.len() <= LONGEST_KEY && word.chars().all(is_part)
}

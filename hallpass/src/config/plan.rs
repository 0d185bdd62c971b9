//! Plans: what an operator sells, from the lowest to the highest.

use std::collections::BTreeSet;

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// What it is called in data.
    pub(crate) key: String,
    /// What people call it.
    pub(crate) name: String,
    /// What it opens, as blueprints name it: `sso`.
    pub(crate) entitlements: Vec<String>,
}

impl Plan {
    /// What is sold when nothing is said.
    pub(super) fn defaults() -> Vec<Plan> {
        ["free", "starter", "agency:sso", "enterprise:sso"].map(Plan::parse).to_vec()
    }

    /// Reads the short form: a key, and behind a colon what it opens, with `+` between.
    pub(super) fn parse(text: &str) -> Plan {
        let (key, opens) = text.split_once(':').unwrap_or((text, ""));
        let opens = opens.split('+').map(str::trim).filter(|word| !word.is_empty());
        let key = key.trim().to_owned();
        Plan { name: name_of(&key), key, entitlements: opens.map(str::to_owned).collect() }
    }
}

/// The name of a plan that was given none.
pub(super) fn name_of(key: &str) -> String {
    let words = key.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What is wrong with the plans.
pub(super) fn mistakes(plans: &[Plan]) -> Vec<String> {
    let mut mistakes = Vec::new();
    if plans.is_empty() {
        mistakes.push("there is no plan; it accepts at least one".to_owned());
    }
    let mut seen = BTreeSet::new();
    for plan in plans {
        let key = &plan.key;
        for word in std::iter::once(key).chain(&plan.entitlements).filter(|w| !is_key(w)) {
            mistakes.push(format!(
                "`{word}` is no key; it accepts lower-case letters, digits, `_` and `-`"
            ));
        }
        if !seen.insert(key) {
            mistakes.push(format!("there are two plans `{key}`; each has a key of its own"));
        }
    }
    mistakes
}

fn is_key(word: &str) -> bool {
    let is_part =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    !word.is_empty() && word.len() <= 64 && word.chars().all(is_part)
}

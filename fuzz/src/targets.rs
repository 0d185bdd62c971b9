//! The targets: functions that feed any bytes to a parser and check what it promises.

pub mod blueprint;
pub mod csv;
pub mod cursor;
pub mod email;
pub mod permission;
pub mod saml;
pub mod stripe;

/// A target and what the driver needs for it.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name on the command line.
    pub name: &'static str,
    /// Panics if the code under test breaks a promise.
    pub run: fn(&[u8]),
    /// The folders of its corpus, from the root of the repository.
    pub corpus: &'static [&'static str],
    /// Words of the format, to be inserted into inputs.
    pub words: &'static [&'static str],
}

/// Every target.
pub const TARGETS: &[Target] = &[
    Target {
        name: "blueprint",
        run: blueprint::run,
        corpus: &["fuzz/corpus/blueprint", "blueprints"],
        words: blueprint::WORDS,
    },
    Target { name: "csv", run: csv::run, corpus: &["fuzz/corpus/csv"], words: csv::WORDS },
    Target {
        name: "cursor",
        run: cursor::run,
        corpus: &["fuzz/corpus/cursor"],
        words: cursor::WORDS,
    },
    Target {
        name: "email",
        run: email::run,
        corpus: &["fuzz/corpus/email"],
        words: email::WORDS,
    },
    Target {
        name: "permission",
        run: permission::run,
        corpus: &["fuzz/corpus/permission"],
        words: permission::WORDS,
    },
    Target { name: "saml", run: saml::run, corpus: &["fuzz/corpus/saml"], words: saml::WORDS },
    Target {
        name: "stripe",
        run: stripe::run,
        corpus: &["fuzz/corpus/stripe"],
        words: stripe::WORDS,
    },
];

#[cfg(test)]
mod tests;

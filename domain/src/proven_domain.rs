//! Domains of email addresses that a workspace has proven to be its own.
//!
//! **Invariant:** only a domain that is proven lets the providers of a workspace speak for its
//! addresses. A record of the DNS proves it, which names a secret of the workspace, or the operator.

use crate::email::domain_key;
use crate::refusal::Refusal;
use crate::time::Timestamp;

/// How many domains a workspace has at most.
pub const MOST: usize = 50;

/// The beginning of the record.
const RECORD: &str = "hallpass-domain=";

/// Domains at which everyone can have an address: no workspace proves them.
const PUBLIC: &[&str] = &[
    "aol.com",
    "fastmail.com",
    "gmail.com",
    "gmx.ch",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mail.com",
    "me.com",
    "msn.com",
    "outlook.com",
    "pm.me",
    "proton.me",
    "protonmail.com",
    "web.de",
    "yahoo.com",
    "yandex.ru",
];

/// How a domain was proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProvenBy {
    /// By a record of the DNS.
    Dns,
    /// By the operator.
    Operator,
}

impl ProvenBy {
    /// The word in the API and in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            ProvenBy::Dns => "dns",
            ProvenBy::Operator => "operator",
        }
    }

    /// The way of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<ProvenBy> {
        [ProvenBy::Dns, ProvenBy::Operator].into_iter().find(|way| way.word() == word)
    }
}

/// A domain that a workspace has proven or is about to prove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvenDomain {
    /// The domain, in its one spelling.
    pub domain: String,
    /// The secret that the record names.
    pub secret: String,
    /// When it was proven, and how.
    pub proven: Option<(Timestamp, ProvenBy)>,
    /// When it was added.
    pub created_at: Timestamp,
}

impl ProvenDomain {
    /// The text of the record that proves it.
    #[must_use]
    pub fn record(&self) -> String {
        format!("{RECORD}{}", self.secret)
    }

    /// Whether one of the records of the domain proves it.
    #[must_use]
    pub fn is_proven_by(&self, records: &[String]) -> bool {
        !self.secret.is_empty() && records.iter().any(|record| record.trim() == self.record())
    }
}

/// The one spelling of a domain that a workspace can prove.
///
/// # Errors
///
/// `Fields`.
pub fn parse(text: &str) -> Result<String, Refusal> {
    let refuse = |code, detail| Refusal::field("/domain", code, detail);
    let domain = domain_key(text.trim())
        .ok_or_else(|| refuse("bad_domain", "expected a domain such as `example.com`"))?;
    if PUBLIC.contains(&domain.as_str()) {
        return Err(refuse("public_domain", "everyone can have an address at this domain"));
    }
    Ok(domain)
}

#[cfg(test)]
mod tests;

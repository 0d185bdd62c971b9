//! The base URL, to which the links of mails lead.

use std::fmt::{self, Write as _};
use std::str::FromStr;

/// The URL at which browsers reach Hallpass, without a trailing slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(String);

impl FromStr for BaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<BaseUrl, String> {
        let base = text.trim().trim_end_matches('/');
        let host = base.strip_prefix("https://").or_else(|| base.strip_prefix("http://"));
        let is_allowed = |c: char| c.is_alphanumeric() || "-.:[]".contains(c);
        match host {
            Some(host) if !host.is_empty() && host.chars().all(is_allowed) => {
                Ok(BaseUrl(base.to_owned()))
            }
            Some(_) | None => {
                Err("`https://` or `http://` and a host, optionally with a port".to_owned())
            }
        }
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl BaseUrl {
    /// Builds the link to a token below a path, percent-encoded.
    #[must_use]
    pub fn link(&self, path: &str, token: &str) -> String {
        let mut link = format!("{}/{path}/", self.0);
        for byte in token.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                link.push(char::from(byte));
            } else {
                // Writing to a string cannot fail.
                let _ = write!(link, "%{byte:02X}");
            }
        }
        link
    }
}

#[cfg(test)]
mod tests;

//! The types of values, and how each is parsed. An error says what is expected, with an example.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use hallpass_app::app::OwnBlueprints;
use hallpass_web::state::ProxyHeader;
use tracing_subscriber::filter::Targets;

use super::key;

/// The most characters of a contact.
const LONGEST_CONTACT: usize = 200;

/// The bounds of a size of memory, in bytes.
const LEAST_MEMORY: u64 = 1 << 20;
const MOST_MEMORY: u64 = 1 << 40;

/// The format of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For machines: a JSON object a line.
    Json,
}

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    /// The text.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

pub(super) fn socket_address(text: &str) -> Result<SocketAddr, String> {
    let numeric = text.replacen("localhost:", "127.0.0.1:", 1);
    numeric.parse().map_err(|_| "an IP address and a port, such as `127.0.0.1:8700`".to_owned())
}

/// One for what is quick is always beside one for what is not.
pub(super) fn database_connections(text: &str) -> Result<usize, String> {
    count(text, 2, 1_000)
}

pub(super) fn connections(text: &str) -> Result<usize, String> {
    count(text, 10, 1_000_000)
}

pub(super) fn memory(text: &str) -> Result<u64, String> {
    let units = [("kB", 10), ("MB", 20), ("GB", 30)];
    let size = units.into_iter().find_map(|(unit, bits)| {
        let number: u64 = text.strip_suffix(unit)?.trim_end().parse().ok()?;
        number.checked_mul(1 << bits)
    });
    let size = size.filter(|size| (LEAST_MEMORY..=MOST_MEMORY).contains(size));
    size.ok_or_else(|| "a size from `1MB` to `1024GB`, such as `256MB`".to_owned())
}

pub(super) fn own_blueprints(text: &str) -> Result<OwnBlueprints, String> {
    match text {
        "everybody" => Ok(OwnBlueprints::Everybody),
        "operators" => Ok(OwnBlueprints::Operators),
        "nobody" => Ok(OwnBlueprints::None),
        _ => Err("`everybody`, `operators` or `nobody`".to_owned()),
    }
}

/// A number within bounds.
fn count(text: &str, least: usize, most: usize) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("a number from {least} to {most}"))
}

pub(super) fn folder(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() { Err("the path of a folder".to_owned()) } else { Ok(text.into()) }
}

pub(super) fn file(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() { Err("the path of a file".to_owned()) } else { Ok(text.into()) }
}

pub(super) fn proxy_header(text: &str) -> Result<ProxyHeader, String> {
    match text.to_ascii_lowercase().as_str() {
        "x-forwarded-for" => Ok(ProxyHeader::XForwardedFor),
        "forwarded" => Ok(ProxyHeader::Forwarded),
        _ => Err("`x-forwarded-for` or `forwarded`".to_owned()),
    }
}

pub(super) fn database(text: &str) -> Result<String, String> {
    let is_server = text.starts_with("postgres://") || text.starts_with("postgresql://");
    if text.is_empty() || (text.contains("://") && !is_server) {
        return Err(
            "the path of a SQLite file or `postgres://user:password@host/database`".to_owned()
        );
    }
    Ok(text.to_owned())
}

pub(super) fn log_levels(text: &str) -> Result<String, String> {
    let levels = ["off", "error", "warn", "info", "debug", "trace"];
    // The library takes any other word for the name of a target.
    let is_word = !text.contains(['=', ',']);
    if (is_word && !levels.contains(&text)) || text.parse::<Targets>().is_err() {
        return Err(
            "`off`, `error`, `warn`, `info`, `debug` or `trace`, or levels by target, \
                    such as `info,hallpass_web=debug`"
                .to_owned(),
        );
    }
    Ok(text.to_owned())
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("`text` or `json`".to_owned()),
    }
}

pub(super) fn contact(text: &str) -> Result<String, String> {
    if text.chars().any(char::is_control) || text.chars().count() > LONGEST_CONTACT {
        return Err(format!("an email address or URL of at most {LONGEST_CONTACT} characters"));
    }
    Ok(text.to_owned())
}

pub(super) fn stripe_secret(text: &str) -> Result<Secret, String> {
    if text.starts_with("whsec_") && text.len() > 6 && !text.contains(char::is_whitespace) {
        return Ok(Secret(text.to_owned()));
    }
    let what = "the signing secret of the webhook, which begins with `whsec_`";
    let is_key = ["sk_", "rk_", "pk_"].iter().any(|prefix| text.starts_with(prefix));
    let but = "; this is a key of the Stripe API, which Hallpass does not use";
    Err(format!("{what}{}", if is_key { but } else { "" }))
}

pub(super) fn secret_keys(text: &str) -> Result<Secret, String> {
    match key::parse(text) {
        Some(_) => Ok(Secret(text.to_owned())),
        None => {
            Err("32 random bytes in base64, as `openssl rand -base64 32` makes them".to_owned())
        }
    }
}

pub(super) fn portal(text: &str) -> Result<String, String> {
    let is_plain = !text.contains(|c: char| c.is_whitespace() || c.is_control());
    if text.starts_with("https://") && text.len() > 8 && text.len() <= 2_000 && is_plain {
        return Ok(text.to_owned());
    }
    Err("a URL that begins with `https://`".to_owned())
}

/// The name of an issuer, or what the names of issuers begin with: it is compared exactly.
pub(super) fn issuer(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_plain = !text.contains(|c: char| c.is_whitespace() || c.is_control())
        && !text.contains(['?', '#', '@'])
        && !text.ends_with('/');
    if host.is_some_and(|host| !host.is_empty()) && text.len() <= 1_000 && is_plain {
        return Ok(text.to_owned());
    }
    Err("a URL such as `https://login.example.com`, without `/` at its end".to_owned())
}

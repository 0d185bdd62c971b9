//! Defaults that depend on other settings.

use std::net::SocketAddr;
use std::path::Path;

use super::entry::Entries;
use super::value::socket_address;

/// The database file in the data folder.
pub(super) fn database(entries: &Entries) -> Option<String> {
    in_data_folder(entries, "hallpass.db")
}

/// The mail folder in the data folder.
pub(super) fn mail(entries: &Entries) -> Option<String> {
    Some(format!("file:{}", in_data_folder(entries, "mail")?))
}

/// The URL of the listen address.
pub(super) fn base_url(entries: &Entries) -> Option<String> {
    let scheme = if entries.text("tls_certificate").is_some() { "https" } else { "http" };
    socket_address(entries.text("listen")?).ok().map(|listen| url_of(scheme, listen))
}

/// Hallpass at the host of the base URL.
pub(super) fn mail_from(entries: &Entries) -> Option<String> {
    let base = entries.text("base_url")?;
    let host = base.split_once("://").map_or("", |(_, host)| host);
    // An IPv6 address is in brackets.
    let host = if host.starts_with('[') { "" } else { host.split([':', '/']).next()? };
    let has_domain = host.contains('.') && host.contains(|c: char| c.is_ascii_alphabetic());
    let domain = if has_domain { host } else { "localhost" };
    Some(format!("Hallpass <hallpass@{domain}>"))
}

/// The URL under which this machine reaches a listen address.
pub(super) fn url_of(scheme: &str, listen: SocketAddr) -> String {
    if listen.ip().is_unspecified() {
        format!("{scheme}://localhost:{}", listen.port())
    } else {
        format!("{scheme}://{listen}")
    }
}

fn in_data_folder(entries: &Entries, name: &str) -> Option<String> {
    let folder = Path::new(entries.text("data")?);
    Some(folder.join(name).to_string_lossy().into_owned())
}

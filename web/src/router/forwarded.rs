//! What trusted proxies say about the client: its address, and whether it uses TLS.
//!
//! **Invariant:** only what a trusted proxy has added counts. Proxies add at the end, so entries are read from
//! the last to the first, and everything before an entry of an untrusted address is ignored.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderValue};

use crate::state::ProxyHeader;

/// What one proxy says about its client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Hop {
    /// The address; none where the proxy hides it or it is no address.
    address: Option<IpAddr>,
    /// Whether the client used TLS, where the proxy says it.
    has_tls: Option<bool>,
}

/// The client behind a chain of proxies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Forwarded {
    /// The address; none where a trusted proxy does not say it.
    pub(super) address: Option<IpAddr>,
    /// The last address that is known: the client, or the proxy that hides it.
    pub(super) counted: Option<IpAddr>,
    /// Whether the client uses TLS.
    pub(super) has_tls: bool,
}

/// Follows the chain from the peer of the connection to the first address that is no trusted proxy. Of a
/// chain of trusted ones it is the first.
pub(super) fn client(
    (peer, has_tls): (Option<IpAddr>, bool),
    headers: &HeaderMap,
    kind: ProxyHeader,
    is_trusted: impl Fn(IpAddr) -> bool,
) -> Forwarded {
    let mut client = Forwarded { address: peer, counted: peer, has_tls };
    if !peer.is_some_and(&is_trusted) {
        return client;
    }
    let hops = match kind {
        ProxyHeader::XForwardedFor => x_forwarded(headers),
        ProxyHeader::Forwarded => forwarded(headers),
    };
    for hop in hops.into_iter().rev() {
        if !client.address.is_some_and(&is_trusted) {
            break;
        }
        client.address = hop.address;
        client.counted = hop.address.or(client.counted);
        client.has_tls = hop.has_tls.unwrap_or(client.has_tls);
    }
    client
}

/// The entries of every `X-Forwarded-For`, which are one list (RFC 9110, 5.3). `X-Forwarded-Proto` is about
/// the whole way: its last entry is that of the nearest proxy.
fn x_forwarded(headers: &HeaderMap) -> Vec<Hop> {
    let protocol = members(headers, "x-forwarded-proto").pop();
    let has_tls = protocol.map(|text| text.trim().eq_ignore_ascii_case("https"));
    let entries = members(headers, "x-forwarded-for").into_iter();
    entries.map(|entry| Hop { address: address(entry.trim()), has_tls }).collect()
}

/// The elements of every `Forwarded` (RFC 7239).
fn forwarded(headers: &HeaderMap) -> Vec<Hop> {
    members(headers, "forwarded").iter().map(|member| element(member)).collect()
}

/// The members of the lists in every line of a header.
fn members(headers: &HeaderMap, name: &str) -> Vec<String> {
    let lines = headers.get_all(name).iter();
    let members = |line: &HeaderValue| -> Vec<String> {
        let text = String::from_utf8_lossy(line.as_bytes());
        split(&text, ',').into_iter().map(str::to_owned).collect()
    };
    lines.flat_map(members).collect()
}

/// Splits a text at a separator outside of quotes. It is read backwards, so that an open quote that a client
/// sends hides nothing that a proxy has added after it.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut is_quoted, mut end) = (false, text.len());
    let mut parts = Vec::new();
    for (at, letter) in text.char_indices().rev() {
        if letter == '"' {
            is_quoted = !is_quoted;
        } else if letter == separator && !is_quoted {
            parts.push(text.get(at + 1..end).unwrap_or_default());
            end = at;
        }
    }
    parts.push(text.get(..end).unwrap_or_default());
    parts.reverse();
    parts
}

/// An element `for=192.0.2.1;proto=https`; a parameter that occurs twice says nothing.
fn element(text: &str) -> Hop {
    let pairs: Vec<(&str, &str)> =
        split(text, ';').into_iter().filter_map(|pair| pair.split_once('=')).collect();
    let value = |name: &str| {
        let mut found = pairs.iter().filter(|(key, _)| key.trim().eq_ignore_ascii_case(name));
        let value = found.next().filter(|_| found.next().is_none());
        value.and_then(|(_, value)| unquoted(value.trim()))
    };
    Hop {
        address: value("for").and_then(address),
        has_tls: value("proto").map(|protocol| protocol.eq_ignore_ascii_case("https")),
    }
}

/// A token or the content of a quoted string; none for one with an escape, which no address has.
fn unquoted(value: &str) -> Option<&str> {
    let inside = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    Some(inside.unwrap_or(value)).filter(|value| !value.contains(['"', '\\']))
}

/// An address, with or without a port.
fn address(entry: &str) -> Option<IpAddr> {
    let bare = entry.strip_prefix('[').and_then(|entry| entry.strip_suffix(']'));
    if let Ok(address) = bare.unwrap_or(entry).parse() {
        return Some(address);
    }
    let with_port = entry.parse::<SocketAddr>().ok().map(|address| address.ip());
    // RFC 7239 has ports that are hidden: `192.0.2.1:_gazonk`.
    with_port.or_else(|| {
        let (address, port) = entry.rsplit_once(':')?;
        let address =
            address.strip_prefix('[').map_or(Some(address), |v6| v6.strip_suffix(']'));
        address.filter(|_| port.starts_with('_'))?.parse().ok()
    })
}

#[cfg(test)]
mod tests;

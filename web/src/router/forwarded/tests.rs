//! The client behind proxies, and what a client cannot make the server believe.

use super::*;

fn headers(name: &'static str, lines: &[&str]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(name, HeaderValue::from_bytes(line.as_bytes()).unwrap());
    }
    headers
}

fn is_trusted(address: IpAddr) -> bool {
    address.to_string().starts_with("10.")
}

/// The client of a connection from a proxy, as `address`, or `counted?` where the address is not known.
fn seen(kind: ProxyHeader, peer: &str, headers: &HeaderMap) -> String {
    let peer = (peer.parse().ok(), false);
    let found = client(peer, headers, kind, is_trusted);
    let protocol = if found.has_tls { " https" } else { "" };
    match (found.address, found.counted) {
        (Some(address), Some(counted)) => {
            assert_eq!(address, counted);
            format!("{address}{protocol}")
        }
        (None, Some(counted)) => format!("{counted}?{protocol}"),
        (address, None) => format!("{address:?}{protocol}"),
    }
}

#[test]
fn the_client_is_the_last_address_that_is_not_a_trusted_proxy() {
    for (peer, lines, expected) in [
        ("10.0.0.1", &["192.0.2.66, 192.0.2.7, 10.0.0.2"][..], "192.0.2.7"),
        ("10.0.0.1", &["192.0.2.66", "192.0.2.7", " 10.0.0.2 "], "192.0.2.7"),
        ("10.0.0.1", &["192.0.2.66,192.0.2.7:4711"], "192.0.2.7"),
        ("10.0.0.1", &["[2001:db8::1]:80"], "2001:db8::1"),
        ("10.0.0.1", &["2001:db8::1"], "2001:db8::1"),
        ("192.0.2.9", &["192.0.2.66"], "192.0.2.9"),
        ("10.0.0.1", &["192.0.2.66, unknown, 10.0.0.2"], "10.0.0.2?"),
        ("10.0.0.1", &["192.0.2.66", "", "10.0.0.2"], "10.0.0.2?"),
        ("10.0.0.1", &["192.0.2.66, \""], "10.0.0.1?"),
        ("10.0.0.1", &["é, 192.0.2.7"], "192.0.2.7"),
        ("10.0.0.1", &["10.0.0.3", "10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", &[], "10.0.0.1"),
    ] {
        let headers = headers("x-forwarded-for", lines);
        assert_eq!(seen(ProxyHeader::XForwardedFor, peer, &headers), expected, "{lines:?}");
    }
    let none = client((None, true), &HeaderMap::new(), ProxyHeader::Forwarded, is_trusted);
    assert_eq!(none, Forwarded { address: None, counted: None, has_tls: true });
}

#[test]
fn every_line_and_member_of_forwarded_is_read_from_the_last_to_the_first() {
    for (lines, expected) in [
        (&["for=192.0.2.66, for=192.0.2.7;proto=https;by=10.0.0.2"][..], "192.0.2.7 https"),
        (&["for=192.0.2.66;proto=https", "for=192.0.2.7;proto=http"], "192.0.2.7"),
        (&["For=192.0.2.7 ; Proto=HTTPS", "for=10.0.0.2;proto=http"], "192.0.2.7 https"),
        (&["for=\"[2001:db8::1]:4711\""], "2001:db8::1"),
        (&["for=\"[2001:db8::1]\";proto=https"], "2001:db8::1 https"),
        (&["for=\"[2001:db8::1]:_port\""], "2001:db8::1"),
        (&["for=\"192.0.2.7:_port\""], "192.0.2.7"),
        (&["for=192.0.2.66, for=_hidden;proto=https, for=10.0.0.2"], "10.0.0.2? https"),
        (&["for=192.0.2.66, for=unknown"], "10.0.0.1?"),
        (&["for=192.0.2.66, proto=https"], "10.0.0.1? https"),
        // Quotes and separators that a client sends before what the proxy adds.
        (&["for=\"192.0.2.66, for=192.0.2.7"], "192.0.2.7"),
        (&["for=192.0.2.66;by=\"a,b;c\", for=192.0.2.7;by=\"a,b;c\""], "192.0.2.7"),
        (&["for=\"", "for=192.0.2.7"], "192.0.2.7"),
        (&["for=\"10.0.0.9\\\", for=192.0.2.7"], "192.0.2.7"),
        // What no proxy writes is no address.
        (&["for=192.0.2.7;for=192.0.2.66"], "10.0.0.1?"),
        (&["for=\"192.0.2.7\\\""], "10.0.0.1?"),
        (&["192.0.2.7"], "10.0.0.1?"),
        (&[""], "10.0.0.1?"),
        (&[], "10.0.0.1"),
    ] {
        let headers = headers("forwarded", lines);
        assert_eq!(seen(ProxyHeader::Forwarded, "10.0.0.1", &headers), expected, "{lines:?}");
        let untrusted = seen(ProxyHeader::Forwarded, "192.0.2.9", &headers);
        assert_eq!(untrusted, "192.0.2.9", "{lines:?}");
    }
}

#[test]
fn only_the_header_that_proxies_write_is_read() {
    let mut both = headers("forwarded", &["for=192.0.2.1;proto=https"]);
    both.insert("x-forwarded-for", HeaderValue::from_static("192.0.2.2"));

    assert_eq!(seen(ProxyHeader::Forwarded, "10.0.0.1", &both), "192.0.2.1 https");
    assert_eq!(seen(ProxyHeader::XForwardedFor, "10.0.0.1", &both), "192.0.2.2");
}

#[test]
fn the_nearest_proxy_says_whether_the_client_uses_tls() {
    for (protocols, expected) in [
        (&["https"][..], "192.0.2.7 https"),
        (&["HTTPS"], "192.0.2.7 https"),
        (&["https", "http"], "192.0.2.7"),
        (&["http, https"], "192.0.2.7 https"),
        (&["wss"], "192.0.2.7"),
        (&[], "192.0.2.7"),
    ] {
        let mut headers = headers("x-forwarded-proto", protocols);
        headers.insert("x-forwarded-for", HeaderValue::from_static("192.0.2.7"));
        assert_eq!(seen(ProxyHeader::XForwardedFor, "10.0.0.1", &headers), expected);
    }
    let mut spoofed = headers("x-forwarded-proto", &["https"]);
    spoofed.insert("x-forwarded-for", HeaderValue::from_static("10.0.0.9"));
    assert_eq!(seen(ProxyHeader::XForwardedFor, "192.0.2.9", &spoofed), "192.0.2.9");
}

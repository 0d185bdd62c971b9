//! The client behind proxies, and the network by which it is counted.

use axum::body::Body;

use super::*;

fn entries(lines: &[&str]) -> Vec<Option<IpAddr>> {
    let mut request = Request::builder().uri("/");
    for line in lines {
        request = request.header("x-forwarded-for", *line);
    }
    forwarded(request.body(Body::empty()).unwrap().headers())
}

#[test]
fn every_line_is_a_part_of_one_list() {
    let address = |text: &str| Some(text.parse::<IpAddr>().unwrap());
    let expected =
        [address("192.0.2.1"), None, address("198.51.100.7"), address("2001:db8::1")];

    assert_eq!(
        entries(&["192.0.2.1, unknown", "198.51.100.7:4711,[2001:db8::1]:80"]),
        expected
    );
    assert_eq!(entries(&["192.0.2.1", "unknown", " 198.51.100.7 ", "[2001:db8::1]"]), expected);
}

#[test]
fn an_ipv6_client_is_counted_by_its_first_64_bits() {
    for (address, expected) in [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
    ] {
        assert_eq!(network(address.parse().unwrap()), expected, "{address}");
    }
}

#[test]
fn the_client_is_the_last_address_that_is_not_a_trusted_proxy() {
    let address = |text: &str| text.parse::<IpAddr>().ok();
    let is_trusted = |address: IpAddr| address.to_string().starts_with("10.");
    let of = |peer: &str, hops: &[&str]| {
        let hops: Vec<_> = hops.iter().map(|hop| address(hop)).collect();
        last_untrusted(address(peer), &hops, is_trusted)
    };

    for (peer, hops, client) in [
        ("10.0.0.1", &["192.0.2.66", "192.0.2.7", "10.0.0.2"][..], "192.0.2.7"),
        ("10.0.0.1", &["192.0.2.66", "192.0.2.7"], "192.0.2.7"),
        ("192.0.2.9", &["192.0.2.66"], "192.0.2.9"),
        ("10.0.0.1", &["192.0.2.66", "unknown", "10.0.0.2"], "10.0.0.2"),
        ("10.0.0.1", &["10.0.0.3", "10.0.0.2"], "10.0.0.3"),
        ("10.0.0.1", &[], "10.0.0.1"),
    ] {
        assert_eq!(of(peer, hops), address(client), "{peer} {hops:?}");
    }
    assert_eq!(last_untrusted(None, &[address("192.0.2.66")], is_trusted), None);
}

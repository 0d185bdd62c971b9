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

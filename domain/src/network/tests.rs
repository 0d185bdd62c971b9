//! Ranges, and the addresses that they contain.

use super::*;

fn check(network: &str, address: &str, expected: bool) {
    let network: Network = network.parse().unwrap();
    assert_eq!(network.contains(address.parse().unwrap()), expected, "{network} {address}");
}

#[test]
fn a_range_contains_the_addresses_with_its_first_bits() {
    check("10.0.0.0/8", "10.255.0.1", true);
    check("10.0.0.0/8", "11.0.0.1", false);
    check("192.168.1.7", "192.168.1.7", true);
    check("192.168.1.7", "192.168.1.8", false);
    check("0.0.0.0/0", "8.8.8.8", true);
    check("::/0", "2001:db8::1", true);
    check("2001:db8::/32", "2001:db8:1::1", true);
    check("2001:db8::/32", "2001:db9::1", false);
}

#[test]
fn ipv4_and_ipv6_differ_except_for_mapped_addresses() {
    check("0.0.0.0/0", "::1", false);
    check("::/0", "127.0.0.1", false);
    check("127.0.0.1", "::ffff:127.0.0.1", true);
}

#[test]
fn other_texts_are_refused() {
    for text in ["", "example.com", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129"] {
        assert!(text.parse::<Network>().unwrap_err().contains("`10.0.0.0/8`"), "{text}");
    }
    assert_eq!("10.0.0.0/8".parse::<Network>().unwrap().to_string(), "10.0.0.0/8");
    assert_eq!("::1/128".parse::<Network>().unwrap().to_string(), "::1");
}

//! The network by which a client is counted.

use super::*;

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

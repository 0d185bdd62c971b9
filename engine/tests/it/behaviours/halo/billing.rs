//! The billing contact: a flag beside the role.

use hallpass_engine::Member;

use super::super::{granted, may, opens, put, set, sidebar};
use super::{as_role, at_the_top, contact, people};

const ROLES: [&str; 3] = ["super_admin", "admin", "member"];

/// HALO-035: changing the role keeps the flag, and only Super Admins have billing without it.
#[test]
fn the_flag_is_separate_from_the_role() {
    for role in ROLES {
        let flagged = people(contact(Member::new("anna", role)));
        assert!(opens(&flagged, "anna", "billing", "update"), "{role}");
        for other in ROLES {
            let changed = put(&flagged, contact(Member::new("anna", other)));
            assert!(opens(&changed, "anna", "billing", "update"), "{role} to {other}");
            let gone = put(&changed, Member::new("anna", other));
            assert_eq!(
                opens(&gone, "anna", "billing", "update"),
                other == "super_admin",
                "{other}"
            );
        }
        let product = |right: &String| !right.starts_with("billing:");
        let beside = granted(&flagged, "anna").into_iter().filter(product);
        let bare = granted(&as_role(role), "anna").into_iter().filter(product);
        assert!(beside.eq(bare), "{role}");
    }
}

/// HALO-041: with any role, and without other members of that role.
#[test]
fn the_contact_manages_billing_whatever_the_role() {
    for role in ROLES {
        let policy = people(contact(Member::new("anna", role)));
        for verb in ["read", "update", "plan"] {
            assert!(opens(&policy, "anna", "billing", verb), "{role} {verb}");
            assert!(!opens(&policy, "ben", "billing", verb), "{role} {verb}");
            assert!(!opens(&policy, "cleo", "billing", verb), "{role} {verb}");
        }
    }
}

/// HALO-042
#[test]
fn finance_has_billing_and_nothing_of_the_product() {
    let policy = people(contact(Member::new("anna", "member")));
    let billing = set(["billing:read", "billing:manage", "billing:transfer"]);
    assert_eq!(granted(&policy, "anna"), billing);
    assert_eq!(sidebar(&policy, "anna"), ["Billing"]);
}

/// Who may transfer billing: id, role, flag, expected.
const TRANSFERS: [(&str, &str, bool, bool); 7] = [
    ("HALO-012", "super_admin", false, true),
    ("HALO-047", "super_admin", false, true),
    ("HALO-048", "super_admin", true, true),
    ("HALO-048", "admin", true, true),
    ("HALO-048", "member", true, true),
    ("HALO-050", "admin", false, false),
    ("HALO-050", "member", false, false),
];

#[test]
fn super_admins_and_the_contact_transfer_billing() {
    for (id, role, is_billing_contact, expected) in TRANSFERS {
        let anna = Member { is_billing_contact, ..Member::new("anna", role) };
        let policy = people(anna);
        assert_eq!(opens(&policy, "anna", "billing", "transfer"), expected, "{id}: {role}");
        assert_eq!(may(&policy, "anna", "billing:transfer"), expected, "{id}: {role}");
    }
    assert!(!opens(&people(at_the_top("anna")), "anna", "billing", "transfer"), "HALO-050");
}

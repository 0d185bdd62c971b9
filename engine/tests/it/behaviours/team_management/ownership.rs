//! Owners of records: active, inactive and removed members, and no owner.

use hallpass_engine::{Member, ResourceKind, Visibility};

use super::super::{granted, may, may_on, put, reach_of, sidebar};
use super::{EVERY_OWNER, LADDER, as_role, in_each_module, people, seeing, turned};

/// CRM-141: the same holds for records of removed members.
#[test]
fn records_of_inactive_members_are_not_unowned() {
    let inactive =
        put(&as_role("user"), Member { is_active: false, ..Member::new("ben", "user") });
    for right in in_each_module("read") {
        assert_eq!(reach_of(&inactive, "anna", &right), "anna unowned");
        assert!(!may_on(&inactive, "anna", &right, "ben"));
        assert!(!may_on(&inactive, "anna", &right, "removed"));
    }
    let admin =
        put(&as_role("admin"), Member { is_active: false, ..Member::new("ben", "user") });
    assert!(may_on(&admin, "anna", "deals:read", "ben"));
}

/// CRM-151: the owner of a record decides, in all six modules.
#[test]
fn every_record_has_an_owner() {
    let policy = as_role("user");
    for action in ["read", "update", "delete"] {
        for right in in_each_module(action) {
            let (key, _) = right.split_once(':').unwrap();
            assert_eq!(
                policy.blueprint().resource(key).map(|known| known.kind),
                Some(ResourceKind::Records)
            );
            assert!(may_on(&policy, "anna", &right, "anna"), "{right}");
            assert!(!may_on(&policy, "anna", &right, "cleo"), "{right}");
        }
    }
}

/// CRM-069, CRM-152: for Users and every other role.
#[test]
fn the_owner_of_a_record_can_edit_it() {
    for role in LADDER {
        let policy = as_role(role);
        for right in in_each_module("update") {
            assert!(may_on(&policy, "anna", &right, "anna"), "{role} {right}");
        }
    }
    assert_eq!(reach_of(&as_role("user"), "anna", "deals:update"), "anna");
}

/// Whose records a role may edit: id, role, owners.
const EDITS: [(&str, &str, &str); 3] = [
    ("CRM-153", "admin", EVERY_OWNER),
    ("CRM-153", "owner", EVERY_OWNER),
    ("CRM-154", "manager", "anna ben"),
];

#[test]
fn higher_roles_may_edit_the_records_of_others() {
    for (id, role, owners) in EDITS {
        for right in in_each_module("update") {
            assert_eq!(
                reach_of(&as_role(role), "anna", &right),
                owners,
                "{id}: {role} {right}"
            );
        }
    }
}

/// CRM-067, CRM-155: with the visibility of a new User, and unowned records too.
#[test]
fn a_user_sees_own_records_only() {
    let policy = as_role("user");
    let start = policy.blueprint().visibility.unwrap().start;
    let policy = put(&policy, seeing(start, Member::new("anna", "user")));
    for right in in_each_module("read") {
        assert_eq!(reach_of(&policy, "anna", &right), "anna unowned", "{right}");
    }
}

/// CRM-156: every role with every visibility, including custom roles.
#[test]
fn unowned_records_are_visible_to_everyone() {
    for visibility in Visibility::EVERY {
        for role in LADDER.into_iter().chain(["own", "all"]) {
            let builder = people(seeing(visibility, Member::new("anna", role)));
            let builder =
                builder.role("own", &[&format!("{}:read:own", super::MODULES.join(","))]);
            let policy = builder
                .role("all", &[&format!("{}:read:all", super::MODULES.join(","))])
                .compile();
            for right in in_each_module("read") {
                let owners = reach_of(&policy, "anna", &right);
                assert!(owners.contains("unowned"), "{role} {visibility} {right}: {owners}");
            }
        }
    }
}

/// CRM-157: which roles may change an unowned record; claiming takes a switch.
#[test]
fn unowned_records_are_visible_but_not_editable() {
    let changes = |role: &str, action: &str| {
        let builder = people(seeing(Visibility::All, Member::new("anna", role)));
        let builder = builder.role("own", &["deals:read:all", "deals:update,delete:own"]);
        let builder = builder.role("all", &["deals:read:all", "deals:update,delete:all"]);
        reach_of(&builder.compile(), "anna", &format!("deals:{action}")).contains("unowned")
    };
    for action in ["update", "delete"] {
        for role in ["owner", "admin", "all"] {
            assert!(changes(role, action), "{role} {action}");
        }
        for role in ["manager", "user", "own"] {
            assert!(!changes(role, action), "{role} {action}");
        }
    }

    for role in ["manager", "user"] {
        let off = as_role(role);
        let on = turned(&off, "claim_unowned", true);
        for right in in_each_module("claim") {
            assert_eq!(reach_of(&off, "anna", &right), "", "{role}");
            assert_eq!(reach_of(&on, "anna", &right), "unowned", "{role}");
        }
        for right in in_each_module("update").chain(in_each_module("delete")) {
            assert_eq!(reach_of(&on, "anna", &right), reach_of(&off, "anna", &right), "{role}");
        }
    }
}

/// CRM-158
#[test]
fn unowned_records_are_hidden_without_access_to_the_module() {
    let builder = people(Member::new("anna", "made"));
    let policy = builder.role("made", &["contacts:read:own", "tickets:create:all"]).compile();
    assert_eq!(reach_of(&policy, "anna", "tickets:read"), "");
    assert_eq!(reach_of(&policy, "anna", "contacts:read"), "anna unowned");
    assert!(!may(&policy, "anna", "tickets:read") && sidebar(&policy, "anna") == ["Contacts"]);
    let outside = put(&policy, Member { is_active: false, ..Member::new("cleo", "user") });
    assert_eq!(reach_of(&outside, "cleo", "contacts:read"), "");
    assert!(granted(&outside, "cleo").is_empty());
}

//! Visibility (own, department or all) and its effect on each role.

use hallpass_engine::{Member, Policy, Visibility};

use super::super::{assigned_to, put, reach_of};
use super::{departments, in_each_module, placed, seeing};

const EVERY_OWNER: &str = "anna ben cleo dora emil unowned nonmember";

fn at(role: &str, visibility: Visibility) -> Policy {
    departments(seeing(visibility, Member::new("anna", role))).compile()
}

/// What a User reads: id, visibility, owners. Ben is below Anna's department, Dora in it, Cleo
/// above and Emil beside it.
const LEVELS: [(&str, Visibility, &str); 7] = [
    ("CRM-171", Visibility::All, EVERY_OWNER),
    ("CRM-172", Visibility::Department, "anna ben dora unowned"),
    ("CRM-173", Visibility::Department, "anna ben dora unowned"),
    ("CRM-175", Visibility::Own, "anna unowned"),
    ("CRM-179", Visibility::Own, "anna unowned"),
    ("CRM-179", Visibility::Department, "anna ben dora unowned"),
    ("CRM-179", Visibility::All, EVERY_OWNER),
];

#[test]
fn a_visibility_level_shows_its_records() {
    for (id, visibility, owners) in LEVELS {
        let policy = at("user", visibility);
        for right in in_each_module("read") {
            assert_eq!(reach_of(&policy, "anna", &right), owners, "{id}: {visibility} {right}");
        }
    }
}

/// CRM-071, CRM-179: assigned users add nothing.
#[test]
fn visibility_limits_users_strictly() {
    let assigned = placed("support", assigned_to("anna", Member::new("emil", "user")));
    for (visibility, owners) in
        [(Visibility::Own, "anna unowned"), (Visibility::Department, "anna ben dora unowned")]
    {
        let policy = put(&at("user", visibility), assigned.clone());
        for right in in_each_module("read") {
            assert_eq!(reach_of(&policy, "anna", &right), owners, "{visibility} {right}");
        }
    }
}

/// CRM-072
#[test]
fn visibility_widens_reading_but_not_changing() {
    for visibility in Visibility::EVERY {
        let policy = at("user", visibility);
        for action in ["update", "delete"] {
            for right in in_each_module(action) {
                assert_eq!(reach_of(&policy, "anna", &right), "anna", "{visibility} {right}");
            }
        }
    }
    assert_eq!(reach_of(&at("user", Visibility::All), "anna", "deals:read"), EVERY_OWNER);
}

/// CRM-174
#[test]
fn visibility_department_without_a_department_shows_own_records() {
    let homeless = seeing(Visibility::Department, Member::new("anna", "user"));
    let policy = put(&at("user", Visibility::Own), homeless);
    let policy = put(&policy, Member::new("emil", "user"));
    for right in in_each_module("read") {
        assert_eq!(reach_of(&policy, "anna", &right), "anna unowned", "{right}");
    }
}

/// CRM-176: for every member of the tree, and strictly so for Anna.
#[test]
fn visibility_all_includes_department_includes_own() {
    for member in ["anna", "ben", "cleo", "dora", "emil"] {
        let [own, department, all] = Visibility::EVERY.map(|visibility| {
            let policy = at("user", Visibility::Own);
            let place = match member {
                "ben" => "field",
                "cleo" => "company",
                "emil" => "support",
                _ => "sales",
            };
            let seen =
                put(&policy, placed(place, seeing(visibility, Member::new(member, "user"))));
            reach_of(&seen, member, "deals:read")
        });
        let within = |narrow: &str, wide: &str| narrow.split(' ').all(|one| wide.contains(one));
        assert!(within(&own, &department) && within(&department, &all), "{member}");
        assert_eq!(own, format!("{member} unowned"));
        assert_eq!(all, EVERY_OWNER);
    }
    let department = reach_of(&at("user", Visibility::Department), "anna", "deals:read");
    assert_eq!(department, "anna ben dora unowned");
}

/// CRM-177
#[test]
fn the_owner_sees_all_records_with_any_visibility() {
    for visibility in Visibility::EVERY {
        for right in in_each_module("read") {
            assert_eq!(
                reach_of(&at("owner", visibility), "anna", &right),
                EVERY_OWNER,
                "{visibility}"
            );
        }
    }
}

/// CRM-219: moving to another department changes what the level Department shows, and no other.
#[test]
fn departments_combine_with_visibility() {
    for (visibility, in_sales, in_company, in_support) in [
        (Visibility::Own, "anna unowned", "anna unowned", "anna unowned"),
        (
            Visibility::Department,
            "anna ben dora unowned",
            "anna ben cleo dora emil unowned",
            "anna emil unowned",
        ),
        (Visibility::All, EVERY_OWNER, EVERY_OWNER, EVERY_OWNER),
    ] {
        let sales = at("user", visibility);
        let moved =
            |to| put(&sales, placed(to, seeing(visibility, Member::new("anna", "user"))));
        assert_eq!(reach_of(&sales, "anna", "deals:read"), in_sales, "{visibility}");
        assert_eq!(
            reach_of(&moved("company"), "anna", "deals:read"),
            in_company,
            "{visibility}"
        );
        assert_eq!(
            reach_of(&moved("support"), "anna", "deals:read"),
            in_support,
            "{visibility}"
        );
    }
}

//! What a workspace can make of an access model is bounded, also as a product.

use std::fmt::Write as _;
use std::sync::Arc;

use hallpass_engine::{Blueprint, Change, CustomRole, Policy, Workspace};

/// A blueprint with 3,960 actions.
fn wide() -> Arc<Blueprint> {
    let mut text = "[blueprint]\nid = \"wide\"\nname = \"Wide\"\n\
                    [roles.owner]\nrank = 1000\ntop = true\ngrants = [\"*:*:all\"]\n\
                    [custom_roles]\nrank = 1\n"
        .to_owned();
    for number in 0..990 {
        let actions = "[\"create\", \"read\", \"update\", \"delete\"]";
        writeln!(text, "[records.t{number}]\nname = \"T{number}\"\nactions = {actions}")
            .unwrap();
    }
    Arc::new(Blueprint::parse(&text).unwrap())
}

fn role(number: usize) -> CustomRole {
    CustomRole { id: format!("role{number}"), grants: Vec::new() }
}

fn with_roles(count: usize) -> Workspace {
    Workspace { roles: (0..count).map(role).collect(), ..Workspace::default() }
}

#[test]
fn the_product_of_roles_and_actions_is_bounded() {
    let blueprint = wide();

    let mistakes = Policy::compile(&blueprint, &with_roles(2_100)).unwrap_err().to_string();

    assert!(mistakes.contains("the limit is 8000000"), "{mistakes}");
    assert!(Policy::compile(&blueprint, &with_roles(1_900)).is_ok());
}

#[test]
fn a_change_does_not_pass_the_bound_and_may_make_room() {
    let mut policy = Policy::compile(&wide(), &with_roles(1_900)).unwrap();
    let memory = policy.memory();

    let refused =
        (2_000..).find_map(|number| match policy.apply(&[Change::PutRole(role(number))]) {
            Ok(larger) => {
                policy = larger;
                None
            }
            Err(mistakes) => Some(mistakes.to_string()),
        });

    assert!(refused.is_some_and(|why| why.contains("the limit is 8000000")));
    assert!(policy.memory() > memory);
    let smaller = policy.apply(&[Change::RemoveRole("role7".to_owned())]).unwrap();
    assert!(smaller.apply(&[Change::PutRole(role(7))]).is_ok());
}

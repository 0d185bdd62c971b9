//! Team Management: a ladder of roles, assigned users, departments, visibility, unowned records.

mod comparison;
mod custom_roles;
mod ladder;
mod ownership;
mod visibility;

use hallpass_engine::{Change, Member, Policy, Visibility};

use super::{WorkspaceBuilder, assigned_to};

const MODULES: [&str; 6] =
    ["contacts", "deals", "accounts", "activities", "projects", "tickets"];

/// Built-in roles, highest first.
const LADDER: [&str; 4] = ["owner", "admin", "manager", "user"];

const EVERY_OWNER: &str = "anna ben cleo unowned nonmember";

/// Anna is under test; Ben is assigned to her, Cleo to no one.
fn people(anna: Member) -> WorkspaceBuilder {
    let builder = WorkspaceBuilder::new("team-management").with(anna);
    builder
        .with(assigned_to("anna", Member::new("ben", "user")))
        .with(Member::new("cleo", "user"))
}

fn as_role(role: &str) -> Policy {
    people(Member::new("anna", role)).compile()
}

/// Anna is in Sales, with Dora; Ben below it in Field, Cleo above it in Company, Emil beside it
/// in Support. No one is assigned.
fn departments(anna: Member) -> WorkspaceBuilder {
    let builder = WorkspaceBuilder::new("team-management").department("company", None);
    let builder =
        builder.department("sales", Some("company")).department("field", Some("sales"));
    let builder = builder.department("support", Some("company")).with(placed("sales", anna));
    let others =
        [("ben", "field"), ("cleo", "company"), ("dora", "sales"), ("emil", "support")];
    let others = others.map(|(id, department)| placed(department, Member::new(id, "user")));
    others.into_iter().fold(builder, WorkspaceBuilder::with)
}

fn placed(department: &str, member: Member) -> Member {
    Member { department: Some(department.to_owned()), ..member }
}

fn seeing(visibility: Visibility, member: Member) -> Member {
    Member { visibility, ..member }
}

fn turned(policy: &Policy, switch: &str, on: bool) -> Policy {
    policy.apply(&[Change::SetSwitch(switch.to_owned(), on)]).unwrap()
}

/// "contacts" and "read" for each module.
fn in_each_module(action: &str) -> impl Iterator<Item = String> {
    MODULES.into_iter().map(move |module| format!("{module}:{action}"))
}

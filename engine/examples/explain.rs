//! Explains decisions in sentences: `cargo run -p hallpass-engine --example explain`.

use std::error::Error;
use std::sync::Arc;

use hallpass_engine::{
    Blueprint, Cells, Describe, Member, MemberIndex, Names, Policy, Profile, Scope, Sharing,
    Target, Team, Workspace,
};

/// Members see their own contacts; a profile on their team shows them those of the team.
const MODEL: &str = r#"
[blueprint]
id = "agency"
name = "Agency"

[records.contacts]

[teams]
[profiles]

[roles.owner]
rank = 2
top = true
grants = ["*:*:all"]

[roles.member]
rank = 1
grants = ["contacts:*:own"]
"#;

/// Shows people by name instead of id.
struct People;

impl Names for People {
    fn member(&self, id: &str) -> String {
        match id {
            "m1" => "Anna".to_owned(),
            "m2" => "Ben".to_owned(),
            "m3" => "Cleo".to_owned(),
            other => other.to_owned(),
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut cells = Cells::default();
    cells.set("contacts", "read", Some(Scope::Team));
    let workspace = Workspace {
        profiles: vec![Profile { id: "readers".into(), cells }],
        teams: vec![Team {
            id: "sales".into(),
            profile: Some("readers".into()),
            sharing: Sharing::All,
        }],
        members: vec![
            Member::new("m1", "owner"),
            Member { teams: vec!["sales".into()], ..Member::new("m2", "member") },
            Member { teams: vec!["sales".into()], ..Member::new("m3", "member") },
        ],
        ..Workspace::default()
    };
    let policy = Policy::compile(&Arc::new(Blueprint::parse(MODEL)?), &workspace)?;
    let member = |id: &str| policy.member(id).ok_or(format!("no member {id}"));
    let (anna, ben, cleo) = (member("m1")?, member("m2")?, member("m3")?);

    explain(&policy, ben, "read", cleo)?;
    explain(&policy, ben, "update", cleo)?;
    explain(&policy, ben, "read", anna)?;
    Ok(())
}

/// Prints one decision, each step that led to it, and what it lacks.
fn explain(
    policy: &Policy,
    member: MemberIndex,
    action: &str,
    owner: MemberIndex,
) -> Result<(), Box<dyn Error>> {
    let cell = policy.cell("contacts", action).ok_or("no such action")?;
    let why = policy.explain(member, cell, Target::OwnedBy(owner));
    let describe = Describe::new(policy, &People);
    println!("{}", describe.summary(&why));
    for step in &why.steps {
        println!("  - {}", describe.step(&why, step));
    }
    for need in describe.needs(&why) {
        println!("  ! {need}");
    }
    println!();
    Ok(())
}

//! Shows what a change gives and takes before it is saved: `cargo run -p hallpass-engine --example change`.

use std::error::Error;
use std::sync::Arc;

use hallpass_engine::{Blueprint, Change, Member, Policy, Workspace};

/// Agents work with all tickets, trainees read their own.
const MODEL: &str = r#"
[blueprint]
id = "support"
name = "Support"

[records.tickets]
[settings.members]
actions = ["read", "create", "update", "delete"]

[roles.owner]
rank = 3
top = true
grants = ["*:*:all"]

[roles.agent]
rank = 2
grants = ["tickets:*:all", "members:read,update:all"]

[roles.trainee]
rank = 1
grants = ["tickets:create,read:own"]
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let members = vec![
        Member::new("anna", "owner"),
        Member::new("ben", "agent"),
        Member::new("cleo", "trainee"),
    ];
    let workspace = Workspace { members, ..Workspace::default() };
    let before = Policy::compile(&Arc::new(Blueprint::parse(MODEL)?), &workspace)?;
    let ben = before.member("ben").ok_or("no member ben")?;

    // A change makes another policy; the one before it stays as it is.
    for role in ["agent", "owner"] {
        let after = before.apply(&[Change::PutMember(Member::new("cleo", role))])?;

        println!("Cleo becomes {role}:");
        for difference in before.compare(&after) {
            println!(
                "  {} {} {}: {} -> {}",
                difference.member,
                difference.action,
                difference.resource,
                difference.before.reach,
                difference.after.reach,
            );
        }

        // Ben may assign the role only if he holds everything that Cleo would gain.
        let excess = before.excess(ben, &after, "cleo");
        let may_assign = before.may_give(ben, role) && excess.is_empty();
        println!("  Ben {} assign it", if may_assign { "may" } else { "may not" });
        for one in &excess {
            println!("  He does not hold {} {}", one.action, one.resource);
        }
    }
    Ok(())
}

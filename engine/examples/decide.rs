//! Decides who may do what: `cargo run -p hallpass-engine --example decide`.

use std::error::Error;
use std::sync::Arc;

use hallpass_engine::{Blueprint, Filter, Member, Owner, Policy, Workspace};

/// Clerks work with their own orders, managers also with those of the clerks assigned to them.
const MODEL: &str = r#"
[blueprint]
id = "shop"
name = "Shop"

[records.orders]
[settings.prices]

[managers]

[roles.owner]
rank = 3
top = true
grants = ["*:*:all"]

[roles.manager]
rank = 2
manages = true
grants = ["orders:*:own", "orders:read,update:assigned", "prices:read:all"]

[roles.clerk]
rank = 1
grants = ["orders:create,read,update:own"]
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let blueprint = Arc::new(Blueprint::parse(MODEL)?);
    let members = vec![
        Member::new("anna", "owner"),
        Member::new("ben", "manager"),
        Member { manager: Some("ben".into()), ..Member::new("cleo", "clerk") },
    ];
    let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;

    println!("May they update an order of Cleo, or change a price?");
    for member in policy.members().map(|member| policy.id(member)) {
        let order = policy.check(member, "orders", "update", Owner::Member("cleo"));
        let price = policy.check(member, "prices", "update", Owner::Any);
        println!("  {member:<6}{:<6}{}", answer(order), answer(price));
    }

    println!("Whose orders may they read?");
    let read = policy.cell("orders", "read").ok_or("no such action")?;
    for member in policy.members() {
        let owners = match policy.filter(member, read) {
            Filter::Nothing => "none".to_owned(),
            Filter::All => "all".to_owned(),
            Filter::Owners(owners) => {
                let ids: Vec<&str> =
                    owners.members.iter().map(|owner| policy.id(*owner)).collect();
                ids.join(", ")
            }
        };
        println!("  {:<6}{owners}", policy.id(member));
    }
    Ok(())
}

/// `None` means that the member, the resource or the action does not exist.
fn answer(decision: Option<bool>) -> &'static str {
    match decision {
        Some(true) => "yes",
        Some(false) => "no",
        None => "?",
    }
}

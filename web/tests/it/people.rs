//! What callers read of people: counts, names and values within what they may read, whom they may
//! choose, and what is left of those who have gone.

mod alias;
mod audit;
mod audit_search;
mod choice;
mod department;
mod invitation;
mod leak;
mod total;

use hallpass_testkit::{Person, TestWorkspace};
use serde_json::{Value, json};

/// Adds a member with a custom role that grants only this.
async fn with_grants(workspace: &TestWorkspace<'_>, name: &str, grants: &[&str]) -> Person {
    let role = json!({"name": format!("Only {name}"), "grants": grants});
    let role = workspace.anna.post("/roles", role).await.expect(201).id();
    workspace.join(name, json!({"role": role})).await
}

/// The item of a page with an id.
#[track_caller]
fn item<'p>(page: &'p hallpass_testkit::Answer, id: &str) -> &'p Value {
    let found = page.items().iter().find(|one| one["id"] == id);
    found.unwrap_or_else(|| panic!("no `{id}` in {}", page.text))
}

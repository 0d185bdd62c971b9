//! HARi: profiles on teams, and the matrix of a record type.

mod schema;
mod teams;
mod verify;

use hallpass_testkit::{Person, TestWorkspace};
use serde_json::json;

/// The record types of the access model.
const RECORDS: [&str; 7] =
    ["contacts", "companies", "opportunities", "activities", "invoices", "tasks", "leads"];

/// The actions that a profile grants.
const ACTIONS: [&str; 4] = ["create", "read", "update", "delete"];

/// A team that a profile governs.
async fn team(workspace: &TestWorkspace<'_>, name: &str, profile: &str) -> String {
    let ask = json!({"name": name, "profile": profile});
    workspace.anna.post("/teams", ask).await.expect(201).id()
}

/// A member of a team.
async fn in_team(workspace: &TestWorkspace<'_>, name: &str, team: &str) -> Person {
    workspace.join(name, json!({"role": "member", "teams": [team]})).await
}

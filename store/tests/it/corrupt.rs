//! A stored value that does not parse is reported with its table, its column and its row.

use std::fmt::Debug;

use hallpass_domain::id::{EventId, RecordId};
use hallpass_domain::record::{Event, Owner};
use hallpass_domain::team::Team;
use hallpass_store::audit::AuditQuery;
use hallpass_store::entity::StoredEntity;
use hallpass_store::invitation::InvitationQuery;
use hallpass_store::member::MemberQuery;
use hallpass_store::session::lookup::WorkspaceRef;
use hallpass_store::{Dialect, Error, Tx};
use serde_json::json;

use crate::accounts::{NOW, account, answered};
use crate::api_keys::key;
use crate::audit::entry;
use crate::billing::{full, invoice};
use crate::fixture::{Fixture, id, insert_workspace};
use crate::groups::{department, profile, role, team};
use crate::invitations::invitation;
use crate::mails::mail;
use crate::members::member;
use crate::operations::operation;
use crate::record::{query, record};
use crate::sessions::session;

contract! {
    every: [
        accounts_and_what_belongs_to_them,
        workspaces_and_operations,
        groups,
        members_and_invitations,
        api_keys_audit_and_record_types,
        billing_and_mails,
        records_and_their_timelines,
    ],
    persistent: [],
}

/// Overwrites a column of every row with a text.
async fn overwrite(tx: &mut Tx, column: &str) {
    let (table, column) = column.split_once('.').unwrap();
    let sql = format!("UPDATE {table} SET {column} = 'wrong'");
    tx.execute(&sql, &[]).await.unwrap();
}

fn check<T: Debug>(outcome: Result<T, Error>, column: &str, row: &str) {
    let expected = format!("the stored value in `{column}` does not parse (row `{row}`)");
    assert_eq!(outcome.unwrap_err().to_string(), expected);
}

/// A column of numbers accepts a text on SQLite alone.
fn stores_any_type(tx: &Tx) -> bool {
    tx.dialect() == Dialect::Sqlite
}

fn text(number: u128) -> String {
    id(number).to_string()
}

async fn accounts_and_what_belongs_to_them(fixture: Fixture) {
    let mut tx = fixture.db.write().await.unwrap();
    let anna = account(7, "anna@example.com");
    tx.accounts().insert(&anna).await.unwrap();
    tx.sessions().insert(b"token", &session(8, anna.id)).await.unwrap();
    tx.attempts().record_failure("anna", NOW).await.unwrap();
    assert!(tx.idempotent_requests().insert(anna.id, "a key", &answered()).await.unwrap());
    let workspace = id(9).into();
    insert_workspace_in(&mut tx, 9).await;
    tx.accounts().add_workspace(anna.id, workspace).await.unwrap();

    for column in ["accounts.notifications", "accounts.email"] {
        overwrite(&mut tx, column).await;
        check(tx.accounts().find(anna.id).await, column, &text(7));
    }
    if !stores_any_type(&tx) {
        return;
    }
    for column in ["sessions.seen_at", "attempts.last_at", "stored_responses.at"] {
        overwrite(&mut tx, column).await;
    }
    overwrite(&mut tx, "account_workspaces.visited_at").await;
    check(tx.sessions().find(b"token").await, "sessions.seen_at", &text(8));
    check(tx.sessions().list(anna.id).await, "sessions.seen_at", &text(8));
    check(tx.attempts().failures("anna").await, "attempts.last_at", "anna");
    let request = tx.idempotent_requests().find(anna.id, "a key").await;
    check(request, "stored_responses.at", "a key");
    overwrite(&mut tx, "stored_responses.headers").await;
    let request = tx.idempotent_requests().find(anna.id, "a key").await;
    check(request, "stored_responses.headers", "a key");
    let workspaces = tx.accounts().list_workspaces(anna.id).await.map(drop);
    check(workspaces, "account_workspaces.visited_at", &text(9));
}

async fn insert_workspace_in(tx: &mut Tx, number: u128) {
    tx.execute(crate::fixture::INSERT_WORKSPACE, &crate::fixture::workspace(number))
        .await
        .unwrap();
}

async fn workspaces_and_operations(fixture: Fixture) {
    let mut tx = fixture.db.write().await.unwrap();
    insert_workspace_in(&mut tx, 7).await;
    tx.operations().insert(&operation(8)).await.unwrap();

    overwrite(&mut tx, "workspaces.settings").await;
    overwrite(&mut tx, "operations.detail").await;

    check(tx.workspaces().find(id(7).into()).await, "workspaces.settings", &text(7));
    check(tx.operations().list(None, None, 5).await, "operations.detail", &text(8));
    let mut inside = tx.into_workspace(id(7)).await.unwrap().unwrap();
    check(inside.load_workspace().await, "workspaces.settings", &text(7));
}

async fn groups(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = fixture.db.write_in(id(1)).await.unwrap().unwrap();
    tx.roles().insert(&role(7, "Sales")).await.unwrap();
    tx.profiles().insert(&profile(8, "Sales")).await.unwrap();
    tx.teams().insert(&Team { profile: None, ..team(9, "Sales") }).await.unwrap();
    tx.departments().insert(&department(10, "Sales", None)).await.unwrap();

    for column in ["roles.grants", "profiles.cells", "teams.sharing"] {
        overwrite(tx.global(), column).await;
    }
    tx.global().execute("UPDATE departments SET name = ''", &[]).await.unwrap();

    check(tx.roles().list_all().await, "roles.grants", &text(7));
    tx.global().execute("UPDATE roles SET grants = '[\"wrong\"]'", &[]).await.unwrap();
    check(tx.roles().list_all().await, "roles.grants", &text(7));
    check(tx.profiles().list_all().await, "profiles.cells", &text(8));
    check(tx.teams().list_all().await, "teams.sharing", &text(9));
    check(tx.departments().list_all().await, "departments.name", &text(10));
}

async fn members_and_invitations(fixture: Fixture) {
    let mut tx = fixture.db.write().await.unwrap();
    insert_workspace_in(&mut tx, 1).await;
    let anna = member(7, "Anna");
    let account = account(anna.account_or_own_id().0.as_u128(), "anna@example.com");
    tx.accounts().insert(&account).await.unwrap();
    tx.sessions().insert(b"token", &session(8, account.id)).await.unwrap();
    let mut tx = tx.into_workspace(id(1)).await.unwrap().unwrap();
    tx.members().insert(&anna).await.unwrap();
    tx.invitations().insert(b"token", &invitation(9, "ben@example.com")).await.unwrap();

    for column in ["members.status", "invitations.teams"] {
        overwrite(tx.global(), column).await;
    }

    check(tx.members().find(anna.id).await, "members.status", &text(7));
    check(tx.members().list_all().await, "members.status", &text(7));
    let listed = tx.members().list(&MemberQuery::default(), None, 5).await;
    check(listed, "members.status", &text(7));
    let membership = tx.members().find_membership(anna.account_or_own_id()).await;
    check(membership, "members.status", &text(7));
    check(
        tx.invitations().list(&InvitationQuery::default(), None, 5).await,
        "invitations.teams",
        &text(9),
    );
    tx.commit().await.unwrap();
    let tx = fixture.db.read().await.unwrap();
    let lookup = tx.find_by_session(b"token", WorkspaceRef::Slug("slug-1")).await;
    check(lookup.map(drop), "members.status", &text(7));
}

async fn api_keys_audit_and_record_types(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = fixture.db.write_in(id(1)).await.unwrap().unwrap();
    tx.api_keys().insert(b"token", &key(7, 2, 3)).await.unwrap();
    tx.audit().insert(&entry(8)).await.unwrap();
    let deals = StoredEntity {
        entity: "deals".to_owned(),
        is_added: true,
        name: None,
        one: None,
        fields: Some(json!([])),
        stages: None,
        version: 1,
    };
    tx.entities().upsert(&deals).await.unwrap();

    overwrite(tx.global(), "audit.outcome").await;
    overwrite(tx.global(), "entities.fields").await;

    let entries = tx.audit().list(&AuditQuery::default(), None, 5).await;
    check(entries, "audit.outcome", &text(8));
    check(tx.entities().list_all().await, "entities.fields", "deals");
    overwrite(tx.global(), "api_keys.scopes").await;
    check(tx.api_keys().list_all().await, "api_keys.scopes", &text(7));
    if stores_any_type(tx.global()) {
        overwrite(tx.global(), "api_keys.created_at").await;
        check(tx.api_keys().list_all().await, "api_keys.created_at", &text(7));
    }
}

async fn billing_and_mails(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = fixture.db.write_in(id(1)).await.unwrap().unwrap();
    tx.save_billing(&full()).await.unwrap();
    tx.invoices().upsert(&invoice(7)).await.unwrap();
    tx.global().mails().enqueue(&mail(8)).await.unwrap();

    for column in ["billing.state", "invoices.state", "mails.letter"] {
        overwrite(tx.global(), column).await;
    }

    check(tx.billing().await, "billing.state", &text(1));
    check(tx.invoices().list(None, 5).await, "invoices.state", &text(7));
    let leased = tx.global().mails().lease_due(NOW, NOW, 5).await.unwrap();
    check(leased.into_iter().next().unwrap().content, "mails.letter", &text(8));
    overwrite(tx.global(), "mails.state").await;
    let deliveries = tx.global().mails().find_deliveries(id(1).into(), &["about-8"]).await;
    check(deliveries, "mails.state", &text(8));
}

async fn records_and_their_timelines(fixture: Fixture) {
    insert_workspace(&fixture.db, 1).await;
    let mut tx = fixture.db.write_in(id(1)).await.unwrap().unwrap();
    tx.records().insert(&record(7, "deals", Owner::Unowned)).await.unwrap();
    let event = Event {
        record: RecordId(id(7)),
        id: EventId(id(8)),
        at: NOW,
        actor: None,
        action: "created".to_owned(),
        detail: json!({}),
    };
    tx.records().insert_event(&event).await.unwrap();

    overwrite(tx.global(), "records.fields").await;
    overwrite(tx.global(), "timeline.detail").await;

    let found = tx.records().find("deals", event.record).await;
    check(found, "records.fields", &text(7));
    check(tx.records().find_any(event.record).await, "records.fields", &text(7));
    check(tx.records().list(&query("deals")).await, "records.fields", &text(7));
    let events = tx.records().list_events(event.record, None, 5).await;
    check(events, "timeline.detail", &text(8));
}

//! The statements that a list of columns makes.

use super::*;

static TEAMS: Columns = Columns::in_workspace("teams", &["id", "name", "version"])
    .computed(&["name_key"])
    .fixed(&["created_at"])
    .hidden(&["token"]);

static ACCOUNTS: Columns = Columns::global("accounts", &["id", "name"]);

#[test]
fn select_lists_what_is_read() {
    assert_eq!(TEAMS.select(), "SELECT id, name, version, created_at FROM teams");
    assert_eq!(ACCOUNTS.list_of("a"), "a.id AS id, a.name AS name");
}

#[test]
fn insert_numbers_every_column() {
    assert_eq!(
        TEAMS.insert(),
        "INSERT INTO teams (workspace_id, id, name, version, name_key, created_at, token) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
    );
    assert_eq!(ACCOUNTS.insert(), "INSERT INTO accounts (id, name) VALUES (?1, ?2)");
}

#[test]
fn insert_of_rows_shares_the_workspace() {
    assert_eq!(
        TEAMS.insert_rows(2),
        "INSERT INTO teams (workspace_id, id, name, version, name_key, created_at, token) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7), (?1, ?8, ?9, ?10, ?11, ?12, ?13)"
    );
    assert_eq!(
        ACCOUNTS.insert_rows(2),
        "INSERT INTO accounts (id, name) VALUES (?1, ?2), (?3, ?4)"
    );
}

#[test]
fn update_takes_the_first_values_of_an_insert() {
    assert_eq!(
        TEAMS.update(),
        "UPDATE teams SET name = ?3, version = version + 1, name_key = ?5 \
         WHERE workspace_id = ?1 AND id = ?2 AND version = ?4"
    );
    let values = ["id", "name", "version", "name_key", "created_at", "token"];
    assert_eq!(TEAMS.updated(&values), ["id", "name", "version", "name_key"]);
    assert_eq!(ACCOUNTS.update(), "UPDATE accounts SET name = ?2 WHERE id = ?1");
}

#[test]
fn assignments_are_numbered_from_a_parameter_on() {
    assert_eq!(TEAMS.assignments(7), "name = ?7, name_key = ?8");
}

#[test]
fn upsert_leaves_key_and_version_out() {
    assert_eq!(TEAMS.excluded(), "name = excluded.name, name_key = excluded.name_key");
}

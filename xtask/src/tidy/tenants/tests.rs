//! Statements that name their workspace, and those that do not.

use super::super::tests::{file, lines};
use super::*;

const MIGRATION: &str = "CREATE TABLE accounts (\n    id {id} NOT NULL PRIMARY KEY\n);\n\
    CREATE TABLE members (\n    workspace_id {id} NOT NULL,\n    id {id} NOT NULL,\n    \
    PRIMARY KEY (workspace_id, id)\n) {clustered};\n\
    CREATE TABLE places (\n    account_id {id},\n    workspace_id {id},\n    \
    PRIMARY KEY (account_id, workspace_id)\n) {clustered};\n";

#[test]
fn a_table_is_a_tenants_when_its_key_begins_with_the_workspace() {
    assert_eq!(tables(&[file("store/migrations/0001_all.sql", MIGRATION)]), ["members"]);
}

#[test]
fn a_statement_on_a_tenants_table_names_the_workspace() {
    let tables = ["members".to_owned()];
    let text = "let a = \"SELECT id FROM members WHERE workspace_id = ?1\";\n\
        let b = \"SELECT id FROM members WHERE id = ?1\";\n\
        let c = \"SELECT id FROM accounts WHERE id = ?1\";\n\
        let d = \"UPDATE members SET role = ?2 WHERE my_workspace_id = ?1\";\n\
        let e = \"DELETE FROM members_of_old\";\n";
    let source = file("store/src/member.rs", text);

    let found = check(&source, &crate::source::split(text), &tables);

    assert_eq!(lines(&found), [2, 4]);
}

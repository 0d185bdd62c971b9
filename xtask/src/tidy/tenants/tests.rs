//! Tests of which statements must name their workspace.

use super::{check, tables};
use crate::tidy::tests::{file, lines, repository};

const MIGRATION: &str = "CREATE TABLE accounts (\n    id {id} NOT NULL PRIMARY KEY\n);\n\
    CREATE TABLE members (\n    workspace_id {id} NOT NULL,\n    id {id} NOT NULL,\n    \
    PRIMARY KEY (workspace_id, id)\n) {clustered};\n\
    CREATE TABLE places (\n    account_id {id},\n    workspace_id {id},\n    \
    PRIMARY KEY (account_id, workspace_id)\n) {clustered};\n";

#[test]
fn a_table_belongs_to_a_tenant_if_its_key_begins_with_the_workspace() {
    assert_eq!(tables(&[file("store/migrations/0001_all.sql", MIGRATION)]), ["members"]);
}

#[test]
fn a_statement_on_a_tenants_table_must_name_the_workspace() {
    let text = "let a = \"SELECT id FROM members WHERE workspace_id = ?1\";\n\
        let b = \"SELECT id FROM members WHERE id = ?1\";\n\
        let c = \"SELECT id FROM accounts WHERE id = ?1\";\n\
        let d = \"UPDATE members SET role = ?2 WHERE my_workspace_id = ?1\";\n\
        let e = \"DELETE FROM members_of_old\";\n";
    let files = vec![
        file("store/migrations/0001_all.sql", MIGRATION),
        file("store/src/member.rs", text),
    ];

    let found = check(&repository(files));

    assert_eq!(lines(&found), [2, 4]);
}

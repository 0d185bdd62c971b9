//! What is read off the text of a statement.

use super::*;

#[test]
fn table_is_the_first_that_is_named() {
    for (sql, expected) in [
        ("SELECT id FROM teams WHERE workspace_id = ?1", Some("teams")),
        ("INSERT INTO members (id) VALUES (?1)", Some("members")),
        ("UPDATE workspaces SET name = ?2 WHERE id = ?1", Some("workspaces")),
        ("DELETE FROM links", Some("links")),
        ("SELECT count(*) AS n FROM (SELECT 1 FROM records) AS found", Some("records")),
        ("SELECT 1 FROM unnest(?1::text::uuid[]) AS o JOIN records", None),
        ("PRAGMA foreign_keys", None),
    ] {
        assert_eq!(table(sql), expected, "{sql}");
    }
}

#[test]
fn what_searches_a_table_that_grows_is_planned_for_its_values() {
    for (sql, expected) in [
        (
            "SELECT count(*) AS n FROM (SELECT 1 FROM records WHERE workspace_id = ?1 LIMIT ?2) \
             AS found",
            Planning::ForValues,
        ),
        (
            "SELECT t.id FROM teams t JOIN record_words w ON w.id = t.id WHERE \
             t.workspace_id = ?1 AND w.word LIKE ?2",
            Planning::ForValues,
        ),
        ("SELECT id FROM records WHERE workspace_id = ?1 ORDER BY id LIMIT ?2", Planning::Once),
        ("SELECT id FROM teams WHERE workspace_id = ?1 AND name LIKE ?2", Planning::Once),
        ("DELETE FROM records WHERE workspace_id = ?1 AND stage = ?2", Planning::Once),
        ("SELECT count(*) AS n FROM records", Planning::Once),
    ] {
        assert_eq!(Planning::of(sql), expected, "{sql}");
    }
}

#[test]
fn a_statement_names_its_workspace_by_its_first_parameter() {
    for (sql, expected) in [
        ("SELECT 1 WHERE workspace_id = ?1", true),
        ("SELECT 1 WHERE workspace_id = ?10 AND id = ?1", true),
        ("SELECT 1 WHERE workspace_id = ?10 AND id = ?12", false),
        ("SELECT 1", false),
    ] {
        assert_eq!(names_workspace(sql), expected, "{sql}");
    }
}

#[test]
fn a_statement_is_known_by_its_text() {
    let statements = Statements::new(Dialect::Postgres);

    let first = statements.find("SELECT id FROM teams WHERE workspace_id = ?1");
    let again = statements.find("SELECT id FROM teams WHERE workspace_id = ?1");

    assert!(Arc::ptr_eq(&first, &again));
    assert_eq!(&*first.text, "SELECT id FROM teams WHERE workspace_id = $1");
    assert_eq!((&*first.operation, &*first.table), ("SELECT", "teams"));
}

//! When a statement is ended.

use super::*;

const ENDLESS: &str =
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";

/// Runs a statement that may take few steps; whether it was ended for that reason.
fn is_ended(few: u32, sql: &str) -> bool {
    let mut connection = Connection::open_in_memory().unwrap();
    let watch = Watch::over(&mut connection, few).unwrap();
    watch.allow_few();
    let outcome = connection.query_row(sql, (), |row| row.get::<_, i64>(0));
    assert_eq!(outcome.is_err(), watch.is_exhausted(), "{outcome:?}");
    watch.is_exhausted()
}

#[test]
fn a_statement_of_many_steps_is_ended() {
    assert!(is_ended(25, ENDLESS));
    assert!(!is_ended(25, "SELECT 1"));
}

#[test]
fn a_statement_whose_steps_take_long_is_ended() {
    // So many steps would take minutes.
    assert!(is_ended(10_000_000, ENDLESS));
}

//! Fills a workspace with records by SQL.

use hallpass_store::checkup::{FindingState, Repair};
use hallpass_store::{Db, Dialect, Options};

/// Records of one statement.
const AT_ONCE: usize = 5_000;

/// Inserts contacts of the only member of a workspace, and counts them.
pub(super) async fn records(location: &str, slug: &str, count: usize) {
    let db = Db::open(location, &Options::default().without_budgets()).await.unwrap();
    let id =
        db.read().await.unwrap().workspaces().find_id_by_slug(slug).await.unwrap().unwrap();
    let (new_id, title) = match db.dialect() {
        Dialect::Sqlite => ("unhex(printf('%032x', i))", "printf('Contact %d', i)"),
        Dialect::Postgres => {
            ("CAST(lpad(to_hex(i), 32, '0') AS UUID)", "'Contact ' || CAST(i AS TEXT)")
        }
    };
    let sql = format!(
        "WITH RECURSIVE n (i) AS (SELECT CAST(?2 AS BIGINT) UNION ALL SELECT i + 1 FROM n \
         WHERE i < CAST(?3 AS BIGINT)) \
         INSERT INTO records (workspace_id, entity, id, owner_id, title_key, is_open, created_month, \
         created_at, updated_at, version, title, fields, search_text) \
         SELECT m.workspace_id, 'contacts', {new_id}, m.id, lower({title}), TRUE, 24313, \
         1772000000000000, 1772000000000000, 1, {title}, '{{\"name\": \"' || {title} || '\"}}', \
         lower({title}) FROM n, members m WHERE m.workspace_id = ?1"
    );
    for first in (1..=count).step_by(AT_ONCE) {
        let last = (first + AT_ONCE - 1).min(count);
        let bounds = [first, last].map(|n| i64::try_from(n).unwrap().into());
        let mut tx = db.write_in(id.0).await.unwrap().unwrap();
        tx.execute(&sql, &bounds).await.unwrap();
        tx.commit().await.unwrap();
    }
    let findings = db.check_counters_of_records(Repair::Counters).await;
    assert!(findings.iter().any(|found| found.state == FindingState::Repaired), "{findings:?}");
}

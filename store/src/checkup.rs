//! Checks of a whole database, for the operator: the file, the references, the schema, the counters of
//! records and the audit log.

mod audit;
mod counter;

use std::fmt::Write as _;

use uuid::Uuid;

use crate::db::Db;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::migration::SchemaState;
use crate::tx::Tx;

/// What a check has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was checked.
    pub subject: &'static str,
    /// Whether it is as it must be.
    pub state: FindingState,
    /// What was found, in one line.
    pub detail: String,
}

/// Whether what was checked is as it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingState {
    /// It is.
    Good,
    /// It is, and the operator may want to know something.
    Note,
    /// It was not, and has been repaired.
    Repaired,
    /// It is not.
    Bad,
}

/// What a check does about what it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Nothing.
    Never,
    /// Counters that are wrong are set to what was counted.
    Counters,
}

/// The most findings of one kind that are named.
const NAMED: usize = 3;

impl Finding {
    /// Creates a finding.
    #[must_use]
    pub fn new(
        subject: &'static str,
        state: FindingState,
        detail: impl Into<String>,
    ) -> Finding {
        Finding { subject, state, detail: detail.into() }
    }

    fn of(subject: &'static str, outcome: Result<Finding, Error>) -> Finding {
        outcome
            .unwrap_or_else(|error| Finding::new(subject, FindingState::Bad, error.to_string()))
    }
}

impl Db {
    /// Checks everything, and repairs what it may. Each check reads one snapshot, so that a server can go on.
    pub async fn check(&self, repair: Repair) -> Vec<Finding> {
        let mut findings = vec![
            Finding::of("integrity", self.check_integrity().await),
            Finding::of("foreign keys", self.check_foreign_keys().await),
        ];
        let counters = self.check_counters_of_records(repair).await;
        // The statements are for the schema of this version.
        let is_known = counters.len() > 1;
        findings.extend(counters);
        if is_known {
            findings.push(Finding::of("audit log", self.check_audit().await));
        }
        findings
    }

    /// Checks the schema, and if it is that of this version, the counters of records.
    pub async fn check_counters_of_records(&self, repair: Repair) -> Vec<Finding> {
        let schema = self.check_schema().await;
        let is_known = schema.as_ref().is_ok_and(|found| found.state == FindingState::Good);
        let mut findings = vec![Finding::of("schema", schema)];
        if is_known {
            findings.push(Finding::of("counters", self.check_counters(repair).await));
        }
        findings
    }

    async fn check_integrity(&self) -> Result<Finding, Error> {
        let subject = "integrity";
        if self.dialect() == Dialect::Postgres {
            let detail = "the server checks its own files; see `pg_amcheck`";
            return Ok(Finding::new(subject, FindingState::Note, detail));
        }
        let rows = self.read().await?.query("PRAGMA integrity_check(20)", &[]).await?;
        let lines = rows.iter().map(|row| row.text("integrity_check").map(str::to_owned));
        let lines = lines.collect::<Result<Vec<_>, Error>>()?;
        if lines == ["ok"] {
            return Ok(Finding::new(subject, FindingState::Good, "every page is whole"));
        }
        let lines = lines.iter().flat_map(|text| text.lines());
        Ok(Finding::new(subject, FindingState::Bad, named(lines.map(str::to_owned))))
    }

    async fn check_foreign_keys(&self) -> Result<Finding, Error> {
        let subject = "foreign keys";
        if self.dialect() == Dialect::Postgres {
            let detail = "the server checks each change";
            return Ok(Finding::new(subject, FindingState::Good, detail));
        }
        let rows = self.read().await?.query("PRAGMA foreign_key_check", &[]).await?;
        if rows.is_empty() {
            let detail = "every reference leads to a row";
            return Ok(Finding::new(subject, FindingState::Good, detail));
        }
        let broken = rows.iter().map(|row| {
            let of = |column| row.text(column).unwrap_or("?").to_owned();
            format!("a row of `{}` refers to a missing one of `{}`", of("table"), of("parent"))
        });
        Ok(Finding::new(subject, FindingState::Bad, named(broken)))
    }

    async fn check_schema(&self) -> Result<Finding, Error> {
        let state = self.read().await?.schema_state().await?;
        Ok(match state {
            SchemaState::Current(name) => Finding::new("schema", FindingState::Good, name),
            SchemaState::Behind(n) => {
                let detail =
                    format!("the next start runs {n} migrations; make a backup before");
                Finding::new("schema", FindingState::Note, detail)
            }
        })
    }

    /// The workspaces, deleted ones too, each with its slug.
    async fn every_workspace(&self) -> Result<Vec<(Uuid, String)>, Error> {
        let mut tx = self.read().await?;
        let rows = tx.query("SELECT id, slug FROM workspaces ORDER BY id", &[]).await?;
        rows.iter().map(|row| Ok((row.id("id")?, row.text("slug")?.to_owned()))).collect()
    }
}

/// Some lines as one, with how many more there are.
fn named(lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = lines.collect();
    let mut text = lines.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
    if lines.len() > NAMED {
        // Writing to a string cannot fail.
        let _ = write!(text, "; and {} more", lines.len() - NAMED);
    }
    text
}

/// Reads the only number of a statement.
async fn count(tx: &mut Tx, sql: &str, workspace: Uuid) -> Result<i64, Error> {
    tx.query_one(sql, &[workspace.into()]).await?.int("n")
}

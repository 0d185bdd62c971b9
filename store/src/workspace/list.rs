//! Workspaces as the operator lists them, and the access models that they have.

use hallpass_domain::billing::{Billing, State};
use hallpass_domain::id::WorkspaceId;
use hallpass_domain::text::contains_pattern;
use hallpass_domain::workspace::Workspace;

use super::{COLUMNS, Workspaces, from_row};
use crate::error::Error;
use crate::query::{Conditions, parameters};
use crate::row::Row;
use crate::value::Value;

/// A workspace in the operator's list.
#[derive(Clone, Debug)]
pub struct WorkspaceSummary {
    /// The workspace.
    pub workspace: Workspace,
    /// The id of its blueprint.
    pub blueprint: String,
    /// How many active members it has.
    pub members: i64,
    /// How many records it has.
    pub records: i64,
    /// Its plan, with the state of the subscription and when it renews, and nothing else.
    pub billing: Billing,
    /// Whether it is being imported, or its import has broken off.
    pub is_importing: bool,
}

/// Which workspaces are listed.
#[derive(Clone, Debug, Default)]
pub struct WorkspaceQuery {
    /// Only those with this text in their slug or name.
    pub text: Option<String>,
    /// Only deleted ones, or only the others.
    pub is_deleted: Option<bool>,
    /// Only those whose blueprint has this hash.
    pub blueprint: Option<Vec<u8>>,
    /// Also those that are being imported.
    pub with_imports: bool,
}

/// An access model that workspaces have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlueprintUsage {
    /// The SHA-256 of its text.
    pub hash: Vec<u8>,
    /// Its id.
    pub id: String,
    /// How many workspaces have it, with deleted ones.
    pub workspaces: i64,
}

impl<A> Workspaces<'_, A> {
    /// Lists a page of workspaces by slug, with deleted ones; with `after`, those whose slug sorts
    /// after it.
    pub async fn list(
        &mut self,
        query: &WorkspaceQuery,
        after: Option<&str>,
        limit: i64,
    ) -> Result<Vec<WorkspaceSummary>, Error> {
        let mut conditions = Conditions::from(3);
        if let Some(text) = &query.text {
            let pattern = Value::from(contains_pattern(text));
            let like = "(w.slug LIKE ? ESCAPE '\\' OR lower(w.name) LIKE ? ESCAPE '\\')";
            conditions.and(like, [pattern.clone(), pattern]);
        }
        match query.is_deleted {
            Some(true) => conditions.and("w.deleted_at IS NOT NULL", []),
            Some(false) => conditions.and("w.deleted_at IS NULL", []),
            None => &mut conditions,
        };
        if !query.with_imports {
            conditions.and("w.import_at IS NULL", []);
        }
        if let Some(hash) = &query.blueprint {
            conditions.and("w.blueprint_hash = ?", [hash.clone().into()]);
        }
        let condition = format!("w.slug > ?1{} ORDER BY w.slug LIMIT ?2", conditions.text());
        let mut values = vec![after.unwrap_or_default().into(), limit.into()];
        values.extend_from_slice(conditions.values());
        let rows = self.tx.query(&statement(&condition), &values).await?;
        rows.iter().map(summary).collect()
    }

    /// Finds a workspace as it is listed, even if it is deleted.
    pub async fn find_summary(
        &mut self,
        id: WorkspaceId,
    ) -> Result<Option<WorkspaceSummary>, Error> {
        let row = self.tx.find(&statement("w.id = ?1"), &[id.into()]).await?;
        row.map(|row| summary(&row)).transpose()
    }

    /// Counts the workspaces: those that can be entered, and deleted ones.
    pub async fn count(&mut self) -> Result<(i64, i64), Error> {
        let sql = "SELECT count(*) AS n, count(deleted_at) AS deleted FROM workspaces \
                   WHERE import_at IS NULL";
        let row = self.tx.query_one(sql, &[]).await?;
        let deleted = row.int("deleted")?;
        Ok((row.int("n")? - deleted, deleted))
    }

    /// Counts the workspaces whose blueprint has a hash.
    pub async fn count_with_blueprint(&mut self, hash: &[u8]) -> Result<i64, Error> {
        let sql = "SELECT count(*) AS n FROM workspaces WHERE blueprint_hash = ?1";
        self.tx.query_one(sql, &[hash.to_vec().into()]).await?.int("n")
    }

    /// Lists a page of the blueprints that workspaces have, in the order of their hashes, without some;
    /// with `after`, those whose hash sorts after it.
    pub async fn list_blueprints(
        &mut self,
        without: &[Vec<u8>],
        after: Option<&[u8]>,
        limit: i64,
    ) -> Result<Vec<BlueprintUsage>, Error> {
        let others = if without.is_empty() {
            String::new()
        } else {
            format!(" AND blueprint_hash NOT IN ({})", parameters(3, without.len()))
        };
        let sql = format!(
            "SELECT blueprint_hash, min(blueprint_id) AS blueprint_id, count(*) AS n \
             FROM workspaces WHERE blueprint_hash > ?1{others} \
             GROUP BY blueprint_hash ORDER BY blueprint_hash LIMIT ?2"
        );
        let mut values = vec![after.unwrap_or_default().to_vec().into(), limit.into()];
        values.extend(without.iter().map(|hash| Value::from(hash.clone())));
        let usage = |row: &Row| {
            Ok(BlueprintUsage {
                hash: row.bytes("blueprint_hash")?.to_vec(),
                id: row.text("blueprint_id")?.to_owned(),
                workspaces: row.int("n")?,
            })
        };
        self.tx.query(&sql, &values).await?.iter().map(usage).collect()
    }

    /// The text of the blueprint with a hash, if a workspace has it.
    pub async fn find_blueprint(&mut self, hash: &[u8]) -> Result<Option<String>, Error> {
        let sql = "SELECT id, blueprint_text FROM workspaces WHERE blueprint_hash = ?1 LIMIT 1";
        let row = self.tx.find(sql, &[hash.to_vec().into()]).await?;
        row.map(|row| row.text("blueprint_text").map(str::to_owned)).transpose()
    }
}

/// The statement that reads summaries of workspaces `w` under a condition.
fn statement(condition: &str) -> String {
    format!(
        "SELECT {}, w.blueprint_id AS blueprint_id, b.plan AS plan, \
         w.import_at AS import_at, b.state AS state, \
         b.renews_at AS renews_at, \
         (SELECT count(*) FROM members m WHERE m.workspace_id = w.id AND m.status = 'active') \
         AS members, \
         (SELECT CAST(COALESCE(sum(t.n), 0) AS BIGINT) FROM record_totals t \
         WHERE t.workspace_id = w.id) AS records \
         FROM workspaces w LEFT JOIN billing b ON b.workspace_id = w.id WHERE {condition}",
        COLUMNS.list_of("w")
    )
}

fn summary(row: &Row) -> Result<WorkspaceSummary, Error> {
    let billing = if row.is_null("state") {
        Billing::default()
    } else {
        Billing {
            plan: row.optional("plan", Row::text)?.map(str::to_owned),
            state: row.parsed("state", State::parse)?,
            renews_at: row.optional("renews_at", Row::time)?,
            ..Billing::default()
        }
    };
    Ok(WorkspaceSummary {
        workspace: from_row(row)?,
        blueprint: row.text("blueprint_id")?.to_owned(),
        members: row.int("members")?,
        records: row.int("records")?,
        billing,
        is_importing: !row.is_null("import_at"),
    })
}

//! Operations: inserted and read, never changed.

use hallpass_domain::id::OperationId;
use hallpass_domain::operation::Operation;
use uuid::Uuid;

use crate::columns::Columns;
use crate::error::Error;
use crate::part::{Part, one_more};
use crate::query::{Conditions, json};
use crate::row::Row;
use crate::tx::Tx;

static COLUMNS: Columns =
    Columns::global("operations", &["id", "at", "actor", "action", "subject", "detail"]);

/// The operations, in a transaction.
pub struct Operations<'t>(&'t mut Tx);

impl Tx {
    /// The operations.
    pub fn operations(&mut self) -> Operations<'_> {
        Operations(self)
    }
}

impl Operations<'_> {
    /// Inserts an operation.
    pub async fn insert(&mut self, operation: &Operation) -> Result<(), Error> {
        let values = [
            operation.id.into(),
            operation.at.into(),
            operation.actor.as_str().into(),
            operation.action.as_str().into(),
            operation.subject.as_str().into(),
            json(&operation.detail),
        ];
        self.0.execute(COLUMNS.insert(), &values).await.map(drop)
    }

    /// Lists a page of operations, the latest first; with `below`, those with a lower id, with `action`,
    /// those of one kind.
    pub async fn list(
        &mut self,
        action: Option<&str>,
        below: Option<OperationId>,
        limit: usize,
    ) -> Result<Part<Operation>, Error> {
        let mut conditions = Conditions::from(3);
        if let Some(action) = action {
            conditions.and("action = ?", [action.into()]);
        }
        let sql = format!(
            "{} WHERE id < ?1{} ORDER BY id DESC LIMIT ?2",
            COLUMNS.select(),
            conditions.text()
        );
        let below = below.unwrap_or(OperationId(Uuid::max()));
        let mut values = vec![below.into(), one_more(limit)];
        values.extend_from_slice(conditions.values());
        self.0.part(&sql, &values, limit, from_row).await
    }

    /// Whether an operation of a kind is stored about a subject.
    pub async fn has(&mut self, action: &str, subject: &str) -> Result<bool, Error> {
        let sql =
            "SELECT 1 AS found FROM operations WHERE action = ?1 AND subject = ?2 LIMIT 1";
        Ok(self.0.find(sql, &[action.into(), subject.into()]).await?.is_some())
    }

    /// Lists the kinds of operations that are stored, by name.
    pub async fn list_actions(&mut self) -> Result<Vec<String>, Error> {
        let sql = "SELECT DISTINCT action FROM operations ORDER BY action";
        let rows = self.0.query(sql, &[]).await?;
        rows.iter().map(|row| row.text("action").map(str::to_owned)).collect()
    }
}

fn from_row(row: &Row) -> Result<Operation, Error> {
    Ok(Operation {
        id: row.id("id")?.into(),
        at: row.time("at")?,
        actor: row.text("actor")?.to_owned(),
        action: row.text("action")?.to_owned(),
        subject: row.text("subject")?.to_owned(),
        detail: row.json("detail")?,
    })
}

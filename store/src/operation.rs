//! Operations as they are kept: added and read, never changed.

use hallpass_domain::id::OperationId;
use hallpass_domain::operation::Operation;
use uuid::Uuid;

use crate::error::Error;
use crate::query::json;
use crate::tx::Tx;
use crate::value::Row;

/// The operations, in a transaction.
pub struct Operations<'t>(&'t mut Tx);

impl Tx {
    /// The operations.
    pub fn operations(&mut self) -> Operations<'_> {
        Operations(self)
    }
}

impl Operations<'_> {
    /// Adds an operation.
    ///
    /// # Errors
    ///
    /// As for [`Tx::query`], here and below.
    pub async fn insert(&mut self, operation: &Operation) -> Result<(), Error> {
        let sql = "INSERT INTO operations (id, at, actor, action, subject, detail) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let values = [
            operation.id.into(),
            operation.at.into(),
            operation.actor.as_str().into(),
            operation.action.as_str().into(),
            operation.subject.as_str().into(),
            json(&operation.detail),
        ];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// A page of operations, the latest first; below an id where one is named.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn list(
        &mut self,
        below: Option<OperationId>,
        limit: i64,
    ) -> Result<Vec<Operation>, Error> {
        let sql = "SELECT id, at, actor, action, subject, detail FROM operations \
                   WHERE id < ?1 ORDER BY id DESC LIMIT ?2";
        let values = [below.unwrap_or(OperationId(Uuid::max())).into(), limit.into()];
        self.0.query(sql, &values).await?.iter().map(from_row).collect()
    }
}

fn from_row(row: &Row) -> Result<Operation, Error> {
    Ok(Operation {
        id: row.id(0)?.into(),
        at: row.time(1)?,
        actor: row.text(2)?.to_owned(),
        action: row.text(3)?.to_owned(),
        subject: row.text(4)?.to_owned(),
        detail: row.json(5)?,
    })
}

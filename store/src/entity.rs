//! What a workspace says about its record types: those that it added, and fields and stages of its
//! own for those of its blueprint.

use hallpass_domain::entity::Said;
use serde_json::Value as Json;

use crate::error::Error;
use crate::query::json;
use crate::tx::WorkspaceTx;
use crate::value::{Row, Value};

/// What is said about one record type.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredEntity {
    /// Its key.
    pub entity: String,
    /// Whether the workspace added it.
    pub is_added: bool,
    /// Its name, where it is another.
    pub name: Option<String>,
    /// The name of one of it.
    pub one: Option<String>,
    /// Its own fields, as the API writes them.
    pub fields: Option<Json>,
    /// Its own stages, as the API writes them.
    pub stages: Option<Json>,
    /// Goes up with each change.
    pub version: i64,
}

impl StoredEntity {
    /// What it says. Forms that do not parse, which a newer version may have written, say nothing.
    #[must_use]
    pub fn said(&self) -> Said {
        Said {
            name: self.name.clone(),
            one: self.one.clone(),
            fields: self.fields.clone().and_then(|json| serde_json::from_value(json).ok()),
            stages: self.stages.clone().and_then(|json| serde_json::from_value(json).ok()),
        }
    }
}

/// The record types of a workspace, in a transaction.
pub struct Entities<'t>(&'t mut WorkspaceTx);

impl WorkspaceTx {
    /// The record types.
    pub fn entities(&mut self) -> Entities<'_> {
        Entities(self)
    }
}

impl Entities<'_> {
    /// Everything that is said, by key.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceTx::query`], here and below.
    pub async fn list_all(&mut self) -> Result<Vec<StoredEntity>, Error> {
        let sql = "SELECT entity, is_added, name, one, fields, stages, version FROM entities \
                   WHERE workspace_id = ?1 ORDER BY entity";
        self.0.query(sql, &[]).await?.iter().map(from_row).collect()
    }

    /// Keeps what is said about a record type, whether anything was or not.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn upsert(&mut self, entity: &StoredEntity) -> Result<(), Error> {
        let sql = "INSERT INTO entities (workspace_id, entity, is_added, name, one, fields, stages, \
                   version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1) \
                   ON CONFLICT (workspace_id, entity) DO UPDATE SET name = excluded.name, \
                   one = excluded.one, fields = excluded.fields, stages = excluded.stages, \
                   version = entities.version + 1";
        let values = [
            entity.entity.as_str().into(),
            entity.is_added.into(),
            entity.name.clone().into(),
            entity.one.clone().into(),
            entity.fields.as_ref().map_or(Value::Null, json),
            entity.stages.as_ref().map_or(Value::Null, json),
        ];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Forgets what is said about a record type.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn delete(&mut self, entity: &str) -> Result<(), Error> {
        let sql = "DELETE FROM entities WHERE workspace_id = ?1 AND entity = ?2";
        self.0.execute(sql, &[entity.into()]).await.map(drop)
    }
}

fn from_row(row: &Row) -> Result<StoredEntity, Error> {
    let json = |column: usize| {
        if row.is_null(column) { Ok(None) } else { row.json::<Json>(column).map(Some) }
    };
    Ok(StoredEntity {
        entity: row.text(0)?.to_owned(),
        is_added: row.bool(1)?,
        name: row.optional(2, Row::text)?.map(str::to_owned),
        one: row.optional(3, Row::text)?.map(str::to_owned),
        fields: json(4)?,
        stages: json(5)?,
        version: row.int(6)?,
    })
}

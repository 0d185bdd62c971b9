//! Record types of a workspace: those that it added, and its own names, fields and stages for those
//! of its blueprint.

use std::marker::PhantomData;
use std::sync::LazyLock;

use hallpass_domain::entity::Said;
use serde_json::Value as Json;

use crate::columns::Columns;
use crate::error::Error;
use crate::query::json;
use crate::reader::{Read, WorkspaceReader, Write};
use crate::row::Row;
use crate::value::Value;
use crate::workspace_tx::WorkspaceTx;

static COLUMNS: Columns = Columns::in_workspace(
    "entities",
    &["entity", "name", "one", "fields", "stages", "version"],
)
.fixed(&["is_added"]);

static UPSERT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{} ON CONFLICT (workspace_id, entity) DO UPDATE SET {}, version = entities.version + 1",
        COLUMNS.insert(),
        COLUMNS.excluded()
    )
});

/// What a workspace says about one record type.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredEntity {
    /// Its key.
    pub entity: String,
    /// Whether the workspace added it.
    pub is_added: bool,
    /// Its name, where it differs from the blueprint's.
    pub name: Option<String>,
    /// The name of a single one.
    pub one: Option<String>,
    /// Its own fields, as the API writes them.
    pub fields: Option<Json>,
    /// Its own stages, as the API writes them.
    pub stages: Option<Json>,
    /// Goes up with each change.
    pub version: i64,
}

impl StoredEntity {
    /// What the workspace says. Fields or stages that do not parse, which a newer version may have
    /// written, are left out.
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
pub struct Entities<'t, A = Write>(&'t mut WorkspaceTx, PhantomData<A>);

impl WorkspaceTx {
    /// The record types.
    pub fn entities(&mut self) -> Entities<'_> {
        Entities(self, PhantomData)
    }
}

impl<'t> WorkspaceReader<'t> {
    /// The record types.
    #[must_use]
    pub fn entities(self) -> Entities<'t, Read> {
        Entities(self.0, PhantomData)
    }
}

impl<A> Entities<'_, A> {
    /// Lists every record type that the workspace says something about, by key.
    pub async fn list_all(&mut self) -> Result<Vec<StoredEntity>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 ORDER BY entity", COLUMNS.select());
        self.0.query(&sql, &[]).await?.iter().map(from_row).collect()
    }
}

impl Entities<'_> {
    /// Inserts or updates what the workspace says about a record type; its version goes up.
    pub async fn upsert(&mut self, entity: &StoredEntity) -> Result<(), Error> {
        let values = [
            entity.entity.as_str().into(),
            entity.name.clone().into(),
            entity.one.clone().into(),
            entity.fields.as_ref().map_or(Value::Null, json),
            entity.stages.as_ref().map_or(Value::Null, json),
            1_i64.into(),
            entity.is_added.into(),
        ];
        self.0.execute(&UPSERT, &values).await.map(drop)
    }

    /// Deletes what the workspace says about a record type.
    pub async fn delete(&mut self, entity: &str) -> Result<(), Error> {
        let sql = "DELETE FROM entities WHERE workspace_id = ?1 AND entity = ?2";
        self.0.execute(sql, &[entity.into()]).await.map(drop)
    }
}

fn from_row(row: &Row) -> Result<StoredEntity, Error> {
    let json = |column: &'static str| {
        if row.is_null(column) { Ok(None) } else { row.json::<Json>(column).map(Some) }
    };
    Ok(StoredEntity {
        entity: row.text("entity")?.to_owned(),
        is_added: row.bool("is_added")?,
        name: row.optional("name", Row::text)?.map(str::to_owned),
        one: row.optional("one", Row::text)?.map(str::to_owned),
        fields: json("fields")?,
        stages: json("stages")?,
        version: row.int("version")?,
    })
}

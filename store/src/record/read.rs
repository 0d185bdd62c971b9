//! Finding single records.

use std::collections::HashMap;

use hallpass_domain::id::RecordId;
use hallpass_domain::record::{Owner, Record};
use hallpass_domain::text::escape_like;
use serde_json::{Value, json};

use super::records::Records;
use super::row::from_row;
use super::statement;
use super::type_search::statement::rows_of_types;
use crate::error::Error;
use crate::query;

/// Records, each named by type and id, as statements take them.
fn pairs(records: &[(String, RecordId)]) -> crate::value::Value {
    let pair =
        |(entity, id): &(String, RecordId)| json!([entity, id.0.as_simple().to_string()]);
    query::json(&records.iter().map(pair).collect::<Vec<Value>>())
}

impl<A> Records<'_, A> {
    /// Finds a record of a type by id.
    pub async fn find(&mut self, entity: &str, id: RecordId) -> Result<Option<Record>, Error> {
        let dialect = self.tx.dialect();
        let values = [entity.into(), dialect.ids([id.0])];
        let found = self.tx.find(&statement::rows(dialect, ""), &values).await?;
        found.as_ref().map(from_row).transpose()
    }

    /// Finds a record of any type by id.
    pub async fn find_any(&mut self, id: RecordId) -> Result<Option<Record>, Error> {
        // A lookup for each type of the workspace: an index by id alone would cost more.
        let found = self.tx.find(&statement::any(), &[id.into()]).await?;
        found.as_ref().map(from_row).transpose()
    }

    /// Finds records, each named by type and id.
    pub async fn find_each(
        &mut self,
        records: &[(String, RecordId)],
    ) -> Result<Vec<Record>, Error> {
        let sql = rows_of_types(self.tx.dialect());
        let rows = self.tx.query(&sql, &[pairs(records)]).await?;
        rows.iter().map(from_row).collect()
    }

    /// Finds the owners of records, each named by type and id.
    pub async fn find_owners(
        &mut self,
        records: &[(String, RecordId)],
    ) -> Result<HashMap<(String, RecordId), Owner>, Error> {
        let sql = statement::owners(self.tx.dialect());
        let mut owners = HashMap::with_capacity(records.len());
        for row in &self.tx.query(&sql, &[pairs(records)]).await? {
            let record = (row.text("entity")?.to_owned(), row.id("id")?.into());
            owners.insert(record, Owner::of_key(row.id("owner_id")?));
        }
        Ok(owners)
    }

    /// Whether any record of a type has a value in a field.
    pub async fn any_has_field(&mut self, entity: &str, field: &str) -> Result<bool, Error> {
        // A quotation mark inside a value is escaped, so the pattern matches nothing but the key.
        let sql = "SELECT id FROM records WHERE workspace_id = ?1 AND entity = ?2 \
                   AND fields LIKE ?3 ESCAPE '\\' LIMIT 1";
        let pattern = format!("%\"{}\":%", escape_like(field));
        Ok(self.tx.find(sql, &[entity.into(), pattern.into()]).await?.is_some())
    }

    /// Counts the records of a type by the text that they have in a field.
    pub async fn count_values(
        &mut self,
        entity: &str,
        field: &str,
    ) -> Result<Vec<(String, i64)>, Error> {
        let value = self.tx.dialect().json_text("fields", "?3");
        let sql = format!(
            "SELECT {value} AS value, count(*) AS n FROM records \
             WHERE workspace_id = ?1 AND entity = ?2 AND {value} IS NOT NULL \
             GROUP BY 1 ORDER BY 1"
        );
        let rows = self.tx.query(&sql, &[entity.into(), field.into()]).await?;
        rows.iter().map(|row| Ok((row.text("value")?.to_owned(), row.int("n")?))).collect()
    }
}

//! What of the records that were found in many types there is room for.

use std::collections::HashMap;

use hallpass_domain::id::RecordId;
use serde_json::{Value, json};

use super::statement::sizes_of_types;
use crate::error::Error;
use crate::part::Room;
use crate::query;
use crate::record::records::Records;

impl<A> Records<'_, A> {
    /// Leaves of what was found first of each type what there is room for, the first of every type before the
    /// second of any. Takes the pairs of what was found, and returns those of what is left.
    pub(super) async fn fitting(
        &mut self,
        entities: &[&str],
        first: &mut [Vec<RecordId>],
        pairs: &[Value],
    ) -> Result<Vec<Value>, Error> {
        let sql = sizes_of_types(self.tx.dialect());
        let mut sizes: HashMap<RecordId, usize> = HashMap::with_capacity(pairs.len());
        for row in &self.tx.query(&sql, &[query::json(&pairs)]).await? {
            let bytes = usize::try_from(row.int("bytes")?).unwrap_or(usize::MAX);
            sizes.insert(row.id("id")?.into(), bytes);
        }
        let (mut room, mut fitting) = (Room::default(), Vec::new());
        let most = first.iter().map(Vec::len).max().unwrap_or_default();
        for place in 0..most {
            for (entity, ids) in entities.iter().zip(&mut *first) {
                let Some(id) = ids.get(place).copied() else { continue };
                if room.take(sizes.get(&id).copied().unwrap_or_default()) {
                    fitting.push(pair(entity, id));
                } else {
                    ids.truncate(place);
                }
            }
        }
        Ok(fitting)
    }
}

/// A record of a type, as statements take it.
pub(super) fn pair(entity: &str, id: RecordId) -> Value {
    json!([entity, id.0.as_simple().to_string()])
}

//! The totals of many reaches at once.

use std::collections::{BTreeSet, HashMap};

use hallpass_domain::id::MemberId;
use uuid::Uuid;

use super::query::Reach;
use super::records::Records;
use crate::error::Error;

impl<A> Records<'_, A> {
    /// Counts the records that each of some reaches covers in a type, exactly: in two statements, however many there
    /// are.
    pub async fn totals(&mut self, reaches: &[(String, Reach)]) -> Result<Vec<i64>, Error> {
        let named = reaches.iter().filter_map(|(_, reach)| match reach {
            Reach::Nothing | Reach::All => None,
            Reach::Owners(owners) => Some(owners),
        });
        let named: BTreeSet<Uuid> = named.flatten().copied().collect();
        let named: Vec<MemberId> = named.into_iter().map(MemberId).collect();
        let counts = self.list_counts_of(&named).await?;
        let counts: HashMap<(&str, Uuid), i64> =
            counts.iter().map(|one| ((one.entity.as_str(), one.owner.key()), one.n)).collect();
        let sql = "SELECT entity, n FROM record_totals WHERE workspace_id = ?1";
        let rows = self.tx.query(sql, &[]).await?;
        let mut totals = HashMap::new();
        for row in &rows {
            totals.insert(row.text("entity")?, row.int("n")?);
        }
        let total = |(entity, reach): &(String, Reach)| match reach {
            Reach::Nothing => 0,
            Reach::All => totals.get(entity.as_str()).copied().unwrap_or_default(),
            Reach::Owners(owners) => {
                let each = owners.iter().map(|owner| counts.get(&(entity.as_str(), *owner)));
                each.flatten().sum()
            }
        };
        Ok(reaches.iter().map(total).collect())
    }
}

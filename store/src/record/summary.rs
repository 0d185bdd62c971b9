//! Sums over the records that somebody reaches.

use hallpass_domain::record::Owner;

use super::Records;
use super::query::{GroupBy, GroupKey, GroupSum, Reach};
use super::statement::{Whose, of_owners};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::value::Row;

/// Amounts are added in two parts, so that no sum is too big for the engine.
const PART: i64 = 1_000_000_000;

impl Records<'_> {
    /// The records of a type that a reach shows, in groups, with their money.
    ///
    /// # Errors
    ///
    /// Those of the engine.
    pub async fn summary(
        &mut self,
        entity: &str,
        reach: &Reach,
        by: GroupBy,
    ) -> Result<Vec<GroupSum>, Error> {
        let dialect = self.tx.dialect();
        let mut values = vec![entity.into()];
        let whose = match reach {
            Reach::Nothing => return Ok(Vec::new()),
            Reach::All => Whose::All,
            Reach::Owners(owners) => {
                values.push(dialect.ids(owners.iter().copied()));
                Whose::Owners
            }
        };
        let rows = self.tx.query(&summing(dialect, whose, by), &values).await?;
        let mut sums =
            rows.iter().map(|row| sum(row, by)).collect::<Result<Vec<_>, Error>>()?;
        sums.sort_by(|a, b| a.group.cmp(&b.group));
        Ok(sums)
    }
}

/// Records in groups. It takes the record type, and for a list of owners these.
pub(super) fn summing(dialect: Dialect, whose: Whose, by: GroupBy) -> String {
    let column = match by {
        GroupBy::Stage => "stage",
        GroupBy::Owner => "owner_id",
        GroupBy::Month => "created_month",
    };
    format!(
        "SELECT {column}, count(*), \
         CAST(coalesce(sum(amount / {PART}), 0) AS BIGINT), \
         CAST(coalesce(sum(amount % {PART}), 0) AS BIGINT), \
         CAST(sum(CASE WHEN is_open THEN 1 ELSE 0 END) AS BIGINT) {} GROUP BY {column}",
        of_owners(dialect, whose)
    )
}

fn sum(row: &Row, by: GroupBy) -> Result<GroupSum, Error> {
    let group = match by {
        GroupBy::Stage => GroupKey::Stage(row.optional(0, Row::text)?.map(str::to_owned)),
        GroupBy::Owner => GroupKey::Owner(Owner::of_key(row.id(0)?)),
        GroupBy::Month => GroupKey::Month(row.int(0)?),
    };
    let amount = row.int(2)?.saturating_mul(PART).saturating_add(row.int(3)?);
    Ok(GroupSum { group, n: row.int(1)?, open: row.int(4)?, amount })
}

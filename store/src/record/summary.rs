//! Sums over the records of a reach.

use hallpass_domain::record::Owner;

use super::query::{GroupBy, GroupKey, GroupSum, MonthStarts, Reach};
use super::records::Records;
use super::statement::{OwnerFilter, SUM_PART, sums};
use crate::error::Error;
use crate::row::Row;
use crate::value::Value;

impl<A> Records<'_, A> {
    /// Groups the records of a type that a reach covers, and sums each group. Months begin as given.
    pub async fn summary(
        &mut self,
        entity: &str,
        reach: &Reach,
        by: GroupBy,
        months: &MonthStarts,
    ) -> Result<Vec<GroupSum>, Error> {
        self.summary_of(entity, reach, by, (months, None)).await
    }

    /// Like [`Records::summary`], of the records in one stage where one is given.
    pub async fn summary_of(
        &mut self,
        entity: &str,
        reach: &Reach,
        by: GroupBy,
        (months, stage): (&MonthStarts, Option<&str>),
    ) -> Result<Vec<GroupSum>, Error> {
        let dialect = self.tx.dialect();
        let mut values = vec![entity.into()];
        let filter = match reach {
            Reach::Nothing => return Ok(Vec::new()),
            Reach::All => OwnerFilter::All,
            Reach::Owners(owners) => {
                values.push(dialect.ids(owners.iter().copied()));
                OwnerFilter::Owners
            }
        };
        if by == GroupBy::Month {
            values.extend(months.iter().map(|(_, start)| Value::from(*start)));
        }
        let place = values.len() + 2;
        values.extend(stage.map(Value::from));
        let in_stage = stage.map_or_else(String::new, |_| format!(" AND stage = ?{place}"));
        let sql = sums(dialect, (filter, &in_stage), by, months);
        let rows = self.tx.query(&sql, &values).await?;
        let mut sums =
            rows.iter().map(|row| sum(row, by)).collect::<Result<Vec<_>, Error>>()?;
        sums.sort_by(|a, b| a.group.cmp(&b.group));
        Ok(sums)
    }
}

fn sum(row: &Row, by: GroupBy) -> Result<GroupSum, Error> {
    let group = match by {
        GroupBy::Stage => {
            GroupKey::Stage(row.optional("grouped", Row::text)?.map(str::to_owned))
        }
        GroupBy::Owner => GroupKey::Owner(Owner::of_key(row.id("grouped")?)),
        GroupBy::Month => GroupKey::Month(row.int("grouped")?),
    };
    let (high, low) = (row.int("amount_high")?, row.int("amount_low")?);
    let amount = high.saturating_mul(SUM_PART).saturating_add(low);
    Ok(GroupSum { group, n: row.int("n")?, open: row.int("open_n")?, amount })
}

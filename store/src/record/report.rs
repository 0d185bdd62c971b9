//! The groups of a report: from counters where they answer it, else from the records.

use hallpass_domain::record::Owner;
use hallpass_domain::saved_report::Measure;

use super::figure::statement::owners_of_stage;
use super::figure::{group, ranked};
use super::query::{GroupBy, GroupKey, GroupSum, MonthStarts, Reach};
use super::records::Records;
use super::statement::{OwnerFilter, months_of_stage};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::record::sum::Sums;
use crate::row::{Row, Rows};
use crate::value::Value;

/// What a report counts.
#[derive(Clone, Copy, Debug)]
pub struct ReportQuery<'q> {
    /// The record type.
    pub entity: &'q str,
    /// Whose records count.
    pub reach: &'q Reach,
    /// Only those in this stage.
    pub stage: Option<&'q str>,
    /// What they are grouped by.
    pub by: GroupBy,
    /// By what the largest owners are the largest.
    pub measure: Measure,
}

impl ReportQuery<'_> {
    /// Whose records of a stage are meant, and what a statement about them takes first.
    fn of_stage(&self, stage: &str, dialect: Dialect) -> (OwnerFilter, Vec<Value>) {
        let mut values: Vec<Value> = vec![self.entity.into(), stage.into()];
        let Reach::Owners(owners) = self.reach else { return (OwnerFilter::All, values) };
        values.push(dialect.ids(owners.iter().copied()));
        (OwnerFilter::Owners, values)
    }
}

impl<A> Records<'_, A> {
    /// Groups the records of a report. Of owners it returns the largest, then the others as one group. A
    /// report on the months of a stage reads every record that it counts.
    pub async fn report(
        &mut self,
        query: ReportQuery<'_>,
        months: &MonthStarts,
    ) -> Result<Vec<GroupSum>, Error> {
        let is_of_stage = |sum: &GroupSum| match (&sum.group, query.stage) {
            (GroupKey::Stage(stage), Some(wanted)) => stage.as_deref() == Some(wanted),
            _ => true,
        };
        match (query.by, query.stage) {
            _ if *query.reach == Reach::Nothing => Ok(Vec::new()),
            (GroupBy::Month, Some(stage)) => self.months_of_stage(query, stage, months).await,
            (GroupBy::Owner, Some(stage)) => self.owners_of_stage(query, stage).await,
            (GroupBy::Owner, None) if query.measure != Measure::Count => {
                self.owners(query).await
            }
            (by, _) => {
                let of = [(query.entity.to_owned(), query.reach.clone())];
                let figures = self.figures(&of, &[by], months).await?.into_iter().next();
                let figures = figures.unwrap_or_default();
                let mut groups = match by {
                    GroupBy::Stage => figures.stages,
                    GroupBy::Owner => figures.owners,
                    GroupBy::Month => figures.months,
                };
                groups.retain(is_of_stage);
                Ok(groups)
            }
        }
    }

    async fn owners(&mut self, query: ReportQuery<'_>) -> Result<Vec<GroupSum>, Error> {
        let mut sql = "SELECT owner_id, n, open_n, amount_high, amount_low FROM record_counts \
                       WHERE workspace_id = ?1 AND entity = ?2 AND n > 0"
            .to_owned();
        let mut values: Vec<Value> = vec![query.entity.into()];
        if let Reach::Owners(owners) = query.reach {
            let dialect = self.tx.dialect();
            values.push(dialect.ids(owners.iter().copied()));
            sql = format!("{sql} AND owner_id {}", dialect.seek_ids("?3"));
        }
        largest(&self.tx.query(&sql, &values).await?, query.measure)
    }

    async fn owners_of_stage(
        &mut self,
        query: ReportQuery<'_>,
        stage: &str,
    ) -> Result<Vec<GroupSum>, Error> {
        let dialect = self.tx.dialect();
        let (filter, values) = query.of_stage(stage, dialect);
        let rows = self.tx.query(&owners_of_stage(dialect, filter), &values).await?;
        largest(&rows, query.measure)
    }

    async fn months_of_stage(
        &mut self,
        query: ReportQuery<'_>,
        stage: &str,
        months: &MonthStarts,
    ) -> Result<Vec<GroupSum>, Error> {
        let dialect = self.tx.dialect();
        let (filter, mut values) = query.of_stage(stage, dialect);
        values.extend(months.iter().map(|(_, start)| Value::from(*start)));
        let rows = self.tx.query(&months_of_stage(dialect, filter, months), &values).await?;
        let month =
            |row: &Row| Ok(group(GroupKey::Month(row.int("grouped")?), Sums::from_row(row)?));
        let mut sums = rows.iter().map(month).collect::<Result<Vec<_>, Error>>()?;
        sums.sort_by(|a, b| a.group.cmp(&b.group));
        Ok(sums)
    }
}

/// The largest owners of rows by what is measured, then the others as one group.
fn largest(rows: &Rows, measure: Measure) -> Result<Vec<GroupSum>, Error> {
    let owner = |row: &Row| Ok((Owner::of_key(row.id("owner_id")?), Sums::from_row(row)?));
    let owners = rows.iter().map(owner).collect::<Result<Vec<_>, Error>>()?;
    let mut total = Sums::default();
    for (_, sums) in &owners {
        total.add(*sums);
    }
    let present = owners.len();
    Ok(ranked(owners, total, present, |sums| match measure {
        Measure::Count => sums.n,
        Measure::Open => sums.open,
        Measure::Amount => sums.amount(),
    }))
}

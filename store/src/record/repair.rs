//! Counting the records of a workspace, comparing every counter with the result, and repairing those that differ.

use std::collections::{BTreeMap, BTreeSet};

use hallpass_domain::record::Owner;
use uuid::Uuid;

use super::counter::NEXT_VERSION;
use super::query::RecordTotal;
use super::records::Records;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::record::sum::{EVERY_OWNER, SUM_PART, Sums};

/// A counter that differs from the records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongCounter {
    /// The record type.
    pub entity: String,
    /// Whose records it counts; `None` for those of every owner.
    pub owner: Option<Owner>,
    /// Which of their records it counts.
    pub group: CounterGroup,
    /// What the counter says.
    pub stored: RecordTotal,
    /// What is right.
    pub counted: RecordTotal,
}

/// Which records a counter counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CounterGroup {
    /// All of an owner.
    Owner,
    /// All of a record type; `open` is the number of owners who have any.
    Total,
    /// Those in a stage; an empty one is none.
    Stage(String),
    /// Those created in a month, counted from January of the year 0.
    Month(String),
    /// Those created in a quarter of an hour near the beginning of a month, counted from 1970.
    Slot(String),
}

/// A table of counters, as the check reads it.
#[derive(Clone, Copy, PartialEq)]
enum Table {
    Counts,
    Totals,
    Sums(&'static str),
}

const TABLES: [Table; 5] = [
    Table::Counts,
    Table::Totals,
    Table::Sums("stage"),
    Table::Sums("month"),
    Table::Sums("slot"),
];

/// A counter: its type, owner and group.
type Key = (String, Uuid, String);

impl<A> Records<'_, A> {
    /// Counts the records of the workspace, and returns every counter that differs. It reads each record
    /// several times.
    pub async fn check_counters(&mut self) -> Result<Vec<WrongCounter>, Error> {
        let mut wrong = Vec::new();
        for table in TABLES {
            let found = self.differences(table).await?.into_iter();
            wrong.extend(found.map(|(key, sums)| table.wrong(key, sums)));
        }
        Ok(wrong)
    }

    /// The counters of a table that differ, each with what is stored and what is right.
    async fn differences(&mut self, table: Table) -> Result<BTreeMap<Key, [Sums; 2]>, Error> {
        let sql = table.differences(self.tx.dialect());
        let mut found: BTreeMap<Key, [Sums; 2]> = BTreeMap::new();
        for row in &self.tx.query(&sql, &[]).await? {
            let key = (
                row.text("entity")?.to_owned(),
                row.id("owner_id")?,
                row.text("grouped")?.to_owned(),
            );
            let [stored, counted] = found.entry(key).or_default();
            let side = if row.int("is_counted")? == 1 { counted } else { stored };
            *side = Sums::from_row(row)?;
        }
        Ok(found)
    }
}

impl Records<'_> {
    /// Repairs the counters of the workspace. Returns those that differed.
    pub async fn repair_counters(&mut self) -> Result<Vec<WrongCounter>, Error> {
        let mut wrong = Vec::new();
        let mut types: BTreeSet<String> = BTreeSet::new();
        for table in TABLES {
            for (key, sums) in self.differences(table).await? {
                types.insert(key.0.clone());
                self.set(table, &key, sums[1]).await?;
                wrong.push(table.wrong(key, sums));
            }
        }
        // By two, so that what is in memory is not taken for the version before.
        let sql = "INSERT INTO record_totals (workspace_id, entity, n, version) VALUES (?1, ?2, 0, 2) \
                   ON CONFLICT (workspace_id, entity) DO UPDATE SET \
                   version = record_totals.version + 2";
        for entity in types {
            self.tx.execute(sql, &[entity.into()]).await?;
        }
        Ok(wrong)
    }

    async fn set(
        &mut self,
        table: Table,
        (entity, owner, grouped): &Key,
        sums: Sums,
    ) -> Result<(), Error> {
        let mut values = vec![entity.as_str().into()];
        let sql;
        let statement = match table {
            Table::Totals => {
                values.extend([sums.n.into(), sums.open.into()]);
                "INSERT INTO record_totals (workspace_id, entity, n, owners) \
                 VALUES (?1, ?2, ?3, ?4) ON CONFLICT (workspace_id, entity) DO UPDATE SET \
                 n = excluded.n, owners = excluded.owners"
            }
            Table::Counts => {
                values.push((*owner).into());
                values.extend(sums.values());
                sql = format!(
                    "INSERT INTO record_counts (workspace_id, entity, owner_id, n, open_n, \
                     amount_high, amount_low, version) \
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, {NEXT_VERSION}) \
                     ON CONFLICT (workspace_id, entity, owner_id) DO UPDATE SET n = excluded.n, \
                     open_n = excluded.open_n, amount_high = excluded.amount_high, \
                     amount_low = excluded.amount_low, version = excluded.version"
                );
                &sql
            }
            Table::Sums(grouped_by) => {
                let grouped = grouped.as_str();
                values.extend([grouped_by.into(), (*owner).into(), grouped.into()]);
                values.extend(sums.values());
                "INSERT INTO record_sums (workspace_id, entity, grouped_by, owner_id, grouped, \
                 n, open_n, amount_high, amount_low) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) \
                 ON CONFLICT (workspace_id, owner_id, entity, grouped_by, grouped) DO UPDATE SET \
                 n = excluded.n, open_n = excluded.open_n, amount_high = excluded.amount_high, \
                 amount_low = excluded.amount_low"
            }
        };
        self.tx.execute(statement, &values).await.map(drop)
    }
}

impl Table {
    fn wrong(
        self,
        (entity, owner, grouped): Key,
        [stored, counted]: [Sums; 2],
    ) -> WrongCounter {
        let group = match self {
            Table::Counts => CounterGroup::Owner,
            Table::Totals => CounterGroup::Total,
            Table::Sums("stage") => CounterGroup::Stage(grouped),
            Table::Sums("month") => CounterGroup::Month(grouped),
            Table::Sums(_) => CounterGroup::Slot(grouped),
        };
        let total =
            |sums: Sums| RecordTotal { n: sums.n, open: sums.open, amount: sums.amount() };
        WrongCounter {
            entity,
            owner: (owner != EVERY_OWNER).then(|| Owner::of_key(owner)),
            group,
            stored: total(stored),
            counted: total(counted),
        }
    }

    /// The rows that are right and not stored, and the other way round.
    fn differences(self, dialect: Dialect) -> String {
        let (counted, stored) = (self.counted(), self.stored());
        format!(
            "SELECT 1 AS is_counted, missing.* FROM ({counted} EXCEPT {stored}) AS missing \
             UNION ALL SELECT 0 AS is_counted, wrong.* FROM ({stored} EXCEPT {counted}) AS wrong"
        )
        .replace("{every_owner}", &dialect.schema("{every_owner}"))
    }

    fn counted(self) -> String {
        let sums = format!(
            "count(*) AS n, CAST(sum(CASE WHEN is_open THEN 1 ELSE 0 END) AS BIGINT) AS open_n, \
             CAST(coalesce(sum(amount / {SUM_PART}), 0) AS BIGINT) AS amount_high, \
             CAST(coalesce(sum(amount % {SUM_PART}), 0) AS BIGINT) AS amount_low"
        );
        let grouped_by = match self {
            Table::Counts => {
                return format!(
                    "SELECT entity, owner_id, '' AS grouped, {sums} FROM records \
                     WHERE workspace_id = ?1 GROUP BY entity, owner_id"
                );
            }
            Table::Totals => {
                return "SELECT entity, {every_owner} AS owner_id, '' AS grouped, count(*) AS n, \
                        count(DISTINCT owner_id) AS open_n, 0 AS amount_high, 0 AS amount_low \
                        FROM records WHERE workspace_id = ?1 GROUP BY entity"
                    .to_owned();
            }
            Table::Sums(grouped_by) => grouped_by,
        };
        let (grouped, from) = match grouped_by {
            "stage" => ("coalesce(stage, '')", "records WHERE workspace_id = ?1".to_owned()),
            "month" => {
                ("CAST(created_month AS TEXT)", "records WHERE workspace_id = ?1".to_owned())
            }
            _ => (
                "CAST(created_at / 900000000 AS TEXT)",
                format!(
                    "records WHERE workspace_id = ?1 \
                     AND (created_at < {} + 43200000000 OR created_at >= {} - 50400000000)",
                    start_of_month("(created_month - 2)"),
                    start_of_month("(created_month - 1)")
                ),
            ),
        };
        let of = |owner: &str, group: &str| {
            format!(
                "SELECT entity, {owner} AS owner_id, {grouped} AS grouped, {sums} FROM {from} \
                 GROUP BY entity{group}, {grouped}"
            )
        };
        let all = of("owner_id", ", owner_id");
        let every = of("{every_owner}", "");
        // SQLite takes no set operation in parentheses.
        format!("SELECT * FROM ({all} UNION ALL {every}) AS counted")
    }

    fn stored(self) -> String {
        match self {
            Table::Counts => "SELECT entity, owner_id, '' AS grouped, n, open_n, amount_high, \
                              amount_low FROM record_counts WHERE workspace_id = ?1 AND \
                              (n <> 0 OR open_n <> 0 OR amount_high <> 0 OR amount_low <> 0)"
                .to_owned(),
            Table::Totals => "SELECT entity, {every_owner} AS owner_id, '' AS grouped, n, \
                              owners AS open_n, 0 AS amount_high, 0 AS amount_low \
                              FROM record_totals WHERE workspace_id = ?1 \
                              AND (n <> 0 OR owners <> 0)"
                .to_owned(),
            Table::Sums(grouped_by) => format!(
                "SELECT entity, owner_id, grouped, n, open_n, amount_high, amount_low \
                 FROM record_sums WHERE workspace_id = ?1 AND grouped_by = '{grouped_by}' AND \
                 (n <> 0 OR open_n <> 0 OR amount_high <> 0 OR amount_low <> 0)"
            ),
        }
    }
}

/// When a month of UTC begins, in microseconds. It takes months since March of the year 0.
fn start_of_month(month: &str) -> String {
    format!(
        "(365 * ({month} / 12) + {month} / 12 / 4 - {month} / 12 / 100 + {month} / 12 / 400 \
         + (153 * ({month} % 12) + 2) / 5 - 719468) * 86400000000"
    )
}

//! Sums of records, and what they are grouped by.

use std::collections::BTreeMap;

use hallpass_domain::record::Record;
use hallpass_domain::time::Timestamp;
use hallpass_domain::zone::Zone;
use uuid::Uuid;

use crate::error::Error;
use crate::row::Row;
use crate::value::Value;

/// Amounts are summed in two parts, so that no sum overflows in the engine.
pub(crate) const SUM_PART: i64 = 1_000_000_000;

/// The owner of the sums of all owners. No member has this id.
pub(crate) const EVERY_OWNER: Uuid = Uuid::max();

/// A quarter of an hour, in microseconds. In each time zone a month begins at one.
const SLOT: i64 = 15 * 60 * 1_000_000;

/// A month of a time zone begins so long before the month of UTC at most, and after it, in microseconds.
const BEFORE: i64 = 14 * 4 * SLOT;
const AFTER: i64 = 12 * 4 * SLOT;

/// Sums of records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    /// How many.
    pub(crate) n: i64,
    /// How many of them are open.
    pub(crate) open: i64,
    /// Their amounts, in [`SUM_PART`] of hundredths, and what is left of each.
    pub(crate) amount: [i64; 2],
}

impl Sums {
    /// Those of one record.
    pub(crate) fn of(record: &Record) -> Sums {
        Sums::of_one(record.open, record.amount)
    }

    pub(crate) fn of_one(open: bool, amount: Option<i64>) -> Sums {
        let amount = amount.unwrap_or_default();
        Sums { n: 1, open: i64::from(open), amount: [amount / SUM_PART, amount % SUM_PART] }
    }

    /// Those that a row has in the columns `n`, `open_n`, `amount_high` and `amount_low`.
    pub(crate) fn from_row(row: &Row) -> Result<Sums, Error> {
        Ok(Sums {
            n: row.int("n")?,
            open: row.int("open_n")?,
            amount: [row.int("amount_high")?, row.int("amount_low")?],
        })
    }

    pub(crate) fn add(&mut self, other: Sums) {
        self.n += other.n;
        self.open += other.open;
        for (part, other) in self.amount.iter_mut().zip(other.amount) {
            *part = part.saturating_add(other);
        }
    }

    /// Those that take the same away.
    pub(crate) fn negated(self) -> Sums {
        let [high, low] = self.amount;
        Sums { n: -self.n, open: -self.open, amount: [-high, -low] }
    }

    /// The sum of the amounts, in hundredths.
    pub(crate) fn amount(self) -> i64 {
        let [high, low] = self.amount;
        high.saturating_mul(SUM_PART).saturating_add(low)
    }

    /// What is bound for the columns `n`, `open_n`, `amount_high` and `amount_low`.
    pub(crate) fn values(self) -> [Value; 4] {
        let [high, low] = self.amount;
        [self.n.into(), self.open.into(), high.into(), low.into()]
    }
}

/// What the records of a sum have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum SumKey {
    /// A stage, or none.
    Stage(Option<String>),
    /// The month of creation in UTC, counted from January of the year 0.
    Month(i64),
    /// The quarter of an hour of creation, counted from 1970, around the beginning of a month.
    Slot(i64),
}

impl SumKey {
    /// What a record is summed under.
    pub(crate) fn each(stage: Option<String>, created_at: Timestamp) -> Vec<SumKey> {
        let mut keys = vec![SumKey::Stage(stage), SumKey::Month(created_at.month())];
        keys.extend(slot(created_at).map(SumKey::Slot));
        keys
    }

    /// The columns `grouped_by` and `grouped`.
    pub(crate) fn columns(&self) -> (&'static str, String) {
        match self {
            SumKey::Stage(stage) => ("stage", stage.clone().unwrap_or_default()),
            SumKey::Month(month) => ("month", month.to_string()),
            SumKey::Slot(slot) => ("slot", slot.to_string()),
        }
    }

    pub(crate) fn from_row(row: &Row) -> Result<SumKey, Error> {
        let number = |row: &Row| row.parsed("grouped", |text| text.parse::<i64>().ok());
        match row.text("grouped_by")? {
            "month" => number(row).map(SumKey::Month),
            "slot" => number(row).map(SumKey::Slot),
            _ => {
                let stage = row.text("grouped")?;
                Ok(SumKey::Stage((!stage.is_empty()).then(|| stage.to_owned())))
            }
        }
    }
}

/// The sums of some records, by key.
pub(crate) type SumMap = BTreeMap<SumKey, Sums>;

/// When a slot begins.
pub(crate) fn start_of_slot(slot: i64) -> Timestamp {
    Timestamp::from_micros(slot.saturating_mul(SLOT))
}

/// The slot of a time; none where it is in the same month in every time zone.
fn slot(at: Timestamp) -> Option<i64> {
    let (utc, month, micros) = (Zone::default(), at.month(), at.as_micros());
    let begins = utc.start_of_month(month)?.as_micros();
    let ends = utc.start_of_month(month + 1)?.as_micros();
    let is_near = micros < begins + AFTER || micros >= ends - BEFORE;
    is_near.then_some(micros.div_euclid(SLOT))
}

/// How the sums of an owner change.
#[derive(Clone, Debug)]
pub(crate) struct SumDelta {
    pub(crate) owner: Uuid,
    pub(crate) key: SumKey,
    pub(crate) sums: Sums,
}

#[cfg(test)]
mod tests;

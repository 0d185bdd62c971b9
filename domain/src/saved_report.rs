//! A saved report: which records it counts, how it groups them, what it measures, and whose it is.

use crate::id::ReportId;
use crate::name::Name;
use crate::record::Owner;
use crate::sharing::Sharing;

/// What the records of a report are grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// Their stage.
    Stage,
    /// Their owner.
    Owner,
    /// The month of their creation.
    Month,
}

/// What a report measures of each group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// How many records.
    Count,
    /// How many records that still need work.
    Open,
    /// The sum of their money field.
    Amount,
}

macro_rules! words {
    ($name:ident { $($variant:ident = $word:literal),* $(,)? }) => {
        impl $name {
            /// Every value.
            pub const EVERY: &'static [$name] = &[$($name::$variant),*];

            /// The word in the API and in the database.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $($name::$variant => $word),*
                }
            }

            /// The value of a word.
            #[must_use]
            pub fn parse(word: &str) -> Option<$name> {
                $name::EVERY.iter().copied().find(|one| one.word() == word)
            }
        }
    };
}

words! { Grouping { Stage = "stage", Owner = "owner", Month = "month" } }
words! { Measure { Count = "count", Open = "open", Amount = "amount" } }

/// A saved report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedReport {
    /// The id.
    pub id: ReportId,
    /// The name.
    pub name: Name,
    /// Whose it is.
    pub sharing: Sharing,
    /// The record type.
    pub entity: String,
    /// Only records in this stage.
    pub stage: Option<String>,
    /// Only records of this owner.
    pub owner: Option<Owner>,
    /// What it groups by.
    pub grouping: Grouping,
    /// What it measures.
    pub measure: Measure,
    /// Increases with each change.
    pub version: i64,
}

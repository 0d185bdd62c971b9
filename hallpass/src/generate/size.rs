//! How large a generated workspace is, and what it depends on.

use std::fmt::{self, Display};
use std::str::FromStr;

use clap::Args;
use clap::builder::RangedU64ValueParser;
use hallpass_domain::time::Timestamp;
use hallpass_engine::{Blueprint, Resource, ResourceKind};

/// The most members, and the most records.
const MOST_MEMBERS: u64 = 200_000;
const MOST_RECORDS: u64 = 20_000_000;

/// How large a workspace is. Equal slugs, sizes, seeds and times give equal people and records.
#[derive(Args, Clone)]
pub(crate) struct Size {
    /// Its members, with its Owner
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    #[arg(value_parser = RangedU64ValueParser::<u64>::new().range(1..=MOST_MEMBERS))]
    pub(crate) members: u64,
    /// Its teams, where the access model has any
    #[arg(long, value_name = "N", default_value_t = 20)]
    #[arg(value_parser = RangedU64ValueParser::<u64>::new().range(0..=2_000))]
    pub(crate) teams: u64,
    /// Its departments, where the access model has any
    #[arg(long, value_name = "N", default_value_t = 10)]
    #[arg(value_parser = RangedU64ValueParser::<u64>::new().range(0..=500))]
    pub(crate) departments: u64,
    /// Its records over all types; or those of some types, as `contacts=500,tickets=2000`
    #[arg(long, value_name = "N", default_value = "20000")]
    pub(crate) records: RecordCount,
    /// Another number gives other people and records
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// When the newest record was created; the others are up to four years older [default: now]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) until: Option<Timestamp>,
}

/// How many records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RecordCount {
    /// So many over all types; there are more of the first than of the last.
    All(u64),
    /// So many of each of some types.
    Types(Vec<(String, u64)>),
}

impl FromStr for RecordCount {
    type Err = String;

    fn from_str(text: &str) -> Result<RecordCount, String> {
        let number = |text: &str| {
            let number = text.parse::<u64>();
            number.map_err(|_| format!("expected a number, got `{text}`"))
        };
        let count = if text.contains('=') {
            let mut types: Vec<(String, u64)> = Vec::new();
            for one in text.split(',') {
                let (key, n) = one
                    .split_once('=')
                    .ok_or_else(|| format!("expected `type=number`, got `{one}`"))?;
                if types.iter().any(|(known, _)| known == key) {
                    return Err(format!("`{key}` is there twice"));
                }
                types.push((key.to_owned(), number(n)?));
            }
            RecordCount::Types(types)
        } else {
            RecordCount::All(number(text)?)
        };
        let is_small = match &count {
            RecordCount::All(n) => *n <= MOST_RECORDS,
            RecordCount::Types(types) => {
                let sum = types.iter().try_fold(0_u64, |sum, (_, n)| sum.checked_add(*n));
                sum.is_some_and(|sum| sum <= MOST_RECORDS)
            }
        };
        if is_small { Ok(count) } else { Err(format!("at most {MOST_RECORDS} records")) }
    }
}

impl Display for RecordCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RecordCount::All(n) => write!(f, "{n}"),
            RecordCount::Types(types) => {
                let types = types.iter().map(|(key, n)| format!("{key}={n}"));
                f.write_str(&types.collect::<Vec<_>>().join(","))
            }
        }
    }
}

impl RecordCount {
    /// How many records of each type there are.
    pub(super) fn of_types(
        &self,
        blueprint: &Blueprint,
    ) -> Result<Vec<(Resource, u64)>, String> {
        let is_type = |one: &&Resource| one.kind == ResourceKind::Records;
        let types: Vec<&Resource> = blueprint.resources.iter().filter(is_type).collect();
        match self {
            RecordCount::All(n) => {
                if types.is_empty() && *n > 0 {
                    return Err("--records: the access model has no record types".to_owned());
                }
                Ok(shares(*n, types.len()).into_iter().zip(types).map(flipped).collect())
            }
            RecordCount::Types(counts) => counts
                .iter()
                .map(|(key, n)| {
                    let found = types.iter().find(|one| one.key == *key);
                    let keys = || types.iter().map(|one| one.key.as_str()).collect::<Vec<_>>();
                    let unknown = || {
                        format!(
                            "--records: no record type `{key}`; there are {}",
                            keys().join(", ")
                        )
                    };
                    Ok(((*found.ok_or_else(unknown)?).clone(), *n))
                })
                .collect(),
        }
    }
}

fn flipped((n, resource): (u64, &Resource)) -> (Resource, u64) {
    (resource.clone(), n)
}

/// Divides a number among so many: the second gets half of what the first gets, the third a third of it, and
/// the first what is left over.
fn shares(n: u64, among: usize) -> Vec<u64> {
    let parts: Vec<u64> =
        (1..=among).map(|place| 1_000_000 / u64::try_from(place).unwrap_or(1)).collect();
    let all = parts.iter().sum::<u64>().max(1);
    let of = |part: &u64| {
        u64::try_from(u128::from(n) * u128::from(*part) / u128::from(all)).unwrap_or(0)
    };
    let mut shares: Vec<u64> = parts.iter().map(of).collect();
    let rest = n - shares.iter().sum::<u64>().min(n);
    if let Some(first) = shares.first_mut() {
        *first += rest;
    }
    shares
}

fn time(text: &str) -> Result<Timestamp, String> {
    let time = text.parse::<Timestamp>().ok().or_else(|| Timestamp::of_day(text));
    time.ok_or_else(|| "expected a time such as `2026-03-15T12:00:00Z`, or a day".to_owned())
}

//! The records of a generated workspace, from the oldest to the newest.

use std::ops::Range;

use hallpass_domain::id::MemberId;
use hallpass_domain::record::{Owner, Record, Schema, Write};
use hallpass_domain::time::{Span, Timestamp};
use hallpass_engine::{Resource, Stage};

use super::people::id;
use super::rng::Rng;
use super::value::{days, fields};
use super::words::Words;

/// What records are made of.
pub(super) struct RecordMaker {
    pub(super) seed: u64,
    pub(super) words: Words,
    pub(super) types: Vec<RecordType>,
    /// Everyone who may own records.
    pub(super) members: Vec<MemberId>,
    pub(super) founded: Timestamp,
    pub(super) until: Timestamp,
    pub(super) next: u64,
}

/// A record type, and how many records of it there are and will be.
pub(super) struct RecordType {
    pub(super) resource: Resource,
    pub(super) made: u64,
    pub(super) all: u64,
}

impl RecordMaker {
    /// How many records there will be.
    pub(super) fn all(&self) -> u64 {
        self.types.iter().map(|one| one.all).sum()
    }

    /// The next records, at most so many.
    pub(super) fn make(&mut self, most: u64) -> Result<Vec<Record>, String> {
        let range: Range<u64> = self.next..self.all().min(self.next + most);
        self.next = range.end;
        range.map(|number| self.record(number)).collect()
    }

    fn record(&mut self, number: u64) -> Result<Record, String> {
        let mut rng = Rng::of(self.seed, "record", number);
        let created_at = self.created(number, &mut rng);
        let owner = self.owner(&mut rng);
        let place = self.next_type().ok_or("there are no record types")?;
        let one = self.types.get_mut(place).ok_or("there are no record types")?;
        let of_type = one.made;
        one.made += 1;
        let (resource, schema) = (&one.resource, Schema::of(&one.resource));
        let given = fields(resource, &self.words, (of_type, created_at), &mut rng);
        let checked = schema.check(&given, Write::New).map_err(|errors| {
            let errors = errors.iter().map(|error| error.detail.as_str());
            format!("cannot make {}: {}", resource.key, errors.collect::<Vec<_>>().join("; "))
        })?;
        let stage = stage(resource, self.until - created_at, &mut rng);
        let changed = Span((rng.below(90) * 86_400 * 1_000_000).try_into().unwrap_or(0));
        let mut record = Record {
            id: id(created_at, &mut rng).into(),
            entity: resource.key.clone(),
            owner,
            title: String::new(),
            fields: serde_json::Map::new(),
            stage: stage.map(|stage| stage.key.clone()),
            open: stage.is_none_or(|stage| stage.open),
            amount: None,
            created_by: match owner {
                Owner::Member(member) => Some(member),
                Owner::Unowned => None,
            },
            created_at,
            updated_at: (created_at + changed).min(self.until),
            version: 1,
        };
        record.put(checked, schema);
        Ok(record)
    }

    /// More and more records are created as the years pass; each later than the one before.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "four years are far below 2^53 microseconds"
    )]
    fn created(&self, number: u64, rng: &mut Rng) -> Timestamp {
        let micros = (self.until - self.founded).0 as f64;
        let share = (number as f64 + rng.share()) / self.all().max(1) as f64;
        self.founded + Span((micros * share.sqrt()) as i64)
    }

    /// A few members own most records, some records have no owner.
    fn owner(&self, rng: &mut Rng) -> Owner {
        let members = u64::try_from(self.members.len()).unwrap_or(u64::MAX);
        if rng.is_in(4) || members == 0 {
            return Owner::Unowned;
        }
        // Neighbours by number have little in common.
        let place = rng.skewed(members).wrapping_mul(7_919) % members;
        let member = usize::try_from(place).ok().and_then(|place| self.members.get(place));
        member.map_or(Owner::Unowned, |member| Owner::Member(*member))
    }

    /// The type that is the furthest behind its share.
    fn next_type(&self) -> Option<usize> {
        let behind = |one: &RecordType| {
            let (all, made) = (u128::from(one.all), u128::from(one.made));
            (all > made).then(|| (1 << 64) * (all - made) / all)
        };
        let behind = self
            .types
            .iter()
            .enumerate()
            .filter_map(|(place, one)| Some((behind(one)?, place)));
        behind.max_by_key(|(share, place)| (*share, usize::MAX - place)).map(|(_, place)| place)
    }
}

/// The stage of a record: what is old is done.
fn stage<'r>(resource: &'r Resource, age: Span, rng: &mut Rng) -> Option<&'r Stage> {
    let percent = if age < days(90) { 70 } else { 8 };
    let is_open = rng.is_in(percent);
    let stages: Vec<&Stage> =
        resource.stages.iter().filter(|stage| stage.open == is_open).collect();
    rng.one_of(&stages).copied().or(resource.stages.first())
}

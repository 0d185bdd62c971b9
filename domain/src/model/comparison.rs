//! Two models of a workspace compared: which members gain or lose which actions.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use hallpass_engine::{Cell, Difference, Filter, MemberIndex, Policy, Reach, Side};

use super::Model;
use crate::id::MemberId;

mod meaning;
pub mod pair;

/// A model with what of it is switched on.
#[derive(Clone, Copy)]
pub struct Switched<'m> {
    /// The model.
    pub model: &'m Model,
    /// Whether a module or record type is on, by the key of the resource.
    pub is_on: &'m (dyn Fn(&str) -> bool + Sync),
}

/// What a member gains and loses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberDifference {
    /// The member.
    pub member: MemberId,
    /// The actions whose reach differs, in the order of the access model; at least one.
    pub changes: Vec<Difference>,
}

impl Switched<'_> {
    /// Lists what the members gain and lose when this becomes another model of the workspace: the largest
    /// change first, then by id. Only changes of resources that are on in one of them count.
    #[must_use]
    pub fn compare(&self, after: &Switched<'_>) -> Vec<MemberDifference> {
        let turned = self.turned(after);
        let counted = self.on_in_both(after);
        let changes = self.model.policy().compare(after.model.policy()).into_iter();
        let mut all =
            by_member(changes.filter(|change| counted.contains(change.resource.as_str())));
        if !turned.is_empty() {
            add(&mut all, by_member(self.compare_turned(after, &turned)));
        }
        for question in meaning::differing(self.model, after.model) {
            let (mine, theirs) =
                ((self.model, self.is_on as _), (after.model, after.is_on as _));
            add(&mut all, by_member(question.compare(mine, theirs).into_iter()));
        }
        all.sort_by_key(|one| (Reverse(one.changes.len()), one.member));
        all
    }

    /// The resources that are on in both models.
    fn on_in_both<'a>(&'a self, after: &'a Switched<'_>) -> HashSet<&'a str> {
        let both = [self.model, after.model].into_iter();
        let keys = both.flat_map(|model| model.policy().resources());
        let keys = keys.map(|known| known.key.as_str());
        keys.filter(|key| (self.is_on)(key) && (after.is_on)(key)).collect()
    }

    /// The resources that are on in one of the models and off, or unknown, in the other.
    fn turned(&self, after: &Switched<'_>) -> HashSet<String> {
        let resources = |model: &Model| -> HashSet<String> {
            model.policy().resources().iter().map(|known| known.key.clone()).collect()
        };
        let mut keys = resources(self.model);
        keys.extend(resources(after.model));
        keys.retain(|key| (self.is_on)(key) != (after.is_on)(key));
        keys
    }

    /// What members gain by resources that are turned on, and lose by those that are turned off.
    fn compare_turned<'a>(
        &'a self,
        after: &'a Switched<'_>,
        turned: &'a HashSet<String>,
    ) -> impl Iterator<Item = Difference> + 'a {
        let side = |of: &Switched<'_>, id: &str, (resource, action): (&str, &str)| {
            let policy = of.model.policy();
            let pair = policy.member(id).zip(policy.cell(resource, action));
            let pair = pair.filter(|_| (of.is_on)(resource));
            pair.map_or_else(nothing, |(member, cell)| reach(policy, member, cell))
        };
        let cells = move |policy: &'a Policy| {
            let cells = policy.cells().map(|cell| policy.keys(cell));
            cells.filter(|(resource, _)| turned.contains(*resource)).collect::<Vec<_>>()
        };
        let (mine, theirs) = (self.model.policy(), after.model.policy());
        let mut keys = cells(mine);
        keys.extend(
            cells(theirs)
                .into_iter()
                .filter(|(resource, action)| mine.cell(resource, action).is_none()),
        );
        let ids = mine.members().map(|member| mine.id(member));
        let joined = theirs.members().map(|member| theirs.id(member));
        let joined = joined.filter(|id| mine.member(id).is_none());
        ids.chain(joined).flat_map(move |id| {
            let keys = keys.clone();
            keys.into_iter().filter_map(move |key| {
                let (before, then) = (side(self, id, key), side(after, id, key));
                // One side is off, so the other is gained or lost as a whole.
                (before.reach.is_empty() != then.reach.is_empty()).then(|| Difference {
                    member: id.to_owned(),
                    resource: key.0.to_owned(),
                    action: key.1.to_owned(),
                    gains: then.filter.has_owners(),
                    loses: before.filter.has_owners(),
                    before,
                    after: then,
                })
            })
        })
    }
}

/// Adds further changes of members to those that are known.
fn add(all: &mut Vec<MemberDifference>, more: Vec<MemberDifference>) {
    let places = all.iter().enumerate().map(|(place, one)| (one.member, place));
    let places: HashMap<MemberId, usize> = places.collect();
    for found in more {
        match places.get(&found.member).and_then(|place| all.get_mut(*place)) {
            Some(known) => known.changes.extend(found.changes),
            None => all.push(found),
        }
    }
}

/// Changes by member, where those of a member follow each other.
fn by_member(changes: impl Iterator<Item = Difference>) -> Vec<MemberDifference> {
    let mut all: Vec<MemberDifference> = Vec::new();
    for change in changes {
        let last = all.last_mut();
        let is_of = |one: &&mut MemberDifference| {
            one.changes.last().is_some_and(|last| last.member == change.member)
        };
        if let Some(last) = last.filter(is_of) {
            last.changes.push(change);
        } else if let Ok(member) = change.member.parse() {
            all.push(MemberDifference { member, changes: vec![change] });
        }
    }
    all
}

fn nothing() -> Side {
    Side { reach: Reach::default(), filter: Filter::Nothing }
}

fn reach(policy: &Policy, member: MemberIndex, cell: Cell) -> Side {
    Side { reach: policy.reach(member, cell), filter: policy.filter(member, cell) }
}

#[cfg(test)]
mod tests;

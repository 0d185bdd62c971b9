//! Advice: acts that would turn a denial, and the members who may do them.
//!
//! **Invariant:** each act was applied to a copy of the model, where every question is then allowed; and
//! each member named for it passes the gate and every guard.

use hallpass_engine::{Cell, Change, MemberIndex, Target};

use crate::id::MemberId;
use crate::model::Model;

mod candidate;
pub mod edit;
mod grantor;
mod words;

pub use edit::Edit;

/// How many acts are offered at most.
pub const MOST_ACTS: usize = 3;

/// How many edits are tried at most.
const MOST_TRIED: usize = 64;

/// What a denied member asked for: each question has to be allowed.
#[derive(Clone, Copy, Debug)]
pub struct Denied<'q> {
    /// The member.
    pub member: MemberId,
    /// The cells and the targets.
    pub questions: &'q [(Cell, Target)],
}

/// An act that turns a denial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// The edit.
    pub edit: Edit,
    /// The roles whose holders may do it, from high to low.
    pub roles: Vec<String>,
    /// Some members who may do it.
    pub members: Vec<MemberId>,
}

/// A verified edit with what orders it.
struct Verified {
    edit: Edit,
    changes: Vec<Change>,
    /// Edits of one member come before those of several, and smaller ones before larger ones.
    cost: (usize, usize),
}

/// The act that switches a record type or a module on, if an active member may do it.
#[must_use]
pub fn switch_on(model: &Model, key: &str) -> Option<Act> {
    let edit = Edit::Module { key: key.to_owned() };
    let (roles, members) = grantor::find(model, &edit, &[]);
    (!members.is_empty()).then_some(Act { edit, roles, members })
}

impl Denied<'_> {
    /// Lists some acts that turn the denial, the smallest first, of those that may be named.
    #[must_use]
    pub fn acts(
        &self,
        model: &Model,
        most: usize,
        may_name: impl Fn(&Edit) -> bool,
    ) -> Vec<Act> {
        let index = model.index(self.member).filter(|_| most > 0);
        let Some(index) = index else { return Vec::new() };
        let edits = candidate::list(model, (self.member, index), self.questions);
        let verified = edits.into_iter().filter(may_name).take(MOST_TRIED);
        let mut verified: Vec<Verified> =
            verified.filter_map(|edit| self.verify(model, index, edit)).collect();
        verified.sort_by_key(|one| one.cost);
        let mut acts: Vec<Act> = Vec::new();
        for Verified { edit, changes, .. } in verified {
            let is_known = acts.iter().any(|act| act.edit.is_like(&edit));
            if is_known || acts.len() == most.min(MOST_ACTS) {
                continue;
            }
            let (roles, members) = grantor::find(model, &edit, &changes);
            if !members.is_empty() {
                acts.push(Act { edit, roles, members });
            }
        }
        acts
    }

    /// Applies an edit to a copy of the model; `None` unless every question is allowed there.
    fn verify(&self, model: &Model, index: MemberIndex, edit: Edit) -> Option<Verified> {
        let changes = edit.changes(model)?;
        let policy = model.policy().apply(&changes).ok()?;
        let allowed = |(cell, target): &(Cell, Target)| policy.decide(index, *cell, *target);
        if !self.questions.iter().all(allowed) {
            return None;
        }
        let cells: Vec<Cell> = policy.cells().collect();
        let gained = model.policy().compare_some(&policy, [index], &cells).len();
        let cost = (edit.breadth(), gained);
        Some(Verified { edit, changes, cost })
    }
}

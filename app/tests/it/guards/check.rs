//! What must hold after every step, computed from the policies' decisions about each owner and without
//! the code of the guards.

use std::collections::BTreeSet;

use hallpass_domain::model::Model;
use hallpass_engine::{Holders, Owner, Policy};

/// An owner who is no member.
const STRANGER: &str = "a stranger";

/// Returns what is wrong with the top role, which has an active holder and no more than it may have, and
/// with the billing contact, of whom there is at most one.
pub(crate) fn required_holders(model: &Model) -> Vec<String> {
    let mut wrong = Vec::new();
    let top = model.blueprint().top_role().expect("a top role");
    let holders = model.members().filter(|one| one.role == top.key).count();
    let active = model.active_holders(&top.key).count();
    if active == 0 {
        wrong.push("no active member holds the top role".to_owned());
    }
    if top.holders == Holders::One && holders != 1 {
        wrong.push(format!("{holders} members hold the role of one"));
    }
    let contacts = model.members().filter(|one| one.is_billing_contact).count();
    if contacts > 1 {
        wrong.push(format!("{contacts} billing contacts"));
    }
    wrong
}

/// Returns what members gain from one policy to the next that the grantor does not hold in the first.
///
/// Gains are compared owner by owner, and the grantor must reach each owner. Two gains count by their
/// meaning: a member's own records, if the grantor reaches their own; and those of a new member, who owns
/// nothing yet, if the grantor reaches them afterwards.
pub(crate) fn excess(
    before: &Policy,
    after: &Policy,
    grantor: &str,
    newcomers: &BTreeSet<String>,
) -> Vec<String> {
    let ids = |policy: &Policy| -> BTreeSet<String> {
        policy.members().map(|member| policy.id(member).to_owned()).collect()
    };
    let members: BTreeSet<String> = ids(before).union(&ids(after)).cloned().collect();
    let owners: Vec<Owner<'_>> = [Owner::Any, Owner::Unowned, Owner::Member(STRANGER)]
        .into_iter()
        .chain(members.iter().map(|id| Owner::Member(id)))
        .collect();
    let mut wrong = Vec::new();
    for member in ids(after) {
        for cell in after.cells() {
            let names = after.keys(cell);
            let gained = owners.iter().filter(|owner| {
                may(after, &member, names, **owner) && !may(before, &member, names, **owner)
            });
            let gain = Gain { before, after, grantor, member: &member, names, newcomers };
            let excess = gained.filter(|owner| !gain.is_held(**owner));
            wrong.extend(
                excess.map(|owner| {
                    format!("{member} gains {}:{} on {owner:?}", names.0, names.1)
                }),
            );
        }
    }
    wrong
}

fn may(policy: &Policy, member: &str, names: (&str, &str), owner: Owner<'_>) -> bool {
    let found = policy.member(member).zip(policy.cell(names.0, names.1));
    found.is_some_and(|(member, cell)| policy.decide(member, cell, policy.target(owner)))
}

/// The gain of one member on one action.
struct Gain<'g> {
    before: &'g Policy,
    after: &'g Policy,
    grantor: &'g str,
    member: &'g str,
    names: (&'g str, &'g str),
    newcomers: &'g BTreeSet<String>,
}

impl Gain<'_> {
    fn is_held(&self, owner: Owner<'_>) -> bool {
        let held = |owner| may(self.before, self.grantor, self.names, owner);
        if held(owner) {
            return true;
        }
        let Owner::Member(owner) = owner else { return false };
        if owner == self.member {
            return held(Owner::Member(self.grantor));
        }
        self.newcomers.contains(owner)
            && may(self.after, self.grantor, self.names, Owner::Member(owner))
    }
}

//! What must hold after every step, found out from the policies' answers about each owner and not
//! from the guards' own code.

use std::collections::BTreeSet;

use hallpass_domain::model::Model;
use hallpass_engine::{Holders, Owner, Policy};

/// Whoever is nobody's member.
const STRANGER: &str = "a stranger";

/// The top role has an active holder, and no more than it may have; there is one billing contact at
/// most.
pub(crate) fn posts(model: &Model) -> Vec<String> {
    let mut wrong = Vec::new();
    let top = model.blueprint().top_role().expect("a top role");
    let holders = model.members().filter(|one| one.role == top.key).count();
    let active = model.active_holders(&top.key).count();
    if active == 0 {
        wrong.push("nobody active holds the top role".to_owned());
    }
    if top.holders == Holders::One && holders != 1 {
        wrong.push(format!("{holders} hold the role of one"));
    }
    let contacts = model.members().filter(|one| one.is_billing_contact).count();
    if contacts > 1 {
        wrong.push(format!("{contacts} billing contacts"));
    }
    wrong
}

/// What members gain from one policy to the next that the giver does not hold in the first.
///
/// Whose records somebody gains is asked owner by owner. The giver must reach each of them. Two
/// things are given by their meaning and not by the records: one's own, by whoever reaches their
/// own; and somebody new, who owns nothing yet, by whoever reaches the new one afterwards.
pub(crate) fn undue(
    before: &Policy,
    after: &Policy,
    grantor: &str,
    newcomers: &BTreeSet<String>,
) -> Vec<String> {
    let ids = |policy: &Policy| -> BTreeSet<String> {
        policy.members().map(|member| policy.id(member).to_owned()).collect()
    };
    let everybody: BTreeSet<String> = ids(before).union(&ids(after)).cloned().collect();
    let owners: Vec<Owner<'_>> = [Owner::Any, Owner::Nobody, Owner::Member(STRANGER)]
        .into_iter()
        .chain(everybody.iter().map(|id| Owner::Member(id)))
        .collect();
    let mut wrong = Vec::new();
    for member in ids(after) {
        for cell in after.cells() {
            let names = after.keys(cell);
            let gained = owners.iter().filter(|owner| {
                may(after, &member, names, **owner) && !may(before, &member, names, **owner)
            });
            let gain = Gain { before, after, grantor, member: &member, names, newcomers };
            let undue = gained.filter(|owner| !gain.is_due(**owner));
            wrong.extend(
                undue.map(|owner| {
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

/// What one member gains on one action.
struct Gain<'g> {
    before: &'g Policy,
    after: &'g Policy,
    grantor: &'g str,
    member: &'g str,
    names: (&'g str, &'g str),
    newcomers: &'g BTreeSet<String>,
}

impl Gain<'_> {
    fn is_due(&self, owner: Owner<'_>) -> bool {
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

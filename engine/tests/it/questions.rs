//! Compares every decision of the engine about a world with the reference.

use std::collections::BTreeSet;

use hallpass_engine::Cell;
use hallpass_engine::MemberIndex;
use hallpass_engine::Owner;
use hallpass_engine::Policy;
use hallpass_engine::Target;

use crate::reference::Reach;
use crate::reference::RecordOwner;
use crate::reference::Reference;
use crate::test_size::Counts;

/// An id that no member of any world has.
pub(crate) const NON_MEMBER: &str = "non-member";

/// A cell by its keys and by its handle.
pub(crate) struct NamedCell<'r> {
    pub(crate) resource: &'r crate::model::Resource,
    pub(crate) action: &'r str,
    pub(crate) cell: Cell,
}

/// Every cell of the reference; the engine must know the same ones.
pub(crate) fn cells<'r>(policy: &Policy, reference: &'r Reference<'_>) -> Vec<NamedCell<'r>> {
    let mut found = Vec::new();
    for resource in &reference.resources {
        for action in &resource.actions {
            let cell = policy.cell(&resource.key, action);
            let cell = cell.unwrap_or_else(|| panic!("no cell {}:{action}", resource.key));
            found.push(NamedCell { resource, action, cell });
        }
    }
    let known: BTreeSet<Cell> = policy.cells().collect();
    let named: BTreeSet<Cell> = found.iter().map(|named| named.cell).collect();
    assert_eq!(known, named, "the cells of the engine differ");
    found
}

/// The handles of the people, by their index in the world.
pub(crate) fn handles(policy: &Policy, reference: &Reference<'_>) -> Vec<MemberIndex> {
    let people = reference.people().iter();
    people.map(|person| policy.member(&person.id).expect("every person is a member")).collect()
}

/// Every owner that a record can have, with the engine's target for it.
pub(crate) fn targets(handles: &[MemberIndex]) -> Vec<(RecordOwner, Target)> {
    let people = handles.iter().enumerate();
    people
        .map(|(place, handle)| (RecordOwner::Person(place), Target::OwnedBy(*handle)))
        .chain([
            (RecordOwner::Unowned, Target::Unowned),
            (RecordOwner::NonMember, Target::OwnedByNonMember),
        ])
        .collect()
}

/// A description of the first decision in which engine and reference differ.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Difference(pub(crate) String);

/// Compares the decisions for every person, cell and target.
pub(crate) fn compare_decisions(
    policy: &Policy,
    reference: &Reference<'_>,
) -> Result<Counts, Difference> {
    let mut asked = Counts::default();
    let handles = handles(policy, reference);
    let (targets, cells) = (targets(&handles), cells(policy, reference));
    for (place, me) in handles.iter().enumerate() {
        for cell in &cells {
            let reach = reference.reach(place, cell.resource, cell.action);
            for (whose, target) in &targets {
                let answer = policy.decide(*me, cell.cell, *target);
                asked.count(answer);
                if answer != reach.owners.contains(whose) {
                    return Err(difference(
                        reference,
                        place,
                        cell,
                        &format!("{whose:?}"),
                        answer,
                    ));
                }
            }
            let answer = policy.decide(*me, cell.cell, Target::Any);
            asked.count(answer);
            if answer != reach.granted {
                return Err(difference(reference, place, cell, "anything", answer));
            }
        }
    }
    Ok(asked)
}

fn difference(
    reference: &Reference<'_>,
    place: usize,
    cell: &NamedCell<'_>,
    target: &str,
    answer: bool,
) -> Difference {
    let Reach { granted, owners } = reference.reach(place, cell.resource, cell.action);
    Difference(format!(
        "may {:?} do {}:{} on {target}? The engine says {answer}; the reference says granted \
         {granted}, owners {owners:?}",
        reference.people()[place],
        cell.resource.key,
        cell.action,
    ))
}

/// Compares checks by ids with decisions by handles, for every person, cell and owner.
pub(crate) fn compare_checks(policy: &Policy, reference: &Reference<'_>) -> Counts {
    let mut asked = Counts::default();
    let handles = handles(policy, reference);
    for (person, me) in reference.people().iter().zip(&handles) {
        for NamedCell { resource, action, cell } in cells(policy, reference) {
            let owners = reference.people().iter().map(|other| Owner::Member(&other.id));
            for owner in owners.chain([Owner::Any, Owner::Unowned, Owner::Member(NON_MEMBER)]) {
                let answer = policy.decide(*me, cell, policy.target(owner));
                let by_ids = policy.check(&person.id, &resource.key, action, owner);
                asked.count(answer);
                assert_eq!(
                    by_ids,
                    Some(answer),
                    "{person:?} {} {action} {owner:?}",
                    resource.key
                );
            }
        }
    }
    asked
}

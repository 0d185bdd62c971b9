//! The grant ceiling in both directions: what it lets through gives a member nothing, now or later, that
//! the grantor does not hold, and what it refuses would give something.

use std::collections::BTreeSet;

use hallpass_engine::{Cell, Change, Member, MemberIndex, Policy, Target, Visibility};
use proptest::prelude::*;

use crate::comparisons::start;
use crate::edits::{Edit, edit};
use crate::entries::{self, Entry, entries};
use crate::model::{Model, Person, Scope, Team, VisibilityLevel, World};
use crate::render::{blueprint, compile};
use crate::rng::Rng;
use crate::test_size::{cases, property};

/// A random workspace, a change of one member's access in it, and a grantor.
struct Case {
    text: String,
    model: Model,
    world: World,
    before: Policy,
    after_world: World,
    after: Policy,
    person: Person,
    grantor: MemberIndex,
}

impl Case {
    /// None when the seed gives no valid change.
    fn new(seed: u64, grantor: usize, is_copy: bool) -> Option<Case> {
        let (text, model, world) = start(seed);
        let before = compile(&blueprint(&text), &world);
        let grantors: Vec<&Person> = world.people.iter().filter(|one| one.active).collect();
        let grantor = grantors.get(grantor % grantors.len().max(1))?;
        let mut rng = Rng::new(seed ^ 9);
        let mut edits = (0..40).map(|_| edit(&mut rng, &model, &world));
        let person = edits.find_map(|edit| {
            let Edit::PutPerson(person) = edit else { return None };
            (person.id != grantor.id).then_some(person)
        })?;
        // Who is inactive is granted nothing; the caller compares what they would hold.
        let person = Person { active: true, ..person };
        let person =
            if is_copy { Person { id: person.id, ..(*grantor).clone() } } else { person };
        let change = Edit::PutPerson(person.clone());
        let after = before.apply(&[change.as_change()]).ok()?;
        let after_world = change.of_world(&world)?;
        let grantor = before.member(&grantor.id)?;
        Some(Case { text, model, world, before, after_world, after, person, grantor })
    }

    fn excess(&self) -> Vec<(String, String)> {
        let excess = self.before.excess(self.grantor, &self.after, &self.person.id).into_iter();
        excess.map(|one| (one.resource, one.action)).collect()
    }

    /// The policies without and with the change, after the same entries.
    fn later(&self, list: &[Entry]) -> (Policy, Policy) {
        let joined = entries::joined(&self.model, &self.world, list);
        let blueprint = blueprint(&self.text);
        let at = |world: &World| {
            compile(&blueprint, &entries::after(&self.model, world, list, &joined))
        };
        (at(&self.world), at(&self.after_world))
    }

    fn grantor_id(&self) -> &str {
        self.before.id(self.grantor)
    }
}

/// What members own, or none of them, or none in particular.
fn targets(policy: &Policy) -> impl Iterator<Item = (String, Target)> {
    let owned =
        policy.members().map(|owner| (policy.id(owner).to_owned(), Target::OwnedBy(owner)));
    let others = [("unowned", Target::Unowned), ("a non-member's", Target::OwnedByNonMember)];
    owned.chain(others.map(|(name, target)| (name.to_owned(), target)))
}

/// A target of one policy in another.
fn same(policy: &Policy, target: Target, other: &Policy) -> Target {
    match target {
        Target::OwnedBy(owner) => {
            other.member(policy.id(owner)).map_or(Target::OwnedByNonMember, Target::OwnedBy)
        }
        Target::Any | Target::Unowned | Target::OwnedByNonMember => target,
    }
}

/// What a change gives a member after some entries, and the grantor does not hold: own records of the
/// member, and those of members assigned to them, are as the grantor's own and assigned ones.
fn beyond(case: &Case, list: &[Entry]) -> Vec<String> {
    let (was, is) = case.later(list);
    let member = is.member(&case.person.id).unwrap();
    let grantor = was.member(case.grantor_id()).unwrap();
    let mut found = Vec::new();
    for cell in is.cells() {
        let (resource, action) = is.keys(cell);
        let here = was.cell(resource, action).unwrap();
        let has_assigned = was.reach(grantor, here).to_string().contains("assigned");
        let had = was.member(&case.person.id);
        for (name, target) in targets(&is) {
            let earlier = same(&is, target, &was);
            let is_gain = is.decide(member, cell, target)
                && !had.is_some_and(|had| was.decide(had, here, earlier));
            let is_own = target == Target::OwnedBy(member)
                && was.decide(grantor, here, Target::OwnedBy(grantor));
            let is_held = is_own || has_assigned || was.decide(grantor, here, earlier);
            if is_gain && !is_held {
                found.push(format!("{resource}:{action} of {name}"));
            }
        }
    }
    found
}

#[test]
fn what_the_ceiling_lets_through_gives_nothing_now_or_after_later_entries() {
    let strategy = (any::<u64>(), any::<usize>(), entries());
    property(51, cases(2_000, 60_000), strategy, |(seed, grantor, list)| {
        let Some(case) = Case::new(seed, grantor, false) else { return Ok(()) };
        if case.excess().is_empty() {
            let found = beyond(&case, &list);
            prop_assert!(
                found.is_empty(),
                "{} gives {:?}: {found:?}",
                case.grantor_id(),
                case.person
            );
        }
        Ok(())
    });
}

/// Whether a grant may be limited by what one of some members reads. Such a grant could take effect
/// later, for one who reads more, and is not for the grantor to give.
fn is_limited_by_reading(
    case: &Case,
    members: &[(&Policy, &str)],
    resource: &str,
    action: &str,
) -> bool {
    let known = case.model.resources_with(&case.world.entities);
    let read = known.iter().find(|one| one.key == resource).and_then(|one| one.read.clone());
    let Some(read) = read.filter(|read| read != action && action != "create") else {
        // Which action reads resources that are added later differs by kind.
        return resource.starts_with('@');
    };
    let reads_all = |(policy, id): &(&Policy, &str)| {
        let member = policy.member(id).zip(policy.cell(resource, &read));
        member.is_some_and(|(member, cell)| policy.reach(member, cell).is_all())
    };
    !members.iter().all(reads_all)
}

#[test]
fn a_copy_of_the_access_of_the_grantor_is_let_through() {
    property(52, cases(2_000, 60_000), (any::<u64>(), any::<usize>()), |(seed, grantor)| {
        let Some(case) = Case::new(seed, grantor, true) else { return Ok(()) };
        let mut excess = case.excess();
        let grantor = [(&case.before, case.grantor_id())];
        excess.retain(|(resource, action)| {
            !is_limited_by_reading(&case, &grantor, resource, action)
        });
        prop_assert!(
            excess.is_empty(),
            "{} copies {:?}: {excess:?}",
            case.grantor_id(),
            case.person
        );
        Ok(())
    });
}

/// A workspace in which every relation to the changed member holds for some owner: members who share
/// each of their teams, their department, both, and who are assigned to them. A member without a team
/// or department gets one.
fn with_every_relation(case: &Case, world: &World) -> World {
    let mut world = entries::after(&case.model, world, &[Entry::AddsRecordType], &[]);
    let mut member = case.person.clone();
    if let Some(known) = world.people.iter().find(|one| one.id == member.id) {
        member.clone_from(known);
    }
    member.manager = None;
    if case.model.teams {
        let fresh = Team { id: "fresh".to_owned(), profile: None, ceiling: Scope::All };
        world.teams.push(fresh);
        if case.person.teams.is_empty() {
            member.teams = vec!["fresh".to_owned()];
        }
    }
    if case.model.departments {
        world.departments.push(("fresh".to_owned(), None));
        if case.person.department.is_none() {
            member.department = Some("fresh".to_owned());
        }
    }
    let teams = if case.person.teams.is_empty() { &member.teams } else { &case.person.teams };
    let department = case.person.department.clone().or_else(|| member.department.clone());
    let teams: Vec<Vec<String>> =
        teams.iter().map(|team| vec![team.clone()]).chain([Vec::new()]).collect();
    let managers = [None, Some(member.id.clone()).filter(|_| case.model.managers)];
    let is_known = world.people.iter().any(|one| one.id == member.id);
    if is_known {
        world.people.iter_mut().filter(|one| one.id == member.id).for_each(|one| {
            one.clone_from(&member);
        });
    } else {
        // Who is not there yet owns nothing, and is assigned to no member.
        let role = case.model.roles[0].key.clone();
        world.people.push(Person {
            role,
            levels: Vec::new(),
            billing: false,
            ..member.clone()
        });
    }
    for teams in &teams {
        for department in [None, department.clone()] {
            for manager in &managers {
                let id = format!("owner{}", world.people.len());
                world.people.push(Person {
                    id,
                    role: case.model.roles[0].key.clone(),
                    teams: teams.clone(),
                    department: department.clone(),
                    manager: manager.clone(),
                    levels: Vec::new(),
                    billing: false,
                    ..case.person.clone()
                });
            }
        }
    }
    world
}

/// Whether a member reaches anything in a cell after the change, once every relation holds, that the
/// grantor does not reach.
fn has_witness(case: &Case, is: &Policy, was: &Policy, resource: &str, action: &str) -> bool {
    let Some(cell) = is.cell(resource, action) else { return true };
    let member = is.member(&case.person.id).unwrap();
    let grantor = was.member(case.grantor_id()).unwrap();
    let here = was.cell(resource, action).unwrap();
    let is_beyond = |(_, target): (String, Target)| {
        let is_own = target == Target::OwnedBy(member);
        let held = if is_own { Target::OwnedBy(grantor) } else { same(is, target, was) };
        is.decide(member, cell, target) && !was.decide(grantor, here, held)
    };
    targets(is).any(is_beyond)
}

#[test]
fn what_the_ceiling_refuses_would_give_something_beyond_the_grantor() {
    property(53, cases(2_000, 60_000), (any::<u64>(), any::<usize>()), |(seed, grantor)| {
        let Some(case) = Case::new(seed, grantor, false) else { return Ok(()) };
        let excess = case.excess();
        if excess.is_empty() {
            return Ok(());
        }
        let blueprint = blueprint(&case.text);
        let was = compile(&blueprint, &with_every_relation(&case, &case.world));
        let is = compile(&blueprint, &with_every_relation(&case, &case.after_world));
        for (resource, action) in excess {
            let both = [(&was, case.grantor_id()), (&is, case.person.id.as_str())];
            let has_no_department =
                !case.model.departments && case.person.sight == VisibilityLevel::Department;
            if has_no_department || is_limited_by_reading(&case, &both, &resource, &action) {
                continue;
            }
            prop_assert!(
                has_witness(&case, &is, &was, &resource, &action),
                "{} may not give {:?} because of {resource}:{action}",
                case.grantor_id(),
                case.person
            );
        }
        Ok(())
    });
}

/// What is checked for many members at once is what is checked for each.
#[test]
fn the_excess_among_members_is_that_of_each() {
    property(54, cases(1_000, 30_000), (any::<u64>(), any::<usize>()), |(seed, grantor)| {
        let (text, model, world) = start(seed);
        let before = compile(&blueprint(&text), &world);
        let mut rng = Rng::new(seed ^ 9);
        let changes = (0..3).map(|_| edit(&mut rng, &model, &world).as_change());
        let changes: Vec<Change> = changes.collect();
        let Some(after) =
            changes.iter().find_map(|one| before.apply(std::slice::from_ref(one)).ok())
        else {
            return Ok(());
        };
        let grantors: Vec<MemberIndex> = before.members().collect();
        let grantor = grantors[grantor % grantors.len()];
        let cells: Vec<Cell> = after.grantable_cells().collect();
        let each: BTreeSet<Cell> = after
            .members()
            .flat_map(|member| before.excess(grantor, &after, after.id(member)))
            .map(|one| after.grantable_cell(&one.resource, &one.action).unwrap())
            .collect();

        let among = before.excess_among(grantor, &after, after.members(), &cells);

        prop_assert_eq!(among, each.iter().copied().collect::<Vec<_>>(), "{:?}", changes);
        let half: Vec<Cell> = cells.iter().copied().step_by(2).collect();
        let among = before.excess_among(grantor, &after, after.members(), &half);
        let expected: Vec<Cell> = each.into_iter().filter(|cell| half.contains(cell)).collect();
        prop_assert_eq!(among, expected, "some cells only");
        Ok(())
    });
}

/// What is checked for a role is what is checked for a new member who has nothing else.
#[test]
fn the_excess_of_a_role_is_that_of_a_new_member_with_it() {
    property(55, cases(1_000, 20_000), (any::<u64>(), any::<usize>()), |(seed, grantor)| {
        let (text, model, world) = start(seed);
        let before = compile(&blueprint(&text), &world);
        let grantors: Vec<MemberIndex> = before.members().collect();
        let grantor = grantors[grantor % grantors.len()];
        let custom = world.roles.iter().map(|(id, _)| id.as_str());
        for role in model.roles.iter().map(|role| role.key.as_str()).chain(custom) {
            for visibility in [Visibility::Own, Visibility::Department, Visibility::All] {
                let member = Member { visibility, ..Member::new("new", role) };
                let joined = before.apply(&[Change::PutMember(member)]);
                // Not every model has visibility.
                let Ok(after) = joined else { continue };
                let excess = before.excess(grantor, &after, "new").into_iter();
                let expected: Vec<Cell> = excess
                    .map(|one| after.grantable_cell(&one.resource, &one.action).unwrap())
                    .collect();

                let found = before.excess_of_role(grantor, role, visibility);

                prop_assert_eq!(found, expected, "{} {:?}", role, visibility);
            }
        }
        Ok(())
    });
}

#[test]
fn a_change_that_changes_nothing_is_let_through_for_every_grantor() {
    property(56, cases(1_000, 10_000), any::<u64>(), |seed| {
        let (text, _, world) = start(seed);
        let before = compile(&blueprint(&text), &world);
        for person in &world.people {
            let change = Edit::PutPerson(person.clone()).as_change();
            let after = before.apply(&[change]).unwrap();
            let cells: Vec<Cell> = after.grantable_cells().collect();
            for grantor in before.members() {
                prop_assert_eq!(before.excess(grantor, &after, &person.id), []);
                let among = before.excess_among(grantor, &after, after.members(), &cells);
                prop_assert_eq!(among, []);
                prop_assert_eq!(before.excess_of_containers(grantor, &after), []);
            }
        }
        Ok(())
    });
}

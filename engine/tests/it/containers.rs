//! What a container gives is bounded by its grantor, for all members who enter it later and all that is added.

use std::cell::Cell;

use hallpass_engine::{Filter, Owner, Policy, Target};
use proptest::prelude::*;

use crate::comparisons::start;
use crate::edits::{Edit, edit};
use crate::entries::{self, Entry, entries};
use crate::model::{Model, Person, Profile, Scope, Team, VisibilityLevel, World};
use crate::render::{blueprint, compile};
use crate::rng::Rng;
use crate::shipped::{SHIPPED, read};
use crate::test_size::{either, property};
use crate::worlds::world;

const NEWCOMER: &str = "newcomer";
const REPORT: &str = "report";
const INDIRECT_REPORT: &str = "indirect_report";

/// A random valid edit of a container, the world after it, and the teams that it concerns.
fn container_edit(
    rng: &mut Rng,
    model: &Model,
    world: &World,
    before: &Policy,
) -> Option<(Edit, World, Policy)> {
    let kind = rng.below(5);
    let is_wanted = |edit: &Edit| match kind {
        0 => matches!(edit, Edit::PutRole(_)),
        1 => matches!(edit, Edit::PutProfile(_)),
        2 => matches!(edit, Edit::PutTeam(_)),
        3 => matches!(edit, Edit::SetDepartments(_)),
        _ => matches!(edit, Edit::SetSwitch(..)),
    };
    let tries: Vec<Edit> = (0..100).map(|_| edit(rng, model, world)).collect();
    let edits = tries.into_iter().filter(is_wanted);
    edits.into_iter().find_map(|edit| {
        let after = before.apply(&[edit.as_change()]).ok()?;
        let later = edit.of_world(world)?;
        Some((edit, later, after))
    })
}

/// The world as it may become: everybody is active, a record type is added, each profile has a team,
/// and a newcomer has joined, to whom a member is assigned, and another one to that member.
fn later(model: &Model, world: &World, entered: &Entered, newcomer: Option<&Person>) -> World {
    let mut world = entries::after(model, world, &entered.entries, &entered.people);
    world.people.extend(newcomer.cloned());
    if let Some(newcomer) = newcomer.filter(|_| model.managers) {
        for (id, manager) in [(REPORT, NEWCOMER), (INDIRECT_REPORT, REPORT)] {
            world.people.push(Person {
                id: id.to_owned(),
                teams: Vec::new(),
                department: None,
                manager: Some(manager.to_owned()),
                ..newcomer.clone()
            });
        }
    }
    world.teams.extend(world.profiles.iter().map(|profile| Team {
        id: team_of(profile),
        profile: Some(profile.id.clone()),
        ceiling: Scope::All,
    }));
    world
}

/// What happened between the edit and the entry of the newcomer.
struct Entered {
    entries: Vec<Entry>,
    people: Vec<Person>,
}

impl Entered {
    /// The departments that an edit moves have no other members: who enters one is checked then.
    fn new(model: &Model, world: &World, edit: &Edit, mut entries: Vec<Entry>) -> Entered {
        entries.push(Entry::AddsRecordType);
        let mut people = entries::joined(model, world, &entries);
        for person in &mut people {
            if matches!(edit, Edit::SetDepartments(_)) {
                person.department = None;
            }
        }
        Entered { entries, people }
    }
}

fn team_of(profile: &Profile) -> String {
    format!("team of {}", profile.id)
}

/// The newcomers whom an edit could let in: with each role, where the grantor is. A team or profile
/// is entered through its teams, a department through any.
fn newcomers(model: &Model, world: &World, edit: &Edit, grantor: &Person) -> Vec<Person> {
    let mut teams = grantor.teams.clone();
    let concerned = world.teams.iter().filter(|team| {
        let is_changed = matches!(edit, Edit::PutTeam(changed) if team.id == changed.id);
        let profile = team.profile.as_ref();
        is_changed || matches!(edit, Edit::PutProfile(changed) if profile == Some(&changed.id))
    });
    teams.extend(concerned.map(|team| team.id.clone()));
    if let Edit::PutProfile(profile) = edit {
        teams.push(team_of(profile));
    }
    teams.sort_unstable();
    teams.dedup();
    let departments: Vec<Option<String>> = if let Edit::SetDepartments(all) = edit
        && model.departments
    {
        all.iter().map(|(id, _)| Some(id.clone())).collect()
    } else {
        vec![grantor.department.clone()]
    };
    let built_in = model.roles.iter().map(|role| role.key.clone());
    let roles = built_in.chain(world.roles.iter().map(|(id, _)| id.clone()));
    let newcomer = |role: &str, department: &Option<String>| Person {
        id: NEWCOMER.to_owned(),
        role: role.to_owned(),
        active: true,
        teams: teams.clone(),
        department: department.clone(),
        manager: None,
        sight: VisibilityLevel::Own,
        levels: Vec::new(),
        billing: false,
    };
    roles
        .flat_map(|role| departments.iter().map(move |one| (role.clone(), one)))
        .map(|(role, department)| newcomer(&role, department))
        .collect()
}

/// The records that a newcomer reaches only after an edit and that the grantor does not reach.
fn beyond(
    before: &Policy,
    after: &Policy,
    edit: &Edit,
    grantor: &str,
) -> Vec<(String, String, String)> {
    let newcomer = after.member(NEWCOMER).expect("a newcomer has joined");
    let grantor = before.member(grantor).expect("the grantor was a member");
    let mut found = Vec::new();
    for cell in after.cells() {
        let (resource, action) = after.keys(cell);
        let here = before.cell(resource, action).expect("the same record types");
        // Another grantor let them do it with what they read: the gain is to read, in another cell.
        let may_widen_links = matches!(edit, Edit::SetDepartments(_) | Edit::SetSwitch(..));
        let known = before.member(NEWCOMER);
        let is_same = known
            .is_some_and(|known| before.sources(known, here) == after.sources(newcomer, cell));
        if is_same && !may_widen_links {
            continue;
        }
        let is_gain = |target: Target, was: Target| {
            let had = before
                .member(NEWCOMER)
                .is_some_and(|newcomer| before.decide(newcomer, here, was));
            after.decide(newcomer, cell, target) && !had
        };
        let mut check = |what: &str, target: Target, was: Target, is_held: bool| {
            let is_beyond = is_gain(target, was) && !is_held;
            if is_beyond {
                found.push((resource.to_owned(), action.to_owned(), what.to_owned()));
            }
        };
        let holds = |target: Target| before.decide(grantor, here, target);
        for owner in after.members().map(|owner| after.id(owner)) {
            let target = after.target(Owner::Member(owner));
            let was = before.target(Owner::Member(owner));
            // What belongs to the newcomer and to their reports is as the grantor's own, and as that
            // of the grantor's reports.
            let own = owner == NEWCOMER && holds(Target::OwnedBy(grantor));
            let assigned =
                owner == REPORT && before.reach(grantor, here).to_string().contains("assigned");
            check(owner, target, was, own || assigned || holds(was));
        }
        check("unowned", Target::Unowned, Target::Unowned, holds(Target::Unowned));
        check("any", Target::Any, Target::Any, holds(Target::Any));
    }
    found
}

/// The worlds before and after an edit as they may become with a newcomer. Before a role is added
/// no member has it.
fn worlds_with(
    model: &Model,
    (text, world, after): (&str, &World, &World),
    entered: &Entered,
    newcomer: &Person,
) -> (Policy, Policy) {
    let blueprint = blueprint(text);
    let knows_role = model.roles.iter().any(|role| role.key == newcomer.role)
        || world.roles.iter().any(|(id, _)| *id == newcomer.role);
    let in_known_teams = Person {
        teams: newcomer
            .teams
            .iter()
            .filter(|id| {
                let has_profile = world.profiles.iter().any(|profile| team_of(profile) == **id);
                has_profile || world.teams.iter().any(|team| team.id == **id)
            })
            .cloned()
            .collect(),
        department: newcomer
            .department
            .clone()
            .filter(|id| world.departments.iter().any(|(known, _)| known == id)),
        ..newcomer.clone()
    };
    let known = Some(&in_known_teams).filter(|_| knows_role);
    let before = later(model, world, entered, known);
    let then = later(model, after, entered, Some(newcomer));
    (compile(&blueprint, &before), compile(&blueprint, &then))
}

#[test]
fn a_container_gives_nobody_more_than_its_grantor_holds() {
    let (let_through, stopped) = (Cell::new(0_u64), Cell::new(0_u64));
    let strategy = (any::<u64>(), any::<usize>(), any::<usize>(), entries());
    property(31, either(1_000, 40_000), strategy, |(seed, grantor, newcomer, list)| {
        let (text, model, world) = start(seed);
        let before = compile(&blueprint(&text), &world);
        let mut rng = Rng::new(seed ^ 9);
        let Some((edit, after_world, after)) =
            container_edit(&mut rng, &model, &world, &before)
        else {
            return Ok(());
        };
        let grantors: Vec<&Person> = world.people.iter().filter(|one| one.active).collect();
        let Some(grantor) = grantors.get(grantor % grantors.len().max(1)) else {
            return Ok(());
        };
        let index = before.member(&grantor.id).unwrap();
        if !before.excess_of_containers(index, &after).is_empty() {
            stopped.set(stopped.get() + 1);
            return Ok(());
        }
        let_through.set(let_through.get() + 1);
        let newcomers = newcomers(&model, &after_world, &edit, grantor);
        let Some(newcomer) = newcomers.get(newcomer % newcomers.len().max(1)) else {
            return Ok(());
        };
        let entered = Entered::new(&model, &world, &edit, list);
        let worlds = (text.as_str(), &world, &after_world);
        let (was, then) = worlds_with(&model, worlds, &entered, newcomer);
        let found = beyond(&was, &then, &edit, &grantor.id);
        prop_assert!(
            found.is_empty(),
            "{} gives {newcomer:?} by {edit:?}: {found:?}",
            grantor.id
        );
        Ok(())
    });
    println!("containers: {} let through, {} stopped", let_through.get(), stopped.get());
    assert!(let_through.get() > 100 && stopped.get() > 100, "both must happen");
}

/// The cells that represent record types added later, with what holds them, are in no list.
#[test]
fn nothing_but_the_ceiling_shows_resources_added_later() {
    for (name, text) in SHIPPED {
        let (model, templates) = read(text);
        let world = world(&mut Rng::new(5), &model, &templates, 5);
        let policy = compile(&blueprint(text), &world);
        let shown = |cell: hallpass_engine::Cell| policy.keys(cell).0.starts_with('@');

        assert!(policy.grantable_cells().any(shown), "{name}");
        assert!(!policy.cells().any(shown), "{name}");
        assert!(policy.resources().iter().all(|known| !known.key.starts_with('@')), "{name}");
        for cell in policy.grantable_cells().filter(|cell| shown(*cell)) {
            let (resource, action) = policy.keys(cell);
            assert_eq!(policy.cell(resource, action), None, "{name}: {resource}:{action}");
        }
        let filters = policy.members().map(|member| {
            let cells =
                policy.cells().filter(|cell| policy.filter(member, *cell) != Filter::Nothing);
            cells.count()
        });
        assert!(filters.max() > Some(0), "{name}: the world grants something");
    }
}

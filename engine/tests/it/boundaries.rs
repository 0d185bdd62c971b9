//! A boundary takes away exactly what it does not cover, from one member, by every question.

use std::sync::Arc;

use hallpass_engine::{
    Boundary, Cell, Deciding, Describe, Filter, Ids, Limit, MemberIndex, Policy, Step, Target,
};

use crate::differential::random;
use crate::model::{Model, World};
use crate::questions::{cells, handles, targets};
use crate::reference::Reference;
use crate::render::{blueprint, blueprint_text, compile};
use crate::rng::Rng;
use crate::shipped::{SHIPPED, read};
use crate::test_size::{cases, first_seed};
use crate::worlds::world;

/// Some entries that fit the resources of a policy.
fn boundary(policy: &Policy, rng: &mut Rng) -> Boundary {
    let fixed = ["*:read", "@records:*", "@records:read:own", "@settings:read", "*:*"];
    let mut entries: Vec<String> = Vec::new();
    for _ in 0..=rng.below(4) {
        if rng.below(3) == 0 {
            entries.push((*rng.pick(&fixed)).to_owned());
            continue;
        }
        let resource = rng.pick(policy.resources());
        let action = rng.pick(&resource.actions);
        let own = if resource.scoped && rng.below(2) == 0 { ":own" } else { "" };
        entries.push(format!("{}:{}{own}", resource.key, action.key));
    }
    let boundary = Boundary::parse(entries.iter().map(String::as_str)).unwrap();
    assert_eq!(boundary.entries().collect::<Vec<_>>(), entries);
    boundary
}

/// What the bounded member may do: what they may do without it, as far as each limit goes.
fn expected(
    (policy, boundary): (&Policy, &Boundary),
    me: MemberIndex,
    cell: Cell,
    target: Target,
) -> bool {
    let (resource, action) = policy.keys(cell);
    let resource = policy.resources().iter().find(|known| known.key == resource).unwrap();
    let read = resource.read.filter(|_| {
        let index = resource.actions.iter().position(|known| known.key == action);
        index.is_some_and(|index| resource.is_bounded(index))
    });
    let read = read.map(|read| resource.actions[read].key.as_str());
    let is_own = target == Target::Any || target == Target::OwnedBy(me);
    let covers = |action: &str| match boundary.limit(resource, action) {
        Limit::All => true,
        // Grants that reach only others are no grants on own records.
        Limit::Own => {
            is_own
                && policy.decide(
                    me,
                    policy.cell(&resource.key, action).unwrap(),
                    Target::OwnedBy(me),
                )
        }
        Limit::Nothing => false,
    };
    policy.decide(me, cell, target) && covers(action) && read.is_none_or(covers)
}

#[test]
fn every_question_is_limited_by_the_boundary_and_nothing_else() {
    let mut seed = first_seed(31);
    let (mut asked, mut taken) = (0_u64, 0_u64);
    while asked < cases(400_000, 4_000_000) {
        let turn = usize::try_from(seed % 14).unwrap();
        let (text, model, world): (String, Model, World) =
            if let Some((_, text)) = SHIPPED.get(turn) {
                let (model, templates) = read(text);
                let world = world(&mut Rng::new(seed), &model, &templates, 7);
                ((*text).to_owned(), model, world)
            } else {
                let (model, world) = random(seed);
                (blueprint_text(&model), model, world)
            };
        let policy = compile(&blueprint(&text), &world);
        let reference = Reference::new(&model, &world);
        let mut rng = Rng::new(seed);
        seed += 1;
        let handles = handles(&policy, &reference);
        if handles.is_empty() || policy.resources().iter().any(|known| known.actions.is_empty())
        {
            continue;
        }
        let boundary = boundary(&policy, &mut rng);
        if !boundary.check(policy.resources()).is_empty() {
            continue;
        }
        let me = *rng.pick(&handles);
        let bounded = policy.bounded(me, &Arc::new(boundary.clone()));
        let targets = targets(&handles);
        for cell in cells(&policy, &reference) {
            let cell = cell.cell;
            let filter = bounded.filter(me, cell);
            for (_, target) in &targets {
                let about = || format!("{boundary} {:?} {target:?}", policy.keys(cell));
                let wanted = expected((&policy, &boundary), me, cell, *target);
                asked += 1;
                taken += u64::from(policy.decide(me, cell, *target) && !wanted);
                assert_eq!(bounded.decide(me, cell, *target), wanted, "{}", about());
                assert_eq!(filter.admits(*target), wanted, "{}", about());
                assert_eq!(
                    bounded.who(cell, *target).any(|who| who == me),
                    wanted,
                    "{}",
                    about()
                );
                check_explanation(&bounded, &policy, (me, cell, *target), wanted);
                for other in handles.iter().filter(|other| **other != me) {
                    let (with, without) = (
                        bounded.decide(*other, cell, *target),
                        policy.decide(*other, cell, *target),
                    );
                    assert_eq!(with, without, "{}", about());
                }
            }
            let any = bounded.decide(me, cell, Target::Any);
            assert_eq!(bounded.reach(me, cell).is_empty(), !any);
            assert_eq!(filter == Filter::Nothing, !any);
            assert!(!bounded.reaches_all(me, cell) || filter == Filter::All);
        }
        assert_eq!(bounded.unbounded().compare(&policy), []);
    }
    assert!(taken > asked / 50, "{taken} of {asked} questions were decided by a boundary");
}

fn check_explanation(
    bounded: &Policy,
    policy: &Policy,
    (me, cell, target): (MemberIndex, Cell, Target),
    wanted: bool,
) {
    let why = bounded.explain(me, cell, target);
    let is_taken = !wanted && policy.decide(me, cell, target);
    assert_eq!(why.allowed, wanted, "{why:#?}");
    assert_eq!(why.rule.deciding == Deciding::Boundary, is_taken, "{why:#?}");
    if is_taken {
        let summary = Describe::new(bounded, &Ids).summary(&why);
        assert!(summary.contains("the scopes of this API key do not include"), "{summary}");
        assert!(why.steps.iter().any(|step| matches!(step, Step::OutOfBounds(_))));
        assert!(why.would_need.is_empty(), "{why:#?}");
    }
}

#[test]
fn a_resource_that_is_added_later_is_held_by_wildcards_alone() {
    let policy = |entities: &[&str]| {
        let blueprint = blueprint(SHIPPED.iter().find(|one| one.0 == "standard").unwrap().1);
        let member = hallpass_engine::Member::new("anna", "owner");
        let entities = entities.iter().map(|key| (*key).to_owned()).collect();
        let workspace = hallpass_engine::Workspace {
            entities,
            members: vec![member],
            ..Default::default()
        };
        Policy::compile(&blueprint, &workspace).unwrap()
    };
    let (before, after) = (policy(&[]), policy(&["boats"]));
    let every = before.resources().iter().map(|known| format!("{}:read", known.key));
    let every: Vec<String> = every
        .filter(|entry| {
            Boundary::parse([entry.as_str()]).unwrap().check(before.resources()).is_empty()
        })
        .collect();
    let named = Boundary::parse(every.iter().map(String::as_str)).unwrap();
    let wildcard = Boundary::parse(["*:read"]).unwrap();
    let anna = after.member("anna").unwrap();
    let boats = after.cell("boats", "read").unwrap();

    assert!(after.decide(anna, boats, Target::Any));
    assert!(!after.bounded(anna, &Arc::new(named)).decide(anna, boats, Target::Any));
    assert!(after.bounded(anna, &Arc::new(wildcard)).decide(anna, boats, Target::Any));
}

/// `*:read` is for reading alone: in no shipped model does an action `read` open anything else.
#[test]
fn in_no_shipped_model_does_reading_open_another_verb() {
    for (name, text) in SHIPPED {
        let blueprint = blueprint(text);
        for area in hallpass_engine::AREAS {
            for verb in area.verbs.iter().filter(|verb| **verb != "read") {
                let opening = blueprint.area(area.name, verb);
                assert!(
                    opening.is_none_or(|(_, action)| action != "read"),
                    "{name}: {} {verb} is opened by {opening:?}",
                    area.name
                );
            }
        }
    }
}

#[test]
fn what_is_wrong_with_a_boundary_is_said_with_its_place() {
    let wrong = |entries: &[&str]| match Boundary::parse(entries.iter().copied()) {
        Err(errors) => errors,
        Ok(boundary) => boundary.check(hallpass_engine::doc::policy().unwrap().resources()),
    };
    let said = |entries: &[&str]| {
        let errors = wrong(entries).into_iter();
        errors.map(|(place, error)| format!("{place}: {error}")).collect::<Vec<_>>()
    };

    assert_eq!(
        said(&["contacts:read", "contacts"]),
        ["1: `contacts` is no scope of an API key; write `resource:action`, such as \
          `contacts:read`, `contacts:update:own` or `*:read`"]
    );
    assert_eq!(
        said(&["contacts:read:team"]),
        ["0: the scope `team` cannot limit an API key; use `own`, or leave it out"]
    );
    assert_eq!(
        said(&["contact:read"]),
        ["0: unknown resource `contact`; did you mean `contacts`?"]
    );
    assert_eq!(
        said(&["contacts:red"]),
        ["0: unknown action `red` of `contacts`; did you mean `read`?"]
    );
    assert_eq!(said(&["*:read:own"]).len(), 1);
    assert_eq!(said(&["*:read", "contacts:read,update:own"]), [""; 0]);
}

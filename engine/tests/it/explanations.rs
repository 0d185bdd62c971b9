//! An explanation is the decision: the same answer, with steps and needs that are true of it.

use hallpass_engine::Describe;
use hallpass_engine::Ids;
use hallpass_engine::Policy;
use hallpass_engine::Relations;
use hallpass_engine::Step;
use hallpass_engine::Target;
use hallpass_engine::Visibility;

use crate::differential::random;
use crate::questions::cells;
use crate::questions::handles;
use crate::questions::targets;
use crate::reference::Reference;
use crate::render::blueprint;
use crate::render::blueprint_text;
use crate::render::compile;
use crate::rng::Rng;
use crate::shipped::SHIPPED;
use crate::shipped::read;
use crate::test_size::Asked;
use crate::test_size::Tally;
use crate::test_size::either;
use crate::test_size::first_seed;
use crate::worlds::world;

#[test]
fn an_explanation_is_the_decision_and_its_steps_add_up() {
    let mut seed = first_seed(23);
    let mut tally = Tally::new("explain", seed);
    while tally.questions < either(500_000, 5_000_000) {
        let turn = usize::try_from(seed % 12).unwrap();
        let (text, model, world) = if let Some((_, text)) = SHIPPED.get(turn) {
            let (model, templates) = read(text);
            let world = world(&mut Rng::new(seed), &model, &templates, 6);
            ((*text).to_owned(), model, world)
        } else {
            let (model, world) = random(seed);
            (blueprint_text(&model), model, world)
        };
        let policy = compile(&blueprint(&text), &world);
        tally.add(check(&policy, &Reference::new(&model, &world)));
        tally.worlds += 1;
        seed += 1;
    }
    tally.tell();
}

fn check(policy: &Policy, reference: &Reference<'_>) -> Asked {
    let mut asked = Asked::default();
    let handles = handles(policy, reference);
    let speaker = Describe::new(policy, &Ids);
    for me in &handles {
        for cell in cells(policy, reference) {
            let about = targets(&handles).into_iter().map(|(_, target)| target);
            for target in about.chain([Target::Any]) {
                let why = policy.explain(*me, cell.cell, target);

                let told = || format!("{}: {why:#?}", speaker.summary(&why));
                asked.count(why.allowed);
                assert_eq!(why.allowed, policy.decide(*me, cell.cell, target), "{}", told());
                assert_eq!(why.allowed, adds_up(&why.steps), "{}", told());
                let is_denied_somebody_active = !why.allowed && policy.is_active(*me);
                assert_eq!(is_denied_somebody_active, !why.would_need.is_empty(), "{}", told());
                for step in &why.steps {
                    assert!(!speaker.step(&why, step).is_empty(), "{}", told());
                }
            }
            check_access(policy, *me, cell.cell);
        }
    }
    asked
}

/// Whether the steps say yes: the member is active, and under each cell that is looked at some way
/// reaches the target.
fn adds_up(steps: &[Step<'_>]) -> bool {
    let mut answer = true;
    let mut reached = true;
    for step in steps {
        match step {
            Step::Status { is_active } => answer &= is_active,
            Step::Requested(_) | Step::ReadRequired(_) => {
                answer &= reached;
                reached = false;
            }
            Step::Tried { admits, .. } => reached |= admits,
            Step::Granted(_) | Step::NotGranted(_) => {}
        }
    }
    answer && reached
}

/// What is said of a member's access is what is decided: the reach, and the grounds it rests on.
fn check_access(
    policy: &Policy,
    me: hallpass_engine::MemberIndex,
    cell: hallpass_engine::Cell,
) {
    let any = policy.decide(me, cell, Target::Any);
    let reach = policy.reach(me, cell);

    assert_eq!(reach.is_empty(), !any, "{reach}");
    assert_eq!(
        reach.is_all(),
        any && policy.decide(me, cell, Target::OwnedByNonMember),
        "{reach}"
    );
    let listed = policy.access(me).into_iter().find(|right| right.cell == cell);
    assert_eq!(listed.is_some(), any);
    if let Some(right) = listed {
        assert_eq!(right.reach, reach);
        assert!(!right.sources.is_empty(), "a right without a ground");
    }
    for grant_source in policy.sources(me, cell) {
        assert!(
            !Relations::of(grant_source.scopes, Visibility::Own).is_empty(),
            "a ground without a scope"
        );
    }
}

#[test]
fn what_would_be_needed_would_do() {
    let text = SHIPPED.iter().find(|(id, _)| *id == "team-management").unwrap().1;
    let (model, templates) = read(text);
    let world = world(&mut Rng::new(5), &model, &templates, 12);
    let policy = compile(&blueprint(text), &world);
    let reference = Reference::new(&model, &world);
    let mut seen = 0;
    for me in handles(&policy, &reference) {
        for (_, target) in targets(&handles(&policy, &reference)) {
            let cell = policy.cell("deals", "update").unwrap();

            let why = policy.explain(me, cell, target);

            for (needed, scope) in &why.would_need {
                let is_own = target == Target::OwnedBy(me);
                assert!(*scope != hallpass_engine::Scope::Own || is_own, "{why:#?}");
                assert!(*needed == cell || policy.keys(*needed) == ("deals", "read"));
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "{seen}");
}

//! A policy that was changed step by step decides as one that is compiled from the result, and
//! earlier policies keep their decisions.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use hallpass_engine::Blueprint;
use hallpass_engine::Change;
use hallpass_engine::CustomRole;
use hallpass_engine::Member;
use hallpass_engine::MemberIndex;
use hallpass_engine::Owner;
use hallpass_engine::Policy;
use hallpass_engine::Target;
use hallpass_engine::Workspace;

use crate::edits::Edit;
use crate::edits::edit;
use crate::model::Model;
use crate::model::World;
use crate::models::model;
use crate::questions::NON_MEMBER;
use crate::questions::compare_decisions;
use crate::reference::Reference;
use crate::render::blueprint;
use crate::render::blueprint_text;
use crate::render::compile;
use crate::render::workspace;
use crate::rng::Rng;
use crate::shipped::SHIPPED;
use crate::shipped::read;
use crate::test_size::Counts;
use crate::test_size::Totals;
use crate::test_size::cases;
use crate::test_size::first_seed;
use crate::worlds::world;

/// Every decision of a policy about these people, by their ids.
fn answers(policy: &Policy, people: &BTreeSet<String>) -> Vec<bool> {
    let owners: Vec<Target> = people
        .iter()
        .map(|id| Owner::Member(id))
        .chain([Owner::Any, Owner::Unowned, Owner::Member(NON_MEMBER)])
        .map(|owner| policy.target(owner))
        .collect();
    let mut answers = Vec::new();
    for me in people.iter().map(|id| policy.member(id)) {
        let Some(me) = me else {
            answers.push(false);
            continue;
        };
        answers.push(policy.is_active(me));
        for cell in policy.cells() {
            answers.extend(owners.iter().map(|target| policy.decide(me, cell, *target)));
        }
    }
    answers
}

/// The state of a sequence of edits.
struct Run {
    seed: u64,
    model: Model,
    blueprint: Arc<Blueprint>,
    world: World,
    policy: Policy,
    /// Everyone who has ever been a member.
    people: BTreeSet<String>,
    handles: BTreeMap<String, MemberIndex>,
    /// The handles of removed members.
    removed: Vec<MemberIndex>,
    /// Earlier policies, each with the people and its decisions about them.
    before: Vec<(Policy, BTreeSet<String>, Vec<bool>)>,
    log: Vec<String>,
    rejected: u64,
}

impl Run {
    fn new(seed: u64, text: &str, model: Model, world: World) -> Run {
        let blueprint = blueprint(text);
        let policy = compile(&blueprint, &world);
        let mut run = Run {
            seed,
            model,
            blueprint,
            policy,
            people: world.people.iter().map(|person| person.id.clone()).collect(),
            world,
            handles: BTreeMap::new(),
            removed: Vec::new(),
            before: Vec::new(),
            log: Vec::new(),
            rejected: 0,
        };
        run.check_handles();
        run
    }

    fn fail(&self, problem: &str) -> ! {
        let Run { seed, log, world, .. } = self;
        panic!("seed {seed}: {problem}\n\nafter {}\n\n{world:#?}", log.join("\n"));
    }

    /// Applies some edits at once: all of them or none.
    fn step(&mut self, edits: &[Edit]) -> Counts {
        let changes: Vec<Change> = edits.iter().map(Edit::as_change).collect();
        self.log.push(format!("{edits:?}"));
        let wanted = self.world_after(edits);
        let people = self.people.clone();
        let before = answers(&self.policy, &people);
        let asked = match (self.policy.apply(&changes), wanted) {
            (Ok(policy), Some(world)) => {
                let old = std::mem::replace(&mut self.policy, policy);
                self.before.push((old, people, before));
                self.world = world;
                for edit in edits {
                    if let Edit::RemovePerson(id) = edit {
                        self.removed.extend(self.handles.remove(id));
                    }
                }
                self.check_handles();
                self.compare()
            }
            (Err(mistakes), None) => {
                self.rejected += 1;
                if mistakes.0.is_empty() || mistakes.to_string().trim().is_empty() {
                    self.fail("rejected without a mistake");
                }
                if before != answers(&self.policy, &people) {
                    self.fail("rejected, but changed");
                }
                Counts::default()
            }
            (Ok(_), None) => self.fail("applied, but the result does not compile"),
            (Err(mistakes), Some(_)) => self.fail(&format!("rejected: {mistakes}")),
        };
        self.check_earlier_policies();
        asked
    }

    /// The world after the edits; `None` when one of them is invalid: it removes what does not exist,
    /// or the world after it does not compile.
    fn world_after(&self, edits: &[Edit]) -> Option<World> {
        let mut world = self.world.clone();
        for edit in edits {
            world = edit.of_world(&world)?;
            Policy::compile(&self.blueprint, &workspace(&world)).ok()?;
        }
        Some(world)
    }

    /// Checks that handles are stable, and that those of removed members are not reused.
    fn check_handles(&mut self) {
        let there: BTreeSet<String> =
            self.world.people.iter().map(|person| person.id.clone()).collect();
        if self.people.iter().any(|id| self.policy.member(id).is_some() != there.contains(id)) {
            self.fail("a removed member is found, or a member is not");
        }
        for id in &there {
            let Some(now) = self.policy.member(id) else {
                self.fail("a new member is not found")
            };
            let handle = *self.handles.entry(id.clone()).or_insert(now);
            if handle != now || self.removed.contains(&now) {
                self.fail("a handle has changed or was reused");
            }
            if self.policy.id(handle) != id {
                self.fail("a handle has another id");
            }
        }
        let listed: Vec<MemberIndex> = self.policy.members().collect();
        let known: BTreeSet<MemberIndex> = self.handles.values().copied().collect();
        if listed != known.into_iter().collect::<Vec<_>>() {
            self.fail("the list of members differs");
        }
        self.people.extend(there);
    }

    fn compare(&self) -> Counts {
        let fresh = compile(&self.blueprint, &self.world);
        let (changed, compiled) =
            (answers(&self.policy, &self.people), answers(&fresh, &self.people));
        if changed != compiled {
            self.fail("decides differently from a policy compiled from the result");
        }
        let reference = Reference::new(&self.model, &self.world);
        let mut asked = match compare_decisions(&self.policy, &reference) {
            Ok(asked) => asked,
            Err(found) => self.fail(&found.0),
        };
        for answer in changed {
            asked.count(answer);
        }
        self.check_removed(&mut asked);
        asked
    }

    /// Checks that removed members may do nothing, and own records as non-members.
    fn check_removed(&self, asked: &mut Counts) {
        for cell in self.policy.cells() {
            for gone in &self.removed {
                let may = self.policy.decide(*gone, cell, Target::Any);
                asked.count(may);
                if may {
                    self.fail("a removed member may do something");
                }
                for me in self.handles.values() {
                    let theirs = self.policy.decide(*me, cell, Target::OwnedBy(*gone));
                    asked.count(theirs);
                    if theirs != self.policy.decide(*me, cell, Target::OwnedByNonMember) {
                        self.fail("a handle of a removed member is not a non-member's");
                    }
                    if theirs != self.policy.filter(*me, cell).admits(Target::OwnedBy(*gone)) {
                        self.fail("lists and decisions differ about a removed member");
                    }
                }
            }
        }
    }

    fn check_earlier_policies(&mut self) {
        let keep = self.before.len().saturating_sub(4);
        self.before.drain(..keep);
        for (policy, people, answered) in &self.before {
            if answers(policy, people) != *answered {
                self.fail("a policy from before answers otherwise");
            }
        }
    }
}

fn run(
    name: &'static str,
    of_test: u64,
    worlds: u64,
    start: fn(u64) -> (String, Model, World),
) {
    let mut seed = first_seed(of_test);
    let mut totals = Totals::new(name, seed);
    let (mut steps, mut refused) = (0_u64, 0);
    while totals.worlds < worlds {
        let (text, model, world) = start(seed);
        let mut run = Run::new(seed, &text, model, world);
        let mut rng = Rng::new(seed ^ 1);
        for _ in 0..25 {
            let count = if rng.percent(80) { 1 } else { rng.between(2, 4) };
            let mut edits = Vec::new();
            let mut between = run.world.clone();
            for _ in 0..count {
                let next = edit(&mut rng, &run.model, &between);
                between = next.of_world(&between).unwrap_or(between);
                edits.push(next);
            }
            totals.add(run.step(&edits));
            steps += 1;
        }
        refused += run.rejected;
        totals.worlds += 1;
        seed += 1;
    }
    println!("{name}: {steps} steps, {refused} refused");
    totals.print();
}

#[test]
fn a_changed_policy_equals_a_compiled_one() {
    run("changes, random blueprints", 9, cases(200, 4_000), |seed| {
        let mut rng = Rng::new(seed);
        let model = model(&mut rng);
        let people = rng.between(1, 6);
        let world = world(&mut rng, &model, &[], people);
        (blueprint_text(&model), model, world)
    });
}

#[test]
fn a_changed_policy_of_a_shipped_blueprint_equals_a_compiled_one() {
    run("changes, shipped blueprints", 10, cases(60, 1_000), |seed| {
        let mut rng = Rng::new(seed);
        let (_, text) = SHIPPED[usize::try_from(seed % 6).unwrap()];
        let (model, templates) = read(text);
        let world = world(&mut rng, &model, &templates, 4);
        (text.to_owned(), model, world)
    });
}

#[test]
fn a_changed_policy_of_many_members_equals_a_compiled_one() {
    let mut seed = first_seed(11);
    let mut totals = Totals::new("changes, many people", seed);
    while totals.worlds < cases(4, 20) {
        let mut rng = Rng::new(seed);
        let model = model(&mut rng);
        let world = world(&mut rng, &model, &[], 150);
        let mut run = Run::new(seed, &blueprint_text(&model), model, world);
        for _ in 0..12 {
            let next = edit(&mut rng, &run.model, &run.world);
            totals.add(run.step(&[next]));
        }
        totals.worlds += 1;
        seed += 1;
    }
    totals.print();
}

#[test]
fn a_role_of_an_inactive_member_cannot_be_removed() {
    let text = "[blueprint]\nid = \"a\"\nname = \"A\"\n[records.contacts]\n\
                [roles.owner]\nrank = 2\ntop = true\n[custom_roles]\nrank = 1\n";
    let anna = Member { is_active: false, ..Member::new("anna", "seller") };
    let role = CustomRole { id: "seller".to_owned(), grants: Vec::new() };
    let workspace =
        Workspace { roles: vec![role], members: vec![anna], ..Workspace::default() };
    let policy = Policy::compile(&blueprint(text), &workspace).unwrap();

    let removed = policy.apply(&[Change::RemoveRole("seller".to_owned())]);

    // Without it the workspace would not compile, nor Anna be reactivated.
    assert!(
        removed.is_err_and(|mistakes| mistakes
            .to_string()
            .contains("still have the role `seller`"))
    );
}

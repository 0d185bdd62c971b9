//! A policy that was changed step by step answers as one that is compiled anew, and those from
//! before answer as before.

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
use crate::questions::STRANGER;
use crate::questions::compare_decisions;
use crate::reference::Reference;
use crate::render::blueprint;
use crate::render::blueprint_text;
use crate::render::compile;
use crate::render::workspace;
use crate::rng::Rng;
use crate::shipped::SHIPPED;
use crate::shipped::read;
use crate::test_size::Asked;
use crate::test_size::Tally;
use crate::test_size::either;
use crate::test_size::first_seed;
use crate::worlds::world;

/// Every answer of a policy about these people, by their ids.
fn answers(policy: &Policy, people: &BTreeSet<String>) -> Vec<bool> {
    let owners: Vec<Target> = people
        .iter()
        .map(|id| Owner::Member(id))
        .chain([Owner::Any, Owner::Nobody, Owner::Member(STRANGER)])
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

/// What one sequence of edits is checked on.
struct Course {
    seed: u64,
    model: Model,
    blueprint: Arc<Blueprint>,
    world: World,
    policy: Policy,
    /// Everybody who was ever there.
    people: BTreeSet<String>,
    handles: BTreeMap<String, MemberIndex>,
    /// Handles of those who were removed.
    gone: Vec<MemberIndex>,
    /// Policies from before, with what they answered about whom.
    before: Vec<(Policy, BTreeSet<String>, Vec<bool>)>,
    log: Vec<String>,
    refused: u64,
}

impl Course {
    fn new(seed: u64, text: &str, model: Model, world: World) -> Course {
        let blueprint = blueprint(text);
        let policy = compile(&blueprint, &world);
        let mut course = Course {
            seed,
            model,
            blueprint,
            policy,
            people: world.people.iter().map(|person| person.id.clone()).collect(),
            world,
            handles: BTreeMap::new(),
            gone: Vec::new(),
            before: Vec::new(),
            log: Vec::new(),
            refused: 0,
        };
        course.meet_people();
        course
    }

    fn fail(&self, wrong: &str) -> ! {
        let Course { seed, log, world, .. } = self;
        panic!("seed {seed}: {wrong}\n\nafter {}\n\n{world:#?}", log.join("\n"));
    }

    /// Makes a step of some edits; all of them are made, or none.
    fn step(&mut self, edits: &[Edit]) -> Asked {
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
                        self.gone.extend(self.handles.remove(id));
                    }
                }
                self.meet_people();
                self.compare()
            }
            (Err(mistakes), None) => {
                self.refused += 1;
                if mistakes.0.is_empty() || mistakes.to_string().trim().is_empty() {
                    self.fail("refused without a word");
                }
                if before != answers(&self.policy, &people) {
                    self.fail("refused, and changed all the same");
                }
                Asked::default()
            }
            (Ok(_), None) => self.fail("made, but the world after it cannot stand"),
            (Err(mistakes), Some(_)) => self.fail(&format!("refused: {mistakes}")),
        };
        self.compare_those_before();
        asked
    }

    /// The world after the edits; none when one of them cannot be made, because what it removes is
    /// not there or the world after it does not compile.
    fn world_after(&self, edits: &[Edit]) -> Option<World> {
        let mut world = self.world.clone();
        for edit in edits {
            world = edit.of_world(&world)?;
            Policy::compile(&self.blueprint, &workspace(&world)).ok()?;
        }
        Some(world)
    }

    /// Handles stay what they were; those of people who left stand for nobody.
    fn meet_people(&mut self) {
        let there: BTreeSet<String> =
            self.world.people.iter().map(|person| person.id.clone()).collect();
        if self.people.iter().any(|id| self.policy.member(id).is_some() != there.contains(id)) {
            self.fail("removed, but found, or there, and not found");
        }
        for id in &there {
            let Some(now) = self.policy.member(id) else { self.fail("new, but not found") };
            let handle = *self.handles.entry(id.clone()).or_insert(now);
            if handle != now || self.gone.contains(&now) {
                self.fail("another handle, or one of somebody who left");
            }
            if self.policy.id(handle) != id {
                self.fail("another id");
            }
        }
        let listed: Vec<MemberIndex> = self.policy.members().collect();
        let known: BTreeSet<MemberIndex> = self.handles.values().copied().collect();
        if listed != known.into_iter().collect::<Vec<_>>() {
            self.fail("the list of members is another");
        }
        self.people.extend(there);
    }

    fn compare(&self) -> Asked {
        let anew = compile(&self.blueprint, &self.world);
        let (changed, compiled) =
            (answers(&self.policy, &self.people), answers(&anew, &self.people));
        if changed != compiled {
            self.fail("answers otherwise than one that is compiled anew");
        }
        let reference = Reference::new(&self.model, &self.world);
        let mut asked = match compare_decisions(&self.policy, &reference) {
            Ok(asked) => asked,
            Err(found) => self.fail(&found.0),
        };
        for answer in changed {
            asked.count(answer);
        }
        self.compare_those_who_left(&mut asked);
        asked
    }

    /// Somebody who left may nothing, and owns as a stranger does.
    fn compare_those_who_left(&self, asked: &mut Asked) {
        for cell in self.policy.cells() {
            for gone in &self.gone {
                let may = self.policy.decide(*gone, cell, Target::Any);
                asked.count(may);
                if may {
                    self.fail("somebody who left may do something");
                }
                for me in self.handles.values() {
                    let theirs = self.policy.decide(*me, cell, Target::OwnedBy(*gone));
                    asked.count(theirs);
                    if theirs != self.policy.decide(*me, cell, Target::OwnedByNonMember) {
                        self.fail("a handle of somebody who left is no stranger's");
                    }
                    if theirs != self.policy.filter(*me, cell).admits(Target::OwnedBy(*gone)) {
                        self.fail("lists and decisions differ about somebody who left");
                    }
                }
            }
        }
    }

    fn compare_those_before(&mut self) {
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
    let mut tally = Tally::new(name, seed);
    let (mut steps, mut refused) = (0_u64, 0);
    while tally.worlds < worlds {
        let (text, model, world) = start(seed);
        let mut course = Course::new(seed, &text, model, world);
        let mut rng = Rng::new(seed ^ 1);
        for _ in 0..25 {
            let count = if rng.percent(80) { 1 } else { rng.between(2, 4) };
            let mut edits = Vec::new();
            let mut between = course.world.clone();
            for _ in 0..count {
                let next = edit(&mut rng, &course.model, &between);
                between = next.of_world(&between).unwrap_or(between);
                edits.push(next);
            }
            tally.add(course.step(&edits));
            steps += 1;
        }
        refused += course.refused;
        tally.worlds += 1;
        seed += 1;
    }
    println!("{name}: {steps} steps, {refused} refused");
    tally.tell();
}

#[test]
fn a_changed_policy_answers_as_one_compiled_anew() {
    run("changes, random blueprints", 9, either(200, 4_000), |seed| {
        let mut rng = Rng::new(seed);
        let model = model(&mut rng);
        let people = rng.between(1, 6);
        let world = world(&mut rng, &model, &[], people);
        (blueprint_text(&model), model, world)
    });
}

#[test]
fn a_changed_policy_of_a_shipped_blueprint_answers_as_one_compiled_anew() {
    run("changes, shipped blueprints", 10, either(60, 1_000), |seed| {
        let mut rng = Rng::new(seed);
        let (_, text) = SHIPPED[usize::try_from(seed % 6).unwrap()];
        let (model, templates) = read(text);
        let world = world(&mut rng, &model, &templates, 4);
        (text.to_owned(), model, world)
    });
}

#[test]
fn a_changed_policy_of_many_people_answers_as_one_compiled_anew() {
    let mut seed = first_seed(11);
    let mut tally = Tally::new("changes, many people", seed);
    while tally.worlds < either(4, 20) {
        let mut rng = Rng::new(seed);
        let model = model(&mut rng);
        let world = world(&mut rng, &model, &[], 150);
        let mut course = Course::new(seed, &blueprint_text(&model), model, world);
        for _ in 0..12 {
            let next = edit(&mut rng, &course.model, &course.world);
            tally.add(course.step(&[next]));
        }
        tally.worlds += 1;
        seed += 1;
    }
    tally.tell();
}

#[test]
fn a_role_that_an_inactive_member_has_stays() {
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
        removed.is_err_and(|told| told.to_string().contains("still have the role `seller`"))
    );
}

//! The engine decides as the reference does, in random worlds of random and of shipped blueprints.

use crate::model::Model;
use crate::model::World;
use crate::models::model;
use crate::questions::compare_decisions;
use crate::questions::compare_words;
use crate::reference::Reference;
use crate::render::blueprint;
use crate::render::blueprint_text;
use crate::render::compile;
use crate::rng::Rng;
use crate::shipped::SHIPPED;
use crate::shipped::read;
use crate::test_size::Tally;
use crate::test_size::either;
use crate::test_size::first_seed;
use crate::worlds::world;

/// A random blueprint and a random world of it, from one seed.
pub(crate) fn random(seed: u64) -> (Model, World) {
    let mut rng = Rng::new(seed);
    let model = model(&mut rng);
    let people = match rng.below(100) {
        0 if rng.percent(20) => rng.between(130, 280),
        0..8 => rng.between(15, 40),
        _ => rng.between(1, 12),
    };
    let world = world(&mut rng, &model, &[], people);
    (model, world)
}

fn compare(seed: u64, text: &str, model: &Model, world: &World, tally: &mut Tally) {
    let policy = compile(&blueprint(text), world);
    match compare_decisions(&policy, &Reference::new(model, world)) {
        Ok(asked) => tally.add(asked),
        Err(found) => panic!("seed {seed}: {}\n\n{text}\n\n{world:#?}", found.0),
    }
    tally.worlds += 1;
}

#[test]
fn every_decision_in_random_worlds_of_random_blueprints_is_the_references() {
    let (questions, worlds) = (either(3_000_000, 90_000_000), either(3_000, 50_000));
    let mut seed = first_seed(1);
    let mut tally = Tally::new("decide, random blueprints", seed);

    while tally.questions < questions || tally.worlds < worlds {
        let (model, world) = random(seed);
        compare(seed, &blueprint_text(&model), &model, &world, &mut tally);
        seed += 1;
    }

    tally.tell();
}

#[test]
fn every_decision_in_random_worlds_of_the_shipped_blueprints_is_the_references() {
    let wanted = either(3_000_000, 60_000_000);
    let mut seed = first_seed(2);
    let mut tally = Tally::new("decide, shipped blueprints", seed);

    while tally.questions < wanted {
        for (_, text) in SHIPPED {
            let (model, templates) = read(text);
            let mut rng = Rng::new(seed);
            let people = rng.between(2, 16);
            let world = world(&mut rng, &model, &templates, people);
            compare(seed, text, &model, &world, &mut tally);
            seed += 1;
        }
    }

    tally.tell();
}

#[test]
fn a_model_reads_the_same_from_its_text() {
    for seed in first_seed(3)..first_seed(3) + 500 {
        let (model, _) = random(seed);

        let (mut read, _) = read(&blueprint_text(&model));

        // The text sorts resources into kinds where it is read back.
        let mut resources = model.resources.clone();
        resources.sort_by(|one, other| one.key.cmp(&other.key));
        read.resources.sort_by(|one, other| one.key.cmp(&other.key));
        assert_eq!(read, Model { resources, ..model }, "seed {seed}");
    }
}

#[test]
fn a_check_in_words_is_the_decision_through_handles() {
    let wanted = either(1_000_000, 10_000_000);
    let mut seed = first_seed(4);
    let mut tally = Tally::new("check in words", seed);

    while tally.questions < wanted {
        let (model, world) = random(seed);
        let policy = compile(&blueprint(&blueprint_text(&model)), &world);
        tally.add(compare_words(&policy, &Reference::new(&model, &world)));
        tally.worlds += 1;
        seed += 1;
    }

    tally.tell();
}

#[test]
fn what_nobody_declared_has_no_answer() {
    use hallpass_engine::Owner;
    let (model, world) = random(first_seed(5));
    let policy = compile(&blueprint(&blueprint_text(&model)), &world);
    let (person, resource) = (&world.people[0].id, &model.resources[0]);

    let known = policy.check(person, &resource.key, &resource.actions[0], Owner::Any);
    let unknown = [
        policy.check("", &resource.key, &resource.actions[0], Owner::Any),
        policy.check("Person0", &resource.key, &resource.actions[0], Owner::Any),
        policy.check(person, "", &resource.actions[0], Owner::Any),
        policy.check(person, "*", &resource.actions[0], Owner::Any),
        policy.check(person, "@records", &resource.actions[0], Owner::Any),
        policy.check(person, &resource.key, "", Owner::Any),
        policy.check(person, &resource.key, "*", Owner::Any),
        policy.check(person, &resource.key, "fly", Owner::Any),
    ];

    assert!(known.is_some());
    assert_eq!(unknown, [None; 8]);
}

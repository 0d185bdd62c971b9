//! Compares the engine with the reference in random worlds of random and shipped blueprints.

use crate::model::Model;
use crate::model::World;
use crate::models::model;
use crate::questions::compare_checks;
use crate::questions::compare_decisions;
use crate::reference::Reference;
use crate::render::blueprint;
use crate::render::blueprint_text;
use crate::render::compile;
use crate::rng::Rng;
use crate::shipped::SHIPPED;
use crate::shipped::read;
use crate::test_size::Totals;
use crate::test_size::cases;
use crate::test_size::first_seed;
use crate::worlds::world;

/// A random model and a random world for it, from a seed.
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

fn compare(seed: u64, text: &str, model: &Model, world: &World, totals: &mut Totals) {
    let policy = compile(&blueprint(text), world);
    match compare_decisions(&policy, &Reference::new(model, world)) {
        Ok(asked) => totals.add(asked),
        Err(found) => panic!("seed {seed}: {}\n\n{text}\n\n{world:#?}", found.0),
    }
    totals.worlds += 1;
}

#[test]
fn decisions_for_random_blueprints_equal_the_reference() {
    let (questions, worlds) = (cases(3_000_000, 90_000_000), cases(3_000, 50_000));
    let mut seed = first_seed(1);
    let mut totals = Totals::new("decide, random blueprints", seed);

    while totals.questions < questions || totals.worlds < worlds {
        let (model, world) = random(seed);
        compare(seed, &blueprint_text(&model), &model, &world, &mut totals);
        seed += 1;
    }

    totals.print();
}

#[test]
fn decisions_for_shipped_blueprints_equal_the_reference() {
    let wanted = cases(3_000_000, 60_000_000);
    let mut seed = first_seed(2);
    let mut totals = Totals::new("decide, shipped blueprints", seed);

    while totals.questions < wanted {
        for (_, text) in SHIPPED {
            let (model, templates) = read(text);
            let mut rng = Rng::new(seed);
            let people = rng.between(2, 16);
            let world = world(&mut rng, &model, &templates, people);
            compare(seed, text, &model, &world, &mut totals);
            seed += 1;
        }
    }

    totals.print();
}

#[test]
fn a_model_survives_being_written_and_read() {
    for seed in first_seed(3)..first_seed(3) + 500 {
        let (model, _) = random(seed);

        let (mut read, _) = read(&blueprint_text(&model));

        // Reading groups the resources by kind.
        let mut resources = model.resources.clone();
        resources.sort_by(|one, other| one.key.cmp(&other.key));
        read.resources.sort_by(|one, other| one.key.cmp(&other.key));
        assert_eq!(read, Model { resources, ..model }, "seed {seed}");
    }
}

#[test]
fn a_check_by_ids_equals_the_decision_by_handles() {
    let wanted = cases(1_000_000, 10_000_000);
    let mut seed = first_seed(4);
    let mut totals = Totals::new("check by ids", seed);

    while totals.questions < wanted {
        let (model, world) = random(seed);
        let policy = compile(&blueprint(&blueprint_text(&model)), &world);
        totals.add(compare_checks(&policy, &Reference::new(&model, &world)));
        totals.worlds += 1;
        seed += 1;
    }

    totals.print();
}

#[test]
fn unknown_ids_and_keys_have_no_answer() {
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

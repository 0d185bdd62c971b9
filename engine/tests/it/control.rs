//! Checks the comparison itself: it must detect every flaw in the reference.

use crate::differential::random;
use crate::questions::compare_decisions;
use crate::reference::FLAWS;
use crate::reference::Flaw;
use crate::reference::Reference;
use crate::render::blueprint;
use crate::render::blueprint_text;
use crate::render::compile;
use crate::test_size::first_seed;

const WORLDS: u64 = 2_000;

/// The number of worlds until the comparison detects a flaw.
fn worlds_until_detected(flaw: Flaw) -> Option<u64> {
    let first = first_seed(6);
    let differs = |seed: u64| {
        let (model, world) = random(seed);
        let policy = compile(&blueprint(&blueprint_text(&model)), &world);
        compare_decisions(&policy, &Reference::with_flaw(&model, &world, flaw)).is_err()
    };
    (first..first + WORLDS).position(differs).map(|found| u64::try_from(found).unwrap() + 1)
}

#[test]
fn every_flaw_in_the_reference_is_detected() {
    let found = FLAWS.map(|flaw| (flaw, worlds_until_detected(flaw)));

    for (flaw, worlds) in found {
        println!("{flaw:?}: detected after {worlds:?} worlds");
    }
    let missed: Vec<_> = found.iter().filter(|(_, worlds)| worlds.is_none()).collect();
    assert!(missed.is_empty(), "not detected: {missed:?}");
}

//! Tests that run in random workspaces of every blueprint.

use std::collections::BTreeMap;

use hallpass_testkit::test_size::first_seed;

/// Runs something in some workspaces, each from a seed, and prints what it counted.
pub(crate) async fn run_many(
    blueprint: &str,
    worlds: usize,
    of_test: u64,
    run: impl AsyncFn(&str, u64, &mut BTreeMap<String, usize>),
) {
    let first = first_seed(of_test);
    let mut counts = BTreeMap::new();
    for seed in first..first + worlds as u64 {
        run(blueprint, seed, &mut counts).await;
    }
    let steps: usize = counts.values().sum();
    println!("{blueprint}: {steps} steps in {worlds} workspaces, seed {first}");
    for (kind, n) in counts {
        println!("{n:>7} {kind}");
    }
}

/// Makes a test of each blueprint, with the number of workspaces and what runs in one.
macro_rules! in_random_worlds {
    ($worlds:expr, $run:path; $($name:ident: $id:literal, $of_test:literal;)*) => {$(
        #[tokio::test]
        async fn $name() {
            $crate::worlds::run_many($id, $worlds, $of_test, $run).await;
        }
    )*};
}

pub(crate) use in_random_worlds;

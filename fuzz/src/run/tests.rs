//! Tests of when a run ends and what fails it.

use std::time::Duration;

use super::{Limit, check, run};
use crate::targets::Target;

const HOLDS: Target = Target { name: "holds", run: |_| {}, corpus: &[], words: &[] };

const BREAKS: Target = Target {
    name: "breaks",
    run: |data| assert!(!data.contains(&b'!'), "an exclamation mark"),
    corpus: &[],
    words: &["!"],
};

#[test]
fn a_run_ends_at_its_limit() {
    let corpus = [b"text".to_vec()];

    assert_eq!(run(&HOLDS, &corpus, 1, Limit::Iterations(10)), Ok(10));
    assert!(run(&HOLDS, &corpus, 1, Limit::Time(Duration::from_millis(5))).unwrap() > 0);
}

#[test]
fn a_panic_fails_the_run_and_the_input_repeats_it() {
    let failure = run(&BREAKS, &[b"text".to_vec()], 1, Limit::Iterations(1_000)).unwrap_err();

    assert!(failure.input.contains(&b'!'));
    assert_eq!(check(&BREAKS, &failure.input), Err("it panics".to_owned()));
    assert_eq!(check(&BREAKS, b"text"), Ok(()));
}

//! Tests of how inputs are derived.

use std::collections::HashSet;

use super::{LONGEST, Mutator};

fn inputs(seed: u64, corpus: &[&[u8]], count: usize) -> Vec<Vec<u8>> {
    let mut mutator = Mutator::new(corpus.to_vec(), &["word"], seed);
    (0..count).map(|_| mutator.next_input()).collect()
}

#[test]
fn equal_seeds_give_equal_inputs() {
    let corpus: &[&[u8]] = &[b"first", b"second"];

    assert_eq!(inputs(1, corpus, 100), inputs(1, corpus, 100));
    assert_ne!(inputs(1, corpus, 100), inputs(2, corpus, 100));
}

#[test]
fn inputs_differ_and_contain_words_of_the_format() {
    let inputs = inputs(1, &[b"first"], 1_000);

    let different: HashSet<&Vec<u8>> = inputs.iter().collect();
    assert!(different.len() > 600, "{}", different.len());
    assert!(inputs.iter().any(|input| input.windows(4).any(|part| part == b"word")));
}

#[test]
fn inputs_have_a_bounded_length() {
    let long = vec![b'a'; 2 * LONGEST];

    assert!(inputs(1, &[&long], 200).iter().all(|input| input.len() <= LONGEST));
}

#[test]
fn an_empty_corpus_gives_inputs() {
    assert!(inputs(1, &[], 100).iter().any(|input| !input.is_empty()));
}

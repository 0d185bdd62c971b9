//! Every target holds for its corpus and for a few inputs derived from it.

use super::TARGETS;
use crate::corpus;
use crate::mutation::Mutator;

#[test]
fn every_target_holds_for_its_corpus() {
    for target in TARGETS {
        let corpus = corpus::read(target).unwrap();
        assert!(corpus.len() >= 2, "{} has no corpus", target.name);
        for bytes in corpus {
            (target.run)(&bytes);
        }
    }
}

#[test]
fn every_target_holds_for_some_mutations() {
    for target in TARGETS {
        let corpus = corpus::read(target).unwrap();
        let bytes = corpus.iter().map(Vec::as_slice).collect();
        let mut mutator = Mutator::new(bytes, target.words, 1);
        for _ in 0..500 {
            (target.run)(&mutator.next_input());
        }
    }
}

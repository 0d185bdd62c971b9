//! Every peer gives the expected answers on the workloads that are small enough to read.

use std::path::Path;

use hallpass_peers::{load_questions, peers};

#[test]
fn every_peer_agrees_on_hari() {
    check("hari-small");
}

#[test]
fn every_peer_agrees_on_the_ladder() {
    check("ladder-small");
}

fn check(workload: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../workloads").join(workload);
    let questions = load_questions(&folder).unwrap();

    for mut peer in peers(&folder).unwrap() {
        peer.prepare(&questions).unwrap();

        for (index, question) in questions.iter().enumerate() {
            assert_eq!(peer.decide(index), question.expect, "{} on {question:?}", peer.name());
        }
    }
}

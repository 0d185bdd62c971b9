//! Every peer gives the expected answers on the small workloads.

use std::path::Path;

use hallpass_peers::{load_questions, peers};

#[test]
fn every_peer_answers_the_hari_workload() -> Result<(), String> {
    check("hari-small")
}

#[test]
fn every_peer_answers_the_ladder_workload() -> Result<(), String> {
    check("ladder-small")
}

fn check(workload: &str) -> Result<(), String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../workloads").join(workload);
    let questions = load_questions(&folder)?;

    for mut peer in peers(&folder)? {
        peer.prepare(&questions)?;

        for (index, question) in questions.iter().enumerate() {
            assert_eq!(peer.decide(index), question.expect, "{} on {question:?}", peer.name());
        }
    }
    Ok(())
}

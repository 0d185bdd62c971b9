//! Exports end where nothing reads them, and hold a bounded amount of memory.

use serde_json::{Value, json};
use tokio::sync::mpsc::channel;

use super::{Lines, PIECE, PIECES_AHEAD, READY};

#[tokio::test]
async fn lines_of_any_length_arrive_in_pieces_of_a_bounded_size() {
    let (sink, mut taken) = channel(PIECES_AHEAD);
    let long = json!({"text": "ä".repeat(READY)});
    let lines = [json!({"n": 1}), long, json!({"n": 2})];
    let sent = lines.clone();
    let sending = tokio::spawn(async move {
        let mut ready = Lines::to(&sink);
        for line in &sent {
            ready.add(line).unwrap();
        }
        assert!(ready.are_enough());
        ready.send().await.unwrap();
        assert!(!ready.are_enough());
    });
    let mut text = Vec::new();
    while let Some(piece) = taken.recv().await {
        assert!(piece.len() <= PIECE);
        text.extend(piece);
    }
    sending.await.unwrap();
    let arrived = String::from_utf8(text).unwrap();
    let arrived: Vec<Value> =
        arrived.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(arrived, lines);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_nothing_ends_the_export() {
    let (sink, _taken) = channel(1);
    let mut lines = Lines::to(&sink);
    for n in 0..3 {
        lines.add(&json!({"n": n, "text": "x".repeat(PIECE)})).unwrap();
    }
    let ended = lines.send().await.unwrap_err();
    assert!(format!("{ended:?}").contains("stopped reading"), "{ended:?}");
}

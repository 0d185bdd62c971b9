//! Work that lasts, and what goes on beside it.

use std::sync::mpsc::{Receiver, Sender, channel};

use tokio::task::JoinSet;
use uuid::Uuid;

use super::*;

const LONG: Duration = Duration::from_secs(20);

fn workspace(number: u128) -> WorkspaceId {
    WorkspaceId(Uuid::from_u128(number))
}

/// Work that lasts until something is sent; it tells when it begins.
fn lasting() -> (impl FnOnce() -> bool, Receiver<()>, Sender<()>) {
    let (begins, begun) = channel();
    let (end, ended) = channel();
    let work = move || {
        begins.send(()).unwrap();
        ended.recv_timeout(LONG).is_ok()
    };
    (work, begun, end)
}

/// The only thread that serves does the work, and another task ends it.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn other_tasks_go_on_beside_work_that_lasts() {
    let (work, _begun, end) = lasting();
    let working =
        tokio::spawn(
            async move { Computations::default().run(workspace(1), work).await.unwrap() },
        );

    let ending = tokio::spawn(async move { end.send(()).unwrap() });

    assert!(working.await.unwrap());
    ending.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_work_of_a_workspace_is_bounded() {
    let computations = Arc::new(Computations::default());
    let (work, begun, end) = lasting();
    let working = tokio::spawn({
        let computations = Arc::clone(&computations);
        async move { computations.run(workspace(1), work).await.unwrap() }
    });
    tokio::task::spawn_blocking(move || begun.recv_timeout(LONG).unwrap()).await.unwrap();
    let mut others = JoinSet::new();
    for _ in 0..3 {
        let computations = Arc::clone(&computations);
        others.spawn(async move { computations.run(workspace(1), || ()).await });
    }

    // One waits. The others are refused at once, although one may wait for seconds.
    for _ in 0..2 {
        let refused = others.join_next().await.unwrap().unwrap();
        let is_busy = matches!(refused, Err(Error::Refused(Refusal::Busy { .. })));
        assert!(is_busy, "{refused:?}");
    }
    end.send(()).unwrap();
    assert!(working.await.unwrap());
    assert!(others.join_next().await.unwrap().unwrap().is_ok());
    assert!(computations.run(workspace(1), || ()).await.is_ok());
}

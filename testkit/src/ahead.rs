//! What is to be done before a workspace is locked.

use std::time::Duration;

use hallpass_app::App;
use hallpass_domain::id::WorkspaceId;

/// How long an act has to compile while it cannot lock the workspace.
const LIMIT: Duration = Duration::from_secs(4);

/// Does something that compiles one model, and returns its result, while something else holds the workspace until it
/// has compiled: an act that compiles only when it has the workspace fails.
pub async fn compiles_before_it_locks<T>(
    app: &App,
    workspace: WorkspaceId,
    act: impl Future<Output = T>,
) -> T {
    let compilations = || app.snapshot_usage().compilations;
    let before = compilations();
    let writer = app.db().write_in(workspace.0).await.expect("a transaction");
    let writer = writer.expect("the workspace");

    let released = async {
        while compilations() == before {
            tokio::task::yield_now().await;
        }
        drop(writer);
    };
    let released = tokio::time::timeout(LIMIT, released);
    let (done, released) = tokio::join!(act, released);

    assert!(released.is_ok(), "it compiles only when it has the workspace");
    assert_eq!(compilations(), before + 1);
    done
}

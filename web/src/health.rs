//! Health: whether the process runs, and whether it can serve requests.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use hallpass_app::readiness::NotReady;

use crate::error::Problem;
use crate::routes::Routes;
use crate::state::Web;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/healthz", || async { "ok" }).get("/readyz", check_ready)
}

/// Checks that the database answers and takes a write.
async fn check_ready(State(web): State<Web>) -> Response {
    let (code, detail) = match web.app.is_ready().await {
        Ok(()) => return "ready".into_response(),
        Err(NotReady::NoAnswer) => ("not_ready", "the database does not respond"),
        Err(NotReady::Full) => {
            ("storage_full", "the storage is full: reading works, changes are refused")
        }
        Err(NotReady::Failing) => {
            ("storage_failing", "the storage is failing: reading works, changes are refused")
        }
    };
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, code, detail).into_response()
}

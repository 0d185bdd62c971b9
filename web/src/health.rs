//! Health: whether the process runs, and whether it can serve requests.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::error::Problem;
use crate::routes::Routes;
use crate::state::Web;

pub(crate) fn routes() -> Routes {
    Routes::default().get("/healthz", || async { "ok" }).get("/readyz", check_ready)
}

/// Checks that the database answers.
async fn check_ready(State(web): State<Web>) -> Response {
    match web.app.is_ready().await {
        Ok(()) => "ready".into_response(),
        Err(error) => {
            tracing::warn!(error.message = %error, "not ready: {error}");
            let detail = "the database does not respond";
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", detail).into_response()
        }
    }
}

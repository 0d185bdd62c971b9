//! For how long the session of an open page lasts: the page asks, and is cleared once it has ended.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Json};
use hallpass_web::Web;
use hallpass_web::extract::{Client, session_token};
use serde_json::json;

use crate::reply::Shown;
use crate::viewer::Reader;

/// Says for how many seconds; 0 for a session that has ended, or that is not good for the workspace.
pub(super) async fn lasts(
    State(web): State<Web>,
    Client(origin): Client,
    reader: Reader,
    headers: HeaderMap,
) -> Shown {
    let workspace = reader.query.filled("workspace");
    let seconds = match session_token(&web, &headers) {
        Some(token) => {
            let request = web.app.request_id();
            let asked = (&origin, request.as_str());
            web.app.sessions().lasts(&token, workspace, asked).await?.whole_seconds()
        }
        None => 0,
    };
    Ok(Json(json!({ "seconds": seconds })).into_response())
}

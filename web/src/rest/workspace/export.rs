//! A workspace as a file: everything in it, a JSON object a line.

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use futures_util::stream::unfold;
use hallpass_app::Error;
use hallpass_app::export::PIECES_AHEAD;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::JoinHandle;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Problem;
use crate::extract::{Path, SignedIn};
use crate::jsonl;
use crate::state::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(export))
}

/// Export a workspace
///
/// Exports everything in the workspace as JSON Lines: one object per line, secrets left out. It is
/// read in parts, and the permission is checked again for each of them. The last line has the kind `end` and the
/// number of lines before it. The operator can import the file.
/// Requires `workspace: export`.
#[utoipa::path(get, path = "/api/v1/workspaces/{ws}/export", tag = "Workspaces",
    responses((status = 200, body = String, content_type = "application/jsonl", description = "One JSON object per line."),
        (status = 403, description = "`denied`, or `not_self_serve`: only the operator exports workspaces here.")))]
async fn export(
    State(web): State<Web>,
    SignedIn(principal): SignedIn,
    Path(ws): Path<String>,
) -> Result<Response, Problem> {
    let place = web.app.exports().begin(&principal, &ws).await?;
    let (lines, taken) = channel(PIECES_AHEAD);
    let writing =
        tokio::spawn(
            async move { web.app.exports().run(&principal, &ws, (&lines, place)).await },
        );
    // Compression polls a stream once more after its end.
    let body = unfold(Some((taken, writing)), next).fuse();
    Ok((jsonl::headers("workspace"), Body::from_stream(body)).into_response())
}

type Writing = (Receiver<Vec<u8>>, JoinHandle<Result<(), Error>>);

/// The next piece. The answer has begun when the export fails: then it breaks off.
async fn next(writing: Option<Writing>) -> Option<(std::io::Result<Vec<u8>>, Option<Writing>)> {
    let (mut pieces, writing) = writing?;
    if let Some(piece) = pieces.recv().await {
        return Some((Ok(piece), Some((pieces, writing))));
    }
    match writing.await {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some((Err(std::io::Error::other(error.to_string())), None)),
        Err(error) => Some((Err(std::io::Error::other(error)), None)),
    }
}

#[cfg(test)]
mod tests;

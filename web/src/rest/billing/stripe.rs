//! Stripe's messages over HTTP. They come without a session: the signature says whose they are.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use hallpass_app::billing::stripe::WebhookOutcome;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::error::Problem;
use crate::extract::{Raw, RequestId};
use crate::state::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(hear))
}

/// What became of a message.
#[derive(Serialize, ToSchema)]
struct StripeEventResponse {
    /// `done`, `again` when it had been taken before, or `ignored`.
    heard: &'static str,
}

/// Hear Stripe. Each event is acted on once; one about nothing that is kept here is ignored.
#[utoipa::path(post, path = "/api/v1/billing/stripe", tag = "Billing", security(()), request_body = serde_json::Value,
    params(("Stripe-Signature" = String, Header, description = "`t=…,v1=…`")),
    responses((status = 200, body = StripeEventResponse), (status = 202, body = StripeEventResponse),
        (status = 403, body = Problem), (status = 404, body = Problem)))]
async fn hear(
    State(web): State<Web>,
    RequestId(request): RequestId,
    headers: HeaderMap,
    Raw(body): Raw,
) -> Result<Response, Problem> {
    let signature = headers.get("stripe-signature").and_then(|value| value.to_str().ok());
    let heard =
        web.app.billing().receive(signature.unwrap_or_default(), &body, &request).await?;
    let (status, heard) = match heard {
        WebhookOutcome::Processed => (StatusCode::OK, "done"),
        WebhookOutcome::Duplicate => (StatusCode::OK, "again"),
        WebhookOutcome::Ignored => (StatusCode::ACCEPTED, "ignored"),
    };
    Ok((status, Json(StripeEventResponse { heard })).into_response())
}

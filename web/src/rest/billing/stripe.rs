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
use crate::openapi::{object, scalar};
use crate::state::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(receive))
}

/// What became of an event.
#[derive(Serialize, ToSchema)]
struct StripeEventResponse {
    /// `done` when it was processed, `again` when it had been before, `ignored` when it
    /// concerns nothing here.
    #[schema(value_type = scalar::StripeOutcome)]
    heard: &'static str,
}

/// Receive a Stripe event
///
/// The endpoint for webhooks of Stripe. It answers 404 unless `stripe_secret` is configured.
/// `Stripe-Signature` must contain an HMAC-SHA256 (`v1`) of the timestamp and the body with
/// that secret, not older than five minutes. Each event id is processed once.
///
/// The workspace is taken from `metadata.workspace` of the event's object (its id, `wsp_…`; for
/// invoices also `subscription_details.metadata.workspace` or
/// `parent.subscription_details.metadata.workspace`), or else from a `customer` that an earlier
/// event belonged to. Set this metadata on the subscription in Stripe. The plan is named by its
/// key in `metadata.plan` of the subscription, or in `metadata.plan` or `lookup_key` of its
/// price.
///
/// Events that are understood: `invoice.created`, `invoice.finalized`, `invoice.updated`,
/// `invoice.sent`, `invoice.voided`, `invoice.marked_uncollectible`, `invoice.upcoming`,
/// `invoice.will_be_due`, `invoice.overdue`, `invoice.paid`, `invoice.payment_succeeded`,
/// `invoice.payment_failed`, `customer.source.created`, `customer.source.updated`,
/// `customer.source.expiring`, `customer.source.deleted`, `payment_method.attached`,
/// `payment_method.updated`, `payment_method.automatically_updated`,
/// `payment_method.card_automatically_updated`, `payment_method.detached` (cards only), and
/// `customer.subscription.created`, `updated`, `deleted`, `paused` and `resumed`. Other events,
/// and those of unknown workspaces, are ignored.
#[utoipa::path(post, path = "/api/v1/billing/stripe", tag = "Billing", security(()), request_body = object::StripeEvent, params(("Stripe-Signature" = String, Header, max_length = 1_000,
        description = "`t=…,v1=…`: the time of the signature and the signature.")),
    responses((status = 200, body = StripeEventResponse, description = "The event was processed now (`done`) or before (`again`)."),
        (status = 202, body = StripeEventResponse, description = "The event concerns nothing in this server (`ignored`)."),
        (status = 403, description = "`bad_signature`: the signature does not match, or is older than five minutes."),
        (status = 404, description = "No Stripe secret is configured."),
        (status = 422, description = "`no_event`: the body is not an event of Stripe.")))]
async fn receive(
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

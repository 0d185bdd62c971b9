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
    /// `done` when it was processed, `again` when it had been before, `held` when it waits for
    /// its workspace, `ignored` when it concerns nothing here.
    #[schema(value_type = scalar::StripeOutcome)]
    heard: &'static str,
}

/// Receive a Stripe event
///
/// The endpoint for webhooks of Stripe. It answers 404 unless `stripe_secret` is configured.
/// `Stripe-Signature` must contain an HMAC-SHA256 (`v1`) of the timestamp and the body with
/// that secret, not older than five minutes. Each event id is processed once.
///
/// The workspace is that of the event's customer. A customer gets it once: by
/// `checkout.session.completed` whose `client_reference_id` or `metadata.workspace` is the id of
/// the workspace (`wsp_…`), or by the operator (`hallpass workspace customer`). Metadata of other
/// objects names no workspace. Events of a customer without a workspace, and of a workspace that is
/// deleted and can be restored, are held for 31 days and processed once there is one. The plan is
/// named by its key in `metadata.plan` of the subscription, or in `metadata.plan` or `lookup_key`
/// of its price; it rises when the subscription is `active` or `trialing`.
///
/// Events that are understood: `checkout.session.completed`, `invoice.created`,
/// `invoice.finalized`, `invoice.finalization_failed`, `invoice.updated`, `invoice.sent`,
/// `invoice.voided`, `invoice.marked_uncollectible`, `invoice.upcoming`, `invoice.will_be_due`,
/// `invoice.overdue`, `invoice.paid`, `invoice.payment_succeeded`, `invoice.payment_failed`,
/// `invoice.payment_action_required`, `charge.succeeded`, `charge.dispute.created`,
/// `customer.source.created`, `customer.source.updated`, `customer.source.expiring`,
/// `customer.source.deleted`, `payment_method.attached`, `payment_method.updated`,
/// `payment_method.automatically_updated`, `payment_method.card_automatically_updated`,
/// `payment_method.detached` (cards only), and `customer.subscription.created`, `updated`,
/// `deleted`, `paused`, `resumed` and `trial_will_end`. Other events are ignored. A dispute is
/// recognised by a payment of an earlier invoice or charge.
#[utoipa::path(post, path = "/api/v1/billing/stripe", tag = "Billing", security(()), request_body = object::StripeEvent, params(("Stripe-Signature" = String, Header, max_length = 1_000,
        description = "`t=…,v1=…`: the time of the signature and the signature.")),
    responses((status = 200, body = StripeEventResponse, description = "The event was processed now (`done`) or before (`again`)."),
        (status = 202, body = StripeEventResponse, description = "The event waits for its workspace (`held`), or concerns nothing in this server (`ignored`)."),
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
        WebhookOutcome::Held => (StatusCode::ACCEPTED, "held"),
        WebhookOutcome::Ignored => (StatusCode::ACCEPTED, "ignored"),
    };
    Ok((status, Json(StripeEventResponse { heard })).into_response())
}

//! Billing of the demo: a plan, a card and invoices, from messages signed as Stripe signs them.

use hallpass_app::billing::stripe::signature::sign;
use hallpass_app::{App, Error};
use serde_json::{Value, json};

use super::workspace::DemoWorkspace;

/// The signing secret while the demo is built. The server that serves it has another or none.
pub(super) const SECRET: &str = "whsec_of_the_demo";

const DAY: i64 = 86_400;

/// Subscribes a workspace, with three invoices of which the last is open.
pub(super) async fn subscribe(workspace: &DemoWorkspace<'_>) -> Result<(), Error> {
    let app = workspace.app;
    let slug = workspace.blueprint.id.as_str();
    // The id, because a slug can be reused after a purge.
    let id = workspace.ctx().await?.workspace_id().to_string();
    let today = app.now().as_seconds();
    let plan = app.rules().plans.get(2).or(app.rules().plans.last());
    let Some(plan) = plan else { return Ok(()) };
    let checkout = json!({
        "id": format!("cs_{slug}"), "status": "complete", "customer": format!("cus_{slug}"),
        "client_reference_id": id,
    });
    send(app, "checkout.session.completed", today, &checkout).await?;
    let subscription = json!({
        "id": format!("sub_{slug}"), "customer": format!("cus_{slug}"), "status": "active",
        "current_period_end": today + 20 * DAY,
        "metadata": {"plan": plan.key},
    });
    send(app, "customer.subscription.created", today, &subscription).await?;
    let card = json!({
        "id": format!("pm_{slug}"), "type": "card", "customer": format!("cus_{slug}"),
        "card": {"brand": "visa", "last4": "4242", "exp_year": 2029, "exp_month": 8},
    });
    send(app, "payment_method.attached", today, &card).await?;
    for (number, ago) in [70, 40, 10].into_iter().enumerate() {
        let at = today - ago * DAY;
        let mut invoice = json!({
            "id": format!("in_{slug}_{number}"), "number": format!("HP-{:04}", 1_000 + number),
            "customer": format!("cus_{slug}"), "status": "open", "total": 24_900,
            "currency": "eur", "created": at, "due_date": at + 30 * DAY,
            "hosted_invoice_url": format!("https://pay.example.com/{slug}/{number}"),
        });
        send(app, "invoice.finalized", today, &invoice).await?;
        if number < 2 {
            if let Some(invoice) = invoice.as_object_mut() {
                invoice.insert("status".to_owned(), json!("paid"));
            }
            send(app, "invoice.paid", today, &invoice).await?;
        }
    }
    Ok(())
}

async fn send(app: &App, kind: &str, at: i64, object: &Value) -> Result<(), Error> {
    let id = object.get("id").and_then(Value::as_str).unwrap_or_default();
    let message = json!({
        "id": format!("evt_{id}_{kind}"), "type": kind, "created": at,
        "data": {"object": object},
    });
    let body = message.to_string().into_bytes();
    let signature = sign(SECRET, &body, app.now());
    app.billing().receive(&signature, &body, "demo").await.map(drop)
}

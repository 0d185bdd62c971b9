//! Bills of the demo: a plan, a card, and invoices, told by somebody who plays Stripe.

use hallpass_app::billing::stripe::signature::sign;
use hallpass_app::{App, Error};
use serde_json::{Value, json};

use super::crew::Place;

/// The secret of whoever plays Stripe while the demo is built; the server that shows it has another
/// or none.
pub(super) const SECRET: &str = "whsec_of_the_demo";

const DAY: i64 = 86_400;

/// Subscribes a workspace, with three invoices of which the last is open.
pub(super) async fn subscribe(app: &App, place: &Place<'_>) -> Result<(), Error> {
    let slug = place.blueprint.id.as_str();
    // By its id: a slug may be somebody else's one day.
    let workspace = place.enter().await?.workspace().to_string();
    let today = app.now().0 / 1_000_000;
    let plan = app.rules().plans.get(2).or(app.rules().plans.last());
    let Some(plan) = plan else { return Ok(()) };
    let subscription = json!({
        "id": format!("sub_{slug}"), "customer": format!("cus_{slug}"), "status": "active",
        "current_period_end": today + 20 * DAY,
        "metadata": {"workspace": workspace, "plan": plan.key},
    });
    tell(app, "customer.subscription.created", today, &subscription).await?;
    let card = json!({
        "id": format!("pm_{slug}"), "type": "card", "customer": format!("cus_{slug}"),
        "card": {"brand": "visa", "last4": "4242", "exp_year": 2029, "exp_month": 8},
    });
    tell(app, "payment_method.attached", today, &card).await?;
    for (number, ago) in [70, 40, 10].into_iter().enumerate() {
        let at = today - ago * DAY;
        let mut invoice = json!({
            "id": format!("in_{slug}_{number}"), "number": format!("HP-{:04}", 1_000 + number),
            "customer": format!("cus_{slug}"), "status": "open", "total": 24_900,
            "currency": "eur", "created": at, "due_date": at + 30 * DAY,
            "hosted_invoice_url": format!("https://pay.example.com/{slug}/{number}"),
        });
        tell(app, "invoice.finalized", today, &invoice).await?;
        if number < 2 {
            if let Some(invoice) = invoice.as_object_mut() {
                invoice.insert("status".to_owned(), json!("paid"));
            }
            tell(app, "invoice.paid", today, &invoice).await?;
        }
    }
    Ok(())
}

async fn tell(app: &App, kind: &str, at: i64, object: &Value) -> Result<(), Error> {
    let id = object.get("id").and_then(Value::as_str).unwrap_or_default();
    let message = json!({
        "id": format!("evt_{id}_{kind}"), "type": kind, "created": at,
        "data": {"object": object},
    });
    let body = message.to_string().into_bytes();
    let signature = sign(SECRET, &body, app.now());
    app.hear_stripe(&signature, &body, "demo").await.map(drop)
}

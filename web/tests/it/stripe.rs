//! Stripe as tests play it: messages that are signed with the secret that the house knows.

use axum::body::Body;
use axum::http::Request;
use hallpass_app::Rules;
use hallpass_app::billing::stripe::signature::sign;
use hallpass_testkit::{Answer, Office, Town};
use serde_json::{Value, json};

pub(crate) const SECRET: &str = "whsec_of_the_tests";

/// A town whose house hears Stripe.
pub(crate) async fn town() -> Town {
    Town::ruled(Rules { stripe_secret: Some(SECRET.to_owned()), ..Rules::default() }).await
}

/// A message that is made now.
pub(crate) fn message(town: &Town, id: &str, kind: &str, object: &Value) -> String {
    let created = town.house.now().0 / 1_000_000;
    let message =
        json!({"id": id, "type": kind, "created": created, "data": {"object": object}});
    message.to_string()
}

/// Sends a message with a signature, or with none.
pub(crate) async fn send(town: &Town, body: &str, signature: Option<&str>) -> Answer {
    let mut request = Request::post("/api/v1/billing/stripe");
    if let Some(signature) = signature {
        request = request.header("stripe-signature", signature);
    }
    town.stranger().send(request.body(Body::from(body.to_owned())).unwrap()).await
}

/// Sends a message as Stripe does; what the house made of it.
pub(crate) async fn tell(town: &Town, id: &str, kind: &str, object: &Value) -> String {
    let body = message(town, id, kind, object);
    let signature = sign(SECRET, body.as_bytes(), town.house.now());
    let answer = send(town, &body, Some(&signature)).await;
    assert!(answer.status == 200 || answer.status == 202, "{}", answer.text);
    answer.text("heard")
}

/// An open invoice of a workspace, which is named by its id.
pub(crate) fn invoice(workspace: &str, id: &str) -> Value {
    json!({
        "id": id, "number": format!("N-{id}"), "total": 1_250, "currency": "eur",
        "status": "open", "customer": format!("cus_{workspace}"),
        "metadata": {"workspace": workspace},
    })
}

/// A card of a workspace, which is named by its id.
pub(crate) fn card(workspace: &str) -> Value {
    json!({
        "id": "card_1", "brand": "visa", "last4": "4242", "exp_year": 2026, "exp_month": 4,
        "metadata": {"workspace": workspace},
    })
}

/// The alerts about money that were written, each as `ben invoice`; to whoever stands in for a
/// contact that there is not, as `ben invoice instead`.
pub(crate) async fn alerts(office: &Office<'_>) -> Vec<String> {
    let mails = office.town.mails().await;
    let alerts = mails.iter().filter(|(_, letter)| letter["kind"] == "billing_alert");
    let mut told: Vec<String> = alerts
        .map(|(to, letter)| {
            let who = to.split('@').next().unwrap_or_default();
            let instead = if letter["to_vacancy"] == true { " instead" } else { "" };
            format!("{who} {}{instead}", letter["alert"].as_str().unwrap())
        })
        .collect();
    told.sort_unstable();
    told
}

/// The id of a workspace.
pub(crate) async fn id(office: &Office<'_>) -> String {
    office.anna.get("").await.expect(200).id()
}

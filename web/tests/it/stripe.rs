//! A fake Stripe, which signs webhooks with the secret that the server knows.

use axum::body::Body;
use axum::http::Request;
use hallpass_app::Rules;
use hallpass_app::billing::stripe::signature::sign;
use hallpass_testkit::{Answer, TestServer, TestWorkspace};
use serde_json::{Value, json};

pub(crate) const SECRET: &str = "whsec_of_the_tests";

/// A server that accepts webhooks of Stripe.
pub(crate) async fn server() -> TestServer {
    TestServer::with_rules(Rules { stripe_secret: Some(SECRET.to_owned()), ..Rules::default() })
        .await
}

/// A webhook that was created now.
pub(crate) fn message(server: &TestServer, id: &str, kind: &str, object: &Value) -> String {
    let created = server.app.now().as_seconds();
    let message =
        json!({"id": id, "type": kind, "created": created, "data": {"object": object}});
    message.to_string()
}

/// Sends a webhook with a signature, or without.
pub(crate) async fn send(server: &TestServer, body: &str, signature: Option<&str>) -> Answer {
    let mut request = Request::post("/api/v1/billing/stripe");
    if let Some(signature) = signature {
        request = request.header("stripe-signature", signature);
    }
    server.anonymous().send(request.body(Body::from(body.to_owned())).unwrap()).await
}

/// Sends a signed webhook, and returns what the server did with it.
pub(crate) async fn deliver(
    server: &TestServer,
    id: &str,
    kind: &str,
    object: &Value,
) -> String {
    let body = message(server, id, kind, object);
    let signature = sign(SECRET, body.as_bytes(), server.app.now());
    let answer = send(server, &body, Some(&signature)).await;
    assert!(answer.status == 200 || answer.status == 202, "{}", answer.text);
    answer.text("heard")
}

/// An open invoice of the workspace with this id.
pub(crate) fn invoice(workspace: &str, id: &str) -> Value {
    json!({
        "id": id, "number": format!("N-{id}"), "total": 1_250, "currency": "eur",
        "status": "open", "customer": format!("cus_{workspace}"),
        "metadata": {"workspace": workspace},
    })
}

/// A card of the workspace with this id.
pub(crate) fn card(workspace: &str) -> Value {
    json!({
        "id": "card_1", "customer": format!("cus_{workspace}"), "brand": "visa", "last4": "4242", "exp_year": 2026, "exp_month": 4,
        "metadata": {"workspace": workspace},
    })
}

/// The billing alerts that were sent, each as `ben invoice`, or as `ben invoice instead` to the owner
/// of a workspace without a billing contact.
pub(crate) async fn alerts(workspace: &TestWorkspace<'_>) -> Vec<String> {
    let mails = workspace.server.mails().await;
    let alerts =
        mails.iter().filter(|(_, mail_template)| mail_template["kind"] == "billing_alert");
    let mut alerts: Vec<String> = alerts
        .map(|(to, mail_template)| {
            let who = to.split('@').next().unwrap_or_default();
            let instead = if mail_template["to_vacancy"] == true { " instead" } else { "" };
            format!("{who} {}{instead}", mail_template["alert"].as_str().unwrap())
        })
        .collect();
    alerts.sort_unstable();
    alerts
}

/// The completed checkout of a customer for a workspace.
pub(crate) fn checkout(customer: &str, workspace: &str) -> Value {
    json!({
        "id": format!("cs_{customer}"), "status": "complete", "customer": customer,
        "client_reference_id": workspace,
    })
}

/// The id of a workspace, whose customer has been connected by a checkout.
pub(crate) async fn connected(workspace: &TestWorkspace<'_>) -> String {
    let id = id(workspace).await;
    let object = checkout(&format!("cus_{id}"), &id);
    let (event, kind) = (format!("evt_cs_{id}"), "checkout.session.completed");
    assert_eq!(deliver(workspace.server, &event, kind, &object).await, "done");
    id
}

/// The id of a workspace.
pub(crate) async fn id(workspace: &TestWorkspace<'_>) -> String {
    workspace.anna.get("").await.expect(200).id()
}

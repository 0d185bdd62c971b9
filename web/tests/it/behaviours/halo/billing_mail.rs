//! Recipients of billing mail: the billing contact or, without one, the Super Admins.

use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::json;

use crate::stripe::{alerts, card, connected, deliver, invoice, server};

/// Cleo is the billing contact; Anna and Dan are Super Admins, Ben is an Admin.
async fn workspace(server: &TestServer) -> (TestWorkspace<'_>, Person) {
    let workspace = server.found("halo").await;
    let _ben = workspace.join("ben", json!({"role": "admin"})).await;
    let cleo = workspace.join("cleo", json!({"role": "member"})).await;
    let _dan = workspace.join("dan", json!({"role": "super_admin"})).await;
    let _ = workspace.anna.post("/billing/contact", json!({"to": cleo.id})).await.expect(204);
    (workspace, cleo)
}

/// HALO-037, HALO-038, HALO-039, HALO-040
#[tokio::test]
async fn only_the_billing_contact_gets_invoices_reminders_and_alerts() {
    let server = server().await;
    let (workspace, cleo) = workspace(&server).await;
    let acme = connected(&workspace).await;
    for (event, kind, object, alert) in [
        ("evt_1", "invoice.finalized", invoice(&acme, "in_1"), "invoice"),
        ("evt_2", "invoice.will_be_due", invoice(&acme, "in_1"), "reminder"),
        ("evt_3", "customer.source.expiring", card(&acme), "card_expiring"),
        ("evt_4", "invoice.payment_failed", invoice(&acme, "in_1"), "payment_failed"),
    ] {
        let mut before = alerts(&workspace).await;

        assert_eq!(deliver(&server, event, kind, &object).await, "done");

        before.push(format!("cleo {alert}"));
        before.sort_unstable();
        assert_eq!(alerts(&workspace).await, before, "{kind}");
    }
    let mails = server.mails().await;
    let details: Vec<_> = mails
        .iter()
        .filter(|(_, mail_template)| mail_template["kind"] == "billing_alert")
        .map(|(_, mail_template)| mail_template["detail"].to_string())
        .collect();
    assert!(details[0].contains("N-in_1") && details[0].contains("12.50 EUR"), "{details:?}");
    assert!(details[2].contains("4242") && details[2].contains("2026-04"), "{details:?}");
    let billing = cleo.get("/billing").await.expect(200);
    assert_eq!(billing.body["state"], "past_due");
    assert_eq!(billing.body["payment_method"]["last4"], "4242");
    assert_eq!(cleo.get("/billing/invoices").await.expect(200).each("number"), ["N-in_1"]);
}

/// HALO-037
#[tokio::test]
async fn after_a_transfer_only_the_new_contact_gets_billing_mail() {
    let server = server().await;
    let (workspace, cleo) = workspace(&server).await;
    let acme = connected(&workspace).await;
    let _ = deliver(&server, "evt_1", "invoice.finalized", &invoice(&acme, "in_1")).await;

    let to = json!({"to": workspace.anna.id});
    let _ = cleo.post("/billing/contact", to).await.expect(204);
    let _ = deliver(&server, "evt_2", "invoice.finalized", &invoice(&acme, "in_2")).await;

    assert_eq!(alerts(&workspace).await, ["anna invoice", "cleo invoice"]);
}

/// HALO-188
#[tokio::test]
async fn without_a_contact_every_super_admin_gets_billing_mail_and_a_notice() {
    let server = server().await;
    let (workspace, cleo) = workspace(&server).await;
    let acme = connected(&workspace).await;
    let to = json!({"to": workspace.anna.id});
    let _ = cleo.post("/billing/contact", to).await.expect(204);
    let mine = format!("/members/{}", workspace.anna.id);

    let gives_up = json!({"billing_contact": false});
    let _ = workspace.anna.patch(&mine, gives_up).await.expect(200);
    let _ = deliver(&server, "evt_1", "invoice.finalized", &invoice(&acme, "in_1")).await;

    assert_eq!(alerts(&workspace).await, ["anna invoice instead", "dan invoice instead"]);
    let billing = workspace.anna.get("/billing").await.expect(200);
    assert_eq!(
        (&billing.body["vacant"], &billing.body["contact"]),
        (&json!(true), &json!(null))
    );
    cleo.get("/billing").await.refused(403, "denied");
    let to = json!({"to": cleo.id});
    let _ = workspace.anna.post("/billing/contact", to).await.expect(204);
    assert_eq!(cleo.get("/billing").await.expect(200).body["vacant"], false);
    let _ = deliver(&server, "evt_2", "invoice.payment_failed", &invoice(&acme, "in_1")).await;
    assert_eq!(alerts(&workspace).await.last().unwrap(), "dan invoice instead");
    assert!(alerts(&workspace).await.contains(&"cleo payment_failed".to_owned()));
    assert_eq!(alerts(&workspace).await.len(), 3);
}

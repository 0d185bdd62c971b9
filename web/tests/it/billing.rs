//! Billing: signatures of webhooks, repeated events, who may read it, and cancellation.

use hallpass_app::Rules;
use hallpass_app::billing::stripe::signature::sign;
use hallpass_app::operation::Operator;
use hallpass_domain::time::Span;
use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

use crate::stripe::{self, SECRET, alerts, card, deliver, invoice, message, send};

/// The billing of a workspace, with its mails and audit entries.
async fn state(workspace: &TestWorkspace<'_>) -> (String, String, usize, Value) {
    let billing = workspace.anna.get("/billing").await.expect(200).text;
    let invoices = workspace.anna.get("/billing/invoices").await.expect(200).text;
    let audit = workspace.anna.get("/audit?limit=200").await.expect(200);
    (billing, invoices, workspace.server.mails().await.len(), json!(audit.items()))
}

async fn numbers(person: &Person) -> Vec<String> {
    person.get("/billing/invoices").await.expect(200).each("number")
}

#[tokio::test]
async fn a_webhook_without_a_fresh_signature_changes_nothing() {
    let server = stripe::server().await;
    let workspace = server.found("halo").await;
    let acme = stripe::id(&workspace).await;
    let before = state(&workspace).await;
    let body = message(&server, "evt_1", "invoice.finalized", &invoice(&acme, "in_1"));
    let now = server.app.now();
    let right = sign(SECRET, body.as_bytes(), now);
    let (time, hex) = right.split_once(',').unwrap();
    let other = sign("whsec_of_somebody_else", body.as_bytes(), now);
    let elsewhere = sign(SECRET, b"{}", now);
    let (old, early) = (now + Span::seconds(-301), now + Span::seconds(301));
    let old = sign(SECRET, body.as_bytes(), old);
    let early = sign(SECRET, body.as_bytes(), early);
    let moved = format!("t={},{hex}", now.as_seconds() + 1);
    let scheme = right.replace("v1=", "v0=");
    let no_secret = sign("", body.as_bytes(), now);
    for signature in
        ["", "t=,v1=", time, hex, &other, &elsewhere, &old, &early, &moved, &scheme, &no_secret]
    {
        send(&server, &body, Some(signature)).await.refused(403, "bad_signature");
    }
    send(&server, &body, None).await.refused(403, "bad_signature");
    let altered = body.replace("1250", "1");
    send(&server, &altered, Some(&right)).await.refused(403, "bad_signature");
    // A session does not replace the signature.
    let path = "/api/v1/billing/stripe";
    let claim = serde_json::from_str(&body).unwrap();
    workspace.anna.post(path, claim).await.refused(403, "bad_signature");
    assert_eq!(state(&workspace).await, before);

    assert_eq!(send(&server, &body, Some(&right)).await.expect(200).text("heard"), "done");

    assert_eq!(numbers(&workspace.anna).await, ["N-in_1"]);
}

#[tokio::test]
async fn without_a_secret_the_webhook_does_not_exist() {
    for secret in [None, Some(String::new())] {
        let rules = Rules { stripe_secret: secret, ..Rules::default() };
        let server = TestServer::with_rules(rules).await;
        let workspace = server.found("halo").await;
        let acme = stripe::id(&workspace).await;
        let body = message(&server, "evt_1", "invoice.finalized", &invoice(&acme, "in_1"));
        for key in ["", SECRET] {
            let signature = sign(key, body.as_bytes(), server.app.now());
            send(&server, &body, Some(&signature)).await.refused(404, "not_found");
        }
        assert!(numbers(&workspace.anna).await.is_empty());
    }
}

#[tokio::test]
async fn a_repeated_event_has_one_effect() {
    let server = stripe::server().await;
    let workspace = server.found("halo").await;
    let acme = stripe::id(&workspace).await;
    for (id, kind, object) in [
        ("evt_1", "invoice.payment_failed", invoice(&acme, "in_1")),
        ("evt_2", "customer.source.expiring", card(&acme)),
        ("evt_3", "invoice.will_be_due", invoice(&acme, "in_1")),
    ] {
        assert_eq!(deliver(&server, id, kind, &object).await, "done");
        let after = state(&workspace).await;
        server.clock.advance(Span::seconds(60));

        assert_eq!(deliver(&server, id, kind, &object).await, "again");

        assert_eq!(state(&workspace).await, after, "{kind}");
    }
    assert_eq!(
        alerts(&workspace).await,
        ["anna card_expiring", "anna payment_failed", "anna reminder"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_deliveries_of_an_event_have_one_effect() {
    let rules = Rules { stripe_secret: Some(SECRET.to_owned()), ..Rules::default() };
    let server = TestServer::on(hallpass_testkit::TestDatabase::folder(), rules).await;
    let workspace = server.found("halo").await;
    let acme = stripe::id(&workspace).await;
    let object = invoice(&acme, "in_1");

    let (one, other) = tokio::join!(
        deliver(&server, "evt_1", "invoice.payment_failed", &object),
        deliver(&server, "evt_1", "invoice.payment_failed", &object),
    );

    let mut heard = [one, other];
    heard.sort_unstable();
    assert_eq!(heard, ["again", "done"]);
    assert_eq!(alerts(&workspace).await, ["anna payment_failed"]);
}

#[tokio::test]
async fn an_event_without_a_workspace_is_ignored() {
    let server = stripe::server().await;
    let workspace = server.found("halo").await;
    let acme = stripe::id(&workspace).await;
    let before = state(&workspace).await;
    let nameless = json!({"id": "in_9", "total": 1, "currency": "eur", "status": "open"});
    for (id, object) in [
        ("evt_1", invoice("unknown", "in_1")),
        ("evt_6", invoice("acme", "in_6")),
        ("evt_2", invoice("wsp_00000000000000000000000000", "in_2")),
        ("evt_3", invoice("", "in_3")),
        ("evt_4", nameless),
    ] {
        assert_eq!(
            deliver(&server, id, "invoice.finalized", &object).await,
            "ignored",
            "{object}"
        );
    }
    let other = json!({"id": "x", "metadata": {"workspace": acme}});
    assert_eq!(deliver(&server, "evt_5", "charge.dispute.created", &other).await, "ignored");

    assert_eq!(state(&workspace).await, before);
}

#[tokio::test]
async fn an_event_of_a_deleted_workspace_is_ignored_and_reaches_no_later_workspace() {
    let server = stripe::server().await;
    let workspace = server.found("halo").await;
    let acme = stripe::id(&workspace).await;
    assert_eq!(
        deliver(&server, "evt_1", "invoice.finalized", &invoice(&acme, "in_1")).await,
        "done"
    );
    let _ = workspace.anna.delete_with("", json!({"confirm": "acme"})).await.expect(204);
    let mails = server.mails().await.len();
    assert_eq!(
        deliver(&server, "evt_2", "invoice.finalized", &invoice(&acme, "in_2")).await,
        "ignored"
    );
    let operator = Operator::default();
    server.app.workspaces().purge(&operator, "acme", "acme").await.unwrap();
    assert_eq!(
        deliver(&server, "evt_3", "invoice.finalized", &invoice(&acme, "in_3")).await,
        "ignored"
    );
    assert_eq!(server.mails().await.len(), mails - 1, "the purge takes its mails along");

    // Another workspace uses the slug now.
    let later = server.found_as("zoe", "halo", "acme").await;
    for (event, named) in [("evt_4", acme.as_str()), ("evt_5", "acme")] {
        let mut late = invoice(&acme, "in_4");
        late["metadata"]["workspace"] = json!(named);
        assert_eq!(deliver(&server, event, "invoice.payment_failed", &late).await, "ignored");
    }

    assert!(numbers(&later.anna).await.is_empty());
    assert_eq!(later.anna.get("/billing").await.text("state"), "active");
    assert!(alerts(&later).await.iter().all(|alert| !alert.starts_with("zoe")));
}

#[tokio::test]
async fn an_invoice_of_another_workspace_is_never_shown() {
    let server = stripe::server().await;
    let workspace = server.found("halo").await;
    let acme = stripe::id(&workspace).await;
    let other = server.found_as("zoe", "halo", "other").await;
    for n in 1..=3 {
        for (slug, id) in [("acme", &acme), ("other", &stripe::id(&other).await)] {
            let object = invoice(id, &format!("{slug}_{n}"));
            let id = format!("evt_{slug}_{n}");
            assert_eq!(deliver(&server, &id, "invoice.finalized", &object).await, "done");
        }
    }
    let first = workspace.anna.get("/billing/invoices?limit=2").await.expect(200);
    assert_eq!(
        (first.each("number"), &first.body["total"]),
        (vec!["N-acme_3".into(), "N-acme_2".into()], &json!(3))
    );

    // A cursor of one list is invalid in the other.
    let path = format!("/billing/invoices?cursor={}", first.text("next_cursor"));
    let there = other.anna.get(&path).await.expect(200);

    assert!(
        there.each("number").iter().all(|number| number.starts_with("N-other")),
        "{}",
        there.text
    );
    assert_eq!(workspace.anna.get(&path).await.each("number"), ["N-acme_1"]);
    for path in ["/billing", "/billing/invoices"] {
        other
            .anna
            .get(&format!("/api/v1/workspaces/acme{path}"))
            .await
            .refused(404, "not_found");
    }
    // A workspace that takes the slug of another does not take its customer.
    let _ = workspace.anna.patch("", json!({"slug": "acme-2"})).await.expect(200);
    let _ = other.anna.patch("", json!({"slug": "acme"})).await.expect(200);
    for (event, named) in [("evt_5", json!("acme")), ("evt_6", json!(null))] {
        let mut moved = invoice(&acme, "acme_4");
        moved["metadata"]["workspace"] = named;
        assert_eq!(deliver(&server, event, "invoice.finalized", &moved).await, "done");
    }
    let (hers, theirs) = (workspace.anna.at("acme-2").await, other.anna.at("acme").await);
    assert_eq!(numbers(&hers).await, ["N-acme_4", "N-acme_3", "N-acme_2", "N-acme_1"]);
    assert_eq!(numbers(&theirs).await, ["N-other_3", "N-other_2", "N-other_1"]);
    assert_eq!(
        alerts(&workspace).await.iter().filter(|alert| alert.starts_with("anna")).count(),
        4
    );
}

/// The invitations whose members may read billing, and those whose members may not.
fn access(blueprint: &str) -> (Vec<Value>, Vec<Value>) {
    let role = |role: &str| json!({"role": role});
    let may_not = |roles: &[&str]| roles.iter().map(|one| role(one)).collect();
    match blueprint {
        "standard" => (
            vec![role("owner"), json!({"role": "member", "billing_contact": true})],
            may_not(&["admin", "manager", "member"]),
        ),
        "harmonia" => (vec![role("owner")], may_not(&["admin", "member"])),
        "harmony" => (vec![role("admin"), role("Bookkeeper")], may_not(&["member"])),
        "hari" => (vec![role("admin")], may_not(&["member"])),
        "team-management" => (Vec::new(), may_not(&["admin", "manager", "user"])),
        _ => (
            vec![role("super_admin"), json!({"role": "member", "billing_contact": true})],
            vec![
                role("admin"),
                role("member"),
                json!({"role": "member", "preset": "analyst"}),
                json!({"role": "member", "levels": {"settings": "edit", "integrations": "manage"}}),
            ],
        ),
    }
}

#[tokio::test]
async fn only_members_with_permission_read_billing_and_invoices() {
    for blueprint in ["standard", "harmonia", "harmony", "hari", "team-management", "halo"] {
        let server = stripe::server().await;
        let workspace = server.found(blueprint).await;
        let acme = stripe::id(&workspace).await;
        assert_eq!(
            deliver(&server, "evt_1", "invoice.finalized", &invoice(&acme, "in_1")).await,
            "done"
        );
        if blueprint == "harmony" {
            let grants = json!({"name": "Bookkeeper", "grants": ["billing:read:all"]});
            let _ = workspace.anna.post("/roles", grants).await.expect(201);
        }
        let (may, may_not) = access(blueprint);
        assert_eq!(numbers(&workspace.anna).await, ["N-in_1"]);
        for (n, access) in may.iter().enumerate() {
            let person = workspace.join(&format!("may{n}"), access.clone()).await;
            assert_eq!(numbers(&person).await, ["N-in_1"], "{blueprint} {access}");
            let _ = person.get("/billing").await.expect(200);
        }
        for (n, access) in may_not.iter().enumerate() {
            let person = workspace.join(&format!("no{n}"), access.clone()).await;
            for path in ["/billing", "/billing/invoices"] {
                let seen = person.get(path).await;
                assert_eq!(
                    (seen.status, seen.code()),
                    (403, "denied"),
                    "{blueprint} {access} {}",
                    seen.text
                );
                assert!(!seen.text.contains("in_1"));
            }
            person.patch("/billing", json!({"company": "x"})).await.refused(403, "denied");
            person.post("/billing/cancel", json!({})).await.refused(403, "denied");
        }
        let outsider = server.sign_up("zoe").await;
        for path in ["/billing", "/billing/invoices"] {
            let path = format!("/api/v1/workspaces/acme{path}");
            outsider.get(&path).await.refused(404, "not_found");
            server.anonymous().get(&path).await.refused(401, "not_signed_in");
        }
    }
}

#[tokio::test]
async fn cancelling_deletes_nothing() {
    let server = stripe::server().await;
    let workspace = server.found("halo").await;
    let acme = stripe::id(&workspace).await;
    let ben = workspace.join("ben", json!({"role": "member", "preset": "support_agent"})).await;
    let record = workspace.record(&workspace.anna, "contacts", "Zoe").await;
    assert_eq!(
        deliver(&server, "evt_1", "invoice.paid", &invoice(&acme, "in_1")).await,
        "done"
    );
    let soon = server.app.now().as_seconds() + 30 * 86_400;
    let runs = json!({"status": "active", "current_period_end": soon, "customer": format!("cus_{acme}"), "metadata": {"plan": "agency"}});
    assert_eq!(deliver(&server, "evt_2", "customer.subscription.created", &runs).await, "done");
    let _ = workspace.anna.patch("/billing", json!({"company": "Acme AG"})).await.expect(200);
    let paths = ["/invitations", "/records/contacts", "/billing/invoices", "/settings/general"];
    let mut before = Vec::new();
    for path in paths {
        before.push(workspace.anna.get(path).await.expect(200).text);
    }

    let cancelled = workspace.anna.post("/billing/cancel", json!({})).await.expect(200);

    assert_eq!(
        (cancelled.text("state").as_str(), &cancelled.body["plan"]["key"]),
        ("cancelled", &json!("agency"))
    );
    workspace.anna.post("/billing/cancel", json!({})).await.refused(409, "already");
    let ends =
        json!({"status": "canceled", "ended_at": soon, "customer": format!("cus_{acme}")});
    server.advance_days(31);
    assert_eq!(deliver(&server, "evt_3", "customer.subscription.deleted", &ends).await, "done");
    server.app.workspaces().purge_due().await.unwrap();
    // After a month without requests sessions have expired, and nothing else has changed.
    let anna = server.anonymous();
    let body = json!({"email": "anna@example.com", "password": hallpass_testkit::test_server::PASSWORD});
    let _ = anna.post("/api/v1/sessions", body).await.expect(201);
    let anna = anna.at("acme").await;
    for (path, was) in paths.iter().zip(&before) {
        assert_eq!(anna.get(path).await.expect(200).text, *was, "{path}");
    }
    let billing = anna.get("/billing").await.expect(200);
    assert_eq!(
        (billing.text("company").as_str(), &billing.body["plan"]["key"]),
        ("Acme AG", &json!("free"))
    );
    let _ = anna.get(&format!("/records/contacts/{record}")).await.expect(200);
    let kept = anna.get(&format!("/members/{}", ben.id)).await.expect(200);
    assert_eq!(kept.text("preset"), "support_agent");
    assert_eq!(anna.get("/members").await.body["total"], 2);
}

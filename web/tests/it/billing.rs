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
    let acme = stripe::connected(&workspace).await;
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
    let acme = stripe::connected(&workspace).await;
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
    let acme = stripe::connected(&workspace).await;
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
async fn metadata_names_no_workspace_and_moves_no_customer() {
    let server = stripe::server().await;
    let workspace = server.found("halo").await;
    let acme = stripe::connected(&workspace).await;
    let other = server.found_as("zoe", "halo", "other").await;
    let there = stripe::connected(&other).await;
    let before = state(&workspace).await;
    let claims = [
        (json!({"customer": format!("cus_{there}"), "metadata": {"workspace": acme}}), "done"),
        (json!({"customer": "cus_unknown", "metadata": {"workspace": acme}}), "held"),
        (json!({"metadata": {"workspace": acme}}), "ignored"),
    ];
    let kinds = [
        "customer.subscription.deleted",
        "customer.subscription.updated",
        "invoice.finalized",
        "invoice.payment_failed",
        "invoice.payment_action_required",
        "invoice.finalization_failed",
        "customer.subscription.trial_will_end",
        "customer.source.expiring",
        "charge.dispute.created",
    ];
    for (n, (claim, outcome)) in claims.iter().enumerate() {
        for kind in kinds {
            let mut object = claim.clone();
            for (key, value) in [
                ("id", json!(format!("x_{n}"))),
                ("status", json!("canceled")),
                ("brand", json!("visa")),
                ("last4", json!("4242")),
                ("exp_year", json!(2030)),
                ("exp_month", json!(4)),
            ] {
                object[key] = value;
            }
            let event = format!("evt_{n}_{kind}");
            assert_eq!(
                deliver(&server, &event, kind, &object).await,
                *outcome,
                "{kind} {object}"
            );
        }
    }
    // A checkout connects neither a customer that has a workspace, nor a workspace that has one.
    let completed = "checkout.session.completed";
    for (event, customer, named) in
        [("evt_a", format!("cus_{there}"), &acme), ("evt_b", "cus_new".to_owned(), &acme)]
    {
        let object = stripe::checkout(&customer, named);
        assert_eq!(deliver(&server, event, completed, &object).await, "ignored");
    }
    let invoices = workspace.anna.get("/billing/invoices").await.expect(200).text;
    assert_eq!((workspace.anna.get("/billing").await.text, invoices), (before.0, before.1));
    assert_eq!(
        workspace.anna.get("/audit?limit=200").await.items(),
        before.3.as_array().unwrap()
    );
    assert!(alerts(&workspace).await.iter().all(|alert| alert.starts_with("zoe")));
}

#[tokio::test]
async fn events_that_come_before_the_checkout_are_processed_after_it() {
    let server = stripe::server().await;
    let workspace = server.found("halo").await;
    let acme = stripe::id(&workspace).await;
    let customer = format!("cus_{acme}");
    let runs = json!({"id": "sub_1", "status": "active", "customer": customer, "metadata": {"plan": "agency"}});
    let created = "customer.subscription.created";
    assert_eq!(deliver(&server, "evt_1", created, &runs).await, "held");
    assert_eq!(deliver(&server, "evt_1", created, &runs).await, "again");
    assert_eq!(workspace.anna.get("/billing").await.body["plan"]["key"], "free");

    stripe::connected(&workspace).await;

    assert_eq!(workspace.anna.get("/billing").await.body["plan"]["key"], "agency");
    assert_eq!(deliver(&server, "evt_1", created, &runs).await, "again");
}

#[tokio::test]
async fn the_operator_moves_a_customer() {
    let server = stripe::server().await;
    let workspace = server.found("halo").await;
    let acme = stripe::connected(&workspace).await;
    let other = server.found_as("zoe", "halo", "other").await;
    let operator = Operator::new("ops");
    let customer = format!("cus_{acme}");
    let billing = server.app.billing();
    assert!(billing.set_customer(&operator, "other", Some(&customer)).await.is_err());

    billing.set_customer(&operator, "acme", None).await.unwrap();
    billing.set_customer(&operator, "other", Some(&customer)).await.unwrap();
    let sent = deliver(&server, "evt_1", "invoice.finalized", &invoice(&acme, "in_1")).await;

    assert_eq!(sent, "done");
    assert!(numbers(&workspace.anna).await.is_empty());
    assert_eq!(numbers(&other.anna).await, ["N-in_1"]);
}

#[tokio::test]
async fn an_alert_carries_the_link_of_the_invoice_and_the_portal() {
    let portal = "https://billing.example.com/portal";
    let rules = Rules {
        stripe_secret: Some(SECRET.to_owned()),
        billing_portal: Some(portal.to_owned()),
        ..Rules::default()
    };
    let server = TestServer::with_rules(rules).await;
    let workspace = server.found("halo").await;
    let acme = stripe::connected(&workspace).await;
    let mut object = invoice(&acme, "in_1");
    object["hosted_invoice_url"] = json!("https://pay.example.com/1");
    object["charge"] = json!("ch_1");
    let trial =
        json!({"id": "sub_1", "customer": format!("cus_{acme}"), "trial_end": 1_800_000_000});
    let dispute = json!({"id": "dp_1", "charge": "ch_1", "amount": 1_250, "currency": "eur"});
    let invoiced = Some("https://pay.example.com/1");
    for (kind, object, alert, link) in [
        ("invoice.finalized", &object, "invoice", invoiced),
        ("invoice.will_be_due", &object, "reminder", invoiced),
        ("invoice.payment_failed", &object, "payment_failed", invoiced),
        ("invoice.payment_action_required", &object, "action_required", invoiced),
        ("invoice.finalization_failed", &object, "finalization_failed", invoiced),
        ("customer.subscription.trial_will_end", &trial, "trial_ending", None),
        ("charge.dispute.created", &dispute, "dispute", None),
    ] {
        assert_eq!(
            deliver(&server, &format!("evt_{kind}"), kind, object).await,
            "done",
            "{kind}"
        );

        let mails = server.mails().await;
        let mail = mails.iter().find(|(_, mail)| mail["alert"] == alert);
        let (to, mail) = mail.unwrap_or_else(|| panic!("no alert of {kind}: {mails:?}"));
        assert_eq!(to, "anna@example.com");
        assert_eq!((&mail["link"], &mail["portal"]), (&json!(link), &json!(portal)), "{kind}");
    }
    assert_eq!(workspace.anna.get("/billing").await.text("portal"), portal);
}

#[tokio::test]
async fn a_plan_is_not_raised_without_payment_where_stripe_is_connected() {
    let server = stripe::server().await;
    let workspace = server.found("halo").await;
    let acme = stripe::connected(&workspace).await;
    let choose =
        async |plan: &str| workspace.anna.post("/billing/plan", json!({"plan": plan})).await;
    choose("agency").await.refused(409, "payment_needed");
    let mut subscription = json!({"id": "sub_1", "status": "incomplete", "customer": format!("cus_{acme}"), "metadata": {"plan": "agency"}});
    let updated = "customer.subscription.updated";
    assert_eq!(deliver(&server, "evt_1", updated, &subscription).await, "done");
    assert_eq!(workspace.anna.get("/billing").await.body["plan"]["key"], "free");
    subscription["status"] = json!("active");
    subscription["current_period_end"] = json!(server.app.now().as_seconds() + 30 * 86_400);
    assert_eq!(deliver(&server, "evt_2", updated, &subscription).await, "done");
    assert_eq!(workspace.anna.get("/billing").await.body["plan"]["key"], "agency");

    // What is unpaid stays so, however the subscription is cancelled and chosen again.
    let failed = "invoice.payment_failed";
    let mut due = invoice(&acme, "in_1");
    due["subscription"] = json!("sub_1");
    assert_eq!(deliver(&server, "evt_3", failed, &due).await, "done");
    let _ = workspace.anna.post("/billing/cancel", json!({})).await.expect(200);
    assert_eq!(choose("agency").await.expect(200).text("state"), "past_due");
    let _ = choose("starter").await.expect(200);
    choose("agency").await.refused(409, "payment_needed");
    subscription["status"] = json!("canceled");
    assert_eq!(deliver(&server, "evt_4", updated, &subscription).await, "done");
    choose("starter").await.refused(409, "payment_needed");
    assert_eq!(choose("free").await.expect(200).text("state"), "cancelled");
}

#[tokio::test]
async fn an_event_of_a_deleted_workspace_waits_for_its_restoration() {
    let server = stripe::server().await;
    let workspace = server.found("halo").await;
    let acme = stripe::connected(&workspace).await;
    let _ = workspace.anna.delete_with("", json!({"confirm": "acme"})).await.expect(204);
    let finalized = "invoice.finalized";
    let object = invoice(&acme, "in_1");
    assert_eq!(deliver(&server, "evt_1", finalized, &object).await, "held");
    assert_eq!(server.app.billing().process_held().await.unwrap(), 0);

    let _ = workspace.anna.post("/restore", json!({})).await.expect(200);

    assert_eq!(numbers(&workspace.anna).await, ["N-in_1"]);
    assert_eq!(deliver(&server, "evt_1", finalized, &object).await, "again");
    assert_eq!(alerts(&workspace).await, ["anna invoice"]);
}

#[tokio::test]
async fn an_event_of_a_purged_workspace_reaches_no_later_one() {
    let server = stripe::server().await;
    let workspace = server.found("halo").await;
    let acme = stripe::connected(&workspace).await;
    let _ = workspace.anna.delete_with("", json!({"confirm": "acme"})).await.expect(204);
    let finalized = "invoice.finalized";
    assert_eq!(deliver(&server, "evt_2", finalized, &invoice(&acme, "in_2")).await, "held");
    let operator = Operator::default();
    server.app.workspaces().purge(&operator, "acme", "acme").await.unwrap();
    assert_eq!(deliver(&server, "evt_3", finalized, &invoice(&acme, "in_3")).await, "held");

    // Another workspace uses the slug now.
    let later = server.found_as("zoe", "halo", "acme").await;
    for (event, named) in [("evt_4", acme.as_str()), ("evt_5", "acme")] {
        let mut late = invoice(&acme, "in_4");
        late["metadata"]["workspace"] = json!(named);
        assert_eq!(deliver(&server, event, "invoice.payment_failed", &late).await, "held");
    }

    assert_eq!(server.app.billing().process_held().await.unwrap(), 0);
    assert!(numbers(&later.anna).await.is_empty());
    assert_eq!(later.anna.get("/billing").await.text("state"), "active");
    assert!(alerts(&later).await.is_empty());
}

#[tokio::test]
async fn an_invoice_of_another_workspace_is_never_shown() {
    let server = stripe::server().await;
    let workspace = server.found("halo").await;
    let acme = stripe::connected(&workspace).await;
    let other = server.found_as("zoe", "halo", "other").await;
    let there = stripe::connected(&other).await;
    for n in 1..=3 {
        for (slug, id) in [("acme", &acme), ("other", &there)] {
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
    other.anna.patch("", json!({"slug": "acme"})).await.refused(409, "slug_taken");
    for (event, named) in [("evt_5", json!("acme")), ("evt_6", json!(null))] {
        let mut moved = invoice(&acme, "acme_4");
        moved["metadata"]["workspace"] = named;
        assert_eq!(deliver(&server, event, "invoice.finalized", &moved).await, "done");
    }
    let (hers, theirs) = (workspace.anna.at("acme-2").await, other.anna.at("other").await);
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
        let acme = stripe::connected(&workspace).await;
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
    let acme = stripe::connected(&workspace).await;
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

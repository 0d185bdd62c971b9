//! `hallpass demo`: every workspace has sample data for each feature of its access model.

use serde_json::Value;

use crate::cli::{check, folder};
use crate::server::Server;

const ANNA: &str = r#"{"email": "anna@example.com", "password": "look around freely"}"#;

fn items(page: &Value) -> &[Value] {
    page["items"].as_array().unwrap()
}

fn each<'p>(page: &'p Value, key: &str) -> Vec<&'p str> {
    items(page).iter().filter_map(|item| item[key].as_str()).collect()
}

#[test]
fn demo_has_sample_data_for_every_feature() {
    let folder = folder("demo");
    let server = Server::start(&folder, &["demo"]);
    assert!(!server.printed.contains("/setup/"), "{}", server.printed);
    server.post("anna", "/api/v1/sessions", ANNA, 201);
    let me = server.get("anna", "/api/v1/me", 200);
    let slugs = each_of(&me["workspaces"], "slug");
    assert_eq!(slugs.len(), 6);
    assert!(me["picture"].as_str().unwrap().starts_with("data:image/png"));

    let mut records = 0;
    for slug in &slugs {
        let at = |path: &str| format!("/api/v1/workspaces/{slug}{path}");
        let get = |path: &str| server.get("anna", &at(path), 200);
        assert!(get("/members")["total"].as_i64().unwrap() >= 11, "{slug}");
        let invitations = get("/invitations");
        for status in ["pending", "expired", "accepted"] {
            assert!(each(&invitations, "status").contains(&status), "{slug}: no {status}");
        }
        assert_eq!(get("/billing/invoices")["total"], 3, "{slug}");
        assert_eq!(get("/billing")["payment_method"]["last4"], "4242");
        assert_eq!(get("/api-keys")["total"], 1, "{slug}");
        let general = get("/settings/general");
        assert_eq!(general["currency"], "CHF", "{slug}: {general}");
        for entity in each(&get("/schema/entities"), "key") {
            let page = get(&format!("/records/{entity}?limit=1"));
            records += page["total"].as_i64().unwrap();
        }
    }
    assert!(records >= 3_000, "{records}");
    check_features_of_some_models(&server);
    server.get("anna", "/api/v1/workspaces/old-office", 404);
    server.post("anna", "/api/v1/workspaces/old-office/restore", "{}", 200);
    server.get("anna", "/api/v1/workspaces/old-office", 200);
}

/// Features that only some access models have.
fn check_features_of_some_models(server: &Server) {
    let get = |path: &str| server.get("anna", &format!("/api/v1/workspaces/{path}"), 200);
    assert!(each(&get("standard/roles"), "name").contains(&"Analyst"));
    assert!(each(&get("hari/profiles"), "name").contains(&"Trainees"));
    assert_eq!(each(&get("team-management/departments"), "name").len(), 4);
    assert!(each(&get("team-management/members"), "status").contains(&"inactive"));
    let halo = get("halo/members");
    let contact = items(&halo).iter().filter(|member| member["billing_contact"] == true);
    assert_eq!(contact.count(), 1);
    assert!(each(&halo, "preset").contains(&"support_agent"));
    let actions = each_of(&get("halo/audit?action=inbox.reply")["items"], "action").len();
    assert!(actions > 0, "no reply in the inbox");
    for (path, action) in [
        ("team-management", "records.reassign"),
        ("team-management", "ownership.transfer"),
        ("team-management", "member.reactivate"),
        ("harmonia", "member.leave"),
        ("harmony", "account.delete"),
    ] {
        let audit = get(&format!("{path}/audit?action={action}"));
        assert!(!items(&audit).is_empty(), "{path}: no {action}");
    }
    let paying = ["standard", "halo", "harmonia", "team-management", "hari"]
        .map(|slug| get(&format!("{slug}/billing"))["state"].clone());
    assert!(paying.contains(&"cancelled".into()) && paying.contains(&"active".into()));
}

fn each_of(list: &Value, key: &str) -> Vec<String> {
    let texts = list.as_array().unwrap().iter().filter_map(|item| item[key].as_str());
    texts.map(str::to_owned).collect()
}

#[test]
fn demo_refuses_to_listen_to_other_machines() {
    let folder = folder("demo_outside");
    let data = folder.join("data");

    check(
        &["demo", "--listen", "0.0.0.0:0", "--data", data.to_str().unwrap()],
        2,
        &["its passwords are public", "127.0.0.1"],
    );

    assert!(!data.exists());
}

//! Workspaces are isolated, and there is no guest access.

use hallpass_testkit::{Person, TestServer};
use serde_json::json;

use super::{RECORDS, further, routes};

/// A route with existing ids filled in.
fn filled(path: &str, workspace: &str, member: &str, record: &str) -> String {
    let path = path.replace("{ws}", workspace).replace("{entity}", "conversations");
    let is_of_records = path.contains("/records/");
    let id = if is_of_records { record } else { member };
    let path = path.replace("{id}", id).replace("{member}", member);
    path.replace("{area}", "general")
        .replace("{report}", "owners")
        .replace("{action}", "execute")
}

/// HARMONY-14
#[tokio::test]
async fn a_member_of_one_workspace_sees_nothing_of_another() {
    let server = TestServer::in_memory().await;
    let one = server.found("harmony").await;
    let other = server.found_as("eve", "harmony", "other").await;
    let ben = one.join("ben", json!({"role": "admin"})).await;
    let record = other.record(&other.anna, "conversations", "Secret").await;
    let eve = &other.anna;
    let there = eve.get("").await.expect(200).id();

    let mut asked = 0;
    for (path, methods) in routes(&server).await {
        if path.starts_with("/api/v1/workspaces/{ws}") && methods.contains(&"GET".to_owned()) {
            for named in ["other", &there] {
                let path = filled(&path, named, &eve.id, &record);
                let answer = ben.get(&path).await;
                answer.refused(404, "not_found");
                assert!(!answer.text.contains("Other") && !answer.text.contains("Secret"));
                asked += 1;
            }
        }
    }
    assert!(asked > 40, "{asked}");
    for path in [format!("/records/conversations/{record}"), format!("/members/{}", eve.id)] {
        ben.get(&path).await.refused(404, "not_found");
    }
    let me = ben.get("/api/v1/me").await.expect(200);
    assert_eq!(me.body["workspaces"].as_array().unwrap().len(), 1);
    assert_eq!(me.body["workspaces"][0]["slug"], "acme");
    assert_eq!(ben.get("/records/conversations").await.expect(200).body["total"], 0);
}

async fn asks_to_sign_in(stranger: &Person, method: &str, path: &str) {
    let answer = stranger.request(method, path, Some(json!({}))).await;
    assert_eq!((answer.status, answer.code()), (401, "not_signed_in"), "{method} {path}");
}

/// HARMONY-40
#[tokio::test]
async fn without_a_session_every_route_asks_to_sign_in() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmony").await;
    let anna = &workspace.anna;
    let record = workspace.record(anna, "conversations", "Kick-off").await;
    let mut asked = 0;
    for (path, methods) in routes(&server).await {
        if path.starts_with("/api/v1/workspaces/{ws}") {
            for method in methods {
                let path = filled(&path, "acme", &anna.id, &record);
                asks_to_sign_in(&server.anonymous(), &method, &path).await;
                asked += 1;
            }
        }
    }
    assert!(asked > 80, "{asked}");

    let guest = json!({"email": "gus@example.com", "role": "guest"});
    assert_eq!(anna.post("/invitations", guest).await.expect(422).pointers(), ["/role"]);
    let role = json!({"name": "Guest", "grants": ["conversations:read:all"]});
    let role = anna.post("/roles", role).await.expect(201).id();
    let _ = workspace.invite(anna, "gus", json!({"role": role})).await.expect(201);
    let link = format!("/api/v1/invitations/{}", workspace.token("gus").await);
    let gus = server.anonymous();
    // The link admits no one without an account, and shows only the invitation.
    let shown = gus.get(&link).await.expect(200);
    assert!(!shown.text.contains("Kick-off") && shown.header("set-cookie").is_empty());
    gus.post(&format!("{link}/accept"), json!({})).await.refused(401, "not_signed_in");
    let conversation = format!("/api/v1/workspaces/acme/records/conversations/{record}");
    gus.get(&conversation).await.refused(401, "not_signed_in");
    let cleo = server.sign_up("cleo").await;
    cleo.get(&conversation).await.refused(404, "not_found");
}

/// HARMONY-43
#[tokio::test]
async fn a_record_belongs_to_one_workspace_and_cannot_be_shared_with_another() {
    let server = TestServer::in_memory().await;
    let one = server.found("harmony").await;
    let other = further(&server, &one.anna, "anna", "other").await;
    let dan = other.join("dan", json!({"role": "member"})).await;
    for entity in ["conversations", "insights", "contacts", "accounts"] {
        let id = one.record(&one.anna, entity, "Quartz").await;
        let path = format!("/records/{entity}/{id}");
        let before = one.anna.get(&path).await.expect(200).body;

        // Neither a field nor an owner moves it into another workspace.
        for ask in [json!({"workspace": "other"}), json!({"workspaces": ["acme", "other"]})] {
            let _ = one.anna.patch(&path, ask).await.expect(422);
        }
        let owned = one.anna.patch(&path, json!({"owner": dan.id})).await.expect(422);
        assert_eq!(owned.pointers(), ["/owner"]);
        let ask = json!({"fields": one.fields(entity, "Mica"), "owner": dan.id});
        let _ = one.anna.post(&format!("/records/{entity}"), ask).await.expect(422);

        assert_eq!(one.anna.get(&path).await.expect(200).body, before);
        assert_eq!(other.anna.get(&format!("/records/{entity}")).await.body["total"], 0);
        other.anna.get(&path).await.refused(404, "not_found");
    }
    // A share link belongs to this workspace.
    let id = one.record(&one.anna, "conversations", "Kick-off").await;
    let path = format!("/records/conversations/{id}/share");
    let to_another = one.anna.post(&path, json!({"workspace": "other"})).await;
    to_another.refused(422, "invalid");
    let shared = one.anna.post(&path, json!({})).await.expect(201);
    assert!(shared.text("link").starts_with("/w/acme/"), "{}", shared.text);
    other.anna.get(&format!("/records/conversations/{id}")).await.refused(404, "not_found");
}

/// HARMONY-44
#[tokio::test]
async fn figures_cover_one_workspace() {
    let server = TestServer::in_memory().await;
    let one = server.found("harmony").await;
    let other = further(&server, &one.anna, "anna", "other").await;
    for (workspace, many) in [(&one, 1), (&other, 2)] {
        for entity in RECORDS {
            for _ in 0..many {
                let _ = workspace.record(&workspace.anna, entity, "Quartz").await;
            }
        }
    }

    for (workspace, many) in [(&one, 1), (&other, 2)] {
        let figures = workspace.anna.get("/dashboard").await.expect(200);
        let counts: Vec<_> = figures.items().iter().map(|one| one["count"].clone()).collect();
        assert_eq!(counts, vec![json!(many); RECORDS.len()]);
        let owners = workspace.anna.get("/reports/owners").await.expect(200).text;
        let (mine, theirs) = (&workspace.anna.id, if many == 1 { &other } else { &one });
        assert!(owners.contains(mine) && !owners.contains(&theirs.anna.id));
    }
    for (path, _) in routes(&server).await {
        let is_figure = ["dashboard", "reports"].iter().any(|word| path.contains(word));
        assert!(!is_figure || path.starts_with("/api/v1/workspaces/{ws}/"), "{path}");
    }
    for path in ["/api/v1/dashboard", "/api/v1/reports/owners", "/api/v1/workspaces/dashboard"]
    {
        assert_eq!(one.anna.get(path).await.status, 404, "{path}");
    }
}

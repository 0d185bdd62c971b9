//! Edit access: role, preset and level; in force from the next request.

use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

async fn support(server: &TestServer) -> (TestWorkspace<'_>, Person, String) {
    let workspace = server.found("halo").await;
    let ben = workspace.join("ben", json!({"role": "member", "preset": "support_agent"})).await;
    let path = format!("/members/{}", ben.id);
    (workspace, ben, path)
}

async fn levels_of(workspace: &TestWorkspace<'_>, preset: &str) -> Value {
    let presets = workspace.anna.get("/presets").await.expect(200);
    let found = presets.items().iter().find(|one| one["key"] == preset).unwrap();
    let levels = found["levels"].as_object().unwrap().iter();
    levels
        .filter(|(_, level)| *level != "none")
        .map(|(key, level)| (key.clone(), level.clone()))
        .collect()
}

/// HALO-181, HALO-189
#[tokio::test]
async fn a_new_role_is_saved_and_applies_from_the_next_request() {
    let server = TestServer::in_memory().await;
    let (workspace, ben, his) = support(&server).await;
    ben.get("/members").await.refused(403, "denied");

    let changed = workspace.anna.patch(&his, json!({"role": "admin"})).await.expect(200);
    assert_eq!((changed.text("role").as_str(), &changed.body["levels"]), ("admin", &json!({})));
    let _ = ben.get("/members").await.expect(200);
    let _ = ben.get("/records/automation").await.expect(200);

    let _ = workspace.anna.patch(&his, json!({"role": "member"})).await.expect(200);
    ben.get("/members").await.refused(403, "denied");
    // His former levels do not come back.
    ben.get("/records/inbox").await.refused(403, "denied");
    assert_eq!(workspace.anna.get(&his).await.text("role"), "member");
}

/// HALO-182, HALO-189
#[tokio::test]
async fn a_preset_replaces_every_level() {
    let server = TestServer::in_memory().await;
    let (workspace, ben, his) = support(&server).await;
    let _ = ben.get("/records/inbox").await.expect(200);
    ben.get("/records/automation").await.refused(403, "denied");

    let changed = workspace.anna.patch(&his, json!({"preset": "marketing"})).await.expect(200);

    assert_eq!(changed.text("preset"), "marketing");
    let kept = workspace.anna.get(&his).await.expect(200);
    assert_eq!(kept.body["levels"], levels_of(&workspace, "marketing").await);
    ben.get("/records/inbox").await.refused(403, "denied");
    let _ = ben.get("/records/automation").await.expect(200);
}

/// HALO-183, HALO-189
#[tokio::test]
async fn a_changed_level_shows_custom_and_the_exact_levels_show_the_preset_again() {
    let server = TestServer::in_memory().await;
    let (workspace, ben, his) = support(&server).await;
    let exact = levels_of(&workspace, "support_agent").await;
    let record = workspace.record(&workspace.anna, "inbox", "Hello").await;
    let close = format!("/records/inbox/{record}/actions/close");

    let mut tweaked = exact.clone();
    tweaked["inbox"] = json!("reply");
    let changed = workspace.anna.patch(&his, json!({"levels": tweaked})).await.expect(200);
    assert_eq!((&changed.body["preset"], &changed.body["levels"]), (&json!(null), &tweaked));
    ben.post(&close, json!({})).await.refused(403, "denied");
    assert_eq!(ben.get("/me").await.body["preset"], json!(null));

    let mut restored = exact;
    restored["settings"] = json!("none");
    let changed = workspace.anna.patch(&his, json!({"levels": restored})).await.expect(200);
    assert_eq!(changed.text("preset"), "support_agent");
    let _ = ben.post(&close, json!({})).await.expect(200);
    for wrong in
        [json!({"inbox": "edit"}), json!({"billing": "view"}), json!({"nothing": "view"})]
    {
        let _ = workspace.anna.patch(&his, json!({"levels": wrong})).await.expect(422);
    }
    assert_eq!(workspace.anna.get(&his).await.text("preset"), "support_agent");
}

/// HALO-165
#[tokio::test]
async fn a_later_change_of_a_preset_does_not_change_its_members() {
    let server = TestServer::in_memory().await;
    let (workspace, ben, his) = support(&server).await;
    let ask = json!({"role": "member", "preset": "support_agent"});
    let _ = workspace.invite(&workspace.anna, "cleo", ask.clone()).await.expect(201);
    let before = levels_of(&workspace, "support_agent").await;

    workspace
        .edit_blueprint("inbox = \"manage\"\ncontacts", "inbox = \"view\"\ncontacts")
        .await;

    let after = levels_of(&workspace, "support_agent").await;
    assert_eq!((&before["inbox"], &after["inbox"]), (&json!("manage"), &json!("view")));
    let kept = workspace.anna.get(&his).await.expect(200);
    assert_eq!((&kept.body["levels"], &kept.body["preset"]), (&before, &json!(null)));
    let record = workspace.record(&ben, "inbox", "Hello").await;
    let close = format!("/records/inbox/{record}/actions/close");
    let _ = ben.post(&close, json!({})).await.expect(200);
    let cleo = workspace.accept_as_new("cleo").await;
    assert_eq!(cleo.get("/me").await.body["levels"], before);
    let dan = workspace.join("dan", ask).await;
    assert_eq!(dan.get("/me").await.body["levels"], after);
}

//! Stages: whatever moves a record needs the actions of the stages that it leaves and enters.

use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::json;

const STAGES: [(&str, Option<&str>); 4] =
    [("open", None), ("answered", Some("reply")), ("closed", Some("close")), ("done", None)];

/// A workspace in which replying moves a conversation as well.
async fn workspace(server: &TestServer) -> TestWorkspace<'_> {
    let workspace = server.found("standard").await;
    let stages: Vec<_> = STAGES
        .iter()
        .map(|(key, by)| json!({"key": key, "name": key.to_uppercase(), "by": by}))
        .collect();
    let change = json!({"stages": stages});
    let path = "/schema/entities/conversations";
    let _ = workspace.anna.patch(path, change).await.expect(200);
    workspace
}

async fn holder(workspace: &TestWorkspace<'_>, name: &str, actions: &str) -> Person {
    let grants = [format!("conversations:{actions}:all")];
    let role = json!({"name": format!("Role of {name}"), "grants": grants});
    let role = workspace.anna.post("/roles", role).await.expect(201).id();
    workspace.join(name, json!({"role": role})).await
}

#[tokio::test]
async fn a_record_leaves_and_enters_stages_by_their_actions_alone() {
    let server = TestServer::in_memory().await;
    let workspace = workspace(&server).await;
    for (name, actions) in [
        ("ben", "create,read,update,reply"),
        ("cleo", "create,read,update,close"),
        ("dan", "create,read,reply,close"),
        ("eve", "create,read,update"),
    ] {
        let person = holder(&workspace, name, actions).await;
        let may = |action: &str| actions.split(',').any(|known| known == action);
        for (from, left_by) in STAGES {
            for (to, entered_by) in STAGES {
                let stage = json!({"owner": person.id, "stage": from});
                let anna = &workspace.anna;
                let record = workspace.record_with(anna, "conversations", stage, "Hi").await;
                let path = format!("/records/conversations/{record}");
                let named = [left_by, entered_by];
                let is_named = named.iter().any(Option::is_some);
                let stays = from == to;
                let all = named.iter().flatten().all(|action| may(action));

                let moved = match entered_by {
                    // The action that the stage names moves the record as an update would.
                    Some(action) => {
                        let by_action =
                            person.post(&format!("{path}/actions/{action}"), json!({})).await;
                        let expected = may(action) && (stays || all);
                        assert_eq!(
                            by_action.status == 200,
                            expected,
                            "{name} {action}: {from} to {to}"
                        );
                        let _ = anna.patch(&path, json!({"stage": from})).await.expect(200);
                        person.patch(&path, json!({"stage": to})).await
                    }
                    None => person.patch(&path, json!({"stage": to})).await,
                };

                let expected = if stays {
                    may("update")
                } else if is_named {
                    all
                } else {
                    may("update")
                };
                assert_eq!(moved.status == 200, expected, "{name}: {from} to {to}");
            }
            let new = json!({"fields": workspace.fields("conversations", "Hi"), "stage": from});
            let created = person.post("/records/conversations", new).await;
            let expected = left_by.is_none_or(may);
            assert_eq!(created.status == 201, expected, "{name}: new in {from}");
        }
    }
}

#[tokio::test]
async fn replying_does_not_reopen_what_only_closing_may() {
    let server = TestServer::in_memory().await;
    let workspace = workspace(&server).await;
    let ben = holder(&workspace, "ben", "create,read,reply").await;
    let stage = json!({"owner": ben.id, "stage": "closed"});
    let closed = workspace.record_with(&workspace.anna, "conversations", stage, "Hi").await;

    let path = format!("/records/conversations/{closed}/actions/reply");
    ben.post(&path, json!({"text": "One more thing"})).await.refused(403, "denied");

    let path = format!("/records/conversations/{closed}");
    let still = workspace.anna.get(&path).await.expect(200);
    assert_eq!(still.text("stage"), "closed");
}

#[tokio::test]
async fn the_action_of_a_stage_is_changed_by_those_who_hold_it() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let editor = json!({"role": "member", "levels": {"settings": "edit", "inbox": "reply"}});
    let editor = workspace.join("ben", editor).await;
    let stage = |key: &str, by: Option<&str>| json!({"key": key, "name": key, "open": key != "closed", "by": by});
    let stages = |closed: Option<&str>, more: Vec<serde_json::Value>| {
        let known = [stage("open", None), stage("waiting", None), stage("closed", closed)];
        json!({"stages": known.into_iter().chain(more).collect::<Vec<_>>()})
    };
    let path = "/schema/entities/inbox";

    for change in [
        stages(None, vec![]),
        stages(Some("reply"), vec![]),
        stages(Some("close"), vec![stage("answered", Some("reply"))]),
    ] {
        editor.patch(path, change.clone()).await.refused(403, "grant_ceiling");
        let _ = workspace.anna.patch(path, change).await.expect(200);
        let _ = workspace.anna.patch(path, json!({"stages": null})).await.expect(200);
    }
    let added = stages(Some("close"), vec![stage("later", None)]);
    let _ = editor.patch(path, added).await.expect(200);
}

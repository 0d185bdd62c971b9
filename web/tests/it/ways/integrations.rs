//! Integrations: connecting and disconnecting take their own permissions, in whatever request.

use hallpass_testkit::TestServer;
use serde_json::json;

#[tokio::test]
async fn each_change_of_a_connection_takes_its_own_permission() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let slack = json!({"kind": "slack", "name": "Slack"});
    let restore = json!({"connections": {"slack": slack, "mail": null}});
    for (name, actions, allowed) in [
        ("ben", "read,update", [false, true, false, false, false]),
        ("cleo", "read,create", [true, false, false, false, false]),
        ("dan", "read,delete", [false, false, true, true, false]),
        ("eve", "read,create,delete", [true, false, true, true, true]),
    ] {
        let role = json!({"name": name, "grants": [format!("integrations:{actions}:all")]});
        let role = workspace.anna.post("/roles", role).await.expect(201).id();
        let person = workspace.join(name, json!({"role": role})).await;
        let mail = json!({"kind": "mail", "name": "Mail"});
        for (change, expected) in [
            json!({"connections": {"mail": mail}}),
            json!({"connections": {"slack": {"name": "Chat"}}}),
            json!({"connections": {"slack": null}}),
            json!({"connections": null}),
            json!({"connections": {"slack": null, "mail": mail}}),
        ]
        .into_iter()
        .zip(allowed)
        {
            let path = "/settings/integrations";
            let _ = workspace.anna.patch(path, restore.clone()).await.expect(200);

            let answer = person.patch(path, change.clone()).await;

            assert_eq!(answer.status == 200, expected, "{actions}: {change}");
            if !expected {
                answer.refused(403, "denied");
            }
        }
    }
}

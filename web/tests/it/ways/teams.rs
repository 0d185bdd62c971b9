//! Putting members into teams takes the permission to update teams, in whatever request.

use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::json;

const PEOPLE: &str = "team:read,create,update:all";

async fn role(workspace: &TestWorkspace<'_>, name: &str, grants: &[&str]) -> String {
    let role = json!({"name": name, "grants": grants});
    workspace.anna.post("/roles", role).await.expect(201).id()
}

async fn with_role(workspace: &TestWorkspace<'_>, name: &str, grants: &[&str]) -> Person {
    let role = role(workspace, name, grants).await;
    workspace.join(name, json!({"role": role})).await
}

#[tokio::test]
async fn teams_of_a_member_are_set_by_those_who_may_update_teams() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let plain = role(&workspace, "Plain", &["contacts:read:own"]).await;
    let ben = workspace.join("ben", json!({"role": plain})).await;
    let (one, both) = ([PEOPLE, "contacts:read:own"], ["teams:update:all"]);
    let ed = with_role(&workspace, "ed", &one).await;
    let flo = with_role(&workspace, "flo", &[&one[..], &both[..]].concat()).await;
    let team = anna.post("/teams", json!({"name": "North"})).await.expect(201).id();
    let (path, join) = (format!("/members/{}", ben.id), json!({"teams": [team]}));
    let route = format!("/teams/{team}/members/{}", ben.id);

    for (person, status) in [(&ed, 403), (&flo, 200)] {
        let joined = person.patch(&path, join.clone()).await;
        assert_eq!(joined.status, status, "{}", joined.text);
        let by_route = person.put(&route, json!({})).await.status;
        assert_eq!(by_route == 403, status == 403, "{by_route}");
    }
    // The same teams again are no change of teams.
    let _ = ed.patch(&path, join).await.expect(200);
    ed.patch(&path, json!({"teams": []})).await.refused(403, "denied");

    let ask = json!({"role": plain, "teams": [team]});
    workspace.invite(&ed, "gus", ask.clone()).await.refused(403, "denied");
    let sent = workspace.invite(&flo, "gus", ask).await.expect(201).id();
    ed.post(&format!("/invitations/{sent}/resend"), json!({})).await.refused(403, "denied");
    let _ = workspace.invite(&ed, "ina", json!({"role": plain})).await.expect(201);
}

#[tokio::test]
async fn an_invitation_into_a_team_lapses_with_the_permission_of_its_sender() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let plain = role(&workspace, "Plain", &["contacts:read:own"]).await;
    let grants = [PEOPLE, "contacts:read:own", "teams:update:all"];
    let leading = role(&workspace, "Leading", &grants).await;
    let flo = workspace.join("flo", json!({"role": leading})).await;
    let team = anna.post("/teams", json!({"name": "North"})).await.expect(201).id();
    let ask = json!({"role": plain, "teams": [team]});
    let sent = workspace.invite(&flo, "gus", ask).await.expect(201).id();
    let _ = workspace.invite(&flo, "ina", json!({"role": plain})).await.expect(201);
    let gus = server.sign_up("gus").await;
    let ina = server.sign_up("ina").await;

    let less = json!({"grants": &grants[..2]});
    let _ = anna.patch(&format!("/roles/{leading}"), less).await.expect(200);

    let listed = anna.get("/invitations").await.expect(200);
    let shown = listed.items().iter().find(|one| one["id"] == sent.as_str()).unwrap();
    assert!(!shown["outdated"].is_null(), "{shown}");
    workspace.accept(&gus, "gus").await.refused(409, "invitation_outdated");
    let _ = workspace.accept(&ina, "ina").await.expect(201);
}

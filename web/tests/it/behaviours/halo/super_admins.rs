//! At least one Super Admin, always.

use hallpass_app::operation::Operator;
use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::json;

async fn super_admins(person: &Person) -> Vec<String> {
    person.get("/members?role=super_admin").await.expect(200).each("first_name")
}

async fn workspace(server: &TestServer) -> (TestWorkspace<'_>, Person) {
    let workspace = server.found("halo").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    // The billing flag has a guard of its own, so another member holds it here.
    let _ = workspace.anna.post("/billing/contact", json!({"to": ben.id})).await.expect(204);
    (workspace, ben)
}

/// HALO-030, HALO-033, HALO-186
#[tokio::test]
async fn the_last_super_admin_cannot_step_down() {
    let server = TestServer::in_memory().await;
    let (workspace, ben) = workspace(&server).await;
    let mine = format!("/members/{}", workspace.anna.id);
    for role in ["admin", "member"] {
        let refused = workspace.anna.patch(&mine, json!({"role": role})).await;
        refused.refused(409, "last_top_role");
        let hint = "promote a member to Super Admin first";
        assert!(refused.text("detail").contains(hint), "{}", refused.text);
    }
    assert_eq!(super_admins(&workspace.anna).await, ["Anna"]);

    let path = format!("/members/{}", ben.id);
    let _ = workspace.anna.patch(&path, json!({"role": "super_admin"})).await.expect(200);
    let _ = workspace.anna.patch(&mine, json!({"role": "admin"})).await.expect(200);

    assert_eq!(super_admins(&ben).await, ["Ben"]);
    assert_eq!(workspace.anna.get("/me").await.text("role"), "admin");
}

/// HALO-031, HALO-193
#[tokio::test]
async fn the_only_super_admin_cannot_be_removed_before_another_is_promoted() {
    let server = TestServer::in_memory().await;
    let (workspace, ben) = workspace(&server).await;
    let mine = format!("/members/{}", workspace.anna.id);

    let own = workspace.anna.delete(&mine).await;
    own.refused(409, "last_top_role");
    let hint = "promote a member to Super Admin first";
    assert!(own.text("detail").contains(hint), "{}", own.text);
    ben.delete(&mine).await.refused(403, "may_not_touch");
    let mut operator = server.app.enter_as(&Operator::default(), "acme").await.unwrap();
    let refused =
        operator.members().remove(workspace.anna.id.parse().unwrap()).await.unwrap_err();
    assert!(refused.to_string().contains(hint), "{refused}");
    drop(operator);
    assert_eq!(super_admins(&workspace.anna).await, ["Anna"]);

    let path = format!("/members/{}", ben.id);
    let _ = workspace.anna.patch(&path, json!({"role": "super_admin"})).await.expect(200);
    let _ = ben.delete(&mine).await.expect(204);
    assert_eq!(super_admins(&ben).await, ["Ben"]);
}

/// HALO-032
#[tokio::test]
async fn no_path_leaves_a_workspace_without_a_super_admin() {
    let server = TestServer::in_memory().await;
    let (workspace, ben) = workspace(&server).await;
    let (anna, mine) = (&workspace.anna, format!("/members/{}", workspace.anna.id));

    anna.patch(&mine, json!({"role": "admin"})).await.refused(409, "last_top_role");
    let access = json!({"role": "member", "preset": "analyst"});
    anna.patch(&mine, access).await.refused(409, "last_top_role");
    anna.delete(&mine).await.refused(409, "last_top_role");
    assert_eq!(anna.post("/leave", json!({})).await.status, 409);
    let path = format!("{mine}/deactivate");
    assert_eq!(anna.post(&path, json!({})).await.status, 409);
    assert_eq!(anna.post("/ownership", json!({"to": ben.id})).await.status, 403);
    let deleted = anna.delete_with("/api/v1/me", json!({"confirm": "DELETE"})).await;
    deleted.refused(409, "last_top_role");
    assert!(deleted.text("detail").contains("`Acme`"), "{}", deleted.text);
    ben.patch(&mine, json!({"role": "member"})).await.refused(403, "may_not_touch");

    assert_eq!(super_admins(anna).await, ["Anna"]);
    assert_eq!(server.sign_up("zoe").await.get("/api/v1/workspaces/acme").await.status, 404);
}

/// HALO-032
#[tokio::test(flavor = "multi_thread")]
async fn of_two_super_admins_who_leave_at_once_one_stays() {
    for way in ["demote", "remove", "delete accounts"] {
        let server = TestServer::on_file().await;
        let workspace = server.found("halo").await;
        let ben = workspace.join("ben", json!({"role": "super_admin"})).await;
        let cleo = workspace.join("cleo", json!({"role": "admin"})).await;
        let flag = json!({"to": cleo.id});
        let _ = workspace.anna.post("/billing/contact", flag).await.expect(204);
        let (his, hers) =
            (format!("/members/{}", ben.id), format!("/members/{}", workspace.anna.id));
        let (down, sure) = (json!({"role": "admin"}), json!({"confirm": "DELETE"}));

        let (one, other) = match way {
            "demote" => {
                tokio::join!(workspace.anna.patch(&his, down.clone()), ben.patch(&hers, down))
            }
            "remove" => tokio::join!(workspace.anna.delete(&his), ben.delete(&hers)),
            _ => tokio::join!(
                workspace.anna.delete_with("/api/v1/me", sure.clone()),
                ben.delete_with("/api/v1/me", sure)
            ),
        };

        let done = [&one, &other].into_iter().filter(|answer| answer.status < 300).count();
        assert_eq!(done, 1, "{way}: {} {}", one.text, other.text);
        assert_eq!(super_admins(&cleo).await.len(), 1, "{way}");
    }
}

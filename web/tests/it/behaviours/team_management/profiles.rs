//! A user's profile: what it shows, what users change themselves, what others change.

use hallpass_testkit::{TestServer, test_server::PASSWORD};
use serde_json::{Value, json};

const PICTURE: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAHLCMmQAAAABJRU5ErkJggg==";

/// CRM-197..CRM-201
#[tokio::test]
async fn a_profile_shows_name_address_picture_and_role() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "manager"})).await;
    let own = json!({"first_name": "Benedict", "last_name": "Ost", "picture": PICTURE});
    let _ = ben.patch("/api/v1/me", own).await.expect(200);
    let path = format!("/members/{}", ben.id);

    for person in [&workspace.anna, &ben] {
        let profile = person.get(&path).await.expect(200);
        assert_eq!(profile.text("first_name"), "Benedict");
        assert_eq!(profile.text("last_name"), "Ost");
        assert_eq!(profile.text("email"), "ben@example.com");
        assert_eq!(profile.text("picture"), PICTURE);
        assert_eq!(profile.text("role"), "manager");
        assert_eq!(profile.text("role_name"), "Manager");
    }
    ben.get(&format!("/members/{}", workspace.anna.id)).await.refused(403, "denied");
}

/// CRM-203, CRM-204
#[tokio::test]
async fn users_change_their_own_name_and_picture() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let path = format!("/members/{}", ben.id);

    let change = json!({"first_name": "Bo", "last_name": "West", "picture": PICTURE});
    let _ = ben.patch("/api/v1/me", change).await.expect(200);

    let me = ben.get("/api/v1/me").await.expect(200);
    assert_eq!((me.text("first_name"), me.text("last_name")), ("Bo".into(), "West".into()));
    assert_eq!(me.text("picture"), PICTURE);
    assert_eq!(workspace.anna.get(&path).await.text("name"), "Bo West");
    for wrong in [
        json!({"first_name": ""}),
        json!({"picture": "https://example.com/ben.png"}),
        json!({"picture": "data:image/svg+xml;base64,PHN2Zz4="}),
    ] {
        let _ = ben.patch("/api/v1/me", wrong).await.expect(422);
    }
    let _ = ben.patch("/api/v1/me", json!({"picture": null})).await.expect(200);
    let seen = workspace.anna.get(&path).await.expect(200);
    assert_eq!((&seen.body["picture"], seen.text("name")), (&Value::Null, "Bo West".into()));
}

/// CRM-205
#[tokio::test]
async fn users_change_their_own_password() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let new = "staple battery horse";
    let wrong = json!({"present": "not this one at all", "new": new});
    ben.put("/api/v1/me/password", wrong).await.refused(422, "wrong_password");

    let right = json!({"present": PASSWORD, "new": new});
    let _ = ben.put("/api/v1/me/password", right).await.expect(204);

    let with = |password: &str| json!({"email": "ben@example.com", "password": password});
    let stranger = server.anonymous();
    stranger.post("/api/v1/sessions", with(PASSWORD)).await.refused(401, "bad_credentials");
    let _ = stranger.post("/api/v1/sessions", with(new)).await.expect(201);
}

/// CRM-207
#[tokio::test]
async fn users_change_their_notifications() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let before = ben.get("/api/v1/me").await.expect(200).body["notifications"].clone();
    assert_eq!(before["invitation_accepted"], true);

    let change = json!({"notifications": {"invitation_accepted": false}});
    let _ = ben.patch("/api/v1/me", change).await.expect(200);

    let after = ben.get("/api/v1/me").await.expect(200).body["notifications"].clone();
    assert_eq!(after["invitation_accepted"], false);
    assert_eq!(after["workspace_deleted"], before["workspace_deleted"]);
    let unsent = json!({"notifications": {"mentions": true}});
    let refused = ben.patch("/api/v1/me", unsent).await;
    assert_eq!(refused.body["errors"][0]["code"], "bad_notification", "{}", refused.text);
    let hers = workspace.anna.get("/api/v1/me").await.expect(200);
    assert_eq!(hers.body["notifications"], before);
}

/// CRM-208
#[tokio::test]
async fn users_cannot_change_their_own_role_or_status() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    for (name, role) in [("ben", "user"), ("cleo", "manager"), ("dan", "admin")] {
        let person = workspace.join(name, json!({"role": role})).await;
        let path = format!("/members/{}", person.id);
        for other in ["user", "manager", "admin"].into_iter().filter(|other| *other != role) {
            let refused = person.patch(&path, json!({"role": other})).await;
            assert_eq!(refused.status, 403, "{}", refused.text);
        }
        let refused = person.post(&format!("{path}/deactivate"), json!({})).await;
        let expected = if role == "admin" { 409 } else { 403 };
        assert_eq!(refused.status, expected, "{}", refused.text);
        for field in ["role", "status"] {
            let _ = person.patch("/api/v1/me", json!({field: "admin"})).await.expect(422);
        }
        let seen = workspace.anna.get(&path).await.expect(200);
        assert_eq!((seen.text("role"), seen.text("status")), (role.into(), "active".into()));
    }
}

/// CRM-209
#[tokio::test]
async fn the_email_address_is_shown_but_not_editable() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let path = format!("/members/{}", ben.id);

    let other = json!({"email": "other@example.com"});
    let own = ben.patch("/api/v1/me", other.clone()).await.expect(422);
    let by_the_owner = workspace.anna.patch(&path, other).await.expect(422);

    assert_eq!((own.pointers(), by_the_owner.pointers()), (vec!["/email"], vec!["/email"]));
    assert_eq!(ben.get("/api/v1/me").await.text("email"), "ben@example.com");
    assert_eq!(workspace.anna.get(&path).await.text("email"), "ben@example.com");
}

/// CRM-210
#[tokio::test]
async fn admins_change_the_role_of_a_user() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let admin = workspace.join("ada", json!({"role": "admin"})).await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let path = format!("/members/{}", ben.id);

    let _ = admin.patch(&path, json!({"role": "manager"})).await.expect(200);

    assert_eq!(ben.get("/me").await.text("role"), "manager");
    assert_eq!(admin.get(&path).await.text("role_name"), "Manager");
    admin.patch(&path, json!({"role": "admin"})).await.refused(403, "may_not_give");
    assert_eq!(ben.get("/me").await.text("role"), "manager");
}

/// CRM-212
#[tokio::test]
async fn users_cannot_set_the_password_factors_or_notifications_of_others() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let admin = workspace.join("ada", json!({"role": "admin"})).await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let before = ben.get("/api/v1/me").await.expect(200).body;
    let path = format!("/members/{}", ben.id);

    for person in [&workspace.anna, &admin] {
        for (field, value) in [
            ("password", json!("staple battery horse")),
            ("notifications", json!({"invitation_accepted": false})),
            ("two_factor", json!(false)),
        ] {
            let refused = person.patch(&path, json!({field: value})).await.expect(422);
            assert_eq!(refused.pointers(), [format!("/{field}")]);
        }
        for part in ["password", "totp", "two_factor", "notifications", "passkeys"] {
            for base in [path.clone(), format!("/api/v1/accounts/{}", before["id"])] {
                for method in ["PUT", "POST", "PATCH", "DELETE"] {
                    let path = format!("{base}/{part}").replace('"', "");
                    let tried = person.request(method, &path, Some(json!({}))).await;
                    assert!(
                        matches!(tried.status, 404 | 405),
                        "{method} {path}: {}",
                        tried.text
                    );
                }
            }
        }
    }

    let after = ben.get("/api/v1/me").await.expect(200).body;
    assert_eq!(after["notifications"], before["notifications"]);
    assert_eq!(after["two_factor"], before["two_factor"]);
    let his = json!({"email": "ben@example.com", "password": PASSWORD});
    let _ = server.anonymous().post("/api/v1/sessions", his).await.expect(201);
}

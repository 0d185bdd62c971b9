//! Settings have an effect: each key that can be set is tested for one, and a key without a test fails.

use hallpass_domain::account::NOTIFICATIONS;
use hallpass_domain::mail_template::MailStyle;
use hallpass_domain::setting::Area;
use hallpass_domain::time::Span;
use hallpass_domain::zone::Zone;
use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

use crate::sign_in_policy;

const LOGO: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAHLCMmQAAAABJRU5ErkJggg==";

async fn set(person: &Person, area: Area, key: &str, value: Value) {
    let path = format!("/settings/{}", area.word());
    let _ = person.patch(&path, json!({ key: value })).await.expect(200);
}

/// Every member sees a value of the workspace.
async fn is_shown(workspace: &TestWorkspace<'_>, area: Area, key: &str, value: Value) {
    set(&workspace.anna, area, key, value.clone()).await;
    let shown =
        workspace.join("ben", json!({"role": "member"})).await.get("").await.expect(200);
    let place = if area == Area::Branding { &shown.body["branding"] } else { &shown.body };
    assert_eq!(place[key], value, "{} {key}", area.word());
}

/// A value that programs read, without its secrets.
async fn is_kept(workspace: &TestWorkspace<'_>, area: Area, key: &str, value: Value) {
    set(&workspace.anna, area, key, value.clone()).await;
    let shown = workspace.anna.get(&format!("/settings/{}", area.word())).await.expect(200);
    let (name, kept) = value.as_object().unwrap().iter().next().unwrap();
    let shown = &shown.body[key][name];
    assert_eq!(shown.get("kind"), kept.get("kind"), "{} {key}", area.word());
    assert!(!shown.to_string().contains("s3cret"), "{shown}");
}

async fn members_land_on_it(workspace: &TestWorkspace<'_>) {
    let me = workspace.anna.get("/me").await.expect(200);
    let page = me.body["navigation"].as_array().unwrap().last().unwrap().clone();
    assert_ne!(me.body["landing_page"], page);
    set(&workspace.anna, Area::General, "landing", page.clone()).await;
    assert_eq!(workspace.anna.get("/me").await.body["landing_page"], page);
}

/// A record of the last minutes of a month in UTC belongs to the next month in Berlin.
async fn months_are_those_of_the_zone(workspace: &TestWorkspace<'_>) {
    let server = workspace.server;
    // Half an hour before the end of the month.
    let first = server.app.now();
    let next = Zone::default().start_of_month(first.month() + 1).unwrap();
    server.clock.advance(Span((next - first).0 - Span::minutes(30).0));
    let anna = server.anonymous();
    let password = hallpass_testkit::test_server::PASSWORD;
    let body = json!({"email": "anna@example.com", "password": password});
    let _ = anna.post("/api/v1/sessions", body).await.expect(201);
    let anna = anna.at("acme").await;
    let _ = workspace.record(&anna, "opportunities", "Late").await;
    let months = async || {
        let report = anna.get("/reports/months?entity=opportunities").await.expect(200);
        let board = anna.get("/dashboard").await.expect(200);
        let board =
            board.items().iter().find(|one| one["entity"] == "opportunities").unwrap().clone();
        let of = |groups: &Value| groups[0]["key"].as_str().unwrap().to_owned();
        (of(&report.items()[0]["groups"]), of(&board["by_month"]))
    };
    let word = |month: i64| format!("{:04}-{:02}", month / 12, month % 12 + 1);
    let (utc, berlin) = (word(first.month()), word(first.month() + 1));
    assert_eq!(months().await, (utc.clone(), utc));

    set(&anna, Area::General, "time_zone", json!("Europe/Berlin")).await;

    assert_eq!(months().await, (berlin.clone(), berlin.clone()));
    let export = anna.get("/records/opportunities/export").await.expect(200).text;
    assert!(export.contains(&format!("{berlin}-01T")), "{export}");
    let settings = anna.get("/settings/general").await.expect(200).body;
    let style = MailStyle::of(json!({"general": settings}).as_object().unwrap());
    assert!(style.zone.in_words(server.app.now()).contains(":30 CE"));
}

async fn mails_end_with_it(workspace: &TestWorkspace<'_>) {
    set(&workspace.anna, Area::Branding, "mail_footer", json!("Acme AG")).await;
    let branding = workspace.anna.get("/settings/branding").await.expect(200).body;
    let style = MailStyle::of(json!({ "branding": branding }).as_object().unwrap());
    assert_eq!(style.footer.as_deref(), Some("Acme AG"));
}

async fn only_those_domains_are_invited(workspace: &TestWorkspace<'_>) {
    let elsewhere =
        |name: &str| json!({"email": format!("{name}@acme.example"), "role": "member"});
    let _ = workspace.anna.post("/invitations", elsewhere("ben")).await.expect(201);
    let path = "/settings/authentication";
    let only = |domain: &str| json!({"allowed_domains": [domain]});
    let refused = workspace.anna.patch(path, only("acme.example")).await;
    assert_eq!(refused.body["errors"][0]["code"], "excludes_you", "{}", refused.text);
    set(&workspace.anna, Area::Authentication, "allowed_domains", json!(["EXAMPLE.com"])).await;

    let refused = workspace.anna.post("/invitations", elsewhere("cleo")).await;
    assert_eq!(refused.status, 422, "{}", refused.text);
    let here = json!({"email": "dan@Example.com", "role": "member"});
    let _ = workspace.anna.post("/invitations", here).await.expect(201);
    // An invitation from before is not accepted either.
    let token = workspace.server.last_token("invitation", "ben@acme.example").await;
    let path = format!("/api/v1/invitations/{token}/accept");
    let password = hallpass_testkit::test_server::PASSWORD;
    let body = json!({"first_name": "Ben", "password": password});
    workspace.server.anonymous().post(&path, body).await.refused(409, "invitation_outdated");
}

#[tokio::test]
async fn every_setting_has_an_effect() {
    for area in Area::EVERY {
        for key in area.keys() {
            let server = TestServer::in_memory().await;
            let workspace = server.found("standard").await;
            let connection =
                json!({"one": {"kind": "slack", "name": "One", "config": {"token": "s3cret"}}});
            match (area.word(), key) {
                ("general" | "branding", "logo") => {
                    is_shown(&workspace, area, key, json!(LOGO)).await;
                }
                ("general", "handbook") => {
                    is_shown(&workspace, area, key, json!("Be kind.")).await;
                }
                ("general", "locale") => is_shown(&workspace, area, key, json!("de")).await,
                ("general", "currency") => is_shown(&workspace, area, key, json!("CHF")).await,
                ("general", "time_zone") => {
                    is_shown(&workspace, area, key, json!("UTC")).await;
                    months_are_those_of_the_zone(&workspace).await;
                }
                ("general", "landing") => members_land_on_it(&workspace).await,
                ("branding", "colour") => {
                    is_shown(&workspace, area, key, json!("#336699")).await;
                }
                ("branding", "mail_footer") => mails_end_with_it(&workspace).await,
                ("integrations", "connections") | ("intelligence", "providers") => {
                    is_kept(&workspace, area, key, connection).await;
                }
                ("intelligence", "models") => {
                    is_kept(&workspace, area, key, json!({"answers": "one/large"})).await;
                }
                ("authentication", "allowed_domains") => {
                    only_those_domains_are_invited(&workspace).await;
                }
                ("authentication", "require_second_factor") => {
                    sign_in_policy::a_second_factor_is_asked_from_its_day(&workspace).await;
                }
                ("security", "idle_minutes") => {
                    sign_in_policy::an_unused_session_is_not_good(&workspace).await;
                }
                ("security", "absolute_minutes") => {
                    sign_in_policy::an_old_sign_in_is_not_good(&workspace).await;
                }
                ("security", "step_up_minutes") => {
                    sign_in_policy::a_recent_sign_in_is_as_young_as_set(&workspace).await;
                }
                ("security", "allowed_networks") => {
                    sign_in_policy::only_those_networks_enter(&workspace).await;
                }
                // The effect takes an identity provider: console/tests/it/sign_on.rs.
                ("authentication", "require_sso") => {
                    let change = json!({ key: true });
                    let refused =
                        workspace.anna.patch("/settings/authentication", change).await;
                    refused.refused(409, "connection_untested");
                }
                ("authentication", "allow_sso_sign_up") => {
                    set(&workspace.anna, area, key, json!(true)).await;
                }
                (area, key) => panic!("`{key}` of `{area}` has no test of its effect"),
            }
        }
    }
}

#[tokio::test]
async fn what_nothing_enforces_cannot_be_set() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let refused =
        workspace.anna.patch("/settings/authentication", json!({"require_sso": true})).await;
    refused.refused(409, "connection_untested");
    let harmony = server.found_as("zoe", "harmony", "harmony").await;
    let shared = json!({"name": "Sales", "record_sharing": "all"});
    let refused = harmony.anna.post("/teams", shared).await;
    assert_eq!(refused.body["errors"][0]["code"], "not_available", "{}", refused.text);
    let team = harmony.anna.post("/teams", json!({"name": "Sales"})).await.expect(201);
    let shared = json!({"record_sharing": "all"});
    let refused = harmony.anna.patch(&format!("/teams/{}", team.id()), shared).await;
    assert_eq!(refused.body["errors"][0]["code"], "not_available", "{}", refused.text);
}

/// The kinds of mail that were queued for a person.
async fn mails_to(server: &TestServer, name: &str) -> Vec<String> {
    let mails = server.mails().await;
    let to = format!("{name}@example.com");
    let mails = mails.iter().filter(|(address, _)| *address == to);
    mails.map(|(_, mail)| mail["kind"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_notification_is_sent_unless_it_is_switched_off() {
    for is_on in [true, false] {
        let server = TestServer::in_memory().await;
        let workspace = server.found("standard").await;
        let choices: serde_json::Map<String, Value> =
            NOTIFICATIONS.iter().map(|(key, _)| ((*key).to_owned(), json!(is_on))).collect();
        let change = json!({ "notifications": choices });
        let _ = workspace.anna.patch("/api/v1/me", change).await.expect(200);

        let ben = workspace.join("ben", json!({"role": "admin"})).await;
        let _ = workspace.anna.post("/ownership", json!({"to": ben.id})).await.expect(204);
        let _ = ben.post("/ownership", json!({"to": workspace.anna.id})).await.expect(204);
        let at = (server.app.now() + Span::days(15)).to_string();
        let key = json!({"name": "Import", "expires_at": at});
        let _ = workspace.anna.post("/api-keys", key).await.expect(201);
        server.advance_days(1);
        let _ = server.app.api_key_reminders().send_due().await.unwrap();
        workspace.reauthenticate(&workspace.anna).await;
        let _ = workspace.anna.delete_with("", json!({"confirm": "acme"})).await.expect(204);

        let kinds = mails_to(&server, "anna").await;
        for (key, _) in NOTIFICATIONS {
            let kind = if key == "workspace_deleted" { "workspace_deletion" } else { key };
            assert_eq!(kinds.iter().any(|one| one == kind), is_on, "{key} {kinds:?}");
        }
    }
}

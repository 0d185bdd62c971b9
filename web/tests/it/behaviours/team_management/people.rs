//! The list of users: found by name or address, reviewed by what they may.

use hallpass_domain::time::Span;
use hallpass_testkit::{Office, Town};
use serde_json::{Value, json};

async fn found(office: &Office<'_>, query: &str) -> Vec<String> {
    let page = office.anna.get(&format!("/members?{query}")).await.expect(200);
    assert_eq!(page.body["total"], page.items().len());
    page.each("first_name")
}

/// CRM-127, CRM-135, CRM-145
#[tokio::test]
async fn a_user_is_found_by_a_part_of_name_or_address() {
    let town = Town::in_memory().await;
    let office = town.found("team-management").await;
    let ben = office.join("ben", json!({"role": "user"})).await;
    let cleo = office.join("cleo", json!({"role": "user"})).await;
    let name = json!({"first_name": "Renée", "last_name": "Zürcher"});
    let _ = cleo.patch("/api/v1/me", name).await.expect(200);

    for (query, expected) in [
        ("q=ben", &["Ben"][..]),
        ("q=BEN", &["Ben"]),
        ("q=z%C3%9Crch", &["Renée"]),
        ("q=cleo@exam", &["Renée"]),
        ("q=example.com", &["Anna", "Ben", "Renée"]),
        ("q=nobody", &[]),
        ("q=%25", &[]),
    ] {
        assert_eq!(found(&office, query).await, expected, "{query}");
    }
    ben.get("/members?q=ben").await.refused(403, "denied");
}

/// CRM-145
#[tokio::test]
async fn an_inactive_user_is_found_too() {
    let town = Town::in_memory().await;
    let office = town.found("team-management").await;
    let ben = office.join("ben", json!({"role": "user"})).await;
    let _cleo = office.join("cleo", json!({"role": "user"})).await;
    let path = format!("/members/{}/deactivate", ben.id);
    let _ = office.anna.post(&path, json!({})).await.expect(200);

    assert_eq!(found(&office, "q=ben").await, ["Ben"]);
    assert_eq!(found(&office, "q=ben&status=inactive").await, ["Ben"]);
    assert_eq!(found(&office, "q=ben&status=active").await, [""; 0]);
    assert_eq!(found(&office, "status=inactive").await, ["Ben"]);
    assert_eq!(found(&office, "").await, ["Anna", "Ben", "Cleo"]);
}

/// CRM-216
#[tokio::test]
async fn users_are_reviewed_by_last_visit_role_level_and_rights() {
    let town = Town::in_memory().await;
    let office = town.found("team-management").await;
    let ben = office.join("ben", json!({"role": "manager"})).await;
    let path = format!("/members/{}", ben.id);
    let _ = office.anna.patch(&path, json!({"visibility": "all"})).await.expect(200);
    let came = ben.get("/me").await.expect(200).text("joined_at");
    town.clock.pass(Span::minutes(30));
    let _ = ben.get("/records/contacts").await.expect(200);

    let review = office.anna.get("/members").await.expect(200);

    assert_eq!(review.each("role"), ["owner", "manager"]);
    assert_eq!(review.each("visibility"), ["own", "all"]);
    assert_eq!(review.each("status"), ["active", "active"]);
    let seen = review.each("last_seen");
    assert_eq!(seen[1], "2026-03-15T12:30:00Z", "came at {came}");
    let rights = office.anna.get(&format!("{path}/access")).await.expect(200);
    let right = |resource: &str, action: &str| -> Value {
        let rights = rights.items().iter();
        let mut fits =
            rights.filter(|one| one["resource"] == resource && one["action"] == action);
        fits.next().map_or(Value::Null, |one| one["reach"].clone())
    };
    assert_eq!(right("contacts", "read"), "all");
    assert_eq!(right("contacts", "delete"), "own + assigned");
    assert_eq!(right("team", "read"), Value::Null);
    ben.get("/members").await.refused(403, "denied");
}

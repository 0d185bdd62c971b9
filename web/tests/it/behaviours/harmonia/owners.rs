//! At least one owner, always; any number of them.

use hallpass_testkit::Town;
use serde_json::json;

/// HARMONIA-02, HARMONIA-03
#[tokio::test]
async fn whoever_founds_an_organization_owns_it_and_no_seat_is_counted() {
    let town = Town::in_memory().await;
    let office = town.found("harmonia").await;

    let members = office.anna.get("/members").await.expect(200);
    assert_eq!(members.each("role"), ["owner"]);

    let emails: Vec<String> = (0..50).map(|n| format!("person{n}@example.com")).collect();
    let invited = office
        .anna
        .post("/invitations", json!({"emails": emails, "role": "member"}))
        .await
        .expect(201);
    assert_eq!(invited.items().len(), 50);
}

/// HARMONIA-31, HARMONIA-32
#[tokio::test]
async fn promoting_others_to_owner_demotes_nobody() {
    let town = Town::in_memory().await;
    let office = town.found("harmonia").await;
    for name in ["ben", "cleo", "dan"] {
        let person = office.join(name, json!({"role": "member"})).await;
        let path = format!("/members/{}", person.id);
        let _ = office.anna.patch(&path, json!({"role": "owner"})).await.expect(200);
    }

    let members = office.anna.get("/members").await.expect(200);
    assert_eq!(members.each("role"), ["owner"; 4]);
}

/// HARMONIA-33, HARMONIA-34
#[tokio::test]
async fn an_owner_steps_down_only_beside_another() {
    let town = Town::in_memory().await;
    let office = town.found("harmonia").await;
    let mine = format!("/members/{}", office.anna.id);
    let down = json!({"role": "admin"});
    office.anna.patch(&mine, down.clone()).await.refused(409, "last_top_role");

    let _ben = office.join("ben", json!({"role": "owner"})).await;

    let _ = office.anna.patch(&mine, down).await.expect(200);
}

/// HARMONIA-01, HARMONIA-35
#[tokio::test]
async fn the_last_owner_goes_by_no_door() {
    let town = Town::in_memory().await;
    let office = town.found("harmonia").await;
    let ben = office.join("ben", json!({"role": "admin"})).await;
    let (anna, mine) = (&office.anna, format!("/members/{}", office.anna.id));

    anna.patch(&mine, json!({"role": "member"})).await.refused(409, "last_top_role");
    anna.patch(&mine, json!({"role": "admin"})).await.refused(409, "last_top_role");
    anna.delete(&mine).await.refused(409, "last_top_role");
    anna.post("/leave", json!({})).await.refused(409, "last_top_role");
    let left = anna.delete_with("/api/v1/me", json!({"confirm": "DELETE"})).await;
    left.refused(409, "last_top_role");
    assert!(left.text("detail").contains("`Acme`"), "{}", left.text);
    ben.delete(&mine).await.refused(403, "may_not_touch");

    let members = anna.get("/members?role=owner").await.expect(200);
    assert_eq!(members.body["total"], 1);
}

/// HARMONIA-36
#[tokio::test(flavor = "multi_thread")]
async fn of_two_owners_who_demote_each_other_one_stays() {
    let town = Town::on_file().await;
    let office = town.found("harmonia").await;
    let ben = office.join("ben", json!({"role": "owner"})).await;
    let (his, hers) = (format!("/members/{}", ben.id), format!("/members/{}", office.anna.id));
    let down = || json!({"role": "admin"});

    let (one, other) = tokio::join!(office.anna.patch(&his, down()), ben.patch(&hers, down()));

    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    // Whoever comes second is no owner any more, or the last one.
    assert!(statuses == [200, 403] || statuses == [200, 409], "{statuses:?}");
    let owners = if one.status == 200 { &office.anna } else { &ben };
    assert_eq!(owners.get("/members?role=owner").await.body["total"], 1);
}

/// HARMONIA-38
#[tokio::test]
async fn ownership_is_handed_over_in_one_step() {
    let town = Town::in_memory().await;
    let office = town.found("harmonia").await;
    let ben = office.join("ben", json!({"role": "member"})).await;

    let _ = office.anna.post("/ownership", json!({"to": ben.id})).await.expect(204);

    let roles = ben.get("/members").await.expect(200).each("role");
    assert_eq!(roles, ["admin", "owner"]);
    office.anna.post("/ownership", json!({"to": office.anna.id})).await.refused(403, "denied");
}

/// HARMONIA-11
#[tokio::test]
async fn an_owner_deletes_the_organization_and_an_admin_does_not() {
    let town = Town::in_memory().await;
    let office = town.found("harmonia").await;
    let ben = office.join("ben", json!({"role": "admin"})).await;
    ben.delete_with("", json!({"confirm": "acme"})).await.refused(403, "denied");
    office.anna.delete_with("", json!({"confirm": "Acme"})).await.refused(422, "not_confirmed");

    let _ = office.anna.delete_with("", json!({"confirm": "acme"})).await.expect(204);

    office.anna.get("").await.refused(404, "not_found");
    let _ = office.anna.post("/restore", json!({})).await.expect(200);
    let _ = office.anna.get("").await.expect(200);
}

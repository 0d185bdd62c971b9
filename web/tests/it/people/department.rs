//! Departments: how many members are in each, and with those below.

use std::collections::BTreeMap;

use hallpass_testkit::TestServer;
use serde_json::json;

use super::with_grants;

#[tokio::test]
async fn a_department_counts_its_members_and_those_below_it() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let mut ids: Vec<String> = Vec::new();
    for (name, parent) in [
        ("Sales", None),
        ("North", Some(0)),
        ("South", Some(0)),
        ("Coast", Some(1)),
        ("Law", None),
    ] {
        let parent = parent.map(|place: usize| ids[place].clone());
        let new = json!({"name": name, "parent": parent});
        ids.push(anna.post("/departments", new).await.expect(201).id());
    }
    for (number, place) in [0, 1, 1, 2, 3, 3, 3].into_iter().enumerate() {
        let joined =
            workspace.join(&format!("member{number}"), json!({"role": "member"})).await;
        let path = format!("/members/{}", joined.id);
        let _ = anna.patch(&path, json!({"department": ids[place]})).await.expect(200);
    }

    // What the list of members says, counted by hand.
    let mut own: BTreeMap<String, i64> = BTreeMap::new();
    for member in anna.get("/members?limit=200").await.expect(200).items().to_vec() {
        if let Some(department) = member["department"].as_str() {
            *own.entry(department.to_owned()).or_default() += 1;
        }
    }
    let departments = anna.get("/departments?limit=200").await.expect(200).items().to_vec();
    let parent = |id: &String| {
        let found = departments.iter().find(|one| one["id"] == id.as_str()).unwrap();
        found["parent"].as_str().map(str::to_owned)
    };
    let mut with_below: BTreeMap<String, i64> = BTreeMap::new();
    for (id, members) in &own {
        for above in std::iter::successors(Some(id.clone()), parent) {
            *with_below.entry(above).or_default() += members;
        }
    }
    assert_eq!(departments.len(), 5);
    for department in &departments {
        let id = department["id"].as_str().unwrap();
        let count = |of: &BTreeMap<String, i64>| of.get(id).copied().unwrap_or(0);
        assert_eq!(department["members"], count(&own), "{department}");
        assert_eq!(department["members_with_below"], count(&with_below), "{department}");
        let alone = anna.get(&format!("/departments/{id}")).await.expect(200).body;
        assert_eq!(alone["members_with_below"], department["members_with_below"]);
    }
    let sales = &departments.iter().find(|one| one["name"] == "Sales").unwrap();
    assert_eq!((&sales["members"], &sales["members_with_below"]), (&json!(1), &json!(7)));

    // A move takes the members with it.
    let moved =
        anna.patch(&format!("/departments/{}", ids[1]), json!({"parent": ids[4]})).await;
    assert_eq!(moved.expect(200).body["members_with_below"], 5);
    let sales = anna.get(&format!("/departments/{}", ids[0])).await.expect(200).body;
    assert_eq!(sales["members_with_below"], 2);

    // The page says both.
    let page = anna.open(&format!("settings/departments/{}", ids[4])).await.expect(200).text;
    assert!(page.contains("<span class=\"count\">0 · 5 in all</span>"), "{page}");
    assert!(page.contains("<span class=\"count\">3</span>"), "nothing is below Coast");
}

#[tokio::test]
async fn who_reads_no_members_is_told_no_number() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let department = json!({"name": "Sales"});
    let _ = workspace.anna.post("/departments", department).await.expect(201);
    let ben = with_grants(&workspace, "ben", &["departments:read:all"]).await;

    let found = ben.get("/departments").await.expect(200);

    assert_eq!(found.items()[0]["members"], json!(null));
    assert_eq!(found.items()[0]["members_with_below"], json!(null));
}

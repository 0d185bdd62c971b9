//! Teams: their profile, their members, and the effect of a changed profile.

use hallpass_testkit::TestServer;
use serde_json::{Value, json};

use super::{in_team, team};

/// HARI-102
#[tokio::test]
async fn the_profile_of_a_team_is_saved() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("hari").await;
    let anna = &workspace.anna;
    let id = team(&workspace, "Zurich", "sales_representative").await;
    let ben = in_team(&workspace, "ben", &id).await;
    let path = format!("/teams/{id}");
    let _ = ben.get("/records/opportunities").await.expect(200);
    ben.post("/records/invoices", json!({"fields": {}})).await.refused(403, "denied");

    let _ = anna.patch(&path, json!({"profile": "finance"})).await.expect(200);

    let kept = anna.get(&path).await.expect(200);
    assert_eq!(kept.text("profile_name"), "Finance");
    let carried = anna.get("/profiles/finance").await.expect(200);
    assert_eq!(
        (carried.id(), &carried.body["teams"][0]["id"]),
        (kept.text("profile"), &json!(id))
    );
    ben.get("/records/opportunities").await.refused(403, "denied");
    let _ = workspace.record(&ben, "invoices", "2026-1").await;
    // Only members who manage settings can choose; only existing profiles, or none.
    ben.patch(&path, json!({"profile": "manager"})).await.refused(403, "denied");
    let _ = anna.patch(&path, json!({"profile": "emperor"})).await.expect(422);
    assert_eq!(anna.get(&path).await.expect(200).text("profile_name"), "Finance");
    let _ = anna.patch(&path, json!({"profile": null})).await.expect(200);
    assert_eq!(anna.get(&path).await.expect(200).body["profile"], Value::Null);
    ben.get("/records/invoices").await.refused(403, "denied");
}

/// HARI-105
#[tokio::test]
async fn users_are_added_to_a_team_and_listed_in_it() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("hari").await;
    let anna = &workspace.anna;
    let zurich = team(&workspace, "Zurich", "finance").await;
    let berlin = team(&workspace, "Berlin", "marketing").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let cleo = in_team(&workspace, "cleo", &berlin).await;
    let listed = |team: &str| format!("/members?team={team}");
    assert_eq!(anna.get(&listed(&zurich)).await.expect(200).body["total"], 0);
    ben.get("/records/invoices").await.refused(403, "denied");

    for person in [&ben, &cleo] {
        let path = format!("/teams/{zurich}/members/{}", person.id);
        let _ = anna.put(&path, json!({})).await.expect(204);
    }

    let names = anna.get(&listed(&zurich)).await.expect(200).each("first_name");
    assert_eq!(names, ["Ben", "Cleo"]);
    assert_eq!(anna.get(&listed(&berlin)).await.expect(200).each("first_name"), ["Cleo"]);
    assert_eq!(anna.get(&format!("/teams/{zurich}")).await.body["members"], 2);
    let teams =
        anna.get(&format!("/members/{}", cleo.id)).await.expect(200).body["teams"].clone();
    assert_eq!(teams.as_array().unwrap().len(), 2);
    let _ = ben.get("/records/invoices").await.expect(200);
    // Only members who manage settings can add users, and only existing ones.
    let path = format!("/teams/{berlin}/members/{}", ben.id);
    ben.put(&path, json!({})).await.refused(403, "denied");
    let unknown = format!("/teams/{berlin}/members/{}", berlin.replace("tea_", "mbr_"));
    anna.put(&unknown, json!({})).await.refused(404, "not_found");
    let _ = anna.delete(&format!("/teams/{zurich}/members/{}", ben.id)).await.expect(204);
    assert_eq!(anna.get(&listed(&zurich)).await.expect(200).each("first_name"), ["Cleo"]);
    ben.get("/records/invoices").await.refused(403, "denied");
}

/// HARI-118
#[tokio::test]
async fn a_changed_profile_applies_to_the_next_request_of_every_member() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("hari").await;
    let anna = &workspace.anna;
    let (zurich, berlin) = (
        team(&workspace, "Zurich", "finance").await,
        team(&workspace, "Berlin", "finance").await,
    );
    let rome = team(&workspace, "Rome", "marketing").await;
    let (ben, cleo) =
        (in_team(&workspace, "ben", &zurich).await, in_team(&workspace, "cleo", &berlin).await);
    let dan = in_team(&workspace, "dan", &rome).await;
    let invoice = workspace.record(anna, "invoices", "2026-1").await;
    let path = format!("/records/invoices/{invoice}");
    let cookies = [ben.cookie(), cleo.cookie()];
    for person in [&ben, &cleo] {
        assert_eq!(
            person.get(&path).await.expect(200).body["allowed"],
            json!(["read", "update", "delete"])
        );
        person.get("/records/opportunities").await.refused(403, "denied");
    }
    let dans = dan.get("/me").await.expect(200).body["grants"].clone();

    let invoices = json!({"create": "none", "read": "all", "update": "none", "delete": "none"});
    let grants = json!({"invoices": invoices, "opportunities": {"read": "all"},
        "contacts": {"read": "none"}, "companies": {"read": "none"}});
    let _ = anna.patch("/profiles/finance", json!({"grants": grants})).await.expect(200);

    for person in [&ben, &cleo] {
        assert_eq!(person.get(&path).await.expect(200).body["allowed"], json!(["read"]));
        person.delete(&path).await.refused(403, "denied");
        let _ = person.get("/records/opportunities").await.expect(200);
        person.get("/records/contacts").await.refused(403, "denied");
        let me = person.get("/me").await.expect(200);
        assert_eq!(me.body["navigation"], json!(["opportunities", "invoices"]));
    }
    let row = json!({"id": "finance", "cells": {"read": "none"}});
    let matrix = "/schema/entities/invoices/permissions";
    let _ = anna.put(matrix, json!({"rows": [row]})).await.expect(200);
    for person in [&ben, &cleo] {
        person.get(&path).await.refused(404, "not_found");
        person.get("/records/invoices").await.refused(403, "denied");
    }
    assert_eq!([ben.cookie(), cleo.cookie()], cookies);
    assert_eq!(dan.get("/me").await.expect(200).body["grants"], dans);
}

/// HARI-119
#[tokio::test]
async fn a_changed_profile_needs_no_new_assignment() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("hari").await;
    let anna = &workspace.anna;
    let zurich = team(&workspace, "Zurich", "finance").await;
    let ben = in_team(&workspace, "ben", &zurich).await;
    let person = format!("/members/{}", ben.id);
    let place = format!("/teams/{zurich}");
    let (before, of_team) =
        (anna.get(&person).await.expect(200), anna.get(&place).await.expect(200));
    ben.get("/records/leads").await.refused(403, "denied");

    let grants = json!({"leads": {"read": "all"}});
    let _ = anna.patch("/profiles/finance", json!({"grants": grants})).await.expect(200);

    let _ = ben.get("/records/leads").await.expect(200);
    let after = anna.get(&person).await.expect(200);
    assert_eq!(after.body["teams"], before.body["teams"]);
    assert_eq!(after.header("etag"), before.header("etag"));
    let team_after = anna.get(&place).await.expect(200);
    assert_eq!(
        (team_after.header("etag"), &team_after.body),
        (of_team.header("etag"), &of_team.body)
    );
    let told = anna.get("/audit?limit=1").await.expect(200);
    assert_eq!(told.each("action"), ["profile.update"]);
}

//! The permissions of a record type: every profile that has a grant on it, action by action.

use std::collections::BTreeMap;

use hallpass_testkit::{Answer, TestServer};
use serde_json::{Value, json};

use super::RECORDS;

/// The rows of a matrix: the profile's name, and create, read, update, delete.
fn rows(matrix: &Answer) -> BTreeMap<String, [String; 4]> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let row = |row: &Value| {
        let cells = ["create", "read", "update", "delete"].map(|key| text(&row["cells"][key]));
        (text(&row["name"]), cells)
    };
    matrix.body["rows"].as_array().unwrap().iter().map(row).collect()
}

fn matrix(rows: &[(&str, &str)]) -> BTreeMap<String, [String; 4]> {
    let cells = |cells: &str| {
        let cells: Vec<String> = cells.split(' ').map(str::to_owned).collect();
        cells.try_into().unwrap()
    };
    rows.iter().map(|(name, row)| ((*name).to_owned(), cells(row))).collect()
}

/// HARI-031
#[tokio::test]
async fn a_record_type_shows_every_profile_that_grants_something_on_it() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("hari").await;
    let anna = &workspace.anna;

    let contacts = anna.get("/schema/entities/contacts/permissions").await.expect(200);
    let invoices = anna.get("/schema/entities/invoices/permissions").await.expect(200);

    let columns: Vec<&Value> =
        contacts.body["actions"].as_array().unwrap().iter().map(|one| &one["key"]).collect();
    assert_eq!(columns, ["create", "read", "update", "delete"]);
    let expected = [
        ("Sales Representative", "all team team none"),
        ("Manager", "all all team none"),
        ("Finance", "none all none none"),
        ("Marketing", "all all all all"),
        ("Read-only", "none all none none"),
    ];
    assert_eq!(rows(&contacts), matrix(&expected));
    let expected = [
        ("Sales Representative", "none own none none"),
        ("Manager", "none all none none"),
        ("Finance", "all all all all"),
        ("Read-only", "none all none none"),
    ];
    assert_eq!(rows(&invoices), matrix(&expected));
    // Profiles that the workspace creates or edits appear as they are now.
    let grants = json!({"invoices": {"read": "team"}});
    let ask = json!({"name": "Auditors", "grants": grants});
    let _ = anna.post("/profiles", ask).await.expect(201);
    let cells = json!({"create": "none", "read": "own", "update": "own", "delete": "none"});
    let grants = json!({"invoices": cells});
    let _ = anna.patch("/profiles/finance", json!({"grants": grants})).await.expect(200);
    let invoices = rows(&anna.get("/schema/entities/invoices/permissions").await.expect(200));
    assert_eq!(invoices["Auditors"], ["none", "team", "none", "none"]);
    assert_eq!(invoices["Finance"], ["none", "own", "own", "none"]);
    // A member who does not manage settings sees none of it.
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    ben.get("/schema/entities/invoices/permissions").await.refused(403, "denied");
}

/// HARI-032
#[tokio::test]
async fn a_profile_without_a_grant_is_shown_only_on_request() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("hari").await;
    let anna = &workspace.anna;
    let _ = anna.post("/profiles", json!({"name": "Nothing", "grants": {}})).await.expect(201);

    let shown = |all: &str| format!("/schema/entities/opportunities/permissions{all}");
    let some = rows(&anna.get(&shown("")).await.expect(200));
    let all = rows(&anna.get(&shown("?all=true")).await.expect(200));

    let names: Vec<&str> = some.keys().map(String::as_str).collect();
    assert_eq!(names, ["Manager", "Read-only", "Sales Representative"]);
    assert_eq!(all.len(), 6);
    for (name, cells) in all {
        let is_left_out = cells == ["none"; 4].map(str::to_owned);
        assert_eq!(is_left_out, !some.contains_key(&name), "{name}");
    }
    for entity in RECORDS {
        let path = format!("/schema/entities/{entity}/permissions");
        assert!(!rows(&anna.get(&path).await.expect(200)).contains_key("Nothing"), "{entity}");
    }
    // A single cell adds it to the matrix, and removing its last one removes it.
    for (scope, is_shown) in [("own", true), ("none", false)] {
        let row = json!({"id": "Nothing", "cells": {"read": scope}});
        let _ = anna.put(&shown(""), json!({"rows": [row]})).await.expect(200);
        let some = rows(&anna.get(&shown("")).await.expect(200));
        assert_eq!(some.contains_key("Nothing"), is_shown);
    }
}

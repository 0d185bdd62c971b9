//! The explanations that the README shows: five questions, and the answers that a workspace gives.

use hallpass_testkit::{Person, TestServer};
use serde_json::{Value, json};

const README: &str = include_str!("../../../README.md");

/// The sentences that answer a question: the reason, and the first act if it is denied.
async fn answer(asker: &Person, question: Value) -> String {
    let is_list = question["list"] == true;
    let mut question = question;
    question["acts"] = json!(1);
    let answer = asker.post("/access/explain", question).await.expect(200);
    let body = &answer.body;
    let because = if is_list { &body["list"]["because"] } else { &body["because"] };
    let acts = body["acts"].as_array().cloned().unwrap_or_default();
    let act = acts.first().map(|act| format!(". {}", act["sentence"].as_str().unwrap()));
    format!("{}{}.", because.as_str().unwrap(), act.unwrap_or_default())
}

#[tokio::test]
async fn the_five_answers_of_the_readme_are_true() {
    let server = TestServer::in_memory().await;
    let acme = server.found("standard").await;
    let mona = acme.join("mona", json!({"role": "manager"})).await;
    let levels = json!({"contacts": "view", "opportunities": "edit"});
    let ben = acme.join("ben", json!({"role": "member", "levels": levels})).await;
    let path = format!("/members/{}", ben.id);
    let _ = acme.anna.patch(&path, json!({"manager": mona.id})).await.expect(200);
    let cleo = acme.join("cleo", json!({"role": "member", "visibility": "own"})).await;
    for (owner, number) in [(&mona, 2), (&ben, 3)] {
        for _ in 0..number {
            let fields = acme.fields("opportunities", "Boat");
            let body = json!({"fields": fields, "owner": owner.id});
            let _ = acme.anna.post("/records/opportunities", body).await.expect(201);
        }
    }
    let profile = json!({"name": "Sales", "grants": {"opportunities": {"read": "team"}}});
    let profile = acme.anna.post("/profiles", profile).await.expect(201).id();
    let team = json!({"name": "North", "profile": profile, "record_sharing": "all"});
    let team = acme.anna.post("/teams", team).await.expect(201).id();
    for person in [&ben, &cleo] {
        let path = format!("/teams/{team}/members/{}", person.id);
        let _ = acme.anna.put(&path, Value::Null).await;
    }

    let asked = [
        (
            "May Mona update Ben's opportunities?",
            &mona,
            json!({"resource": "opportunities", "action": "update", "owner": ben.id}),
        ),
        (
            "May Cleo read Ben's opportunities?",
            &cleo,
            json!({"resource": "opportunities", "action": "read", "owner": ben.id}),
        ),
        (
            "May Ben delete contacts of Mona?",
            &acme.anna,
            json!({"member": ben.id, "resource": "contacts", "action": "delete", "owner": mona.id}),
        ),
        (
            "May Ben read invoices of Mona?",
            &acme.anna,
            json!({"member": ben.id, "resource": "invoices", "action": "read", "owner": mona.id}),
        ),
        (
            "Which opportunities does Mona see?",
            &mona,
            json!({"resource": "opportunities", "action": "read", "list": true}),
        ),
    ];
    let mut missing = Vec::new();
    for (question, asker, body) in asked {
        let row = format!("| {question} | {} |", answer(asker, body).await);
        if !README.contains(&row) {
            missing.push(row);
        }
    }

    assert!(missing.is_empty(), "the README does not say:\n{}", missing.join("\n"));
}

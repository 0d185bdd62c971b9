//! Reassigning: whose records, which of them, to whom, exactly counted.

use hallpass_testkit::{Answer, Office, Person, Town};
use serde_json::{Value, json};

async fn out(office: &Office<'_>, person: &Person) {
    let path = format!("/members/{}/deactivate", person.id);
    let _ = office.anna.post(&path, json!({})).await.expect(200);
}

async fn count(office: &Office<'_>, entity: &str, owner: &str) -> Value {
    let page = office.anna.get(&format!("/records/{entity}?owner={owner}")).await.expect(200);
    assert_eq!(page.body["total"], page.items().len());
    page.body["total"].clone()
}

async fn dry(office: &Office<'_>, ask: Value) -> Answer {
    let mut ask = ask;
    ask["dry_run"] = json!(true);
    office.anna.post("/reassignments", ask).await.expect(200)
}

/// CRM-147
#[tokio::test]
async fn the_new_owner_is_an_active_user() {
    let town = Town::in_memory().await;
    let office = town.found("team-management").await;
    let ben = office.join("ben", json!({"role": "user"})).await;
    let cleo = office.join("cleo", json!({"role": "user"})).await;
    let _dan = office.join("dan", json!({"role": "user"})).await;
    let eve =
        office.invite(&office.anna, "eve", json!({"role": "user"})).await.expect(201).id();
    office.record(&ben, "contacts", "Zoe").await;
    out(&office, &ben).await;
    out(&office, &cleo).await;

    let offered = office.anna.get("/records/contacts/owners").await.expect(200);
    let active = office.anna.get("/members?status=active").await.expect(200);
    for to in [&cleo.id, &eve] {
        let ask = json!({"from": ben.id, "to": to});
        let refused = office.anna.post("/reassignments", ask).await.expect(422);
        assert_eq!(refused.pointers(), ["/to"], "{to}");
    }

    assert_eq!(offered.each("name"), ["Anna", "Dan"]);
    assert_eq!(offered.each("id"), active.each("id"));
    assert_eq!(count(&office, "contacts", &ben.id).await, 1);
}

/// CRM-148, CRM-150
#[tokio::test]
async fn a_part_of_the_records_is_chosen_and_the_rest_stays() {
    let town = Town::in_memory().await;
    let office = town.found("team-management").await;
    let ben = office.join("ben", json!({"role": "user"})).await;
    let cleo = office.join("cleo", json!({"role": "user"})).await;
    let mut deals = Vec::new();
    for title in ["One", "Two", "Three"] {
        deals.push(office.record(&ben, "deals", title).await);
        office.record(&ben, "contacts", title).await;
    }
    let ticket = office.record(&ben, "tickets", "Broken").await;
    let others = office.record(&office.anna, "deals", "Anna's").await;
    let who = json!({"from": ben.id, "to": cleo.id});
    let with = |key: &str, value: Value| {
        let mut ask = who.clone();
        ask[key] = value;
        ask
    };

    let all = dry(&office, who.clone()).await;
    let by_module = dry(&office, with("entities", json!(["contacts", "tickets"]))).await;
    let picked = with("records", json!([deals[0], deals[2], ticket, others]));
    let counted = dry(&office, picked.clone()).await;
    assert_eq!(count(&office, "deals", &ben.id).await, 3);
    let moved = office.anna.post("/reassignments", picked).await.expect(200);

    let counts = |answer: &Answer, entity: &str| answer.body["counts"][entity].clone();
    assert_eq!((&all.body["total"], &by_module.body["total"]), (&json!(7), &json!(4)));
    for (entity, n) in [("deals", 3), ("contacts", 3), ("tickets", 1), ("accounts", 0)] {
        assert_eq!(counts(&all, entity), n, "{entity}");
    }
    assert_eq!(
        (counts(&by_module, "contacts"), counts(&by_module, "deals")),
        (json!(3), json!(null))
    );
    assert_eq!((&counted.body["total"], &moved.body["total"]), (&json!(3), &json!(3)));
    assert_eq!((counts(&moved, "deals"), counts(&moved, "tickets")), (json!(2), json!(1)));
    assert_eq!(count(&office, "deals", &cleo.id).await, 2);
    assert_eq!(count(&office, "tickets", &cleo.id).await, 1);
    assert_eq!(count(&office, "contacts", &ben.id).await, 3);
    let left = office.anna.get(&format!("/records/deals/{}", deals[1])).await.expect(200);
    assert_eq!(left.text("owner"), ben.id);
    let hers = office.anna.get(&format!("/records/deals/{others}")).await.expect(200);
    assert_eq!(hers.text("owner"), office.anna.id);
}

/// CRM-166
#[tokio::test]
async fn records_are_filtered_by_their_owner_also_inactive_or_nobody() {
    let town = Town::in_memory().await;
    let office = town.found("team-management").await;
    let ben = office.join("ben", json!({"role": "user"})).await;
    let cleo = office.join("cleo", json!({"role": "user"})).await;
    for (person, n) in [(&ben, 3), (&cleo, 2), (&office.anna, 1)] {
        for _ in 0..n {
            office.record(person, "contacts", "Somebody").await;
        }
    }
    let nobody = json!({"owner": "unowned"});
    for _ in 0..4 {
        office.record_with(&office.anna, "contacts", nobody.clone(), "Nobody's").await;
    }
    out(&office, &ben).await;

    for (from, n) in [(ben.id.as_str(), 3), (&cleo.id, 2), (&office.anna.id, 1), ("unowned", 4)]
    {
        let to = if from == office.anna.id { &cleo.id } else { &office.anna.id };
        let counted = dry(&office, json!({"from": from, "to": to})).await;
        assert_eq!(counted.body["counts"]["contacts"], n, "{from}");
        assert_eq!(counted.body["total"], n, "{from}");
        assert_eq!(count(&office, "contacts", from).await, n);
    }
    let inactive = office.anna.get(&format!("/records/contacts?owner={}", ben.id)).await;
    assert_eq!(inactive.each("owner_status"), ["inactive"; 3]);
}

/// CRM-168
#[tokio::test]
async fn everything_that_was_matched_moves_in_one_operation_with_the_count() {
    let town = Town::in_memory().await;
    let office = town.found("team-management").await;
    let ben = office.join("ben", json!({"role": "user"})).await;
    let cleo = office.join("cleo", json!({"role": "user"})).await;
    let mut made = Vec::new();
    for n in 0..3 {
        made.push(("contacts", office.record(&ben, "contacts", &format!("C{n}")).await));
        made.push(("deals", office.record(&ben, "deals", &format!("D{n}")).await));
    }
    let before = office.anna.get("/audit?outcome=done").await.expect(200).items().len();

    let ask = json!({"from": ben.id, "to": cleo.id});
    let moved = office.anna.post("/reassignments", ask).await.expect(200);

    assert_eq!((&moved.body["total"], &moved.body["dry_run"]), (&json!(6), &json!(false)));
    for (entity, id) in &made {
        let record = cleo.get(&format!("/records/{entity}/{id}")).await.expect(200);
        assert_eq!(record.text("owner"), cleo.id);
        ben.get(&format!("/records/{entity}/{id}")).await.refused(404, "not_found");
    }
    let audit = office.anna.get("/audit?outcome=done").await.expect(200);
    assert_eq!(audit.items().len(), before + 1);
    let entry = &audit.items()[0];
    assert_eq!(
        (&entry["action"], &entry["before"]["owner"], &entry["after"]["owner"]),
        (&json!("records.reassign"), &json!(ben.id), &json!(cleo.id))
    );
    let counts = &entry["after"]["records"];
    assert_eq!((&counts["contacts"], &counts["deals"]), (&json!(3), &json!(3)));
    assert_eq!(entry["actor"], json!(office.anna.id));
}

/// CRM-218
#[tokio::test]
async fn what_nobody_owns_is_found_in_every_module_and_counted() {
    let town = Town::in_memory().await;
    let office = town.found("team-management").await;
    let modules = ["contacts", "deals", "accounts", "activities", "projects", "tickets"];
    for (n, module) in modules.iter().enumerate() {
        office.record(&office.anna, module, "Anna's").await;
        for _ in 0..=n {
            let nobody = json!({"owner": "unowned"});
            office.record_with(&office.anna, module, nobody, "Nobody's").await;
        }
    }

    let counted = dry(&office, json!({"from": "unowned", "to": office.anna.id})).await;

    for (n, module) in modules.iter().enumerate() {
        let page =
            office.anna.get(&format!("/records/{module}?owner=unowned")).await.expect(200);
        assert_eq!(page.body["total"], n + 1, "{module}");
        assert_eq!(page.each("owner"), vec!["unowned"; n + 1]);
        assert_eq!(counted.body["counts"][module], n + 1);
    }
    assert_eq!(counted.body["total"], 21);
    let taken = json!({"from": "unowned", "to": office.anna.id});
    let _ = office.anna.post("/reassignments", taken).await.expect(200);
    for module in modules {
        assert_eq!(count(&office, module, "unowned").await, 0, "{module}");
    }
}

#[tokio::test]
async fn the_timeline_of_each_record_tells_who_had_it() {
    for town in [Town::on_file().await, Town::on_postgres().await] {
        let office = town.found("team-management").await;
        let ben = office.join("ben", json!({"role": "user"})).await;
        let cleo = office.join("cleo", json!({"role": "user"})).await;
        let mut deals = Vec::new();
        for n in 0..123 {
            deals.push(office.record(&ben, "deals", &format!("Deal {n}")).await);
        }
        let kept = deals.pop().unwrap();
        let chosen = json!({"from": ben.id, "to": cleo.id, "entities": ["deals"],
            "records": deals});
        let _ = office.anna.post("/reassignments", chosen).await.expect(200);

        for deal in &deals {
            let path = format!("/records/deals/{deal}/timeline");
            let events = office.anna.get(&path).await.expect(200);
            assert_eq!(events.each("action"), ["reassign", "create"], "{deal}");
            let told = &events.items()[0];
            assert_eq!(told["actor"], office.anna.id);
            let owner = json!({"owner": {"from": ben.id, "to": cleo.id}});
            assert_eq!(told["detail"], owner);
        }
        let path = format!("/records/deals/{kept}/timeline");
        let events = office.anna.get(&path).await.expect(200);
        assert_eq!(events.each("action"), ["create"]);
    }
}

#[tokio::test]
async fn no_record_type_is_not_all_of_them() {
    let town = Town::in_memory().await;
    let office = town.found("team-management").await;
    let ben = office.join("ben", json!({"role": "user"})).await;
    let ask = json!({"from": office.anna.id, "to": ben.id, "entities": []});

    let refused = office.anna.post("/reassignments", ask).await.expect(422);

    assert_eq!(refused.pointers(), ["/entities"]);
}

#[tokio::test]
async fn what_moves_nothing_leaves_no_trace() {
    let town = Town::in_memory().await;
    let office = town.found("team-management").await;
    let ben = office.join("ben", json!({"role": "user"})).await;
    let ask = json!({"from": office.anna.id, "to": ben.id, "records": []});

    let moved = office.anna.post("/reassignments", ask).await.expect(200);

    assert_eq!(moved.body["total"], 0);
    let told = office.anna.get("/audit?action=records.reassign").await.expect(200);
    assert!(told.items().is_empty());
}

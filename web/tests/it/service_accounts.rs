//! Service accounts: what they may do, who makes them and their keys, and that no one signs in as one.

use axum::body::Body;
use axum::http::Request;
use hallpass_app::operation::Operator;
use hallpass_testkit::{Answer, Person, TestServer, TestWorkspace};
use serde_json::{Value, json};

/// Creates a service account with a role and returns its id.
async fn create(by: &Person, role: &str) -> String {
    let body = json!({"name": "Nightly import", "role": role});
    by.post("/service-accounts", body).await.expect(201).id()
}

/// A program with a key of a member, which a person has made.
async fn program(maker: &Person, member: &str) -> Person {
    let made = maker.post("/api-keys", json!({"name": "Key", "member": member})).await;
    maker.with_api_key(&made.expect(201).text("key"))
}

async fn servers() -> [TestServer; 2] {
    [TestServer::in_memory().await, TestServer::on_postgres().await]
}

/// Posts with the same idempotency key each time.
async fn post_once(person: &Person, path: &str, body: &Value) -> Answer {
    let request = Request::post(person.uri(path))
        .header("idempotency-key", "once")
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()));
    person.send(request.unwrap()).await
}

async fn account(person: &Person) -> Value {
    person.get("/api/v1/me").await.expect(200).body["id"].clone()
}

async fn remove(workspace: &TestWorkspace<'_>, member: &str) {
    let _ = workspace.anna.delete(&format!("/members/{member}")).await.expect(204);
}

#[tokio::test]
async fn a_service_account_is_previewed_as_the_member_that_it_would_make() {
    for server in servers().await {
        let workspace = server.found("standard").await;
        let anna = &workspace.anna;
        let members = anna.get("/members").await.expect(200).body["total"].clone();
        // It owns nothing, and would be in the reach of those who read the records of everyone.
        let body = json!({"name": "Nightly import", "role": "admin"});
        let change = json!({"method": "POST", "path": "/service-accounts", "body": body});
        let ask = json!({ "change": change });

        let found = anna.post("/access/preview", ask.clone()).await.expect(200).body;

        assert_eq!(found["allowed"], true, "{found}");
        assert_eq!(
            (&found["total"], &found["members"][1]),
            (&json!(1), &Value::Null),
            "{found}"
        );
        let service = &found["members"][0];
        assert_eq!(service["name"], "Nightly import");
        assert_eq!((&service["member"], &service["invited"]), (&Value::Null, &Value::Null));
        let cells = service["changes"].as_array().unwrap();
        let update =
            cells.iter().find(|one| one["resource"] == "team" && one["action"] == "update");
        assert_eq!(update.unwrap()["gains"], true, "{service}");
        assert_eq!(anna.get("/members").await.expect(200).body["total"], members);

        let again = anna.post("/access/preview", ask).await.expect(200).body;
        assert_eq!(again["preview"], found["preview"], "the id depends on no new member");
        let send = async |preview: &str| {
            let request = Request::post(anna.uri("/service-accounts"))
                .header("hallpass-preview", preview)
                .header("content-type", "application/json")
                .body(Body::from(body.to_string()));
            anna.send(request.unwrap()).await
        };
        send(&"0".repeat(64)).await.refused(412, "preview_outdated");
        let id = send(found["preview"].as_str().unwrap()).await.expect(201).id();

        let asked = json!({
            "member": id, "checks": [{"resource": "team", "action": "update"}]
        });
        let decided = anna.post("/access/check", asked).await.expect(200).body;
        assert_eq!(decided["results"], json!([true]), "what was previewed is what it may do");
    }
}

#[tokio::test]
async fn a_service_account_that_is_refused_is_previewed_with_every_mistake() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let body = json!({"name": " ", "role": "nothing", "department": "Nowhere"});
    let sent = workspace.anna.post("/service-accounts", body.clone()).await;
    let change = json!({"method": "POST", "path": "/service-accounts", "body": body});

    let preview = workspace.anna.post("/access/preview", json!({ "change": change })).await;

    let refused = &preview.expect(200).body["refused"];
    assert_eq!(refused["errors"], sent.body["errors"]);
    let errors = refused["errors"].as_array().unwrap();
    let places: Vec<_> = errors.iter().map(|one| one["pointer"].as_str().unwrap()).collect();
    assert_eq!(places, ["/name", "/role", "/department"], "{refused}");
}

#[tokio::test]
async fn a_key_of_a_service_account_goes_on_when_its_maker_leaves() {
    for server in servers().await {
        let workspace = server.found("standard").await;
        let ben = workspace.join("ben", json!({"role": "admin"})).await;
        let cleo = workspace.join("cleo", json!({"role": "member"})).await;
        let service = create(&ben, "member").await;
        let of_service = program(&ben, &service).await;
        let of_cleo = program(&ben, &cleo.id).await;
        for key in [&of_service, &of_cleo] {
            let _ = key.get("/records/contacts").await.expect(200);
        }

        remove(&workspace, &ben.id).await;

        let contact = json!({"fields": {"name": "Zoe"}});
        let made = of_service.post("/records/contacts", contact.clone()).await.expect(201);
        assert_eq!(made.body["created_by"], json!(service), "{}", made.text);
        // The control: the key of a person counts as long as its maker could make it.
        let stopped = of_cleo.get("/records/contacts").await;
        assert!(stopped.status == 401 || stopped.status == 403, "{}", stopped.text);

        // A retry with its key finds the first response, and no other.
        let path = "/records/contacts";
        let first = post_once(&of_service, path, &contact).await.expect(201);
        let again = post_once(&of_service, path, &contact).await.expect(201);
        assert_eq!(first.id(), again.id());
    }
}

/// What a service account is given later goes to no one who holds a secret of it and could not have given it.
#[tokio::test]
async fn a_key_of_a_service_account_rests_once_it_holds_more_than_its_maker() {
    for server in servers().await {
        let workspace = server.found("standard").await;
        let anna = &workspace.anna;
        let role = async |name: &str, grants: &[&str]| {
            let body = json!({"name": name, "grants": grants});
            anna.post("/roles", body).await.expect(201).id()
        };
        let reader = role("Reader", &["contacts:read:all"]).await;
        let delegate =
            role("Delegate", &["team:*:all", "contacts:*:all", "api_keys:*:all"]).await;
        let jelena = workspace.join("jelena", json!({"role": delegate})).await;
        let service = create(anna, &reader).await;
        let by_jelena = program(&jelena, &service).await;
        let by_anna = program(anna, &service).await;
        let reads = async |key: &Person| key.get("/records/contacts").await.status;
        assert_eq!((reads(&by_jelena).await, reads(&by_anna).await), (200, 200));
        let set = async |role: &str| {
            let path = format!("/members/{service}");
            anna.patch(&path, json!({"role": role})).await.expect(200)
        };

        // The preview names the keys that rest from then on.
        let change = json!({"method": "PATCH", "path": format!("/members/{service}"),
            "body": {"role": "admin"}});
        let preview =
            anna.post("/access/preview", json!({ "change": change })).await.expect(200);
        assert_eq!(preview.body["api_keys"].as_array().unwrap().len(), 1, "{}", preview.text);
        let _ = set("admin").await;
        by_jelena.get("/members").await.refused(403, "key_rests");
        by_jelena.get("/records/contacts").await.refused(403, "key_rests");
        let promote = json!({"role": "admin"});
        by_jelena
            .patch(&format!("/members/{}", jelena.id), promote)
            .await
            .refused(403, "key_rests");
        assert_eq!(by_anna.get("/members").await.status, 200);

        // By a role that is widened, and also after the maker has left.
        let _ = set(&reader).await;
        assert_eq!(reads(&by_jelena).await, 200);
        let _ = anna.post(&format!("/members/{}/deactivate", jelena.id), json!({})).await;
        assert_eq!((reads(&by_jelena).await, reads(&by_anna).await), (200, 200));
        let widen = async |grants: Value| anna.patch(&format!("/roles/{reader}"), grants).await;
        let wider = json!({"grants": ["contacts:read:all", "invoices:*:all"]});
        let _ = widen(wider).await.expect(200);
        by_jelena.get("/records/contacts").await.refused(403, "key_rests");
        remove(&workspace, &jelena.id).await;
        by_jelena.get("/records/contacts").await.refused(403, "key_rests");
        let _ = widen(json!({"grants": ["contacts:read:all"]})).await.expect(200);
        assert_eq!((reads(&by_jelena).await, reads(&by_anna).await), (200, 200));
    }
}

#[tokio::test]
async fn a_key_of_a_service_account_stops_with_it_and_with_a_disabled_maker() {
    for server in servers().await {
        let workspace = server.found("standard").await;
        let ben = workspace.join("ben", json!({"role": "admin"})).await;
        let service = create(&ben, "member").await;
        let path = format!("/members/{service}");
        let (first, second) =
            (program(&ben, &service).await, program(&workspace.anna, &service).await);
        let works = async |key: &Person| key.get("/records/contacts").await.status;
        assert_eq!((works(&first).await, works(&second).await), (200, 200));

        let _ = workspace.anna.post(&format!("{path}/deactivate"), json!({})).await.expect(200);
        assert_eq!((works(&first).await, works(&second).await), (401, 401));
        let write = first.post("/records/contacts", json!({"fields": {"name": "Zoe"}})).await;
        assert_eq!(write.status, 401, "{}", write.text);
        let _ = workspace.anna.post(&format!("{path}/reactivate"), json!({})).await.expect(200);
        assert_eq!((works(&first).await, works(&second).await), (200, 200));

        // Who had Ben's account may have the secret.
        let id = account(&ben).await.as_str().unwrap().parse().unwrap();
        assert!(server.app.accounts().disable_as(&Operator::new("root"), id).await.unwrap());
        assert_eq!((works(&first).await, works(&second).await), (401, 200));

        remove(&workspace, &service).await;
        assert_eq!(works(&second).await, 401);
        assert_eq!(workspace.anna.get(&path).await.expect(200).body["status"], "removed");
    }
}

#[tokio::test]
async fn a_service_account_is_given_no_more_than_its_creator_may_give() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let role =
        json!({"name": "Host", "grants": ["team:read,create,update:all", "api_keys:*:all"]});
    let host = workspace.anna.post("/roles", role).await.expect(201).id();
    let ben = workspace.join("ben", json!({"role": host})).await;
    let plain = workspace.join("cleo", json!({"role": "member"})).await;
    let new = |role: &str| json!({"name": "Import", "role": role});

    plain.post("/service-accounts", new("member")).await.refused(403, "denied");
    let refused = ben.post("/service-accounts", new("admin")).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
    assert_ne!(refused.code(), "denied", "{}", refused.text);
    // What Anna has given it, Ben cannot take for himself.
    let strong = create(&workspace.anna, "admin").await;
    let key = ben.post("/api-keys", json!({"name": "Key", "member": strong})).await;
    assert_eq!(key.status, 403, "{}", key.text);
    let same = create(&ben, &host).await;
    let own = program(&ben, &same).await;
    own.post("/service-accounts", new("admin")).await.refused(403, refused.code());
    own.post("/api-keys", json!({"name": "Key", "member": same}))
        .await
        .refused(403, "not_by_key");
}

#[tokio::test]
async fn a_service_account_gets_nothing_that_only_a_person_has() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let anna = &workspace.anna;
    let roles = anna.get("/roles").await.expect(200);
    let (top, other) = (roles.items()[0]["id"].clone(), roles.items()[1]["id"].clone());
    let new = json!({"name": "Import", "role": top});
    anna.post("/service-accounts", new).await.refused(409, "person_only");
    let service = create(anna, other.as_str().unwrap()).await;
    let path = format!("/members/{service}");
    anna.patch(&path, json!({"role": top})).await.refused(409, "person_only");
    let contact = json!({"billing_contact": true});
    anna.patch(&path, contact).await.refused(409, "person_only");
    let transfer = anna.post("/billing/contact", json!({"to": service})).await;
    transfer.refused(409, "person_only");
    let reset = anna.delete(&format!("{path}/factors")).await;
    assert!(reset.status >= 400, "{}", reset.text);
    let member = anna.get(&path).await.expect(200);
    assert_eq!(
        (&member.body["role"], &member.body["billing_contact"]),
        (&other, &json!(false))
    );
}

#[tokio::test]
async fn a_service_account_is_shown_as_one() {
    for server in servers().await {
        let workspace = server.found("standard").await;
        let anna = &workspace.anna;
        let service = create(anna, "member").await;
        let shown = anna.get(&format!("/members/{service}")).await.expect(200);
        let of = |key: &str| shown.body[key].clone();
        assert_eq!(of("kind"), "service");
        assert_eq!(
            (of("account"), of("email"), of("picture")),
            (json!(null), json!(null), json!(null))
        );
        assert_eq!((of("name"), of("two_factor")), (json!("Nightly import"), json!(false)));
        let list = async |filter: &str| {
            let list = anna.get(&format!("/members?{filter}")).await.expect(200);
            (list.each("id"), list.body["total"].clone())
        };
        assert_eq!(list("kind=service").await, (vec![service.clone()], json!(1)));
        assert_eq!(list("kind=person").await, (vec![anna.id.clone()], json!(1)));
        assert_eq!(list("q=nightly").await.0, [service.as_str()]);
        anna.get("/members?kind=robot").await.refused(422, "invalid");

        let renamed = json!({"name": "Evening import"});
        let path = format!("/members/{service}");
        let renamed = anna.patch(&path, renamed.clone()).await.expect(200);
        assert_eq!(renamed.text("name"), "Evening import");
        let ben = workspace.join("ben", json!({"role": "admin"})).await;
        let own = anna.patch(&format!("/members/{}", ben.id), json!({"name": "B"})).await;
        own.refused(422, "invalid");
        assert_eq!(own.pointers(), ["/name"]);
        let entries = anna.get("/audit?action=member.create").await.expect(200);
        let of_service =
            entries.items().iter().find(|entry| entry["subject"] == json!(service));
        let of_service = of_service.unwrap_or_else(|| panic!("{}", entries.text));
        assert_eq!(of_service["after"]["service_account"], true, "{}", entries.text);
    }
}

#[tokio::test]
async fn the_number_of_service_accounts_is_bounded() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    for _ in 0..100 {
        let _ = create(&workspace.anna, "member").await;
    }
    let one_more = json!({"name": "Import", "role": "member"});
    let refused = workspace.anna.post("/service-accounts", one_more).await;
    refused.refused(422, "invalid");
    assert!(refused.text.contains("remove some first"), "{}", refused.text);
}

#[tokio::test]
async fn the_domains_of_a_workspace_concern_people_only() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let service = create(&workspace.anna, "member").await;
    let key = program(&workspace.anna, &service).await;
    let policy = json!({"allowed_domains": ["example.com"]});
    let _ = workspace.anna.patch("/settings/authentication", policy).await.expect(200);
    let _ = key.get("/records/contacts").await.expect(200);
    let only = json!({"allowed_networks": ["192.0.2.0/24"]});
    let at_home = workspace.anna.behind([192, 0, 2, 7]);
    let _ = at_home.patch("/settings/security", only).await.expect(200);
    let _ = key.behind([192, 0, 2, 8]).get("/records/contacts").await.expect(200);
    let elsewhere = key.behind([198, 51, 100, 7]).get("/records/contacts").await;
    elsewhere.refused(403, "denied");
}

//! Passkeys: what a device answers, and what an attacker would.

use hallpass_app::Rules;
use hallpass_domain::time::Span;
use hallpass_testkit::authenticator::Authenticator;
use hallpass_testkit::{Answer, Person, TestServer};
use serde_json::{Value, json};

use super::{WithApp, factors, sign_in, two_factor};

const HERE: &str = "https://crm.example.com";

const REGISTER: &str = "/api/v1/me/passkeys";

async fn options(person: &Person) -> Answer {
    person.post("/api/v1/me/passkeys/options", json!({})).await.expect(201)
}

pub(super) async fn register_with(person: &Person, device: &mut Authenticator) -> Answer {
    let begun = options(person).await;
    let credential = device.create(&begun.body["options"]);
    let body =
        json!({"ceremony": begun.text("ceremony"), "credential": credential, "name": "Laptop"});
    person.post(REGISTER, body).await
}

/// A person with a passkey on a device.
async fn with_passkey(server: &TestServer, name: &str) -> (Person, Authenticator) {
    let (person, mut device) = (server.sign_up(name).await, Authenticator::at(HERE));
    let _ = register_with(&person, &mut device).await.expect(201);
    (person, device)
}

async fn begin(server: &TestServer) -> Answer {
    server.anonymous().post("/api/v1/sessions/passkey/options", json!({})).await.expect(201)
}

async fn finish(server: &TestServer, ceremony: &str, credential: &Value) -> Answer {
    let body = json!({"ceremony": ceremony, "credential": credential});
    server.anonymous().post("/api/v1/sessions/passkey", body).await
}

pub(super) async fn use_passkey(server: &TestServer, device: &mut Authenticator) -> Answer {
    // After several failures the next attempt has to wait.
    server.clock.advance(Span::minutes(1));
    let begun = begin(server).await;
    let credential = device.get(&begun.body["options"]);
    finish(server, &begun.text("ceremony"), &credential).await
}

#[tokio::test]
async fn a_passkey_signs_in_without_a_password_and_the_password_not_without_it() {
    let server = TestServer::in_memory().await;
    let (anna, mut device) = with_passkey(&server, "anna").await;

    let signed_in = use_passkey(&server, &mut device).await.expect(201);

    assert_eq!(signed_in.text("email"), "anna@example.com");
    assert!(signed_in.header("set-cookie").contains("hallpass_session="));
    assert_eq!(factors(&sign_in(&server, "anna", None).await), ["passkey", "recovery_code"]);
    let status = two_factor(&anna).await;
    assert_eq!((&status["passkeys"], &status["recovery_codes"]), (&json!(1), &json!(10)));
    let listed = anna.get(REGISTER).await.expect(200);
    assert_eq!(listed.items()[0]["name"], "Laptop");
    assert!(listed.items()[0]["used_at"].is_string());
}

#[tokio::test]
async fn a_passkey_is_renamed_and_deleted_by_its_owner_alone() {
    let server = TestServer::in_memory().await;
    let (anna, mut device) = with_passkey(&server, "anna").await;
    let ben = server.sign_up("ben").await;
    let id = anna.get(REGISTER).await.each("id").remove(0);
    let path = format!("{REGISTER}/{id}");

    ben.patch(&path, json!({"name": "Mine"})).await.refused(404, "not_found");
    ben.delete(&path).await.refused(404, "not_found");
    let renamed = anna.patch(&path, json!({"name": "Phone"})).await.expect(200);
    assert_eq!(renamed.text("name"), "Phone");
    let _ = anna.delete(&path).await.expect(204);

    use_passkey(&server, &mut device).await.refused(401, "bad_passkey");
    let _ = sign_in(&server, "anna", None).await.expect(201);
}

#[tokio::test]
async fn a_challenge_counts_once_whatever_the_answer_was() {
    let server = TestServer::in_memory().await;
    let (_, mut device) = with_passkey(&server, "anna").await;
    let begun = begin(&server).await;
    let (ceremony, options) = (begun.text("ceremony"), &begun.body["options"]);
    let answer = device.get(options);
    let _ = finish(&server, &ceremony, &answer).await.expect(201);
    finish(&server, &ceremony, &answer).await.refused(401, "bad_passkey");

    let begun = begin(&server).await;
    let (ceremony, options) = (begun.text("ceremony"), &begun.body["options"]);
    for wrong in [json!({}), json!([]), json!({"rawId": "AA", "response": []}), json!("x")] {
        finish(&server, &ceremony, &wrong).await.refused(422, "invalid");
    }
    let mut answer = device.get(options);
    let right = answer.clone();
    answer["response"]["signature"] = json!("MEUCIQ");
    finish(&server, &ceremony, &answer).await.refused(401, "bad_passkey");
    finish(&server, &ceremony, &right).await.refused(401, "bad_passkey");

    // An answer to the challenge of another ceremony.
    let (first, second) = (begin(&server).await, begin(&server).await);
    let answer = device.get(&first.body["options"]);
    finish(&server, &second.text("ceremony"), &answer).await.refused(401, "bad_passkey");
}

#[tokio::test]
async fn a_challenge_does_not_count_for_long() {
    let server = TestServer::in_memory().await;
    let (_, mut device) = with_passkey(&server, "anna").await;
    let begun = begin(&server).await;
    server.clock.advance(Span::minutes(10));
    let answer = device.get(&begun.body["options"]);

    let late = finish(&server, &begun.text("ceremony"), &answer).await;

    late.refused(401, "bad_passkey");
}

#[tokio::test]
async fn a_page_of_another_site_signs_nobody_in() {
    let server = TestServer::in_memory().await;
    let (_, mut device) = with_passkey(&server, "anna").await;
    for origin in [
        "http://localhost.evil.example",
        "https://evil.example",
        "http://crm.example.com",
        "https://sub.crm.example.com",
        "null",
    ] {
        origin.clone_into(&mut device.origin);
        use_passkey(&server, &mut device).await.refused(401, "bad_passkey");
    }
    HERE.clone_into(&mut device.origin);
    "evil.example".clone_into(&mut device.rp_id);
    use_passkey(&server, &mut device).await.refused(401, "bad_passkey");

    "crm.example.com".clone_into(&mut device.rp_id);
    let _ = use_passkey(&server, &mut device).await.expect(201);
}

#[tokio::test]
async fn a_copy_of_a_passkey_is_refused_by_its_counter() {
    let server = TestServer::in_memory().await;
    let (_, mut device) = with_passkey(&server, "anna").await;
    device.counter = 10;
    let _ = use_passkey(&server, &mut device).await.expect(201);
    device.counter = 10;
    use_passkey(&server, &mut device).await.refused(401, "bad_passkey");
    device.counter = 3;
    use_passkey(&server, &mut device).await.refused(401, "bad_passkey");

    device.counter = 20;
    let _ = use_passkey(&server, &mut device).await.expect(201);
}

#[tokio::test]
async fn a_device_that_has_not_verified_the_person_signs_nobody_in() {
    let server = TestServer::in_memory().await;
    let (_, mut device) = with_passkey(&server, "anna").await;
    device.verifies = false;
    use_passkey(&server, &mut device).await.refused(401, "bad_passkey");

    let ben = server.sign_up("ben").await;
    let mut other = Authenticator::at(HERE);
    other.verifies = false;
    register_with(&ben, &mut other).await.refused(422, "invalid");
}

#[tokio::test]
async fn a_passkey_is_of_one_account() {
    let server = TestServer::in_memory().await;
    let (anna, mut device) = with_passkey(&server, "anna").await;
    let (ben, mut bens) = with_passkey(&server, "ben").await;

    // The passkey of Ben, with the account of Anna.
    let own = bens.user.clone();
    bens.user.clone_from(&device.user);
    use_passkey(&server, &mut bens).await.refused(401, "bad_passkey");
    bens.user = own;
    // The key of Ben under the id of Anna's passkey.
    let id = bens.id.clone();
    bens.id.clone_from(&device.id);
    use_passkey(&server, &mut bens).await.refused(401, "bad_passkey");
    bens.id = id;
    // The passkey of Anna, registered by Ben.
    register_with(&ben, &mut device).await.refused(422, "invalid");
    // The ceremony of Anna, answered by Ben.
    let begun = options(&anna).await;
    let credential = Authenticator::at(HERE).create(&begun.body["options"]);
    let body =
        json!({"ceremony": begun.text("ceremony"), "credential": credential, "name": "Laptop"});
    ben.post(REGISTER, body).await.refused(422, "invalid");
    // A registration does not sign in.
    let begun = options(&anna).await;
    let mut annas = Authenticator::at(HERE);
    annas.id.clone_from(&device.id);
    let answer = annas.get(&begun.body["options"]);
    finish(&server, &begun.text("ceremony"), &answer).await.refused(401, "bad_passkey");

    let signed_in = use_passkey(&server, &mut bens).await.expect(201);
    assert_eq!(signed_in.text("email"), "ben@example.com");
}

#[tokio::test]
async fn an_account_keeps_its_other_factors() {
    let server = TestServer::in_memory().await;
    let anna = WithApp::sign_up(&server, "anna").await;
    let mut device = Authenticator::at(HERE);

    let registered = register_with(&anna.person, &mut device).await.expect(201);

    assert_eq!(registered.body["recovery_codes"], json!([]));
    let all = factors(&sign_in(&server, "anna", None).await).join(" ");
    assert_eq!(all, "passkey totp recovery_code");
    let _ = anna.person.delete("/api/v1/me/totp").await.expect(204);
    let _ = sign_in(&server, "anna", Some(&anna.recovery_codes[0])).await.expect(201);
}

#[tokio::test]
async fn a_server_at_a_bare_address_has_no_passkeys() {
    let rules = Rules { base_url: "http://127.0.0.1:8080".to_owned(), ..Rules::default() };
    let server = TestServer::with_rules(rules).await;
    let anna = server.sign_up("anna").await;

    let begun = anna.post("/api/v1/me/passkeys/options", json!({})).await;

    begun.refused(409, "no_passkeys");
    let page = server.anonymous().open("/sign-in").await.expect(200);
    assert!(!page.text.contains("passkey"), "{}", page.text);
}

/// A passkey of the account shows that its person is present, as both factors; that of another does not.
#[tokio::test]
async fn a_passkey_of_the_account_is_a_recent_sign_in() {
    let server = TestServer::in_memory().await;
    let (anna, mut device) = with_passkey(&server, "anna").await;
    let (_, mut foreign) = with_passkey(&server, "ben").await;
    let path = "/api/v1/sessions/current/authentications";
    let dangerous = async || anna.post("/api/v1/me/totp", json!({})).await.status;
    let prove = async |device: &mut Authenticator| {
        server.clock.advance(Span::minutes(1));
        let begun = begin(&server).await;
        let answer = device.get(&begun.body["options"]);
        let body = json!({"ceremony": begun.text("ceremony"), "credential": answer});
        (anna.post(path, body.clone()).await, body)
    };

    server.clock.advance(Span::minutes(16));
    assert_eq!(dangerous().await, 401);
    prove(&mut foreign).await.0.refused(401, "bad_passkey");
    assert_eq!(dangerous().await, 401);
    let before = anna.cookie();
    let (proved, body) = prove(&mut device).await;
    assert_eq!(proved.expect(200).text("email"), "anna@example.com");
    assert_ne!(anna.cookie(), before, "the session gets another token");
    assert_eq!(dangerous().await, 201);
    anna.post(path, body).await.refused(401, "bad_passkey");
    anna.post(path, json!({"ceremony": "x"})).await.refused(422, "invalid");
}

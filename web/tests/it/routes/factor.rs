//! Second factors in the requests to every route: what has to be there, and what a device would answer.

use hallpass_domain::device::Device;
use hallpass_domain::id::AccountId;
use hallpass_domain::name::Name;
use hallpass_domain::passkey::Passkey;
use hallpass_domain::totp::{TotpSecret, step};
use hallpass_testkit::TestServer;
use hallpass_testkit::authenticator::Authenticator;
use serde_json::{Value, json};

use super::book::Route;
use super::scene::{DEVICE, PASSKEY, Scene};

const HERE: &str = "https://crm.example.com";

/// Gives an account an authenticator app. No test knows its secret.
pub(super) async fn insert_app(server: &TestServer, account: &str) {
    let (account, now) = (id(account), server.app.now());
    let mut tx = server.app.db().write().await.unwrap();
    tx.totps().enroll(account, b"sealed", now).await.unwrap();
    tx.totps().confirm(account, now).await.unwrap();
    tx.commit().await.unwrap();
}

/// Gives an account a passkey. No device has it.
pub(super) async fn insert_passkey(server: &TestServer, account: &str) {
    let passkey = Passkey {
        id: PASSKEY.parse().unwrap(),
        account: id(account),
        credential_id: b"example".to_vec(),
        name: Name::parse("MacBook Pro").unwrap(),
        credential: "{}".to_owned(),
        created_at: server.app.now(),
        used_at: None,
    };
    let mut tx = server.app.db().write().await.unwrap();
    tx.passkeys().insert(&passkey).await.unwrap();
    tx.commit().await.unwrap();
}

/// Gives an account a trusted device.
pub(super) async fn insert_device(server: &TestServer, account: &str) {
    let now = server.app.now();
    let device = Device {
        id: DEVICE.parse().unwrap(),
        account: id(account),
        client: "Firefox".to_owned(),
        created_at: now,
        seen_at: now,
    };
    let mut tx = server.app.db().write().await.unwrap();
    tx.trusted_devices().insert(b"token", &device).await.unwrap();
    tx.commit().await.unwrap();
}

fn id(account: &str) -> AccountId {
    account.parse().unwrap()
}

/// The body of a request that answers an earlier one.
pub(super) async fn body(server: &TestServer, scene: &Scene, route: &Route) -> Option<Value> {
    let anna = server.with_session_of(&scene.anna);
    match route.name().as_str() {
        "POST /me/totp/confirm" => {
            let enrollment = anna.post("/api/v1/me/totp", json!({})).await.expect(201);
            let secret = enrollment.text("secret");
            let secret = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
            let code = TotpSecret::new(secret).code(step(server.app.now()));
            Some(json!({"code": code}))
        }
        "POST /me/passkeys" => {
            let begun = anna.post("/api/v1/me/passkeys/options", json!({})).await.expect(201);
            let credential = Authenticator::at(HERE).create(&begun.body["options"]);
            let ceremony = begun.text("ceremony");
            Some(json!({"ceremony": ceremony, "credential": credential, "name": "MacBook Pro"}))
        }
        "POST /sessions/passkey" => {
            let admin = server.with_session_of(&scene.admin);
            let begun = admin.post("/api/v1/me/passkeys/options", json!({})).await.expect(201);
            let mut device = Authenticator::at(HERE);
            let credential = device.create(&begun.body["options"]);
            let ceremony = begun.text("ceremony");
            let body = json!({"ceremony": ceremony, "credential": credential, "name": "Phone"});
            let _ = admin.post("/api/v1/me/passkeys", body).await.expect(201);
            let path = "/api/v1/sessions/passkey/options";
            let begun = server.anonymous().post(path, json!({})).await.expect(201);
            let credential = device.get(&begun.body["options"]);
            Some(json!({"ceremony": begun.text("ceremony"), "credential": credential}))
        }
        _ => None,
    }
}

/// The example without what is another one each time, or looks like a real secret.
pub(super) fn without_secrets(example: &Value) -> Value {
    match example {
        Value::Array(list) => list.iter().map(without_secrets).collect(),
        Value::Object(map) => {
            let fields = map.iter().map(|(key, value)| {
                let shown = match key.as_str() {
                    "ceremony" => json!("example-token"),
                    "challenge" | "clientDataJSON" | "attestationObject"
                    | "authenticatorData" | "signature" | "rawId" => json!("ZXhhbXBsZQ"),
                    "id" if map.contains_key("rawId") => json!("ZXhhbXBsZQ"),
                    "code" if value.as_str().is_some_and(|code| code.len() == 6) => {
                        json!("123456")
                    }
                    "secret" => json!("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
                    "uri" => json!(
                        "otpauth://totp/Hallpass:anna%40example%2Ecom\
                         ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Hallpass\
                         &algorithm=SHA1&digits=6&period=30"
                    ),
                    "recovery_codes"
                        if value.as_array().is_some_and(|list| !list.is_empty()) =>
                    {
                        json!(["0123-4567-89ab-cdef", "ghjk-mnpq-rstv-wxyz"])
                    }
                    _ => without_secrets(value),
                };
                (key.clone(), shown)
            });
            Value::Object(fields.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => example.clone(),
    }
}

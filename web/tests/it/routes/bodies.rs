//! Invalid bodies, on every route that takes one: refused, and nothing is changed.

use hallpass_testkit::TestServer;
use serde_json::{Value, json};

use super::scene::{Scene, census, replaced, send};
use super::{book, problem, rules};

const JSON: &str = "application/json";

/// Bodies that no route accepts, each with its content type.
fn bad_bodies(good: &Value) -> Vec<(&'static str, Vec<u8>)> {
    let mut unknown = good.clone();
    unknown["unknown_field"] = json!(1);
    let latin = b"{\"m\xfcller\": \"m\xfcller\"}".to_vec();
    let mut broken = good.to_string().into_bytes();
    broken.pop();
    let lists = positional(good).into_iter().map(|list| (JSON, list.to_string().into_bytes()));
    let others = vec![
        (JSON, unknown.to_string().into_bytes()),
        (JSON, b"[]".to_vec()),
        (JSON, b"[{}]".to_vec()),
        (JSON, b"\"text\"".to_vec()),
        (JSON, b"7".to_vec()),
        (JSON, b"true".to_vec()),
        (JSON, b"null".to_vec()),
        (JSON, b"".to_vec()),
        (JSON, broken),
        (JSON, format!("{good} {good}").into_bytes()),
        (JSON, latin),
        (JSON, "[".repeat(50_000).into_bytes()),
        (JSON, format!("{{\"a\": \"{}\"}}", "x".repeat(3 << 20)).into_bytes()),
        ("text/plain", good.to_string().into_bytes()),
        ("application/x-www-form-urlencoded", b"confirm=DELETE".to_vec()),
    ];
    lists.chain(others).collect()
}

/// The body with each of its objects in turn replaced by the list of its values.
fn positional(good: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    match good {
        Value::Object(map) => {
            all.push(Value::Array(map.values().cloned().collect()));
            for (key, value) in map {
                let inner = positional(value).into_iter();
                all.extend(inner.map(|value| {
                    let mut other = map.clone();
                    other.insert(key.clone(), value);
                    Value::Object(other)
                }));
            }
        }
        Value::Array(list) => {
            for (place, value) in list.iter().enumerate() {
                let inner = positional(value).into_iter();
                all.extend(inner.map(|value| {
                    let mut other = list.clone();
                    other[place] = value;
                    Value::Array(other)
                }));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    all
}

async fn refuse_bad_bodies(server: TestServer) {
    let scene = Scene::on(&server).await;
    for route in book::every().iter().filter(|route| route.has_body) {
        let good = rules::body(&route.name(), &scene.here);
        let before = census(&server).await;
        // This body may be left out.
        let is_optional = route.name() == "POST /confirmations/{token}";
        let bodies = bad_bodies(&good).into_iter();
        for (kind, body) in bodies.filter(|(_, body)| !is_optional || !body.is_empty()) {
            let shown: String = String::from_utf8_lossy(&body).chars().take(80).collect();
            let what = format!("{} {kind} {shown}", route.name());
            let answer = send(&scene.anna, route, &scene.here, kind, body).await;
            // A preview shows what is wrong with the body of the change.
            if route.name() == "POST /workspaces/{ws}/access/preview" && answer.status == 200 {
                assert_eq!(answer.body["refused"]["status"], 422, "{what}: {}", answer.text);
                continue;
            }
            // Without its secret, the route of the payment service is hidden.
            let statuses: &[u16] = match route.name().as_str() {
                "POST /billing/stripe" => &[403, 404, 413],
                _ => &[413, 415, 422],
            };
            problem(&answer, statuses, &what);
        }
        assert_eq!(census(&server).await, before, "{}", route.name());
    }
}

#[tokio::test]
async fn every_bad_body_is_refused_on_sqlite() {
    refuse_bad_bodies(TestServer::in_memory().await).await;
}

#[tokio::test]
async fn every_bad_body_is_refused_on_postgres() {
    refuse_bad_bodies(TestServer::on_postgres().await).await;
}

/// No value in a body causes an internal error.
async fn survive_dangerous_values(server: TestServer, dangerous: &[Value]) {
    let scene = Scene::on(&server).await;
    for route in book::every().iter().filter(|route| route.has_body) {
        // These would end the session or delete the workspace.
        if ["DELETE /me", "DELETE /workspaces/{ws}", "PUT /me/password"]
            .contains(&route.name().as_str())
        {
            continue;
        }
        let good = rules::body(&route.name(), &scene.here);
        for by in dangerous {
            for bad in replaced(&good, by) {
                let body = bad.to_string().into_bytes();
                let shown: String = bad.to_string().chars().take(200).collect();
                let answer = send(&scene.anna, route, &scene.here, JSON, body).await;
                assert!(answer.status < 500, "{} {shown}: {}", route.name(), answer.text);
                if answer.status >= 400 {
                    problem(&answer, &[answer.status], &format!("{} {shown}", route.name()));
                }
            }
        }
    }
}

#[tokio::test]
async fn no_value_in_a_body_causes_an_internal_error_on_sqlite() {
    let dangerous = [
        json!("a\0b"),
        json!("x".repeat(70_000)),
        json!("\u{202e}\u{feff}"),
        json!(-1),
        json!(1e308),
        json!(u64::MAX),
        json!([["x"]]),
        json!({"\0": "\0"}),
        json!({"": {"": {}}}),
    ];
    survive_dangerous_values(TestServer::in_memory().await, &dangerous).await;
}

#[tokio::test]
async fn no_value_in_a_body_causes_an_internal_error_on_postgres() {
    let dangerous =
        [json!("a\0b"), json!("x".repeat(70_000)), json!(u64::MAX), json!({"\0": "\0"})];
    survive_dangerous_values(TestServer::on_postgres().await, &dangerous).await;
}

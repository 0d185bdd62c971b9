//! What the sign-in policy of a workspace adds to a decision over HTTP.

use std::path::Path;

use serde_json::json;

use crate::server::{self, Server};
use crate::table::Gauge;

/// How often each is measured, in turn.
const ROUNDS: usize = 3;

/// Measures decisions in a workspace without a policy, and in one that limits time, networks and domains.
pub(super) fn measure(folder: &Path) -> Result<Vec<Gauge<'static>>, String> {
    let server = Server::start(folder)?;
    let cookie = server::sign_up(&server)?;
    let workspace = json!({"name": "Bound", "slug": "bound"});
    server.expect(201, ("POST", "/api/v1/workspaces"), &cookie, &workspace)?;
    let others = (1..20).map(|n| format!("10.{n}.0.0/16"));
    let networks: Vec<String> = others.chain(["127.0.0.0/8".to_owned()]).collect();
    let security =
        json!({"idle_minutes": 60, "absolute_minutes": 600, "allowed_networks": networks});
    let path = "/api/v1/workspaces/bound/settings/security";
    server.expect(200, ("PATCH", path), &cookie, &security)?;
    let others = (1..20).map(|n| format!("other{n}.example"));
    let domains: Vec<String> = others.chain(["example.com".to_owned()]).collect();
    let path = "/api/v1/workspaces/bound/settings/authentication";
    let authentication = json!({ "allowed_domains": domains });
    server.expect(200, ("PATCH", path), &cookie, &authentication)?;
    let question = json!({"checks": [{"resource": "contacts", "action": "read"}]});
    let [mut without, mut with] = [f64::INFINITY; 2];
    for _ in 0..ROUNDS {
        without = without.min(server::cost(&server, "bench", &cookie, &question)?);
        with = with.min(server::cost(&server, "bound", &cookie, &question)?);
    }
    println!(
        "a decision without a policy {without:.1} us, with one {with:.1} us of server CPU"
    );
    Ok(vec![Gauge::known(
        "what a policy adds to a decision: server CPU",
        (1.0, "us"),
        with - without,
    )])
}

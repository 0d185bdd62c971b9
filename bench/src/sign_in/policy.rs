//! What the sign-in policy of a workspace adds to a decision over HTTP.

use std::path::Path;

use hallpass_domain::email::Email;
use hallpass_domain::id::{AccountId, SessionId, WorkspaceId};
use hallpass_domain::session::Session;
use hallpass_domain::session::authentication::{Authentications, Method};
use hallpass_domain::session::policy::{Entrant, SignInPolicy};
use hallpass_domain::time::{Span, Timestamp};
use serde_json::{Value, json};

use crate::clock;
use crate::server::{self, Server};
use crate::table::Gauge;

/// The pairs of runs, one without and one with a policy, and the requests of a run. What a machine does beside changes
/// from second to second, and little within a pair.
const PAIRS: usize = 60;
const REQUESTS: u32 = 500;

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
    let run =
        |workspace| server::cost_of_run(&server, (workspace, REQUESTS), &cookie, &question);
    let (mut without, mut added) = (Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        let (one, other) = (run("bench")?, run("bound")?);
        without.push(one);
        added.push(other - one);
    }
    let (without, added) = (median(without), median(added));
    println!(
        "a decision without a policy {without:.1} us of server CPU, with one {added:.2} more"
    );
    Ok(vec![
        Gauge::known("what a policy adds to a decision: server CPU", (1.0, "us"), added),
        Gauge::known(
            "the check of a policy by itself: time",
            (1.0, "us"),
            check(&security, &authentication)? * 1e6,
        ),
    ])
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}

/// The time of what a request asks of a policy, in seconds, by itself: over HTTP it is less than what two runs differ
/// by. The address is in the last network, and the domain is the last one.
fn check(security: &Value, authentication: &Value) -> Result<f64, String> {
    let settings = json!({"security": security, "authentication": authentication});
    let policy = SignInPolicy::of(settings.as_object().ok_or("no settings")?);
    if policy.networks.len() != 20 || policy.domains.len() != 20 {
        return Err("the policy does not have what is measured".to_owned());
    }
    let now = Timestamp::from_seconds(1_800_000_000);
    let email = Email::parse("anna@example.com").map_err(|error| format!("{error:?}"))?;
    let session = Session {
        id: SessionId(uuid::Uuid::from_u128(1)),
        account: AccountId(uuid::Uuid::from_u128(2)),
        created_at: now,
        seen_at: now,
        longest_pause: Span(0),
        authentications: Authentications::of(Method::Password, now),
        client: String::new(),
        address: String::new(),
        view: None,
    };
    let workspace = WorkspaceId(uuid::Uuid::from_u128(3));
    let addresses = vec!["127.0.0.1"; 100_000];
    let enters = |address: &str| {
        let entrant = Entrant { session: &session, workspace, has_top_role: false, now };
        policy.admits_address(address.parse().ok())
            && policy.admits_email(&email)
            && policy.missing(entrant).is_empty()
    };
    if !enters("127.0.0.1") || enters("192.0.2.1") {
        return Err("the policy does not decide as it should".to_owned());
    }
    Ok(clock::median_each(&addresses, 1_000, |address| {
        std::hint::black_box(enters(std::hint::black_box(address)));
    }))
}

//! Hostile clients: each asks for something of one kind again and again, and is answered or refused.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::task::JoinSet;

use super::client::Client;
use super::pause;

/// The pause after a request that was refused at once: a flood of refusals is not what is measured.
const PAUSE: Duration = Duration::from_millis(100);

/// Where the access model of the big workspace is compared with another one.
const COMPARE: &str = "/api/v1/workspaces/initech/blueprint/compare";

/// How often each status came back, by kind.
#[derive(Clone, Default)]
pub(super) struct Statuses(Arc<Mutex<BTreeMap<&'static str, BTreeMap<u16, usize>>>>);

impl Statuses {
    fn note(&self, kind: &'static str, status: u16) {
        *self.0.lock().unwrap().entry(kind).or_default().entry(status).or_default() += 1;
    }

    pub(super) fn all(&self) -> BTreeMap<&'static str, BTreeMap<u16, usize>> {
        self.0.lock().unwrap().clone()
    }
}

/// Who is hostile: the top role of a big workspace, and a member of the good one without rights.
#[derive(Clone)]
pub(super) struct Cast {
    pub(super) server: SocketAddr,
    pub(super) mallory: Client,
    pub(super) trudy: Client,
}

/// A kind of request: its name, how many clients send it at once, and what they may be answered.
pub(super) const KINDS: [(&str, usize, &[u16]); 13] = [
    // A filter or a short word reads every record.
    ("search", 32, &[200, 503]),
    ("filtered list", 16, &[200, 503]),
    ("dashboard", 16, &[200, 503]),
    ("export that is not read", 24, &[200, 503]),
    ("invitation with 30,000 names", 2, &[403, 413, 422, 503]),
    ("record with 28,000 unknown keys", 2, &[422, 503]),
    ("100,000 unknown settings", 2, &[413, 422, 503]),
    ("hostile access model", 2, &[200, 422, 503]),
    ("half a request", 200, &[0]),
    // The connection may be closed before the answer is read.
    ("keyed request with a huge body", 4, &[0, 413, 422, 503]),
    ("wrong password", 8, &[401, 429, 503]),
    ("invitation", 4, &[201, 409, 422, 429, 503]),
    ("writes", 16, &[201, 503]),
];

/// Starts all of them. They end with the set.
pub(super) fn start(cast: &Cast, statuses: &Statuses) -> JoinSet<()> {
    let mut running = JoinSet::new();
    for (kind, clients, _) in KINDS {
        let bodies = Arc::new(Bodies::new());
        for number in 0..clients {
            let (cast, statuses) = (cast.clone(), statuses.clone());
            let bodies = Arc::clone(&bodies);
            running.spawn(async move {
                let mut round = 0;
                loop {
                    let status = ask(kind, &cast, &bodies, (number, round)).await;
                    statuses.note(kind, status);
                    round += 1;
                    if !matches!(status, 200 | 201) {
                        pause(PAUSE).await;
                    }
                }
            });
        }
    }
    running
}

/// Bodies that are made once.
struct Bodies {
    names: String,
    keys: String,
    settings: String,
    model: String,
    huge: String,
}

impl Bodies {
    fn new() -> Bodies {
        let quoted = |number: usize| format!("\"tea_{number:032x}\"");
        let teams = (0..30_000).map(quoted).collect::<Vec<_>>().join(",");
        let pair = |number: usize| format!("\"key{number}\": {number}");
        let pairs = |count: usize| (0..count).map(pair).collect::<Vec<_>>().join(",");
        Bodies {
            names: format!(
                r#"{{"email": "a@example.com", "role": "member", "teams": [{teams}]}}"#
            ),
            keys: format!(r#"{{"fields": {{{}}}}}"#, pairs(28_000)),
            settings: format!("{{{}}}", pairs(100_000)),
            model: comparison(),
            huge: format!(r#"{{"fields": {{"name": "{}"}}}}"#, "a".repeat(1_900_000)),
        }
    }
}

/// An access model near the limits: record types and roles that grant each of them.
fn model() -> String {
    let head = "[blueprint]\nid = \"x\"\nname = \"X\"\n\
                [roles.owner]\nrank = 1\ntop = true\ngrants = [\"*:*:all\"]"
        .to_owned();
    let records = (0..300).map(|number| {
        format!(
            "[records.r{number}]\nactions = [\"read\", \"create\"]\n\
             fields = [{{ key = \"name\", type = \"text\", required = true }}]"
        )
    });
    let grants = (0..100).map(|number| format!("\"r{number}:read:own\""));
    let grants = grants.collect::<Vec<_>>().join(", ");
    let roles = (0..300)
        .map(|number| format!("[roles.q{number}]\nrank = {}\ngrants = [{grants}]", number + 2));
    let parts: Vec<String> = [head].into_iter().chain(records).chain(roles).collect();
    parts.join("\n")
}

/// The body of a comparison with that access model.
fn comparison() -> String {
    format!(r#"{{"blueprint_text": {}}}"#, serde_json::json!(model()))
}

/// Compares the access model of the big workspace with a large one; the status.
pub(super) async fn compare(mallory: &Client) -> u16 {
    mallory.post(COMPARE, &comparison()).await.status
}

/// Sends one request of a kind; its status.
async fn ask(kind: &str, cast: &Cast, bodies: &Bodies, (number, round): (usize, usize)) -> u16 {
    let (big, good) = ("/api/v1/workspaces/initech", "/api/v1/workspaces/acme");
    let (mallory, trudy) = (&cast.mallory, &cast.trudy);
    let stranger = Client::new(cast.server, 9);
    let key = format!("Idempotency-Key: key-{number}-{round}\r\n");
    let answer = match kind {
        "search" => mallory.get(&format!("{big}/search?q=q{}", round % 10)).await,
        "filtered list" => {
            mallory.get(&format!("{big}/records/contacts?q=z{}&sort=title", round % 10)).await
        }
        "dashboard" => mallory.get(&format!("{big}/dashboard")).await,
        "export that is not read" => return export(mallory, big).await,
        "invitation with 30,000 names" => {
            trudy.post(&format!("{good}/invitations"), &bodies.names).await
        }
        "record with 28,000 unknown keys" => {
            mallory.post(&format!("{big}/records/contacts"), &bodies.keys).await
        }
        "100,000 unknown settings" => {
            let path = format!("{big}/settings/general");
            mallory.send("PATCH", &path, "", bodies.settings.as_bytes()).await
        }
        "hostile access model" => mallory.post(COMPARE, &bodies.model).await,
        "half a request" => return half(&Client::new(cast.server, 10)).await,
        "keyed request with a huge body" => {
            let path = format!("{big}/records/contacts");
            mallory.send("POST", &path, &key, bodies.huge.as_bytes()).await
        }
        "wrong password" => {
            let body = r#"{"email": "anna@example.com", "password": "not this one at all"}"#;
            stranger.post("/api/v1/sessions", body).await
        }
        "invitation" => {
            let email = format!("guest-{number}-{round}@example.com");
            let body = format!(r#"{{"email": "{email}", "role": "member"}}"#);
            mallory.post(&format!("{big}/invitations"), &body).await
        }
        _ => {
            let body = r#"{"fields": {"name": "Yan"}}"#;
            mallory.post(&format!("{big}/records/contacts"), body).await
        }
    };
    answer.status
}

/// Asks for an export and reads its first bytes only.
async fn export(client: &Client, workspace: &str) -> u16 {
    let Ok(mut stream) = client.connect().await else { return 0 };
    let head = client.head("GET", &format!("{workspace}/export"), "", 0);
    let mut first = [0; 12];
    if stream.write_all(head.as_bytes()).await.is_err()
        || stream.read_exact(&mut first).await.is_err()
    {
        return 0;
    }
    pause(Duration::from_secs(3)).await;
    String::from_utf8_lossy(&first[9..12]).parse().unwrap_or(0)
}

/// Sends half a head, and waits until the connection is closed.
async fn half(client: &Client) -> u16 {
    let Ok(mut stream) = client.connect().await else { return 0 };
    let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: hall").await;
    let _ = stream.read(&mut [0; 64]).await;
    0
}

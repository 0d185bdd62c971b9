//! Requests with an `Idempotency-Key` on a PostgreSQL whose connections break around COMMIT: each is
//! repeated with its key until it is answered, and then it has happened exactly once.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use hallpass_app::Rules;
use hallpass_testkit::test_size::{either, first_seed};
use hallpass_testkit::{Answer, Person, Rng, TestDatabase, TestServer, TestWorkspace};
use serde_json::{Value, json};

/// The requests in one workspace, and the clients that send them at once.
const REQUESTS: usize = 2_000;
const CLIENTS: usize = 4;

/// Of a hundred commits, how many are cut.
const CUT: usize = 6;

/// A request is repeated so often at most.
const MOST: usize = 100;

/// A request with a key. Its id is that of each of its attempts, and so of its audit entry.
struct Write {
    id: String,
    path: String,
    body: Value,
}

/// A client, and what it changes alone.
struct Client {
    anna: Person,
    rng: Rng,
    name: String,
    /// A record whose owner changes with each second request.
    record: String,
    is_owned: bool,
    /// A member who is deactivated and reactivated in turn.
    member: String,
    is_active: bool,
    conversation: String,
    invitation: String,
}

impl Client {
    async fn new(workspace: &TestWorkspace<'_>, number: usize, seed: u64) -> Client {
        let anna = workspace.anna.same_session();
        let name = format!("client{number}");
        let member = workspace.join(&name, json!({"role": "member"})).await.id;
        let guest = format!("guest-{name}");
        let invitation = workspace.invite(&anna, &guest, json!({"role": "member"})).await;
        Client {
            record: workspace.record(&anna, "tickets", "Zoe").await,
            conversation: workspace.record(&anna, "conversations", "Zoe").await,
            invitation: invitation.expect(201).id(),
            is_owned: true,
            is_active: true,
            rng: Rng::new(seed ^ u64::try_from(number).unwrap()),
            member,
            anna,
            name,
        }
    }

    /// Some request that succeeds if it runs once, and that a second run would show.
    fn write(&mut self, number: usize) -> Write {
        let one = format!("{} {number}", self.name);
        let word = one.replace(' ', "-");
        let (path, body) = match self.rng.below(100) {
            0..20 => ("/records/contacts".to_owned(), json!({"fields": {"name": one}})),
            20..32 => {
                let path =
                    format!("/records/conversations/{}/actions/reply", self.conversation);
                (path, json!({"text": one}))
            }
            32..40 => (format!("/records/tickets/{}/share", self.record), Value::Null),
            40..48 => ("/teams".to_owned(), json!({"name": one})),
            48..55 => ("/departments".to_owned(), json!({"name": one})),
            55..60 => ("/roles".to_owned(), json!({"name": one, "grants": []})),
            60..65 => ("/profiles".to_owned(), json!({"name": one, "grants": {}})),
            65..71 => ("/api-keys".to_owned(), json!({"name": one})),
            71..77 => {
                let report = json!({"name": one, "entity": "contacts", "group_by": "owner"});
                ("/saved-reports".to_owned(), report)
            }
            77..79 => {
                let field = json!({"key": "name", "name": "Name", "type": "text",
                    "required": true});
                let key = format!("type{}_{number}", &self.name[6..]);
                let entity = json!({"key": key, "name": one, "fields": [field]});
                ("/schema/entities".to_owned(), entity)
            }
            79..85 => {
                let email = format!("{word}@example.com");
                ("/invitations".to_owned(), json!({"email": email, "role": "member"}))
            }
            85..90 => (format!("/invitations/{}/resend", self.invitation), Value::Null),
            90..94 => {
                self.is_active = !self.is_active;
                let verb = if self.is_active { "reactivate" } else { "deactivate" };
                (format!("/members/{}/{verb}", self.member), Value::Null)
            }
            94..98 => {
                self.is_owned = !self.is_owned;
                if self.is_owned {
                    (format!("/records/tickets/{}/actions/claim", self.record), json!({}))
                } else {
                    let moved = json!({"from": self.anna.id, "to": "unowned",
                        "entities": ["tickets"], "records": [self.record]});
                    ("/reassignments".to_owned(), moved)
                }
            }
            _ => {
                let body = json!({"name": one, "slug": word, "blueprint": "harmonia"});
                ("/api/v1/workspaces".to_owned(), body)
            }
        };
        Write { id: format!("write-{word}"), path, body }
    }

    /// Repeats a request until it is answered. Some clients hang up before, some send it twice at once.
    async fn send(&mut self, write: &Write) -> Answer {
        for _ in 0..MOST {
            let answer = match self.rng.below(10) {
                0 => {
                    let patience = u64::try_from(self.rng.below(20)).unwrap();
                    let patience = Duration::from_millis(patience);
                    tokio::time::timeout(patience, attempt(&self.anna, write)).await.ok()
                }
                1 => {
                    let (one, other) =
                        tokio::join!(attempt(&self.anna, write), attempt(&self.anna, write));
                    if is_answered(&one) { Some(one) } else { Some(other) }
                }
                _ => Some(attempt(&self.anna, write).await),
            };
            if let Some(answer) = answer.filter(is_answered) {
                let is_done = (200..300).contains(&answer.status)
                    || (answer.status, answer.code()) == (409, "shown_once");
                assert!(is_done, "{} {}: {}", write.path, write.body, answer.text);
                return answer;
            }
        }
        panic!("{} {}: not answered", write.path, write.body);
    }
}

fn is_answered(answer: &Answer) -> bool {
    answer.status < 500
}

async fn attempt(person: &Person, write: &Write) -> Answer {
    let request = Request::post(person.uri(&write.path))
        .header("idempotency-key", &write.id)
        .header("x-request-id", &write.id);
    let request = if write.body.is_null() {
        request.body(Body::empty())
    } else {
        let request = request.header("content-type", "application/json");
        request.body(Body::from(write.body.to_string()))
    };
    person.send(request.unwrap()).await
}

/// How often each request has left an audit entry.
async fn done(server: &TestServer) -> BTreeMap<String, i64> {
    let sql = "SELECT request, COUNT(*) AS n FROM audit \
               WHERE outcome = 'done' AND request LIKE 'write-%' GROUP BY request";
    let mut tx = server.app.db().read().await.unwrap();
    let rows = tx.query(sql, &[]).await.unwrap();
    rows.iter().map(|row| (row.text(0).unwrap().to_owned(), row.int(1).unwrap())).collect()
}

/// Sends the requests of one client, and returns the answers.
async fn work(mut client: Client, requests: usize) -> Vec<(Write, Answer)> {
    let mut answers = Vec::new();
    for number in 0..requests {
        let write = client.write(number);
        let answer = client.send(&write).await;
        answers.push((write, answer));
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_a_key_happens_once_although_connections_break() {
    for round in 0..either(REQUESTS, 20_000) / REQUESTS {
        let seed = first_seed(24) + u64::try_from(round).unwrap();
        let database = TestDatabase::server_behind_proxy(seed).await;
        let server = TestServer::on(database, Rules::default()).await;
        let workspace = server.found("standard").await;
        let mut clients = Vec::new();
        for number in 0..CLIENTS {
            clients.push(Client::new(&workspace, number, seed).await);
        }
        let proxy = server.database.proxy();

        proxy.cut(CUT);
        let clients = clients.into_iter().map(|client| work(client, REQUESTS / CLIENTS));
        let tasks: Vec<_> = clients.map(tokio::spawn).collect();
        let mut answers = Vec::new();
        for task in tasks {
            answers.extend(task.await.unwrap());
        }
        proxy.cut(0);

        let cuts = proxy.cuts();
        assert!(cuts.iter().all(|n| *n > 5), "{cuts:?}");
        let once: BTreeMap<String, i64> =
            answers.iter().map(|(write, _)| (write.id.clone(), 1)).collect();
        assert_eq!(answers.len(), REQUESTS);
        assert_eq!(done(&server).await, once);
        for (write, answer) in &answers {
            check(&workspace.anna, write, answer).await;
        }
        assert_eq!(done(&server).await, once);
    }
}

/// A repetition gets the first answer, and what that says exists.
async fn check(anna: &Person, write: &Write, answer: &Answer) {
    let again = attempt(anna, write).await;
    let what = format!("{} {}", write.path, write.body);
    if write.path == "/api-keys" {
        again.refused(409, "shown_once");
        return;
    }
    assert_eq!((again.status, &again.text), (answer.status, &answer.text), "{what}");
    assert_eq!(again.header("etag"), answer.header("etag"), "{what}");
    let with_page = ["/records/contacts", "/teams", "/departments", "/roles", "/profiles"];
    if with_page.contains(&write.path.as_str()) {
        let _ = anna.get(&format!("{}/{}", write.path, answer.id())).await.expect(200);
    }
}

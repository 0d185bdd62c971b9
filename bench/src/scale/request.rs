//! The requests that are measured, with their bounds of processor time on SQLite.

use serde_json::{Value, json};

use super::people::{People, send, text};
use crate::server::Server;

/// A request.
pub(super) struct Request {
    pub(super) what: &'static str,
    /// At most so many milliseconds of processor time.
    pub(super) at_most: Option<f64>,
    /// The request as it is sent.
    pub(super) text: String,
    /// What its answer contains.
    pub(super) contains: String,
}

/// Questions of a batch.
const BATCH: usize = 100;

/// A text that no record has, of letters that many have.
const NOTHING: &str = "xqzzyqx";

/// Every request that is measured.
#[expect(clippy::too_many_lines, reason = "one entry for each row of the table")]
pub(super) fn every(server: &Server, people: &People) -> Result<Vec<Request>, String> {
    let People { admin, manager, department, key } = people;
    let list = "/records/opportunities?limit=50";
    let get = |what, at_most: f64, credential: &str, path: &str, contains: &str| Request {
        what,
        at_most: (at_most > 0.0).then_some(at_most),
        text: text(server, credential, ("GET", path), None),
        contains: contains.to_owned(),
    };
    let post = |what, at_most: f64, credential: &str, path: &str, body: &Value| Request {
        what,
        at_most: (at_most > 0.0).then_some(at_most),
        text: text(server, credential, ("POST", path), Some(body)),
        contains: "{".to_owned(),
    };
    let first = oldest(server, admin)?;
    let (mail, id) = (&first.mail, first.id.as_str());
    let of_stage = format!("{list}&stage=propose");
    let owner = format!("{of_stage}&owner={}", first.owner);
    let named = |path: &str, q: &str| {
        format!("{path}{}q={q}", if path.contains('?') { '&' } else { '?' })
    };
    let (mut found, contacts) = (Vec::new(), "/records/contacts?limit=50");
    found.push(get("first page, Admin", 0.7, admin, list, "items"));
    found.push(get("first page, Manager", 0.8, manager, list, "items"));
    found.push(get("first page, department", 0.8, department, list, "items"));
    found.push(get("list of a stage, Admin", 1.0, admin, &of_stage, "items"));
    found.push(get("list of a stage, Manager", 1.0, manager, &of_stage, "items"));
    found.push(get("stage and owner, Admin", 1.0, admin, &owner, "items"));
    found.push(get(
        "open, the newest first, Admin",
        1.0,
        admin,
        &format!("{list}&open=true"),
        "items",
    ));
    found.push(get(
        "open, the newest first, Manager",
        1.0,
        manager,
        &format!("{list}&open=true"),
        "items",
    ));
    found.push(get("by title, Admin", 0.0, admin, &format!("{list}&sort=title"), "items"));
    found.push(get(
        "q that matches many, Admin",
        5.0,
        admin,
        &named(list, "agreement"),
        "items",
    ));
    found.push(get(
        "q that matches many, Manager",
        5.0,
        manager,
        &named(list, "agreement"),
        "items",
    ));
    found.push(get(
        "q that matches nothing, Admin",
        2.0,
        admin,
        &named(list, NOTHING),
        "items",
    ));
    found.push(get(
        "q of two words, nothing, Admin",
        2.0,
        admin,
        &named(list, "agreement%20xqzzyqx"),
        "items",
    ));
    found.push(get("q of one old record, Admin", 2.0, admin, &named(contacts, mail), id));
    found.push(get("/search, many", 8.0, admin, &named("/search", "agreement"), "items"));
    found.push(get(
        "/search, many, Manager",
        8.0,
        manager,
        &named("/search", "agreement"),
        "items",
    ));
    found.push(get("/search, nothing", 8.0, admin, &named("/search", NOTHING), "items"));
    found.push(get("/search, one old record", 8.0, admin, &named("/search", mail), id));
    found.push(get("dashboard, Admin", 10.0, admin, "/dashboard", "{"));
    found.push(get("dashboard, Manager", 10.0, manager, "/dashboard", "{"));
    found.push(get("members?q=", 1.0, admin, "/members?limit=50&q=anna", "items"));
    found.push(get(
        "members?q= that matches nothing",
        1.0,
        admin,
        "/members?limit=50&q=xqzzyqx",
        "items",
    ));
    found.push(get("members, page of 50", 1.0, admin, "/members?limit=50", "items"));
    found.push(get(
        "members of a role, page of 50",
        1.0,
        admin,
        "/members?limit=50&role=manager",
        "items",
    ));
    for (what, path) in [
        ("picker of members", "/pick/members?q=anna"),
        ("picker of teams", "/pick/teams?q=1"),
        ("picker of departments", "/pick/departments?q=1"),
        ("picker of records, of all types", "/pick/records?q=agreement"),
        ("picker of records, of one type", "/pick/records?q=agreement&entity=opportunities"),
    ] {
        found.push(get(what, 1.0, admin, path, "items"));
    }
    let who = json!({"resource": "opportunities", "action": "read", "owner": first.owner, "limit": 50});
    found.push(post("access/who, page of 50", 2.0, admin, "/access/who", &who));
    let access = format!("/records/contacts/{id}/access?limit=50");
    found.push(get("access to a record, page of 50", 2.0, admin, &access, "{"));
    let (records, owners) = questions(server, admin)?;
    found.push(post("100 questions by record", 0.3, admin, "/access/check", &records));
    found.push(post("100 questions by owner", 0.06, admin, "/access/check", &owners));
    let one = json!({"checks": [{"resource": "opportunities", "action": "update", "owner": first.owner}]});
    found.push(post("one question, session", 0.02, manager, "/access/check", &one));
    found.push(post("one question, key", 0.02, key, "/access/check", &one));
    Ok(found)
}

/// The oldest contact with an address, and the member who owns it or another one.
struct Oldest {
    id: String,
    mail: String,
    owner: String,
}

fn oldest(server: &Server, admin: &str) -> Result<Oldest, String> {
    let page = send(server, admin, ("GET", "/records/contacts?limit=50&sort=created"), None)?;
    let items = page.get("items").and_then(Value::as_array).ok_or("no contacts")?;
    let found = items.iter().find_map(|item| {
        let mail = item.pointer("/fields/email")?.as_str()?;
        let owner = item.get("owner")?.as_str().filter(|owner| owner.starts_with("mbr_"))?;
        Some(Oldest {
            id: item.get("id")?.as_str()?.to_owned(),
            mail: mail.to_owned(),
            owner: owner.to_owned(),
        })
    });
    found.ok_or_else(|| "no old contact has an address and an owner".to_owned())
}

/// Questions about so many records, and about their owners.
fn questions(server: &Server, admin: &str) -> Result<(Value, Value), String> {
    let path = format!("/records/opportunities?limit={BATCH}");
    let page = send(server, admin, ("GET", &path), None)?;
    let items = page.get("items").and_then(Value::as_array).ok_or("no records")?;
    let about = |key: &str, name: &str| {
        let of = |item: &Value| {
            let value = item.get(name).filter(|value| value.is_string()).cloned();
            let value = value.unwrap_or_else(|| json!("unowned"));
            json!({"resource": "opportunities", "action": "update", key: value})
        };
        json!({"checks": items.iter().map(of).collect::<Vec<Value>>()})
    };
    Ok((about("record", "id"), about("owner", "owner")))
}

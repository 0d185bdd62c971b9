//! Changes of large workspaces over HTTP: a membership, a profile, and the list of roles.
//!
//! The workspaces are written to the store; costs are the processor time of the server.

use std::path::Path;

use serde_json::{Value, json};

use crate::fill::{Filling, Setting, fill, member_id};
use crate::server::{Connection, Server, sign_up};
use crate::table::{self, Gauge};

const SIZES: [u32; 2] = [10_000, 100_000];

/// Custom roles, in addition to those of the access model.
const ROLES: u32 = 10;

/// Requests per run.
const REQUESTS: u32 = 200;

/// Runs, of which the lowest figure counts.
const RUNS: usize = 5;

const WORKSPACE: &str = "/api/v1/workspaces/bench";

pub(crate) fn measure() -> Result<(), String> {
    for members in SIZES {
        let name = format!("hallpass-bench-{}-{members}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).map_err(|error| error.to_string())?;
        println!("a workspace of {members} members, on SQLite in a file: server CPU");
        let measured = measure_in(&folder, members);
        std::fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
        println!("{}", measured?);
    }
    Ok(())
}

fn measure_in(folder: &Path, members: u32) -> Result<String, String> {
    let server = Server::start(folder)?;
    let cookie = sign_up(&server)?;
    let mut connection = Connection::open(&server.address)?;
    for number in 0..ROLES {
        let role = json!({"name": format!("Role {number}"), "grants": ["contacts:read:own"]});
        send(&server, &mut connection, ("POST", "/roles"), &cookie, Some(&role))?;
    }
    let profile = json!({"name": "Bench", "grants": grants("own")});
    let created =
        send(&server, &mut connection, ("POST", "/profiles"), &cookie, Some(&profile))?;
    let profile = created.get("id").and_then(Value::as_str).ok_or("the profile has no id")?;
    let profile_id = profile.to_owned();
    let department = json!({"name": "Bench"});
    let created =
        send(&server, &mut connection, ("POST", "/departments"), &cookie, Some(&department))?;
    let department =
        created.get("id").and_then(Value::as_str).ok_or("no department")?.to_owned();
    drop(server);
    let parse = |error: hallpass_domain::id::IdError| error.to_string();
    let setting = Setting {
        members,
        profile: Some(profile.parse().map_err(parse)?),
        department: Some(department.parse().map_err(parse)?),
        // Previews count by counters; the records themselves are left out.
        filling: Filling::Counters("contacts"),
    };
    fill(&folder.join("hallpass.db"), "bench", &setting)?;

    let server = Server::start(folder)?;
    let mut connection = Connection::open(&server.address)?;
    let mut next = 0;
    let member = cost(&server, &mut connection, &cookie, || {
        next += 1;
        let path = format!("/members/{}", member_id(next * 7 % members));
        let role = if next % 2 == 0 { "manager" } else { "admin" };
        ("PATCH", path, Some(json!({ "role": role })))
    })?;
    let profile = cost(&server, &mut connection, &cookie, || {
        next += 1;
        let scope = if next % 2 == 0 { "own" } else { "team" };
        let path = format!("/profiles/{profile_id}");
        ("PATCH", path, Some(json!({ "grants": grants(scope) })))
    })?;
    let roles = cost(&server, &mut connection, &cookie, || ("GET", "/roles".to_owned(), None))?;
    // Previews have a bound at this size.
    let previews = if members == SIZES[0] {
        preview_costs(&server, &mut connection, &cookie, (members, &profile_id))?
    } else {
        Vec::new()
    };
    let gauges = [
        Gauge::known("PATCH role of a member", (1.0, "ms"), member * 1e3),
        Gauge::known(
            "PATCH grants of a profile of every second team",
            (5.0, "ms"),
            profile * 1e3,
        ),
        Gauge::known("GET roles", (2.0, "ms"), roles * 1e3),
    ];
    Ok(table::render(&gauges.into_iter().chain(previews).collect::<Vec<_>>()))
}

/// The costs of previews and of an explanation, with a page of 50 people.
fn preview_costs(
    server: &Server,
    connection: &mut Connection,
    cookie: &str,
    (members, profile_id): (u32, &str),
) -> Result<Vec<Gauge<'static>>, String> {
    let mut next = 0;
    let preview = |path: &str, body: &Value| {
        let change = json!({"method": "PATCH", "path": path, "body": body});
        ("POST", "/access/preview".to_owned(), Some(json!({ "change": change })))
    };
    let member = cost(server, connection, cookie, || {
        next += 1;
        let path = format!("/members/{}", member_id(next * 7 % members));
        preview(&path, &json!({"role": "admin"}))
    })?;
    let path = format!("/profiles/{profile_id}");
    let edit = json!({ "grants": grants("all") });
    let profile = cost(server, connection, cookie, || preview(&path, &edit))?;
    let explain = cost(server, connection, cookie, || {
        next += 1;
        let asker = member_id(next % members).to_string();
        let owner = member_id(next * 7 % 1_000).to_string();
        let body = json!({"member": asker, "resource": "contacts", "action": "update", "owner": owner});
        ("POST", "/access/explain".to_owned(), Some(body))
    })?;
    Ok(vec![
        Gauge::known("preview: role of a member", (1.0, "ms"), member * 1e3),
        Gauge::known(
            "preview: grants of a profile of every second team",
            (8.0, "ms"),
            profile * 1e3,
        ),
        Gauge::known("explain", (60.0, "us"), explain * 1e6),
    ])
}

/// Processor time of the server per request, in seconds: the lowest of several runs.
fn cost(
    server: &Server,
    connection: &mut Connection,
    cookie: &str,
    mut request: impl FnMut() -> (&'static str, String, Option<Value>),
) -> Result<f64, String> {
    let mut send_next = |connection: &mut Connection| -> Result<(), String> {
        let (method, path, body) = request();
        send(server, connection, (method, &path), cookie, body.as_ref()).map(drop)
    };
    // The first request compiles the workspace.
    send_next(connection)?;
    let mut least = f64::INFINITY;
    for _ in 0..RUNS {
        let before = server.processor_time()?;
        for _ in 0..REQUESTS {
            send_next(connection)?;
        }
        let spent = server.processor_time()? - before;
        least = least.min(spent / f64::from(REQUESTS));
    }
    Ok(least)
}

fn send(
    server: &Server,
    connection: &mut Connection,
    (method, path): (&str, &str),
    cookie: &str,
    body: Option<&Value>,
) -> Result<Value, String> {
    let request = server.request(method, &format!("{WORKSPACE}{path}"), cookie, body);
    let (status, _, body) = connection.send(&request)?;
    if !(200..300).contains(&status) {
        return Err(format!("{method} {path}: the server responded with {status}: {body}"));
    }
    serde_json::from_str(&body).map_err(|error| format!("{method} {path}: {error}"))
}

fn grants(scope: &str) -> Value {
    json!({"contacts": {"create": "all", "read": "all", "update": scope}})
}

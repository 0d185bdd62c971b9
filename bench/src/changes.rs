//! Changes of large workspaces over HTTP: a membership, a profile, and the list of roles.
//!
//! The workspaces are written to the store; costs are the processor time of the server.

use std::path::Path;

use hallpass_domain::account::Account;
use hallpass_domain::email::Email;
use hallpass_domain::id::{AccountId, DepartmentId, MemberId, ProfileId, TeamId, WorkspaceId};
use hallpass_domain::member::{Member, MemberAccess, Status};
use hallpass_domain::name::Name;
use hallpass_domain::team::Team;
use hallpass_domain::time::Timestamp;
use hallpass_engine::{Sharing, Visibility};
use hallpass_store::{Db, Options};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::server::{Connection, Server, sign_up};
use crate::table::{self, Gauge};

const SIZES: [u32; 2] = [10_000, 100_000];

/// Members per team.
const TEAM: u32 = 50;

/// Custom roles, in addition to those of the access model.
const ROLES: u32 = 10;

/// Members per manager, including the manager.
const REPORTS: u32 = 10;

/// Requests per run.
const REQUESTS: u32 = 200;

/// Runs, of which the lowest figure counts.
const RUNS: usize = 5;

/// Records per member.
const RECORDS: i64 = 100;

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
    let department = json!({"name": "Bench"});
    let created =
        send(&server, &mut connection, ("POST", "/departments"), &cookie, Some(&department))?;
    let department =
        created.get("id").and_then(Value::as_str).ok_or("no department")?.to_owned();
    drop(server);
    let parse = |error: hallpass_domain::id::IdError| error.to_string();
    let setting = Setting {
        members,
        profile: profile.parse().map_err(parse)?,
        department: department.parse().map_err(parse)?,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    runtime.block_on(fill(folder, &setting)).map_err(|error| error.to_string())?;

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
        let path = format!("/profiles/{}", setting.profile);
        ("PATCH", path, Some(json!({ "grants": grants(scope) })))
    })?;
    let roles = cost(&server, &mut connection, &cookie, || ("GET", "/roles".to_owned(), None))?;
    // Previews have a bound at this size.
    let previews = if members == SIZES[0] {
        preview_costs(&server, &mut connection, &cookie, &setting)?
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
    setting: &Setting,
) -> Result<Vec<Gauge<'static>>, String> {
    let mut next = 0;
    let preview = |path: &str, body: &Value| {
        let change = json!({"method": "PATCH", "path": path, "body": body});
        ("POST", "/access/preview".to_owned(), Some(json!({ "change": change })))
    };
    let member = cost(server, connection, cookie, || {
        next += 1;
        let path = format!("/members/{}", member_id(next * 7 % setting.members));
        preview(&path, &json!({"role": "admin"}))
    })?;
    let path = format!("/profiles/{}", setting.profile);
    let edit = json!({ "grants": grants("all") });
    let profile = cost(server, connection, cookie, || preview(&path, &edit))?;
    let explain = cost(server, connection, cookie, || {
        next += 1;
        let asker = member_id(next % setting.members).to_string();
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

/// The contents of a workspace.
struct Setting {
    members: u32,
    profile: ProfileId,
    department: DepartmentId,
}

fn member_id(number: u32) -> MemberId {
    MemberId(Uuid::from_u128(u128::from(number) + 1))
}

fn team_id(number: u32) -> TeamId {
    TeamId(Uuid::from_u128(u128::from(number) + 1))
}

async fn fill(folder: &Path, setting: &Setting) -> Result<(), hallpass_store::Error> {
    let broken = |what: &str| hallpass_store::Error::Unavailable(what.to_owned());
    let file = folder.join("hallpass.db").display().to_string();
    let db = Db::open(&file, &Options::default()).await?;
    let found = db.read().await?.workspaces().find_id_by_slug("bench").await?;
    let id: WorkspaceId = found.ok_or_else(|| broken("the workspace does not exist"))?;
    let tx = db.write_in(id.0).await?;
    let mut tx = tx.ok_or_else(|| broken("the workspace does not exist"))?;
    let teams = setting.members / TEAM;
    for number in 0..teams {
        let name = Name::parse(&format!("Team {number}")).map_err(|_| broken("a name"))?;
        let profile = number.is_multiple_of(2).then_some(setting.profile);
        let team = Team {
            id: team_id(number),
            name,
            description: String::new(),
            profile,
            sharing: Sharing::All,
            version: 1,
        };
        tx.teams().insert(&team).await?;
    }
    for number in 0..setting.members {
        let account = account(number).ok_or_else(|| broken("an address"))?;
        let member = member(setting, number, &account, teams);
        tx.global().accounts().insert(&account).await?;
        tx.global().accounts().add_workspace(account.id, id).await?;
        tx.members().insert(&member).await?;
        let sql = "INSERT INTO record_counts (workspace_id, entity, owner_id, n, open_n) \
                   VALUES (?1, 'contacts', ?2, ?3, ?3)";
        tx.execute(sql, &[member.id.into(), RECORDS.into()]).await?;
    }
    // Previews count by these counters; the records themselves are left out.
    let sql = "INSERT INTO record_totals (workspace_id, entity, n, version) \
               VALUES (?1, 'contacts', ?2, 1)";
    tx.execute(sql, &[(RECORDS * i64::from(setting.members)).into()]).await?;
    tx.bump_revision().await?;
    tx.commit().await
}

fn account(number: u32) -> Option<Account> {
    Some(Account {
        id: AccountId(Uuid::from_u128(u128::from(number) + 1)),
        email: Email::parse(&format!("member{number}@example.com")).ok()?,
        first_name: Name::parse(&format!("Member{number}")).ok()?,
        last_name: "Example".to_owned(),
        password: None,
        locale: "en".to_owned(),
        picture: None,
        notifications: Map::new(),
        confirmed_at: Some(Timestamp::default()),
        created_at: Timestamp::from_micros(0),
        version: 1,
    })
}

fn member(setting: &Setting, number: u32, account: &Account, teams: u32) -> Member {
    let above = number / REPORTS * REPORTS;
    let is_manager = above == number;
    let access = MemberAccess {
        role: if is_manager { "manager" } else { "member" }.to_owned(),
        levels: Vec::new(),
        visibility: if number.is_multiple_of(3) {
            Visibility::Department
        } else {
            Visibility::Own
        },
        department: number.is_multiple_of(5).then_some(setting.department),
        manager: (!is_manager).then(|| member_id(above)),
        teams: vec![team_id(number % teams)],
        is_billing_contact: false,
    };
    Member {
        id: member_id(number),
        account: account.id,
        first_name: account.first_name.to_string(),
        last_name: account.last_name.clone(),
        email: account.email.as_str().to_owned(),
        status: Status::Active,
        access,
        landing: None,
        joined_at: Timestamp::from_micros(0),
        role_since: Timestamp::from_micros(0),
        role_by: None,
        seen_at: None,
        version: 1,
    }
}

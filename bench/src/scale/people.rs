//! Who sends the requests: an Admin, a Manager, a member who sees a department, and the key of the Admin.

use serde_json::{Value, json};

use crate::server::{Connection, Server};

/// The password of everyone.
pub(super) const PASSWORD: &str = "correct horse battery staple";

/// Candidates of whom one with a middling reach is looked for.
const CANDIDATES: usize = 60;

/// The people who ask, each as a header that authenticates.
pub(super) struct People {
    pub(super) admin: String,
    pub(super) manager: String,
    pub(super) department: String,
    pub(super) key: String,
}

impl People {
    pub(super) fn sign_in(server: &Server, founder: &str) -> Result<People, String> {
        let founder = sign_in(server, founder)?;
        let key =
            send(server, &founder, ("POST", "/api-keys"), Some(&json!({"name": "Bench"})))?;
        let key = key.get("key").and_then(Value::as_str).ok_or("no key")?;
        let key = format!("authorization: Bearer {key}");
        let all = total(server, &founder)?;
        let find = |query: &str| -> Result<String, String> {
            for email in emails(server, &founder, query)?.iter().take(CANDIDATES) {
                let candidate = sign_in(server, email)?;
                let total = total(server, &candidate)?;
                if total > all / 1_000 && total < all / 2 {
                    println!("  {query}: {total} of {all} opportunities");
                    return Ok(candidate);
                }
            }
            Err(format!("no member `{query}` has a middling reach"))
        };
        let manager = find("role=manager&status=active")?;
        let department = find("role=member&status=active&visibility=department")?;
        let admins = emails(server, &founder, "role=admin&status=active")?;
        let admin = sign_in(server, admins.first().ok_or("there is no Admin")?)?;
        Ok(People { admin, manager, department, key })
    }
}

/// The addresses of the first members that a query finds; one of its parts is for members here.
fn emails(server: &Server, credential: &str, query: &str) -> Result<Vec<String>, String> {
    let (query, visibility) = match query.split_once("&visibility=") {
        Some((query, visibility)) => (query, Some(visibility)),
        None => (query, None),
    };
    let path = format!("/members?limit=200&{query}");
    let found = send(server, credential, ("GET", &path), None)?;
    let items = found.get("items").and_then(Value::as_array).ok_or("no members")?;
    let items = items.iter().filter(|item| {
        visibility
            .is_none_or(|word| item.get("visibility").and_then(Value::as_str) == Some(word))
    });
    let email = |item: &Value| Some(item.get("email")?.as_str()?.to_owned());
    Ok(items.filter_map(email).collect())
}

fn total(server: &Server, credential: &str) -> Result<u64, String> {
    let page = send(server, credential, ("GET", "/records/opportunities?limit=1"), None)?;
    page.get("total").and_then(Value::as_u64).ok_or_else(|| format!("no total: {page}"))
}

fn sign_in(server: &Server, email: &str) -> Result<String, String> {
    let body = json!({"email": email, "password": PASSWORD});
    let request = server.request("POST", "/api/v1/sessions", "", Some(&body));
    let (status, head, body) = Connection::open(&server.address)?.send(&request)?;
    let cookie = head.iter().find_map(|line| line.strip_prefix("set-cookie: "));
    let cookie = cookie.and_then(|cookie| cookie.split(';').next());
    let cookie = cookie.ok_or_else(|| format!("{email} cannot sign in: {status} {body}"))?;
    Ok(format!("cookie: {cookie}"))
}

/// A request as it is sent.
pub(super) fn text(
    server: &Server,
    credential: &str,
    (method, path): (&str, &str),
    body: Option<&Value>,
) -> String {
    let body = body.map_or_else(String::new, Value::to_string);
    format!(
        "{method} /api/v1/workspaces/bench{path} HTTP/1.1\r\nhost: {}\r\n{credential}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        server.address,
        body.len()
    )
}

pub(super) fn send(
    server: &Server,
    credential: &str,
    (method, path): (&str, &str),
    body: Option<&Value>,
) -> Result<Value, String> {
    let request = text(server, credential, (method, path), body);
    let (status, _, body) = Connection::open(&server.address)?.send(&request)?;
    if !(200..300).contains(&status) {
        return Err(format!("{method} {path}: the server responded with {status}: {body}"));
    }
    serde_json::from_str(&body).map_err(|error| format!("{method} {path}: {error}"))
}

//! The server as a process: its start, its memory, and the cost of a decision over HTTP.
//!
//! Costs are the processor time of the server alone, as the kernel counts it; the clients are
//! another process.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::table::{self, Gauge};

/// The server as `cargo build --profile dist` builds it.
pub(crate) const BINARY: &str = "target/dist/hallpass";

/// Concurrent clients.
const CLIENTS: u32 = 8;

/// Requests per client and run.
const REQUESTS: u32 = 1_500;

/// Runs, of which the lowest figure counts.
const RUNS: usize = 5;

/// Questions in a batch.
const BATCH: usize = 100;

pub(crate) fn measure() -> Result<(), String> {
    if !Path::new(BINARY).exists() {
        return Err(format!("no `{BINARY}`; build it with `cargo build --profile dist`"));
    }
    let folder = std::env::temp_dir().join(format!("hallpass-bench-{}", std::process::id()));
    std::fs::create_dir(&folder).map_err(|error| error.to_string())?;
    println!("the server, on SQLite in a file, {CLIENTS} concurrent clients");
    let measured = measure_in(&folder);
    std::fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    println!("{}", measured?);
    Ok(())
}

fn measure_in(folder: &Path) -> Result<String, String> {
    // The first start creates the database and is not measured.
    drop(Server::start(folder)?);
    let mut starts = Vec::new();
    for _ in 0..RUNS {
        starts.push(Server::start(folder)?.started_in.as_secs_f64() * 1e3);
    }
    let server = Server::start(folder)?;
    std::thread::sleep(Duration::from_secs(1));
    let idle = server.resident()?;
    let cookie = sign_up(&server)?;
    let single = json!({"checks": [{"resource": "contacts", "action": "read"}]});
    let one = cost(&server, "bench", &cookie, &single)?;
    let checks = vec![json!({"resource": "contacts", "action": "update"}); BATCH];
    let batch = cost(&server, "bench", &cookie, &json!({ "checks": checks }))?;
    let busy = server.resident()?;
    let least = |values: &[f64]| values.iter().copied().fold(f64::INFINITY, f64::min);
    Ok(table::render(&[
        Gauge::known("start to first answer", (200.0, "ms"), least(&starts)),
        Gauge::known("resident, idle", (40.0, "MB"), idle),
        Gauge::known("resident, after the requests", (60.0, "MB"), busy),
        Gauge::known("access/check, one question: server CPU", (40.0, "us"), one),
        Gauge::known("access/check, 100 questions: server CPU", (60.0, "us"), batch),
    ]))
}

/// Processor time of the server per decision in a workspace, in microseconds: the lowest of several runs.
pub(crate) fn cost(
    server: &Server,
    workspace: &str,
    cookie: &str,
    body: &Value,
) -> Result<f64, String> {
    let path = format!("/api/v1/workspaces/{workspace}/access/check");
    let request = server.request("POST", &path, cookie, Some(body));
    let mut least = f64::INFINITY;
    for _ in 0..RUNS {
        let before = server.processor_time()?;
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (address, request) = (server.address.clone(), request.clone());
                std::thread::spawn(move || call(&address, &request, REQUESTS))
            })
            .collect();
        for client in clients {
            client.join().map_err(|_| "a client panicked".to_owned())??;
        }
        let spent = server.processor_time()? - before;
        least = least.min(spent * 1e6 / f64::from(CLIENTS * REQUESTS));
    }
    Ok(least)
}

/// Processor time of the server per decision in a workspace, in microseconds, in one run of so many requests on one
/// connection.
pub(crate) fn cost_of_run(
    server: &Server,
    (workspace, requests): (&str, u32),
    cookie: &str,
    body: &Value,
) -> Result<f64, String> {
    let path = format!("/api/v1/workspaces/{workspace}/access/check");
    let request = server.request("POST", &path, cookie, Some(body));
    let before = server.processor_time()?;
    call(&server.address, &request, requests)?;
    Ok((server.processor_time()? - before) * 1e6 / f64::from(requests))
}

fn call(address: &str, request: &str, times: u32) -> Result<(), String> {
    let mut connection = Connection::open(address)?;
    for _ in 0..times {
        let (status, _, _) = connection.send(request)?;
        if status != 200 {
            return Err(format!("the server responded with {status}"));
        }
    }
    Ok(())
}

/// Signs up an account with a workspace; the cookie of its session.
pub(crate) fn sign_up(server: &Server) -> Result<String, String> {
    let mut connection = Connection::open(&server.address)?;
    let account = json!({
        "email": "anna@example.com", "password": "correct horse battery", "first_name": "Anna"
    });
    let (status, head, body) =
        connection.send(&server.request("POST", "/api/v1/accounts", "", Some(&account)))?;
    let cookie = head
        .iter()
        .find_map(|line| line.strip_prefix("set-cookie: "))
        .and_then(|cookie| cookie.split(';').next())
        .ok_or_else(|| format!("signing up failed with {status}: {body}"))?
        .to_owned();
    let workspace = json!({"name": "Bench", "slug": "bench"});
    let (status, _, body) = connection.send(&server.request(
        "POST",
        "/api/v1/workspaces",
        &cookie,
        Some(&workspace),
    ))?;
    if status == 201 {
        Ok(cookie)
    } else {
        Err(format!("creating the workspace failed with {status}: {body}"))
    }
}

/// A running server, killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
    started_in: Duration,
}

impl Server {
    pub(crate) fn start(folder: &Path) -> Result<Server, String> {
        Server::start_with(folder, &[])
    }

    /// A server with further flags.
    pub(crate) fn start_with(folder: &Path, flags: &[&str]) -> Result<Server, String> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?.to_string();
        drop(listener);
        let began = Instant::now();
        let child = Command::new(BINARY)
            .args(["serve", "--listen", &address, "--mail", "log:", "--log", "error", "--data"])
            .arg(folder)
            .args(flags)
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| format!("`{BINARY}`: {error}"))?;
        let mut server = Server { child, address, started_in: Duration::ZERO };
        let request = server.request("GET", "/healthz", "", None);
        while began.elapsed() < Duration::from_secs(10) {
            let answered = Connection::open(&server.address)
                .and_then(|mut connection| connection.send(&request));
            if answered.is_ok_and(|(status, _, _)| status == 200) {
                server.started_in = began.elapsed();
                return Ok(server);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Err("the server did not respond within 10 s".to_owned())
    }

    pub(crate) fn request(
        &self,
        method: &str,
        path: &str,
        cookie: &str,
        body: Option<&Value>,
    ) -> String {
        let body = body.map_or_else(String::new, Value::to_string);
        format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\ncookie: {cookie}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        )
    }

    /// Sends a request with a session, and expects a status; the answer, as text where it is no JSON.
    pub(crate) fn expect(
        &self,
        status: u16,
        (method, path): (&str, &str),
        cookie: &str,
        body: &Value,
    ) -> Result<Value, String> {
        let request = self.request(method, path, cookie, Some(body));
        let (found, _, body) = Connection::open(&self.address)?.send(&request)?;
        if found != status {
            return Err(format!("{method} {path}: expected {status}, got {found}: {body}"));
        }
        serde_json::from_str(&body).or(Ok(json!(body)))
    }

    fn proc(&self, file: &str) -> Result<String, String> {
        let path = PathBuf::from(format!("/proc/{}/{file}", self.child.id()));
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Processor time in seconds, in user and kernel mode: the sum over all threads.
    pub(crate) fn processor_time(&self) -> Result<f64, String> {
        processor_time(self.child.id())
    }

    /// The resident memory in megabytes.
    fn resident(&self) -> Result<f64, String> {
        let status = self.proc("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes =
            line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        kilobytes.map(|n| n / 1024.0).ok_or_else(|| "no VmRSS".to_owned())
    }
}

/// Processor time of a process in seconds, in user and kernel mode: the sum over all threads.
pub(crate) fn processor_time(process: u32) -> Result<f64, String> {
    let folder = format!("/proc/{process}/task");
    let tasks = std::fs::read_dir(&folder).map_err(|error| format!("{folder}: {error}"))?;
    let mut nanos = 0.0;
    for task in tasks.flatten() {
        let text = std::fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
        let on = text.split_whitespace().next().and_then(|on| on.parse::<f64>().ok());
        nanos += on.unwrap_or(0.0);
    }
    Ok(nanos / 1e9)
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A connection that is kept alive.
pub(crate) struct Connection {
    reader: BufReader<TcpStream>,
}

type Response = (u16, Vec<String>, String);

impl Connection {
    pub(crate) fn open(address: &str) -> Result<Connection, String> {
        let stream = TcpStream::connect(address).map_err(|error| error.to_string())?;
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .map_err(|error| error.to_string())?;
        Ok(Connection { reader: BufReader::new(stream) })
    }

    pub(crate) fn send(&mut self, request: &str) -> Result<Response, String> {
        let failed = |error: std::io::Error| error.to_string();
        self.reader.get_mut().write_all(request.as_bytes()).map_err(failed)?;
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if self.reader.read_line(&mut line).map_err(failed)? == 0 {
                return Err("the server closed the connection".to_owned());
            }
            let line = line.trim_end().to_owned();
            if line.is_empty() {
                break;
            }
            head.push(line);
        }
        let status = head.first().and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let length = head.iter().find_map(|line| {
            line.to_lowercase().strip_prefix("content-length: ")?.parse().ok()
        });
        let mut body = vec![0; length.unwrap_or(0)];
        self.reader.read_exact(&mut body).map_err(failed)?;
        let body = String::from_utf8_lossy(&body).into_owned();
        Ok((status.unwrap_or(0), head, body))
    }
}

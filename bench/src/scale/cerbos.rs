//! A decision of Cerbos over HTTP, as its npm package has the server.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use super::database::free_address;
use crate::server::{Connection, processor_time};

const PACKAGE: &str = "@cerbos/cerbos-linux-x64@0.55.0";

const REQUESTS: u32 = 2_000;
const RUNS: usize = 3;

/// A member may update what they own, and what those own who are assigned to them.
const POLICY: &str = r"apiVersion: api.cerbos.dev/v1
resourcePolicy:
  resource: opportunities
  version: default
  rules:
    - actions: [update]
      effect: EFFECT_ALLOW
      roles: [manager]
      condition:
        match:
          any:
            of:
              - expr: R.attr.owner == P.id
              - expr: R.attr.manager == P.id
";

/// The line of a decision: processor time, and the time that a client waits.
pub(super) fn measure() -> Result<String, String> {
    let folder = std::env::temp_dir().join(format!("hallpass-cerbos-{}", std::process::id()));
    let measured = measure_in(&folder);
    let _ = std::fs::remove_dir_all(&folder);
    measured
}

fn measure_in(folder: &Path) -> Result<String, String> {
    let binary = install(folder)?;
    let address = free_address()?;
    let rpc = free_address()?;
    let config = folder.join("config.yaml");
    let policies = folder.join("policies");
    let failed = |error: std::io::Error| error.to_string();
    std::fs::create_dir_all(&policies).map_err(failed)?;
    std::fs::write(policies.join("opportunities.yaml"), POLICY).map_err(failed)?;
    let text = format!(
        "server:\n  httpListenAddr: \"{address}\"\n  grpcListenAddr: \"{rpc}\"\n\
         storage:\n  driver: disk\n  disk:\n    directory: {}\ntelemetry:\n  disabled: true\n",
        policies.display()
    );
    std::fs::write(&config, text).map_err(failed)?;
    let mut server = Command::new(binary);
    server.args(["server", "--log-level=error", "--config"]).arg(&config);
    let child = server.stdout(Stdio::null()).stderr(Stdio::null()).spawn().map_err(failed)?;
    let server = Running(child);
    let body = json!({
        "requestId": "1",
        "principal": {"id": "m1", "roles": ["manager"]},
        "resources": [{"actions": ["update"], "resource": {
            "kind": "opportunities", "id": "r1", "attr": {"owner": "m2", "manager": "m1"}
        }}],
    })
    .to_string();
    let request = format!(
        "POST /api/check/resources HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    let began = Instant::now();
    let mut connection = loop {
        let answered = Connection::open(&address).and_then(|mut connection| {
            let (_, _, body) = connection.send(&request)?;
            Ok((connection, body))
        });
        match answered {
            Ok((connection, body)) if body.contains("EFFECT_ALLOW") => break connection,
            Ok((_, body)) => return Err(format!("Cerbos decided otherwise: {body}")),
            Err(error) if began.elapsed() > Duration::from_secs(20) => return Err(error),
            Err(_) => std::thread::sleep(Duration::from_millis(50)),
        }
    };
    let (mut processor, mut wall) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..RUNS {
        let (started, began) = (processor_time(server.0.id())?, Instant::now());
        for _ in 0..REQUESTS {
            connection.send(&request)?;
        }
        processor =
            processor.min((processor_time(server.0.id())? - started) / f64::from(REQUESTS));
        wall = wall.min(began.elapsed().as_secs_f64() / f64::from(REQUESTS));
    }
    Ok(format!(
        "Cerbos 0.55.0, one question over HTTP, without records or members of its own\n  {:<46} {:>8.3} {:>9} {:>8.2}",
        "one question",
        processor * 1e3,
        "-",
        wall * 1e3
    ))
}

/// Installs the server from the registry.
fn install(folder: &Path) -> Result<PathBuf, String> {
    std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-save", "--no-audit", "--no-fund", "--prefix"]);
    let output = npm.arg(folder).arg(PACKAGE).output();
    let output = output.map_err(|error| format!("npm: {error}; use --alone"))?;
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("cannot install {PACKAGE}: {why}; use --alone"));
    }
    let package = folder.join("node_modules/@cerbos/cerbos-linux-x64");
    let places = [package.join("cerbos-linux-x64"), package.join("cerbos")];
    let found = places.into_iter().find(|place| place.is_file());
    found.ok_or_else(|| format!("{PACKAGE} has no `cerbos`"))
}

/// A process that is killed in the end.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

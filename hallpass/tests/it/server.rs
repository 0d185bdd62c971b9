//! The server as a process, and requests with curl.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::cli::{BINARY, command};

/// An account.
pub(crate) const ANNA: &str = r#"{"email": "anna@example.com", "password": "correct horse battery",
    "first_name": "Anna"}"#;

/// A workspace.
pub(crate) const ACME: &str = r#"{"name": "Acme", "slug": "acme"}"#;

/// A server on its own port, killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    /// The address and the port.
    pub(crate) address: String,
    /// What it printed when it started.
    pub(crate) printed: String,
    folder: PathBuf,
}

impl Server {
    /// Starts the server in a folder and waits until it listens.
    pub(crate) fn start(folder: &Path, arguments: &[&str]) -> Server {
        Server::start_in(&[], folder, arguments)
    }

    /// Starts the server by another command, which runs the one that follows it.
    pub(crate) fn start_in(wrapper: &[&str], folder: &Path, arguments: &[&str]) -> Server {
        let arguments = [arguments, &["--listen", "127.0.0.1:0"]].concat();
        let mut command = match wrapper {
            [] => command(&arguments),
            [program, rest @ ..] => {
                let mut command = Command::new(program);
                command.args(rest).arg(BINARY).args(arguments);
                command
            }
        };
        let mut child = command.current_dir(folder).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let url = first.strip_prefix("Hallpass is running at ").unwrap();
        let address = url.split_once("://").unwrap().1.to_owned();
        let more = lines.by_ref().map(Result::unwrap);
        let more: Vec<_> = more.take_while(|line| line != "Stop with Ctrl-C.").collect();
        let printed = more.join("\n");
        // A server whose output is not read blocks when the pipe is full.
        std::thread::spawn(move || lines.for_each(drop));
        Server { child, address, printed, folder: folder.to_owned() }
    }

    /// Sends a request with the cookies of a user; the status and the body of the response.
    pub(crate) fn send(
        &self,
        user: &str,
        method: &str,
        path: &str,
        body: &str,
    ) -> (u16, Value) {
        let jar = self.folder.join(format!("{user}.cookies"));
        let mut curl = Command::new("curl");
        curl.args(["-sS", "-w", "\n%{http_code}", "-X", method, "-b"])
            .arg(&jar)
            .arg("-c")
            .arg(&jar);
        if !body.is_empty() {
            curl.args(["-H", "Content-Type: application/json", "-d", body]);
        }
        let output = curl.arg(format!("http://{}{path}", self.address)).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let (body, status) = text.rsplit_once('\n').unwrap();
        (status.parse().unwrap(), serde_json::from_str(body).unwrap_or_default())
    }

    /// Starts a POST request with an idempotency key.
    pub(crate) fn start_post(&self, user: &str, path: &str, body: &str, key: &str) -> Child {
        let mut curl = Command::new("curl");
        curl.args(["-sS", "-w", "\n%{http_code}", "-X", "POST", "-d", body, "-b"])
            .arg(self.folder.join(format!("{user}.cookies")))
            .args(["-H", "Content-Type: application/json", "-H"])
            .arg(format!("Idempotency-Key: {key}"))
            .arg(format!("http://{}{path}", self.address));
        curl.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Sends a form, each field as curl encodes it; the status of the response.
    pub(crate) fn submit(&self, user: &str, path: &str, fields: &[&str]) -> u16 {
        let mut curl = Command::new("curl");
        curl.args(["-sS", "-o", "/dev/null", "-w", "%{http_code}", "-b"])
            .arg(self.folder.join(format!("{user}.cookies")));
        for field in fields {
            curl.args(["--data-urlencode", field]);
        }
        let url = format!("http://{}{path}", self.address);
        let output = curl.arg(url).current_dir(&self.folder).output().unwrap();
        String::from_utf8(output.stdout).unwrap().parse().unwrap()
    }

    /// Sends a GET request and checks the status; the body.
    pub(crate) fn get(&self, user: &str, path: &str, expected: u16) -> Value {
        let (status, body) = self.send(user, "GET", path, "");
        assert_eq!(status, expected, "{path}: {body}");
        body
    }

    /// Downloads a file; its text.
    pub(crate) fn download(&self, user: &str, path: &str) -> String {
        let mut curl = Command::new("curl");
        curl.args(["-sS", "--fail", "-b"]).arg(self.folder.join(format!("{user}.cookies")));
        let output = curl.arg(format!("http://{}{path}", self.address)).output().unwrap();
        let problem = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{path}: {problem}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Sends a POST request and checks the status; the body.
    pub(crate) fn post(&self, user: &str, path: &str, body: &str, expected: u16) -> Value {
        let (status, response) = self.send(user, "POST", path, body);
        assert_eq!(status, expected, "{path}: {response}");
        response
    }

    /// Creates an account and a workspace.
    pub(crate) fn found(&self) {
        self.post("anna", "/api/v1/accounts", ANNA, 201);
        self.post("anna", "/api/v1/workspaces", ACME, 201);
    }

    /// The link in the mail that has one to a page, as soon as it is written: `confirmations/…`.
    pub(crate) fn mailed_link(&self, page: &str) -> String {
        let find = format!(
            "until grep -ohm1 '{page}/[A-Za-z0-9_-]*' hallpass-data/mail/*.eml 2>/dev/null; do :; done"
        );
        let mut shell = Command::new("bash");
        let found = shell.args(["-c", &find]).current_dir(&self.folder).output().unwrap();
        String::from_utf8(found.stdout).unwrap().trim().to_owned()
    }

    /// The id of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends SIGKILL.
    pub(crate) fn kill(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-9", &pid]).status().unwrap().success());
    }

    /// Sends SIGTERM.
    pub(crate) fn tell_to_stop(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").arg(pid).status().unwrap().success());
    }

    /// Waits for the end; the exit code.
    pub(crate) fn wait(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// Sends SIGTERM and waits; the exit code.
    pub(crate) fn stop(self) -> Option<i32> {
        self.tell_to_stop();
        self.wait()
    }
}

/// Kills a server that was not stopped.
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

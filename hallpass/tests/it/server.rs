//! A server as a process, and people who ask it with curl.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::command;

/// A server on a port of its own, ended with the test.
pub(crate) struct Server {
    child: Child,
    /// The address and the port.
    pub(crate) address: String,
    folder: PathBuf,
}

impl Server {
    /// Starts it in a folder; it listens once this is back.
    pub(crate) fn start(folder: &Path, arguments: &[&str]) -> Server {
        let arguments = [arguments, &["--listen", "127.0.0.1:0"]].concat();
        let mut child =
            command(&arguments).current_dir(folder).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = said.next().unwrap().unwrap();
        let address = first.strip_prefix("Hallpass listens at http://").unwrap().to_owned();
        // What it says later must find a reader.
        std::thread::spawn(move || said.for_each(drop));
        Server { child, address, folder: folder.to_owned() }
    }

    /// What somebody, told by their cookies, is answered.
    pub(crate) fn ask(&self, who: &str, method: &str, path: &str, body: &str) -> (u16, Value) {
        let jar = self.folder.join(format!("{who}.cookies"));
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

    /// As [`Server::ask`], when the status must be this.
    pub(crate) fn get(&self, who: &str, path: &str, expected: u16) -> Value {
        let (status, body) = self.ask(who, "GET", path, "");
        assert_eq!(status, expected, "{path}: {body}");
        body
    }

    /// As [`Server::get`], of a POST.
    pub(crate) fn post(&self, who: &str, path: &str, body: &str, expected: u16) -> Value {
        let (status, answer) = self.ask(who, "POST", path, body);
        assert_eq!(status, expected, "{path}: {answer}");
        answer
    }

    /// Asks it to stop, and waits; gives its exit code.
    pub(crate) fn stop(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").arg(pid).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

/// Ends it at once: whoever has not called [`Server::stop`] pulls the plug.
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

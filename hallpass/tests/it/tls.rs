//! The server with TLS of its own, as curl sees it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use rcgen::generate_simple_self_signed;

use crate::cli::{check, folder};
use crate::server::Server;

/// Writes a certificate for this machine and its key.
fn write_pair(folder: &Path) {
    let made = generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
    let key = folder.join("key.pem");
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    fs::set_permissions(key, fs::Permissions::from_mode(0o600)).unwrap();
}

const FILES: [&str; 4] = ["--tls-certificate", "cert.pem", "--tls-key", "key.pem"];

struct Secured {
    server: Server,
    folder: PathBuf,
}

impl Secured {
    fn start(name: &str) -> Secured {
        let folder = folder(name);
        write_pair(&folder);
        Secured { server: Server::start(&folder, &FILES), folder }
    }

    /// What curl prints for a request to a path, with a certificate as the authority.
    fn curl(&self, trusted: &str, path: &str, arguments: &[&str]) -> (bool, String) {
        let mut curl = Command::new("curl");
        curl.args(["-sS", "-i", "--cacert"]).arg(self.folder.join(trusted)).args(arguments);
        let url = format!("https://{}{path}", self.server.address);
        let output = curl.arg(url).output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

#[test]
fn server_with_a_certificate_serves_by_tls_and_binds_browsers_to_it() {
    let secured = Secured::start("tls");

    for (flags, version) in [
        (&["--tls-max", "1.2", "--http1.1"][..], "HTTP/1.1 201"),
        (&["--tlsv1.3", "--http2"], "HTTP/2 201"),
    ] {
        let body = format!(
            r#"{{"email": "{}@example.com", "password": "correct horse battery", "first_name": "A"}}"#,
            version.replace(['/', ' '], "-")
        );
        let post = ["-H", "Content-Type: application/json", "-d", &body];
        let (is_served, text) =
            secured.curl("cert.pem", "/api/v1/accounts", &[flags, &post].concat());
        let text = text.to_ascii_lowercase();
        assert!(is_served && text.starts_with(&version.to_ascii_lowercase()), "{text}");
        let hsts = "strict-transport-security: max-age=31536000; includesubdomains";
        assert!(text.contains(hsts), "{text}");
        let cookie =
            text.lines().find(|line| line.contains("__host-hallpass_session=")).unwrap();
        assert!(cookie.contains("secure") && cookie.contains("httponly"), "{cookie}");
    }
    let plain = Command::new("curl")
        .args(["-sS", "-m", "20", &format!("http://{}/healthz", secured.server.address)])
        .output()
        .unwrap();
    assert!(!plain.status.success(), "it answers without TLS");
}

#[test]
fn renewed_certificate_is_read_while_the_server_runs() {
    let secured = Secured::start("tls_renewed");
    let is_served = |trusted: &str| secured.curl(trusted, "/healthz", &[]).0;
    fs::copy(secured.folder.join("cert.pem"), secured.folder.join("old.pem")).unwrap();
    assert!(is_served("old.pem"));

    write_pair(&secured.folder);

    // The files are read every other second.
    let is_new = (0..2_000).any(|_| is_served("cert.pem"));
    assert!(is_new, "the new certificate is not in force");
    assert!(!is_served("old.pem"));
}

#[test]
fn files_that_do_not_fit_together_stop_the_server_at_its_start() {
    let folder = folder("tls_wrong");
    write_pair(&folder);
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let (cert, key, other) = (path("cert.pem"), path("key.pem"), path("other.pem"));
    let data = path("data");
    let refuses = |key: &str, expected: &str| {
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--data", &data];
        let files = ["--tls-certificate", &cert, "--tls-key", key];
        check(&[&arguments[..], &files].concat(), 2, &[expected, key]);
    };
    refuses(&path("absent.pem"), "`tls_key`: cannot read");
    fs::rename(&key, &other).unwrap();
    write_pair(&folder);
    refuses(&other, "is not the key of the certificate");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    refuses(&key, "`tls_key`: other users can read or change");
    assert!(!folder.join("data").exists());
}

//! `hallpass secrets`, on the data folder of a running server.

use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use crate::cli::{command, folder};
use crate::server::Server;

/// Runs a command in a folder and checks its exit code; what it prints.
fn secrets(folder: &Path, code: i32, action: &str) -> String {
    let output = command(&["secrets", action]).current_dir(folder).output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert_eq!(output.status.code(), Some(code), "{action}: {text}");
    text
}

/// As if the key file had been changed a while ago.
fn age(file: &Path) {
    let time = fs::metadata(file).unwrap().modified().unwrap() - Duration::from_hours(1);
    File::options().write(true).open(file).unwrap().set_modified(time).unwrap();
}

#[test]
fn a_key_is_rotated_while_the_server_runs() {
    let folder = folder("secrets");
    let server = Server::start(&folder, &[]);
    let file = folder.join("hallpass-data/secret.key");
    let link = server.printed.split("/setup/").nth(1).unwrap();
    let link = link.split_whitespace().next().unwrap();
    let account = r#"{"email": "anna@example.com", "password": "correct horse battery", "first_name": "Anna"}"#;
    server.post("anna", &format!("/api/v1/setup/{link}"), account, 201);
    let enrolled = server.post("anna", "/api/v1/me/totp", "{}", 201);
    let before = fs::read_to_string(&file).unwrap();
    let counted = secrets(&folder, 0, "status");
    assert!(counted.contains("current         1 secrets"), "{counted}");

    let rotated = secrets(&folder, 0, "rotate");

    assert!(
        rotated.contains("encrypted 1 secrets") && rotated.contains("drop-keys"),
        "{rotated}"
    );
    let after = fs::read_to_string(&file).unwrap();
    assert!(after.ends_with(&before) && after.lines().count() == 2, "{after}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    // The server reads what was sealed with a key that it has not loaded, and seals with that one.
    let wrong = server.post("anna", "/api/v1/me/totp/confirm", r#"{"code": "000000"}"#, 422);
    assert_eq!(wrong["errors"][0]["code"], "wrong_code");
    let again = server.post("anna", "/api/v1/me/totp", "{}", 201);
    assert_ne!(again["secret"], enrolled["secret"]);
    let counted = secrets(&folder, 0, "status");
    assert!(counted.contains("earlier         0 secrets"), "{counted}");
    let early = secrets(&folder, 2, "drop-keys");
    assert!(early.contains("try again later"), "{early}");
    age(&file);
    assert!(secrets(&folder, 0, "drop-keys").contains("dropped 1 earlier keys"));
    assert!(secrets(&folder, 0, "drop-keys").contains("dropped 0 earlier keys"));
    assert!(after.starts_with(&fs::read_to_string(&file).unwrap()));
    let wrong = server.post("anna", "/api/v1/me/totp/confirm", r#"{"code": "000000"}"#, 422);
    assert_eq!(wrong["errors"][0]["code"], "wrong_code");

    // A file whose key is gone.
    fs::write(&file, &before).unwrap();
    let missing = secrets(&folder, 1, "status");
    assert!(missing.contains("missing") && missing.contains("cannot be read"), "{missing}");
    age(&file);
    let refused = secrets(&folder, 2, "drop-keys");
    assert!(refused.contains("1 secrets are under another key"), "{refused}");
}

#[test]
fn two_commands_do_not_change_the_keys_at_once() {
    let folder = folder("secrets_lock");
    let server = Server::start(&folder, &[]);
    drop(server);
    let path = folder.join("hallpass-data/secret.key.lock");
    let lock = File::create(&path).unwrap();
    lock.lock().unwrap();
    let before = fs::read_to_string(folder.join("hallpass-data/secret.key")).unwrap();

    let refused = secrets(&folder, 2, "rotate");
    assert!(refused.contains("another `hallpass secrets` command"), "{refused}");
    assert!(secrets(&folder, 2, "drop-keys").contains("another"));

    assert_eq!(fs::read_to_string(folder.join("hallpass-data/secret.key")).unwrap(), before);
    lock.unlock().unwrap();
    // What a command left that was stopped while it wrote the key file.
    fs::write(folder.join("hallpass-data/secret.key.new"), "half").unwrap();
    let _ = secrets(&folder, 0, "rotate");
    assert!(!folder.join("hallpass-data/secret.key.new").exists());
}

#[test]
fn without_a_database_no_key_is_changed() {
    let folder = folder("secrets_none");
    let missing = secrets(&folder, 2, "rotate");
    assert!(missing.contains("no database"), "{missing}");
    assert!(!folder.join("hallpass-data").exists());
}

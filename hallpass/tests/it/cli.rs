//! Runs the binary.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The root of the repository, where commands run.
pub(crate) const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// The binary.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_hallpass");

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.args(arguments).current_dir(ROOT);
    command
}

/// Runs a command; checks its exit code, and that its output contains every part.
pub(crate) fn check(arguments: &[&str], code: i32, parts: &[&str]) {
    let text = run(arguments, code);
    for part in parts {
        assert!(text.contains(part), "{arguments:?} does not print {part:?}: {text}");
    }
}

/// Runs a command and checks its exit code; what it prints.
pub(crate) fn run(arguments: &[&str], code: i32) -> String {
    let Output { stdout, stderr, status } = command(arguments).output().unwrap();
    let text = String::from_utf8([stdout, stderr].concat()).unwrap();
    assert_eq!(status.code(), Some(code), "{arguments:?}: {text}");
    text
}

/// A new folder for a test.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

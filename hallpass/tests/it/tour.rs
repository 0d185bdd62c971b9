//! The tour of the README: every command gets the response that is shown below it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use crate::cli::folder;
use crate::server::Server;

const README: &str = include_str!("../../../README.md");

/// The address in the README.
const ADDRESS: &str = "127.0.0.1:8700";

/// A command of the tour and its response.
struct Step {
    line: String,
    response: Option<String>,
}

fn steps() -> Vec<Step> {
    let tour = README.split("## Tour").nth(1).unwrap();
    let block = tour.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    let mut steps: Vec<Step> = Vec::new();
    for line in block.lines().filter(|line| !line.is_empty()) {
        if let Some(response) = line.strip_prefix("#> ") {
            steps.last_mut().unwrap().response = Some(response.to_owned());
        } else if !line.starts_with('#') {
            steps.push(Step { line: line.to_owned(), response: None });
        }
    }
    steps
}

/// Whether a text matches a pattern, in which `…` matches any text.
fn matches(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('…');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap()) else { return false };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    pattern.ends_with('…') || rest.is_empty()
}

#[test]
fn every_command_of_the_tour_gets_the_response_of_the_readme() {
    let folder = folder("tour");
    let server = Server::start(&folder, &[]);
    let mut shell = Command::new("bash")
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = shell.stdin.take().unwrap();
    let mut output = BufReader::new(shell.stdout.take().unwrap()).lines();

    let mut compared = 0;
    for Step { line, response: expected } in steps() {
        writeln!(input, "{}\necho done", line.replace(ADDRESS, &server.address)).unwrap();
        let lines = output.by_ref().map(Result::unwrap).take_while(|line| line != "done");
        let response = lines.collect::<Vec<_>>().join("\n");
        let expected = expected.unwrap_or_default();
        assert!(
            matches(&response, &expected),
            "{line}\nprints {response}\nexpected {expected}"
        );
        compared += usize::from(!expected.is_empty());
    }

    assert!(compared >= 12, "only {compared} responses are compared");
    drop(input);
    assert!(shell.wait().unwrap().success());
}

#[test]
fn other_text_does_not_match() {
    assert!(matches("{\"id\":\"1\",\"a\":2}", "{\"id\":\"…\",\"a\":2}"));
    assert!(matches("abc", "a…"));
    assert!(!matches("abc", "a…d"));
    assert!(!matches("abcd", "a…c"));
}

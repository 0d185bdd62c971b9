//! The tour of the README: a server is started, and every line does what stands beside it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use crate::folder;
use crate::server::Server;

const README: &str = include_str!("../../../README.md");

/// The address in the README.
const ADDRESS: &str = "127.0.0.1:8700";

/// A line of the tour, and what is answered.
struct Step {
    line: String,
    answer: Option<String>,
}

fn steps() -> Vec<Step> {
    let tour = README.split("## Tour").nth(1).unwrap();
    let block = tour.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    let mut steps: Vec<Step> = Vec::new();
    for line in block.lines().filter(|line| !line.is_empty()) {
        if let Some(answer) = line.strip_prefix("#> ") {
            steps.last_mut().unwrap().answer = Some(answer.to_owned());
        } else if !line.starts_with('#') {
            steps.push(Step { line: line.to_owned(), answer: None });
        }
    }
    steps
}

/// Whether a text is as a pattern says, in which `…` stands for anything.
fn fits(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('…');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap()) else { return false };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    pattern.ends_with('…') || rest.is_empty()
}

#[test]
fn every_line_of_the_tour_does_what_the_readme_says() {
    let folder = folder("tour");
    let server = Server::start(&folder, &[]);
    let mut shell = Command::new("bash")
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut hands = shell.stdin.take().unwrap();
    let mut eyes = BufReader::new(shell.stdout.take().unwrap()).lines();

    let mut asked = 0;
    for Step { line, answer } in steps() {
        writeln!(hands, "{}\necho done", line.replace(ADDRESS, &server.address)).unwrap();
        let lines = eyes.by_ref().map(Result::unwrap).take_while(|line| line != "done");
        let said = lines.collect::<Vec<_>>().join("\n");
        let expected = answer.unwrap_or_default();
        assert!(fits(&said, &expected), "{line}\nsays {said}\nand not {expected}");
        asked += usize::from(!expected.is_empty());
    }

    assert!(asked >= 12, "only {asked} answers are told");
    drop(hands);
    assert!(shell.wait().unwrap().success());
}

#[test]
fn an_answer_that_is_another_does_not_fit() {
    assert!(fits("{\"id\":\"1\",\"a\":2}", "{\"id\":\"…\",\"a\":2}"));
    assert!(fits("abc", "a…"));
    assert!(!fits("abc", "a…d"));
    assert!(!fits("abcd", "a…c"));
}

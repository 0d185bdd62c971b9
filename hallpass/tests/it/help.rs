//! The help of every command. `HALLPASS_REWRITE=1` writes the snapshot instead of comparing it.

use std::path::Path;

use crate::cli::{ROOT, run};

/// The help of a command and of its subcommands, each with the words of the command.
fn helps(words: &[&str]) -> Vec<(String, String)> {
    let text = run(&[words, &["--help"]].concat(), 0);
    let commands =
        text.split("\nCommands:\n").nth(1).and_then(|rest| rest.split("\n\n").next());
    let names = commands.unwrap_or_default().lines().filter_map(|line| {
        let name = line.strip_prefix("  ")?.split(' ').next()?;
        (!name.is_empty() && name != "help").then(|| name.to_owned())
    });
    let names: Vec<String> = names.collect();
    let mut all = vec![(words.join(" "), text)];
    for name in &names {
        all.extend(helps(&[words, &[name.as_str()]].concat()));
    }
    all
}

fn help(words: &[&str]) -> String {
    run(&[words, &["--help"]].concat(), 0)
}

/// The flags in a help text, by the first `--` of a line.
fn flags(text: &str) -> Vec<&str> {
    let flag = |line: &'_ str| -> Option<(usize, usize)> {
        let at = line.find("--")?;
        let end = line[at..].find([' ', '>']).map_or(line.len(), |end| at + end);
        line[..at].chars().all(|c| " -hV,".contains(c)).then_some((at, end))
    };
    text.lines().filter_map(|line| flag(line).map(|(at, end)| &line[at..end])).collect()
}

#[test]
fn help_of_every_command_is_as_documented() {
    let path = Path::new(ROOT).join("hallpass/tests/help.txt");
    let all = helps(&[]);
    let section = |(words, text): &(String, String)| {
        let command = format!("$ hallpass {words} --help").replace("  ", " ");
        format!("{command}\n{text}\n")
    };
    let actual: String = all.iter().map(section).collect();

    if std::env::var_os("HALLPASS_REWRITE").is_some() {
        std::fs::write(&path, &actual).unwrap();
        return;
    }

    assert!(all.len() > 20, "only {} commands are found", all.len());
    let expected = std::fs::read_to_string(&path).unwrap();
    for (actual, expected) in actual.split("\n$ ").zip(expected.split("\n$ ")) {
        assert_eq!(actual, expected, "run this test with HALLPASS_REWRITE=1");
    }
    assert_eq!(actual, expected);
}

#[test]
fn every_command_argument_and_option_has_a_description() {
    for (words, text) in helps(&[]) {
        assert!(!text.starts_with("Usage"), "`{words}` has no description");
        let mut is_list = false;
        for line in text.lines() {
            match line {
                "Commands:" | "Arguments:" | "Options:" | "Configuration:" => is_list = true,
                "" | "Examples:" => is_list = false,
                row if is_list && row.starts_with("  ") => {
                    let row = row.trim_start();
                    let described = row.split_once("  ").map(|(_, text)| text.trim());
                    let is_described = described.is_some_and(|text| text.len() > 5);
                    assert!(is_described, "`{words}`: no description: {row}");
                }
                _ => {}
            }
        }
    }
}

#[test]
fn only_commands_that_read_a_setting_list_it() {
    let of_folders =
        [&["check"][..], &["explain"], &["blueprint"], &["blueprint", "check"], &["config"]];
    for words in of_folders {
        let text = help(words);
        assert!(!text.contains("--config") && !text.contains("Configuration:"), "{text}");
    }
    for words in [&["workspace", "list"][..], &["operations", "list"], &["workspace"]] {
        let text = help(words);
        let listed = flags(text.split("Configuration:").nth(1).unwrap());
        assert_eq!(listed, ["--config", "--database"], "{text}");
    }
    let listed = help(&["admin", "account", "create"]);
    let listed = flags(listed.split("Configuration:").nth(1).unwrap());
    assert_eq!(listed, ["--config", "--database", "--base-url"]);
    for words in [&["serve"][..], &["demo"], &["config", "show"], &[]] {
        let text = help(words);
        let listed = flags(text.split("Configuration:").nth(1).unwrap());
        assert_eq!(listed.len(), 27, "{text}");
        assert!(listed.contains(&"--listen") && !listed.contains(&"--stripe-secret"), "{text}");
    }
}

#[test]
fn options_of_the_command_come_before_the_settings() {
    for words in [&["workspace", "create"][..], &["operations", "list"], &["serve"]] {
        let text = help(words);
        let (options, settings) = (text.find("\nOptions:"), text.find("\nConfiguration:"));
        assert!(options.unwrap() < settings.unwrap(), "{text}");
    }
}

#[test]
fn setting_of_the_server_is_refused_by_other_commands() {
    let refused = |words: &[&str]| run(words, 2);

    assert!(refused(&["blueprint", "list", "--listen", "127.0.0.1:0"]).contains("'--listen'"));
    assert!(refused(&["workspace", "list", "--listen", "127.0.0.1:0"]).contains("'--listen'"));
    assert!(refused(&["--listen", "127.0.0.1:0", "serve"]).contains("'--listen"));
}

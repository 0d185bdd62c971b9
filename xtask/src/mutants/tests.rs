//! The options of the command, and what it makes of the outcome.

use super::*;

fn groups() -> Vec<Group> {
    let group = |name: &str, files: &[&str]| Group {
        name: name.to_owned(),
        files: files.iter().map(|file| (*file).to_owned()).collect(),
        packages: vec!["rules".to_owned()],
        skip: Vec::new(),
    };
    vec![group("one", &["a.rs", "b.rs"]), group("two", &["c.rs"])]
}

#[test]
fn names_select_groups_and_files() {
    let files = |named: &[&str]| {
        let named: Vec<String> = named.iter().map(|name| (*name).to_owned()).collect();
        let selected = selected(groups(), &named)?;
        Ok::<_, String>(selected.into_iter().flat_map(|group| group.files).collect::<Vec<_>>())
    };

    assert_eq!(files(&[]).unwrap(), ["a.rs", "b.rs", "c.rs"]);
    assert_eq!(files(&["two"]).unwrap(), ["c.rs"]);
    assert_eq!(files(&["b.rs", "two"]).unwrap(), ["b.rs", "c.rs"]);
    assert!(files(&["d.rs"]).unwrap_err().contains("`d.rs`"));
}

#[test]
fn the_options_are_parsed() {
    let parse =
        |args: &[&str]| parse(&args.iter().map(|arg| (*arg).to_owned()).collect::<Vec<_>>());

    let options = parse(&["--shard", "0/8", "engine"]).unwrap();

    assert_eq!(options.shard.as_deref(), Some("0/8"));
    assert_eq!(options.named, ["engine"]);
    assert!(parse(&["--shard"]).is_err() && parse(&["--fast"]).is_err());
}

#[test]
fn a_name_is_a_pattern_of_itself_alone() {
    assert_eq!(escape("a.rs:1: replace && with ||"), r"a\.rs\:1\: replace \&\& with \|\|");
}

#[test]
fn the_summary_counts_every_mutant_once() {
    let outcome = Outcome {
        caught: 5,
        unviable: 1,
        equivalent: 2,
        missed: vec!["a.rs:1:1: replace f".to_owned()],
    };

    assert_eq!(
        outcome.summary("rules"),
        "mutants of rules: 9; noticed 5, missed 1, equivalent 2, do not compile 1"
    );
}

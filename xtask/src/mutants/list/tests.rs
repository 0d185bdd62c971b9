//! The lists of files and of equivalent mutants.

use super::*;

const SOURCE: &str = "fn is_small(number: u8) -> bool {\n    number < 1\n}\n";

const LISTS: &str = r#"
[[group]]
name = "rules"
files = ["rules/src/a.rs"]
packages = ["rules"]

[[equivalent]]
file = "rules/src/a.rs"
mutant = "replace < with == in is_small"
line = "number < 1"
because = "no number is below 0"
"#;

#[test]
fn the_lists_are_parsed() {
    let lists = parse(LISTS).unwrap();

    assert_eq!(lists.groups[0].files, ["rules/src/a.rs"]);
    assert_eq!(lists.equivalent[0].line, "number < 1");
}

#[test]
fn an_equivalent_mutant_without_a_reason_is_an_error() {
    let without = LISTS.replace("because", "reason");

    assert_eq!(parse(&without), Err("an entry has no `because`".to_owned()));
    assert_eq!(parse("[groups]\n"), Err("unknown key `groups`".to_owned()));
    assert_eq!(parse("group = []\n"), Err("`group` is not a list of tables".to_owned()));
}

#[test]
fn an_entry_is_about_the_mutant_of_its_file_change_and_line() {
    let entry = parse(LISTS).unwrap().equivalent.remove(0);
    let is_about = |name: &str| entry.is_about(&Mutant::parse(name).unwrap(), SOURCE);

    assert!(is_about("rules/src/a.rs:2:12: replace < with == in is_small"));
    assert!(!is_about("rules/src/a.rs:2:12: replace < with > in is_small"));
    assert!(!is_about("rules/src/a.rs:1:12: replace < with == in is_small"));
    assert!(!is_about("rules/src/b.rs:2:12: replace < with == in is_small"));
}

#[test]
fn a_line_that_is_no_mutant_is_not_parsed() {
    assert_eq!(Mutant::parse("Found 3 mutants"), None);
    assert_eq!(Mutant::parse("a.rs:x:1: replace f"), None);
}

#[test]
fn the_lists_of_the_project_name_files_that_exist() {
    let root = crate::tree::root().unwrap();
    let text = std::fs::read_to_string(root.join("xtask/mutants.toml")).unwrap();
    let lists = parse(&text).unwrap();

    for file in lists.groups.iter().flat_map(|group| &group.files) {
        assert!(root.join(file).is_file(), "{file}");
    }
    for entry in &lists.equivalent {
        let source = std::fs::read_to_string(root.join(&entry.file)).unwrap();
        let has_line = source.lines().any(|line| line.trim() == entry.line);
        assert!(has_line, "{}: no line `{}`", entry.file, entry.line);
    }
}

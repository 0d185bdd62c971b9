//! Tests of where retired words are found.

use super::{LIST, check_against};
use crate::tidy::tests::{file, repository};

const WORDS: &str = r#"
[identifiers]
House = "App"
[types]
Post = "MailRenderer"
[endings]
Asked = "Request"
[functions]
facts = "audit_view"
[files]
house = "app"
[prose]
house = "app"
"give way" = "be replaced"
"#;

fn found(path: &str, text: &str, exceptions: &str) -> Vec<String> {
    let list = format!("{WORDS}{exceptions}");
    let found = check_against(&repository(vec![file(path, text)]), &list);
    found.iter().map(ToString::to_string).collect()
}

fn check(path: &str, text: &str, expected: &[&str]) {
    assert_eq!(found(path, text, ""), expected, "{text}");
}

#[test]
fn identifiers_are_found_in_code_and_in_backticks() {
    let message = "a.rs:1: `House` is retired: use App";

    check("a.rs", "fn f(house: &House) {}", &[message]);
    check("a.rs", "House::new(House)", &[message]);
    check("a.rs", "struct HouseRules;", &[]);
    check("a.rs", "f(\"a\", Post)", &[]);
    check("a.rs", "/// See [`House`].", &[message, "a.rs:1: “house”: write app"]);
    check(
        "a.md",
        "```rust\nHouses::new();\nHouse(1)\n```\n",
        &[
            "a.md:2: “house”: write app",
            "a.md:3: `House` is retired: use App",
            "a.md:3: “house”: write app",
        ],
    );
}

#[test]
fn definitions_of_types_and_functions_are_found() {
    let post = "a.rs:1: no type is called `Post`: use MailRenderer";
    let asked = "a.rs:1: no type is called `…Asked`: use …Request";
    let facts = "a.rs:1: no function is called `facts`: use audit_view";

    check("a.rs", "pub struct Post;", &[post]);
    check("a.rs", "enum Method { Post }", &[]);
    check("a.rs", "pub(crate) struct TeamAsked {", &[asked]);
    check("a.rs", "struct Asked;", &[]);
    check("a.rs", "pub fn facts(&self) {", &[facts]);
    check("a.rs", "let facts = facts();", &[]);
}

#[test]
fn files_and_folders_are_found() {
    let message = |path: &str| format!("{path}:1: no file is called `house`: use app");

    for path in ["app/src/house.rs", "app/src/house/list.rs"] {
        check(path, "", &[&message(path)]);
    }
    check("app/src/household.rs", "", &[]);
}

#[test]
fn phrases_are_found_in_comments_strings_and_markdown() {
    check("a.rs", "// Locks\n// give way.", &["a.rs:2: “give way”: write be replaced"]);
    check("a.rs", "f(\"Give way\")", &["a.rs:1: “give way”: write be replaced"]);
    check("a.md", "It must give way.", &["a.md:1: “give way”: write be replaced"]);
    check("a.rs", "f(\"a {house}, {house:?}\")", &[]);
    check("a.rs", "let give = way;", &[]);
    let ftl = "a-house = The team\nb = { $n ->\n   *[other] The house.\n}\n";
    check("a/text/en/b.ftl", ftl, &["a/text/en/b.ftl:3: “house”: write app"]);
    check("a/text/en.ftl", "b = A house.", &["a/text/en.ftl:1: “house”: write app"]);
    check("a/text/de.ftl", "b = house", &[]);
    check("a.sql", "-- A house.\nSELECT house;", &["a.sql:1: “house”: write app"]);
}

#[test]
fn an_exception_allows_a_word() {
    let exception =
        "[[exceptions]]\nwords = [\"house\"]\ntext = \"house number\"\nreason = \"Demo.\"\n";

    assert_eq!(found("a.rs", "f(\"house number\")", exception), [""; 0]);
    assert_eq!(found("a.rs", "f(\"house\")\nf(\"house number\")", exception).len(), 1);
}

#[test]
fn an_exception_that_allows_nothing_is_reported() {
    let exception = "\n[[exceptions]]\npaths = [\"b.rs\"]\nreason = \"Demo.\"\n";

    let line = WORDS.lines().count() + 2;
    let expected = format!("xtask/words.toml:{line}: this exception allows nothing: remove it");
    assert_eq!(found("a.rs", "", exception), [expected]);
}

#[test]
fn an_error_in_the_list_is_reported_with_its_line() {
    let found = check_against(&repository(Vec::new()), "[words]\n");

    assert_eq!(found[0].to_string(), "xtask/words.toml:1: unknown section `words`");
}

#[test]
fn the_list_has_no_errors() {
    let found = check_against(&repository(Vec::new()), LIST);

    assert!(found.iter().all(|found| found.message.contains("allows nothing")), "{found:?}");
}

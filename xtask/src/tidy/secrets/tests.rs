//! Tests of which types may derive `Debug`.

use super::check;
use crate::tidy::tests::{file, lines, repository};

fn found(path: &str, text: &str) -> Vec<usize> {
    lines(&check(&repository(vec![file(path, text)])))
}

#[test]
fn no_type_with_a_secret_in_the_open_derives_debug() {
    let text = "#[derive(Clone, Debug)]\n#[serde(rename = \"a\")]\npub(crate) struct A<'a> {\n    \
        /// Its password.\n    pub password: Option<String>,\n    client_secret: &'a str,\n    \
        key: String,\n}\n\
        #[derive(Debug)]\nenum B {\n    One { session_token: Vec<u8> },\n    Two,\n}\n";
    assert_eq!(found("app/src/a.rs", text), [5, 6, 11]);
}

#[test]
fn hidden_secrets_types_without_debug_and_other_fields_are_not_meant() {
    for text in [
        "#[derive(Debug)]\nstruct A {\n    password: Option<Secret<String>>,\n}\n",
        "#[derive(Clone)]\nstruct A {\n    password: String,\n}\n",
        "#[derive(Debug)]\nstruct A {\n    has_password: bool,\n    token: Token,\n}\n",
        "#[derive(Debug)]\nstruct A {\n    password_rule: String,\n}\n",
        "#[derive(Debug)]\nstruct A;\nstruct B {\n    password: String,\n}\n",
        "#[derive(Debug)]\nstruct A(String);\nstruct B {\n    password: String,\n}\n",
        "#[derive(Debug)]\npub(crate) struct A(u8);\nstruct B {\n    password: String,\n}\n",
    ] {
        assert_eq!(found("app/src/a.rs", text), [], "{text}");
    }
    let text = "#[derive(Debug)]\nstruct A {\n    password: String,\n}\n";
    assert_eq!(found("app/src/a.rs", text), [3]);
    assert_eq!(found("app/src/a/tests.rs", text), []);
    assert_eq!(found("app/tests/it/a.rs", text), []);
}

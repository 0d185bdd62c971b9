//! Tests of which types a noun of `app` may implement.

use super::{Impl, check, impls};
use crate::tidy::tests::{file, repository};

/// Checks the locations that are reported.
fn check_files(files: &[(&str, &str)], expected: &[&str]) {
    let context = ("context.rs", "pub struct WorkspaceContext;\nimpl WorkspaceContext {}\n");
    let app = ("app.rs", "pub struct App;\nimpl App {}\n");
    let files = [context, app].into_iter().chain(files.iter().copied());
    let files = files.map(|(path, text)| file(&format!("app/src/{path}"), text)).collect();
    let found = check(&repository(files));
    let places: Vec<String> = found
        .iter()
        .map(|found| format!("{}:{}", found.path.replace("app/src/", ""), found.line))
        .collect();
    assert_eq!(places, expected);
}

#[test]
fn a_noun_implements_its_own_types() {
    let handle = "pub struct Teams<'c>(&'c mut WorkspaceContext);\nimpl<'c> Teams<'c> {}\n";

    check_files(&[("team.rs", handle)], &[]);
    check_files(&[("team.rs", handle), ("team/list.rs", "impl Teams<'_> {}\n")], &[]);
    check_files(
        &[("team.rs", handle), ("member.rs", "\nimpl Teams<'_> {}\n")],
        &["member.rs:2"],
    );
}

#[test]
fn only_infrastructure_implements_the_context_and_the_app() {
    check_files(&[("team.rs", "impl WorkspaceContext {}\n")], &["team.rs:1"]);
    check_files(&[("team.rs", "impl App {}\n")], &["team.rs:1"]);
    check_files(&[("context/handles.rs", "impl WorkspaceContext {}\n")], &[]);
    check_files(&[("gate/check.rs", "impl WorkspaceContext {}\nimpl App {}\n")], &[]);
}

#[test]
fn a_noun_implements_its_own_traits_for_others() {
    let files = [("gate.rs", "pub trait Permission {}\n"), ("team.rs", "struct Team;\n")];

    check_files(&[files[0], files[1], ("gate/a.rs", "impl Permission for Team {}\n")], &[]);
    check_files(
        &[files[0], files[1], ("role.rs", "impl Permission for Team {}\n")],
        &["role.rs:1"],
    );
}

#[test]
fn types_of_other_crates_and_of_other_layers_are_ignored() {
    check_files(&[("team.rs", "impl fmt::Display for Slug {}\n")], &[]);
    check_files(&[("../tests/it/main.rs", "impl App {}\n")], &[]);
    check_files(&[("team/tests.rs", "impl App {}\n")], &[]);
}

#[test]
fn every_spelling_of_an_impl_is_read() {
    let check = |code: &str, of_trait: Option<&str>, of_type: &str| {
        let of_trait = of_trait.map(str::to_owned);
        let expected = Impl { line: 1, of_trait, of_type: of_type.to_owned() };
        assert_eq!(impls(code), [expected], "{code}");
    };

    check("impl App {", None, "App");
    check("impl<'a, T: Into<B>> Pass<T> where T: C {", None, "Pass");
    check("impl crate::app::App {", None, "App");
    check("impl<F: Fn() -> A> From<store::Error> for Error {", Some("From"), "Error");
    check("impl<D> fmt::Debug\n    for Pass<D>\nwhere\n    D: A,\n{", Some("Debug"), "Pass");
    check("impl A for &mut B {", Some("A"), "B");
    assert_eq!(impls("fn f() -> impl A { implement() }\nlet implied = 1;"), []);
}

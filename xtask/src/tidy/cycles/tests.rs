//! Tests of which imports form a cycle.

use super::check;
use crate::tidy::tests::{file, repository};

/// Checks the chains of files that are reported, without `app/src/`.
fn check_chains(files: &[(&str, &str)], expected: &[&str]) {
    let files =
        files.iter().map(|(path, text)| file(&format!("app/src/{path}"), text)).collect();
    let found = check(&repository(files));
    let chains: Vec<String> = found
        .iter()
        .map(|found| {
            found.message.replace("imports form a cycle: ", "").replace("app/src/", "")
        })
        .collect();
    assert_eq!(chains, expected);
}

#[test]
fn files_that_import_each_other_form_a_cycle() {
    let files = [
        ("lib.rs", "mod a;\nmod b;\nmod c;\n"),
        ("a.rs", "use crate::b::B;\nstruct A;\n"),
        ("b.rs", "struct B;\nfn f() { crate::c::g() }\n"),
        ("c.rs", "use super::a::A;\nfn g() {}\n"),
    ];

    check_chains(&files, &["a.rs → b.rs → c.rs → a.rs"]);
    check_chains(&files[..3], &[]);
}

#[test]
fn a_child_and_its_parent_form_a_cycle() {
    let child = ("a/b.rs", "use super::A;\npub fn b(a: A) {}\n");

    check_chains(
        &[("a.rs", "mod b;\nstruct A;\nfn f() { b::b(A) }\n"), child],
        &["a.rs → a/b.rs → a.rs"],
    );
    check_chains(
        &[("a.rs", "mod b;\nuse b::b;\nstruct A;\n"), child],
        &["a.rs → a/b.rs → a.rs"],
    );
    check_chains(&[("a.rs", "mod b;\nstruct A;\n"), child], &[]);
}

#[test]
fn a_reexport_counts_only_if_its_file_uses_it() {
    let child = ("a/b.rs", "use super::A;\npub struct B(A);\n");

    check_chains(&[("a.rs", "mod b;\npub use b::B;\nstruct A;\n"), child], &[]);
    check_chains(
        &[("a.rs", "mod b;\npub use b::B;\nstruct A(Vec<B>);\n"), child],
        &["a.rs → a/b.rs → a.rs"],
    );
}

#[test]
fn an_import_of_a_reexport_is_one_of_the_file_that_defines_it() {
    let files = [
        ("lib.rs", "mod a;\nmod b;\npub use a::A;\n"),
        ("a.rs", "use crate::b::B;\npub struct A;\n"),
        ("b.rs", "use crate::A;\npub struct B;\n"),
    ];

    check_chains(&files, &["a.rs → b.rs → a.rs"]);
}

#[test]
fn tests_and_other_crates_are_not_part_of_a_cycle() {
    let files = [
        (
            "a.rs",
            "#[cfg(test)]\nmod tests;\nuse std::fmt;\nuse hallpass_domain::a::A;\nstruct B;\n",
        ),
        ("a/tests.rs", "use super::B;\n"),
        ("fmt.rs", "use crate::a::B;\nstruct F;\n"),
    ];

    check_chains(&files, &[]);
}

#[test]
fn a_cycle_is_reported_at_its_first_import() {
    let files = vec![
        file("app/src/a.rs", "//! A.\n\nuse crate::b::B;\nstruct A;\n"),
        file("app/src/b.rs", "use crate::a::A;\nstruct B;\n"),
    ];

    let found = check(&repository(files));

    assert_eq!(found.len(), 1);
    assert_eq!((found[0].path.as_str(), found[0].line), ("app/src/a.rs", 3));
}

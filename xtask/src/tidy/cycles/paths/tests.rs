//! Tests of how imports and paths are read.

use super::{Paths, read};
use crate::source::split;

fn paths(text: &str) -> Paths {
    read(&split(text))
}

/// Writes each import as `path = name`, or `path =pub name` for a re-export.
fn imports(text: &str) -> Vec<String> {
    let imports = paths(text).imports;
    let write = |import: &super::Import| {
        let mark = if import.is_reexport { "pub " } else { "" };
        format!("{} = {mark}{}", import.path.segments.join("::"), import.name)
    };
    imports.iter().map(write).collect()
}

#[test]
fn every_spelling_of_an_import_is_read() {
    let check = |text: &str, expected: &[&str]| assert_eq!(imports(text), expected, "{text}");

    check("use crate::team::Team;", &["crate::team::Team = Team"]);
    check("use super::a::{B, c::D};", &["super::a::B = B", "super::a::c::D = D"]);
    check("use crate::a::{self, B};", &["crate::a = a", "crate::a::B = B"]);
    check("use crate::a::B as C;", &["crate::a::B = C"]);
    check("use crate::a::B as _;\nf();", &["crate::a::B = _"]);
    check("use crate::a::{\n    B,\n    C,\n};", &["crate::a::B = B", "crate::a::C = C"]);
    check("pub use a::B;", &["a::B = pub B"]);
    check("pub(crate) use a::B;", &["a::B = pub B"]);
    check("fn f<'a>() -> impl A + use<'a> {}", &[]);
    check("// use crate::a::B;\nlet b = \"use crate::a::B;\";", &[]);
}

#[test]
fn paths_outside_imports_are_read() {
    let found = paths("fn f() { crate::a::b(super::C::D); e::<F>::g(); }").inline;

    let found: Vec<String> = found.iter().map(|path| path.segments.join("::")).collect();
    assert_eq!(found, ["crate::a::b", "super::C::D"]);
}

#[test]
fn a_file_of_declarations_and_imports_has_no_items() {
    let check =
        |text: &str, expected: bool| assert_eq!(paths(text).has_items, expected, "{text}");

    check(
        "//! A.\n\nmod a;\npub mod b;\npub use a::{A, B};\n#[cfg(test)]\nmod tests;\n",
        false,
    );
    check("mod a;\nconst A: u8 = 1;\n", true);
    check("#![cfg(unix)]\npub(crate) mod a;\n", false);
    check("mod a;\nstruct A;\n", true);
}

#[test]
fn declared_modules_are_listed() {
    assert_eq!(paths("mod a;\npub mod b;\nmod c { }\n").children, ["a", "b"]);
}

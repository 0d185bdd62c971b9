//! Tests of which files are read and how they are classified by path.

use super::{File, is_skipped, read, root};

fn file(path: &str) -> File {
    File { path: path.to_owned(), text: String::new() }
}

#[test]
fn tests_are_recognised_by_path() {
    let check =
        |path: &str, expected: bool| assert_eq!(file(path).is_test(), expected, "{path}");

    check("engine/src/reach/tests.rs", true);
    check("engine/tests/it/main.rs", true);
    check("tests/console/team.ts", true);
    check("tests/console/team.mjs", true);
    check("engine/src/reach.rs", false);
    check("web/assets/team.ts", false);
    check("engine/tests/README.md", false);
    check("engine/src/contests.rs", false);
}

#[test]
fn a_path_has_a_folder_and_a_name() {
    let nested = file("engine/src/reach.rs");
    let at_the_root = file("README.md");

    assert_eq!((nested.folder(), nested.name()), ("engine", "reach.rs"));
    assert_eq!((at_the_root.folder(), at_the_root.name()), ("", "README.md"));
    assert!(nested.is_rust() && at_the_root.is_markdown());
}

#[test]
fn only_manifests_of_crates_below_the_root_are_manifests() {
    assert!(file("engine/Cargo.toml").is_manifest());
    assert!(!file("Cargo.toml").is_manifest());
    assert!(!file("engine/fuzz/Cargo.toml").is_manifest());
}

#[test]
fn this_repository_is_read_in_order_without_build_output() {
    let files = read(&root().unwrap()).unwrap();

    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert!(paths.contains(&"Cargo.toml") && paths.contains(&"xtask/src/tree.rs"));
    assert!(paths.is_sorted());
    assert!(!paths.iter().any(|path| path.starts_with("target/") || path.starts_with('.')));
}

#[test]
fn build_output_is_skipped_and_a_module_of_its_name_is_not() {
    let check = |parent: &str, folder: &str, expected: bool| {
        assert_eq!(is_skipped(parent, folder), expected, "{parent}{folder}");
    };

    check("", "target", true);
    check("fuzz/libfuzzer/", "target", true);
    check("console/tests/", "node_modules", true);
    check("mail/src/", "target", false);
    check("mail/src/", ".hidden", true);
    check("", "mail", false);
}

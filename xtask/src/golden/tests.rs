//! Tests of which golden files are rewritten.

use super::{GOLDEN, REWRITE, help, select};
use crate::tree;

fn names(args: &[&str]) -> Result<Vec<&'static str>, String> {
    let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
    Ok(select(&args)?.iter().map(|golden| golden.name).collect())
}

#[test]
fn all_are_selected_by_default_and_any_by_name() {
    assert_eq!(names(&[]).unwrap().len(), GOLDEN.len());
    assert_eq!(names(&["openapi", "matrices"]), Ok(vec!["openapi", "matrices"]));
    assert!(names(&["colours"]).unwrap_err().starts_with("no golden files `colours`"));
}

#[test]
fn help_lists_all() {
    let help = help();

    assert!(GOLDEN.iter().all(|golden| help.contains(golden.name)), "{help}");
}

#[test]
fn every_test_that_can_rewrite_is_run_for_files_that_exist() {
    let root = tree::root().unwrap();
    let path = |package: &str, module: &str| {
        let folder = package.trim_start_matches("hallpass-");
        format!("{folder}/tests/it/{}.rs", module.replace("::", "/"))
    };
    let mut listed: Vec<String> =
        GOLDEN.iter().map(|golden| path(golden.package, golden.module)).collect();
    listed.sort();

    let files = tree::read(&root).unwrap();
    let reads = format!("var_os(\"{REWRITE}\")");
    let writing = files.iter().filter(|file| file.is_rust() && file.text.contains(&reads));

    let writing: Vec<&str> = writing.map(|file| file.path.as_str()).collect();
    assert_eq!(writing, listed);
    for golden in &GOLDEN {
        assert!(root.join(golden.files).exists(), "{}", golden.files);
    }
}

//! Compares what each shipped blueprint grants with its golden matrix.
//!
//! `HALLPASS_REWRITE=1 cargo test -p hallpass-engine --test it matrices` rewrites the matrices.

use std::fs;
use std::path::Path;

use hallpass_engine::{Blueprint, Matrix};

const BLUEPRINTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../blueprints");

fn check(id: &str) {
    let text = fs::read_to_string(format!("{BLUEPRINTS}/{id}.toml")).expect("shipped");
    let golden = format!("{BLUEPRINTS}/matrices/{id}.txt");
    let now = Matrix::of(&Blueprint::parse(&text).expect("without mistakes")).to_string();

    if std::env::var_os("HALLPASS_REWRITE").is_some() {
        fs::write(&golden, &now).expect("writable");
    }

    let then = fs::read_to_string(&golden).unwrap_or_default();
    assert_eq!(now, then, "{golden} is out of date; read the difference, then rewrite it");
}

#[test]
fn shipped_blueprints_match_their_golden_matrices() {
    let files = fs::read_dir(BLUEPRINTS).expect("the folder");
    let ids = files.filter_map(|file| {
        let path = file.expect("readable").path();
        let is_blueprint = path.extension().is_some_and(|extension| extension == "toml");
        is_blueprint
            .then(|| path.file_stem().unwrap_or_default().to_string_lossy().into_owned())
    });
    let ids: Vec<String> = ids.collect();

    for id in &ids {
        check(id);
    }

    assert_eq!(ids.len(), 6, "{ids:?}");
    let golden = fs::read_dir(Path::new(BLUEPRINTS).join("matrices")).expect("the folder");
    assert_eq!(golden.count(), 6, "a matrix without a blueprint");
}

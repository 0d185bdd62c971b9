//! The list of migrations against the folder that it is read from.

use super::*;

#[test]
fn every_file_is_in_the_list_at_its_number() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations");
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();

    let listed: Vec<String> =
        MIGRATIONS.iter().map(|migration| format!("{}.sql", migration.name)).collect();

    assert_eq!(listed, files);
    for (place, migration) in MIGRATIONS.iter().enumerate() {
        assert!(migration.name.starts_with(&format!("{:04}_", place + 1)));
    }
}

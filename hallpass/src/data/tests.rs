//! A data folder that can be used, and those that cannot.

use super::*;

fn folder(name: &str) -> std::path::PathBuf {
    let folder =
        std::env::temp_dir().join(format!("hallpass_data_{}_{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder).unwrap();
    folder
}

#[test]
fn a_folder_that_is_not_there_is_made_and_left_empty() {
    let ground = folder("new");
    let data = ground.join("a/b");

    prepare(&data).unwrap();
    prepare(&data).unwrap();

    assert_eq!(fs::read_dir(&data).unwrap().count(), 0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
    }
    fs::remove_dir_all(ground).unwrap();
}

#[test]
fn a_file_in_its_place_is_told_in_a_line() {
    let ground = folder("file");
    let file = ground.join("file");
    fs::write(&file, "").unwrap();

    let (there, below) = (prepare(&file), prepare(&file.join("below")));

    let says = format!("the data folder `{}` is a file; choose another", file.display());
    assert!(there.unwrap_err().starts_with(&says));
    let says = below.unwrap_err();
    assert!(
        says.starts_with("cannot make the data folder `") && !says.contains('\n'),
        "{says}"
    );
    fs::remove_dir_all(ground).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_to_is_told_in_a_line() {
    // Not even root writes there.
    let says = prepare(Path::new("/proc/self")).unwrap_err();

    assert!(says.starts_with("cannot write into the data folder `/proc/self`: "), "{says}");
    assert!(says.ends_with("choose another with `--data`"), "{says}");
}

//! Data folders that can be used, and some that cannot.

use super::*;

fn folder(name: &str) -> std::path::PathBuf {
    let folder =
        std::env::temp_dir().join(format!("hallpass_data_{}_{name}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir(&folder).unwrap();
    folder
}

#[test]
fn missing_folder_is_created_and_left_empty() {
    let parent = folder("new");
    let data = parent.join("a/b");

    prepare(&data).unwrap();
    prepare(&data).unwrap();

    assert_eq!(fs::read_dir(&data).unwrap().count(), 0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
    }
    fs::remove_dir_all(parent).unwrap();
}

#[test]
fn file_in_place_of_the_folder_is_an_error_of_one_line() {
    let parent = folder("file");
    let file = parent.join("file");
    fs::write(&file, "").unwrap();

    let (itself, below) = (prepare(&file), prepare(&file.join("below")));

    let expected = format!("the data folder `{}` is a file; choose another", file.display());
    assert!(itself.unwrap_err().starts_with(&expected));
    let error = below.unwrap_err();
    assert!(
        error.starts_with("cannot create the data folder `") && !error.contains('\n'),
        "{error}"
    );
    fs::remove_dir_all(parent).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn folder_without_write_permission_is_an_error_of_one_line() {
    // Not even root can write there.
    let error = prepare(Path::new("/proc/self")).unwrap_err();

    assert!(error.starts_with("cannot write to the data folder `/proc/self`: "), "{error}");
    assert!(error.ends_with("choose another with `--data`"), "{error}");
}

#[cfg(unix)]
#[test]
fn existing_folder_becomes_private_and_a_shared_one_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let data = folder("open");
    let mode = |mode| fs::set_permissions(&data, fs::Permissions::from_mode(mode)).unwrap();
    mode(0o755);

    prepare(&data).unwrap();

    assert_eq!(fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
    mode(0o1777);
    let error = prepare(&data).unwrap_err();
    assert!(error.contains("other users share it"), "{error}");
    assert_eq!(fs::metadata(&data).unwrap().permissions().mode() & 0o7777, 0o1777);
    fs::remove_dir_all(data).unwrap();
}

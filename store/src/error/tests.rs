//! What is known after a COMMIT has failed.

use rusqlite::ffi;

use super::*;

#[test]
fn commit_of_sqlite_is_unconfirmed_only_after_a_failure_of_the_drive() {
    let failed = |code| {
        let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        Error::of_sqlite_commit(error)
    };
    for code in [ffi::SQLITE_IOERR_WRITE, ffi::SQLITE_IOERR_FSYNC, ffi::SQLITE_IOERR] {
        assert!(matches!(failed(code), Error::Unconfirmed(_)), "{code}");
    }
    assert!(matches!(failed(ffi::SQLITE_BUSY), Error::Unavailable(_)));
    assert!(matches!(failed(ffi::SQLITE_FULL), Error::Full(_)));
    assert!(matches!(failed(ffi::SQLITE_CONSTRAINT), Error::Conflict(_)));
}

#[test]
fn commit_that_postgres_refuses_is_rolled_back() {
    for code in ["23503", "23505", "40001", "40P01", "25P02", "53100"] {
        assert!(is_refused(code), "{code}");
    }
    for code in ["08006", "57P01", "57P02", "58030", "XX000"] {
        assert!(!is_refused(code), "{code}");
    }
}

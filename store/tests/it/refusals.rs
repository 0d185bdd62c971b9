//! What cannot be used as a database is refused with a one-line reason and not changed.

use hallpass_store::{Options, ServerLock};

use crate::fixture::{self, Fixture, TestDatabase};

const WHY: &str = "the database cannot be used: ";

async fn check(location: &str, why: &str) {
    assert_eq!(fixture::refusal(location).await, format!("{WHY}{why}"));
}

#[tokio::test]
async fn a_file_that_is_not_a_database() {
    let database = TestDatabase::folder();
    let location = database.location();
    let text = "Dear diary, no permission was granted today. ".repeat(100);
    std::fs::write(&location, &text).unwrap();

    check(&location, &format!("`{location}` is not a database")).await;

    assert_eq!(std::fs::read_to_string(&location).unwrap(), text);
}

#[tokio::test]
async fn an_sqlite_database_of_another_application() {
    let database = TestDatabase::folder();
    let location = database.location();
    let foreign = rusqlite::Connection::open(&location).unwrap();
    foreign.execute_batch("CREATE TABLE bookmarks (url TEXT)").unwrap();
    drop(foreign);
    let before = std::fs::read(&location).unwrap();

    let why = format!("`{location}` is an SQLite database, but not of Hallpass");
    check(&location, &why).await;

    assert_eq!(std::fs::read(&location).unwrap(), before);
}

#[tokio::test]
async fn a_file_with_another_application_id() {
    let database = TestDatabase::folder();
    let location = database.location();
    let foreign = rusqlite::Connection::open(&location).unwrap();
    foreign.execute_batch("PRAGMA application_id = 252006673").unwrap();
    drop(foreign);

    let why = format!("`{location}` is an SQLite database, but not of Hallpass");
    check(&location, &why).await;
}

#[tokio::test]
async fn a_writer_waits_for_another_process() {
    let fixture = Fixture::on_file().await;
    let other = rusqlite::Connection::open(fixture.database.location()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();

    let db = fixture.db.clone();
    let waiting = tokio::spawn(async move { db.write().await.map(drop) });
    tokio::task::yield_now().await;
    other.execute_batch("COMMIT").unwrap();

    waiting.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_folder_that_does_not_exist() {
    let database = TestDatabase::folder();
    let location = format!("{}/nowhere/hallpass.db", database.location());

    check(&location, &format!("there is no folder `{}/nowhere`", database.location())).await;
}

#[tokio::test]
async fn a_folder_in_place_of_a_file() {
    let folder = std::env::temp_dir();
    let folder = folder.to_str().unwrap();

    check(folder, &format!("`{folder}` is a folder")).await;
}

/// Not even root, which may run the tests, can create files in `/proc`.
#[tokio::test]
#[cfg(target_os = "linux")]
async fn a_folder_that_is_read_only() {
    let why = "`/proc/hallpass.db` or its folder is read-only";

    check("/proc/hallpass.db", why).await;
}

#[tokio::test]
async fn a_server_that_does_not_exist() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);

    let refusal =
        fixture::refusal(&format!("postgres://anna:hunter2@127.0.0.1:{port}/acme")).await;

    let begin = format!("{WHY}cannot connect to PostgreSQL at `127.0.0.1:{port}/acme`: ");
    assert!(refusal.starts_with(&begin), "{refusal}");
    assert!(refusal.contains("refused"), "{refusal}");
    assert!(!refusal.contains("hunter2"), "{refusal}");
}

#[tokio::test]
async fn a_malformed_url() {
    let refusal = fixture::refusal("postgres://anna:hunter2@127.0.0.1:none/acme").await;

    assert!(refusal.starts_with(WHY), "{refusal}");
    assert!(!refusal.contains("hunter2"), "{refusal}");
}

#[tokio::test]
async fn a_server_without_tls_that_must_have_it() {
    let database = TestDatabase::server().await;
    let location = database.location();

    for mode in ["require", "verify-full"] {
        let refusal = fixture::refusal(&format!("{location}?sslmode={mode}")).await;

        assert!(refusal.starts_with(&format!("{WHY}cannot connect to PostgreSQL at `")));
        assert!(refusal.ends_with("server does not support TLS"), "{refusal}");
    }
}

#[tokio::test]
async fn a_server_without_tls_that_need_not_have_it() {
    let database = TestDatabase::server().await;

    for mode in ["disable", "prefer"] {
        let location = format!("{}?sslmode={mode}", database.location());
        hallpass_store::Db::open(&location, &Options::default()).await.unwrap();
    }
}

#[tokio::test]
async fn an_sslmode_that_is_not_supported() {
    for mode in ["verify-ca", "allow", ""] {
        let location = format!("postgres://anna@127.0.0.1/acme?sslmode={mode}");
        let why = format!(
            "`sslmode={mode}` is not supported; use `disable`, `prefer`, `require` or \
             `verify-full`"
        );

        check(&location, &why).await;
    }
}

#[tokio::test]
async fn root_certificates_that_would_not_be_used() {
    let location = "postgres://anna@127.0.0.1/acme?sslmode=require&sslrootcert=/etc/root.pem";

    check(location, "`sslrootcert` needs `sslmode=verify-full`").await;
}

#[tokio::test]
async fn root_certificates_that_cannot_be_read() {
    let database = TestDatabase::folder();
    let file = database.location();
    let location = format!(
        "postgres://anna@127.0.0.1/acme?sslmode=verify-full&sslrootcert={}",
        file.replace('/', "%2F")
    );

    let absent = fixture::refusal(&location).await;
    std::fs::write(&file, "no certificate").unwrap();
    let empty = fixture::refusal(&location).await;

    let begin = format!("{WHY}cannot read certificates from `{file}`: ");
    assert!(absent.starts_with(&begin), "{absent}");
    assert_eq!(empty, format!("{begin}there are none"));
}

#[tokio::test]
async fn a_wrong_password() {
    let database = TestDatabase::server().await;
    let (scheme, rest) = database.location().split_once("://").map(owned).unwrap();
    let (_, place) = rest.rsplit_once('@').unwrap();

    let refusal = fixture::refusal(&format!("{scheme}://anna:hunter2@{place}")).await;

    assert!(
        refusal.starts_with(&format!("{WHY}cannot connect to PostgreSQL at `")),
        "{refusal}"
    );
    assert!(!refusal.contains("hunter2"), "{refusal}");
}

fn owned((first, second): (&str, &str)) -> (String, String) {
    (first.to_owned(), second.to_owned())
}

#[tokio::test]
async fn a_postgres_database_of_another_application() {
    let database = TestDatabase::server().await;
    fixture::run(&database.location(), "CREATE TABLE bookmarks (url TEXT)").await;

    let why = "it is not of Hallpass: it has a table `bookmarks` and no `hallpass_migrations`";
    check(&database.location(), why).await;
}

#[tokio::test]
async fn zero_connections_count_as_one() {
    let database = TestDatabase::folder();
    let db = hallpass_store::Db::open(
        &database.location(),
        &Options { connections: 0, ..Options::default() },
    )
    .await;

    assert!(fixture::slugs(&db.unwrap()).await.is_empty());
}

/// A start that fails after it has marked the file closes its connections in any order.
#[tokio::test]
async fn a_file_in_service_that_is_dropped_can_be_served_again() {
    let database = TestDatabase::folder();
    let location = database.location();
    let lock = ServerLock::take(&location).unwrap();
    let db = database.open().await.unwrap();
    db.begin_service().await.unwrap();
    drop(db);
    drop(lock);

    let lock = ServerLock::take(&location);

    assert!(lock.is_ok(), "{lock:?}");
    let db = database.open().await.unwrap();
    db.begin_service().await.unwrap();
    db.end_service().await.unwrap();
    drop(db);
    let log = std::path::PathBuf::from(format!("{location}-wal"));
    assert!(!log.exists(), "the file alone has everything");
}

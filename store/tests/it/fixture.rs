//! A database for each test, deleted when the test ends.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use hallpass_store::{Db, Error, Options, Value};
use tokio_postgres::NoTls;
use uuid::Uuid;

static NEXT: AtomicU32 = AtomicU32::new(0);

const NO_SERVER: &str = "there is no PostgreSQL to test on. `./test` starts one; or set \
    HALLPASS_TEST_POSTGRES to the URL of a server on which databases may be created, such as \
    postgres://postgres:secret@127.0.0.1:5432/postgres";

/// An open database and its location.
pub(crate) struct Fixture {
    pub(crate) db: Db,
    pub(crate) database: TestDatabase,
}

/// Where a database is; what is there is deleted in the end.
pub(crate) enum TestDatabase {
    Memory,
    Folder(PathBuf),
    Server { admin: String, database: String },
}

impl Fixture {
    pub(crate) async fn in_memory() -> Fixture {
        Fixture::on(TestDatabase::Memory).await
    }

    pub(crate) async fn on_file() -> Fixture {
        Fixture::on(TestDatabase::folder()).await
    }

    pub(crate) async fn on_postgres() -> Fixture {
        Fixture::on(TestDatabase::server().await).await
    }

    async fn on(database: TestDatabase) -> Fixture {
        Fixture { db: database.open().await.unwrap(), database }
    }
}

impl TestDatabase {
    pub(crate) fn folder() -> TestDatabase {
        let folder = std::env::temp_dir().join(unique());
        std::fs::create_dir(&folder).unwrap();
        TestDatabase::Folder(folder)
    }

    pub(crate) async fn server() -> TestDatabase {
        let admin = std::env::var_os("HALLPASS_TEST_POSTGRES").expect(NO_SERVER);
        let admin = admin.into_string().unwrap();
        let database = unique();
        let create =
            format!("CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'");
        run(&admin, &create).await;
        TestDatabase::Server { admin, database }
    }

    pub(crate) fn location(&self) -> String {
        match self {
            TestDatabase::Memory => ":memory:".to_owned(),
            TestDatabase::Folder(folder) => {
                folder.join("hallpass.db").to_str().unwrap().to_owned()
            }
            TestDatabase::Server { admin, database } => at_database(admin, database),
        }
    }

    pub(crate) async fn open(&self) -> Result<Db, Error> {
        Db::open(&self.location(), &Options { connections: 3, ..Options::default() }).await
    }

    /// The error of opening it.
    pub(crate) async fn refusal(&self) -> String {
        refusal(&self.location()).await
    }
}

/// The error of opening a location.
pub(crate) async fn refusal(location: &str) -> String {
    match Db::open(location, &Options::default()).await {
        Ok(_) => panic!("`{location}` opened"),
        Err(error) => error.to_string(),
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        match self {
            TestDatabase::Memory => {}
            TestDatabase::Folder(folder) => std::fs::remove_dir_all(folder).unwrap(),
            TestDatabase::Server { admin, database } => {
                let admin = admin.clone();
                let remove = format!("DROP DATABASE {database} WITH (FORCE)");
                // A runtime cannot wait inside another.
                std::thread::spawn(move || {
                    let builder =
                        tokio::runtime::Builder::new_current_thread().enable_all().build();
                    builder.unwrap().block_on(run(&admin, &remove));
                })
                .join()
                .unwrap();
            }
        }
    }
}

fn unique() -> String {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("hallpass_test_{}_{number}", std::process::id())
}

/// Runs a statement outside of the store.
pub(crate) async fn run(url: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    client.batch_execute(sql).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
}

fn at_database(url: &str, database: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap();
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let options = rest.find('?').map_or("", |at| &rest[at..]);
    format!("{scheme}://{}/{database}{options}", &rest[..end])
}

/// The id with a number.
pub(crate) const fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// Inserts a workspace with a number in its slug.
pub(crate) async fn insert_workspace(db: &Db, number: u128) -> Uuid {
    let mut tx = db.write().await.unwrap();
    tx.execute(INSERT_WORKSPACE, &workspace(number)).await.unwrap();
    tx.commit().await.unwrap();
    id(number)
}

pub(crate) const INSERT_WORKSPACE: &str = "INSERT INTO workspaces (id, slug, name, revision, created_at, \
    blueprint_id, blueprint_hash, blueprint_text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

pub(crate) fn workspace(number: u128) -> Vec<Value> {
    vec![
        id(number).into(),
        format!("slug-{number}").into(),
        "Acme".into(),
        0.into(),
        1_700_000_000_000_000.into(),
        "teams".into(),
        vec![1, 2, 3].into(),
        "name = \"teams\"".into(),
    ]
}

/// The slugs of all workspaces, read by another transaction.
pub(crate) async fn slugs(db: &Db) -> Vec<String> {
    let mut tx = db.read().await.unwrap();
    let rows = tx.query("SELECT slug FROM workspaces ORDER BY slug", &[]).await.unwrap();
    rows.iter().map(|row| row.text(0).unwrap().to_owned()).collect()
}

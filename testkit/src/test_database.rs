//! A database for a test, deleted when the test ends.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use hallpass_store::{Db, Options};

use crate::proxy::Proxy;

static NEXT: AtomicU32 = AtomicU32::new(0);

const NO_SERVER: &str = "no PostgreSQL for the tests: run `./test`, which starts one, or set \
    HALLPASS_TEST_POSTGRES to the URL of a server on which databases may be created";

/// A database, deleted when it is dropped.
pub enum TestDatabase {
    /// SQLite in memory.
    Memory,
    /// SQLite in a temporary folder.
    Folder(PathBuf),
    /// A database on a PostgreSQL server.
    Server {
        /// The URL of the server.
        admin: String,
        /// The name of the database.
        database: String,
        /// The proxy in front of the server, if there is one.
        proxy: Option<Proxy>,
    },
}

impl TestDatabase {
    /// SQLite in a new temporary folder.
    #[must_use]
    pub fn folder() -> TestDatabase {
        let folder = std::env::temp_dir().join(unique());
        std::fs::create_dir(&folder).expect("a folder for the test");
        TestDatabase::Folder(folder)
    }

    /// A new database on the PostgreSQL server of the tests.
    pub async fn server() -> TestDatabase {
        let admin = std::env::var_os("HALLPASS_TEST_POSTGRES").expect(NO_SERVER);
        let admin = admin.into_string().expect("a URL");
        let database = unique();
        let create =
            format!("CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'");
        run(&admin, &create).await;
        TestDatabase::Server { admin, database, proxy: None }
    }

    /// A new database on the PostgreSQL server of the tests, behind a proxy.
    pub async fn server_behind_proxy(seed: u64) -> TestDatabase {
        let mut database = TestDatabase::server().await;
        if let TestDatabase::Server { admin, proxy, .. } = &mut database {
            let (_, server, _) = parts(admin);
            *proxy = Some(Proxy::start(server.to_owned(), seed).await);
        }
        database
    }

    /// The proxy in front of the server.
    #[must_use]
    pub fn proxy(&self) -> &Proxy {
        match self {
            TestDatabase::Server { proxy: Some(proxy), .. } => proxy,
            TestDatabase::Memory | TestDatabase::Folder(_) | TestDatabase::Server { .. } => {
                panic!("the database is not behind a proxy")
            }
        }
    }

    /// The location, as the setting `database` takes it.
    #[must_use]
    pub fn location(&self) -> String {
        match self {
            TestDatabase::Memory => ":memory:".to_owned(),
            TestDatabase::Folder(folder) => folder.join("hallpass.db").display().to_string(),
            TestDatabase::Server { admin, database, proxy } => {
                let (user, server, _) = parts(admin);
                match proxy {
                    Some(proxy) => format!("{user}@{}/{database}", proxy.address),
                    None => format!("{user}@{server}/{database}"),
                }
            }
        }
    }

    /// Opens the database.
    pub async fn open(&self) -> Db {
        let options = Options { connections: 4, ..Options::default() };
        Db::open(&self.location(), &options).await.expect("the database opens")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        match self {
            TestDatabase::Memory => {}
            TestDatabase::Folder(folder) => {
                let _ = std::fs::remove_dir_all(folder);
            }
            TestDatabase::Server { admin, database, .. } => {
                let (admin, drop) =
                    (admin.clone(), format!("DROP DATABASE {database} WITH (FORCE)"));
                // In a thread, because the runtime of the test may be shutting down.
                let thread = std::thread::spawn(move || {
                    let runtime =
                        tokio::runtime::Builder::new_current_thread().enable_all().build();
                    runtime.expect("a runtime").block_on(run(&admin, &drop));
                });
                let _ = thread.join();
            }
        }
    }
}

async fn run(url: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls)
        .await
        .expect("the PostgreSQL of the tests");
    let driver = tokio::spawn(connection);
    client.batch_execute(sql).await.expect("a statement of the tests");
    drop(client);
    let _ = driver.await;
}

/// The parts of a URL: scheme and user, host and port, database.
fn parts(url: &str) -> (&str, &str, &str) {
    let (user, rest) = url.rsplit_once('@').expect("a URL with a user");
    let (server, database) = rest.rsplit_once('/').expect("a URL with a database");
    (user, server, database)
}

fn unique() -> String {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let bits = uuid::Uuid::now_v7().as_simple().to_string();
    format!("hallpass_test_{}_{number}_{}", std::process::id(), &bits[20..])
}

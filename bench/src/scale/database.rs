//! A database to measure on, deleted in the end.

use std::path::{Path, PathBuf};

use tokio_postgres::{Client, NoTls};

/// A folder with keys and passwords, and with the database unless a server has it.
pub(super) struct Database {
    folder: PathBuf,
    /// The URL of the server, and the name of the database there.
    server: Option<(String, String)>,
}

impl Database {
    /// SQLite in a new folder.
    pub(super) fn file() -> Result<Database, String> {
        Ok(Database { folder: folder("file")?, server: None })
    }

    /// A new database on the server of the tests, if there is one.
    pub(super) fn server() -> Result<Option<Database>, String> {
        let Some(server) = std::env::var_os("HALLPASS_TEST_POSTGRES") else { return Ok(None) };
        let server = server.to_string_lossy().into_owned();
        let name = format!("hallpass_scale_{}", std::process::id());
        let create =
            format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'");
        execute(&server, &create)?;
        Ok(Some(Database { folder: folder("server")?, server: Some((server, name)) }))
    }

    pub(super) const fn name(&self) -> &'static str {
        if self.server.is_some() { "PostgreSQL" } else { "SQLite" }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the setting `database` takes.
    pub(super) fn location(&self) -> String {
        match &self.server {
            None => self.folder.join("hallpass.db").display().to_string(),
            Some((server, name)) => {
                let end = server.rfind('/').unwrap_or(server.len());
                format!("{}/{name}", server.get(..end).unwrap_or_default())
            }
        }
    }

    pub(super) const fn is_server(&self) -> bool {
        self.server.is_some()
    }

    /// The processes of the connections to it, which are on this machine.
    pub(super) fn processes(&self) -> Result<Vec<u32>, String> {
        let Some((server, name)) = &self.server else { return Ok(Vec::new()) };
        let sql = "SELECT pid FROM pg_stat_activity WHERE datname = $1 ORDER BY pid";
        with_client(server, async |client| {
            let rows = client.query(sql, &[name]).await;
            let rows = rows.map_err(|error| error.to_string())?;
            Ok(rows.iter().filter_map(|row| u32::try_from(row.get::<_, i32>(0)).ok()).collect())
        })
    }

    /// Writes a line into a file of its folder.
    pub(super) fn remember(&self, text: &str, file: &Path) -> Result<(), String> {
        std::fs::write(self.folder.join(file), text).map_err(|error| error.to_string())
    }

    /// The address of the founder of its workspace.
    pub(super) fn founder(&self) -> String {
        std::fs::read_to_string(self.folder.join("founder")).unwrap_or_default()
    }
}

/// An address on which nothing listens.
pub(super) fn free_address() -> Result<String, String> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0");
    let address = listener.and_then(|listener| listener.local_addr());
    address.map(|address| address.to_string()).map_err(|error| error.to_string())
}

/// A new folder.
fn folder(name: &str) -> Result<PathBuf, String> {
    let name = format!("hallpass-scale-{}-{name}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    Ok(folder)
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.server {
            let _ = execute(server, &format!("DROP DATABASE {name} WITH (FORCE)"));
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Runs a statement.
pub(super) fn execute(url: &str, sql: &str) -> Result<(), String> {
    with_client(url, async |client| {
        client.batch_execute(sql).await.map_err(|error| format!("{sql}: {error}"))
    })
}

/// Does something with a connection.
pub(super) fn with_client<T>(
    url: &str,
    work: impl AsyncFnOnce(Client) -> Result<T, String>,
) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(async {
        let connected = tokio_postgres::connect(url, NoTls).await;
        let (client, connection) = connected.map_err(|error| error.to_string())?;
        let connection = tokio::spawn(connection);
        let done = work(client).await;
        // What it had to say was said.
        let _ = connection.await;
        done
    })
}

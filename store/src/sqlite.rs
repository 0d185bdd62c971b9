//! SQLite: one connection that writes, several that read.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, ErrorCode, OpenFlags, params_from_iter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::db::Options;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::value::{Row, Value};

/// What the head of a file of ours says: `HPSS`, as a number. `Dialect::mark` writes it.
const MARK: i64 = 1_213_221_203;

/// How long a transaction waits for its connection, or for another process to stop writing.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often it looks whether another process has stopped writing.
const PAUSE: Duration = Duration::from_millis(5);

/// Statements that a connection keeps prepared.
const PREPARED: usize = 512;

const IN_MEMORY: &str = ":memory:";

/// An open file, or a database in memory.
#[derive(Clone)]
pub(crate) struct Sqlite {
    writer: Arc<Pool>,
    /// Nothing in memory, where the writer reads too.
    readers: Option<Arc<Pool>>,
}

impl Sqlite {
    pub(crate) async fn open(location: &str, options: &Options) -> Result<Sqlite, Error> {
        let (location, options) = (location.to_owned(), options.clone());
        // It reads, writes and waits for others.
        tokio::task::spawn_blocking(move || Sqlite::open_here(&location, &options))
            .await
            .map_err(|error| Error::Unavailable(format!("opening it broke off: {error}")))?
    }

    fn open_here(location: &str, options: &Options) -> Result<Sqlite, Error> {
        if location == IN_MEMORY {
            let connection = Connection::open_in_memory()?;
            configure(&connection)?;
            return Ok(Sqlite { writer: Pool::of(vec![connection]), readers: None });
        }
        check_path(location)?;
        let writer = open_writer(location)?;
        let readers = (0..options.connections.max(1))
            .map(|_| open_reader(location))
            .collect::<rusqlite::Result<Vec<Connection>>>()
            .map_err(|error| explain(location, &error))?;
        Ok(Sqlite { writer: Pool::of(vec![writer]), readers: Some(Pool::of(readers)) })
    }

    pub(crate) async fn read(&self) -> Result<SqliteTx, Error> {
        let lent = Pool::lend(self.readers.as_ref().unwrap_or(&self.writer)).await?;
        lent.run_cached(Dialect::Sqlite.begin_read())?;
        Ok(SqliteTx { lent, kind: AccessMode::Read })
    }

    pub(crate) async fn write(&self) -> Result<SqliteTx, Error> {
        let lent = Pool::lend(&self.writer).await?;
        let lent = begin_write(lent).await?;
        let kind =
            if self.readers.is_some() { AccessMode::Write } else { AccessMode::WriteInMemory };
        Ok(SqliteTx { lent, kind })
    }
}

impl Sqlite {
    /// Runs a statement that stands in no transaction.
    pub(crate) async fn run_alone(&self, sql: &'static str) -> Result<(), Error> {
        let lent = Pool::lend(&self.writer).await?;
        tokio::task::spawn_blocking(move || lent.run_cached(sql))
            .await
            .map_err(|error| Error::Unavailable(format!("a statement broke off: {error}")))?
            .map_err(Error::from)
    }
}

/// Begins to write. Only another process can be in the way, and no thread is kept waiting for it.
async fn begin_write(lent: Lent) -> Result<Lent, Error> {
    for _ in 0..PATIENCE.as_millis() / PAUSE.as_millis() {
        match lent.run_cached(Dialect::Sqlite.begin_write()) {
            Err(error) if is_busy(&error) => tokio::time::sleep(PAUSE).await,
            outcome => return outcome.map(|()| lent).map_err(Error::from),
        }
    }
    Err(Error::unavailable("another process has been writing to it for ten seconds"))
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

fn check_path(location: &str) -> Result<(), Error> {
    let path = Path::new(location);
    if path.is_dir() {
        return Err(Error::Unavailable(format!("`{location}` is a folder")));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(folder) if !folder.is_dir() => {
            Err(Error::Unavailable(format!("there is no folder `{}`", folder.display())))
        }
        Some(_) | None => Ok(()),
    }
}

fn open_writer(location: &str) -> Result<Connection, Error> {
    let failed = |error| explain(location, &error);
    let connection = open_connection(location).map_err(failed)?;
    if connection.is_readonly(rusqlite::MAIN_DB).map_err(failed)? {
        return Err(Error::Unavailable(format!("`{location}` may not be written")));
    }
    if !is_ours(&connection).map_err(failed)? {
        let why = format!("`{location}` is an SQLite database, but not of Hallpass");
        return Err(Error::Unavailable(why));
    }
    let journal = keep_log(&connection).map_err(failed)?;
    if journal != "wal" {
        let why = format!("`{location}` is on a drive where SQLite cannot keep a log (WAL)");
        return Err(Error::Unavailable(why));
    }
    configure(&connection).map_err(failed)?;
    // Whoever begins to write waits without holding up a thread.
    connection.busy_timeout(Duration::ZERO).map_err(failed)?;
    Ok(connection)
}

/// Of several who open a new file at once, SQLite turns some away here without any wait.
fn keep_log(connection: &Connection) -> rusqlite::Result<String> {
    let ask =
        || connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0));
    for _ in 0..PATIENCE.as_millis() / PAUSE.as_millis() {
        match ask() {
            Err(error) if is_busy(&error) => thread::sleep(PAUSE),
            outcome => return outcome,
        }
    }
    ask()
}

fn open_reader(location: &str) -> rusqlite::Result<Connection> {
    let connection = open_connection(location)?;
    configure(&connection)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

fn open_connection(location: &str) -> rusqlite::Result<Connection> {
    // Without URI: a path that begins with `file:` is a path.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(location, flags)?;
    connection.busy_timeout(PATIENCE)?;
    Ok(connection)
}

/// Asked before anything is written: a file of somebody else stays as it is. The mark is read last,
/// since another process may be founding the database between the two.
fn is_ours(connection: &Connection) -> rusqlite::Result<bool> {
    let entries: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    let mark: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let is_new = mark == 0 && entries == 0;
    Ok(mark == MARK || is_new)
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(PREPARED);
    // NORMAL loses acknowledged commits at a power cut.
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // A plan does not depend on the values that are bound.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // A misspelt "column" is a mistake and not a text, as on PostgreSQL.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    Ok(())
}

fn explain(location: &str, error: &rusqlite::Error) -> Error {
    let why = match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => format!("`{location}` is not a database"),
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            format!("`{location}` may not be written, or its folder may not")
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            format!("another process keeps `{location}` locked")
        }
        Some(_) | None => format!("`{location}`: {error}"),
    };
    Error::Unavailable(why)
}

/// Connections that are lent one at a time, to whoever has waited longest. Where there is a choice
/// it is one that the same thread gave back: what it has read lies in that processor's memory.
struct Pool {
    idle: Mutex<Vec<Idle>>,
    places: Arc<Semaphore>,
}

struct Idle {
    connection: Connection,
    last_used_by: ThreadId,
}

impl Pool {
    fn of(connections: Vec<Connection>) -> Arc<Pool> {
        let places = Arc::new(Semaphore::new(connections.len()));
        let last_used_by = thread::current().id();
        let idle = connections.into_iter().map(|connection| Idle { connection, last_used_by });
        Arc::new(Pool { idle: Mutex::new(idle.collect()), places })
    }

    async fn lend(pool: &Arc<Pool>) -> Result<Lent, Error> {
        let place = tokio::time::timeout(PATIENCE, Arc::clone(&pool.places).acquire_owned())
            .await
            .map_err(|_| Error::unavailable("all its connections are in use"))?
            .map_err(|_| Error::unavailable("it is closed"))?;
        let connection =
            pool.take().ok_or_else(|| Error::unavailable("a connection is lost"))?;
        Ok(Lent { connection: Some(connection), pool: Arc::clone(pool), _place: place })
    }

    fn take(&self) -> Option<Connection> {
        let here = thread::current().id();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let own = idle.iter().rposition(|one| one.last_used_by == here);
        let last = idle.len().checked_sub(1)?;
        Some(idle.swap_remove(own.unwrap_or(last)).connection)
    }

    fn put_back(&self, connection: Connection) {
        let last_used_by = thread::current().id();
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(Idle { connection, last_used_by });
    }
}

/// A connection that goes back to its pool when it is dropped, with what it has not committed
/// undone.
struct Lent {
    connection: Option<Connection>,
    pool: Arc<Pool>,
    /// Dropped last, when the connection is back.
    _place: OwnedSemaphorePermit,
}

impl Lent {
    fn connection(&self) -> rusqlite::Result<&Connection> {
        // It is there until the drop.
        self.connection.as_ref().ok_or(rusqlite::Error::InvalidQuery)
    }

    fn run_cached(&self, sql: &str) -> rusqlite::Result<()> {
        run_cached(self.connection()?, sql)
    }
}

fn run_cached(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.raw_query();
    while rows.next()?.is_some() {}
    Ok(())
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if !connection.is_autocommit() {
            // If even this fails, the next BEGIN does too, and says so.
            let _ = run_cached(&connection, "ROLLBACK");
        }
        self.pool.put_back(connection);
    }
}

#[derive(Clone, Copy, PartialEq)]
enum AccessMode {
    Read,
    Write,
    /// Nothing waits for a drive.
    WriteInMemory,
}

/// A transaction on a connection.
pub(crate) struct SqliteTx {
    lent: Lent,
    kind: AccessMode,
}

impl SqliteTx {
    pub(crate) fn query(
        &mut self,
        sql: &str,
        workspace: Option<&Value>,
        values: &[Value],
    ) -> Result<Vec<Row>, Error> {
        let mut statement =
            self.prepare(sql, usize::from(workspace.is_some()) + values.len())?;
        let columns = statement.column_count();
        let mut rows =
            statement.query(params_from_iter(workspace.into_iter().chain(values)))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let values = (0..columns).map(|column| value(row.get_ref(column)?, column));
            found.push(Row(values.collect::<Result<Vec<Value>, Error>>()?));
        }
        Ok(found)
    }

    pub(crate) fn execute(
        &mut self,
        sql: &str,
        workspace: Option<&Value>,
        values: &[Value],
    ) -> Result<u64, Error> {
        let mut statement =
            self.prepare(sql, usize::from(workspace.is_some()) + values.len())?;
        let changed =
            statement.execute(params_from_iter(workspace.into_iter().chain(values)))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    pub(crate) fn run(&mut self, sql: &str) -> Result<(), Error> {
        Ok(self.open_connection()?.execute_batch(sql)?)
    }

    pub(crate) async fn commit(self) -> Result<(), Error> {
        if self.kind != AccessMode::Write {
            return Ok(self.lent.run_cached("COMMIT")?);
        }
        // This one waits for the drive.
        let lent = self.lent;
        tokio::task::spawn_blocking(move || lent.run_cached("COMMIT"))
            .await
            .map_err(|error| Error::Unavailable(format!("a commit broke off: {error}")))?
            .map_err(Error::from)
    }

    fn prepare(&self, sql: &str, given: usize) -> Result<CachedStatement<'_>, Error> {
        let statement = self.open_connection()?.prepare_cached(sql)?;
        if self.kind == AccessMode::Read && !statement.readonly() {
            return Err(Error::unavailable("a transaction that reads cannot write"));
        }
        // SQLite takes a parameter that is not bound for NULL; PostgreSQL refuses it.
        let expected = statement.parameter_count();
        if given != expected {
            let why = format!("expected {expected} parameters but got {given}");
            return Err(Error::Unavailable(why));
        }
        Ok(statement)
    }

    /// SQLite itself undoes a transaction when the drive is full or fails; what came after would
    /// then stand alone.
    fn open_connection(&self) -> Result<&Connection, Error> {
        let connection = self.lent.connection()?;
        if connection.is_autocommit() {
            return Err(Error::unavailable("SQLite has undone the transaction"));
        }
        Ok(connection)
    }
}

fn value(value: ValueRef<'_>, column: usize) -> Result<Value, Error> {
    let corrupt = || Error::Corrupt { table: "a row".to_owned(), column: column.to_string() };
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(value) => Value::Int(value),
        ValueRef::Real(_) => return Err(corrupt()),
        ValueRef::Text(value) => {
            Value::Text(std::str::from_utf8(value).map_err(|_| corrupt())?.to_owned())
        }
        ValueRef::Blob(value) => Value::Bytes(value.to_vec()),
    })
}

//! SQLite: one connection that writes, several that read.

mod connection;
mod pool;

use std::sync::Arc;

use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, params_from_iter};

use self::connection::{RETRY_AFTER, is_busy, open_in_memory, open_reader, open_writer};
use self::pool::{Pool, PooledConnection, TIMEOUT};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::options::Options;
use crate::row::{Header, Row, Rows};
use crate::statement::Statement;
use crate::value::Value;

const IN_MEMORY: &str = ":memory:";

/// An open file, or a database in memory.
#[derive(Clone)]
pub(crate) struct Sqlite {
    writer: Arc<Pool>,
    /// `None` in memory, where the writer reads too.
    readers: Option<Arc<Pool>>,
}

impl Sqlite {
    pub(crate) async fn open(location: &str, options: &Options) -> Result<Sqlite, Error> {
        let (location, options) = (location.to_owned(), options.clone());
        // It reads and writes files, and waits for other processes.
        tokio::task::spawn_blocking(move || Sqlite::open_blocking(&location, &options))
            .await
            .map_err(|error| Error::Unavailable(format!("opening it broke off: {error}")))?
    }

    fn open_blocking(location: &str, options: &Options) -> Result<Sqlite, Error> {
        if location == IN_MEMORY {
            let writer = Pool::new(vec![open_in_memory()?]);
            return Ok(Sqlite { writer, readers: None });
        }
        let writer = open_writer(location)?;
        let readers = (0..options.connections.max(1))
            .map(|_| open_reader(location))
            .collect::<Result<Vec<Connection>, Error>>()?;
        Ok(Sqlite { writer: Pool::new(vec![writer]), readers: Some(Pool::new(readers)) })
    }

    pub(crate) async fn read(&self) -> Result<SqliteTx, Error> {
        let connection = Pool::acquire(self.readers.as_ref().unwrap_or(&self.writer)).await?;
        connection.run_cached(Dialect::Sqlite.begin_read())?;
        Ok(SqliteTx { connection, mode: AccessMode::Read })
    }

    pub(crate) async fn write(&self) -> Result<SqliteTx, Error> {
        let connection = begin_write(Pool::acquire(&self.writer).await?).await?;
        let mode =
            if self.readers.is_some() { AccessMode::Write } else { AccessMode::WriteInMemory };
        Ok(SqliteTx { connection, mode })
    }

    pub(crate) async fn run_outside_transaction(&self, sql: &'static str) -> Result<(), Error> {
        let connection = Pool::acquire(&self.writer).await?;
        tokio::task::spawn_blocking(move || connection.run_cached(sql))
            .await
            .map_err(|error| Error::Unavailable(format!("a statement broke off: {error}")))?
            .map_err(Error::from)
    }
}

/// Only another process can be in the way, and no thread is blocked while waiting for it.
async fn begin_write(connection: PooledConnection) -> Result<PooledConnection, Error> {
    for _ in 0..TIMEOUT.as_millis() / RETRY_AFTER.as_millis() {
        match connection.run_cached(Dialect::Sqlite.begin_write()) {
            Err(error) if is_busy(&error) => tokio::time::sleep(RETRY_AFTER).await,
            outcome => return outcome.map(|()| connection).map_err(Error::from),
        }
    }
    Err(Error::unavailable("another process has been writing to it for ten seconds"))
}

#[derive(Clone, Copy, PartialEq)]
enum AccessMode {
    Read,
    Write,
    /// A commit does not wait for a drive.
    WriteInMemory,
}

/// A transaction on a connection.
pub(crate) struct SqliteTx {
    connection: PooledConnection,
    mode: AccessMode,
}

impl SqliteTx {
    pub(crate) fn query(
        &mut self,
        statement: &Statement,
        workspace: Option<&Value>,
        values: &[Value],
    ) -> Result<Rows, Error> {
        let given = usize::from(workspace.is_some()) + values.len();
        let mut prepared = self.prepare(&statement.text, given)?;
        let header = statement.header(|| prepared.column_names());
        let mut rows = prepared.query(params_from_iter(workspace.into_iter().chain(values)))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(read(row, header)?);
        }
        Ok(Rows::new(Arc::clone(header), found))
    }

    pub(crate) fn execute(
        &mut self,
        statement: &Statement,
        workspace: Option<&Value>,
        values: &[Value],
    ) -> Result<u64, Error> {
        let given = usize::from(workspace.is_some()) + values.len();
        let mut prepared = self.prepare(&statement.text, given)?;
        let changed =
            prepared.execute(params_from_iter(workspace.into_iter().chain(values)))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    pub(crate) fn run(&mut self, sql: &str) -> Result<(), Error> {
        Ok(self.open_connection()?.execute_batch(sql)?)
    }

    pub(crate) async fn commit(self) -> Result<(), Error> {
        if self.mode != AccessMode::Write {
            let committed = self.connection.run_cached("COMMIT");
            return committed.map_err(Error::of_sqlite_commit);
        }
        // This one waits for the drive.
        let connection = self.connection;
        tokio::task::spawn_blocking(move || connection.run_cached("COMMIT"))
            .await
            .map_err(|error| Error::Unconfirmed(error.to_string()))?
            .map_err(Error::of_sqlite_commit)
    }

    fn prepare(&self, sql: &str, given: usize) -> Result<CachedStatement<'_>, Error> {
        let statement = self.open_connection()?.prepare_cached(sql)?;
        if self.mode == AccessMode::Read && !statement.readonly() {
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

    /// SQLite itself rolls a transaction back when the drive is full or fails; later statements would
    /// then take effect without the earlier ones.
    fn open_connection(&self) -> Result<&Connection, Error> {
        let connection = self.connection.get()?;
        if connection.is_autocommit() {
            return Err(Error::unavailable("SQLite has rolled the transaction back"));
        }
        Ok(connection)
    }
}

fn read(row: &rusqlite::Row<'_>, header: &Arc<Header>) -> Result<Row, Error> {
    let mut values = Vec::with_capacity(header.columns());
    for column in 0..header.columns() {
        match value(row.get_ref(column)?) {
            Some(value) => values.push(value),
            None => return Err(Row::new(header, values).corrupt(column)),
        }
    }
    Ok(Row::new(header, values))
}

/// `None` for a value that PostgreSQL could not have stored.
fn value(value: ValueRef<'_>) -> Option<Value> {
    match value {
        ValueRef::Null => Some(Value::Null),
        ValueRef::Integer(value) => Some(Value::Int(value)),
        ValueRef::Real(_) => None,
        ValueRef::Text(value) => {
            std::str::from_utf8(value).ok().map(|text| Value::Text(text.to_owned()))
        }
        ValueRef::Blob(value) => Some(Value::Bytes(value.to_vec())),
    }
}

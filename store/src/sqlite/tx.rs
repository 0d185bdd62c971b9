//! A transaction on SQLite: where its statements run, and how they end.
//!
//! **Invariant:** a thread that serves other requests runs a statement only as far as few steps go. A
//! statement that would take more is ended there, and runs on a thread of its own.

use std::sync::Arc;
use std::time::Duration;

use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, params_from_iter};
use tracing::Span;

use super::mark;
use super::pool::{PooledConnection, Watched};
use super::watch::Watch;
use crate::error::Error;
use crate::load::Meter;
use crate::part::Sink;
use crate::row::{Header, Row};
use crate::statement::Call;
use crate::throttle::{Place, Throttle};
use crate::value::Value;

/// What a transaction may do, and where it does it.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum AccessMode {
    Read,
    Write,
    /// A commit does not wait for a drive.
    WriteInMemory,
}

/// What a sink has taken, with the header of the rows.
type Taken<S> = Result<(S, Arc<Header>), Error>;

/// A transaction on a connection.
pub(crate) struct SqliteTx {
    /// `None` while a statement runs on another thread, and for good if it was given up there.
    connection: Option<PooledConnection>,
    mode: AccessMode,
    /// How long a statement may run.
    budget: Option<Duration>,
    throttle: Arc<Throttle>,
    /// Its place among the heavy reads, once it has turned out to be one.
    place: Option<Place>,
    meter: Arc<Meter>,
}

impl SqliteTx {
    pub(super) fn new(
        connection: PooledConnection,
        mode: AccessMode,
        budget: Option<Duration>,
        (throttle, meter): (&Arc<Throttle>, &Arc<Meter>),
    ) -> SqliteTx {
        let (throttle, meter, place) = (Arc::clone(throttle), Arc::clone(meter), None);
        SqliteTx { connection: Some(connection), mode, budget, throttle, place, meter }
    }

    pub(crate) async fn query<S: Sink>(&mut self, call: &Call<'_>, sink: S) -> Taken<S> {
        if self.mode == AccessMode::Read && self.place.is_none() {
            self.throttle.check(call)?;
        }
        if let Some(outcome) = self.try_here(call, &sink)? {
            return outcome;
        }
        self.enter_throttle(call).await?;
        let (statement, values, mode) = (Arc::clone(call.statement), call.owned(), self.mode);
        self.run_elsewhere(move |on| {
            let call = Call { statement: &statement, workspace: None, values: &values };
            query(on, &call, mode, sink)
        })
        .await
    }

    pub(crate) async fn execute(&mut self, call: &Call<'_>) -> Result<u64, Error> {
        let (statement, values, mode) = (Arc::clone(call.statement), call.owned(), self.mode);
        self.run_elsewhere(move |on| {
            let call = Call { statement: &statement, workspace: None, values: &values };
            let mut prepared = prepare(on, &call, mode)?;
            let changed = prepared.execute(params_from_iter(call.parameters()))?;
            Ok(u64::try_from(changed).unwrap_or(u64::MAX))
        })
        .await
    }

    pub(crate) async fn run(&mut self, sql: &str) -> Result<(), Error> {
        let sql = sql.to_owned();
        self.run_elsewhere(move |on| Ok(in_transaction(on)?.execute_batch(&sql)?)).await
    }

    pub(crate) async fn commit(self) -> Result<(), Error> {
        let connection = self.connection.ok_or_else(given_up)?;
        if self.mode != AccessMode::Write {
            return connection.run_cached("COMMIT").map_err(Error::of_sqlite_commit);
        }
        // This one waits for the drive.
        tokio::task::spawn_blocking(move || {
            mark::count(connection.get()?.unwatched())?;
            connection.run_cached("COMMIT")
        })
        .await
        .map_err(|error| Error::Unconfirmed(error.to_string()))?
        .map_err(Error::of_sqlite_commit)
    }

    /// Runs a statement that only reads as far as few steps go; `None` when that is not to its end.
    fn try_here<S: Sink>(&self, call: &Call<'_>, sink: &S) -> Result<Option<Taken<S>>, Error> {
        if self.place.is_some() || call.statement.has_long_steps {
            return Ok(None);
        }
        let on = self.connection.as_ref().ok_or_else(given_up)?.get()?;
        if self.mode != AccessMode::Read && !prepare(on, call, self.mode)?.readonly() {
            return Ok(None);
        }
        on.watch.allow_few();
        let outcome = query(on, call, self.mode, sink.clone());
        // The statement that was ended has changed nothing, and the transaction goes on.
        let is_ended = outcome.is_err() && on.watch.is_exhausted();
        Ok(if is_ended { None } else { Some(outcome) })
    }

    /// Takes a place among the heavy reads. A transaction that writes waits for none: others wait for it.
    async fn enter_throttle(&mut self, call: &Call<'_>) -> Result<(), Error> {
        if self.place.is_some() || self.mode != AccessMode::Read {
            return Ok(());
        }
        self.connection.as_mut().ok_or_else(given_up)?.give_permit_back();
        self.place = Some(Throttle::enter(&self.throttle, call).await?);
        Ok(())
    }

    /// Runs something on a thread of its own, within the budget. When it takes longer, or the future is
    /// dropped, it is ended there, and the connection goes back to its pool by itself.
    async fn run_elsewhere<T: Send + 'static>(
        &mut self,
        run: impl FnOnce(&Watched) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let connection = self.connection.take().ok_or_else(given_up)?;
        let watch = Arc::clone(&connection.get()?.watch);
        watch.allow_all();
        let span = Span::current();
        let mut task = tokio::task::spawn_blocking(move || {
            let outcome = connection.get().map_err(Error::from).and_then(|on| {
                if on.watch.is_stopped() { Err(given_up()) } else { span.in_scope(|| run(on)) }
            });
            (connection, outcome)
        });
        // Dropped before the task, whose end may give the connection to another transaction.
        let mut guard = StopOnDrop { watch: Some(watch), meter: &self.meter };
        let ended = match self.budget {
            None => Ok((&mut task).await),
            Some(budget) => tokio::time::timeout(budget, &mut task).await.map_err(|_| budget),
        };
        match ended {
            Ok(ended) => {
                guard.watch = None;
                let broke_off =
                    |error| Error::Unavailable(format!("a statement broke off: {error}"));
                let (connection, outcome) = ended.map_err(broke_off)?;
                self.connection = Some(connection);
                outcome
            }
            Err(budget) => {
                if let Some(watch) = guard.watch.take() {
                    watch.stop();
                }
                self.meter.count_too_slow();
                Err(Error::TooSlow { budget })
            }
        }
    }
}

/// Ends a statement on another thread when no one waits for it any longer.
struct StopOnDrop<'m> {
    watch: Option<Arc<Watch>>,
    meter: &'m Meter,
}

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        if let Some(watch) = self.watch.take() {
            watch.stop();
            self.meter.count_abandoned();
        }
    }
}

fn given_up() -> Error {
    Error::unavailable("the transaction ended with a statement that was given up")
}

fn query<S: Sink>(on: &Watched, call: &Call<'_>, mode: AccessMode, mut sink: S) -> Taken<S> {
    let mut prepared = prepare(on, call, mode)?;
    let header = call.statement.header(|| prepared.column_names());
    let mut rows = prepared.query(params_from_iter(call.parameters()))?;
    while let Some(row) = rows.next()? {
        if sink.take(read(row, header)?)?.is_break() {
            break;
        }
    }
    Ok((sink, Arc::clone(header)))
}

fn prepare<'c>(
    on: &'c Watched,
    call: &Call<'_>,
    mode: AccessMode,
) -> Result<CachedStatement<'c>, Error> {
    let statement = in_transaction(on)?.prepare_cached(&call.statement.text)?;
    if mode == AccessMode::Read && !statement.readonly() {
        return Err(Error::unavailable("a transaction that reads cannot write"));
    }
    // SQLite takes a parameter that is not bound for NULL; PostgreSQL refuses it.
    let (given, expected) = (call.parameters().count(), statement.parameter_count());
    if given != expected {
        let why = format!("expected {expected} parameters but got {given}");
        return Err(Error::Unavailable(why));
    }
    Ok(statement)
}

/// SQLite itself rolls a transaction back when the drive is full or fails; later statements would
/// then take effect without the earlier ones.
fn in_transaction(on: &Watched) -> Result<&rusqlite::Connection, Error> {
    if on.connection.is_autocommit() {
        return Err(Error::unavailable("SQLite has rolled the transaction back"));
    }
    Ok(&on.connection)
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

//! A transaction on PostgreSQL: how its statements are planned, and how they end.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use deadpool_postgres::{ClientWrapper, Object};
use futures_util::TryStreamExt as _;
use tokio::runtime::Handle;
use tokio_postgres::RowStream;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::Error;
use crate::load::Meter;
use crate::part::Sink;
use crate::row::{Header, Row};
use crate::statement::{Call, Planning};
use crate::throttle::{Place, Throttle};
use crate::value::Value;

/// What the transactions of a server have in common.
pub(super) struct Terms {
    /// For the connection that cancels a statement.
    pub(super) tls: MakeRustlsConnect,
    pub(super) throttle: Arc<Throttle>,
    pub(super) meter: Arc<Meter>,
    /// How long a transaction waits for a connection, or for the locks of others.
    pub(super) wait: Duration,
    /// How long a statement that reads may run before it needs a place among the heavy reads.
    pub(super) patience: Duration,
}

/// A transaction on a connection.
pub(crate) struct PostgresTx {
    /// There until the drop.
    client: Option<Object>,
    terms: Arc<Terms>,
    /// How long a statement may run.
    budget: Option<Duration>,
    /// Whether heavy statements need a place: those of a transaction that reads.
    is_throttled: bool,
    place: Option<Place>,
    /// Whether statements are planned for their values now.
    plans_each: bool,
    /// Whether a statement has begun and has not ended.
    pub(crate) is_running: bool,
    /// Whether its last statement may still run at the server, although no one waits for it.
    is_given_up: bool,
}

impl PostgresTx {
    pub(super) fn new(
        client: Object,
        terms: Arc<Terms>,
        budget: Option<Duration>,
        is_throttled: bool,
    ) -> PostgresTx {
        let (client, place) = (Some(client), None);
        PostgresTx {
            client,
            terms,
            budget,
            is_throttled,
            place,
            plans_each: false,
            is_running: true,
            is_given_up: false,
        }
    }

    pub(crate) async fn query<S: Sink>(
        &mut self,
        call: &Call<'_>,
        sink: S,
    ) -> Result<(S, Arc<Header>), Error> {
        self.plan(call)?;
        // Without a workspace it is a lookup by a unique key, which all workspaces share: on a busy machine it
        // lasts long too, and must not wait.
        let has_to_enter =
            self.is_throttled && self.place.is_none() && call.workspace.is_some();
        if has_to_enter {
            self.terms.throttle.check(call)?;
        }
        let client = self.client.as_ref().ok_or_else(ended)?;
        let running = pin!(async {
            let prepared = client.prepare_cached(&call.statement.text).await?;
            let header = call
                .statement
                .header(|| prepared.columns().iter().map(tokio_postgres::Column::name));
            let rows = client.query_raw(&prepared, parameters(call)).await?;
            let taken = take(rows, header, sink).await?;
            Ok((taken, Arc::clone(header)))
        });
        let outcome = if has_to_enter {
            let entered = within_throttle(&self.terms, call, running).await;
            // Without a place, the statement goes on at the server until it is cancelled.
            self.is_given_up = entered.is_err();
            let (outcome, place) = entered?;
            self.place = place;
            outcome
        } else {
            running.await
        };
        let (taken, header) = outcome.map_err(|error| self.error(error))?;
        Ok((taken?, header))
    }

    pub(crate) async fn execute(&mut self, call: &Call<'_>) -> Result<u64, Error> {
        self.plan(call)?;
        let client = self.client()?;
        let running = async {
            let prepared = client.prepare_cached(&call.statement.text).await?;
            client.execute(&prepared, &parameters(call)).await
        };
        running.await.map_err(|error| self.error(error))
    }

    pub(crate) async fn run(&mut self, sql: &str) -> Result<(), Error> {
        let ran = self.client()?.batch_execute(sql).await;
        ran.map_err(|error| self.error(error))
    }

    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        self.is_running = true;
        // A commit that is cancelled while it waits for a standby is acknowledged without it.
        self.set_timeout(None);
        let committed = self.client()?.batch_execute("COMMIT").await;
        committed.map_err(Error::of_postgres_commit)?;
        // Back to the pool, with nothing to roll back.
        self.client = None;
        Ok(())
    }

    /// Lets the next statement wait for the locks of others, and no longer than a transaction waits
    /// for a connection. It is no statement that is too slow.
    pub(crate) fn begin_lock(&self) {
        if self.budget.is_some() {
            self.set_timeout(Some(self.terms.wait));
        }
    }

    /// Gives the statements after a lock their budget again.
    pub(crate) fn end_lock(&self) {
        if self.budget.is_some() {
            self.set_timeout(self.budget);
        }
    }

    /// The error of a statement that waited for a lock.
    pub(crate) fn lock_error(&self, error: Error) -> Error {
        match error {
            Error::TooSlow { .. } => Error::Busy { retry_after: self.terms.wait },
            Error::Conflict(_)
            | Error::Corrupt { .. }
            | Error::Unconfirmed(_)
            | Error::Busy { .. }
            | Error::Full(_)
            | Error::Failing(_)
            | Error::Unavailable(_) => error,
        }
    }

    fn set_timeout(&self, budget: Option<Duration>) {
        let Ok(client) = self.client() else { return };
        send(client, &format!("SET LOCAL statement_timeout = {}", milliseconds(budget)));
    }

    /// A statement whose best plan depends on its values is planned for them; without that, PostgreSQL
    /// plans it once and for every tenant after five of them. Planning a lookup each time takes longer than the
    /// lookup. The setting ends with the transaction.
    fn plan(&mut self, call: &Call<'_>) -> Result<(), Error> {
        let plans_each = call.statement.planning == Planning::ForValues;
        if plans_each != self.plans_each {
            let mode = if plans_each { "force_custom_plan" } else { "auto" };
            send(self.client()?, &format!("SET LOCAL plan_cache_mode = {mode}"));
            self.plans_each = plans_each;
        }
        Ok(())
    }

    fn error(&self, error: tokio_postgres::Error) -> Error {
        match self.budget {
            Some(budget) if error.code() == Some(&SqlState::QUERY_CANCELED) => {
                self.terms.meter.count_too_slow();
                Error::TooSlow { budget }
            }
            Some(_) | None => Error::from(error),
        }
    }

    fn client(&self) -> Result<&Object, Error> {
        self.client.as_ref().ok_or_else(ended)
    }
}

fn ended() -> Error {
    Error::unavailable("the transaction has ended")
}

/// Runs a statement; when it takes long, it needs a place among the heavy reads to go on.
async fn within_throttle<T>(
    terms: &Terms,
    call: &Call<'_>,
    running: impl Future<Output = T>,
) -> Result<(T, Option<Place>), Error> {
    let mut running = pin!(running);
    if let Ok(outcome) = tokio::time::timeout(terms.patience, &mut running).await {
        return Ok((outcome, None));
    }
    let mut entering = pin!(Throttle::enter(&terms.throttle, call));
    tokio::select! {
        outcome = &mut running => Ok((outcome, None)),
        place = &mut entering => {
            let place = place?;
            Ok((running.await, Some(place)))
        }
    }
}

impl Drop for PostgresTx {
    /// Rolls back what is not committed. A connection in the middle of a statement is closed; another
    /// goes back to the pool after a ROLLBACK was sent, which the server executes before anything
    /// that is sent later.
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        if self.is_running {
            self.terms.meter.count_abandoned();
        }
        if self.is_running || self.is_given_up || !send(&client, "ROLLBACK") {
            cancel(Object::take(client), self.terms.tls.clone());
        }
    }
}

/// Sends statements and does not wait for the answer; the server executes them before anything that is
/// sent later. Returns whether they were sent. The first poll does it.
fn send(client: &Object, sql: &str) -> bool {
    let sent = pin!(client.batch_execute(sql));
    let polled = sent.poll(&mut Context::from_waker(Waker::noop()));
    !matches!(polled, Poll::Ready(Err(_)))
}

/// Cancels the statement too: a server that waits for a lock does not notice a closed connection.
fn cancel(client: ClientWrapper, tls: MakeRustlsConnect) {
    let Ok(runtime) = Handle::try_current() else { return };
    runtime.spawn(async move {
        // If that fails, the connection is closed already.
        let _ = client.cancel_token().cancel_query(tls).await;
        drop(client);
    });
}

/// A budget as PostgreSQL writes it: 0 for none.
pub(super) fn milliseconds(budget: Option<Duration>) -> u128 {
    budget.map_or(0, |budget| budget.as_millis().max(1))
}

/// Gives rows to a sink. What it does not want is read and dropped: the statement lasts until the server has
/// sent all of it.
async fn take<S: Sink>(
    rows: RowStream,
    header: &Arc<Header>,
    mut sink: S,
) -> Result<Result<S, Error>, tokio_postgres::Error> {
    let (mut rows, mut is_full, mut failed) = (pin!(rows), false, None);
    while let Some(row) = rows.try_next().await? {
        if is_full || failed.is_some() {
            continue;
        }
        match read(&row, header).and_then(|row| sink.take(row)) {
            Ok(flow) => is_full = flow.is_break(),
            Err(error) => failed = Some(error),
        }
    }
    Ok(failed.map_or(Ok(sink), Err))
}

fn parameters<'a>(call: &'a Call<'_>) -> Vec<&'a (dyn ToSql + Sync)> {
    call.parameters().map(|value| -> &(dyn ToSql + Sync) { value }).collect()
}

fn read(row: &tokio_postgres::Row, header: &Arc<Header>) -> Result<Row, Error> {
    let mut values = Vec::with_capacity(row.len());
    for (at, column) in row.columns().iter().enumerate() {
        match value(row, at, column.type_())? {
            Some(value) => values.push(value),
            None => return Err(Row::new(header, values).corrupt(at)),
        }
    }
    Ok(Row::new(header, values))
}

/// `None` for a type that no column of ours has.
fn value(row: &tokio_postgres::Row, at: usize, kind: &Type) -> Result<Option<Value>, Error> {
    Ok(Some(match *kind {
        Type::INT8 => row.try_get::<_, Option<i64>>(at)?.into(),
        Type::INT4 => row.try_get::<_, Option<i32>>(at)?.map(i64::from).into(),
        Type::INT2 => row.try_get::<_, Option<i16>>(at)?.map(i64::from).into(),
        Type::BOOL => row.try_get::<_, Option<bool>>(at)?.into(),
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME => {
            row.try_get::<_, Option<String>>(at)?.into()
        }
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(at)?.into(),
        Type::UUID => row.try_get::<_, Option<uuid::Uuid>>(at)?.into(),
        _ => return Ok(None),
    }))
}

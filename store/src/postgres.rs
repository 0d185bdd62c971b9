//! PostgreSQL: a pool of connections to a server.

mod tls;

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use deadpool_postgres::{
    ClientWrapper, Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod,
    Runtime,
};
use tokio::runtime::Handle;
use tokio_postgres::Config;
use tokio_postgres::config::Host;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::dialect::Dialect;
use crate::error::Error;
use crate::options::Options;
use crate::row::{Header, Row, Rows};
use crate::statement::Statement;
use crate::value::Value;

/// How long a transaction waits for a connection, and a connection for the server.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A statement that orders its rows gets an index in that order, never another whose rows are sorted
/// afterwards: how lists are read does not depend on statistics, which a new table has none of. JIT
/// compilation takes longer than any list.
const SETTINGS: &str = "SET enable_sort = off; SET enable_incremental_sort = off; \
    SET jit = off";

/// A server and the connections to it.
#[derive(Clone)]
pub(crate) struct Postgres {
    pool: Pool,
    tls: MakeRustlsConnect,
}

impl Postgres {
    pub(crate) async fn open(location: &str, options: &Options) -> Result<Postgres, Error> {
        let (mut config, tls) = tls::parse(location)?;
        if config.get_application_name().is_none() {
            config.application_name("hallpass");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(TIMEOUT);
        }
        let server = name(&config);
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let pool = Pool::builder(Manager::from_config(config, tls.clone(), recycling))
            .max_size(options.connections.max(1))
            .wait_timeout(Some(TIMEOUT))
            .create_timeout(Some(TIMEOUT))
            .runtime(Runtime::Tokio1)
            .post_create(Hook::async_fn(|client: &mut ClientWrapper, _| {
                Box::pin(async move {
                    client.batch_execute(SETTINGS).await.map_err(HookError::Backend)
                })
            }))
            .build()
            .map_err(|error| Error::Unavailable(error.to_string()))?;
        let client = pool.get().await.map_err(|error| unreachable(&server, error))?;
        check_encoding(&client, &server).await?;
        drop(client);
        Ok(Postgres { pool, tls })
    }

    pub(crate) async fn read(&self) -> Result<PostgresTx, Error> {
        self.begin(Dialect::Postgres.begin_read()).await
    }

    pub(crate) async fn write(&self) -> Result<PostgresTx, Error> {
        self.begin(Dialect::Postgres.begin_write()).await
    }

    async fn begin(&self, sql: &str) -> Result<PostgresTx, Error> {
        let client = Some(self.pool.get().await?);
        let mut tx = PostgresTx { client, tls: self.tls.clone(), is_running: true };
        tx.run(sql).await?;
        tx.is_running = false;
        Ok(tx)
    }
}

/// The address of a server, without the password.
fn name(config: &Config) -> String {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(host)) => host.clone(),
        Some(Host::Unix(folder)) => folder.display().to_string(),
        None => "localhost".to_owned(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    let database = config.get_dbname().or(config.get_user()).unwrap_or_default();
    format!("{host}:{port}/{database}")
}

fn unreachable(server: &str, error: deadpool_postgres::PoolError) -> Error {
    match Error::from(error) {
        Error::Unavailable(why) => {
            Error::Unavailable(format!("cannot connect to PostgreSQL at `{server}`: {why}"))
        }
        error @ (Error::Conflict(_) | Error::Corrupt { .. } | Error::Unconfirmed(_)) => error,
    }
}

async fn check_encoding(client: &Object, server: &str) -> Result<(), Error> {
    let row = client.query_one("SELECT current_setting('server_encoding')", &[]).await?;
    let encoding: String = row.try_get(0)?;
    if encoding == "UTF8" {
        return Ok(());
    }
    Err(Error::Unavailable(format!("`{server}` has the encoding `{encoding}`, not `UTF8`")))
}

/// A transaction on a connection.
pub(crate) struct PostgresTx {
    /// There until the drop.
    client: Option<Object>,
    /// For the connection that cancels a statement.
    tls: MakeRustlsConnect,
    /// Whether a statement has begun and has not ended.
    pub(crate) is_running: bool,
}

impl PostgresTx {
    pub(crate) async fn query(
        &mut self,
        statement: &Statement,
        workspace: Option<&Value>,
        values: &[Value],
    ) -> Result<Rows, Error> {
        let client = self.client()?;
        let prepared = client.prepare_cached(&statement.text).await?;
        let rows = client.query(&prepared, &parameters(workspace, values)).await?;
        let header =
            statement.header(|| prepared.columns().iter().map(tokio_postgres::Column::name));
        let rows = rows.iter().map(|row| read(row, header)).collect::<Result<_, _>>()?;
        Ok(Rows::new(Arc::clone(header), rows))
    }

    pub(crate) async fn execute(
        &mut self,
        statement: &Statement,
        workspace: Option<&Value>,
        values: &[Value],
    ) -> Result<u64, Error> {
        let client = self.client()?;
        let prepared = client.prepare_cached(&statement.text).await?;
        Ok(client.execute(&prepared, &parameters(workspace, values)).await?)
    }

    pub(crate) async fn run(&mut self, sql: &str) -> Result<(), Error> {
        Ok(self.client()?.batch_execute(sql).await?)
    }

    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        self.is_running = true;
        let committed = self.client()?.batch_execute("COMMIT").await;
        committed.map_err(Error::of_postgres_commit)?;
        // Back to the pool, with nothing to roll back.
        self.client = None;
        Ok(())
    }

    fn client(&self) -> Result<&Object, Error> {
        self.client.as_ref().ok_or_else(|| Error::unavailable("the transaction has ended"))
    }
}

impl Drop for PostgresTx {
    /// Rolls back what is not committed. A connection in the middle of a statement is closed; another
    /// goes back to the pool after a ROLLBACK was sent, which the server executes before anything
    /// that is sent later.
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        if self.is_running || !send_rollback(&client) {
            cancel(Object::take(client), self.tls.clone());
        }
    }
}

/// The first poll sends it; the answer is not awaited.
fn send_rollback(client: &Object) -> bool {
    let rollback = pin!(client.batch_execute("ROLLBACK"));
    let polled = rollback.poll(&mut Context::from_waker(Waker::noop()));
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

fn parameters<'a>(
    workspace: Option<&'a Value>,
    values: &'a [Value],
) -> Vec<&'a (dyn ToSql + Sync)> {
    let all = workspace.into_iter().chain(values);
    all.map(|value| -> &(dyn ToSql + Sync) { value }).collect()
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

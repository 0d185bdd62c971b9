//! PostgreSQL: a pool of connections to a server.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use deadpool_postgres::{
    ClientWrapper, Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod,
    Runtime,
};
use tokio::runtime::Handle;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Config, NoTls};

use crate::db::Options;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::value::{Row, Value};

/// How long a transaction waits for a connection, and a connection for the server.
const PATIENCE: Duration = Duration::from_secs(10);

/// A statement that says in which order it wants rows gets an index that has them in it, and never
/// another whose rows are sorted afterwards: how lists are read does not depend on statistics, which
/// a new table has none of. What must be sorted still is. Compiling takes longer than any list.
const PLANS: &str = "SET enable_sort = off; SET enable_incremental_sort = off; SET jit = off";

/// A server and the connections to it.
#[derive(Clone)]
pub(crate) struct Postgres {
    pool: Pool,
}

impl Postgres {
    pub(crate) async fn open(location: &str, options: &Options) -> Result<Postgres, Error> {
        let mut config: Config = location.parse().map_err(Error::from)?;
        if config.get_ssl_mode() == SslMode::Require {
            return Err(Error::unavailable("`sslmode=require` is not offered yet"));
        }
        if config.get_application_name().is_none() {
            config.application_name("hallpass");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(PATIENCE);
        }
        let server = name(&config);
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let pool = Pool::builder(Manager::from_config(config, NoTls, recycling))
            .max_size(options.connections.max(1))
            .wait_timeout(Some(PATIENCE))
            .create_timeout(Some(PATIENCE))
            .runtime(Runtime::Tokio1)
            .post_create(Hook::async_fn(|client: &mut ClientWrapper, _| {
                Box::pin(async move {
                    client.batch_execute(PLANS).await.map_err(HookError::Backend)
                })
            }))
            .build()
            .map_err(|error| Error::Unavailable(error.to_string()))?;
        let client = pool.get().await.map_err(|error| unreachable(&server, error))?;
        check_encoding(&client, &server).await?;
        drop(client);
        Ok(Postgres { pool })
    }

    pub(crate) async fn read(&self) -> Result<PostgresTx, Error> {
        self.begin(Dialect::Postgres.begin_read()).await
    }

    pub(crate) async fn write(&self) -> Result<PostgresTx, Error> {
        self.begin(Dialect::Postgres.begin_write()).await
    }

    async fn begin(&self, sql: &str) -> Result<PostgresTx, Error> {
        let client = self.pool.get().await?;
        let mut session = PostgresTx { client: Some(client), is_busy: true };
        session.run(sql).await?;
        session.is_busy = false;
        Ok(session)
    }
}

/// Where a server is, without the password.
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
            Error::Unavailable(format!("no way to PostgreSQL at `{server}`: {why}"))
        }
        error @ (Error::Conflict(_) | Error::Corrupt { .. }) => error,
    }
}

async fn check_encoding(client: &Object, server: &str) -> Result<(), Error> {
    let row = client.query_one("SELECT current_setting('server_encoding')", &[]).await?;
    let encoding: String = row.try_get(0)?;
    if encoding == "UTF8" {
        return Ok(());
    }
    Err(Error::Unavailable(format!("`{server}` keeps text as `{encoding}`, and not as `UTF8`")))
}

/// A transaction on a connection.
pub(crate) struct PostgresTx {
    /// There until the drop.
    client: Option<Object>,
    /// Whether a statement has begun and has not answered.
    pub(crate) is_busy: bool,
}

impl PostgresTx {
    pub(crate) async fn query(
        &mut self,
        sql: &str,
        workspace: Option<&Value>,
        values: &[Value],
    ) -> Result<Vec<Row>, Error> {
        let client = self.client()?;
        let statement = client.prepare_cached(&Dialect::Postgres.statement(sql)).await?;
        let rows = client.query(&statement, &parameters(workspace, values)).await?;
        rows.iter().map(values_of).collect()
    }

    pub(crate) async fn execute(
        &mut self,
        sql: &str,
        workspace: Option<&Value>,
        values: &[Value],
    ) -> Result<u64, Error> {
        let client = self.client()?;
        let statement = client.prepare_cached(&Dialect::Postgres.statement(sql)).await?;
        Ok(client.execute(&statement, &parameters(workspace, values)).await?)
    }

    pub(crate) async fn run(&mut self, sql: &str) -> Result<(), Error> {
        Ok(self.client()?.batch_execute(sql).await?)
    }

    pub(crate) async fn commit(mut self) -> Result<(), Error> {
        self.is_busy = true;
        self.run("COMMIT").await?;
        // Back to the pool, with nothing to undo.
        self.client = None;
        Ok(())
    }

    fn client(&self) -> Result<&Object, Error> {
        self.client.as_ref().ok_or_else(|| Error::unavailable("the transaction has ended"))
    }
}

impl Drop for PostgresTx {
    /// Undoes what is not committed. A connection that waits for a statement is given up; another
    /// goes back to the pool behind a ROLLBACK, which the server carries out before anything that
    /// is sent after it.
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        if self.is_busy || !sends_rollback(&client) {
            give_up(Object::take(client));
        }
    }
}

/// The first poll sends it; nobody waits for the answer.
fn sends_rollback(client: &Object) -> bool {
    let rollback = pin!(client.batch_execute("ROLLBACK"));
    let polled = rollback.poll(&mut Context::from_waker(Waker::noop()));
    !matches!(polled, Poll::Ready(Err(_)))
}

/// Ends the statement too: a server that waits for a lock does not notice that nobody listens.
fn give_up(client: ClientWrapper) {
    let Ok(runtime) = Handle::try_current() else { return };
    runtime.spawn(async move {
        // If that fails, the connection is gone already.
        let _ = client.cancel_token().cancel_query(NoTls).await;
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

fn values_of(row: &tokio_postgres::Row) -> Result<Row, Error> {
    let columns = row.columns().iter().enumerate();
    let values = columns.map(|(at, column)| value(row, at, column.type_(), column.name()));
    Ok(Row(values.collect::<Result<Vec<Value>, Error>>()?))
}

fn value(
    row: &tokio_postgres::Row,
    at: usize,
    kind: &Type,
    column: &str,
) -> Result<Value, Error> {
    Ok(match *kind {
        Type::INT8 => row.try_get::<_, Option<i64>>(at)?.into(),
        Type::INT4 => row.try_get::<_, Option<i32>>(at)?.map(i64::from).into(),
        Type::INT2 => row.try_get::<_, Option<i16>>(at)?.map(i64::from).into(),
        Type::BOOL => row.try_get::<_, Option<bool>>(at)?.into(),
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME => {
            row.try_get::<_, Option<String>>(at)?.into()
        }
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(at)?.into(),
        Type::UUID => row.try_get::<_, Option<uuid::Uuid>>(at)?.into(),
        _ => {
            let table = format!("a row of type `{kind}`");
            return Err(Error::Corrupt { table, column: column.to_owned() });
        }
    })
}

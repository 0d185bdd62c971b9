//! PostgreSQL: a pool of connections to a server.

mod tls;
mod tx;

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{
    ClientWrapper, Hook, HookError, Manager, ManagerConfig, Object, Pool, RecyclingMethod,
    Runtime,
};
use tokio::time::Instant;
use tokio_postgres::Config;
use tokio_postgres::config::Host;

pub(crate) use self::tx::PostgresTx;
use self::tx::{Terms, milliseconds};
use crate::dialect::Dialect;
use crate::error::Error;
use crate::load::{Load, Meter};
use crate::options::{HeavyReads, Options};
use crate::throttle::Throttle;

/// How long a new connection waits for the server.
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
    terms: Arc<Terms>,
    /// What every statement of a connection may take.
    timeout: Option<Duration>,
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
        let (connections, timeout) = (options.connections.max(1), options.read_budget);
        let settings = format!("{SETTINGS}; SET statement_timeout = {}", milliseconds(timeout));
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let pool = Pool::builder(Manager::from_config(config, tls.clone(), recycling))
            .max_size(connections)
            .wait_timeout(Some(options.wait))
            .create_timeout(Some(TIMEOUT))
            .runtime(Runtime::Tokio1)
            .post_create(Hook::async_fn(move |client: &mut ClientWrapper, _| {
                let settings = settings.clone();
                Box::pin(async move {
                    client.batch_execute(&settings).await.map_err(HookError::Backend)
                })
            }))
            .build()
            .map_err(|error| Error::Unavailable(error.to_string()))?;
        let client = pool.get().await.map_err(|error| unreachable(&server, error))?;
        check_encoding(&client, &server).await?;
        drop(client);
        let (meter, wait) = (Arc::<Meter>::default(), options.wait);
        let throttle = Throttle::new(bounds(options.heavy, connections), Arc::clone(&meter));
        let patience = options.heavy.after;
        let terms = Arc::new(Terms { tls, throttle, meter, wait, patience });
        Ok(Postgres { pool, terms, timeout })
    }

    pub(crate) async fn read(&self, budget: Option<Duration>) -> Result<PostgresTx, Error> {
        self.begin(Dialect::Postgres.begin_read(), budget, true).await
    }

    pub(crate) async fn write(&self, budget: Option<Duration>) -> Result<PostgresTx, Error> {
        let since = Instant::now();
        let tx = self.begin(Dialect::Postgres.begin_write(), budget, false).await?;
        self.terms.meter.count_writer_wait(since);
        Ok(tx)
    }

    pub(crate) fn meter(&self) -> &Meter {
        &self.terms.meter
    }

    pub(crate) fn load(&self) -> Load {
        let status = self.pool.status();
        let in_use = status.size.saturating_sub(status.available);
        Load {
            connections_in_use: in_use,
            connections_waiting: status.waiting,
            ..self.terms.throttle.load()
        }
    }

    async fn begin(
        &self,
        sql: &str,
        budget: Option<Duration>,
        is_throttled: bool,
    ) -> Result<PostgresTx, Error> {
        let client = self.pool.get().await.map_err(Error::from).inspect_err(|error| {
            if let Error::Busy { .. } = error {
                self.terms.meter.count_refusal(uuid::Uuid::nil());
            }
        })?;
        let mut tx = PostgresTx::new(client, Arc::clone(&self.terms), budget, is_throttled);
        if budget == self.timeout {
            tx.run(sql).await?;
        } else {
            let timeout = milliseconds(budget);
            tx.run(&format!("{sql}; SET LOCAL statement_timeout = {timeout}")).await?;
        }
        tx.is_running = false;
        Ok(tx)
    }
}

/// The bounds of heavy reads, such that some connections are always left for what is quick.
fn bounds(heavy: HeavyReads, connections: usize) -> HeavyReads {
    let (places, waiting) = (connections.div_ceil(2), connections / 4);
    HeavyReads {
        places: heavy.places.min(places),
        waiting: heavy.waiting.min(waiting),
        ..heavy
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
        error @ (Error::Conflict(_)
        | Error::Corrupt { .. }
        | Error::Busy { .. }
        | Error::TooSlow { .. }
        | Error::Unconfirmed(_)
        | Error::Full(_)
        | Error::Failing(_)) => error,
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

//! The server: opens everything that is configured, serves, and closes it in order.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hallpass_app::account::setup::VALID_HOURS;
use hallpass_app::app::{Network, Plan, ProviderRules};
use hallpass_app::mailer::Mailer;
use hallpass_app::secret::Token;
use hallpass_app::{App, Rules, job, presence};
use hallpass_console::router;
use hallpass_mail::{MailRenderer, MailTarget, Transport};
use hallpass_store::{Db, Options, ServerLock, copy};
use hallpass_web::Web;
use hallpass_web::serve::{Drained, Port, Tls, bind, serve};
use hallpass_web::state::HttpConfig;
use tokio::sync::watch;
use tracing::{info, warn};

use crate::config::{Config, Flags, Server};
use crate::metrics::Metrics;
use crate::output::{Output, describe, print};
use crate::signal::stop_signal;
use crate::text_record::NameServers;
use crate::{data, file_limit, logs, secret_key};

/// How long requests in progress may take after the server is told to stop.
const DRAIN: Duration = Duration::from_secs(6);

/// How long background jobs may take to finish after that.
const JOBS: Duration = Duration::from_secs(1);

/// How long threads may take that cannot be interrupted.
pub(crate) const THREADS: Duration = Duration::from_millis(200);

/// How long stopping may take at most, whatever clients do; then the process ends.
const STOP: Duration = Duration::from_millis(9_500);

/// Serves until the process is told to stop.
pub(crate) fn run(flags: &Flags<Server>) -> Result<Output, String> {
    let config = Config::load(flags)?;
    logs::start(&config)?;
    let runtime = runtime()?;
    let served = runtime.block_on(async {
        let listening = listen(config).await?;
        let setup_link = listening.app.accounts().create_setup_link().await;
        let hints = match setup_link.map_err(|error| describe(&error))? {
            Some(link) => set_up_hint(&listening.config, &link),
            None => sign_up_hint(&listening.config),
        };
        listening.serve(&hints).await
    });
    runtime.shutdown_timeout(THREADS);
    served
}

/// The runtime for asynchronous work.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| format!("cannot start threads: {error}"))
}

/// A server that listens and does not accept requests yet.
pub(crate) struct Listening {
    pub(crate) config: Config,
    pub(crate) app: App,
    mailer: Arc<dyn Mailer>,
    port: Port,
    metrics: Option<Metrics>,
    /// Held until the process ends.
    lock: ServerLock,
}

/// Opens everything. The port comes first, so that a second server on the same folder stops here.
pub(crate) async fn listen(config: Config) -> Result<Listening, String> {
    let mut config = config;
    let listener = bind(config.listen, "--listen").await?;
    if let Ok(address) = listener.local_addr() {
        config.listens_on(address);
    }
    let metrics = match config.metrics_listen {
        Some(address) => Some(Metrics::start(address).await?),
        None => None,
    };
    let tls = config.tls_files().map(Tls::open).transpose()?;
    data::prepare(&config.data)?;
    let lock = ServerLock::take(&config.database).map_err(|error| error.to_string())?;
    let app = app(&config, &options(&config)).await?;
    // Without name servers everything works but the proof of domains.
    match NameServers::new(&config.name_servers) {
        Ok(servers) => app.use_text_records(Arc::new(servers)),
        Err(error) => warn!("{error}"),
    }
    let clock = app.clone();
    let transport = Transport::open(&config.mail, Arc::new(move || clock.now()))?;
    let mailer =
        MailRenderer::new(transport, config.mail_from.clone(), config.base_url.clone());
    let most_connections = file_limit::connections(config.connections)?;
    let port = Port { listener, tls, most_connections };
    // Last: from here on a copy of the file without its log is refused.
    app.db().begin_service().await.map_err(|error| error.to_string())?;
    app.mails().release_all().await.map_err(|error| describe(&error))?;
    Ok(Listening { config, app, mailer: Arc::new(mailer), port, metrics, lock })
}

pub(crate) fn options(config: &Config) -> Options {
    Options { connections: config.database_connections, ..Options::default() }
}

/// Opens the database, and creates it if it does not exist.
async fn app(config: &Config, options: &Options) -> Result<App, String> {
    let db = Db::open(&config.database, options).await;
    let app = app_on(db.map_err(|error| error.to_string())?, config)?;
    app.continue_ids().await.map_err(|error| describe(&error))?;
    Ok(app)
}

/// The application on an open database.
pub(crate) fn app_on(db: Db, config: &Config) -> Result<App, String> {
    let rules = Rules { secret_keys: secret_key::load(config)?, ..rules(config) };
    let app = App::new(db, rules).map_err(|error| error.to_string())?;
    if let Some(file) = secret_key::KeyFile::of(config) {
        app.use_key_source(Arc::new(file));
    }
    Ok(app)
}

/// Opens a database that exists: a command that reads creates none.
pub(crate) async fn open_existing(config: &Config) -> Result<App, String> {
    let location = &config.database;
    // Opening the database tells when only its log is there.
    let has_log = Path::new(&format!("{location}-wal")).exists();
    if copy::is_file(location) && !Path::new(location).is_file() && !has_log {
        return Err(format!(
            "no database `{location}`; set its location with `--database`, or start the server \
             once to create it"
        ));
    }
    open(config, Options::default()).await
}

/// Opens the database, and creates it with its folder if it does not exist.
pub(crate) async fn open_or_create(config: &Config, options: Options) -> Result<App, String> {
    data::prepare(&config.data)?;
    open(config, options).await
}

async fn open(config: &Config, options: Options) -> Result<App, String> {
    // What the operator asks for may take as long as it takes.
    app(config, &options.without_budgets()).await
}

fn rules(config: &Config) -> Rules {
    let plans = config.plans.iter().map(|plan| Plan {
        key: plan.key.clone(),
        name: plan.name.clone(),
        entitlements: plan.entitlements.clone(),
    });
    let default = Rules::default();
    Rules {
        base_url: config.base_url.to_string(),
        operator_contact: config.operator_contact.clone().unwrap_or(default.operator_contact),
        opens_self_serve: config.self_serve,
        plans: plans.collect(),
        stripe_secret: config.stripe_secret.as_ref().map(|secret| secret.expose().to_owned()),
        billing_portal: config.billing_portal.clone(),
        password_hash: config.password_hash,
        secret_keys: Vec::new(),
        providers: ProviderRules {
            network: if config.private_providers { Network::Any } else { Network::Public },
            google: config.google_issuer.clone(),
            microsoft: config.microsoft_authority.clone(),
        },
        snapshot_memory: config.snapshot_memory,
        own_blueprints: config.own_blueprints,
    }
}

impl Listening {
    /// Serves until the process is told to stop; then finishes the requests in progress and the jobs,
    /// and merges the write-ahead log into the database file.
    pub(crate) async fn serve(self, hints: &str) -> Result<Output, String> {
        let Listening { config, app, mailer, port, metrics, lock } = self;
        let http = HttpConfig {
            is_secure: config.base_url.to_string().starts_with("https://"),
            base_url: config.base_url.to_string(),
            trusted_proxies: config.trusted_proxies.clone(),
            proxy_header: config.proxy_header,
        };
        let web = Web::new(app.clone(), http);
        let (stop_jobs, stopped) = watch::channel(());
        if let Some(metrics) = metrics {
            let serving = metrics.serve(app.clone(), until_closed(stopped.clone()));
            tokio::spawn(serving);
        }
        let noting = presence::run(app.clone(), until_closed(stopped.clone()));
        let noting = tokio::spawn(noting);
        let mut jobs = tokio::spawn(job::run(app.clone(), mailer, until_closed(stopped)));
        if let Some(tls) = &port.tls {
            tokio::spawn(tls.clone().watch());
        }
        let stop = stop_signal(STOP)?;
        print(&format!("{}\n{hints}", summary(&config)))?;
        info!(server.address = %config.listen, "listening on {}", config.listen);
        let Drained { aborted } = serve(port, router(web), stop, DRAIN).await;
        if aborted > 0 {
            warn!(
                server.connections = aborted,
                "aborted {aborted} connections that did not finish in time"
            );
        }
        drop(stop_jobs);
        if tokio::time::timeout(JOBS, &mut jobs).await.is_err() {
            jobs.abort();
            let _ = jobs.await;
            warn!("background jobs did not finish in time; they continue after the next start");
        }
        let _ = noting.await;
        if let Err(error) = app.mails().release().await {
            warn!(error.message = %error, "mails in delivery are sent again later: {error}");
        }
        if let Err(error) = app.db().end_service().await {
            warn!(error.message = %error, "cannot merge the write-ahead log: {error}");
        }
        drop(lock);
        info!("stopped");
        Ok(Output::new())
    }
}

/// Waits until the sender of a channel is dropped.
async fn until_closed(receiver: watch::Receiver<()>) {
    let mut receiver = receiver;
    while receiver.changed().await.is_ok() {}
}

fn summary(config: &Config) -> String {
    let base = &config.base_url;
    let mail = match &config.mail {
        MailTarget::Smtp(_) => "sent to the mail server".to_owned(),
        MailTarget::Folder(folder) => format!("in {}", shown(folder)),
        MailTarget::Log => "in the log".to_owned(),
    };
    let database = if config.database.contains("://") {
        "on the PostgreSQL server".to_owned()
    } else {
        format!("in {}", config.database)
    };
    format!(
        "Hallpass is running at {base}\n  API       {base}/api/docs\n  mail      {mail}\n  \
         database  {database}\n"
    )
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// The link to create the first account. It is printed and not logged: it is a secret.
fn set_up_hint(config: &Config, link: &Token) -> String {
    let (base, token) = (&config.base_url, link.expose());
    format!(
        "To create the first account, open this link within {VALID_HOURS} hours; it works once:\n  {}\n\
         Without a browser:\n{}Stop with Ctrl-C.\n",
        base.link("setup", token),
        account_command(&base.link("api/v1/setup", token))
    )
}

fn sign_up_hint(config: &Config) -> String {
    let command = account_command(&format!("{}/api/v1/accounts", config.base_url));
    format!("To sign up:\n{command}Stop with Ctrl-C.\n")
}

/// The command that creates an account.
fn account_command(url: &str) -> String {
    format!(
        "  curl -c me.cookies {url} -H 'Content-Type: application/json' \\\n    \
         -d '{{\"email\": \"anna@example.com\", \"password\": \"at least fifteen characters\", \
         \"first_name\": \"Anna\"}}'\n"
    )
}

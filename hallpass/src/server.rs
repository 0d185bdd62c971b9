//! The server: everything that was configured, opened in order, and closed again.

use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hallpass_app::app::Plan;
use hallpass_app::mailer::Mailer;
use hallpass_app::{App, Rules, job};
use hallpass_store::{Db, Options};
use hallpass_web::mail::{MailTarget, Post, Transport};
use hallpass_web::serve::{Served, bind, serve};
use hallpass_web::state::HttpConfig;
use hallpass_web::{Web, router};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tracing::{info, warn};

use crate::command::Said;
use crate::config::{Config, Flags};
use crate::{data, logs};

/// How long requests that are under way may take to be answered once the end has begun.
const DRAIN: Duration = Duration::from_secs(20);

/// How long the jobs may take to finish what they are at.
const JOBS: Duration = Duration::from_secs(10);

/// Serves until it is told to stop.
pub(crate) fn run(flags: &Flags) -> Result<Said, String> {
    let config = Config::load(flags)?;
    logs::start(&config)?;
    runtime()?.block_on(async {
        let open = open(config).await?;
        let hints = sign_up(&open.config);
        open.serve(&hints).await
    })
}

/// What asynchronous work runs on.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| format!("cannot start threads: {error}"))
}

/// A server that listens and does not answer yet.
pub(crate) struct Open {
    pub(crate) config: Config,
    pub(crate) app: App,
    mailer: Arc<dyn Mailer>,
    listener: TcpListener,
}

/// Opens everything. The address comes first: a second server on the same folder gets no further.
pub(crate) async fn open(config: Config) -> Result<Open, String> {
    let mut config = config;
    let listener = bind(config.listen).await?;
    if let Ok(address) = listener.local_addr() {
        config.listens_at(address);
    }
    data::prepare(&config.data)?;
    let app = app(&config).await?;
    let clock = app.clone();
    let transport = Transport::open(&config.mail, Arc::new(move || clock.now()))?;
    let post = Post::new(transport, config.mail_from.clone(), config.base_url.clone());
    Ok(Open { config, app, mailer: Arc::new(post), listener })
}

/// The house of a configuration.
pub(crate) async fn app(config: &Config) -> Result<App, String> {
    let db = Db::open(&config.database, &Options::default()).await;
    let db = db.map_err(|error| error.to_string())?;
    App::new(db, rules(config)).map_err(|error| error.to_string())
}

/// What the operator decided.
fn rules(config: &Config) -> Rules {
    let plans = config.plans.iter().map(|plan| Plan {
        key: plan.key.clone(),
        name: plan.name.clone(),
        entitlements: plan.entitlements.clone(),
    });
    let usual = Rules::default();
    Rules {
        operator_contact: config.operator_contact.clone().unwrap_or(usual.operator_contact),
        opens_self_serve: config.self_serve,
        plans: plans.collect(),
        stripe_secret: config.stripe_secret.as_ref().map(|secret| secret.expose().to_owned()),
    }
}

impl Open {
    /// Serves until the process is told to stop; then answers what is under way, and leaves one
    /// whole file.
    pub(crate) async fn serve(self, hints: &str) -> Result<Said, String> {
        let Open { config, app, mailer, listener } = self;
        let http = HttpConfig {
            is_secure: config.base_url.to_string().starts_with("https://"),
            base_url: config.base_url.to_string(),
            trusted_proxies: config.trusted_proxies.clone(),
        };
        let web = Web::new(app.clone(), http);
        let (end, ended) = watch::channel(());
        let jobs = tokio::spawn(job::run(app.clone(), mailer, until(ended)));
        let stop = signal()?;
        print(&format!("{}\n{hints}", places(&config)))?;
        info!("listening at {}", config.listen);
        let Served { cut_off } = serve(listener, router(web), stop, DRAIN).await;
        if cut_off > 0 {
            warn!("{cut_off} connections did not end in time");
        }
        drop(end);
        if tokio::time::timeout(JOBS, jobs).await.is_err() {
            warn!("the jobs did not end in time; what they left is done after the next start");
        }
        if let Err(error) = app.db().checkpoint().await {
            warn!(error.why = %error, "the log of the database stays: {error}");
        }
        info!("stopped");
        Ok(Said::nothing())
    }
}

/// Until the other end of a channel is gone.
async fn until(ended: watch::Receiver<()>) {
    let mut ended = ended;
    while ended.changed().await.is_ok() {}
}

/// Waits for Ctrl-C, or whatever else tells a process to stop.
fn signal() -> Result<impl Future<Output = ()>, String> {
    #[cfg(unix)]
    let mut terminated = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate())
            .map_err(|error| format!("cannot wait for signals: {error}"))?
    };
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
        info!("stopping: requests that are under way are answered first");
    })
}

fn places(config: &Config) -> String {
    let base = &config.base_url;
    let mails = match &config.mail {
        MailTarget::Smtp(_) => "go to the mail server".to_owned(),
        MailTarget::Folder(folder) => format!("in {}", shown(folder)),
        MailTarget::Log => "in the log".to_owned(),
    };
    let database = if config.database.contains("://") {
        "on the server of `database`".to_owned()
    } else {
        format!("in {}", config.database)
    };
    format!(
        "Hallpass listens at {base}\n  API    {base}/api/docs\n  mails  {mails}\n  data   {database}\n"
    )
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

fn sign_up(config: &Config) -> String {
    let base = &config.base_url;
    format!(
        "Sign up:\n  curl -c me.cookies {base}/api/v1/accounts -H 'Content-Type: application/json' \\\n    \
         -d '{{\"email\": \"anna@example.com\", \"password\": \"choose twelve letters\", \
         \"first_name\": \"Anna\"}}'\nStop with Ctrl-C.\n"
    )
}

/// Prints at once: whoever has started it may be waiting for the address.
fn print(text: &str) -> Result<(), String> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("cannot print: {error}"))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

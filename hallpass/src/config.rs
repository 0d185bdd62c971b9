//! The configuration: flags, environment and one file, with the same names.
//!
//! A flag counts more than the environment, that more than the file, that more than the default.

mod file;
mod mask;
mod plan;
mod setting;
mod show;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use hallpass_web::mail::{BaseUrl, MailTarget, Sender};
use hallpass_web::network::Network;
use tracing_subscriber::filter::Targets;

pub(crate) use plan::Plan;
use setting::{Mistakes, Raw, Setting, Settings, Source};

/// What can be set, in the order in which it is shown.
const NAMES: [&str; 13] = [
    "listen",
    "data",
    "database",
    "mail",
    "mail_from",
    "base_url",
    "log",
    "log_format",
    "operator_contact",
    "self_serve",
    "stripe_secret",
    "trusted_proxies",
    "plans",
];

/// The file that is read when none is named and it is there.
const FILE: &str = "hallpass.toml";

const PREFIX: &str = "HALLPASS_";

/// The configuration on the command line. A secret has no flag: everybody on the machine reads
/// those.
#[derive(Args, Clone, Default)]
#[command(next_help_heading = "Configuration")]
pub(crate) struct Flags {
    /// Read the configuration from this file instead of `hallpass.toml`.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Listen at this address and port [default: 127.0.0.1:8700].
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
    /// Keep everything in this folder [default: ./hallpass-data].
    #[arg(long, global = true, value_name = "FOLDER")]
    pub(crate) data: Option<String>,
    /// Use this database: a file or `postgres://…` [default: hallpass.db in the data folder].
    #[arg(long, global = true, value_name = "DATABASE")]
    pub(crate) database: Option<String>,
    /// Send mail there: `smtp://…`, `smtps://…`, `file:FOLDER`, `log:` [default: mail in the data
    /// folder].
    #[arg(long, global = true, value_name = "WHERE")]
    pub(crate) mail: Option<String>,
    /// Send mail in this name: `Hallpass <hallpass@example.com>`.
    #[arg(long, global = true, value_name = "SENDER")]
    pub(crate) mail_from: Option<String>,
    /// People reach Hallpass at this URL [default: http:// and the address].
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// Log these levels: `info`, or `info,hallpass_web=debug` [default: info].
    #[arg(long, global = true, value_name = "LEVELS")]
    pub(crate) log: Option<String>,
    /// Log as `text` or `json` [default: text].
    #[arg(long, global = true, value_name = "FORMAT")]
    pub(crate) log_format: Option<String>,
    /// Tell people to turn to this address or page.
    #[arg(long, global = true, value_name = "CONTACT")]
    pub(crate) operator_contact: Option<String>,
    /// Let members do what their access model keeps for you: `true` or `false` [default: false].
    #[arg(long, global = true, value_name = "YES")]
    pub(crate) self_serve: Option<String>,
    /// Believe these proxies, with commas between them, who their client is.
    #[arg(long, global = true, value_name = "NETWORKS")]
    pub(crate) trusted_proxies: Option<String>,
    /// Sell these plans, from the lowest to the highest: `free,agency:sso`.
    #[arg(long, global = true, value_name = "PLANS")]
    pub(crate) plans: Option<String>,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For machines, an object a line.
    Json,
}

/// A text that is not shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    /// The text.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// The configuration that is in force.
pub(crate) struct Config {
    /// Where it listens.
    pub(crate) listen: SocketAddr,
    /// Where everything is kept that has no place of its own.
    pub(crate) data: PathBuf,
    /// The location of the database.
    pub(crate) database: String,
    /// Where mail goes.
    pub(crate) mail: MailTarget,
    /// In whose name mail is sent.
    pub(crate) mail_from: Sender,
    /// Where people reach it.
    pub(crate) base_url: BaseUrl,
    /// What is logged.
    pub(crate) log: String,
    /// How it is logged.
    pub(crate) log_format: LogFormat,
    /// To whom people turn.
    pub(crate) operator_contact: Option<String>,
    /// Whether members may do what their access model keeps for the operator.
    pub(crate) self_serve: bool,
    /// The secret that Stripe signs its messages with.
    pub(crate) stripe_secret: Option<Secret>,
    /// Who is believed about the address of a client.
    pub(crate) trusted_proxies: Vec<Network>,
    /// What is sold, from the lowest to the highest.
    pub(crate) plans: Vec<Plan>,
    settings: Settings,
}

impl Config {
    /// Reads flags, the environment of the process and the file.
    ///
    /// # Errors
    ///
    /// Every mistake, a line each.
    pub(crate) fn load(flags: &Flags) -> Result<Config, String> {
        let environment = std::env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            let value = value.to_string_lossy().into_owned();
            // An empty variable is how many a tool says that there is none.
            (name.starts_with(PREFIX) && !value.is_empty()).then_some((name, value))
        });
        Config::read(flags, &environment.collect())
    }

    fn read(flags: &Flags, environment: &BTreeMap<String, String>) -> Result<Config, String> {
        let mut mistakes = Mistakes::default();
        let mut settings = Settings::default();
        let named = environment.get("HALLPASS_CONFIG").map(PathBuf::from);
        if let Some(path) = flags.config.clone().or(named) {
            file::read(&path, &mut settings, &mut mistakes);
        } else if Path::new(FILE).exists() {
            file::read(Path::new(FILE), &mut settings, &mut mistakes);
        }
        from_environment(environment, &mut settings, &mut mistakes);
        from_flags(flags, &mut settings);
        let config = Config::of(settings, &mut mistakes);
        mistakes.or(config)
    }

    /// Whether nobody said anything about a setting.
    pub(crate) fn is_default(&self, name: &str) -> bool {
        self.settings.0.get(name).is_none_or(|setting| setting.source == Source::Default)
    }

    /// Takes note of the address that it came to listen at, which is another when port 0 was
    /// asked for.
    pub(crate) fn listens_at(&mut self, address: SocketAddr) {
        self.listen = address;
        if self.is_default("base_url")
            && let Ok(base) = base_of(address).parse()
        {
            self.base_url = base;
        }
    }

    /// Nothing only when there are mistakes.
    fn of(mut settings: Settings, mistakes: &mut Mistakes) -> Option<Config> {
        let mut take = |name, default: &str| settings.text_or(name, default);
        let listen = take("listen", "127.0.0.1:8700");
        let listen = mistakes.parse("listen", &listen, address);
        let data = take("data", "./hallpass-data");
        let data = mistakes.parse("data", &data, path);
        let folder = data.clone().unwrap_or_default();
        let database = take("database", &folder.join("hallpass.db").to_string_lossy());
        let database = mistakes.parse("database", &database, database_location);
        let mail = take("mail", &format!("file:{}", folder.join("mail").to_string_lossy()));
        let mail = mistakes.parse("mail", &mail, str::parse);
        let base_url = take("base_url", &listen.map(base_of).unwrap_or_default());
        let base_url: Option<BaseUrl> = match listen {
            Some(_) => mistakes.parse("base_url", &base_url, str::parse),
            None => None,
        };
        let sender = format!("Hallpass <hallpass@{}>", host_of(base_url.as_ref()));
        let mail_from = take("mail_from", &sender);
        let mail_from = mistakes.parse("mail_from", &mail_from, str::parse);
        let log = take("log", "info");
        let log = mistakes.parse("log", &log, log_levels);
        let log_format = take("log_format", "text");
        let log_format = mistakes.parse("log_format", &log_format, log_format_of);
        let self_serve = take("self_serve", "false");
        let self_serve = mistakes.parse("self_serve", &self_serve, yes_or_no);
        let contact = settings.find("operator_contact");
        let operator_contact = mistakes.parse_if("operator_contact", contact, contact_of);
        let secret = settings.find("stripe_secret");
        let stripe_secret = mistakes.parse_if("stripe_secret", secret, secret_of);
        let proxies = settings.list_or("trusted_proxies", &[]);
        let trusted_proxies = mistakes.parse_each("trusted_proxies", &proxies, str::parse);
        let plans = settings.or("plans", || Raw::Plans(Plan::defaults()));
        let plans = mistakes.plans("plans", &plans);
        Some(Config {
            listen: listen?,
            data: data?,
            database: database?,
            mail: mail?,
            mail_from: mail_from?,
            base_url: base_url?,
            log: log?,
            log_format: log_format?,
            operator_contact,
            self_serve: self_serve?,
            stripe_secret,
            trusted_proxies,
            plans,
            settings,
        })
    }
}

/// The name of whoever runs a command, as their machine knows them.
pub(crate) fn user() -> String {
    let named = |name| std::env::var_os(name).and_then(|user| user.into_string().ok());
    named("USER").or_else(|| named("USERNAME")).unwrap_or_default()
}

fn from_environment(
    environment: &BTreeMap<String, String>,
    settings: &mut Settings,
    mistakes: &mut Mistakes,
) {
    for (variable, value) in environment {
        let name = variable.trim_start_matches(PREFIX).to_ascii_lowercase();
        if let Some(name) = NAMES.into_iter().find(|known| *known == name) {
            let raw = Raw::Text(value.clone());
            settings.set(name, Setting { raw, source: Source::Variable });
        } else if let Some(near) = setting::nearest(&name, NAMES, 2) {
            // Others have variables that begin as ours do: only what is nearly ours is a mistake.
            let near = near.to_ascii_uppercase();
            mistakes.add(format!("unknown `{variable}`: did you mean `{PREFIX}{near}`?"));
        }
    }
}

fn from_flags(flags: &Flags, settings: &mut Settings) {
    let given = [
        ("listen", &flags.listen),
        ("data", &flags.data),
        ("database", &flags.database),
        ("mail", &flags.mail),
        ("mail_from", &flags.mail_from),
        ("base_url", &flags.base_url),
        ("log", &flags.log),
        ("log_format", &flags.log_format),
        ("operator_contact", &flags.operator_contact),
        ("self_serve", &flags.self_serve),
        ("trusted_proxies", &flags.trusted_proxies),
        ("plans", &flags.plans),
    ];
    for (name, value) in given {
        if let Some(value) = value {
            let raw = Raw::Text(value.clone());
            settings.set(name, Setting { raw, source: Source::Flag });
        }
    }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let numbers = text.replacen("localhost:", "127.0.0.1:", 1);
    numbers.parse().map_err(|_| "an address and a port such as `127.0.0.1:8700`".to_owned())
}

fn path(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() { Err("the path of a folder".to_owned()) } else { Ok(text.into()) }
}

fn database_location(text: &str) -> Result<String, String> {
    let is_server = text.starts_with("postgres://") || text.starts_with("postgresql://");
    if text.is_empty() || (text.contains("://") && !is_server) {
        return Err("`postgres://user:password@host/database` or the path of a file".to_owned());
    }
    Ok(text.to_owned())
}

/// Where somebody on the same machine reaches it.
fn base_of(listen: SocketAddr) -> String {
    if listen.ip().is_unspecified() {
        format!("http://localhost:{}", listen.port())
    } else {
        format!("http://{listen}")
    }
}

/// The domain of a URL, or what stands for none.
fn host_of(base: Option<&BaseUrl>) -> String {
    let base = base.map(ToString::to_string).unwrap_or_default();
    let place = base.split_once("://").map_or("", |(_, place)| place);
    let host = place.split(':').next().unwrap_or_default();
    let is_name = host.contains('.') && host.chars().any(|c| c.is_ascii_alphabetic());
    if is_name { host.to_owned() } else { "localhost".to_owned() }
}

fn log_levels(text: &str) -> Result<String, String> {
    let levels = ["off", "error", "warn", "info", "debug", "trace"];
    // The library takes any word for a target.
    let is_word = !text.contains(['=', ',', '[', ':']);
    if (is_word && !levels.contains(&text)) || text.parse::<Targets>().is_err() {
        return Err("`error`, `warn`, `info`, `debug` or `trace`, also by target as in \
                    `info,hallpass_web=debug`"
            .to_owned());
    }
    Ok(text.to_owned())
}

fn log_format_of(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("`text` or `json`".to_owned()),
    }
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    text.parse().map_err(|_| "`true` or `false`".to_owned())
}

fn contact_of(text: &str) -> Result<String, String> {
    if text.chars().any(char::is_control) || text.chars().count() > 200 {
        return Err("an address or a URL of at most 200 characters".to_owned());
    }
    Ok(text.to_owned())
}

fn secret_of(text: &str) -> Result<Secret, String> {
    let is_secret = text.starts_with("sk_") || text.starts_with("rk_");
    if !is_secret || text.contains(char::is_whitespace) {
        return Err("a secret key such as `sk_live_…`".to_owned());
    }
    Ok(Secret(text.to_owned()))
}

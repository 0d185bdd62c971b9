//! The log, on standard error: lines for people or JSON objects for machines.
//!
//! **Invariant:** below `info`, only lines of our own crates are logged, whatever the levels say: those
//! of libraries may have URLs and headers, and with them secrets.

use std::io::{self, IsTerminal as _};

use tracing::{Dispatch, Level, Metadata, dispatcher};
use tracing_subscriber::filter::{FilterExt as _, Targets, filter_fn};
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};

use crate::config::{Config, LogFormat};

/// Starts logging as configured, for the lifetime of the process.
pub(crate) fn start(config: &Config) -> Result<(), String> {
    let log = log(&config.log, config.log_format, io::stderr)?;
    dispatcher::set_global_default(log)
        .map_err(|error| format!("cannot start the log: {error}"))
}

fn log<W>(levels: &str, format: LogFormat, writer: W) -> Result<Dispatch, String>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let targets: Targets = levels.parse().map_err(|error| format!("{error}"))?;
    let layer = fmt::layer().with_writer(writer);
    let layer = match format {
        LogFormat::Text => layer.with_ansi(io::stderr().is_terminal()).boxed(),
        LogFormat::Json => layer.json().flatten_event(true).with_ansi(false).boxed(),
    };
    let filter = targets.and(filter_fn(is_safe));
    Ok(tracing_subscriber::registry().with(layer.with_filter(filter)).into())
}

/// Whether the lines of a source have no secret.
fn is_safe(source: &Metadata<'_>) -> bool {
    let is_ours = source.target().starts_with("hallpass");
    is_ours || *source.level() <= Level::INFO
}

#[cfg(test)]
mod tests;

//! The log, on standard error: lines for people or JSON objects for machines.

use std::io::{self, IsTerminal as _};

use tracing::{Dispatch, dispatcher};
use tracing_subscriber::filter::Targets;
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
    Ok(tracing_subscriber::registry().with(layer.with_filter(targets)).into())
}

#[cfg(test)]
mod tests;

//! The log: lines for people or objects for machines, on the error stream.

use std::io::{self, IsTerminal as _};

use tracing::{Dispatch, dispatcher};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::{Config, LogFormat};

/// Starts logging as it is configured, for as long as the process lives.
///
/// # Errors
///
/// When logging has begun already.
pub(crate) fn start(config: &Config) -> Result<(), String> {
    let log = log(&config.log, config.log_format, io::stderr)?;
    dispatcher::set_global_default(log)
        .map_err(|error| format!("cannot start the log: {error}"))
}

fn log<W>(levels: &str, format: LogFormat, writer: W) -> Result<Dispatch, String>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(levels).map_err(|error| error.to_string())?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    Ok(match format {
        LogFormat::Text => log.with_ansi(io::stderr().is_terminal()).finish().into(),
        LogFormat::Json => log.json().flatten_event(true).with_ansi(false).finish().into(),
    })
}

#[cfg(test)]
mod tests;

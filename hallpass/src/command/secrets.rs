//! `hallpass secrets`: the keys that encrypt stored secrets.

use clap::{Args, Subcommand};
use hallpass_app::App;
use hallpass_app::operation::Operator;
use hallpass_app::secret::rotation::{Cursor, KeyState, Progress, SecretCount};

use super::operator;
use crate::config::{Config, Database, Flags};
use crate::output::{Output, describe};
use crate::secret_key::{KeyLock, add_key, drop_earlier_keys};
use crate::server::{open_existing, runtime};

/// How many secrets one transaction seals.
const BATCH: i64 = 200;

const EXAMPLES: &str = "\
Examples:
  hallpass secrets status
  hallpass secrets rotate
  hallpass secrets drop-keys";

/// The arguments of the command.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Secrets {
    #[command(flatten)]
    flags: Flags<Database>,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Count the stored secrets by the key that they are encrypted with
    Status,
    /// Make a new key and encrypt every stored secret with it, also while the server runs
    Rotate,
    /// Remove the earlier keys from the key file, once no secret needs them
    DropKeys,
}

impl Secrets {
    pub(crate) fn run(&self) -> Result<Output, String> {
        let config = Config::load(&self.flags)?;
        runtime()?.block_on(async {
            let (app, operator) = (open_existing(&config).await?, operator());
            let mut output = Output::new();
            match self.action {
                Action::Status => status(&app, &operator, &mut output).await?,
                Action::Rotate => rotate(&app, &config, &operator, &mut output).await?,
                Action::DropKeys => drop_keys(&app, &config, &operator, &mut output).await?,
            }
            Ok(output)
        })
    }
}

async fn status(app: &App, operator: &Operator, output: &mut Output) -> Result<(), String> {
    let keys = app.stored_secrets().keys(operator).map_err(|error| describe(&error))?;
    let counts = count(app, operator).await?;
    for (place, key) in keys.iter().enumerate() {
        let state = if place == 0 { "current" } else { "earlier" };
        let secrets: i64 =
            counts.iter().filter(|one| one.key == *key).map(|one| one.count).sum();
        output.line(format_args!("key {key}  {state:<8} {secrets:>8} secrets"));
    }
    for one in &counts {
        let SecretCount { column, key, state, count } = one;
        let state = match state {
            KeyState::Current => "current",
            KeyState::Earlier => "earlier",
            KeyState::Missing => "missing",
        };
        output.line(format_args!("{column:<24} {key}  {state:<8} {count:>8}"));
    }
    let is_missing = counts.iter().any(|one| one.state == KeyState::Missing);
    if is_missing {
        output.line("some secrets cannot be read: restore their key in the key file");
    }
    output.require(!is_missing);
    Ok(())
}

/// Makes a new key unless secrets are still under an earlier one: those of a rotation that was stopped come
/// first.
async fn rotate(
    app: &App,
    config: &Config,
    operator: &Operator,
    output: &mut Output,
) -> Result<(), String> {
    let _lock = KeyLock::take(config)?;
    let counts = count(app, operator).await?;
    if counts.iter().any(|one| one.state == KeyState::Earlier) {
        output.line("continuing with the secrets that are under an earlier key");
    } else if config.secret_key.is_some() {
        output.line(
            "every secret is under the first key of `secret_key`; to rotate, write a new key before \
             it, restart the servers, and run this again",
        );
        return Ok(());
    } else {
        add_key(config)?;
    }
    let secrets = app.stored_secrets();
    let (mut cursor, mut progress) = (Some(Cursor::default()), Progress::default());
    while let Some(at) = cursor {
        let next = secrets.seal_batch(operator, at, BATCH, &mut progress).await;
        cursor = next.map_err(|error| describe(&error))?;
    }
    let recorded = secrets.record_rotation(operator, progress).await;
    recorded.map_err(|error| describe(&error))?;
    let keys = secrets.keys(operator).map_err(|error| describe(&error))?;
    let key = keys.first().map_or("", String::as_str);
    output.line(format_args!("encrypted {} secrets with the key {key}", progress.sealed));
    if progress.unreadable > 0 {
        output.line(format_args!(
            "{} secrets cannot be read, and stay as they are; see `hallpass secrets status`",
            progress.unreadable
        ));
        output.require(false);
    } else if keys.len() > 1 && config.secret_key.is_none() {
        output.line("the earlier keys are no longer needed: `hallpass secrets drop-keys`");
    }
    Ok(())
}

async fn drop_keys(
    app: &App,
    config: &Config,
    operator: &Operator,
    output: &mut Output,
) -> Result<(), String> {
    if config.secret_key.is_some() {
        return Err("the keys are in `secret_key`: remove the earlier ones there".to_owned());
    }
    let _lock = KeyLock::take(config)?;
    let counts = count(app, operator).await?;
    let others: i64 =
        counts.iter().filter(|one| one.state != KeyState::Current).map(|one| one.count).sum();
    if others > 0 {
        return Err(format!(
            "{others} secrets are under another key than the current one; run `hallpass secrets \
             rotate` first"
        ));
    }
    let dropped = drop_earlier_keys(config)?;
    output.line(format_args!("dropped {dropped} earlier keys"));
    Ok(())
}

async fn count(app: &App, operator: &Operator) -> Result<Vec<SecretCount>, String> {
    let counts = app.stored_secrets().count(operator).await;
    counts.map_err(|error| describe(&error))
}

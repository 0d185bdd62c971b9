//! `hallpass operations`: what operators did to workspaces.

use clap::{Args, Subcommand};

use super::operator;
use crate::config::{Config, Database, Flags};
use crate::output::{Output, describe};
use crate::server::{open_existing, runtime};

/// The arguments of the command.
#[derive(Args)]
pub(crate) struct Operations {
    #[command(flatten)]
    flags: Flags<Database>,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// List operations, the latest first: time, operator, action, workspace and details
    List {
        /// List at most this many
        #[arg(long, default_value_t = 50, value_name = "NUMBER")]
        limit: u32,
    },
}

impl Operations {
    pub(crate) fn run(&self) -> Result<Output, String> {
        let Action::List { limit } = self.action;
        let config = Config::load(&self.flags)?;
        runtime()?.block_on(async {
            let app = open_existing(&config).await?;
            let limit = usize::try_from(limit).unwrap_or(usize::MAX);
            let found = app.operations().list(&operator(), None, None, limit).await;
            let (operations, _) = found.map_err(|error| describe(&error))?;
            let mut output = Output::new();
            for one in operations {
                output.line(format_args!(
                    "{}  {:<12} {:<20} {}  {}",
                    one.at, one.actor, one.action, one.subject, one.detail
                ));
            }
            Ok(output)
        })
    }
}

//! `hallpass operations`: what operators did to workspaces.

use clap::Subcommand;

use super::Said;
use super::workspace::{in_words, there};
use crate::config::{Config, Flags};
use crate::server::runtime;

/// The commands.
#[derive(Subcommand)]
pub(crate) enum Operations {
    /// List them, the latest first.
    List {
        /// How many.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
}

impl Operations {
    /// Says what is asked.
    pub(crate) fn run(&self, flags: &Flags) -> Result<Said, String> {
        let Operations::List { limit } = self;
        let config = Config::load(flags)?;
        runtime()?.block_on(async {
            let app = there(&config).await?;
            let operations = app.operations(None, i64::from(*limit)).await;
            let mut said = Said::nothing();
            for one in operations.map_err(|error| in_words(&error))? {
                said.line(format_args!(
                    "{}  {:<12} {:<20} {}  {}",
                    one.at, one.actor, one.action, one.subject, one.detail
                ));
            }
            Ok(said)
        })
    }
}

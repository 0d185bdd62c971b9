//! `hallpass admin`: what an operator does about how people sign in.

mod account;
mod connection;

use clap::{Args, Subcommand};

use super::operator;
use crate::config::{Config, Flags, Links};
use crate::output::Output;
use crate::server::{open_existing, runtime};

const EXAMPLES: &str = "\
Examples:
  hallpass admin account create anna@example.com --first-name Anna
  hallpass admin account show anna@example.com
  hallpass admin account disable anna@example.com
  hallpass admin account reset-factors anna@example.com
  hallpass admin account link anna@example.com
  hallpass admin connection off acme con_019f6f02f6a17c4ea1b2c3d4e5f60718";

/// The arguments of the command.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Admin {
    #[command(flatten)]
    flags: Flags<Links>,
    #[command(subcommand)]
    noun: Noun,
}

#[derive(Subcommand)]
enum Noun {
    /// Create, show, disable and unlock accounts
    Account {
        #[command(subcommand)]
        action: account::Action,
    },
    /// Turn single sign-on connections of a workspace off
    Connection {
        #[command(subcommand)]
        action: connection::Action,
    },
}

impl Admin {
    pub(crate) fn run(&self) -> Result<Output, String> {
        let config = Config::load(&self.flags)?;
        runtime()?.block_on(async {
            let (app, operator) = (open_existing(&config).await?, operator());
            match &self.noun {
                Noun::Account { action } => action.run(&app, &config, &operator).await,
                Noun::Connection { action } => action.run(&app, &operator).await,
            }
        })
    }
}

//! `hallpass config`: the configuration in force, and every setting.

use clap::{Args, Subcommand};

use crate::config::{Config, Flags, Server, reference};
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  hallpass config show                        Show the settings in force
  hallpass config reference                   Show every setting, with its default";

/// The arguments of the command.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ConfigCommand {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Subcommand)]
enum Action {
    /// Show each setting in force and where its value comes from; secrets are hidden (the default)
    Show(Flags<Server>),
    /// Show every setting as a table: key, flag, environment variable, meaning and default
    Reference,
}

impl ConfigCommand {
    pub(crate) fn run(&self) -> Result<Output, String> {
        let mut output = Output::new();
        let lines = match &self.action {
            None => Config::load(&Flags::<Server>::default())?.show(),
            Some(Action::Show(flags)) => Config::load(flags)?.show(),
            Some(Action::Reference) => reference(),
        };
        for line in lines {
            output.line(line);
        }
        Ok(output)
    }
}

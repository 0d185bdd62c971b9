//! The `hallpass` command.

mod command;
mod config;
#[cfg_attr(not(test), expect(dead_code, reason = "the commands that serve call it"))]
mod data;
mod files;
#[cfg_attr(not(test), expect(dead_code, reason = "the commands that serve call it"))]
mod logs;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Who may do what, for multi-tenant apps: six access models as data, decided and explained.
#[derive(Parser)]
#[command(name = "hallpass", version)]
struct Arguments {
    #[command(flatten)]
    flags: config::Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer every question of a workspace folder and count the right answers.
    Check(command::check::Check),
    /// Say whether a member may do an action, and why.
    Explain(command::explain::Explain),
    /// Look at blueprints: access models as data.
    #[command(subcommand)]
    Blueprint(command::blueprint::Blueprint),
    /// Show the configuration in force, and where each value comes from.
    Config,
}

fn main() -> ExitCode {
    let Arguments { flags, command } = Arguments::parse();
    let said = match command {
        Command::Check(check) => check.run(),
        Command::Explain(explain) => explain.run(),
        Command::Blueprint(blueprint) => blueprint.run(),
        Command::Config => command::config::run(&flags),
    };
    let done = said.and_then(|said| said.print());
    done.unwrap_or_else(|message| {
        eprintln!("hallpass: {message}");
        ExitCode::from(2)
    })
}

//! The `hallpass` command.

mod command;
mod config;
mod data;
mod demo;
mod files;
mod logs;
mod server;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Workspaces, members, roles and record-level permissions for multi-tenant apps.
#[derive(Parser)]
#[command(name = "hallpass", version)]
struct Arguments {
    #[command(flatten)]
    flags: config::Flags,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve; also what happens without a command.
    Serve,
    /// Serve a workspace of each access model, with people and records to look at.
    Demo,
    /// Work on workspaces as their operator, also while the server runs.
    #[command(subcommand)]
    Workspace(command::workspace::Workspace),
    /// Look at what operators did.
    #[command(subcommand)]
    Operations(command::operations::Operations),
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
    let said = match command.unwrap_or(Command::Serve) {
        Command::Serve => server::run(&flags),
        Command::Demo => demo::run(flags),
        Command::Workspace(workspace) => workspace.run(&flags),
        Command::Operations(operations) => operations.run(&flags),
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

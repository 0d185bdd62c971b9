//! The `hallpass` command.

mod command;
mod config;
mod data;
mod demo;
mod file_limit;
mod files;
mod generate;
mod logs;
mod metrics;
mod output;
mod progress;
mod secret_key;
mod server;
mod signal;
mod text_record;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use command::admin::Admin;
use command::backup::Backup;
use command::blueprint::Blueprint;
use command::check::Check;
use command::config::ConfigCommand;
use command::doctor::Doctor;
use command::explain::Explain;
use command::generate::Generate;
use command::operations::Operations;
use command::restore::Restore;
use command::secrets::Secrets;
use command::workspace::Workspace;
use config::{Flags, Server};
#[cfg(target_os = "linux")]
use tikv_jemallocator::Jemalloc;

/// It gives memory that is not used for a second back to the system, also after a load of many clients; its
/// settings are in `.cargo/config.toml`.
#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

const EXAMPLES: &str = "\
Examples:
  hallpass                                    Start the server on 127.0.0.1:8700
  hallpass --listen 0.0.0.0:8700              Start it for other machines too
  hallpass demo                               Start it with sample workspaces
  hallpass workspace list                     List the workspaces of the database
  hallpass help workspace create              Show the help of a command

Every setting is also an environment variable, such as HALLPASS_LISTEN, and a line of hallpass.toml:
see `hallpass config reference`.";

/// Workspaces, members, roles and record-level permissions for multi-tenant apps
#[derive(Parser)]
#[command(name = "hallpass", version, args_conflicts_with_subcommands = true)]
#[command(after_help = EXAMPLES)]
struct Arguments {
    #[command(flatten)]
    flags: Flags<Server>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Start the server; this is also what happens without a command
    Serve(Flags<Server>),
    /// Start the server with a sample workspace of each access model
    Demo(Flags<Server>),
    /// Generate a large workspace with people and records, also while the server runs
    Generate(Generate),
    /// Create, list, export, delete and restore workspaces, also while the server runs
    Workspace(Workspace),
    /// Administer accounts, operators and single sign-on, also while the server runs
    Admin(Admin),
    /// Copy the database into a file, also while the server runs
    Backup(Backup),
    /// Put a backup in the place of the database, while no server runs
    Restore(Restore),
    /// Check the database, its counters, the audit log and the configuration
    Doctor(Doctor),
    /// Count and rotate the keys of stored secrets, also while the server runs
    Secrets(Secrets),
    /// Show what operators did
    Operations(Operations),
    /// Check the expected decisions of a workspace folder
    Check(Check),
    /// Explain whether a member of a workspace folder may perform an action
    Explain(Explain),
    /// List, show, check and compare access models
    Blueprint(Blueprint),
    /// Show the configuration and its settings
    Config(ConfigCommand),
}

fn main() -> ExitCode {
    let Arguments { flags, command } = Arguments::parse();
    let output = match command.unwrap_or(Command::Serve(flags)) {
        Command::Serve(flags) => server::run(&flags),
        Command::Demo(flags) => demo::run(&flags),
        Command::Generate(generate) => generate.run(),
        Command::Workspace(workspace) => workspace.run(),
        Command::Admin(admin) => admin.run(),
        Command::Backup(backup) => backup.run(),
        Command::Restore(restore) => restore.run(),
        Command::Doctor(doctor) => doctor.run(),
        Command::Secrets(secrets) => secrets.run(),
        Command::Operations(operations) => operations.run(),
        Command::Check(check) => check.run(),
        Command::Explain(explain) => explain.run(),
        Command::Blueprint(blueprint) => blueprint.run(),
        Command::Config(config) => config.run(),
    };
    let code = output.and_then(|output| output.print());
    code.unwrap_or_else(|message| {
        eprintln!("hallpass: {message}");
        ExitCode::from(2)
    })
}

//! `hallpass workspace`: what only the operator does, and what they do for others.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use hallpass_app::operation::{Operator, WorkspaceOverview};
use hallpass_app::workspace::NewWorkspace;
use hallpass_app::{App, Error};
use hallpass_domain::email::Email;
use hallpass_domain::refusal::Refusal;
use serde_json::Value;
use tokio::sync::mpsc::channel;

use super::Said;
use crate::config::{self, Config, Flags};
use crate::server::{app, runtime};

/// How many lines of an export wait at most until they are written.
const AHEAD: usize = 64;

/// The commands.
#[derive(Subcommand)]
pub(crate) enum Workspace {
    /// List every workspace, deleted ones too.
    List,
    /// Create one for somebody who has signed up.
    Create {
        /// The address of whoever is to hold its top role.
        #[arg(long = "for", value_name = "EMAIL")]
        email: String,
        /// Its name.
        #[arg(long)]
        name: String,
        /// How addresses name it.
        #[arg(long)]
        slug: String,
        /// The id of a blueprint that ships, or a file [default: the first that ships].
        #[arg(long)]
        blueprint: Option<String>,
    },
    /// Delete one; it can be restored for thirty days.
    Delete {
        /// Its slug or id.
        workspace: String,
        /// Its slug, once more.
        #[arg(long, value_name = "SLUG")]
        confirm: String,
    },
    /// Take a deletion back.
    Restore {
        /// Its slug or id.
        workspace: String,
        /// The address of an account that gets its top role, where nobody who had it is left.
        #[arg(long, value_name = "EMAIL")]
        owner: Option<String>,
    },
    /// Take a deleted one away for ever, without waiting.
    Purge {
        /// Its slug or id.
        workspace: String,
        /// Its slug, once more.
        #[arg(long, value_name = "SLUG")]
        confirm: String,
    },
    /// Write everything in it as JSON, an object a line.
    Export {
        /// Its slug or id.
        workspace: String,
        /// The file to write [default: print it].
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

impl Workspace {
    /// Does what is asked.
    pub(crate) fn run(&self, flags: &Flags) -> Result<Said, String> {
        let config = Config::load(flags)?;
        runtime()?.block_on(async {
            let app = there(&config).await?;
            let operator = Operator::new(&config::user());
            self.act(&app, &operator).await
        })
    }

    async fn act(&self, app: &App, operator: &Operator) -> Result<Said, String> {
        let mut said = Said::nothing();
        match self {
            Workspace::List => {
                for one in app.overview().await.map_err(|error| in_words(&error))? {
                    said.line(line(&one));
                }
            }
            Workspace::Create { email, name, slug, blueprint } => {
                let email = Email::parse(email).map_err(|why| why.to_string())?;
                let ask = asked(name, slug, blueprint.as_deref())?;
                let made = app.create_workspace_for(operator, &email, &ask).await;
                let made = made.map_err(|error| in_words(&error))?;
                said.line(format_args!("created {} ({})", made.slug.as_str(), made.id));
            }
            Workspace::Delete { workspace, confirm } => {
                let done = app.delete_workspace_for(operator, workspace, confirm).await;
                done.map_err(|error| in_words(&error))?;
                said.line(format_args!(
                    "deleted {workspace}; until it is purged, `hallpass workspace restore \
                     {workspace}` takes that back"
                ));
            }
            Workspace::Restore { workspace, owner } => {
                let owner = owner.as_deref().map(Email::parse).transpose();
                let owner = owner.map_err(|why| format!("--owner: {why}"))?;
                let done = app.restore_workspace_for(operator, workspace, owner.as_ref()).await;
                let restored = done.map_err(|error| in_words(&error))?;
                said.line(format_args!("restored {}", restored.slug.as_str()));
            }
            Workspace::Purge { workspace, confirm } => {
                let done = app.purge_workspace(operator, workspace, confirm).await;
                done.map_err(|error| in_words(&error))?;
                said.line(format_args!("purged {workspace}: nothing of it is left"));
            }
            Workspace::Export { workspace, output } => {
                export(app, operator, workspace, output.as_deref()).await?;
            }
        }
        Ok(said)
    }
}

fn asked(name: &str, slug: &str, blueprint: Option<&str>) -> Result<NewWorkspace, String> {
    let mut ask = NewWorkspace { name: name.into(), slug: slug.into(), ..Default::default() };
    match blueprint {
        Some(file) if Path::new(file).is_file() => {
            let text = std::fs::read_to_string(file);
            ask.blueprint_text =
                Some(text.map_err(|error| format!("cannot read `{file}`: {error}"))?);
        }
        Some(id) => ask.blueprint = Some(id.to_owned()),
        None => {}
    }
    Ok(ask)
}

fn line(one: &WorkspaceOverview) -> String {
    let WorkspaceOverview { workspace, blueprint, members, purge_at } = one;
    let state = match purge_at {
        Some(at) => format!("deleted, purged after {at}"),
        None => "active".to_owned(),
    };
    format!(
        "{:<24} {:<20} {members:>6} members  {state}  {}  {}",
        workspace.slug.as_str(),
        blueprint,
        workspace.id,
        workspace.name.as_str()
    )
}

async fn export(
    app: &App,
    operator: &Operator,
    workspace: &str,
    output: Option<&Path>,
) -> Result<(), String> {
    let mut out: BufWriter<Box<dyn Write + Send>> = BufWriter::new(match output {
        Some(path) => Box::new(create(path)?),
        None => Box::new(io::stdout()),
    });
    let (lines, mut taken) = channel::<Value>(AHEAD);
    let export = async move { app.export_workspace_for(operator, workspace, &lines).await };
    let write = async move {
        while let Some(line) = taken.recv().await {
            writeln!(out, "{line}")?;
        }
        out.flush()
    };
    // What cannot be written is taken no more, and then the export fails too: that says less.
    let (done, written) = tokio::join!(export, write);
    written.map_err(|error| format!("cannot write the export: {error}"))?;
    done.map_err(|error| in_words(&error))
}

/// An export is nobody else's on this machine, and overwrites nothing.
fn create(path: &Path) -> Result<File, String> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| format!("cannot make `{}`: {error}", path.display()))
}

/// The house that is there already: a command that looks makes none.
pub(super) async fn there(config: &Config) -> Result<App, String> {
    let location = &config.database;
    if !location.contains("://") && !Path::new(location).is_file() {
        return Err(format!(
            "there is no database `{location}`; name it with `--data` or `--database`, or start \
             the server first"
        ));
    }
    app(config).await
}

/// An error in one line, every wrong field in it.
pub(crate) fn in_words(error: &Error) -> String {
    match error {
        Error::Refused(Refusal::Fields(fields)) => {
            let each = fields.iter().map(|one| {
                let name = one.pointer.trim_start_matches('/');
                format!("`{name}`: {}", one.detail)
            });
            each.collect::<Vec<_>>().join("; ")
        }
        Error::Refused(_)
        | Error::NotSignedIn
        | Error::Denied(_)
        | Error::Missing { .. }
        | Error::Broken(_) => error.to_string(),
    }
}

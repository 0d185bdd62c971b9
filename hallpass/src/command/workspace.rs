//! `hallpass workspace`: what an operator does with workspaces.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use hallpass_app::App;
use hallpass_app::blueprint::{AccessChange, BlueprintMisfit, BlueprintSource};
use hallpass_app::environment::{Clock as _, SystemClock};
use hallpass_app::export::PIECES_AHEAD;
use hallpass_app::import::{ImportReport, ImportRequest, ImportedIds};
use hallpass_app::operation::Operator;
use hallpass_app::workspace::NewWorkspace;
use hallpass_app::workspace::operator::{WorkspaceOverview, WorkspaceQuery};
use hallpass_domain::email::Email;
use tokio::sync::mpsc::channel;

use super::operator;
use crate::config::{Config, Database, Flags};

use crate::output::{Output, describe};
use crate::progress::Progress;
use crate::server::{open_existing, runtime};

/// How many workspaces are read at a time.
const PAGE: usize = 500;

/// How many members with changed access a comparison lists.
const MOST_LISTED: usize = 100;

const EXAMPLES: &str = "\
Examples:
  hallpass workspace create --for anna@example.com --name Acme --slug acme
  hallpass workspace export acme --output acme.jsonl
  hallpass workspace import acme.jsonl --slug acme-copy --dry-run
  hallpass workspace delete acme --confirm acme";

/// The arguments of the command.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Workspace {
    #[command(flatten)]
    flags: Flags<Database>,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// List every workspace, including deleted ones: slug, blueprint, members, state, id and name
    List,
    /// Create a workspace for an account
    Create {
        /// The email address of the account that gets the top role
        #[arg(long = "for", value_name = "EMAIL")]
        email: String,
        /// The name of the workspace
        #[arg(long)]
        name: String,
        /// The name in URLs, unique on the server: lower-case letters, digits and dashes
        #[arg(long)]
        slug: String,
        /// The id of a built-in blueprint, or a file [default: the first built-in one]
        #[arg(long)]
        blueprint: Option<String>,
    },
    /// Compare the access model of a workspace with another one, and replace it with `--apply`
    Blueprint {
        /// The slug or id of the workspace
        workspace: String,
        /// The id of a built-in blueprint, or a file
        blueprint: String,
        /// Replace the access model, if everything in the workspace fits the other one
        #[arg(long)]
        apply: bool,
    },
    /// Delete a workspace; it can be restored for 30 days
    Delete {
        /// The slug or id of the workspace
        workspace: String,
        /// The slug once more, to confirm
        #[arg(long, value_name = "SLUG")]
        confirm: String,
    },
    /// Restore a deleted workspace
    Restore {
        /// The slug or id of the workspace
        workspace: String,
        /// The email address of an account that gets the top role, if no holder of it is left
        #[arg(long, value_name = "EMAIL")]
        owner: Option<String>,
    },
    /// Permanently delete a workspace that is already deleted, before its 30 days are over
    Purge {
        /// The slug or id of the workspace
        workspace: String,
        /// The slug once more, to confirm
        #[arg(long, value_name = "SLUG")]
        confirm: String,
    },
    /// Set the Stripe customer that pays for a workspace, in place of any other
    Customer {
        /// The slug or id of the workspace
        workspace: String,
        /// The customer in Stripe, such as `cus_…`; none disconnects the present one
        customer: Option<String>,
    },
    /// Export all data of a workspace as JSON, an object a line
    Export {
        /// The slug or id of the workspace
        workspace: String,
        /// Write to this new file [default: standard output]
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Import a workspace from its export, all of it or nothing
    Import {
        /// The file that `export` has written
        file: PathBuf,
        /// Another slug than the export has
        #[arg(long)]
        slug: Option<String>,
        /// Keep the ids, where the server has none of them [default: make new ones]
        #[arg(long)]
        keep_ids: bool,
        /// Check the file and say what would be imported
        #[arg(long)]
        dry_run: bool,
    },
}

impl Workspace {
    pub(crate) fn run(&self) -> Result<Output, String> {
        let config = Config::load(&self.flags)?;
        runtime()?.block_on(async {
            let app = open_existing(&config).await?;
            self.action.run(&app, &operator()).await
        })
    }
}

impl Action {
    async fn run(&self, app: &App, operator: &Operator) -> Result<Output, String> {
        let mut text = Output::new();
        match self {
            Action::List => list(app, operator, &mut text).await?,
            Action::Create { email, name, slug, blueprint } => {
                let email = Email::parse(email).map_err(|error| format!("--for: {error}"))?;
                let new = new_workspace(name, slug, blueprint.as_deref())?;
                let created = app.workspaces().create_as(operator, &email, &new).await;
                let created = created.map_err(|error| describe(&error))?;
                text.line(format_args!("created {} ({})", created.slug.as_str(), created.id));
            }
            Action::Blueprint { workspace, blueprint, apply } => {
                replace_blueprint(app, operator, (workspace, blueprint, *apply), &mut text)
                    .await?;
            }
            Action::Delete { workspace, confirm } => {
                let deleted = app.workspaces().delete_as(operator, workspace, confirm).await;
                deleted.map_err(|error| describe(&error))?;
                text.line(format_args!(
                    "deleted {workspace}; to undo, run `hallpass workspace restore {workspace}` \
                     within 30 days"
                ));
            }
            Action::Restore { workspace, owner } => {
                let owner = owner.as_deref().map(Email::parse).transpose();
                let owner = owner.map_err(|error| format!("--owner: {error}"))?;
                let restored =
                    app.workspaces().restore_as(operator, workspace, owner.as_ref()).await;
                let restored = restored.map_err(|error| describe(&error))?;
                text.line(format_args!("restored {}", restored.slug.as_str()));
            }
            Action::Purge { workspace, confirm } => {
                let purged = app.workspaces().purge(operator, workspace, confirm).await;
                purged.map_err(|error| describe(&error))?;
                text.line(format_args!("permanently deleted {workspace}"));
            }
            Action::Customer { workspace, customer } => {
                let customer = customer.as_deref();
                let set = app.billing().set_customer(operator, workspace, customer).await;
                set.map_err(|error| describe(&error))?;
                match customer {
                    Some(customer) => {
                        text.line(format_args!("connected {customer} to {workspace}"));
                    }
                    None => text.line(format_args!("disconnected {workspace} from Stripe")),
                }
            }
            Action::Export { workspace, output } => {
                export(app, operator, workspace, output.as_deref()).await?;
            }
            Action::Import { file, slug, keep_ids, dry_run } => {
                let ids = if *keep_ids { ImportedIds::Kept } else { ImportedIds::New };
                let opened = File::open(file);
                let opened = opened
                    .map_err(|error| format!("cannot read `{}`: {error}", file.display()))?;
                let request = ImportRequest { file: opened, slug: slug.clone(), ids };
                import(app, operator, (&request, *dry_run), &mut text).await?;
            }
        }
        Ok(text)
    }
}

async fn list(app: &App, operator: &Operator, text: &mut Output) -> Result<(), String> {
    let (query, mut after) =
        (WorkspaceQuery { with_imports: true, ..WorkspaceQuery::default() }, None);
    loop {
        let page = app.workspaces().list_as(operator, &query, after.as_deref(), PAGE).await;
        let (page, has_more) = page.map_err(|error| describe(&error))?;
        for one in &page {
            text.line(line(one));
        }
        after = page.last().map(|last| last.workspace.slug.to_string());
        if !has_more {
            return Ok(());
        }
    }
}

fn new_workspace(
    name: &str,
    slug: &str,
    blueprint: Option<&str>,
) -> Result<NewWorkspace, String> {
    let BlueprintSource { id, text } = blueprint.map(source).transpose()?.unwrap_or_default();
    Ok(NewWorkspace {
        name: name.into(),
        slug: slug.into(),
        blueprint: id,
        blueprint_text: text,
    })
}

/// The file with a name, or the built-in blueprint with that id.
pub(super) fn source(name: &str) -> Result<BlueprintSource, String> {
    if !Path::new(name).is_file() {
        return Ok(BlueprintSource { id: Some(name.to_owned()), text: None });
    }
    let text = std::fs::read_to_string(name);
    let text = text.map_err(|error| format!("cannot read `{name}`: {error}"))?;
    Ok(BlueprintSource { id: None, text: Some(text) })
}

/// Prints what another access model would change, and applies it where that is wanted.
async fn replace_blueprint(
    app: &App,
    operator: &Operator,
    (workspace, blueprint, apply): (&str, &str, bool),
    text: &mut Output,
) -> Result<(), String> {
    let source = source(blueprint)?;
    let workspaces = app.workspaces();
    let found =
        workspaces.compare_blueprint_as(operator, workspace, &source, MOST_LISTED).await;
    let found = found.map_err(|error| describe(&error))?;
    for misfit in found.misfits.iter().flat_map(BlueprintMisfit::sentences) {
        text.line(format_args!("does not fit: {misfit}"));
    }
    for change in &found.changes {
        let AccessChange { name, resource, action, before, after, .. } = change;
        text.line(format_args!("{name}: {resource}:{action} from {before} to {after}"));
    }
    let listed = found.next.map(|_| format!("; the first {MOST_LISTED} are listed"));
    let listed = listed.unwrap_or_default();
    text.line(format_args!("{} members gain or lose access{listed}", found.members));
    if !found.misfits.is_empty() {
        text.line(format_args!(
            "{workspace} does not fit `{}`; nothing was changed",
            found.blueprint
        ));
        text.require(false);
        return Ok(());
    }
    if apply {
        let replaced =
            workspaces.replace_blueprint_as(operator, workspace, &source, &found.id).await;
        let replaced = replaced.map_err(|error| describe(&error))?;
        text.line(format_args!("replaced the access model of {workspace} by {}", replaced.id));
    } else {
        text.line("nothing was changed; add `--apply` to replace the access model");
    }
    Ok(())
}

fn line(one: &WorkspaceOverview) -> String {
    let WorkspaceOverview { workspace, blueprint, members, purge_at, is_importing, .. } = one;
    let state = match purge_at {
        _ if *is_importing => "being imported".to_owned(),
        Some(at) => format!("deleted, will be purged after {at}"),
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
    let (lines, mut received) = channel(PIECES_AHEAD);
    let export = async move { app.exports().run_as(operator, workspace, &lines).await };
    let write = async move {
        while let Some(piece) = received.recv().await {
            out.write_all(&piece)?;
        }
        out.flush()
    };
    // If writing fails, the export fails too; the error of the writer says why.
    let (exported, written) = tokio::join!(export, write);
    written.map_err(|error| format!("cannot write the export: {error}"))?;
    exported.map_err(|error| describe(&error))
}

/// Checks a file, and imports it where that is wanted.
async fn import(
    app: &App,
    operator: &Operator,
    (request, is_dry): (&ImportRequest, bool),
    text: &mut Output,
) -> Result<(), String> {
    let report = if is_dry {
        app.imports().check(operator, request).await
    } else {
        let mut shown: Option<Progress> = None;
        let mut progress = |done: u64, all: u64| {
            let now = SystemClock.now();
            let shown = shown.get_or_insert_with(|| Progress::begin("lines", all, now));
            shown.show(done, now);
        };
        app.imports().run(operator, request, &mut progress).await
    };
    let report = report.map_err(|error| describe(&error))?;
    tell(&report, text);
    match report.workspace {
        Some(id) => text.line(format_args!("imported {} ({id})", report.slug)),
        None if report.problems.is_empty() => {
            text.line("nothing was imported; leave out `--dry-run` to import it");
        }
        None => {
            text.line("nothing was imported");
            text.require(false);
        }
    }
    Ok(())
}

/// Says what an import does, and what is wrong with its file.
fn tell(report: &ImportReport, text: &mut Output) {
    for problem in &report.problems {
        text.line(problem);
    }
    if report.is_cut {
        text.line("there may be more; these come first");
    }
    if !report.problems.is_empty() {
        return;
    }
    text.line(format_args!(
        "{} (`{}`), with the access model {}",
        report.name, report.slug, report.blueprint
    ));
    for (kind, n) in &report.counts {
        text.line(format_args!("{n:>10} {}", kind.replace('_', " ")));
    }
    let ImportReport { with_account, without_account, .. } = report;
    text.line(format_args!(
        "{with_account} members have an account with their address; {without_account} get one, and \
         set its password by the link of a reset"
    ));
    for note in &report.notes {
        text.line(note);
    }
}

/// Creates a file that only this user can read; an existing file is not overwritten.
fn create(path: &Path) -> Result<File, String> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|error| format!("cannot create `{}`: {error}", path.display()))
}

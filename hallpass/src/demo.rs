//! `hallpass demo`: a workspace of each access model, with people and records to look at.

mod account;
mod activity;
mod billing;
mod build;
mod clock;
mod mailbox;
mod member_access;
mod membership;
mod people;
mod presence;
mod setting;
mod workspace;

use std::fs;
use std::path::Path;

use hallpass_app::App;
use hallpass_app::operation::Operator;
use hallpass_app::workspace::operator::WorkspaceQuery;

use crate::config::{Config, Flags, Server};
use crate::output::{Output, describe};
use crate::{logs, server};
use people::{PASSWORD, PEOPLE};

/// The default data folder of the demo.
const FOLDER: &str = "./hallpass-data/demo";

/// The file that exists once the demo is complete; it lists the accounts.
const ACCOUNTS: &str = "people.txt";

/// Builds the demo if it does not exist yet, and serves it to this machine only, because the
/// passwords are public.
pub(crate) fn run(flags: &Flags<Server>) -> Result<Output, String> {
    let config = Config::load_with(flags, &[("data", FOLDER)])?;
    if !config.listen.ip().is_loopback() {
        return Err(format!(
            "the demo cannot listen on `{}`, because its passwords are public; use `--listen` with \
             `127.0.0.1` and a port",
            config.listen
        ));
    }
    let runtime = server::runtime()?;
    let served = runtime.block_on(async {
        let listening = server::listen(config).await?;
        let accounts = listening.config.data.join(ACCOUNTS);
        let hints = hints(&listening.config);
        build(&listening.app, &accounts, &hints).await?;
        // Only from here on: what happens while the demo is built is not worth a log line.
        logs::start(&listening.config)?;
        listening.serve(&hints).await
    });
    runtime.shutdown_timeout(server::THREADS);
    served
}

async fn build(app: &App, accounts: &Path, hints: &str) -> Result<(), String> {
    let (operator, every) = (Operator::new("demo"), WorkspaceQuery::default());
    let found = app.workspaces().list_as(&operator, &every, None, 1).await;
    let is_empty = found.map_err(|error| describe(&error))?.0.is_empty();
    if !is_empty && accounts.is_file() {
        return Ok(());
    }
    if !is_empty {
        return Err(format!(
            "the database has workspaces, but `{}` does not exist: the demo was interrupted, or the \
             data is not a demo; choose another folder with `--data`, or delete this one",
            accounts.display()
        ));
    }
    build::build(app)
        .await
        .map_err(|error| format!("cannot build the demo: {}", describe(&error)))?;
    fs::write(accounts, hints)
        .map_err(|error| format!("cannot write `{}`: {error}", accounts.display()))
}

fn hints(config: &Config) -> String {
    let base = &config.base_url;
    let people = PEOPLE.map(|person| format!("{} <{}>", person.name(), person.email()));
    format!(
        "Workspaces, one for each access model: {}\nAccounts, all with the password \
         `{PASSWORD}` (Anna created the workspaces):\n  {}\nTo sign in:\n  curl -c me.cookies {base}/api/v1/sessions \
         -H 'Content-Type: application/json' \\\n    -d '{{\"email\": \"anna@example.com\", \
         \"password\": \"{PASSWORD}\"}}'\nStop with Ctrl-C.\n",
        build::slugs().join(", "),
        people.join("\n  ")
    )
}

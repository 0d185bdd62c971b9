//! `hallpass demo`: a workspace of each access model, with people and records to look at.

mod account;
mod bill;
mod crew;
mod deed;
mod member_access;
mod people;
mod record;
mod setting;

use std::fs;
use std::path::PathBuf;

use hallpass_app::App;

use crate::command::Said;
use crate::command::workspace::in_words;
use crate::config::{Config, Flags};
use crate::{logs, server};
use people::{PASSWORD, PEOPLE};

/// Where it is kept when no other folder is named.
const FOLDER: &str = "./hallpass-data/demo";

/// What the folder holds once all of it is there.
const READY: &str = "people.txt";

/// Builds the demo where it is not there yet, and serves it to this machine only: everybody in it
/// has the same password.
pub(crate) fn run(flags: Flags) -> Result<Said, String> {
    let mut flags = flags;
    if Config::load(&flags)?.is_default("data") {
        flags.data = Some(FOLDER.to_owned());
    }
    let config = Config::load(&flags)?;
    if !config.listen.ip().is_loopback() {
        return Err(format!(
            "the demo has passwords that everybody knows and cannot listen on `{}`; use \
             `127.0.0.1` and a port",
            config.listen
        ));
    }
    server::runtime()?.block_on(async {
        let open = server::open(config).await?;
        let ready = open.config.data.join(READY);
        let hints = hints(&open.config);
        build(&open.app, &ready, &hints).await?;
        // What happens to those who are not real is nothing for a log.
        logs::start(&open.config)?;
        open.serve(&hints).await
    })
}

async fn build(app: &App, ready: &PathBuf, hints: &str) -> Result<(), String> {
    let is_empty = app.overview().await.map_err(|error| in_words(&error))?.is_empty();
    if !is_empty && ready.is_file() {
        return Ok(());
    }
    if !is_empty {
        return Err(format!(
            "there are workspaces already, and no `{}`: a demo that was not finished, or \
             something else; choose another folder with `--data`",
            ready.display()
        ));
    }
    crew::build(app).await?;
    fs::write(ready, hints)
        .map_err(|error| format!("cannot write `{}`: {error}", ready.display()))
}

fn hints(config: &Config) -> String {
    let base = &config.base_url;
    let people = PEOPLE.map(|person| format!("{} <{}>", person.name(), person.email()));
    format!(
        "Workspaces, one of each access model: {}\nEverybody's password is `{PASSWORD}`. \
         Anna founded them all:\n  {}\nSign in:\n  curl -c me.cookies {base}/api/v1/sessions \
         -H 'Content-Type: application/json' \\\n    -d '{{\"email\": \"anna@example.com\", \
         \"password\": \"{PASSWORD}\"}}'\nStop with Ctrl-C.\n",
        crew::slugs().join(", "),
        people.join("\n  ")
    )
}

//! `hallpass generate`: a large workspace with people and records, to try out and to measure with.

use std::path::{Path, PathBuf};

use clap::Args;
use hallpass_app::blueprint::BlueprintSource;
use hallpass_app::environment::{Clock as _, SystemClock, SystemRandom};
use hallpass_app::workspace::NewWorkspace;
use hallpass_domain::blueprint;
use hallpass_domain::password::{Factors, Password};
use hallpass_domain::secret::Secret;
use hallpass_domain::slug::Slug;
use hallpass_engine::Blueprint;
use hallpass_store::{Options, ServerLock};

use super::operator;
use super::workspace::source;
use crate::config::{Config, Database, Flags};
use crate::generate::size::Size;
use crate::generate::{Generation, Others};
use crate::output::{Output, describe};
use crate::server::{open_or_create, runtime};

/// The pages of a file that are kept in memory, in MiB: those that a batch changes.
const CACHE: u32 = 256;

/// Records that one transaction inserts, and beside a server.
const LARGE_BATCH: u64 = 50_000;
const SMALL_BATCH: u64 = 5_000;

const EXAMPLES: &str = "\
Examples:
  hallpass generate
  hallpass generate --slug large --members 10000 --teams 200 --departments 40 --records 1000000
  hallpass generate --slug sales --records opportunities=50000,contacts=80000 --seed 7

The people have addresses under the slug, such as `…@generated.example`. To sign in as one of them, run
`hallpass admin account link` with their address. To remove everything but the accounts, run
`hallpass workspace delete`. The server may run; what it writes then waits now and then.";

/// The arguments of the command.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Generate {
    #[command(flatten)]
    flags: Flags<Database>,
    /// The name of the workspace in URLs, unique on the server
    #[arg(long, default_value = "generated")]
    slug: String,
    /// The access model: the id of a built-in one, or a file [default: the default one]
    #[arg(long, value_name = "ID|FILE")]
    blueprint: Option<String>,
    #[command(flatten)]
    size: Size,
    /// A file with the password of every account; without it none has one
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl Generate {
    pub(crate) fn run(&self) -> Result<Output, String> {
        let config = Config::load(&self.flags)?;
        let now = SystemClock.now();
        if self.size.until.is_some_and(|until| until > now) {
            return Err("--until: the time is in the future".to_owned());
        }
        Slug::parse(&self.slug).map_err(|error| format!("--slug: {error}"))?;
        let source = self.blueprint.as_deref().map(source).transpose()?.unwrap_or_default();
        let model = parse(&source)?;
        let password = self.password_file.as_deref().map(password).transpose()?;
        let new = NewWorkspace {
            name: format!("Generated {}", self.slug),
            slug: self.slug.clone(),
            blueprint: source.id,
            blueprint_text: source.text,
        };
        runtime()?.block_on(async {
            let app = open_or_create(
                &config,
                Options { page_cache: Some(CACHE), ..Options::default() }.without_budgets(),
            )
            .await?;
            // Where no server waits for the file, a transaction may take long.
            let alone = ServerLock::take_unchecked(&config.database).ok();
            let hash = match password {
                Some(password) => {
                    let hash = app.hasher().hash(&password, &SystemRandom::default()).await;
                    Some(hash.map_err(|error| describe(&error))?)
                }
                None => None,
            };
            let generation = Generation {
                app: &app,
                operator: &operator(),
                new: &new,
                blueprint: &model,
                size: &self.size,
                password: hash.map(Secret::new),
                until: self.size.until.unwrap_or(now),
                batch: if alone.is_some() { LARGE_BATCH } else { SMALL_BATCH },
                others: if alone.is_some() { Others::None } else { Others::MayWait },
            };
            let made = generation.run().await?;
            app.db().merge_log().await.map_err(|error| error.to_string())?;
            let seconds = (SystemClock.now() - now).0 / 1_000_000;
            let mut output = Output::new();
            output.line(format_args!(
                "generated {} with {} members and {} records in {seconds} s",
                new.slug, made.members, made.records
            ));
            output.line(format_args!("its founder is {}", made.founder));
            Ok(output)
        })
    }
}

/// The access model of a source.
fn parse(source: &BlueprintSource) -> Result<Blueprint, String> {
    let text = match (&source.text, &source.id) {
        (Some(text), _) => text.as_str(),
        (None, Some(id)) => blueprint::find(id).ok_or_else(|| {
            let ids: Vec<&str> = blueprint::ids().collect();
            format!(
                "--blueprint: no file and no access model `{id}`; there are {}",
                ids.join(", ")
            )
        })?,
        (None, None) => blueprint::SHIPPED.first().copied().unwrap_or_default(),
    };
    Blueprint::parse(text).map_err(|mistakes| format!("--blueprint: {mistakes}"))
}

/// The password in the first line of a file.
fn password(file: &Path) -> Result<Password, String> {
    let shown = file.display();
    let text = std::fs::read_to_string(file);
    let text =
        text.map_err(|error| format!("--password-file: cannot read `{shown}`: {error}"))?;
    let line = text.lines().next().unwrap_or_default();
    Password::choose(line, Factors::Password, &[])
        .map_err(|error| format!("--password-file: {error}"))
}

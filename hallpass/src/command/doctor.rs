//! `hallpass doctor`: checks everything that an operator can repair, a line for each.

use std::path::Path;

use clap::{Args, ValueEnum};
use hallpass_app::operation::Operator;
use hallpass_app::secret::rotation::KeyState;
use hallpass_store::checkup::{Finding, FindingState, Repair};
use hallpass_store::{Db, Options, ServerLock, copy};

use super::operator;
use crate::config::{Config, Database, Flags};
use crate::output::{Output, describe};
use crate::secret_key;
use crate::server::{app_on, runtime};

const EXAMPLES: &str = "\
Examples:
  hallpass doctor
  hallpass doctor --repair
  hallpass doctor counters --repair

It exits with 1 when something is wrong. It changes nothing without `--repair`.";

/// The arguments of the command.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Doctor {
    #[command(flatten)]
    flags: Flags<Database>,
    /// Check this only: `counters`
    #[arg(hide_possible_values = true)]
    check: Option<Check>,
    /// Set counters that are wrong to what was counted, and accept a file whose log another program has
    /// merged
    #[arg(long)]
    repair: bool,
}

/// What can be checked by itself.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Check {
    /// The counters of records, counted again.
    Counters,
}

impl Doctor {
    pub(crate) fn run(&self) -> Result<Output, String> {
        let config = Config::load(&self.flags)?;
        let findings = runtime()?.block_on(self.check(&config));
        let mut output = Output::new();
        for Finding { subject, state, detail } in &findings {
            let word = match state {
                FindingState::Good => "ok",
                FindingState::Note => "note",
                FindingState::Repaired => "repaired",
                FindingState::Bad => "WRONG",
            };
            output.line(format_args!("{word:<9} {subject:<14} {detail}"));
        }
        output.require(findings.iter().all(|found| found.state != FindingState::Bad));
        Ok(output)
    }

    async fn check(&self, config: &Config) -> Vec<Finding> {
        let mut findings =
            vec![Finding::new("configuration", FindingState::Good, "every setting is valid")];
        findings.push(match secret_key::find(config) {
            Ok(place) => Finding::new("keys", FindingState::Good, place),
            Err(why) => Finding::new("keys", FindingState::Bad, why),
        });
        if self.repair && copy::lacks_log(&config.database) {
            findings.push(accept(config).await);
        }
        let location = &config.database;
        if copy::is_file(location) && !Path::new(location).is_file() {
            let detail =
                format!("no database `{location}`; set its location with `--database`");
            findings.push(Finding::new("database", FindingState::Bad, detail));
            return findings;
        }
        match Db::open_as_is(location, &Options::default().without_budgets()).await {
            Ok(db) => findings.extend(self.check_database(config, db).await),
            Err(error) => {
                findings.push(Finding::new("database", FindingState::Bad, error.to_string()));
            }
        }
        findings
    }

    async fn check_database(&self, config: &Config, db: Db) -> Vec<Finding> {
        let place = if copy::is_file(&config.database) {
            format!("SQLite in `{}`", config.database)
        } else {
            "PostgreSQL answers".to_owned()
        };
        let mut findings = vec![Finding::new("database", FindingState::Good, place)];
        let repair = if self.repair { Repair::Counters } else { Repair::Never };
        if self.check == Some(Check::Counters) {
            findings.extend(db.check_counters_of_records(repair).await);
            return findings;
        }
        findings.extend(db.check(repair).await);
        let is_current = findings
            .iter()
            .any(|found| found.subject == "schema" && found.state == FindingState::Good);
        // Without keys the server makes one, and a check changes nothing.
        if is_current && secret_key::find(config).is_ok() {
            findings.push(check_secrets(config, db, &operator()).await);
        }
        findings
    }
}

/// Accepts a file whose log is missing, while no server runs.
async fn accept(config: &Config) -> Finding {
    let subject = "database";
    let accepted = match ServerLock::take_unchecked(&config.database) {
        Ok(_lock) => copy::accept_file(&config.database).await,
        Err(error) => Err(error),
    };
    match accepted {
        Ok(()) => {
            let detail = "the file is accepted without its write-ahead log";
            Finding::new(subject, FindingState::Repaired, detail)
        }
        Err(error) => Finding::new(subject, FindingState::Bad, error.to_string()),
    }
}

/// Checks that the keys of all stored secrets are there.
async fn check_secrets(config: &Config, db: Db, operator: &Operator) -> Finding {
    let subject = "secrets";
    let counted = async {
        let app = app_on(db, config)?;
        let counts = app.stored_secrets().count(operator).await;
        counts.map_err(|error| describe(&error))
    };
    match counted.await {
        Ok(counts) => {
            let sum = |of: &[KeyState]| -> i64 {
                let those = counts.iter().filter(|one| of.contains(&one.state));
                those.map(|one| one.count).sum()
            };
            let missing = sum(&[KeyState::Missing]);
            if missing > 0 {
                let detail =
                    format!("the keys of {missing} are missing; see `hallpass secrets`");
                return Finding::new(subject, FindingState::Bad, detail);
            }
            let all = sum(&[KeyState::Current, KeyState::Earlier]);
            Finding::new(
                subject,
                FindingState::Good,
                format!("the keys of all {all} are there"),
            )
        }
        Err(why) => Finding::new(subject, FindingState::Bad, why),
    }
}

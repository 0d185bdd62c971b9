//! `hallpass blueprint`: list, show, check and compare access models.

use std::process::ExitCode;

use clap::Subcommand;
use hallpass_domain::blueprint::SHIPPED;
use hallpass_engine::{Blueprint as Model, Matrix};

use crate::files;

/// The commands.
#[derive(Subcommand)]
pub(crate) enum Blueprint {
    /// List the blueprints that ship with the program.
    List,
    /// Show what a blueprint grants, role by role.
    Show {
        /// The id of a shipped blueprint, or a file.
        name: String,
    },
    /// Report every mistake in a blueprint file.
    Check {
        /// A file, or the id of a shipped blueprint.
        name: String,
    },
    /// Show what differs between two blueprints.
    Diff {
        /// One blueprint: an id or a file.
        one: String,
        /// The other: an id or a file.
        other: String,
    },
}

impl Blueprint {
    /// Does it.
    pub(crate) fn run(&self) -> Result<ExitCode, String> {
        match self {
            Blueprint::List => list(),
            Blueprint::Show { name } => {
                print!("{}", Matrix::of(&files::blueprint(name)?));
                Ok(ExitCode::SUCCESS)
            }
            Blueprint::Check { name } => {
                let model = files::blueprint(name)?;
                println!("{name}: no mistakes ({}, {})", model.id, summary(&model));
                Ok(ExitCode::SUCCESS)
            }
            Blueprint::Diff { one, other } => {
                let (one, other) = (files::blueprint(one)?, files::blueprint(other)?);
                let lines = Matrix::of(&one).diff(&Matrix::of(&other));
                for line in &lines {
                    println!("{line}");
                }
                Ok(if lines.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
            }
        }
    }
}

fn list() -> Result<ExitCode, String> {
    for text in SHIPPED {
        let model = Model::parse(text).map_err(|mistakes| mistakes.to_string())?;
        println!("{:<16} {:<28} {}", model.id, model.name, summary(&model));
    }
    Ok(ExitCode::SUCCESS)
}

fn summary(model: &Model) -> String {
    let profiles = model.profiles.as_ref().map_or(0, |profiles| profiles.templates.len());
    let counts = [
        (model.resources.len(), "resources"),
        (model.roles.len(), "roles"),
        (profiles, "profile templates"),
        (model.presets.len(), "presets"),
        (model.switches.len(), "switches"),
    ];
    let told = counts.iter().filter(|(count, _)| *count > 0);
    told.map(|(count, noun)| format!("{count} {noun}")).collect::<Vec<_>>().join(", ")
}

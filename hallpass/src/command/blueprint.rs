//! `hallpass blueprint`: list, show, check and compare access models.

use clap::{Args, Subcommand};
use hallpass_domain::blueprint::SHIPPED;
use hallpass_engine::{Blueprint as Model, Matrix};

use crate::files;
use crate::output::Output;

const EXAMPLES: &str = "\
Examples:
  hallpass blueprint show standard            Show a built-in blueprint as a table
  hallpass blueprint check mine.toml          Report the mistakes in a file
  hallpass blueprint diff standard mine.toml  Show the permissions that differ";

/// The arguments of the command.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Blueprint {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// List the built-in blueprints
    List,
    /// Show what each role of a blueprint may do
    Show {
        /// The id of a built-in blueprint, or a file
        blueprint: String,
    },
    /// Report every mistake in a blueprint, and what is allowed but senseless; the exit code is 0 if
    /// there is no mistake, else 2
    Check {
        /// A file, or the id of a built-in blueprint
        blueprint: String,
    },
    /// Show the permissions that differ between two blueprints; the exit code is 0 if none does,
    /// else 1
    Diff {
        /// The first blueprint: an id or a file
        first: String,
        /// The second blueprint: an id or a file
        second: String,
    },
}

impl Blueprint {
    pub(crate) fn run(&self) -> Result<Output, String> {
        let mut output = Output::new();
        match &self.action {
            Action::List => list(&mut output)?,
            Action::Show { blueprint } => {
                output.line(Matrix::of(&files::blueprint(blueprint)?));
            }
            Action::Check { blueprint } => {
                let model = files::blueprint(blueprint)?;
                output.line(format_args!(
                    "{blueprint}: no mistakes ({}, {})",
                    model.id,
                    summary(&model)
                ));
                for note in model.notes() {
                    output.line(format_args!("note: {note}"));
                }
            }
            Action::Diff { first, second } => {
                let (first, second) = (files::blueprint(first)?, files::blueprint(second)?);
                let lines = Matrix::of(&first).diff(&Matrix::of(&second));
                output.require(lines.is_empty());
                for line in lines {
                    output.line(line);
                }
            }
        }
        Ok(output)
    }
}

fn list(output: &mut Output) -> Result<(), String> {
    for text in SHIPPED {
        let model = Model::parse(text).map_err(|mistakes| mistakes.to_string())?;
        let (id, name) = (&model.id, &model.name);
        output.line(format_args!("{id:<16} {name:<28} {}", summary(&model)));
    }
    Ok(())
}

fn summary(model: &Model) -> String {
    let profiles = model.profiles.as_ref().map_or(0, |profiles| profiles.templates.len());
    let own_app = model.resources.iter().map(|resource| resource.own_app().count()).sum();
    let counts = [
        (model.resources.len(), "resources"),
        (model.roles.len(), "roles"),
        (profiles, "profile templates"),
        (model.presets.len(), "presets"),
        (model.switches.len(), "switches"),
        (own_app, "actions for your own app"),
    ];
    let present = counts.iter().filter(|(count, _)| *count > 0);
    present.map(|(count, noun)| format!("{count} {noun}")).collect::<Vec<_>>().join(", ")
}

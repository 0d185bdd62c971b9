//! `hallpass blueprint`: list, show, check and compare access models.

use clap::Subcommand;
use hallpass_domain::blueprint::SHIPPED;
use hallpass_engine::{Blueprint as Model, Matrix};

use super::Said;
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
    /// Says what is asked; a comparison is content when nothing differs.
    pub(crate) fn run(&self) -> Result<Said, String> {
        let mut said = Said::nothing();
        match self {
            Blueprint::List => list(&mut said)?,
            Blueprint::Show { name } => said.line(Matrix::of(&files::blueprint(name)?)),
            Blueprint::Check { name } => {
                let model = files::blueprint(name)?;
                said.line(format_args!(
                    "{name}: no mistakes ({}, {})",
                    model.id,
                    summary(&model)
                ));
            }
            Blueprint::Diff { one, other } => {
                let (one, other) = (files::blueprint(one)?, files::blueprint(other)?);
                let lines = Matrix::of(&one).diff(&Matrix::of(&other));
                said.expect(lines.is_empty());
                for line in lines {
                    said.line(line);
                }
            }
        }
        Ok(said)
    }
}

fn list(said: &mut Said) -> Result<(), String> {
    for text in SHIPPED {
        let model = Model::parse(text).map_err(|mistakes| mistakes.to_string())?;
        let (id, name) = (&model.id, &model.name);
        said.line(format_args!("{id:<16} {name:<28} {}", summary(&model)));
    }
    Ok(())
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

//! `hallpass admin connection`: single sign-on connections of a workspace, when a provider fails.

use clap::Subcommand;
use hallpass_app::App;
use hallpass_app::connection::operator::Requirement;
use hallpass_app::operation::Operator;

use crate::output::{Output, describe};

#[derive(Subcommand)]
pub(super) enum Action {
    /// List the connections of a workspace: id, state, people and name
    List {
        /// The slug or id of the workspace
        workspace: String,
    },
    /// Turn a connection off: people sign in another way
    Off {
        /// The slug or id of the workspace
        workspace: String,
        /// The id of the connection
        connection: String,
        /// Let members in without single sign-on, if the workspace requires it
        #[arg(long)]
        end_requirement: bool,
    },
}

impl Action {
    pub(super) async fn run(&self, app: &App, operator: &Operator) -> Result<Output, String> {
        let (mut output, connections) = (Output::new(), app.connections());
        match self {
            Action::List { workspace } => {
                let found = connections.list_as(operator, workspace).await;
                for one in found.map_err(|error| describe(&error))? {
                    let connection = &one.connection;
                    let state = if connection.is_on { "on" } else { "off" };
                    output.line(format_args!(
                        "{}  {state:<3}  {:>5} people  {}",
                        connection.id, one.people, connection.name
                    ));
                }
            }
            Action::Off { workspace, connection, end_requirement } => {
                let id = connection.parse();
                let id = id.map_err(|_| format!("`{connection}` is no id of a connection"))?;
                let requirement =
                    if *end_requirement { Requirement::Ends } else { Requirement::Stays };
                let off = connections.turn_off_as(operator, workspace, id, requirement);
                output.line(if off.await.map_err(|error| describe(&error))? {
                    format!("{connection} of {workspace} is off")
                } else {
                    format!("{connection} of {workspace} is off already")
                });
            }
        }
        Ok(output)
    }
}

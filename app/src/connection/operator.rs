//! Connections by the operator: list those of a workspace, and turn one off when its provider fails.

use hallpass_domain::id::ConnectionId;
use hallpass_domain::setting::Area;
use serde_json::{Map, json};

use super::ConnectionOverview;
use crate::app::App;
use crate::boxed;
use crate::context::{Actor, no_workspace};
use crate::error::Error;
use crate::operation::Operator;

/// What becomes of the requirement of single sign-on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// It stays: the last connection that is on is not turned off.
    Stays,
    /// It ends: members sign in another way.
    Ends,
}

/// The connections of workspaces, for the operator.
pub struct WorkspaceConnections<'a>(pub(crate) &'a App);

impl WorkspaceConnections<'_> {
    /// Lists the connections of a workspace, the oldest first.
    #[boxed]
    pub async fn list_as(
        &self,
        operator: &Operator,
        workspace: &str,
    ) -> Result<Vec<ConnectionOverview>, Error> {
        let id = self.0.workspace_id(workspace).await?;
        let tx = self.0.db().read_in(id.0).await?.ok_or_else(no_workspace)?;
        let name = operator.name().to_owned();
        let mut ctx = self.0.open_context(tx, Actor::Operator, name).await?;
        ctx.connections().list().await
    }

    /// Turns a connection off. Returns whether that is a change.
    ///
    /// # Errors
    ///
    /// `Missing`; `InUse` for the last one that is on, while single sign-on is required and that stays;
    /// `StepUp` for an operator who has not signed in recently.
    #[boxed]
    pub async fn turn_off_as(
        &self,
        operator: &Operator,
        workspace: &str,
        id: ConnectionId,
        requirement: Requirement,
    ) -> Result<bool, Error> {
        operator.check_recent()?;
        let mut ctx = self.0.enter_as(operator, workspace).await?;
        // An id that does not exist ends no requirement.
        ctx.connections().load(id).await?;
        if requirement == Requirement::Ends {
            let ended = Map::from_iter([("require_sso".to_owned(), json!(false))]);
            ctx.settings().update(Area::Authentication, &ended).await?;
            ctx = self.0.enter_as(operator, workspace).await?;
        }
        ctx.connections().turn_off(id).await
    }
}

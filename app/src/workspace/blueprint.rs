//! The access model of a workspace by the operator: a comparison with another one, and its replacement.

use super::Workspaces;
use crate::blueprint::{BlueprintComparison, BlueprintSource, BlueprintText};
use crate::boxed;
use crate::error::Error;
use crate::operation::Operator;

impl Workspaces<'_> {
    /// Compares the access model of a workspace with another one as an operator: what does not fit, and so many
    /// members who gain or lose access. It keeps no one from writing.
    #[boxed]
    pub async fn compare_blueprint_as(
        &self,
        operator: &Operator,
        workspace: &str,
        source: &BlueprintSource,
        limit: usize,
    ) -> Result<BlueprintComparison, Error> {
        let mut ctx = self.0.enter_to_read_as(operator, workspace).await?;
        ctx.blueprint().compare(source, None, limit).await
    }

    /// Replaces the access model of a workspace as an operator, by one that was compared with it. It is compiled before
    /// the workspace is locked.
    ///
    /// # Errors
    ///
    /// Those of [`WorkspaceBlueprint::replace`](crate::blueprint::WorkspaceBlueprint::replace).
    #[boxed]
    pub async fn replace_blueprint_as(
        &self,
        operator: &Operator,
        workspace: &str,
        source: &BlueprintSource,
        comparison: &str,
    ) -> Result<BlueprintText, Error> {
        let mut ctx = self.0.enter_to_read_as(operator, workspace).await?;
        ctx.blueprint().prepare(source, comparison).await?;
        drop(ctx);
        let mut ctx = self.0.enter_as(operator, workspace).await?;
        ctx.blueprint().replace(source, comparison).await
    }
}

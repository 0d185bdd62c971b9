//! The requirement of single sign-on: what keeps a member from asking it of the workspace.
//!
//! **Invariant:** only a member who has come in by a connection that is on, and who would still enter,
//! requires it: what does not work closes no workspace.

use hallpass_domain::session::policy::{Missing, SignInPolicy};

use super::Connections;
use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::ReadAuthentication;
use crate::gate::{Pass, Permission};

/// What keeps a member from requiring single sign-on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// No connection is on.
    NoConnection,
    /// The member has tested none of those that are on.
    Untested,
    /// The member, who has the top role, would have to show a second factor.
    SecondFactor,
    /// The member would have to come in by a connection.
    SingleSignOn,
}

impl Connections<'_> {
    /// Finds out what keeps the member from requiring single sign-on of the workspace now.
    #[boxed]
    pub async fn find_obstacle(&mut self) -> Result<Option<Obstacle>, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadAuthentication).await?;
        if let Some(obstacle) = find_untried(ctx, &pass).await? {
            return Ok(Some(obstacle));
        }
        let policy = SignInPolicy { single_sign_on: true, ..ctx.snapshot().sign_in.clone() };
        Ok(ctx.would_lack(&policy).into_iter().find_map(|missing| match missing {
            Missing::SecondFactor => Some(Obstacle::SecondFactor),
            Missing::SingleSignOn => Some(Obstacle::SingleSignOn),
            Missing::SignIn | Missing::RecentSignIn => None,
        }))
    }
}

/// Finds out whether the member has come in by none of the connections that are on, so that what does
/// not work is not required.
pub(crate) async fn find_untried(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
) -> Result<Option<Obstacle>, Error> {
    let connections = ctx.read(pass)?.connections().list().await?;
    let member = ctx.member_id();
    let mut on = connections.iter().filter(|one| one.is_on).peekable();
    if on.peek().is_none() {
        return Ok(Some(Obstacle::NoConnection));
    }
    let mut tested = on.filter(|one| one.is_tested());
    let is_tried = tested.any(|one| one.test.as_ref().map(|test| test.member) == member);
    Ok((!is_tried).then_some(Obstacle::Untested))
}

//! The context of a session that views the workspace as another member.
//!
//! **Invariant:** it reads with the rights of the member as long as the viewer's rights cover them, and
//! writes nothing.

use hallpass_domain::model::guard::check_stand_in;
use hallpass_domain::time::Timestamp;
use hallpass_domain::view::View;

use super::{Actor, WorkspaceContext};
use crate::dry_run::Run;
use crate::error::Error;
use crate::gate::permission::AnyMember;

/// A view as the page around it shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Viewed {
    /// The name of the member whose eyes they are.
    pub member: String,
    /// The name of the one who views.
    pub viewer: String,
    /// When it ends.
    pub until: Timestamp,
}

impl WorkspaceContext {
    /// The context as a view shows it. Where the viewer's rights no longer cover the member's, it is the
    /// viewer's own; either way it writes nothing while the view lasts.
    pub(crate) async fn viewing(self, view: Option<&View>) -> Result<WorkspaceContext, Error> {
        let mut ctx = self;
        let Some(view) = view.filter(|view| view.covers(ctx.workspace_id(), ctx.now)) else {
            return Ok(ctx);
        };
        ctx.set_run(Run::ViewOnly);
        let Actor::Member { id: by, name: by_name } = ctx.actor.clone() else { return Ok(ctx) };
        if check_stand_in(ctx.model(), by, view.member).is_err() {
            return Ok(ctx);
        }
        let pass = ctx.check(AnyMember).await?;
        let names = ctx.read(&pass)?.members().names(&[view.member]).await?;
        let Some(name) = names.get(&view.member).cloned() else { return Ok(ctx) };
        ctx.actor = Actor::Viewer { id: view.member, name, by, by_name, until: view.until };
        ctx.picture = None;
        Ok(ctx)
    }

    /// The view, if the request looks through the eyes of another member.
    #[must_use]
    pub fn viewed(&self) -> Option<Viewed> {
        let Actor::Viewer { name, by_name, until, .. } = &self.actor else { return None };
        Some(Viewed { member: name.clone(), viewer: by_name.clone(), until: *until })
    }
}

//! The acting member's own membership.

use hallpass_domain::id::{AccountId, MemberId, WorkspaceId};
use hallpass_domain::member::Member;
use hallpass_domain::time::{Span, Timestamp};

use super::{CurrentWorkspace, Workspaces};
use crate::access::EffectiveRight;
use crate::boxed;
use crate::context::no_workspace;
use crate::error::Error;
use crate::gate::permission::AnyMember;

/// How often the last use of a workspace by a member is stored.
const SEEN_EVERY: Span = Span::minutes(1);

/// The acting member's own membership.
#[derive(Clone, Debug)]
pub struct OwnMembership {
    /// The member.
    pub member: Member,
    /// What the member may do.
    pub rights: Vec<EffectiveRight>,
    /// The resources that the sidebar shows, by key.
    pub navigation: Vec<String>,
    /// The resource that the member lands on.
    pub landing: Option<String>,
}

impl CurrentWorkspace<'_> {
    /// Loads the acting member's own membership, and stores that they used the workspace. The
    /// transaction of the context is over afterwards.
    #[boxed]
    pub async fn own_membership(&mut self) -> Result<OwnMembership, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(AnyMember).await?;
        let id = ctx.member_id().ok_or_else(no_workspace)?;
        let member = ctx.read(&pass)?.members().find(id).await?.ok_or_else(no_workspace)?;
        let rights = ctx.access().rights(id).await?;
        let snapshot = ctx.snapshot();
        let navigation = snapshot.navigation(id);
        let own = member.landing.as_ref().filter(|key| navigation.contains(key));
        let general = snapshot.workspace.settings.get("general");
        let default = general.and_then(|general| general.get("landing")?.as_str());
        let default = default.and_then(|default| navigation.iter().find(|key| *key == default));
        let landing = own.or(default).or_else(|| navigation.first()).cloned();
        // A view is not a use of the workspace by the member.
        if ctx.viewed().is_some() {
            return Ok(OwnMembership { member, rights, navigation, landing });
        }
        // The update takes a transaction that writes, and not beside one that reads.
        drop(ctx.gated.take(&pass)?);
        let workspaces = ctx.app.workspaces();
        let (workspace, account) = (ctx.workspace_id(), member.account);
        workspaces.update_seen_at(workspace, account, id, member.seen_at).await?;
        Ok(OwnMembership { member, rights, navigation, landing })
    }
}

impl Workspaces<'_> {
    /// Stores that a member uses a workspace, at most once a minute: for the list of members, and to
    /// order the account's workspaces.
    pub(crate) async fn update_seen_at(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        member: MemberId,
        seen_at: Option<Timestamp>,
    ) -> Result<(), Error> {
        let now = self.0.now();
        if seen_at.is_some_and(|seen| now - seen < SEEN_EVERY) {
            return Ok(());
        }
        let Some(mut tx) = self.0.db().write_in(workspace.0).await? else { return Ok(()) };
        tx.members().update_seen_at(member, now).await?;
        tx.global().accounts().record_visit(account, workspace, now).await?;
        Ok(tx.commit().await?)
    }
}

//! The acting member's own membership.

use hallpass_domain::id::MemberId;
use hallpass_domain::member::Member;
use hallpass_domain::time::Span;

use super::CurrentWorkspace;
use crate::access::EffectiveRight;
use crate::boxed;
use crate::context::{WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::gate::permission::{AnyMember, ReadMembers};

/// How many members are named who can help.
const MOST_HELPERS: usize = 5;

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
    /// Loads the acting member's own membership, and notes that they use the workspace.
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
        let now = ctx.app.now();
        let place = (ctx.workspace_id(), id);
        let is_due = member.seen_at.is_none_or(|seen| now - seen >= SEEN_EVERY);
        if let Some(account) = member.account.filter(|_| is_due) {
            ctx.app.presence_log().note_member(place, account, now);
        }
        Ok(OwnMembership { member, rights, navigation, landing })
    }
}

impl CurrentWorkspace<'_> {
    /// Lists the names of members who can give the acting member access, as far as the member may know
    /// them: one who may read members knows all; another one the person whom the invitation named.
    #[boxed]
    pub async fn helpers(&mut self) -> Result<Vec<String>, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(AnyMember).await?;
        let id = ctx.member_id().ok_or_else(no_workspace)?;
        let member = ctx.read(&pass)?.members().find(id).await?.ok_or_else(no_workspace)?;
        let helpers = known_helpers(ctx, &member);
        let names = ctx.read(&pass)?.members().names(&helpers).await?;
        Ok(helpers.iter().filter_map(|id| names.get(id).cloned()).collect())
    }
}

/// The members who can give a member access and whom that member may know by name.
fn known_helpers(ctx: &WorkspaceContext, member: &Member) -> Vec<MemberId> {
    let known: Vec<MemberId> = if ctx.opens(&ReadMembers) {
        ctx.model().members().filter_map(|member| member.id.parse().ok()).collect()
    } else {
        // A later change of role does not tell who made it.
        let invited = member.role_since == member.joined_at;
        member.role_by.into_iter().filter(|_| invited).collect()
    };
    let is_active = |id| ctx.model().member(id).is_some_and(|member| member.is_active);
    let helpers = known.into_iter().filter(|other| *other != member.id && is_active(*other));
    helpers.filter(|other| ctx.may(*other, "members", "update")).take(MOST_HELPERS).collect()
}

//! View as: a read-only look at the workspace through the eyes of another member.
//!
//! **Invariant:** a view shows what the viewer could give themselves: it is checked at every request that
//! the viewer's rights cover the member's, as for an API key that acts for them. Nothing is written while
//! it lasts, and the audit log has the viewer.

use hallpass_domain::id::MemberId;
use hallpass_domain::mail_template::MailTemplate;
use hallpass_domain::model::guard::check_stand_in;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Timestamp;
use hallpass_domain::view::View;
use serde_json::json;

use crate::boxed;
use crate::context::{Actor, WorkspaceContext, no_workspace};
use crate::dry_run::Run;
use crate::error::Error;
use crate::gate::permission::{AnyMember, EndView, UpdateMembers};
use crate::principal::Principal;
use crate::session::ConfirmedPassword;

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

/// The views of a workspace.
pub struct Views<'c>(pub(crate) &'c mut WorkspaceContext);

impl Views<'_> {
    /// Begins to view the workspace as another member, in the session of the principal. The member is told
    /// by mail.
    ///
    /// # Errors
    ///
    /// `MayNotTouch` and `GrantCeiling` when the viewer's rights do not cover the member's.
    #[boxed]
    pub async fn begin(
        &mut self,
        principal: &Principal,
        member: MemberId,
        password: ConfirmedPassword,
    ) -> Result<View, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(UpdateMembers).await?;
        password.check(principal)?;
        let viewer = ctx.member_id().ok_or_else(no_workspace)?;
        let found = ctx.read(&pass)?.members().find(member).await?;
        found.ok_or(Error::Missing { noun: "member" })?;
        if member == viewer {
            let detail = "you see the workspace through your own eyes already";
            return Err(Refusal::field("/member", "self", detail).into());
        }
        check_stand_in(ctx.model(), viewer, member)?;
        let view = View::begin(ctx.workspace_id(), member, ctx.now);
        let (account, session) = (principal.person()?, principal.session()?);
        ctx.tx(&pass)?.global().sessions().set_view(account, session, Some(&view)).await?;
        let until = view.until.to_string();
        ctx.notify_of_access(&pass, member, |workspace, first_name, viewer| {
            MailTemplate::ViewedAs { workspace, first_name, viewer, until: until.clone() }
        })
        .await?;
        let after = json!({"until": view.until.to_string()});
        ctx.record_audit(&pass, "member.view", member, &(), &after).await?;
        ctx.commit(&pass).await?;
        Ok(view)
    }

    /// Ends the view of the session of the principal, who has entered
    /// [without it](Principal::without_view).
    #[boxed]
    pub async fn end(&mut self, principal: &Principal) -> Result<(), Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(EndView).await?;
        let (account, session) = (principal.person()?, principal.session()?);
        let view = principal.view().filter(|view| view.workspace == ctx.workspace_id());
        let member = view.ok_or(Error::Missing { noun: "view" })?.member;
        ctx.tx(&pass)?.global().sessions().set_view(account, session, None).await?;
        ctx.record_audit(&pass, "member.view_end", member, &(), &()).await?;
        ctx.commit(&pass).await.map(drop)
    }
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
        Ok(ctx)
    }

    /// The view, if the request looks through the eyes of another member.
    #[must_use]
    pub fn viewed(&self) -> Option<Viewed> {
        let Actor::Viewer { name, by_name, until, .. } = &self.actor else { return None };
        Some(Viewed { member: name.clone(), viewer: by_name.clone(), until: *until })
    }
}

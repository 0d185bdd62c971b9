//! View as: a read-only look at the workspace through the eyes of another member.
//!
//! **Invariant:** a view shows what the viewer could give themselves: it is checked at every request that
//! the viewer's rights cover the member's, as for an API key that acts for them. Nothing is written while
//! it lasts, and the audit log has the viewer.

use hallpass_domain::id::MemberId;
use hallpass_domain::mail_template::MailTemplate;
use hallpass_domain::model::guard::check_stand_in;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::view::View;
use serde_json::json;

use crate::boxed;
use crate::context::{WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::gate::permission::{StopViewing, UpdateMembers};
use crate::principal::Principal;
use crate::session::ConfirmedPassword;

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
        let pass = ctx.check(StopViewing).await?;
        let (account, session) = (principal.person()?, principal.session()?);
        let view = principal.view().filter(|view| view.workspace == ctx.workspace_id());
        let member = view.ok_or(Error::Missing { noun: "view" })?.member;
        ctx.tx(&pass)?.global().sessions().set_view(account, session, None).await?;
        ctx.record_audit(&pass, "member.view_end", member, &(), &()).await?;
        ctx.commit(&pass).await.map(drop)
    }
}

//! The second factors of members: who has one, and the reset for a member who has lost theirs.
//!
//! **Invariant:** a reset weakens no other workspace: it is refused where the account belongs to another
//! one, or to an operator. After it no session and no password is left, so the person proves
//! their mailbox before anything else, and a member who resets gets nothing for themselves.

use std::collections::HashSet;

use hallpass_domain::account::Account;
use hallpass_domain::id::{AccountId, MemberId};
use hallpass_domain::mail_template::MailTemplate;
use hallpass_domain::member::Member;
use hallpass_domain::model::guard::check_touch;
use hallpass_domain::refusal::Refusal;
use serde_json::json;

use super::Members;
use crate::account::credential::take_factors;
use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::UpdateMembers;
use crate::gate::{Pass, Permission};
use crate::principal::Principal;

impl Members<'_> {
    /// Resets how a member signs in: their second factors, trusted devices and password are gone, and
    /// every session ends. They get a mail with a link to set a new password.
    ///
    /// # Errors
    ///
    /// `MayNotTouch`; `NoSecondFactor`; `FactorsKept` where the account is of another workspace too, or
    /// an operator's; `StepUp` for a caller who has not signed in recently; `NotByKey`.
    #[boxed]
    pub async fn reset_factors(
        &mut self,
        principal: &Principal,
        id: MemberId,
    ) -> Result<(), Error> {
        let pass = self.0.check(UpdateMembers).await?;
        principal.person()?;
        principal.check_recent(self.0.now)?;
        let member = self.load_with(&pass, id).await?;
        self.0.check_version(member.version)?;
        check_touch(self.0.model(), self.0.grantor(), id)?;
        let ctx = &mut *self.0;
        let account = load_alone(ctx, &pass, &member).await?;
        let (workspace, app) = (ctx.workspace_id(), ctx.app.clone());
        let (name, by) =
            (ctx.snapshot().workspace.name.to_string(), ctx.actor_name().to_owned());
        let (first_name, email) = (account.first_name.to_string(), account.email.clone());
        let tx = ctx.tx(&pass)?.global();
        let link = take_factors(&app, tx, account).await?;
        let mail = MailTemplate::FactorsReset {
            workspace: name,
            first_name,
            by,
            token: link.expose().to_owned(),
        };
        let about = Some((workspace, id.to_string()));
        app.mails().queue(tx, &email, mail, about).await?;
        let (was, is) = (json!({"two_factor": true}), json!({"two_factor": false}));
        ctx.record_audit(&pass, "member.reset_factors", id, &was, &is).await?;
        ctx.commit(&pass).await.map(drop)
    }

    /// Which of some members have a second factor, with the pass of another use case.
    pub(crate) async fn with_second_factor(
        &mut self,
        pass: &Pass<impl Permission>,
        of: &[AccountId],
    ) -> Result<HashSet<AccountId>, Error> {
        Ok(self.0.read(pass)?.global().factors().enabled(of).await?)
    }
}

/// Loads the account of a member whose factors can be reset from this workspace.
async fn load_alone(
    ctx: &mut WorkspaceContext,
    pass: &Pass<UpdateMembers>,
    member: &Member,
) -> Result<Account, Error> {
    let workspace = ctx.workspace_id();
    let contact = ctx.operator_contact().to_owned();
    let tx = ctx.tx(pass)?.global();
    // A service account has no factors, as no one signs in as it.
    let account = member.account.ok_or(Refusal::NoSecondFactor)?;
    let account = tx.accounts().find_for_update(account).await?;
    let account = account.ok_or(Error::Missing { noun: "member" })?;
    let places = tx.accounts().list_places(account.id, 2).await?;
    if account.is_operator || places.iter().any(|place| place.workspace != workspace) {
        return Err(Refusal::FactorsKept { contact }.into());
    }
    if !tx.factors().load(account.id).await?.is_enabled() {
        return Err(Refusal::NoSecondFactor.into());
    }
    Ok(account)
}

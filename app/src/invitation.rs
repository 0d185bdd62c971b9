//! Invitations: send, list, resend, revoke.
//!
//! Long because sending, resending and revoking share their checks.

use std::collections::{BTreeMap, HashSet};

use hallpass_domain::email::Email;
use hallpass_domain::id::{InvitationId, MemberId};
use hallpass_domain::invitation::{
    Invitation, InvitationState, Outdated, check_fields, expiry,
};
use hallpass_domain::mail_template::MailTemplate;
use hallpass_domain::member::Status;
use hallpass_domain::name::Name;
use hallpass_domain::refusal::{FieldError, Refusal};
use serde_json::{Value, json};

use crate::account::confirmation::check_actor_confirmed;
use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{Invite, ReadMembers, TransferBilling};
use crate::gate::{Pass, Permission, WritePermission};
use crate::member::access::{self, AccessChange, check_grantable, check_landing, check_teams};
use crate::naming::RoleRef;
use crate::secret::Token;
pub use outdated::InvitationMisfit;
pub(crate) use outdated::misfit;
use outdated::names_missing;
use revocation::{check_revoke, revoking};

pub mod acceptance;
pub mod list;
pub mod offer;
pub(crate) mod outdated;
mod revocation;

/// An invitation to be sent.
#[derive(Clone, Debug, Default)]
pub struct NewInvitation {
    /// The address.
    pub email: String,
    /// Its place in a list of addresses; none for a single one.
    pub place: Option<usize>,
    /// The name of the invited person.
    pub name: Option<String>,
    /// What the new member may do; without a role, they get the start role.
    pub access: AccessChange,
    /// The page on which the new member lands.
    pub landing: Option<String>,
    /// The fields that the request contains.
    pub given: Vec<&'static str>,
}

impl NewInvitation {
    /// The field of the request that has the address.
    fn pointer(&self) -> String {
        self.place.map_or_else(|| "/email".to_owned(), |place| format!("/emails/{place}"))
    }
}

/// An address that can be invited.
struct Addressee<'n> {
    invitation: &'n NewInvitation,
    email: Email,
    /// The removed member whom the invitation would bring back.
    former: Option<MemberId>,
}

/// The invitations of a workspace.
pub struct Invitations<'c>(pub(crate) &'c mut WorkspaceContext);

impl Invitations<'_> {
    /// Invites some people, all of them or none: each gets a mail with a link. An address that a list
    /// has twice counts once.
    ///
    /// # Errors
    ///
    /// `AddressNotConfirmed` for the actor; `TooManyMails`; `AlreadyMember`, `InactiveMember`;
    /// `AlreadyInvited` with the pending invitation; the refusals of the guards that the membership
    /// would cause. For a list, `Fields` with every address that cannot be invited.
    #[boxed]
    pub async fn send(
        &mut self,
        invitations: &[NewInvitation],
    ) -> Result<Vec<Invitation>, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(Invite).await?;
        check_actor_confirmed(ctx, &pass).await?;
        let addressed = check_addresses(ctx, &pass, invitations).await?;
        if let [_, second, ..] = addressed.as_slice()
            && second.invitation.access.billing_contact == Some(true)
        {
            let detail = "only one person can be the billing contact; invite them alone";
            return Err(Refusal::field("/billing_contact", "one_address", detail).into());
        }
        check_quota(ctx, &pass, addressed.len()).await?;
        let mut sent = Vec::with_capacity(addressed.len());
        for Addressee { invitation, email, former } in addressed {
            let invitation = prepare(ctx, &pass, invitation, email).await?;
            ctx.expect_newcomer(&invitation, former);
            sent.push(invitation);
        }
        for invitation in &sent {
            revoke_expired(ctx, &pass, &invitation.email).await?;
            insert(ctx, &pass, invitation).await?;
        }
        ctx.commit(&pass).await?;
        Ok(sent)
    }

    /// Sends an invitation again, with a new link and a new expiry; the old link stops working.
    ///
    /// # Errors
    ///
    /// `InvitationAccepted`, `InvitationRevoked`, and the refusals of the guards.
    #[boxed]
    pub async fn resend(&mut self, id: InvitationId) -> Result<Invitation, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(Invite).await?;
        check_actor_confirmed(ctx, &pass).await?;
        check_quota(ctx, &pass, 1).await?;
        let before = load(ctx, &pass, id).await?;
        if before.access.is_billing_contact {
            ctx.check(TransferBilling).await?;
        }
        check_teams(ctx, &[], &before.access.teams).await?;
        ctx.check_version(before.version)?;
        check_admitted(ctx, &before.email)?;
        let days = ctx.model().blueprint().membership.invitation.days;
        let after = before.clone().resend(ctx.member_id(), days, ctx.now)?;
        if names_missing(ctx, &after) {
            return Err(Refusal::from(Outdated::Contents).into());
        }
        check_grantable(ctx, ctx.grantor(), &after.access)?;
        ctx.check_recent_for(&after.access.role)?;
        ctx.tx(&pass)?.invitations().update(&after).await?;
        let token = Token::of(ctx.workspace_id(), ctx.app.random());
        ctx.tx(&pass)?.invitations().replace_token(id, &token.hash()).await?;
        send_mail(ctx, &pass, &after, &token).await?;
        let (was, is) = (audit_view(&before), audit_view(&after));
        ctx.record_audit(&pass, "invitation.resend", id, &was, &is).await?;
        ctx.commit(&pass).await?;
        Ok(Invitation { version: after.version + 1, ..after })
    }

    /// Revokes an invitation: its link stops working. Members who may invite may do so, and members
    /// who may remove members.
    ///
    /// # Errors
    ///
    /// `InvitationAccepted`, `InvitationRevoked`, and the refusals of [`Invitations::resend`] to a member
    /// who may not give what the invitation gives.
    #[boxed]
    pub async fn revoke(&mut self, id: InvitationId) -> Result<(), Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(revoking(ctx)).await?;
        let before = load(ctx, &pass, id).await?;
        ctx.check_version(before.version)?;
        let after = before.clone().revoke()?;
        if before.access.is_billing_contact {
            ctx.check(TransferBilling).await?;
        }
        check_revoke(ctx, &before)?;
        ctx.tx(&pass)?.invitations().update(&after).await?;
        let (was, is) = (audit_view(&before), audit_view(&after));
        ctx.record_audit(&pass, "invitation.revoke", id, &was, &is).await?;
        ctx.commit(&pass).await.map(drop)
    }
}

fn no_invitation() -> Error {
    Error::Missing { noun: "invitation" }
}

pub(super) async fn load(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    id: InvitationId,
) -> Result<Invitation, Error> {
    ctx.read(pass)?.invitations().find(id).await?.ok_or_else(no_invitation)
}

/// Checks that no invitation that can still be accepted names what is to be deleted. Its address is
/// for callers who may read invitations.
pub(crate) async fn check_not_invited(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    noun: &'static str,
    names: impl Fn(&Invitation) -> bool,
) -> Result<(), Error> {
    let now = ctx.now;
    let mut pending = ctx.read(pass)?.invitations().list_pending().await?;
    pending.retain(|invitation| !invitation.is_expired(now) && names(invitation));
    let Some(invitation) = pending.first() else { return Ok(()) };
    let by = if ctx.opens(&ReadMembers) {
        format!("the invitation of `{}`", invitation.email.as_str())
    } else {
        "an invitation".to_owned()
    };
    Err(Refusal::InUse { noun, by }.into())
}

/// Checks that an address is admitted, and neither a member's nor invited; returns the removed member
/// whom an invitation would bring back.
async fn check_invitable(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    email: &Email,
) -> Result<Option<MemberId>, Error> {
    check_admitted(ctx, email)?;
    check_available(ctx, pass, email).await
}

/// Reads the addresses of some invitations, each once, and checks that they can be invited.
async fn check_addresses<'n>(
    ctx: &mut WorkspaceContext,
    pass: &Pass<Invite>,
    invitations: &'n [NewInvitation],
) -> Result<Vec<Addressee<'n>>, Error> {
    let (mut known, mut addressed, mut errors) = (HashSet::new(), Vec::new(), Vec::new());
    for new in invitations {
        let refusal = match Email::parse(&new.email) {
            Err(error) => Refusal::field(new.pointer(), "bad_email", error.to_string()),
            Ok(email) if !known.insert(email.key().to_owned()) => continue,
            Ok(email) => match check_invitable(ctx, pass, &email).await {
                Ok(former) => {
                    addressed.push(Addressee { invitation: new, email, former });
                    continue;
                }
                Err(Error::Refused(refusal)) => refusal,
                Err(error) => return Err(error),
            },
        };
        match (refusal, new.place) {
            (Refusal::Fields(wrong), _) => errors.extend(
                wrong.into_iter().map(|error| FieldError { pointer: new.pointer(), ..error }),
            ),
            (refusal, None) => return Err(refusal.into()),
            (refusal, Some(_)) => {
                let detail = format!("`{}`: {refusal}", new.email);
                errors.push(FieldError::new(new.pointer(), refusal.code(), detail));
            }
        }
    }
    Refusal::unless_valid(errors)?;
    Ok(addressed)
}

async fn check_quota(
    ctx: &mut WorkspaceContext,
    pass: &Pass<Invite>,
    more: usize,
) -> Result<(), Error> {
    let (app, workspace) = (ctx.app.clone(), ctx.workspace_id());
    app.mails().check_quota(ctx.read(pass)?.global(), workspace, more).await
}

async fn prepare(
    ctx: &mut WorkspaceContext,
    pass: &Pass<Invite>,
    new: &NewInvitation,
    email: Email,
) -> Result<Invitation, Error> {
    let rules = &ctx.model().blueprint().membership.invitation;
    let (days, start_role) = (rules.days, rules.start_role.clone().map(RoleRef::from));
    check_fields(ctx.model().blueprint(), &new.given)?;
    let name = new.name.as_deref().filter(|name| !name.trim().is_empty());
    let name = name.map(Name::parse).transpose();
    let name = name.map_err(|error| Refusal::field("/name", "bad_name", error.to_string()))?;
    let role = new.access.role.clone().or(start_role);
    let role = role.ok_or_else(|| Refusal::field("/role", "missing", "a role is required"))?;
    let access = access::create(ctx, pass, &role, &new.access).await?;
    check_landing(ctx, new.landing.as_deref())?;
    if access.is_billing_contact {
        ctx.check(TransferBilling).await?;
    }
    check_grantable(ctx, ctx.grantor(), &access)?;
    ctx.check_recent_for(&access.role)?;
    Ok(Invitation {
        id: ctx.id(),
        email,
        name: name.map(Name::into_string),
        access,
        landing: new.landing.clone(),
        state: InvitationState::Pending,
        invited_by: ctx.member_id(),
        invited_at: ctx.now,
        expires_at: expiry(days, ctx.now),
        version: 1,
    })
}

/// Checks that the workspace admits addresses of this domain.
fn check_admitted(ctx: &WorkspaceContext, email: &Email) -> Result<(), Refusal> {
    if ctx.admits(email) {
        return Ok(());
    }
    let domain = email.domain();
    let detail = format!("`{email}`: this workspace does not admit addresses of `{domain}`");
    Err(Refusal::field("/email", "domain_not_allowed", detail))
}

/// Checks that an address is neither a member's nor invited; an invitation that has expired does not
/// count. Returns the removed member of the address.
async fn check_available(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    email: &Email,
) -> Result<Option<MemberId>, Error> {
    let mut former = None;
    let account = ctx.read(pass)?.global().accounts().find_by_email(email).await?;
    if let Some(account) = account {
        let member = ctx.read(pass)?.members().find_by_account(account.id).await?;
        match member.as_ref().map(|member| member.status) {
            Some(Status::Active) => return Err(Refusal::AlreadyMember.into()),
            Some(Status::Inactive) => return Err(Refusal::InactiveMember.into()),
            Some(Status::Removed) | None => former = member.map(|member| member.id),
        }
    }
    let pending = ctx.read(pass)?.invitations().find_pending(email).await?;
    match pending.filter(|pending| !pending.is_expired(ctx.now)) {
        Some(pending) => {
            Err(Refusal::AlreadyInvited { invitation: pending.id.to_string() }.into())
        }
        None => Ok(former),
    }
}

/// Revokes the expired invitation of an address, which another one takes the place of.
async fn revoke_expired(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    email: &Email,
) -> Result<(), Error> {
    if let Some(expired) = ctx.read(pass)?.invitations().find_pending(email).await? {
        ctx.tx(pass)?.invitations().update(&expired.revoke()?).await?;
    }
    Ok(())
}

async fn insert(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    invitation: &Invitation,
) -> Result<(), Error> {
    let token = Token::of(ctx.workspace_id(), ctx.app.random());
    ctx.tx(pass)?.invitations().insert(&token.hash(), invitation).await?;
    send_mail(ctx, pass, invitation, &token).await?;
    let view = audit_view(invitation);
    ctx.record_audit(pass, "invitation.create", invitation.id, &(), &view).await
}

async fn send_mail(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    invitation: &Invitation,
    token: &Token,
) -> Result<(), Error> {
    let snapshot = ctx.snapshot();
    let mail_template = MailTemplate::Invitation {
        workspace: snapshot.workspace.name.to_string(),
        workspace_word: snapshot.blueprint().membership.word("workspace").to_owned(),
        inviter: ctx.actor_name().to_owned(),
        role: snapshot.role_name(&invitation.access.role),
        name: invitation.name.clone(),
        expires_at: invitation.expires_at.to_string(),
        token: token.expose().to_owned(),
    };
    let about = Some((ctx.workspace_id(), invitation.id.to_string()));
    let app = ctx.app.clone();
    app.mails().queue(ctx.tx(pass)?.global(), &invitation.email, mail_template, about).await
}

/// Returns an invitation as the audit log and the export show it.
pub(crate) fn audit_view(invitation: &Invitation) -> Value {
    let access = &invitation.access;
    let levels: BTreeMap<_, _> = access.levels.iter().cloned().collect();
    json!({
        "email": invitation.email.as_str(),
        "role": access.role,
        "levels": levels,
        "visibility": access.visibility.scope().word(),
        "department": access.department.map(|id| id.to_string()),
        "teams": access.teams.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "billing_contact": access.is_billing_contact,
        "landing": invitation.landing,
        "state": invitation.state.word(),
        "expires_at": invitation.expires_at.to_string(),
    })
}

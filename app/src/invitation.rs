//! Invitations: asking people in, and coming in.

pub mod acceptance;

use hallpass_domain::email::Email;
use hallpass_domain::id::InvitationId;
use hallpass_domain::invitation::{Invitation, InvitationState, check_fields, expiry};
use hallpass_domain::mail_template::MailTemplate;
use hallpass_domain::member::{Member, MemberAccess, MemberAccessChange, Status};
use hallpass_domain::model::{ChangeKind, Grantor};
use hallpass_domain::name::Name;
use hallpass_domain::refusal::Refusal;
use hallpass_engine::Change;
use serde_json::{Value, json};

use crate::context::{Actor, WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::gate::permission::{AnyMember, Invite, ReadMembers, RemoveMembers, TransferBilling};
use crate::gate::{Pass, Permission};
use crate::secret::Token;

/// What somebody asks for when they invite.
#[derive(Clone, Debug, Default)]
pub struct NewInvitation {
    /// The address.
    pub email: String,
    /// Their name.
    pub name: Option<String>,
    /// What they get; the role is the start role where none is named.
    pub access: MemberAccessChange,
    /// Where they land.
    pub landing: Option<String>,
    /// The fields that the request named, in its words.
    pub given: Vec<&'static str>,
}

fn no_invitation() -> Error {
    Error::Missing { noun: "invitation" }
}

impl WorkspaceContext {
    /// Invites some people, all of them or none: a mail with a link goes out to each.
    ///
    /// # Errors
    ///
    /// `Denied`; `Fields` with what is wrong; `AlreadyMember`; `AlreadyInvited` with the pending one;
    /// the guards that would say no to the membership.
    pub async fn invite_all(
        &mut self,
        asks: &[NewInvitation],
    ) -> Result<Vec<Invitation>, Error> {
        let pass = self.check(Invite).await?;
        let mut invitations = Vec::new();
        for ask in asks {
            let invitation = self.prepare(&pass, ask).await?;
            self.send_new(&pass, &invitation).await?;
            invitations.push(invitation);
        }
        self.commit(&pass).await?;
        Ok(invitations)
    }

    async fn prepare(
        &mut self,
        pass: &Pass<Invite>,
        ask: &NewInvitation,
    ) -> Result<Invitation, Error> {
        let blueprint = std::sync::Arc::clone(self.model().blueprint());
        check_fields(&blueprint, &ask.given)?;
        let email = Email::parse(&ask.email)
            .map_err(|why| Refusal::field("/email", "bad_email", why.to_string()))?;
        let named = ask.name.as_deref().filter(|name| !name.trim().is_empty());
        let name = named.map(Name::parse).transpose();
        let name = name.map_err(|why| Refusal::field("/name", "bad_name", why.to_string()))?;
        let start = blueprint.membership.invitation.start_role.clone();
        let role = ask.access.role.clone().or(start);
        let role = role.ok_or_else(|| Refusal::field("/role", "missing", "it is missing"))?;
        let named = MemberAccessChange { role: Some(role.clone()), ..ask.access.clone() };
        self.check_references(&named)?;
        self.check_landing(ask.landing.as_deref())?;
        let access = MemberAccess::new(&blueprint, &role).change(&blueprint, &named)?;
        if access.is_billing_contact {
            self.check(TransferBilling).await?;
        }
        self.check_free(pass, &email).await?;
        self.try_access(self.grantor(), &access)?;
        Ok(Invitation {
            id: self.id(),
            email,
            name: name.map(Name::into_string),
            access,
            landing: ask.landing.clone(),
            state: InvitationState::Pending,
            invited_by: self.member_id(),
            invited_at: self.now,
            expires_at: expiry(blueprint.membership.invitation.days, self.now),
            version: 1,
        })
    }

    /// Whether an address is neither a member's nor invited. An invitation that has expired does not
    /// stand in the way: it ends here.
    async fn check_free(
        &mut self,
        pass: &Pass<impl Permission>,
        email: &Email,
    ) -> Result<(), Error> {
        let account = self.tx(pass)?.global().accounts().find_by_email(email).await?;
        if let Some(account) = account {
            let member = self.tx(pass)?.members().find_by_account(account.id).await?;
            if member.is_some_and(|member| member.status != Status::Removed) {
                return Err(Refusal::AlreadyMember.into());
            }
        }
        let Some(pending) = self.tx(pass)?.invitations().find_pending(email).await? else {
            return Ok(());
        };
        if !pending.is_expired(self.now) {
            return Err(Refusal::AlreadyInvited { invitation: pending.id.to_string() }.into());
        }
        let ended = pending.revoke()?;
        self.tx(pass)?.invitations().update(&ended).await?;
        Ok(())
    }

    /// Whether a giver may give a seat to somebody new, with everything that follows from it.
    pub(crate) fn try_access(
        &self,
        grantor: Grantor,
        access: &MemberAccess,
    ) -> Result<(), Error> {
        let someone = hallpass_domain::id::MemberId(uuid::Uuid::max());
        // The flag moves from whoever has it; that is asked for by itself.
        let access = MemberAccess { is_billing_contact: false, ..access.clone() };
        let access = access.to_engine(someone, true);
        let tried =
            self.model().change(grantor, ChangeKind::Join, &[Change::PutMember(access)]);
        tried.map(drop).map_err(Error::from)
    }

    async fn send_new(
        &mut self,
        pass: &Pass<impl Permission>,
        invitation: &Invitation,
    ) -> Result<(), Error> {
        let token = Token::of(self.workspace_id(), self.app.random());
        self.tx(pass)?.invitations().insert(&token.hash(), invitation).await?;
        self.post_invitation(pass, invitation, &token).await?;
        self.record_audit(
            pass,
            "invitation.create",
            invitation.id,
            &(),
            &audit_view(invitation),
        )
        .await
    }

    async fn post_invitation(
        &mut self,
        pass: &Pass<impl Permission>,
        invitation: &Invitation,
        token: &Token,
    ) -> Result<(), Error> {
        let snapshot = self.snapshot();
        let mail_template = MailTemplate::Invitation {
            workspace: snapshot.workspace.name.to_string(),
            workspace_word: snapshot.blueprint().membership.word("workspace").to_owned(),
            inviter: self.actor_name().to_owned(),
            role: snapshot.role_name(&invitation.access.role),
            name: invitation.name.clone(),
            expires_at: invitation.expires_at.to_string(),
            token: token.expose().to_owned(),
        };
        let about = Some((self.workspace_id(), invitation.id.to_string()));
        let app = self.app.clone();
        app.mails()
            .queue(self.tx(pass)?.global(), &invitation.email, mail_template, about)
            .await
    }

    /// Sends an invitation anew: another link, its days begin again, the old link is dead.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`, `InvitationAccepted`, `InvitationRevoked`, and the guards.
    pub async fn resend_invitation(&mut self, id: InvitationId) -> Result<Invitation, Error> {
        let pass = self.check(Invite).await?;
        let before = self.tx(&pass)?.invitations().find(id).await?.ok_or_else(no_invitation)?;
        if before.access.is_billing_contact {
            self.check(TransferBilling).await?;
        }
        let days = self.model().blueprint().membership.invitation.days;
        let after = before.clone().resend(self.member_id(), days, self.now)?;
        self.try_access(self.grantor(), &after.access)?;
        self.tx(&pass)?.invitations().update(&after).await?;
        let token = Token::of(self.workspace_id(), self.app.random());
        self.tx(&pass)?.invitations().replace_token(id, &token.hash()).await?;
        self.post_invitation(&pass, &after, &token).await?;
        self.record_audit(
            &pass,
            "invitation.resend",
            id,
            &audit_view(&before),
            &audit_view(&after),
        )
        .await?;
        self.commit(&pass).await?;
        Ok(Invitation { version: after.version + 1, ..after })
    }

    /// Takes an invitation back: its link is dead.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`, `InvitationAccepted`, `InvitationRevoked`.
    pub async fn revoke_invitation(&mut self, id: InvitationId) -> Result<(), Error> {
        // Whoever may invite may take back, and whoever may remove.
        let may_remove = self.opens(&RemoveMembers);
        let permission =
            if may_remove { RemoveMembers.as_any_of() } else { Invite.as_any_of() };
        let pass = self.check(permission).await?;
        let before = self.tx(&pass)?.invitations().find(id).await?.ok_or_else(no_invitation)?;
        let after = before.clone().revoke()?;
        self.tx(&pass)?.invitations().update(&after).await?;
        self.record_audit(
            &pass,
            "invitation.revoke",
            id,
            &audit_view(&before),
            &audit_view(&after),
        )
        .await?;
        self.commit(&pass).await.map(drop)
    }

    /// A page of invitations, the latest first, and whether there is more.
    ///
    /// # Errors
    ///
    /// `Denied`.
    pub async fn list_invitations(
        &mut self,
        below: Option<InvitationId>,
        limit: usize,
    ) -> Result<InvitationPage, Error> {
        let pass = self.check(ReadMembers).await?;
        let most = i64::try_from(limit).unwrap_or(i64::MAX - 1);
        let mut invitations = self.tx(&pass)?.invitations().list(below, most + 1).await?;
        let has_more = invitations.len() > limit;
        invitations.truncate(limit);
        let total = self.tx(&pass)?.invitations().count().await?;
        let ids: Vec<String> = invitations.iter().map(|one| one.id.to_string()).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let workspace = self.workspace_id();
        let deliveries =
            self.tx(&pass)?.global().mails().find_deliveries(workspace, &ids).await?;
        let undelivered = deliveries
            .into_iter()
            .filter_map(|(about, delivery)| Some((about, delivery.last_error?)))
            .collect();
        Ok(InvitationPage { invitations, has_more, total, undelivered })
    }
}

/// A page of invitations.
pub struct InvitationPage {
    /// The invitations.
    pub invitations: Vec<Invitation>,
    /// Whether there is more.
    pub has_more: bool,
    /// How many there are in all.
    pub total: i64,
    /// Why the mail of some did not go out yet, by the invitation's id.
    pub undelivered: std::collections::HashMap<String, String>,
}

impl WorkspaceContext {
    /// Whether a member may do something in an area now.
    pub(crate) fn may(
        &self,
        id: hallpass_domain::id::MemberId,
        area: &str,
        verb: &str,
    ) -> bool {
        let policy = self.policy();
        let opened = self.model().blueprint().area(area, verb);
        let member = self.model().index(id);
        opened.zip(member).is_some_and(|((resource, action), member)| {
            let cell = policy.cell(resource, action);
            cell.is_some_and(|cell| policy.decide(member, cell, hallpass_engine::Target::Any))
        })
    }

    /// Whether a door is open to whoever visits. It lets nobody in: that is what a pass is for.
    pub(crate) fn opens<D: crate::gate::Permission>(&self, permission: &D) -> bool {
        let Some(me) = self.member_id() else { return matches!(self.actor, Actor::Operator) };
        match permission.area() {
            Some((area, verb)) => self.may(me, area, verb),
            None => permission.is_open_to_members(),
        }
    }

    /// The member of whoever visits.
    ///
    /// # Errors
    ///
    /// `Missing` for the operator.
    pub async fn mine(&mut self) -> Result<Member, Error> {
        let pass = self.check(AnyMember).await?;
        let id = self.member_id().ok_or_else(no_workspace)?;
        self.present_member(&pass, id).await
    }
}

/// What the audit log says of an invitation.
pub(crate) fn audit_view(invitation: &Invitation) -> Value {
    let access = &invitation.access;
    json!({
        "email": invitation.email.as_str(),
        "role": access.role,
        "levels": access.levels.iter().cloned().collect::<std::collections::BTreeMap<_, _>>(),
        "billing_contact": access.is_billing_contact,
        "state": invitation.state.word(),
        "expires_at": invitation.expires_at.to_string(),
    })
}

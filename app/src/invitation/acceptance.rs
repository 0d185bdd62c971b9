//! Accepting an invitation: whoever has its link comes in, with an account or with a new one.

use hallpass_domain::account::Account;
use hallpass_domain::invitation::{Invitation, Lapse};
use hallpass_domain::member::{Member, Status};
use hallpass_domain::model::{ChangeKind, Grantor};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::workspace::Workspace;
use hallpass_engine::Change;

use super::{audit_view, no_invitation};
use crate::account::SignUp;
use crate::app::App;
use crate::context::{Actor, WorkspaceContext};
use crate::error::Error;
use crate::gate::permission::Credential;
use crate::gate::{Pass, Permission};
use crate::principal::Principal;
use crate::secret::Token;
use crate::session::Origin;

/// An invitation as whoever has the link sees it.
#[derive(Clone, Debug)]
pub struct InvitationPreview {
    /// The invitation.
    pub invitation: Invitation,
    /// The workspace.
    pub workspace: Workspace,
    /// The name of the role.
    pub role_name: String,
    /// The name of whoever invited.
    pub inviter: String,
}

/// What came of accepting an invitation.
#[derive(Clone, Debug)]
pub struct Acceptance {
    /// The workspace.
    pub workspace: Workspace,
    /// Who they are there.
    pub member: Member,
    /// What the invitation promised and nobody can give any more.
    pub lapsed: Option<Lapse>,
}

/// Until it is known whose the link is.
const LINK: Actor = Actor::Outside("whoever has the link");

impl App {
    /// Shows an invitation to whoever has its link. It changes nothing (HARMONIA-52).
    ///
    /// # Errors
    ///
    /// `Missing` when there is no such link.
    pub async fn show_invitation(&self, token: &Token) -> Result<InvitationPreview, Error> {
        let id = token.workspace().ok_or_else(no_invitation)?;
        let tx = self.db().read_in(id.0).await?.ok_or_else(no_invitation)?;
        let mut ctx = self.open_context(tx, LINK, String::new()).await?;
        let (invitation, pass) = ctx.check_link(token).await?;
        ctx.shown(&pass, invitation).await
    }

    /// Accepts an invitation as somebody who has signed in. Whoever invited must still be able to
    /// give what it gives; the billing contact alone may stay behind (AMB-HALO-5).
    ///
    /// # Errors
    ///
    /// `Missing`; `InvitationExpired`, `InvitationRevoked`, `InvitationAccepted`; `WrongAccount`;
    /// `AlreadyMember`; `InvitationOutdated`.
    pub async fn accept_invitation(
        &self,
        principal: &Principal,
        token: &Token,
    ) -> Result<Acceptance, Error> {
        let (mut ctx, asked, pass) = self.answer(token, &principal.request).await?;
        let account =
            ctx.tx(&pass)?.global().accounts().find_for_update(principal.person()?).await?;
        let account = account.ok_or(Error::NotSignedIn)?;
        let (member, lapsed) = ctx.join(&pass, asked, &account).await?;
        ctx.commit(&pass).await?;
        Ok(Acceptance { workspace: ctx.snapshot().workspace.clone(), member, lapsed })
    }

    /// Accepts an invitation with a password: as somebody new, with an account and a session, for
    /// the link has proven the address; or as whoever has the account already, without a session.
    /// The latter is how somebody who was deactivated everywhere else, and cannot sign in, comes in.
    ///
    /// # Errors
    ///
    /// As for [`App::accept_invitation`]; `Fields` with what is wrong about the account;
    /// `AddressTaken` when there is one and the password is another; `TooMany` after several.
    pub async fn accept_with_password(
        &self,
        token: &Token,
        ask: &SignUp,
        origin: &Origin,
        request: &str,
    ) -> Result<(Option<Token>, Acceptance), Error> {
        let shown = self.show_invitation(token).await?;
        let email = shown.invitation.email.clone();
        // What cannot be accepted any more makes no account.
        shown.invitation.open(self.now())?;
        let is_known =
            self.db().read().await?.accounts().find_by_email(&email).await?.is_some();
        if is_known {
            let Some(account) =
                self.sessions().verify_password(&email, &ask.password, origin).await?
            else {
                self.sessions()
                    .record_failure(self.db().write().await?, &email, origin)
                    .await?;
                return Err(Refusal::AddressTaken.into());
            };
            let (mut ctx, asked, pass) = self.answer(token, request).await?;
            // Held, so that nobody is made a member whose account is being deleted.
            let held = ctx.tx(&pass)?.global().accounts().find_for_update(account.id).await?;
            let account = held.ok_or(Refusal::BadCredentials)?;
            let (member, lapsed) = ctx.join(&pass, asked, &account).await?;
            ctx.commit(&pass).await?;
            let workspace = ctx.snapshot().workspace.clone();
            return Ok((None, Acceptance { workspace, member, lapsed }));
        }
        let ask = SignUp { email: email.as_str().to_owned(), ..ask.clone() };
        let account = self.accounts().build(&ask, Some(self.now())).await?;
        let (mut ctx, asked, pass) = self.answer(token, request).await?;
        if ctx.tx(&pass)?.global().accounts().find_by_email(&account.email).await?.is_some() {
            return Err(Refusal::AddressTaken.into());
        }
        let added = ctx.tx(&pass)?.global().accounts().insert(&account).await;
        added.map_err(|error| Error::on_conflict(error, Refusal::AddressTaken))?;
        let (member, lapsed) = ctx.join(&pass, asked, &account).await?;
        let session =
            self.sessions().insert(ctx.tx(&pass)?.global(), account.id, origin).await?;
        ctx.commit(&pass).await?;
        let workspace = ctx.snapshot().workspace.clone();
        Ok((Some(session), Acceptance { workspace, member, lapsed }))
    }

    /// Begins the visit of whoever has a link, with the invitation that it leads to.
    async fn answer(
        &self,
        token: &Token,
        request: &str,
    ) -> Result<(WorkspaceContext, Invitation, Pass<Credential>), Error> {
        let id = token.workspace().ok_or_else(no_invitation)?;
        let tx = self.db().write_in(id.0).await?.ok_or_else(no_invitation)?;
        let mut ctx = self.open_context(tx, LINK, request.to_owned()).await?;
        let (invitation, pass) = ctx.check_link(token).await?;
        Ok((ctx, invitation, pass))
    }
}

impl WorkspaceContext {
    async fn shown(
        &mut self,
        pass: &Pass<impl Permission>,
        invitation: Invitation,
    ) -> Result<InvitationPreview, Error> {
        let inviters: Vec<_> = invitation.invited_by.into_iter().collect();
        let names = self.tx(pass)?.members().names(&inviters).await?;
        let inviter = invitation.invited_by.and_then(|id| names.get(&id).cloned());
        Ok(InvitationPreview {
            workspace: self.snapshot().workspace.clone(),
            role_name: self.snapshot().role_name(&invitation.access.role),
            inviter: inviter.unwrap_or_else(|| "the operator".to_owned()),
            invitation,
        })
    }

    /// Makes an account a member, as an invitation says, and keeps everything but the commit.
    async fn join(
        &mut self,
        pass: &Pass<impl Permission>,
        before: Invitation,
        account: &Account,
    ) -> Result<(Member, Option<Lapse>), Error> {
        let known = self.tx(pass)?.members().find_by_account(account.id).await?;
        let accepted = before.clone().open(self.now)?.accept(&account.email)?;
        if known.as_ref().is_some_and(|member| member.status != Status::Removed) {
            return Err(Refusal::AlreadyMember.into());
        }
        let grantor = accepted.invited_by.map_or(Grantor::Operator, Grantor::Member);
        let (accepted, lapsed) = if self.may_hand_billing_over(grantor) {
            (accepted, None)
        } else {
            accepted.without_billing()
        };
        let (access, landing) = (accepted.access.clone(), accepted.landing.clone());
        let fresh = self.app.accounts().new_member(account, access, landing);
        let fresh = Member { role_by: accepted.invited_by, ..fresh };
        // Somebody who comes back is the same member: what they owned is still theirs.
        let member = match &known {
            Some(known) => Member { id: known.id, version: known.version, ..fresh },
            None => fresh,
        };
        self.actor = Actor::Member { id: member.id, name: member.name() };
        self.create_membership(pass, grantor, &member, known.as_ref()).await?;
        let is_kept = match &known {
            Some(_) => self.tx(pass)?.members().update(&member).await?,
            None => {
                self.tx(pass)?.members().insert(&member).await?;
                true
            }
        };
        if !is_kept || !self.tx(pass)?.invitations().update(&accepted).await? {
            return Err(Refusal::Stale.into());
        }
        let workspace = self.workspace_id();
        self.tx(pass)?.global().accounts().add_workspace(account.id, workspace).await?;
        self.record_audit(
            pass,
            "invitation.accept",
            accepted.id,
            &audit_view(&before),
            &audit_view(&accepted),
        )
        .await?;
        Ok((member, lapsed))
    }

    /// Asks every guard whether the seat can still be given by whoever gave it.
    async fn create_membership(
        &mut self,
        pass: &Pass<impl Permission>,
        grantor: Grantor,
        member: &Member,
        known: Option<&Member>,
    ) -> Result<(), Error> {
        if let Grantor::Member(id) = grantor
            && !self.may(id, "members", "create")
        {
            let why = "they may not invite".to_owned();
            return Err(Refusal::InvitationOutdated { why }.into());
        }
        // The flag is handed over beside the rest: its holder gives what goes with it, and no more.
        let mut access = member.to_engine();
        access.is_billing_contact = false;
        // Somebody who comes back still owns what they owned: they are there before they are put
        // anywhere, so that the giver is asked about their records as about anybody's.
        let alone = hallpass_engine::Member {
            teams: Vec::new(),
            department: None,
            manager: None,
            ..access.clone()
        };
        let mut taken = Ok(());
        if known.is_some() {
            taken = self.apply_for(grantor, ChangeKind::Join, &[Change::PutMember(alone)]);
        }
        let taken = taken.and_then(|()| {
            self.apply_for(grantor, ChangeKind::Join, &[Change::PutMember(access)])
        });
        taken.map_err(|error| {
            if let Error::Refused(refusal) = error {
                return Refusal::InvitationOutdated { why: refusal.to_string() }.into();
            }
            error
        })?;
        if member.access.is_billing_contact {
            self.billing().move_contact(pass, member).await
        } else {
            Ok(())
        }
    }

    fn may_hand_billing_over(&self, grantor: Grantor) -> bool {
        match grantor {
            Grantor::Operator => true,
            Grantor::Member(id) => self.may(id, "billing", "transfer"),
        }
    }
}

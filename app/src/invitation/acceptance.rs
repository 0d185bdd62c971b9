//! Acceptance: a person with the link of an invitation becomes a member, with or without an account.

use hallpass_domain::account::Account;
use hallpass_domain::email::Email;
use hallpass_domain::invitation::{Invitation, Lapse, Outdated};
use hallpass_domain::mail_template::MailTemplate;
use hallpass_domain::member::{Member, Status};
use hallpass_domain::model::{ChangeKind, Grantor};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::session::authentication::{Authentications, Method};
use hallpass_domain::workspace::Workspace;
use hallpass_engine::Change;

use super::outdated::{may_invite, names_missing, outdated};
use super::{audit_view, no_invitation};
use crate::account::SignUp;
use crate::app::App;
use crate::boxed;
use crate::context::{Actor, WorkspaceContext};
use crate::dry_run::Newcomer;
use crate::error::Error;
use crate::gate::permission::Credential;
use crate::gate::{Pass, Permission, WritePermission};
use crate::member::may_sign_in;
use crate::origin::Origin;
use crate::principal::Principal;
use crate::secret::Token;

/// An invitation, as the holder of its link sees it.
#[derive(Clone, Debug)]
pub struct InvitationPreview {
    /// The invitation.
    pub invitation: Invitation,
    /// The workspace.
    pub workspace: Workspace,
    /// The name of the role.
    pub role_name: String,
    /// The name of the member who invited.
    pub inviter: String,
    /// Why it can no longer be accepted, if it is pending.
    pub outdated: Option<Outdated>,
    /// The names of what the navigation of the new member would show.
    pub opens: Vec<String>,
}

/// The result of an acceptance.
#[derive(Clone, Debug)]
pub struct Acceptance {
    /// The workspace.
    pub workspace: Workspace,
    /// The new member.
    pub member: Member,
    /// What the invitation promised and its sender may no longer give.
    pub lapsed: Option<Lapse>,
}

/// The actor until the account is known.
const LINK_HOLDER: Actor = Actor::Outside("the holder of the link");

/// The links of invitations to every workspace.
pub struct InvitationLinks<'a>(pub(crate) &'a App);

impl InvitationLinks<'_> {
    /// Loads the invitation of a link, and changes nothing (HARMONIA-52).
    ///
    /// # Errors
    ///
    /// `Missing` for an unknown link.
    #[boxed]
    pub async fn load(&self, token: &Token) -> Result<InvitationPreview, Error> {
        let id = token.workspace().ok_or_else(no_invitation)?;
        let tx = self.0.db().read_in(id.0).await?.ok_or_else(no_invitation)?;
        let mut ctx = self.0.open_context(tx, LINK_HOLDER, String::new()).await?;
        let (invitation, pass) = ctx.check_link(token).await?;
        preview(&mut ctx, &pass, invitation).await
    }

    /// Accepts an invitation as a user who is signed in. Its sender must still be able to give what it
    /// gives, apart from the billing contact, which lapses (AMB-HALO-5).
    ///
    /// # Errors
    ///
    /// `Missing`; `InvitationExpired`, `InvitationRevoked`, `InvitationAccepted`; `WrongAccount`;
    /// `AlreadyMember`; `InvitationOutdated`.
    #[boxed]
    pub async fn accept(
        &self,
        principal: &Principal,
        token: &Token,
    ) -> Result<Acceptance, Error> {
        let (mut ctx, invitation, pass) = self.enter(token, &principal.request).await?;
        let mut accounts = ctx.tx(&pass)?.global().accounts();
        let account = accounts.find_for_update(principal.holder()?).await?;
        let mut account = account.ok_or(Error::NotSignedIn)?;
        // The link was mailed to the address.
        if account.confirmed_at.is_none() && account.email == invitation.email {
            let session = Some(principal.session()?);
            let tx = ctx.tx(&pass)?.global();
            account = self.0.accounts().confirm(tx, account, session).await?;
        }
        join(&mut ctx, &pass, invitation, &account).await
    }

    /// Accepts an invitation with a password. A new user gets an account and a session, as the link
    /// has proven the address; so does one whose address has an account that was never confirmed, which
    /// becomes theirs. The user of another account gets no session: that is the way in for one who is
    /// inactive in every other workspace and cannot sign in.
    ///
    /// # Errors
    ///
    /// Those of [`InvitationLinks::accept`]; `AddressTaken` when the account has another password;
    /// `TooMany` after several attempts.
    #[boxed]
    pub async fn accept_with_password(
        &self,
        token: &Token,
        sign_up: &SignUp,
        origin: &Origin,
        request: &str,
    ) -> Result<(Option<Token>, Acceptance), Error> {
        let InvitationPreview { invitation, workspace, .. } = self.load(token).await?;
        let workspace = workspace.name.as_str();
        let email = invitation.email.clone();
        // An invitation that cannot be accepted creates no account.
        invitation.open(self.0.now())?;
        let known = self.0.db().read().await?.accounts().find_by_email(&email).await?;
        let is_confirmed = known.as_ref().is_some_and(|known| known.confirmed_at.is_some());
        if let Some(account) = known.filter(|_| !is_confirmed) {
            let account = self.claimed(account, sign_up, workspace).await?;
            return self.accept_for_claimed(token, account, origin, request).await;
        }
        if is_confirmed {
            let sessions = self.0.sessions();
            let verified =
                sessions.verify_password(&email, sign_up.password.expose(), origin).await?;
            // Another account may claim the address, with another password.
            let verified = verified.filter(|account| account.confirmed_at.is_some());
            let account = verified.ok_or(Error::Refused(Refusal::AddressTaken))?;
            let (mut ctx, invitation, pass) = self.enter(token, request).await?;
            // Locked, so that an account that is being deleted does not become a member.
            let mut accounts = ctx.tx(&pass)?.global().accounts();
            let locked = accounts.find_for_update(account.id).await?;
            let account = locked.ok_or(Refusal::BadCredentials)?;
            return Ok((None, join(&mut ctx, &pass, invitation, &account).await?));
        }
        let sign_up = SignUp { email: email.as_str().to_owned(), ..sign_up.clone() };
        let account =
            self.0.accounts().build(&sign_up, Some(self.0.now()), Some(workspace)).await?;
        let (mut ctx, invitation, pass) = self.enter(token, request).await?;
        let tx = ctx.tx(&pass)?.global();
        self.0.accounts().insert_confirmed(tx, &account).await?;
        let (member, lapsed) = apply(&mut ctx, &pass, invitation, &account).await?;
        let authentications = Authentications::of(Method::Link, self.0.now());
        let tx = ctx.tx(&pass)?.global();
        let session = self.0.sessions().start(tx, account.id, authentications, origin).await?;
        ctx.commit(&pass).await?;
        let workspace = ctx.snapshot().workspace.clone();
        Ok((Some(session), Acceptance { workspace, member, lapsed }))
    }

    /// An account that was never confirmed, as the holder of a link to its address takes it over.
    async fn claimed(
        &self,
        account: Account,
        sign_up: &SignUp,
        workspace: &str,
    ) -> Result<Account, Error> {
        let account = if sign_up.first_name.is_empty() {
            account
        } else {
            let sign_up =
                SignUp { email: account.email.as_str().to_owned(), ..sign_up.clone() };
            let named = self.0.accounts().build(&sign_up, None, Some(workspace)).await?;
            Account { first_name: named.first_name, last_name: named.last_name, ..account }
        };
        let (accounts, new) = (self.0.accounts(), sign_up.password.expose());
        accounts.with_password(account, new, "/password", Some(workspace)).await
    }

    async fn accept_for_claimed(
        &self,
        token: &Token,
        account: Account,
        origin: &Origin,
        request: &str,
    ) -> Result<(Option<Token>, Acceptance), Error> {
        let (mut ctx, invitation, pass) = self.enter(token, request).await?;
        let tx = ctx.tx(&pass)?.global();
        // The update fails if another request has confirmed it since.
        let account = self.0.accounts().confirm(tx, account, None).await?;
        let (member, lapsed) = apply(&mut ctx, &pass, invitation, &account).await?;
        let authentications = Authentications::of(Method::Link, self.0.now());
        let tx = ctx.tx(&pass)?.global();
        let session = self.0.sessions().start(tx, account.id, authentications, origin).await?;
        ctx.commit(&pass).await?;
        let workspace = ctx.snapshot().workspace.clone();
        Ok((Some(session), Acceptance { workspace, member, lapsed }))
    }

    /// Enters a workspace with a link, to accept its invitation.
    async fn enter(
        &self,
        token: &Token,
        request: &str,
    ) -> Result<(WorkspaceContext, Invitation, Pass<Credential>), Error> {
        let id = token.workspace().ok_or_else(no_invitation)?;
        let tx = self.0.write_in(id).await?.ok_or_else(no_invitation)?;
        let mut ctx = self.0.open_context(tx, LINK_HOLDER, request.to_owned()).await?;
        let (invitation, pass) = ctx.check_link(token).await?;
        Ok((ctx, invitation, pass))
    }
}

async fn preview(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    invitation: Invitation,
) -> Result<InvitationPreview, Error> {
    let inviters: Vec<_> = invitation.invited_by.into_iter().collect();
    let names = ctx.read(pass)?.members().names(&inviters).await?;
    let inviter = invitation.invited_by.and_then(|id| names.get(&id).cloned());
    let (email, access) = (invitation.email.clone(), invitation.access.clone());
    let newcomer = Newcomer::Person { email, access, former: None };
    let shown = newcomer.navigation(ctx.snapshot());
    let resources = ctx.policy().resources().iter();
    let opens = resources.filter(|known| shown.contains(&known.key));
    Ok(InvitationPreview {
        opens: opens.map(|known| known.name.clone()).collect(),
        workspace: ctx.snapshot().workspace.clone(),
        role_name: ctx.snapshot().role_name(&invitation.access.role),
        inviter: inviter.unwrap_or_else(|| "the operator".to_owned()),
        outdated: outdated(ctx, &invitation),
        invitation,
    })
}

/// Makes an account a member, as an invitation says, and commits.
async fn join(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    invitation: Invitation,
    account: &Account,
) -> Result<Acceptance, Error> {
    let (member, lapsed) = apply(ctx, pass, invitation, account).await?;
    ctx.commit(pass).await?;
    Ok(Acceptance { workspace: ctx.snapshot().workspace.clone(), member, lapsed })
}

/// Makes an account a member by the invitation of its address, which an identity provider speaks for,
/// without a commit.
pub(crate) async fn join_by_invitation(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    invitation: Invitation,
    account: &Account,
) -> Result<(), Error> {
    apply(ctx, pass, invitation, account).await.map(drop)
}

/// Makes an account a member, as an invitation says, without a commit.
async fn apply(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    before: Invitation,
    account: &Account,
) -> Result<(Member, Option<Lapse>), Error> {
    let former = ctx.read(pass)?.members().find_by_account(account.id).await?;
    let accepted = before.clone().open(ctx.now)?.accept(&account.email)?;
    if former.as_ref().is_some_and(|member| member.status != Status::Removed) {
        return Err(Refusal::AlreadyMember.into());
    }
    if names_missing(ctx, &accepted) {
        return Err(Refusal::from(Outdated::Contents).into());
    }
    let grantor = accepted.invited_by.map_or(Grantor::Operator, Grantor::Member);
    let (accepted, lapsed) = if may_transfer_billing(ctx, grantor) {
        (accepted, None)
    } else {
        accepted.without_billing()
    };
    let (access, landing) = (accepted.access.clone(), accepted.landing.clone());
    let member = ctx.app.accounts().new_member(account, access, landing);
    let member = Member { role_by: accepted.invited_by, ..member };
    // A removed member who comes back is the same member, with the records that they owned.
    let member = match &former {
        Some(former) => Member { id: former.id, version: former.version, ..member },
        None => member,
    };
    ctx.actor = Actor::Member { id: member.id, name: member.name() };
    // Boxed, to keep the futures of an acceptance small.
    Box::pin(check_guards(ctx, pass, grantor, &member, former.is_some())).await?;
    let is_current = if former.is_some() {
        ctx.tx(pass)?.members().update(&member).await?
    } else {
        ctx.tx(pass)?.members().insert(&member).await?;
        true
    };
    if !is_current || !ctx.tx(pass)?.invitations().update(&accepted).await? {
        return Err(Refusal::Stale.into());
    }
    let workspace = ctx.workspace_id();
    let mut accounts = ctx.tx(pass)?.global().accounts();
    accounts.add_workspace(account.id, workspace).await?;
    if !accounts.may_sign_in(account.id).await? {
        return Err(Refusal::BadCredentials.into());
    }
    let (was, is) = (audit_view(&before), audit_view(&accepted));
    let subjects = (accepted.id, vec![member.id.to_string()]);
    let audited = ctx.record_audit_of(pass, "invitation.accept", subjects, &was, &is);
    Box::pin(audited).await?;
    if let Some(inviter) = accepted.invited_by {
        let workspace = ctx.snapshot().workspace.name.to_string();
        let (about, joined) = (accepted.id.to_string(), member.name());
        ctx.notify(pass, (inviter, "invitation_accepted"), about, |first_name| {
            let first_name = first_name.to_owned();
            MailTemplate::InvitationAccepted { workspace, first_name, member: joined }
        })
        .await?;
    }
    Ok((member, lapsed))
}

/// Applies the membership with every guard, on behalf of the sender of the invitation.
async fn check_guards(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    grantor: Grantor,
    member: &Member,
    is_former: bool,
) -> Result<(), Error> {
    let is_admitted = Email::parse(&member.email).is_ok_and(|email| ctx.admits(&email));
    if !is_admitted {
        return Err(Refusal::from(Outdated::Address).into());
    }
    if let Grantor::Member(id) = grantor
        && !(may_invite(ctx, id, &member.access.teams) && may_sign_in(ctx, pass, id).await?)
    {
        return Err(Refusal::from(Outdated::Grantor).into());
    }
    // The flag of the billing contact moves by itself, as its holder has what goes with it.
    let mut access = member.to_engine();
    access.is_billing_contact = false;
    let mut steps = Vec::new();
    if is_former {
        // They own records: they join without teams, department and manager first, so that the guards
        // see what the sender gains in those records, like in those of any other member.
        steps.push(hallpass_engine::Member {
            teams: Vec::new(),
            department: None,
            manager: None,
            ..access.clone()
        });
    }
    steps.push(access);
    for step in steps {
        let applied = ctx.apply_for(grantor, ChangeKind::Join, &[Change::PutMember(step)]);
        applied.map_err(|error| match error {
            // The invited person reads no rights of others.
            Error::Refused(_) => Refusal::from(Outdated::Grantor).into(),
            Error::NotSignedIn
            | Error::StepUp(_)
            | Error::SecondFactor(_)
            | Error::Denied(_)
            | Error::Missing { .. }
            | Error::DryRun
            | Error::Unconfirmed(_)
            | Error::TooSlow
            | Error::StorageFull(_)
            | Error::StorageFailing(_)
            | Error::Broken(_) => error,
        })?;
    }
    if member.access.is_billing_contact {
        ctx.billing().move_contact(pass, member).await?;
    }
    Ok(())
}

fn may_transfer_billing(ctx: &WorkspaceContext, grantor: Grantor) -> bool {
    match grantor {
        Grantor::Operator => true,
        Grantor::Member(id) => ctx.may(id, "billing", "transfer"),
    }
}

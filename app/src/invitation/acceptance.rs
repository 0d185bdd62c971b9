//! Accepting an invitation: whoever has its link comes in, with an account or with a new one.

use hallpass_domain::account::Account;
use hallpass_domain::invitation::{Invitation, Lapse};
use hallpass_domain::member::{Member, Status};
use hallpass_domain::model::{Deed, Giver};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::workspace::Workspace;
use hallpass_engine::Change;

use super::{facts, no_invitation};
use crate::account::SignUp;
use crate::caller::Caller;
use crate::error::Error;
use crate::gate::door::Proof;
use crate::gate::{Door, Pass};
use crate::house::House;
use crate::secret::Token;
use crate::session::Origin;
use crate::visit::{Me, Visit};

/// An invitation as whoever has the link sees it.
#[derive(Clone, Debug)]
pub struct Shown {
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
pub struct Joined {
    /// The workspace.
    pub workspace: Workspace,
    /// Who they are there.
    pub member: Member,
    /// What the invitation promised and nobody can give any more.
    pub lapsed: Option<Lapse>,
}

/// Until it is known whose the link is.
const LINK: Me = Me::Outside("whoever has the link");

impl House {
    /// Shows an invitation to whoever has its link. It changes nothing (HARMONIA-52).
    ///
    /// # Errors
    ///
    /// `Missing` when there is no such link.
    pub async fn show_invitation(&self, token: &Token) -> Result<Shown, Error> {
        let id = token.workspace().ok_or_else(no_invitation)?;
        let tx = self.db().read_in(id.0).await?.ok_or_else(no_invitation)?;
        let mut visit = self.begin_as(tx, LINK, String::new()).await?;
        let (invitation, pass) = visit.check_link(token).await?;
        visit.shown(&pass, invitation).await
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
        caller: &Caller,
        token: &Token,
    ) -> Result<Joined, Error> {
        let (mut visit, asked, pass) = self.answer(token, &caller.request).await?;
        let account = visit.tx(&pass)?.global().accounts().hold(caller.person()?).await?;
        let account = account.ok_or(Error::NotSignedIn)?;
        let (member, lapsed) = visit.join(&pass, asked, &account).await?;
        visit.commit(&pass).await?;
        Ok(Joined { workspace: visit.snapshot().workspace.clone(), member, lapsed })
    }

    /// Accepts an invitation with a password: as somebody new, with an account and a session, for
    /// the link has proven the address; or as whoever has the account already, without a session.
    /// The latter is how somebody who was deactivated everywhere else, and cannot sign in, comes in.
    ///
    /// # Errors
    ///
    /// As for [`House::accept_invitation`]; `Fields` with what is wrong about the account;
    /// `AddressTaken` when there is one and the password is another; `TooMany` after several.
    pub async fn accept_with_password(
        &self,
        token: &Token,
        ask: &SignUp,
        origin: &Origin,
        request: &str,
    ) -> Result<(Option<Token>, Joined), Error> {
        let shown = self.show_invitation(token).await?;
        let email = shown.invitation.email.clone();
        // What cannot be accepted any more makes no account.
        shown.invitation.open(self.now())?;
        let is_known = self.db().read().await?.accounts().by_email(&email).await?.is_some();
        if is_known {
            let Some(account) = self.recognize(&email, &ask.password, origin).await? else {
                self.count_failure(self.db().write().await?, &email, origin).await?;
                return Err(Refusal::AddressTaken.into());
            };
            let (mut visit, asked, pass) = self.answer(token, request).await?;
            // Held, so that nobody is made a member whose account is being deleted.
            let held = visit.tx(&pass)?.global().accounts().hold(account.id).await?;
            let account = held.ok_or(Refusal::BadCredentials)?;
            let (member, lapsed) = visit.join(&pass, asked, &account).await?;
            visit.commit(&pass).await?;
            let workspace = visit.snapshot().workspace.clone();
            return Ok((None, Joined { workspace, member, lapsed }));
        }
        let ask = SignUp { email: email.as_str().to_owned(), ..ask.clone() };
        let account = self.new_account(&ask, Some(self.now())).await?;
        let (mut visit, asked, pass) = self.answer(token, request).await?;
        if visit.tx(&pass)?.global().accounts().by_email(&account.email).await?.is_some() {
            return Err(Refusal::AddressTaken.into());
        }
        let added = visit.tx(&pass)?.global().accounts().add(&account).await;
        added.map_err(|error| Error::of_slower(error, Refusal::AddressTaken))?;
        let (member, lapsed) = visit.join(&pass, asked, &account).await?;
        let session = self.open_session(visit.tx(&pass)?.global(), account.id, origin).await?;
        visit.commit(&pass).await?;
        let workspace = visit.snapshot().workspace.clone();
        Ok((Some(session), Joined { workspace, member, lapsed }))
    }

    /// Begins the visit of whoever has a link, with the invitation that it leads to.
    async fn answer(
        &self,
        token: &Token,
        request: &str,
    ) -> Result<(Visit, Invitation, Pass<Proof>), Error> {
        let id = token.workspace().ok_or_else(no_invitation)?;
        let tx = self.db().write_in(id.0).await?.ok_or_else(no_invitation)?;
        let mut visit = self.begin_as(tx, LINK, request.to_owned()).await?;
        let (invitation, pass) = visit.check_link(token).await?;
        Ok((visit, invitation, pass))
    }
}

impl Visit {
    async fn shown(
        &mut self,
        pass: &Pass<impl Door>,
        invitation: Invitation,
    ) -> Result<Shown, Error> {
        let inviters: Vec<_> = invitation.invited_by.into_iter().collect();
        let names = self.tx(pass)?.members().names(&inviters).await?;
        let inviter = invitation.invited_by.and_then(|id| names.get(&id).cloned());
        Ok(Shown {
            workspace: self.snapshot().workspace.clone(),
            role_name: self.snapshot().role_name(&invitation.seat.role),
            inviter: inviter.unwrap_or_else(|| "the operator".to_owned()),
            invitation,
        })
    }

    /// Makes an account a member, as an invitation says, and keeps everything but the commit.
    async fn join(
        &mut self,
        pass: &Pass<impl Door>,
        before: Invitation,
        account: &Account,
    ) -> Result<(Member, Option<Lapse>), Error> {
        let known = self.tx(pass)?.members().by_account(account.id).await?;
        let accepted = before.clone().open(self.now)?.accept(&account.email)?;
        if known.as_ref().is_some_and(|member| member.status != Status::Removed) {
            return Err(Refusal::AlreadyMember.into());
        }
        let giver = accepted.invited_by.map_or(Giver::Operator, Giver::Member);
        let (accepted, lapsed) = if self.may_hand_billing_over(giver) {
            (accepted, None)
        } else {
            accepted.without_billing()
        };
        let (seat, landing) = (accepted.seat.clone(), accepted.landing.clone());
        let fresh = self.house.new_member(account, seat, landing);
        let fresh = Member { role_by: accepted.invited_by, ..fresh };
        // Somebody who comes back is the same member: what they owned is still theirs.
        let member = match &known {
            Some(known) => Member { id: known.id, version: known.version, ..fresh },
            None => fresh,
        };
        self.me = Me::Member { id: member.id, name: member.name() };
        self.take_seat(pass, giver, &member, known.as_ref()).await?;
        let is_kept = match &known {
            Some(_) => self.tx(pass)?.members().save(&member).await?,
            None => {
                self.tx(pass)?.members().add(&member).await?;
                true
            }
        };
        if !is_kept || !self.tx(pass)?.invitations().save(&accepted).await? {
            return Err(Refusal::Stale.into());
        }
        let workspace = self.workspace();
        self.tx(pass)?.global().accounts().enter(account.id, workspace).await?;
        self.note(pass, "invitation.accept", accepted.id, &facts(&before), &facts(&accepted))
            .await?;
        Ok((member, lapsed))
    }

    /// Asks every guard whether the seat can still be given by whoever gave it.
    async fn take_seat(
        &mut self,
        pass: &Pass<impl Door>,
        giver: Giver,
        member: &Member,
        known: Option<&Member>,
    ) -> Result<(), Error> {
        if let Giver::Member(id) = giver
            && !self.may(id, "members", "create")
        {
            let why = "they may not invite".to_owned();
            return Err(Refusal::InvitationOutdated { why }.into());
        }
        // The flag is handed over beside the rest: its holder gives what goes with it, and no more.
        let mut access = member.access();
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
            taken = self.alter_for(giver, Deed::Join, &[Change::PutMember(alone)]);
        }
        let taken = taken
            .and_then(|()| self.alter_for(giver, Deed::Join, &[Change::PutMember(access)]));
        taken.map_err(|error| {
            if let Error::Refused(refusal) = error {
                return Refusal::InvitationOutdated { why: refusal.to_string() }.into();
            }
            error
        })?;
        if member.seat.is_billing_contact {
            self.move_contact(pass, member).await
        } else {
            Ok(())
        }
    }

    fn may_hand_billing_over(&self, giver: Giver) -> bool {
        match giver {
            Giver::Operator => true,
            Giver::Member(id) => self.may(id, "billing", "transfer"),
        }
    }
}

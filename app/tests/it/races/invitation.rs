//! Invitations at once: accepted twice, accepted and revoked, and one address invited twice.

use hallpass_app::invitation::NewInvitation;
use hallpass_app::member::access::AccessChange;
use hallpass_app::secret::Token;
use hallpass_app::{App, Error, Principal};
use hallpass_domain::id::{InvitationId, MemberId, WorkspaceId};
use hallpass_domain::invitation::Invitation;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Timestamp;
use hallpass_store::Value;
use uuid::Uuid;

use super::arena::{Database, Race, RaceWorkspace, Racer, Way, both, run};
use super::bare::Bare;
use hallpass_testkit::test_size::either;

const BLUEPRINT: &str = "standard";

/// What is asked of an invitation.
#[derive(Clone)]
enum Answer {
    Accept(Principal, Token),
    Revoke(Principal),
}

async fn answer(
    app: App,
    workspace: WorkspaceId,
    id: InvitationId,
    answer: Answer,
) -> Result<i64, Error> {
    match answer {
        Answer::Accept(principal, link) => {
            app.invitations().accept(&principal, &link).await.map(|_| 0)
        }
        Answer::Revoke(principal) => {
            let mut ctx = app.enter_to_write(&principal, &workspace.to_string()).await?;
            ctx.invitations().revoke(id).await.map(|()| 0)
        }
    }
}

const STATE: &str = "UPDATE invitations SET state = ?3 WHERE workspace_id = ?1 AND id = ?2";

fn to_state(after: &Invitation) -> (String, Vec<Value>) {
    (STATE.to_owned(), vec![after.id.into(), after.state.word().into()])
}

async fn revoke_bare(bare: Bare, id: InvitationId) -> Result<i64, Error> {
    let before = bare.read().await.invitations().find(id).await?.expect("an invitation");
    bare.write(&[to_state(&before.revoke()?)]).await
}

/// Accepts an invitation as a guest with an account.
pub(crate) async fn accept_bare(
    bare: Bare,
    id: InvitationId,
    guest: Racer,
) -> Result<i64, Error> {
    let account = guest.principal.person().unwrap();
    let mut tx = bare.read().await;
    let before = tx.invitations().find(id).await?.expect("an invitation");
    if tx.members().find_by_account(account).await?.is_some() {
        return Err(Refusal::AlreadyMember.into());
    }
    if tx.global().accounts().find(account).await?.is_none() {
        return Err(Error::NotSignedIn);
    }
    drop(tx);
    let email = before.email.clone();
    let after = before.open(Timestamp::from_micros(0))?.accept(&email)?;
    let join = "INSERT INTO members (workspace_id, id, account_id, first_name, last_name, email, \
                name_key, search, status, role, levels, visibility, is_billing_contact, \
                joined_at, version) VALUES (?1, ?2, ?3, 'Ben', '', ?4, 'ben', 'ben', 'active', \
                'member', '[]', 'own', ?5, ?6, ?7)";
    let values = vec![
        Uuid::now_v7().into(),
        account.into(),
        guest.email.as_str().into(),
        false.into(),
        0.into(),
        1.into(),
    ];
    bare.write(&[(join.to_owned(), values), to_state(&after)]).await
}

/// One invitation, answered twice at once.
struct Answered {
    guest: Option<Racer>,
    is_revoked: bool,
}

impl Race for Answered {
    const BLUEPRINT: &'static str = BLUEPRINT;
    const ROLES: &'static [&'static str] = &[];

    async fn prepare(&mut self, race_workspace: &mut RaceWorkspace) {
        let email = format!("guest-{}@example.com", race_workspace.name());
        let principal = race_workspace.server.sign_up(&email).await;
        self.guest = Some(Racer { email, principal, member: MemberId(Uuid::nil()) });
    }

    async fn run(&mut self, race_workspace: &mut RaceWorkspace) -> Option<String> {
        let guest = self.guest.clone().expect("a guest");
        let id = invite(race_workspace, &guest.email).await;
        let link = race_workspace.server.link(id).await;
        let anna = race_workspace.people[0].clone();
        let accept = Answer::Accept(guest.principal.clone(), link);
        let other = if self.is_revoked {
            Answer::Revoke(anna.principal.clone())
        } else {
            accept.clone()
        };
        let (first, second) = match race_workspace.way {
            Way::App => {
                let (app, workspace) = (race_workspace.app().clone(), race_workspace.workspace);
                both(
                    answer(app.clone(), workspace, id, accept),
                    answer(app, workspace, id, other),
                )
                .await
            }
            Way::Bare => {
                let bare = Bare::of(race_workspace, &anna);
                let accept = accept_bare(bare.clone(), id, guest.clone());
                if self.is_revoked {
                    both(accept, revoke_bare(bare, id)).await
                } else {
                    both(accept, accept_bare(bare, id, guest.clone())).await
                }
            }
        };
        let account = guest.principal.person().unwrap();
        let members =
            "SELECT count(*) FROM members WHERE workspace_id = ?1 AND account_id = ?2";
        let members = race_workspace.count(members, &[account.into()]).await;
        let accepted = "SELECT count(*) FROM invitations WHERE workspace_id = ?1 AND id = ?2 \
                        AND state = 'accepted'";
        let accepted = race_workspace.count(accepted, &[id.into()]).await;
        let told = "SELECT count(*) FROM audit WHERE workspace_id = ?1 AND subject = ?2 \
                    AND action = 'invitation.accept'";
        let told = race_workspace.count(told, &[id.to_string().into()]).await;
        let out = "DELETE FROM members WHERE workspace_id = ?1 AND account_id = ?2";
        let over = "DELETE FROM invitations WHERE workspace_id = ?1 AND id = ?2";
        race_workspace.put_back(&[], &[(out, &[account.into()]), (over, &[id.into()])]).await;
        let words = ["invitation_accepted", "invitation_revoked", "already_member"];
        let is_right = members == accepted
            && (members == 1 || (self.is_revoked && members == 0))
            && (told == accepted || race_workspace.way == Way::Bare)
            && first.is_done() != second.is_done()
            && first.is_one_of(&words)
            && second.is_one_of(&words);
        (!is_right).then(|| {
            format!("{members} members, accepted {accepted} times: {first:?}, {second:?}")
        })
    }
}

fn ask(email: &str) -> NewInvitation {
    NewInvitation {
        email: email.to_owned(),
        access: AccessChange { role: Some("member".into()), ..AccessChange::default() },
        given: vec!["email", "role"],
        ..NewInvitation::default()
    }
}

/// Invites a person as the founder.
pub(crate) async fn invite(race_workspace: &RaceWorkspace, email: &str) -> InvitationId {
    let mut ctx = race_workspace.enter(&race_workspace.people[0]).await.unwrap();
    ctx.invitations().send(&[ask(email)]).await.unwrap()[0].id
}

async fn invite_again(
    app: App,
    principal: Principal,
    workspace: WorkspaceId,
    email: String,
) -> Result<i64, Error> {
    let mut ctx = app.enter_to_write(&principal, &workspace.to_string()).await?;
    ctx.invitations().send(&[ask(&email)]).await.map(|_| 0)
}

async fn invite_bare(bare: Bare, email: String, like: Invitation) -> Result<i64, Error> {
    let parsed = hallpass_domain::email::Email::parse(&email).unwrap();
    let pending = bare.read().await.invitations().find_pending(&parsed).await?;
    if let Some(pending) = pending {
        let invitation = pending.id.to_string();
        return Err(Refusal::AlreadyInvited { invitation }.into());
    }
    let mut tx = bare.app.db().write_in(bare.workspace.0).await?.expect("the workspace");
    let new = Invitation { id: InvitationId(Uuid::now_v7()), email: parsed, ..like };
    tx.invitations().insert(new.id.0.as_bytes(), &new).await?;
    tx.commit().await?;
    Ok(0)
}

/// One address, invited by two at once.
struct Invited {
    serial: usize,
    like: Option<Invitation>,
}

impl Race for Invited {
    const BLUEPRINT: &'static str = BLUEPRINT;
    const ROLES: &'static [&'static str] = &["admin"];

    async fn prepare(&mut self, race_workspace: &mut RaceWorkspace) {
        let id = invite(race_workspace, "ben@example.com").await;
        self.like = race_workspace.read().await.invitations().find(id).await.unwrap();
    }

    async fn run(&mut self, race_workspace: &mut RaceWorkspace) -> Option<String> {
        self.serial += 1;
        let email = format!("guest{}@example.com", self.serial);
        let (anna, ben) = (&race_workspace.people[0], &race_workspace.people[1]);
        let (first, second) = match race_workspace.way {
            Way::App => {
                let go = |who: &Racer| {
                    let (app, principal) =
                        (race_workspace.app().clone(), who.principal.clone());
                    invite_again(app, principal, race_workspace.workspace, email.clone())
                };
                both(go(anna), go(ben)).await
            }
            Way::Bare => {
                let like = self.like.clone().expect("an invitation");
                let go = |who| {
                    invite_bare(Bare::of(race_workspace, who), email.clone(), like.clone())
                };
                both(go(anna), go(ben)).await
            }
        };
        let pending = "SELECT count(*) FROM invitations WHERE workspace_id = ?1 AND email = ?2 \
                       AND state = 'pending'";
        let pending = race_workspace.count(pending, &[email.as_str().into()]).await;
        let is_right = pending == 1
            && first.is_done() != second.is_done()
            && first.is_one_of(&["already_invited"])
            && second.is_one_of(&["already_invited"]);
        (!is_right).then(|| format!("{pending} pending: {first:?}, {second:?}"))
    }
}

fn rounds() -> usize {
    either(500, 20_000)
}

mod accepted_twice {
    use super::*;

    async fn race(database: Database, way: Way) -> Vec<String> {
        let start = || Answered { guest: None, is_revoked: false };
        run("double accept", 42, (database, way), rounds(), start).await
    }

    super::super::arena::races! {
        race: an_invitation_is_accepted_once,
        without_the_workspace_held_an_invitation_is_accepted_twice
    }
}

mod accepted_and_revoked {
    use super::*;

    async fn race(database: Database, way: Way) -> Vec<String> {
        let start = || Answered { guest: None, is_revoked: true };
        run("accept against revoke", 43, (database, way), rounds(), start).await
    }

    super::super::arena::races! {
        race: an_invitation_is_accepted_or_revoked,
        without_the_workspace_held_an_invitation_is_accepted_and_revoked
    }
}

mod invited_twice {
    use super::*;

    async fn race(database: Database, way: Way) -> Vec<String> {
        let start = || Invited { serial: 0, like: None };
        run("one address invited twice", 44, (database, way), rounds(), start).await
    }

    super::super::arena::races! {
        race: an_address_has_one_pending_invitation,
        without_the_workspace_held_an_address_has_two_pending_invitations
    }
}

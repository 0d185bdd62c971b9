//! The only owner transfers ownership twice at the same time, or while the recipient is leaving.

use hallpass_app::account::deletion::DELETE;
use hallpass_app::{App, Error, Principal};
use hallpass_domain::id::{MemberId, WorkspaceId};
use hallpass_domain::member::{Member, Status};
use hallpass_domain::model::ChangeKind;
use hallpass_engine::Change;

use super::arena::{Database, Race, RaceWorkspace, Racer, Way, both, run};
use super::bare::{Bare, keeping};
use hallpass_testkit::test_size::either;

/// What happens while Anna transfers ownership to Ben.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Concurrent {
    /// She transfers it to Cleo too.
    SecondTransfer,
    /// She deactivates Ben.
    Deactivation,
    /// Ben deletes his account.
    AccountDeletion,
}

const EVERY: [Concurrent; 3] =
    [Concurrent::SecondTransfer, Concurrent::Deactivation, Concurrent::AccountDeletion];

const EXPECTED: [&str; 7] = [
    "last_top_role",
    "transfer_only",
    "denied transfer",
    "invalid",
    "no member",
    "may_not_touch",
    "stale",
];

async fn transfer(
    app: App,
    principal: Principal,
    workspace: WorkspaceId,
    to: MemberId,
) -> Result<i64, Error> {
    let mut ctx = app.enter_to_write(&principal, &workspace.to_string()).await?;
    ctx.ownership().transfer(to).await?;
    Ok(ctx.revision())
}

async fn deactivate(
    app: App,
    principal: Principal,
    workspace: WorkspaceId,
    who: MemberId,
) -> Result<i64, Error> {
    let mut ctx = app.enter_to_write(&principal, &workspace.to_string()).await?;
    ctx.members().deactivate(who).await?;
    Ok(ctx.revision())
}

async fn transfer_bare(bare: Bare, from: MemberId, to: MemberId) -> Result<i64, Error> {
    let (model, grantor) = bare.look().await?;
    let mut tx = bare.read().await;
    let mut after: Vec<Member> = Vec::new();
    for (id, role) in [(from, "admin"), (to, "owner")] {
        let mut member = tx.members().find(id).await?.expect("a member");
        if member.status != Status::Active {
            return Err(Error::Missing { noun: "member" });
        }
        role.clone_into(&mut member.access.role);
        after.push(member);
    }
    drop(tx);
    let changes: Vec<Change> =
        after.iter().map(|member| Change::PutMember(member.to_engine())).collect();
    model.change(grantor, ChangeKind::TransferOwnership, &changes)?;
    bare.write(&after.iter().map(keeping).collect::<Vec<_>>()).await
}

/// Anna owns the workspace; Ben and Cleo are admins.
struct Transfer(Vec<Member>);

impl Race for Transfer {
    const BLUEPRINT: &'static str = "team-management";
    const ROLES: &'static [&'static str] = &["admin", "admin"];

    async fn prepare(&mut self, race_workspace: &mut RaceWorkspace) {
        self.0 = race_workspace.members().await;
    }

    async fn run(&mut self, race_workspace: &mut RaceWorkspace) -> Option<String> {
        let kind = race_workspace.rng.one(&EVERY).unwrap();
        let [anna, ben, cleo] = [0, 1, 2].map(|place| race_workspace.people[place].clone());
        let (handed, other) = match race_workspace.way {
            Way::App => race_in_app(race_workspace, kind, [&anna, &ben, &cleo]).await,
            Way::Bare => {
                let bare = Bare::of(race_workspace, &anna);
                let first = transfer_bare(bare.clone(), anna.member, ben.member);
                let gone = |status| move |member: &mut Member| member.status = status;
                match kind {
                    Concurrent::SecondTransfer => {
                        both(first, transfer_bare(bare, anna.member, cleo.member)).await
                    }
                    Concurrent::Deactivation => {
                        let put = gone(Status::Inactive);
                        let (who, edit) = (ben.member, ChangeKind::Edit);
                        both(first, async move { bare.put(edit, who, put).await }).await
                    }
                    Concurrent::AccountDeletion => {
                        let (bare, put) =
                            (Bare::of(race_workspace, &ben), gone(Status::Removed));
                        let (who, edit) = (ben.member, ChangeKind::DeleteAccount);
                        both(first, async move { bare.put(edit, who, put).await }).await
                    }
                }
            }
        };
        let all = "SELECT count(*) FROM members WHERE workspace_id = ?1 AND role = 'owner' \
                   AND status <> 'removed'";
        let active = "SELECT count(*) FROM members m JOIN accounts a ON a.id = m.account_id \
                      WHERE m.workspace_id = ?1 AND m.role = 'owner' AND m.status = 'active' \
                      AND a.deleted_at IS NULL";
        let (all, active) =
            (race_workspace.count(all, &[]).await, race_workspace.count(active, &[]).await);
        race_workspace.put_back(&self.0, &[]).await;
        let is_right = all == 1
            && active == 1
            && (handed.is_done() || other.is_done())
            && handed.is_one_of(&EXPECTED)
            && other.is_one_of(&EXPECTED);
        (!is_right)
            .then(|| format!("{all} own it, {active} active: {kind:?}, {handed:?}, {other:?}"))
    }
}

async fn race_in_app(
    race_workspace: &RaceWorkspace,
    kind: Concurrent,
    [anna, ben, cleo]: [&Racer; 3],
) -> (super::arena::Outcome, super::arena::Outcome) {
    let (app, place) = (race_workspace.app().clone(), race_workspace.workspace);
    let first = transfer(app.clone(), anna.principal.clone(), place, ben.member);
    match kind {
        Concurrent::SecondTransfer => {
            both(first, transfer(app, anna.principal.clone(), place, cleo.member)).await
        }
        Concurrent::Deactivation => {
            both(first, deactivate(app, anna.principal.clone(), place, ben.member)).await
        }
        Concurrent::AccountDeletion => {
            let principal = ben.principal.clone();
            let delete =
                async move { app.accounts().delete(&principal, DELETE).await.map(|()| 0) };
            both(first, delete).await
        }
    }
}

async fn race(database: Database, way: Way) -> Vec<String> {
    let rounds = either(500, 20_000);
    run("ownership handed over", 49, (database, way), rounds, || Transfer(Vec::new())).await
}

super::arena::races! {
    race: a_workspace_has_one_owner,
    without_the_lock_a_workspace_has_two_owners_or_none
}

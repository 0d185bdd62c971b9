//! Where one holds the top role: they hand it over twice at once, or while the taker goes.

use hallpass_app::account::deletion::DELETE;
use hallpass_app::{App, Error, Principal};
use hallpass_domain::id::{MemberId, WorkspaceId};
use hallpass_domain::member::{Member, Status};
use hallpass_domain::model::ChangeKind;
use hallpass_engine::Change;

use super::arena::{Database, Race, RaceWorkspace, Racer, Way, both, run};
use super::bare::{Bare, keeping};
use hallpass_testkit::test_size::either;

/// What happens while Anna hands ownership over to Ben.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Meanwhile {
    /// She hands it over to Cleo too.
    Again,
    /// She deactivates Ben.
    Deactivated,
    /// Ben deletes his account.
    Deleted,
}

const EVERY: [Meanwhile; 3] = [Meanwhile::Again, Meanwhile::Deactivated, Meanwhile::Deleted];

const TOLD: [&str; 7] = [
    "last_top_role",
    "transfer_only",
    "denied transfer",
    "invalid",
    "no member",
    "may_not_touch",
    "stale",
];

async fn hand_over(
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

async fn hand_over_bare(bare: Bare, from: MemberId, to: MemberId) -> Result<i64, Error> {
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
struct Handed(Vec<Member>);

impl Race for Handed {
    const BLUEPRINT: &'static str = "team-management";
    const ROLES: &'static [&'static str] = &["admin", "admin"];

    async fn prepare(&mut self, race_workspace: &mut RaceWorkspace) {
        self.0 = race_workspace.members().await;
    }

    async fn run(&mut self, race_workspace: &mut RaceWorkspace) -> Option<String> {
        let kind = race_workspace.rng.one(&EVERY).unwrap();
        let [anna, ben, cleo] = [0, 1, 2].map(|place| race_workspace.people[place].clone());
        let (handed, other) = match race_workspace.way {
            Way::App => race_in_house(race_workspace, kind, [&anna, &ben, &cleo]).await,
            Way::Bare => {
                let bare = Bare::of(race_workspace, &anna);
                let first = hand_over_bare(bare.clone(), anna.member, ben.member);
                let gone = |status| move |member: &mut Member| member.status = status;
                match kind {
                    Meanwhile::Again => {
                        both(first, hand_over_bare(bare, anna.member, cleo.member)).await
                    }
                    Meanwhile::Deactivated => {
                        let put = gone(Status::Inactive);
                        let (who, deed) = (ben.member, ChangeKind::Edit);
                        both(first, async move { bare.put(deed, who, put).await }).await
                    }
                    Meanwhile::Deleted => {
                        let (bare, put) =
                            (Bare::of(race_workspace, &ben), gone(Status::Removed));
                        let (who, deed) = (ben.member, ChangeKind::DeleteAccount);
                        both(first, async move { bare.put(deed, who, put).await }).await
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
            && handed.is_one_of(&TOLD)
            && other.is_one_of(&TOLD);
        (!is_right)
            .then(|| format!("{all} own it, {active} active: {kind:?}, {handed:?}, {other:?}"))
    }
}

async fn race_in_house(
    race_workspace: &RaceWorkspace,
    kind: Meanwhile,
    [anna, ben, cleo]: [&Racer; 3],
) -> (super::arena::Outcome, super::arena::Outcome) {
    let (app, place) = (race_workspace.app().clone(), race_workspace.workspace);
    let first = hand_over(app.clone(), anna.principal.clone(), place, ben.member);
    match kind {
        Meanwhile::Again => {
            both(first, hand_over(app, anna.principal.clone(), place, cleo.member)).await
        }
        Meanwhile::Deactivated => {
            both(first, deactivate(app, anna.principal.clone(), place, ben.member)).await
        }
        Meanwhile::Deleted => {
            let principal = ben.principal.clone();
            let delete =
                async move { app.accounts().delete(&principal, DELETE).await.map(|()| 0) };
            both(first, delete).await
        }
    }
}

async fn race(database: Database, way: Way) -> Vec<String> {
    let rounds = either(500, 20_000);
    run("ownership handed over", 49, (database, way), rounds, || Handed(Vec::new())).await
}

super::arena::races! {
    race: one_owns_the_workspace,
    without_the_workspace_held_two_own_it_or_nobody_does
}

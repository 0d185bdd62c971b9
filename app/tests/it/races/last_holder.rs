//! The last holders of the top role, through all doors at once: somebody always holds it.

use hallpass_app::account::deletion::DELETE;
use hallpass_app::member::MemberChange;
use hallpass_app::member::access::AccessChange;
use hallpass_app::{App, Error, Principal};
use hallpass_domain::id::{MemberId, WorkspaceId};
use hallpass_domain::member::{Member, Status};
use hallpass_domain::model::ChangeKind;

use super::arena::{Database, Race, RaceWorkspace, Way, both, run};
use super::bare::Bare;
use hallpass_testkit::test_size::either;

/// How somebody who holds the top role comes not to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Permission {
    /// Gets another role, by themselves or by another.
    Demote(MemberId),
    Deactivate(MemberId),
    Remove(MemberId),
    Leave,
    DeleteAccount,
    Transfer(MemberId),
}

/// What doors lead out of: one's own post, or another's.
const OWN: [fn(MemberId) -> Permission; 5] = [
    Permission::Demote,
    Permission::Deactivate,
    Permission::Remove,
    |_| Permission::Leave,
    |_| Permission::DeleteAccount,
];
const ANOTHERS: [fn(MemberId) -> Permission; 3] =
    [Permission::Demote, Permission::Deactivate, Permission::Remove];

/// What the one who comes later may be told.
const TOLD: [&str; 9] = [
    "last_top_role",
    "no workspace",
    "no member",
    "denied update",
    "denied delete",
    "denied transfer",
    "not signed in",
    "may_not_touch",
    "invalid",
];

async fn go(
    app: App,
    principal: Principal,
    workspace: WorkspaceId,
    permission: Permission,
) -> Result<i64, Error> {
    if permission == Permission::DeleteAccount {
        return app.accounts().delete(&principal, DELETE).await.map(|()| 0);
    }
    let mut ctx = app.enter_to_write(&principal, &workspace.to_string()).await?;
    match permission {
        Permission::Demote(id) => {
            let access = AccessChange { role: Some("admin".into()), ..AccessChange::default() };
            let change = MemberChange { access, landing: None };
            ctx.members().update(id, &change, None).await.map(drop)?;
        }
        Permission::Deactivate(id) => ctx.members().deactivate(id).await.map(drop)?,
        Permission::Remove(id) => ctx.members().remove(id).await?,
        Permission::Leave | Permission::DeleteAccount => ctx.members().leave().await?,
        Permission::Transfer(id) => ctx.ownership().transfer(id).await?,
    }
    Ok(ctx.revision())
}

async fn go_bare(bare: Bare, me: MemberId, permission: Permission) -> Result<i64, Error> {
    let demote = |member: &mut Member| "admin".clone_into(&mut member.access.role);
    let end = |member: &mut Member| member.status = Status::Removed;
    match permission {
        Permission::Demote(id) => bare.put(ChangeKind::Edit, id, demote).await,
        Permission::Deactivate(id) => {
            bare.put(ChangeKind::Edit, id, |member| member.status = Status::Inactive).await
        }
        Permission::Remove(id) => bare.put(ChangeKind::Remove, id, end).await,
        Permission::Leave => bare.put(ChangeKind::Leave, me, end).await,
        Permission::DeleteAccount => bare.put(ChangeKind::DeleteAccount, me, end).await,
        Permission::Transfer(id) => {
            bare.put(ChangeKind::Edit, id, |one| "owner".clone_into(&mut one.access.role))
                .await?;
            bare.put(ChangeKind::Edit, me, demote).await
        }
    }
}

/// Two who hold the top role, and one more who may get it.
struct LastHolder(Vec<Member>);

impl Race for LastHolder {
    const BLUEPRINT: &'static str = "standard";
    const ROLES: &'static [&'static str] = &["owner", "admin"];

    async fn prepare(&mut self, race_workspace: &mut RaceWorkspace) {
        // The billing contact stays, which is not what this is about.
        let mut members = race_workspace.members().await;
        for member in &mut members {
            member.access.is_billing_contact = false;
        }
        race_workspace.put_back(&members, &[]).await;
        self.0 = members;
    }

    async fn run(&mut self, race_workspace: &mut RaceWorkspace) -> Option<String> {
        let (anna, ben, cleo) =
            (&race_workspace.people[0], &race_workspace.people[1], &race_workspace.people[2]);
        let rng = &mut race_workspace.rng;
        let mut permissions = if rng.percent(50) {
            let mut own = |of| rng.one(&OWN).unwrap()(of);
            [own(anna.member), own(ben.member)]
        } else {
            let mut other = |of| rng.one(&ANOTHERS).unwrap()(of);
            [other(ben.member), other(anna.member)]
        };
        if rng.percent(10) {
            permissions[0] = Permission::Transfer(cleo.member);
        }
        let [one, other] = [(anna, permissions[0]), (ben, permissions[1])];
        let (first, second) = match race_workspace.way {
            Way::App => {
                let go = |(who, permission): (&super::arena::Racer, Permission)| {
                    go(
                        race_workspace.app().clone(),
                        who.principal.clone(),
                        race_workspace.workspace,
                        permission,
                    )
                };
                both(go(one), go(other)).await
            }
            Way::Bare => {
                let go = |(who, permission): (&super::arena::Racer, Permission)| {
                    go_bare(Bare::of(race_workspace, who), who.member, permission)
                };
                both(go(one), go(other)).await
            }
        };
        let sql = "SELECT count(*) FROM members m JOIN accounts a ON a.id = m.account_id \
                   WHERE m.workspace_id = ?1 AND m.role = 'owner' AND m.status = 'active' \
                   AND a.deleted_at IS NULL";
        let holders = race_workspace.count(sql, &[]).await;
        race_workspace.put_back(&self.0, &[]).await;
        let is_told = [&first, &second].into_iter().all(|outcome| outcome.is_one_of(&TOLD));
        let is_one_done = first.is_done() || second.is_done();
        (holders == 0 || !is_told || !is_one_done)
            .then(|| format!("{holders} hold it after {permissions:?}: {first:?}, {second:?}"))
    }
}

async fn race(database: Database, way: Way) -> Vec<String> {
    let rounds = either(2_000, 100_000);
    run("last holder", 41, (database, way), rounds, || LastHolder(Vec::new())).await
}

super::arena::races! {
    race: somebody_always_holds_the_top_role,
    without_the_workspace_held_nobody_comes_to_hold_the_top_role
}

//! The last holders of the top role lose it in two ways at the same time: one of them keeps it.

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

/// How a holder of the top role loses it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Exit {
    /// Gets another role, by their own change or another member's.
    Demote(MemberId),
    Deactivate(MemberId),
    Remove(MemberId),
    Leave,
    DeleteAccount,
    Transfer(MemberId),
}

/// The ways by which members lose the role themselves.
const OWN: [fn(MemberId) -> Exit; 5] =
    [Exit::Demote, Exit::Deactivate, Exit::Remove, |_| Exit::Leave, |_| Exit::DeleteAccount];
/// The ways by which another member takes it from them.
const ANOTHERS: [fn(MemberId) -> Exit; 3] = [Exit::Demote, Exit::Deactivate, Exit::Remove];

/// The codes that the later one may get.
const EXPECTED: [&str; 9] = [
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
    exit: Exit,
) -> Result<i64, Error> {
    if exit == Exit::DeleteAccount {
        return app.accounts().delete(&principal, DELETE).await.map(|()| 0);
    }
    let mut ctx = app.enter_to_write(&principal, &workspace.to_string()).await?;
    match exit {
        Exit::Demote(id) => {
            let access = AccessChange { role: Some("admin".into()), ..AccessChange::default() };
            let change = MemberChange::from(access);
            ctx.members().update(id, &change).await.map(drop)?;
        }
        Exit::Deactivate(id) => ctx.members().deactivate(id).await.map(drop)?,
        Exit::Remove(id) => ctx.members().remove(id).await?,
        Exit::Leave | Exit::DeleteAccount => ctx.members().leave().await?,
        Exit::Transfer(id) => ctx.ownership().transfer(id).await?,
    }
    Ok(ctx.revision())
}

async fn go_bare(bare: Bare, me: MemberId, exit: Exit) -> Result<i64, Error> {
    let demote = |member: &mut Member| "admin".clone_into(&mut member.access.role);
    let end = |member: &mut Member| member.status = Status::Removed;
    match exit {
        Exit::Demote(id) => bare.put(ChangeKind::Edit, id, demote).await,
        Exit::Deactivate(id) => {
            bare.put(ChangeKind::Edit, id, |member| member.status = Status::Inactive).await
        }
        Exit::Remove(id) => bare.put(ChangeKind::Remove, id, end).await,
        Exit::Leave => bare.put(ChangeKind::Leave, me, end).await,
        Exit::DeleteAccount => bare.put(ChangeKind::DeleteAccount, me, end).await,
        Exit::Transfer(id) => {
            bare.put(ChangeKind::Edit, id, |one| "owner".clone_into(&mut one.access.role))
                .await?;
            bare.put(ChangeKind::Edit, me, demote).await
        }
    }
}

/// Two holders of the top role, and a member who may get it.
struct LastHolder(Vec<Member>);

impl Race for LastHolder {
    const BLUEPRINT: &'static str = "standard";
    const ROLES: &'static [&'static str] = &["owner", "admin"];

    async fn prepare(&mut self, race_workspace: &mut RaceWorkspace) {
        // Without a billing contact, whose own guard would refuse some of the changes.
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
        let mut exits = if rng.percent(50) {
            let mut own = |of| rng.one(&OWN).unwrap()(of);
            [own(anna.member), own(ben.member)]
        } else {
            let mut other = |of| rng.one(&ANOTHERS).unwrap()(of);
            [other(ben.member), other(anna.member)]
        };
        if rng.percent(10) {
            exits[0] = Exit::Transfer(cleo.member);
        }
        let [one, other] = [(anna, exits[0]), (ben, exits[1])];
        let (first, second) = match race_workspace.way {
            Way::App => {
                let go = |(who, exit): (&super::arena::Racer, Exit)| {
                    go(
                        race_workspace.app().clone(),
                        who.principal.clone(),
                        race_workspace.workspace,
                        exit,
                    )
                };
                both(go(one), go(other)).await
            }
            Way::Bare => {
                let go = |(who, exit): (&super::arena::Racer, Exit)| {
                    go_bare(Bare::of(race_workspace, who), who.member, exit)
                };
                both(go(one), go(other)).await
            }
        };
        let sql = "SELECT count(*) FROM members m JOIN accounts a ON a.id = m.account_id \
                   WHERE m.workspace_id = ?1 AND m.role = 'owner' AND m.status = 'active' \
                   AND a.deleted_at IS NULL";
        let holders = race_workspace.count(sql, &[]).await;
        race_workspace.put_back(&self.0, &[]).await;
        let is_expected =
            [&first, &second].into_iter().all(|outcome| outcome.is_one_of(&EXPECTED));
        let is_one_done = first.is_done() || second.is_done();
        (holders == 0 || !is_expected || !is_one_done)
            .then(|| format!("{holders} hold it after {exits:?}: {first:?}, {second:?}"))
    }
}

async fn race(database: Database, way: Way) -> Vec<String> {
    let rounds = either(2_000, 100_000);
    run("last holder", 41, (database, way), rounds, || LastHolder(Vec::new())).await
}

super::arena::races! {
    race: the_top_role_always_has_a_holder,
    without_the_lock_the_top_role_loses_its_last_holder
}

//! The last holders of the top role, through all doors at once: somebody always holds it.

use hallpass_app::account::deletion::DELETE;
use hallpass_app::member::MemberChange;
use hallpass_app::{Caller, Error, House};
use hallpass_domain::id::{MemberId, WorkspaceId};
use hallpass_domain::member::{Member, SeatChange, Status};
use hallpass_domain::model::Deed;

use super::arena::{Database, Lane, Race, Way, both, run};
use super::bare::Bare;
use hallpass_testkit::effort::either;

/// How somebody who holds the top role comes not to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Door {
    /// Gets another role, by themselves or by another.
    Demote(MemberId),
    Deactivate(MemberId),
    Remove(MemberId),
    Leave,
    DeleteAccount,
    Transfer(MemberId),
}

/// What doors lead out of: one's own post, or another's.
const OWN: [fn(MemberId) -> Door; 5] =
    [Door::Demote, Door::Deactivate, Door::Remove, |_| Door::Leave, |_| Door::DeleteAccount];
const ANOTHERS: [fn(MemberId) -> Door; 3] = [Door::Demote, Door::Deactivate, Door::Remove];

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
    house: House,
    caller: Caller,
    workspace: WorkspaceId,
    door: Door,
) -> Result<i64, Error> {
    if door == Door::DeleteAccount {
        return house.delete_account(&caller, DELETE).await.map(|()| 0);
    }
    let mut visit = house.visit_to_write(&caller, &workspace.to_string()).await?;
    match door {
        Door::Demote(id) => {
            let seat = SeatChange { role: Some("admin".to_owned()), ..SeatChange::default() };
            let change = MemberChange { seat, landing: None };
            visit.change_member(id, &change, None).await.map(drop)?;
        }
        Door::Deactivate(id) => visit.deactivate_member(id).await.map(drop)?,
        Door::Remove(id) => visit.remove_member(id).await?,
        Door::Leave | Door::DeleteAccount => visit.leave().await?,
        Door::Transfer(id) => visit.transfer_ownership(id).await?,
    }
    Ok(visit.revision())
}

async fn go_bare(bare: Bare, me: MemberId, door: Door) -> Result<i64, Error> {
    let demote = |member: &mut Member| "admin".clone_into(&mut member.seat.role);
    let end = |member: &mut Member| member.status = Status::Removed;
    match door {
        Door::Demote(id) => bare.put(Deed::Edit, id, demote).await,
        Door::Deactivate(id) => {
            bare.put(Deed::Edit, id, |member| member.status = Status::Inactive).await
        }
        Door::Remove(id) => bare.put(Deed::Remove, id, end).await,
        Door::Leave => bare.put(Deed::Leave, me, end).await,
        Door::DeleteAccount => bare.put(Deed::DeleteAccount, me, end).await,
        Door::Transfer(id) => {
            bare.put(Deed::Edit, id, |one| "owner".clone_into(&mut one.seat.role)).await?;
            bare.put(Deed::Edit, me, demote).await
        }
    }
}

/// Two who hold the top role, and one more who may get it.
struct LastHolder(Vec<Member>);

impl Race for LastHolder {
    const BLUEPRINT: &'static str = "standard";
    const ROLES: &'static [&'static str] = &["owner", "admin"];

    async fn prepare(&mut self, lane: &mut Lane) {
        // The billing contact stays, which is not what this is about.
        let mut members = lane.members().await;
        for member in &mut members {
            member.seat.is_billing_contact = false;
        }
        lane.put_back(&members, &[]).await;
        self.0 = members;
    }

    async fn run(&mut self, lane: &mut Lane) -> Option<String> {
        let (anna, ben, cleo) = (&lane.people[0], &lane.people[1], &lane.people[2]);
        let chance = &mut lane.chance;
        let mut doors = if chance.percent(50) {
            let mut own = |of| chance.one(&OWN).unwrap()(of);
            [own(anna.member), own(ben.member)]
        } else {
            let mut other = |of| chance.one(&ANOTHERS).unwrap()(of);
            [other(ben.member), other(anna.member)]
        };
        if chance.percent(10) {
            doors[0] = Door::Transfer(cleo.member);
        }
        let [one, other] = [(anna, doors[0]), (ben, doors[1])];
        let (first, second) = match lane.way {
            Way::House => {
                let go = |(who, door): (&super::arena::Racer, Door)| {
                    go(lane.house().clone(), who.caller.clone(), lane.workspace, door)
                };
                both(go(one), go(other)).await
            }
            Way::Bare => {
                let go = |(who, door): (&super::arena::Racer, Door)| {
                    go_bare(Bare::of(lane, who), who.member, door)
                };
                both(go(one), go(other)).await
            }
        };
        let sql = "SELECT count(*) FROM members m JOIN accounts a ON a.id = m.account_id \
                   WHERE m.workspace_id = ?1 AND m.role = 'owner' AND m.status = 'active' \
                   AND a.deleted_at IS NULL";
        let holders = lane.count(sql, &[]).await;
        lane.put_back(&self.0, &[]).await;
        let is_told = [&first, &second].into_iter().all(|outcome| outcome.is_one_of(&TOLD));
        let is_one_done = first.is_done() || second.is_done();
        (holders == 0 || !is_told || !is_one_done)
            .then(|| format!("{holders} hold it after {doors:?}: {first:?}, {second:?}"))
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

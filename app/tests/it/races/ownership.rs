//! Where one holds the top role: they hand it over twice at once, or while the taker goes.

use hallpass_app::account::deletion::DELETE;
use hallpass_app::{Caller, Error, House};
use hallpass_domain::id::{MemberId, WorkspaceId};
use hallpass_domain::member::{Member, Status};
use hallpass_domain::model::Deed;
use hallpass_engine::Change;

use super::arena::{Database, Lane, Race, Racer, Way, both, run};
use super::bare::{Bare, keeping};
use hallpass_testkit::effort::either;

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
    house: House,
    caller: Caller,
    workspace: WorkspaceId,
    to: MemberId,
) -> Result<i64, Error> {
    let mut visit = house.visit_to_write(&caller, &workspace.to_string()).await?;
    visit.transfer_ownership(to).await?;
    Ok(visit.revision())
}

async fn deactivate(
    house: House,
    caller: Caller,
    workspace: WorkspaceId,
    who: MemberId,
) -> Result<i64, Error> {
    let mut visit = house.visit_to_write(&caller, &workspace.to_string()).await?;
    visit.deactivate_member(who).await?;
    Ok(visit.revision())
}

async fn hand_over_bare(bare: Bare, from: MemberId, to: MemberId) -> Result<i64, Error> {
    let (model, giver) = bare.look().await?;
    let mut tx = bare.read().await;
    let mut after: Vec<Member> = Vec::new();
    for (id, role) in [(from, "admin"), (to, "owner")] {
        let mut member = tx.members().find(id).await?.expect("a member");
        if member.status != Status::Active {
            return Err(Error::Missing { noun: "member" });
        }
        role.clone_into(&mut member.seat.role);
        after.push(member);
    }
    drop(tx);
    let changes: Vec<Change> =
        after.iter().map(|member| Change::PutMember(member.access())).collect();
    model.change(giver, Deed::TransferOwnership, &changes)?;
    bare.write(&after.iter().map(keeping).collect::<Vec<_>>()).await
}

/// Anna owns the workspace; Ben and Cleo are admins.
struct Handed(Vec<Member>);

impl Race for Handed {
    const BLUEPRINT: &'static str = "team-management";
    const ROLES: &'static [&'static str] = &["admin", "admin"];

    async fn prepare(&mut self, lane: &mut Lane) {
        self.0 = lane.members().await;
    }

    async fn run(&mut self, lane: &mut Lane) -> Option<String> {
        let kind = lane.chance.one(&EVERY).unwrap();
        let [anna, ben, cleo] = [0, 1, 2].map(|place| lane.people[place].clone());
        let (handed, other) = match lane.way {
            Way::House => race_in_house(lane, kind, [&anna, &ben, &cleo]).await,
            Way::Bare => {
                let bare = Bare::of(lane, &anna);
                let first = hand_over_bare(bare.clone(), anna.member, ben.member);
                let gone = |status| move |member: &mut Member| member.status = status;
                match kind {
                    Meanwhile::Again => {
                        both(first, hand_over_bare(bare, anna.member, cleo.member)).await
                    }
                    Meanwhile::Deactivated => {
                        let put = gone(Status::Inactive);
                        let (who, deed) = (ben.member, Deed::Edit);
                        both(first, async move { bare.put(deed, who, put).await }).await
                    }
                    Meanwhile::Deleted => {
                        let (bare, put) = (Bare::of(lane, &ben), gone(Status::Removed));
                        let (who, deed) = (ben.member, Deed::DeleteAccount);
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
        let (all, active) = (lane.count(all, &[]).await, lane.count(active, &[]).await);
        lane.put_back(&self.0, &[]).await;
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
    lane: &Lane,
    kind: Meanwhile,
    [anna, ben, cleo]: [&Racer; 3],
) -> (super::arena::Outcome, super::arena::Outcome) {
    let (house, place) = (lane.house().clone(), lane.workspace);
    let first = hand_over(house.clone(), anna.caller.clone(), place, ben.member);
    match kind {
        Meanwhile::Again => {
            both(first, hand_over(house, anna.caller.clone(), place, cleo.member)).await
        }
        Meanwhile::Deactivated => {
            both(first, deactivate(house, anna.caller.clone(), place, ben.member)).await
        }
        Meanwhile::Deleted => {
            let caller = ben.caller.clone();
            let delete = async move { house.delete_account(&caller, DELETE).await.map(|()| 0) };
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

//! A role is edited or deleted while somebody gives it: nobody gives more than they hold, and
//! nobody has a role that there is not.

use hallpass_app::member::MemberChange;
use hallpass_app::role::RoleChange;
use hallpass_app::{Caller, Error, House};
use hallpass_domain::id::{MemberId, RoleId, WorkspaceId};
use hallpass_domain::member::{Member, SeatChange};
use hallpass_domain::model::Deed;
use hallpass_domain::name::Name;
use hallpass_domain::role::{Role, check_unused};
use hallpass_engine::Grant;
use uuid::Uuid;

use super::arena::{Database, Lane, Outcome, Race, Way, both, run};
use super::bare::Bare;
use hallpass_testkit::effort::either;

const TOLD: [&str; 4] = ["grant_ceiling", "in_use", "no role", "invalid"];

/// What the giver does not hold.
const WIDE: &str = "contacts:read,delete:all";

#[derive(Clone, Copy, Debug, PartialEq)]
enum Edit {
    Widen,
    Delete,
}

async fn edit(
    house: House,
    caller: Caller,
    workspace: WorkspaceId,
    (role, edit): (RoleId, Edit),
) -> Result<i64, Error> {
    let mut visit = house.visit_to_write(&caller, &workspace.to_string()).await?;
    match edit {
        Edit::Widen => {
            let grants = Some(vec![WIDE.to_owned()]);
            let ask = RoleChange { grants, ..RoleChange::default() };
            visit.change_role(role, &ask, None).await.map(drop)?;
        }
        Edit::Delete => visit.delete_role(role).await?,
    }
    Ok(visit.revision())
}

async fn give(
    house: House,
    caller: Caller,
    workspace: WorkspaceId,
    (role, to): (RoleId, MemberId),
) -> Result<i64, Error> {
    let mut visit = house.visit_to_write(&caller, &workspace.to_string()).await?;
    let seat = SeatChange { role: Some(role.to_string()), ..SeatChange::default() };
    visit.change_member(to, &MemberChange { seat, landing: None }, None).await?;
    Ok(visit.revision())
}

async fn edit_bare(bare: Bare, role: Role, edit: Edit) -> Result<i64, Error> {
    let (model, giver) = bare.look().await?;
    let id = role.id.into();
    match edit {
        Edit::Widen => {
            let grants = vec![WIDE.parse::<Grant>().unwrap()];
            model.change(giver, Deed::Edit, &[Role { grants, ..role }.put()])?;
            let sql = "UPDATE roles SET grants = ?3 WHERE workspace_id = ?1 AND id = ?2";
            let grants = serde_json::to_string(&[WIDE]).unwrap();
            bare.write(&[(sql.to_owned(), vec![id, grants.into()])]).await
        }
        Edit::Delete => {
            check_unused(model.count_holders(&role.id.to_string()), &[])?;
            let sql = "DELETE FROM roles WHERE workspace_id = ?1 AND id = ?2";
            bare.write(&[(sql.to_owned(), vec![id])]).await
        }
    }
}

async fn give_bare(bare: Bare, role: RoleId, to: MemberId) -> Result<i64, Error> {
    bare.put(Deed::Edit, to, |member| member.seat.role = role.to_string()).await
}

/// Anna edits a role that Ben gives to Cleo.
struct Edited {
    start: Vec<Member>,
    role: Option<Role>,
}

fn role(name: &str, grants: &[&str]) -> Role {
    Role {
        id: RoleId(Uuid::now_v7()),
        name: Name::parse(name).unwrap(),
        description: String::new(),
        grants: grants.iter().map(|grant| grant.parse().unwrap()).collect(),
        version: 1,
    }
}

impl Race for Edited {
    const BLUEPRINT: &'static str = "standard";
    const ROLES: &'static [&'static str] = &["member", "member"];

    async fn prepare(&mut self, lane: &mut Lane) {
        let lead = role("Lead", &["team:read,update:all", "contacts:read:own"]);
        let plain = role("Plain", &[]);
        let given = role("Given", &["contacts:read:own"]);
        let mut tx = lane.write().await;
        for role in [&lead, &plain, &given] {
            tx.roles().add(role).await.unwrap();
        }
        tx.bump_revision().await.unwrap();
        tx.commit().await.unwrap();
        let (ben, cleo) = (lane.people[1].member, lane.people[2].member);
        self.start = lane.members().await;
        for member in &mut self.start {
            if member.id == ben {
                member.seat.role = lead.id.to_string();
            } else if member.id == cleo {
                member.seat.role = plain.id.to_string();
            }
        }
        self.role = Some(given);
    }

    async fn run(&mut self, lane: &mut Lane) -> Option<String> {
        let given = self.role.clone().expect("a role");
        let out = "DELETE FROM roles WHERE workspace_id = ?1 AND id = ?2";
        let anew = "INSERT INTO roles (workspace_id, id, name, name_key, description, grants, \
                    version) VALUES (?1, ?2, 'Given', 'given', '', ?3, ?4)";
        let grants = "[\"contacts:read:own\"]";
        let anew_values = [given.id.into(), grants.into(), 1.into()];
        lane.put_back(&self.start, &[(out, &[given.id.into()]), (anew, &anew_values)]).await;
        let kind = if lane.chance.percent(50) { Edit::Widen } else { Edit::Delete };
        let [anna, ben, cleo] = [0, 1, 2].map(|place| lane.people[place].clone());
        let (edited, given_to) = match lane.way {
            Way::House => {
                let (house, place) = (lane.house().clone(), lane.workspace);
                both(
                    edit(house.clone(), anna.caller.clone(), place, (given.id, kind)),
                    give(house, ben.caller.clone(), place, (given.id, cleo.member)),
                )
                .await
            }
            Way::Bare => {
                both(
                    edit_bare(Bare::of(lane, &anna), given.clone(), kind),
                    give_bare(Bare::of(lane, &ben), given.id, cleo.member),
                )
                .await
            }
        };
        let lost = "SELECT count(*) FROM members WHERE workspace_id = ?1 AND role = ?2 AND NOT \
                    EXISTS (SELECT 1 FROM roles WHERE workspace_id = ?1 AND id = ?3)";
        let lost = lane.count(lost, &[given.id.to_string().into(), given.id.into()]).await;
        // Whoever gives it after it was widened gives what they do not hold.
        let gave_more = match (&edited, &given_to) {
            (Outcome::Done(edited), Outcome::Done(given)) => {
                kind == Edit::Widen && given > edited
            }
            _ => false,
        };
        let is_right = lost == 0
            && !gave_more
            && (edited.is_done() || given_to.is_done())
            && edited.is_one_of(&TOLD)
            && given_to.is_one_of(&TOLD);
        (!is_right).then(|| format!("{kind:?}: {lost} lost, {edited:?}, {given_to:?}"))
    }
}

async fn race(database: Database, way: Way) -> Vec<String> {
    let rounds = either(500, 20_000);
    let start = || Edited { start: Vec::new(), role: None };
    run("role edited while it is given", 46, (database, way), rounds, start).await
}

super::arena::races! {
    race: a_role_is_given_as_its_giver_saw_it,
    without_the_workspace_held_a_role_is_given_that_its_giver_never_saw
}

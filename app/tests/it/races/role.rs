//! A role is edited or deleted while a member gives it: no member gives more than they hold, and
//! no member has a role that does not exist.

use hallpass_app::member::MemberChange;
use hallpass_app::member::access::AccessChange;
use hallpass_app::role::RoleChange;
use hallpass_app::{App, Error, Principal};
use hallpass_domain::id::{MemberId, RoleId, WorkspaceId};
use hallpass_domain::member::Member;
use hallpass_domain::model::ChangeKind;
use hallpass_domain::name::Name;
use hallpass_domain::role::{Role, check_unused};
use hallpass_engine::Grant;
use uuid::Uuid;

use super::arena::{Database, Outcome, Race, RaceWorkspace, Way, both, run};
use super::bare::Bare;
use hallpass_testkit::test_size::either;

const TOLD: [&str; 4] = ["grant_ceiling", "in_use", "no role", "invalid"];

/// What the giver does not hold.
const WIDE: &str = "contacts:read,delete:all";

#[derive(Clone, Copy, Debug, PartialEq)]
enum Edit {
    Widen,
    Delete,
}

async fn edit(
    app: App,
    principal: Principal,
    workspace: WorkspaceId,
    (role, edit): (RoleId, Edit),
) -> Result<i64, Error> {
    let mut ctx = app.enter_to_write(&principal, &workspace.to_string()).await?;
    match edit {
        Edit::Widen => {
            let grants = Some(vec![WIDE.to_owned()]);
            let ask = RoleChange { grants, ..RoleChange::default() };
            ctx.roles().update(role.into(), &ask).await.map(drop)?;
        }
        Edit::Delete => ctx.roles().delete(role.into()).await?,
    }
    Ok(ctx.revision())
}

async fn give(
    app: App,
    principal: Principal,
    workspace: WorkspaceId,
    (role, to): (RoleId, MemberId),
) -> Result<i64, Error> {
    let mut ctx = app.enter_to_write(&principal, &workspace.to_string()).await?;
    let access = AccessChange { role: Some(role.into()), ..AccessChange::default() };
    ctx.members().update(to, &MemberChange::from(access)).await?;
    Ok(ctx.revision())
}

async fn edit_bare(bare: Bare, role: Role, edit: Edit) -> Result<i64, Error> {
    let (model, grantor) = bare.look().await?;
    let id = role.id.into();
    match edit {
        Edit::Widen => {
            let grants = vec![WIDE.parse::<Grant>().unwrap()];
            model.change(grantor, ChangeKind::Edit, &[Role { grants, ..role }.put()])?;
            let sql = "UPDATE roles SET grants = ?3 WHERE workspace_id = ?1 AND id = ?2";
            let grants = serde_json::to_string(&[WIDE]).unwrap();
            bare.write(&[(sql.to_owned(), vec![id, grants.into()])]).await
        }
        Edit::Delete => {
            check_unused(model.count_holders(&role.id.to_string()), None)?;
            let sql = "DELETE FROM roles WHERE workspace_id = ?1 AND id = ?2";
            bare.write(&[(sql.to_owned(), vec![id])]).await
        }
    }
}

async fn give_bare(bare: Bare, role: RoleId, to: MemberId) -> Result<i64, Error> {
    bare.put(ChangeKind::Edit, to, |member| member.access.role = role.to_string()).await
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

    async fn prepare(&mut self, race_workspace: &mut RaceWorkspace) {
        let lead = role("Lead", &["team:read,update:all", "contacts:read:own"]);
        let plain = role("Plain", &[]);
        let given = role("Given", &["contacts:read:own"]);
        let mut tx = race_workspace.write().await;
        for role in [&lead, &plain, &given] {
            tx.roles().insert(role).await.unwrap();
        }
        tx.bump_revision().await.unwrap();
        tx.commit().await.unwrap();
        let (ben, cleo) = (race_workspace.people[1].member, race_workspace.people[2].member);
        self.start = race_workspace.members().await;
        for member in &mut self.start {
            if member.id == ben {
                member.access.role = lead.id.to_string();
            } else if member.id == cleo {
                member.access.role = plain.id.to_string();
            }
        }
        self.role = Some(given);
    }

    async fn run(&mut self, race_workspace: &mut RaceWorkspace) -> Option<String> {
        let given = self.role.clone().expect("a role");
        let out = "DELETE FROM roles WHERE workspace_id = ?1 AND id = ?2";
        let restore = "INSERT INTO roles (workspace_id, id, name, name_key, description, grants, \
                    version) VALUES (?1, ?2, 'Given', 'given', '', ?3, ?4)";
        let grants = "[\"contacts:read:own\"]";
        let restore_values = [given.id.into(), grants.into(), 1.into()];
        race_workspace
            .put_back(&self.start, &[(out, &[given.id.into()]), (restore, &restore_values)])
            .await;
        let kind = if race_workspace.rng.percent(50) { Edit::Widen } else { Edit::Delete };
        let [anna, ben, cleo] = [0, 1, 2].map(|place| race_workspace.people[place].clone());
        let (edited, given_to) = match race_workspace.way {
            Way::App => {
                let (app, place) = (race_workspace.app().clone(), race_workspace.workspace);
                both(
                    edit(app.clone(), anna.principal.clone(), place, (given.id, kind)),
                    give(app, ben.principal.clone(), place, (given.id, cleo.member)),
                )
                .await
            }
            Way::Bare => {
                both(
                    edit_bare(Bare::of(race_workspace, &anna), given.clone(), kind),
                    give_bare(Bare::of(race_workspace, &ben), given.id, cleo.member),
                )
                .await
            }
        };
        let lost = "SELECT count(*) FROM members WHERE workspace_id = ?1 AND role = ?2 AND NOT \
                    EXISTS (SELECT 1 FROM roles WHERE workspace_id = ?1 AND id = ?3)";
        let lost =
            race_workspace.count(lost, &[given.id.to_string().into(), given.id.into()]).await;
        // A member who gives it after it was widened gives what they do not hold.
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

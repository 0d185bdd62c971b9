//! A workspace in which members do random things, one after the other.

use std::collections::BTreeMap;

use hallpass_app::account::deletion::DELETE;
use hallpass_app::dry_run::DryRun;
use hallpass_app::entity::NewEntity;
use hallpass_app::invitation::NewInvitation;
use hallpass_app::member::MemberChange;
use hallpass_app::member::access::AccessChange;
use hallpass_app::{App, Error, Principal, WorkspaceContext};
use hallpass_domain::id::{MemberId, WorkspaceId};
use hallpass_domain::member::{Member, MemberAccessChange, Status};
use hallpass_domain::record::{Owner, Record};
use hallpass_domain::setting::Area;
use hallpass_store::Row;
use hallpass_testkit::TestDatabase;
use serde_json::Map;

use super::view::View;
use super::wish::Wish;
use crate::test_server::TestServer;
use hallpass_testkit::Rng;

/// What a step is that cannot run dry.
pub(crate) const NOT_DRY: &str = "no dry run";

/// How many people there are to join.
const PEOPLE: usize = 8;

/// A person with an account, who may be a member or not.
struct Person {
    email: String,
    principal: Principal,
}

/// A workspace, its members and those who may join.
pub(crate) struct World {
    server: TestServer,
    pub(crate) beside: App,
    pub(crate) workspace: WorkspaceId,
    pub(crate) rng: Rng,
    people: Vec<Person>,
    serial: usize,
    run: Run,
}

/// How the use cases of a world run.
#[derive(Clone, Debug, Default)]
pub(crate) enum Run {
    #[default]
    Real,
    Dry(DryRun),
    AsPreviewed(String),
}

/// A use case that was run, with its result.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) what: String,
    /// On whose behalf.
    pub(crate) grantor: MemberId,
    /// The actor in the audit log.
    pub(crate) actor: MemberId,
    pub(crate) is_transfer: bool,
    /// The actions in the audit log once it is done.
    pub(crate) entries: Vec<&'static str>,
    pub(crate) result: Result<(), Error>,
}

impl World {
    pub(crate) async fn new(blueprint: &str, seed: u64) -> World {
        World::on(TestDatabase::Memory, blueprint, seed).await
    }

    pub(crate) async fn on(database: TestDatabase, blueprint: &str, seed: u64) -> World {
        let server = TestServer::on(database).await;
        let mut people = Vec::new();
        for n in 0..PEOPLE {
            let email = format!("person{n}@example.com");
            let principal = server.sign_up(&email).await;
            people.push(Person { email, principal });
        }
        let workspace = server.found(&people[0].principal, blueprint, "acme").await;
        let beside = server.beside();
        World {
            beside,
            workspace,
            rng: Rng::new(seed),
            people,
            serial: 0,
            run: Run::Real,
            server,
        }
    }

    /// The workspace as a process reads it that knows nothing of before.
    pub(crate) async fn view(&self) -> View {
        View::of(&self.another(), self.workspace).await
    }

    /// Another process that has read nothing.
    pub(crate) fn another(&self) -> App {
        self.server.beside()
    }

    pub(crate) fn wish<'w>(&'w mut self, view: &'w View) -> Wish<'w> {
        self.serial += 1;
        Wish { view, rng: &mut self.rng, serial: self.serial }
    }

    fn principal_of(&self, member: &Member) -> Option<Principal> {
        let person =
            self.people.iter().find(|one| one.principal.person().ok() == member.account);
        person.map(|person| person.principal.clone())
    }

    async fn enter(&self, principal: &Principal) -> Result<WorkspaceContext, Error> {
        let principal = match &self.run {
            Run::Real => principal.clone(),
            Run::Dry(dry_run) => principal.clone().dry(dry_run.clone()),
            Run::AsPreviewed(id) => principal.clone().as_previewed(id.clone()),
        };
        self.server.app.enter_to_write(&principal, &self.workspace.to_string()).await
    }

    /// The place in the sequence of random use cases.
    pub(crate) fn position(&self) -> (Rng, usize) {
        (self.rng.clone(), self.serial)
    }

    /// Goes back to a place: the next use case is the one that came there.
    pub(crate) fn rewind(&mut self, (rng, serial): (Rng, usize)) {
        (self.rng, self.serial) = (rng, serial);
    }

    /// Inserts a record without a use case.
    pub(crate) async fn insert(&self, record: &Record) {
        let mut tx = self.beside.db().write_in(self.workspace.0).await.unwrap().unwrap();
        tx.records().insert(record).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The number of records by type and owner; those without an owner have an empty one.
    pub(crate) async fn records(&self) -> BTreeMap<(String, String), i64> {
        let mut tx = self.beside.db().read_in(self.workspace.0).await.unwrap().unwrap();
        let sql = "SELECT entity, owner_id, count(*) AS n FROM records WHERE workspace_id = ?1 \
                   GROUP BY entity, owner_id";
        let rows = tx.query(sql, &[]).await.unwrap();
        let number = |row: &Row| {
            let owner = match Owner::of_key(row.id(1).unwrap()) {
                Owner::Unowned => String::new(),
                Owner::Member(id) => id.to_string(),
            };
            ((row.text(0).unwrap().to_owned(), owner), row.int(2).unwrap())
        };
        rows.iter().map(number).collect()
    }

    /// Runs a random use case for real, dry, or as it was previewed.
    pub(crate) async fn step_as(&mut self, view: &View, run: Run) -> Step {
        self.run = run;
        let step = self.any_step(view).await;
        self.run = Run::Real;
        step
    }

    /// Runs a random use case, of more kinds than [`World::step`].
    pub(crate) async fn any_step(&mut self, view: &View) -> Step {
        match self.rng.below(12) {
            0 => self.modules(view).await,
            1 => self.entities(view).await,
            _ => self.step(view).await,
        }
    }

    async fn modules(&mut self, view: &View) -> Step {
        let actor = self.actor(view);
        let principal = self.principal_of(&actor).expect("members are people of the world");
        let resources = view.model.policy().resources();
        let known = resources.iter().filter(|known| known.can_switch_off);
        let known: Vec<String> = known.map(|known| known.key.clone()).collect();
        let key = self.rng.one(&known).unwrap_or("nothing".to_owned());
        let turns = Map::from_iter([(key, self.rng.percent(50).into())]);
        let what = format!("turns {turns:?}");
        let result = match self.enter(&principal).await {
            Ok(mut ctx) => ctx.settings().update(Area::Modules, &turns).await.map(drop),
            Err(error) => Err(error),
        };
        Step::of(&actor, what, vec!["settings.modules"], result)
    }

    async fn entities(&mut self, view: &View) -> Step {
        let actor = self.actor(view);
        let principal = self.principal_of(&actor).expect("members are people of the world");
        let number = self.rng.below(4);
        let is_new = self.rng.percent(60);
        let key = format!("things_{number}");
        let new = NewEntity {
            key: key.clone(),
            name: format!("Things {number}"),
            ..NewEntity::default()
        };
        let result = match self.enter(&principal).await {
            Ok(mut ctx) if is_new => ctx.entities().create(&new).await.map(drop),
            Ok(mut ctx) => ctx.entities().delete(&key).await,
            Err(error) => Err(error),
        };
        let entry = if is_new { "entity.create" } else { "entity.delete" };
        Step::of(&actor, format!("{entry} {key}"), vec![entry], result)
    }

    /// Chooses an actor: often a holder of the top role, often any member.
    fn actor(&mut self, view: &View) -> Member {
        let top = view.model.blueprint().top_role().unwrap().key.clone();
        let is_top = |one: &&Member| one.access.role == top && one.status == Status::Active;
        let tops: Vec<Member> = view.members.iter().filter(is_top).cloned().collect();
        let share = if view.members.len() < 5 { 90 } else { 35 };
        let from = if self.rng.percent(share) { &tops } else { &view.members };
        self.rng.one(from).unwrap()
    }

    /// Runs a random use case.
    pub(crate) async fn step(&mut self, view: &View) -> Step {
        let actor = self.actor(view);
        let principal = self.principal_of(&actor).expect("members are people of the world");
        match self.rng.below(32) {
            0..=3 if self.rng.percent(60) && !view.pending.is_empty() => {
                self.accept(view).await
            }
            0..=3 => self.invite(view, &actor, &principal).await,
            4..=12 => self.change_member(view, &actor, &principal).await,
            13..=16 => self.end_or_pause(view, &actor, &principal).await,
            17 => self.hand_over(view, &actor, &principal).await,
            18..=21 => self.roles(view, &actor, &principal).await,
            22..=23 => self.profiles(view, &actor, &principal).await,
            24..=27 => self.teams(view, &actor, &principal).await,
            28..=29 => self.departments(view, &actor, &principal).await,
            30 => self.switches(view, &actor, &principal).await,
            _ => self.answer(view, &actor, &principal).await,
        }
    }

    async fn invite(&mut self, view: &View, actor: &Member, principal: &Principal) -> Step {
        let at = self.rng.below(PEOPLE);
        let email = self.people[at].email.clone();
        let mut wish = self.wish(view);
        let role = wish.role();
        let access = MemberAccessChange { role: Some(role), ..wish.access() }.into();
        let ask = NewInvitation {
            email,
            access,
            given: vec!["email", "role"],
            ..NewInvitation::default()
        };
        let what = format!("invites {ask:?}");
        let result = match self.enter(principal).await {
            Ok(mut ctx) => ctx.invitations().send(&[ask]).await.map(drop),
            Err(error) => Err(error),
        };
        Step::of(actor, what, vec!["invitation.create"], result)
    }

    /// Lets the person accept who was invited last.
    pub(crate) async fn accept_newest(&self, view: &View) -> Result<(), Error> {
        let invitation = view.pending.iter().max_by_key(|one| one.id).unwrap();
        let link = self.server.link(invitation.id).await;
        let invited = |person: &&Person| person.email == invitation.email.as_str();
        let person = self.people.iter().find(invited).unwrap();
        self.server.app.invitations().accept(&person.principal, &link).await.map(drop)
    }

    async fn accept(&mut self, view: &View) -> Step {
        let invitation = self.rng.one(&view.pending).unwrap();
        let link = self.server.link(invitation.id).await;
        let invited = |person: &&Person| person.email == invitation.email.as_str();
        let right = self.people.iter().find(invited).unwrap();
        let wrong = &self.people[self.rng.below(PEOPLE)];
        let person = if self.rng.percent(95) { right } else { wrong };
        if matches!(self.run, Run::Dry(_)) {
            return Self::not_dry(invitation.invited_by.expect("members invite"));
        }
        let accepted = self.server.app.invitations().accept(&person.principal, &link).await;
        let grantor = invitation.invited_by.expect("members invite");
        let actor = accepted.as_ref().map_or(grantor, |joined| joined.member.id);
        let what = format!("{} accepts {invitation:?}", person.email);
        let (entries, is_transfer) = (vec!["invitation.accept"], false);
        Step { what, grantor, actor, is_transfer, entries, result: accepted.map(drop) }
    }

    /// A step that is no request in a workspace, and cannot run dry.
    fn not_dry(grantor: MemberId) -> Step {
        Step {
            what: NOT_DRY.to_owned(),
            grantor,
            actor: grantor,
            is_transfer: false,
            entries: Vec::new(),
            result: Ok(()),
        }
    }

    async fn answer(&mut self, view: &View, actor: &Member, principal: &Principal) -> Step {
        let id = self.rng.one(&view.invitations()).unwrap_or(uuid::Uuid::nil().into());
        let is_resent = self.rng.percent(50);
        let result = match self.enter(principal).await {
            Ok(mut ctx) if is_resent => ctx.invitations().resend(id).await.map(drop),
            Ok(mut ctx) => ctx.invitations().revoke(id).await,
            Err(error) => Err(error),
        };
        let entry = if is_resent { "invitation.resend" } else { "invitation.revoke" };
        Step::of(actor, format!("{entry} {id}"), vec![entry], result)
    }

    async fn change_member(
        &mut self,
        view: &View,
        actor: &Member,
        principal: &Principal,
    ) -> Step {
        let whom = self.rng.one(&view.members).unwrap();
        let access = self.wish(view).access();
        let what = format!("changes {} to {access:?}", whom.id);
        let change = MemberChange::from(AccessChange::from(access));
        let result = match self.enter(principal).await {
            Ok(mut ctx) => ctx.members().update(whom.id, &change).await.map(drop),
            Err(error) => Err(error),
        };
        Step::of(actor, what, vec!["member.update"], result)
    }

    async fn end_or_pause(
        &mut self,
        view: &View,
        actor: &Member,
        principal: &Principal,
    ) -> Step {
        let whom = self.rng.one(&view.members).unwrap().id;
        let which = self.rng.below(20);
        if which == 19 {
            return self.delete_account(actor, principal).await;
        }
        let (entry, result) = match self.enter(principal).await {
            Ok(mut ctx) => match which {
                0..=5 => ("member.deactivate", ctx.members().deactivate(whom).await.map(drop)),
                6..=12 => ("member.reactivate", ctx.members().reactivate(whom).await.map(drop)),
                13..=16 => ("member.remove", ctx.members().remove(whom).await),
                _ => ("member.leave", ctx.members().leave().await),
            },
            Err(error) => ("", Err(error)),
        };
        Step::of(actor, format!("{entry} {whom}"), vec![entry], result)
    }

    async fn delete_account(&mut self, actor: &Member, principal: &Principal) -> Step {
        if matches!(self.run, Run::Dry(_)) {
            return Self::not_dry(actor.id);
        }
        let result = self.server.app.accounts().delete(principal, DELETE).await;
        let step =
            Step::of(actor, "deletes the account".to_owned(), vec!["account.delete"], result);
        if step.result.is_ok() {
            // The address is free: the person signs up again, with another account.
            let account = actor.account;
            let at = self.people.iter().position(|one| one.principal.person().ok() == account);
            let at = at.unwrap();
            self.people[at].principal = self.server.sign_up(&self.people[at].email).await;
        }
        step
    }

    async fn hand_over(&mut self, view: &View, actor: &Member, principal: &Principal) -> Step {
        let to = self.rng.one(&view.members).unwrap().id;
        let is_billing = self.rng.percent(60);
        let result = match self.enter(principal).await {
            Ok(mut ctx) if is_billing => ctx.billing().transfer(to).await,
            Ok(mut ctx) => ctx.ownership().transfer(to).await,
            Err(error) => Err(error),
        };
        let entries = if is_billing {
            vec!["billing.transfer"]
        } else {
            vec!["ownership.transfer", "ownership.transfer"]
        };
        let step = Step::of(actor, format!("{} to {to}", entries[0]), entries, result);
        Step { is_transfer: true, ..step }
    }

    async fn roles(&mut self, view: &View, actor: &Member, principal: &Principal) -> Step {
        let id = self.rng.one(&view.roles).unwrap_or(uuid::Uuid::nil().into());
        let which = if view.roles.is_empty() { 0 } else { self.rng.below(10) };
        let ask = self.wish(view).role_change(which < 3);
        let (entry, result) = match self.enter(principal).await {
            Ok(mut ctx) => match which {
                0..=2 => ("role.create", ctx.roles().create(&ask).await.map(drop)),
                3..=7 => ("role.update", ctx.roles().update(id.into(), &ask).await.map(drop)),
                _ => ("role.delete", ctx.roles().delete(id.into()).await),
            },
            Err(error) => ("", Err(error)),
        };
        Step::of(actor, format!("{entry} {id} {ask:?}"), vec![entry], result)
    }

    async fn profiles(&mut self, view: &View, actor: &Member, principal: &Principal) -> Step {
        let id = self.rng.one(&view.profiles).unwrap_or(uuid::Uuid::nil().into());
        let which = self.rng.below(10);
        let ask = self.wish(view).profile_change(which < 3);
        let (entry, result) = match self.enter(principal).await {
            Ok(mut ctx) => match which {
                0..=2 => ("profile.create", ctx.profiles().create(&ask).await.map(drop)),
                3..=8 => {
                    ("profile.update", ctx.profiles().update(id.into(), &ask).await.map(drop))
                }
                _ => ("profile.delete", ctx.profiles().delete(id.into()).await),
            },
            Err(error) => ("", Err(error)),
        };
        Step::of(actor, format!("{entry} {id} {ask:?}"), vec![entry], result)
    }

    async fn teams(&mut self, view: &View, actor: &Member, principal: &Principal) -> Step {
        let id = self.rng.one(&view.teams).unwrap_or(uuid::Uuid::nil().into());
        let whom = self.rng.one(&view.members).unwrap().id;
        let which = if view.teams.len() < 2 { 0 } else { self.rng.below(16) };
        let ask = self.wish(view).team_change(which < 3);
        let (entry, result) = match self.enter(principal).await {
            Ok(mut ctx) => match which {
                0..=2 => ("team.create", ctx.teams().create(&ask).await.map(drop)),
                3..=5 => ("team.update", ctx.teams().update(id.into(), &ask).await.map(drop)),
                6 => ("team.delete", ctx.teams().delete(id.into()).await),
                7..=12 => ("team.join", ctx.teams().add_member(id.into(), whom).await),
                _ => ("team.quit", ctx.teams().remove_member(id.into(), whom).await),
            },
            Err(error) => ("", Err(error)),
        };
        Step::of(actor, format!("{entry} {id} {whom} {ask:?}"), vec![entry], result)
    }

    async fn departments(
        &mut self,
        view: &View,
        actor: &Member,
        principal: &Principal,
    ) -> Step {
        let id = self.rng.one(&view.departments).unwrap_or(uuid::Uuid::nil().into());
        let which = if view.departments.len() < 2 { 0 } else { self.rng.below(10) };
        let ask = self.wish(view).department_change(which < 4);
        let (entry, result) = match self.enter(principal).await {
            Ok(mut ctx) => match which {
                0..=3 => ("department.create", ctx.departments().create(&ask).await.map(drop)),
                4..=8 => (
                    "department.update",
                    ctx.departments().update(id.into(), &ask).await.map(drop),
                ),
                _ => ("department.delete", ctx.departments().delete(id.into()).await),
            },
            Err(error) => ("", Err(error)),
        };
        Step::of(actor, format!("{entry} {id} {ask:?}"), vec![entry], result)
    }

    async fn switches(&mut self, view: &View, actor: &Member, principal: &Principal) -> Step {
        let known: Vec<String> =
            view.model.blueprint().switches.iter().map(|one| one.key.clone()).collect();
        let key = self.rng.one(&known).unwrap_or("nothing".to_owned());
        let turns = Map::from_iter([(key, self.rng.percent(50).into())]);
        let what = format!("turns {turns:?}");
        let result = match self.enter(principal).await {
            Ok(mut ctx) => ctx.settings().update_switches(&turns).await.map(drop),
            Err(error) => Err(error),
        };
        Step::of(actor, what, vec!["settings.switches"], result)
    }
}

impl Step {
    fn of(
        actor: &Member,
        what: String,
        entries: Vec<&'static str>,
        result: Result<(), Error>,
    ) -> Step {
        Step { what, grantor: actor.id, actor: actor.id, is_transfer: false, entries, result }
    }
}

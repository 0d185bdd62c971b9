//! A workspace in which people do random things, one after the other.

use hallpass_app::account::deletion::DELETE;
use hallpass_app::invitation::NewInvitation;
use hallpass_app::member::MemberChange;
use hallpass_app::{Caller, Error, House, Visit};
use hallpass_domain::id::{MemberId, WorkspaceId};
use hallpass_domain::member::{Member, SeatChange, Status};
use hallpass_testkit::Ground;
use serde_json::Map;

use super::view::View;
use super::wish::Wish;
use crate::town::Town;
use hallpass_testkit::Chance;

/// How many people there are to come in.
const PEOPLE: usize = 8;

/// A person with an account, who may be a member or not.
struct Person {
    email: String,
    caller: Caller,
}

/// A workspace and the people who are in it or may come.
pub(crate) struct World {
    town: Town,
    pub(crate) beside: House,
    pub(crate) workspace: WorkspaceId,
    pub(crate) chance: Chance,
    people: Vec<Person>,
    serial: usize,
}

/// What somebody did, or tried.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) what: String,
    /// On whose behalf.
    pub(crate) giver: MemberId,
    /// Whom the audit log is to name.
    pub(crate) actor: MemberId,
    pub(crate) is_transfer: bool,
    /// What the audit log is to say once it is done.
    pub(crate) entries: Vec<&'static str>,
    pub(crate) result: Result<(), Error>,
}

impl World {
    pub(crate) async fn new(blueprint: &str, seed: u64) -> World {
        let town = Town::on(Ground::Memory).await;
        let mut people = Vec::new();
        for n in 0..PEOPLE {
            let email = format!("person{n}@example.com");
            let caller = town.sign_up(&email).await;
            people.push(Person { email, caller });
        }
        let workspace = town.found(&people[0].caller, blueprint, "acme").await;
        let beside = town.beside();
        World { beside, workspace, chance: Chance::new(seed), people, serial: 0, town }
    }

    pub(crate) async fn view(&self) -> View {
        View::of(&self.beside, self.workspace).await
    }

    pub(crate) fn wish<'w>(&'w mut self, view: &'w View) -> Wish<'w> {
        self.serial += 1;
        Wish { view, chance: &mut self.chance, serial: self.serial }
    }

    fn caller_of(&self, member: &Member) -> Option<Caller> {
        let person =
            self.people.iter().find(|one| one.caller.person().unwrap() == member.account);
        person.map(|person| person.caller.clone())
    }

    async fn visit(&self, caller: &Caller) -> Result<Visit, Error> {
        self.town.house.visit_to_write(caller, &self.workspace.to_string()).await
    }

    /// Somebody who acts: often the founder's kind, who may, and often anybody.
    fn actor(&mut self, view: &View) -> Member {
        let top = view.model.blueprint().top_role().unwrap().key.clone();
        let is_top = |one: &&Member| one.seat.role == top && one.status == Status::Active;
        let tops: Vec<Member> = view.members.iter().filter(is_top).cloned().collect();
        let share = if view.members.len() < 5 { 90 } else { 35 };
        let from = if self.chance.percent(share) { &tops } else { &view.members };
        self.chance.one(from).unwrap()
    }

    /// Lets somebody do something.
    pub(crate) async fn step(&mut self, view: &View) -> Step {
        let actor = self.actor(view);
        let caller = self.caller_of(&actor).expect("members are people of the world");
        match self.chance.below(32) {
            0..=3 if self.chance.percent(60) && !view.pending.is_empty() => {
                self.accept(view).await
            }
            0..=3 => self.invite(view, &actor, &caller).await,
            4..=12 => self.change_member(view, &actor, &caller).await,
            13..=16 => self.end_or_pause(view, &actor, &caller).await,
            17 => self.hand_over(view, &actor, &caller).await,
            18..=21 => self.roles(view, &actor, &caller).await,
            22..=23 => self.profiles(view, &actor, &caller).await,
            24..=27 => self.teams(view, &actor, &caller).await,
            28..=29 => self.departments(view, &actor, &caller).await,
            30 => self.switches(view, &actor, &caller).await,
            _ => self.answer(view, &actor, &caller).await,
        }
    }

    async fn invite(&mut self, view: &View, actor: &Member, caller: &Caller) -> Step {
        let at = self.chance.below(PEOPLE);
        let email = self.people[at].email.clone();
        let mut wish = self.wish(view);
        let role = wish.role();
        let seat = SeatChange { role: Some(role), ..wish.seat() };
        let ask = NewInvitation {
            email,
            seat,
            given: vec!["email", "role"],
            ..NewInvitation::default()
        };
        let what = format!("invites {ask:?}");
        let result = match self.visit(caller).await {
            Ok(mut visit) => visit.invite_all(&[ask]).await.map(drop),
            Err(error) => Err(error),
        };
        Step::of(actor, what, vec!["invitation.create"], result)
    }

    async fn accept(&mut self, view: &View) -> Step {
        let invitation = self.chance.one(&view.pending).unwrap();
        let link = self.town.link(invitation.id).await;
        let invited = |person: &&Person| person.email == invitation.email.as_str();
        let right = self.people.iter().find(invited).unwrap();
        let wrong = &self.people[self.chance.below(PEOPLE)];
        let person = if self.chance.percent(95) { right } else { wrong };
        let accepted = self.town.house.accept_invitation(&person.caller, &link).await;
        let giver = invitation.invited_by.expect("members invite");
        let actor = accepted.as_ref().map_or(giver, |joined| joined.member.id);
        let what = format!("{} accepts {invitation:?}", person.email);
        let (entries, is_transfer) = (vec!["invitation.accept"], false);
        Step { what, giver, actor, is_transfer, entries, result: accepted.map(drop) }
    }

    async fn answer(&mut self, view: &View, actor: &Member, caller: &Caller) -> Step {
        let id = self.chance.one(&view.invitations()).unwrap_or(uuid::Uuid::nil().into());
        let is_resent = self.chance.percent(50);
        let result = match self.visit(caller).await {
            Ok(mut visit) if is_resent => visit.resend_invitation(id).await.map(drop),
            Ok(mut visit) => visit.revoke_invitation(id).await,
            Err(error) => Err(error),
        };
        let entry = if is_resent { "invitation.resend" } else { "invitation.revoke" };
        Step::of(actor, format!("{entry} {id}"), vec![entry], result)
    }

    async fn change_member(&mut self, view: &View, actor: &Member, caller: &Caller) -> Step {
        let whom = self.chance.one(&view.members).unwrap();
        let seat = self.wish(view).seat();
        let what = format!("changes {} to {seat:?}", whom.id);
        let change = MemberChange { seat, landing: None };
        let result = match self.visit(caller).await {
            Ok(mut visit) => visit.change_member(whom.id, &change, None).await.map(drop),
            Err(error) => Err(error),
        };
        Step::of(actor, what, vec!["member.update"], result)
    }

    async fn end_or_pause(&mut self, view: &View, actor: &Member, caller: &Caller) -> Step {
        let whom = self.chance.one(&view.members).unwrap().id;
        let which = self.chance.below(20);
        if which == 19 {
            return self.delete_account(actor, caller).await;
        }
        let (entry, result) = match self.visit(caller).await {
            Ok(mut visit) => match which {
                0..=5 => ("member.deactivate", visit.deactivate_member(whom).await.map(drop)),
                6..=12 => ("member.reactivate", visit.reactivate_member(whom).await.map(drop)),
                13..=16 => ("member.remove", visit.remove_member(whom).await),
                _ => ("member.leave", visit.leave().await),
            },
            Err(error) => ("", Err(error)),
        };
        Step::of(actor, format!("{entry} {whom}"), vec![entry], result)
    }

    async fn delete_account(&mut self, actor: &Member, caller: &Caller) -> Step {
        let result = self.town.house.delete_account(caller, DELETE).await;
        let step =
            Step::of(actor, "deletes the account".to_owned(), vec!["account.delete"], result);
        if step.result.is_ok() {
            // The address is free: the person signs up anew, as somebody else.
            let account = actor.account;
            let at = self.people.iter().position(|one| one.caller.person().unwrap() == account);
            let at = at.unwrap();
            self.people[at].caller = self.town.sign_up(&self.people[at].email).await;
        }
        step
    }

    async fn hand_over(&mut self, view: &View, actor: &Member, caller: &Caller) -> Step {
        let to = self.chance.one(&view.members).unwrap().id;
        let is_billing = self.chance.percent(60);
        let result = match self.visit(caller).await {
            Ok(mut visit) if is_billing => visit.transfer_billing(to).await,
            Ok(mut visit) => visit.transfer_ownership(to).await,
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

    async fn roles(&mut self, view: &View, actor: &Member, caller: &Caller) -> Step {
        let id = self.chance.one(&view.roles).unwrap_or(uuid::Uuid::nil().into());
        let which = if view.roles.is_empty() { 0 } else { self.chance.below(10) };
        let ask = self.wish(view).role_change(which < 3);
        let (entry, result) = match self.visit(caller).await {
            Ok(mut visit) => match which {
                0..=2 => ("role.create", visit.create_role(&ask).await.map(drop)),
                3..=7 => ("role.update", visit.change_role(id, &ask, None).await.map(drop)),
                _ => ("role.delete", visit.delete_role(id).await),
            },
            Err(error) => ("", Err(error)),
        };
        Step::of(actor, format!("{entry} {id} {ask:?}"), vec![entry], result)
    }

    async fn profiles(&mut self, view: &View, actor: &Member, caller: &Caller) -> Step {
        let id = self.chance.one(&view.profiles).unwrap_or(uuid::Uuid::nil().into());
        let which = self.chance.below(10);
        let ask = self.wish(view).profile_change(which < 3);
        let (entry, result) = match self.visit(caller).await {
            Ok(mut visit) => match which {
                0..=2 => ("profile.create", visit.create_profile(&ask).await.map(drop)),
                3..=8 => (
                    "profile.update",
                    visit.change_profile_of_teams(id, &ask, None).await.map(drop),
                ),
                _ => ("profile.delete", visit.delete_profile(id).await),
            },
            Err(error) => ("", Err(error)),
        };
        Step::of(actor, format!("{entry} {id} {ask:?}"), vec![entry], result)
    }

    async fn teams(&mut self, view: &View, actor: &Member, caller: &Caller) -> Step {
        let id = self.chance.one(&view.teams).unwrap_or(uuid::Uuid::nil().into());
        let whom = self.chance.one(&view.members).unwrap().id;
        let which = if view.teams.len() < 2 { 0 } else { self.chance.below(16) };
        let ask = self.wish(view).team_change(which < 3);
        let (entry, result) = match self.visit(caller).await {
            Ok(mut visit) => match which {
                0..=2 => ("team.create", visit.create_team(&ask).await.map(drop)),
                3..=5 => ("team.update", visit.change_team(id, &ask, None).await.map(drop)),
                6 => ("team.delete", visit.delete_team(id).await),
                7..=12 => ("team.join", visit.join_team(id, whom).await),
                _ => ("team.quit", visit.quit_team(id, whom).await),
            },
            Err(error) => ("", Err(error)),
        };
        Step::of(actor, format!("{entry} {id} {whom} {ask:?}"), vec![entry], result)
    }

    async fn departments(&mut self, view: &View, actor: &Member, caller: &Caller) -> Step {
        let id = self.chance.one(&view.departments).unwrap_or(uuid::Uuid::nil().into());
        let which = if view.departments.len() < 2 { 0 } else { self.chance.below(10) };
        let ask = self.wish(view).department_change(which < 4);
        let (entry, result) = match self.visit(caller).await {
            Ok(mut visit) => match which {
                0..=3 => ("department.create", visit.create_department(&ask).await.map(drop)),
                4..=8 => (
                    "department.update",
                    visit.change_department(id, &ask, None).await.map(drop),
                ),
                _ => ("department.delete", visit.delete_department(id).await),
            },
            Err(error) => ("", Err(error)),
        };
        Step::of(actor, format!("{entry} {id} {ask:?}"), vec![entry], result)
    }

    async fn switches(&mut self, view: &View, actor: &Member, caller: &Caller) -> Step {
        let known: Vec<String> =
            view.model.blueprint().switches.iter().map(|one| one.key.clone()).collect();
        let key = self.chance.one(&known).unwrap_or("nothing".to_owned());
        let turns = Map::from_iter([(key, self.chance.percent(50).into())]);
        let what = format!("turns {turns:?}");
        let result = match self.visit(caller).await {
            Ok(mut visit) => visit.turn_switches(&turns).await,
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
        Step { what, giver: actor.id, actor: actor.id, is_transfer: false, entries, result }
    }
}

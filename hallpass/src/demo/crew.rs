//! Builds the workspaces of the demo as people would: they sign up, are invited, come in and work,
//! through the use cases and past every guard, over the better part of a year.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use hallpass_app::account::SignUp;
use hallpass_app::account::deletion::DELETE;
use hallpass_app::environment::{Clock, SystemRandom};
use hallpass_app::hasher::HashCost;
use hallpass_app::invitation::NewInvitation;
use hallpass_app::mail::deliver_due;
use hallpass_app::mailer::{Mailer, Sending};
use hallpass_app::operation::Operator;
use hallpass_app::secret::Token;
use hallpass_app::session::Origin;
use hallpass_app::workspace::NewWorkspace;
use hallpass_app::{App, Error, Principal, Rules, WorkspaceContext};
use hallpass_domain::blueprint::SHIPPED;
use hallpass_domain::email::Email;
use hallpass_domain::id::MemberId;
use hallpass_domain::mail_template::MailTemplate;
use hallpass_domain::member::MemberAccessChange;
use hallpass_domain::time::{Span, Timestamp};
use hallpass_engine::{Blueprint, ResourceKind, Target};

use super::member_access::{GONE, INACTIVE, access, layers, role};
use super::people::{INVITED, LATE, MAX, PASSWORD, PEOPLE, Person, ROSA};
use super::record::record;
use super::{account, bill, deed, setting};
use crate::command::workspace::in_words;

/// How long ago it all began.
const BEGAN: Span = Span::days(300);

/// How often records come, and how many of each type.
const SEASONS: usize = 4;
const A_SEASON: usize = 25;

/// The slugs of the workspaces: the ids of the access models.
pub(super) fn slugs() -> Vec<String> {
    blueprints().map(|(blueprint, _)| blueprint.id).collect()
}

fn blueprints() -> impl Iterator<Item = (Blueprint, &'static str)> {
    SHIPPED.into_iter().filter_map(|text| Some((Blueprint::parse(text).ok()?, text)))
}

/// Builds everything in an empty house.
pub(super) async fn build(app: &App) -> Result<(), String> {
    all(app).await.map_err(|error| format!("the demo cannot be built: {}", in_words(&error)))
}

async fn all(app: &App) -> Result<(), Error> {
    let today = app.now();
    let clock = Arc::new(Past(AtomicI64::new(today.0 - BEGAN.0)));
    let rules = Rules { stripe_secret: Some(bill::SECRET.to_owned()), ..app.rules().clone() };
    let chance = Arc::new(SystemRandom::default());
    let told = Arc::<Past>::clone(&clock);
    let app = App::with(app.db().clone(), rules, told, chance, HashCost::Usual)?;
    let mut crew = Crew { app, letters: Arc::new(Letters::default()), callers: Vec::new() };
    for person in PEOPLE {
        crew.callers.push(crew.sign_up(person).await?);
    }
    let mut places = Vec::new();
    for (blueprint, text) in blueprints() {
        places.push(crew.found(blueprint, text).await?);
    }
    for place in &places {
        setting::settle(place, &place.members).await?;
    }
    for season in 0..SEASONS {
        clock.set(today.0 - BEGAN.0 / 5 * i64::try_from(SEASONS - season).unwrap_or(1));
        for place in &places {
            place.work(season).await?;
        }
    }
    clock.set(today.0 - Span::days(40).0);
    for place in &places {
        place.invite(&[LATE]).await?;
    }
    clock.set(today.0 - Span::days(1).0);
    for place in &places {
        place.invite(&[INVITED]).await?;
        bill::subscribe(&crew.app, place).await?;
        deed::work(place, &place.members).await?;
        place.part().await?;
        deed::hand_over(place, &place.members).await?;
        account::lend(place, place.anna).await?;
    }
    crew.come_and_go(&places).await?;
    if let Some(place) = places.iter().rfind(|place| place.opens("billing", "plan")) {
        place.enter().await?.cancel_plan().await?;
    }
    if let Some(anna) = crew.callers.first() {
        account::settle(&crew.app, anna).await?;
        account::close(&crew.app, anna).await?;
    }
    crew.deliver().await
}

/// A clock that is told.
struct Past(AtomicI64);

impl Past {
    fn set(&self, at: i64) {
        self.0.store(at, Ordering::Relaxed);
    }
}

impl Clock for Past {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }
}

/// Takes the letters of the demo, whose addresses nobody reads.
#[derive(Default)]
struct Letters(Mutex<Vec<(String, MailTemplate)>>);

impl Mailer for Letters {
    fn send<'a>(&'a self, to: &'a Email, mail_template: &'a MailTemplate) -> Sending<'a> {
        let mut letters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        letters.push((to.as_str().to_owned(), mail_template.clone()));
        Box::pin(std::future::ready(Ok(())))
    }
}

impl Letters {
    /// The last link of an invitation to somebody.
    fn link(&self, to: &str) -> Option<Token> {
        let letters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        letters.iter().rev().filter(|(address, _)| address == to).find_map(
            |(_, mail_template)| {
                if let MailTemplate::Invitation { token, .. } = mail_template {
                    return Some(Token::brought(token));
                }
                None
            },
        )
    }
}

struct Crew {
    app: App,
    letters: Arc<Letters>,
    callers: Vec<Principal>,
}

impl Crew {
    async fn sign_up(&self, person: Person) -> Result<Principal, Error> {
        let ask = SignUp {
            email: person.email(),
            password: PASSWORD.to_owned(),
            first_name: person.first.to_owned(),
            last_name: person.last.to_owned(),
        };
        let (_, token) = self.app.sign_up(&ask, &Origin::default()).await?;
        self.app.principal(&token, "demo").await?.ok_or(Error::NotSignedIn)
    }

    async fn deliver(&self) -> Result<(), Error> {
        let mailer: Arc<dyn Mailer> = Arc::<Letters>::clone(&self.letters);
        while deliver_due(self.app.db(), &mailer, self.app.now()).await?.is_full() {}
        Ok(())
    }

    /// Founds a workspace and brings everybody into it.
    async fn found(&self, blueprint: Blueprint, text: &str) -> Result<Place<'_>, Error> {
        let anna = self.callers.first().ok_or(Error::NotSignedIn)?;
        let ask = NewWorkspace {
            name: blueprint.name.clone(),
            slug: blueprint.id.clone(),
            blueprint: None,
            blueprint_text: Some(text.to_owned()),
        };
        let founder = self.app.account(anna).await?.email;
        let demo = Operator::new("demo");
        self.app.create_workspace_for(&demo, &founder, &ask).await?;
        let mut place = Place { app: &self.app, anna, blueprint, members: Vec::new() };
        let layers = layers(&place).await?;
        place.members.extend(place.enter().await?.member());
        place.invite(PEOPLE.get(1..).unwrap_or_default()).await?;
        self.deliver().await?;
        for (person, principal) in PEOPLE.iter().zip(&self.callers).skip(1) {
            let Some(token) = self.letters.link(&person.email()) else { continue };
            let member = self.app.accept_invitation(principal, &token).await?.member;
            place.members.push(member.id);
        }
        for (person, member) in place.members.iter().enumerate().skip(1) {
            let access = access(&place.blueprint, &layers, &place.members, person);
            if let Some(change) = access {
                place.enter().await?.change_member(*member, &change, None).await?;
            }
        }
        if place.blueprint.billing_contact.is_some()
            && let Some(contact) = place.members.get(2)
        {
            place.enter().await?.transfer_billing(*contact).await?;
        }
        Ok(place)
    }
}

impl Crew {
    /// Guests who come into every workspace: one does what can be done and leaves, the other deletes
    /// their account.
    async fn come_and_go(&self, places: &[Place<'_>]) -> Result<(), Error> {
        let [rosa, max] = [self.sign_up(ROSA).await?, self.sign_up(MAX).await?];
        for place in places {
            place.invite(&[ROSA, MAX]).await?;
            self.deliver().await?;
            let mut members = Vec::new();
            for (person, principal) in [(ROSA, &rosa), (MAX, &max)] {
                let Some(token) = self.letters.link(&person.email()) else { continue };
                members.push(self.app.accept_invitation(principal, &token).await?.member.id);
            }
            if let Some(member) = members.first() {
                place.see_off(&rosa, *member).await?;
            }
        }
        self.app.delete_account(&max, DELETE).await
    }
}

/// A workspace that is being built.
pub(super) struct Place<'c> {
    app: &'c App,
    anna: &'c Principal,
    pub(super) blueprint: Blueprint,
    members: Vec<MemberId>,
}

impl Place<'_> {
    /// A visit of the founder.
    pub(super) async fn enter(&self) -> Result<WorkspaceContext, Error> {
        self.app.enter_to_write(self.anna, &self.blueprint.id).await
    }

    /// Whether the access model opens a verb on an area at all.
    pub(super) fn opens(&self, area: &str, verb: &str) -> bool {
        self.blueprint.area(area, verb).is_some()
    }

    async fn invite(&self, people: &[Person]) -> Result<(), Error> {
        let role_of = |person: &Person| {
            let place = PEOPLE.iter().position(|one| one.email() == person.email());
            role(&self.blueprint, place.unwrap_or(PEOPLE.len())).map(|role| role.key.clone())
        };
        let ask = |person: &Person| NewInvitation {
            email: person.email(),
            access: MemberAccessChange {
                role: role_of(person),
                ..MemberAccessChange::default()
            },
            given: vec!["email", "role"],
            ..NewInvitation::default()
        };
        let asks: Vec<NewInvitation> = people.iter().map(ask).collect();
        self.enter().await?.invite_all(&asks).await.map(drop)
    }

    /// Makes the records of a season.
    async fn work(&self, season: usize) -> Result<(), Error> {
        for resource in
            self.blueprint.resources.iter().filter(|one| one.kind == ResourceKind::Records)
        {
            let mut ctx = self.enter().await?;
            let policy = ctx.policy();
            let me = self.members.first().and_then(|me| policy.member(&me.to_string()));
            let may = me.zip(policy.cell(&resource.key, "create"));
            if !may.is_some_and(|(me, cell)| policy.decide(me, cell, Target::Unowned)) {
                continue;
            }
            let first = season * A_SEASON + resource.key.len();
            let asks: Vec<_> = (first..first + A_SEASON)
                .map(|number| record(resource, number, &self.members))
                .collect();
            ctx.import_records(&resource.key, &asks).await?;
        }
        Ok(())
    }

    /// Lets go of those who leave, where the access model has a way.
    async fn part(&self) -> Result<(), Error> {
        if let Some(member) = self.members.get(INACTIVE).filter(|_| self.knows("deactivate")) {
            self.enter().await?.deactivate_member(*member).await?;
        }
        if let Some(member) = self.members.get(GONE).filter(|_| self.knows("remove")) {
            self.enter().await?.remove_member(*member).await?;
        }
        Ok(())
    }

    /// A guest is away for a while, owns the workspace for a moment, and leaves.
    async fn see_off(&self, guest: &Principal, member: MemberId) -> Result<(), Error> {
        if self.knows("deactivate") && self.knows("reactivate") {
            self.enter().await?.deactivate_member(member).await?;
            self.enter().await?.reactivate_member(member).await?;
        }
        let as_guest = || self.app.enter_to_write(guest, &self.blueprint.id);
        if self.opens("ownership", "transfer")
            && let Some(anna) = self.members.first()
        {
            self.enter().await?.transfer_ownership(member).await?;
            as_guest().await?.transfer_ownership(*anna).await?;
        }
        if self.knows("leave") {
            as_guest().await?.leave().await?;
        } else if self.knows("remove") {
            self.enter().await?.remove_member(member).await?;
        }
        Ok(())
    }

    /// Whether memberships know a verb here.
    fn knows(&self, verb: &str) -> bool {
        self.blueprint.membership.verbs.iter().any(|known| known == verb)
    }
}

//! The truth: every stored row, and the decisions of a policy that is compiled again from the stored
//! data. Every view is compared with it.

use std::sync::Arc;

use hallpass_app::environment::SystemRandom;
use hallpass_app::hasher::HashCost;
use hallpass_app::operation::Operator;
use hallpass_app::snapshot::Snapshot;
use hallpass_app::{App, Rules};
use hallpass_domain::id::{MemberId, RecordId, WorkspaceId};
use hallpass_domain::record::Owner;
use hallpass_domain::search::searched_text;
use hallpass_domain::text::{search_key, sort_key};
use hallpass_engine::{Resource, Target};
use hallpass_store::{Row, Value as Bound};
use serde_json::Value;

use super::world::World;

/// A record as stored in its row.
#[derive(Clone, Debug)]
pub(super) struct StoredRecord {
    pub(super) entity: String,
    pub(super) id: RecordId,
    pub(super) owner: Owner,
    pub(super) stage: Option<String>,
    pub(super) open: bool,
    pub(super) amount: i64,
    pub(super) month: i64,
    pub(super) title: String,
    /// The folded lines that a search matches.
    texts: Vec<String>,
}

/// A flaw of the truth, which the comparison must detect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    None,
    /// No member reads the records of one owner.
    Drops(Owner),
    /// Every member who reads anything reads the records of one owner.
    Adds(Owner),
}

/// The truth at one moment.
pub(super) struct Truth {
    pub(super) records: Vec<StoredRecord>,
    pub(super) snapshot: Snapshot,
    pub(super) flaw: Flaw,
}

const SELECT: &str = "SELECT entity, id, owner_id, stage, is_open, amount, created_month, title, fields \
    FROM records WHERE workspace_id = ?1 ORDER BY id DESC";

impl Truth {
    pub(super) async fn of(world: &World<'_>) -> Truth {
        let server = world.workspace.server;
        // A new app has compiled nothing yet.
        let (clock, rng) = (Arc::clone(&server.clock), Arc::new(SystemRandom::default()));
        let app =
            App::with(server.app.db().clone(), Rules::default(), clock, rng, HashCost::CHEAP);
        let ctx =
            app.unwrap().enter_as(&Operator::default(), &world.workspace.slug).await.unwrap();
        let snapshot = ctx.snapshot().clone();
        drop(ctx);
        let id = snapshot.workspace.id;
        let mut tx = server.app.db().read_in(id.0).await.unwrap().unwrap();
        let rows = tx.query(SELECT, &[]).await.unwrap();
        Truth { records: rows.iter().map(stored_record).collect(), snapshot, flaw: Flaw::None }
    }

    pub(super) fn workspace(&self) -> WorkspaceId {
        self.snapshot.workspace.id
    }

    /// A record type of the workspace.
    pub(super) fn record_type(&self, entity: &str) -> Resource {
        self.snapshot.record_type(entity).unwrap()
    }

    /// Whether a member may do an action to the records of an owner.
    pub(super) fn decide(&self, who: &str, cell: (&str, &str), target: Target) -> bool {
        let policy = self.snapshot.model.policy();
        let pair = policy.member(who).zip(policy.cell(cell.0, cell.1));
        pair.is_some_and(|(member, cell)| policy.decide(member, cell, target))
    }

    pub(super) fn target(&self, owner: Owner) -> Target {
        match owner {
            Owner::Unowned => Target::Unowned,
            Owner::Member(id) => {
                let known = self.snapshot.model.policy().member(&id.to_string());
                known.map_or(Target::OwnedByNonMember, Target::OwnedBy)
            }
        }
    }

    /// Whether a member may do an action to the records of an owner, of an enabled type.
    pub(super) fn may(&self, who: &str, entity: &str, action: &str, owner: Owner) -> bool {
        let resource = self.record_type(entity);
        let is_reading = action == reading(&resource);
        let claims = resource.claim.is_some_and(|place| resource.actions[place].key == action);
        if claims && owner != Owner::Unowned {
            return false;
        }
        if action == creating(&resource) && !self.may_choose(who, &resource, owner) {
            return false;
        }
        match self.flaw {
            Flaw::Drops(flawed) if is_reading && flawed == owner => false,
            Flaw::Adds(flawed) if is_reading && flawed == owner => {
                self.decide(who, (entity, action), Target::Any)
            }
            Flaw::None | Flaw::Drops(_) | Flaw::Adds(_) => {
                self.decide(who, (entity, action), self.target(owner))
            }
        }
    }

    /// Whether a member may hand records of a type over to an owner.
    pub(super) fn may_receive(&self, who: &str, entity: &str, to: Owner) -> bool {
        let resource = self.record_type(entity);
        let creates = self.decide(who, (entity, &creating(&resource)), Target::Any);
        let action = if creates { creating(&resource) } else { reassigning(&resource) };
        self.decide(who, (entity, &action), self.target(to))
    }

    /// Where assigning is an action of its own, choosing another owner for a new record takes it.
    fn may_choose(&self, who: &str, resource: &Resource, owner: Owner) -> bool {
        let own = Owner::Member(who.parse().unwrap());
        let assigns = resource.reassign != resource.update && owner != own;
        let cell = (resource.key.as_str(), reassigning(resource));
        !assigns || self.decide(who, (cell.0, &cell.1), self.target(own))
    }

    /// Whether a member may do something in an area of the product.
    pub(super) fn may_in(&self, who: &str, area: &str, verb: &str) -> bool {
        let covered = self.snapshot.model.blueprint().area(area, verb);
        covered.is_some_and(|cell| self.decide(who, cell, Target::Any))
    }

    pub(super) fn is_on(&self, entity: &str) -> bool {
        self.snapshot.is_on(entity)
    }

    /// The records of a type that a member may read, the latest first.
    pub(super) fn visible(&self, who: &str, entity: &str) -> Vec<StoredRecord> {
        let action = reading(&self.record_type(entity));
        let is_seen = |one: &&StoredRecord| {
            one.entity == entity && self.may(who, entity, &action, one.owner)
        };
        if self.is_on(entity) {
            self.records.iter().filter(is_seen).cloned().collect()
        } else {
            Vec::new()
        }
    }

    /// The number of records that a member may read, and of those that they may not.
    pub(super) fn shown_and_hidden(&self, who: &str) -> (usize, usize) {
        let types = self.snapshot.model.policy().resources().iter();
        let types = types.filter(|one| one.kind == hallpass_engine::ResourceKind::Records);
        let shown = types.map(|one| self.visible(who, &one.key).len()).sum();
        (shown, self.records.len() - shown)
    }

    /// Whether a member is active here.
    pub(super) fn is_active(&self, who: &str) -> bool {
        let who: MemberId = who.parse().unwrap();
        self.snapshot.model.member(who).is_some_and(|member| member.is_active)
    }

    /// The refusal for a person who is no active member.
    pub(super) fn gone(&self) -> (u16, &'static str) {
        let signs_out = self.snapshot.model.blueprint().membership.signs_out_inactive;
        if signs_out { (401, "not_signed_in") } else { (404, "not_found") }
    }

    /// Every possible owner: members, former members, and none.
    pub(super) fn owners(world: &World<'_>) -> Vec<Owner> {
        let people = world.people.iter().map(|one| Owner::Member(one.id.parse().unwrap()));
        people.chain([Owner::Unowned]).collect()
    }
}

/// The action that reads a record type.
pub(super) fn reading(resource: &Resource) -> String {
    let action = resource.read.and_then(|place| resource.actions.get(place));
    action.map_or("read", |action| &action.key).to_owned()
}

/// The action that creates its records.
pub(super) fn creating(resource: &Resource) -> String {
    let action = resource.create.and_then(|place| resource.actions.get(place));
    action.map_or("create", |action| &action.key).to_owned()
}

/// The action that reassigns its records.
pub(super) fn reassigning(resource: &Resource) -> String {
    let action = resource.reassign.and_then(|place| resource.actions.get(place));
    action.map_or("update", |action| &action.key).to_owned()
}

impl StoredRecord {
    /// The sort key of the orders by title.
    pub(super) fn title_key(&self) -> String {
        sort_key(&self.title).chars().take(80).collect()
    }

    /// Whether it contains each word of a text.
    pub(super) fn holds(&self, text: &str) -> bool {
        let text = search_key(text);
        let has = |word: &str| self.texts.iter().any(|line| line.contains(word));
        text.split(' ').all(has)
    }

    /// Whether its title contains each word of a text, of which one has three letters.
    pub(super) fn is_titled(&self, text: &str) -> bool {
        let (text, title) = (search_key(text), search_key(&self.title));
        let is_long = text.split(' ').any(|word| word.chars().count() > 2);
        is_long && text.split(' ').all(|word| title.contains(word))
    }
}

fn stored_record(row: &Row) -> StoredRecord {
    let fields: Value = serde_json::from_str(row.text(8).unwrap()).unwrap();
    let title = row.text(7).unwrap().to_owned();
    let text = searched_text(&title, fields.as_object().unwrap());
    StoredRecord {
        entity: row.text(0).unwrap().to_owned(),
        id: RecordId(row.id(1).unwrap()),
        owner: Owner::of_key(row.id(2).unwrap()),
        stage: row.optional(3, Row::text).unwrap().map(str::to_owned),
        open: row.bool(4).unwrap(),
        amount: row.optional(5, Row::int).unwrap().unwrap_or_default(),
        month: row.int(6).unwrap(),
        texts: text.lines().map(str::to_owned).collect(),
        title,
    }
}

/// Changes the database without the app.
pub(super) async fn tamper(world: &World<'_>, sql: &str, values: &[Bound]) {
    let id = Truth::of(world).await.workspace();
    let mut tx = world.workspace.server.app.db().write_in(id.0).await.unwrap().unwrap();
    assert!(tx.execute(sql, values).await.unwrap() > 0, "{sql}");
    tx.commit().await.unwrap();
}

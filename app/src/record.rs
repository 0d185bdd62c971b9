//! Records: rows with an owner, to which every rule of access applies.

use hallpass_domain::audit::members_in;
use hallpass_domain::id::{EventId, MemberId, RecordId};
use hallpass_domain::member::Status;
use hallpass_domain::record::{Event, Owner, Record, Schema};
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_engine::Resource;
pub use hallpass_store::record::{CountMode, RecordPosition, SortOrder, Total};
use hallpass_store::record::{ListBounds, ListQuery};
use serde_json::{Value, json};

use crate::access::who::AllowedPage;
use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{AnyMember, ReadMembers, RecordPermission};
use crate::gate::{Pass, Permission, WritePermission};
use crate::naming::{self, OwnerRef};
use filter::{RecordFilter, SortingInput};
use part::{creating, reading};

pub mod action;
pub mod change;
pub mod csv;
pub mod export;
pub mod filter;
pub mod import;
pub mod owner;
pub(crate) mod ownership;
pub(crate) mod part;
pub mod reassignment;
mod reassignment_job;
pub mod sample;
pub mod share;
pub mod stage;
pub mod sum;
pub mod viewer;

/// The longest text that is searched for, in characters.
pub(crate) const LONGEST_SEARCH: usize = 200;

/// A query for records.
#[derive(Clone, Debug, Default)]
pub struct RecordQuery {
    /// Words, each of which the title or a field contains.
    pub text: Option<String>,
    /// The owner.
    pub owner: Option<OwnerRef>,
    /// The stage.
    pub stage: Option<String>,
    /// The order. By default those with all words in the title come first, then the newest.
    pub order: Option<SortOrder>,
    /// The position after which the page begins.
    pub after: Option<RecordPosition>,
    /// The most records of a page.
    pub limit: usize,
    /// Whether the records of all pages are counted.
    pub total: CountMode,
    /// What else the records have in common.
    pub filter: RecordFilter,
    /// An order that no index has, instead of the other.
    pub sorting: Option<SortingInput>,
}

/// A record, with what the caller may do to it.
#[derive(Clone, Debug)]
pub struct RecordDetails {
    /// The record.
    pub record: Record,
    /// The status of its owner, if it has one.
    pub owner_status: Option<Status>,
    /// The name of its owner, who may have been removed.
    pub owner_name: Option<String>,
    /// The name of the member who created it, if the caller may know it.
    pub created_by_name: Option<String>,
    /// The actions that the caller may do to it, by key.
    pub allowed: Vec<String>,
}

/// A page of records.
pub struct RecordPage {
    /// The record type.
    pub resource: Resource,
    /// The records.
    pub records: Vec<RecordDetails>,
    /// Where the next page begins, if there is one.
    pub next: Option<RecordPosition>,
    /// The number on all pages.
    pub total: Total,
    /// Whether records may be missing, on this page and on those before it.
    pub is_incomplete: bool,
}

/// The records of a workspace.
pub struct Records<'c>(pub(crate) &'c mut WorkspaceContext);

impl Records<'_> {
    /// Lists the records of a type that the caller may read.
    #[boxed]
    pub async fn list(
        &mut self,
        entity: &str,
        query: &RecordQuery,
    ) -> Result<RecordPage, Error> {
        let ctx = &mut *self.0;
        let resource = ctx.record_type(entity)?;
        let pass = ctx.check(RecordPermission::new(entity, reading(&resource))).await?;
        if let Some(stage) = &query.stage {
            let stage = Schema::of(&resource).stage(stage);
            stage.map_err(|error| Refusal::Fields(vec![error]))?;
        }
        let owner = query.owner.map(|owner| naming::owner(ctx, owner));
        check_known_owner(ctx, &pass, owner).await?;
        let narrowing = filter::narrowing(&query.filter, &resource)?;
        let sorting = query.sorting.as_ref().map(|by| by.check(&resource)).transpose()?;
        let text = query.text.clone().filter(|text| !text.trim().is_empty());
        check_length(text.as_deref().unwrap_or_default())?;
        let order = if text.is_some() { SortOrder::Rank } else { SortOrder::Newest };
        let query = ListQuery {
            entity: entity.to_owned(),
            reach: ctx.reach(pass.filter()),
            owner,
            stage: query.stage.clone(),
            text,
            order: query.order.unwrap_or(order),
            after: query.after.clone(),
            limit: query.limit,
            total: query.total,
            bounds: ListBounds::default(),
            narrowing,
            sorting,
        };
        let page = ctx.read(&pass)?.records().list(&query).await?;
        look_up_people(ctx, &pass, &page.records).await?;
        let records = page.records.into_iter().map(|record| details(ctx, &resource, record));
        let records = records.collect();
        let (next, total, is_incomplete) = (page.next, page.total, page.is_incomplete);
        Ok(RecordPage { resource, records, next, total, is_incomplete })
    }

    /// Loads a record.
    ///
    /// # Errors
    ///
    /// `Missing` also for a record that the caller may not read.
    #[boxed]
    pub async fn load(&mut self, entity: &str, id: RecordId) -> Result<RecordDetails, Error> {
        let ctx = &mut *self.0;
        let resource = ctx.record_type(entity)?;
        let (record, pass) = load_visible(ctx, &resource, id).await?;
        look_up_people(ctx, &pass, std::slice::from_ref(&record)).await?;
        Ok(details(ctx, &resource, record))
    }

    /// Lists what happened to a record, the newest first, and returns whether there is more.
    #[boxed]
    pub async fn timeline(
        &mut self,
        entity: &str,
        id: RecordId,
        before: Option<EventId>,
        limit: usize,
    ) -> Result<(Vec<Event>, bool), Error> {
        let ctx = &mut *self.0;
        let resource = ctx.record_type(entity)?;
        let (_, pass) = load_visible(ctx, &resource, id).await?;
        let found = ctx.read(&pass)?.records().list_events(id, before, limit).await?;
        let (events, has_more) = (found.items, found.has_more);
        let actors = events.iter().filter_map(|event| event.actor);
        let named = events.iter().flat_map(|event| members_in(&event.detail));
        let people: Vec<MemberId> = actors.chain(named).collect();
        ctx.look_up_names(&pass, people).await?;
        Ok((events, has_more))
    }

    /// Finds the owners of records, each named by type and id, in the same order; none for a record that the
    /// caller may not read, or that does not exist. A question about a record that the caller may not read is no
    /// attempt to read it, and not audited.
    #[boxed]
    pub async fn find_owners(
        &mut self,
        records: Vec<(String, RecordId)>,
    ) -> Result<Vec<Option<Owner>>, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(AnyMember).await?;
        let owners = ctx.read(&pass)?.records().find_owners(&records).await?;
        let each = records.into_iter().map(|record| {
            let owner = owners.get(&record).copied();
            owner.filter(|owner| ctx.reads_records(&record.0, *owner))
        });
        Ok(each.collect())
    }
}

/// Which part of the access to a record is listed.
#[derive(Clone, Copy, Debug)]
pub struct AccessPart<'a> {
    /// One action; all without.
    pub action: Option<&'a str>,
    /// The members after this one.
    pub after: Option<MemberId>,
    /// So many members for each action at most.
    pub limit: usize,
    /// Whether with names.
    pub names: Names,
}

/// Whether members are listed with their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// With names.
    Shown,
    /// By id only.
    Omitted,
}

impl Records<'_> {
    /// Lists, for each action on a record or for one of them, the members who may do it, or a page of them.
    ///
    /// # Errors
    ///
    /// `Fields` for an action that records of the type do not have.
    #[boxed]
    pub async fn access(
        &mut self,
        entity: &str,
        id: RecordId,
        part: &AccessPart<'_>,
    ) -> Result<Vec<(String, AllowedPage)>, Error> {
        let AccessPart { action, after, limit, names } = *part;
        let ctx = &mut *self.0;
        let resource = ctx.record_type(entity)?;
        let (record, _) = load_visible(ctx, &resource, id).await?;
        let pass = ctx.check(ReadMembers).await?;
        let keys = resource.actions.iter().map(|action| action.key.as_str());
        let keys = keys.filter(|key| *key != creating(&resource));
        if let Some(action) = action.filter(|action| keys.clone().all(|key| key != *action)) {
            let error =
                FieldError::unknown("/action", "unknown_action", ("action", action), keys);
            return Err(Refusal::Fields(vec![error]).into());
        }
        let target = ctx.owner_target(record.owner);
        let mut pages: Vec<(String, AllowedPage)> = keys
            .filter(|key| action.is_none_or(|action| action == *key))
            .map(|key| {
                let cell = ctx.policy().cell(entity, key);
                let page = cell.map(|cell| AllowedPage::of(ctx, (cell, target), after, limit));
                (key.to_owned(), page.unwrap_or_default())
            })
            .collect();
        if names == Names::Shown {
            let mut all: Vec<_> = pages.iter_mut().map(|(_, page)| page).collect();
            AllowedPage::name_all(&mut all, ctx, &pass).await?;
        }
        Ok(pages)
    }
}

/// Refuses a text that is longer than a search may be.
fn check_length(text: &str) -> Result<(), Refusal> {
    if text.chars().count() > LONGEST_SEARCH {
        let detail = format!("search for at most {LONGEST_SEARCH} characters");
        return Err(Refusal::field("/q", "bad_text", detail));
    }
    Ok(())
}

/// Looks up the names of the owners and creators of some records that the caller may read.
pub(crate) async fn look_up_people(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    records: &[Record],
) -> Result<(), Error> {
    let people = records.iter().flat_map(|record| {
        let owner = match record.owner {
            Owner::Member(id) => Some(id),
            Owner::Unowned => None,
        };
        owner.into_iter().chain(record.created_by)
    });
    ctx.look_up_names(pass, people.collect::<Vec<_>>()).await
}

/// Returns a record with what the caller may do to it.
pub(crate) fn details(
    ctx: &WorkspaceContext,
    resource: &Resource,
    record: Record,
) -> RecordDetails {
    let (policy, target) = (ctx.policy(), ctx.owner_target(record.owner));
    let may = |key: &str| match ctx.member_index() {
        Some(member) => policy
            .cell(&resource.key, key)
            .is_some_and(|cell| ctx.decides(member, cell, target)),
        None => true,
    };
    let keys = resource.actions.iter().map(|action| action.key.as_str());
    let allowed =
        keys.filter(|key| *key != creating(resource) && may(key)).map(str::to_owned).collect();
    RecordDetails {
        owner_status: owner_status(ctx, record.owner),
        owner_name: ctx.known_owner(record.owner).map(str::to_owned),
        created_by_name: record.created_by.and_then(|id| ctx.known_name(id)).map(str::to_owned),
        allowed,
        record,
    }
}

fn owner_status(ctx: &WorkspaceContext, owner: Owner) -> Option<Status> {
    let Owner::Member(id) = owner else { return None };
    Some(match ctx.model().member(id) {
        Some(member) if member.is_active => Status::Active,
        Some(_) => Status::Inactive,
        None => Status::Removed,
    })
}

/// Loads a record that the caller may read, with the pass to read it.
async fn load_visible(
    ctx: &mut WorkspaceContext,
    resource: &Resource,
    id: RecordId,
) -> Result<(Record, Pass<RecordPermission>), Error> {
    let permission = RecordPermission::new(&resource.key, reading(resource));
    let found = ctx.check_record(permission, id).await;
    found.map_err(|error| match error {
        // A record that the caller may not read looks as if it did not exist.
        Error::Denied(_) => Error::Missing { noun: "record" },
        Error::NotSignedIn
        | Error::StepUp(_)
        | Error::SecondFactor(_)
        | Error::Missing { .. }
        | Error::Refused(_)
        | Error::DryRun
        | Error::Unconfirmed(_)
        | Error::TooSlow
        | Error::StorageFull(_)
        | Error::StorageFailing(_)
        | Error::Broken(_) => error,
    })
}

/// Refuses to filter by an owner who never was a member.
async fn check_known_owner(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    owner: Option<Owner>,
) -> Result<(), Error> {
    let Some(Owner::Member(id)) = owner else { return Ok(()) };
    if ctx.model().member(id).is_some() || ctx.read(pass)?.members().find(id).await?.is_some() {
        return Ok(());
    }
    Err(Refusal::field("/owner", "unknown", format!("no member `{id}`")).into())
}

/// Inserts an event into the timeline of a record.
async fn insert_event(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    record: &Record,
    action: &str,
    detail: Value,
) -> Result<(), Error> {
    let event = event(ctx, record.id, action, detail);
    ctx.tx(pass)?.records().insert_event(&event).await?;
    // The response has the names, and comes after the commit.
    look_up_people(ctx, pass, std::slice::from_ref(record)).await
}

fn event(ctx: &WorkspaceContext, record: RecordId, action: &str, detail: Value) -> Event {
    Event {
        id: ctx.id(),
        record,
        at: ctx.now,
        actor: ctx.member_id(),
        action: action.to_owned(),
        detail,
    }
}

/// Returns an owner as the API writes it.
#[must_use]
pub fn owner_word(owner: Owner) -> String {
    match owner {
        Owner::Unowned => "unowned".to_owned(),
        Owner::Member(member) => member.to_string(),
    }
}

/// Returns a record as the audit log shows it.
fn audit_view(record: &Record) -> Value {
    json!({
        "title": record.title,
        "owner": owner_word(record.owner),
        "stage": record.stage,
        "fields": record.fields,
    })
}

//! Choosing a member, a record, a team or a department by a text: the first few that the caller may know.

use std::collections::BTreeSet;

use hallpass_domain::id::{AccountId, DepartmentId, MemberId, RecordId, TeamId};
use hallpass_domain::member::{Member, Status};
use hallpass_domain::model::Model;
use hallpass_store::member::MemberQuery;
use hallpass_store::team::MOST_SEARCHED;

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{ReadDepartments, ReadMembers, ReadTeams};
use crate::record::{CountMode, RecordDetails, RecordQuery};

/// The members or records of a choice at most.
const MOST_PICKED: usize = 10;

/// The largest picture in a choice, in bytes; a larger one is left out.
const LARGEST_PICKED: i64 = 10_000;

/// The departments above another one that are named at most.
const DEEPEST: usize = 8;

/// A member to choose.
#[derive(Clone, Debug)]
pub struct PickedMember {
    /// The id.
    pub id: MemberId,
    /// First and last name.
    pub name: String,
    /// What a caller who may read members sees beside.
    pub known: Option<PickedDetails>,
}

/// What tells members of the same name apart.
#[derive(Clone, Debug)]
pub struct PickedDetails {
    /// The email address.
    pub email: String,
    /// The name of the role.
    pub role: String,
    /// The picture of the account, as a `data:` URL, unless it is large.
    pub picture: Option<String>,
}

/// A record to choose.
#[derive(Clone, Debug)]
pub struct PickedRecord {
    /// The id.
    pub id: RecordId,
    /// The key of its type.
    pub entity: String,
    /// What a single record of its type is called.
    pub one: String,
    /// The title.
    pub title: String,
    /// The name of its stage.
    pub stage: Option<String>,
    /// The name of its owner, if the caller may know it.
    pub owner: Option<String>,
}

/// The records to choose from.
#[derive(Clone, Debug, Default)]
pub struct PickedRecords {
    /// The records.
    pub records: Vec<PickedRecord>,
    /// Whether others may be missing, because the search took too long or is not ready.
    pub is_incomplete: bool,
}

/// A team or a department to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PickedGroup<I> {
    /// The id.
    pub id: I,
    /// The name.
    pub name: String,
    /// The names of the departments above a department, from the top; empty for a team.
    pub above: Vec<String>,
}

/// The teams or departments to choose from.
#[derive(Clone, Debug)]
pub struct PickedGroups<I> {
    /// The teams or departments.
    pub found: Vec<PickedGroup<I>>,
    /// Whether others may be missing, because there are more than a search looks through.
    pub is_incomplete: bool,
}

/// Choices in a workspace.
pub struct Picks<'c>(pub(crate) &'c mut WorkspaceContext);

impl Picks<'_> {
    /// Whether the caller may list members to choose from.
    #[must_use]
    pub fn may_pick_members(&mut self) -> bool {
        self.0.opens(&ReadMembers) || self.0.members().may_only_choose()
    }

    /// Lists the first active members by name whom a text finds, to choose one of them. It searches names and
    /// addresses for a caller who may read members, and names only for one who may choose a member somewhere.
    #[boxed]
    pub async fn members(&mut self, text: Option<String>) -> Result<Vec<PickedMember>, Error> {
        let ctx = &mut *self.0;
        let (status, limit) =
            (Some(Status::Active), i64::try_from(MOST_PICKED).unwrap_or(i64::MAX));
        if !ctx.opens(&ReadMembers) {
            let found = ctx.members().list_choices(text, None, MOST_PICKED).await?;
            let named = |member: Member| PickedMember {
                id: member.id,
                name: member.name(),
                known: None,
            };
            return Ok(found.members.into_iter().map(named).collect());
        }
        let pass = ctx.check(ReadMembers).await?;
        let query = MemberQuery { text, status, ..MemberQuery::default() };
        let query = ctx.read(&pass)?.members().narrowed(query).await?;
        let found = ctx.read(&pass)?.members().list(&query, None, limit).await?;
        let accounts: Vec<AccountId> =
            found.iter().filter_map(|member| member.account).collect();
        let mut pictures =
            ctx.read(&pass)?.global().accounts().pictures(&accounts, LARGEST_PICKED).await?;
        let picked = |member: Member| PickedMember {
            id: member.id,
            name: member.name(),
            known: Some(PickedDetails {
                email: member.email.clone(),
                role: ctx.snapshot().role_name(&member.access.role),
                picture: member.account.and_then(|account| pictures.remove(&account)),
            }),
        };
        Ok(found.into_iter().map(picked).collect())
    }

    /// Lists the first teams by name that a text finds, those whose names begin with it first.
    #[boxed]
    pub async fn teams(&mut self, text: Option<String>) -> Result<PickedGroups<TeamId>, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadTeams).await?;
        let text = text.unwrap_or_default();
        let found = ctx.read(&pass)?.teams().pick(text.trim(), MOST_PICKED).await?;
        let is_incomplete =
            found.len() < MOST_PICKED && ctx.model().teams().nth(MOST_SEARCHED).is_some();
        let picked = |(id, name)| PickedGroup { id, name, above: Vec::new() };
        Ok(PickedGroups { found: found.into_iter().map(picked).collect(), is_incomplete })
    }

    /// Lists the first departments by name that a text finds, each with those above it.
    #[boxed]
    pub async fn departments(
        &mut self,
        text: Option<String>,
    ) -> Result<PickedGroups<DepartmentId>, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadDepartments).await?;
        let text = text.unwrap_or_default();
        let found = ctx.read(&pass)?.departments().pick(text.trim(), MOST_PICKED).await?;
        let lines: Vec<Vec<DepartmentId>> =
            found.iter().map(|(id, _)| above(ctx.model(), *id)).collect();
        let ids: BTreeSet<DepartmentId> = lines.iter().flatten().copied().collect();
        let ids: Vec<DepartmentId> = ids.into_iter().collect();
        let names = ctx.read(&pass)?.departments().names(&ids).await?;
        let is_incomplete =
            found.len() < MOST_PICKED && ctx.model().departments().nth(MOST_SEARCHED).is_some();
        let picked = found.into_iter().zip(lines).map(|((id, name), line)| PickedGroup {
            id,
            name,
            above: line.iter().rev().filter_map(|id| names.get(id).cloned()).collect(),
        });
        Ok(PickedGroups { found: picked.collect(), is_incomplete })
    }

    /// The names of those of some teams that exist.
    #[boxed]
    pub async fn named_teams(
        &mut self,
        ids: &[TeamId],
    ) -> Result<Vec<(TeamId, String)>, Error> {
        let ctx = &mut *self.0;
        ctx.check(ReadTeams).await?;
        let known = ids.iter().filter(|id| ctx.model().team(**id).is_some());
        Ok(known.map(|id| (*id, ctx.snapshot().name(&id.to_string()))).collect())
    }

    /// The names of those of some departments that exist.
    #[boxed]
    pub async fn named_departments(
        &mut self,
        ids: &[DepartmentId],
    ) -> Result<Vec<(DepartmentId, String)>, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadDepartments).await?;
        let mut names = ctx.read(&pass)?.departments().names(ids).await?;
        Ok(ids.iter().filter_map(|id| Some((*id, names.remove(id)?))).collect())
    }

    /// Lists the first records that a text finds, of one type or of all that the caller may read. Without a text
    /// they are the newest of the type; of all types it finds none.
    #[boxed]
    pub async fn records(
        &mut self,
        entity: Option<&str>,
        text: Option<String>,
    ) -> Result<PickedRecords, Error> {
        let ctx = &mut *self.0;
        let (found, is_incomplete): (Vec<RecordDetails>, bool) = match (entity, text) {
            (Some(entity), text) => {
                let query = RecordQuery {
                    text,
                    limit: MOST_PICKED,
                    total: CountMode::Skipped,
                    ..RecordQuery::default()
                };
                let page = ctx.records().list(entity, &query).await?;
                (page.records, page.is_incomplete)
            }
            (None, Some(text)) => {
                let found = ctx.search().find(&text, CountMode::Skipped).await?;
                let is_incomplete = found.iter().any(|one| one.is_incomplete);
                (in_turns(found.into_iter().map(|one| one.records).collect()), is_incomplete)
            }
            (None, None) => (Vec::new(), false),
        };
        let picked = found.into_iter().take(MOST_PICKED).map(|details| {
            let record = details.record;
            let resource = ctx.snapshot().record_type(&record.entity);
            let stage = record.stage.and_then(|key| {
                let known = resource.as_ref()?.stages.iter().find(|stage| stage.key == key);
                known.map(|stage| stage.name.clone())
            });
            PickedRecord {
                id: record.id,
                one: resource.map(|resource| resource.one).unwrap_or_default(),
                entity: record.entity,
                title: record.title,
                stage,
                owner: details.owner_name,
            }
        });
        Ok(PickedRecords { records: picked.collect(), is_incomplete })
    }
}

/// The departments above one, from below; a damaged tree ends somewhere.
fn above(model: &Model, id: DepartmentId) -> Vec<DepartmentId> {
    let parent = |id: &DepartmentId| model.department(*id)?.parent.as_ref()?.parse().ok();
    std::iter::successors(parent(&id), parent).take(DEEPEST).collect()
}

/// The first of each list, then the second of each, so that the matches of one type hide no other.
fn in_turns<T>(lists: Vec<Vec<T>>) -> Vec<T> {
    let mut lists: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
    let mut all = Vec::new();
    loop {
        let before = all.len();
        all.extend(lists.iter_mut().filter_map(Iterator::next));
        if all.len() == before {
            return all;
        }
    }
}

//! Choosing a member or a record by a text: the first few that the caller may know.

use hallpass_domain::id::{AccountId, MemberId, RecordId};
use hallpass_domain::member::{Member, Status};
use hallpass_store::member::MemberQuery;

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::ReadMembers;
use crate::record::{CountMode, RecordDetails, RecordQuery};

/// The members or records of a choice at most.
const MOST_PICKED: usize = 10;

/// The largest picture in a choice, in bytes; a larger one is left out.
const LARGEST_PICKED: i64 = 10_000;

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

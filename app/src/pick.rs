//! Choosing a member or a record by a text: the first few that the caller may know.

use hallpass_domain::id::{AccountId, MemberId, RecordId};
use hallpass_domain::member::{Member, Status};
use hallpass_store::member::MemberQuery;

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::Permission;
use crate::gate::permission::ReadMembers;
use crate::member::choice::choosing;
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

/// Choices in a workspace.
pub struct Picks<'c>(pub(crate) &'c mut WorkspaceContext);

impl Picks<'_> {
    /// Lists the first active members by name whom a text finds, to choose one of them. It searches names and
    /// addresses for a caller who may read members, and names only for one who may choose a member somewhere.
    #[boxed]
    pub async fn members(&mut self, text: Option<String>) -> Result<Vec<PickedMember>, Error> {
        let ctx = &mut *self.0;
        let (status, limit) =
            (Some(Status::Active), i64::try_from(MOST_PICKED).unwrap_or(i64::MAX));
        if !ctx.opens(&ReadMembers) {
            let permission = choosing(ctx).unwrap_or(ReadMembers.as_any_of());
            let pass = ctx.check(permission).await?;
            let query = MemberQuery { name: text, status, ..MemberQuery::default() };
            let found = ctx.read(&pass)?.members().list(&query, None, limit).await?;
            let named = |member: Member| PickedMember {
                id: member.id,
                name: member.name(),
                known: None,
            };
            return Ok(found.into_iter().map(named).collect());
        }
        let pass = ctx.check(ReadMembers).await?;
        let query = MemberQuery { text, status, ..MemberQuery::default() };
        let query = ctx.read(&pass)?.members().narrowed(query).await?;
        let found = ctx.read(&pass)?.members().list(&query, None, limit).await?;
        let accounts: Vec<AccountId> = found.iter().map(|member| member.account).collect();
        let mut pictures =
            ctx.read(&pass)?.global().accounts().pictures(&accounts, LARGEST_PICKED).await?;
        let picked = |member: Member| PickedMember {
            id: member.id,
            name: member.name(),
            known: Some(PickedDetails {
                email: member.email.clone(),
                role: ctx.snapshot().role_name(&member.access.role),
                picture: pictures.remove(&member.account),
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
    ) -> Result<Vec<PickedRecord>, Error> {
        let ctx = &mut *self.0;
        let found: Vec<RecordDetails> = match (entity, text) {
            (Some(entity), text) => {
                let query = RecordQuery {
                    text,
                    limit: MOST_PICKED,
                    total: CountMode::Skipped,
                    ..RecordQuery::default()
                };
                ctx.records().list(entity, &query).await?.records
            }
            (None, Some(text)) => {
                let found = ctx.search().find(&text).await?;
                found.into_iter().flat_map(|one| one.records).collect()
            }
            (None, None) => Vec::new(),
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
        Ok(picked.collect())
    }
}

//! Owners: who they are, and who can be one.

use hallpass_domain::id::MemberId;
use hallpass_domain::member::{Member, Status};
use hallpass_domain::record::Owner;
use hallpass_store::member::{MemberPlace, MemberQuery, name_key};

use super::reassigning;
use crate::error::Error;
use crate::gate::door::Deed;
use crate::visit::Visit;

/// Where a page of owners ends: by the name that they are sorted by, and the id.
pub type OwnerPlace = (String, MemberId);

/// A page of those who can own records.
pub struct OwnerPage {
    /// Active members, by name.
    pub members: Vec<Member>,
    /// Where the next page begins, if there is one.
    pub next: Option<OwnerPlace>,
    /// How many there are in all.
    pub total: i64,
}

impl Visit {
    /// How the owner of a record stands; nothing where nobody owns it.
    #[must_use]
    pub fn status_of(&self, owner: Owner) -> Option<Status> {
        let Owner::Member(id) = owner else { return None };
        Some(match self.model().member(id) {
            Some(member) if member.is_active => Status::Active,
            Some(_) => Status::Inactive,
            None => Status::Removed,
        })
    }

    /// Who can be given records of a type: the active members, for whoever may reassign some of it
    /// (CRM-161). Only names are searched, for the rest of a member is not theirs to see.
    ///
    /// # Errors
    ///
    /// `Denied`; `Missing` when there is no such record type.
    pub async fn list_owners(
        &mut self,
        entity: &str,
        name: Option<String>,
        after: Option<OwnerPlace>,
        limit: usize,
    ) -> Result<OwnerPage, Error> {
        let resource = self.record_type(entity)?;
        self.check(Deed::new(entity, reassigning(&resource))).await?;
        let status = Some(Status::Active);
        let query = MemberQuery { name, status, ..MemberQuery::default() };
        let total = self.tx()?.members().count(&query).await?;
        let after = after.map(|(name_key, id)| MemberPlace { name_key, id });
        let most = i64::try_from(limit).unwrap_or(i64::MAX - 1);
        let mut members = self.tx()?.members().page(&query, after.as_ref(), most + 1).await?;
        let has_more = members.len() > limit;
        members.truncate(limit);
        let place =
            |member: &Member| (name_key(&member.first_name, &member.last_name), member.id);
        let next = members.last().filter(|_| has_more).map(place);
        Ok(OwnerPage { members, next, total })
    }
}

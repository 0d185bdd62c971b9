//! Owners: who they are, and who can be one.

use hallpass_domain::member::Status;
use hallpass_domain::record::Owner;
use hallpass_store::member::MemberQuery;

use super::reassigning;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::RecordPermission;
use crate::member::list::{NamePage, NamePlace};

impl WorkspaceContext {
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
        after: Option<&NamePlace>,
        limit: usize,
    ) -> Result<NamePage, Error> {
        let resource = self.record_type(entity)?;
        let pass = self.check(RecordPermission::new(entity, reassigning(&resource))).await?;
        let status = Some(Status::Active);
        let query = MemberQuery { name, status, ..MemberQuery::default() };
        self.page_by_name(&pass, &query, after, limit).await
    }
}

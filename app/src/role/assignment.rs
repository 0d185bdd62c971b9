//! Who has which role, since when and by whom: what is looked through from time to time, so that
//! nobody keeps a role by oversight (HARMONY-70).

use hallpass_domain::id::MemberId;
use hallpass_domain::member::Member;
use hallpass_store::member::MemberQuery;

use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{ExportAudit, ReadAudit};
use crate::gate::{Pass, Permission};
use crate::member::list::{NamePage, NamePlace};

/// A member with the role that they have.
#[derive(Clone, Debug)]
pub struct Assignment {
    /// The member.
    pub member: Member,
    /// The role's name.
    pub role_name: String,
    /// The name of whoever gave it to them.
    pub grantor: String,
}

/// A page of assignments, by the names of the members.
pub struct AssignmentPage {
    /// The assignments.
    pub assignments: Vec<Assignment>,
    /// Where the next page begins, if there is one.
    pub next: Option<NamePlace>,
    /// How many there are in all.
    pub total: i64,
}

impl WorkspaceContext {
    /// A page of who has which role, active or not.
    ///
    /// # Errors
    ///
    /// `Denied`.
    pub async fn list_assignments(
        &mut self,
        after: Option<&NamePlace>,
        limit: usize,
    ) -> Result<AssignmentPage, Error> {
        let pass = self.check(ReadAudit).await?;
        let NamePage { members, next, total } =
            self.page_by_name(&pass, &MemberQuery::default(), after, limit).await?;
        let assignments = self.assigned(&pass, members).await?;
        Ok(AssignmentPage { assignments, next, total })
    }

    /// Who has which role, everybody at once, to be taken out of the workspace.
    ///
    /// # Errors
    ///
    /// `Denied`.
    pub async fn export_assignments(&mut self) -> Result<Vec<Assignment>, Error> {
        let pass = self.check(ExportAudit).await?;
        let every = MemberQuery::default();
        let members = self.tx(&pass)?.members().list(&every, None, i64::MAX).await?;
        self.assigned(&pass, members).await
    }

    async fn assigned(
        &mut self,
        pass: &Pass<impl Permission>,
        members: Vec<Member>,
    ) -> Result<Vec<Assignment>, Error> {
        let givers: Vec<MemberId> = members.iter().filter_map(|one| one.role_by).collect();
        let names = self.tx(pass)?.members().names(&givers).await?;
        let operator = || "the operator".to_owned();
        let grantor = |member: &Member| match member.role_by {
            Some(id) => names.get(&id).cloned().unwrap_or_else(|| id.to_string()),
            None => operator(),
        };
        let assigned = members.into_iter().map(|member| Assignment {
            role_name: self.snapshot().role_name(&member.access.role),
            grantor: grantor(&member),
            member,
        });
        Ok(assigned.collect())
    }
}

//! Names in requests: a role, profile, team or department goes by its id, its key or its name.
//!
//! What names nothing becomes the id of nothing, so that the use case refuses it after the gate has
//! let the asker in, and nobody learns from outside what there is.

use hallpass_domain::id::{DepartmentId, ProfileId, RoleId, TeamId};
use hallpass_domain::text::fold;
use uuid::Uuid;

use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::AnyMember;

impl WorkspaceContext {
    /// The role of a built-in key, a custom role's id or its name; else the text as it is.
    #[must_use]
    pub fn role_named(&self, text: &str) -> String {
        if self.model().has_role(text) {
            return text.to_owned();
        }
        let wanted = fold(text.trim());
        let is_meant = |(id, name): &(&String, &String)| {
            fold(name) == wanted
                && id.parse().is_ok_and(|id: RoleId| self.model().custom_role(id).is_some())
        };
        let found = self.snapshot().names.iter().find(is_meant);
        found.map_or_else(|| text.to_owned(), |(id, _)| id.clone())
    }

    /// The team of an id or a name.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails.
    pub async fn team_named(&mut self, text: &str) -> Result<TeamId, Error> {
        if let Ok(id) = text.parse() {
            return Ok(id);
        }
        let pass = self.check(AnyMember).await?;
        let wanted = fold(text.trim());
        let teams = self.tx(&pass)?.teams().list_all().await?;
        let found = teams.iter().find(|team| team.name.key() == wanted);
        Ok(found.map_or(TeamId(Uuid::nil()), |team| team.id))
    }

    /// The teams of some ids or names.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceContext::team_named`].
    pub async fn teams_named(&mut self, texts: &[String]) -> Result<Vec<TeamId>, Error> {
        let mut ids = Vec::new();
        for text in texts {
            ids.push(self.team_named(text).await?);
        }
        Ok(ids)
    }

    /// The profile of an id, the key of its template, or a name.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceContext::team_named`].
    pub async fn profile_named(&mut self, text: &str) -> Result<ProfileId, Error> {
        if let Ok(id) = text.parse() {
            return Ok(id);
        }
        let pass = self.check(AnyMember).await?;
        let wanted = fold(text.trim());
        let profiles = self.tx(&pass)?.profiles().list_all().await?;
        let by_key = profiles.iter().find(|one| one.template.as_deref() == Some(text));
        let found = by_key.or_else(|| profiles.iter().find(|one| one.name.key() == wanted));
        Ok(found.map_or(ProfileId(Uuid::nil()), |one| one.id))
    }

    /// The department of an id, or of a name that only one has.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceContext::team_named`].
    pub async fn department_named(&mut self, text: &str) -> Result<DepartmentId, Error> {
        if let Ok(id) = text.parse() {
            return Ok(id);
        }
        let pass = self.check(AnyMember).await?;
        let wanted = fold(text.trim());
        let tree = self.tx(&pass)?.departments().list_all().await?;
        let mut found = tree.iter().filter(|one| one.name.key() == wanted);
        let only = found.next().filter(|_| found.next().is_none());
        Ok(only.map_or(DepartmentId(Uuid::nil()), |one| one.id))
    }
}

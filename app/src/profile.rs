//! Profiles: matrices that reach members through their teams.

use hallpass_domain::id::ProfileId;
use hallpass_domain::model::ChangeKind;
use hallpass_domain::name::Name;
use hallpass_domain::profile::{Profile, read_cells, write_cells};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::team::Team;
use hallpass_engine::{Cells, Change, Scope};
use serde_json::{Map, Value, json};

use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{
    AnyMember, CreateProfiles, DeleteProfiles, ReadProfiles, UpdateProfiles,
};
use crate::gate::{Pass, Permission};
use crate::member::check_version;
use crate::role::names;

/// A profile that somebody asks for, or a change of one; what is not named stays.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The whole matrix: what it does not name is none.
    pub grants: Option<Map<String, Value>>,
}

/// A cell in which a profile differs from its template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedCell {
    /// The record type.
    pub resource: String,
    /// The action.
    pub action: String,
    /// The scope in the template.
    pub template: &'static str,
    /// The scope in the profile.
    pub profile: &'static str,
}

/// A cell of a profile in a word.
#[must_use]
pub fn scope_word(scope: Option<Scope>) -> &'static str {
    scope.map_or("none", Scope::word)
}

fn no_profile() -> Error {
    Error::Missing { noun: "profile" }
}

impl WorkspaceContext {
    /// The profiles, by name.
    ///
    /// # Errors
    ///
    /// `Denied`.
    pub async fn list_profiles(&mut self) -> Result<Vec<Profile>, Error> {
        let pass = self.check(ReadProfiles).await?;
        Ok(self.tx(&pass)?.profiles().list_all().await?)
    }

    /// A profile.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`.
    pub async fn load_profile(&mut self, id: ProfileId) -> Result<Profile, Error> {
        let pass = self.check(ReadProfiles).await?;
        self.tx(&pass)?.profiles().find(id).await?.ok_or_else(no_profile)
    }

    /// A profile by its id, or by the key of the template that it was made from.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceContext::load_profile`].
    pub async fn load_profile_named(&mut self, named: &str) -> Result<Profile, Error> {
        let pass = self.check(ReadProfiles).await?;
        let id = self.profile_named(named).await?;
        self.tx(&pass)?.profiles().find(id).await?.ok_or_else(no_profile)
    }

    /// The teams that carry a profile, by name.
    ///
    /// # Errors
    ///
    /// `Broken` when the database fails.
    pub async fn teams_carrying(&mut self, id: ProfileId) -> Result<Vec<Team>, Error> {
        // Whoever has just made or changed it sees this too, also where they may not read profiles.
        let pass = self.check(AnyMember).await?;
        Ok(self.tx(&pass)?.teams().list_with_profile(id).await?)
    }

    /// In what a profile differs from the template that it was made from: the cells, each with what
    /// the template says and what the profile says. Nothing for one that was made here.
    #[must_use]
    pub fn changes_from_template(&self, profile: &Profile) -> Option<Vec<ChangedCell>> {
        let rules = self.model().blueprint().profiles.as_ref()?;
        let key = profile.template.as_ref()?;
        let template = rules.templates.iter().find(|known| known.key == *key)?;
        let mut changed = Vec::new();
        for resource in self.policy().resources().iter().filter(|known| known.scoped) {
            for action in &resource.actions {
                let was = template.cells.grants(resource, &action.key);
                let is = profile.cells.grants(resource, &action.key);
                if was != is {
                    changed.push(ChangedCell {
                        resource: resource.key.clone(),
                        action: action.key.clone(),
                        template: scope_word(was),
                        profile: scope_word(is),
                    });
                }
            }
        }
        Some(changed)
    }

    /// Makes a profile.
    ///
    /// # Errors
    ///
    /// `Denied`; `NoSuchLayer` where there are none; `Fields`, `NameTaken`, `GrantCeiling`.
    pub async fn create_profile(&mut self, ask: &ProfileChange) -> Result<Profile, Error> {
        let pass = self.check(CreateProfiles).await?;
        if self.model().blueprint().profiles.is_none() {
            return Err(Refusal::NoSuchLayer { layer: "profiles" }.into());
        }
        if ask.name.is_none() {
            return Err(Refusal::field("/name", "missing", "it is missing").into());
        }
        let blank = Profile {
            id: self.id(),
            template: None,
            name: Name::parse("-").map_err(|why| Error::broken(why.to_string()))?,
            description: String::new(),
            cells: Cells::default(),
            version: 1,
        };
        let profile = self.changed_profile(&blank, ask)?;
        self.check_profile_name(&pass, &profile).await?;
        self.apply(ChangeKind::Edit, &[profile.put()])?;
        self.tx(&pass)?.profiles().insert(&profile).await?;
        self.snapshot_mut().names.insert(profile.id.to_string(), profile.name.to_string());
        self.record_audit(&pass, "profile.create", profile.id, &(), &audit_view(&profile))
            .await?;
        self.commit(&pass).await?;
        Ok(profile)
    }

    /// Changes a profile: in force for everybody whom it reaches with the next request (HARI-118).
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceContext::create_profile`], and `Missing`, `Stale`.
    pub async fn change_profile_of_teams(
        &mut self,
        id: ProfileId,
        ask: &ProfileChange,
        version: Option<i64>,
    ) -> Result<Profile, Error> {
        let pass = self.check(UpdateProfiles).await?;
        let before = self.tx(&pass)?.profiles().find(id).await?.ok_or_else(no_profile)?;
        check_version(before.version, version)?;
        let after = self.changed_profile(&before, ask)?;
        self.check_profile_name(&pass, &after).await?;
        self.save_profile(&pass, &before, &after).await?;
        self.commit(&pass).await?;
        Ok(Profile { version: after.version + 1, ..after })
    }

    /// Saves a profile after a change, with guards and audit entry.
    pub(crate) async fn save_profile(
        &mut self,
        pass: &Pass<impl Permission>,
        before: &Profile,
        after: &Profile,
    ) -> Result<(), Error> {
        self.apply(ChangeKind::Edit, &[after.put()])?;
        if !self.tx(pass)?.profiles().update(after).await? {
            return Err(Refusal::Stale.into());
        }
        self.snapshot_mut().names.insert(after.id.to_string(), after.name.to_string());
        self.record_audit(
            pass,
            "profile.update",
            after.id,
            &audit_view(before),
            &audit_view(after),
        )
        .await
    }

    /// Deletes a profile that no team carries.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`, `InUse`.
    pub async fn delete_profile(&mut self, id: ProfileId) -> Result<(), Error> {
        let pass = self.check(DeleteProfiles).await?;
        let profile = self.tx(&pass)?.profiles().find(id).await?.ok_or_else(no_profile)?;
        let carrying = self.tx(&pass)?.teams().list_with_profile(id).await?;
        let carrying: Vec<String> = carrying.iter().map(|team| team.name.to_string()).collect();
        if !carrying.is_empty() {
            let by = format!("the teams {}", carrying.join(", "));
            return Err(Refusal::InUse { noun: "profile", by }.into());
        }
        self.apply(ChangeKind::Edit, &[Change::RemoveProfile(id.to_string())])?;
        self.tx(&pass)?.profiles().delete(id).await?;
        self.record_audit(&pass, "profile.delete", id, &audit_view(&profile), &()).await?;
        self.commit(&pass).await.map(drop)
    }

    fn changed_profile(
        &self,
        profile: &Profile,
        ask: &ProfileChange,
    ) -> Result<Profile, Refusal> {
        let (name, text) = names(
            &profile.name,
            &profile.description,
            ask.name.as_deref(),
            ask.description.as_deref(),
        )?;
        let cells = match &ask.grants {
            Some(grants) => read_cells(self.policy().resources(), grants)?,
            None => profile.cells.clone(),
        };
        Ok(Profile { name, description: text, cells, ..profile.clone() })
    }

    async fn check_profile_name(
        &mut self,
        pass: &Pass<impl Permission>,
        profile: &Profile,
    ) -> Result<(), Error> {
        let others = self.tx(pass)?.profiles().list_all().await?;
        let is_taken = others
            .iter()
            .any(|known| known.id != profile.id && known.name.key() == profile.name.key());
        if is_taken {
            let name = profile.name.to_string();
            return Err(Refusal::NameTaken { noun: "profile", name }.into());
        }
        Ok(())
    }
}

pub(crate) fn audit_view(profile: &Profile) -> Value {
    json!({
        "name": profile.name.as_str(),
        "description": profile.description,
        "grants": write_cells(&profile.cells),
    })
}

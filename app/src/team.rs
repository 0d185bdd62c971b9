//! Teams: groups of members, each with a profile or none.

use std::collections::HashMap;

use hallpass_domain::id::{MemberId, ProfileId, TeamId};
use hallpass_domain::member::Member;
use hallpass_domain::model::ChangeKind;
use hallpass_domain::name::Name;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::team::Team;
use hallpass_engine::{Change, Sharing};
use serde_json::{Value, json};

use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{CreateTeams, DeleteTeams, ReadTeams, UpdateTeams};
use crate::gate::{Pass, Permission};
use crate::member::check_version;
use crate::role::names;

/// A team that somebody asks for, or a change of one; what is not named stays.
#[derive(Clone, Debug, Default)]
pub struct TeamChange {
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The profile that governs it, or none.
    pub profile: Option<Option<ProfileId>>,
    /// The ceiling on what comes through it.
    pub sharing: Option<Sharing>,
}

fn no_team() -> Error {
    Error::Missing { noun: "team" }
}

impl WorkspaceContext {
    /// The teams, by name, with the number of their members.
    ///
    /// # Errors
    ///
    /// `Denied`.
    pub async fn list_teams(&mut self) -> Result<(Vec<Team>, HashMap<TeamId, i64>), Error> {
        let pass = self.check(ReadTeams).await?;
        let teams = self.tx(&pass)?.teams().list_all().await?;
        Ok((teams, self.tx(&pass)?.teams().member_counts().await?))
    }

    /// A team.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`.
    pub async fn load_team(&mut self, id: TeamId) -> Result<(Team, i64), Error> {
        let pass = self.check(ReadTeams).await?;
        let team = self.tx(&pass)?.teams().find(id).await?.ok_or_else(no_team)?;
        let sizes = self.tx(&pass)?.teams().member_counts().await?;
        Ok((team, sizes.get(&id).copied().unwrap_or(0)))
    }

    /// Makes a team.
    ///
    /// # Errors
    ///
    /// `Denied`; `NoSuchLayer` where there are none; `Fields`, `NameTaken`.
    pub async fn create_team(&mut self, ask: &TeamChange) -> Result<Team, Error> {
        let pass = self.check(CreateTeams).await?;
        let Some(rules) = self.model().blueprint().teams else {
            return Err(Refusal::NoSuchLayer { layer: "teams" }.into());
        };
        if ask.name.is_none() {
            return Err(Refusal::field("/name", "missing", "it is missing").into());
        }
        let blank = Team {
            id: self.id(),
            name: Name::parse("-").map_err(|why| Error::broken(why.to_string()))?,
            description: String::new(),
            profile: None,
            sharing: rules.start_sharing,
            version: 1,
        };
        let team = self.changed_team(&blank, ask)?;
        self.check_team_name(&pass, &team).await?;
        self.apply(ChangeKind::Edit, &[team.put()])?;
        self.tx(&pass)?.teams().insert(&team).await?;
        self.snapshot_mut().names.insert(team.id.to_string(), team.name.to_string());
        self.record_audit(&pass, "team.create", team.id, &(), &audit_view(&team)).await?;
        self.commit(&pass).await?;
        Ok(team)
    }

    /// Changes a team.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceContext::create_team`], and `Missing`, `Stale`, `GrantCeiling`.
    pub async fn change_team(
        &mut self,
        id: TeamId,
        ask: &TeamChange,
        version: Option<i64>,
    ) -> Result<Team, Error> {
        let pass = self.check(UpdateTeams).await?;
        let before = self.tx(&pass)?.teams().find(id).await?.ok_or_else(no_team)?;
        check_version(before.version, version)?;
        let after = self.changed_team(&before, ask)?;
        self.check_team_name(&pass, &after).await?;
        self.apply(ChangeKind::Edit, &[after.put()])?;
        if !self.tx(&pass)?.teams().update(&after).await? {
            return Err(Refusal::Stale.into());
        }
        self.snapshot_mut().names.insert(id.to_string(), after.name.to_string());
        self.record_audit(&pass, "team.update", id, &audit_view(&before), &audit_view(&after))
            .await?;
        self.commit(&pass).await?;
        Ok(Team { version: after.version + 1, ..after })
    }

    /// Deletes a team that nobody is in.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`, `InUse`.
    pub async fn delete_team(&mut self, id: TeamId) -> Result<(), Error> {
        let pass = self.check(DeleteTeams).await?;
        let team = self.tx(&pass)?.teams().find(id).await?.ok_or_else(no_team)?;
        let size =
            self.tx(&pass)?.teams().member_counts().await?.get(&id).copied().unwrap_or(0);
        if size > 0 {
            let by =
                if size == 1 { "one member".to_owned() } else { format!("{size} members") };
            return Err(Refusal::InUse { noun: "team", by }.into());
        }
        self.apply(ChangeKind::Edit, &[Change::RemoveTeam(id.to_string())])?;
        self.tx(&pass)?.teams().delete(id).await?;
        self.record_audit(&pass, "team.delete", id, &audit_view(&team), &()).await?;
        self.commit(&pass).await.map(drop)
    }

    /// Puts a member into a team.
    ///
    /// # Errors
    ///
    /// `Denied`, `Missing`, and whatever guard says no.
    pub async fn join_team(&mut self, id: TeamId, member: MemberId) -> Result<(), Error> {
        self.regroup(id, member, "team.join", |teams| {
            if !teams.contains(&id) {
                teams.push(id);
                teams.sort_unstable();
            }
        })
        .await
    }

    /// Takes a member out of a team.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceContext::join_team`].
    pub async fn quit_team(&mut self, id: TeamId, member: MemberId) -> Result<(), Error> {
        self.regroup(id, member, "team.quit", |teams| teams.retain(|team| *team != id)).await
    }

    async fn regroup(
        &mut self,
        id: TeamId,
        member: MemberId,
        action: &str,
        regroup: impl FnOnce(&mut Vec<TeamId>) + Send,
    ) -> Result<(), Error> {
        let pass = self.check(UpdateTeams).await?;
        if self.model().team(id).is_none() {
            return Err(no_team());
        }
        let before = self.present_member(&pass, member).await?;
        let mut after: Member = before.clone();
        regroup(&mut after.access.teams);
        if before == after {
            return Ok(());
        }
        self.put_member(&pass, &before, &after, ChangeKind::Edit, action).await.map(drop)
    }

    fn changed_team(&self, team: &Team, ask: &TeamChange) -> Result<Team, Error> {
        let (name, text) = names(
            &team.name,
            &team.description,
            ask.name.as_deref(),
            ask.description.as_deref(),
        )?;
        let profile = ask.profile.unwrap_or(team.profile);
        if profile.is_some() && self.model().blueprint().profiles.is_none() {
            let detail = "this workspace's access model has no profiles";
            return Err(Refusal::field("/profile", "no_such_layer", detail).into());
        }
        if let Some(id) = profile
            && self.model().profile(id).is_none()
        {
            return Err(
                Refusal::field("/profile", "unknown", "there is no such profile").into()
            );
        }
        let sharing = ask.sharing.unwrap_or(team.sharing);
        Ok(Team { name, description: text, profile, sharing, ..team.clone() })
    }

    async fn check_team_name(
        &mut self,
        pass: &Pass<impl Permission>,
        team: &Team,
    ) -> Result<(), Error> {
        let others = self.tx(pass)?.teams().list_all().await?;
        let is_taken = others
            .iter()
            .any(|known| known.id != team.id && known.name.key() == team.name.key());
        if is_taken {
            return Err(Refusal::NameTaken { noun: "team", name: team.name.to_string() }.into());
        }
        Ok(())
    }
}

pub(crate) fn audit_view(team: &Team) -> Value {
    json!({
        "name": team.name.as_str(),
        "description": team.description,
        "profile": team.profile.map(|id| id.to_string()),
        "record_sharing": team.sharing.scope().word(),
    })
}

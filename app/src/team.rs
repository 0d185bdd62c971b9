//! Teams: groups of members, each with a profile or none.

use hallpass_domain::id::{MemberId, ProfileId, TeamId};
use hallpass_domain::invitation::Invitation;
use hallpass_domain::member::Member;
use hallpass_domain::model::ChangeKind;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::team::Team;
use hallpass_engine::{Change, Sharing};
use serde_json::{Value, json};

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::context::visible::{MEMBERS, visible_count};
use crate::error::Error;
use crate::gate::permission::{
    CreateTeams, DeleteTeams, ReadMembers, ReadProfiles, ReadTeams, UpdateTeams,
};
use crate::gate::{Pass, Permission};
use crate::invitation::check_not_invited;
use crate::member::several::{Results, Several};
use crate::naming::label::Label;
use crate::naming::{self, ProfileRef, TeamRef, Unresolved};

/// The fields of a new team, or a change of one; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct TeamChange {
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// The profile that its members get, or none.
    pub profile: Option<Option<ProfileRef>>,
    /// The most that members share through it.
    pub sharing: Option<Sharing>,
}

/// A team with its profile's name and its size.
#[derive(Clone, Debug)]
pub struct TeamDetails {
    /// The team.
    pub team: Team,
    /// The name of its profile, for a caller who may read profiles.
    pub profile_name: Option<String>,
    /// The number of its members, for a caller who may read members.
    pub members: Option<usize>,
}

/// The teams of a workspace.
pub struct Teams<'c>(pub(crate) &'c mut WorkspaceContext);

impl Teams<'_> {
    /// Lists the teams by name.
    #[boxed]
    pub async fn list(&mut self) -> Result<Vec<TeamDetails>, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadTeams).await?;
        let teams = ctx.read(&pass)?.teams().list_all().await?;
        Ok(teams.into_iter().map(|team| details(ctx, team)).collect())
    }

    /// Loads a team.
    #[boxed]
    pub async fn load(&mut self, team: TeamRef) -> Result<TeamDetails, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadTeams).await?;
        let team = load(ctx, &pass, &team).await?;
        Ok(details(ctx, team))
    }

    /// Creates a team.
    ///
    /// # Errors
    ///
    /// `NoSuchLayer` where the access model has no teams.
    #[boxed]
    pub async fn create(&mut self, change: &TeamChange) -> Result<TeamDetails, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(CreateTeams).await?;
        let Some(rules) = ctx.model().blueprint().teams else {
            return Err(Refusal::NoSuchLayer { layer: "teams" }.into());
        };
        check_sharing(ctx, change)?;
        let label = Label::create(change.name.as_deref(), change.description.as_deref())?;
        let team = Team {
            id: ctx.id(),
            name: label.name,
            description: label.description,
            profile: profile(ctx, &pass, change).await?.unwrap_or_default(),
            sharing: change.sharing.unwrap_or(rules.start_sharing),
            version: 1,
        };
        check_name(ctx, &pass, &team).await?;
        ctx.apply(ChangeKind::Edit, &[team.put()])?;
        ctx.tx(&pass)?.teams().insert(&team).await?;
        ctx.set_name(&team.id, &team.name);
        ctx.record_audit(&pass, "team.create", team.id, &(), &audit_view(&team)).await?;
        ctx.commit(&pass).await?;
        Ok(details(ctx, team))
    }

    /// Updates a team.
    ///
    /// # Errors
    ///
    /// `GrantCeiling` when a member gains more than the caller has.
    #[boxed]
    pub async fn update(
        &mut self,
        team: TeamRef,
        change: &TeamChange,
    ) -> Result<TeamDetails, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(UpdateTeams).await?;
        let before = load(ctx, &pass, &team).await?;
        ctx.check_version(before.version)?;
        check_sharing(ctx, change)?;
        let current =
            Label { name: before.name.clone(), description: before.description.clone() };
        let label = current.update(change.name.as_deref(), change.description.as_deref())?;
        let after = Team {
            name: label.name,
            description: label.description,
            profile: profile(ctx, &pass, change).await?.unwrap_or(before.profile),
            sharing: change.sharing.unwrap_or(before.sharing),
            ..before.clone()
        };
        check_name(ctx, &pass, &after).await?;
        ctx.apply(ChangeKind::Edit, &[after.put()])?;
        if !ctx.tx(&pass)?.teams().update(&after).await? {
            return Err(Refusal::Stale.into());
        }
        let id = after.id;
        ctx.set_name(&id, &after.name);
        let (was, is) = (audit_view(&before), audit_view(&after));
        ctx.record_audit(&pass, "team.update", id, &was, &is).await?;
        ctx.commit(&pass).await?;
        Ok(details(ctx, Team { version: after.version + 1, ..after }))
    }

    /// Deletes a team without members that no pending invitation names.
    ///
    /// # Errors
    ///
    /// `InUse` otherwise.
    #[boxed]
    pub async fn delete(&mut self, team: TeamRef) -> Result<(), Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(DeleteTeams).await?;
        let team = load(ctx, &pass, &team).await?;
        ctx.check_version(team.version)?;
        let members = ctx.model().count_team_members(team.id);
        if members > 0 {
            let by = visible_count(ctx.opens(&ReadMembers), members, MEMBERS);
            return Err(Refusal::InUse { noun: "team", by }.into());
        }
        let names = |invitation: &Invitation| invitation.access.teams.contains(&team.id);
        check_not_invited(ctx, &pass, "team", names).await?;
        ctx.apply(ChangeKind::Edit, &[Change::RemoveTeam(team.id.to_string())])?;
        ctx.tx(&pass)?.teams().delete(team.id).await?;
        ctx.record_audit(&pass, "team.delete", team.id, &audit_view(&team), &()).await?;
        ctx.commit(&pass).await.map(drop)
    }

    /// Adds a member to a team.
    #[boxed]
    pub async fn add_member(&mut self, team: TeamRef, member: MemberId) -> Result<(), Error> {
        change_member(self.0, &team, member, Attendance::Join).await
    }

    /// Removes a member from a team.
    #[boxed]
    pub async fn remove_member(
        &mut self,
        team: TeamRef,
        member: MemberId,
    ) -> Result<(), Error> {
        change_member(self.0, &team, member, Attendance::Quit).await
    }

    /// Adds members to a team, or removes them from it, each as far as the guards allow it.
    #[boxed]
    pub async fn change_members(
        &mut self,
        team: TeamRef,
        members: &[MemberId],
        attendance: Attendance,
    ) -> Result<Results, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(UpdateTeams).await?;
        let id = naming::team(ctx, &pass, &team).await?.map_err(Unresolved::missing)?;
        let mut several = Several::default();
        for member in members {
            let tried = try_change(ctx, &pass, id, *member, attendance).await;
            several.add(*member, tried)?;
        }
        several.save(ctx, &pass, attendance.action()).await
    }
}

/// Whether members join a team, or quit it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attendance {
    /// They join it.
    Join,
    /// They quit it.
    Quit,
}

impl Attendance {
    const fn action(self) -> &'static str {
        match self {
            Attendance::Join => "team.join",
            Attendance::Quit => "team.quit",
        }
    }
}

/// Record sharing bounds the profile of a team, so it says nothing where teams carry none.
fn check_sharing(ctx: &WorkspaceContext, change: &TeamChange) -> Result<(), Refusal> {
    if change.sharing.is_none() || ctx.model().blueprint().profiles.is_some() {
        return Ok(());
    }
    let detail = "teams of this access model carry no profile, so there is nothing to share";
    Err(Refusal::field("/record_sharing", "not_available", detail))
}

fn details(ctx: &WorkspaceContext, team: Team) -> TeamDetails {
    let profile = team.profile.filter(|_| ctx.opens(&ReadProfiles));
    let profile_name = profile.map(|id| ctx.snapshot().name(&id.to_string()));
    let members = ctx.visible_number(ctx.model().count_team_members(team.id));
    TeamDetails { team, profile_name, members }
}

async fn load(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    team: &TeamRef,
) -> Result<Team, Error> {
    let id = naming::team(ctx, pass, team).await?.map_err(Unresolved::missing)?;
    ctx.read(pass)?.teams().find(id).await?.ok_or(Error::Missing { noun: "team" })
}

/// Resolves the profile of a change.
async fn profile(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    change: &TeamChange,
) -> Result<Option<Option<ProfileId>>, Error> {
    let Some(Some(profile)) = &change.profile else {
        return Ok(change.profile.as_ref().map(|_| None));
    };
    if ctx.model().blueprint().profiles.is_none() {
        let detail = "this workspace's access model has no profiles";
        return Err(Refusal::field("/profile", "no_such_layer", detail).into());
    }
    let found = naming::profile(ctx, pass, profile).await?;
    let found = found.map_err(|unresolved| Refusal::Fields(vec![unresolved.field("/profile")]));
    Ok(Some(Some(found?)))
}

async fn check_name(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    team: &Team,
) -> Result<(), Error> {
    let key = team.name.key();
    let mut others = ctx.read(pass)?.teams().list_all().await?.into_iter();
    if others.any(|known| known.id != team.id && known.name.key() == key) {
        return Err(Refusal::NameTaken { noun: "team", name: team.name.to_string() }.into());
    }
    Ok(())
}

async fn change_member(
    ctx: &mut WorkspaceContext,
    team: &TeamRef,
    member: MemberId,
    attendance: Attendance,
) -> Result<(), Error> {
    let pass = ctx.check(UpdateTeams).await?;
    let id = naming::team(ctx, &pass, team).await?.map_err(Unresolved::missing)?;
    match try_change(ctx, &pass, id, member, attendance).await? {
        Some((before, after)) => {
            let action = attendance.action();
            ctx.members().save(&pass, &before, &after, action).await.map(drop)
        }
        None => Ok(ctx.check_nothing_expected()?),
    }
}

/// Applies the change of a member's teams to the model; returns the member before and after it, or none
/// if nothing changes.
async fn try_change(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    team: TeamId,
    member: MemberId,
    attendance: Attendance,
) -> Result<Option<(Member, Member)>, Error> {
    let before = ctx.members().load_with(pass, member).await?;
    let mut after = before.clone();
    let teams = &mut after.access.teams;
    match attendance {
        Attendance::Join if !teams.contains(&team) => {
            teams.push(team);
            teams.sort_unstable();
        }
        Attendance::Join => {}
        Attendance::Quit => teams.retain(|known| *known != team),
    }
    if before == after {
        return Ok(None);
    }
    ctx.apply(ChangeKind::Edit, &[Change::PutMember(after.to_engine())])?;
    Ok(Some((before, after)))
}

/// Returns a team as the audit log and the export show it.
pub(crate) fn audit_view(team: &Team) -> Value {
    json!({
        "name": team.name.as_str(),
        "description": team.description,
        "profile": team.profile.map(|id| id.to_string()),
        "record_sharing": team.sharing.scope().word(),
    })
}

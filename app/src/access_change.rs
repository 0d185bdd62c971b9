//! Changes of access: what a request has changed in a workspace, which other servers read to follow it.
//!
//! **Invariant:** what is not named here is as it was before, but for the workspace's own row, which is always
//! read.

use std::collections::BTreeSet;

use hallpass_domain::id::{MemberId, ProfileId, RoleId, TeamId};
use hallpass_engine::Change;
use hallpass_store::WorkspaceTx;

use crate::error::Error;

/// The most ids that are named, so that what is stored of a workspace is bounded.
const MOST: usize = 200;

/// What stands for all departments.
const DEPARTMENTS: &str = "departments";

/// What a request has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Touched {
    /// These ids, and maybe the departments.
    These(BTreeSet<String>),
    /// More than is named.
    Everything,
}

impl Default for Touched {
    fn default() -> Touched {
        Touched::These(BTreeSet::new())
    }
}

impl Touched {
    /// Adds what a change has changed. Switches are in the row of the workspace.
    pub(crate) fn add(&mut self, change: &Change) {
        let Touched::These(ids) = self else { return };
        match change {
            Change::PutMember(member) => ids.insert(member.id.clone()),
            Change::PutRole(role) => ids.insert(role.id.clone()),
            Change::PutProfile(profile) => ids.insert(profile.id.clone()),
            Change::PutTeam(team) => ids.insert(team.id.clone()),
            Change::RemoveMember(id)
            | Change::RemoveRole(id)
            | Change::RemoveProfile(id)
            | Change::RemoveTeam(id) => ids.insert(id.clone()),
            Change::SetDepartments(_) => ids.insert(DEPARTMENTS.to_owned()),
            Change::SetSwitch(..) => false,
        };
        if ids.len() > MOST {
            *self = Touched::Everything;
        }
    }

    /// The text that is stored; none for everything.
    pub(crate) fn to_text(&self) -> Option<String> {
        match self {
            Touched::These(ids) => {
                Some(ids.iter().map(String::as_str).collect::<Vec<_>>().join(" "))
            }
            Touched::Everything => None,
        }
    }
}

/// Gives a workspace its next revision, and notes for other servers what it changes.
pub(crate) async fn next_revision(
    tx: &mut WorkspaceTx,
    touched: &Touched,
) -> Result<i64, Error> {
    let revision = tx.bump_revision().await?;
    if let Some(text) = touched.to_text() {
        tx.insert_access_change(&text).await?;
    }
    Ok(revision)
}

/// What several revisions have changed together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TouchedIds {
    pub(crate) members: BTreeSet<MemberId>,
    pub(crate) roles: BTreeSet<RoleId>,
    pub(crate) profiles: BTreeSet<ProfileId>,
    pub(crate) teams: BTreeSet<TeamId>,
    pub(crate) has_departments: bool,
}

impl TouchedIds {
    /// Reads what was stored; `None` where a text names something else.
    pub(crate) fn parse(texts: &[String]) -> Option<TouchedIds> {
        let mut all = TouchedIds::default();
        for word in texts.iter().flat_map(|text| text.split_ascii_whitespace()) {
            match word.split_once('_').map_or(word, |(prefix, _)| prefix) {
                DEPARTMENTS => all.has_departments = true,
                MemberId::PREFIX => {
                    all.members.insert(word.parse().ok()?);
                }
                RoleId::PREFIX => {
                    all.roles.insert(word.parse().ok()?);
                }
                ProfileId::PREFIX => {
                    all.profiles.insert(word.parse().ok()?);
                }
                TeamId::PREFIX => {
                    all.teams.insert(word.parse().ok()?);
                }
                _ => return None,
            }
        }
        Some(all)
    }

    /// How many ids there are.
    pub(crate) fn len(&self) -> usize {
        self.members.len() + self.roles.len() + self.profiles.len() + self.teams.len()
    }
}

#[cfg(test)]
mod tests;

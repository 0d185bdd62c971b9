//! The head that the tabs of a team share.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{DeleteTeams, ReadMembers, UpdateTeams};
use hallpass_app::team::TeamDetails;

use crate::frame::Frame;

/// The head of a team.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) tab: &'static str,
    pub(crate) members: Option<usize>,
    pub(crate) reads_members: bool,
    pub(crate) may_edit: bool,
    pub(crate) may_delete: bool,
    pub(crate) version: i64,
}

impl Head {
    pub(super) fn of(
        ctx: &WorkspaceContext,
        frame: &Frame,
        tab: &'static str,
        found: &TeamDetails,
    ) -> Head {
        Head {
            name: found.team.name.to_string(),
            path: format!("{}/settings/teams/{}", frame.base, found.team.id),
            tab,
            members: found.members,
            reads_members: ctx.opens(&ReadMembers),
            may_edit: ctx.opens(&UpdateTeams),
            may_delete: ctx.opens(&DeleteTeams),
            version: found.team.version,
        }
    }

    /// The path that previews the form.
    pub(crate) fn preview(&self) -> String {
        format!("{}/preview", self.path)
    }

    #[cfg(test)]
    pub(crate) fn sample(tab: &'static str) -> Head {
        Head {
            name: "North <script>".to_owned(),
            path: "#".to_owned(),
            tab,
            members: Some(12),
            reads_members: true,
            may_edit: true,
            may_delete: true,
            version: 1,
        }
    }
}

//! The list of teams (HARI-099, HARI-100).

use askama::Template;
use hallpass_app::gate::permission::{CreateTeams, ReadProfiles};

use crate::failure::Failure;
use crate::frame::Frame;
use crate::reach::Reach;
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// The list of teams.
#[derive(Template)]
#[template(path = "teams/list.html")]
pub(crate) struct TeamsPage {
    pub(crate) frame: Frame,
    pub(crate) rows: Vec<Row>,
    pub(crate) has_profiles: bool,
    pub(crate) may_create: bool,
}

/// A team in the list.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) href: String,
    pub(crate) profile: String,
    pub(crate) sharing: Reach,
    pub(crate) members: String,
}

impl TeamsPage {
    #[cfg(test)]
    pub(crate) fn sample() -> TeamsPage {
        let row = Row {
            name: "North <script>".to_owned(),
            description: "<script>".to_owned(),
            href: "#".to_owned(),
            profile: "Sales <script>".to_owned(),
            sharing: Reach::of(crate::text::Text::default(), "team"),
            members: "12".to_owned(),
        };
        let frame = Frame::sample();
        TeamsPage { frame, rows: vec![row], has_profiles: true, may_create: true }
    }
}

pub(crate) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    if ctx.model().blueprint().teams.is_none() {
        return Err(Failure::missing("page"));
    }
    let found = ctx.teams().list().await?;
    let has_profiles = ctx.model().blueprint().profiles.is_some();
    let rows = found.into_iter().map(|found| Row {
        name: found.team.name.to_string(),
        description: found.team.description.clone(),
        href: format!("{}/settings/teams/{}", frame.base, found.team.id),
        profile: found.profile_name.unwrap_or_default(),
        sharing: Reach::of(frame.text, found.team.sharing.scope().word()),
        members: found.members.map(|n| n.to_string()).unwrap_or_default(),
    });
    let page = TeamsPage {
        rows: rows.collect(),
        has_profiles: has_profiles && ctx.opens(&ReadProfiles),
        may_create: ctx.opens(&CreateTeams),
        frame,
    };
    reply::page(&page)
}

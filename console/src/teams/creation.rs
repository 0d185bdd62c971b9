//! A new team.

use askama::Template;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::CreateTeams;
use hallpass_web::error::Problem;

use super::page::{Values, change, profiles, sharings};
use super::save::FIELDS;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The page of a new team.
#[derive(Template)]
#[template(path = "teams/new.html")]
pub(crate) struct NewPage {
    pub(crate) frame: Frame,
    pub(crate) values: Values,
    pub(crate) profiles: Vec<(String, String)>,
    pub(crate) has_profiles: bool,
    pub(crate) sharings: Vec<(String, String)>,
    pub(crate) refused: Faults,
}

impl NewPage {
    async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        form: &Form,
    ) -> Result<NewPage, Failure> {
        let Some(rules) = ctx.model().blueprint().teams else {
            return Err(Failure::missing("page"));
        };
        if !ctx.opens(&CreateTeams) {
            return Err(Failure::missing("page"));
        }
        let profiles = profiles(ctx).await?;
        let sharing = rules.start_sharing.scope().word().to_owned();
        Ok(NewPage {
            values: Values { sharing, ..Values::default() }.with(form),
            has_profiles: profiles.is_some(),
            profiles: profiles.unwrap_or_default(),
            sharings: sharings(&frame),
            refused: Faults::default(),
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> NewPage {
        let frame = Frame::sample();
        NewPage {
            values: Values { title: "<script>".to_owned(), ..Values::default() },
            profiles: vec![("prf_1".to_owned(), "<script>".to_owned())],
            has_profiles: true,
            sharings: sharings(&frame),
            refused: Faults::whole("<script>".to_owned()),
            frame,
        }
    }
}

pub(crate) async fn new(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    reply::page(&NewPage::load(&mut ctx, frame, &query).await?)
}

pub(crate) async fn create(mut submission: Submission) -> Shown {
    let mut ctx = submission.write().await?;
    let created = ctx.teams().create(&change(&submission.form)).await;
    drop(ctx);
    match created {
        Ok(created) => {
            let frame = &submission.frame;
            let path = format!("{}/settings/teams/{}/members", frame.base, created.team.id);
            let name = created.team.name.as_str();
            reply::done(&path, &text!(frame.text, "teams-created", name = name))
        }
        Err(error) => {
            let problem = Problem::from(error);
            let mut ctx = submission.read().await?;
            let frame = submission.frame.clone();
            let mut page = NewPage::load(&mut ctx, frame, &submission.form).await?;
            page.refused = Faults::of(page.frame.text, &problem, &FIELDS);
            reply::refused(problem.status, &page)
        }
    }
}

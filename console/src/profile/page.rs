//! The page of a profile: its matrix beside the list of profiles.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{CreateProfiles, DeleteProfiles, UpdateProfiles};
use hallpass_app::naming::ProfileRef;
use hallpass_app::profile::ProfileDetails;
use hallpass_engine::{Action, Resource, Scope};

use crate::dialog::Dialog;
use crate::draft::Draft;
use crate::effect::Effect;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::frame::Frame;
use crate::matrix::{Content, Matrix};
use crate::reach::Reach;
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// The scopes of profiles.
pub(crate) const SCOPES: [Scope; 3] = [Scope::Own, Scope::Team, Scope::All];

/// The page of a profile.
#[derive(Template)]
#[template(path = "profile/page.html")]
pub(crate) struct ProfilePage {
    pub(crate) frame: Frame,
    pub(crate) may_create: bool,
    pub(crate) profiles: Vec<Link>,
    pub(crate) about: About,
    pub(crate) draft: Draft,
    pub(crate) matrix: Matrix,
    pub(crate) legend: Vec<(Reach, String)>,
    pub(crate) effect: Option<Effect>,
    pub(crate) refused: Faults,
    pub(crate) dialog: Option<Dialog>,
}

/// A profile in the list.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) is_current: bool,
    pub(crate) is_drifted: bool,
}

/// What the page says of its profile.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    /// Its id; empty for a new profile, and where there is none.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) drift: usize,
    /// The teams that have it, by path and name.
    pub(crate) teams: Vec<(String, String)>,
    pub(crate) version: i64,
    pub(crate) is_new: bool,
    pub(crate) may_edit: bool,
    pub(crate) may_delete: bool,
}

impl About {
    /// The path that previews the form.
    pub(crate) fn preview(&self) -> String {
        format!("{}/preview", self.path)
    }
}

/// The draft of a profile without changes.
pub(super) fn draft(profile: &ProfileDetails) -> Draft {
    let own = |row: &BTreeMap<String, &'static str>| {
        row.iter().map(|(action, scope)| (action.clone(), (*scope).to_owned())).collect()
    };
    let cells = profile.matrix.iter().map(|(key, row)| (key.clone(), own(row))).collect();
    Draft::new(profile.profile.name.as_str(), &profile.profile.description, cells)
}

/// What a cell of a profile shows.
pub(crate) fn content(
    draft: &Draft,
    may_edit: bool,
    resource: &Resource,
    action: &Action,
) -> Content {
    let reach = draft.cell(&resource.key, &action.key).to_owned();
    if !may_edit {
        return Content { reach, ..Content::default() };
    }
    Content {
        reach,
        was: Some(draft.saved(&resource.key, &action.key).to_owned()),
        choices: choices(),
        ..Content::default()
    }
}

/// The scopes of a cell of a profile.
pub(crate) fn choices() -> Vec<String> {
    let scopes = SCOPES.iter().map(|scope| scope.word().to_owned());
    std::iter::once("none".to_owned()).chain(scopes).collect()
}

impl ProfilePage {
    /// Loads the page of a profile, or of a new one, with what a form or a query holds.
    pub(crate) async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        id: Option<&str>,
        form: &Form,
    ) -> Result<ProfilePage, Failure> {
        let profiles = ctx.profiles().list().await?;
        let may_create = ctx.opens(&CreateProfiles);
        let path = format!("{}/settings/profiles", frame.base);
        let (about, mut draft) = match id {
            Some(id) => {
                let found = ctx.profiles().load(ProfileRef::from(id)).await?;
                let mut draft = draft(&found);
                let changes = found.changes.iter().flatten();
                for cell in changes.filter(|_| form.text("as") == "template") {
                    draft.set(&cell.resource, &cell.action, cell.template);
                }
                (About::of(ctx, &frame, &found), draft)
            }
            None if may_create => new_profile(ctx, &frame, form).await?,
            None => (About::default(), Draft::default()),
        };
        draft = draft.with(form);
        let may_edit = about.may_edit;
        let matrix = Matrix::new(
            ctx,
            &frame,
            |resource| resource.scoped,
            |resource, action| content(&draft, may_edit, resource, action),
        );
        let link = |one: &ProfileDetails| {
            let id = one.profile.id.to_string();
            Link {
                name: one.profile.name.to_string(),
                href: format!("{path}/{id}"),
                is_current: id == about.id,
                is_drifted: one.changes.as_ref().is_some_and(|cells| !cells.is_empty()),
            }
        };
        Ok(ProfilePage {
            may_create,
            profiles: profiles.iter().map(link).collect(),
            legend: Reach::legend(frame.text, &SCOPES),
            about,
            draft,
            matrix,
            effect: None,
            refused: Faults::default(),
            dialog: None,
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> ProfilePage {
        ProfilePage {
            frame: Frame::sample(),
            may_create: true,
            profiles: vec![Link {
                name: "Sales <script>".to_owned(),
                href: "#".to_owned(),
                is_current: true,
                is_drifted: true,
            }],
            about: About {
                id: "prf_1".to_owned(),
                name: "Sales <script>".to_owned(),
                path: "#".to_owned(),
                drift: 2,
                teams: vec![("#".to_owned(), "North <script>".to_owned())],
                version: 1,
                is_new: false,
                may_edit: true,
                may_delete: true,
            },
            draft: Draft::new("<script>", "<script>", BTreeMap::new()),
            matrix: Matrix::sample(),
            legend: Reach::legend(crate::text::Text::default(), &SCOPES),
            effect: Some(Effect::sample()),
            refused: Faults::whole("<script>".to_owned()),
            dialog: Some(Dialog::sample()),
        }
    }
}

impl About {
    fn of(ctx: &WorkspaceContext, frame: &Frame, found: &ProfileDetails) -> About {
        let id = found.profile.id.to_string();
        let team = |team: &hallpass_domain::team::Team| {
            (format!("{}/settings/teams/{}", frame.base, team.id), team.name.to_string())
        };
        About {
            name: found.profile.name.to_string(),
            path: format!("{}/settings/profiles/{id}", frame.base),
            drift: found.changes.as_ref().map_or(0, Vec::len),
            teams: found.teams.iter().map(team).collect(),
            version: found.profile.version,
            is_new: false,
            may_edit: ctx.opens(&UpdateProfiles),
            may_delete: ctx.opens(&DeleteProfiles),
            id,
        }
    }
}

/// What the page of a new profile says, with the cells of the one that is copied.
async fn new_profile(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    form: &Form,
) -> Result<(About, Draft), Failure> {
    let about = About {
        name: frame.t("profile-new"),
        path: format!("{}/settings/profiles", frame.base),
        is_new: true,
        may_edit: true,
        ..About::default()
    };
    let Some(copied) = form.filled("copy") else { return Ok((about, Draft::default())) };
    let copied = ctx.profiles().load(ProfileRef::from(copied)).await?;
    let name = text!(frame.text, "role-copy-name", name = copied.profile.name.as_str());
    Ok((about, draft(&copied).copy(name)))
}

/// The page of the first profile.
pub(crate) async fn first(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    if ctx.model().blueprint().profiles.is_none() {
        return Err(Failure::missing("page"));
    }
    let first = ctx.profiles().list().await?.into_iter().next();
    let first = first.map(|one| one.profile.id.to_string());
    reply::page(&ProfilePage::load(&mut ctx, frame, first.as_deref(), &query).await?)
}

pub(crate) async fn new(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    if ctx.model().blueprint().profiles.is_none() || !ctx.opens(&CreateProfiles) {
        return Err(Failure::missing("page"));
    }
    reply::page(&ProfilePage::load(&mut ctx, frame, None, &query).await?)
}

pub(crate) async fn show(Path((_, profile)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    reply::page(&ProfilePage::load(&mut ctx, frame, Some(&profile), &query).await?)
}

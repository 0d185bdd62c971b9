//! The permissions of a team: its profile, what it shares, and how far that reaches (HARI-101).

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::ReadProfiles;
use hallpass_app::naming::{ProfileRef, TeamRef};
use hallpass_app::team::TeamChange;
use hallpass_engine::{Scope, Sharing};

use super::head::Head;
use crate::dialog::Dialog;
use crate::effect::Effect;
use crate::failure::Failure;
use crate::faults::{Faults, Saved};
use crate::form::Form;
use crate::frame::Frame;
use crate::matrix::{Content, Matrix};
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// The permissions of a team.
#[derive(Template)]
#[template(path = "teams/page.html")]
pub(crate) struct TeamPage {
    pub(crate) frame: Frame,
    pub(crate) head: Head,
    pub(crate) values: Values,
    /// What is saved.
    pub(crate) saved: Values,
    pub(crate) changes: usize,
    /// The version that the form was opened with, and what it was made from.
    pub(crate) version: String,
    pub(crate) made_from: String,
    /// The profiles to choose from, by id and name.
    pub(crate) profiles: Vec<(String, String)>,
    /// Whether teams carry profiles, and the reader may read them.
    pub(crate) has_profiles: bool,
    /// The ceilings to choose from, each with what it means.
    pub(crate) sharings: Vec<(String, String)>,
    /// What the team gives its members.
    pub(crate) matrix: Matrix,
    pub(crate) effect: Option<Effect>,
    pub(crate) refused: Faults,
    pub(crate) dialog: Option<Dialog>,
}

/// The values of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Values {
    pub(crate) title: String,
    pub(crate) description: String,
    /// The id of the profile; empty for none.
    pub(crate) profile: String,
    /// The word of the ceiling.
    pub(crate) sharing: String,
}

impl Values {
    /// The values with those of a form.
    pub(super) fn with(self, form: &Form) -> Values {
        let typed = |part: &str, value: String| form.find(part).map_or(value, str::to_owned);
        Values {
            title: typed("name", self.title),
            description: typed("description", self.description),
            profile: typed("profile", self.profile),
            sharing: typed("sharing", self.sharing),
        }
    }

    /// The fields of the form.
    fn fields(&self) -> [(&'static str, &str, &'static str); 4] {
        [
            ("name", self.title.as_str(), "name"),
            ("description", self.description.as_str(), "description"),
            ("profile", self.profile.as_str(), "permissions-profile"),
            ("sharing", self.sharing.as_str(), "sharing"),
        ]
    }

    /// What the form is made from.
    pub(crate) fn made_from(&self) -> String {
        Form::made_from(&self.fields().map(|(field, value, _)| (field, value)))
    }

    fn differences(&self, other: &Values) -> usize {
        usize::from(self.title != other.title)
            + usize::from(self.description != other.description)
            + usize::from(self.profile != other.profile)
            + usize::from(self.sharing != other.sharing)
    }
}

/// The change that a form makes. What the form does not have stays.
pub(super) fn change(form: &Form) -> TeamChange {
    let profile = form.find("profile");
    TeamChange {
        name: form.find("name").map(str::to_owned),
        description: form.find("description").map(str::to_owned),
        profile: profile.map(|id| Some(ProfileRef::from(id)).filter(|_| !id.is_empty())),
        sharing: form.find("sharing").and_then(Sharing::parse),
    }
}

/// The profiles to choose from, by id and name, as far as the reader may read them.
pub(super) async fn profiles(
    ctx: &mut WorkspaceContext,
) -> Result<Option<Vec<(String, String)>>, Failure> {
    if ctx.model().blueprint().profiles.is_none() || !ctx.opens(&ReadProfiles) {
        return Ok(None);
    }
    let found = ctx.profiles().list().await?.into_iter();
    let named = found.map(|one| (one.profile.id.to_string(), one.profile.name.to_string()));
    Ok(Some(named.collect()))
}

/// The ceilings, each with what it means.
pub(super) fn sharings(frame: &Frame) -> Vec<(String, String)> {
    let explained = |sharing: Sharing| {
        let key = match sharing {
            Sharing::Own => "sharing-own",
            Sharing::Team => "sharing-team",
            Sharing::All => "sharing-all",
        };
        (sharing.scope().word().to_owned(), frame.t(key))
    };
    Sharing::EVERY.map(explained).into()
}

impl TeamPage {
    /// Loads the page of a team, with what a form holds.
    pub(super) async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        team: &str,
        form: &Form,
    ) -> Result<TeamPage, Failure> {
        let found = ctx.teams().load(TeamRef::from(team)).await?;
        let head = Head::of(ctx, &frame, "permissions", &found);
        let profiles = profiles(ctx).await?;
        let saved = Values {
            title: head.name.clone(),
            description: found.team.description.clone(),
            profile: found.team.profile.map(|id| id.to_string()).unwrap_or_default(),
            sharing: found.team.sharing.scope().word().to_owned(),
        };
        let values = saved.clone().with(form);
        let is_known = profiles.iter().flatten().any(|(id, _)| *id == values.profile);
        let matrix = if is_known {
            given(ctx, &frame, &values.profile, &values.sharing).await?
        } else {
            Matrix::default()
        };
        Ok(TeamPage {
            changes: values.differences(&saved),
            version: head.version.to_string(),
            made_from: saved.made_from(),
            saved,
            has_profiles: profiles.is_some(),
            profiles: profiles.unwrap_or_default(),
            sharings: sharings(&frame),
            effect: None,
            refused: Faults::default(),
            dialog: None,
            head,
            values,
            matrix,
            frame,
        })
    }

    /// Keeps what a form was opened with, until it is saved or another person has saved first: a preview
    /// between does not hide that.
    pub(super) fn keep_base(&mut self, form: &Form) {
        form.keep_base(&mut self.version, &mut self.made_from);
    }

    /// The fields of the form, as they are saved now.
    pub(super) fn saved(&self) -> Vec<Saved> {
        let fields = self.saved.fields();
        let names = [&[][..], &[], &self.profiles, &self.sharings];
        let fields = fields.into_iter().zip(names);
        fields.map(|(field, names)| Saved::new(&self.frame, field).named(names)).collect()
    }

    #[cfg(test)]
    pub(crate) fn sample() -> TeamPage {
        let frame = Frame::sample();
        TeamPage {
            head: Head::sample("permissions"),
            values: Values {
                title: "<script>".to_owned(),
                description: "<script>".to_owned(),
                profile: "prf_1".to_owned(),
                sharing: "team".to_owned(),
            },
            saved: Values::default(),
            changes: 1,
            version: "1".to_owned(),
            made_from: String::new(),
            profiles: vec![("prf_1".to_owned(), "<script>".to_owned())],
            has_profiles: true,
            sharings: sharings(&frame),
            matrix: Matrix::sample(),
            effect: Some(Effect::sample()),
            refused: Faults::whole("<script>".to_owned()),
            dialog: Some(Dialog::sample()),
            frame,
        }
    }
}

/// What a profile gives through a team that shares up to a ceiling.
async fn given(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    profile: &str,
    sharing: &str,
) -> Result<Matrix, Failure> {
    let profile = ctx.profiles().load(ProfileRef::from(profile)).await?;
    let ceiling = Sharing::parse(sharing).unwrap_or(Sharing::Own);
    let cells: &BTreeMap<String, BTreeMap<String, &'static str>> = &profile.matrix;
    let matrix = Matrix::new(
        ctx,
        frame,
        |resource| resource.scoped && cells.contains_key(&resource.key),
        |resource, action| {
            let word = cells.get(&resource.key).and_then(|row| row.get(&action.key));
            let scope = word.and_then(|word| Scope::parse(word));
            let Some(scope) = scope else { return Content::default() };
            let capped = ceiling.cap(scope);
            let note = (capped != scope).then(|| frame.t("sharing-capped"));
            Content {
                reach: capped.word().to_owned(),
                note: note.unwrap_or_default(),
                ..Content::default()
            }
        },
    );
    Ok(matrix)
}

pub(crate) async fn show(Path((_, team)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    reply::page(&TeamPage::load(&mut ctx, frame, &team, &query).await?)
}

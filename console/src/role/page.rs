//! The page of a role: its matrix, to read or to edit, beside the list of roles.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{
    CreateRoles, DeleteRoles, ReadMembers, UpdateMembers, UpdateRoles,
};
use hallpass_app::member::list::{MemberFilter, MemberOrder};
use hallpass_app::naming::RoleRef;
use hallpass_app::role::RoleDetails;
use hallpass_engine::GrantTarget;

use super::content::{self, rules};
use super::head::{Group, Head, Link};
use super::over::{Assignment, History};
use crate::dialog::Dialog;
use crate::draft::Draft;
use crate::effect::Effect;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::frame::{Frame, Person};
use crate::matrix::Matrix;
use crate::reach::Reach;
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// The members of a role whom its page shows.
const SHOWN: usize = 5;

/// The page of a role.
#[derive(Template)]
#[template(path = "role/page.html")]
pub(crate) struct RolePage {
    pub(crate) frame: Frame,
    pub(crate) head: Head,
    pub(crate) groups: Vec<Group>,
    pub(crate) role: About,
    pub(crate) draft: Draft,
    pub(crate) matrix: Matrix,
    pub(crate) legend: Vec<(Reach, String)>,
    pub(crate) effect: Option<Effect>,
    pub(crate) refused: Faults,
    pub(crate) dialog: Option<Dialog>,
    pub(crate) history: Option<History>,
    pub(crate) assignment: Option<Assignment>,
}

/// What the page says of its role.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    /// Its id; empty for a new role.
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) is_built_in: bool,
    pub(crate) drift: usize,
    pub(crate) members: String,
    pub(crate) people: Vec<Person>,
    pub(crate) version: i64,
    pub(crate) may_edit: bool,
    pub(crate) may_delete: bool,
    pub(crate) may_assign: bool,
    /// Whether it grants on everything of a kind, which saving cells replaces.
    pub(crate) is_general: bool,
}

impl RolePage {
    /// Loads the page of a role, or of a new one, with what a form or a query holds.
    pub(crate) async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        id: Option<&str>,
        form: &Form,
    ) -> Result<RolePage, Failure> {
        let roles = ctx.roles().list().await?;
        let has_custom = ctx.model().blueprint().custom_roles.is_some();
        let drift = if has_custom { ctx.roles().drift().await? } else { BTreeMap::new() };
        let head = Head::of(ctx, &frame, "role", &roles);
        let (about, mut draft) = match id {
            Some(id) => {
                let role = ctx.roles().load(RoleRef::from(id)).await?;
                let drifted = drift.get(&role.id).map_or(&[][..], Vec::as_slice);
                let mut draft = content::draft(&role);
                for cell in drifted.iter().filter(|_| form.text("as") == "created") {
                    draft.set(&cell.resource, &cell.action, &cell.created);
                }
                (About::of(ctx, &frame, &role, drifted.len()).await?, draft)
            }
            None => new_role(ctx, &frame, form).await?,
        };
        draft = draft.with(form);
        let rules = rules(ctx, about.may_edit);
        let matrix = Matrix::new(
            ctx,
            &frame,
            |_| true,
            |row, action| content::content(&draft, rules, row, action),
        );
        let scopes = rules.map(|rules| rules.scopes.clone()).unwrap_or_default();
        let is_drifted = |id: &str| drift.get(id).is_some_and(|cells| !cells.is_empty());
        let group = |is_built_in: bool, key: &str| {
            let own = roles.iter().filter(|role| role.is_built_in == is_built_in);
            let own = own.map(|role| link(&frame, role, &about.id, is_drifted(&role.id)));
            Group { title: frame.t(key), roles: own.collect() }
        };
        let mut groups = vec![group(true, "role-built-in"), group(false, "role-own")];
        groups.retain(|group| !group.roles.is_empty());
        Ok(RolePage {
            legend: Reach::legend(frame.text, &scopes),
            head: Head { role: about.id.clone(), ..head },
            groups,
            role: about,
            draft,
            matrix,
            effect: None,
            refused: Faults::default(),
            dialog: None,
            history: None,
            assignment: None,
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> RolePage {
        let link = Link {
            name: "Sales lead <script>".to_owned(),
            href: "#".to_owned(),
            members: "12".to_owned(),
            is_current: true,
            is_drifted: true,
        };
        RolePage {
            frame: Frame::sample(),
            head: Head::sample("role"),
            groups: vec![Group { title: "Your own".to_owned(), roles: vec![link] }],
            role: About {
                id: "rol_1".to_owned(),
                name: "Sales lead <script>".to_owned(),
                path: "#".to_owned(),
                drift: 3,
                members: "12 members".to_owned(),
                people: vec![Person::new(&1, "Ben")],
                version: 2,
                may_edit: true,
                may_delete: true,
                may_assign: true,
                is_general: true,
                ..About::default()
            },
            draft: Draft::new("<script>", "<script>", BTreeMap::new()),
            matrix: Matrix::sample(),
            legend: Reach::legend(crate::text::Text::default(), &hallpass_engine::Scope::EVERY),
            effect: Some(Effect::sample()),
            refused: Faults::whole("<script>".to_owned()),
            dialog: Some(Dialog::sample()),
            history: Some(History::sample()),
            assignment: Some(Assignment::sample()),
        }
    }
}

/// What the page of a new role says, with the cells of the role that is copied.
async fn new_role(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    form: &Form,
) -> Result<(About, Draft), Failure> {
    let head_allows = ctx.model().blueprint().custom_roles.is_some() && ctx.opens(&CreateRoles);
    if !head_allows {
        return Err(Failure::missing("role"));
    }
    let about = About {
        name: frame.t("role-new"),
        path: format!("{}/settings/roles", frame.base),
        may_edit: true,
        ..About::default()
    };
    let Some(copied) = form.filled("copy") else { return Ok((about, Draft::default())) };
    let copied = ctx.roles().load(RoleRef::from(copied)).await?;
    let name = text!(frame.text, "role-copy-name", name = &copied.name);
    Ok((about, content::draft(&copied).copy(name)))
}

fn link(frame: &Frame, role: &RoleDetails, current: &str, is_drifted: bool) -> Link {
    Link {
        name: role.name.clone(),
        href: format!("{}/settings/roles/{}", frame.base, role.id),
        members: role.holders.map(|n| frame.number(as_number(n))).unwrap_or_default(),
        is_current: role.id == current,
        is_drifted,
    }
}

fn as_number(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

impl About {
    /// The path that previews the form.
    pub(crate) fn preview(&self) -> String {
        format!("{}/preview", self.path)
    }

    async fn of(
        ctx: &mut WorkspaceContext,
        frame: &Frame,
        role: &RoleDetails,
        drift: usize,
    ) -> Result<About, Failure> {
        let mut people = Vec::new();
        let mut members = String::new();
        if ctx.opens(&ReadMembers) {
            let filter = MemberFilter {
                role: Some(RoleRef::from(role.id.as_str())),
                ..MemberFilter::default()
            };
            let page = ctx.members().list(&filter, MemberOrder::Name, None, SHOWN).await?;
            let total = usize::try_from(page.total).unwrap_or(0);
            let named = page.members.iter().map(|(one, _)| Person::new(&one.id, &one.name()));
            people = named.collect();
            let names: Vec<&str> = people.iter().map(|one| one.name.as_str()).collect();
            let (names, rest) = (names.join(", "), total.saturating_sub(people.len()));
            members = match (total, rest) {
                (0, _) => frame.t("role-no-members"),
                (_, 0) => text!(frame.text, "role-members", n = total, names = names),
                (_, rest) => {
                    text!(
                        frame.text,
                        "role-members-more",
                        n = total,
                        names = names,
                        rest = rest
                    )
                }
            };
        }
        let is_general = role.grants.iter().any(|one| !matches!(one.on, GrantTarget::Named(_)));
        Ok(About {
            id: role.id.clone(),
            name: role.name.clone(),
            path: format!("{}/settings/roles/{}", frame.base, role.id),
            is_built_in: role.is_built_in,
            drift,
            members,
            people,
            version: role.version.unwrap_or_default(),
            may_edit: !role.is_built_in && ctx.opens(&UpdateRoles),
            may_delete: !role.is_built_in && ctx.opens(&DeleteRoles),
            may_assign: role.may_give && ctx.opens(&UpdateMembers),
            is_general: is_general && !role.is_built_in,
        })
    }
}

pub(crate) async fn new(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    reply::page(&RolePage::load(&mut ctx, frame, None, &query).await?)
}

pub(crate) async fn show(Path((_, role)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    reply::page(&RolePage::load(&mut ctx, frame, Some(&role), &query).await?)
}

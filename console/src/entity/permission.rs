//! The permissions on a record type: profiles, or roles, by action (HARI-030, HARI-033, HARI-034).

use askama::Template;
use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::entity::permission::{
    EntityPermissionTable, Holder, PermissionChange, PermissionRow, Rows,
};
use hallpass_app::gate::permission::UpdateProfiles;
use hallpass_app::naming::ProfileRef;
use hallpass_engine::Action;
use hallpass_web::error::Problem;
use serde_json::Value;

use super::head::{self, Head};
use crate::draft::{Cells, Draft};
use crate::effect::Effect;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::frame::Frame;
use crate::matrix::{Cell, Content, Part, Row};
use crate::profile::{SCOPES, choices};
use crate::reach::Reach;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The permissions on a record type.
#[derive(Template)]
#[template(path = "entity/permissions.html")]
pub(crate) struct PermissionsPage {
    pub(crate) frame: Frame,
    pub(crate) head: Head,
    pub(crate) part: Part,
    pub(crate) legend: Vec<(Reach, String)>,
    /// Whether the rows are profiles.
    pub(crate) has_profiles: bool,
    /// Whether rows that grant nothing are listed too.
    pub(crate) is_whole: bool,
    pub(crate) changes: usize,
    /// What the form holds, over what is saved.
    pub(crate) draft: Draft,
    /// What to say when another person saved first.
    pub(crate) stale: Vec<String>,
    /// The revision that the form was made from.
    pub(crate) revision: i64,
    pub(crate) may_edit: bool,
    pub(crate) effect: Option<Effect>,
    pub(crate) refused: Faults,
}

/// The draft of the cells of a table: a row for each profile.
fn draft(table: &EntityPermissionTable) -> Draft {
    let cells = table.rows.iter();
    let cells = cells.map(|row| (row.id.clone(), row.cells.iter().cloned().collect()));
    Draft::new("", "", cells.collect::<Cells>())
}

/// The changes that a draft makes.
fn changes(draft: &Draft) -> Vec<PermissionChange> {
    let changed = draft.changed().into_iter();
    let change = |(id, cells): (String, Value)| PermissionChange {
        profile: ProfileRef::from(id),
        cells: cells.as_object().cloned().unwrap_or_default(),
    };
    changed.map(change).collect()
}

impl PermissionsPage {
    /// The path that previews the form.
    fn preview(&self) -> String {
        format!("{}/permissions/preview", self.head.path)
    }

    /// The path that shows the page without changes.
    fn discard(&self) -> String {
        format!("{}/permissions", self.head.path)
    }

    async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        key: &str,
        form: &Form,
    ) -> Result<PermissionsPage, Failure> {
        let entity = head::load(ctx, key).await?;
        let head = Head::of(ctx, &frame, "permissions", &entity);
        let is_whole = form.text("rows") == "all";
        let wanted = if is_whole { Rows::All } else { Rows::Granted };
        let table = ctx.entity_permissions().list(key, wanted).await?;
        let has_profiles = ctx.model().blueprint().profiles.is_some();
        let may_edit = has_profiles && ctx.opens(&UpdateProfiles);
        let draft = draft(&table).with(form);
        let row = |row: &PermissionRow| row_of(&frame, row, (&table, &draft), may_edit);
        let label = |id: &str, action: &str| {
            let holder = table.rows.iter().find(|row| row.id == id);
            let known = table.resource.actions.iter().find(|known| known.key == action);
            let holder = holder.map_or(id, |row| row.name.as_str());
            format!("{holder}: {}", known.map_or(action, |known| known.name.as_str()))
        };
        let part = Part {
            title: frame.t(if has_profiles { "permissions-profile" } else { "role-role" }),
            columns: table.resource.actions.iter().map(|one| one.name.clone()).collect(),
            rows: table.rows.iter().map(row).collect(),
        };
        Ok(PermissionsPage {
            legend: if has_profiles { Reach::legend(frame.text, &SCOPES) } else { Vec::new() },
            changes: draft.changes(),
            stale: draft.stale(frame.text, label),
            draft,
            revision: ctx.revision(),
            effect: None,
            refused: Faults::default(),
            head,
            part,
            has_profiles,
            is_whole,
            may_edit,
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> PermissionsPage {
        let mut matrix = crate::matrix::Matrix::sample();
        PermissionsPage {
            frame: Frame::sample(),
            head: Head::sample("permissions"),
            part: matrix.parts.remove(0),
            legend: Reach::legend(crate::text::Text::default(), &SCOPES),
            has_profiles: true,
            is_whole: false,
            changes: 2,
            draft: Draft::new("<script>", "<script>", Cells::new()),
            stale: Vec::new(),
            revision: 3,
            may_edit: true,
            effect: Some(Effect::sample()),
            refused: Faults::whole("<script>".to_owned()),
        }
    }
}

fn row_of(
    frame: &Frame,
    row: &PermissionRow,
    (table, draft): (&EntityPermissionTable, &Draft),
    may_edit: bool,
) -> Row {
    let cell = |action: &Action| {
        let mut content = Content {
            reach: draft.cell(&row.id, &action.key).to_owned(),
            ..Content::default()
        };
        if may_edit {
            content.was = Some(draft.saved(&row.id, &action.key).to_owned());
            content.choices = choices();
        }
        let field = format!("cell.{}.{}", row.id, action.key);
        let is_scoped = table.resource.scoped;
        Some(Cell::new(frame.text, is_scoped, (&row.name, action), field, content))
    };
    let folder = match row.holder {
        Holder::Profile => "profiles",
        Holder::Role => "roles",
    };
    Row {
        name: row.name.clone(),
        second: String::new(),
        href: Some(format!("{}/settings/{folder}/{}", frame.base, row.id)),
        is_off: false,
        cells: table.resource.actions.iter().map(cell).collect(),
        more: Vec::new(),
    }
}

pub(crate) async fn show(Path((_, entity)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, mut frame, query } = viewer;
    frame.expect(&query, "rows", |rows| rows == "all");
    reply::page(&PermissionsPage::load(&mut ctx, frame, &entity, &query).await?)
}

pub(crate) async fn save(
    Path((_, entity)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let mut ctx = submission.write().await?;
    let table = ctx.entity_permissions().list(&entity, Rows::All).await?;
    let draft = draft(&table).with(&submission.form);
    let saved = ctx.entity_permissions().update(&entity, &changes(&draft)).await;
    drop(ctx);
    match saved {
        Ok(_) => {
            let frame = &submission.frame;
            let path = format!("{}/settings/schema/{entity}/permissions", frame.base);
            let message = frame.count("permissions-saved", draft.changes());
            reply::done(&path, &message)
        }
        Err(error) => refused(&mut submission, &entity, &error.into()).await,
    }
}

pub(crate) async fn preview(
    Path((_, entity)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let mut rehearsal = submission.rehearse().await?;
    let table = rehearsal.ctx.entity_permissions().list(&entity, Rows::All).await?;
    let changes = changes(&draft(&table).with(&submission.form));
    let ran = rehearsal.ctx.entity_permissions().update(&entity, &changes).await.map(drop);
    match Effect::of(&mut submission, ran, rehearsal).await {
        Ok(effect) => {
            let mut ctx = submission.read().await?;
            let (frame, form) = (submission.frame.clone(), &submission.form);
            let mut page = PermissionsPage::load(&mut ctx, frame, &entity, form).await?;
            page.effect = Some(effect);
            page.draft.keep_base(form);
            reply::page(&page)
        }
        Err(problem) => {
            let mut page = again(&mut submission, &entity, &problem).await?;
            page.draft.keep_base(&submission.form);
            reply::refused(problem.status, &page)
        }
    }
}

/// Shows the form again, with what was chosen.
async fn refused(submission: &mut Submission, entity: &str, problem: &Problem) -> Shown {
    let page = again(submission, entity, problem).await?;
    reply::refused(problem.status, &page)
}

/// The page with a form that was refused.
async fn again(
    submission: &mut Submission,
    entity: &str,
    problem: &Problem,
) -> Result<PermissionsPage, Failure> {
    let mut ctx = submission.read().await?;
    let (frame, form) = (submission.frame.clone(), &submission.form);
    let mut page = PermissionsPage::load(&mut ctx, frame, entity, form).await?;
    page.refused = if problem.status == 412 {
        Faults::lines(page.stale.clone())
    } else {
        page.draft.keep_base(form);
        Faults::of(page.frame.text, problem, &[])
    };
    Ok(page)
}

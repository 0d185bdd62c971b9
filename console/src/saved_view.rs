//! Saved views of lists of records: save what a list shows, change it, delete it.

use axum::extract::Path;
use hallpass_app::saved_view::ViewChange;
use hallpass_domain::id::ViewId;
use hallpass_domain::saved_view::{FilterParts, SavedView};
use hallpass_web::error::Problem;
use hallpass_web::routes::Routes;

use crate::dialog::Dialog;
use crate::failure::Failure;
use crate::faults::{Faults, Saved};
use crate::form::{CHECKED, Form};
use crate::frame::Frame;
use crate::record::filter::Filter;
use crate::record::kind::Kind;
use crate::record::list::ListPage;
use crate::record::view_form::ViewForm;
use crate::refusal;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .get("/workspace/{ws}/records/{entity}/views/new", blank)
        .post("/workspace/{ws}/records/{entity}/views/new", create)
        .get("/workspace/{ws}/records/{entity}/views/{view}/edit", edit)
        .post("/workspace/{ws}/records/{entity}/views/{view}/edit", save)
        .post("/workspace/{ws}/records/{entity}/views/{view}/update", update)
        .get("/workspace/{ws}/records/{entity}/views/{view}/delete", ask)
        .post("/workspace/{ws}/records/{entity}/views/{view}/delete", delete)
}

/// A view of a record type, as paths name it.
type ViewPath = Path<(String, String, String)>;

fn id(view: &str) -> Result<ViewId, Failure> {
    view.parse().map_err(|_| Failure::missing("view"))
}

/// The path of a list with a filter.
fn list(kind: &Kind, filter: &Filter) -> String {
    format!("{}{}", kind.path, filter.first().as_query())
}

/// The list as its saved view shows it.
fn shown(kind: &Kind, view: &SavedView, filter: &Filter) -> String {
    let saved = Filter::of_view(kind, view.id, &view.settings);
    list(kind, &saved.as_board(filter.is_board))
}

/// What a view takes over from the list.
fn settings(filter: &Filter) -> ViewChange {
    let settings = &filter.settings;
    ViewChange {
        filter: Some(FilterParts::of(&settings.filter)),
        sort: Some(settings.sort.clone()),
        columns: Some(settings.columns.clone()),
        ..ViewChange::default()
    }
}

fn named(form: &Form, change: ViewChange) -> ViewChange {
    ViewChange {
        name: form.find("name").map(str::to_owned),
        is_shared: (!form.is_untouched("shared")).then(|| form.is_checked("shared")),
        ..change
    }
}

/// The form of a new view.
fn new_form(frame: &Frame, kind: &Kind, filter: &Filter, form: &Form) -> ViewForm {
    ViewForm {
        title: frame.t("saved-view-save"),
        action: format!("{}/views/new{}", kind.path, filter.first().as_query()),
        name: form.text("name").to_owned(),
        is_shared: form.is_checked("shared"),
        version: None,
        made_from: String::new(),
        errors: Vec::new(),
        back: list(kind, filter),
        saves: Vec::new(),
        verb: frame.t("saved-view-save-verb"),
    }
}

/// What a box sends.
fn checked(is_on: bool) -> &'static str {
    if is_on { CHECKED } else { "" }
}

/// The form of a view.
fn edit_form(
    frame: &Frame,
    kind: &Kind,
    filter: &Filter,
    (view, form): (&SavedView, Option<&Form>),
) -> ViewForm {
    let (mut name, mut is_shared) = (view.name.to_string(), view.sharing.is_shared);
    let made_from = Form::made_from(&[("name", &name), ("shared", checked(is_shared))]);
    if let Some(form) = form {
        name = form.text_or("name", &name);
        is_shared = form.checked_or("shared", is_shared);
    }
    let title = text!(frame.text, "saved-view-edit-title", name = view.name.as_str());
    let query = filter.first().as_query();
    ViewForm {
        title,
        action: format!("{}/views/{}/edit{query}", kind.path, view.id),
        name,
        is_shared,
        version: Some(view.version.to_string()),
        made_from,
        back: list(kind, filter),
        verb: frame.t("record-save"),
        ..ViewForm::default()
    }
}

/// The chips of a list, as a view would save them.
fn saves(page: &ListPage) -> Vec<String> {
    let chips = page.tools.chips.iter();
    let chips = chips.map(|chip| format!("{}: {}", chip.label, chip.value));
    let text = page.filter.text();
    let text =
        (!text.is_empty()).then(|| page.frame.with("saved-view-saves-text", "text", text));
    text.into_iter().chain(chips).collect()
}

/// Shows the list with a form over it.
async fn over(
    submission: &mut Submission,
    entity: &str,
    problem: Problem,
    form: impl FnOnce(&Frame, &Kind, &Filter, &Form) -> ViewForm,
) -> Shown {
    if problem.status == 404 || problem.status >= 500 {
        return Err(Failure(problem));
    }
    let mut ctx = submission.read().await?;
    let frame = submission.frame.clone().covered();
    let kind = Kind::find(&ctx, &frame, entity)?;
    let filter = Filter::of(&kind, &submission.query);
    let sent = &submission.form;
    let mut form = form(&frame, &kind, &filter, sent);
    form.errors = vec![refusal::of_problem(frame.text, &problem)];
    if problem.status == 412 {
        let label = |(name, value): (&str, &str)| {
            let label = if name == "name" { "report-name" } else { "saved-view-share" };
            Saved::new(&frame, (name, value, label))
        };
        let saved = Form::parse(form.made_from.as_bytes());
        let now = [("name", saved.text("name")), ("shared", saved.text("shared"))].map(label);
        form.errors = Faults::stale(&frame, sent, &now).whole;
    } else if let Some(version) = &mut form.version {
        sent.keep_base(version, &mut form.made_from);
    }
    let mut page = ListPage::load(&mut ctx, frame, kind, (filter, &Form::default())).await?;
    page.view_form = Some(ViewForm { saves: saves(&page), ..form });
    reply::refused(problem.status, &page)
}

async fn blank(Path((_, entity)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let frame = frame.covered();
    let kind = Kind::find(&ctx, &frame, &entity)?;
    let filter = Filter::of(&kind, &query);
    if !ctx.saved_views().rights().is_some_and(|rights| rights.creates) {
        return Err(Failure::refused(&frame.t("saved-view-not-creatable")));
    }
    let form = new_form(&frame, &kind, &filter, &Form::default());
    let mut page = ListPage::load(&mut ctx, frame, kind, (filter, &Form::default())).await?;
    page.view_form = Some(ViewForm { saves: saves(&page), ..form });
    reply::page(&page)
}

async fn create(
    Path((_, entity)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let mut ctx = submission.write().await?;
    let kind = Kind::find(&ctx, &submission.frame, &entity)?;
    let filter = Filter::of(&kind, &submission.query);
    let change = named(&submission.form, settings(&filter));
    let change = ViewChange { entity: Some(entity.clone()), ..change };
    match ctx.saved_views().create(&change).await {
        Ok(view) => {
            let frame = &submission.frame;
            let message = text!(frame.text, "saved-view-saved", name = view.name.as_str());
            reply::done(&shown(&kind, &view, &filter), &message)
        }
        Err(error) => {
            drop(ctx);
            over(&mut submission, &entity, error.into(), new_form).await
        }
    }
}

async fn edit(Path((_, entity, view)): ViewPath, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let frame = frame.covered();
    let kind = Kind::find(&ctx, &frame, &entity)?;
    let filter = Filter::of(&kind, &query);
    let view = ctx.saved_views().load(id(&view)?).await?.view;
    if !ctx.saved_views().rights().is_some_and(|rights| rights.updates) {
        return Err(Failure::refused(&frame.t("saved-view-not-editable")));
    }
    let form = edit_form(&frame, &kind, &filter, (&view, None));
    let mut page = ListPage::load(&mut ctx, frame, kind, (filter, &Form::default())).await?;
    page.view_form = Some(form);
    reply::page(&page)
}

async fn save(Path((_, entity, view)): ViewPath, mut submission: Submission) -> Shown {
    let id = id(&view)?;
    let mut ctx = submission.write().await?;
    let kind = Kind::find(&ctx, &submission.frame, &entity)?;
    let filter = Filter::of(&kind, &submission.query);
    let change = named(&submission.form, ViewChange::default());
    match ctx.saved_views().update(id, &change).await {
        Ok(view) => {
            let frame = &submission.frame;
            let message = text!(frame.text, "saved-view-saved", name = view.name.as_str());
            reply::done(&list(&kind, &filter), &message)
        }
        Err(error) => {
            drop(ctx);
            let now = submission.read().await?.saved_views().load(id).await?.view;
            over(&mut submission, &entity, error.into(), |frame, kind, filter, form| {
                edit_form(frame, kind, filter, (&now, Some(form)))
            })
            .await
        }
    }
}

/// Saves in a view what the list shows.
async fn update(Path((_, entity, view)): ViewPath, mut submission: Submission) -> Shown {
    let id = id(&view)?;
    let mut ctx = submission.write().await?;
    let kind = Kind::find(&ctx, &submission.frame, &entity)?;
    let filter = Filter::of(&kind, &submission.query);
    match ctx.saved_views().update(id, &settings(&filter)).await {
        Ok(view) => {
            let frame = &submission.frame;
            let message = text!(frame.text, "saved-view-saved", name = view.name.as_str());
            reply::done(&shown(&kind, &view, &filter), &message)
        }
        Err(error) => {
            let problem = Problem::from(error);
            drop(ctx);
            if problem.status == 404 || problem.status >= 500 {
                return Err(Failure(problem));
            }
            let mut ctx = submission.read().await?;
            let frame = submission.frame.clone();
            let refused = Some(match problem.status {
                412 => frame.t("saved-view-stale"),
                _ => refusal::of_problem(frame.text, &problem),
            });
            let page =
                ListPage::load(&mut ctx, frame, kind, (filter, &Form::default())).await?;
            reply::refused(problem.status, &ListPage { refused, ..page })
        }
    }
}

async fn ask(Path((_, entity, view)): ViewPath, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let frame = frame.covered();
    let kind = Kind::find(&ctx, &frame, &entity)?;
    let filter = Filter::of(&kind, &query);
    let view = ctx.saved_views().load(id(&view)?).await?.view;
    if !ctx.saved_views().rights().is_some_and(|rights| rights.deletes) {
        return Err(Failure::refused(&frame.t("saved-view-not-deletable")));
    }
    let shared = view.sharing.is_shared.then(|| frame.t("saved-view-delete-shared"));
    let effects = shared.into_iter().chain([frame.t("saved-view-delete-effect")]);
    let dialog = Dialog {
        title: text!(frame.text, "saved-view-delete-title", name = view.name.as_str()),
        effects: effects.collect(),
        action: format!("{}/views/{}/delete", kind.path, view.id),
        verb: frame.t("saved-view-delete"),
        keep: frame.t("record-keep"),
        back: list(&kind, &filter),
        word: None,
    };
    let page = ListPage::load(&mut ctx, frame, kind, (filter, &Form::default())).await?;
    reply::page(&ListPage { dialog: Some(dialog), ..page })
}

async fn delete(Path((_, entity, view)): ViewPath, mut submission: Submission) -> Shown {
    let id = id(&view)?;
    let mut ctx = submission.write().await?;
    let kind = Kind::find(&ctx, &submission.frame, &entity)?;
    ctx.saved_views().delete(id).await?;
    reply::done(&kind.path, &submission.frame.t("saved-view-deleted"))
}

//! The list of the records of a type: what the reader sees of it, and why.

use askama::Template;
use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::record::Total;
use hallpass_domain::id::ViewId;

use super::board;
use super::filter::{Filter, names_only_a_view};
use super::filter_form::FilterForm;
use super::heading::{Heading, headings, orders};
use super::kind::Kind;
use super::question::Question;
use super::reach::Reach;
use super::row::{self, Column, Row};
use super::tab::SavedViews;
use super::tools::Tools;
use super::view_form::ViewForm;
use crate::dialog::Dialog;
use crate::export_file::is_prepared;
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Frame;
use crate::person_picture;
use crate::picker::Choice;
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// The records of a page.
const PAGE: usize = 50;

/// The list of the records of a type.
#[derive(Template)]
#[template(path = "record/list.html")]
pub(crate) struct ListPage {
    pub(crate) frame: Frame,
    pub(crate) kind: Kind,
    pub(crate) reach: Reach,
    pub(crate) filter: Filter,
    pub(crate) tools: Tools,
    pub(crate) headings: Vec<Heading>,
    pub(crate) sorts: Vec<Choice>,
    /// The columns to choose from.
    pub(crate) shown: Vec<Choice>,
    pub(crate) rows: Vec<Row>,
    /// What the page shows of how many.
    pub(crate) count: String,
    /// Whether records may be missing.
    pub(crate) is_incomplete: bool,
    pub(crate) next: Option<String>,
    /// Where the list is exported.
    pub(crate) export: String,
    /// Whether a bulk job prepares the file.
    pub(crate) prepares: bool,
    pub(crate) bar: Bar,
    /// Why the last change was refused.
    pub(crate) refused: Option<String>,
    /// What is asked over the list.
    pub(crate) question: Option<Question>,
    /// The form of a saved view over the list.
    pub(crate) view_form: Option<ViewForm>,
    /// What is asked before a saved view is deleted.
    pub(crate) dialog: Option<Dialog>,
}

/// What the bar of a selection offers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bar {
    pub(crate) reassigns: bool,
    pub(crate) moves: bool,
    pub(crate) deletes: bool,
}

impl Bar {
    fn of(rows: &[Row]) -> Bar {
        let offers =
            |what: &str| rows.iter().any(|row| row.allows.split(' ').any(|one| one == what));
        Bar { reassigns: offers("reassign"), moves: offers("stage"), deletes: offers("delete") }
    }

    /// Whether it offers anything.
    pub(crate) fn is_some(self) -> bool {
        self.reassigns || self.moves || self.deletes
    }
}

impl ListPage {
    /// Loads the page.
    pub(crate) async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        kind: Kind,
        (filter, query): (Filter, &Form),
    ) -> Result<ListPage, Failure> {
        let filter = filter.at_known_page(&kind);
        let reach = Reach::load(ctx, &frame, &kind).await?;
        let has_owners = reach.has_others || reach.is_all;
        let wanted = filter.settings.columns.as_deref();
        let columns = row::columns(&frame, &kind, has_owners, wanted);
        // A filter that the record type does not have is not left out: nothing is listed.
        let found = match filter.faults.as_slice() {
            [] => Some(ctx.records().list(&kind.key, &filter.query(&kind, PAGE)).await?),
            _ => None,
        };
        let records = found.iter().flat_map(|page| &page.records);
        let mut rows: Vec<Row> =
            records.map(|one| Row::of(ctx, &frame, &kind, &columns, one)).collect();
        let owners = rows.iter_mut().filter_map(|row| row.owner.as_mut());
        person_picture::add(ctx, &frame, owners).await?;
        let next = found.as_ref().and_then(|page| page.next.as_ref());
        let next = next.map(|next| filter.at(&kind, next));
        let total = found.as_ref().map_or(Total::Unknown, |page| page.total);
        let listed = match (filter.is_filtering(), reach.total) {
            (false, Some(all)) => Total::Exact(all),
            (true, _) | (false, None) => total,
        };
        let prepares = found.is_some() && is_prepared(listed);
        let tools = Tools::load(ctx, &frame, (&kind, &filter, &reach), (&rows, query)).await?;
        Ok(ListPage {
            tools,
            headings: headings(&kind, &filter, &columns),
            sorts: orders(&frame, &kind, &filter),
            shown: shown(&frame, &kind, has_owners, &columns),
            count: count(&frame, &reach, &filter, total),
            is_incomplete: found.as_ref().is_some_and(|page| page.is_incomplete),
            next: next.map(|next| format!("{}{}", kind.path, next.as_query())),
            export: export(&frame, &kind, &filter, prepares),
            prepares,
            bar: Bar::of(&rows),
            refused: None,
            question: None,
            view_form: None,
            dialog: None,
            rows,
            reach,
            filter,
            kind,
            frame,
        })
    }

    /// Whether a column shows owners.
    fn shows_owners(&self) -> bool {
        self.shown.iter().any(|column| column.value == "owner" && column.is_chosen)
    }

    /// Whether nothing is to be seen, with or without the filter.
    fn is_empty(&self) -> bool {
        self.rows.is_empty() && !self.filter.is_filtering() && self.filter.after.is_empty()
    }

    /// The query of the first page.
    fn first_page(&self) -> String {
        self.filter.first().as_query()
    }

    #[cfg(test)]
    pub(crate) fn sample() -> ListPage {
        let (frame, kind) = (Frame::sample(), Kind::sample());
        let rows = vec![Row::sample("Acme renewal"), Row::sample("<script>")];
        let filter = Filter::default().with(|only| only.text = Some("<script>".to_owned()));
        let columns = row::columns(&frame, &kind, true, None);
        ListPage {
            reach: Reach::sample(),
            tools: Tools::sample(),
            headings: headings(&kind, &filter, &columns),
            sorts: orders(&frame, &kind, &filter),
            shown: shown(&frame, &kind, true, &columns),
            count: "2 match".to_owned(),
            is_incomplete: true,
            next: Some("#".to_owned()),
            export: "#".to_owned(),
            prepares: true,
            bar: Bar { reassigns: true, moves: true, deletes: true },
            refused: Some("<script>".to_owned()),
            question: Some(Question::sample()),
            view_form: Some(ViewForm::sample()),
            dialog: Some(Dialog::sample()),
            rows,
            filter,
            kind,
            frame,
        }
    }

    /// The page with each form of a filter, and with rows or faults.
    #[cfg(test)]
    pub(crate) fn samples() -> Vec<ListPage> {
        let forms = FilterForm::samples().into_iter().enumerate();
        let page = |(at, form): (usize, FilterForm)| {
            let mut page = ListPage::sample();
            page.tools.form = Some(form);
            if at > 0 {
                page.tools.faults.clear();
            }
            page
        };
        forms.map(page).collect()
    }
}

/// Where the list is exported: at once by the API, or by a form that starts a bulk job.
fn export(frame: &Frame, kind: &Kind, filter: &Filter, prepares: bool) -> String {
    let query = filter.as_api_query();
    if prepares {
        return format!("{}/export{query}", kind.path);
    }
    format!("/api/v1/workspaces/{}/records/{}/export{query}", frame.slug, kind.key)
}

/// The columns to choose from, with those that are shown.
fn shown(frame: &Frame, kind: &Kind, has_owners: bool, columns: &[Column]) -> Vec<Choice> {
    let every = row::every_column(frame, kind, has_owners).into_iter();
    let choice = |column: Column| Choice {
        is_chosen: columns.iter().any(|shown| shown.key == column.key),
        value: column.key,
        name: column.name,
    };
    every.map(choice).collect()
}

/// What the page shows: "31 of 87 match".
fn count(frame: &Frame, reach: &Reach, filter: &Filter, total: Total) -> String {
    let all = reach.total.map(|all| frame.number(all)).unwrap_or_default();
    match total {
        Total::Exact(n) if filter.is_filtering() => {
            text!(frame.text, "records-match", n = frame.number(n), all = all)
        }
        Total::MoreThan(n) if filter.is_filtering() => {
            text!(frame.text, "records-match-many", n = frame.number(n), all = all)
        }
        Total::Exact(_) | Total::MoreThan(_) | Total::Unknown => String::new(),
    }
}

/// Says on the page what of its query means nothing, beside what the filter says itself.
fn check(frame: &mut Frame, kind: &Kind, filter: &Filter, query: &Form) {
    frame.expect(query, "view", |view| view == "board" && kind.has_stages);
    frame.expect(query, "saved", |id| id.parse::<ViewId>().is_ok());
    let is_known = !filter.clone().at_known_page(kind).after.is_empty();
    frame.expect(query, "after", |_| is_known);
    // The columns of a board are its stages.
    frame.expect(query, "stage", |_| !filter.is_board);
    frame.expect(query, "at", |place| place.parse::<usize>().is_ok());
    for part in ["add", "put"] {
        frame.expect(query, part, |key| FilterForm::knows(kind, key));
    }
}

pub(crate) async fn show(Path((_, entity)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, mut frame, query } = viewer;
    let kind = Kind::find(&ctx, &frame, &entity)?;
    let mut filter = Filter::of(&kind, &query);
    check(&mut frame, &kind, &filter, &query);
    if let Some(id) = filter.saved.filter(|_| names_only_a_view(&query)) {
        let after = filter.after;
        filter = SavedViews::open(&mut ctx, &kind, (id, filter.is_board)).await?;
        filter.after = after;
    }
    let wrong = match FilterForm::sent(&frame, &kind, &filter, &query) {
        Some(Ok(filter)) => {
            let path = format!("{}{}", kind.path, filter.first().as_query());
            return reply::go(&path);
        }
        Some(Err(form)) => Some(*form),
        None => None,
    };
    if filter.is_board {
        return board::show(&mut ctx, frame, kind, (filter, &query, wrong)).await;
    }
    let mut page = ListPage::load(&mut ctx, frame, kind, (filter, &query)).await?;
    match wrong {
        Some(form) => {
            page.tools.form = Some(form);
            reply::refused(422, &page)
        }
        None => reply::page(&page),
    }
}

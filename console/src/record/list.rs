//! The list of the records of a type: what the reader sees of it, and why.

use askama::Template;
use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::record::Total;
use hallpass_domain::text::is_visible;

use super::board;
use super::choice::Choice;
use super::filter::{Filter, SORTS};
use super::kind::Kind;
use super::question::Question;
use super::reach::Reach;
use super::row::{self, Column, Row};
use super::tab::{Tab, tabs};
use crate::failure::Failure;
use crate::format;
use crate::frame::Frame;
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
    pub(crate) tabs: Vec<Tab>,
    pub(crate) stages: Vec<Choice>,
    pub(crate) sorts: Vec<Choice>,
    /// The owner whose records it is limited to, if it is a certain member.
    pub(crate) owner: Option<String>,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    /// What the page shows of how many.
    pub(crate) count: String,
    /// Whether records may be missing.
    pub(crate) is_incomplete: bool,
    pub(crate) next: Option<String>,
    pub(crate) export: String,
    pub(crate) bar: Bar,
    /// Why the last change was refused.
    pub(crate) refused: Option<String>,
    /// What is asked over the list.
    pub(crate) question: Option<Question>,
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
        filter: Filter,
    ) -> Result<ListPage, Failure> {
        let page = ctx.records().list(&kind.key, &filter.query(&kind, PAGE)?).await?;
        let reach = Reach::load(ctx, &frame, &kind).await?;
        let columns = row::columns(&kind);
        let records = page.records.iter();
        let rows: Vec<Row> =
            records.map(|one| Row::of(ctx, &frame, &kind, &columns, one)).collect();
        let next = page.next.as_ref().map(|next| filter.at(&kind, next));
        let all = Filter { after: String::new(), sort: String::new(), ..filter.clone() };
        let api = format!("/api/v1/workspaces/{}/records/{}/export", frame.slug, kind.key);
        let owner = match filter.owner.as_str() {
            "" | "me" | "unowned" => None,
            _ => {
                let first = rows.first().and_then(|row| row.owner.as_ref());
                let unknown = || frame.t("records-other-owner");
                Some(first.map_or_else(unknown, |person| person.name.clone()))
            }
        };
        Ok(ListPage {
            tabs: tabs(&frame, &kind, &reach, &filter),
            stages: stages(&kind, &filter),
            sorts: sorts(&frame, &filter),
            owner,
            columns,
            count: count(&frame, &reach, &filter, page.total),
            is_incomplete: page.is_incomplete,
            next: next.map(|next| format!("{}{}", kind.path, next.as_query())),
            export: format!("{api}{}", all.as_query()),
            bar: Bar::of(&rows),
            refused: None,
            question: None,
            rows,
            reach,
            filter,
            kind,
            frame,
        })
    }

    /// Whether a column shows owners: not where every record is the reader's own.
    fn shows_owners(&self) -> bool {
        self.reach.has_others || self.reach.is_all
    }

    /// Whether nothing is to be seen, with or without the filter.
    fn is_empty(&self) -> bool {
        self.rows.is_empty() && !self.filter.is_filtering() && self.filter.after.is_empty()
    }

    /// The name of the field that names records.
    fn title_name(&self) -> &str {
        let key = row::title_key(&self.kind);
        let field = self.kind.resource.fields.iter().find(|field| field.key == key);
        field.map_or(&self.kind.resource.one, |field| &field.name)
    }

    /// The word of the access model for the owner of a record.
    fn owner_label(&self) -> String {
        format::capital(&self.frame.word("record_owner"))
    }

    /// The query of the first page.
    fn first_page(&self) -> String {
        Filter { after: String::new(), ..self.filter.clone() }.as_query()
    }

    #[cfg(test)]
    pub(crate) fn sample() -> ListPage {
        let kind = Kind::sample();
        let rows = vec![Row::sample("Acme renewal"), Row::sample("<script>")];
        ListPage {
            frame: Frame::sample(),
            reach: Reach::sample(),
            filter: Filter { text: "<script>".to_owned(), ..Filter::default() },
            tabs: vec![Tab {
                label: "All".into(),
                href: "#".into(),
                count: Some("87".into()),
                is_current: true,
            }],
            stages: stages(&kind, &Filter::default()),
            sorts: sorts(&Frame::sample(), &Filter::default()),
            owner: Some("<script>".to_owned()),
            columns: row::columns(&kind),
            count: "2 match".to_owned(),
            is_incomplete: true,
            next: Some("#".to_owned()),
            export: "#".to_owned(),
            bar: Bar { reassigns: true, moves: true, deletes: true },
            refused: Some("<script>".to_owned()),
            question: Some(Question::sample()),
            rows,
            kind,
        }
    }
}

fn stages(kind: &Kind, filter: &Filter) -> Vec<Choice> {
    let stages = kind.resource.stages.iter();
    let choice = |(value, name): (&str, &str)| Choice {
        value: value.to_owned(),
        name: name.to_owned(),
        is_chosen: value == filter.stage,
    };
    stages.map(|stage| choice((&stage.key, &stage.name))).collect()
}

fn sorts(frame: &Frame, filter: &Filter) -> Vec<Choice> {
    let names = [
        "records-sort-newest",
        "records-sort-oldest",
        "records-sort-title",
        "records-sort-title-down",
    ];
    let known = SORTS.iter().zip(names);
    let choice = |((word, _), name): (&(&str, _), &str)| Choice {
        value: (*word).to_owned(),
        name: frame.t(name),
        is_chosen: *word == filter.sort,
    };
    let rank = Choice {
        value: String::new(),
        name: frame.t("records-sort-rank"),
        is_chosen: filter.sort.is_empty(),
    };
    let rank = Some(rank).filter(|_| is_visible(&filter.text));
    rank.into_iter().chain(known.map(choice)).collect()
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

pub(crate) async fn show(Path((_, entity)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let kind = Kind::find(&ctx, &frame, &entity)?;
    let filter = Filter::of(&kind, &query);
    if kind.has_stages && query.text("view") == "board" {
        return board::show(&mut ctx, frame, kind, filter).await;
    }
    reply::page(&ListPage::load(&mut ctx, frame, kind, filter).await?)
}

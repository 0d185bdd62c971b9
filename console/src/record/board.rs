//! The board: the records of a type by stage, each with the stages that it may be moved to.

use askama::Template;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::record::RecordDetails;

use super::choice::Choice;
use super::filter::Filter;
use super::kind::Kind;
use super::reach::Reach;
use super::row::{self, Column, Row, StageMark, may_move, stage_mark};
use super::tab::{Tab, tabs};
use crate::failure::Failure;
use crate::frame::Frame;
use crate::reply::{self, Shown};

/// The cards of a stack at most; the list has the others.
const CARDS: usize = 20;

/// The board of a record type.
#[derive(Template)]
#[template(path = "record/board.html")]
pub(crate) struct BoardPage {
    pub(crate) frame: Frame,
    pub(crate) kind: Kind,
    pub(crate) reach: Reach,
    pub(crate) filter: Filter,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) stacks: Vec<Stack>,
}

/// The records in a stage.
#[derive(Clone, Debug)]
pub(crate) struct Stack {
    pub(crate) key: String,
    pub(crate) mark: StageMark,
    pub(crate) count: String,
    pub(crate) cards: Vec<Card>,
    /// The list of all of them, where the stack does not show them all.
    pub(crate) more: Option<String>,
}

/// A record on the board.
#[derive(Clone, Debug)]
pub(crate) struct Card {
    pub(crate) row: Row,
    /// The stages that it may be moved to.
    pub(crate) stages: Vec<Choice>,
}

impl BoardPage {
    async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        kind: Kind,
        filter: Filter,
    ) -> Result<BoardPage, Failure> {
        let columns = row::columns(&kind);
        let mut stacks = Vec::new();
        for stage in &kind.resource.stages {
            let only =
                Filter { stage: stage.key.clone(), after: String::new(), ..filter.clone() };
            let page = ctx.records().list(&kind.key, &only.query(&kind, CARDS)?).await?;
            let cards =
                page.records.iter().map(|one| Card::of(ctx, &frame, &kind, &columns, one));
            stacks.push(Stack {
                mark: stage_mark(&kind, &stage.key),
                count: page.total.map(|total| frame.number(total)).unwrap_or_default(),
                cards: cards.collect(),
                more: page.next.map(|_| format!("{}{}", kind.path, only.as_query())),
                key: stage.key.clone(),
            });
        }
        let reach = Reach::load(ctx, &frame, &kind).await?;
        let mut tabs = tabs(&frame, &kind, &reach, &filter);
        for tab in &mut tabs {
            let mark = if tab.href.contains('?') { '&' } else { '?' };
            tab.href = format!("{}{mark}view=board", tab.href);
        }
        Ok(BoardPage { frame, kind, reach, filter, tabs, stacks })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> BoardPage {
        let kind = Kind::sample();
        let stages = vec![Choice { value: "won".into(), name: "Won".into(), is_chosen: false }];
        let stacks = vec![Stack {
            key: "lead".to_owned(),
            mark: stage_mark(&kind, "lead"),
            count: "21".to_owned(),
            cards: vec![Card { row: Row::sample("<script>"), stages }],
            more: Some("#".to_owned()),
        }];
        BoardPage {
            frame: Frame::sample(),
            reach: Reach::sample(),
            filter: Filter::default(),
            tabs: Vec::new(),
            stacks,
            kind,
        }
    }
}

impl Card {
    fn of(
        ctx: &WorkspaceContext,
        frame: &Frame,
        kind: &Kind,
        columns: &[Column],
        details: &RecordDetails,
    ) -> Card {
        let stages = kind.resource.stages.iter();
        let open = stages.filter(|stage| may_move(kind, details, &stage.key));
        let choice = |(value, name): (&String, &String)| Choice {
            value: value.clone(),
            name: name.clone(),
            is_chosen: false,
        };
        Card {
            row: Row::of(ctx, frame, kind, columns, details),
            stages: open.map(|stage| choice((&stage.key, &stage.name))).collect(),
        }
    }
}

pub(super) async fn show(
    ctx: &mut WorkspaceContext,
    frame: Frame,
    kind: Kind,
    filter: Filter,
) -> Shown {
    reply::page(&BoardPage::load(ctx, frame, kind, filter).await?)
}

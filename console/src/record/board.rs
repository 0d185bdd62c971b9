//! The board: the records of a type by stage, each with the stages that it may be moved to.

use askama::Template;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::dashboard::{GroupKey, GroupSum};
use hallpass_domain::saved_view::ViewFilter;

use super::filter::Filter;
use super::filter_form::FilterForm;
use super::help;
use super::kind::Kind;
use super::reach::Reach;
use super::row::{self, Row, StageMark, stage_mark};
use super::tools::Tools;
use super::total::total;
use super::value;
use crate::failure::Failure;
use crate::figure::has_amounts;
use crate::form::Form;
use crate::frame::Frame;
use crate::person_picture;
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
    pub(crate) tools: Tools,
    pub(crate) stacks: Vec<Stack>,
    /// Whether records may be missing from the stacks.
    pub(crate) is_incomplete: bool,
    /// Why the last move was refused.
    pub(crate) refused: Option<String>,
}

/// The records in a stage.
#[derive(Clone, Debug)]
pub(crate) struct Stack {
    pub(crate) key: String,
    pub(crate) mark: StageMark,
    pub(crate) count: String,
    /// What all its records come to; none where they have no amounts, or are not all of their owner.
    pub(crate) sum: Option<Amount>,
    pub(crate) cards: Vec<Row>,
    /// The list of all of them, where the stack does not show them all.
    pub(crate) more: Option<String>,
}

/// An amount of money.
#[derive(Clone, Debug)]
pub(crate) struct Amount {
    /// In few characters.
    pub(crate) short: String,
    pub(crate) exact: String,
}

impl BoardPage {
    /// Loads the board.
    pub(crate) async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        kind: Kind,
        (filter, query): (Filter, &Form),
    ) -> Result<BoardPage, Failure> {
        let wanted = filter.settings.columns.as_deref();
        let columns = row::columns(&frame, &kind, false, wanted);
        let (mut stacks, mut is_incomplete) = (Vec::new(), false);
        let is_readable = filter.faults.is_empty();
        let sums = sums(ctx, &kind, &filter).await?;
        for stage in kind.resource.stages.iter().filter(|_| is_readable) {
            let list = filter.as_board(false);
            let only = list.with(|only| only.stage = Some(stage.key.clone()));
            let page = ctx.records().list(&kind.key, &only.query(&kind, CARDS)).await?;
            is_incomplete |= page.is_incomplete;
            let cards =
                page.records.iter().map(|one| Row::of(ctx, &frame, &kind, &columns, one));
            stacks.push(Stack {
                mark: stage_mark(&kind, &stage.key),
                count: total(&frame, page.total),
                sum: Amount::of_stage(&frame, &sums, &stage.key),
                cards: cards.collect(),
                more: page.next.map(|_| format!("{}{}", kind.path, only.as_query())),
                key: stage.key.clone(),
            });
        }
        let cards = stacks.iter_mut().flat_map(|stack| &mut stack.cards);
        person_picture::add(ctx, &frame, cards.filter_map(|card| card.owner.as_mut())).await?;
        let rows = stacks.iter_mut().flat_map(|stack| &mut stack.cards);
        let steps = rows.flat_map(|row| &mut row.steps);
        let mut refused: Vec<&mut String> =
            steps.filter_map(|step| step.needs.as_mut()).collect();
        if !refused.is_empty() {
            let help = help::ask(ctx, &frame).await?;
            for needs in &mut refused {
                needs.push(' ');
                needs.push_str(&help);
            }
        }
        let reach = Reach::load(ctx, &frame, &kind).await?;
        let cards: Vec<Row> = stacks.iter().flat_map(|stack| stack.cards.clone()).collect();
        let tools = Tools::load(ctx, &frame, (&kind, &filter, &reach), (&cards, query)).await?;
        Ok(BoardPage {
            frame,
            kind,
            reach,
            filter,
            tools,
            stacks,
            is_incomplete,
            refused: None,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> BoardPage {
        let kind = Kind::sample();
        let stacks = vec![Stack {
            key: "lead".to_owned(),
            mark: stage_mark(&kind, "lead"),
            count: "21".to_owned(),
            sum: Some(Amount { short: "48k".to_owned(), exact: "CHF 48,120".to_owned() }),
            cards: vec![Row::sample("<script>")],
            more: Some("#".to_owned()),
        }];
        BoardPage {
            frame: Frame::sample(),
            reach: Reach::sample(),
            filter: Filter::default().as_board(true),
            tools: Tools::sample(),
            stacks,
            is_incomplete: true,
            refused: Some("<script>".to_owned()),
            kind,
        }
    }
}

impl Amount {
    fn of_stage(frame: &Frame, sums: &[GroupSum], stage: &str) -> Option<Amount> {
        let of_stage =
            |sum: &&GroupSum| matches!(&sum.group, GroupKey::Stage(Some(key)) if key == stage);
        let sum = sums.iter().find(of_stage).filter(|sum| sum.n > 0)?;
        Some(Amount {
            short: value::short_amount(frame, sum.amount),
            exact: value::amount(frame, sum.amount),
        })
    }
}

/// What the records of each stage come to. Only for all records, or for all of an owner, is that known without
/// reading them.
async fn sums(
    ctx: &mut WorkspaceContext,
    kind: &Kind,
    filter: &Filter,
) -> Result<Vec<GroupSum>, Failure> {
    let of_owner = ViewFilter { owner: filter.settings.filter.owner, ..ViewFilter::default() };
    if !has_amounts(&kind.resource)
        || filter.settings.filter != of_owner
        || !filter.faults.is_empty()
    {
        return Ok(Vec::new());
    }
    Ok(ctx.records().stage_sums(&kind.key, of_owner.owner).await?)
}

pub(super) async fn show(
    ctx: &mut WorkspaceContext,
    frame: Frame,
    kind: Kind,
    (filter, query, wrong): (Filter, &Form, Option<FilterForm>),
) -> Shown {
    let mut page = BoardPage::load(ctx, frame, kind, (filter, query)).await?;
    match wrong {
        Some(form) => {
            page.tools.form = Some(form);
            reply::refused(422, &page)
        }
        None => reply::page(&page),
    }
}

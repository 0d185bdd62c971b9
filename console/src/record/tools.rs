//! What is over a list and a board: the tabs, the chips of the filter, and the form of one of its parts.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::naming::OwnerRef;

use super::chip::{Chip, chips};
use super::filter::Filter;
use super::filter_form::FilterForm;
use super::kind::Kind;
use super::part::Part;
use super::reach::Reach;
use super::row::Row;
use super::tab::{SavedViews, Tab, tabs};
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Frame;

/// What is over a list and a board.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tools {
    pub(crate) tabs: Vec<Tab>,
    pub(crate) views: SavedViews,
    pub(crate) chips: Vec<Chip>,
    /// The parts to filter by, each with the page that has its form.
    pub(crate) parts: Vec<Link>,
    /// The form that is open.
    pub(crate) form: Option<FilterForm>,
    /// What the record type does not have, in sentences.
    pub(crate) faults: Vec<String>,
    /// The list and the board with this filter.
    pub(crate) list: String,
    pub(crate) board: String,
}

/// A part to filter by.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) name: String,
    pub(crate) href: String,
}

impl Tools {
    /// Loads the tools of a list with some rows.
    pub(crate) async fn load(
        ctx: &mut WorkspaceContext,
        frame: &Frame,
        (kind, filter, reach): (&Kind, &Filter, &Reach),
        (rows, query): (&[Row], &Form),
    ) -> Result<Tools, Failure> {
        let has_owners = reach.is_all || reach.has_others;
        let owner = owner(frame, filter, rows);
        let parts = Part::every(kind, has_owners).into_iter();
        let parts = parts.filter(|part| !part.is_in(&filter.settings.filter));
        let parts = parts.filter(|part| !(filter.is_board && *part == Part::Stage));
        let link = |part: Part| Link {
            name: part.label(frame, kind),
            href: part.form_of(kind, filter, None),
        };
        let path = |is_board| {
            let filter = filter.as_board(is_board);
            format!("{}{}", kind.path, filter.as_query())
        };
        Ok(Tools {
            tabs: tabs(frame, kind, reach, filter),
            views: SavedViews::load(ctx, kind, filter).await?,
            chips: chips(frame, kind, filter, &owner),
            parts: parts.map(link).collect(),
            form: FilterForm::load(ctx, frame, (kind, filter), query).await?,
            faults: filter.faults.iter().map(|fault| fault.sentence(frame, kind)).collect(),
            list: path(false),
            board: path(true),
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> Tools {
        let (frame, kind) = (Frame::sample(), Kind::sample());
        let name = || "<script>".to_owned();
        let tab = |is_current| Tab {
            label: name(),
            href: "#".to_owned(),
            count: Some("87".to_owned()),
            is_current,
            ..Tab::default()
        };
        let filter = Filter::default().with(|only| only.stage = Some("<script>".to_owned()));
        Tools {
            tabs: vec![tab(true), tab(false)],
            views: SavedViews::sample(),
            chips: chips(&frame, &kind, &filter, "<script>"),
            parts: vec![Link { name: name(), href: "#".to_owned() }],
            form: FilterForm::samples().pop(),
            faults: vec![name()],
            list: "#".to_owned(),
            board: "#".to_owned(),
        }
    }
}

/// The name of the member whose records a list is limited to: the owner of its rows.
fn owner(frame: &Frame, filter: &Filter, rows: &[Row]) -> String {
    let Some(OwnerRef::Member(_)) = filter.settings.filter.owner else { return String::new() };
    let first = rows.first().and_then(|row| row.owner.as_ref());
    first.map_or_else(|| frame.t("records-other-owner"), |person| person.name.clone())
}

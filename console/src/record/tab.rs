//! The tabs of a list: everything that the reader sees, their own records, those of no owner, and saved views.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::saved_view::{CheckedView, ViewRights};
use hallpass_domain::id::ViewId;

use super::filter::Filter;
use super::kind::Kind;
use super::reach::Reach;
use crate::failure::Failure;
use crate::frame::Frame;

/// A tab of a list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tab {
    pub(crate) label: String,
    pub(crate) href: String,
    pub(crate) count: Option<String>,
    pub(crate) is_current: bool,
    /// Whether it is a saved view that others see.
    pub(crate) is_shared: bool,
    /// Whether the record type lacks what the view needs.
    pub(crate) is_broken: bool,
}

/// The saved views of a list, and what the reader may do with the one that they see.
#[derive(Clone, Debug, Default)]
pub(crate) struct SavedViews {
    pub(crate) tabs: Vec<Tab>,
    /// Where what the list shows is saved as a new view; none for a reader who may save none.
    pub(crate) save: Option<String>,
    /// The view that is shown.
    pub(crate) current: Option<CurrentView>,
}

/// The saved view that a list shows.
#[derive(Clone, Debug)]
pub(crate) struct CurrentView {
    pub(crate) name: String,
    pub(crate) version: i64,
    /// Whether the list shows something else than the view by now.
    pub(crate) is_changed: bool,
    /// Where what the list shows is saved in it; none for a reader who may not.
    pub(crate) update: Option<String>,
    /// Where its name and its sharing are changed.
    pub(crate) edit: Option<String>,
    /// Where it is deleted.
    pub(crate) delete: Option<String>,
    /// The view as it is saved.
    pub(crate) saved: String,
}

impl SavedViews {
    /// Loads the saved views of a record type; none for a reader who may see none.
    pub(crate) async fn load(
        ctx: &mut WorkspaceContext,
        kind: &Kind,
        filter: &Filter,
    ) -> Result<SavedViews, Failure> {
        let Some(rights) = ctx.saved_views().rights() else { return Ok(SavedViews::default()) };
        let views = ctx.saved_views().list(Some(&kind.key)).await?;
        let current = views.iter().find(|one| Some(one.view.id) == filter.saved);
        let settings = filter.first().as_query();
        Ok(SavedViews {
            save: rights.creates.then(|| format!("{}/views/new{settings}", kind.path)),
            current: current.map(|one| CurrentView::of(kind, filter, rights, one)),
            tabs: views.iter().map(|one| tab(kind, filter, one)).collect(),
        })
    }

    /// The settings that are saved, where an address names a view and nothing of what it shows.
    pub(crate) async fn open(
        ctx: &mut WorkspaceContext,
        kind: &Kind,
        (id, is_board): (ViewId, bool),
    ) -> Result<Filter, Failure> {
        let checked = ctx.saved_views().load(id).await?;
        if checked.view.entity != kind.key {
            return Err(Failure::missing("view"));
        }
        let filter = Filter::of_view(kind, id, &checked.view.settings);
        Ok(filter.as_board(is_board))
    }

    #[cfg(test)]
    pub(crate) fn sample() -> SavedViews {
        let tab = Tab {
            label: "<script>".to_owned(),
            href: "#".to_owned(),
            is_current: true,
            is_shared: true,
            is_broken: true,
            count: None,
        };
        SavedViews {
            tabs: vec![tab],
            save: Some("#".to_owned()),
            current: Some(CurrentView {
                name: "<script>".to_owned(),
                version: 3,
                is_changed: true,
                update: Some("#".to_owned()),
                edit: Some("#".to_owned()),
                delete: Some("#".to_owned()),
                saved: "#".to_owned(),
            }),
        }
    }
}

impl CurrentView {
    fn of(
        kind: &Kind,
        filter: &Filter,
        rights: ViewRights,
        CheckedView { view, .. }: &CheckedView,
    ) -> CurrentView {
        let path = format!("{}/views/{}", kind.path, view.id);
        let settings = filter.first().as_query();
        let is_changed = !filter.shows(&view.settings);
        let mends = is_changed && filter.faults.is_empty();
        CurrentView {
            name: view.name.to_string(),
            version: view.version,
            is_changed,
            update: (rights.updates && mends).then(|| format!("{path}/update{settings}")),
            edit: rights.updates.then(|| format!("{path}/edit{settings}")),
            delete: rights.deletes.then(|| format!("{path}/delete{settings}")),
            saved: href(kind, filter.is_board, view.id, &view.settings),
        }
    }
}

fn href(
    kind: &Kind,
    is_board: bool,
    id: ViewId,
    settings: &hallpass_domain::saved_view::ViewSettings,
) -> String {
    let filter = Filter::of_view(kind, id, settings).as_board(is_board);
    format!("{}{}", kind.path, filter.as_query())
}

fn tab(kind: &Kind, filter: &Filter, CheckedView { view, faults }: &CheckedView) -> Tab {
    Tab {
        label: view.name.to_string(),
        href: href(kind, filter.is_board, view.id, &view.settings),
        count: None,
        is_current: filter.saved == Some(view.id),
        is_shared: view.sharing.is_shared,
        is_broken: !faults.is_empty(),
    }
}

/// The parts of the list that the reader can see.
pub(crate) fn tabs(frame: &Frame, kind: &Kind, reach: &Reach, filter: &Filter) -> Vec<Tab> {
    if !reach.is_all && !reach.has_others {
        return Vec::new();
    }
    // From a saved view they lead to the whole list.
    let base = match filter.saved {
        Some(_) => Filter::default().as_board(filter.is_board),
        None => filter.clone(),
    };
    let tab = |label: &str, owner: &str, count: Option<i64>| Tab {
        label: label.to_owned(),
        href: format!("{}{}", kind.path, base.with_owner(owner).as_query()),
        count: count.map(|count| frame.number(count)),
        is_current: filter.saved.is_none() && filter.owner() == owner,
        ..Tab::default()
    };
    let mut tabs = vec![
        tab(&frame.t("records-tab-all"), "", reach.total),
        tab(&frame.t("records-tab-mine"), "me", reach.own),
    ];
    if reach.is_all || reach.unowned.is_some() {
        tabs.push(tab(&frame.t("records-tab-unassigned"), "unowned", reach.unowned));
    }
    tabs
}

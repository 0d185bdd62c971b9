//! The list of workspaces.

use askama::Template;
use axum::extract::State;
use data_encoding::HEXLOWER;
use hallpass_app::workspace::operator::{WorkspaceOverview, WorkspaceQuery};
use hallpass_domain::blueprint;
use hallpass_web::Web;

use super::gate::OperatorViewer;
use crate::form::Form;
use crate::format::Moment;
use crate::frame::Frame;
use crate::reply::{self, Shown};

/// The rows of a page.
const PAGE: usize = 25;

const PATH: &str = "/operator/workspaces";

/// The list of workspaces.
#[derive(Template)]
#[template(path = "operator/workspaces.html")]
pub(crate) struct WorkspacesPage {
    frame: Frame,
    search: String,
    status: String,
    /// The hash of the blueprint that the list is limited to.
    blueprint: String,
    /// The filters: label, path, whether it is on.
    chips: Vec<(String, String, bool)>,
    rows: Vec<WorkspaceRow>,
    first: Option<String>,
    next: Option<String>,
}

/// A workspace in the list.
#[derive(Clone, Debug)]
pub(crate) struct WorkspaceRow {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) blueprint: String,
    pub(super) members: String,
    pub(super) records: String,
    pub(super) plan: String,
    pub(super) created: Moment,
    /// When a deleted one is purged.
    pub(super) purge: Option<String>,
}

impl WorkspaceRow {
    pub(super) fn of(frame: &Frame, one: &WorkspaceOverview) -> WorkspaceRow {
        WorkspaceRow {
            slug: one.workspace.slug.to_string(),
            name: one.workspace.name.to_string(),
            blueprint: blueprint::name(&one.blueprint)
                .map_or_else(|| one.blueprint.clone(), str::to_owned),
            members: frame.number(one.members),
            records: frame.number(one.records),
            plan: one.plan_name.clone().unwrap_or_default(),
            created: frame.moment(one.workspace.created_at),
            purge: one.purge_at.map(|at| frame.moment(at).exact),
        }
    }

    #[cfg(test)]
    pub(super) fn sample() -> WorkspaceRow {
        WorkspaceRow {
            slug: "northwind".into(),
            name: "<script>".into(),
            blueprint: "standard".into(),
            members: "12".into(),
            records: "1,204".into(),
            plan: "Agency".into(),
            created: Moment::default(),
            purge: Some("1 March 2026".into()),
        }
    }
}

/// The path of a list with the filters that are set.
pub(super) fn href(path: &str, values: &[(&str, &str)]) -> String {
    let set: Vec<_> = values.iter().filter(|(_, value)| !value.is_empty()).copied().collect();
    if set.is_empty() { path.to_owned() } else { format!("{path}?{}", Form::query_of(&set)) }
}

impl WorkspacesPage {
    #[cfg(test)]
    pub(crate) fn sample() -> WorkspacesPage {
        WorkspacesPage {
            frame: Frame::sample(),
            search: "<script>".into(),
            status: "deleted".into(),
            blueprint: "00".into(),
            chips: vec![("All".into(), "#".into(), true)],
            rows: vec![WorkspaceRow::sample()],
            first: Some("#".into()),
            next: Some("#".into()),
        }
    }
}

pub(super) async fn show(State(web): State<Web>, viewer: OperatorViewer) -> Shown {
    let OperatorViewer { operator, mut frame, query, .. } = viewer;
    frame.expect(&query, "status", |word| ["active", "deleted"].contains(&word));
    let (search, status) = (query.text("q").to_owned(), query.text("status").to_owned());
    let blueprint = query.text("blueprint").to_owned();
    let filter = WorkspaceQuery {
        text: query.filled("q").map(str::to_owned),
        is_deleted: match status.as_str() {
            "active" => Some(false),
            "deleted" => Some(true),
            _ => None,
        },
        blueprint: HEXLOWER.decode(blueprint.as_bytes()).ok().filter(|hash| !hash.is_empty()),
        with_imports: false,
    };
    let after = query.filled("after");
    let workspaces = web.app.workspaces();
    let (found, has_more) = workspaces.list_as(&operator, &filter, after, PAGE).await?;
    let rows: Vec<WorkspaceRow> =
        found.iter().map(|one| WorkspaceRow::of(&frame, one)).collect();
    let link = |status: &str, after: &str| {
        let values = [
            ("q", search.as_str()),
            ("status", status),
            ("blueprint", blueprint.as_str()),
            ("after", after),
        ];
        href(PATH, &values)
    };
    let chip = |key: &str, value: &str| (frame.t(key), link(value, ""), status == value);
    let chips = vec![
        chip("operator-all", ""),
        chip("operator-active", "active"),
        chip("operator-deleted", "deleted"),
    ];
    let last = rows.last().filter(|_| has_more);
    let next = last.map(|last| link(&status, &last.slug));
    let first = after.map(|_| link(&status, ""));
    reply::page(&WorkspacesPage { frame, search, status, blueprint, chips, rows, first, next })
}

//! The matrix by resource: what each role grants on it.

use askama::Template;
use hallpass_engine::{Action, ResourceKind};

use super::head::{Group, Head, Link};
use crate::failure::Failure;
use crate::frame::Frame;
use crate::matrix::{Cell, Content, Part, Row};
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// The page of a resource.
#[derive(Template)]
#[template(path = "role/by_resource.html")]
pub(crate) struct ResourcePage {
    pub(crate) frame: Frame,
    pub(crate) head: Head,
    pub(crate) groups: Vec<Group>,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) part: Part,
}

impl ResourcePage {
    #[cfg(test)]
    pub(crate) fn sample() -> ResourcePage {
        let mut matrix = crate::matrix::Matrix::sample();
        ResourcePage {
            frame: Frame::sample(),
            head: Head::sample("resource"),
            groups: Vec::new(),
            name: "Contacts <script>".to_owned(),
            description: "<script>".to_owned(),
            part: matrix.parts.remove(0),
        }
    }
}

pub(crate) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let roles = ctx.roles().list().await?;
    let head = Head::of(&ctx, &frame, "resource", &roles);
    let path = format!("{}/settings/roles?by=resource&resource=", frame.base);
    let resources = ctx.policy().resources();
    let wanted = query.filled("resource");
    let chosen = match wanted {
        Some(key) => resources.iter().find(|known| known.key == key),
        None => resources.first(),
    };
    let chosen = chosen.ok_or_else(|| Failure::missing("resource"))?;
    let name = |key: &str, name: &str| {
        ctx.snapshot().record_type(key).map_or_else(|| name.to_owned(), |own| own.name)
    };
    let titles = [
        (ResourceKind::Records, "matrix-records"),
        (ResourceKind::Modules, "matrix-modules"),
        (ResourceKind::Settings, "matrix-settings"),
    ];
    let groups = titles.into_iter().map(|(kind, title)| Group {
        title: frame.t(title),
        roles: resources
            .iter()
            .filter(|known| known.kind == kind)
            .map(|known| Link {
                name: name(&known.key, &known.name),
                href: format!("{path}{}", known.key),
                members: String::new(),
                is_current: known.key == chosen.key,
                is_drifted: false,
            })
            .collect(),
    });
    let groups: Vec<Group> = groups.filter(|group| !group.roles.is_empty()).collect();
    let rows = roles.iter().map(|role| {
        let cell = |action: &Action| {
            let reach = role.matrix.get(&chosen.key).and_then(|row| row.get(&action.key));
            let content =
                Content { reach: reach.cloned().unwrap_or_default(), ..Content::default() };
            let field = String::new();
            Some(Cell::new(frame.text, chosen.scoped, (&role.name, action), field, content))
        };
        Row {
            name: role.name.clone(),
            second: role.holders.map(|n| frame.count("count-members", n)).unwrap_or_default(),
            href: Some(format!("{}/settings/roles/{}", frame.base, role.id)),
            is_off: false,
            cells: chosen.actions.iter().map(cell).collect(),
            more: Vec::new(),
        }
    });
    let part = Part {
        title: frame.t("role-role"),
        columns: chosen.actions.iter().map(|action| action.name.clone()).collect(),
        rows: rows.collect(),
    };
    let page = ResourcePage {
        name: name(&chosen.key, &chosen.name),
        description: chosen.description.clone(),
        head,
        groups,
        part,
        frame,
    };
    reply::page(&page)
}

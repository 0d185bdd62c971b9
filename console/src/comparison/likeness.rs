//! What would make the first side like the second: the editor with that choice, which previews it.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::preview::ActionTotal;
use hallpass_domain::member::Member;

use super::kind::Kind;
use super::side::Known;
use crate::frame::Frame;
use crate::team::Parts;

/// A change that makes the first side like the second.
#[derive(Clone, Debug, Default)]
pub(crate) struct Likeness {
    pub(crate) sentence: String,
    /// The editor with the change, which is not saved.
    pub(crate) href: String,
}

/// The change that makes the first side like the second, where the reader may make it.
pub(super) fn of(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    (before, after): (&Known, &Known),
    kind: Kind,
    totals: &[ActionTotal],
) -> Option<Likeness> {
    let href = match (kind, &before.member, &after.member) {
        (Kind::People, Some(before), Some(after)) => {
            let may_edit = ctx.members().offer(before, []).edit;
            may_edit.then(|| access_path(ctx, frame, before, after))?
        }
        (Kind::Roles | Kind::Profiles, None, None) => cells_path(before, after)?,
        _ => return None,
    };
    let gives = totals.iter().filter(|one| one.gaining > 0).count();
    let takes = totals.iter().filter(|one| one.losing > 0).count();
    let sentence = text!(
        frame.text,
        "compare-like",
        name = &before.side.name,
        other = &after.side.name,
        gives = gives,
        takes = takes
    );
    Some(Likeness { sentence, href })
}

/// The drawer of a member's access, filled in with that of another.
fn access_path(
    ctx: &WorkspaceContext,
    frame: &Frame,
    member: &Member,
    like: &Member,
) -> String {
    let (parts, access) = (Parts::of(ctx), &like.access);
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("role", &access.role);
    if parts.levels {
        let resources = ctx.policy().resources().iter().filter(|one| !one.ladder.is_empty());
        for resource in resources {
            let level = access.levels.iter().find(|(key, _)| *key == resource.key);
            let level = level.map_or("none", |(_, level)| level.as_str());
            query.append_pair(&format!("level.{}", resource.key), level);
        }
    }
    if parts.visibility {
        query.append_pair("visibility", access.visibility.scope().word());
    }
    if parts.department {
        let department = access.department.map(|id| id.to_string()).unwrap_or_default();
        query.append_pair("department", &department);
    }
    if parts.teams {
        query.append_pair("has", "teams");
        for team in &access.teams {
            query.append_pair("team", &team.to_string());
        }
    }
    let query = query.finish();
    format!("{}/settings/team/{}/access?{query}", frame.base, member.id)
}

/// The editor of a role or profile, with the cells of another.
fn cells_path(before: &Known, after: &Known) -> Option<String> {
    let (path, mine, theirs) =
        (before.editor.as_ref()?, before.cells.as_ref()?, after.cells.as_ref()?);
    let mut query = form_urlencoded::Serializer::new(String::new());
    let of = |cells: &crate::draft::Cells, row: &str, action: &str| {
        let found = cells.get(row).and_then(|row| row.get(action));
        found.map_or_else(|| "none".to_owned(), String::clone)
    };
    let mut keys: Vec<(&String, &String)> = [mine, theirs]
        .into_iter()
        .flatten()
        .flat_map(|(row, cells)| cells.keys().map(move |action| (row, action)))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    for (row, action) in keys {
        let (was, is) = (of(mine, row, action), of(theirs, row, action));
        if was != is {
            query.append_pair(&format!("cell.{row}.{action}"), &is);
        }
    }
    let query = query.finish();
    (!query.is_empty()).then(|| format!("{path}?{query}"))
}

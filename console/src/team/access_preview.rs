//! Previews of changes of access: what people gain and lose, in words.

use std::collections::BTreeMap;

use hallpass_app::context::WorkspaceContext;
use hallpass_app::preview::{ActionPreview, MemberPreview, Preview};
use hallpass_domain::id::MemberId;
use hallpass_engine::ResourceKind;

use crate::frame::Frame;

/// The entries that a line names at most.
const NAMED: usize = 6;

/// What a change would do.
#[derive(Clone, Debug, Default)]
pub(crate) struct AccessPreview {
    /// What the person can do in addition.
    pub(crate) gains: Vec<Line>,
    /// What the person can do no longer.
    pub(crate) losses: Vec<Line>,
    /// What the navigation shows afterwards.
    pub(crate) sidebar: String,
    /// Who else gains or loses.
    pub(crate) others: Option<String>,
    /// What stops working.
    pub(crate) stops: Vec<String>,
    /// Said when nothing changes.
    pub(crate) nothing: Option<String>,
    /// Why the change would be refused.
    pub(crate) problem: Option<String>,
}

/// What changes on a resource.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) actions: String,
    pub(crate) resource: String,
    /// On how many records, of those that the viewer may read.
    pub(crate) records: Option<String>,
}

impl AccessPreview {
    /// A change that would be refused.
    pub(crate) fn refused(problem: String) -> AccessPreview {
        AccessPreview { problem: Some(problem), ..AccessPreview::default() }
    }

    /// No change.
    pub(crate) fn nothing(frame: &Frame) -> AccessPreview {
        AccessPreview { nothing: Some(frame.t("access-nothing")), ..AccessPreview::default() }
    }

    /// The effect of a change of a member; of several people, that on the first.
    pub(crate) fn of(
        ctx: &WorkspaceContext,
        frame: &Frame,
        preview: &Preview,
        member: Option<MemberId>,
    ) -> AccessPreview {
        let is_meant = |one: &&MemberPreview| member.is_none_or(|id| one.member == id);
        let person = preview.members.iter().find(is_meant);
        let changes = person.map(|one| one.changes.as_slice()).unwrap_or_default();
        let total = preview.total.unwrap_or(preview.members.len());
        let others = total - usize::from(person.is_some());
        let is_one = member.is_some() || others == 0;
        let others =
            (others > 0 && is_one).then(|| text!(frame.text, "access-others", count = others));
        let mut stops = Vec::new();
        let keys = preview.api_keys.as_ref().map_or(0, Vec::len);
        if keys > 0 {
            stops.push(text!(frame.text, "access-stops-keys", count = keys));
        }
        let invitations = preview.invitations.as_ref().map_or(0, Vec::len);
        if invitations > 0 {
            stops.push(text!(frame.text, "access-stops-invitations", count = invitations));
        }
        let is_nothing = changes.is_empty() && others.is_none() && stops.is_empty();
        AccessPreview {
            gains: lines(ctx, frame, changes, |one| one.gains, |one| one.records_gained),
            losses: lines(ctx, frame, changes, |one| one.loses, |one| one.records_lost),
            sidebar: person.map(|one| sidebar(ctx, frame, one)).unwrap_or_default(),
            others,
            stops,
            nothing: is_nothing.then(|| frame.t("access-same")),
            problem: None,
        }
    }
}

/// The changed actions by resource, in the order of the navigation.
fn lines(
    ctx: &WorkspaceContext,
    frame: &Frame,
    changes: &[ActionPreview],
    is_meant: impl Fn(&ActionPreview) -> bool,
    records: impl Fn(&ActionPreview) -> Option<i64>,
) -> Vec<Line> {
    let mut by_resource: BTreeMap<&str, Vec<&ActionPreview>> = BTreeMap::new();
    for change in changes.iter().filter(|one| is_meant(one)) {
        by_resource.entry(&change.resource).or_default().push(change);
    }
    let mut lines = Vec::new();
    for resource in ctx.policy().resources() {
        let Some(changes) = by_resource.get(resource.key.as_str()) else { continue };
        let name = |change: &&ActionPreview| {
            let action =
                resource.action(&change.action).and_then(|at| resource.actions.get(at));
            action.map_or_else(|| change.action.clone(), |action| action.name.to_lowercase())
        };
        let most = changes.iter().filter_map(|change| records(change)).max();
        let most = most.filter(|count| *count > 0);
        lines.push(Line {
            actions: changes.iter().map(name).collect::<Vec<_>>().join(", "),
            resource: resource.name.clone(),
            records: most.map(|count| text!(frame.text, "access-records", count = count)),
        });
    }
    lines
}

/// What the navigation shows after the change: "5 of 10: Inbox, Contacts, …".
fn sidebar(ctx: &WorkspaceContext, frame: &Frame, person: &MemberPreview) -> String {
    let before = ctx.snapshot().navigation(person.member);
    let resources = ctx
        .policy()
        .resources()
        .iter()
        .filter(|one| one.kind != ResourceKind::Settings && ctx.snapshot().is_on(&one.key));
    let resources: Vec<_> = resources.collect();
    let is_shown = |key: &String| {
        person.shown.contains(key) || (before.contains(key) && !person.hidden.contains(key))
    };
    let after: Vec<&str> = resources
        .iter()
        .filter(|one| is_shown(&one.key))
        .map(|one| one.name.as_str())
        .collect();
    let rest = if after.len() > NAMED { ", …" } else { "" };
    let named: Vec<&str> = after.iter().copied().take(NAMED).collect();
    if after.is_empty() {
        return frame.t("access-sidebar-empty");
    }
    text!(
        frame.text,
        "access-sidebar",
        count = after.len(),
        total = resources.len(),
        names = format!("{}{rest}", named.join(", "))
    )
}

#[cfg(test)]
impl AccessPreview {
    pub(crate) fn sample() -> AccessPreview {
        let line = |actions: &str| Line {
            actions: actions.to_owned(),
            resource: "Inbox <script>".to_owned(),
            records: Some("1,204 records".to_owned()),
        };
        AccessPreview {
            gains: vec![line("reply, assign")],
            losses: vec![line("edit")],
            sidebar: "The sidebar shows 5 of 10.".to_owned(),
            others: Some("2 others change.".to_owned()),
            stops: vec!["An API key stops working.".to_owned()],
            nothing: None,
            problem: Some("You cannot give more than you have.".to_owned()),
        }
    }
}

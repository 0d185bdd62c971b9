//! The choice of a side: a search, and what matches, as a dialog over the page.

use hallpass_app::audit::AuditQuery;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::member::list::{MemberFilter, MemberOrder};
use hallpass_domain::audit::Outcome;
use hallpass_domain::audit::undo::UNDONE;
use hallpass_domain::member::Status;

use super::kind::Kind;
use super::side::{NOW, TEMPLATE, entry_texts};
use crate::failure::Failure;
use crate::frame::{Frame, Person};

/// What a choice lists at most.
const LISTED: usize = 9;

/// The entries of the audit log in which a choice searches.
const SEARCHED: usize = 500;

/// The choice of a side.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choice {
    pub(crate) title: String,
    pub(crate) search: String,
    /// The fields that the search keeps.
    pub(crate) kept: Vec<(&'static str, String)>,
    /// The page of the choice.
    pub(crate) path: String,
    /// The page behind it.
    pub(crate) back: String,
    pub(crate) found: Vec<Found>,
    pub(crate) has_more: bool,
}

/// Something to choose.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) value: String,
    pub(crate) name: String,
    pub(crate) second: String,
    pub(crate) person: Option<Person>,
    pub(crate) href: String,
}

impl Choice {
    #[cfg(test)]
    pub(crate) fn sample() -> Choice {
        Choice {
            title: "Choose the first member".to_owned(),
            search: "<script>".to_owned(),
            kept: vec![("by", "people".to_owned())],
            path: "#".to_owned(),
            back: "#".to_owned(),
            found: vec![Found {
                name: "Ben <script>".to_owned(),
                person: Some(Person::new(&1, "Ben <script>")),
                ..Found::default()
            }],
            has_more: true,
        }
    }
}

/// Finds what a side of a kind may be, and whether there is more.
pub(super) async fn find(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    (kind, is_first): (Kind, bool),
    search: &str,
) -> Result<(Vec<Found>, bool), Failure> {
    let all = match kind {
        Kind::People => return members(ctx, search).await,
        Kind::Given if !is_first => return members(ctx, search).await,
        Kind::Roles | Kind::Given => roles(ctx, frame, false).await?,
        Kind::Created => roles(ctx, frame, true).await?,
        Kind::Profiles => profiles(ctx, frame).await?,
        Kind::Moments => moments(ctx, frame, is_first).await?,
    };
    let search = search.to_lowercase();
    let matches = |one: &Found| {
        let text = format!("{} {}", one.name, one.second).to_lowercase();
        search.split_whitespace().all(|word| text.contains(word))
    };
    let mut found: Vec<Found> = all.into_iter().filter(matches).collect();
    let has_more = found.len() > LISTED;
    found.truncate(LISTED);
    Ok((found, has_more))
}

async fn members(
    ctx: &mut WorkspaceContext,
    search: &str,
) -> Result<(Vec<Found>, bool), Failure> {
    let filter = MemberFilter {
        text: (!search.is_empty()).then(|| search.to_owned()),
        status: Some(Status::Active),
        ..MemberFilter::default()
    };
    let page = ctx.members().list(&filter, MemberOrder::Name, None, LISTED).await?;
    let found = page.members.iter().map(|(member, _)| Found {
        value: member.id.to_string(),
        name: member.name(),
        second: format!("{} · {}", ctx.snapshot().role_name(&member.access.role), member.email),
        person: Some(Person::new(&member.id, &member.name())),
        href: String::new(),
    });
    Ok((found.collect(), page.next.is_some()))
}

async fn roles(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    only_own: bool,
) -> Result<Vec<Found>, Failure> {
    let roles = ctx.roles().list().await?.into_iter();
    let shown = roles.filter(|role| !only_own || !role.is_built_in);
    let found = shown.map(|role| {
        let kind = frame.t(if role.is_built_in { "role-built-in" } else { "role-own" });
        let members = role.holders.map(|n| frame.count("count-members", n));
        let second: Vec<String> = std::iter::once(kind).chain(members).collect();
        Found {
            value: role.id,
            name: role.name,
            second: second.join(" · "),
            ..Found::default()
        }
    });
    Ok(found.collect())
}

async fn profiles(ctx: &mut WorkspaceContext, frame: &Frame) -> Result<Vec<Found>, Failure> {
    let profiles = ctx.profiles().list().await?;
    let own = profiles.iter().map(|one| Found {
        value: one.profile.id.to_string(),
        name: one.profile.name.to_string(),
        second: one.profile.description.clone(),
        ..Found::default()
    });
    let with_template = profiles.iter().filter(|one| one.changes.is_some());
    let templates = with_template.map(|one| Found {
        value: format!("{TEMPLATE}{}", one.profile.id),
        name: text!(frame.text, "compare-template", name = one.profile.name.as_str()),
        second: frame.t("compare-template-second"),
        ..Found::default()
    });
    Ok(own.chain(templates).collect())
}

/// The entries of the audit log that changed what members may do, the latest first.
async fn moments(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    is_first: bool,
) -> Result<Vec<Found>, Failure> {
    let query = AuditQuery { outcome: Some(Outcome::Done), ..AuditQuery::default() };
    let entries = ctx.audit().list(&query.into(), None, SEARCHED).await?.entries;
    let now = (!is_first).then(|| Found {
        value: NOW.to_owned(),
        name: frame.t("compare-now"),
        second: frame.workspace.clone(),
        ..Found::default()
    });
    let entries = entries.iter().filter(|entry| UNDONE.contains(&entry.action.as_str()));
    let found = entries.map(|entry| {
        let (name, second) = entry_texts(ctx, frame, entry);
        Found { value: entry.id.to_string(), name, second, ..Found::default() }
    });
    Ok(now.into_iter().chain(found).collect())
}

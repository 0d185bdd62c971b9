//! The members of a choice: the first that match, so that a page never loads all.

use hallpass_app::Error;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::member::list::{MemberFilter, MemberOrder};
use hallpass_app::naming::RoleRef;
use hallpass_domain::id::MemberId;
use hallpass_domain::member::{Member, Status};
use hallpass_domain::text::sort_key;

use crate::failure::Failure;

/// Finds the first active members by name and, with a text, by what it is part of: ids and names, and whether there are
/// more. Two with the same name are told apart by their addresses, which readers who may only choose do not see.
pub(crate) async fn find(
    ctx: &mut WorkspaceContext,
    text: Option<&str>,
    limit: usize,
) -> Result<(Vec<(String, String)>, bool), Failure> {
    if !ctx.members().may_only_choose() {
        return Ok(first(holders(ctx, None, text, limit).await?, limit));
    }
    let found = ctx.members().list_choices(text.map(str::to_owned), None, limit).await?;
    let named = found.members.iter().map(|member| (member.id.to_string(), member.name()));
    Ok((named.collect(), found.next.is_some()))
}

/// Finds those of them whose role manages other members.
pub(crate) async fn find_managers(
    ctx: &mut WorkspaceContext,
    text: Option<&str>,
    limit: usize,
) -> Result<(Vec<(String, String)>, bool), Failure> {
    let roles = ctx.roles().list().await?;
    let blueprint = ctx.model().blueprint();
    let custom = blueprint.custom_roles.as_ref().is_some_and(|rules| rules.manages);
    let manages = |id: &&str| blueprint.role(id).map_or(custom, |known| known.manages);
    let managing = roles.iter().map(|role| role.id.as_str()).filter(manages);
    let managing: Vec<RoleRef> = managing.map(RoleRef::from).collect();
    let mut found = Vec::new();
    for role in managing {
        found.extend(holders(ctx, Some(role), text, limit).await?);
    }
    found.sort_by_cached_key(|member| sort_key(&member.name()));
    Ok(first(found, limit))
}

/// The name of a member; none where there is no such member.
pub(crate) async fn find_name(
    ctx: &mut WorkspaceContext,
    id: &str,
) -> Result<Option<String>, Failure> {
    let Ok(id) = id.parse::<MemberId>() else { return Ok(None) };
    if ctx.members().may_only_choose() {
        return Ok(ctx.members().find_known(id).await?.map(|known| known.name));
    }
    match ctx.members().load(id).await {
        Ok(found) => Ok(Some(found.member.name())),
        Err(Error::Missing { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The active members of a role, or of all, whom a text finds: one more than the limit, if there are so many.
async fn holders(
    ctx: &mut WorkspaceContext,
    role: Option<RoleRef>,
    text: Option<&str>,
    limit: usize,
) -> Result<Vec<Member>, Failure> {
    let filter = MemberFilter {
        text: text.map(str::to_owned),
        role,
        status: Some(Status::Active),
        ..MemberFilter::default()
    };
    let page = ctx.members().list(&filter, MemberOrder::Name, None, limit + 1).await?;
    Ok(page.members.into_iter().map(|(member, _)| member).collect())
}

/// The ids and names of the first members, and whether there are more.
fn first(mut found: Vec<Member>, limit: usize) -> (Vec<(String, String)>, bool) {
    let has_more = found.len() > limit;
    found.truncate(limit);
    let names: Vec<String> = found.iter().map(Member::name).collect();
    let named = |member: &Member| {
        let name = member.name();
        let is_shared = names.iter().filter(|known| **known == name).count() > 1;
        let name = if is_shared && !member.email.is_empty() {
            format!("{name} ({})", member.email)
        } else {
            name
        };
        (member.id.to_string(), name)
    };
    (found.iter().map(named).collect(), has_more)
}

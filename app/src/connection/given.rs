//! What the groups of a provider have given a member, and would not follow them any more.

use hallpass_domain::connection::group::Assignment;
use hallpass_domain::id::{AccountId, ConnectionId};
use hallpass_domain::refusal::Refusal;

use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::{Pass, Permission};

/// Checks that a member has nothing by the groups of a connection, or of any. While they have, they
/// neither disconnect nor connect another identity, at which they would keep it without the groups.
pub(crate) async fn check_nothing_given(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    connection: Option<ConnectionId>,
    account: AccountId,
) -> Result<(), Error> {
    let member = ctx.read(pass)?.members().find_by_account(account).await?;
    let Some(member) = member else { return Ok(()) };
    let given = ctx.read(pass)?.identities().list_given(account).await?;
    let access = &member.access;
    let has = |given: &Assignment| {
        given.role.as_ref() == Some(&access.role)
            || given.levels.as_ref().is_some_and(|levels| {
                !levels.is_empty() && levels.iter().all(|one| access.levels.contains(one))
            })
            || given.teams.iter().any(|team| access.teams.contains(team))
    };
    let is_meant = |at: ConnectionId| connection.is_none_or(|connection| connection == at);
    if given.iter().any(|(at, given)| is_meant(*at) && has(given)) {
        let by =
            "your role, levels or teams, which follow your groups at the provider; ask an \
                  administrator to give them to you"
                .to_owned();
        return Err(Refusal::InUse { noun: "connection", by }.into());
    }
    Ok(())
}

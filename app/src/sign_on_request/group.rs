//! What the groups of a person who arrives give them, and take from them.

use hallpass_domain::connection::Connection;
use hallpass_domain::connection::group::{Assignment, Following};
use hallpass_domain::id::{AccountId, MemberId};
use hallpass_domain::member::{Member, Status};
use hallpass_domain::model::guard;
use hallpass_domain::refusal::Refusal;
use hallpass_store::identity::IdentityKey;

use crate::connection::group::{Authors, gives_roles};
use crate::connection::matched::Matched;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::Pass;
use crate::gate::permission::Credential;
use crate::identity::Person;
use crate::member::{audit_view, end_by_provider};

/// The groups of a person, at a connection with a mapping.
pub(super) struct ArrivingGroups {
    matched: Matched,
    /// What the mapping gave them before.
    before: Assignment,
}

impl ArrivingGroups {
    /// Finds what the groups of a person give; none without a mapping, or where the access model gives
    /// no roles by groups.
    pub(super) async fn find(
        ctx: &mut WorkspaceContext,
        pass: &Pass<Credential>,
        connection: &Connection,
        (key, person): (IdentityKey<'_>, &Person),
    ) -> Result<Option<ArrivingGroups>, Error> {
        let mapping = &connection.groups;
        if mapping.rules.is_empty() || !gives_roles(ctx) {
            return Ok(None);
        }
        let before = ctx.read(pass)?.identities().find_given(key).await?;
        let groups = person.groups(&mapping.claim);
        let authors = Authors::of(ctx, pass, mapping.matching(groups)).await?;
        let matched = Matched::of(ctx, mapping, groups, &before, &authors);
        Ok(Some(ArrivingGroups { matched, before }))
    }

    /// Whether they give a role, by a rule that is in force.
    pub(super) fn give_role(&self) -> bool {
        self.matched.author().is_some()
    }

    /// Whether the mapping has given them anything before.
    pub(super) fn has_given(&self) -> bool {
        self.before != Assignment::default()
    }

    /// What they give.
    pub(super) fn into_assignment(self) -> Assignment {
        self.matched.assignment
    }

    /// Whether the role of a member follows the groups, and they give none any more.
    pub(super) fn is_ended(&self, member: &Member) -> bool {
        self.matched.assignment.follow(&self.before, &member.access) == Following::Ends
    }

    /// The role with which they join, and the author of the rule that gives it. From then on, it
    /// follows the groups.
    pub(super) fn join(&mut self) -> Option<(String, MemberId)> {
        let author = self.matched.author()?;
        let role = self.matched.assignment.role.clone()?;
        self.before = Assignment { role: Some(role.clone()), ..Assignment::default() };
        Some((role, author))
    }

    /// Changes the member as the groups say. Returns what they have given.
    pub(super) async fn settle(
        &self,
        ctx: &mut WorkspaceContext,
        pass: &Pass<Credential>,
        account: AccountId,
    ) -> Result<Assignment, Error> {
        let member = ctx.read(pass)?.members().find_by_account(account).await?;
        let Some(member) = member.filter(|member| member.status == Status::Active) else {
            return Ok(Assignment::default());
        };
        let Following::Goes { change, given } =
            self.matched.assignment.follow(&self.before, &member.access)
        else {
            return Err(Error::broken("a membership that its groups have ended"));
        };
        let after = self.matched.follow(ctx, &member, &change);
        if after != member {
            let by = self.matched.author();
            let after = after.changed_by(&member, by, ctx.now);
            if !ctx.tx(pass)?.members().update(&after).await? {
                return Err(Refusal::Stale.into());
            }
            let (was, is) = (audit_view(&member), audit_view(&after));
            ctx.record_audit(pass, "member.update", member.id, &was, &is).await?;
            return Ok(kept(given, &after));
        }
        Ok(kept(given, &member))
    }
}

/// What was given and not refused by a guard.
fn kept(given: Assignment, member: &Member) -> Assignment {
    let access = &member.access;
    Assignment {
        role: given.role.map(|_| access.role.clone()),
        levels: given.levels.filter(|levels| {
            let mut present = access.levels.clone();
            present.sort_unstable();
            *levels == present
        }),
        teams: given.teams.into_iter().filter(|team| access.teams.contains(team)).collect(),
    }
}

/// Ends the membership of a person whom their groups no longer let in. A billing contact stays in some
/// access models: they are not let in either, and what the groups gave stays theirs.
pub(super) async fn end_membership(
    ctx: &mut WorkspaceContext,
    pass: &Pass<Credential>,
    account: AccountId,
) -> Result<(), Error> {
    let member = ctx.read(pass)?.members().find_by_account(account).await?;
    let Some(member) = member else { return Ok(()) };
    if guard::stays_as_contact(ctx.model(), &member) {
        return Ok(());
    }
    end_by_provider(ctx, pass, &member).await?;
    Ok(ctx.tx(pass)?.identities().clear_given(account).await?)
}

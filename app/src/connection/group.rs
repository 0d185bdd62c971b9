//! The rules of a mapping of groups: what each may give.
//!
//! **Invariant:** a rule gives at most what its author may give, when it is written and whenever it
//! gives something; who changes the provider becomes the author of its rules.

use std::collections::HashSet;

use hallpass_domain::connection::group::{GivenLevels, GroupMapping, GroupRule};
use hallpass_domain::connection::{Connection, Provider};
use hallpass_domain::id::MemberId;
use hallpass_domain::member::{MemberAccess, MemberAccessChange};
use hallpass_domain::model::Grantor;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::setting::Area;
use hallpass_engine::SingleSignOn;
use serde_json::json;

use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::Invite;
use crate::gate::{Pass, Permission};
use crate::invitation::outdated::may_invite;
use crate::member::access::{check_grantable, check_preset, check_teams};

/// Why a rule gives nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleLapse {
    /// Its author is no longer an active member, or may no longer give it.
    Author,
    /// Its role, its levels or one of its teams do not exist any more.
    Contents,
}

impl RuleLapse {
    /// The word in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            RuleLapse::Author => "author",
            RuleLapse::Contents => "contents",
        }
    }
}

/// The authors of some rules whose account may sign in: what another promised counts no more.
pub(crate) struct Authors(HashSet<MemberId>);

impl Authors {
    /// Finds the authors of rules.
    pub(crate) async fn of<'r>(
        ctx: &mut WorkspaceContext,
        pass: &Pass<impl Permission>,
        rules: impl IntoIterator<Item = &'r GroupRule>,
    ) -> Result<Authors, Error> {
        let mut authors: Vec<MemberId> = rules.into_iter().map(|rule| rule.author).collect();
        authors.sort_unstable();
        authors.dedup();
        Ok(Authors(ctx.read(pass)?.members().list_who_may_sign_in(&authors).await?))
    }

    /// Why a rule gives nothing now.
    pub(crate) fn lapse(&self, ctx: &WorkspaceContext, rule: &GroupRule) -> Option<RuleLapse> {
        let model = ctx.model();
        let is_there = rule.role.as_ref().is_none_or(|role| model.has_role(role))
            && rule.teams.iter().all(|team| model.team(*team).is_some())
            && rule.levels.as_ref().is_none_or(|levels| has_levels(ctx, levels));
        let Some(access) = access_of(ctx, rule).ok().filter(|_| is_there) else {
            return Some(RuleLapse::Contents);
        };
        let may = self.0.contains(&rule.author)
            && may_invite(ctx, rule.author, &rule.teams)
            && check_grantable(ctx, Grantor::Member(rule.author), &access).is_ok();
        (!may).then_some(RuleLapse::Author)
    }
}

/// Whether the workspace lets people join whom a provider identifies, without an invitation.
pub(crate) fn lets_all_join(ctx: &WorkspaceContext) -> bool {
    let values = ctx.snapshot().workspace.settings.get(Area::Authentication.word());
    values.and_then(|values| values.get("allow_sso_sign_up")) == Some(&json!(true))
}

/// Whether the groups of providers can give roles in the access model.
#[must_use]
pub fn gives_roles(ctx: &WorkspaceContext) -> bool {
    ctx.model().blueprint().membership.single_sign_on == SingleSignOn::Groups
}

pub(crate) fn check_applies(
    ctx: &WorkspaceContext,
    provider: &Provider,
) -> Result<(), Refusal> {
    if !gives_roles(ctx) {
        let detail = "in the access model of this workspace, single sign-on gives no roles";
        return Err(Refusal::field("", "no_such_layer", detail));
    }
    if !provider.sends_groups() {
        let detail =
            "Google Workspace sends no groups when a person signs in; connect it by SAML";
        return Err(Refusal::field("", "no_groups", detail));
    }
    Ok(())
}

/// Whether the access model has levels.
fn has_levels(ctx: &WorkspaceContext, levels: &GivenLevels) -> bool {
    let resources = ctx.policy().resources();
    let is_known = |(key, level): &(String, String)| {
        let known = resources.iter().find(|known| known.key == *key);
        known.is_some_and(|known| known.level(level).is_some())
    };
    let found = levels.resolve(ctx.model().blueprint());
    found.is_some_and(|levels| levels.iter().all(is_known))
}

/// Checks that the caller may give what the rules give that are not in force already. The first rule
/// with a role counts, and the first with levels: one that other rules no longer come before gives more
/// than it did.
pub(crate) async fn take_over(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    present: &[GroupRule],
    rules: Vec<GroupRule>,
) -> Result<Vec<GroupRule>, Error> {
    let authors = Authors::of(ctx, pass, present).await?;
    let mut checked = Vec::with_capacity(rules.len());
    for rule in rules {
        let at = present.iter().position(|known| known.says_the_same(&rule));
        let known = at.and_then(|at| Some((present.get(at)?, present.get(..at)?)));
        let is_before = |known: &GroupRule, earlier: &GroupRule| {
            let hides = (known.role.is_some() && earlier.role.is_some())
                || (known.levels.is_some() && earlier.levels.is_some());
            !hides || checked.iter().any(|now: &GroupRule| now.says_the_same(earlier))
        };
        let in_force = known.filter(|(known, earlier)| {
            authors.lapse(ctx, known).is_none()
                && earlier.iter().all(|earlier| is_before(known, earlier))
        });
        if let Some((known, _)) = in_force {
            checked.push(known.clone());
            continue;
        }
        check_rule(ctx, &rule).await?;
        checked.push(rule);
    }
    Ok(checked)
}

/// Checks that the caller may trust another provider with a mapping, and makes them its author.
pub(crate) async fn adopt(
    ctx: &mut WorkspaceContext,
    connection: Connection,
) -> Result<Connection, Error> {
    if connection.groups.rules.is_empty() {
        return Ok(connection);
    }
    let author = ctx.member_id().ok_or(Error::NotSignedIn)?;
    let mut rules = Vec::new();
    for rule in connection.groups.rules {
        let rule = GroupRule { author, ..rule };
        check_rule(ctx, &rule).await?;
        rules.push(rule);
    }
    Ok(Connection { groups: GroupMapping { rules, ..connection.groups }, ..connection })
}

async fn check_rule(ctx: &mut WorkspaceContext, rule: &GroupRule) -> Result<(), Error> {
    let top = ctx.model().blueprint().top_role().map(|role| role.key.as_str());
    if rule.role.is_some() && rule.role.as_deref() == top {
        let role = ctx.snapshot().role_name(top.unwrap_or_default());
        let detail = format!("the group `{}`: groups cannot give the role {role}", rule.group);
        return Err(Refusal::field("/rules", "top_role", detail).into());
    }
    ctx.check(Invite).await?;
    check_teams(ctx, &[], &rule.teams).await?;
    let access = access_of(ctx, rule)?;
    check_preset(ctx, &access, &change_of(rule))?;
    Ok(check_grantable(ctx, ctx.grantor(), &access)?)
}

/// What a rule gives beside a role.
fn change_of(rule: &GroupRule) -> MemberAccessChange {
    let (preset, levels) = match &rule.levels {
        Some(GivenLevels::Preset(key)) => (Some(key.clone()), None),
        Some(GivenLevels::Own(levels)) => (None, Some(levels.clone())),
        None => (None, None),
    };
    MemberAccessChange {
        preset,
        levels,
        teams: Some(rule.teams.clone()).filter(|teams| !teams.is_empty()),
        ..MemberAccessChange::default()
    }
}

/// The access of a new member to whom a rule gives its part.
fn access_of(ctx: &WorkspaceContext, rule: &GroupRule) -> Result<MemberAccess, Refusal> {
    let blueprint = ctx.model().blueprint();
    let role = rule.role.as_ref().or(blueprint.membership.invitation.start_role.as_ref());
    let role = role.map(String::as_str).unwrap_or_default();
    MemberAccess::new(blueprint, role).change(blueprint, &change_of(rule))
}

//! The mapping of a connection: which roles and teams the groups of its provider give.
//!
//! **Invariant:** a rule gives at most what its author may give, when it is written and whenever it
//! gives something; who changes the provider becomes the author of its rules.

use std::collections::HashMap;

use hallpass_domain::connection::group::{
    Assignment, Following, GroupMapping, GroupRule, MOST_RULES, MOST_TEAMS,
};
use hallpass_domain::connection::{Connection, Provider};
use hallpass_domain::id::{AccountId, ConnectionId, MemberId, TeamId};
use hallpass_domain::member::{Member, MemberAccess, MemberAccessChange, Status};
use hallpass_domain::model::{ChangeKind, Grantor, guard};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::setting::Area;
use hallpass_engine::{Change, SingleSignOn};
use serde_json::json;

use super::{audit_view, check_person, load};
use crate::boxed;
use crate::connection::Connections;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{Invite, ReadAuthentication, UpdateAuthentication};
use crate::gate::{Pass, Permission};
use crate::invitation::outdated::may_invite;
use crate::member::access::{check_grantable, check_teams};
use crate::naming::{self, RoleRef, TeamRef};
use crate::principal::Principal;

/// A rule, as a request names it.
#[derive(Clone, Debug)]
pub struct GroupRuleInput {
    /// The group, as the provider sends it.
    pub group: String,
    /// The role that it gives.
    pub role: Option<RoleRef>,
    /// The teams that it gives.
    pub teams: Vec<TeamRef>,
}

/// A mapping, as a request names it.
#[derive(Clone, Debug)]
pub struct GroupMappingInput {
    /// The claim, or the attribute, that has the groups.
    pub claim: String,
    /// The rules, in order.
    pub rules: Vec<GroupRuleInput>,
}

/// The mapping of a connection.
#[derive(Clone, Debug)]
pub struct GroupMappingOverview {
    /// The connection, with the mapping in it.
    pub connection: Connection,
    /// What is to be known about each rule.
    pub notes: Vec<RuleNote>,
}

/// What is to be known about a rule, beside what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleNote {
    /// The name of its author; none for a caller who may not know it.
    pub author: Option<String>,
    /// Why it gives nothing now; none for a rule in force.
    pub lapse: Option<RuleLapse>,
}

/// Why a rule gives nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleLapse {
    /// Its author is no longer an active member, or may no longer give it.
    Author,
    /// Its role or one of its teams does not exist any more.
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

impl Connections<'_> {
    /// Loads the mapping of a connection.
    #[boxed]
    pub async fn load_groups(
        &mut self,
        id: ConnectionId,
    ) -> Result<GroupMappingOverview, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadAuthentication).await?;
        let connection = load(ctx, &pass, id).await?;
        overview(ctx, &pass, connection).await
    }

    /// Replaces the mapping of a connection. It takes effect at the next sign-in of each person; a
    /// preview shows what it would give those whose groups are known from their last one. Rules that
    /// stay as they are keep their author, unless they have lapsed.
    ///
    /// # Errors
    ///
    /// `Fields`; those of an invitation that gives the same.
    #[boxed]
    pub async fn set_groups(
        &mut self,
        principal: &Principal,
        id: ConnectionId,
        input: &GroupMappingInput,
    ) -> Result<GroupMappingOverview, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(UpdateAuthentication).await?;
        check_person(ctx, principal).await?;
        let before = load(ctx, &pass, id).await?;
        ctx.check_version(before.version)?;
        check_applies(ctx, &before.provider)?;
        let groups = resolve(ctx, &pass, input).await?;
        groups.check()?;
        // Another claim is another thing to trust.
        let is_same_claim = groups.claim == before.groups.claim;
        let present = if is_same_claim { before.groups.rules.as_slice() } else { &[] };
        let rules = take_over(ctx, present, groups.rules).await?;
        let after = Connection { groups: GroupMapping { rules, ..groups }, ..before.clone() };
        foresee(ctx, &pass, &after).await?;
        let tx = ctx.tx(&pass)?;
        if !tx.connections().update(&after).await? {
            return Err(Refusal::Stale.into());
        }
        let (was, is) = (audit_view(&before), audit_view(&after));
        ctx.record_audit(&pass, "connection.update", id, &was, &is).await?;
        let after = Connection { version: after.version + 1, ..after };
        let overview = overview(ctx, &pass, after).await?;
        ctx.commit(&pass).await?;
        Ok(overview)
    }
}

async fn overview(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    connection: Connection,
) -> Result<GroupMappingOverview, Error> {
    let rules = &connection.groups.rules;
    ctx.look_up_names(pass, rules.iter().map(|rule| rule.author)).await?;
    let note = |rule: &GroupRule| RuleNote {
        author: ctx.known_name(rule.author).map(str::to_owned),
        lapse: lapse(ctx, rule),
    };
    let notes = rules.iter().map(note).collect();
    Ok(GroupMappingOverview { connection, notes })
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

fn check_applies(ctx: &WorkspaceContext, provider: &Provider) -> Result<(), Refusal> {
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

/// Finds what the rules name. Their author is the caller.
async fn resolve(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    input: &GroupMappingInput,
) -> Result<GroupMapping, Error> {
    // Before anything is looked up.
    if input.rules.len() > MOST_RULES
        || input.rules.iter().any(|rule| rule.teams.len() > MOST_TEAMS)
    {
        let detail =
            format!("expected at most {MOST_RULES} rules, and {MOST_TEAMS} teams in each");
        return Err(Refusal::field("/rules", "too_many", detail).into());
    }
    let author = ctx.member_id().ok_or(Error::NotSignedIn)?;
    let named: Vec<TeamRef> =
        input.rules.iter().flat_map(|rule| &rule.teams).cloned().collect();
    let mut found = naming::teams(ctx, pass, &named).await?.into_iter();
    let (mut errors, mut rules) = (Vec::new(), Vec::new());
    for (at, rule) in input.rules.iter().enumerate() {
        let mut teams: Vec<TeamId> = Vec::new();
        for (index, team) in found.by_ref().take(rule.teams.len()).enumerate() {
            match team {
                Ok(team) => teams.push(team),
                Err(unresolved) => {
                    errors.push(unresolved.field(format!("/rules/{at}/teams/{index}")));
                }
            }
        }
        teams.sort_unstable();
        teams.dedup();
        let role = match rule.role.as_ref().map(|role| naming::role(ctx, pass, role)) {
            Some(Ok(role)) => Some(role.key()),
            Some(Err(unresolved)) => {
                errors.push(unresolved.field(format!("/rules/{at}/role")));
                None
            }
            None => None,
        };
        rules.push(GroupRule { group: rule.group.clone(), role, teams, author });
    }
    Refusal::unless_valid(errors)?;
    Ok(GroupMapping { claim: input.claim.clone(), rules })
}

/// Checks that the caller may give what the rules give that are not in force already.
async fn take_over(
    ctx: &mut WorkspaceContext,
    present: &[GroupRule],
    rules: Vec<GroupRule>,
) -> Result<Vec<GroupRule>, Error> {
    let mut checked = Vec::with_capacity(rules.len());
    for rule in rules {
        let known = present.iter().find(|known| known.says_the_same(&rule));
        if let Some(known) = known.filter(|known| lapse(ctx, known).is_none()) {
            checked.push(known.clone());
            continue;
        }
        check_rule(ctx, &rule).await?;
        checked.push(rule);
    }
    Ok(checked)
}

/// Checks that the caller may trust another provider with a mapping, and makes them its author.
pub(super) async fn adopt(
    ctx: &mut WorkspaceContext,
    connection: Connection,
) -> Result<Connection, Error> {
    if connection.groups.rules.is_empty() {
        return Ok(connection);
    }
    check_applies(ctx, &connection.provider)?;
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
    Ok(check_grantable(ctx, ctx.grantor(), &access)?)
}

/// The access of a new member to whom a rule gives its part.
fn access_of(ctx: &WorkspaceContext, rule: &GroupRule) -> Result<MemberAccess, Refusal> {
    let blueprint = ctx.model().blueprint();
    let role = rule.role.as_ref().or(blueprint.membership.invitation.start_role.as_ref());
    let change = MemberAccessChange {
        teams: Some(rule.teams.clone()).filter(|teams| !teams.is_empty()),
        ..MemberAccessChange::default()
    };
    let role = role.map(String::as_str).unwrap_or_default();
    MemberAccess::new(blueprint, role).change(blueprint, &change)
}

/// Why a rule gives nothing now.
fn lapse(ctx: &WorkspaceContext, rule: &GroupRule) -> Option<RuleLapse> {
    let model = ctx.model();
    let is_there = rule.role.as_ref().is_none_or(|role| model.has_role(role))
        && rule.teams.iter().all(|team| model.team(*team).is_some());
    let Some(access) = access_of(ctx, rule).ok().filter(|_| is_there) else {
        return Some(RuleLapse::Contents);
    };
    let may = may_invite(ctx, rule.author, &rule.teams)
        && check_grantable(ctx, Grantor::Member(rule.author), &access).is_ok();
    (!may).then_some(RuleLapse::Author)
}

/// The rules for a person that are in force, and what they give together.
pub(crate) struct Matched {
    rules: Vec<GroupRule>,
    pub(crate) assignment: Assignment,
}

impl Matched {
    /// What a mapping gives a person with some groups, to whom it gave `before`. A rule that has
    /// lapsed gives nothing more, and takes nothing away.
    pub(crate) fn of(
        ctx: &WorkspaceContext,
        mapping: &GroupMapping,
        groups: &[String],
        before: &Assignment,
    ) -> Matched {
        let all: Vec<&GroupRule> = mapping.matching(groups).collect();
        let (rules, lapsed): (Vec<&GroupRule>, Vec<&GroupRule>) =
            all.into_iter().partition(|rule| lapse(ctx, rule).is_none());
        let mut assignment = Assignment::of(rules.iter().copied());
        let kept = Assignment::of(lapsed);
        let has_role = |role: &String| ctx.model().has_role(role);
        if assignment.role.is_none() && kept.role == before.role {
            assignment.role = kept.role.filter(has_role);
        }
        // Where everybody may join, who has no group any more is as everybody.
        if assignment.role.is_none() && before.role.is_some() && lets_all_join(ctx) {
            assignment
                .role
                .clone_from(&ctx.model().blueprint().membership.invitation.start_role);
        }
        let teams = kept.teams.into_iter().filter(|team| before.teams.contains(team));
        assignment.teams.extend(teams);
        assignment.teams.sort_unstable();
        assignment.teams.dedup();
        Matched { rules: rules.into_iter().cloned().collect(), assignment }
    }

    /// The author of the rule that gives the role.
    pub(crate) fn author(&self) -> Option<MemberId> {
        self.rules.iter().find(|rule| rule.role.is_some()).map(|rule| rule.author)
    }

    /// Gives a member, in the model, the teams that the rules give, each as far as its author may.
    /// Returns the member with them.
    pub(crate) fn give_teams(&self, ctx: &mut WorkspaceContext, member: Member) -> Member {
        let mut member = member;
        for rule in &self.rules {
            let mut next = member.clone();
            next.access.teams.extend(&rule.teams);
            next.access.teams.sort_unstable();
            next.access.teams.dedup();
            if next.access.teams != member.access.teams {
                member = try_change(ctx, Grantor::Member(rule.author), member, next);
            }
        }
        member
    }

    /// Gives a member, in the model, what follows from their groups. Returns the member with it.
    ///
    /// What is taken away is taken whoever wrote the rules. Where their author may not give the role
    /// to this member, they have that of newcomers.
    pub(crate) fn follow(
        &self,
        ctx: &mut WorkspaceContext,
        member: &Member,
        change: &MemberAccessChange,
    ) -> Member {
        let mut member = member.clone();
        if let Some(teams) = &change.teams {
            let mut next = member.clone();
            next.access.teams.retain(|team| teams.contains(team));
            member = try_change(ctx, Grantor::Operator, member, next);
        }
        if let Some(role) = &change.role {
            let next = with_role(ctx, &member, role);
            let start = ctx.model().blueprint().membership.invitation.start_role.clone();
            if let Some(author) = self.author() {
                member = try_change(ctx, Grantor::Member(author), member, next);
            }
            if let Some(start) = start.filter(|_| member.access.role != *role) {
                let next = with_role(ctx, &member, &start);
                member = try_change(ctx, Grantor::Operator, member, next);
            }
        }
        self.give_teams(ctx, member)
    }
}

/// A member with another role, without the levels that it does not have.
fn with_role(ctx: &WorkspaceContext, member: &Member, role: &str) -> Member {
    let blueprint = ctx.model().blueprint();
    let change =
        MemberAccessChange { role: Some(role.to_owned()), ..MemberAccessChange::default() };
    let mut access =
        member.access.change(blueprint, &change).unwrap_or_else(|_| member.access.clone());
    if !guard::has_levels(blueprint, role) {
        access.levels.clear();
    }
    Member { access, ..member.clone() }
}

/// Changes a member in the model, if every guard allows it. Returns the member as they are then.
fn try_change(
    ctx: &mut WorkspaceContext,
    grantor: Grantor,
    before: Member,
    after: Member,
) -> Member {
    let change = Change::PutMember(after.to_engine());
    match ctx.apply_for(grantor, ChangeKind::Edit, &[change]) {
        Ok(()) => after,
        Err(_) => before,
    }
}

/// Tries, for the preview, what a mapping does to the people whose groups are known.
async fn foresee(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    after: &Connection,
) -> Result<(), Error> {
    let known = ctx.read(pass)?.identities().list_with_groups(after.id).await?;
    if known.is_empty() || after.groups.rules.is_empty() {
        return Ok(());
    }
    let members = ctx.read(pass)?.members().list_all().await?;
    let active = members.into_iter().filter(|member| member.status == Status::Active);
    let mut members: HashMap<AccountId, Member> =
        active.map(|member| (member.account, member)).collect();
    let found = known.into_iter();
    let found: Vec<_> = found
        .filter_map(|identity| Some((members.remove(&identity.account)?, identity)))
        .collect();
    ctx.foresee(|ctx| {
        for (member, identity) in found {
            let matched = Matched::of(ctx, &after.groups, &identity.groups, &identity.given);
            match matched.assignment.follow(&identity.given, &member.access) {
                Following::Goes { change, .. } => {
                    let _ = matched.follow(ctx, &member, &change);
                }
                Following::Ends => {
                    let ended = Member { status: Status::Inactive, ..member.clone() };
                    let _ = try_change(ctx, Grantor::Operator, member, ended);
                }
            }
        }
    });
    Ok(())
}

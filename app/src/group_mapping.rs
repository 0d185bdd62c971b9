//! The mapping of groups of a connection: load, replace, and what the next sign-ins would change.

use std::collections::HashMap;

use hallpass_domain::connection::Connection;
use hallpass_domain::connection::group::{
    Following, GivenLevels, GroupMapping, GroupRule, MOST_RULES, MOST_TEAMS,
};
use hallpass_domain::id::{AccountId, ConnectionId, TeamId};
use hallpass_domain::member::{Member, Status};
use hallpass_domain::model::{Grantor, guard};
use hallpass_domain::refusal::{FieldError, Refusal};

use crate::boxed;
use crate::connection::group::{Authors, RuleLapse, check_applies, take_over};
use crate::connection::matched::{Matched, try_change};
use crate::connection::{audit_view, check_person, load};
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{ReadAuthentication, UpdateAuthentication};
use crate::gate::{Pass, Permission};
use crate::member::access::unknown_levels;
use crate::naming::{self, RoleRef, TeamRef};
use crate::principal::Principal;

/// A rule, as a request names it.
#[derive(Clone, Debug)]
pub struct GroupRuleInput {
    /// The group, as the provider sends it.
    pub group: String,
    /// The role that it gives.
    pub role: Option<RoleRef>,
    /// The preset whose levels it gives, by key.
    pub preset: Option<String>,
    /// The level on each resource.
    pub levels: Option<Vec<(String, String)>>,
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

/// The mappings of groups of a workspace.
pub struct GroupMappings<'c>(pub(crate) &'c mut WorkspaceContext);

impl GroupMappings<'_> {
    /// Loads the mapping of a connection.
    #[boxed]
    pub async fn load(&mut self, id: ConnectionId) -> Result<GroupMappingOverview, Error> {
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
    pub async fn replace(
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
        // A mapping that no longer applies can be emptied.
        if !input.rules.is_empty() {
            check_applies(ctx, &before.provider)?;
        }
        let groups = resolve(ctx, &pass, input).await?;
        groups.check()?;
        // Another claim is another thing to trust.
        let is_same_claim = groups.claim == before.groups.claim;
        let present = if is_same_claim { before.groups.rules.as_slice() } else { &[] };
        let rules = take_over(ctx, &pass, present, groups.rules).await?;
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
    let authors = Authors::of(ctx, pass, rules).await?;
    ctx.look_up_names(pass, rules.iter().map(|rule| rule.author)).await?;
    let note = |rule: &GroupRule| RuleNote {
        author: ctx.known_name(rule.author).map(str::to_owned),
        lapse: authors.lapse(ctx, rule),
    };
    let notes = rules.iter().map(note).collect();
    Ok(GroupMappingOverview { connection, notes })
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
        let levels = match given_levels(ctx, at, rule) {
            Ok(levels) => levels,
            Err(mistakes) => {
                errors.extend(mistakes);
                None
            }
        };
        rules.push(GroupRule { group: rule.group.clone(), role, levels, teams, author });
    }
    Refusal::unless_valid(errors)?;
    Ok(GroupMapping { claim: input.claim.clone(), rules })
}

/// The levels that a rule names, which the access model must have.
fn given_levels(
    ctx: &WorkspaceContext,
    at: usize,
    rule: &GroupRuleInput,
) -> Result<Option<GivenLevels>, Vec<FieldError>> {
    let blueprint = ctx.model().blueprint();
    let pointer = format!("/rules/{at}");
    match (&rule.preset, &rule.levels) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => {
            let detail = "send `preset` or `levels`, not both";
            Err(vec![FieldError::new(format!("{pointer}/preset"), "ambiguous", detail)])
        }
        (Some(key), None) if blueprint.preset(key).is_some() => {
            Ok(Some(GivenLevels::Preset(key.clone())))
        }
        (Some(_), None) if blueprint.presets.is_empty() => {
            let detail = "this workspace's access model has no presets; remove this field";
            Err(vec![FieldError::new(format!("{pointer}/preset"), "no_such_layer", detail)])
        }
        (Some(key), None) => {
            let known = blueprint.presets.iter().map(|one| one.key.as_str());
            let place = format!("{pointer}/preset");
            Err(vec![FieldError::unknown(&place, "unknown", ("preset", key), known)])
        }
        (None, Some(levels)) => {
            let errors = unknown_levels(ctx, levels, &pointer);
            if !errors.is_empty() {
                return Err(errors);
            }
            let given = levels.iter().filter(|(_, level)| level != "none").cloned();
            let mut given: Vec<_> = given.collect();
            given.sort_unstable();
            Ok((!given.is_empty()).then_some(GivenLevels::Own(given)))
        }
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
        active.filter_map(|member| Some((member.account?, member))).collect();
    let found = known.into_iter();
    let found: Vec<_> = found
        .filter_map(|identity| Some((members.remove(&identity.account)?, identity)))
        .collect();
    let authors = Authors::of(ctx, pass, &after.groups.rules).await?;
    ctx.foresee(|ctx| {
        for (member, identity) in found {
            let matched =
                Matched::of(ctx, &after.groups, &identity.groups, &identity.given, &authors);
            match matched.assignment.follow(&identity.given, &member.access) {
                Following::Goes { change, .. } => {
                    let _ = matched.follow(ctx, &member, &change);
                }
                Following::Ends if guard::stays_as_contact(ctx.model(), &member) => {}
                Following::Ends => {
                    let ended = Member { status: Status::Inactive, ..member.clone() };
                    let _ = try_change(ctx, Grantor::Operator, member, ended);
                }
            }
        }
    });
    Ok(())
}

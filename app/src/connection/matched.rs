//! The rules of a mapping for the groups of one person, and what they do to the member.

use hallpass_domain::connection::group::{Assignment, GroupMapping, GroupRule};
use hallpass_domain::id::MemberId;
use hallpass_domain::member::{Member, MemberAccess, MemberAccessChange};
use hallpass_domain::model::{ChangeKind, Grantor, guard};
use hallpass_engine::Change;

use super::group::{Authors, lets_all_join};
use crate::context::WorkspaceContext;

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
        authors: &Authors,
    ) -> Matched {
        let all: Vec<&GroupRule> = mapping.matching(groups).collect();
        let is_in_force = |rule: &GroupRule| authors.lapse(ctx, rule).is_none();
        let (rules, lapsed): (Vec<&GroupRule>, Vec<&GroupRule>) =
            all.iter().partition(|rule| is_in_force(rule));
        let blueprint = ctx.model().blueprint();
        let kept = Assignment::of(blueprint, lapsed);
        let has_role = |role: &String| ctx.model().has_role(role);
        let role = all.iter().find(|rule| {
            let is_kept = rule.role == before.role && rule.role.as_ref().is_some_and(has_role);
            rule.role.is_some() && (is_in_force(rule) || is_kept)
        });
        let levels_of = |rule: &GroupRule| {
            rule.levels.as_ref().and_then(|levels| levels.resolve(blueprint))
        };
        let levels = all.iter().find_map(|rule| {
            let levels = levels_of(rule)?;
            let is_kept = before.levels.as_ref() == Some(&levels);
            (is_in_force(rule) || is_kept).then_some(levels)
        });
        let mut assignment = Assignment::of(blueprint, rules.iter().copied());
        assignment.role = role.and_then(|rule| rule.role.clone());
        assignment.levels = levels;
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

    /// The author of the rule in force that gives the levels.
    fn levels_author(
        &self,
        levels: &[(String, String)],
        ctx: &WorkspaceContext,
    ) -> Option<MemberId> {
        let gives = |rule: &&GroupRule| {
            let given = rule.levels.as_ref();
            given.and_then(|given| given.resolve(ctx.model().blueprint())).as_deref()
                == Some(levels)
        };
        self.rules.iter().find(gives).map(|rule| rule.author)
    }

    /// Gives a member, in the model, levels as far as the author of their rule may, on a role that has levels.
    /// Returns the member with them, or without any.
    fn give_levels(
        &self,
        ctx: &mut WorkspaceContext,
        member: Member,
        levels: &[(String, String)],
    ) -> Member {
        let with = |member: &Member, levels: &[(String, String)]| {
            let access = MemberAccess { levels: levels.to_vec(), ..member.access.clone() };
            Member { access, ..member.clone() }
        };
        let mut member = member;
        if !member.access.levels.is_empty() {
            let next = with(&member, &[]);
            member = try_change(ctx, Grantor::Operator, member, next);
        }
        let author = self.levels_author(levels, ctx);
        match author {
            Some(author) if guard::has_levels(ctx.model().blueprint(), &member.access.role) => {
                let next = with(&member, levels);
                try_change(ctx, Grantor::Member(author), member, next)
            }
            Some(_) | None => member,
        }
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
    /// What is taken away is taken without regard to the authors of the rules. Where their author may not give the role
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
        if let Some(levels) = &change.levels {
            member = self.give_levels(ctx, member, levels);
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
pub(crate) fn try_change(
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

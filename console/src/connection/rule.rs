//! The rules in the form of a mapping: what it was made from, what its sender changed, and what is saved.
//!
//! The rules are one list: they are read by their place, so one list replaces the other, and a person who
//! touched none of them keeps what is saved.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::group_mapping::{GroupMappingInput, GroupMappingOverview, GroupRuleInput};
use hallpass_app::naming::{RoleRef, TeamRef};
use hallpass_domain::connection::group::{CLAIM, GivenLevels, GroupRule, MOST_RULES};
use hallpass_domain::id::ConnectionId;

use super::choice::{OWN, RuleValues};
use crate::failure::Failure;
use crate::faults::{Faults, Saved};
use crate::form::{Form, MADE_FROM};
use crate::frame::Frame;

/// The numbers of the rows in which something was typed or chosen.
pub(super) fn filled(form: &Form) -> Vec<usize> {
    let has = |at: usize| {
        form.filled(&format!("group.{at}")).is_some()
            || form.filled(&format!("role.{at}")).is_some()
            || form.filled(&format!("preset.{at}")).is_some()
            || form.below(&format!("level.{at}.")).any(|(_, level)| !level.is_empty())
            || form.every(&format!("team.{at}")).next().is_some()
    };
    (0..=MOST_RULES).filter(|at| has(*at)).collect()
}

/// What the form of a mapping is made from.
pub(super) fn made_from(overview: &GroupMappingOverview) -> String {
    let groups = &overview.connection.groups;
    let mut values = vec![("claim".to_owned(), groups.claim.clone())];
    for (at, rule) in groups.rules.iter().enumerate() {
        values.push((format!("group.{at}"), rule.group.clone()));
        values.push((format!("role.{at}"), rule.role.clone().unwrap_or_default()));
        let given = RuleValues::of(rule);
        values.push((format!("preset.{at}"), given.preset));
        let levels = given.levels.into_iter();
        values.extend(levels.map(|(key, level)| (format!("level.{at}.{key}"), level)));
        values.push((format!("team.{at}"), String::new()));
        values.extend(rule.teams.iter().map(|team| (format!("team.{at}"), team.to_string())));
    }
    let values: Vec<(&str, &str)> =
        values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Form::made_from(&values)
}

/// Whether a form changes a rule; one that does not say what it was made from does.
pub(super) fn touches_rules(form: &Form) -> bool {
    let touches = |prefix| form.is_touched_below(prefix);
    form.exact(MADE_FROM).is_empty()
        || ["group.", "role.", "preset.", "level.", "team."].into_iter().any(touches)
}

/// What a form makes of the mapping that is saved.
pub(super) async fn read(
    ctx: &mut WorkspaceContext,
    id: ConnectionId,
    form: &Form,
) -> Result<GroupMappingInput, Failure> {
    let saved = ctx.group_mappings().load(id).await?.connection.groups;
    let claim = form.text_or("claim", &saved.claim);
    let claim = if claim.is_empty() { CLAIM.to_owned() } else { claim };
    let rules = if touches_rules(form) {
        let form = form.whole();
        let group = |at: usize| form.text(&format!("group.{at}")).to_owned();
        let filled = filled(&form).into_iter();
        filled.map(|at| rule(group(at), RuleValues::of_form(&form, at))).collect()
    } else {
        let rules = saved.rules.iter();
        rules.map(|one| rule(one.group.clone(), RuleValues::of(one))).collect()
    };
    Ok(GroupMappingInput { claim, rules })
}

/// A rule that gives what is chosen. Levels that were chosen beside a preset do not count.
fn rule(group: String, chosen: RuleValues) -> GroupRuleInput {
    let RuleValues { role, preset, levels, teams, find: _ } = chosen;
    let has_own = preset == OWN || (preset.is_empty() && !levels.is_empty());
    GroupRuleInput {
        group,
        role: role.map(RoleRef::from),
        preset: Some(preset).filter(|key| !key.is_empty() && key != OWN),
        levels: has_own.then_some(levels),
        teams: teams.into_iter().map(TeamRef::from).collect(),
    }
}

/// Says that another person saved first, and what is saved now.
pub(super) async fn stale(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    id: ConnectionId,
    form: &Form,
) -> Result<Faults, Failure> {
    let overview = ctx.group_mappings().load(id).await?;
    let groups = &overview.connection.groups;
    let claim = Saved::new(frame, ("claim", &groups.claim, "groups-claim"));
    let mut faults = Faults::stale(frame, form, &[claim]);
    if touches_rules(form) && form.exact(MADE_FROM) != made_from(&overview) {
        let rule = |rule: &GroupRule| {
            let role = rule.role.as_deref().map(|role| ctx.snapshot().role_name(role));
            let levels = rule.levels.as_ref().map(|levels| match levels {
                GivenLevels::Preset(key) => {
                    let known = ctx.model().blueprint().preset(key);
                    known.map_or_else(|| key.clone(), |preset| preset.name.clone())
                }
                GivenLevels::Own(_) => frame.t("groups-own-levels"),
            });
            let gives: Vec<String> = role.into_iter().chain(levels).collect();
            if gives.is_empty() {
                return rule.group.clone();
            }
            format!("{}: {}", rule.group, gives.join(", "))
        };
        let rules = groups.rules.iter().map(rule).collect::<Vec<_>>().join(", ");
        faults.whole.push(text!(frame.text, "groups-saved-now", rules = rules));
    }
    Ok(faults)
}

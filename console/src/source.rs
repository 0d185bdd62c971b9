//! What gives a right, in a few words.

use hallpass_app::access::EffectiveRight;
use hallpass_app::access::rule::{DecidingRule, RuleKind};

use crate::frame::Frame;

/// What gives a right, in a few words. Where records without an owner are visible anyway, that is
/// named only if nothing else gives it.
pub(crate) fn source(frame: &Frame, right: &EffectiveRight) -> String {
    let is_wide = |rule: &&DecidingRule| {
        !matches!(rule.kind, RuleKind::Unowned | RuleKind::Claim | RuleKind::Switch)
    };
    let wide: Vec<&DecidingRule> = right.rules.iter().filter(is_wide).collect();
    let rules = if wide.is_empty() { right.rules.iter().collect() } else { wide };
    let mut names: Vec<String> = Vec::new();
    for rule in rules {
        let name = rule_name(frame, rule);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

/// A rule in a few words: "role", "level Manage", "profile Sales through North".
fn rule_name(frame: &Frame, rule: &DecidingRule) -> String {
    match (rule.kind, &rule.team) {
        (RuleKind::Role, _) => frame.t("source-role"),
        (RuleKind::Profile, Some((_, team))) => {
            text!(frame.text, "source-profile", name = &rule.name, team = team)
        }
        (RuleKind::Level, _) => text!(frame.text, "source-level", name = &rule.name),
        (RuleKind::BillingContact, _) => frame.t("billing-contact"),
        (RuleKind::Unowned, _) => frame.t("source-unowned"),
        _ => rule.name.clone(),
    }
}

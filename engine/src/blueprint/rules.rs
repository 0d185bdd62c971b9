//! The rules of an access model that no permission of a member shows: who gives which role, what moves a
//! record between stages, what a switch does when it is turned on.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::{Blueprint, Holders, Resource, Role, Switch, VisibilityMode};
use crate::grant::{Grant, ResourceKind};

/// A rule that two access models have otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleChange {
    /// The place of the rule as in the format of blueprints: `roles.manager.given_by`. A stage is named by
    /// its key: `records.deals.stages.won.by`.
    pub rule: String,
    /// What the first model says; empty when it says nothing.
    pub before: String,
    /// What the other model says; empty when it says nothing.
    pub after: String,
}

/// Rules by their place.
type Rules = BTreeMap<String, String>;

impl Blueprint {
    /// Lists the rules of what both access models have (roles, record types, stages, switches, presets) that
    /// differ and that no permission of a member shows, by their place. Names and texts do not count.
    ///
    /// ```
    /// use hallpass_engine::Blueprint;
    /// let blueprint = hallpass_engine::doc::blueprint()?;
    /// let text = hallpass_engine::doc::SMALL.replace("manages = true\n", "");
    /// let changes = blueprint.compare_rules(&Blueprint::parse(&text)?);
    /// assert_eq!((&*changes[0].rule, &*changes[0].after), ("roles.manager.manages", "false"));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn compare_rules(&self, other: &Blueprint) -> Vec<RuleChange> {
        let (mine, theirs) = (self.rules(), other.rules());
        let changed = mine.into_iter().filter_map(|(rule, before)| {
            let after = theirs.get(&rule).filter(|after| **after != before)?.clone();
            Some(RuleChange { rule, before, after })
        });
        changed.collect()
    }

    fn rules(&self) -> Rules {
        let mut rules = Rules::new();
        self.roles.iter().for_each(|role| add_role(&mut rules, role));
        let records = |known: &&Resource| known.kind == ResourceKind::Records;
        for resource in self.resources.iter().filter(records) {
            add_record_type(&mut rules, resource);
        }
        self.switches.iter().for_each(|switch| add_switch(&mut rules, switch));
        for preset in &self.presets {
            let levels = preset.levels.iter().map(|(on, level)| format!("{on} {level}"));
            add(&mut rules, "presets", &preset.key, "levels", sorted(levels));
        }
        self.add_layers(&mut rules);
        self.add_membership(&mut rules);
        rules
    }

    /// Adds the rules of what a model has once or not at all.
    fn add_layers(&self, rules: &mut Rules) {
        if let Some(custom) = &self.custom_roles {
            let mut add =
                |rule: &str, is: String| rules.insert(format!("custom_roles.{rule}"), is);
            add("given_by", listed(&custom.given_by));
            add("touched_by", listed(&custom.touched_by));
            add("scopes", sorted(custom.scopes.iter().map(ToString::to_string)));
            add("resources", custom.resources.as_deref().map_or_else(every, listed));
            add("actions", custom.actions.as_deref().map_or_else(every, listed));
            add("visibility", mode(custom.visibility));
            add("start_visibility", custom.start_visibility.scope().to_string());
            add("levels", custom.has_levels.to_string());
            add("manages", custom.manages.to_string());
        }
        if let Some(teams) = &self.teams {
            let sharing = teams.start_sharing.scope().to_string();
            rules.insert("teams.start_sharing".to_owned(), sharing);
        }
        if let Some(visibility) = &self.visibility {
            rules.insert("visibility.start".to_owned(), visibility.start.scope().to_string());
        }
        if let Some(contact) = &self.billing_contact {
            let vacant = contact.vacant_mail.clone().unwrap_or_default();
            rules.insert("billing_contact.vacant_mail".to_owned(), vacant);
        }
        if let Some(custom) = &self.custom_entities {
            let actions = custom.actions.iter().map(|action| action.key.clone());
            rules.insert("custom_entities.actions".to_owned(), sorted(actions));
        }
    }

    fn add_membership(&self, rules: &mut Rules) {
        let membership = &self.membership;
        let mut add = |rule: &str, is: String| rules.insert(rule.to_owned(), is);
        add("membership.verbs", listed(&membership.verbs));
        add("membership.guards", listed(&membership.guards));
        add("membership.signs_out_inactive", membership.signs_out_inactive.to_string());
        add("membership.sso", membership.single_sign_on.word().to_owned());
        let invitation = &membership.invitation;
        add("invitation.fields", listed(&invitation.fields));
        add("invitation.required", listed(&invitation.required));
        add("invitation.days", invitation.days.to_string());
        add("invitation.start_role", invitation.start_role.clone().unwrap_or_default());
        let serve = membership.self_serve;
        add("self_serve.create", serve.create.to_string());
        add("self_serve.delete", serve.delete.to_string());
        add("self_serve.export", serve.export.to_string());
        add("self_serve.mail_templates", serve.mail_templates.to_string());
        let gates = membership.plan_gates.iter();
        add(
            "plan_gates",
            sorted(gates.map(|gate| format!("{} {}", gate.entitlement, gate.from))),
        );
    }
}

fn add(rules: &mut Rules, section: &str, key: &str, rule: &str, is: String) {
    rules.insert(format!("{section}.{key}.{rule}"), is);
}

fn add_role(rules: &mut Rules, role: &Role) {
    let mut add = |rule: &str, is: String| add(rules, "roles", &role.key, rule, is);
    add("given_by", listed(&role.given_by));
    add("touched_by", listed(&role.touched_by));
    add("top", role.is_top.to_string());
    add("holders", if role.holders == Holders::One { "one" } else { "many" }.to_owned());
    add("manages", role.manages.to_string());
    add("levels", role.has_levels.to_string());
    add("visibility", mode(role.visibility));
}

fn add_record_type(rules: &mut Rules, resource: &Resource) {
    let kind = resource.kind.word();
    for stage in &resource.stages {
        let by = resource.key_of(stage.by.or(resource.update)).unwrap_or_default();
        add(rules, kind, &resource.key, &format!("stages.{}.by", stage.key), by.to_owned());
    }
    let share = resource.key_of(resource.share.or(resource.read)).unwrap_or_default();
    add(rules, kind, &resource.key, "share", share.to_owned());
}

fn add_switch(rules: &mut Rules, switch: &Switch) {
    let grants = |grants: &[Grant]| sorted(grants.iter().map(ToString::to_string));
    let mut add = |rule: &str, is: String| add(rules, "switches", &switch.key, rule, is);
    add("starts_on", switch.starts_on.to_string());
    add("adds", grants(&switch.adds));
    let replaced = switch.replaces.iter();
    add("replaces", sorted(replaced.map(|(role, given)| format!("{role}: {}", grants(given)))));
    add("counts_indirect_reports", switch.counts_indirect_reports.to_string());
}

fn every() -> String {
    "*".to_owned()
}

fn mode(mode: VisibilityMode) -> String {
    match mode {
        VisibilityMode::AsGranted => "as_granted",
        VisibilityMode::Bounds => "bounds",
    }
    .to_owned()
}

fn listed(words: &[String]) -> String {
    sorted(words.iter())
}

/// Words in alphabetical order: that of the text has no meaning.
fn sorted(words: impl Iterator<Item = impl Display>) -> String {
    let mut words: Vec<String> = words.map(|word| word.to_string()).collect();
    words.sort();
    words.join(", ")
}

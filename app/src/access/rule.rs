//! Rules that decide about access, by kind and name.

use hallpass_engine::{GrantSource, Names};

use crate::snapshot::names::DisplayNames;

/// The rule that decides.
#[derive(Clone, Debug)]
pub struct DecidingRule {
    /// What kind of rule it is.
    pub kind: RuleKind,
    /// Its id or key.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// The team through which a profile grants it: its id and name.
    pub team: Option<(String, String)>,
}

/// The kinds of deciding rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// A role.
    Role,
    /// A profile, through a team.
    Profile,
    /// The member's level on a resource.
    Level,
    /// The member's visibility.
    Visibility,
    /// The scopes of the API key of the request.
    Scopes,
    /// A switch of the access model.
    Switch,
    /// The billing contact flag.
    BillingContact,
    /// Records without an owner are visible.
    Unowned,
    /// The member is deactivated.
    Status,
    /// The member is in no team with a profile.
    Team,
    /// The record type or module is switched off.
    Module,
    /// Only records without an owner can be claimed.
    Claim,
}

/// The rule of a grant, by name.
pub(crate) fn granting(names: &DisplayNames<'_>, source: &GrantSource<'_>) -> DecidingRule {
    let snapshot = names.snapshot;
    match source {
        GrantSource::Role(id) => rule(RuleKind::Role, Some(id), snapshot.role_name(id)),
        GrantSource::Profile { profile, team } => DecidingRule {
            team: Some(((*team).to_owned(), names.team(team))),
            ..rule(RuleKind::Profile, Some(profile), names.profile(profile))
        },
        GrantSource::Level(level) => {
            rule(RuleKind::Level, Some(&level.key), level.name.clone())
        }
        GrantSource::BillingContact => {
            rule(RuleKind::BillingContact, None, "Billing contact".to_owned())
        }
        GrantSource::Switch(key) => {
            let mut known = snapshot.blueprint().switches.iter();
            let name = known.find(|known| known.key == *key);
            let name = name.map_or_else(|| (*key).to_owned(), |known| known.name.clone());
            rule(RuleKind::Switch, Some(key), name)
        }
        GrantSource::Unowned => {
            rule(RuleKind::Unowned, None, "Records without an owner are visible".to_owned())
        }
    }
}

/// A rule without a team.
pub(crate) fn rule(kind: RuleKind, id: Option<&str>, name: String) -> DecidingRule {
    DecidingRule { kind, id: id.map(str::to_owned), name, team: None }
}

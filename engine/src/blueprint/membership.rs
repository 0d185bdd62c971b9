//! How people come, go and are spoken of: words, invitations, verbs, guards, plans, self-service.

use super::log::Spot;
use super::read::Section;

/// Words that people see, where a system has its own; code keeps the usual ones.
pub const WORDS: &[(&str, &str)] = &[
    ("workspace", "workspace"),
    ("workspaces", "workspaces"),
    ("member", "member"),
    ("members", "members"),
    ("record_owner", "owner"),
    ("team_page", "Team"),
    ("roles_page", "Roles & permissions"),
    ("invite", "Invite member"),
    ("send_invitation", "Send invitation"),
    ("edit", "Edit access"),
    ("remove", "Remove from workspace"),
    ("deactivate", "Deactivate"),
    ("reactivate", "Reactivate"),
    ("leave", "Leave workspace"),
    ("transfer_ownership", "Transfer ownership"),
    ("transfer_billing", "Transfer billing"),
    ("reassign", "Reassign records"),
    ("bulk_reassign", "Bulk reassign"),
    ("active", "Active"),
    ("pending", "Pending"),
    ("inactive", "Inactive"),
    ("custom_preset", "Custom"),
    ("scope_none", "None"),
    ("scope_own", "Own"),
    ("scope_assigned", "Assigned"),
    ("scope_team", "Team"),
    ("scope_department", "Department"),
    ("scope_all", "All"),
    ("top_role_advice", ""),
];

/// Fields that an invitation can have.
pub const INVITATION_FIELDS: &[&str] = &[
    "email",
    "name",
    "role",
    "preset",
    "levels",
    "department",
    "teams",
    "visibility",
    "landing",
    "billing_contact",
];

/// What can be done to a membership.
pub const VERBS: &[&str] = &["remove", "deactivate", "reactivate", "leave"];

/// Rules about change that a blueprint may switch on, beside those that always hold.
pub const GUARDS: &[&str] = &[
    "no_self_removal",
    "no_self_deactivation",
    "no_self_role_change",
    "billing_contact_stays",
    "one_profile_per_team",
];

/// What members of a workspace may do without the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelfServe {
    /// Create further workspaces.
    pub create: bool,
    /// Delete the workspace.
    pub delete: bool,
    /// Export and import it.
    pub export: bool,
    /// Write their own texts for mails.
    pub mail_templates: bool,
}

/// What an invitation asks for, and how long it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Fields that it has, in their order.
    pub fields: Vec<String>,
    /// Those that must be filled.
    pub required: Vec<String>,
    /// Days until it expires.
    pub days: u32,
    /// The role that is chosen when nobody chooses, by key.
    pub start_role: Option<String>,
}

/// An entitlement that needs a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanGate {
    /// What is gated, such as `sso`.
    pub entitlement: String,
    /// The lowest plan that has it, by key; the server's configuration orders the plans.
    pub from: String,
}

/// How people come and go, and how the system speaks of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Words that differ from the usual ones, by key of [`WORDS`].
    pub words: Vec<(String, String)>,
    /// What can be done to a membership: some of [`VERBS`].
    pub verbs: Vec<String>,
    /// Guards that are on: some of [`GUARDS`].
    pub guards: Vec<String>,
    /// Whether who is inactive here, and nowhere at home, does not sign in at all.
    pub signs_out_inactive: bool,
    /// What an invitation asks for.
    pub invitation: Invitation,
    /// What needs no operator.
    pub self_serve: SelfServe,
    /// What needs a plan.
    pub plan_gates: Vec<PlanGate>,
}

impl Membership {
    /// The word that people see for a key of [`WORDS`]; an unknown key is its own word.
    ///
    /// ```
    /// # use hallpass_engine::*;
    /// # let blueprint = Blueprint::parse(hallpass_engine::doc::SMALL)?;
    /// let key = "workspace";
    /// assert_eq!(blueprint.membership.word(key), "workspace");
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn word<'w>(&'w self, key: &'w str) -> &'w str {
        let own = self.words.iter().find(|(known, _)| known == key);
        let usual =
            || WORDS.iter().find(|(known, _)| *known == key).map_or(key, |(_, word)| word);
        own.map_or_else(usual, |(_, word)| word)
    }
}

pub(crate) fn read_membership(root: &Section<'_>, roles: &[&str]) -> Membership {
    let section = root.section("membership");
    let list = |key: &'static str, known: &[&str]| {
        section.as_ref().map_or_else(Vec::new, |section| known_words(section, key, known))
    };
    let membership = Membership {
        words: read_words(root),
        verbs: list("verbs", VERBS),
        guards: list("guards", GUARDS),
        signs_out_inactive: section
            .as_ref()
            .and_then(|section| section.flag("signs_out_inactive"))
            .unwrap_or(false),
        invitation: read_invitation(root, roles),
        self_serve: read_self_serve(root),
        plan_gates: read_plan_gates(root),
    };
    section.into_iter().for_each(Section::finish);
    membership
}

fn known_words(section: &Section<'_>, key: &'static str, known: &[&str]) -> Vec<String> {
    let spots = section.texts(key).unwrap_or_default();
    let fine = spots.into_iter().filter(|spot| {
        let is_known = known.contains(&spot.value.as_str());
        if !is_known {
            section.unknown(spot, key.trim_end_matches('s'), known);
        }
        is_known
    });
    fine.map(|spot| spot.value).collect()
}

fn read_words(root: &Section<'_>) -> Vec<(String, String)> {
    let Some(section) = root.section("words") else { return Vec::new() };
    let keys: Vec<&str> = WORDS.iter().map(|(key, _)| *key).collect();
    let known = section.pairs().into_iter().filter(|(key, _)| {
        let is_known = keys.contains(&key.value.as_str());
        if !is_known {
            section.unknown(key, "word", &keys);
        }
        is_known
    });
    known.map(|(key, word): (Spot<String>, Spot<String>)| (key.value, word.value)).collect()
}

fn read_invitation(root: &Section<'_>, roles: &[&str]) -> Invitation {
    let usual = Invitation {
        fields: vec!["email".to_owned(), "role".to_owned()],
        required: vec!["email".to_owned(), "role".to_owned()],
        days: 14,
        start_role: None,
    };
    let Some(section) = root.section("invitation") else { return usual };
    let start_role = section.text("start_role");
    if let Some(spot) = start_role.iter().find(|spot| !roles.contains(&spot.value.as_str())) {
        section.unknown(spot, "role", roles);
    }
    let fields = if section.mentions("fields") {
        known_words(&section, "fields", INVITATION_FIELDS)
    } else {
        usual.fields
    };
    let names: Vec<&str> = fields.iter().map(String::as_str).collect();
    let required = if section.mentions("required") {
        known_words(&section, "required", &names)
    } else {
        usual.required
    };
    let invitation = Invitation {
        required,
        days: section.number("days", 1..366).unwrap_or(usual.days),
        start_role: start_role.map(|spot| spot.value),
        fields,
    };
    if !invitation.required.iter().any(|field| field == "email") {
        let message = "an invitation cannot do without `email`".to_owned();
        section.log.mistake(
            section.at,
            message,
            Some("put it in `fields` and `required`".to_owned()),
        );
    }
    section.finish();
    invitation
}

fn read_self_serve(root: &Section<'_>) -> SelfServe {
    let Some(section) = root.section("self_serve") else {
        return SelfServe { create: true, delete: true, export: true, mail_templates: true };
    };
    let may = |key: &'static str| section.flag(key).unwrap_or(true);
    let self_serve = SelfServe {
        create: may("create"),
        delete: may("delete"),
        export: may("export"),
        mail_templates: may("mail_templates"),
    };
    section.finish();
    self_serve
}

fn read_plan_gates(root: &Section<'_>) -> Vec<PlanGate> {
    let Some(section) = root.section("plan_gates") else { return Vec::new() };
    let gates = section.pairs().into_iter();
    gates.map(|(key, plan)| PlanGate { entitlement: key.value, from: plan.value }).collect()
}

//! Membership: words, invitations, changes to members, guards, self-service and plan gates.

use super::log::Located;
use super::section::Section;

/// The words of the console that a blueprint can replace, each with its default.
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

/// The fields that an invitation can have.
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

/// The changes to a membership that a blueprint can allow.
pub const VERBS: &[&str] = &["remove", "deactivate", "reactivate", "leave"];

/// The guards that a blueprint can turn on, beside those that always apply.
pub const GUARDS: &[&str] = &[
    "no_self_removal",
    "no_self_deactivation",
    "no_self_role_change",
    "billing_contact_stays",
    "one_profile_per_team",
];

/// What the identity provider of a workspace decides about its members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SingleSignOn {
    /// Who has an account; its claims give no role (HARMONIA-90).
    AccountsOnly,
    /// Groups of the provider can give roles and teams.
    Groups,
}

impl SingleSignOn {
    const WORDS: [&'static str; 2] = ["accounts only", "groups"];

    /// The word for it in a blueprint.
    pub(crate) const fn word(self) -> &'static str {
        let [accounts_only, groups] = SingleSignOn::WORDS;
        match self {
            SingleSignOn::AccountsOnly => accounts_only,
            SingleSignOn::Groups => groups,
        }
    }

    fn parse(word: &str) -> Option<SingleSignOn> {
        match word {
            "accounts only" => Some(SingleSignOn::AccountsOnly),
            "groups" => Some(SingleSignOn::Groups),
            _ => None,
        }
    }
}

/// What members may do without the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelfServe {
    /// Create more workspaces.
    pub create: bool,
    /// Delete the workspace.
    pub delete: bool,
    /// Export and import it.
    pub export: bool,
    /// Edit the templates of mails.
    pub mail_templates: bool,
}

/// The form of an invitation, and how long it is valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Its fields, in order.
    pub fields: Vec<String>,
    /// The required fields.
    pub required: Vec<String>,
    /// The days until it expires.
    pub days: u32,
    /// The role that the form preselects, by key.
    pub start_role: Option<String>,
}

/// An entitlement that takes a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanGate {
    /// The entitlement, such as `sso`.
    pub entitlement: String,
    /// The key of the lowest plan that includes it. The server's configuration orders the plans.
    pub from: String,
}

/// How members join and leave, and the words for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Words that replace a default, by key of [`WORDS`].
    pub words: Vec<(String, String)>,
    /// The allowed changes to a membership: some of [`VERBS`].
    pub verbs: Vec<String>,
    /// The guards that are on: some of [`GUARDS`].
    pub guards: Vec<String>,
    /// Whether an account that is active in no workspace is refused at sign-in when it is inactive
    /// in this one.
    pub signs_out_inactive: bool,
    /// What the identity provider of a workspace decides about its members.
    pub single_sign_on: SingleSignOn,
    /// The form of an invitation.
    pub invitation: Invitation,
    /// What members may do without the operator.
    pub self_serve: SelfServe,
    /// The entitlements that take a plan.
    pub plan_gates: Vec<PlanGate>,
}

impl Membership {
    /// The word for a key of [`WORDS`]; an unknown key is returned as it is.
    ///
    /// ```
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// let (key, default) = hallpass_engine::WORDS[0];
    /// assert_eq!(blueprint.membership.word(key), default);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn word<'w>(&'w self, key: &'w str) -> &'w str {
        let own = self.words.iter().find(|(known, _)| known == key);
        let default =
            || WORDS.iter().find(|(known, _)| *known == key).map_or(key, |(_, word)| word);
        own.map_or_else(default, |(_, word)| word)
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
        single_sign_on: section
            .as_ref()
            .and_then(|section| section.word("sso", &SingleSignOn::WORDS, SingleSignOn::parse))
            .unwrap_or(SingleSignOn::Groups),
        invitation: read_invitation(root, roles),
        self_serve: read_self_serve(root),
        plan_gates: read_plan_gates(root),
    };
    section.into_iter().for_each(Section::finish);
    membership
}

fn known_words(section: &Section<'_>, key: &'static str, known: &[&str]) -> Vec<String> {
    let words = section.texts(key).unwrap_or_default();
    let known_words = words.into_iter().filter(|word| {
        let is_known = known.contains(&word.value.as_str());
        if !is_known {
            section.unknown(word, key.trim_end_matches('s'), known);
        }
        is_known
    });
    known_words.map(|word| word.value).collect()
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
    known
        .map(|(key, word): (Located<String>, Located<String>)| (key.value, word.value))
        .collect()
}

fn read_invitation(root: &Section<'_>, roles: &[&str]) -> Invitation {
    let default = Invitation {
        fields: vec!["email".to_owned(), "role".to_owned()],
        required: vec!["email".to_owned(), "role".to_owned()],
        days: 14,
        start_role: None,
    };
    let Some(section) = root.section("invitation") else { return default };
    let start_role = section.text("start_role");
    if let Some(role) = start_role.iter().find(|role| !roles.contains(&role.value.as_str())) {
        section.unknown(role, "role", roles);
    }
    let fields = if section.has("fields") {
        known_words(&section, "fields", INVITATION_FIELDS)
    } else {
        default.fields
    };
    let names: Vec<&str> = fields.iter().map(String::as_str).collect();
    let required = if section.has("required") {
        known_words(&section, "required", &names)
    } else {
        default.required
    };
    let invitation = Invitation {
        required,
        days: section.number("days", 1..366).unwrap_or(default.days),
        start_role: start_role.map(|role| role.value),
        fields,
    };
    if !invitation.required.iter().any(|field| field == "email") {
        let message = "`invitation.required` must include `email`".to_owned();
        let hint = "add it to `fields` and `required`".to_owned();
        section.log.add(section.at, message, Some(hint));
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

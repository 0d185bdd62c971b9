//! Refusals: every *no* of the rules, with a stable code and the way out in words.

use std::fmt;

/// A field of a request that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Where it stands, as a JSON pointer (RFC 6901).
    pub pointer: String,
    /// What kind of wrong, for programs.
    pub code: &'static str,
    /// What is wrong and what would be right, for people.
    pub detail: String,
}

impl FieldError {
    /// An error at a place.
    #[must_use]
    pub fn new(
        pointer: impl Into<String>,
        code: &'static str,
        detail: impl Into<String>,
    ) -> FieldError {
        FieldError { pointer: pointer.into(), code, detail: detail.into() }
    }
}

/// How a refusal is meant, which says how the API answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// The asker may not, whatever the state of things.
    Forbidden,
    /// The state of things does not allow it.
    Conflict,
    /// What was sent is wrong.
    Invalid,
}

/// Why a rule says no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Fields of the request are wrong.
    Fields(Vec<FieldError>),
    /// The workspace would have no active holder of its top role.
    LastTopRole {
        /// The role's name.
        role: String,
        /// The workspaces, by name.
        workspaces: Vec<String>,
    },
    /// The role has one holder and changes hands by transfer only.
    TransferOnly {
        /// The role's name.
        role: String,
    },
    /// Somebody would get more than the giver holds.
    GrantCeiling {
        /// What is too much, as `resource:action`.
        rights: Vec<String>,
    },
    /// The asker's role may not give this role.
    MayNotGive {
        /// The role's name.
        role: String,
    },
    /// The asker's role may not change holders of this role.
    MayNotTouch {
        /// The role's name.
        role: String,
    },
    /// Nobody removes themselves here.
    NoSelfRemoval,
    /// Nobody deactivates themselves here.
    NoSelfDeactivation,
    /// Nobody changes their own role here.
    NoSelfRoleChange,
    /// The billing contact stays until somebody else is.
    BillingContactStays {
        /// The workspaces, by name.
        workspaces: Vec<String>,
    },
    /// There is another billing contact already.
    SecondBillingContact,
    /// Memberships here do not know this verb.
    NoSuchVerb {
        /// The verb.
        verb: &'static str,
    },
    /// The access model has no such layer.
    NoSuchLayer {
        /// What is missing, in the plural.
        layer: &'static str,
    },
    /// Built-in roles are fixed.
    BuiltIn {
        /// The role's name.
        role: String,
    },
    /// Record types of the access model stay.
    BuiltInEntity {
        /// The record type's name.
        entity: String,
    },
    /// Something is in use.
    InUse {
        /// What it is: `role`, `profile`, `team`, `department`.
        noun: &'static str,
        /// By what, in words.
        by: String,
    },
    /// A name is taken.
    NameTaken {
        /// What has it: `role`, `team`, …
        noun: &'static str,
        /// The name.
        name: String,
    },
    /// The slug of a workspace is taken.
    SlugTaken {
        /// The slug.
        slug: String,
    },
    /// An account with this address exists.
    AddressTaken,
    /// The address is a member's.
    AlreadyMember,
    /// The address has a pending invitation.
    AlreadyInvited {
        /// Its id.
        invitation: String,
    },
    /// The invitation has expired.
    InvitationExpired {
        /// When.
        at: String,
    },
    /// The invitation was revoked, or its link replaced by a newer one.
    InvitationRevoked,
    /// The invitation was accepted before.
    InvitationAccepted,
    /// The invitation is for another address.
    WrongAccount {
        /// The address it is for.
        invited: String,
    },
    /// Whoever invited could not give it any more.
    InvitationOutdated {
        /// Why, in words.
        why: String,
    },
    /// The membership is already what it should become.
    Already {
        /// What it is: `active`, `inactive`, …
        status: &'static str,
    },
    /// The access model does not let members do this; the operator can.
    NotSelfServe {
        /// What: `create a workspace`, …
        what: &'static str,
        /// How to reach the operator.
        contact: String,
    },
    /// The plan of the workspace has not got it.
    PlanNeeded {
        /// What needs it.
        entitlement: String,
        /// The lowest plan that has it, by name.
        plan: String,
    },
    /// Mail and password do not go together, whichever is wrong.
    BadCredentials,
    /// The present password is wrong.
    WrongPassword,
    /// A link from a mail is unknown, used, or too old.
    DeadLink,
    /// A message is not signed by whom it claims to be from, or not now.
    BadSignature,
    /// An API key acts in its workspace only, and makes no other.
    NotByKey,
    /// Whoever made the API key may not act for its member any more.
    KeyRests,
    /// Too many attempts.
    TooMany {
        /// Seconds until the next may be made.
        seconds: i64,
    },
    /// Destruction wants to be typed.
    NotConfirmed {
        /// The word to type.
        word: String,
    },
    /// The record was changed meanwhile.
    Stale,
    /// The record type has no such action, or one that is not done this way.
    NoSuchAction {
        /// The record type's key.
        resource: String,
        /// The action as asked.
        action: String,
        /// Those that there are.
        known: Vec<String>,
    },
    /// The module is switched off in this workspace.
    SwitchedOff {
        /// Its name.
        resource: String,
    },
}

impl Refusal {
    /// One wrong field.
    #[must_use]
    pub fn field(
        pointer: impl Into<String>,
        code: &'static str,
        detail: impl Into<String>,
    ) -> Refusal {
        Refusal::Fields(vec![FieldError::new(pointer, code, detail)])
    }

    /// The refusal as people read it: the workspace and custom roles by their names.
    #[must_use]
    pub fn spoken(self, workspace: &str, role_name: impl Fn(&str) -> String) -> Refusal {
        let mut refusal = self;
        if let Refusal::LastTopRole { workspaces, .. }
        | Refusal::BillingContactStays { workspaces } = &mut refusal
        {
            *workspaces = vec![workspace.to_owned()];
        }
        if let Refusal::MayNotGive { role } | Refusal::MayNotTouch { role } = &mut refusal {
            *role = role_name(role);
        }
        refusal
    }

    /// The stable word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Refusal::Fields(_) => "invalid",
            Refusal::LastTopRole { .. } => "last_top_role",
            Refusal::TransferOnly { .. } => "transfer_only",
            Refusal::GrantCeiling { .. } => "grant_ceiling",
            Refusal::MayNotGive { .. } => "may_not_give",
            Refusal::MayNotTouch { .. } => "may_not_touch",
            Refusal::NoSelfRemoval => "no_self_removal",
            Refusal::NoSelfDeactivation => "no_self_deactivation",
            Refusal::NoSelfRoleChange => "no_self_role_change",
            Refusal::BillingContactStays { .. } => "billing_contact_stays",
            Refusal::SecondBillingContact => "second_billing_contact",
            Refusal::NoSuchVerb { .. } => "no_such_verb",
            Refusal::NoSuchLayer { .. } => "no_such_layer",
            Refusal::BuiltIn { .. } | Refusal::BuiltInEntity { .. } => "built_in",
            Refusal::InUse { .. } => "in_use",
            Refusal::NameTaken { .. } => "name_taken",
            Refusal::SlugTaken { .. } => "slug_taken",
            Refusal::AddressTaken => "address_taken",
            Refusal::AlreadyMember => "already_member",
            Refusal::AlreadyInvited { .. } => "already_invited",
            Refusal::InvitationExpired { .. } => "invitation_expired",
            Refusal::InvitationRevoked => "invitation_revoked",
            Refusal::InvitationAccepted => "invitation_accepted",
            Refusal::WrongAccount { .. } => "wrong_account",
            Refusal::InvitationOutdated { .. } => "invitation_outdated",
            Refusal::Already { .. } => "already",
            Refusal::NotSelfServe { .. } => "not_self_serve",
            Refusal::PlanNeeded { .. } => "plan_needed",
            Refusal::BadCredentials => "bad_credentials",
            Refusal::WrongPassword => "wrong_password",
            Refusal::DeadLink => "dead_link",
            Refusal::BadSignature => "bad_signature",
            Refusal::NotByKey => "not_by_key",
            Refusal::KeyRests => "key_rests",
            Refusal::TooMany { .. } => "too_many_attempts",
            Refusal::NotConfirmed { .. } => "not_confirmed",
            Refusal::Stale => "stale",
            Refusal::NoSuchAction { .. } => "no_such_action",
            Refusal::SwitchedOff { .. } => "switched_off",
        }
    }

    /// How it is meant.
    #[must_use]
    pub const fn kind(&self) -> RefusalKind {
        match self {
            Refusal::Fields(_)
            | Refusal::NotConfirmed { .. }
            | Refusal::WrongPassword
            | Refusal::NoSuchAction { .. } => RefusalKind::Invalid,
            Refusal::GrantCeiling { .. }
            | Refusal::MayNotGive { .. }
            | Refusal::MayNotTouch { .. }
            | Refusal::WrongAccount { .. }
            | Refusal::BadSignature
            | Refusal::NotByKey
            | Refusal::KeyRests
            | Refusal::NotSelfServe { .. }
            | Refusal::PlanNeeded { .. } => RefusalKind::Forbidden,
            Refusal::LastTopRole { .. }
            | Refusal::TransferOnly { .. }
            | Refusal::NoSelfRemoval
            | Refusal::NoSelfDeactivation
            | Refusal::NoSelfRoleChange
            | Refusal::BillingContactStays { .. }
            | Refusal::SecondBillingContact
            | Refusal::NoSuchVerb { .. }
            | Refusal::NoSuchLayer { .. }
            | Refusal::BuiltIn { .. }
            | Refusal::BuiltInEntity { .. }
            | Refusal::InUse { .. }
            | Refusal::NameTaken { .. }
            | Refusal::SlugTaken { .. }
            | Refusal::AddressTaken
            | Refusal::AlreadyMember
            | Refusal::AlreadyInvited { .. }
            | Refusal::InvitationExpired { .. }
            | Refusal::InvitationRevoked
            | Refusal::InvitationAccepted
            | Refusal::InvitationOutdated { .. }
            | Refusal::Already { .. }
            | Refusal::BadCredentials
            | Refusal::DeadLink
            | Refusal::TooMany { .. }
            | Refusal::Stale
            | Refusal::SwitchedOff { .. } => RefusalKind::Conflict,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        words::say(self, f)
    }
}

mod words;

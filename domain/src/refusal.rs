//! Refusals: why a rule rejects a request, with a stable code.
//! Long because every reason has a variant, a code and a kind.

use crate::connection::arrival::Turned;
use crate::export_file::state::NoFile;
use crate::text::unknown;

mod words;

/// The mistakes of one request that are reported at once.
pub const MOST_ERRORS: usize = 100;

/// A mistake in a field of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The field, as a JSON pointer (RFC 6901).
    pub pointer: String,
    /// The kind of mistake, for programs.
    pub code: &'static str,
    /// What is wrong and what is expected, for people.
    pub detail: String,
}

impl FieldError {
    /// A mistake in a field.
    #[must_use]
    pub fn new(
        pointer: impl Into<String>,
        code: &'static str,
        detail: impl Into<String>,
    ) -> FieldError {
        FieldError { pointer: pointer.into(), code, detail: detail.into() }
    }

    /// A required field that is missing.
    #[must_use]
    pub fn missing(pointer: impl Into<String>) -> FieldError {
        FieldError::new(pointer, "missing", "this field is required")
    }

    /// A word that names nothing, with the nearest of the names that exist.
    #[must_use]
    pub fn unknown<'n>(
        pointer: impl Into<String>,
        code: &'static str,
        (noun, word): (&str, &str),
        names: impl IntoIterator<Item = &'n str> + Clone,
    ) -> FieldError {
        FieldError::new(pointer, code, unknown(noun, word, names))
    }
}

/// What a refusal is about, which decides the status of the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalKind {
    /// The caller may not do it, in any state of the workspace.
    Forbidden,
    /// The state of the workspace does not allow it.
    Conflict,
    /// The request is wrong.
    Invalid,
}

/// Why a rule rejects a request.
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
    /// A member would get permissions that the grantor does not hold.
    GrantCeiling {
        /// The permissions, as `resource:action`.
        rights: Vec<String>,
        /// The same in words: `delete contacts`.
        words: Vec<String>,
    },
    /// The caller's role may not give this role.
    MayNotGive {
        /// The role's name.
        role: String,
    },
    /// The caller's role may not change holders of this role.
    MayNotTouch {
        /// The role's name.
        role: String,
    },
    /// Members cannot remove themselves here.
    NoSelfRemoval,
    /// Members cannot deactivate themselves here.
    NoSelfDeactivation,
    /// Members cannot change their own role here.
    NoSelfRoleChange,
    /// The billing contact stays until it is transferred.
    BillingContactStays {
        /// The workspaces, by name.
        workspaces: Vec<String>,
    },
    /// Only a person can have what a service account would get.
    PersonOnly {
        /// What it would get: `have the role Owner`.
        what: String,
    },
    /// Members are assigned to the manager, whose new role does not manage.
    StillManages,
    /// There is another billing contact already.
    SecondBillingContact,
    /// The access model does not have this verb for members.
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
    /// Record types of the access model cannot be deleted.
    BuiltInEntity {
        /// The record type's name.
        entity: String,
    },
    /// Something is in use.
    InUse {
        /// The noun: `role`, `profile`, `team`, `department`.
        noun: &'static str,
        /// What uses it, in words.
        by: String,
    },
    /// A name is taken.
    NameTaken {
        /// The noun: `role`, `team`, …
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
    /// A member has this address.
    AlreadyMember,
    /// An inactive member has this address.
    InactiveMember,
    /// The address has a pending invitation.
    AlreadyInvited {
        /// The invitation's id.
        invitation: String,
    },
    /// The invitation has expired.
    InvitationExpired {
        /// When.
        at: String,
    },
    /// The invitation was revoked, or its link replaced by a newer one.
    InvitationRevoked,
    /// The invitation was already accepted.
    InvitationAccepted,
    /// The invitation is for another address.
    WrongAccount {
        /// The address it is for.
        invited: String,
    },
    /// The invitation can no longer be accepted as it is.
    InvitationOutdated {
        /// Why, in words.
        why: &'static str,
    },
    /// It already has the status that it would get.
    Already {
        /// The status: `active`, `inactive`, …
        status: &'static str,
    },
    /// Only a holder of the top role may do it.
    TopRoleOnly {
        /// The role's name.
        role: String,
    },
    /// The comparison is of another text, or of a workspace that has changed since.
    ComparisonOutdated,
    /// The change is not the one that the preview has shown, or the workspace has changed since in a way
    /// that changes who gains and who loses what.
    PreviewOutdated,
    /// The record type has no longer what a saved view needs.
    ViewOutdated {
        /// What it lacks.
        faults: Vec<FieldError>,
    },
    /// The session looks at the workspace through the eyes of another member.
    ViewOnly,
    /// The access model does not let members do this; the operator can.
    NotSelfServe {
        /// The operation: `create a workspace`, …
        what: &'static str,
        /// How to reach the operator.
        contact: String,
    },
    /// The plan of the workspace does not include it.
    PlanNeeded {
        /// What needs it.
        entitlement: String,
        /// The lowest plan that has it, by name.
        plan: String,
    },
    /// The plan has to be paid before it counts.
    PaymentNeeded {
        /// The plan's name.
        plan: String,
        /// Where it can be paid, if the operator names a place.
        portal: Option<String>,
    },
    /// A connection lets people sign in only after a test.
    ConnectionUntested,
    /// Signing in at an identity provider did not work, or the request was too old.
    SignOnFailed,
    /// The identity provider has signed the person in, who may not enter.
    SignOnTurned(Turned),
    /// The email address or the password is wrong.
    BadCredentials,
    /// The account is disabled, and the request would let its person sign in.
    AccountDisabled,
    /// No other account could open the operator's console.
    LastOperator,
    /// The current password is wrong.
    WrongPassword,
    /// The code of a second factor is wrong, or was used before.
    WrongCode,
    /// The answer of a passkey does not prove that its owner is here.
    BadPasskey,
    /// The address of this server is one for which browsers make no passkeys.
    NoPasskeys,
    /// The account has no second factor, to replace or to reset.
    NoSecondFactor,
    /// The second factors of this member cannot be reset from the workspace.
    FactorsKept {
        /// How to reach the operator.
        contact: String,
    },
    /// The address of an account is not confirmed, and the request relies on it.
    AddressNotConfirmed {
        /// The address.
        email: String,
    },
    /// A link from a mail is unknown, used, or too old.
    DeadLink,
    /// The signature of a message is wrong or too old.
    BadSignature,
    /// An API key acts only in its workspace, and creates no other.
    NotByKey,
    /// The creator of the API key may no longer act for its member.
    KeyRests,
    /// Too many attempts.
    TooMany {
        /// Seconds until the next attempt is allowed.
        seconds: i64,
    },
    /// The server has no room for the request.
    Busy {
        /// Seconds until it may be repeated.
        seconds: i64,
    },
    /// The workspace has caused too many mails in a day.
    TooManyMails {
        /// How many a workspace may cause.
        most: i64,
    },
    /// A destructive request must be confirmed by a word.
    NotConfirmed {
        /// The word to send.
        word: String,
    },
    /// The audit log does not say enough to show the workspace as it was.
    HistoryIncomplete {
        /// What it does not say.
        why: String,
    },
    /// An export has no file that can be downloaded.
    NoExportFile(NoFile),
    /// It was changed since the caller read it.
    Stale,
    /// The record type has no such action, or one that is done in another way.
    NoSuchAction {
        /// The record type's name.
        resource: String,
        /// The action of the request.
        action: String,
        /// The actions that exist.
        known: Vec<String>,
    },
    /// The module is switched off in this workspace.
    SwitchedOff {
        /// Its name.
        resource: String,
    },
}

impl Refusal {
    /// A mistake in one field.
    #[must_use]
    pub fn field(
        pointer: impl Into<String>,
        code: &'static str,
        detail: impl Into<String>,
    ) -> Refusal {
        Refusal::Fields(vec![FieldError::new(pointer, code, detail)])
    }

    /// Passes when there is no mistake; else reports the first [`MOST_ERRORS`].
    ///
    /// # Errors
    ///
    /// `Fields`.
    pub fn unless_valid(errors: Vec<FieldError>) -> Result<(), Refusal> {
        if errors.is_empty() {
            return Ok(());
        }
        Err(Refusal::Fields(errors.into_iter().take(MOST_ERRORS).collect()))
    }

    /// The refusal with the names of the workspace and of custom roles in place of ids.
    #[must_use]
    pub fn with_names(self, workspace: &str, role_name: impl Fn(&str) -> String) -> Refusal {
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

    /// The stable code, for programs.
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
            Refusal::PersonOnly { .. } => "person_only",
            Refusal::StillManages => "still_manages",
            Refusal::SecondBillingContact => "second_billing_contact",
            Refusal::NoSuchVerb { .. } => "no_such_verb",
            Refusal::NoSuchLayer { .. } => "no_such_layer",
            Refusal::BuiltIn { .. } | Refusal::BuiltInEntity { .. } => "built_in",
            Refusal::InUse { .. } => "in_use",
            Refusal::NameTaken { .. } => "name_taken",
            Refusal::SlugTaken { .. } => "slug_taken",
            Refusal::AddressTaken => "address_taken",
            Refusal::AlreadyMember | Refusal::InactiveMember => "already_member",
            Refusal::AlreadyInvited { .. } => "already_invited",
            Refusal::InvitationExpired { .. } => "invitation_expired",
            Refusal::InvitationRevoked => "invitation_revoked",
            Refusal::InvitationAccepted => "invitation_accepted",
            Refusal::WrongAccount { .. } => "wrong_account",
            Refusal::InvitationOutdated { .. } => "invitation_outdated",
            Refusal::Already { .. } => "already",
            Refusal::NotSelfServe { .. } => "not_self_serve",
            Refusal::TopRoleOnly { .. } => "top_role_only",
            Refusal::ComparisonOutdated => "comparison_outdated",
            Refusal::PreviewOutdated => "preview_outdated",
            Refusal::ViewOutdated { .. } => "view_outdated",
            Refusal::ViewOnly => "view_only",
            Refusal::PlanNeeded { .. } => "plan_needed",
            Refusal::PaymentNeeded { .. } => "payment_needed",
            Refusal::ConnectionUntested => "connection_untested",
            Refusal::SignOnFailed => "sign_on_failed",
            Refusal::SignOnTurned(turned) => turned.word(),
            Refusal::BadCredentials => "bad_credentials",
            Refusal::AccountDisabled => "account_disabled",
            Refusal::LastOperator => "last_operator",
            Refusal::WrongPassword => "wrong_password",
            Refusal::WrongCode => "wrong_code",
            Refusal::BadPasskey => "bad_passkey",
            Refusal::NoPasskeys => "no_passkeys",
            Refusal::NoSecondFactor => "no_second_factor",
            Refusal::FactorsKept { .. } => "factors_kept",
            Refusal::AddressNotConfirmed { .. } => "address_not_confirmed",
            Refusal::DeadLink => "dead_link",
            Refusal::BadSignature => "bad_signature",
            Refusal::NotByKey => "not_by_key",
            Refusal::KeyRests => "key_rests",
            Refusal::TooMany { .. } => "too_many_attempts",
            Refusal::Busy { .. } => "busy",
            Refusal::TooManyMails { .. } => "too_many_mails",
            Refusal::NotConfirmed { .. } => "not_confirmed",
            Refusal::NoExportFile(NoFile::Preparing) => "export_preparing",
            Refusal::NoExportFile(NoFile::Outdated) => "export_outdated",
            Refusal::NoExportFile(NoFile::Expired) => "export_expired",
            Refusal::NoExportFile(NoFile::Ended) => "export_ended",
            Refusal::Stale => "stale",
            Refusal::HistoryIncomplete { .. } => "history_incomplete",
            Refusal::NoSuchAction { .. } => "no_such_action",
            Refusal::SwitchedOff { .. } => "switched_off",
        }
    }

    /// What the refusal is about.
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
            | Refusal::AddressNotConfirmed { .. }
            | Refusal::BadSignature
            | Refusal::NotByKey
            | Refusal::KeyRests
            | Refusal::NotSelfServe { .. }
            | Refusal::TopRoleOnly { .. }
            | Refusal::PlanNeeded { .. }
            | Refusal::SignOnFailed
            | Refusal::SignOnTurned(_) => RefusalKind::Forbidden,
            Refusal::LastTopRole { .. }
            | Refusal::TransferOnly { .. }
            | Refusal::NoSelfRemoval
            | Refusal::NoSelfDeactivation
            | Refusal::NoSelfRoleChange
            | Refusal::BillingContactStays { .. }
            | Refusal::PersonOnly { .. }
            | Refusal::StillManages
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
            | Refusal::InactiveMember
            | Refusal::AlreadyInvited { .. }
            | Refusal::InvitationExpired { .. }
            | Refusal::InvitationRevoked
            | Refusal::InvitationAccepted
            | Refusal::InvitationOutdated { .. }
            | Refusal::Already { .. }
            | Refusal::PaymentNeeded { .. }
            | Refusal::ConnectionUntested
            | Refusal::BadCredentials
            | Refusal::AccountDisabled
            | Refusal::LastOperator
            | Refusal::WrongCode
            | Refusal::BadPasskey
            | Refusal::NoPasskeys
            | Refusal::NoSecondFactor
            | Refusal::FactorsKept { .. }
            | Refusal::DeadLink
            | Refusal::TooMany { .. }
            | Refusal::Busy { .. }
            | Refusal::TooManyMails { .. }
            | Refusal::NoExportFile(_)
            | Refusal::Stale
            | Refusal::HistoryIncomplete { .. }
            | Refusal::ComparisonOutdated
            | Refusal::PreviewOutdated
            | Refusal::ViewOutdated { .. }
            | Refusal::ViewOnly
            | Refusal::SwitchedOff { .. } => RefusalKind::Conflict,
        }
    }
}

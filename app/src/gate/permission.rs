//! Permissions: what the gate is asked for, in the words of access models.

/// What the gate can be asked for.
pub trait Permission: Send + Sync {
    /// What the policy is asked.
    fn question(&self) -> Question<'_>;

    /// Erases the type, where a use case chooses between areas. A record permission grants nothing then.
    fn as_any_of(&self) -> AnyOf {
        AnyOf(match self.question() {
            Question::Area { area, verb } => Question::Area { area, verb },
            Question::Membership => Question::Membership,
            Question::OwnMembership => Question::OwnMembership,
            Question::Records { .. } | Question::Nothing => Question::Nothing,
        })
    }
}

/// A permission as a question to the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question<'q> {
    /// An area of the product and a verb, which a resource of the access model covers.
    Area {
        /// The name of the area.
        area: &'static str,
        /// The verb.
        verb: &'static str,
    },
    /// An action on a record type, by key.
    Records {
        /// The resource.
        resource: &'q str,
        /// The action.
        action: &'q str,
    },
    /// Whether the caller is an active member.
    Membership,
    /// Whether the caller is an active member and does something with their own membership.
    OwnMembership,
    /// No member has it.
    Nothing,
}

impl<'q> Question<'q> {
    /// The two words that name it in the audit log.
    #[must_use]
    pub fn words(self) -> (&'q str, &'q str) {
        match self {
            Question::Area { area, verb } => (area, verb),
            Question::Records { resource, action } => (resource, action),
            Question::OwnMembership => ("", "leave"),
            Question::Membership => ("", "read"),
            Question::Nothing => ("", ""),
        }
    }
}

/// A permission to write: only its pass opens a transaction for writing.
///
/// A use case with any other pass reads:
///
/// ```compile_fail,E0277
/// use hallpass_app::gate::permission::{ReadTeams, WritePermission};
///
/// fn writes(_: impl WritePermission) {}
/// writes(ReadTeams);
/// ```
///
/// ```
/// use hallpass_app::gate::permission::{UpdateTeams, WritePermission};
///
/// fn writes(_: impl WritePermission) {}
/// writes(UpdateTeams);
/// ```
pub trait WritePermission: Permission {
    /// Erases the type, like [`Permission::as_any_of`], of a permission to write.
    fn as_any_write_of(&self) -> AnyWriteOf {
        AnyWriteOf(self.as_any_of())
    }
}

macro_rules! permissions {
    ($($(#[doc = $doc:literal])* $name:ident = $area:literal . $verb:tt;)*) => {
        /// Each permission on an area, by its name, with the area and the verb.
        #[cfg(test)]
        pub(super) const OF_AREAS: &[(&str, &str, &str)] =
            &[$((stringify!($name), $area, $verb)),*];

        /// What each permission allows: its area, its verb, and a sentence.
        const SENTENCES: &[(&str, &str, &str)] =
            &[$(($area, $verb, concat!($($doc),*))),*];

        permissions! {@each $($(#[doc = $doc])* $name = $area . $verb;)*}
    };
    (@each $($(#[$doc:meta])* $name:ident = $area:literal . $verb:tt;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name;

        impl Permission for $name {
            fn question(&self) -> Question<'_> {
                Question::Area { area: $area, verb: $verb }
            }
        }

        permissions!(@write $name $verb);
    )*};
    (@write $name:ident "read") => {};
    (@write $name:ident $verb:tt) => {
        impl WritePermission for $name {}
    };
}

/// Every permission to read an area, with the name of the area.
pub(crate) fn to_read() -> impl Iterator<Item = (&'static str, AnyOf)> {
    let reading = SENTENCES.iter().filter(|(_, verb, _)| *verb == "read");
    reading.map(|(area, verb, _)| (*area, AnyOf(Question::Area { area, verb })))
}

/// What a verb in an area allows, as a verb phrase in the words of customers: "invite people".
pub(crate) fn phrase(area: &str, verb: &str) -> Option<String> {
    let mut known = SENTENCES.iter();
    let (_, _, sentence) = known.find(|known| (known.0, known.1) == (area, verb))?;
    let sentence = sentence.trim().trim_end_matches('.');
    let mut letters = sentence.chars();
    let first = letters.next()?.to_lowercase();
    Some(format!("{first}{}", letters.as_str()))
}

permissions! {
    /// Read members and invitations.
    ReadMembers = "members"."read";
    /// Invite people.
    Invite = "members"."create";
    /// Update members.
    UpdateMembers = "members"."update";
    /// Remove members and revoke invitations.
    RemoveMembers = "members"."delete";
    /// Reassign the records of one owner, many at once.
    ReassignRecords = "members"."reassign";
    /// Read custom roles.
    ReadRoles = "roles"."read";
    /// Create custom roles.
    CreateRoles = "roles"."create";
    /// Update custom roles.
    UpdateRoles = "roles"."update";
    /// Delete custom roles.
    DeleteRoles = "roles"."delete";
    /// Read profiles.
    ReadProfiles = "profiles"."read";
    /// Create profiles.
    CreateProfiles = "profiles"."create";
    /// Update profiles.
    UpdateProfiles = "profiles"."update";
    /// Delete profiles.
    DeleteProfiles = "profiles"."delete";
    /// Read teams.
    ReadTeams = "teams"."read";
    /// Create teams.
    CreateTeams = "teams"."create";
    /// Update teams and their members.
    UpdateTeams = "teams"."update";
    /// Delete teams.
    DeleteTeams = "teams"."delete";
    /// Read departments.
    ReadDepartments = "departments"."read";
    /// Create departments.
    CreateDepartments = "departments"."create";
    /// Update departments.
    UpdateDepartments = "departments"."update";
    /// Delete departments.
    DeleteDepartments = "departments"."delete";
    /// Read record types, fields and stages as settings.
    ReadSchema = "schema"."read";
    /// Create record types.
    CreateSchema = "schema"."create";
    /// Update record types and their fields.
    UpdateSchema = "schema"."update";
    /// Delete record types.
    DeleteSchema = "schema"."delete";
    /// Read record types for the sake of their stages.
    ReadPipelines = "pipelines"."read";
    /// Update stages.
    UpdatePipelines = "pipelines"."update";
    /// Read the general settings.
    ReadGeneral = "general"."read";
    /// Update the general settings.
    UpdateGeneral = "general"."update";
    /// Read the branding.
    ReadBranding = "branding"."read";
    /// Update the branding.
    UpdateBranding = "branding"."update";
    /// Read which modules are on.
    ReadModules = "modules"."read";
    /// Switch modules on and off.
    UpdateModules = "modules"."update";
    /// Read integrations.
    ReadIntegrations = "integrations"."read";
    /// Connect integrations.
    ConnectIntegrations = "integrations"."create";
    /// Configure integrations.
    UpdateIntegrations = "integrations"."update";
    /// Disconnect integrations.
    DisconnectIntegrations = "integrations"."delete";
    /// Read AI providers and models.
    ReadIntelligence = "intelligence"."read";
    /// Connect AI providers.
    ConnectIntelligence = "intelligence"."create";
    /// Update AI providers and models.
    UpdateIntelligence = "intelligence"."update";
    /// Disconnect AI providers.
    DisconnectIntelligence = "intelligence"."delete";
    /// Read how people sign in.
    ReadAuthentication = "authentication"."read";
    /// Update how people sign in.
    UpdateAuthentication = "authentication"."update";
    /// Read the security settings.
    ReadSecurity = "security"."read";
    /// Update the security settings, with the switches of the access model.
    UpdateSecurity = "security"."update";
    /// Read API keys.
    ReadApiKeys = "api_keys"."read";
    /// Create API keys.
    CreateApiKeys = "api_keys"."create";
    /// Revoke API keys.
    RevokeApiKeys = "api_keys"."delete";
    /// Read the audit log.
    ReadAudit = "audit"."read";
    /// Export the audit log, or that of roles.
    ExportAudit = "audit"."export";
    /// Read billing.
    ReadBilling = "billing"."read";
    /// Update billing.
    UpdateBilling = "billing"."update";
    /// Change the plan.
    ChangePlan = "billing"."plan";
    /// Transfer the billing contact.
    TransferBilling = "billing"."transfer";
    /// Read the text of the access model, and compare it with another one.
    ReadBlueprint = "blueprint"."read";
    /// Replace the access model.
    UpdateBlueprint = "blueprint"."update";
    /// Transfer ownership.
    TransferOwnership = "ownership"."transfer";
    /// Delete the workspace.
    DeleteWorkspace = "workspace"."delete";
    /// Export the workspace.
    ExportWorkspace = "workspace"."export";
    /// Read the dashboard.
    ReadDashboard = "dashboard"."read";
    /// Read reports.
    ReadReports = "reports"."read";
    /// Save reports.
    CreateReports = "reports"."create";
    /// Update saved reports.
    UpdateReports = "reports"."update";
    /// Delete saved reports.
    DeleteReports = "reports"."delete";
}

/// What every active member has: to read their own membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnyMember;

impl Permission for AnyMember {
    fn question(&self) -> Question<'_> {
        Question::Membership
    }
}

macro_rules! memberships {
    ($($(#[$doc:meta])* $name:ident = $question:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name;

        impl Permission for $name {
            fn question(&self) -> Question<'_> {
                Question::$question
            }
        }

        impl WritePermission for $name {}
    )*};
}

memberships! {
    /// To end one's own membership, which every active member may.
    Leave = OwnMembership;
    /// To disconnect one's own account from a connection, which every active member may.
    Disconnect = Membership;
    /// To end one's own view of the workspace as another member, which every active member may.
    StopViewing = OwnMembership;
    /// To cancel a bulk job, which every active member may do with their own.
    CancelBulkJob = Membership;
}

/// A permission whose type has been erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnyOf(Question<'static>);

impl Permission for AnyOf {
    fn question(&self) -> Question<'_> {
        self.0
    }
}

/// A permission to write whose type has been erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnyWriteOf(AnyOf);

impl Permission for AnyWriteOf {
    fn question(&self) -> Question<'_> {
        self.0.question()
    }
}

impl WritePermission for AnyWriteOf {}

/// The permission of a pass to write whose type has been erased: code that takes it is compiled once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Granted(pub(super) ());

impl Permission for Granted {
    fn question(&self) -> Question<'_> {
        Question::Nothing
    }
}

impl WritePermission for Granted {}

/// What admits someone who is not, or no longer, a member; access models have no permission for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Credential {
    /// The link of an invitation.
    Link,
    /// The creation of the workspace.
    Founding,
    /// The account whose membership ends.
    Account,
    /// The signature of Stripe.
    Signature,
    /// What an identity provider of the workspace has signed.
    Identity,
    /// A bulk job that ends, which its member may no longer do.
    BulkJob,
    /// The time at which members are reminded of something.
    Reminder,
}

impl Permission for Credential {
    fn question(&self) -> Question<'_> {
        Question::Nothing
    }
}

impl WritePermission for Credential {}

/// An action on the records of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordPermission {
    /// The resource, by key.
    pub resource: String,
    /// The action, by key.
    pub action: String,
}

impl RecordPermission {
    /// Makes the permission for an action on a resource.
    #[must_use]
    pub fn new(resource: &str, action: &str) -> RecordPermission {
        RecordPermission { resource: resource.to_owned(), action: action.to_owned() }
    }
}

impl Permission for RecordPermission {
    fn question(&self) -> Question<'_> {
        Question::Records { resource: &self.resource, action: &self.action }
    }
}

/// An action on a resource, by key, that changes records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordWritePermission(RecordPermission);

impl RecordWritePermission {
    /// An action on a resource.
    #[must_use]
    pub fn new(resource: &str, action: &str) -> RecordWritePermission {
        RecordWritePermission(RecordPermission::new(resource, action))
    }
}

impl Permission for RecordWritePermission {
    fn question(&self) -> Question<'_> {
        self.0.question()
    }
}

impl WritePermission for RecordWritePermission {}

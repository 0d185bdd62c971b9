//! The doors of the gate: what a use case is, as the access model names it.

/// Something that the gate can be asked for.
pub trait Permission: Send + Sync {
    /// The area of the product and the verb on it, for what settings open.
    fn area(&self) -> Option<(&'static str, &'static str)> {
        None
    }

    /// The resource and the action, by key, for what is no area.
    fn cell(&self) -> (&str, &str) {
        ("", "")
    }

    /// Whether every active member may.
    fn is_open_to_members(&self) -> bool {
        false
    }

    /// This door, where one of several areas is asked for; one that is none of an area opens nothing.
    fn as_any_of(&self) -> AnyOf {
        AnyOf { area: self.area(), is_open_to_members: self.is_open_to_members() }
    }
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $area:literal . $verb:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name;

        impl Permission for $name {
            fn area(&self) -> Option<(&'static str, &'static str)> {
                Some(($area, $verb))
            }
        }
    )*};
}

permissions! {
    /// To see people and invitations.
    ReadMembers = "members"."read";
    /// To invite people.
    Invite = "members"."create";
    /// To change what people may.
    UpdateMembers = "members"."update";
    /// To remove people and revoke invitations.
    RemoveMembers = "members"."delete";
    /// To see custom roles.
    ReadRoles = "roles"."read";
    /// To make custom roles.
    CreateRoles = "roles"."create";
    /// To change custom roles.
    UpdateRoles = "roles"."update";
    /// To delete custom roles.
    DeleteRoles = "roles"."delete";
    /// To see profiles.
    ReadProfiles = "profiles"."read";
    /// To make profiles.
    CreateProfiles = "profiles"."create";
    /// To change profiles.
    UpdateProfiles = "profiles"."update";
    /// To delete profiles.
    DeleteProfiles = "profiles"."delete";
    /// To see teams.
    ReadTeams = "teams"."read";
    /// To make teams.
    CreateTeams = "teams"."create";
    /// To change teams and who is in them.
    UpdateTeams = "teams"."update";
    /// To delete teams.
    DeleteTeams = "teams"."delete";
    /// To see departments.
    ReadDepartments = "departments"."read";
    /// To make departments.
    CreateDepartments = "departments"."create";
    /// To change departments.
    UpdateDepartments = "departments"."update";
    /// To delete departments.
    DeleteDepartments = "departments"."delete";
    /// To see record types, fields and stages as settings.
    ReadSchema = "schema"."read";
    /// To change record types and their fields.
    UpdateSchema = "schema"."update";
    /// To change stages.
    UpdatePipelines = "pipelines"."update";
    /// To see the general settings.
    ReadGeneral = "general"."read";
    /// To change the general settings.
    UpdateGeneral = "general"."update";
    /// To see the branding.
    ReadBranding = "branding"."read";
    /// To change the branding.
    UpdateBranding = "branding"."update";
    /// To see which modules are on.
    ReadModules = "modules"."read";
    /// To switch modules on and off.
    UpdateModules = "modules"."update";
    /// To see integrations.
    ReadIntegrations = "integrations"."read";
    /// To connect, configure and disconnect integrations.
    UpdateIntegrations = "integrations"."update";
    /// To see AI providers and models.
    ReadIntelligence = "intelligence"."read";
    /// To change AI providers and models.
    UpdateIntelligence = "intelligence"."update";
    /// To see how people sign in.
    ReadAuthentication = "authentication"."read";
    /// To change how people sign in.
    UpdateAuthentication = "authentication"."update";
    /// To see the rules of security.
    ReadSecurity = "security"."read";
    /// To change the rules of security, the switches of the access model among them.
    UpdateSecurity = "security"."update";
    /// To see API keys.
    ReadApiKeys = "api_keys"."read";
    /// To make API keys.
    CreateApiKeys = "api_keys"."create";
    /// To revoke API keys.
    RevokeApiKeys = "api_keys"."delete";
    /// To read the audit log.
    ReadAudit = "audit"."read";
    /// To take the audit log, or what is told of roles, out of the workspace.
    ExportAudit = "audit"."export";
    /// To see billing.
    ReadBilling = "billing"."read";
    /// To change payment.
    UpdateBilling = "billing"."update";
    /// To change the plan.
    ChangePlan = "billing"."plan";
    /// To hand the billing contact over.
    TransferBilling = "billing"."transfer";
    /// To hand ownership over.
    TransferOwnership = "ownership"."transfer";
    /// To delete the workspace.
    DeleteWorkspace = "workspace"."delete";
    /// To export the workspace.
    ExportWorkspace = "workspace"."export";
    /// To see the dashboard.
    ReadDashboard = "dashboard"."read";
    /// To see reports.
    ReadReports = "reports"."read";
}

/// What every active member may: see their own membership, leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnyMember;

impl Permission for AnyMember {
    fn is_open_to_members(&self) -> bool {
        true
    }
}

/// One of several doors that lead to the same thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnyOf {
    area: Option<(&'static str, &'static str)>,
    is_open_to_members: bool,
}

impl Permission for AnyOf {
    fn area(&self) -> Option<(&'static str, &'static str)> {
        self.area
    }

    fn is_open_to_members(&self) -> bool {
        self.is_open_to_members
    }
}

/// To look at a member: everybody at themselves, whoever may see people at anybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// At oneself.
    AtMyself,
    /// At somebody else.
    AtOthers,
}

impl Permission for Look {
    fn area(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Look::AtMyself => None,
            Look::AtOthers => ReadMembers.area(),
        }
    }

    fn is_open_to_members(&self) -> bool {
        *self == Look::AtMyself
    }
}

/// What somebody has proven who comes in without a seat, or while it ends: there is no door in the
/// access model for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Credential {
    /// That they have the link of an invitation, by the hash of its token.
    Link,
    /// That a workspace is theirs to found.
    Founding,
    /// That the account is theirs whose membership ends.
    Account,
    /// That Stripe signed the message.
    Signature,
}

impl Permission for Credential {}

/// An action on a resource, by key: what is done to records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordPermission {
    /// The resource.
    pub resource: String,
    /// The action.
    pub action: String,
}

impl RecordPermission {
    /// An action on a resource.
    #[must_use]
    pub fn new(resource: &str, action: &str) -> RecordPermission {
        RecordPermission { resource: resource.to_owned(), action: action.to_owned() }
    }
}

impl Permission for RecordPermission {
    fn cell(&self) -> (&str, &str) {
        (&self.resource, &self.action)
    }
}

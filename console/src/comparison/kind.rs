//! What can be compared with what, and which of it the reader may open.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{ReadAudit, ReadMembers, ReadProfiles, ReadRoles};

/// What a comparison is of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Two members.
    #[default]
    People,
    /// Two roles.
    Roles,
    /// A member with a role alone.
    Given,
    /// Two profiles, or a profile with a template.
    Profiles,
    /// A custom role with how it was created.
    Created,
    /// The workspace after an audit entry, with later.
    Moments,
}

impl Kind {
    /// Every kind, in the order of the tabs.
    pub(super) const EVERY: [Kind; 6] =
        [Kind::People, Kind::Roles, Kind::Given, Kind::Created, Kind::Profiles, Kind::Moments];

    /// The word in the address of the page.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Kind::People => "people",
            Kind::Roles => "roles",
            Kind::Given => "given",
            Kind::Profiles => "profiles",
            Kind::Created => "created",
            Kind::Moments => "moments",
        }
    }

    /// The text of its tab.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Kind::People => "compare-people",
            Kind::Roles => "compare-roles",
            Kind::Given => "compare-given",
            Kind::Profiles => "compare-profiles",
            Kind::Created => "compare-created",
            Kind::Moments => "compare-moments",
        }
    }

    /// The sentence under the title.
    pub(super) const fn intro(self) -> &'static str {
        match self {
            Kind::People => "compare-people-intro",
            Kind::Roles => "compare-roles-intro",
            Kind::Given => "compare-given-intro",
            Kind::Profiles => "compare-profiles-intro",
            Kind::Created => "compare-created-intro",
            Kind::Moments => "compare-moments-intro",
        }
    }

    /// Whether the two sides may change places.
    pub(super) const fn is_symmetric(self) -> bool {
        matches!(self, Kind::People | Kind::Roles | Kind::Profiles)
    }

    /// Whether a difference means records.
    pub(super) const fn counts_records(self) -> bool {
        matches!(self, Kind::People | Kind::Roles | Kind::Given | Kind::Moments)
    }

    fn is_open(self, ctx: &WorkspaceContext) -> bool {
        let blueprint = ctx.model().blueprint();
        let reads_roles = ctx.opens(&ReadRoles) || ctx.opens(&ReadMembers);
        match self {
            Kind::People | Kind::Given => ctx.opens(&ReadMembers),
            Kind::Roles => reads_roles,
            Kind::Created => blueprint.custom_roles.is_some() && reads_roles,
            Kind::Profiles => blueprint.profiles.is_some() && ctx.opens(&ReadProfiles),
            Kind::Moments => ctx.opens(&ReadAudit),
        }
    }

    /// The kinds that the reader may open.
    pub(super) fn open(ctx: &WorkspaceContext) -> Vec<Kind> {
        Kind::EVERY.into_iter().filter(|kind| kind.is_open(ctx)).collect()
    }
}

/// Whether the reader may compare anything.
pub(crate) fn is_open(ctx: &WorkspaceContext) -> bool {
    !Kind::open(ctx).is_empty()
}

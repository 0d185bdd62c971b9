//! References in requests: resolves roles, profiles, teams and departments by id, key or name.
//!
//! A reference is parsed once, where the request is read, and resolved here. **Invariant:** that takes
//! a pass, so that nothing reveals which names exist before the gate has let the member in.

use std::collections::{HashMap, HashSet};
use std::fmt;

use hallpass_domain::id::{DepartmentId, ProfileId, RoleId, TeamId};
use hallpass_domain::record::Owner;
pub use hallpass_domain::record::OwnerRef;
use hallpass_domain::refusal::FieldError;
use hallpass_domain::text::fold;
use hallpass_engine::text::suggestion;

use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{
    ReadDepartments, ReadMembers, ReadProfiles, ReadRoles, ReadTeams,
};
use crate::gate::{Pass, Permission};

pub(crate) mod label;

macro_rules! references {
    ($($(#[$doc:meta])* $name:ident($id:ty), $names:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            /// By id.
            Id($id),
            #[doc = $names]
            Name(String),
        }

        impl From<$id> for $name {
            fn from(id: $id) -> $name {
                $name::Id(id)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> $name {
                text.parse().map_or_else(|_| $name::Name(text.to_owned()), $name::Id)
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> $name {
                text.parse().map_or($name::Name(text), $name::Id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $name::Id(id) => id.fmt(f),
                    $name::Name(name) => name.fmt(f),
                }
            }
        }
    )*};
}

references! {
    /// A reference to a role.
    RoleRef(RoleId), "By the key of a built-in role, or by the name of a custom one.";
    /// A reference to a profile.
    ProfileRef(ProfileId), "By the key of its template, or by name.";
    /// A reference to a team.
    TeamRef(TeamId), "By name.";
    /// A reference to a department.
    DepartmentRef(DepartmentId), "By name, if only one department has it.";
}

/// A role that a reference resolves to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FoundRole {
    /// A built-in role, by key.
    BuiltIn(String),
    /// A custom role.
    Custom(RoleId),
}

impl FoundRole {
    /// The key of a built-in role, or the id of a custom one.
    pub(crate) fn key(&self) -> String {
        match self {
            FoundRole::BuiltIn(key) => key.clone(),
            FoundRole::Custom(id) => id.to_string(),
        }
    }
}

/// A reference that resolves to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Unresolved {
    noun: &'static str,
    name: String,
    /// The names that the member may see.
    names: Vec<String>,
    is_ambiguous: bool,
}

impl Unresolved {
    fn new(noun: &'static str, name: impl fmt::Display, names: Vec<String>) -> Unresolved {
        Unresolved { noun, name: name.to_string(), names, is_ambiguous: false }
    }

    /// The error of a path that contains the reference.
    pub(crate) fn missing(self) -> Error {
        Error::Missing { noun: self.noun }
    }

    /// The error of the field that contains the reference.
    pub(crate) fn field(&self, pointer: impl Into<String>) -> FieldError {
        let Unresolved { noun, name, names, is_ambiguous } = self;
        if *is_ambiguous {
            let detail = format!("more than one {noun} is called `{name}`; use an id");
            return FieldError::new(pointer, "unknown", detail);
        }
        let suggestion = suggestion(name, names.iter().map(String::as_str));
        let suggestion = suggestion.map(|text| format!("; {text}")).unwrap_or_default();
        FieldError::new(pointer, "unknown", format!("no {noun} `{name}`{suggestion}"))
    }
}

/// What a reference resolves to.
pub(crate) type Lookup<T> = Result<T, Unresolved>;

/// Resolves a reference to an owner. The operator, who is no member, owns nothing.
pub(crate) fn owner(ctx: &WorkspaceContext, owner: OwnerRef) -> Owner {
    match owner {
        OwnerRef::Me => ctx.member_id().map_or(Owner::Unowned, Owner::Member),
        OwnerRef::Unowned => Owner::Unowned,
        OwnerRef::Member(id) => Owner::Member(id),
    }
}

/// Resolves a reference to a role.
pub(crate) fn role<P>(
    ctx: &WorkspaceContext,
    _: &Pass<P>,
    role: &RoleRef,
) -> Lookup<FoundRole> {
    let (model, names) = (ctx.model(), &ctx.snapshot().names);
    let custom = || {
        let ids =
            names.iter().filter_map(|(id, name)| Some((id.parse::<RoleId>().ok()?, name)));
        ids.filter(|(id, _)| model.custom_role(*id).is_some())
    };
    let found = match role {
        RoleRef::Id(id) if model.custom_role(*id).is_some() => Some(FoundRole::Custom(*id)),
        RoleRef::Id(_) => None,
        RoleRef::Name(key) if model.blueprint().role(key).is_some() => {
            Some(FoundRole::BuiltIn(key.clone()))
        }
        RoleRef::Name(name) => {
            let wanted = fold(name);
            let found = custom().find(|(_, name)| fold(name) == wanted);
            found.map(|(id, _)| FoundRole::Custom(id))
        }
    };
    found.ok_or_else(|| {
        let built_in = model.blueprint().roles.iter().map(|role| role.key.clone());
        let may_read = ctx.opens(&ReadRoles) || ctx.opens(&ReadMembers);
        let mut custom: Vec<String> = custom().map(|(_, name)| name.clone()).collect();
        custom.retain(|_| may_read);
        custom.sort_unstable();
        Unresolved::new("role", role, built_in.chain(custom).collect())
    })
}

/// Resolves a reference to a profile.
pub(crate) async fn profile(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    profile: &ProfileRef,
) -> Result<Lookup<ProfileId>, Error> {
    let profiles = ctx.read(pass)?.profiles().list_all().await?;
    let found = match profile {
        ProfileRef::Id(id) => profiles.iter().find(|known| known.id == *id),
        ProfileRef::Name(name) => {
            let wanted = fold(name);
            let by_key = profiles.iter().find(|known| known.template.as_ref() == Some(name));
            by_key.or_else(|| profiles.iter().find(|known| known.name.key() == wanted))
        }
    };
    Ok(found.map(|known| known.id).ok_or_else(|| {
        let names = profiles.iter().filter(|_| ctx.opens(&ReadProfiles));
        let names = names.map(|known| known.name.to_string()).collect();
        Unresolved::new("profile", profile, names)
    }))
}

/// Resolves references to teams, in one query.
pub(crate) async fn teams(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    wanted: &[TeamRef],
) -> Result<Vec<Lookup<TeamId>>, Error> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let teams = ctx.read(pass)?.teams().list_all().await?;
    let by_id: HashSet<TeamId> = teams.iter().map(|known| known.id).collect();
    let by_name: HashMap<String, TeamId> =
        teams.iter().map(|known| (known.name.key(), known.id)).collect();
    let find = |team: &TeamRef| match team {
        TeamRef::Id(id) => by_id.get(id).copied(),
        TeamRef::Name(name) => by_name.get(&fold(name)).copied(),
    };
    let names = || {
        let names = teams.iter().filter(|_| ctx.opens(&ReadTeams));
        names.map(|known| known.name.to_string()).collect()
    };
    let found = wanted.iter();
    Ok(found
        .map(|team| find(team).ok_or_else(|| Unresolved::new("team", team, names())))
        .collect())
}

/// Resolves a reference to a team.
pub(crate) async fn team(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    team: &TeamRef,
) -> Result<Lookup<TeamId>, Error> {
    let mut found = teams(ctx, pass, std::slice::from_ref(team)).await?;
    Ok(found.pop().unwrap_or_else(|| Err(Unresolved::new("team", team, Vec::new()))))
}

/// Resolves a reference to a department.
pub(crate) async fn department(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    department: &DepartmentRef,
) -> Result<Lookup<DepartmentId>, Error> {
    let departments = ctx.read(pass)?.departments().list_all().await?;
    let mut found: Vec<DepartmentId> = departments.iter().map(|known| known.id).collect();
    match department {
        DepartmentRef::Id(wanted) => found.retain(|id| id == wanted),
        DepartmentRef::Name(name) => {
            let wanted = fold(name);
            let named = departments.iter().filter(|known| known.name.key() == wanted);
            found = named.map(|known| known.id).collect();
        }
    }
    if let [only] = found.as_slice() {
        return Ok(Ok(*only));
    }
    let names = departments.iter().filter(|_| ctx.opens(&ReadDepartments));
    let names = names.map(|known| known.name.to_string()).collect();
    let unresolved = Unresolved::new("department", department, names);
    Ok(Err(Unresolved { is_ambiguous: !found.is_empty(), ..unresolved }))
}

//! Boundaries: the most that a member may do in one context, such as in the requests of an API key.
//!
//! **Invariant:** a boundary takes away and gives nothing. Whatever a bounded policy allows, the policy
//! without the boundary allows too, and members other than the bounded one are not concerned.

use std::fmt;
use std::sync::Arc;

use crate::blueprint::Resource;
use crate::blueprint::grants::{check_owners, unknown_actions, unknown_resources};
use crate::catalog::{Catalog, Cell};
use crate::compiled_grants::scopes_by_cell;
use crate::grant::{Actions, Grant, GrantError};
use crate::member_table::MemberIndex;
use crate::relations::Relations;
use crate::scope::{Scope, Scopes};

/// The most that a member may do, as permission strings without a scope: `contacts:read`,
/// `contacts:update:own`, `@settings:read`, `*:read`. A wildcard covers resources that are added later.
///
/// ```
/// use hallpass_engine::Boundary;
/// let boundary = Boundary::parse(["contacts:read", "deals:read,update:own"]).unwrap();
/// assert_eq!(boundary.to_string(), "contacts:read, deals:read,update:own");
/// assert!(Boundary::parse(["contacts"]).is_err());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Boundary(Vec<Grant>);

/// What is wrong with an entry of a boundary: its position, and why.
pub type WrongEntry = (usize, GrantError);

impl Boundary {
    /// Reads a boundary, whose names are not checked.
    ///
    /// # Errors
    ///
    /// What is wrong with each entry.
    pub fn parse<'t>(
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Result<Boundary, Vec<WrongEntry>> {
        let (mut grants, mut errors) = (Vec::new(), Vec::new());
        for (place, text) in texts.into_iter().enumerate() {
            match parse_entry(text) {
                Ok(grant) => grants.push(grant),
                Err(error) => errors.push((place, error)),
            }
        }
        if errors.is_empty() { Ok(Boundary(grants)) } else { Err(errors) }
    }

    /// What is wrong with the names in it, where a workspace has these resources.
    ///
    /// ```
    /// use hallpass_engine::Boundary;
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let boundary = Boundary::parse(["contacts:read", "contact:read"]).unwrap();
    /// let errors = boundary.check(policy.resources());
    /// assert_eq!(errors[0].0, 1);
    /// assert_eq!(errors[0].1.to_string(), "unknown resource `contact`; did you mean `contacts`?");
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn check(&self, resources: &[Resource]) -> Vec<WrongEntry> {
        let wrong = |(place, grant): (usize, &Grant)| {
            let errors = unknown_resources(grant, resources).into_iter();
            let errors = errors.chain(unknown_actions(grant, resources));
            let errors: Vec<GrantError> =
                errors.chain(check_owners(grant, resources)).collect();
            errors.into_iter().map(move |error| (place, error))
        };
        self.0.iter().enumerate().flat_map(wrong).collect()
    }

    /// Its entries, as they are read.
    pub fn entries(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(entry)
    }

    /// Whether it covers everything, including resources added later.
    #[must_use]
    pub fn covers_everything(&self) -> bool {
        self.0.iter().any(|grant| {
            grant.on == crate::grant::GrantTarget::Everything
                && grant.actions == Actions::Every
                && grant.scope == Scope::All
        })
    }

    /// How far it covers an action of a resource, by key.
    ///
    /// ```
    /// use hallpass_engine::{Boundary, Limit};
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let boundary = Boundary::parse(["@records:read:own"]).unwrap();
    /// let deals = policy.resources().iter().find(|known| known.key == "deals").unwrap();
    /// assert_eq!(boundary.limit(deals, "read"), Limit::Own);
    /// assert_eq!(boundary.limit(deals, "update"), Limit::Nothing);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn limit(&self, resource: &Resource, action: &str) -> Limit {
        let on = self.0.iter().filter(|grant| resource.is_granted(grant, action));
        Limit::of(on.map(|grant| grant.scope).collect())
    }
}

impl fmt::Display for Boundary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.entries().collect::<Vec<_>>().join(", "))
    }
}

/// An entry as it is read: the scope `all` is left out.
fn entry(grant: &Grant) -> String {
    let text = grant.to_string();
    text.strip_suffix(":all").map_or(text.clone(), str::to_owned)
}

fn parse_entry(text: &str) -> Result<Grant, GrantError> {
    let parts = text.split(':').count();
    let parsed: Result<Grant, GrantError> = match parts {
        2 => format!("{text}:all").parse(),
        3 => text.parse(),
        _ => {
            return Err(GrantError {
                message: format!("`{}` is no scope of an API key", text.escape_debug()),
                hint: Some(
                    "write `resource:action`, such as `contacts:read`, `contacts:update:own` or `*:read`"
                        .to_owned(),
                ),
            });
        }
    };
    let grant = parsed?;
    match grant.scope {
        Scope::All | Scope::Own => Ok(grant),
        Scope::Assigned | Scope::Team | Scope::Department | Scope::Visible | Scope::Unowned => {
            Err(GrantError {
                message: format!("the scope `{}` cannot limit an API key", grant.scope),
                hint: Some("use `own`, or leave it out".to_owned()),
            })
        }
    }
}

/// How far a boundary covers a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Limit {
    /// Not at all.
    #[default]
    Nothing,
    /// For the member's own records.
    Own,
    /// As far as the member has it.
    All,
}

/// The relations that reach own records.
const REACH_OWN: Relations = Relations::SELF.union(Relations::ALL);

impl Limit {
    fn of(scopes: Scopes) -> Limit {
        scopes.iter().fold(Limit::Nothing, |limit, scope| match scope {
            Scope::All => Limit::All,
            Scope::Own if limit == Limit::Nothing => Limit::Own,
            Scope::Own
            | Scope::Assigned
            | Scope::Team
            | Scope::Department
            | Scope::Visible
            | Scope::Unowned => limit,
        })
    }

    /// The relations of grants, within the limit.
    #[inline]
    pub(crate) fn cap(self, admitted: Relations) -> Relations {
        match self {
            Limit::All => admitted,
            Limit::Own => Relations::SELF.when(admitted.intersects(REACH_OWN)),
            Limit::Nothing => Relations::NONE,
        }
    }

    /// Whether relations that are both admitted and holding are still enough within the limit.
    #[inline]
    pub(crate) fn admits(self, matched: Relations, holding: Relations) -> bool {
        match self {
            Limit::All => true,
            Limit::Own => holding.contains(Relations::SELF) && matched.intersects(REACH_OWN),
            Limit::Nothing => false,
        }
    }
}

/// A boundary resolved to the cells of a policy, for one of its members.
#[derive(Clone, Debug)]
pub(crate) struct Bounded {
    pub(crate) member: MemberIndex,
    pub(crate) boundary: Arc<Boundary>,
    limits: Box<[Limit]>,
}

impl Bounded {
    pub(crate) fn new(
        catalog: &Catalog,
        member: MemberIndex,
        boundary: &Arc<Boundary>,
    ) -> Bounded {
        let scopes = scopes_by_cell(&boundary.0, catalog);
        let limits = scopes.into_iter().map(Limit::of).collect();
        Bounded { member, boundary: Arc::clone(boundary), limits }
    }

    pub(crate) fn limit(&self, cell: Cell) -> Limit {
        self.limits.get(usize::from(cell.0)).copied().unwrap_or_default()
    }
}

//! Two members, roles or profiles of one model compared.

use hallpass_engine::{
    Cells, Change, Difference, Filter, Member, Owners, Reach, Relations, Resource, Scope,
    Scopes, Side, Visibility,
};
use uuid::Uuid;

use super::Switched;
use crate::id::MemberId;
use crate::member::MemberAccess;
use crate::model::Model;
use crate::refusal::Refusal;

/// The holders of two roles that are compared: they are in no team and no department, and own nothing. No
/// member has their ids.
pub const HOLDERS: (MemberId, MemberId) =
    (MemberId(Uuid::from_u128(u128::MAX - 1)), MemberId(Uuid::max()));

impl Switched<'_> {
    /// Lists what another member reaches that a member does not, and the reverse, as
    /// [`hallpass_engine::Policy::compare_members`] does.
    #[must_use]
    pub fn compare_members(&self, member: MemberId, other: MemberId) -> Vec<Difference> {
        let pair = self.model.index(member).zip(self.model.index(other));
        let policy = self.model.policy();
        self.on(
            pair.map_or_else(Vec::new, |(member, other)| policy.compare_members(member, other))
        )
    }

    /// Lists what the second of the [`HOLDERS`] covers that the first does not, and the reverse.
    #[must_use]
    pub fn compare_holders(&self) -> Vec<Difference> {
        let pair = self.model.index(HOLDERS.0).zip(self.model.index(HOLDERS.1));
        let policy = self.model.policy();
        self.on(pair
            .map_or_else(Vec::new, |(one, other)| policy.compare_own_grants(one, other)))
    }

    /// Lists what a member gains and loses when this becomes another model with the same access model.
    #[must_use]
    pub fn compare_member(&self, after: &Switched<'_>, member: MemberId) -> Vec<Difference> {
        let (was, is) = (self.model.policy(), after.model.policy());
        let cells: Vec<_> = is.cells().collect();
        self.on(was.compare_some(is, after.model.index(member), &cells))
    }

    /// Lists what a profile grants to a team that another does not, and the reverse.
    #[must_use]
    pub fn compare_profiles(&self, cells: &Cells, other: &Cells) -> Vec<Difference> {
        let resources = self.model.policy().resources().iter();
        let actions = resources.flat_map(|resource| {
            resource.actions.iter().map(move |action| (resource, action.key.as_str()))
        });
        let compared = actions.filter_map(|(resource, action)| {
            let (was, is) =
                (granted(cells, resource, action), granted(other, resource, action));
            (was != is).then(|| Difference {
                member: HOLDERS.1.to_string(),
                resource: resource.key.clone(),
                action: action.to_owned(),
                before: side(was),
                after: side(is),
                gains: is > was,
                loses: was > is,
            })
        });
        self.on(compared.collect())
    }

    fn on(&self, mut differences: Vec<Difference>) -> Vec<Difference> {
        differences.retain(|one| (self.is_on)(&one.resource));
        differences
    }
}

impl Model {
    /// The model if some members were others, or there were more. No guard is asked: it is for
    /// comparisons, and not for changes.
    ///
    /// # Errors
    ///
    /// `Fields` with what the access model does not allow.
    pub fn supposing(&self, members: &[Member]) -> Result<Model, Refusal> {
        let changes: Vec<Change> = members.iter().cloned().map(Change::PutMember).collect();
        self.put_all(&changes)
    }

    /// The model with the [`HOLDERS`] of two roles.
    ///
    /// # Errors
    ///
    /// As [`Model::supposing`].
    pub fn with_holders(&self, role: &str, other: &str) -> Result<Model, Refusal> {
        let holder = |id: MemberId, role: &str| {
            MemberAccess::new(self.blueprint(), role).to_engine(id, true)
        };
        self.supposing(&[holder(HOLDERS.0, role), holder(HOLDERS.1, other)])
    }

    /// The model if a member had a role and nothing beside it: no levels, no teams, no flag, and the
    /// visibility that the role starts with. They stay in their department and keep the members who are
    /// assigned to them.
    ///
    /// # Errors
    ///
    /// As [`Model::supposing`].
    pub fn with_bare_role(&self, id: MemberId, role: &str) -> Result<Model, Refusal> {
        let Some(member) = self.member(id) else { return Ok(self.clone()) };
        let bare = MemberAccess::new(self.blueprint(), role).to_engine(id, member.is_active);
        self.supposing(&[Member {
            department: member.department.clone(),
            manager: member.manager.clone(),
            ..bare
        }])
    }
}

/// The scope of a cell within that of the reading that bounds it; the scopes of profiles are in the order
/// of their width.
fn granted(cells: &Cells, resource: &Resource, action: &str) -> Option<Scope> {
    let scope = cells.grants(resource, action);
    let index = resource.actions.iter().position(|known| known.key == action);
    let read = resource.key_of(resource.read);
    match read.filter(|_| index.is_some_and(|index| resource.is_bounded(index))) {
        Some(read) => scope.min(cells.grants(resource, read)),
        None => scope,
    }
}

fn side(scope: Option<Scope>) -> Side {
    let relations = scope
        .map_or(Relations::NONE, |scope| Relations::of(Scopes::from(scope), Visibility::All));
    let filter = match scope {
        None => Filter::Nothing,
        Some(Scope::All) => Filter::All,
        Some(_) => Filter::Owners(Owners::default()),
    };
    Side { reach: Reach { relations, ..Reach::default() }, filter }
}

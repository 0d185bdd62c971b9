//! Policies in which one member may do at most what a boundary covers.

use std::sync::Arc;

use crate::boundary::{Boundary, Bounded, Limit};
use crate::catalog::Cell;
use crate::decide::Target;
use crate::member_table::MemberIndex;
use crate::policy::Policy;
use crate::relations::Relations;

impl Policy {
    /// The policy in which a member may do at most what a boundary covers; other members may do what they
    /// may do without it. It counts for every question, and stays through [`Policy::apply`].
    ///
    /// ```
    /// use std::sync::Arc;
    /// use hallpass_engine::{Boundary, Target};
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let anna = policy.member("anna").unwrap();
    /// let boundary = Boundary::parse(["contacts:read"]).unwrap();
    /// let bounded = policy.bounded(anna, &Arc::new(boundary));
    /// let (read, update) = (policy.cell("contacts", "read").unwrap(), policy.cell("contacts", "update").unwrap());
    /// assert!(bounded.decide(anna, read, Target::Any));
    /// assert!(policy.decide(anna, update, Target::Any) && !bounded.decide(anna, update, Target::Any));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn bounded(&self, member: MemberIndex, boundary: &Arc<Boundary>) -> Policy {
        let bounded = Bounded::new(&self.compiled.catalog, member, boundary);
        Policy { bounded: Some(Arc::new(bounded)), ..self.clone() }
    }

    /// The policy without its boundary.
    #[must_use]
    pub fn unbounded(&self) -> Policy {
        Policy { bounded: None, ..self.clone() }
    }

    /// The boundary, if there is one.
    #[must_use]
    pub fn boundary(&self) -> Option<&Arc<Boundary>> {
        self.bounded.as_ref().map(|bounded| &bounded.boundary)
    }

    /// Whether the boundary covers no action of any resource that exists.
    #[must_use]
    pub fn is_bounded_to_nothing(&self) -> bool {
        let limits =
            self.bounded.as_ref().map(|bounded| self.cells().map(|cell| bounded.limit(cell)));
        limits.is_some_and(|mut limits| limits.all(|limit| limit == Limit::Nothing))
    }

    /// How far the boundary covers a cell for a member.
    #[inline]
    pub(crate) fn limit_on(&self, member: MemberIndex, cell: Cell) -> Limit {
        match &self.bounded {
            Some(bounded) if bounded.member == member => bounded.limit(cell),
            Some(_) | None => Limit::All,
        }
    }

    /// How far the boundary covers a cell and the read cell that bounds it; none for members without a
    /// boundary.
    #[inline]
    pub(crate) fn limits(&self, member: MemberIndex, cell: Cell) -> Option<(Limit, Limit)> {
        let bounded = self.bounded.as_ref().filter(|bounded| bounded.member == member)?;
        let read = self.compiled.catalog.bound(cell).unwrap_or(cell);
        Some((bounded.limit(cell), bounded.limit(read)))
    }

    /// Whether the boundary covers a cell for own records alone.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let read = policy.cell("contacts", "read").unwrap();
    /// assert!(!policy.is_bounded_to_own(read));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn is_bounded_to_own(&self, cell: Cell) -> bool {
        self.bounded.as_ref().is_some_and(|bounded| bounded.limit(cell) == Limit::Own)
    }

    /// Whether grants that admit a target are out of the bounds of the member.
    pub(crate) fn is_out_of_bounds(
        &self,
        member: MemberIndex,
        cell: Cell,
        (target, matched): (Target, Relations),
    ) -> bool {
        let limit = self.limit_on(member, cell);
        limit != Limit::All && !limit.admits(matched, self.all_relations(member, target))
    }
}

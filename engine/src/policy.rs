//! The policy: a blueprint and a workspace, compiled to an immutable snapshot for decisions.

use std::sync::Arc;

use foldhash::fast::FixedState;

use crate::blueprint::{Blueprint, Resource};
use crate::boundary::Bounded;
use crate::catalog::Cell;
use crate::class::ClassKey;
use crate::classes::Classes;
use crate::compiled_grants::CompiledGrants;
use crate::member_table::{ABSENT, MemberIndex, MemberLinks, MemberTable, NO_CLASS, Row};
use crate::mistake::{Mistake, Mistakes};
use crate::resolve::Resolver;
use crate::size::Rows;
use crate::team_grants::TeamGrants;
use crate::tree::Tree;
use crate::workspace::{Member, Workspace};

/// A blueprint and a workspace, compiled. A policy is immutable: a change returns a new one, which
/// shares what is equal. So cloning is cheap, and readers never block.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) member_table: MemberTable,
    pub(crate) classes: Classes,
    pub(crate) team_grants: TeamGrants,
    pub(crate) compiled: Arc<CompiledGrants>,
    /// What one member may do at most, in the context that the policy is for.
    pub(crate) bounded: Option<Arc<Bounded>>,
    /// Shared by all policies that changes derive from one another; their handles are compatible.
    pub(crate) lineage: Arc<()>,
}

impl Policy {
    /// Compiles a blueprint and a workspace.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use hallpass_engine::{Blueprint, Member, Policy, Workspace};
    /// let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// let workspace = Workspace { members: vec![Member::new("anna", "owner")], ..Workspace::default() };
    /// let policy = Policy::compile(&blueprint, &workspace)?;
    /// assert!(policy.member("anna").is_some());
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Every mistake in the workspace: unknown and duplicate ids, grants that the blueprint does not
    /// allow, cycles of departments or managers.
    pub fn compile(
        blueprint: &Arc<Blueprint>,
        workspace: &Workspace,
    ) -> Result<Policy, Mistakes> {
        let compiled = CompiledGrants::new(blueprint, workspace).map_err(Mistakes)?;
        let tree = Tree::new(&workspace.departments).map_err(Mistakes)?;
        let team_grants = TeamGrants::new(&compiled, &workspace.teams).map_err(Mistakes)?;
        let departments = workspace.departments.len();
        let indirect = compiled.counts_indirect_reports();
        let mut member_table = MemberTable::new(tree, team_grants.len(), departments, indirect);
        let classes =
            add_members(&compiled, &team_grants, &mut member_table, &workspace.members)
                .map_err(Mistakes)?;
        Ok(Policy {
            member_table,
            classes,
            team_grants,
            compiled: Arc::new(compiled),
            bounded: None,
            lineage: Arc::new(()),
        })
    }

    /// The blueprint.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// assert_eq!(policy.blueprint().id, "small");
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn blueprint(&self) -> &Arc<Blueprint> {
        &self.compiled.blueprint
    }

    /// Resolves the id of a member, active or inactive.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let anna = policy.member("anna").unwrap();
    /// assert_eq!(policy.member("anna"), Some(anna));
    /// assert_eq!(policy.member("cleo"), None);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn member(&self, id: &str) -> Option<MemberIndex> {
        self.member_table.find(id).map(MemberIndex)
    }

    /// Resolves the keys of a resource and an action.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::{Blueprint, Policy, Workspace};
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// let policy = Policy::compile(&blueprint, &Workspace::default())?;
    /// assert!(policy.cell("contacts", "read").is_some());
    /// assert!(policy.cell("contacts", "close").is_none());
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn cell(&self, resource: &str, action: &str) -> Option<Cell> {
        self.compiled.catalog.cell(resource, action)
    }

    /// Every cell, in the order of the blueprint.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let read = policy.cell("contacts", "read").unwrap();
    /// assert!(policy.cells().any(|cell| cell == read));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    pub fn cells(&self) -> impl Iterator<Item = Cell> {
        self.compiled.catalog.cells()
    }

    /// Every resource: those of the blueprint, then the record types that the workspace added.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// assert_eq!(policy.resources().len(), 3);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn resources(&self) -> &[Resource] {
        self.compiled.catalog.resources()
    }

    /// The keys of the resource and the action of a cell.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let read = policy.cell("contacts", "read").unwrap();
    /// assert_eq!(policy.keys(read), ("contacts", "read"));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn keys(&self, cell: Cell) -> (&str, &str) {
        let resource =
            self.compiled.catalog.resource(cell).map_or("", |known| known.key.as_str());
        (resource, self.compiled.catalog.action(cell))
    }

    /// Every member, active or inactive, ascending.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// assert_eq!(policy.members().count(), 2);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    pub fn members(&self) -> impl Iterator<Item = MemberIndex> {
        let known = |index: &u32| {
            self.member_table.names.get(*index).and_then(|name| self.member_table.find(name))
        };
        let all = 0..u32::try_from(self.member_table.rows.len()).unwrap_or(u32::MAX);
        all.filter(move |index| known(index) == Some(*index)).map(MemberIndex)
    }

    /// The id of the member at a place, if there is one.
    pub(crate) fn id_at(&self, place: u32) -> Option<&str> {
        let id = self.member_table.names.get(place)?;
        (self.member_table.find(id) == Some(place)).then_some(&**id)
    }

    /// The id of a member.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let anna = policy.member("anna").unwrap();
    /// assert_eq!(policy.id(anna), "anna");
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn id(&self, member: MemberIndex) -> &str {
        self.member_table.names.get(member.0).map_or("", |name| name)
    }

    /// Whether a member is active.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let anna = policy.member("anna").unwrap();
    /// assert!(policy.is_active(anna));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn is_active(&self, member: MemberIndex) -> bool {
        self.member_table.rows.get(member.0).is_some_and(Row::is_active)
    }

    pub(crate) fn class_key(&self, member: MemberIndex) -> Option<&ClassKey> {
        self.classes.key(self.member_table.rows.get(member.0)?.class)
    }
}

/// Resolves the members and fills the table with them; returns their classes.
fn add_members(
    compiled: &CompiledGrants,
    team_grants: &TeamGrants,
    member_table: &mut MemberTable,
    members: &[Member],
) -> Result<Classes, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let names: Vec<Arc<str>> = members.iter().map(|member| member.id.as_str().into()).collect();
    for (index, name) in (0_u32..).zip(&names) {
        if member_table.directory.insert(Arc::clone(name), index).is_some() {
            mistakes.push(Mistake::duplicate("member", name));
        }
    }
    let resolver = Resolver { compiled, team_grants, tree: &member_table.tree };
    let mut collected = ClassCollector::default();
    let mut resolved = Vec::with_capacity(members.len());
    for member in members {
        match resolver.resolve(member, |id| member_table.find(id)) {
            Ok((key, links)) => {
                resolved.push((collected.class(key), links));
            }
            Err(mut more) => mistakes.append(&mut more),
        }
    }
    if mistakes.is_empty() {
        mistakes.extend(find_cycle(&resolved, members));
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let rows = Rows { fixed: compiled.fixed_rows(), classes: collected.keys.len() };
    rows.check(compiled.catalog.len()).map_err(|mistake| vec![mistake])?;
    member_table.fill(names, &resolved);
    Ok(Classes::new(compiled, collected.keys))
}

/// Collects the distinct class keys of members.
#[derive(Default)]
struct ClassCollector {
    by_bytes: hashbrown::HashMap<Box<[u8]>, u32, FixedState>,
    /// Each key with the number of its members; the key at position n is that of class n + 1.
    keys: Vec<(ClassKey, u32)>,
    /// A buffer for the key being looked up.
    bytes: Vec<u8>,
}

impl ClassCollector {
    /// The class of a key; counts one more member for it.
    fn class(&mut self, key: ClassKey) -> u32 {
        key.write(&mut self.bytes);
        let known = self.by_bytes.get(self.bytes.as_slice()).copied();
        if let Some((class, (_, count))) =
            known.and_then(|class| Some((class, self.keys.get_mut(class as usize - 1)?)))
        {
            *count += 1;
            return class;
        }
        self.keys.push((key, 1));
        let class = u32::try_from(self.keys.len()).unwrap_or(NO_CLASS);
        self.by_bytes.insert(self.bytes.as_slice().into(), class);
        class
    }
}

/// Reports a cycle of managers, if there is one.
fn find_cycle(resolved: &[(u32, MemberLinks)], members: &[Member]) -> Option<Mistake> {
    let mut seen = vec![ABSENT; resolved.len()];
    for start in 0..u32::try_from(resolved.len()).unwrap_or(ABSENT) {
        let mut at = start;
        while let Some(mark) = seen.get_mut(at as usize).filter(|mark| **mark == ABSENT) {
            *mark = start;
            at = resolved.get(at as usize).map_or(ABSENT, |(_, links)| links.manager);
            if at != ABSENT && seen.get(at as usize) == Some(&start) {
                let id = members.get(at as usize).map_or("", |member| member.id.as_str());
                return Some(manager_cycle(id));
            }
        }
    }
    None
}

/// The mistake of a member who would be assigned to themselves, directly or indirectly.
pub(crate) fn manager_cycle(id: &str) -> Mistake {
    Mistake::unplaced(format!("the managers of the member `{id}` form a cycle"), None)
}

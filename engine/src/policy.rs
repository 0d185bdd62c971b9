//! A compiled workspace: an immutable snapshot that every question is asked of.

use std::sync::Arc;

use foldhash::fast::FixedState;

use crate::blueprint::{Blueprint, Resource};
use crate::catalog::Cell;
use crate::class::ClassKey;
use crate::classes::Classes;
use crate::compiled_grants::{CompiledGrants, twice};
use crate::member_table::{MemberIndex, MemberLinks, MemberTable, NO_CLASS, NOBODY, Row};
use crate::mistake::{Mistake, Mistakes};
use crate::resolve::Resolver;
use crate::team_grants::TeamGrants;
use crate::tree::Tree;
use crate::workspace::{Member, Workspace};

/// A blueprint and a workspace, compiled. Immutable: a change makes another one, and both share
/// what did not change, so readers never wait and a clone is cheap.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) member_table: MemberTable,
    pub(crate) classes: Classes,
    pub(crate) team_grants: TeamGrants,
    pub(crate) compiled: Arc<CompiledGrants>,
    /// The same for all policies that changes made from one another: their handles agree.
    pub(crate) lineage: Arc<()>,
}

impl Policy {
    /// Compiles a workspace.
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
    /// Every mistake in the workspace: ids that stand for nothing or for two things, grants that the
    /// blueprint does not allow, departments or managers in a cycle.
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
        let classes = enrol(&compiled, &team_grants, &mut member_table, &workspace.members)
            .map_err(Mistakes)?;
        Ok(Policy {
            member_table,
            classes,
            team_grants,
            compiled: Arc::new(compiled),
            lineage: Arc::new(()),
        })
    }

    /// The blueprint that it was compiled from.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// assert_eq!(policy.blueprint().id, "small");
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn blueprint(&self) -> &Arc<Blueprint> {
        &self.compiled.blueprint
    }

    /// Resolves a member's id; inactive members are found, those removed are not.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// assert_eq!(policy.member("anna"), Some(anna));
    /// assert_eq!(policy.member("cleo"), None);
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    #[inline]
    pub fn member(&self, id: &str) -> Option<MemberIndex> {
        self.member_table.find(id).map(MemberIndex)
    }

    /// Resolves a resource and an action.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::{Blueprint, Policy, Workspace};
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
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

    /// Every cell: each action of each resource, in the blueprint's order.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// assert!(policy.cells().any(|cell| cell == read));
    /// # Ok::<(), Mistakes>(())
    /// ```
    pub fn cells(&self) -> impl Iterator<Item = Cell> {
        self.compiled.catalog.cells()
    }

    /// Every resource: the blueprint's, then the record types that the workspace added.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// assert_eq!(policy.resources().len(), 3);
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn resources(&self) -> &[Resource] {
        &self.compiled.catalog.resources
    }

    /// The keys of a cell's resource and action.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// assert_eq!(policy.keys(read), ("contacts", "read"));
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn keys(&self, cell: Cell) -> (&str, &str) {
        let resource =
            self.compiled.catalog.resource(cell).map_or("", |known| known.key.as_str());
        (resource, self.compiled.catalog.action(cell))
    }

    /// Every member that was not removed, in order of position.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// assert_eq!(policy.members().count(), 2);
    /// # Ok::<(), Mistakes>(())
    /// ```
    pub fn members(&self) -> impl Iterator<Item = MemberIndex> {
        let known = |index: &u32| {
            self.member_table.names.get(*index).and_then(|name| self.member_table.find(name))
        };
        let all = 0..u32::try_from(self.member_table.rows.len()).unwrap_or(u32::MAX);
        all.filter(move |index| known(index) == Some(*index)).map(MemberIndex)
    }

    /// The id of a member.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// assert_eq!(policy.id(anna), "anna");
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn id(&self, member: MemberIndex) -> &str {
        self.member_table.names.get(member.0).map_or("", |name| name)
    }

    /// Whether a member may act.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// assert!(policy.is_active(anna));
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn is_active(&self, member: MemberIndex) -> bool {
        self.member_table.rows.get(member.0).is_some_and(Row::is_active)
    }

    pub(crate) fn class_key(&self, member: MemberIndex) -> Option<&ClassKey> {
        self.classes.key(self.member_table.rows.get(member.0)?.class)
    }
}

/// Resolves every member and fills the roster; gives the classes that they make.
fn enrol(
    compiled: &CompiledGrants,
    team_grants: &TeamGrants,
    member_table: &mut MemberTable,
    members: &[Member],
) -> Result<Classes, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    let names: Vec<Arc<str>> = members.iter().map(|member| member.id.as_str().into()).collect();
    for (index, name) in (0_u32..).zip(&names) {
        if member_table.directory.insert(Arc::clone(name), index).is_some() {
            mistakes.push(twice("member", name));
        }
    }
    let resolver = Resolver { compiled, team_grants, tree: &member_table.tree };
    let mut found = Found::default();
    let mut resolved = Vec::with_capacity(members.len());
    for member in members {
        match resolver.resolve(member, |id| member_table.find(id)) {
            Ok((key, links)) => {
                resolved.push((found.class(key), links));
            }
            Err(mut wrong) => mistakes.append(&mut wrong),
        }
    }
    if mistakes.is_empty() {
        mistakes.extend(find_cycle(&resolved, members));
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    member_table.fill(names, &resolved);
    Ok(Classes::new(compiled, found.keys))
}

/// The classes that members make, as they are found.
#[derive(Default)]
struct Found {
    by_bytes: hashbrown::HashMap<Box<[u8]>, u32, FixedState>,
    /// Each with the number of its members; that at position n is class n + 1.
    keys: Vec<(ClassKey, u32)>,
    bytes: Vec<u8>,
}

impl Found {
    /// The class of a key for one more member.
    fn class(&mut self, key: ClassKey) -> u32 {
        key.write(&mut self.bytes);
        let known = self.by_bytes.get(self.bytes.as_slice()).copied();
        if let Some((class, (_, holders))) =
            known.and_then(|class| Some((class, self.keys.get_mut(class as usize - 1)?)))
        {
            *holders += 1;
            return class;
        }
        self.keys.push((key, 1));
        let class = u32::try_from(self.keys.len()).unwrap_or(NO_CLASS);
        self.by_bytes.insert(self.bytes.as_slice().into(), class);
        class
    }
}

/// A member who is their own manager through others, if there is one.
fn find_cycle(resolved: &[(u32, MemberLinks)], members: &[Member]) -> Option<Mistake> {
    let mut seen = vec![NOBODY; resolved.len()];
    for start in 0..u32::try_from(resolved.len()).unwrap_or(NOBODY) {
        let mut at = start;
        while let Some(mark) = seen.get_mut(at as usize).filter(|mark| **mark == NOBODY) {
            *mark = start;
            at = resolved.get(at as usize).map_or(NOBODY, |(_, links)| links.manager);
            if at != NOBODY && seen.get(at as usize) == Some(&start) {
                let id = members.get(at as usize).map_or("", |member| member.id.as_str());
                let message = format!("the member `{id}` is their own manager through others");
                return Some(Mistake::unplaced(message, None));
            }
        }
    }
    None
}

//! Access classes: members with equal role, levels, flag and visibility share a compiled row.

use crate::blueprint::VisibilityMode;
use crate::catalog::Cell;
use crate::compiled_grants::{CompiledGrants, CompiledRole};
use crate::relations::{BoundRelations, Relations};
use crate::scope::{Scopes, Visibility};

/// Everything that a member's own grants depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClassKey {
    /// The position of the role.
    pub(crate) role: u32,
    pub(crate) visibility: Visibility,
    pub(crate) is_billing_contact: bool,
    /// For each resource with a ladder the number of levels that the member has; 0 is none.
    pub(crate) levels: Box<[u8]>,
}

impl ClassKey {
    /// The key as bytes, for lookups.
    pub(crate) fn bytes(&self) -> Box<[u8]> {
        let mut bytes = Vec::with_capacity(5 + self.levels.len());
        self.write(&mut bytes);
        bytes.into()
    }

    /// Replaces the content of a buffer by the key as bytes.
    pub(crate) fn write(&self, bytes: &mut Vec<u8>) {
        let flags = u8::from(self.is_billing_contact) << 4 | self.visibility as u8;
        bytes.clear();
        bytes.extend_from_slice(&self.role.to_le_bytes());
        bytes.push(flags);
        bytes.extend_from_slice(&self.levels);
    }
}

/// A source of a member's own grants; the other source is profiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OwnSource {
    /// The role, and whether visibility bounds what it lets the member read here.
    Role { is_bounded: bool },
    /// The level on the resource: the number of levels that the member has.
    Level(u8),
    /// The billing contact flag.
    BillingContact,
    /// A switch, by position.
    Switch(usize),
}

/// A source and the scopes that it grants for a cell.
pub(crate) type Contribution = (OwnSource, Scopes);

impl CompiledGrants {
    /// Every source of a class's own grants on a cell. Compiling and explaining both use it.
    pub(crate) fn contributions(
        &self,
        key: &ClassKey,
        cell: Cell,
    ) -> impl Iterator<Item = Contribution> {
        let at = usize::from(cell.0);
        let role = self.roles.get(key.role as usize);
        let is_bounded = self.is_bounded_by_visibility(role.map(|role| &**role), cell);
        let scopes_at = |list: &[Scopes]| list.get(at).copied().unwrap_or_default();
        let from_role =
            role.map(|role| (OwnSource::Role { is_bounded }, scopes_at(&role.scopes)));
        let level = role.filter(|role| role.has_levels).and_then(|_| self.level(key, cell));
        let flag = key
            .is_billing_contact
            .then(|| (OwnSource::BillingContact, scopes_at(&self.billing_contact)));
        let switches = self.switches.iter().zip(&self.added).enumerate();
        let switched = switches.filter(|(_, (on, _))| **on).map(move |(index, (_, added))| {
            (OwnSource::Switch(index), added.get(at).copied().unwrap_or_default())
        });
        let all = from_role.into_iter().chain(level).chain(flag).chain(switched);
        all.filter(|(_, scopes)| !scopes.is_empty())
    }

    fn level(&self, key: &ClassKey, cell: Cell) -> Option<Contribution> {
        let resource = self.catalog.resource(cell)?;
        let ladder = self.ladders.iter().position(|index| {
            self.catalog.resources().get(*index).is_some_and(|other| other.key == resource.key)
        })?;
        let count = key.levels.get(ladder).copied()?;
        let action = self.catalog.action_index(cell);
        let levels = resource.ladder.iter().take(usize::from(count));
        let granting = levels.filter(|level| level.actions.contains(&action));
        Some((OwnSource::Level(count), granting.map(|level| level.scope).collect()))
    }

    /// The relations that a source admits for a member of the class.
    pub(crate) fn relations_of(key: &ClassKey, (source, scopes): Contribution) -> Relations {
        match source {
            OwnSource::Role { is_bounded: true } => Relations::bounded(scopes, key.visibility),
            OwnSource::Role { is_bounded: false }
            | OwnSource::Level(_)
            | OwnSource::BillingContact
            | OwnSource::Switch(_) => Relations::of(scopes, key.visibility),
        }
    }

    /// The relations that scopes granted by the role of a class would admit on a cell.
    pub(crate) fn role_relations(
        &self,
        key: &ClassKey,
        cell: Cell,
        scopes: Scopes,
    ) -> Relations {
        let role = self.roles.get(key.role as usize);
        let is_bounded = self.is_bounded_by_visibility(role.map(|role| &**role), cell);
        let granted = (OwnSource::Role { is_bounded }, scopes);
        self.with_unowned(cell, CompiledGrants::relations_of(key, granted))
    }

    fn is_bounded_by_visibility(&self, role: Option<&CompiledRole>, cell: Cell) -> bool {
        self.catalog.reads_records(cell)
            && role.is_some_and(|role| role.visibility_mode == VisibilityMode::Bounds)
    }

    /// The relations that the own grants of a class admit on a cell.
    pub(crate) fn class_relations(&self, key: &ClassKey, cell: Cell) -> Relations {
        self.relations_from(key, cell, |_| true)
    }

    /// The relations that the sources of a class that pass a test admit on a cell.
    pub(crate) fn relations_from(
        &self,
        key: &ClassKey,
        cell: Cell,
        counts: impl Fn(OwnSource) -> bool,
    ) -> Relations {
        let contributions = self.contributions(key, cell);
        let mut granted = contributions.filter(|(source, _)| counts(*source)).peekable();
        if granted.peek().is_none() {
            return Relations::NONE;
        }
        let relations = granted.fold(Relations::NONE, |relations, contribution| {
            relations.union(CompiledGrants::relations_of(key, contribution))
        });
        self.with_unowned(cell, relations)
    }

    /// Compiles the row of a class.
    pub(crate) fn class_row(&self, key: &ClassKey) -> Vec<BoundRelations> {
        let relations: Vec<Relations> =
            self.catalog.every_cell().map(|cell| self.class_relations(key, cell)).collect();
        BoundRelations::row(&relations, &self.catalog.bounds)
    }
}

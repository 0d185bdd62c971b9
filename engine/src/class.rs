//! Access classes: members with equal role, levels, flags and visibility share one compiled row.

use crate::blueprint::VisibilityMode;
use crate::catalog::Cell;
use crate::compiled_grants::CompiledGrants;
use crate::relations::{Pair, Relations};
use crate::scope::{Scopes, Visibility};

/// What a member's own grants depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClassKey {
    /// Position of the role.
    pub(crate) role: u32,
    pub(crate) visibility: Visibility,
    pub(crate) is_billing_contact: bool,
    /// For each resource with a ladder the number of rungs climbed; 0 is none.
    pub(crate) levels: Box<[u8]>,
}

impl ClassKey {
    /// The key as bytes, for looking it up.
    pub(crate) fn bytes(&self) -> Box<[u8]> {
        let mut bytes = Vec::with_capacity(5 + self.levels.len());
        self.write(&mut bytes);
        bytes.into()
    }

    /// Writes the key as bytes in place of what stood there.
    pub(crate) fn write(&self, bytes: &mut Vec<u8>) {
        let flags = u8::from(self.is_billing_contact) << 4 | self.visibility as u8;
        bytes.clear();
        bytes.extend_from_slice(&self.role.to_le_bytes());
        bytes.push(flags);
        bytes.extend_from_slice(&self.levels);
    }
}

/// Where a member's own grants come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Own {
    /// The role, and whether visibility bounds what it lets read here.
    Role { is_bounded: bool },
    /// The level on the resource: the number of rungs climbed.
    Level(u8),
    /// The billing flag.
    BillingContact,
    /// A switch, by position.
    Switch(usize),
}

/// One source and the scopes that it gives for a cell.
pub(crate) type Contribution = (Own, Scopes);

impl CompiledGrants {
    /// Every source of a class's own grants on a cell. Compiling and explaining both read it.
    pub(crate) fn contributions(
        &self,
        key: &ClassKey,
        cell: Cell,
    ) -> impl Iterator<Item = Contribution> {
        let at = usize::from(cell.0);
        let role = self.roles.get(key.role as usize);
        let is_bounded = self.catalog.reads_records(cell)
            && role.is_some_and(|role| role.visibility_mode == VisibilityMode::Bounds);
        let scopes_at = |list: &[Scopes]| list.get(at).copied().unwrap_or_default();
        let from_role = role.map(|role| (Own::Role { is_bounded }, scopes_at(&role.scopes)));
        let level = role.filter(|role| role.has_levels).and_then(|_| self.level(key, cell));
        let flag = key.is_billing_contact.then(|| (Own::BillingContact, scopes_at(&self.flag)));
        let switches = self.switches.iter().zip(&self.added).enumerate();
        let switched = switches.filter(|(_, (on, _))| **on).map(move |(index, (_, added))| {
            (Own::Switch(index), added.get(at).copied().unwrap_or_default())
        });
        let all = from_role.into_iter().chain(level).chain(flag).chain(switched);
        all.filter(|(_, scopes)| !scopes.is_empty())
    }

    fn level(&self, key: &ClassKey, cell: Cell) -> Option<Contribution> {
        let resource = self.catalog.resource(cell)?;
        let ladder = self.ladders.iter().position(|index| {
            self.catalog.resources.get(*index).is_some_and(|other| other.key == resource.key)
        })?;
        let climbed = key.levels.get(ladder).copied()?;
        let rungs = resource.ladder.iter().take(usize::from(climbed));
        let number = self.catalog.number(cell);
        let scopes = rungs.filter(|rung| rung.actions.contains(&number)).map(|rung| rung.scope);
        Some((Own::Level(climbed), scopes.collect()))
    }

    /// What a source reaches for a member of the class.
    fn relations_of(key: &ClassKey, (own, scopes): Contribution) -> Relations {
        match own {
            Own::Role { is_bounded: true } => Relations::bounded(scopes, key.visibility),
            Own::Role { is_bounded: false }
            | Own::Level(_)
            | Own::BillingContact
            | Own::Switch(_) => Relations::of(scopes, key.visibility),
        }
    }

    /// What the class reaches on a cell by its own grants.
    pub(crate) fn class_relations(&self, key: &ClassKey, cell: Cell) -> Relations {
        let mut granted = self.contributions(key, cell).peekable();
        if granted.peek().is_none() {
            return Relations::NONE;
        }
        let relations = granted.fold(Relations::NONE, |relations, one| {
            relations.union(CompiledGrants::relations_of(key, one))
        });
        self.with_unowned(cell, relations)
    }

    /// The compiled row of a class.
    pub(crate) fn class_row(&self, key: &ClassKey) -> Vec<Pair> {
        let relations: Vec<Relations> =
            self.catalog.cells().map(|cell| self.class_relations(key, cell)).collect();
        Pair::row(&relations, &self.catalog.bounds)
    }
}

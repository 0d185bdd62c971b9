//! The access classes in use: their keys, their compiled rows, and the number of their members.

use std::sync::Arc;

use crate::chunked_vec::{ChunkedVec, Table};
use crate::class::ClassKey;
use crate::compiled_grants::CompiledGrants;
use crate::directory::Directory;
use crate::member_table::NO_CLASS;

/// A class in use.
#[derive(Clone, Debug)]
struct Class {
    key: Arc<ClassKey>,
    bytes: Arc<[u8]>,
}

/// Every class in use. Class 0 grants nothing; see [`NO_CLASS`].
#[derive(Clone, Debug)]
pub(crate) struct Classes {
    pub(crate) rows: Table,
    classes: ChunkedVec<Option<Class>, 32>,
    /// The number of members of each class.
    member_counts: ChunkedVec<u32, 1_024>,
    /// Positions without a class.
    free: Vec<u32>,
    directory: Directory<[u8]>,
}

impl Classes {
    /// Compiles classes, each with the number of its members. The key at position n becomes class
    /// n + 1.
    pub(crate) fn new(compiled: &CompiledGrants, keys: Vec<(ClassKey, u32)>) -> Classes {
        let mut rows = Table::new(compiled.catalog.len());
        rows.set(NO_CLASS, &[]);
        let counts = std::iter::once(0).chain(keys.iter().map(|(_, count)| *count)).collect();
        let class = |(key, _): (ClassKey, u32)| {
            Some(Class { bytes: key.bytes().into(), key: Arc::new(key) })
        };
        let classes =
            ChunkedVec::new(std::iter::once(None).chain(keys.into_iter().map(class)).collect());
        let mut directory = Directory::new();
        for (index, class) in (0_u32..).zip(classes.iter()) {
            let class: &Option<Class> = class;
            let Some(class) = class else { continue };
            rows.set(index, &compiled.class_row(&class.key));
            directory.insert(Arc::clone(&class.bytes), index);
        }
        Classes {
            rows,
            classes,
            member_counts: ChunkedVec::new(counts),
            free: Vec::new(),
            directory,
        }
    }

    pub(crate) fn key(&self, class: u32) -> Option<&ClassKey> {
        self.classes.get(class)?.as_ref().map(|class| &*class.key)
    }

    /// The number of rows, including free ones.
    pub(crate) fn len(&self) -> usize {
        self.classes.len()
    }

    /// Moves a member from a class to the class of a key, which is compiled if it is new; removes
    /// the old class when it has no members left. Returns the new class.
    pub(crate) fn move_member(
        &mut self,
        compiled: &CompiledGrants,
        key: ClassKey,
        before: u32,
    ) -> u32 {
        let key_bytes = key.bytes();
        let known = self.directory.find(&key_bytes);
        if known == Some(before) {
            return before;
        }
        let class = match known {
            Some(known) => {
                self.change_count(known, 1);
                known
            }
            None => self.add(compiled, key, key_bytes),
        };
        self.remove_member(before);
        class
    }

    /// Compiles a new class with one member.
    fn add(&mut self, compiled: &CompiledGrants, key: ClassKey, key_bytes: Box<[u8]>) -> u32 {
        let row = compiled.class_row(&key);
        let class = Class { bytes: key_bytes.into(), key: Arc::new(key) };
        let index = self.free.pop().unwrap_or_else(|| {
            self.classes.push(None);
            self.member_counts.push(0);
            u32::try_from(self.classes.len() - 1).unwrap_or(NO_CLASS)
        });
        self.rows.set(index, &row);
        self.directory.insert(Arc::clone(&class.bytes), index);
        self.classes.set(index, Some(class));
        self.member_counts.set(index, 1);
        index
    }

    /// Removes a member from a class, and the class with its last member.
    pub(crate) fn remove_member(&mut self, class: u32) {
        if class == NO_CLASS || self.change_count(class, -1) > 0 {
            return;
        }
        let Some(Some(removed)) = self.classes.get(class).cloned() else { return };
        self.directory.remove(&removed.bytes);
        self.classes.set(class, None);
        self.rows.set(class, &[]);
        self.free.push(class);
    }

    /// Changes the number of members of a class; returns the new number.
    fn change_count(&mut self, class: u32, by: i32) -> u32 {
        let Some(count) = self.member_counts.get_mut(class) else { return 0 };
        *count = count.saturating_add_signed(by);
        *count
    }

    /// Recompiles the classes whose key is affected by a change of the grants.
    pub(crate) fn recompile(
        &mut self,
        compiled: &CompiledGrants,
        is_affected: impl Fn(&ClassKey) -> bool,
    ) {
        for (index, class) in (0_u32..).zip(self.classes.iter()) {
            let Some(class) = class.as_ref().filter(|class| is_affected(&class.key)) else {
                continue;
            };
            self.rows.set(index, &compiled.class_row(&class.key));
        }
    }

    /// Whether a member has a role.
    pub(crate) fn uses_role(&self, role: u32) -> bool {
        self.classes.iter().flatten().any(|class| class.key.role == role)
    }
}

//! The access classes in use: their keys, their compiled rows, and how many members hold each.

use std::sync::Arc;

use crate::chunked_vec::{ChunkedVec, Tables};
use crate::class::ClassKey;
use crate::compiled_grants::CompiledGrants;
use crate::directory::Directory;
use crate::member_table::NO_CLASS;

/// One class in use.
#[derive(Clone, Debug)]
struct Class {
    key: Arc<ClassKey>,
    bytes: Arc<[u8]>,
}

/// Every class in use. Position 0 is the class of those who may do nothing.
#[derive(Clone, Debug)]
pub(crate) struct Classes {
    pub(crate) rows: Tables,
    classes: ChunkedVec<Option<Class>, 32>,
    /// How many members hold each.
    holders: ChunkedVec<u32, 1_024>,
    free: Vec<u32>,
    directory: Directory<[u8]>,
}

impl Classes {
    /// Compiles classes; those at position n here stand at n + 1.
    pub(crate) fn new(compiled: &CompiledGrants, keys: Vec<(ClassKey, u32)>) -> Classes {
        let mut rows = Tables::new(compiled.catalog.len());
        rows.set(NO_CLASS, &[]);
        let holders =
            std::iter::once(0).chain(keys.iter().map(|(_, holders)| *holders)).collect();
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
            holders: ChunkedVec::new(holders),
            free: Vec::new(),
            directory,
        }
    }

    pub(crate) fn key(&self, class: u32) -> Option<&ClassKey> {
        self.classes.get(class)?.as_ref().map(|class| &*class.key)
    }

    /// How many rows there are, those free included.
    pub(crate) fn len(&self) -> usize {
        self.classes.len()
    }

    /// The class of a key for a member who leaves another; compiles it when it is new, and drops
    /// the other when nobody is left in it.
    pub(crate) fn trade(&mut self, compiled: &CompiledGrants, key: ClassKey, left: u32) -> u32 {
        let key_bytes = key.bytes();
        let known = self.directory.find(&key_bytes);
        if known == Some(left) {
            return left;
        }
        let class = match known {
            Some(known) => {
                self.count(known, 1);
                known
            }
            None => self.found(compiled, key, key_bytes),
        };
        self.release(left);
        class
    }

    /// Compiles a new class with one member.
    fn found(&mut self, compiled: &CompiledGrants, key: ClassKey, key_bytes: Box<[u8]>) -> u32 {
        let row = compiled.class_row(&key);
        let class = Class { bytes: key_bytes.into(), key: Arc::new(key) };
        let index = self.free.pop().unwrap_or_else(|| {
            self.classes.push(None);
            self.holders.push(0);
            u32::try_from(self.classes.len() - 1).unwrap_or(NO_CLASS)
        });
        self.rows.set(index, &row);
        self.directory.insert(Arc::clone(&class.bytes), index);
        self.classes.set(index, Some(class));
        self.holders.set(index, 1);
        index
    }

    /// One member fewer; a class without members makes room for another.
    pub(crate) fn release(&mut self, class: u32) {
        if class == NO_CLASS || self.count(class, -1) > 0 {
            return;
        }
        let Some(Some(gone)) = self.classes.get(class).cloned() else { return };
        self.directory.remove(&gone.bytes);
        self.classes.set(class, None);
        self.rows.set(class, &[]);
        self.free.push(class);
    }

    fn count(&mut self, class: u32, by: i32) -> u32 {
        let Some(holders) = self.holders.get_mut(class) else { return 0 };
        *holders = holders.saturating_add_signed(by);
        *holders
    }

    /// Compiles anew the classes whose key matches.
    pub(crate) fn recompile(
        &mut self,
        compiled: &CompiledGrants,
        touched: impl Fn(&ClassKey) -> bool,
    ) {
        for (index, class) in (0_u32..).zip(self.classes.iter()) {
            let Some(class) = class.as_ref().filter(|class| touched(&class.key)) else {
                continue;
            };
            self.rows.set(index, &compiled.class_row(&class.key));
        }
    }

    /// Whether a class is in use by a role.
    pub(crate) fn uses_role(&self, role: u32) -> bool {
        self.classes.iter().flatten().any(|class| class.key.role == role)
    }
}

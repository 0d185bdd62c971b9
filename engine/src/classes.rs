//! The access classes in use: their keys, their compiled rows, and how many members hold each.

use std::sync::Arc;

use crate::class::ClassKey;
use crate::directory::Directory;
use crate::roster::SHUT_OUT;
use crate::rulebook::Rulebook;
use crate::shelf::{Shelf, Tables};

/// One class in use.
#[derive(Clone, Debug)]
struct Class {
    key: Arc<ClassKey>,
    bytes: Arc<[u8]>,
    holders: u32,
}

/// Every class in use. Position 0 is the class of those who may do nothing.
#[derive(Clone, Debug)]
pub(crate) struct Classes {
    pub(crate) rows: Tables,
    classes: Shelf<Option<Class>>,
    free: Vec<u32>,
    directory: Directory,
}

impl Classes {
    /// Compiles classes; those at position n here stand at n + 1.
    pub(crate) fn new(book: &Rulebook, keys: Vec<(ClassKey, u32)>) -> Classes {
        let mut rows = Tables::new(book.catalog.len());
        rows.set(SHUT_OUT, &[]);
        let class = |(key, holders): (ClassKey, u32)| {
            Some(Class { bytes: key.bytes().into(), key: Arc::new(key), holders })
        };
        let classes = Shelf::new(std::iter::once(None).chain(keys.into_iter().map(class)).collect());
        let mut made = Classes { rows, classes, free: Vec::new(), directory: Directory::new() };
        for (index, class) in (0_u32..).zip(made.classes.iter()) {
            let Some(class) = class else { continue };
            made.rows.set(index, &book.class_row(&class.key));
            made.directory.insert(&class.bytes, index, |at| bytes(&made.classes, at));
        }
        made
    }

    pub(crate) fn key(&self, class: u32) -> Option<&ClassKey> {
        self.classes.get(class)?.as_ref().map(|class| &*class.key)
    }

    /// The class of a key for one more member; compiles it when it is new.
    pub(crate) fn hold(&mut self, book: &Rulebook, key: ClassKey) -> u32 {
        let key_bytes = key.bytes();
        if let Some(known) = self.directory.find(&key_bytes, |at| bytes(&self.classes, at)) {
            self.count(known, 1);
            return known;
        }
        let row = book.class_row(&key);
        let class = Class { bytes: key_bytes.into(), key: Arc::new(key), holders: 1 };
        let index = self.free.pop().unwrap_or_else(|| {
            self.classes.push(None);
            u32::try_from(self.classes.len() - 1).unwrap_or(SHUT_OUT)
        });
        self.rows.set(index, &row);
        let key_bytes = Arc::clone(&class.bytes);
        self.classes.set(index, Some(class));
        self.directory.insert(&key_bytes, index, |at| bytes(&self.classes, at));
        index
    }

    /// One member fewer; a class without members makes room for another.
    pub(crate) fn release(&mut self, class: u32) {
        if class == SHUT_OUT || self.count(class, -1) > 0 {
            return;
        }
        let Some(Some(gone)) = self.classes.get(class).cloned() else { return };
        self.directory.remove(&gone.bytes, |at| bytes(&self.classes, at));
        self.classes.set(class, None);
        self.rows.set(class, &vec![0; self.rows.row(class).len()]);
        self.free.push(class);
    }

    fn count(&mut self, class: u32, by: i32) -> u32 {
        let Some(Some(class)) = self.classes.get_mut(class) else { return 0 };
        class.holders = class.holders.saturating_add_signed(by);
        class.holders
    }

    /// Compiles anew the classes whose key matches.
    pub(crate) fn recompile(&mut self, book: &Rulebook, touched: impl Fn(&ClassKey) -> bool) {
        for (index, class) in (0_u32..).zip(self.classes.iter()) {
            let Some(class) = class.as_ref().filter(|class| touched(&class.key)) else { continue };
            self.rows.set(index, &book.class_row(&class.key));
        }
    }

    /// Whether a class is in use by a role.
    pub(crate) fn uses_role(&self, role: u32) -> bool {
        self.classes.iter().flatten().any(|class| class.key.role == role)
    }
}

fn bytes(classes: &Shelf<Option<Class>>, at: u32) -> Option<&[u8]> {
    classes.get(at)?.as_ref().map(|class| &*class.bytes)
}

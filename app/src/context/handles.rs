//! The handles of a workspace context: one for each noun, by which a use case is called.
//!
//! A handle borrows the context for one call: `ctx.search().find(text)`. Its file holds the use cases
//! of its noun and nothing else.

use super::WorkspaceContext;
use crate::search::Search;

macro_rules! handles {
    ($($(#[$doc:meta])* $name:ident: $handle:ident;)*) => {
        impl WorkspaceContext {$(
            $(#[$doc])*
            pub fn $name(&mut self) -> $handle<'_> {
                $handle(self)
            }
        )*}
    };
}

handles! {
    /// Search in the records of every type.
    search: Search;
}

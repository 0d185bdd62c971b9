//! How a database is opened.

/// Settings of a database.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many transactions can be open at once. SQLite has that many readers beside one writer.
    pub connections: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options { connections: 8 }
    }
}

//! What Hallpass remembers: SQL on SQLite and PostgreSQL.

pub mod dialect;
pub mod error;
pub mod value;

pub use dialect::Dialect;
pub use error::Error;
pub use value::{Row, Value};

//! What Hallpass remembers: SQL on SQLite and PostgreSQL, written once.
//!
//! What this crate promises, on both engines and held by one suite of tests on both:
//!
//! - **An acknowledged write stays.** When [`Tx::commit`] has answered, the change survives a
//!   killed process and a power cut.
//! - **All or nothing.** A transaction that is dropped, whose statement failed or whose statement
//!   was cancelled leaves nothing behind.
//! - **One snapshot.** What a reading transaction reads first, it reads until its end, whoever
//!   writes meanwhile. It cannot write.
//! - **One workspace.** Data of a tenant is read and written through a [`WorkspaceTx`], which binds
//!   the workspace's id to every statement. The writing one holds the workspace's row, so that a
//!   rule that was checked stays true until the end, and gives each change its revision.
//! - **One text.** The same statement means the same on both engines; what differs has a name in
//!   [`dialect`]. Text sorts by its bytes.
//! - **No surprise at the start.** What is not a database, not ours, of a newer version, changed
//!   behind our back, or out of reach is refused with one line, before anything is written.
//!
//! ```
//! # async fn example() -> Result<(), hallpass_store::Error> {
//! use hallpass_store::{Db, Options};
//!
//! let db = Db::open(":memory:", &Options::default()).await?;
//! let mut tx = db.read().await?;
//! let rows = tx.query("SELECT slug FROM workspaces WHERE name = ?1", &["Acme".into()]).await?;
//! assert!(rows.is_empty());
//! # Ok(())
//! # }
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(example()).unwrap();
//! ```

pub mod account;

pub mod api_key;
pub mod audit;
pub mod billing;
pub mod db;
pub mod department;
pub mod dialect;
pub mod entity;
pub mod error;
pub mod idempotency;
pub mod invitation;
pub mod invoice;
pub mod mail;
pub mod member;
mod migration;
pub mod operation;
mod postgres;
pub mod profile;
mod query;
pub mod record;
pub mod role;
pub mod session;
mod sqlite;
pub mod team;
pub mod tx;
pub mod value;
pub mod workspace;

pub use db::{Db, Options};
pub use dialect::Dialect;
pub use error::Error;
pub use tx::{Tx, WorkspaceTx};
pub use value::{Row, Value};

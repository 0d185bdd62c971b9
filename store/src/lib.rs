//! The store of Hallpass: SQL on SQLite and PostgreSQL, written once.
//!
//! What this crate promises on both engines, checked by one test suite on both:
//!
//! - **Committed is durable.** When [`Tx::commit`] has returned, the change survives a killed process
//!   and a power cut.
//! - **All or nothing.** A transaction that is dropped, whose statement failed or whose statement was
//!   cancelled changes nothing.
//! - **One snapshot.** A reading transaction sees the state at its first statement until its end,
//!   whatever others write. It cannot write.
//! - **One workspace.** Data of a tenant is read and written through a [`WorkspaceTx`], which binds
//!   the workspace's id to every statement. One that writes locks the workspace's row, so that a rule
//!   that was checked stays true until the end, and gives each change its revision.
//! - **Bounded.** A statement that reads much needs a place, and one workspace gets at most half of them; a
//!   statement over its budget is ended, and so is one whose future is dropped. A transaction waits only
//!   so long for a connection, and is then told to come back ([`Error::Busy`]).
//! - **One text.** The same statement means the same on both engines; each difference has a name in
//!   [`dialect`]. Text sorts by its bytes.
//! - **Strict at the start.** A file or a server that is not a database, not ours, of a newer version,
//!   changed by something else, or out of reach is refused with a one-line reason, before anything is
//!   written.
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

pub mod access_change;
pub mod account;
pub mod address_change;
pub mod api_key;
pub mod audit;
pub mod billing;
pub mod bulk_job;
pub mod checkup;
mod columns;
pub mod connection;
pub mod copy;
mod counter_cache;
pub mod db;
pub mod department;
pub mod device;
pub mod dialect;
pub mod entity;
pub mod error;
pub mod export_file;
pub mod factor;
mod file;
mod future_time;
mod highest_id;
pub mod idempotency;
pub mod identity;
pub mod invitation;
pub mod invoice;
pub mod load;
pub mod mail;
pub mod member;
mod migration;
mod open;
pub mod operation;
pub mod options;
pub mod part;
pub mod passkey;
mod postgres;
pub mod profile;
pub mod proven_domain;
mod query;
pub mod reader;
pub mod record;
pub mod recovery_code;
pub mod role;
pub mod row;
pub mod saved_report;
pub mod saved_view;
pub mod secret;
pub mod server_lock;
pub mod session;
pub mod share;
pub mod sign_on_request;
mod slug;
mod sqlite;
mod statement;
pub mod team;
mod throttle;
pub mod totp;
pub mod tx;
pub mod value;
pub mod workspace;
pub mod workspace_tx;

pub use db::Db;
pub use dialect::Dialect;
pub use error::Error;
pub use load::Load;
pub use migration::SchemaState;
pub use options::Options;
pub use part::{PART_BYTES, Part};
pub use reader::WorkspaceReader;
pub use row::{Row, Rows};
pub use server_lock::ServerLock;
pub use tx::Tx;
pub use value::Value;
pub use workspace_tx::WorkspaceTx;

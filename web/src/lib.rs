//! The HTTP server of Hallpass: REST API, its reference, and what pages are made with.

pub mod asset;
pub mod csv;
pub mod cursor;
mod decode;
pub mod docs;
pub mod download;
pub mod error;
pub mod extract;
pub mod health;
pub mod idempotency;
mod jsonl;
pub mod large_body;
pub mod limit;
mod no_body;
pub mod openapi;
pub mod page;
mod parameter;
pub mod reply;
pub mod rest;
pub mod router;
pub mod routes;
pub mod serve;
pub mod state;
pub mod unread;

pub use router::router;
pub use state::Web;

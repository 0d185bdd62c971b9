//! The command line as a user types it.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that meets what it did not expect has failed"
)]

mod admin;
mod blueprint;
mod cli;
mod config;
mod database;
mod demo;
mod evaluation;
mod help;
mod metrics;
mod provider;
mod secrets;
mod serve;
mod server;
mod tls;
mod tour;
mod workspace;

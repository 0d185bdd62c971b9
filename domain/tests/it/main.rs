//! Integration tests: the blueprints that ship, and the rules of a workspace by its public functions.
#![expect(clippy::unwrap_used, reason = "a panic fails the test")]

mod access;
mod account;
mod blueprint;
mod connection;
mod invitation;
mod model;
mod refusal;
mod role;
mod validity;

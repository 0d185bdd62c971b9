//! Races: two concurrent use cases, many times, never with a wrong outcome. Each has a control: the same
//! two without protection, which must go wrong.
//!
//! A control asks the same guards and writes the same rows, but reads in one transaction and writes in
//! another, and does not lock the workspace in between.

mod arena;
mod bare;
mod billing;
mod deletion;
mod invitation;
mod last_holder;
mod ownership;
mod reassignment;
mod role;

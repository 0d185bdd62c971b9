//! Races: two at once, many times, and never a wrong outcome. Beside each stands its control: the
//! same two without what protects, which must come out wrong.
//!
//! A control asks the same guards and writes the same rows, but reads in one transaction and writes
//! in another, and does not hold the workspace meanwhile.

mod arena;
mod bare;
mod billing;
mod deletion;
mod invitation;
mod last_holder;
mod ownership;
mod reassignment;
mod role;

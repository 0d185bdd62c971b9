//! Every way of doing something has the same rules, and `access/check` answers what happens.

mod generated;
mod integrations;
mod owners;
mod stages;
mod teams;
mod touch;

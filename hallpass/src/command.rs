//! The commands, one per file.

pub(crate) mod blueprint;
pub(crate) mod check;
pub(crate) mod config;
pub(crate) mod explain;
pub(crate) mod operations;
pub(crate) mod workspace;

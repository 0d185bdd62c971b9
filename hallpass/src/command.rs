//! What the command line can do, one command a file.

pub(crate) mod blueprint;
pub(crate) mod check;
pub(crate) mod explain;

//! The configuration of the server: flags, environment variables and a file, with the same names.

mod derived;
mod entry;
mod file;
mod flags;
pub(crate) mod key;
mod kind;
mod load;
mod mask;
mod plan;
mod problem;
mod reference;
mod setting;
mod show;
mod table;
mod value;

pub(crate) use flags::{Database, Flags, Links, Server};
pub(crate) use reference::reference;
pub(crate) use table::Config;
pub(crate) use value::LogFormat;

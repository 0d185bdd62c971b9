//! The nouns and rules of Hallpass. Pure: no clock, randomness, IO or async.

pub mod blueprint;
pub mod folder;
pub mod id;
pub mod record;
pub mod time;

//! The nouns and rules of Hallpass. Pure: no clock, randomness, IO or async.

pub mod blueprint;
pub mod email;
pub mod folder;
pub mod id;
pub mod letter;
pub mod time;

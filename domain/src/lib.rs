//! The nouns and rules of Hallpass. Pure: no clock, randomness, IO or async.

pub mod account;
pub mod audit;
pub mod blueprint;
pub mod department;
pub mod email;
pub mod entity;
pub mod folder;
pub mod id;
pub mod invitation;
pub mod letter;
pub mod member;
pub mod model;
pub mod name;
pub mod operation;
pub mod password;
pub mod profile;
pub mod record;
pub mod refusal;
pub mod role;
pub mod session;
pub mod setting;
pub mod slug;
pub mod team;
pub mod time;
pub mod workspace;

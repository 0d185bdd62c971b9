//! Decides who may do what: access models as data, compiled to tables, asked in nanoseconds.
//!
//! Parse a [`Blueprint`] (the access model), describe a [`Workspace`] (the people), compile both to a
//! [`Policy`], and ask it:
//!
//! | question | answer |
//! |---|---|
//! | may this member do this to that owner's record? | [`Policy::decide`], by ids [`Policy::check`] |
//! | why? | [`Policy::explain`], in sentences by a [`Describe`] |
//! | what may they do it to? | [`Policy::filter`]: a [`Filter`] over owners |
//! | who may do it? | [`Policy::who`] |
//! | what may they do at all, and open? | [`Policy::access`], [`Policy::navigation`] |
//! | how is it after a change? | [`Policy::apply`]: another policy |
//! | what does a change give and take? | [`Policy::compare`] |
//! | may somebody make it? | [`Policy::may_give`], [`Policy::may_touch`], [`Policy::excess`] |
//!
//! ```
//! use hallpass_engine::{Blueprint, Member, Owner, Policy, Workspace};
//!
//! let blueprint = Blueprint::parse(hallpass_engine::doc::SMALL)?;
//! let members = vec![
//!     Member::new("anna", "manager"),
//!     Member { manager: Some("anna".into()), ..Member::new("ben", "member") },
//! ];
//! let workspace = Workspace { members, ..Workspace::default() };
//! let policy = Policy::compile(&blueprint.into(), &workspace)?;
//!
//! assert_eq!(policy.check("anna", "deals", "close", Owner::Member("ben")), Some(true));
//! assert_eq!(policy.check("ben", "deals", "close", Owner::Member("ben")), Some(false));
//! # Ok::<(), hallpass_engine::Mistakes>(())
//! ```
//!
//! A policy is immutable and can be shared among threads; a change makes another one, and both share
//! what did not change. Ids ([`Policy::member`], [`Policy::cell`]) resolve to handles that hold for a
//! policy and for those that changes make of it.
//!
//! What is not granted is denied. What may not be read may not be changed, where there are owners.
//! Every mistake in a blueprint or a workspace is told at once, as [`Mistakes`].
//!
//! There is no clock, randomness or IO in here, nothing is stored, and nobody is authenticated.

mod access;
mod blueprint;
mod catalog;
mod ceiling;
mod change;
mod chunked_vec;
mod class;
mod classes;
mod compare;
mod compiled_grants;
mod decide;
mod directory;
pub mod doc;
mod evaluate;
mod explain;
mod filter;
mod grant;
mod grant_source;
mod matrix;
mod member_table;
mod membership_index;
mod mistake;
mod neighbors;
mod policy;
mod profile;
mod rank;
mod relations;
mod resolve;
mod scope;
mod sentence;
mod team_grants;
pub mod text;
mod tree;
mod who;
mod workspace;

pub use access::{EffectivePermission, Reach};
pub use blueprint::{
    AREAS, Action, Area, BillingContact, Blueprint, CUSTOM, Cover, CustomEntities, CustomRoles,
    Departments, Field, FieldType, GUARDS, Holders, INVITATION_FIELDS, Invitation, Level,
    MAX_BLUEPRINT_BYTES, Membership, PlanGate, Preset, ProfileTemplate, Profiles, Resource,
    Role, SelfServe, Stage, Switch, Teams, VERBS, VisibilityMode, VisibilityRules, WORDS,
};
pub use catalog::Cell;
pub use ceiling::Excess;
pub use change::Change;
pub use compare::{Difference, Side};
pub use decide::{Owner, Target};
pub use explain::{Explanation, Step};
pub use filter::{Filter, Owners};
pub use grant::{Actions, Grant, GrantError, GrantTarget, MAX_GRANT_BYTES, ResourceKind};
pub use grant_source::{GrantSource, Restriction, SourcedGrant};
pub use matrix::Matrix;
pub use member_table::MemberIndex;
pub use mistake::{Mistake, Mistakes};
pub use policy::Policy;
pub use profile::{CellError, CellPart, Cells, EVERY};
pub use relations::Relations;
pub use scope::{Scope, Scopes, Sharing, Visibility};
pub use sentence::{Describe, Ids, Names};
pub use workspace::{CustomRole, Department, Member, Profile, Team, Workspace};

/// The examples of the page about embedding, which is not in the published crate.
#[cfg(doctest)]
#[doc = include_str!("../../docs/engine.md")]
struct Embedding;

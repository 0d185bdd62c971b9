//! Decides who may do what: access models as data, compiled to tables, evaluated in nanoseconds.
//!
//! Parse a [`Blueprint`] (the access model), describe a [`Workspace`] (members, teams, roles),
//! compile both to a [`Policy`], and query it:
//!
//! | question | method |
//! |---|---|
//! | May a member do an action on the record of an owner? | [`Policy::decide`]; by ids [`Policy::check`] |
//! | Why? | [`Policy::explain`]; in sentences [`Describe`] |
//! | On which records? | [`Policy::filter`]: a [`Filter`] on owners |
//! | Which members may? | [`Policy::who`] |
//! | What may a member do at all, and open? | [`Policy::access`], [`Policy::navigation`] |
//! | What is the policy after a change? | [`Policy::apply`] |
//! | Which members gain or lose what by a change? | [`Policy::compare`] |
//! | What does one member reach that another does not? | [`Policy::compare_members`] |
//! | May a member make the change? | [`Policy::may_give`], [`Policy::may_touch`], [`Policy::excess`] |
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
//! A policy is immutable and can be shared between threads. A change returns a new policy, and the
//! two share what is equal. [`Policy::member`] and [`Policy::cell`] resolve ids and keys to handles,
//! which stay valid for the policies that changes derive from this one.
//!
//! Access is denied unless a grant allows it. Changing a record with an owner also requires reading
//! it. [`Mistakes`] reports every mistake in a blueprint or a workspace at once.
//!
//! The crate has no clock, randomness or IO; storage and authentication are up to the application.

mod access;
mod blueprint;
mod boundary;
mod bounded;
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
mod memory;
mod mistake;
mod need;
mod neighbors;
mod note;
mod policy;
mod profile;
mod rank;
mod relations;
mod resolve;
mod rule;
mod scope;
mod sentence;
mod size;
mod team_grants;
pub mod text;
mod tree;
mod who;
mod workspace;

pub use access::{EffectivePermission, Reach};
pub use blueprint::{
    AREAS, Action, Area, BillingContact, Blueprint, CUSTOM, Cover, CustomEntities, CustomRoles,
    Departments, EVERY, Field, FieldOption, FieldType, GUARDS, Holders, INVITATION_FIELDS,
    Invitation, Level, MAX_BLUEPRINT_BYTES, Membership, PlanGate, Preset, ProfileTemplate,
    Profiles, Resource, Role, RuleChange, SelfServe, SingleSignOn, Stage, Switch, Teams, VERBS,
    VisibilityMode, VisibilityRules, WORDS,
};
pub use boundary::{Boundary, Limit, WrongEntry};
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
pub use need::Need;
pub use policy::Policy;
pub use profile::{CellError, CellPart, Cells};
pub use relations::Relations;
pub use rule::{Deciding, Rule};
pub use scope::{Scope, Scopes, Sharing, Visibility};
pub use sentence::{Describe, Ids, Names, PhraseForm};
pub use workspace::{CustomRole, Department, Member, Profile, Team, Workspace};

/// Tests the examples of the page about embedding, which is not in the published crate.
#[cfg(doctest)]
#[doc = include_str!("../../docs/engine.md")]
struct Embedding;

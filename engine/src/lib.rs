//! Decides who may do what: access models as data, compiled to tables, asked in nanoseconds.

mod access;
mod arms;
mod blueprint;
mod catalog;
mod ceiling;
mod change;
mod class;
mod classes;
mod compare;
mod decide;
mod directory;
pub mod doc;
mod explain;
mod grant;
mod ground;
mod groups;
mod judge;
mod lanes;
mod matrix;
mod mistake;
mod policy;
mod profile;
mod rank;
mod resolve;
mod roster;
mod rulebook;
mod scope;
mod sentence;
mod shelf;
mod tree;
mod what;
mod who;
mod workspace;

pub use access::{Reach, Right};
pub use arms::Arms;
pub use blueprint::{
    AREAS, Action, Area, BillingContact, Blueprint, CUSTOM, Cover, CustomEntities, CustomRoles,
    Departments, Field, FieldType, GUARDS, Holders, INVITATION_FIELDS, Invitation,
    LONGEST_BLUEPRINT, Membership, PlanGate, Preset, ProfileTemplate, Profiles, Resource, Role,
    Rung, SelfServe, Stage, Switch, Teams, Treatment, VERBS, VisibilityRules, WORDS,
};
pub use catalog::Cell;
pub use ceiling::Excess;
pub use change::Change;
pub use compare::{Difference, Side};
pub use decide::{Owner, Target};
pub use explain::{Explanation, Step};
pub use grant::{Actions, BadGrant, Grant, Kind, LONGEST_GRANT, On};
pub use ground::{Ground, Narrowing, Source};
pub use matrix::Matrix;
pub use mistake::{Mistake, Mistakes};
pub use policy::Policy;
pub use profile::{BadCell, Cells, EVERY, Part};
pub use roster::MemberIndex;
pub use scope::{Scope, Scopes, Sharing, Visibility};
pub use sentence::{Ids, Names, Speaker};
pub use what::{Filter, Owners};
pub use workspace::{CustomRole, Department, Member, Profile, Team, Workspace};

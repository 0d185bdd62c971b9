//! Cedar: one policy for each entity and action, picked by the host, and everybody in one entity store.

use std::{
    collections::{HashMap, HashSet},
    fmt::Display,
    str::FromStr,
    time::Duration,
};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    PolicySet, Request, RestrictedExpression,
};

use crate::{
    Peer, Question,
    measure::timed,
    pinned_version,
    workload::{Cell, Member, UNOWNED, Workload},
};

const SLICE: &str = include_str!("../policies/slice.cedar");

/// The Cedar authorizer, with everything that it needs for a decision.
pub(crate) struct Cedar {
    authorizer: Authorizer,
    entities: Entities,
    slices: HashMap<Cell, PolicySet>,
    requests: Vec<(PolicySet, Request)>,
    loading: Duration,
}

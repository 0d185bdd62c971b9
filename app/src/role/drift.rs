//! Drift: where custom roles differ from how they were created (HARMONY-71).

use std::collections::{BTreeMap, HashMap};

use hallpass_domain::audit::Outcome;
use hallpass_domain::role::read_grants;
use hallpass_engine::{Grant, Resource, Scopes};
use hallpass_store::audit::AuditQuery;
use serde_json::Value;

use super::{Roles, check_read};
use crate::boxed;
use crate::error::Error;

/// The entries that a request reads at most.
const MOST_ENTRIES: usize = 10_000;

/// A cell in which a custom role differs from how it was created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DriftedCell {
    /// The resource.
    pub resource: String,
    /// The action.
    pub action: String,
    /// The scopes at the creation.
    pub created: String,
    /// The scopes now.
    pub now: String,
}

impl Roles<'_> {
    /// Lists the cells in which custom roles differ from how they were created, by the id of the role. A
    /// role whose creation is not in the audit log any more is left out.
    #[boxed]
    pub async fn drift(&mut self) -> Result<BTreeMap<String, Vec<DriftedCell>>, Error> {
        let ctx = &mut *self.0;
        let pass = check_read(ctx).await?;
        let query = AuditQuery {
            action: Some("role.create".to_owned()),
            outcome: Some(Outcome::Done),
            ..AuditQuery::default()
        };
        let roles = ctx.read(&pass)?.roles().list_all().await?;
        let (mut created, mut below, mut left) = (HashMap::new(), None, MOST_ENTRIES);
        loop {
            let part = ctx.read(&pass)?.audit().list(&query, below, left).await?;
            below = part.items.last().filter(|_| part.has_more).map(|entry| entry.id);
            left = left.saturating_sub(part.items.len());
            let entries = part.items.into_iter();
            created.extend(
                entries.filter_map(|entry| Some((entry.subject, grants(&entry.after)?))),
            );
            if below.is_none() || left == 0 {
                break;
            }
        }
        let resources = ctx.policy().resources();
        let drifted = roles.into_iter().filter_map(|role| {
            let id = role.id.to_string();
            let cells = differences(resources, created.get(&id)?, &role.grants);
            Some((id, cells))
        });
        Ok(drifted.collect())
    }
}

/// The grants in an audit entry.
fn grants(view: &Value) -> Option<Vec<Grant>> {
    let texts = view.get("grants")?.as_array()?.iter();
    let texts: Option<Vec<String>> =
        texts.map(|text| text.as_str().map(str::to_owned)).collect();
    read_grants(&texts?).ok()
}

fn differences(resources: &[Resource], created: &[Grant], now: &[Grant]) -> Vec<DriftedCell> {
    let mut cells = Vec::new();
    for resource in resources {
        for action in &resource.actions {
            let scopes = |grants: &[Grant]| -> Scopes {
                let granted = grants.iter().filter(|one| resource.is_granted(one, &action.key));
                granted.map(|grant| grant.scope).collect()
            };
            let (was, is) = (scopes(created), scopes(now));
            if was != is {
                cells.push(DriftedCell {
                    resource: resource.key.clone(),
                    action: action.key.clone(),
                    created: was.to_string(),
                    now: is.to_string(),
                });
            }
        }
    }
    cells
}

//! Cedar, in its fastest form here: one policy for each entity and action.

use std::{
    collections::{HashMap, HashSet},
    str::FromStr,
    time::Duration,
};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    PolicySet, Request, RestrictedExpression,
};

use crate::{
    measure::now,
    peer::{Peer, Question, pinned_version},
    slices::Slices,
    workload::{Member, OwnerGroup, UNOWNED, Workload},
};

/// The authorizer and what it decides with.
pub(crate) struct Cedar {
    authorizer: Authorizer,
    entities: Entities,
    policies: Slices<PolicySet>,
    requests: Vec<(usize, Request)>,
    names: Names,
    loading: Duration,
}

impl Cedar {
    /// Loads the policies and the members.
    pub(crate) fn load(workload: &Workload) -> Result<Self, String> {
        let start = now();
        let names = Names::parse()?;
        let members = workload.members.iter().map(|member| entity(&names, member));
        let members = members.collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            authorizer: Authorizer::new(),
            entities: Entities::from_entities(members, None).map_err(|e| e.to_string())?,
            policies: Slices::build(&workload.cells, |cell| {
                let text = include_str!("../policies/slice.cedar");
                let text = text.replace("CELL", &cell.to_string());
                PolicySet::from_str(&text).map_err(|error| error.to_string())
            })?,
            requests: Vec::new(),
            names,
            loading: start.elapsed(),
        })
    }

    fn request(&self, question: &Question) -> Result<(usize, Request), String> {
        let names = &self.names;
        let owner = match &question.owner {
            Some(owner) => uid(&names.member, owner),
            None => uid(&names.group, UNOWNED),
        };
        let owner = RestrictedExpression::new_entity_uid(owner);
        let context = Context::from_pairs([("owner".to_owned(), owner)]);
        let request = Request::new(
            uid(&names.member, &question.member),
            uid(&names.action, &question.action),
            uid(&names.entity, &question.entity),
            context.map_err(|error| error.to_string())?,
            None,
        );
        let slice = self.policies.index(&question.cell())?;
        Ok((slice, request.map_err(|error| error.to_string())?))
    }
}

impl Peer for Cedar {
    fn name(&self) -> &'static str {
        "Cedar"
    }

    fn version(&self) -> &'static str {
        pinned_version("cedar-policy")
    }

    fn idiom(&self) -> &'static str {
        "one policy per entity and action selected by the host, grants as groups, \
         one entity store, prebuilt requests"
    }

    fn loading(&self) -> Duration {
        self.loading
    }

    fn prepare(&mut self, questions: &[Question]) -> Result<(), String> {
        self.requests =
            questions.iter().map(|one| self.request(one)).collect::<Result<_, _>>()?;
        Ok(())
    }

    fn decide(&mut self, index: usize) -> bool {
        let Some((slice, request)) = self.requests.get(index) else { return false };
        let Some(policies) = self.policies.at(*slice) else { return false };
        let response = self.authorizer.is_authorized(request, policies, &self.entities);
        response.decision() == Decision::Allow
    }
}

/// The entity types, parsed once.
struct Names {
    member: EntityTypeName,
    group: EntityTypeName,
    grant: EntityTypeName,
    action: EntityTypeName,
    entity: EntityTypeName,
}

impl Names {
    fn parse() -> Result<Self, String> {
        let parse = |name| EntityTypeName::from_str(name).map_err(|error| error.to_string());
        Ok(Self {
            member: parse("Member")?,
            group: parse("OwnerGroup")?,
            grant: parse("Grant")?,
            action: parse("Action")?,
            entity: parse("Entity")?,
        })
    }
}

fn uid(name: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(name.clone(), EntityId::new(id))
}

/// The parents of a member are grants and the groups that they are in; the groups that they reach are
/// attributes.
fn entity(names: &Names, member: &Member) -> Result<Entity, String> {
    let group = |group: &OwnerGroup| uid(&names.group, &group.to_string());
    let mut parents: HashSet<EntityUid> = member.groups.iter().map(group).collect();
    let mut attributes = HashMap::new();
    for (cell, reach) in &member.reach {
        let grant = |kind: &str| uid(&names.grant, &format!("{cell}_{kind}"));
        if reach.everyone {
            parents.insert(grant("everyone"));
            continue;
        }
        if reach.own {
            parents.insert(grant("own"));
        }
        if !reach.groups.is_empty() {
            parents.insert(grant("groups"));
            let groups = reach.groups.iter().map(group);
            let groups = groups.map(RestrictedExpression::new_entity_uid);
            attributes.insert(cell.to_string(), RestrictedExpression::new_set(groups));
        }
    }
    let id = uid(&names.member, &member.id);
    Entity::new(id, attributes, parents).map_err(|error| error.to_string())
}

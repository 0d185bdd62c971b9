//! The named rule decides: without it the answer turns, or the next rule is named.

use std::collections::HashMap;

use hallpass_engine::{
    Cell, Deciding, Describe, Explanation, Grant, GrantSource, Ids, MemberIndex, Need, Policy,
    Rule, Scope, Sharing, Target, Visibility,
};

use crate::needs::World;
use crate::rng::Rng;
use crate::shipped::SHIPPED;
use crate::test_size::{either, first_seed};

/// How many questions are asked in one world.
const QUESTIONS: usize = 2_000;

impl World {
    /// The world in which a grant of a member does not have a cell.
    fn without(
        mut self,
        policy: &Policy,
        member: &str,
        (cell, source): (Cell, GrantSource<'_>),
    ) -> World {
        let (resource, action) = policy.keys(cell);
        let person =
            self.workspace.members.iter_mut().find(|known| known.id == member).unwrap();
        match source {
            GrantSource::Role(id) => {
                let blueprint = self.blueprint.clone();
                let narrowed = |grants: &mut Vec<Grant>| {
                    let parts = grants.iter().flat_map(|grant| parts(&blueprint, grant));
                    let left = parts.filter(|(key, verb, _)| {
                        (key.as_str(), verb.as_str()) != (resource, action)
                    });
                    *grants = left
                        .map(|(key, verb, scope)| {
                            format!("{key}:{verb}:{scope}").parse().unwrap()
                        })
                        .collect();
                };
                let custom = self.workspace.roles.iter_mut().find(|role| role.id == id);
                if let Some(role) = custom {
                    narrowed(&mut role.grants);
                }
                let built_in = self.blueprint.roles.iter_mut().find(|role| role.key == id);
                if let Some(role) = built_in {
                    narrowed(&mut role.grants);
                }
                let replaced =
                    self.blueprint.switches.iter_mut().flat_map(|one| &mut one.replaces);
                replaced.filter(|(key, _)| key == id).for_each(|(_, grants)| narrowed(grants));
            }
            GrantSource::Profile { profile, .. } => {
                let mut profiles = self.workspace.profiles.iter_mut();
                let profile = profiles.find(|known| known.id == profile).unwrap();
                profile.cells.set(resource, action, None);
            }
            GrantSource::Level(_) => person.levels.retain(|(key, _)| key != resource),
            GrantSource::BillingContact => person.is_billing_contact = false,
            GrantSource::Switch(key) => {
                self.workspace.switches.retain(|(known, _)| known != key);
                self.workspace.switches.push((key.to_owned(), false));
            }
            GrantSource::Unowned => self.blueprint.unowned_is_visible = false,
        }
        self
    }

    /// The world in which what limits a member does not limit them on a cell.
    fn lifted(mut self, policy: &Policy, why: &Explanation<'_>) -> World {
        let (member, cell) = (policy.id(why.member), why.rule.cell);
        let person =
            self.workspace.members.iter_mut().find(|known| known.id == member).unwrap();
        let need = match why.rule.deciding {
            Deciding::Status => {
                person.is_active = true;
                return self;
            }
            Deciding::Visibility(_) => {
                person.visibility = Visibility::All;
                return self;
            }
            Deciding::Level { enough, .. } => {
                let resource = policy.keys(cell).0;
                person.levels.retain(|(key, _)| key != resource);
                person.levels.push((resource.to_owned(), enough.key.clone()));
                return self;
            }
            Deciding::NoTeam => Need::Team { cell, scope: Scope::All },
            Deciding::Boundary => panic!("these worlds have no boundary"),
            Deciding::Grant(GrantSource::Profile { team, .. }) => {
                let sharing = Some(Sharing::All);
                Need::Profile { cell, scope: Scope::All, team, has_profile: true, sharing }
            }
            Deciding::Grant(_) => {
                let other = why
                    .would_need
                    .iter()
                    .find(|need| need.cell() == cell && matches!(need, Need::Role { .. }));
                let grant = Need::Grant { cell, scope: Scope::All, visibility: None };
                other.copied().unwrap_or(grant)
            }
        };
        self.with(policy, member, &need)
    }
}

/// A grant as one for each cell that it covers.
fn parts(
    blueprint: &hallpass_engine::Blueprint,
    grant: &Grant,
) -> Vec<(String, String, Scope)> {
    let resources = blueprint.resources.iter().filter(|resource| resource.is_on(grant));
    let cells = resources.flat_map(|resource| {
        let actions = resource.actions.iter();
        let granted = actions.filter(|action| resource.is_granted(grant, &action.key));
        granted.map(|action| (resource.key.clone(), action.key.clone(), grant.scope))
    });
    cells.collect()
}

/// What the policy of a changed world says to the same question.
fn again<'p>(after: &'p Policy, before: &Policy, why: &Explanation<'_>) -> Explanation<'p> {
    let member = |index: MemberIndex| after.member(before.id(index)).unwrap();
    let (resource, action) = before.keys(why.cell);
    let target = match why.target {
        Target::OwnedBy(owner) => Target::OwnedBy(member(owner)),
        Target::Any | Target::Unowned | Target::OwnedByNonMember => why.target,
    };
    after.explain(member(why.member), after.cell(resource, action).unwrap(), target)
}

#[test]
fn without_the_named_rule_the_answer_turns_or_the_next_rule_is_named() {
    let (mut seed, mut asked) = (first_seed(59), 0);
    let mut kinds: HashMap<String, usize> = HashMap::new();
    while asked < either(100_000, 10_000_000) {
        let (id, text) = SHIPPED[usize::try_from(seed).unwrap() % SHIPPED.len()];
        let mut rng = Rng::new(seed);
        seed += 1;
        let mut world = World::of(text, &mut rng);
        world.workspace.members[7].is_active = false;
        let policy = world.policy();
        let cells: Vec<_> = policy.cells().collect();
        let members: Vec<_> = policy.members().collect();
        // Questions with the same rule share the policy without it.
        let mut changed: HashMap<String, Policy> = HashMap::new();
        for _ in 0..QUESTIONS {
            let (me, cell) = (members[rng.below(8)], cells[rng.below(cells.len())]);
            let target = match rng.below(12) {
                owner @ 0..8 => Target::OwnedBy(members[owner]),
                8 | 9 => Target::Unowned,
                10 => Target::OwnedByNonMember,
                _ => Target::Any,
            };
            let why = policy.explain(me, cell, target);
            asked += 1;
            let Rule { cell, deciding, .. } = why.rule;
            let key = format!(
                "{} {:?} {deciding:?} {}",
                policy.id(me),
                policy.keys(cell),
                why.allowed
            );
            let after = changed.entry(key).or_insert_with(|| match deciding {
                Deciding::Grant(source) if why.allowed => {
                    world.clone().without(&policy, policy.id(me), (cell, source)).policy()
                }
                Deciding::Grant(_)
                | Deciding::Status
                | Deciding::Level { .. }
                | Deciding::Visibility(_)
                | Deciding::NoTeam
                | Deciding::Boundary => world.clone().lifted(&policy, &why).policy(),
            });

            let then = again(after, &policy, &why);

            let next = format!("{:?}", then.rule);
            assert!(
                then.allowed != why.allowed || next != format!("{:?}", why.rule),
                "{id}: {}: {:?}",
                Describe::new(&policy, &Ids).summary(&why),
                why.rule,
            );
            let kind = format!("{deciding:?}");
            let kind = kind.split(['"', '{']).next().unwrap_or_default();
            *kinds.entry(format!("{} {kind}", why.allowed)).or_default() += 1;
        }
    }
    assert!(kinds.len() >= 11, "{kinds:?}");
    assert!(kinds.values().all(|count| *count > 20), "{kinds:?}");
}

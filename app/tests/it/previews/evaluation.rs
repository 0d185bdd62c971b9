//! The access of every member, decided owner by owner, with numbers of records: what previews are held
//! against, computed without their code.

use std::collections::{BTreeMap, BTreeSet};

use hallpass_app::Snapshot;
use hallpass_app::invitation::list::InvitationFilter;
use hallpass_app::operation::Operator;
use hallpass_app::preview::{MemberPreview, Preview};
use hallpass_domain::id::{InvitationId, MemberId};
use hallpass_engine::{Owner, Policy, ResourceKind};

use crate::guards::view::View;
use crate::guards::world::World;

/// An owner who never was a member.
const STRANGER: &str = "a stranger";

/// No record in particular.
const ANY: &str = "any";

/// Records without an owner.
const UNOWNED: &str = "";

/// A member, a resource and an action.
pub(crate) type Key = (MemberId, String, String);

/// Whether a member gains and loses an action, and how many records.
pub(crate) type Change = (bool, bool, Option<(i64, i64)>);

/// The access in a workspace at one moment.
pub(crate) struct Evaluation {
    /// The owners about whom was asked.
    owners: BTreeSet<String>,
    /// The owners that an action admits, where it admits any.
    admitted: BTreeMap<Key, BTreeSet<String>>,
    /// The number of records by type and owner.
    pub(crate) records: BTreeMap<(String, String), i64>,
    /// The keys of record types with owners.
    types: BTreeSet<String>,
    /// What the navigation of each member shows.
    navigation: BTreeMap<MemberId, BTreeSet<String>>,
    /// The invitations that can be accepted.
    open: BTreeSet<InvitationId>,
    /// Those that are pending and cannot.
    dead: BTreeSet<InvitationId>,
}

impl Evaluation {
    pub(crate) async fn of(world: &World, view: &View) -> Evaluation {
        let workspace = world.workspace.to_string();
        let operator = Operator::default();
        let mut ctx = world.beside.enter_as(&operator, &workspace).await.unwrap();
        let page =
            ctx.invitations().list(&InvitationFilter::default(), None, 1_000).await.unwrap();
        let snapshot = ctx.snapshot().clone();
        drop(ctx);
        let pending: BTreeSet<InvitationId> = view.pending.iter().map(|one| one.id).collect();
        let (dead, open) = pending.into_iter().partition(|id| page.outdated.contains_key(id));
        let evaluated = Evaluation::of_policy(view.model.policy(), view, &snapshot);
        Evaluation { open, dead, ..evaluated }
    }

    /// The access that another policy of the workspace gives.
    pub(crate) async fn with_policy(
        &self,
        world: &World,
        view: &View,
        policy: &Policy,
    ) -> Evaluation {
        let workspace = world.workspace.to_string();
        let ctx = world.beside.enter_as(&Operator::default(), &workspace).await.unwrap();
        let evaluated = Evaluation::of_policy(policy, view, ctx.snapshot());
        Evaluation { records: self.records.clone(), ..evaluated }
    }

    fn of_policy(policy: &Policy, view: &View, snapshot: &Snapshot) -> Evaluation {
        let mut owners: Vec<String> =
            view.all_members.iter().map(ToString::to_string).collect();
        owners.extend([ANY, UNOWNED, STRANGER].map(str::to_owned));
        let (mut admitted, mut navigation) = (BTreeMap::new(), BTreeMap::new());
        let mut types = BTreeSet::new();
        for resource in policy.resources() {
            if resource.kind == ResourceKind::Records && resource.scoped {
                types.insert(resource.key.clone());
            }
        }
        for member in policy.members() {
            let id = policy.id(member);
            let known: MemberId = id.parse().unwrap();
            let shown = policy.navigation(member).map(|resource| resource.key.clone());
            navigation.insert(known, shown.filter(|key| snapshot.is_on(key)).collect());
            let on = policy.resources().iter().filter(|resource| snapshot.is_on(&resource.key));
            for (resource, action) in on.flat_map(|resource| {
                resource.actions.iter().map(move |action| (resource, action))
            }) {
                let decides = |owner: &&String| {
                    let owner = match owner.as_str() {
                        ANY => Owner::Any,
                        UNOWNED => Owner::Unowned,
                        id => Owner::Member(id),
                    };
                    policy.check(id, &resource.key, &action.key, owner).unwrap()
                };
                let admits: BTreeSet<String> = owners.iter().filter(decides).cloned().collect();
                if !admits.is_empty() {
                    admitted.insert((known, resource.key.clone(), action.key.clone()), admits);
                }
            }
        }
        let owners = owners.into_iter().collect();
        Evaluation {
            owners,
            admitted,
            records: BTreeMap::new(),
            types,
            navigation,
            open: BTreeSet::new(),
            dead: BTreeSet::new(),
        }
    }

    /// Adds owners who have joined since: strangers, as far as this moment knows them.
    pub(crate) fn add_strangers(&mut self, other: &Evaluation) {
        let added: Vec<String> = other.owners.difference(&self.owners).cloned().collect();
        for admitted in self.admitted.values_mut().filter(|all| all.contains(STRANGER)) {
            admitted.extend(added.iter().cloned());
        }
        self.owners.extend(added);
    }

    /// What one member can do more and less than another, each in the place of the other.
    pub(crate) fn pair(&self, one: MemberId, other: MemberId) -> BTreeMap<Key, Change> {
        let (first, second) = (one.to_string(), other.to_string());
        let swapped = |owners: &BTreeSet<String>| -> BTreeSet<String> {
            let swap = |owner: &String| match owner {
                owner if *owner == first => second.clone(),
                owner if *owner == second => first.clone(),
                owner => owner.clone(),
            };
            owners.iter().map(swap).collect()
        };
        let cells: BTreeSet<(&String, &String)> =
            self.admitted.keys().map(|(_, resource, action)| (resource, action)).collect();
        let mut found = BTreeMap::new();
        for (resource, action) in cells {
            let of = |id| self.admitted.get(&(id, resource.clone(), action.clone()));
            let (was, is) = (of(one).cloned(), of(other).cloned());
            let (was, is) = (was.unwrap_or_default(), is.unwrap_or_default());
            if swapped(&was) == is {
                continue;
            }
            let has = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
                one.difference(&swapped(other)).any(|owner| owner != ANY)
            };
            let count = |one: &BTreeSet<String>, other: &BTreeSet<String>| -> i64 {
                let owners = one.difference(other);
                let number = |owner: &String| {
                    self.records.get(&(resource.clone(), owner.clone())).copied()
                };
                owners.filter_map(number).sum()
            };
            let is_type = self.types.contains(resource);
            let records = is_type.then(|| (count(&is, &was), count(&was, &is)));
            let key = (other, resource.clone(), action.clone());
            found.insert(key, (has(&is, &was), has(&was, &is), records));
        }
        found
    }

    /// What changes until another moment, in the shape of a preview.
    pub(crate) fn differences(&self, after: &Evaluation) -> BTreeMap<Key, Change> {
        let keys: BTreeSet<&Key> = self.admitted.keys().chain(after.admitted.keys()).collect();
        let mut found = BTreeMap::new();
        for key in keys {
            let (was, is) = (&self.admitted_with(key, after), &after.admitted_with(key, self));
            if was == is {
                continue;
            }
            let gained: Vec<&String> =
                is.difference(was).filter(|owner| *owner != ANY).collect();
            let lost: Vec<&String> = was.difference(is).filter(|owner| *owner != ANY).collect();
            let count = |owners: &[&String]| -> i64 {
                let number = |owner: &&String| {
                    self.records.get(&(key.1.clone(), (*owner).clone())).copied()
                };
                owners.iter().filter_map(number).sum()
            };
            let is_type = self.types.contains(&key.1) || after.types.contains(&key.1);
            let records = is_type.then(|| (count(&gained), count(&lost)));
            found.insert(key.clone(), (!gained.is_empty(), !lost.is_empty(), records));
        }
        found
    }

    /// The owners that an action admits, also of those who are known only at another moment.
    fn admitted_with(&self, key: &Key, other: &Evaluation) -> BTreeSet<String> {
        let mut admitted = self.admitted.get(key).cloned().unwrap_or_default();
        if admitted.contains(STRANGER) {
            admitted.extend(other.owners.difference(&self.owners).cloned());
        }
        admitted
    }

    /// What appears in and disappears from the navigation of members.
    pub(crate) fn navigation(
        &self,
        after: &Evaluation,
    ) -> BTreeMap<MemberId, (BTreeSet<String>, BTreeSet<String>)> {
        let none = BTreeSet::new();
        let members = self.navigation.keys().chain(after.navigation.keys());
        let change = |member: &MemberId| {
            let was = self.navigation.get(member).unwrap_or(&none);
            let is = after.navigation.get(member).unwrap_or(&none);
            let shown: BTreeSet<String> = is.difference(was).cloned().collect();
            let hidden: BTreeSet<String> = was.difference(is).cloned().collect();
            let changes = !shown.is_empty() || !hidden.is_empty();
            changes.then_some((*member, (shown, hidden)))
        };
        members.filter_map(change).collect()
    }

    /// The member of a preview; for an invited person, who has joined by the other moment.
    fn member(&self, after: &Evaluation, preview: &MemberPreview) -> MemberId {
        let joined = || after.navigation.keys().find(|id| !self.navigation.contains_key(id));
        let joined = preview.invited.as_ref().and_then(|_| joined());
        joined.copied().unwrap_or(preview.member)
    }

    /// The invitations that can be accepted, and no longer at another moment.
    pub(crate) fn stopped(&self, after: &Evaluation) -> BTreeSet<InvitationId> {
        self.open.intersection(&after.dead).copied().collect()
    }
}

/// What a preview promises, in the shape of an evaluation.
pub(crate) fn promised_differences(
    preview: &Preview,
    (was, is): (&Evaluation, &Evaluation),
) -> BTreeMap<Key, Change> {
    let changes = preview.members.iter().flat_map(|one| {
        one.changes.iter().map(|change| {
            let key = (was.member(is, one), change.resource.clone(), change.action.clone());
            let records = change.records_gained.zip(change.records_lost);
            (key, (change.gains, change.loses, records))
        })
    });
    changes.collect()
}

/// What a preview promises of navigation, in the shape of an evaluation.
pub(crate) fn promised_navigation(
    preview: &Preview,
    (was, is): (&Evaluation, &Evaluation),
) -> BTreeMap<MemberId, (BTreeSet<String>, BTreeSet<String>)> {
    let change = |one: &MemberPreview| {
        let sides = (one.shown.iter().cloned().collect(), one.hidden.iter().cloned().collect());
        let changes = !one.shown.is_empty() || !one.hidden.is_empty();
        changes.then_some((was.member(is, one), sides))
    };
    preview.members.iter().filter_map(change).collect()
}

/// The invitations that would stop working, according to a preview.
pub(crate) fn promised_stopped(preview: &Preview) -> BTreeSet<InvitationId> {
    let stopped = preview.invitations.iter().flatten();
    stopped.map(|(invitation, _)| invitation.id).collect()
}

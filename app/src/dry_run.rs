//! Dry runs: use cases that run without their writes, and the effect that they would have.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use data_encoding::HEXLOWER;
use hallpass_domain::email::Email;
use hallpass_domain::id::MemberId;
use hallpass_domain::member::MemberAccess;
use hallpass_domain::model::comparison::{MemberDifference, Switched};
use hallpass_domain::model::{ChangeKind, Grantor, Model};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{Change, Filter, MemberIndex, Policy, Side};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::snapshot::Snapshot;

/// How the use cases of a request run.
#[derive(Clone, Debug, Default)]
pub(crate) enum Run {
    /// For real.
    #[default]
    Real,
    /// For real, if what they change is what the preview with this id has shown.
    AsPreviewed(String),
    /// On a transaction that reads, up to the first write.
    Dry(DryRun),
    /// Up to the first write, which is refused: the caller views the workspace as another member.
    ViewOnly,
}

impl Run {
    pub(crate) fn is_dry(&self) -> bool {
        matches!(self, Run::Dry(_))
    }
}

/// Receives the effect of a use case that runs dry.
#[derive(Clone, Debug, Default)]
pub struct DryRun(Arc<Mutex<Option<Effect>>>);

impl DryRun {
    /// Takes the effect; none where the use case was refused.
    #[must_use]
    pub fn take_effect(&self) -> Option<Effect> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(crate) fn set_effect(&self, effect: Effect) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(effect);
    }
}

/// What a use case would change about access.
#[derive(Clone, Debug)]
pub struct Effect {
    /// The snapshot that the use case has read.
    pub(crate) before: Arc<Snapshot>,
    /// The snapshot that its commit would store.
    pub(crate) after: Arc<Snapshot>,
    /// Who would be a member by it, now or later.
    pub(crate) newcomers: Vec<Newcomer>,
}

/// Someone who would be a member.
#[derive(Clone, Debug)]
pub(crate) enum Newcomer {
    /// A person who would be invited.
    Person {
        email: Email,
        access: MemberAccess,
        /// The removed member whom the invitation would bring back.
        former: Option<MemberId>,
    },
    /// A service account, which the snapshot after the change has under a new id.
    Service { id: MemberId, name: String },
}

/// What a newcomer is called.
#[derive(Clone, Debug)]
pub(crate) enum NewcomerName {
    /// The address of a person.
    Address(Email),
    /// The name of a service account.
    Name(String),
}

/// An effect with everybody who would be a member, and what each gains and loses.
pub(crate) struct Outcome {
    pub(crate) before: Arc<Snapshot>,
    /// The snapshot after the change, in which newcomers are members by their placeholders.
    pub(crate) after: Arc<Snapshot>,
    /// The newcomers, by placeholder.
    pub(crate) newcomers: HashMap<MemberId, NewcomerName>,
    pub(crate) differences: Vec<MemberDifference>,
    /// The member whose navigation is that before, where it is not that of the difference.
    pub(crate) counterpart: Option<MemberId>,
}

impl Effect {
    /// Compares the access of everybody before and after.
    pub(crate) fn compare(self) -> Result<Outcome, Refusal> {
        let Effect { before, mut after, newcomers } = self;
        let mut names = HashMap::with_capacity(newcomers.len());
        for newcomer in newcomers {
            let model = newcomer.join(&after.model)?;
            Arc::make_mut(&mut after).model = model;
            names.insert(newcomer.placeholder(), newcomer.into_name());
        }
        let is_on = |key: &str| before.is_on(key);
        let was = Switched { model: &before.model, is_on: &is_on };
        let is_on = |key: &str| after.is_on(key);
        let differences = was.compare(&Switched { model: &after.model, is_on: &is_on });
        Ok(Outcome { before, after, newcomers: names, differences, counterpart: None })
    }
}

impl Newcomer {
    /// The keys of what their navigation would show; nothing where they can no longer join.
    pub(crate) fn navigation(&self, snapshot: &Snapshot) -> Vec<String> {
        let Ok(model) = self.join(&snapshot.model) else { return Vec::new() };
        Snapshot { model, ..snapshot.clone() }.navigation(self.placeholder())
    }

    /// The model in which they are a member by their placeholder. The guards have allowed it before.
    fn join(&self, model: &Model) -> Result<Model, Refusal> {
        match self {
            Newcomer::Person { access, .. } => join(model, self.placeholder(), access),
            Newcomer::Service { id, .. } => rename(model, *id, self.placeholder()),
        }
    }

    /// The id of the removed member, or else one that only the name decides, so that two previews agree.
    fn placeholder(&self) -> MemberId {
        let hash = match self {
            Newcomer::Person { former: Some(former), .. } => return *former,
            Newcomer::Person { email, .. } => Sha256::digest(email.key()),
            Newcomer::Service { name, .. } => Sha256::digest(format!("service {name}")),
        };
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(hash).for_each(|(byte, hashed)| *byte = hashed);
        MemberId(Uuid::from_bytes(bytes))
    }

    fn into_name(self) -> NewcomerName {
        match self {
            Newcomer::Person { email, .. } => NewcomerName::Address(email),
            Newcomer::Service { name, .. } => NewcomerName::Name(name),
        }
    }
}

/// The model in which a member has another id.
fn rename(model: &Model, from: MemberId, to: MemberId) -> Result<Model, Refusal> {
    let Some(member) = model.member(from) else { return Ok(model.clone()) };
    let renamed = hallpass_engine::Member { id: to.to_string(), ..member.clone() };
    let changes = [Change::RemoveMember(from.to_string()), Change::PutMember(renamed)];
    model.change(Grantor::Operator, ChangeKind::Edit, &changes)
}

/// The model in which an invitation has been accepted. The guards have allowed it before.
fn join(model: &Model, id: MemberId, access: &MemberAccess) -> Result<Model, Refusal> {
    let holder = model.billing_contact().filter(|_| access.is_billing_contact);
    let released = holder.map(|(_, member)| {
        let released = hallpass_engine::Member { is_billing_contact: false, ..member.clone() };
        Change::PutMember(released)
    });
    let joins = Change::PutMember(access.to_engine(id, true));
    let changes: Vec<Change> = released.into_iter().chain([joins]).collect();
    model.change(Grantor::Operator, ChangeKind::TransferBilling, &changes)
}

impl Outcome {
    /// What the navigation of a member shows before and after.
    pub(crate) fn navigation(&self, member: MemberId) -> (Vec<String>, Vec<String>) {
        let before = self.before.navigation(self.counterpart.unwrap_or(member));
        (before, self.after.navigation(member))
    }

    /// The id of a preview: the same for the same differences, whatever else has changed.
    pub(crate) fn id(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(self.before.workspace.id.to_string());
        let mut before = Sides::of(self.before.model.policy());
        let mut after = Sides::of(self.after.model.policy());
        for MemberDifference { member, changes } in &self.differences {
            hash.update(member.0.as_bytes());
            for change in changes {
                for key in [&change.resource, &change.action] {
                    hash.update(key);
                    hash.update(" ");
                }
                before.add(&mut hash, &change.before);
                after.add(&mut hash, &change.after);
            }
        }
        HEXLOWER.encode(&hash.finalize())
    }
}

/// Hashes what members reach in a policy.
struct Sides<'p> {
    policy: &'p Policy,
    /// The hashes of sets of owners. Many members have the same.
    owners: HashMap<&'p [MemberIndex], [u8; 32]>,
}

impl<'p> Sides<'p> {
    fn of(policy: &'p Policy) -> Sides<'p> {
        Sides { policy, owners: HashMap::new() }
    }

    fn add(&mut self, hash: &mut Sha256, side: &'p Side) {
        hash.update(side.reach.to_string());
        match &side.filter {
            Filter::Nothing => hash.update(" nothing "),
            Filter::All => hash.update(" all "),
            Filter::Owners(owners) => {
                hash.update(if owners.unowned { " unowned " } else { " owned " });
                hash.update(self.hash_of(&owners.members));
            }
        }
    }

    fn hash_of(&mut self, members: &'p [MemberIndex]) -> [u8; 32] {
        let policy = self.policy;
        *self.owners.entry(members).or_insert_with(|| {
            // Another compilation of the workspace may have the members in another order.
            let mut ids: Vec<&str> = members.iter().map(|member| policy.id(*member)).collect();
            ids.sort_unstable();
            let mut hash = Sha256::new();
            for id in ids {
                hash.update(id);
            }
            hash.finalize().into()
        })
    }
}

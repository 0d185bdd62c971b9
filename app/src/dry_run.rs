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
    /// Whom it would invite.
    pub(crate) newcomers: Vec<Newcomer>,
}

/// A person who would be invited.
#[derive(Clone, Debug)]
pub(crate) struct Newcomer {
    pub(crate) email: Email,
    pub(crate) access: MemberAccess,
    /// The removed member whom the invitation would bring back.
    pub(crate) former: Option<MemberId>,
}

/// An effect with everybody who would be a member, and what each gains and loses.
pub(crate) struct Outcome {
    pub(crate) before: Arc<Snapshot>,
    /// The snapshot after the change, in which invited people are members.
    pub(crate) after: Arc<Snapshot>,
    /// The addresses of invited people.
    pub(crate) newcomers: HashMap<MemberId, Email>,
    pub(crate) differences: Vec<MemberDifference>,
    /// The member whose navigation is that before, where it is not that of the difference.
    pub(crate) counterpart: Option<MemberId>,
}

impl Effect {
    /// Compares the access of everybody before and after.
    pub(crate) fn compare(self) -> Result<Outcome, Refusal> {
        let Effect { before, mut after, newcomers } = self;
        let mut addresses = HashMap::with_capacity(newcomers.len());
        for newcomer in newcomers {
            let id = newcomer.id();
            let model = join(&after.model, id, &newcomer.access)?;
            Arc::make_mut(&mut after).model = model;
            addresses.insert(id, newcomer.email);
        }
        let is_on = |key: &str| before.is_on(key);
        let was = Switched { model: &before.model, is_on: &is_on };
        let is_on = |key: &str| after.is_on(key);
        let differences = was.compare(&Switched { model: &after.model, is_on: &is_on });
        Ok(Outcome { before, after, newcomers: addresses, differences, counterpart: None })
    }
}

impl Newcomer {
    /// The keys of what their navigation would show; nothing where they can no longer join.
    pub(crate) fn navigation(&self, snapshot: &Snapshot) -> Vec<String> {
        let id = self.id();
        let Ok(model) = join(&snapshot.model, id, &self.access) else { return Vec::new() };
        Snapshot { model, ..snapshot.clone() }.navigation(id)
    }

    /// The id of the removed member, or else one that only the address decides, so that two previews
    /// agree.
    fn id(&self) -> MemberId {
        if let Some(former) = self.former {
            return former;
        }
        let hash = Sha256::digest(self.email.key());
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(hash).for_each(|(byte, hashed)| *byte = hashed);
        MemberId(Uuid::from_bytes(bytes))
    }
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

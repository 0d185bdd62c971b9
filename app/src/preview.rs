//! Previews: what a change would do to access, without making it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use hallpass_domain::api_key::ApiKey;
use hallpass_domain::email::Email;
use hallpass_domain::id::MemberId;
use hallpass_domain::invitation::{Invitation, Outdated};
use hallpass_domain::model::comparison::MemberDifference;
use hallpass_domain::model::guard::{check_key_use, outlives_maker};
use hallpass_engine::{Difference, Policy, ResourceKind};
use hallpass_store::record::Reach;

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::context::resource::reach;
use crate::dry_run::{Effect, NewcomerName, Outcome};
use crate::error::Error;
use crate::gate::permission::{AnyMember, ReadApiKeys, ReadMembers};
use crate::gate::{Pass, Permission};
use crate::invitation::outdated::outdated;
use crate::snapshot::Snapshot;

/// The place of a member in the list: how many actions change for them, and their id.
pub type PreviewPosition = (usize, MemberId);

/// What a change would do.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Names the effect: the same as long as the same people gain and lose the same.
    pub id: String,
    /// The revision of the workspace that the change was tried on.
    pub revision: i64,
    /// How many people gain or lose each action, in the order of the keys; only about the caller, for
    /// one who may not read members.
    pub totals: Vec<ActionTotal>,
    /// The people who gain or lose anything, the largest change first.
    pub members: Vec<MemberPreview>,
    /// Whether there are more.
    pub has_more: bool,
    /// How many there are; none for a caller who may not read members.
    pub total: Option<usize>,
    /// The API keys that would stop working; none for a caller who may not read them.
    pub api_keys: Option<Vec<ApiKey>>,
    /// The open invitations that could no longer be accepted; none for a caller who may not read them.
    pub invitations: Option<Vec<(Invitation, Outdated)>>,
}

/// How many people gain or lose an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionTotal {
    /// The key of the resource.
    pub resource: String,
    /// The key of the action.
    pub action: String,
    /// How many people can do it to more than before.
    pub gaining: usize,
    /// How many people can no longer do it to all that they could.
    pub losing: usize,
}

/// What a person would gain and lose.
#[derive(Clone, Debug)]
pub struct MemberPreview {
    /// The member; a placeholder for a newcomer.
    pub member: MemberId,
    /// Whether the change would make them a member.
    pub is_newcomer: bool,
    /// Their name, as far as the caller may know it.
    pub name: Option<String>,
    /// The address of an invited person.
    pub invited: Option<Email>,
    /// The actions that change.
    pub changes: Vec<ActionPreview>,
    /// The keys of the resources that their navigation shows in addition.
    pub shown: Vec<String>,
    /// The keys of the resources that their navigation shows no longer.
    pub hidden: Vec<String>,
}

/// An action that changes for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionPreview {
    /// The key of the resource.
    pub resource: String,
    /// The key of the action.
    pub action: String,
    /// The reach before.
    pub before: String,
    /// The reach after.
    pub after: String,
    /// Whether the action covers more than before.
    pub gains: bool,
    /// Whether it no longer covers all that it did.
    pub loses: bool,
    /// How many records it covers in addition, of those that the caller may read; none for what are no
    /// records.
    pub records_gained: Option<i64>,
    /// How many records it covers no longer, of those that the caller may read.
    pub records_lost: Option<i64>,
}

/// The previews of changes in a workspace.
pub struct Previews<'c>(pub(crate) &'c mut WorkspaceContext);

impl Previews<'_> {
    /// Describes the effect of a use case that ran dry, or none, where it had nothing to do. Without the permission to read members, it is
    /// about the caller only.
    #[boxed]
    pub async fn describe(
        &mut self,
        effect: Option<Effect>,
        after: Option<PreviewPosition>,
        limit: usize,
    ) -> Result<Preview, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(AnyMember).await?;
        let mut outcome = effect.unwrap_or_else(|| ctx.effect()).compare()?;
        let id = outcome.id();
        let mut differences = std::mem::take(&mut outcome.differences);
        ctx.retain_visible(&mut differences);
        let total = ctx.visible_number(differences.len());
        let page = page(ctx, &pass, &outcome, differences, (after, limit)).await?;
        let DifferencePage { totals, members, has_more } = page;
        Ok(Preview {
            id,
            revision: outcome.before.revision,
            totals,
            members,
            has_more,
            total,
            api_keys: stopped_keys(ctx, &pass, &outcome).await?,
            invitations: stopped_invitations(ctx, &pass, &outcome).await?,
        })
    }
}

/// A page of differences, as the caller may see them.
pub(crate) struct DifferencePage {
    pub(crate) totals: Vec<ActionTotal>,
    pub(crate) members: Vec<MemberPreview>,
    pub(crate) has_more: bool,
}

/// Describes a page of the differences between two snapshots, the largest first.
pub(crate) async fn page(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    outcome: &Outcome,
    mut differences: Vec<MemberDifference>,
    (after, limit): (Option<PreviewPosition>, usize),
) -> Result<DifferencePage, Error> {
    let totals = totals(&differences);
    let has_more = cut_page(&mut differences, after, limit);
    ctx.look_up_names(pass, differences.iter().map(|one| one.member)).await?;
    let mut counts = Counts::default();
    let mut members = Vec::with_capacity(differences.len());
    for difference in differences {
        members.push(preview(ctx, pass, outcome, difference, &mut counts).await?);
    }
    Ok(DifferencePage { totals, members, has_more })
}

/// Cuts a page out of the list of members, the largest change first. Returns whether there are more.
pub(crate) fn cut_page(
    differences: &mut Vec<MemberDifference>,
    after: Option<PreviewPosition>,
    limit: usize,
) -> bool {
    differences.retain(|one| {
        after.is_none_or(|(changes, member)| {
            (Reverse(one.changes.len()), one.member) > (Reverse(changes), member)
        })
    });
    let has_more = differences.len() > limit;
    differences.truncate(limit);
    has_more
}

fn totals(differences: &[MemberDifference]) -> Vec<ActionTotal> {
    let mut counted: BTreeMap<(&str, &str), (usize, usize)> = BTreeMap::new();
    for change in differences.iter().flat_map(|one| &one.changes) {
        let key = (change.resource.as_str(), change.action.as_str());
        let (gaining, losing) = counted.entry(key).or_default();
        *gaining += usize::from(change.gains);
        *losing += usize::from(change.loses);
    }
    let total = |((resource, action), (gaining, losing)): ((&str, &str), _)| ActionTotal {
        resource: resource.to_owned(),
        action: action.to_owned(),
        gaining,
        losing,
    };
    counted.into_iter().map(total).collect()
}

async fn preview(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    outcome: &Outcome,
    difference: MemberDifference,
    counts: &mut Counts,
) -> Result<MemberPreview, Error> {
    let MemberDifference { member, changes } = difference;
    let (was, is) = outcome.navigation(member);
    let mut previews = Vec::with_capacity(changes.len());
    for change in changes {
        let records = counts.compare(ctx, pass, outcome, &change).await?;
        previews.push(ActionPreview {
            resource: change.resource,
            action: change.action,
            before: change.before.reach.to_string(),
            after: change.after.reach.to_string(),
            gains: change.gains,
            loses: change.loses,
            records_gained: records.map(|(gained, _)| gained),
            records_lost: records.map(|(_, lost)| lost),
        });
    }
    let newcomer = outcome.newcomers.get(&member);
    let (name, invited) = match newcomer {
        Some(NewcomerName::Name(name)) => (Some(name.clone()), None),
        Some(NewcomerName::Address(email)) => (None, Some(email.clone())),
        None => (None, None),
    };
    Ok(MemberPreview {
        member,
        is_newcomer: newcomer.is_some(),
        name: name.or_else(|| ctx.known_name(member).map(str::to_owned)),
        invited,
        changes: previews,
        shown: is.iter().filter(|key| !was.contains(key)).cloned().collect(),
        hidden: was.iter().filter(|key| !is.contains(key)).cloned().collect(),
    })
}

/// Numbers of records, by type and reach. Many members have the same reach.
#[derive(Default)]
struct Counts(HashMap<(String, Reach), i64>);

impl Counts {
    /// Counts the records that an action gains and loses, of those that the caller may read; none for
    /// what are no records.
    async fn compare(
        &mut self,
        ctx: &mut WorkspaceContext,
        pass: &Pass<impl Permission>,
        outcome: &Outcome,
        change: &Difference,
    ) -> Result<Option<(i64, i64)>, Error> {
        let (was, is) = (outcome.before.model.policy(), outcome.after.model.policy());
        let find = |policy: &Policy| {
            let known = policy.resources().iter().find(|known| known.key == change.resource);
            known.filter(|known| known.kind == ResourceKind::Records && known.scoped).cloned()
        };
        let Some(resource) = find(is).or_else(|| find(was)) else { return Ok(None) };
        let readable = ctx.readable_owners(&resource);
        let readable = ctx.reach(&readable);
        let before = intersect(&reach(was, &change.before.filter), &readable);
        let after = intersect(&reach(is, &change.after.filter), &readable);
        let both = intersect(&before, &after);
        let common = self.count(ctx, pass, &resource.key, both).await?;
        let before = self.count(ctx, pass, &resource.key, before).await?;
        let after = self.count(ctx, pass, &resource.key, after).await?;
        Ok(Some((after - common, before - common)))
    }

    async fn count(
        &mut self,
        ctx: &mut WorkspaceContext,
        pass: &Pass<impl Permission>,
        resource: &str,
        reach: Reach,
    ) -> Result<i64, Error> {
        let key = (resource.to_owned(), reach);
        if let Some(known) = self.0.get(&key) {
            return Ok(*known);
        }
        let count = ctx.read(pass)?.records().total(resource, &key.1).await?;
        self.0.insert(key, count);
        Ok(count)
    }
}

fn intersect(one: &Reach, other: &Reach) -> Reach {
    match (one, other) {
        (Reach::Nothing, _) | (_, Reach::Nothing) => Reach::Nothing,
        (Reach::All, reach) | (reach, Reach::All) => reach.clone(),
        (Reach::Owners(one), Reach::Owners(other)) => {
            let both = one.iter().filter(|owner| other.binary_search(owner).is_ok());
            let both: Vec<_> = both.copied().collect();
            if both.is_empty() { Reach::Nothing } else { Reach::Owners(both) }
        }
    }
}

/// The API keys that work before and not after.
async fn stopped_keys(
    ctx: &mut WorkspaceContext,
    pass: &Pass<AnyMember>,
    outcome: &Outcome,
) -> Result<Option<Vec<ApiKey>>, Error> {
    if !ctx.opens(&ReadApiKeys) {
        return Ok(None);
    }
    let now = ctx.now;
    let mut keys = ctx.read(pass)?.api_keys().list_all().await?;
    let mut former = HashMap::new();
    if keys.iter().any(|key| outlives_maker(&outcome.before.model, key)) {
        let removed = ctx.read(pass)?.members().list_removed().await?;
        former.extend(removed.into_iter().map(|member| (member.id, member.to_engine())));
    }
    let works = |snapshot: &Snapshot, key: &ApiKey| {
        check_key_use(&snapshot.model, key, former.get(&key.made_by)).is_ok()
    };
    keys.retain(|key| {
        key.is_alive(now) && works(&outcome.before, key) && !works(&outcome.after, key)
    });
    Ok(Some(keys))
}

/// The open invitations that can be accepted before and not after.
async fn stopped_invitations(
    ctx: &mut WorkspaceContext,
    pass: &Pass<AnyMember>,
    outcome: &Outcome,
) -> Result<Option<Vec<(Invitation, Outdated)>>, Error> {
    if !ctx.opens(&ReadMembers) {
        return Ok(None);
    }
    let pending = ctx.read(pass)?.invitations().list_pending().await?;
    let mut check = |snapshot: &Arc<Snapshot>| {
        ctx.under(snapshot, |ctx| {
            pending.iter().map(|one| outdated(ctx, one)).collect::<Vec<_>>()
        })
    };
    let (was, is) = (check(&outcome.before), check(&outcome.after));
    let checked = pending.into_iter().zip(was.into_iter().zip(is));
    let stopped = checked.filter_map(|(invitation, (was, is))| match (was, is) {
        (None, Some(outdated)) => Some((invitation, outdated)),
        (Some(_), _) | (None, None) => None,
    });
    Ok(Some(stopped.collect()))
}

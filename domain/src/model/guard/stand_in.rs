//! Who may let a program act for another member.

use hallpass_engine::{Change, Filter, Member};

use super::ceiling::grant_ceiling;
use super::grantor::{active, gone};
use super::touch::check_touch;
use crate::api_key::ApiKey;
use crate::id::MemberId;
use crate::model::{Grantor, Model};
use crate::refusal::Refusal;

/// Whether a member may act for another: for themselves always, for others whose role they may
/// change, and only if they hold, on all records, every permission that the other holds on any.
///
/// # Errors
///
/// `MayNotTouch`; `GrantCeiling` with the permissions they lack; `Fields` when either of them is no
/// active member.
pub fn check_stand_in(model: &Model, member: MemberId, other: MemberId) -> Result<(), Refusal> {
    for known in [member, other] {
        active(model, known)?;
    }
    if member == other {
        return Ok(());
    }
    check_touch(model, Grantor::Member(member), other)?;
    let policy = model.policy();
    let Some((mine, theirs)) = model.index(member).zip(model.index(other)) else {
        return Err(gone());
    };
    let lacking = policy.grantable_cells().filter(|cell| {
        policy.filter(theirs, *cell) != Filter::Nothing && !policy.reaches_all(mine, *cell)
    });
    let mut lacking = lacking.peekable();
    if lacking.peek().is_none() { Ok(()) } else { Err(grant_ceiling(policy, lacking)) }
}

/// Whether the maker of an API key could make it: within its scopes, they hold what its member holds.
///
/// # Errors
///
/// Those of [`check_stand_in`].
pub fn check_key(model: &Model, key: &ApiKey) -> Result<(), Refusal> {
    let (maker, member) = (key.made_by, key.member);
    // One boundary at a time: that of the caller is the stricter one to keep.
    let scopes = key.scopes.as_ref().filter(|_| model.policy().boundary().is_none());
    match scopes.and_then(|scopes| model.bounded(member, scopes)) {
        Some(bounded) if maker != member => check_stand_in(&bounded, maker, member),
        Some(_) | None => check_stand_in(model, maker, member),
    }
}

/// Whether an API key acts when it is used: as long as its maker could make it.
///
/// What depends on the key of a service account goes on when its maker leaves: a maker who is inactive or
/// was removed counts with the access that they have, or had when they left. So what the service
/// account is given later goes to no holder of a secret whose maker could not have given it.
/// `former` is the maker as a removed member.
///
/// # Errors
///
/// Those of [`check_key`].
pub fn check_key_use(
    model: &Model,
    key: &ApiKey,
    former: Option<&Member>,
) -> Result<(), Refusal> {
    if !is_of_service(model, key) {
        return check_key(model, key);
    }
    match model.member(key.made_by).or(former) {
        Some(maker) if !maker.is_active => {
            let back = Member { is_active: true, ..maker.clone() };
            check_key(&model.put_all(&[Change::PutMember(back)])?, key)
        }
        Some(_) | None => check_key(model, key),
    }
}

/// Whether a key is that of a service account whose maker is no member any more.
#[must_use]
pub fn outlives_maker(model: &Model, key: &ApiKey) -> bool {
    is_of_service(model, key) && model.member(key.made_by).is_none()
}

fn is_of_service(model: &Model, key: &ApiKey) -> bool {
    model.member(key.member).is_some_and(|member| member.is_service)
}

/// Whether a member may revoke an API key of another: those who could create it may, and for an
/// inactive member, who may do nothing, the rank rules decide.
///
/// # Errors
///
/// Those of [`check_stand_in`].
pub fn check_revoke_key(
    model: &Model,
    member: MemberId,
    other: MemberId,
) -> Result<(), Refusal> {
    check_touch(model, Grantor::Member(member), other)?;
    match model.member(other) {
        Some(theirs) if theirs.is_active => check_stand_in(model, member, other),
        Some(_) | None => Ok(()),
    }
}

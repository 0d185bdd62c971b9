//! The members who may do an act.

use hallpass_engine::{Change, Target};

use super::edit::Edit;
use crate::id::MemberId;
use crate::model::{ChangeKind, Grantor, Model};

/// How many holders of one role, and how many custom roles, are tried.
const MOST_TRIED: usize = 3;

/// How many members are named.
const MOST_NAMED: usize = 3;

/// Finds roles, from high to low, with holders who may do an edit, and some of these.
pub(super) fn find(
    model: &Model,
    edit: &Edit,
    changes: &[Change],
) -> (Vec<String>, Vec<MemberId>) {
    let mut built_in: Vec<_> = model.blueprint().roles.iter().collect();
    built_in.sort_by_key(|role| std::cmp::Reverse(role.rank));
    let built_in = built_in.into_iter().map(|role| role.key.as_str());
    let custom = model.custom_roles().take(MOST_TRIED).map(|role| role.id.as_str());
    let (mut roles, mut members) = (Vec::new(), Vec::new());
    for role in built_in.chain(custom) {
        let holders = model.active_holders(role).take(MOST_TRIED);
        let able: Vec<MemberId> =
            holders.filter(|holder| may(model, *holder, edit, changes)).collect();
        if able.is_empty() {
            continue;
        }
        roles.push(role.to_owned());
        members.extend(able);
        if members.len() >= MOST_NAMED {
            break;
        }
    }
    members.truncate(MOST_NAMED);
    (roles, members)
}

/// Whether a member passes the gate and every guard.
fn may(model: &Model, member: MemberId, edit: &Edit, changes: &[Change]) -> bool {
    let (area, verb) = edit.permission(model);
    let policy = model.policy();
    let covered = model.blueprint().area(area, verb);
    let cell = covered.and_then(|(resource, action)| policy.cell(resource, action));
    let opens = model
        .index(member)
        .zip(cell)
        .is_some_and(|(index, cell)| policy.decide(index, cell, Target::Any));
    opens && model.change(Grantor::Member(member), ChangeKind::Edit, changes).is_ok()
}

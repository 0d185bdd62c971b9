//! Who can be a manager, and stays one.

use hallpass_engine::{Blueprint, Member};

use super::grantor::{find, role_name};
use crate::model::{ChangeKind, Model};
use crate::refusal::Refusal;
use crate::text::shortlist;

/// A manager has a role that manages (CRM-064), and does not report to the member.
pub(super) fn check(
    model: &Model,
    known: Option<&Member>,
    member: &Member,
) -> Result<(), Refusal> {
    let Some(id) = &member.manager else { return Ok(()) };
    let Some(manager) = find(model, id) else {
        let detail = format!("no member `{id}`; choose a member of this workspace");
        return Err(Refusal::field("/manager", "unknown", detail));
    };
    if known.and_then(|known| known.manager.as_ref()) == Some(id) {
        return Ok(());
    }
    if !manager.is_active {
        let detail = "this member is inactive; choose an active one";
        return Err(Refusal::field("/manager", "inactive", detail));
    }
    if is_under(model, manager, member) {
        let detail = "this is the member, or reports to the member; choose another manager";
        return Err(Refusal::field("/manager", "circle", detail));
    }
    if manager.is_service {
        return Err(Refusal::PersonOnly { what: "be a manager".to_owned() });
    }
    let blueprint = model.blueprint();
    if manages(blueprint, &manager.role) {
        return Ok(());
    }
    let role = role_name(blueprint, &manager.role);
    let managing = blueprint.roles.iter().filter(|role| role.manages);
    let managing = shortlist(managing.map(|role| role.name.as_str()));
    let detail = format!(
        "this member has the role {role}, which does not manage; choose a member with one of \
         these roles: {managing}"
    );
    Err(Refusal::field("/manager", "does_not_manage", detail))
}

/// A manager to whom members are assigned keeps a role that manages: no member stays assigned to one
/// who could not be chosen.
pub(super) fn check_demotion(
    model: &Model,
    kind: ChangeKind,
    known: Option<&Member>,
    member: &Member,
) -> Result<(), Refusal> {
    let Some(known) = known else { return Ok(()) };
    let blueprint = model.blueprint();
    let is_demoted = manages(blueprint, &known.role) && !manages(blueprint, &member.role);
    let id = known.id.parse();
    if is_demoted
        && kind != ChangeKind::Restore
        && id.is_ok_and(|id| !model.reports(id).is_empty())
    {
        return Err(Refusal::StillManages);
    }
    Ok(())
}

/// Whether a member is another, or reports to them directly or through others.
fn is_under(model: &Model, member: &Member, other: &Member) -> bool {
    let next = |at: &&Member| find(model, at.manager.as_deref()?);
    // No chain is longer than there are members.
    let above = std::iter::successors(Some(member), next).take(model.members.len());
    above.into_iter().any(|at| at.id == other.id)
}

pub(in crate::model) fn manages(blueprint: &Blueprint, role: &str) -> bool {
    let custom = || blueprint.custom_roles.as_ref().is_some_and(|rules| rules.manages);
    blueprint.role(role).map_or_else(custom, |role| role.manages)
}

//! Changes of a model: each runs all guards and makes another model.

use hallpass_engine::{Change, CustomRole, Grant, Member, Mistake, Mistakes};

use super::guard;
use super::{ChangeKind, Grantor, Model};
use crate::id::MemberId;
use crate::refusal::{FieldError, Refusal};
use crate::text::escape_pointer;

impl Model {
    /// The model after some changes; this one stays as it is. Runs every guard.
    ///
    /// # Errors
    ///
    /// The refusal of the first guard that objects, or `Fields` with what the access model does not
    /// allow.
    pub fn change(
        &self,
        grantor: Grantor,
        kind: ChangeKind,
        changes: &[Change],
    ) -> Result<Model, Refusal> {
        let changes = self.release_reports(changes);
        let changes = changes.as_slice();
        guard::before(self, grantor, kind, changes)?;
        let after = self.put_all(changes)?;
        guard::after(self, &after, grantor, kind, changes)?;
        Ok(after)
    }

    /// The model after some changes, which no guard has seen.
    pub(super) fn put_all(&self, changes: &[Change]) -> Result<Model, Refusal> {
        let mut after = self.clone();
        for change in changes {
            let policy = after.policy.apply(std::slice::from_ref(change));
            after.policy = policy.map_err(|mistakes| unfit(change, &mistakes))?;
            let recorded = after.record(change);
            recorded.map_err(|mistake| unfit(change, &Mistakes(vec![mistake])))?;
        }
        Ok(after)
    }

    /// The reports of a member who is removed have no manager from then on, also where they are removed
    /// after the manager.
    fn release_reports(&self, changes: &[Change]) -> Vec<Change> {
        let mut all = Vec::with_capacity(changes.len());
        for (place, change) in changes.iter().enumerate() {
            if let Change::RemoveMember(id) = change {
                let is_removed = |id: &str| {
                    let mut earlier = changes.iter().take(place);
                    earlier.any(|one| matches!(one, Change::RemoveMember(gone) if gone == id))
                };
                let manager = id.parse::<MemberId>().ok().and_then(|id| self.index(id));
                let reports = manager.into_iter().flat_map(|index| self.policy.reports(index));
                let reports = reports.filter_map(|index| {
                    let id = self.policy.id(index);
                    self.member(id.parse().ok()?).filter(|_| !is_removed(id))
                });
                all.extend(reports.map(|member| {
                    Change::PutMember(Member { manager: None, ..member.clone() })
                }));
            }
            all.push(change.clone());
        }
        all
    }
}

/// What the engine reports about a change, as a refusal of the request.
fn unfit(change: &Change, mistakes: &Mistakes) -> Refusal {
    let in_use = |noun, by: &str| Refusal::InUse { noun, by: by.to_owned() };
    let pointer = match change {
        Change::RemoveMember(_) | Change::PutMember(_) => "/role".to_owned(),
        Change::PutRole(_) | Change::PutProfile(_) => "/grants".to_owned(),
        Change::PutTeam(_) => "/profile".to_owned(),
        Change::SetDepartments(_) => "/parent".to_owned(),
        Change::SetSwitch(key, _) => format!("/{}", escape_pointer(key)),
        Change::RemoveRole(_) => return in_use("role", "members"),
        Change::RemoveProfile(_) => return in_use("profile", "a team"),
        Change::RemoveTeam(_) => return in_use("team", "its members"),
    };
    let error = |mistake: &Mistake| {
        if let Change::PutRole(role) = change {
            return unfit_grant(role, mistake);
        }
        FieldError::new(pointer.as_str(), "unfit", mistake.to_string())
    };
    Refusal::Fields(mistakes.0.iter().map(error).collect())
}

/// A grant that a role may not have, by its place. The id of the role says nothing to the caller: it
/// may be new, and never stored.
fn unfit_grant(role: &CustomRole, mistake: &Mistake) -> FieldError {
    let text = mistake.to_string();
    let detail = text.strip_prefix(&format!("role `{}`, ", role.id)).unwrap_or(&text);
    let is_meant = |grant: &Grant| detail.starts_with(&format!("grant `{grant}`"));
    let place = role.grants.iter().position(is_meant);
    let pointer =
        place.map_or_else(|| "/grants".to_owned(), |place| format!("/grants/{place}"));
    FieldError::new(pointer, "unfit", detail)
}

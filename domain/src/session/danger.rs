//! Dangerous acts: what a session may do only soon after its person has proved who they are.

use hallpass_engine::Change;

use crate::model::Model;

/// The areas and verbs that are dangerous; a star is for every verb but `read`.
const DANGEROUS: [(&str, &str); 9] = [
    ("ownership", "*"),
    ("billing", "*"),
    ("workspace", "*"),
    ("blueprint", "*"),
    ("authentication", "*"),
    ("security", "*"),
    ("api_keys", "*"),
    ("audit", "export"),
    ("members", "factors"),
];

/// Whether a verb in an area of the product is dangerous.
#[must_use]
pub fn is_dangerous(area: &str, verb: &str) -> bool {
    DANGEROUS.iter().any(|(dangerous, verbs)| {
        *dangerous == area && (*verbs == verb || (*verbs == "*" && verb != "read"))
    })
}

/// Whether changes give the top role to a member, or take it from one.
#[must_use]
pub fn changes_top_role(before: &Model, changes: &[Change]) -> bool {
    let Some(top) = before.blueprint().top_role() else { return false };
    let has_top = |id: &str| {
        let member = id.parse().ok().and_then(|id| before.member(id));
        member.is_some_and(|member| member.is_active && member.role == top.key)
    };
    changes.iter().any(|change| match change {
        Change::PutMember(member) => {
            has_top(&member.id) != (member.is_active && member.role == top.key)
        }
        Change::RemoveMember(id) => has_top(id),
        Change::PutRole(_)
        | Change::RemoveRole(_)
        | Change::PutProfile(_)
        | Change::RemoveProfile(_)
        | Change::PutTeam(_)
        | Change::RemoveTeam(_)
        | Change::SetDepartments(_)
        | Change::SetSwitch(..) => false,
    })
}

#[cfg(test)]
mod tests;

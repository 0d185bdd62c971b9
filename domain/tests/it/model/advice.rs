//! Advice on a denial: the acts turn it, the smallest comes first, and the named members may do them.

use hallpass_domain::advice::{Act, Denied, Edit, MOST_ACTS, switch_on};
use hallpass_engine::Target;

use super::*;

/// The acts that would let a member do an action on records of an owner.
fn acts(model: &Model, id: MemberId, action: &str, owner: MemberId) -> Vec<Act> {
    let cell = model.policy().cell("deals", action).unwrap();
    let target = Target::OwnedBy(model.index(owner).unwrap());
    Denied { member: id, questions: &[(cell, target)] }.acts(model, MOST_ACTS, |_| true)
}

/// Applies an act, and asks again.
fn turns(model: &Model, act: &Act, id: MemberId, action: &str, owner: MemberId) -> bool {
    let changes = act.edit.changes(model).unwrap();
    let policy = model.policy().apply(&changes).unwrap();
    let cell = policy.cell("deals", action).unwrap();
    policy.decide(model.index(id).unwrap(), cell, Target::OwnedBy(model.index(owner).unwrap()))
}

#[test]
fn each_act_turns_the_denial_and_its_members_may_do_it() {
    let model = compile(&blueprint(&[]), people());
    for (id, action, owner) in
        [(CLEO, "delete", CLEO), (CLEO, "read", DORA), (CLEO, "update", DORA)]
    {
        let acts = acts(&model, id, action, owner);
        assert!(!acts.is_empty() && acts.len() <= MOST_ACTS, "{action}: {acts:?}");
        for act in &acts {
            assert!(turns(&model, act, id, action, owner), "{act:?}");
            assert!(!act.members.is_empty() && !act.roles.is_empty(), "{act:?}");
            let changes = act.edit.changes(&model).unwrap();
            for member in &act.members {
                let done = model.change(by(*member), ChangeKind::Edit, &changes);
                assert_eq!(outcome(done), "done", "{act:?}");
            }
        }
    }
}

#[test]
fn a_level_is_offered_to_a_role_that_has_levels() {
    let model = compile(&blueprint(&[]), people());

    let acts = acts(&model, CLEO, "delete", CLEO);

    let level =
        Edit::Level { member: CLEO, resource: "deals".to_owned(), level: "edit".to_owned() };
    let act = acts.iter().find(|act| act.edit == level).unwrap();
    assert_eq!(act.roles, ["owner", "lead"]);
    assert!(act.members.contains(&ANNA) && !act.members.contains(&CLEO), "{act:?}");
    assert_eq!(level.levels(&model).unwrap(), [("deals".to_owned(), "edit".to_owned())]);
    assert_eq!(level.permission(&model), ("members", "update"));
}

#[test]
fn what_may_not_be_named_is_not_offered() {
    let model = compile(&blueprint(&[]), people());
    let cell = model.policy().cell("deals", "delete").unwrap();
    let target = Target::OwnedBy(model.index(CLEO).unwrap());
    let denied = Denied { member: CLEO, questions: &[(cell, target)] };

    assert!(!denied.acts(&model, MOST_ACTS, |_| true).is_empty());
    assert_eq!(denied.acts(&model, MOST_ACTS, |_| false), []);
    let named = denied.acts(&model, MOST_ACTS, |edit| matches!(edit, Edit::Level { .. }));
    assert_eq!(named.len(), 1, "of each kind one at most: {named:?}");
}

#[test]
fn an_inactive_member_needs_to_be_reactivated() {
    let model =
        compile(&blueprint(&[]), people_with(|id, member| member.is_active = id != CLEO));

    let acts = acts(&model, CLEO, "read", CLEO);

    assert_eq!(acts[0].edit, Edit::Reactivate { member: CLEO });
    assert!(turns(&model, &acts[0], CLEO, "read", CLEO));
}

#[test]
fn a_role_of_the_workspace_gets_grants_in_addition_to_its_own() {
    let people = people_with(|id, member| {
        if id == CLEO {
            member.role = CLERK.to_string();
        }
    });
    let model = with_clerk(&blueprint(&[]), &["deals:read:own"], people);
    let cells = vec![("deals".to_owned(), "update".to_owned())];
    let edit = Edit::Grants { role: CLERK, cells, scope: hallpass_engine::Scope::Own };

    let grants: Vec<String> =
        edit.grants(&model).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(grants, ["deals:read:own", "deals:update:own"]);
    assert_eq!(edit.permission(&model), ("roles", "update"));
    let unknown = Edit::Join { member: NEW, team: SALES };
    assert_eq!(unknown.changes(&model), None, "about no member");
}

#[test]
fn a_module_is_switched_on_by_those_who_may_update_modules() {
    let model = compile(&blueprint(&[]), people());
    assert_eq!(switch_on(&model, "assistant"), None, "nothing covers modules here");
    let text =
        blueprint(&[]).replace("covers = [\"members\"]", "covers = [\"members\", \"modules\"]");
    let act = switch_on(&compile(&text, people()), "assistant").unwrap();
    assert_eq!(act.edit, Edit::Module { key: "assistant".to_owned() });
    assert!(act.members.contains(&ANNA) && !act.members.contains(&CLEO), "{act:?}");
}

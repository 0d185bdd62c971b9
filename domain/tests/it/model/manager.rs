//! Managers: whom a member is assigned to, and who stays one.

use hallpass_domain::model::{ChangeKind, Grantor};
use hallpass_engine::Change;

use super::*;

fn under(manager: MemberId) -> impl FnOnce(&mut Member) {
    move |member| member.manager = Some(manager.to_string())
}

/// Cleo is assigned to Ben, and Ben to Emil.
fn chain() -> Vec<Member> {
    people_with(|id, member| match id {
        CLEO => under(BEN)(member),
        BEN => under(EMIL)(member),
        _ => {}
    })
}

#[test]
fn a_manager_is_an_active_member_whose_role_manages() {
    let people = people_with(|id, member| member.is_active = id != EMIL);
    let model = compile(&blueprint(&[]), people);
    let clerk = CLERK.to_string();

    assert_eq!(edit(&model, by(ANNA), CLEO, under(BEN)), "done");
    assert_eq!(edit(&model, by(ANNA), CLEO, under(ANNA)), "done");
    assert_eq!(edit(&model, by(ANNA), CLEO, under(EMIL)), "/manager inactive");
    assert_eq!(edit(&model, by(ANNA), CLEO, under(DORA)), "/manager does_not_manage");
    assert_eq!(edit(&model, by(ANNA), CLEO, under(NEW)), "/manager unknown");
    let nonsense = |cleo: &mut Member| cleo.manager = Some("ben".to_owned());
    assert_eq!(edit(&model, by(ANNA), CLEO, nonsense), "/manager unknown");
    assert_eq!(edit(&model, Grantor::Operator, CLEO, under(DORA)), "/manager does_not_manage");

    for (rule, expected) in
        [("manages = false", "/manager does_not_manage"), ("manages = true", "done")]
    {
        let text = blueprint(&[]).replace("manages = false", rule);
        let people = people_with(|id, member| {
            if id == DORA {
                member.role.clone_from(&clerk);
            }
        });
        let model = compile(&text, people);
        assert_eq!(edit(&model, by(ANNA), CLEO, under(DORA)), expected, "{rule}");
    }
}

#[test]
fn no_member_is_above_themselves() {
    let model = compile(&blueprint(&[]), chain());

    assert_eq!(edit(&model, by(ANNA), BEN, under(BEN)), "/manager circle");
    assert_eq!(edit(&model, by(ANNA), EMIL, under(BEN)), "/manager circle");
    assert_eq!(edit(&model, by(ANNA), EMIL, under(ANNA)), "done");
    // Cleo does not manage; that she is below Emil is reported first.
    assert_eq!(edit(&model, by(ANNA), EMIL, under(CLEO)), "/manager circle");
}

/// A manager who was chosen once stays, whatever became of them.
#[test]
fn a_manager_that_stays_is_not_checked_again() {
    let people = people_with(|id, member| match id {
        CLEO => under(EMIL)(member),
        EMIL => member.is_active = false,
        _ => {}
    });
    let model = compile(&blueprint(&[]), people);
    let see = |cleo: &mut Member| cleo.visibility = hallpass_engine::Visibility::Own;

    assert_eq!(edit(&model, by(ANNA), CLEO, see), "done");
    assert_eq!(edit(&model, by(ANNA), DORA, under(EMIL)), "/manager inactive");
    assert_eq!(edit(&model, by(ANNA), CLEO, |cleo| cleo.manager = None), "done");
}

#[test]
fn a_refusal_names_the_role_and_the_roles_that_manage() {
    let model = compile(&blueprint(&[]), people());
    let change = [put(&model, CLEO, under(DORA))];

    let refused = model.change(by(ANNA), ChangeKind::Edit, &change).unwrap_err();

    let Refusal::Fields(errors) = refused else { panic!("expected a mistake in a field") };
    let detail = "this member has the role Agent, which does not manage; choose a member with one \
                  of these roles: `Owner`, `Lead`";
    assert_eq!(errors[0].detail, detail);
}

/// Ben manages Cleo: he keeps a role that manages as long as he does.
#[test]
fn a_manager_with_reports_keeps_a_role_that_manages() {
    let model = compile(&blueprint(&[]), chain());

    assert_eq!(edit(&model, by(ANNA), BEN, role("agent")), "still_manages");
    assert_eq!(edit(&model, Grantor::Operator, BEN, role("agent")), "still_manages");
    assert_eq!(edit(&model, by(ANNA), BEN, role("owner")), "done");
    assert_eq!(edit(&model, by(ANNA), ANNA, |_| {}), "done");
    let demoted = [put(&model, BEN, role("agent"))];
    let restored = model.change(by(ANNA), ChangeKind::Restore, &demoted);
    assert_eq!(outcome(restored), "done");
    let free = compile(&blueprint(&[]), people());
    assert_eq!(edit(&free, by(ANNA), BEN, role("agent")), "done", "without reports");
    assert_eq!(edit(&model, by(ANNA), CLEO, role("lead")), "done", "a promotion");
}

#[test]
fn the_reports_of_a_member_who_is_removed_have_no_manager() {
    let model = compile(&blueprint(&[]), chain());
    let gone = |ids: &[MemberId]| {
        let changes: Vec<Change> =
            ids.iter().map(|id| Change::RemoveMember(id.to_string())).collect();
        model.change(by(ANNA), ChangeKind::Remove, &changes).unwrap()
    };

    let after = gone(&[BEN]);
    assert_eq!(after.member(CLEO).unwrap().manager, None);
    assert_eq!(after.reports(EMIL), []);

    let after = gone(&[EMIL]);
    assert_eq!(after.member(BEN).unwrap().manager, None);
    assert_eq!(after.reports(BEN), [CLEO], "others keep theirs");

    let after = gone(&[BEN, CLEO]);
    assert!(after.member(BEN).is_none() && after.member(CLEO).is_none());
    let after = gone(&[CLEO, BEN]);
    assert!(after.member(BEN).is_none() && after.member(CLEO).is_none());
}

//! Rank rules: who gives which role, and who changes whom.

use hallpass_domain::model::{ChangeKind, Grantor};
use hallpass_engine::{Change, Visibility};

use super::*;

/// Everybody, with a holder of the custom role.
fn everybody() -> Model {
    let mut people = people();
    people.push(member(NEW, &CLERK.to_string()));
    with_clerk(&blueprint(&[]), &["people:*:all", "deals:*:all"], people)
}

/// Who may give which role to Cleo, an agent whom all of them may change.
#[test]
fn each_role_gives_the_roles_that_the_rank_rules_name() {
    let model = everybody();
    let clerk = CLERK.to_string();
    let check = |grantor: MemberId, given: &str, expected: &str| {
        assert_eq!(edit(&model, by(grantor), CLEO, role(given)), expected, "{given}");
    };

    check(ANNA, "owner", "done");
    check(ANNA, "lead", "done");
    check(ANNA, &clerk, "done");
    check(BEN, "owner", "may_not_give Owner");
    check(BEN, "lead", "done");
    check(BEN, &clerk, "done");
    check(NEW, "owner", "may_not_give Owner");
    check(NEW, "lead", "may_not_give Lead");
    check(NEW, &clerk, &format!("may_not_give {clerk}"));
}

#[test]
fn each_role_changes_the_holders_that_the_rank_rules_name() {
    let model = everybody();
    let clerk = CLERK.to_string();
    let see = |member: &mut Member| member.visibility = Visibility::Department;
    let check = |grantor: MemberId, changed: MemberId, expected: &str| {
        assert_eq!(edit(&model, by(grantor), changed, see), expected, "{grantor} {changed}");
        let touched = hallpass_domain::model::guard::check_touch(&model, by(grantor), changed);
        assert_eq!(verdict(touched), expected, "{grantor} touches {changed}");
    };

    for changed in [BEN, CLEO, NEW] {
        check(ANNA, changed, "done");
    }
    check(BEN, ANNA, "may_not_touch Owner");
    check(BEN, EMIL, "done");
    check(BEN, CLEO, "done");
    check(BEN, NEW, "done");
    check(CLEO, ANNA, "may_not_touch Owner");
    check(CLEO, BEN, "may_not_touch Lead");
    check(CLEO, DORA, "may_not_touch Agent");
    check(CLEO, NEW, &format!("may_not_touch {clerk}"));
    check(NEW, CLEO, "done");
    check(NEW, BEN, "may_not_touch Lead");
}

#[test]
fn members_change_details_of_themselves_and_neither_role_nor_status() {
    let model = compile(&blueprint(&[]), people());

    let narrow = |cleo: &mut Member| cleo.levels = Vec::new();
    assert_eq!(edit(&model, by(CLEO), CLEO, narrow), "done");
    assert_eq!(edit(&model, by(CLEO), CLEO, role("lead")), "may_not_touch Agent");
    assert_eq!(edit(&model, by(CLEO), CLEO, deactivate), "may_not_touch Agent");
    // Another member with the same values is not the same member.
    assert_eq!(edit(&model, by(CLEO), DORA, narrow), "may_not_touch Agent");
}

/// A role that a member has already is not given, unless they join with it.
#[test]
fn a_role_that_stays_needs_no_right_to_give_it() {
    let text = blueprint(&[])
        .replace("given_by = [\"owner\", \"lead\", \"custom\"]", "given_by = [\"owner\"]");
    let model = compile(&text, people());
    let see = |member: &mut Member| member.visibility = Visibility::Own;
    let again = [put(&model, CLEO, see)];

    assert_eq!(edit(&model, by(BEN), CLEO, see), "done");
    let joined = model.change(by(BEN), ChangeKind::Join, &again);
    assert_eq!(outcome(joined), "may_not_give Agent");
    let joined = model.change(by(ANNA), ChangeKind::Join, &again);
    assert_eq!(outcome(joined), "done");
}

/// The member who invited may be of a lower rank than the holder of an older membership.
#[test]
fn who_joins_again_is_not_changed_by_the_member_who_invited() {
    let text = blueprint(&[])
        .replace("touched_by = [\"owner\", \"lead\", \"custom\"]", "touched_by = [\"owner\"]");
    let model = compile(&text, people());
    let again = [put(&model, CLEO, |_| {})];

    let joined = model.change(by(BEN), ChangeKind::Join, &again);
    let edited = model.change(by(BEN), ChangeKind::Edit, &again);

    assert_eq!(outcome(joined), "done");
    assert_eq!(outcome(edited), "may_not_touch Agent");
}

/// Dora, who may do nothing with others, is the grantor of a change that gives her top role on: only
/// for edits and invitations the rank rules and the ceiling hold.
#[test]
fn rank_rules_and_ceiling_hold_for_edits_and_invitations() {
    let model = compile(&blueprint(&[]), people());
    for kind in EVERY_KIND {
        let changed = model.change(by(DORA), kind, &[put(&model, CLEO, role("owner"))]);

        let expected = match kind {
            ChangeKind::Edit => "may_not_touch Agent",
            ChangeKind::Join => "may_not_give Owner",
            ChangeKind::Remove
            | ChangeKind::Leave
            | ChangeKind::DeleteAccount
            | ChangeKind::TransferOwnership
            | ChangeKind::TransferBilling
            | ChangeKind::Restore => "done",
        };
        assert_eq!(outcome(changed), expected, "{kind:?}");
    }
}

#[test]
fn the_operator_is_bound_by_no_rank_and_no_ceiling() {
    let model = compile(&blueprint(&[]), people());

    assert_eq!(edit(&model, Grantor::Operator, CLEO, role("owner")), "done");
    assert_eq!(edit(&model, Grantor::Operator, BEN, deactivate), "done");
    let touched = hallpass_domain::model::guard::check_touch(&model, Grantor::Operator, ANNA);
    assert_eq!(touched, Ok(()));
}

#[test]
fn a_grantor_is_an_active_member() {
    let model =
        compile(&blueprint(&[]), people_with(|id, member| member.is_active = id != BEN));
    let see = |member: &mut Member| member.visibility = Visibility::Own;

    for gone in [BEN, NEW] {
        assert_eq!(edit(&model, by(gone), CLEO, see), " giver_gone");
        let touched = hallpass_domain::model::guard::check_touch(&model, by(gone), CLEO);
        assert_eq!(verdict(touched), " giver_gone");
        let team = Change::PutTeam(model.team(SALES).unwrap().clone());
        let changed = model.change(by(gone), ChangeKind::Edit, &[team]);
        let expected = if gone == NEW { " giver_gone" } else { "done" };
        assert_eq!(outcome(changed), expected, "a change without a member");
    }
}

#[test]
fn a_member_who_is_gone_may_be_touched_and_so_may_the_grantor() {
    let model = compile(&blueprint(&[]), people());
    let touch = |id| verdict(hallpass_domain::model::guard::check_touch(&model, by(CLEO), id));

    assert_eq!(touch(NEW), "done");
    assert_eq!(touch(CLEO), "done");
    assert_eq!(touch(DORA), "may_not_touch Agent");
}

#[test]
fn a_guard_keeps_members_from_deactivating_themselves() {
    let guarded = compile(&blueprint(&["no_self_deactivation"]), people());
    let free = compile(&blueprint(&[]), people());

    // It is checked before the rank rules, so that no agent looks for a higher rank in vain.
    for own in [BEN, CLEO] {
        assert_eq!(edit(&guarded, by(own), own, deactivate), "no_self_deactivation");
    }
    assert_eq!(edit(&guarded, by(BEN), CLEO, deactivate), "done");
    assert_eq!(edit(&guarded, Grantor::Operator, BEN, deactivate), "done");
    assert_eq!(edit(&free, by(BEN), BEN, deactivate), "done");
    let kinds = [ChangeKind::Join, ChangeKind::Restore];
    for kind in kinds {
        let changed = guarded.change(by(BEN), kind, &[put(&guarded, BEN, deactivate)]);
        assert_eq!(outcome(changed), "done", "{kind:?}");
    }
    // What else members change of themselves is no deactivation.
    let see = |ben: &mut Member| ben.visibility = Visibility::Own;
    assert_eq!(edit(&guarded, by(BEN), BEN, see), "done");
    let joins = [put(&guarded, NEW, deactivate)];
    assert_eq!(outcome(guarded.change(by(BEN), ChangeKind::Join, &joins)), "done");
}

#[test]
fn a_guard_keeps_members_from_changing_their_own_role() {
    let guarded = compile(&blueprint(&["no_self_role_change"]), people());
    let free = compile(&blueprint(&[]), people());

    assert_eq!(edit(&guarded, by(BEN), BEN, role("agent")), "no_self_role_change");
    assert_eq!(edit(&guarded, by(BEN), BEN, |ben| ben.visibility = Visibility::Own), "done");
    assert_eq!(edit(&guarded, by(BEN), EMIL, role("agent")), "done");
    assert_eq!(edit(&guarded, Grantor::Operator, BEN, role("agent")), "done");
    assert_eq!(edit(&free, by(BEN), BEN, role("agent")), "done");
    let own = [put(&guarded, BEN, role("agent"))];
    let transferred = guarded.change(by(BEN), ChangeKind::TransferOwnership, &own);
    assert_eq!(outcome(transferred), "done");
    let joins = [put(&guarded, NEW, role("agent"))];
    let joined = guarded.change(by(BEN), ChangeKind::Join, &joins);
    assert_eq!(outcome(joined), "done");
}

/// Levels count for the roles that have them, and are refused for others.
#[test]
fn only_roles_with_levels_take_levels() {
    let clerk = CLERK.to_string();
    let levels = |key: &'static str| {
        move |member: &mut Member| {
            key.clone_into(&mut member.role);
            member.levels = vec![("deals".to_owned(), "view".to_owned())];
        }
    };
    let with_levels = blueprint(&[]).replace("levels = false", "levels = true");
    for (text, custom) in [(blueprint(&[]), "/levels no_levels"), (with_levels, "done")] {
        let model = compile(&text, people());

        assert_eq!(edit(&model, by(ANNA), CLEO, levels("agent")), "done");
        assert_eq!(edit(&model, by(ANNA), CLEO, levels("lead")), "/levels no_levels");
        assert_eq!(edit(&model, Grantor::Operator, CLEO, levels("lead")), "/levels no_levels");
        let given = |cleo: &mut Member| {
            levels("agent")(cleo);
            cleo.role.clone_from(&clerk);
        };
        assert_eq!(edit(&model, by(ANNA), CLEO, given), custom);
        assert_eq!(edit(&model, by(ANNA), CLEO, role("lead")), "done", "none to take away");
    }
}

//! Who may remove whom, and who stays.

use hallpass_domain::model::{ChangeKind, Grantor};

use super::*;

/// Every kind by which a membership ends.
const ENDS: [ChangeKind; 3] =
    [ChangeKind::Remove, ChangeKind::Leave, ChangeKind::DeleteAccount];

#[test]
fn a_member_is_removed_by_those_who_may_change_them() {
    let model = compile(&blueprint(&[]), people());
    let check = |grantor: MemberId, removed: MemberId, expected: &str| {
        let outcome = remove(&model, by(grantor), ChangeKind::Remove, removed);
        assert_eq!(outcome, expected, "{grantor} removes {removed}");
    };

    check(ANNA, BEN, "done");
    check(BEN, CLEO, "done");
    check(BEN, EMIL, "done");
    check(BEN, ANNA, "may_not_touch Owner");
    check(CLEO, BEN, "may_not_touch Lead");
    check(CLEO, DORA, "may_not_touch Agent");
    check(NEW, CLEO, " giver_gone");
    // Nothing is left to check, and nothing to remove.
    check(BEN, NEW, "/role unfit");
    assert_eq!(remove(&model, Grantor::Operator, ChangeKind::Remove, BEN), "done");
}

#[test]
fn a_member_may_leave_and_delete_their_account_whatever_their_rank() {
    let model = compile(&blueprint(&[]), people());
    for kind in ENDS {
        assert_eq!(remove(&model, by(CLEO), kind, CLEO), "done", "{kind:?}");
    }
}

#[test]
fn a_guard_keeps_members_from_removing_themselves_but_not_from_leaving() {
    let model = compile(&blueprint(&["no_self_removal"]), people());

    assert_eq!(remove(&model, by(BEN), ChangeKind::Remove, BEN), "no_self_removal");
    assert_eq!(remove(&model, by(BEN), ChangeKind::Leave, BEN), "done");
    assert_eq!(remove(&model, by(BEN), ChangeKind::DeleteAccount, BEN), "done");
    assert_eq!(remove(&model, by(BEN), ChangeKind::Remove, EMIL), "done");
    assert_eq!(remove(&model, Grantor::Operator, ChangeKind::Remove, BEN), "done");
}

#[test]
fn a_guard_keeps_the_billing_contact_unless_the_account_is_deleted() {
    let people = || people_with(|id, member| member.is_billing_contact = id == BEN);
    let guarded = compile(&blueprint(&["billing_contact_stays"]), people());
    let free = compile(&blueprint(&[]), people());

    for kind in ENDS {
        let is_deleted = kind == ChangeKind::DeleteAccount;
        let expected = if is_deleted { "done" } else { "billing_contact_stays" };
        assert_eq!(remove(&guarded, by(BEN), kind, BEN), expected, "{kind:?}");
        assert_eq!(remove(&free, by(BEN), kind, BEN), "done", "{kind:?}");
        assert_eq!(remove(&guarded, by(CLEO), kind, CLEO), "done", "no contact, {kind:?}");
    }
    let by_operator = remove(&guarded, Grantor::Operator, ChangeKind::Remove, BEN);
    assert_eq!(by_operator, "billing_contact_stays");
    // The way out of being the last owner comes first.
    let both = people_with(|id, member| member.is_billing_contact = id == ANNA);
    let model = compile(&blueprint(&["billing_contact_stays"]), both);
    assert_eq!(remove(&model, by(ANNA), ChangeKind::Leave, ANNA), "last_top_role");
}

#[test]
fn the_last_active_owner_stays() {
    let model = compile(&blueprint(&["no_self_removal"]), people());
    for kind in ENDS {
        assert_eq!(remove(&model, by(ANNA), kind, ANNA), "last_top_role", "{kind:?}");
    }
    let removed = remove(&model, Grantor::Operator, ChangeKind::Remove, ANNA);
    assert_eq!(removed, "last_top_role");

    let two = people_with(|id, member| {
        if id == BEN {
            "owner".clone_into(&mut member.role);
        }
    });
    let model = compile(&blueprint(&[]), two.clone());
    for kind in ENDS {
        assert_eq!(remove(&model, by(ANNA), kind, ANNA), "done", "{kind:?}");
    }
    assert_eq!(remove(&model, by(ANNA), ChangeKind::Remove, BEN), "done");

    let mut inactive = two;
    inactive[1].is_active = false;
    let model = compile(&blueprint(&[]), inactive);
    assert_eq!(remove(&model, by(ANNA), ChangeKind::Leave, ANNA), "last_top_role");
    assert_eq!(remove(&model, by(ANNA), ChangeKind::Remove, BEN), "done", "an inactive one");
}

#[test]
fn the_only_owner_goes_by_no_removal() {
    let text = with_one_owner(&blueprint(&[]));
    let model = compile(&text, people());
    for kind in ENDS {
        assert_eq!(remove(&model, by(ANNA), kind, ANNA), "last_top_role", "{kind:?}");
        assert_eq!(remove(&model, by(CLEO), kind, CLEO), "done", "{kind:?}");
    }
    // That there is an owner is reported before that the lead may not change one.
    assert_eq!(remove(&model, by(BEN), ChangeKind::Remove, ANNA), "last_top_role");

    let inactive = compile(&text, people_with(|id, member| member.is_active = id != ANNA));
    let removed = remove(&inactive, Grantor::Operator, ChangeKind::Remove, ANNA);
    assert_eq!(removed, "done", "one who may do nothing");
}

/// A restoration removes members whose accounts are gone, by no member's rights.
#[test]
fn a_restoration_removes_any_member_as_long_as_an_owner_remains() {
    let contacts = people_with(|id, member| member.is_billing_contact = id == BEN);
    let guards = ["billing_contact_stays", "no_self_removal"];
    let model = compile(&blueprint(&guards), contacts);

    assert_eq!(remove(&model, by(CLEO), ChangeKind::Restore, BEN), "done");
    assert_eq!(remove(&model, by(CLEO), ChangeKind::Restore, ANNA), "last_top_role");
    let heir = [Change::RemoveMember(ANNA.to_string()), put(&model, CLEO, role("owner"))];
    assert_eq!(outcome(model.change(by(CLEO), ChangeKind::Restore, &heir)), "done");
}

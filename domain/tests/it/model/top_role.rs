//! The top role and the billing contact: what a workspace always has.

use hallpass_domain::model::{ChangeKind, Grantor};
use hallpass_engine::Change;

use super::*;

fn with_owners(owners: &[MemberId]) -> Vec<Member> {
    people_with(|id, member| {
        if owners.contains(&id) {
            "owner".clone_into(&mut member.role);
        } else if id == ANNA {
            "lead".clone_into(&mut member.role);
        }
    })
}

#[test]
fn the_last_active_owner_keeps_the_role() {
    let one = compile(&blueprint(&[]), people());
    let two = compile(&blueprint(&[]), with_owners(&[ANNA, BEN]));
    let changes: [fn(&mut Member); 2] =
        [|anna| "lead".clone_into(&mut anna.role), |anna| anna.is_active = false];
    for change in changes {
        assert_eq!(edit(&one, by(ANNA), ANNA, change), "last_top_role");
        assert_eq!(edit(&one, Grantor::Operator, ANNA, change), "last_top_role");
        assert_eq!(edit(&two, by(ANNA), ANNA, change), "done");
        assert_eq!(edit(&two, by(BEN), ANNA, change), "done");
    }
    let handed_over = [put(&one, ANNA, role("lead")), put(&one, BEN, role("owner"))];
    let outcome = outcome(one.change(by(ANNA), ChangeKind::TransferOwnership, &handed_over));
    assert_eq!(outcome, "done");
}

#[test]
fn a_workspace_without_an_owner_can_be_changed() {
    let model = compile(&blueprint(&[]), with_owners(&[]));

    assert_eq!(edit(&model, by(BEN), CLEO, role("lead")), "done");
    assert_eq!(edit(&model, Grantor::Operator, CLEO, role("owner")), "done");
}

#[test]
fn a_role_with_one_holder_changes_hands_by_a_transfer() {
    let model = compile(&with_one_owner(&blueprint(&[])), people());
    let only = "transfer_only Owner";

    assert_eq!(edit(&model, by(ANNA), BEN, role("owner")), only);
    assert_eq!(edit(&model, Grantor::Operator, BEN, role("owner")), only);
    assert_eq!(edit(&model, by(ANNA), ANNA, role("lead")), only);
    assert_eq!(edit(&model, by(ANNA), ANNA, deactivate), only);
    assert_eq!(edit(&model, by(ANNA), ANNA, |_| {}), "done");
    assert_eq!(edit(&model, by(ANNA), BEN, role("agent")), "done");

    let swap = [put(&model, ANNA, role("lead")), put(&model, BEN, role("owner"))];
    for kind in EVERY_KIND {
        let is_transfer = matches!(kind, ChangeKind::TransferOwnership | ChangeKind::Restore);
        let expected = if is_transfer { "done" } else { only };
        assert_eq!(outcome(model.change(by(ANNA), kind, &swap)), expected, "{kind:?}");
    }
    let second = [put(&model, BEN, role("owner"))];
    let two = model.change(by(ANNA), ChangeKind::TransferOwnership, &second);
    assert_eq!(outcome(two), only, "two holders");
    let away = [put(&model, ANNA, |anna| {
        anna.is_active = false;
    })];
    let away = model.change(by(ANNA), ChangeKind::TransferOwnership, &away);
    assert_eq!(outcome(away), only, "the holder cannot be deactivated");
    let joins = [put(&model, NEW, role("owner"))];
    assert_eq!(outcome(model.change(by(ANNA), ChangeKind::Join, &joins)), only);
}

#[test]
fn an_inactive_holder_counts_as_a_holder_and_not_as_an_active_one() {
    let text = with_one_owner(&blueprint(&[]));
    let inactive = people_with(|id, member| member.is_active = id != ANNA);
    let model = compile(&text, inactive);
    let top = "owner";

    assert_eq!((model.count_active_holders(top), model.count_holders(top)), (0, 1));
    let second = [put(&model, BEN, role(top))];
    let changed = model.change(Grantor::Operator, ChangeKind::TransferOwnership, &second);
    assert_eq!(outcome(changed), "transfer_only Owner");
    let kept = [put(&model, ANNA, |anna| anna.visibility = hallpass_engine::Visibility::All)];
    assert_eq!(outcome(model.change(Grantor::Operator, ChangeKind::Edit, &kept)), "done");
}

#[test]
fn a_workspace_has_one_billing_contact_at_most() {
    let contact = |member: &mut Member| member.is_billing_contact = true;
    let none = compile(&blueprint(&[]), people());
    let ben = compile(
        &blueprint(&[]),
        people_with(|id, member| member.is_billing_contact = id == BEN),
    );

    assert_eq!(edit(&none, by(ANNA), CLEO, contact), "done");
    assert_eq!(edit(&ben, by(ANNA), CLEO, contact), "second_billing_contact");
    assert_eq!(edit(&ben, Grantor::Operator, CLEO, contact), "second_billing_contact");
    let moved =
        [put(&ben, BEN, |ben| ben.is_billing_contact = false), put(&ben, CLEO, contact)];
    let after = ben.change(by(ANNA), ChangeKind::TransferBilling, &moved).unwrap();
    assert_eq!(after.billing_contact().map(|(id, _)| id), Some(CLEO));
    assert_eq!(ben.billing_contact().map(|(id, _)| id), Some(BEN), "the one before stays");
    assert_eq!(none.billing_contact(), None);
    let gone =
        ben.change(by(ANNA), ChangeKind::Remove, &[Change::RemoveMember(BEN.to_string())]);
    assert_eq!(gone.unwrap().billing_contact(), None);
}

/// The flag of the billing contact grants rights, and is limited like any other grant.
#[test]
fn a_lead_makes_no_billing_contact_without_the_rights_of_one() {
    let model = compile(&blueprint(&[]), people());
    let contact = |member: &mut Member| member.is_billing_contact = true;

    assert_eq!(edit(&model, by(BEN), CLEO, contact), "payments:read, payments:update");
    let transferred = [put(&model, CLEO, contact)];
    let transferred = model.change(by(BEN), ChangeKind::TransferBilling, &transferred);
    assert_eq!(outcome(transferred), "done", "a permission of its own");
}

//! Offers: what pages offer is what the change comes to, but for the grant ceiling.

use hallpass_domain::model::guard::{check_offer, stays_as_contact};

use super::*;

/// Every guard of the small model, one at a time and all together.
fn blueprints() -> Vec<String> {
    let guards = [
        "no_self_removal",
        "no_self_deactivation",
        "no_self_role_change",
        "billing_contact_stays",
    ];
    let mut texts = vec![blueprint(&[]), blueprint(&guards)];
    texts.extend(guards.iter().map(|guard| blueprint(&[guard])));
    let with_one: Vec<String> = texts.iter().map(|text| with_one_owner(text)).collect();
    texts.extend(with_one);
    texts
}

/// The usual members, one of them inactive, one the billing contact, one with a manager.
fn everybody() -> Vec<Member> {
    people_with(|id, member| match id {
        DORA => member.is_active = false,
        CLEO => member.is_billing_contact = true,
        EMIL => member.manager = Some(BEN.to_string()),
        _ => {}
    })
}

/// What a page can offer about a member.
fn changes(model: &Model, id: MemberId) -> Vec<(ChangeKind, Change)> {
    let mut changes = vec![(ChangeKind::Remove, Change::RemoveMember(id.to_string()))];
    for key in ["owner", "lead", "agent", &CLERK.to_string()] {
        changes.push((ChangeKind::Edit, put(model, id, role(key))));
    }
    for is_active in [true, false] {
        let change = put(model, id, |member| member.is_active = is_active);
        changes.push((ChangeKind::Edit, change));
    }
    changes
}

#[test]
fn an_offer_is_what_the_change_comes_to_but_for_the_ceiling() {
    let (mut offered, mut refused) = (0, 0);
    for text in blueprints() {
        let model = with_clerk(&text, &["people:*:all", "deals:read:own"], everybody());
        for grantor in [ANNA, BEN, CLEO, DORA, EMIL] {
            for id in [ANNA, BEN, CLEO, DORA, EMIL] {
                for (kind, change) in changes(&model, id) {
                    let offer = verdict(check_offer(&model, by(grantor), kind, &change));
                    let changed =
                        model.change(by(grantor), kind, std::slice::from_ref(&change));
                    if let Err(Refusal::GrantCeiling { .. }) = changed {
                        continue;
                    }
                    let comes_to = outcome(changed);
                    assert_eq!(offer, comes_to, "{grantor} {kind:?} {change:?}");
                    if offer == "done" { offered += 1 } else { refused += 1 }
                }
            }
        }
    }
    assert!(offered > 200 && refused > 200, "{offered} {refused}");
}

#[test]
fn the_last_holder_of_the_top_role_is_offered_no_way_out() {
    let model = compile(&blueprint(&[]), people());
    for (kind, change) in changes(&model, ANNA) {
        let stays = matches!(&change, Change::PutMember(member)
            if member.role == "owner" && member.is_active);
        let offer = verdict(check_offer(&model, by(ANNA), kind, &change));
        let expected = if stays { "done" } else { "last_top_role" };
        assert_eq!(offer, expected, "{kind:?} {change:?}");
    }
}

#[test]
fn only_the_guard_keeps_the_billing_contact() {
    use hallpass_domain::id::AccountId;
    use hallpass_domain::member::{Member, MemberAccess, Status};
    use hallpass_domain::time::Timestamp;

    for (guards, expected) in [(vec![], false), (vec!["billing_contact_stays"], true)] {
        let model = compile(&blueprint(&guards), people());
        let access = MemberAccess::new(model.blueprint(), "agent");
        let mut cleo = Member {
            id: CLEO,
            account: Some(AccountId(Uuid::from_u128(3))),
            first_name: "Cleo".to_owned(),
            last_name: String::new(),
            email: "cleo@example.com".to_owned(),
            status: Status::Active,
            access,
            alias: None,
            landing: None,
            joined_at: Timestamp::from_seconds(0),
            role_since: Timestamp::from_seconds(0),
            role_by: None,
            seen_at: None,
            version: 1,
        };
        assert!(!stays_as_contact(&model, &cleo));
        cleo.access.is_billing_contact = true;
        assert_eq!(stays_as_contact(&model, &cleo), expected, "{guards:?}");
    }
}

//! What a service account cannot have, and by whose leave its keys act.

use hallpass_domain::api_key::ApiKey;
use hallpass_domain::id::ApiKeyId;
use hallpass_domain::misfit::Misfit;
use hallpass_domain::model::guard::{check_key_use, outlives_maker};
use hallpass_domain::time::Timestamp;

use super::*;

/// Emil is a service account, with the role of a lead.
fn with_service() -> Model {
    compile(&blueprint(&[]), people_with(|id, member| member.is_service = id == EMIL))
}

fn owner(member: &mut Member) {
    "owner".clone_into(&mut member.role);
}

fn contact(member: &mut Member) {
    member.is_billing_contact = true;
}

#[test]
fn no_change_of_any_kind_gives_a_service_account_what_only_a_person_has() {
    let model = with_service();
    let gains = [
        ("the top role", owner as fn(&mut Member)),
        ("the billing contact", contact as fn(&mut Member)),
    ];
    for (what, gain) in gains {
        for kind in EVERY_KIND {
            for grantor in [by(ANNA), Grantor::Operator] {
                let try_on =
                    |id| outcome(model.change(grantor, kind, &[put(&model, id, gain)]));
                assert_eq!(try_on(EMIL), "person_only", "{what}, {kind:?}, {grantor:?}");
                // The control: a person of the same role is not refused for that.
                assert_ne!(try_on(BEN), "person_only", "{what}, {kind:?}, {grantor:?}");
            }
        }
    }
    let one = compile(
        &with_one_owner(&blueprint(&[])),
        people_with(|id, member| member.is_service = id == EMIL),
    );
    let swap = [
        put(&one, ANNA, |member| member.role = "lead".to_owned()),
        put(&one, EMIL, |member| member.role = "owner".to_owned()),
    ];
    let transfer = one.change(by(ANNA), ChangeKind::TransferOwnership, &swap);
    assert_eq!(outcome(transfer), "person_only");
}

#[test]
fn a_service_account_manages_no_one() {
    let model = with_service();
    let assign = |manager: MemberId| {
        edit(&model, by(ANNA), CLEO, |member| member.manager = Some(manager.to_string()))
    };
    assert_eq!(assign(BEN), "done");
    assert_eq!(assign(EMIL), "person_only");
}

#[test]
fn a_service_account_is_changed_and_removed_like_a_member() {
    let model = with_service();
    assert_eq!(edit(&model, by(BEN), EMIL, role("agent")), "done");
    assert_eq!(edit(&model, by(CLEO), EMIL, deactivate), "may_not_touch Lead");
    assert_eq!(remove(&model, by(BEN), ChangeKind::Remove, EMIL), "done");
    let removed = [Change::RemoveMember(EMIL.to_string())];
    let removed = model.change(by(BEN), ChangeKind::Remove, &removed).unwrap();
    assert_eq!((model.services().count(), removed.services().count()), (1, 0));
}

#[test]
fn another_access_model_in_which_its_role_is_the_top_role_does_not_fit() {
    let text = blueprint(&[]);
    let text = text.replace("top = true\nholders = \"many\"\n", "");
    let text = text.replace(
        "rank = 2\nmanages = true\n",
        "rank = 4\ntop = true\nholders = \"many\"\nmanages = true\n",
    );
    let other = Arc::new(Blueprint::parse(&text).unwrap());
    assert!(compile(&blueprint(&[]), people()).with_blueprint(&other, Vec::new()).is_ok());

    let misfits = with_service().with_blueprint(&other, Vec::new()).unwrap_err();

    assert_eq!(misfits, [Misfit::PersonOnly { services: 1 }]);
    let sentence = "service accounts have a role that only a person can have (1)";
    assert_eq!(misfits[0].sentences(), [sentence]);
}

/// A key of a member that another created.
fn key(member: MemberId, made_by: MemberId) -> ApiKey {
    let (id, at) = (ApiKeyId(Uuid::from_u128(1)), Timestamp::from_seconds(1));
    ApiKey::new(id, "Nightly".to_owned(), (member, made_by), at)
}

#[test]
fn only_the_key_of_a_service_account_outlives_its_maker() {
    let model = with_service();
    // The member of the key, who created it, and whether it is left behind.
    let cases = [
        (EMIL, NEW, true),
        (EMIL, BEN, false),
        (CLEO, NEW, false),
        (CLEO, BEN, false),
        (NEW, NEW, false),
    ];
    for (member, made_by, expected) in cases {
        let found = outlives_maker(&model, &key(member, made_by));
        assert_eq!(found, expected, "{member} by {made_by}");
    }
}

#[test]
fn the_key_of_a_service_account_acts_as_long_as_its_maker_holds_or_held_what_it_does() {
    let acts = |model: &Model, member: MemberId, made_by: MemberId, former: Option<&str>| {
        let former =
            former.map(|role| Member { is_active: false, ..self::member(made_by, role) });
        verdict(check_key_use(model, &key(member, made_by), former.as_ref())) == "done"
    };
    let model = with_service();
    // Emil is the service account, and has the role Lead; Ben is a person with it.
    assert!(acts(&model, EMIL, BEN, None) && acts(&model, EMIL, ANNA, None));
    assert!(!acts(&model, EMIL, CLEO, None), "an agent may do less");
    // A maker who was removed had the access that they left with.
    assert!(acts(&model, EMIL, NEW, Some("lead")));
    assert!(!acts(&model, EMIL, NEW, Some("agent")));
    assert!(!acts(&model, EMIL, NEW, Some("a role that is gone")));
    assert!(!acts(&model, EMIL, NEW, None), "no such member");
    let off = |id: MemberId| put(&model, id, deactivate);
    let kind = hallpass_domain::model::ChangeKind::Edit;
    let inactive = model.change(Grantor::Operator, kind, &[off(BEN), off(CLEO)]).unwrap();
    assert!(acts(&inactive, EMIL, BEN, None) && !acts(&inactive, EMIL, CLEO, None));
    // The key of a person rests as soon as its maker leaves.
    assert!(acts(&model, BEN, ANNA, None) && acts(&model, CLEO, BEN, None));
    assert!(!acts(&inactive, CLEO, BEN, None) && !acts(&model, BEN, NEW, Some("owner")));
}

//! Two models of a workspace compared: who gains and who loses what, also by what is switched on.

use hallpass_domain::model::comparison::{MemberDifference, Switched};

use super::*;

/// Compares two models, in each of which some resources are off.
fn compare(before: (&Model, &[&str]), after: (&Model, &[&str])) -> Vec<MemberDifference> {
    let was_on = |key: &str| !before.1.contains(&key);
    let is_on = |key: &str| !after.1.contains(&key);
    let was = Switched { model: before.0, is_on: &was_on };
    was.compare(&Switched { model: after.0, is_on: &is_on })
}

/// What a member gains (+), loses (-), or both (±), in words.
fn changes(differences: &[MemberDifference], member: MemberId) -> Vec<String> {
    let found = differences.iter().find(|one| one.member == member);
    let changes = found.into_iter().flat_map(|one| &one.changes);
    let word = |change: &hallpass_engine::Difference| {
        let sign = match (change.gains, change.loses) {
            (true, true) => "±",
            (true, false) => "+",
            (false, true) => "-",
            (false, false) => "=",
        };
        let (before, after) = (&change.before.reach, &change.after.reach);
        format!("{sign}{}:{} {before} → {after}", change.resource, change.action)
    };
    changes.map(word).collect()
}

fn after(model: &Model, changes: &[Change]) -> Model {
    model.change(Grantor::Operator, ChangeKind::Edit, changes).unwrap()
}

#[test]
fn equal_models_have_no_differences() {
    let model = compile(&blueprint(&[]), people());
    assert_eq!(compare((&model, &[]), (&model.clone(), &[])), []);
    let again = compile(&blueprint(&[]), people());
    assert_eq!(compare((&model, &[]), (&again, &[])), [], "compiled again");
    assert_eq!(compare((&model, &["deals"]), (&model, &["deals"])), [], "off in both");
}

#[test]
fn a_switch_changes_its_holders_and_no_others() {
    let model = compile(&blueprint(&[]), people());
    let open = after(&model, &[Change::SetSwitch("open".to_owned(), true)]);

    let found = compare((&model, &[]), (&open, &[]));

    let members: Vec<MemberId> = found.iter().map(|one| one.member).collect();
    assert!(!members.contains(&ANNA), "who holds everything gains nothing: {members:?}");
    for member in [CLEO, DORA] {
        let gains = changes(&found, member);
        assert!(gains.iter().any(|one| one.starts_with("+deals:delete")), "{gains:?}");
    }
    let back = compare((&open, &[]), (&model, &[]));
    assert!(changes(&back, CLEO).iter().all(|one| one.starts_with('-')), "{back:?}");
}

#[test]
fn the_largest_change_comes_first_and_then_the_lower_id() {
    let model = compile(&blueprint(&[]), people());
    let roles = [(DORA, "lead"), (CLEO, "lead"), (EMIL, "owner")];
    let changes: Vec<Change> =
        roles.iter().map(|(id, key)| put(&model, *id, role(key))).collect();
    let next = after(&model, &changes);

    let found = compare((&model, &[]), (&next, &[]));

    let members: Vec<MemberId> = found.iter().map(|one| one.member).collect();
    let sizes: Vec<usize> = found.iter().map(|one| one.changes.len()).collect();
    assert!(sizes.is_sorted_by(|a, b| a >= b), "{sizes:?}");
    let (cleo, dora) = (
        members.iter().position(|id| *id == CLEO).unwrap(),
        members.iter().position(|id| *id == DORA).unwrap(),
    );
    assert_eq!((cleo + 1, sizes[cleo]), (dora, sizes[dora]), "equal changes by id");
}

#[test]
fn whoever_joins_gains_and_leaves_loses_everything() {
    let model = compile(&blueprint(&[]), people());
    let joined = after(&model, &[put(&model, NEW, role("agent"))]);

    let gains = changes(&compare((&model, &[]), (&joined, &[])), NEW);
    let losses = changes(&compare((&joined, &[]), (&model, &[])), NEW);

    assert!(gains.contains(&"+deals:read none → own".to_owned()), "{gains:?}");
    assert!(losses.contains(&"-deals:read own → none".to_owned()), "{losses:?}");
    assert_eq!(gains.len(), losses.len());
}

#[test]
fn an_inactive_member_has_lost_everything() {
    let model = compile(&blueprint(&[]), people());
    let resting = after(&model, &[put(&model, CLEO, deactivate)]);

    let losses = changes(&compare((&model, &[]), (&resting, &[])), CLEO);

    assert!(!losses.is_empty());
    assert!(
        losses.iter().all(|one| one.starts_with('-') && one.ends_with("none")),
        "{losses:?}"
    );
}

#[test]
fn what_is_switched_off_is_lost_and_what_is_switched_on_is_gained() {
    let model = compile(&blueprint(&[]), people());

    let off = compare((&model, &[]), (&model, &["deals"]));
    let on = compare((&model, &["deals"]), (&model, &[]));

    assert!(changes(&off, CLEO).contains(&"-deals:read own → none".to_owned()), "{off:?}");
    assert!(changes(&on, CLEO).contains(&"+deals:read none → own".to_owned()), "{on:?}");
    let resources = off.iter().flat_map(|one| &one.changes).map(|one| one.resource.as_str());
    assert!(resources.into_iter().all(|key| key == "deals"), "nothing else changes");
    // A change of what is off, before and after, is none.
    let open = after(&model, &[Change::SetSwitch("open".to_owned(), true)]);
    assert_eq!(compare((&model, &["deals"]), (&open, &["deals"])), []);
    // With both at once, what counts is the access before and after.
    let both = compare((&model, &["deals"]), (&open, &[]));
    let gains = changes(&both, CLEO);
    assert!(gains.iter().any(|one| one.starts_with("+deals:delete none")), "{gains:?}");
}

#[test]
fn a_record_type_that_is_added_is_gained_by_the_holders_of_wildcards() {
    let text = format!("{}\n[custom_entities]\nactions = [\"read\"]\n", blueprint(&[]));
    let model = compile(&text, people());
    let added = model.with_entities(vec!["contracts".to_owned()]).unwrap();

    let found = compare((&model, &[]), (&added, &[]));

    assert_eq!(changes(&found, ANNA), ["+contracts:read none → all"]);
    assert_eq!(changes(&found, CLEO), [""; 0]);
    let removed = compare((&added, &[]), (&model, &[]));
    assert_eq!(changes(&removed, ANNA), ["-contracts:read all → none"]);
}

#[test]
fn another_owner_is_gained_and_lost() {
    let people = people_with(|id, member| {
        if id == DORA {
            member.manager = Some(BEN.to_string());
        }
    });
    let text =
        blueprint(&[]).replace("\"deals:*:all\", \"people", "\"deals:*:assigned\", \"people");
    let model = compile(&text, people);
    let moved = [
        put(&model, DORA, |member| member.manager = None),
        put(&model, CLEO, |member| member.manager = Some(BEN.to_string())),
    ];

    let found = compare((&model, &[]), (&after(&model, &moved), &[]));

    let changed = changes(&found, BEN);
    assert!(changed.iter().any(|one| one.starts_with("±deals:read")), "{changed:?}");
}

#[test]
fn what_is_switched_on_is_gained_only_where_there_are_owners() {
    // Ben manages, and no member is assigned to Ben.
    let text =
        blueprint(&[]).replace("\"deals:*:all\", \"people", "\"deals:*:assigned\", \"people");
    let model = compile(&text, people());

    let on = changes(&compare((&model, &["deals"]), (&model, &[])), BEN);

    assert!(on.contains(&"=deals:read none → assigned".to_owned()), "{on:?}");
    assert!(on.iter().all(|one| one.starts_with('=')), "{on:?}");
    let assigned =
        after(&model, &[put(&model, CLEO, |cleo| cleo.manager = Some(BEN.to_string()))]);
    let on = changes(&compare((&assigned, &["deals"]), (&assigned, &[])), BEN);
    assert!(on.contains(&"+deals:read none → assigned".to_owned()), "{on:?}");
}

//! A comparison of two policies agrees with two full evaluations, and the grant ceiling is sound.

use std::collections::BTreeSet;

use hallpass_engine::Change;
use hallpass_engine::Filter;
use hallpass_engine::MemberIndex;
use hallpass_engine::Owner;
use hallpass_engine::Policy;

use crate::edits::Edit;
use crate::edits::edit;
use crate::model::Model;
use crate::model::World;
use crate::models::model;
use crate::questions::NON_MEMBER;
use crate::render::blueprint;
use crate::render::blueprint_text;
use crate::render::compile;
use crate::rng::Rng;
use crate::shipped::SHIPPED;
use crate::shipped::read;
use crate::test_size::Counts;
use crate::test_size::Totals;
use crate::test_size::cases;
use crate::test_size::first_seed;
use crate::worlds::world;

/// A random or shipped model with its text, and a small world.
pub(crate) fn start(seed: u64) -> (String, Model, World) {
    let mut rng = Rng::new(seed);
    let turn = usize::try_from(seed % 12).unwrap();
    if let Some((_, text)) = SHIPPED.get(turn) {
        let (model, templates) = read(text);
        let world = world(&mut rng, &model, &templates, 5);
        return ((*text).to_owned(), model, world);
    }
    let model = model(&mut rng);
    let world = world(&mut rng, &model, &[], 6);
    (blueprint_text(&model), model, world)
}

/// The policy and the world after some random edits, without those that are invalid.
fn edited(rng: &mut Rng, model: &Model, world: &World, policy: &Policy) -> (Policy, World) {
    let (mut policy, mut world) = (policy.clone(), world.clone());
    for _ in 0..rng.between(1, 3) {
        let next = edit(rng, model, &world);
        let after = next.of_world(&world);
        if let (Ok(changed), Some(after)) = (policy.apply(&[next.as_change()]), after) {
            (policy, world) = (changed, after);
        }
    }
    (policy, world)
}

/// A difference: member, resource, action, and whether it gains, loses, or is granted or revoked.
type Told = (String, String, String, bool, bool);

fn reported_differences(before: &Policy, after: &Policy) -> BTreeSet<Told> {
    let told = before.compare(after).into_iter();
    told.map(|one| (one.member, one.resource, one.action, one.gains, one.loses)).collect()
}

/// The differences by every decision of both policies.
fn evaluated_differences(
    before: &Policy,
    after: &Policy,
    people: &BTreeSet<String>,
    asked: &mut Counts,
) -> BTreeSet<Told> {
    let names = |policy: &Policy| -> BTreeSet<(String, String)> {
        let names = policy.cells().map(|cell| policy.keys(cell));
        names.map(|(resource, action)| (resource.to_owned(), action.to_owned())).collect()
    };
    let owners = people.iter().map(|id| Owner::Member(id));
    let owners: Vec<Owner<'_>> =
        owners.chain([Owner::Unowned, Owner::Member(NON_MEMBER)]).collect();
    let mut found = BTreeSet::new();
    for id in people {
        for (resource, action) in names(before).union(&names(after)) {
            let may = |policy: &Policy, owner| {
                policy.check(id, resource, action, owner).unwrap_or(false)
            };
            let (mut gains, mut loses) = (false, false);
            for owner in &owners {
                let (then, now) = (may(before, *owner), may(after, *owner));
                asked.count(then);
                asked.count(now);
                gains |= now && !then;
                loses |= then && !now;
            }
            let begins_or_ends = may(before, Owner::Any) != may(after, Owner::Any);
            if gains || loses || begins_or_ends {
                found.insert((id.clone(), resource.clone(), action.clone(), gains, loses));
            }
        }
    }
    found
}

fn ids(policies: [&Policy; 2]) -> BTreeSet<String> {
    let all =
        policies.into_iter().flat_map(|policy| policy.members().map(|one| policy.id(one)));
    all.map(str::to_owned).collect()
}

#[test]
fn a_comparison_equals_the_difference_of_two_evaluations() {
    let mut seed = first_seed(21);
    let mut totals = Totals::new("compare", seed);
    while totals.questions < cases(2_000_000, 20_000_000) {
        let mut rng = Rng::new(seed ^ 7);
        let (text, model, world) = start(seed);
        let blueprint = blueprint(&text);
        let before = compile(&blueprint, &world);
        let (after, later) = edited(&mut rng, &model, &world, &before);
        let compiled = compile(&blueprint, &later);
        let mut asked = Counts::default();

        let found = evaluated_differences(&before, &after, &ids([&before, &after]), &mut asked);

        assert_eq!(reported_differences(&before, &after), found, "seed {seed}, changed");
        assert_eq!(reported_differences(&before, &compiled), found, "seed {seed}, compiled");
        assert_eq!(
            reported_differences(&after, &compiled),
            BTreeSet::new(),
            "seed {seed}, the same"
        );
        let backwards: BTreeSet<Told> =
            found.into_iter().map(|(m, r, a, gains, loses)| (m, r, a, loses, gains)).collect();
        assert_eq!(reported_differences(&after, &before), backwards, "seed {seed}, backwards");
        totals.add(asked);
        totals.worlds += 1;
        seed += 1;
    }
    totals.print();
}

/// Whether a change that the ceiling allows is sound: every record that the member newly reaches is
/// the member's own, or within the grantor's reach, or one of the member's assigned users while the
/// grantor holds `assigned` too.
fn is_sound(
    before: &Policy,
    grantor: MemberIndex,
    after: &Policy,
    id: &str,
) -> Result<Counts, String> {
    let mut asked = Counts::default();
    let member = after.member(id).expect("the member who was put");
    for cell in after.cells() {
        let (resource, action) = after.keys(cell);
        let here = before.cell(resource, action).expect("the same record types");
        let held = before.filter(grantor, here);
        let had =
            before.member(id).map_or(Filter::Nothing, |member| before.filter(member, here));
        let wrong = |what: &str| Err(format!("{id} gets {what} on {resource}:{action}"));
        let has = after.filter(member, cell);
        asked.count(has != Filter::Nothing);
        match (&has, &had, &held) {
            (Filter::Nothing, _, _) | (Filter::All, Filter::All, _) => {}
            (Filter::All, _, held) if *held != Filter::All => return wrong("all"),
            (Filter::All, _, _) => {}
            (Filter::Owners(owners), had, held) => {
                let reaches = |filter: &Filter, owner: MemberIndex| {
                    filter.admits(before.target(Owner::Member(after.id(owner))))
                };
                let holds_assigned =
                    before.reach(grantor, here).to_string().contains("assigned");
                for owner in &owners.members {
                    let is_fine = *owner == member
                        || reaches(had, *owner)
                        || reaches(held, *owner)
                        || holds_assigned;
                    asked.count(is_fine);
                    if !is_fine {
                        return wrong(&format!("records of {}", after.id(*owner)));
                    }
                }
                let unowned = hallpass_engine::Target::Unowned;
                if owners.unowned && !had.admits(unowned) && !held.admits(unowned) {
                    return wrong("unowned records");
                }
            }
        }
    }
    Ok(asked)
}

#[test]
fn the_grant_ceiling_equals_that_of_the_reference() {
    let mut seed = first_seed(22);
    let mut totals = Totals::new("ceiling", seed);
    let (mut let_through, mut stopped) = (0_u64, 0_u64);
    while totals.worlds < cases(1_800, 18_000) {
        let mut rng = Rng::new(seed ^ 9);
        let (text, model, world) = start(seed);
        let before = compile(&blueprint(&text), &world);
        let givers: Vec<MemberIndex> = before.members().collect();
        for _ in 0..6 {
            let Edit::PutPerson(person) = edit(&mut rng, &model, &world) else { continue };
            let change = Edit::PutPerson(person.clone()).as_change();
            assert!(matches!(change, Change::PutMember(_)));
            let Ok(after) = before.apply(&[change]) else { continue };
            for grantor in &givers {
                if before.excess(*grantor, &after, &person.id).is_empty() {
                    let sound = is_sound(&before, *grantor, &after, &person.id);
                    totals.add(sound.unwrap_or_else(|wrong| {
                        panic!("seed {seed}, {} gives: {wrong}", before.id(*grantor))
                    }));
                    let_through += 1;
                } else {
                    stopped += 1;
                }
            }
        }
        totals.worlds += 1;
        seed += 1;
    }
    println!("ceiling: {let_through} let through, {stopped} stopped");
    assert!(let_through > 100 && stopped > 100, "both must happen");
    totals.print();
}

//! Filters and lists of members agree with `decide` for every single record.

use hallpass_engine::Filter;
use hallpass_engine::MemberIndex;
use hallpass_engine::Policy;
use hallpass_engine::Target;

use crate::differential::random;
use crate::model::Model;
use crate::model::World;
use crate::questions::cells;
use crate::questions::handles;
use crate::questions::targets;
use crate::reference::Reach;
use crate::reference::RecordOwner;
use crate::reference::Reference;
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

type Check = fn(&Policy, &Reference<'_>, &mut Rng) -> Counts;

/// Checks random worlds, of a random blueprint and of each shipped one in turn.
fn check_worlds(name: &'static str, of_test: u64, wanted: u64, check: Check) {
    let mut seed = first_seed(of_test);
    let mut totals = Totals::new(name, seed);
    while totals.questions < wanted {
        let turn = usize::try_from(seed % 14).unwrap();
        let (text, model, world): (String, Model, World) =
            if let Some((_, text)) = SHIPPED.get(turn) {
                let (model, templates) = read(text);
                let world = world(&mut Rng::new(seed), &model, &templates, 9);
                ((*text).to_owned(), model, world)
            } else {
                let (model, world) = random(seed);
                (blueprint_text(&model), model, world)
            };
        let policy = compile(&blueprint(&text), &world);
        let reference = Reference::new(&model, &world);
        totals.add(check(&policy, &reference, &mut Rng::new(seed)));
        totals.worlds += 1;
        seed += 1;
    }
    totals.print();
}

#[test]
fn a_filter_admits_exactly_the_records_that_decide_allows() {
    check_worlds("filter", 7, cases(4_000_000, 40_000_000), check_filter);
}

fn check_filter(policy: &Policy, reference: &Reference<'_>, rng: &mut Rng) -> Counts {
    let mut asked = Counts::default();
    let handles = handles(policy, reference);
    let targets = targets(&handles);
    let records: Vec<(RecordOwner, Target)> = (0..30).map(|_| *rng.pick(&targets)).collect();
    for (place, me) in handles.iter().enumerate() {
        for cell in cells(policy, reference) {
            let filter = policy.filter(*me, cell.cell);
            let reach = reference.reach(place, cell.resource, cell.action);
            let about = || {
                let cell = format!("{}:{}", cell.resource.key, cell.action);
                format!("{:?} {cell} {filter:?}", reference.people()[place])
            };

            for (whose, target) in &records {
                let admits = filter.admits(*target);
                asked.count(admits);
                assert_eq!(admits, policy.decide(*me, cell.cell, *target), "{}", about());
                assert_eq!(admits, reach.owners.contains(whose), "{}", about());
            }
            check_shape(&filter, &reach, &handles).unwrap_or_else(|wrong| {
                panic!("{wrong}: {} {reach:?}", about());
            });
            let any = policy.decide(*me, cell.cell, Target::Any);
            assert_eq!(filter == Filter::Nothing, !any, "{}", about());
            assert_eq!(filter.admits(Target::Any), any, "{}", about());
        }
    }
    asked
}

/// Checks that a filter is the canonical form of the reference's set of owners.
fn check_shape(
    filter: &Filter,
    reach: &Reach,
    handles: &[MemberIndex],
) -> Result<(), &'static str> {
    let Reach { granted, owners } = reach;
    match filter {
        Filter::Nothing if *granted || !owners.is_empty() => {
            Err("`Nothing`, but there are owners")
        }
        Filter::All if owners.len() != handles.len() + 2 => {
            Err("`All`, but an owner is missing")
        }
        Filter::Nothing | Filter::All => Ok(()),
        Filter::Owners(_) if owners.contains(&RecordOwner::NonMember) => {
            Err("not `All`, but there is a non-member")
        }
        Filter::Owners(found) => {
            let mut members: Vec<MemberIndex> = Vec::new();
            for whose in owners {
                members.extend(match whose {
                    RecordOwner::Person(place) => Some(handles[*place]),
                    RecordOwner::Unowned | RecordOwner::NonMember => None,
                });
            }
            members.sort_unstable();
            if found.members != members {
                return Err("different members");
            }
            if found.unowned != owners.contains(&RecordOwner::Unowned) {
                return Err("different about unowned records");
            }
            Ok(())
        }
    }
}

#[test]
fn who_lists_exactly_the_members_that_decide_allows() {
    check_worlds("who", 8, cases(4_000_000, 40_000_000), check_who);
}

fn check_who(policy: &Policy, reference: &Reference<'_>, _: &mut Rng) -> Counts {
    let mut asked = Counts::default();
    let handles = handles(policy, reference);
    let mut sorted = handles.clone();
    sorted.sort_unstable();
    for cell in cells(policy, reference) {
        let reaches: Vec<Reach> = (0..handles.len())
            .map(|place| reference.reach(place, cell.resource, cell.action))
            .collect();
        let everything = [(None, Target::Any)];
        let some = targets(&handles).into_iter().map(|(whose, target)| (Some(whose), target));
        for (whose, target) in some.chain(everything) {
            let who: Vec<MemberIndex> = policy.who(cell.cell, target).collect();

            let mut decided = sorted.clone();
            decided.retain(|member| policy.decide(*member, cell.cell, target));
            assert_eq!(who, decided, "{}:{} {target:?}", cell.resource.key, cell.action);
            for (reach, member) in reaches.iter().zip(&handles) {
                let may = whose.map_or(reach.granted, |whose| reach.owners.contains(&whose));
                let is_among = who.binary_search(member).is_ok();
                asked.count(is_among);
                assert_eq!(is_among, may, "{}:{} {target:?}", cell.resource.key, cell.action);
            }
        }
    }
    asked
}

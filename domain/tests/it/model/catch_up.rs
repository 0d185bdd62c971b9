//! Catching up: a model that follows what has changed equals one that is compiled.

use std::collections::BTreeMap;

use hallpass_domain::model::catch_up::Latest;
use hallpass_engine::{Cells, Owner, Profile, Scope, Sharing, Team};

use super::*;

/// Random numbers from a seed.
struct Rng(u64);

impl Rng {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) % limit
    }

    fn is(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let most = u64::try_from(from.len()).unwrap();
        if most == 0 { None } else { from.get(usize::try_from(self.below(most)).unwrap()) }
    }

    /// Some of the numbers from 1 to a limit, in any order.
    fn some(&mut self, limit: u128) -> Vec<Uuid> {
        let mut numbers: Vec<Uuid> = Vec::new();
        for number in 1..=limit {
            if self.is(60) {
                let place = self.below(u64::try_from(numbers.len()).unwrap() + 1);
                numbers.insert(usize::try_from(place).unwrap(), Uuid::from_u128(number));
            }
        }
        numbers
    }
}

/// A random workspace. Managers and parents come earlier in a random order, so that there is no circle.
fn world(rng: &mut Rng) -> Workspace {
    let mut world = Workspace::default();
    for id in rng.some(3) {
        let scope = *rng.pick(&["own", "team", "all"]).unwrap();
        let mut cells = Cells::default();
        cells.set("deals", "read", Scope::parse(scope));
        world.profiles.push(Profile { id: ProfileId(id).to_string(), cells });
        let grants = vec![format!("deals:read:{scope}").parse().unwrap()];
        world.roles.push(CustomRole { id: RoleId(id).to_string(), grants });
    }
    for id in rng.some(3) {
        let profile = if rng.is(60) { rng.pick(&world.profiles) } else { None };
        let profile = profile.map(|profile| profile.id.clone());
        let sharing = Sharing::default();
        world.teams.push(Team { id: TeamId(id).to_string(), profile, sharing });
    }
    for id in rng.some(4) {
        let parent = if rng.is(60) { rng.pick(&world.departments) } else { None };
        let parent = parent.map(|parent| parent.id.clone());
        world.departments.push(Department { id: DepartmentId(id).to_string(), parent });
    }
    for id in rng.some(7) {
        let built_in = (*rng.pick(&["owner", "lead", "agent"]).unwrap()).to_owned();
        let custom = if rng.is(40) { rng.pick(&world.roles) } else { None };
        let role = custom.map_or(built_in, |role| role.id.clone());
        let mut one = member(MemberId(id), &role);
        one.is_active = rng.is(80);
        one.teams =
            world.teams.iter().filter(|_| rng.is(40)).map(|team| team.id.clone()).collect();
        let department = if rng.is(60) { rng.pick(&world.departments) } else { None };
        one.department = department.map(|department| department.id.clone());
        one.manager = if rng.is(60) {
            rng.pick(&world.members).map(|boss| boss.id.clone())
        } else {
            None
        };
        one.is_billing_contact = world.members.is_empty();
        world.members.push(one);
    }
    if rng.is(60) {
        world.switches.push(("open".to_owned(), rng.is(50)));
    }
    world
}

/// What there is of one noun in the later world, and nothing for what was only in the earlier one.
fn present<I: Ord + std::str::FromStr, T: Clone>(
    earlier: &[T],
    later: &[T],
    id: impl Fn(&T) -> &str,
) -> BTreeMap<I, Option<T>>
where
    I::Err: std::fmt::Debug,
{
    let gone = earlier.iter().map(|one| (id(one).parse().unwrap(), None));
    let there = later.iter().map(|one| (id(one).parse().unwrap(), Some(one.clone())));
    gone.chain(there).collect()
}

/// Everything that a model says.
fn said(model: &Model) -> Vec<String> {
    let departments: BTreeMap<_, _> = model.departments().map(|one| (&one.id, one)).collect();
    let profile = |number| model.profile(ProfileId(Uuid::from_u128(number)));
    let mut said = vec![
        format!("{:?}", model.members().collect::<Vec<_>>()),
        format!("{:?}", model.custom_roles().collect::<Vec<_>>()),
        format!("{:?}", model.teams().collect::<Vec<_>>()),
        format!("{:?}", [1, 2, 3].map(profile)),
        format!("{departments:?}"),
        format!("{} {:?}", model.is_on("open"), model.billing_contact()),
        format!(
            "{:?}",
            ["owner", "lead", "agent"].map(|role| model.count_active_holders(role))
        ),
    ];
    let ids: Vec<&str> = model.members().map(|one| one.id.as_str()).collect();
    for id in &ids {
        let owners = ids.iter().map(|owner| Owner::Member(owner));
        for owner in owners.chain([Owner::Any, Owner::Unowned]) {
            let may = ["read", "create", "update", "delete"]
                .map(|action| model.policy().check(id, "deals", action, owner));
            said.push(format!("{id} {owner:?} {may:?}"));
        }
    }
    said
}

#[test]
fn a_model_that_has_caught_up_equals_one_that_is_compiled() {
    let blueprint = Arc::new(Blueprint::parse(&blueprint(&[])).unwrap());
    for seed in 1..400_u64 {
        let mut rng = Rng(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(seed));
        let mut before = world(&mut rng);
        let mut model = Model::compile(&blueprint, before.clone()).unwrap();
        for step in 0..8 {
            let after = world(&mut rng);
            let compiled = Model::compile(&blueprint, after.clone()).unwrap();

            let present = Latest {
                switches: after.switches.clone(),
                profiles: present(&before.profiles, &after.profiles, |one| &one.id),
                roles: present(&before.roles, &after.roles, |one| &one.id),
                teams: present(&before.teams, &after.teams, |one| &one.id),
                departments: Some(after.departments.clone()),
                members: present(&before.members, &after.members, |one| &one.id),
            };
            model = model.caught_up(&present).unwrap();

            assert_eq!(said(&model), said(&compiled), "seed {seed}, step {step}");
            before = after;
        }
    }
}

#[test]
fn nothing_that_has_changed_leaves_the_model_as_it_is() {
    let model = compile(&blueprint(&[]), people());

    let same = model.caught_up(&Latest::default()).unwrap();

    assert_eq!(said(&same), said(&model));
}

#[test]
fn what_was_never_there_is_not_missed() {
    let model = compile(&blueprint(&[]), people());
    let gone = Latest {
        members: BTreeMap::from([(NEW, None)]),
        roles: BTreeMap::from([(RoleId(Uuid::from_u128(9)), None)]),
        ..Latest::default()
    };

    assert_eq!(said(&model.caught_up(&gone).unwrap()), said(&model));
}

#[test]
fn a_manager_who_is_gone_while_others_are_assigned_to_them_is_a_mistake() {
    let assigned = people_with(|id, member| {
        member.manager = (id == CLEO).then(|| BEN.to_string());
    });
    let model = compile(&blueprint(&[]), assigned);
    let gone = Latest { members: BTreeMap::from([(BEN, None)]), ..Latest::default() };

    assert!(model.caught_up(&gone).is_err());
}

#[test]
fn what_the_access_model_does_not_have_is_a_mistake() {
    let model = compile(&blueprint(&[]), people());
    let wrong = member(CLEO, "nothing");
    let present =
        Latest { members: BTreeMap::from([(CLEO, Some(wrong))]), ..Latest::default() };

    assert!(model.caught_up(&present).is_err());
}

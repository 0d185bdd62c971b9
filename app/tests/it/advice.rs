//! Advice is true: each act turns the answer, and each member who is named for it may do it.

use std::collections::BTreeMap;
use std::sync::Arc;

use hallpass_domain::advice::{Act, Denied, Edit, MOST_ACTS};
use hallpass_domain::blueprint::SHIPPED;
use hallpass_domain::id::{DepartmentId, MemberId, ProfileId, RoleId, TeamId};
use hallpass_domain::model::{ChangeKind, Grantor, Model};
use hallpass_engine::{
    Blueprint, CustomRole, Department, Ids, Member, Profile, Sharing, Target, Team, Visibility,
    Workspace,
};
use hallpass_testkit::rng::Rng;
use hallpass_testkit::test_size::{either, first_seed};
use uuid::Uuid;

/// How many members a workspace has.
const MEMBERS: usize = 8;

/// How many questions are asked in one workspace.
const QUESTIONS: usize = 500;

fn member_id(number: usize) -> MemberId {
    MemberId(Uuid::from_u128(number as u128 + 1))
}

/// A random workspace: holders of every role, custom roles, teams with and without a profile,
/// departments, levels and switches, as far as the access model has these.
fn workspace(blueprint: &Blueprint, rng: &mut Rng) -> Workspace {
    let mut workspace = Workspace::default();
    let switches = blueprint.switches.iter();
    workspace.switches = switches.map(|switch| (switch.key.clone(), rng.percent(50))).collect();
    if let Some(rules) = &blueprint.custom_roles {
        let resource = blueprint.resources.first().unwrap();
        let read = resource.key_of(resource.read).unwrap();
        let mut texts = vec![vec![format!("{}:{read}:own", resource.key)], Vec::new()];
        if let Some((area, verb)) = blueprint.area("members", "update")
            && rules.resources.as_ref().is_none_or(|keys| keys.iter().any(|key| key == area))
        {
            texts[1].push(format!("{area}:{verb}:all"));
        }
        for (number, grants) in texts.into_iter().enumerate() {
            let grants = grants.iter().map(|text| text.parse().unwrap()).collect();
            let id = RoleId(Uuid::from_u128(number as u128 + 1)).to_string();
            workspace.roles.push(CustomRole { id, grants });
        }
    }
    if blueprint.departments.is_some() {
        for number in 0..3 {
            let id = |number: u128| DepartmentId(Uuid::from_u128(number + 1)).to_string();
            let parent = (number == 1).then(|| id(0));
            workspace.departments.push(Department { id: id(number), parent });
        }
    }
    if blueprint.teams.is_some() {
        let templates = blueprint.profiles.iter().flat_map(|profiles| &profiles.templates);
        for (number, template) in templates.enumerate() {
            let id = ProfileId(Uuid::from_u128(number as u128 + 1)).to_string();
            workspace.profiles.push(Profile { id, cells: template.cells.clone() });
        }
        for number in 0..3 {
            let id = TeamId(Uuid::from_u128(number + 1)).to_string();
            let profile = rng.one(&workspace.profiles).filter(|_| rng.percent(70));
            let profile = profile.map(|profile| profile.id);
            workspace.teams.push(Team { id, profile, sharing: Sharing::EVERY[rng.below(3)] });
        }
    }
    let roles = blueprint.roles.iter().map(|role| role.key.clone());
    let roles: Vec<String> =
        roles.chain(workspace.roles.iter().map(|role| role.id.clone())).collect();
    let top = blueprint.top_role().unwrap().key.clone();
    let others: Vec<String> = roles.into_iter().filter(|role| *role != top).collect();
    for number in 0..MEMBERS {
        let role = if number == 0 { &top } else { &others[number % others.len()] };
        let mut member = Member::new(&member_id(number).to_string(), role);
        member.is_active = number == 0 || rng.percent(85);
        if blueprint.visibility.is_some() {
            member.visibility = Visibility::EVERY[rng.below(3)];
        }
        if rng.percent(70) {
            let department = rng.one(&workspace.departments);
            member.department = department.map(|department| department.id);
        }
        let teams = workspace.teams.iter().filter(|_| rng.percent(40));
        member.teams = teams.map(|team| team.id.clone()).collect();
        let known = workspace.members.iter();
        let managing = known.filter(|known: &&Member| {
            known.is_active && blueprint.role(&known.role).is_some_and(|role| role.manages)
        });
        let managing: Vec<String> = managing.map(|known| known.id.clone()).collect();
        if blueprint.has_managers && rng.percent(50) {
            member.manager = rng.one(&managing);
        }
        let custom = blueprint.custom_roles.as_ref().is_some_and(|rules| rules.has_levels);
        if blueprint.role(role).map_or(custom, |role| role.has_levels) {
            for resource in &blueprint.resources {
                if let Some(level) = resource.ladder.get(rng.below(6)) {
                    member.levels.push((resource.key.clone(), level.key.clone()));
                }
            }
        }
        workspace.members.push(member);
    }
    workspace
}

/// Returns what is wrong with an act.
fn wrong(model: &Model, denied: &Denied<'_>, act: &Act) -> Option<String> {
    let changes = act.edit.changes(model)?;
    let (area, verb) = act.edit.permission(model);
    let index = model.index(denied.member)?;
    for member in &act.members {
        let grantor = model.index(*member)?;
        let (resource, action) = model.blueprint().area(area, verb)?;
        let cell = model.policy().cell(resource, action)?;
        if !model.policy().decide(grantor, cell, Target::Any) {
            return Some(format!("{member} does not pass the gate"));
        }
        let after = model.change(Grantor::Member(*member), ChangeKind::Edit, &changes);
        let after = match after {
            Ok(after) => after,
            Err(refusal) => return Some(format!("{member}: {refusal}")),
        };
        for (cell, target) in denied.questions {
            if !after.policy().decide(index, *cell, *target) {
                return Some("the answer does not turn".to_owned());
            }
        }
    }
    act.members.is_empty().then(|| "names no member".to_owned())
}

#[test]
fn each_act_turns_the_answer_and_each_named_member_may_do_it() {
    let (mut seed, mut asked, mut refused, mut advised) = (first_seed(71), 0, 0, 0);
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    while asked < either(100_000, 10_000_000) {
        let text = SHIPPED[usize::try_from(seed).unwrap() % SHIPPED.len()];
        let mut rng = Rng::new(seed);
        seed += 1;
        let blueprint = Arc::new(Blueprint::parse(text).unwrap());
        let model = Model::compile(&blueprint, workspace(&blueprint, &mut rng));
        let model = model.unwrap_or_else(|mistakes| panic!("{}: {mistakes}", blueprint.id));
        let policy = model.policy();
        let cells: Vec<_> = policy.cells().collect();
        for _ in 0..QUESTIONS {
            let member = member_id(rng.below(MEMBERS));
            let target = match rng.below(12) {
                owner @ 0..MEMBERS => Target::OwnedBy(model.index(member_id(owner)).unwrap()),
                8 | 9 => Target::Unowned,
                10 => Target::OwnedByNonMember,
                _ => Target::Any,
            };
            let question = (cells[rng.below(cells.len())], target);
            asked += 1;
            if policy.decide(model.index(member).unwrap(), question.0, target) {
                continue;
            }
            refused += 1;
            let denied = Denied { member, questions: &[question] };

            let acts = denied.acts(&model, MOST_ACTS, |_| true);

            advised += usize::from(!acts.is_empty());
            for act in &acts {
                let sentence = act.sentence(&model, &Ids);
                let wrong = wrong(&model, &denied, act);
                assert_eq!(wrong, None, "seed {}: {sentence}", seed - 1);
                *kinds.entry(kind(&act.edit)).or_default() += 1;
            }
        }
    }
    println!("{asked} questions, {refused} denied, {advised} with advice: {kinds:?}");
    assert!(advised * 2 > refused, "{advised} of {refused}");
    assert_eq!(kinds.len(), 11, "{kinds:?}");
}

fn kind(edit: &Edit) -> String {
    let text = format!("{edit:?}");
    text.split(' ').next().unwrap_or_default().to_owned()
}

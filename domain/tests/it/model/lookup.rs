//! What a model answers about its parts.

use super::*;

#[test]
fn reports_are_those_assigned_to_a_manager() {
    let model = compile(
        &blueprint(&[]),
        people_with(|id, member| match id {
            CLEO | DORA => member.manager = Some(BEN.to_string()),
            BEN => member.manager = Some(EMIL.to_string()),
            _ => {}
        }),
    );

    let mut of_ben = model.reports(BEN);
    of_ben.sort();
    assert_eq!(of_ben, [CLEO, DORA]);
    assert_eq!(model.reports(EMIL), [BEN]);
    assert_eq!(model.reports(CLEO), []);
    assert_eq!(model.reports(NEW), []);
}

#[test]
fn members_are_counted_by_team_and_department() {
    let model = compile(
        &blueprint(&[]),
        people_with(|id, member| match id {
            CLEO => {
                member.teams = vec![SALES.to_string(), SUPPORT.to_string()];
                member.department = Some(NORTH.to_string());
            }
            DORA => {
                member.teams = vec![SALES.to_string()];
                member.is_active = false;
                member.department = Some(NORTH.to_string());
            }
            _ => {}
        }),
    );

    assert_eq!((model.count_team_members(SALES), model.count_team_members(SUPPORT)), (2, 1));
    assert_eq!(model.count_team_members(TeamId(Uuid::from_u128(7))), 0);
    assert_eq!(model.count_department_members(NORTH), 2);
    assert_eq!(model.count_department_members(SOUTH), 0);
    assert_eq!(model.count_department_members(DepartmentId(Uuid::from_u128(7))), 0);
}

#[test]
fn teams_and_custom_roles_are_listed() {
    let model = compile(&blueprint(&[]), people());

    let teams: Vec<_> = model.teams().map(|team| team.id.clone()).collect();
    let roles: Vec<_> = model.custom_roles().map(|role| role.id.clone()).collect();

    assert_eq!(teams, [SALES.to_string(), SUPPORT.to_string()]);
    assert_eq!(roles, [CLERK.to_string()]);
}

#[test]
fn a_role_is_a_built_in_key_or_the_id_of_a_custom_one() {
    let model = compile(&blueprint(&[]), people());

    assert!(model.has_role("lead") && model.has_role(&CLERK.to_string()));
    assert!(
        !model.has_role("clerk") && !model.has_role(&RoleId(Uuid::from_u128(7)).to_string())
    );
}

#[test]
fn a_switch_starts_as_the_access_model_says() {
    let off = compile(&blueprint(&[]), people());
    let on = blueprint(&[])
        .replace("name = \"Agents delete\"", "name = \"Agents delete\"\nstarts_on = true");
    let on = compile(&on, people());

    assert_eq!((off.is_on("open"), on.is_on("open")), (false, true));
    assert!(!on.is_on("nothing"));
    let turned = |model: &Model, to| {
        let change = [Change::SetSwitch("open".to_owned(), to)];
        let kind = hallpass_domain::model::ChangeKind::Edit;
        model.change(Grantor::Operator, kind, &change).unwrap().is_on("open")
    };
    assert_eq!((turned(&off, true), turned(&on, false)), (true, false));
}

#[test]
fn members_are_found_by_id_with_their_handle() {
    let model = compile(&blueprint(&[]), people());

    for (id, key) in [(ANNA, "owner"), (CLEO, "agent")] {
        assert_eq!(model.member(id).map(|member| member.role.as_str()), Some(key));
        let index = model.index(id).unwrap();
        assert_eq!(model.policy().id(index), id.to_string());
    }
    assert!(model.member(NEW).is_none() && model.index(NEW).is_none());
}

#[test]
fn every_member_counts_active_or_not() {
    let inactive = people_with(|id, member| member.is_active = id != CLEO);
    assert_eq!(compile(&blueprint(&[]), inactive).count_members(), 5);
    assert_eq!(compile(&blueprint(&[]), vec![member(ANNA, "owner")]).count_members(), 1);
}

/// A workspace with a number of some part.
type With = fn(u128) -> Workspace;

/// The estimate that bounds a cache counts every part, each time.
#[test]
fn the_memory_of_a_model_grows_with_each_part() {
    fn numbers(count: u128) -> impl Iterator<Item = Uuid> {
        (100..100 + count).map(Uuid::from_u128)
    }
    let beyond_policy = |workspace: Workspace| {
        let blueprint = Arc::new(Blueprint::parse(TEXT).unwrap());
        let model = Model::compile(&blueprint, workspace).unwrap();
        model.memory() - model.policy().memory()
    };
    let start = || Workspace { members: people(), ..Workspace::default() };
    let parts: [(&str, With); 6] = [
        ("members", |count| Workspace {
            members: people()
                .into_iter()
                .chain(numbers(count).map(|id| member(MemberId(id), "agent")))
                .collect(),
            ..Workspace::default()
        }),
        ("roles", |count| Workspace {
            roles: numbers(count)
                .map(|id| CustomRole { id: RoleId(id).to_string(), grants: Vec::new() })
                .collect(),
            members: people(),
            ..Workspace::default()
        }),
        ("grants", |count| Workspace {
            roles: vec![clerk(&vec!["deals:read:own"; usize::try_from(count).unwrap()])],
            members: people(),
            ..Workspace::default()
        }),
        ("cells", |count| {
            let actions = ["create", "read", "update", "delete"];
            let mut cells = hallpass_engine::Cells::default();
            for action in actions.iter().take(usize::try_from(count).unwrap()) {
                cells.set("deals", action, Some(hallpass_engine::Scope::Own));
            }
            Workspace {
                profiles: vec![hallpass_engine::Profile { id: SELLERS.to_string(), cells }],
                members: people(),
                ..Workspace::default()
            }
        }),
        ("teams", |count| Workspace {
            teams: numbers(count)
                .map(|id| hallpass_engine::Team {
                    id: TeamId(id).to_string(),
                    profile: None,
                    sharing: hallpass_engine::Sharing::default(),
                })
                .collect(),
            members: people(),
            ..Workspace::default()
        }),
        ("departments", |count| Workspace {
            departments: numbers(count)
                .map(|id| Department { id: DepartmentId(id).to_string(), parent: None })
                .collect(),
            members: people(),
            ..Workspace::default()
        }),
    ];
    assert_eq!(beyond_policy(start()), beyond_policy(start()));
    for (part, with) in parts {
        let [one, two, three] = [1, 2, 3].map(|count| beyond_policy(with(count)));
        assert!((50..1_000).contains(&(two - one)), "{part}: {one}, {two} bytes");
        assert_eq!(two - one, three - two, "{part}: each takes the same");
        let first = one - beyond_policy(start());
        assert!((50..1_000).contains(&first), "{part}: {first} bytes");
    }
    let without = Workspace { members: Vec::new(), ..Workspace::default() };
    let each = (beyond_policy(start()) - beyond_policy(without)) / people().len();
    assert!((100..10_000).contains(&each), "{each} bytes a member");
}

#[test]
fn a_boundary_is_taken_off_with_all_its_effects() {
    let model = compile(&blueprint(&[]), people());
    let boundary = Arc::new(hallpass_engine::Boundary::parse(["deals:read"]).unwrap());
    let bounded = model.bounded(ANNA, &boundary).unwrap();
    let may_delete = |model: &Model| {
        let owner = hallpass_engine::Owner::Any;
        model.policy().check(&ANNA.to_string(), "deals", "delete", owner)
    };

    assert_eq!(may_delete(&model), Some(true));
    assert_eq!(may_delete(&bounded), Some(false));
    assert_eq!(may_delete(&bounded.unbounded()), Some(true));
    assert!(model.bounded(NEW, &boundary).is_none(), "no such member");
}

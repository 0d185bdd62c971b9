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

//! What a change makes of a model, and how mistakes in it are reported.

use hallpass_domain::model::{ChangeKind, Grantor};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{Cells, Change, Profile, Scope, Sharing, Team};

use super::*;

fn operator(model: &Model, changes: &[Change]) -> Result<Model, Refusal> {
    model.change(Grantor::Operator, ChangeKind::Edit, changes)
}

#[test]
fn a_mistake_is_reported_at_the_field_of_the_change() {
    let model = compile(&blueprint(&[]), people());
    let mut cells = Cells::default();
    cells.set("nothing", "read", Some(Scope::All));
    let sales = |profile: Option<&str>| {
        Change::PutTeam(Team {
            id: SALES.to_string(),
            profile: profile.map(str::to_owned),
            sharing: Sharing::default(),
        })
    };
    let department =
        hallpass_engine::Department { id: NORTH.to_string(), parent: Some(SOUTH.to_string()) };
    let id = |number| MemberId(Uuid::from_u128(number)).to_string();
    for (change, expected) in [
        (put(&model, CLEO, role("nothing")), "/role unfit"),
        (Change::RemoveMember(id(99)), "/role unfit"),
        (Change::RemoveMember("cleo".to_owned()), "/role unfit"),
        (Change::PutRole(clerk(&["nothing:read:all"])), "/grants/0 unfit"),
        (Change::PutProfile(Profile { id: SELLERS.to_string(), cells }), "/grants unfit"),
        (sales(Some("nothing")), "/profile unfit"),
        (Change::SetDepartments(vec![department]), "/parent unfit"),
        (Change::SetSwitch("a/b".to_owned(), true), "/a~1b unfit"),
    ] {
        assert_eq!(
            outcome(operator(&model, std::slice::from_ref(&change))),
            expected,
            "{change:?}"
        );
    }
}

#[test]
fn an_id_of_another_noun_is_a_mistake() {
    let model = compile(&blueprint(&[]), people());
    let foreign = Team { id: CLERK.to_string(), profile: None, sharing: Sharing::default() };

    let refused = operator(&model, &[Change::PutTeam(foreign)]).unwrap_err();

    let Refusal::Fields(errors) = refused else { panic!("expected a mistake in a field") };
    let told = format!("`{CLERK}` is no id here");
    assert!(errors[0].detail.contains(&told), "{}", errors[0].detail);
    let blueprint = model.blueprint().clone();
    let members =
        vec![member(ANNA, "owner"), Member::new("ben", "agent"), Member::new("cleo", "agent")];
    let workspace = Workspace { members, ..Workspace::default() };
    let mistakes = Model::compile(&blueprint, workspace).unwrap_err();
    assert_eq!(mistakes.0.len(), 2, "every one of them");
}

#[test]
fn what_is_in_use_is_not_removed() {
    let model = compile(&blueprint(&[]), people());
    let profile = Profile { id: SELLERS.to_string(), cells: Cells::default() };
    let team = |profile: Option<String>| {
        Change::PutTeam(Team { id: SALES.to_string(), profile, sharing: Sharing::default() })
    };
    let used = [
        Change::PutProfile(profile),
        team(Some(SELLERS.to_string())),
        put(&model, CLEO, |cleo| {
            cleo.role = CLERK.to_string();
            cleo.teams = vec![SALES.to_string()];
        }),
    ];
    let model = operator(&model, &used).unwrap();
    let in_use = |change: Change| match operator(&model, &[change]) {
        Err(Refusal::InUse { noun, by }) => format!("{noun} {by}"),
        other => outcome(other),
    };

    assert_eq!(in_use(Change::RemoveRole(CLERK.to_string())), "role members");
    assert_eq!(in_use(Change::RemoveProfile(SELLERS.to_string())), "profile a team");
    assert_eq!(in_use(Change::RemoveTeam(SALES.to_string())), "team its members");
    assert_eq!(in_use(Change::RemoveTeam(SUPPORT.to_string())), "done");
}

/// A change makes another model; both answer for their own state.
#[test]
fn a_change_shows_in_the_model_after_it_and_not_before() {
    let before = compile(&blueprint(&[]), people());
    let profile = Profile { id: SELLERS.to_string(), cells: Cells::default() };
    let another = RoleId(Uuid::from_u128(7));
    let mut role = clerk(&[]);
    role.id = another.to_string();
    let north = hallpass_engine::Department { id: NORTH.to_string(), parent: None };
    let changes = [
        Change::PutProfile(profile.clone()),
        Change::PutRole(role.clone()),
        Change::RemoveRole(CLERK.to_string()),
        Change::RemoveTeam(SUPPORT.to_string()),
        Change::SetDepartments(vec![north]),
        Change::SetSwitch("open".to_owned(), true),
        Change::RemoveMember(DORA.to_string()),
        put(&before, NEW, |new| new.teams = vec![SALES.to_string()]),
    ];

    let after = operator(&before, &changes).unwrap();

    assert_eq!((before.profile(SELLERS), after.profile(SELLERS)), (None, Some(&profile)));
    assert_eq!((before.custom_role(another), after.custom_role(another)), (None, Some(&role)));
    assert!(before.has_role(&CLERK.to_string()) && !after.has_role(&CLERK.to_string()));
    assert!(before.team(SUPPORT).is_some() && after.team(SUPPORT).is_none());
    assert!(before.department(SOUTH).is_some() && after.department(SOUTH).is_none());
    assert_eq!((before.departments().count(), after.departments().count()), (2, 1));
    assert_eq!((before.is_on("open"), after.is_on("open")), (false, true));
    assert!(before.member(DORA).is_some() && after.member(DORA).is_none());
    assert_eq!((before.members().count(), after.members().count()), (5, 5));
    assert_eq!((before.count_team_members(SALES), after.count_team_members(SALES)), (0, 1));
    let removed = operator(&after, &[Change::RemoveProfile(SELLERS.to_string())]).unwrap();
    assert_eq!(removed.profile(SELLERS), None);
}

/// Any number of changes in a row: the counts that guards use are those of the members.
#[test]
fn the_counts_of_holders_follow_every_change() {
    let mut model = compile(&blueprint(&[]), people());
    let steps: [(&str, MemberId, bool); 7] = [
        ("lead", CLEO, true),
        ("agent", CLEO, false),
        ("agent", CLEO, true),
        ("lead", DORA, false),
        ("owner", NEW, true),
        ("owner", NEW, false),
        ("agent", NEW, true),
    ];
    for (key, id, is_active) in steps {
        let change = put(&model, id, |member| {
            key.clone_into(&mut member.role);
            member.is_active = is_active;
        });
        model = operator(&model, &[change]).unwrap();
        for key in ["owner", "lead", "agent", "nothing"] {
            let holders = || model.members().filter(|member| member.role == key);
            let active = holders().filter(|member| member.is_active).count();

            assert_eq!(model.count_holders(key), holders().count(), "{key}");
            assert_eq!(model.count_active_holders(key), active, "{key}");
            let ids: Vec<String> = model.active_holders(key).map(|id| id.to_string()).collect();
            let expected: Vec<String> = holders()
                .filter(|member| member.is_active)
                .map(|member| member.id.clone())
                .collect();
            assert_eq!(ids, expected, "{key}");
        }
    }
}

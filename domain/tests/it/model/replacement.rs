//! A workspace under another access model, and what does not fit it.

use std::sync::Arc;

use hallpass_domain::misfit::{Misfit, UnfitPart};
use hallpass_engine::Change;

use super::*;

/// Puts the people of the tests under another text.
fn under(model: &Model, text: &str) -> Result<Model, Vec<String>> {
    let blueprint = Arc::new(Blueprint::parse(text).unwrap());
    let moved = model.with_blueprint(&blueprint, Vec::new());
    moved.map_err(|misfits| misfits.iter().flat_map(Misfit::sentences).collect())
}

fn misfits(model: &Model, text: &str) -> Vec<String> {
    under(model, text).map_or_else(|misfits| misfits, |_| Vec::new())
}

#[test]
fn a_workspace_stays_the_same_under_an_equal_access_model() {
    let people = people_with(|id, member| {
        if id == CLEO {
            member.teams = vec![SALES.to_string()];
            member.department = Some(NORTH.to_string());
            member.manager = Some(BEN.to_string());
            member.levels = vec![("deals".to_owned(), "view".to_owned())];
        }
    });
    let model = with_clerk(&blueprint(&[]), &["deals:read:own"], people);
    let on = [Change::SetSwitch("open".to_owned(), true)];
    let kind = hallpass_domain::model::ChangeKind::Edit;
    let model = model.change(Grantor::Operator, kind, &on).unwrap();

    let moved = under(&model, &blueprint(&["no_self_removal"])).unwrap();

    assert_eq!(moved.members().collect::<Vec<_>>(), model.members().collect::<Vec<_>>());
    assert_eq!(moved.custom_role(CLERK), model.custom_role(CLERK));
    assert_eq!(moved.team(SALES), model.team(SALES));
    assert_eq!(moved.department(NORTH), model.department(NORTH));
    assert!(moved.is_on("open"));
    let without = blueprint(&[]).replace("[switches.open]", "[switches.closed]");
    let moved = under(&model, &without).unwrap();
    assert!(!moved.is_on("open"), "a switch that is not there is left out");
}

#[test]
fn the_record_types_that_the_workspace_added_come_along() {
    let text = format!("{}\n[custom_entities]\nactions = [\"read\"]\n", blueprint(&[]));
    let model = compile(&text, people());
    let blueprint = Arc::new(Blueprint::parse(&text).unwrap());

    let moved = model.with_blueprint(&blueprint, vec!["leads".to_owned()]).unwrap();

    assert!(moved.policy().cell("leads", "read").is_some());
    assert!(model.policy().cell("leads", "read").is_none());
}

#[test]
fn a_role_with_holders_that_is_missing_is_named_with_their_number() {
    let model = compile(&blueprint(&[]), people());
    let without = blueprint(&[]).replace("roles.agent", "roles.seller");

    let found = misfits(&model, &without);

    let expected = "the access model has no role `agent`, and members have the role Agent (2); give \
                    them another role first";
    assert_eq!(found, [expected]);
    let unused = compile(
        &blueprint(&[]),
        people_with(|_, member| {
            if member.role == "agent" {
                "lead".clone_into(&mut member.role);
            }
        }),
    );
    assert_eq!(misfits(&unused, &without), Vec::<String>::new());
}

#[test]
fn the_other_access_model_needs_an_active_owner_and_no_more_than_it_admits() {
    let two = people_with(|id, member| {
        if id == BEN {
            "owner".clone_into(&mut member.role);
        }
    });
    let model = compile(&blueprint(&[]), two);
    let one_owner = with_one_owner(&blueprint(&[]));
    let exactly = "the role Owner has exactly one holder, and 2 members have it";
    assert_eq!(misfits(&model, &one_owner), [exactly]);
    assert_eq!(misfits(&compile(&blueprint(&[]), people()), &one_owner), Vec::<String>::new());

    let inactive = compile(&blueprint(&[]), people_with(|id, one| one.is_active = id != ANNA));
    assert_eq!(misfits(&inactive, &blueprint(&[])), ["no active member has the role Owner"]);
}

#[test]
fn levels_and_managers_that_the_roles_no_longer_have_do_not_fit() {
    let leveled = compile(
        &blueprint(&[]),
        people_with(|id, member| {
            if id == CLEO || id == DORA {
                member.levels = vec![("deals".to_owned(), "view".to_owned())];
            }
        }),
    );
    let without = blueprint(&[]).replace("levels = true", "levels = false");
    assert_eq!(
        misfits(&leveled, &without),
        ["members have levels, and their role has none (2)"]
    );

    let managed = compile(
        &blueprint(&[]),
        people_with(|id, member| {
            if id == CLEO {
                member.manager = Some(BEN.to_string());
            }
        }),
    );
    let without = blueprint(&[]).replace("rank = 2\nmanages = true", "rank = 2");
    let expected = "members are assigned to one whose role does not manage";
    assert_eq!(misfits(&managed, &without), [expected]);
    assert_eq!(misfits(&leveled, &without), Vec::<String>::new());
}

/// A grant on a setting must not become one on records with its name, and the other way round.
#[test]
fn what_grants_a_key_that_becomes_something_of_another_kind_does_not_fit() {
    let text = blueprint(&[]);
    let refused = |key: &str, by: &str| {
        format!(
            "`{key}` is something of another kind in the access model, and {by} grants it: the grant would \
             hold for that then; choose another key"
        )
    };
    let kinds = |model: &Model, text: &str| {
        let blueprint = Blueprint::parse(text).unwrap();
        model.changed_kinds(&blueprint).map(str::to_owned).collect::<Vec<_>>()
    };
    let payments = text.replace("[settings.payments]", "[records.payments]");
    let with_crew = |kind: &str| {
        let ladder = r#"ladder = [
  { level = "view", actions = ["read"] },
  { level = "edit", actions = ["update"] },
]"#;
        text.replace("[modules.", &format!("[{kind}.crew]\n{ladder}\n\n[modules."))
    };
    let (records, setting) = (with_crew("records"), with_crew("settings"));

    let role = with_clerk(&text, &["payments:read:all"], people());
    assert_eq!(kinds(&role, &payments), ["payments"]);
    assert_eq!(kinds(&role, &text), Vec::<String>::new());
    assert_eq!(misfits(&role, &payments), [refused("payments", "a custom role")]);

    let mut cells = hallpass_engine::Cells::default();
    cells.set("crew", "read", Some(hallpass_engine::Scope::All));
    let profile = hallpass_engine::Profile { id: SELLERS.to_string(), cells };
    let kind = hallpass_domain::model::ChangeKind::Edit;
    let profile = compile(&records, people())
        .change(Grantor::Operator, kind, &[Change::PutProfile(profile)])
        .unwrap();
    assert_eq!(misfits(&profile, &setting), [refused("crew", "a profile")]);

    let leveled = people_with(|id, member| {
        if id == CLEO {
            member.levels = vec![("crew".to_owned(), "view".to_owned())];
        }
    });
    let leveled = compile(&records, leveled);
    assert_eq!(misfits(&leveled, &setting), [refused("crew", "the levels of a member")]);

    // The control: what is granted on another key does not keep the workspace as it is.
    let other = ["people:read:all", "deals:read:all"];
    let others = people_with(|id, member| {
        if id == CLEO {
            member.levels = vec![("deals".to_owned(), "view".to_owned())];
        }
    });
    let other = with_clerk(&records, &other, others);
    let changed = setting.replace("[settings.payments]", "[records.payments]");
    assert_eq!(kinds(&other, &changed).len(), 2);
    assert_eq!(misfits(&other, &changed), Vec::<String>::new());
}

/// What keeps a workspace from outside from being let in.
fn refused(members: Vec<Member>) -> Vec<String> {
    let blueprint = Arc::new(Blueprint::parse(&blueprint(&[])).unwrap());
    let workspace = Workspace { members, ..Workspace::default() };
    Model::admit(&blueprint, workspace).map_or_else(|misfits| misfits, |_| Vec::new())
}

#[test]
fn a_workspace_from_outside_is_let_in_as_the_guards_would_have_let_it_become() {
    let assigned = |is_service: bool| {
        people_with(|id, member| match id {
            BEN => member.is_service = is_service,
            CLEO => member.manager = Some(BEN.to_string()),
            _ => {}
        })
    };
    let to_a_service = format!("members are assigned to the service account `{BEN}`");
    let contacts = |ids: &[MemberId]| {
        people_with(|id, member| member.is_billing_contact = ids.contains(&id))
    };

    assert_eq!(refused(people()), Vec::<String>::new());
    assert_eq!(refused(assigned(false)), Vec::<String>::new());
    assert_eq!(refused(assigned(true)), [to_a_service]);
    assert_eq!(refused(contacts(&[ANNA])), Vec::<String>::new());
    let expected = "more than one member is the billing contact";
    assert_eq!(refused(contacts(&[ANNA, BEN])), [expected]);
    assert_eq!(refused(vec![member(BEN, "lead")]), ["no active member has the role Owner"]);
    let unknown = refused(vec![member(ANNA, "owner"), member(BEN, "director")]);
    assert!(unknown.iter().any(|one| one.contains("director")), "{unknown:?}");
}

/// A workspace that has something of everything.
fn full() -> Model {
    let people = people_with(|id, member| {
        member.is_billing_contact = id == ANNA;
        if id == CLEO {
            member.teams = vec![SALES.to_string()];
            member.department = Some(NORTH.to_string());
            member.manager = Some(BEN.to_string());
            member.visibility = hallpass_engine::Visibility::All;
            member.levels = vec![("deals".to_owned(), "view".to_owned())];
        }
    });
    let mut cells = hallpass_engine::Cells::default();
    cells.set("deals", "delete", Some(hallpass_engine::Scope::All));
    let profile = hallpass_engine::Profile { id: SELLERS.to_string(), cells };
    let kind = hallpass_domain::model::ChangeKind::Edit;
    with_clerk(&blueprint(&[]), &["deals:read:own"], people)
        .change(Grantor::Operator, kind, &[Change::PutProfile(profile)])
        .unwrap()
}

/// What a text has in place of something else.
type Replacements<'t> = &'t [(&'t str, &'t str)];

#[test]
fn each_part_that_the_other_access_model_does_not_compile_is_found() {
    let scopes = r#""own", "assigned", "team", "department", "all""#;
    let teams = "[teams]\nstart_sharing = \"all\"\n";
    let role = UnfitPart::Role { id: CLERK.to_string() };
    let profile = UnfitPart::Profile { id: SELLERS.to_string() };
    let level = UnfitPart::Level { resource: "deals".to_owned(), members: 1 };
    let cases: [(Replacements<'_>, Vec<UnfitPart>); 7] = [
        (&[(scopes, r#""all""#)], vec![role]),
        (
            &[("[managers]\n", ""), (r#""assigned", "#, "")],
            vec![UnfitPart::Managers { members: 1 }],
        ),
        (&[("[departments]\n", ""), (r#""department", "#, "")], vec![UnfitPart::Departments]),
        (
            &[("[visibility]\nstart = \"own\"\n", "")],
            vec![UnfitPart::Visibility { members: 1 }],
        ),
        (
            &[(teams, ""), ("[profiles]\n", ""), (r#""team", "#, "")],
            vec![profile, UnfitPart::Teams],
        ),
        (
            &[("[billing_contact]\ngrants = [\"payments:*:all\"]\n", "")],
            vec![UnfitPart::BillingContact],
        ),
        (
            &[
                ("level = \"view\"", "level = \"look\""),
                ("deals = \"view\"", "deals = \"look\""),
            ],
            vec![level],
        ),
    ];
    let model = full();
    for (changes, expected) in cases {
        let text = changes.iter().fold(blueprint(&[]), |text, (from, to)| {
            assert!(text.contains(from), "{from}");
            text.replace(from, to)
        });
        let other = Arc::new(Blueprint::parse(&text).unwrap());

        let found = model.with_blueprint(&other, Vec::new());

        let Err(found) = found else { panic!("{changes:?}") };
        let [Misfit::Unfit { parts, mistakes }] = found.as_slice() else {
            panic!("{changes:?}: {found:?}");
        };
        assert_eq!(*parts, expected, "{changes:?}");
        assert!(!mistakes.is_empty());
        assert_eq!(found[0].sentences(), *mistakes);
    }
    let added = vec!["payments".to_owned()];
    let same = Arc::new(Blueprint::parse(&blueprint(&[])).unwrap());
    let found = model.with_blueprint(&same, added).map(drop).unwrap_err();
    let [Misfit::Unfit { parts, .. }] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(*parts, [UnfitPart::RecordType { key: "payments".to_owned() }]);
}

/// A model with two hundred custom roles, of which three grant own deals.
fn with_many_roles() -> Model {
    let put = |number: usize| {
        let grants = if number % 80 == 7 { ["deals:read:own"] } else { ["deals:read:all"] };
        let mut role = clerk(&grants);
        role.id = role_id(number);
        Change::PutRole(role)
    };
    let changes: Vec<Change> = (0..200).map(put).collect();
    let kind = hallpass_domain::model::ChangeKind::Edit;
    compile(&blueprint(&[]), people()).change(Grantor::Operator, kind, &changes).unwrap()
}

fn role_id(number: usize) -> String {
    format!("rol_{number:032x}")
}

/// What is unfit under a text, and the sentences about it.
fn unfit(model: &Model, text: &str) -> (Vec<UnfitPart>, Vec<String>) {
    let other = Arc::new(Blueprint::parse(text).unwrap());
    let found = model.with_blueprint(&other, Vec::new()).map(drop).unwrap_err();
    let unfit = found.into_iter().find_map(|misfit| {
        let Misfit::Unfit { parts, mistakes } = misfit else { return None };
        Some((parts, mistakes))
    });
    unfit.unwrap()
}

#[test]
fn unfit_parts_are_found_among_many_and_not_searched_for_in_a_large_access_model() {
    let model = with_many_roles();
    let scopes = r#""own", "assigned", "team", "department", "all""#;
    let text = blueprint(&[]).replace(scopes, r#""all""#);

    let (mut parts, mistakes) = unfit(&model, &text);

    parts.sort_by_key(|part| format!("{part:?}"));
    let expected = [7, 87, 167].map(|number| UnfitPart::Role { id: role_id(number) });
    assert_eq!(parts, expected);
    assert!(mistakes.len() >= 3, "{mistakes:?}");

    let records = (0..300).map(|number| {
        format!(
            "[records.r{number}]\nactions = [\"read\", \"create\", \"update\", \"delete\", \"export\"]\n\
             fields = [{{ key = \"name\", type = \"text\", required = true }}]\n"
        )
    });
    let roles = (0..300).map(|number| format!("[roles.q{number}]\nrank = {}\n", number + 100));
    let large = format!("{text}\n{}", records.chain(roles).collect::<String>());
    let (parts, mistakes) = unfit(&model, &large);
    assert_eq!(parts, [], "the search would take too long");
    assert!(mistakes.len() >= 3, "the sentences are there");
}

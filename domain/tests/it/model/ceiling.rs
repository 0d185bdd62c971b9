//! The ceiling of grants: no member grants more than they hold, in any field and on any path.

use hallpass_domain::model::guard::{check_revoke_invitation, check_role};
use hallpass_domain::model::{ChangeKind, Grantor};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{Cells, Change, Profile, Scope, Sharing, Team, Visibility};

use super::*;

/// Ben is a clerk, who may change agents and holds what the test gives him. The rank rules let him give
/// every role but that of owners.
fn clerks(grants: &[&str]) -> Model {
    with_ben(grants, |_, _| {})
}

fn with_ben(grants: &[&str], change: impl Fn(MemberId, &mut Member)) -> Model {
    let text = blueprint(&[])
        .replace(
            "given_by = [\"owner\", \"lead\"]",
            "given_by = [\"owner\", \"lead\", \"custom\"]",
        )
        .replace("manages = false", "manages = true");
    let people = people_with(|id, member| {
        if id == BEN {
            member.role = CLERK.to_string();
            member.visibility = Visibility::All;
        }
        change(id, member);
    });
    with_clerk(&text, grants, people)
}

/// What Ben grants to Cleo by a change of hers.
fn by_ben(model: &Model, change: impl FnOnce(&mut Member)) -> String {
    edit(model, by(BEN), CLEO, change)
}

const AGENT: &str = "deals:create,read,update:own";
const PEOPLE: &str = "people:*:all";

#[test]
fn a_role_is_given_by_those_who_hold_what_it_grants() {
    let lead = "deals:create, deals:delete, deals:read, deals:update";
    for (grants, expected) in [
        (vec!["deals:*:all", PEOPLE], "done".to_owned()),
        (vec!["deals:*:own", PEOPLE], lead.to_owned()),
        (vec!["deals:*:department", "deals:*:team", PEOPLE], lead.to_owned()),
        (vec!["deals:read,create,update:all", PEOPLE], "deals:delete".to_owned()),
        (
            vec!["deals:create,update,delete:all", PEOPLE],
            "deals:delete, deals:read, deals:update".to_owned(),
        ),
        (vec!["deals:*:all", "people:read,create,delete:all"], "people:update".to_owned()),
    ] {
        let model = clerks(&grants);
        assert_eq!(by_ben(&model, role("lead")), expected, "{grants:?}");
    }
}

/// For each field of access: a change that a clerk with the rights of an agent cannot make, and the
/// rights that it takes.
#[test]
fn every_field_of_access_is_limited_by_the_ceiling() {
    let clerk = CLERK.to_string();
    let level = |member: &mut Member| {
        member.levels = vec![("deals".to_owned(), "edit".to_owned())];
    };
    let edits = "deals:create, deals:delete, deals:read, deals:update";
    let without = clerks(&[AGENT, PEOPLE]);
    let with = clerks(&["deals:*:all", PEOPLE]);

    assert_eq!(by_ben(&without, level), edits);
    assert_eq!(by_ben(&with, level), "done");
    let view = |member: &mut Member| {
        member.levels = vec![("deals".to_owned(), "view".to_owned())];
    };
    assert_eq!(by_ben(&without, view), "deals:read");
    assert_eq!(by_ben(&clerks(&["deals:read:all", AGENT, PEOPLE]), view), "done");
    assert_eq!(by_ben(&with, view), "done");
    assert_eq!(
        by_ben(&without, |cleo| cleo.is_billing_contact = true),
        "payments:read, payments:update"
    );
    assert_eq!(
        by_ben(&with, |cleo| cleo.is_billing_contact = true),
        "payments:read, payments:update"
    );
    // The role of the clerk himself, who holds what it grants.
    assert_eq!(by_ben(&without, |cleo| cleo.role.clone_from(&clerk)), "done");
}

/// The visibility bounds what a custom role reads: to widen it is a grant.
#[test]
fn a_wider_visibility_is_limited_by_the_ceiling() {
    let text = {
        blueprint(&[])
            .replace("given_by = [\"owner\", \"lead\"]", "given_by = [\"owner\", \"lead\", \"custom\"]")
            .replace(
                "touched_by = [\"owner\", \"lead\"]\n\n[managers]",
                "touched_by = [\"owner\", \"lead\", \"custom\"]\nvisibility = \"bounds\"\n\n[managers]",
            )
    };
    let people = |ben: Visibility| {
        people_with(|id, member| {
            if id == BEN || id == CLEO {
                member.role = CLERK.to_string();
            }
            if id == BEN {
                member.visibility = ben;
            }
        })
    };
    let grants = ["deals:read:all", PEOPLE];
    for (ben, given, expected) in [
        (Visibility::All, Visibility::All, "done"),
        (Visibility::All, Visibility::Department, "done"),
        (Visibility::Department, Visibility::Department, "done"),
        (Visibility::Department, Visibility::All, "deals:read"),
        (Visibility::Own, Visibility::Department, "deals:read"),
        (Visibility::Own, Visibility::Own, "done"),
    ] {
        let model = with_clerk(&text, &grants, people(ben));
        let see = |cleo: &mut Member| cleo.visibility = given;
        assert_eq!(by_ben(&model, see), expected, "{ben:?} gives {given:?}");
    }
}

/// A member who is deactivated holds nothing to give, and gains nothing themselves.
#[test]
fn a_reactivation_grants_what_the_member_will_hold() {
    let inactive = |cleo: &mut Member| {
        "lead".clone_into(&mut cleo.role);
        cleo.is_active = false;
    };
    let text = blueprint(&[]).replace(
        "given_by = [\"owner\", \"lead\"]\ntouched_by = [\"owner\", \"lead\"]\n\n[roles.agent]",
        "given_by = [\"owner\", \"lead\"]\ntouched_by = [\"owner\", \"lead\", \"custom\"]\n\n[roles.agent]",
    );
    for (grants, expected) in [
        (vec![AGENT, PEOPLE], "deals:create, deals:delete, deals:read, deals:update"),
        (vec!["deals:*:all", PEOPLE], "done"),
    ] {
        let people = people_with(|id, member| match id {
            BEN => member.role = CLERK.to_string(),
            CLEO => inactive(member),
            _ => {}
        });
        let model = with_clerk(&text, &grants, people);
        assert_eq!(by_ben(&model, |cleo| cleo.is_active = true), expected, "{grants:?}");
        assert_eq!(by_ben(&model, |cleo| cleo.visibility = Visibility::Own), "done");
    }
}

fn changes_team(id: TeamId, profile: Option<ProfileId>, sharing: Sharing) -> Change {
    Change::PutTeam(Team {
        id: id.to_string(),
        profile: profile.map(|id| id.to_string()),
        sharing,
    })
}

fn profile(action: &str, scope: Scope) -> Change {
    let mut cells = Cells::default();
    cells.set("deals", "read", Some(scope));
    cells.set("deals", action, Some(scope));
    Change::PutProfile(Profile { id: SELLERS.to_string(), cells })
}

/// A model with the profile on the team of sales.
fn sellers(grants: &[&str], scope: Scope, change: impl Fn(MemberId, &mut Member)) -> Model {
    let model = with_ben(grants, change);
    let changes = [profile("delete", scope), changes_team(SALES, Some(SELLERS), Sharing::All)];
    model.change(Grantor::Operator, ChangeKind::Edit, &changes).unwrap()
}

fn made_by_ben(model: &Model, change: Change) -> String {
    outcome(model.change(by(BEN), ChangeKind::Edit, &[change]))
}

#[test]
fn what_a_team_gives_is_limited_by_the_ceiling() {
    let into_sales = |cleo: &mut Member| cleo.teams = vec![SALES.to_string()];
    let into_support = |cleo: &mut Member| cleo.teams = vec![SUPPORT.to_string()];
    let outside = sellers(&[AGENT, PEOPLE], Scope::All, |_, _| {});
    let holder = sellers(&["deals:*:all", PEOPLE], Scope::All, |_, _| {});

    assert_eq!(by_ben(&outside, into_sales), "deals:delete, deals:read");
    assert_eq!(by_ben(&outside, into_support), "done");
    assert_eq!(by_ben(&holder, into_sales), "done");
    let inside = sellers(&[AGENT, PEOPLE], Scope::All, |id, member| {
        if id == BEN {
            member.teams = vec![SALES.to_string()];
        }
    });
    assert_eq!(by_ben(&inside, into_sales), "done", "it is of the same team");
}

/// A profile reaches the records of its own team: its members cannot grant those of any team.
#[test]
fn the_scope_of_a_profile_is_not_granted_beyond_its_team() {
    let model = sellers(&[AGENT, PEOPLE], Scope::Team, |id, member| {
        if id == BEN {
            member.teams = vec![SALES.to_string()];
        }
    });
    let mut reader = clerk(&["deals:read:team"]);
    reader.id = RoleId(Uuid::from_u128(7)).to_string();
    let by_role = Change::PutRole(reader);

    assert_eq!(made_by_ben(&model, by_role.clone()), "deals:read");
    let given = model.change(Grantor::Operator, ChangeKind::Edit, &[by_role]).unwrap();
    let reads = |cleo: &mut Member| cleo.role = RoleId(Uuid::from_u128(7)).to_string();
    assert_eq!(by_ben(&given, reads), "deals:read", "without a team");
    let in_support = |cleo: &mut Member| {
        reads(cleo);
        cleo.teams = vec![SUPPORT.to_string()];
    };
    assert_eq!(by_ben(&given, in_support), "deals:read", "in another team");
    // Who is new owns nothing yet that Ben would reach from then on.
    let joins = [put(&model, NEW, |new| new.teams = vec![SALES.to_string()])];
    assert_eq!(outcome(model.change(by(BEN), ChangeKind::Join, &joins)), "done");
}

/// What is held in a team and a department is granted to members of both.
#[test]
fn the_scope_team_within_a_department_is_granted_within_both() {
    let text = blueprint(&[])
        .replace(
            "given_by = [\"owner\", \"lead\"]",
            "given_by = [\"owner\", \"lead\", \"custom\"]",
        )
        .replace("manages = false", "manages = false\nvisibility = \"bounds\"");
    let people = people_with(|id, member| {
        if id == BEN {
            member.role = CLERK.to_string();
            member.visibility = Visibility::Department;
            member.teams = vec![SALES.to_string()];
            member.department = Some(NORTH.to_string());
        }
    });
    let model = with_clerk(&text, &["deals:read:team", AGENT, PEOPLE], people);
    let clerk_in = |team: TeamId, department: Option<DepartmentId>| {
        let joins = put(&model, NEW, |new| {
            new.role = CLERK.to_string();
            new.visibility = Visibility::Department;
            new.teams = vec![team.to_string()];
            new.department = department.map(|id| id.to_string());
        });
        outcome(model.change(by(BEN), ChangeKind::Join, &[joins]))
    };

    assert_eq!(clerk_in(SALES, Some(NORTH)), "done");
    assert_eq!(clerk_in(SALES, Some(SOUTH)), "deals:read", "another department");
    assert_eq!(clerk_in(SUPPORT, Some(NORTH)), "deals:read", "another team");
}

#[test]
fn what_a_profile_gives_is_limited_by_the_ceiling() {
    let in_sales = |id: MemberId, member: &mut Member| {
        if id == CLEO {
            member.teams = vec![SALES.to_string()];
        }
    };
    let nothing = sellers(&[AGENT, PEOPLE], Scope::Own, in_sales);
    assert_eq!(
        made_by_ben(&nothing, profile("delete", Scope::All)),
        "deals:delete, deals:read"
    );
    assert_eq!(made_by_ben(&nothing, profile("delete", Scope::Own)), "done", "nothing changes");
    assert_eq!(made_by_ben(&nothing, profile("read", Scope::Own)), "done", "less than before");
    let all = sellers(&["deals:*:all", PEOPLE], Scope::Own, in_sales);
    assert_eq!(made_by_ben(&all, profile("delete", Scope::All)), "done");
    // A profile without a team is limited, too: another member may give it to one.
    let unused = clerks(&[AGENT, PEOPLE]);
    assert_eq!(made_by_ben(&unused, profile("delete", Scope::Own)), "deals:delete");
    assert_eq!(made_by_ben(&unused, profile("update", Scope::Own)), "done");
}

/// Who reads a record type reads its unowned records, and lets others read them.
#[test]
fn unowned_records_are_granted_by_those_who_read_them() {
    let text = format!("{}\n[unowned]\nvisible = true\n", blueprint(&[]));
    for (grants, expected) in [
        (vec![AGENT, PEOPLE], "done"),
        (vec![PEOPLE], "deals:create, deals:read, deals:update"),
    ] {
        let idle = RoleId(Uuid::from_u128(7)).to_string();
        let people = people_with(|id, member| {
            if id == BEN {
                member.role = CLERK.to_string();
            }
        });
        let model = with_clerk(&text, &grants, people);
        let mut nothing = clerk(&[]);
        nothing.id.clone_from(&idle);
        let changes = [Change::PutRole(nothing), put(&model, CLEO, role(&idle))];
        let idle = model.change(Grantor::Operator, ChangeKind::Edit, &changes).unwrap();
        let agent = [put(&idle, CLEO, role("agent"))];

        let changed = idle.change(by(BEN), ChangeKind::Join, &agent);

        assert_eq!(outcome(changed), expected, "{grants:?}");
    }
}

/// A cell that a change concerns is compared as a whole with what the grantor holds, for each member.
#[test]
fn a_profile_is_compared_with_all_that_its_members_hold_in_its_cells() {
    let own = |role: &'static str| {
        let model = with_ben(&["deals:*:own", PEOPLE], |id, member| {
            if id == CLEO {
                role.clone_into(&mut member.role);
                member.teams = vec![SALES.to_string()];
            }
        });
        let nothing = Profile { id: SELLERS.to_string(), cells: Cells::default() };
        let team = changes_team(SALES, Some(SELLERS), Sharing::All);
        let changes = [Change::PutProfile(nothing), team];
        let model = model.change(Grantor::Operator, ChangeKind::Edit, &changes).unwrap();
        let mut cells = Cells::default();
        for action in ["create", "read", "update", "delete"] {
            cells.set("deals", action, Some(Scope::Own));
        }
        made_by_ben(&model, Change::PutProfile(Profile { id: SELLERS.to_string(), cells }))
    };

    assert_eq!(own("agent"), "done");
    assert_eq!(own("lead"), "deals:create, deals:delete, deals:read, deals:update");
}

#[test]
fn the_sharing_of_a_team_is_limited_by_the_ceiling() {
    let narrow = |grants: &[&str]| {
        let model = sellers(grants, Scope::All, |_, _| {});
        let change = [changes_team(SALES, Some(SELLERS), Sharing::Own)];
        model.change(Grantor::Operator, ChangeKind::Edit, &change).unwrap()
    };
    let wide = changes_team(SALES, Some(SELLERS), Sharing::All);

    let refused = made_by_ben(&narrow(&[AGENT, PEOPLE]), wide.clone());

    assert_eq!(refused, "deals:delete, deals:read");
    assert_eq!(made_by_ben(&narrow(&["deals:*:all", PEOPLE]), wide), "done");
    let narrower = changes_team(SALES, None, Sharing::Own);
    assert_eq!(made_by_ben(&narrow(&[AGENT, PEOPLE]), narrower), "done");
}

#[test]
fn what_a_custom_role_grants_is_limited_by_the_ceiling() {
    let model = clerks(&[AGENT, PEOPLE]);
    for (grants, expected) in [
        (vec![AGENT], "done"),
        (vec!["deals:read:own"], "done"),
        (vec!["deals:delete:own"], "deals:delete"),
        (vec!["deals:read:all"], "deals:read"),
        (vec!["payments:read:all", AGENT], "payments:read"),
        (vec![AGENT, PEOPLE], "done"),
    ] {
        let mut another = clerk(&grants);
        another.id = RoleId(Uuid::from_u128(7)).to_string();
        assert_eq!(made_by_ben(&model, Change::PutRole(another)), expected, "{grants:?}");
        assert_eq!(made_by_ben(&model, Change::PutRole(clerk(&grants))), expected, "own role");
    }
}

#[test]
fn a_switch_is_limited_by_the_ceiling() {
    let open = |on| Change::SetSwitch("open".to_owned(), on);

    assert_eq!(made_by_ben(&clerks(&[AGENT, PEOPLE]), open(true)), "deals:delete");
    assert_eq!(made_by_ben(&clerks(&["deals:*:all", PEOPLE]), open(true)), "done");
    assert_eq!(made_by_ben(&clerks(&[AGENT, PEOPLE]), open(false)), "done");
}

/// A role with the scope `visible` gives own records by itself; members who see more gain more.
#[test]
fn a_switch_is_limited_by_what_present_members_gain_by_their_visibility() {
    let grants = "[\"deals:create,read,update:visible\"]";
    let wide = format!(
        "[switches.wide]\nname = \"Wide\"\nreplaces = [{{ role = \"agent\", grants = {grants} }}]\n"
    );
    let text = blueprint(&[]).replace("[switches.open]", &format!("{wide}\n[switches.open]"));
    for (sees, expected) in
        [(Visibility::Own, "done"), (Visibility::All, "deals:create, deals:read, deals:update")]
    {
        let people = people_with(|id, member| match id {
            BEN => member.role = CLERK.to_string(),
            CLEO => member.visibility = sees,
            _ => {}
        });
        let model = with_clerk(&text, &[AGENT, PEOPLE], people);

        let turned_on = made_by_ben(&model, Change::SetSwitch("wide".to_owned(), true));

        assert_eq!(turned_on, expected, "{sees:?}");
    }
}

/// To remove a container gives no member anything.
#[test]
fn what_is_taken_away_needs_no_rights() {
    let model = sellers(&[PEOPLE], Scope::All, |_, _| {});
    let without = changes_team(SALES, None, Sharing::All);
    let removed = model.change(
        by(BEN),
        ChangeKind::Edit,
        &[without.clone(), Change::RemoveProfile(SELLERS.to_string())],
    );

    assert_eq!(outcome(removed), "done");
    assert_eq!(made_by_ben(&model, without), "done");
    assert_eq!(made_by_ben(&model, Change::RemoveTeam(SALES.to_string())), "done");
    assert_eq!(made_by_ben(&model, Change::SetDepartments(Vec::new())), "done");
    assert_eq!(by_ben(&model, |cleo| cleo.levels = Vec::new()), "done");
}

/// Each member above gains the records of those who come below them.
#[test]
fn every_manager_above_is_checked_when_a_member_gets_one() {
    // Emil manages Dora, and what is assigned to Dora's reports counts for him, too, with a switch.
    let text = blueprint(&[])
        .replace("given_by = [\"owner\", \"lead\"]", "given_by = [\"owner\", \"lead\", \"custom\"]")
        .replace("manages = false", "manages = true")
        .replace(
            "[switches.open]",
            "[switches.indirect]\nname = \"Indirect\"\nstarts_on = true\ncounts_indirect_reports = true\n\n[switches.open]",
        )
        .replace("grants = [\"deals:*:all\", \"people:*:all\"]", "grants = [\"deals:*:assigned\", \"people:*:all\"]");
    let other = RoleId(Uuid::from_u128(7));
    let model = with_clerk(
        &text,
        &["deals:update:own", "deals:read:own", PEOPLE],
        people_with(|id, member| {
            if id == BEN {
                member.role = CLERK.to_string();
            }
        }),
    );
    let mut manages = clerk(&["deals:update:own"]);
    manages.id = other.to_string();
    let changes = [
        Change::PutRole(manages),
        put(&model, DORA, |dora| {
            dora.role = other.to_string();
            dora.manager = Some(EMIL.to_string());
        }),
    ];
    let model = model.change(Grantor::Operator, ChangeKind::Edit, &changes).unwrap();

    let under_dora = by_ben(&model, |cleo| cleo.manager = Some(DORA.to_string()));

    assert!(under_dora.contains("deals:read"), "Emil would read Cleo's deals: {under_dora}");
    let by_anna = edit(&model, by(ANNA), CLEO, |cleo| cleo.manager = Some(DORA.to_string()));
    assert_eq!(by_anna, "done");
}

#[test]
fn every_department_above_is_checked_when_a_member_enters_one() {
    let tree = [
        hallpass_engine::Department { id: NORTH.to_string(), parent: None },
        hallpass_engine::Department { id: SOUTH.to_string(), parent: Some(NORTH.to_string()) },
    ];
    let reads = RoleId(Uuid::from_u128(7));
    let mut reader = clerk(&["deals:read:department"]);
    reader.id = reads.to_string();
    let model = clerks(&[AGENT, PEOPLE]);
    let changes = [
        Change::SetDepartments(tree.to_vec()),
        Change::PutRole(reader),
        put(&model, DORA, |dora| {
            dora.role = reads.to_string();
            dora.visibility = Visibility::All;
            dora.department = Some(NORTH.to_string());
        }),
    ];
    let model = model.change(Grantor::Operator, ChangeKind::Edit, &changes).unwrap();
    let enter = |department: DepartmentId| {
        move |cleo: &mut Member| cleo.department = Some(department.to_string())
    };

    // Dora reads what members of North and of what is below it own.
    assert_eq!(by_ben(&model, enter(SOUTH)), "deals:read");
    assert_eq!(by_ben(&model, enter(NORTH)), "deals:read");
    assert_eq!(edit(&model, by(ANNA), CLEO, enter(SOUTH)), "done");
    // A newcomer owns nothing yet that Dora could read.
    let newcomer = put(&model, NEW, enter(SOUTH));
    let joined = model.change(by(BEN), ChangeKind::Join, &[newcomer]);
    assert_eq!(outcome(joined), "deals:read");
}

#[test]
fn a_refusal_names_the_present_permissions_and_else_those_of_later_ones() {
    let every = |action: &str| {
        let mut cells = Cells::default();
        cells.set(hallpass_engine::EVERY, action, Some(Scope::All));
        Change::PutProfile(Profile { id: SELLERS.to_string(), cells })
    };

    assert_eq!(made_by_ben(&clerks(&[PEOPLE]), every("read")), "deals:read");
    assert_eq!(made_by_ben(&clerks(&["deals:*:all"]), every("read")), "@records:read");
    assert_eq!(made_by_ben(&clerks(&["@records:*:all"]), every("read")), "done");
}

/// The check of a role alone agrees with the change that gives it to a new member.
#[test]
fn the_check_of_a_role_agrees_with_an_invitation_to_it() {
    let clerk = CLERK.to_string();
    let sights = [Visibility::Own, Visibility::Department, Visibility::All];
    for grants in [
        vec![AGENT, PEOPLE],
        vec!["deals:*:all", PEOPLE],
        vec!["deals:*:all"],
        vec!["deals:*:department", "people:read:all"],
        vec![],
    ] {
        for (one_owner, bounds, sees) in [
            (false, "", Visibility::All),
            (true, "", Visibility::All),
            (false, "\nvisibility = \"bounds\"", Visibility::Own),
            (false, "\nvisibility = \"bounds\"", Visibility::Department),
        ] {
            let text = blueprint(&[]).replace(
                "given_by = [\"owner\", \"lead\"]",
                "given_by = [\"owner\", \"lead\", \"custom\"]",
            );
            let text = text.replace("manages = false", &format!("manages = false{bounds}"));
            let text = if one_owner { with_one_owner(&text) } else { text };
            let people = people_with(|id, member| {
                if id == BEN {
                    member.role.clone_from(&clerk);
                    member.visibility = sees;
                }
            });
            let model = with_clerk(&text, &grants, people);
            for grantor in [by(ANNA), by(BEN), by(CLEO), by(EMIL), Grantor::Operator] {
                for given in ["owner", "lead", "agent", clerk.as_str()] {
                    for visibility in sights {
                        let joins =
                            Change::PutMember(Member { visibility, ..member(NEW, given) });
                        let joined = model.change(grantor, ChangeKind::Join, &[joins]);

                        let checked = check_role(&model, grantor, given, visibility);

                        let context = format!("{grantor:?} {given} {visibility:?} {grants:?}");
                        assert_eq!(verdict(checked), outcome(joined), "{context}");
                    }
                }
            }
        }
    }
}

#[test]
fn an_invitation_is_revoked_by_those_who_could_send_it() {
    let model = clerks(&[AGENT, PEOPLE]);
    let revoke = |sends: Result<(), Refusal>, given: &str| {
        let access = (given, Visibility::Own);
        verdict(check_revoke_invitation(&model, by(BEN), access, sends))
    };
    let outdated = || Err(Refusal::field("/teams", "unknown", "no such team"));

    assert_eq!(revoke(Ok(()), "lead"), "done");
    assert_eq!(
        revoke(
            Err(Refusal::GrantCeiling { rights: vec!["a:b".to_owned()], words: Vec::new() }),
            "agent"
        ),
        "a:b"
    );
    // What it names is gone: its role decides.
    assert_eq!(revoke(outdated(), "agent"), "done");
    assert_eq!(revoke(outdated(), "owner"), "may_not_give Owner");
    assert!(revoke(outdated(), "lead").contains("deals:delete"));
}

/// Cleo reaches unowned records already: that Dora is assigned to her gives her those of Dora alone.
#[test]
fn what_a_member_reaches_already_is_no_gain_of_a_change_of_another() {
    let text = blueprint(&[])
        .replace(
            "touched_by = [\"owner\", \"lead\"]",
            "touched_by = [\"owner\", \"lead\", \"custom\"]",
        )
        .replace("manages = false", "manages = true")
        .replace("levels = true\n", "levels = true\nmanages = true\n")
        .replace(
            "\"deals:create,read,update:own\"",
            "\"deals:create,read,update:own\", \"deals:read:assigned\", \"deals:read:unowned\"",
        );
    let model = |of_dora: DepartmentId| {
        let people = people_with(|id, member| match id {
            BEN => {
                member.role = CLERK.to_string();
                member.department = Some(NORTH.to_string());
            }
            DORA => {
                member.role = CLERK.to_string();
                member.department = Some(of_dora.to_string());
            }
            _ => {}
        });
        with_clerk(&text, &["deals:read:department", PEOPLE], people)
    };
    let assign = |model: &Model| {
        edit(model, by(BEN), DORA, |member| member.manager = Some(CLEO.to_string()))
    };

    assert_eq!(assign(&model(NORTH)), "done");
    assert_eq!(assign(&model(SOUTH)), "deals:read", "Ben does not reach the records of Dora");
}

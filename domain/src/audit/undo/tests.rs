//! Entries undone: the model before them, or a refusal that says what the log does not say.

use hallpass_engine::{Scope, Visibility};
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::audit::{ACTIONS, Outcome};
use crate::id::{AuditId, DepartmentId, MemberId, ProfileId, RoleId, TeamId};
use crate::setting::Area;
use crate::time::Timestamp;

const ANNA: MemberId = MemberId(Uuid::from_u128(1));
const BEN: MemberId = MemberId(Uuid::from_u128(2));
const CLEO: MemberId = MemberId(Uuid::from_u128(3));
const LEAD: RoleId = RoleId(Uuid::from_u128(1));
const SALES: TeamId = TeamId(Uuid::from_u128(1));

/// Anna owns the workspace, Ben is a manager, Cleo has the lowest role.
fn model(blueprint: &str) -> Model {
    let blueprint =
        Arc::new(Blueprint::parse(crate::blueprint::find(blueprint).unwrap()).unwrap());
    let top = blueprint.top_role().unwrap().key.clone();
    let lowest = blueprint.roles.iter().min_by_key(|role| role.rank).unwrap().key.clone();
    let member = |id: MemberId, role: &str| Member::new(&id.to_string(), role);
    let members = vec![member(ANNA, &top), member(BEN, "manager"), member(CLEO, &lowest)];
    Model::compile(&blueprint, Workspace { members, ..Workspace::default() }).unwrap()
}

fn entry(action: &str, subject: &str, was: Value, is: Value, revision: i64) -> Entry {
    Entry {
        id: AuditId(Uuid::from_u128(1)),
        at: Timestamp::default(),
        actor: Some(ANNA),
        actor_name: "Anna".to_owned(),
        action: action.to_owned(),
        outcome: Outcome::Done,
        subject: subject.to_owned(),
        before: was,
        after: is,
        revision,
        request: String::new(),
        times: 1,
        last_at: Timestamp::default(),
    }
}

fn view(role: &str, manager: Option<MemberId>) -> Value {
    json!({"status": "active", "role": role, "levels": {}, "visibility": "own",
        "department": null, "manager": manager.map(|id| id.to_string()), "teams": [],
        "billing_contact": false})
}

/// Undoes entries, the latest first, back to the revision before the first of them.
fn undone(model: &Model, entries: &[Entry]) -> Result<Model, Refusal> {
    let revision = i64::try_from(entries.len()).unwrap();
    let mut undo = Undo::new(model, Vec::new(), Map::new(), revision);
    for entry in entries {
        undo.undo(entry)?;
    }
    undo.finish(0).map(|(model, _)| model)
}

fn refusal(undone: Result<Model, Refusal>) -> String {
    undone.map(drop).unwrap_err().to_string()
}

#[test]
fn a_changed_member_is_as_before() {
    let model = model("standard");
    let before = undone(
        &model,
        &[entry(
            "member.update",
            &CLEO.to_string(),
            view("admin", None),
            view("member", None),
            1,
        )],
    );
    assert_eq!(before.unwrap().member(CLEO).unwrap().role, "admin");
}

#[test]
fn one_who_joined_is_no_member_and_one_who_was_removed_is() {
    let model = model("standard");
    let mut joined = entry("invitation.accept", "inv_1", json!({}), json!({}), 2);
    joined.actor = Some(CLEO);
    let gone = MemberId(Uuid::from_u128(9));
    let mut was = view("manager", None);
    was["reports"] = json!([BEN.to_string()]);
    let removed =
        entry("member.remove", &gone.to_string(), was, json!({"status": "removed"}), 1);

    let before = undone(&model, &[joined, removed]).unwrap();

    assert!(before.member(CLEO).is_none());
    assert_eq!(before.member(gone).unwrap().role, "manager");
    let manager = before.member(BEN).unwrap().manager.clone();
    assert_eq!(manager, Some(gone.to_string()), "assigned again");
}

#[test]
fn roles_teams_switches_and_record_types_are_as_before() {
    let model = model("standard");
    let role = json!({"name": "Lead", "description": "", "grants": ["contacts:read:own"]});
    let team =
        json!({"name": "Sales", "description": "", "profile": null, "record_sharing": "own"});
    let switch = model.blueprint().switches.first().unwrap().key.clone();
    let (off, on) = (json!({switch.clone(): false}), json!({switch.clone(): true}));
    let changed = crate::model::Model::compile(
        model.blueprint(),
        Workspace {
            switches: vec![(switch.clone(), true)],
            ..model.to_workspace(model.blueprint(), Vec::new())
        },
    );
    let before = undone(
        &changed.unwrap(),
        &[
            entry("settings.switches", "wsp_1", off, on, 4),
            entry("entity.delete", "boats", json!({}), Value::Null, 3),
            entry("team.delete", &SALES.to_string(), team, Value::Null, 2),
            entry("role.delete", &LEAD.to_string(), role, Value::Null, 1),
        ],
    )
    .unwrap();
    assert!(!before.is_on(&switch));
    assert!(before.policy().resources().iter().any(|known| known.key == "boats"));
    assert!(before.team(SALES).is_some() && before.custom_role(LEAD).is_some());
}

#[test]
fn a_replaced_access_model_is_as_before_with_its_switches() {
    let now = model("standard");
    let text = |id: &str| crate::blueprint::find(id).unwrap();
    let switch = now.blueprint().switches.first().unwrap().key.clone();
    let is = json!({"text": text("standard"), "switches": {}});
    // The other access model has a switch of another name.
    let other = text("standard").replace(&format!("[switches.{switch}]"), "[switches.other]");
    assert_ne!(other, text("standard"), "the blueprint has the section");
    let was = json!({"text": other, "switches": {"other": true}});

    let before = undone(&now, &[entry("blueprint.replace", "wsp_1", was, is, 1)]).unwrap();

    assert!(before.is_on("other"));
    // An entry of an earlier version does not have the switches.
    let (was, is) = (json!({"text": other}), json!({"text": text("standard")}));
    let found = refusal(undone(&now, &[entry("blueprint.replace", "wsp_1", was, is, 1)]));
    assert!(found.contains("does not say which switches were on"), "{found}");
}

#[test]
fn profiles_departments_and_modules_are_as_before() {
    let empty = model("standard");
    let (profile, department) = (
        ProfileId(Uuid::from_u128(1)).to_string(),
        DepartmentId(Uuid::from_u128(1)).to_string(),
    );
    let grants = json!({"contacts": {"read": "team", "update": "none"}});
    let described = json!({"name": "Sales", "description": "", "grants": grants});
    let parent = json!({"name": "North", "parent": null, "manager": null});
    let off = json!({"invoices": false});
    let entries = [
        entry("settings.modules", "wsp_1", off.clone(), json!({}), 3),
        entry("profile.delete", &profile, described.clone(), Value::Null, 2),
        entry("department.delete", &department, parent, Value::Null, 1),
    ];
    let mut undo = Undo::new(&empty, Vec::new(), Map::new(), 3);
    for entry in &entries {
        undo.undo(entry).unwrap();
    }
    let (before, modules) = undo.finish(0).unwrap();
    assert_eq!(Value::Object(modules), off);
    assert!(before.department(department.parse().unwrap()).is_some());
    let cells = &before.profile(profile.parse().unwrap()).unwrap().cells;
    assert_eq!(cells.scope("contacts", "read"), Some(Scope::Team));
    assert_eq!(crate::profile::write_cells(cells), *grants.as_object().unwrap());
    // And the other way: what was created is not there.
    let created = entry("profile.create", &profile, Value::Null, described, 1);
    assert!(undone(&before, &[created]).unwrap().profile(profile.parse().unwrap()).is_none());
}

#[test]
fn a_member_is_read_as_the_log_writes_them() {
    let (team, department) = (SALES.to_string(), DepartmentId(Uuid::from_u128(1)).to_string());
    let value = json!({"status": "inactive", "role": "member", "levels": {"contacts": "edit"},
        "visibility": "department", "department": department, "manager": BEN.to_string(),
        "teams": [team], "billing_contact": true});
    let expected = Member {
        is_active: false,
        teams: vec![team],
        department: Some(department),
        manager: Some(BEN.to_string()),
        visibility: Visibility::Department,
        levels: vec![("contacts".to_owned(), "edit".to_owned())],
        is_billing_contact: true,
        ..Member::new(&CLEO.to_string(), "member")
    };
    assert_eq!(member(&CLEO.to_string(), &value), Ok(Some(expected)));
    for field in ["status", "role", "levels", "visibility", "department", "teams"] {
        let mut incomplete = value.clone();
        incomplete.as_object_mut().unwrap().remove(field);
        let found = member(&CLEO.to_string(), &incomplete);
        assert_eq!(found, Err(format!("has no readable `{field}`")));
    }
    assert_eq!(member("mbr_1", &json!({"status": "removed"})), Ok(None));
    assert_eq!(member("mbr_1", &Value::Null), Ok(None));
}

#[test]
fn what_the_log_does_not_say_is_refused() {
    let model = model("standard");
    let gone = MemberId(Uuid::from_u128(9)).to_string();
    let removed = json!({"status": "removed"});
    let check = |entries: &[Entry], expected: &str| {
        let found = refusal(undone(&model, entries));
        assert!(found.contains(expected), "{found}");
    };
    let update = |revision| {
        let (was, is) = (view("admin", None), view("member", None));
        entry("member.update", &CLEO.to_string(), was, is, revision)
    };
    check(
        &[entry("member.remove", &gone, view("manager", None), removed, 1)],
        "does not say who was assigned to the member",
    );
    check(
        &[entry(
            "member.update",
            &CLEO.to_string(),
            view("member", None),
            view("admin", None),
            1,
        )],
        "has left another state",
    );
    check(
        &[entry("member.update", &CLEO.to_string(), json!({}), view("member", None), 1)],
        "`status`",
    );
    check(
        &[entry("entity.create", "boats", Value::Null, json!({}), 1)],
        "has left another state",
    );
    check(
        &[entry("member.merge", &gone, Value::Null, Value::Null, 1)],
        "is of an unknown kind",
    );
    check(
        &[entry("planet.update", &gone, Value::Null, Value::Null, 1)],
        "is of an unknown kind",
    );
    // The revision is 2, and the entry of one of them is missing.
    let second = entry("workspace.update", "wsp_1", json!({}), json!({}), 2);
    check(&[second, update(0)], "no entry says what led to revision 1");
    let mut undo = Undo::new(&model, Vec::new(), Map::new(), 2);
    undo.undo(&update(2)).unwrap();
    assert!(undo.clone().finish(1).is_ok());
    let found = undo.finish(0).map(drop).unwrap_err();
    assert_eq!(found.code(), "history_incomplete");
    assert!(found.to_string().contains("no entry says what led to revision 1"), "{found}");
}

#[test]
fn every_action_that_may_change_access_is_undone() {
    let areas = Area::EVERY.iter().map(|area| format!("settings.{}", area.word()));
    let known: BTreeSet<String> =
        ACTIONS.iter().map(|action| (*action).to_owned()).chain(areas).collect();
    let others: Vec<&String> =
        known.iter().filter(|action| !UNDONE.contains(&action.as_str())).collect();
    // These store nothing that access depends on.
    let harmless = [
        "account.disable",
        "account.enable",
        "account.end_session",
        "account.link",
        "account.reset_factors",
        "api_key",
        "audit.export",
        "billing.cancel",
        "billing.card",
        "billing.customer",
        "billing.plan",
        "billing.subscription",
        "billing.update",
        "bulk_job",
        "connection",
        "domain",
        "identity",
        "invitation.create",
        "invitation.resend",
        "invitation.revoke",
        "invoice",
        "member.reset_factors",
        "member.view",
        "records.reassign",
        "report",
        "role_assignments.export",
        "view",
        "workspace.create",
        "workspace.delete",
        "workspace.export",
        "workspace.import",
        "workspace.remove_samples",
    ];
    let is_harmless =
        |action: &&&String| harmless.iter().any(|known| action.starts_with(known));
    assert_eq!(others.iter().filter(|one| !is_harmless(one)).count(), 0, "{others:?}");
    assert!(UNDONE.iter().all(|action| known.contains(*action)));
}

//! Presets: to which roles they are offered, and whose access goes by their names.

use hallpass_domain::member::MemberAccess;
use hallpass_domain::model::ChangeKind;
use hallpass_engine::{Cells, Change, Profile, Scope, Sharing, Team};

use super::*;

/// Members hold only levels by themselves; agents read, and leads have no levels.
fn text() -> String {
    blueprint(&[])
        .replace("grants = [\"deals:create,read,update:own\"]", "grants = [\"deals:read:own\"]")
        .replace("levels = false", "levels = true")
}

fn access(role: &str, level: Option<&str>) -> MemberAccess {
    let levels = level.map(|level| ("deals".to_owned(), level.to_owned()));
    MemberAccess {
        role: role.to_owned(),
        levels: levels.into_iter().collect(),
        visibility: hallpass_engine::Visibility::Own,
        department: None,
        manager: None,
        teams: Vec::new(),
        is_billing_contact: false,
    }
}

fn named<'m>(model: &'m Model, access: &MemberAccess) -> Option<&'m str> {
    model.preset_of(access).map(|preset| preset.key.as_str())
}

#[test]
fn a_preset_is_offered_to_roles_with_levels_and_one_that_reads_to_those_that_read() {
    let clerk = CLERK.to_string();
    for (grants, readers) in [
        (vec![], vec!["agent", clerk.as_str()]),
        (vec!["deals:read:all"], vec!["agent", clerk.as_str()]),
        (vec!["assistant:use:all"], vec!["agent", clerk.as_str()]),
        (vec!["assistant:share:all"], vec!["agent"]),
        (vec!["deals:update:own"], vec!["agent"]),
        (vec!["people:update:all"], vec!["agent"]),
    ] {
        let model = with_clerk(&text(), &grants, people());
        let preset = |key: &str| model.blueprint().preset(key).unwrap();
        let offered = |key: &str| model.roles_offered(preset(key)).collect::<Vec<_>>();

        assert_eq!(offered("viewer"), readers, "{grants:?}");
        assert_eq!(offered("editor"), ["agent", clerk.as_str()], "{grants:?}");
        assert!(!model.is_offered(preset("editor"), "lead"));
        assert!(model.is_offered(preset("editor"), &clerk));
    }
}

#[test]
fn access_goes_by_the_preset_with_its_levels() {
    let model = with_clerk(&text(), &["deals:update:own"], people());

    assert_eq!(named(&model, &access("agent", Some("view"))), Some("viewer"));
    assert_eq!(named(&model, &access("agent", Some("edit"))), Some("editor"));
    assert_eq!(named(&model, &access("agent", None)), None);
    let clerk = CLERK.to_string();
    assert_eq!(named(&model, &access(&clerk, Some("view"))), None, "it writes beside");
    assert_eq!(named(&model, &access(&clerk, Some("edit"))), Some("editor"));
}

/// What a profile or a switch lets members do beside reading takes the name of a reader away.
#[test]
fn a_preset_that_reads_names_no_member_who_writes_by_a_team_or_a_switch() {
    let model = with_clerk(&text(), &[], people());
    let with = |changes: &[Change]| {
        model.change(Grantor::Operator, ChangeKind::Edit, changes).unwrap()
    };
    let profile = |action: &str| {
        let mut cells = Cells::default();
        cells.set("deals", action, Some(Scope::Own));
        let profile = Some(SELLERS.to_string());
        let team = Team { id: SALES.to_string(), profile, sharing: Sharing::All };
        [Change::PutProfile(Profile { id: SELLERS.to_string(), cells }), Change::PutTeam(team)]
    };
    let in_sales = MemberAccess { teams: vec![SALES], ..access("agent", Some("view")) };
    let in_support = MemberAccess { teams: vec![SUPPORT], ..in_sales.clone() };

    assert_eq!(named(&with(&profile("read")), &in_sales), Some("viewer"));
    assert_eq!(named(&with(&profile("update")), &in_sales), None);
    assert_eq!(named(&with(&profile("update")), &in_support), Some("viewer"));
    let open = with(&[Change::SetSwitch("open".to_owned(), true)]);
    assert_eq!(named(&open, &in_support), None);
    assert_eq!(named(&open, &access("agent", Some("edit"))), Some("editor"));
}

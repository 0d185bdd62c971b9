//! What the workspaces of the demo have set: every area, switch and form that their access model
//! opens.

use hallpass_app::Error;
use hallpass_app::department::DepartmentChange;
use hallpass_app::entity::{EntityChange, NewEntity};
use hallpass_app::member::MemberChange;
use hallpass_app::profile::ProfileChange;
use hallpass_app::role::RoleChange;
use hallpass_app::team::TeamChange;
use hallpass_domain::entity::FieldForm;
use hallpass_domain::id::MemberId;
use hallpass_domain::profile::write_cells;
use hallpass_domain::setting::Area;
use hallpass_engine::{ResourceKind, Sharing};
use serde_json::{Map, Value, json};

use super::crew::Place;

/// Sets all that can be set.
pub(super) async fn settle(place: &Place<'_>, members: &[MemberId]) -> Result<(), Error> {
    for area in Area::EVERY {
        if place.opens(area.word(), "update") {
            for values in values(place, area) {
                place.enter().await?.change_settings(area, &values).await?;
            }
        }
    }
    if let Some(last) = place.blueprint.switches.last() {
        let turns = object(&json!({ &last.key: true }));
        place.enter().await?.turn_switches(&turns).await?;
    }
    shape_records(place).await?;
    lead(place, members).await?;
    differ(place).await
}

/// What is set in an area, one step after the other.
fn values(place: &Place<'_>, area: Area) -> Vec<Map<String, Value>> {
    let steps = match area {
        Area::General => vec![json!({
            "locale": "en", "time_zone": "Europe/Zurich", "currency": "CHF",
            "handbook": "# How we work\n\nAnswer within a day. Write down what was said.",
        })],
        Area::Branding => vec![json!({"colour": "#0d6b50"})],
        Area::Modules => {
            // One module is off for a while.
            let mut all = place.blueprint.resources.iter().rev();
            let last = all.find(|one| one.can_switch_off).map(|module| &module.key);
            let turn = |on: bool| last.map(|key| json!({ key: on }));
            turn(false).into_iter().chain(turn(true)).collect()
        }
        Area::Integrations => vec![json!({"connections": {
            "slack": {"kind": "slack", "name": "Slack", "config": {
                "channel": "#sales", "token": "of-the-demo"}},
            "calendar": {"kind": "calendar", "name": "Calendar", "enabled": false, "config": {}},
        }})],
        Area::Intelligence => vec![json!({
            "providers": {"house": {"kind": "openai", "name": "Our own models", "config": {
                "url": "https://models.example.com", "api_key": "of-the-demo"}}},
            "models": {"answers": "house/large", "summaries": "house/small"},
        })],
        Area::Authentication => vec![json!({"allowed_domains": ["example.com"]})],
        Area::Security => vec![json!({"idle_minutes": 1_440, "absolute_minutes": 20_160})],
    };
    steps.iter().map(object).collect()
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// A field more on the first record type, and a record type more where workspaces may add some.
async fn shape_records(place: &Place<'_>) -> Result<(), Error> {
    if !place.opens("schema", "update") {
        return Ok(());
    }
    let field = |key: &str, name: &str, holds: &str| FieldForm {
        key: key.to_owned(),
        name: name.to_owned(),
        holds: holds.to_owned(),
        required: false,
        options: Vec::new(),
    };
    let records =
        place.blueprint.resources.iter().find(|one| one.kind == ResourceKind::Records);
    if let Some(first) = records {
        let mut fields: Vec<FieldForm> = first.fields.iter().map(FieldForm::of).collect();
        fields.push(field("met_at", "Met at", "text"));
        let ask = EntityChange { fields: Some(Some(fields)), ..EntityChange::default() };
        place.enter().await?.change_entity(&first.key, &ask, None).await?;
    }
    if place.blueprint.custom_entities.is_some() {
        let ask = NewEntity {
            key: "site_visits".to_owned(),
            name: "Site visits".to_owned(),
            one: Some("Site visit".to_owned()),
            fields: vec![FieldForm { required: true, ..field("where", "Where", "text") }],
            stages: Vec::new(),
        };
        place.enter().await?.add_entity(&ask).await?;
    }
    Ok(())
}

/// A department with somebody who leads it, a team that shares less, a member with a page of
/// their own to land on.
async fn lead(place: &Place<'_>, members: &[MemberId]) -> Result<(), Error> {
    if place.blueprint.departments.is_some() {
        let tree = place.enter().await?.list_departments().await?;
        if let (Some(first), Some(leader)) = (tree.first(), members.get(2)) {
            let manager = Some(Some(*leader));
            let ask = DepartmentChange { manager, ..DepartmentChange::default() };
            place.enter().await?.change_department(first.id, &ask, None).await?;
        }
    }
    if place.blueprint.profiles.is_some() {
        let (teams, _) = place.enter().await?.list_teams().await?;
        if let Some(last) = teams.last() {
            let ask = TeamChange { sharing: Some(Sharing::Team), ..TeamChange::default() };
            place.enter().await?.change_team(last.id, &ask, None).await?;
        }
    }
    let page = place.blueprint.resources.iter().find(|one| one.kind == ResourceKind::Records);
    if let (Some(page), Some(member)) = (page, members.get(4)) {
        let landing = Some(Some(page.key.clone()));
        let ask = MemberChange { landing, ..MemberChange::default() };
        place.enter().await?.change_member(*member, &ask, None).await?;
    }
    Ok(())
}

/// A role with a history, and a profile that differs from its template.
async fn differ(place: &Place<'_>) -> Result<(), Error> {
    if place.blueprint.custom_roles.is_some() {
        let roles = place.enter().await?.list_roles().await?;
        if let Some(role) = roles.first() {
            let description = Some("Reads a lot, changes their own".to_owned());
            let ask = RoleChange { description, ..RoleChange::default() };
            place.enter().await?.change_role(role.id, &ask, None).await?;
        }
    }
    if place.blueprint.profiles.is_some() {
        let profiles = place.enter().await?.list_profiles().await?;
        let from_template = profiles.iter().find(|profile| profile.template.is_some());
        if let Some(profile) = from_template {
            let mut grants = write_cells(&profile.cells);
            grants.remove(&grants.keys().next().cloned().unwrap_or_default());
            let ask = ProfileChange { grants: Some(grants), ..ProfileChange::default() };
            place.enter().await?.change_profile_of_teams(profile.id, &ask, None).await?;
        }
    }
    Ok(())
}

//! The settings of the workspaces of the demo: every area, switch and form that their access model
//! has.

use hallpass_app::Error;
use hallpass_app::department::DepartmentChange;
use hallpass_app::entity::{EntityChange, NewEntity};
use hallpass_app::member::MemberChange;
use hallpass_app::profile::ProfileChange;
use hallpass_app::role::RoleChange;
use hallpass_app::team::TeamChange;
use hallpass_domain::entity::FieldForm;
use hallpass_domain::profile::write_cells;
use hallpass_domain::setting::Area;
use hallpass_engine::Sharing;
use serde_json::{Map, Value, json};

use super::workspace::DemoWorkspace;

/// Changes everything that can be set.
pub(super) async fn configure(workspace: &DemoWorkspace<'_>) -> Result<(), Error> {
    for area in Area::EVERY {
        if workspace.has_area_verb(area.word(), "update") {
            for values in changes(workspace, area) {
                workspace.recent_ctx().await?.settings().update(area, &values).await?;
            }
        }
    }
    if let Some(last) = workspace.blueprint.switches.last() {
        let switches = object(&json!({ &last.key: true }));
        workspace.recent_ctx().await?.settings().update_switches(&switches).await?;
    }
    change_entities(workspace).await?;
    assign(workspace).await?;
    edit_templates(workspace).await
}

/// The changes of an area, in order.
fn changes(workspace: &DemoWorkspace<'_>, area: Area) -> Vec<Map<String, Value>> {
    let steps = match area {
        Area::General => vec![json!({
            "locale": "en", "time_zone": "Europe/Zurich", "currency": "CHF",
            "handbook": "# How we work\n\nAnswer within a day. Keep notes of calls.",
        })],
        Area::Branding => vec![json!({"colour": "#0d6b50"})],
        Area::Modules => {
            // One module is switched off and on again.
            let mut all = workspace.blueprint.resources.iter().rev();
            let last = all.find(|one| one.can_switch_off).map(|module| &module.key);
            let turn = |on: bool| last.map(|key| json!({ key: on }));
            turn(false).into_iter().chain(turn(true)).collect()
        }
        Area::Integrations => vec![json!({"connections": {
            "slack": {"kind": "slack", "name": "Slack", "config": {"token": "of-the-demo"},
                "options": {"channel": "#sales"}},
            "calendar": {"kind": "calendar", "name": "Calendar", "enabled": false, "config": {}},
        }})],
        Area::Intelligence => vec![json!({
            "providers": {"internal": {"kind": "openai", "name": "Our own models", "config": {"api_key": "of-the-demo"},
                "options": {"url": "https://models.example.com"}}},
            "models": {"answers": "internal/large", "summaries": "internal/small"},
        })],
        Area::Authentication => vec![json!({"allowed_domains": ["example.com"]})],
        Area::Security => Vec::new(),
    };
    steps.iter().map(object).collect()
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

/// Adds a field to the first record type, and a record type where workspaces may add some.
async fn change_entities(workspace: &DemoWorkspace<'_>) -> Result<(), Error> {
    if !workspace.has_area_verb("schema", "update") {
        return Ok(());
    }
    let field = |key: &str, name: &str, holds: &str| FieldForm {
        key: key.to_owned(),
        name: name.to_owned(),
        holds: holds.to_owned(),
        required: false,
        options: Vec::new(),
    };
    if let Some(first) = workspace.record_types().next() {
        let mut fields: Vec<FieldForm> = first.fields.iter().map(FieldForm::of).collect();
        fields.push(field("met_at", "Met at", "text"));
        let change = EntityChange { fields: Some(Some(fields)), ..EntityChange::default() };
        workspace.ctx().await?.entities().update(&first.key, &change).await?;
    }
    if workspace.blueprint.custom_entities.is_some() {
        let entity = NewEntity {
            key: "site_visits".to_owned(),
            name: "Site visits".to_owned(),
            one: Some("Site visit".to_owned()),
            fields: vec![FieldForm { required: true, ..field("where", "Where", "text") }],
            stages: Vec::new(),
        };
        workspace.ctx().await?.entities().create(&entity).await?;
    }
    Ok(())
}

/// Assigns a manager to a department, narrower sharing to a team, and a landing page to a member.
async fn assign(workspace: &DemoWorkspace<'_>) -> Result<(), Error> {
    if workspace.blueprint.departments.is_some() {
        let tree = workspace.ctx().await?.departments().list().await?;
        if let (Some(first), Some(leader)) = (tree.first(), workspace.members.get(2)) {
            let manager = Some(Some(*leader));
            let change = DepartmentChange { manager, ..DepartmentChange::default() };
            workspace
                .ctx()
                .await?
                .departments()
                .update(first.department.id.into(), &change)
                .await?;
        }
    }
    if workspace.blueprint.profiles.is_some() {
        let teams = workspace.ctx().await?.teams().list().await?;
        if let Some(last) = teams.last() {
            let change = TeamChange { sharing: Some(Sharing::Team), ..TeamChange::default() };
            workspace.ctx().await?.teams().update(last.team.id.into(), &change).await?;
        }
    }
    let page = workspace.record_types().next();
    if let (Some(page), Some(member)) = (page, workspace.members.get(4)) {
        let landing = Some(Some(page.key.clone()));
        let change = MemberChange { landing, ..MemberChange::default() };
        workspace.ctx().await?.members().update(*member, &change).await?;
    }
    Ok(())
}

/// Changes a role, and a profile so that it differs from its template.
async fn edit_templates(workspace: &DemoWorkspace<'_>) -> Result<(), Error> {
    if workspace.blueprint.custom_roles.is_some() {
        let roles = workspace.ctx().await?.roles().list().await?;
        if let Some(role) = roles.iter().find(|role| !role.is_built_in) {
            let description = Some("Reads a lot, changes their own".to_owned());
            let change = RoleChange { description, ..RoleChange::default() };
            workspace.ctx().await?.roles().update(role.id.as_str().into(), &change).await?;
        }
    }
    if workspace.blueprint.profiles.is_some() {
        let profiles = workspace.ctx().await?.profiles().list().await?;
        let from_template = profiles.iter().find(|profile| profile.profile.template.is_some());
        if let Some(profile) = from_template {
            let mut grants = write_cells(&profile.profile.cells);
            grants.remove(&grants.keys().next().cloned().unwrap_or_default());
            let change = ProfileChange { grants: Some(grants), ..ProfileChange::default() };
            workspace
                .ctx()
                .await?
                .profiles()
                .update(profile.profile.id.into(), &change)
                .await?;
        }
    }
    Ok(())
}

//! The parameters of operations: what paths name, and the headers that many operations accept.

use serde_json::{Map, Value, json};

use super::edit::{holds_versions, takes_key};
use super::example::Example;
use crate::rest::preview::is_previewed;

/// Adds the parameters of the path and the request headers; those of the handler follow them.
pub(super) fn complete(
    path: &str,
    method: &str,
    operation: &mut Map<String, Value>,
    example: &Example,
) {
    let parts: Vec<&str> = path.split('/').collect();
    let mut parameters: Vec<Value> = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        let Some(name) = part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else {
            continue;
        };
        let before = place.checked_sub(1).and_then(|place| parts.get(place)).copied();
        let mut parameter = in_path(before.unwrap_or_default(), name);
        if let (Some(value), Some(parameter)) =
            (example.path_part(place), parameter.as_object_mut())
        {
            parameter.insert("example".to_owned(), json!(value));
        }
        parameters.push(parameter);
    }
    if holds_versions(path, method) {
        parameters.push(if_match());
    }
    if is_previewed(path, method) {
        parameters.push(hallpass_preview());
    }
    if takes_key(path, method, operation) {
        parameters.push(idempotency_key());
    }
    if let Some(Value::Array(own)) = operation.remove("parameters") {
        parameters.extend(own.into_iter().map(without_null));
    }
    operation.insert("parameters".to_owned(), Value::Array(parameters));
}

/// A parameter is absent and not null.
fn without_null(parameter: Value) -> Value {
    let mut parameter = parameter;
    let ways = parameter.pointer("/schema/oneOf").and_then(Value::as_array);
    let only = ways.and_then(|ways| {
        ways.iter().find(|way| way.get("type").is_none_or(|kind| *kind != "null")).cloned()
    });
    if let (Some(only), Some(parameter)) = (only, parameter.as_object_mut()) {
        parameter.insert("schema".to_owned(), only);
        parameter.insert("required".to_owned(), json!(false));
    }
    parameter
}

fn in_path(before: &str, name: &str) -> Value {
    let (schema, description) = match (before, name) {
        ("workspaces", _) => ("WorkspaceKey", "The slug of the workspace, or its id."),
        ("members", _) | (_, "member") => ("MemberId", "The id of the member."),
        ("roles", _) => ("RoleKey", "The key of a built-in role, or the id of a custom role."),
        ("profiles", _) => ("ProfileKey", "The id of the profile, or the key of its template."),
        ("teams", _) => ("TeamId", "The id of the team."),
        ("departments", _) => ("DepartmentId", "The id of the department."),
        ("sessions", _) => ("SessionId", "The id of the session."),
        ("passkeys", _) => ("PasskeyId", "The id of the passkey."),
        ("devices", _) => ("DeviceId", "The id of the device."),
        ("api-keys", _) => ("ApiKeyId", "The id of the API key."),
        ("invitations", "id") => ("InvitationId", "The id of the invitation."),
        ("blueprints", _) => ("Key", "The id of the blueprint."),
        ("settings", _) => ("AreaKey", "The area of settings."),
        ("actions", _) => ("Key", "The key of the action."),
        ("saved-reports", _) => ("ReportId", "The id of the report."),
        ("views", _) => ("ViewId", "The id of the view."),
        ("reports", _) => ("ReportKey", "The report."),
        (_, "entity") => ("Key", "The key of the record type."),
        (_, "token") => ("LinkToken", "The token of the link in the mail."),
        _ => ("RecordId", "The id of the record."),
    };
    json!({
        "name": name, "in": "path", "required": true, "description": description,
        "schema": {"$ref": format!("#/components/schemas/{schema}")},
    })
}

fn if_match() -> Value {
    json!({
        "name": "If-Match", "in": "header", "required": false,
        "description": "The `ETag` of the version that the change is based on, or several of them. \
                        If the current version is none of these, or what is changed has no version, \
                        the request is refused with 412.",
        "schema": {"type": "string", "pattern": "^(\\*|\"[0-9]{1,18}\"( *, *\"[0-9]{1,18}\")*)$"},
    })
}

fn hallpass_preview() -> Value {
    json!({
        "name": "Hallpass-Preview", "in": "header", "required": false,
        "description": "The `preview` of `POST /access/preview`. If this change has another effect \
                        than that preview has shown, the request is refused with 412.",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    })
}

fn idempotency_key() -> Value {
    json!({
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description": "A key of your choice that makes retries safe: the same request with the \
                        same key gets the first response again, for 24 hours, whatever happened to \
                        that response. The key is stored by the transaction that makes the change, \
                        so after a timeout, a lost connection or a status from 500 on, repeat the \
                        request with its key until it is answered. With another request, a key is \
                        refused with 422.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
    })
}

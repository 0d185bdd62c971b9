//! A valid request to each route: a value for every path parameter, a body for every route that takes
//! one. A new parameter or body needs a line here.

use serde_json::{Value, json};

use super::scene::Things;

/// The noun of a path parameter, by the segment before it.
pub(super) fn noun(before: &str, parameter: &str) -> &'static str {
    match (before, parameter) {
        ("workspaces", "{ws}") => "workspace",
        ("members", "{id}" | "{member}") => "member",
        ("invitations", "{id}") => "invitation",
        ("invitations", "{token}") => "invitation link",
        ("confirmations", "{token}") => "confirmation link",
        ("password-resets", "{token}") => "reset link",
        ("address-changes", "{token}") => "address link",
        ("setup", "{token}") => "set-up link",
        ("roles", "{id}") => "role",
        ("profiles", "{id}") => "profile",
        ("teams", "{id}") => "team",
        ("departments", "{id}") => "department",
        ("sessions", "{id}") => "session",
        ("passkeys", "{id}") => "passkey",
        ("devices", "{id}") => "device",
        ("api-keys", "{id}") => "API key",
        ("sso", "{id}") => "connection",
        ("domains", "{domain}") => "domain",
        ("saved-reports", "{id}") => "saved report",
        ("views", "{id}") => "saved view",
        ("bulk-jobs", "{id}") => "bulk job",
        ("exports", "{id}") => "export",
        ("records", "{entity}") => "record type",
        ("entities", "{entity}") => "own record type",
        ("{entity}", "{id}") => "record",
        ("actions", "{action}") => "action",
        ("reports", "{report}") => "report",
        ("settings", "{area}") => "area",
        ("blueprints", "{id}") => "blueprint",
        ("assets", "{hash}") => "asset folder",
        ("{hash}", "{*name}") => "asset",
        _ => panic!("`{before}/{parameter}` needs a noun"),
    }
}

/// The required query parameters of a route.
pub(super) fn needs(route: &str) -> &'static str {
    if route == "GET /workspaces/{ws}/search" { "?q=zoe" } else { "" }
}

/// A valid body for every route that takes one.
#[expect(clippy::too_many_lines, reason = "one body for each route")]
pub(super) fn body(route: &str, things: &Things) -> Value {
    let id = |noun: &str| things.of(noun);
    let password = hallpass_testkit::test_server::PASSWORD;
    match route {
        "POST /accounts" => json!({"email": "cleo@example.com", "password": password,
            "first_name": "Cleo", "last_name": "Marchetti"}),
        "POST /setup/{token}" => json!({"email": "cleo@example.com", "password": password,
            "first_name": "Cleo"}),
        "POST /sessions" => json!({"email": "anna@example.com", "password": password}),
        "POST /sessions/current/authentications" => json!({"password": password}),
        "POST /sessions/passkey" => {
            json!({"ceremony": "example-token", "credential": credential()})
        }
        "POST /me/passkeys" => json!({"ceremony": "example-token", "credential": credential(),
            "name": "MacBook Pro"}),
        "PATCH /me/passkeys/{id}" => json!({"name": "Phone"}),
        "POST /me/totp/confirm" => json!({"code": "123456"}),
        "POST /password-resets" => json!({"email": "anna@example.com"}),
        "PUT /password-resets/{token}" => json!({"password": "quite another horse"}),
        "POST /confirmations" => json!({"email": "newcomer-acme@example.com"}),
        "POST /confirmations/{token}" => json!({"password": password}),
        "POST /invitations/{token}/accept" => {
            json!({"password": password, "first_name": "Dora", "last_name": "Lindt"})
        }
        "POST /me/email" => json!({"email": "anna.berg@example.com"}),
        "PATCH /me" => json!({"first_name": "Anna", "last_name": "Berg", "picture": null,
            "locale": "de-CH", "notifications": {"workspace_deleted": true}}),
        "DELETE /me" => json!({"confirm": "DELETE"}),
        "PUT /me/password" => json!({"present": password, "new": "quite another horse"}),
        "POST /billing/stripe" => json!({"id": "evt_1", "type": "invoice.paid"}),
        "POST /workspaces" => json!({"name": "Globex", "slug": "globex", "blueprint": "halo"}),
        "PATCH /workspaces/{ws}" => json!({"name": "Acme Europe", "slug": things.slug}),
        "DELETE /workspaces/{ws}" => json!({"confirm": things.slug}),
        "POST /workspaces/{ws}/access/check" => json!({"member": id("caller"),
            "checks": [{"resource": "contacts", "action": "read", "owner": "unowned"}]}),
        "POST /workspaces/{ws}/access/compare" => json!({"before": {"role": "member"},
            "after": {"member": id("caller")}}),
        "POST /workspaces/{ws}/access/explain" => json!({"member": id("caller"),
            "resource": "contacts", "action": "read", "owner": "unowned", "acts": 1}),
        "POST /workspaces/{ws}/access/preview" => json!({"change": {"method": "POST",
            "path": "/billing/contact", "body": {"to": id("member")}}}),
        "POST /workspaces/{ws}/access/what" => {
            json!({"member": id("caller"), "resource": "contacts", "action": "read"})
        }
        "POST /workspaces/{ws}/access/who" => {
            json!({"resource": "contacts", "action": "read", "owner": id("member")})
        }
        "PUT /workspaces/{ws}/view" => {
            json!({"member": id("member"), "password": password})
        }
        "POST /workspaces/{ws}/sso" => {
            json!({"name": "Northwind", "kind": "oidc", "client_id": "hallpass",
                "client_secret": "of the provider", "issuer": "https://login.northwind.example"})
        }
        "PATCH /workspaces/{ws}/sso/{id}" => json!({"name": "Northwind Europe"}),
        "PUT /workspaces/{ws}/sso/{id}/groups" => {
            json!({"rules": [{"group": "sales", "role": "member", "teams": [id("team")]}]})
        }
        "POST /workspaces/{ws}/domains" => json!({"domain": "northwind.example"}),
        "POST /workspaces/{ws}/api-keys" => {
            json!({"name": "Nightly import", "member": id("member"),
            "expires_at": "2036-01-01T00:00:00Z", "scopes": ["contacts:read,update", "opportunities:read:own"],
            "networks": ["192.0.2.0/24", "2001:db8::17"]})
        }
        "POST /workspaces/{ws}/service-accounts" => {
            json!({"name": "Nightly import", "role": "member", "levels": {}, "visibility": "own",
                "department": id("department"), "teams": [id("team")]})
        }
        "PATCH /workspaces/{ws}/api-keys/{id}" => {
            json!({"name": "Import at night", "scopes": ["*:read"]})
        }
        "POST /workspaces/{ws}/api-keys/{id}/rotate" => json!({"overlap_hours": 48}),
        "PATCH /workspaces/{ws}/billing" => {
            json!({"company": "Acme Ltd", "address": "Seestrasse 1\n8002 Zürich",
                "vat": "CHE-116.281.710"})
        }
        "POST /workspaces/{ws}/billing/contact" => json!({"to": id("member")}),
        "POST /workspaces/{ws}/billing/plan" => json!({"plan": "starter"}),
        "POST /workspaces/{ws}/blueprint/compare" => json!({"blueprint": "standard"}),
        "PUT /workspaces/{ws}/blueprint" => {
            json!({"blueprint": "standard", "comparison": id("comparison")})
        }
        "POST /workspaces/{ws}/departments" => {
            json!({"name": "Inside sales", "parent": id("department"), "manager": id("member")})
        }
        "PATCH /workspaces/{ws}/departments/{id}" => {
            json!({"name": "Sales Europe", "parent": null, "manager": id("member")})
        }
        "POST /workspaces/{ws}/invitations" => {
            json!({"email": "cleo@example.com", "name": "Cleo Marchetti",
            "role": "member", "levels": {}, "visibility": "own", "department": id("department"),
            "teams": [id("team")], "landing": "contacts", "billing_contact": false})
        }
        "PATCH /workspaces/{ws}/members/{id}" => json!({"role": "member", "levels": {},
            "visibility": "own", "department": id("department"), "manager": null,
            "teams": [id("team")], "billing_contact": false, "landing": "contacts", "alias": "Support"}),
        "POST /workspaces/{ws}/ownership" => json!({"to": id("member")}),
        "POST /workspaces/{ws}/profiles" => {
            json!({"name": "Field sales", "description": "Sees only their own contacts.",
                "grants": {"contacts": {"read": "own"}}})
        }
        "PATCH /workspaces/{ws}/profiles/{id}" => {
            json!({"name": "Partners", "description": "Sees only their own contacts.",
                "grants": {"contacts": {"read": "own"}}})
        }
        "POST /workspaces/{ws}/reassignments" => json!({"from": id("member"), "to": "unowned",
            "entities": ["contacts"], "records": [id("record")], "dry_run": false}),
        "POST /workspaces/{ws}/records/{entity}" => {
            json!({"fields": {"name": "Initech"}, "owner": "me", "stage": null})
        }
        "PATCH /workspaces/{ws}/records/{entity}/{id}" => {
            json!({"fields": {"name": "Initech Europe"}, "owner": "unowned", "stage": null})
        }
        "POST /workspaces/{ws}/records/{entity}/{id}/actions/{action}" => {
            json!({"to": null, "text": "I know them from the fair."})
        }
        "POST /workspaces/{ws}/roles" => {
            json!({"name": "Contact editor", "description": "Edits their own contacts.",
                "grants": ["contacts:read:own", "contacts:update:own"]})
        }
        "PATCH /workspaces/{ws}/roles/{id}" => {
            json!({"name": "Contact reader", "description": "Reads their own contacts.",
                "grants": ["contacts:read:own"]})
        }
        "POST /workspaces/{ws}/saved-reports" => {
            json!({"name": "Contacts by owner", "shared": true, "entity": "contacts",
                "stage": null, "owner": id("member"), "group_by": "owner", "measure": "count"})
        }
        "PATCH /workspaces/{ws}/saved-reports/{id}" => {
            json!({"name": "Contacts by month", "shared": false, "entity": "contacts",
                "stage": null, "owner": "unowned", "group_by": "month", "measure": "open"})
        }
        "POST /workspaces/{ws}/views" => {
            json!({"name": "Met at the fair", "shared": true, "entity": "contacts",
                "filter": {"q": "zoe", "owner": "me", "stage": null, "open": true,
                    "created_from": "2026-01-01T00:00:00Z", "created_to": null,
                    "updated_from": null, "updated_to": null,
                    "conditions": [{"field": "name", "contains": "zoe"}]},
                "sort": "-updated", "columns": ["email", "owner"]})
        }
        "PATCH /workspaces/{ws}/views/{id}" => {
            json!({"name": "New this year", "shared": false, "entity": "contacts",
                "filter": {"created_from": "2026-01-01T00:00:00Z"}, "sort": null, "columns": null})
        }
        "POST /workspaces/{ws}/schema/entities" => {
            json!({"key": "contracts", "name": "Contracts",
            "one": "Contract", "fields": [{"key": "name", "name": "Name", "type": "text", "required": true}], "stages": []})
        }
        "PATCH /workspaces/{ws}/schema/entities/{entity}" => {
            json!({"name": "Customer projects", "one": "Customer project", "stages": [],
                "fields": [{"key": "name", "name": "Name", "type": "text", "required": true}]})
        }
        "PUT /workspaces/{ws}/schema/entities/{entity}/permissions" => {
            json!({"rows": [{"id": id("profile"), "cells": {"read": "own"}}]})
        }
        "PATCH /workspaces/{ws}/settings" => json!({"switches": {"indirect_reports": true}}),
        "PATCH /workspaces/{ws}/settings/{area}" => json!({"tickets": false}),
        "POST /workspaces/{ws}/teams" => {
            json!({"name": "Partner sales", "description": "Works with partners.",
            "profile": id("profile"), "record_sharing": "own"})
        }
        "PATCH /workspaces/{ws}/teams/{id}" => {
            json!({"name": "Sales Europe", "description": "", "profile": null,
                "record_sharing": "own"})
        }
        _ => panic!("`{route}` needs a valid body"),
    }
}

/// An answer of a passkey that is well-formed.
fn credential() -> Value {
    json!({"id": "AAECAw", "rawId": "AAECAw", "type": "public-key", "clientExtensionResults": {},
        "response": {"clientDataJSON": "e30", "attestationObject": "oA", "authenticatorData": "AA",
            "signature": "AA", "userHandle": "AA"}})
}

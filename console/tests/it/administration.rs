//! API keys, billing, the audit log, and the danger zone, by their pages.

use hallpass_domain::id::WorkspaceId;
use hallpass_testkit::{Person, TestServer, compiles_before_it_locks};
use serde_json::json;

use crate::routes::links;

const PASSWORD: &str = "correct horse battery";

#[tokio::test]
async fn the_secret_of_a_key_is_shown_once() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;

    let wrong = anna.submit("settings/api-keys", &[("name", ""), ("days", "30")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("id=\"e-name\""), "{}", wrong.text);
    let made = anna.submit("settings/api-keys", &[("name", "Import"), ("days", "30")]).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let secret =
        made.text.split("readonly value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(anna.with_api_key(secret).get("/members").await.status, 200);
    let page = anna.open("settings/api-keys").await.expect(200);
    assert!(page.text.contains("Import") && !page.text.contains(secret), "{}", page.text);
    let link = page.text.split("/settings/api-keys/key_").nth(1).unwrap();
    let id = link.split(['/', '"']).next().unwrap();
    let path = format!("settings/api-keys/key_{id}/revoke");
    assert!(anna.open(&path).await.expect(200).text.contains("Revoke Import"));
    let _ = anna.submit(&path, &[]).await.expect(303);

    assert_eq!(anna.with_api_key(secret).get("/members").await.status, 401);
    assert_eq!(anna.open(&path).await.status, 404);
}

/// The secret that a page shows.
fn shown(page: &str) -> String {
    let value = page.split("readonly value=\"").nth(1).unwrap();
    value.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_key_is_edited_as_far_as_it_was_touched() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let body = json!({"name": "Reader", "scopes": ["contacts:read:own"], "networks": ["192.0.2.0/24"]});
    let made = anna.post("/api-keys", body).await.expect(201);
    let path = format!("settings/api-keys/{}", made.id());
    let saved = async || anna.get(&format!("/api-keys/{}", made.id())).await.expect(200).body;

    let drawer = anna.open(&path).await.expect(200);
    assert!(drawer.text.contains("Edit Reader") && drawer.text.contains("As it is: never"));
    assert!(drawer.text.contains("value=\"contacts:read\" checked"), "{}", drawer.text);
    let base =
        "name=Reader&networks=192.0.2.0%2F24&scope=&own=&scope=contacts%3Aread&own=contacts";
    let form = |version, changed: &[(&'static str, &'static str)]| {
        let sent = [("version", version), ("made_from", base), ("networks", "192.0.2.0/24")];
        sent.into_iter().chain(changed.iter().copied()).collect::<Vec<_>>()
    };
    let ticks = [("scope", "contacts:read"), ("own", "contacts")];
    let renamed =
        [&[("name", "Import"), ("days", "30"), ("access", "keep")][..], &ticks].concat();
    let _ = anna.submit(&path, &form("1", &renamed)).await.expect(303);
    let now = saved().await;
    assert_eq!(
        (&now["name"], &now["scopes"]),
        (&json!("Import"), &json!(["contacts:read:own"]))
    );
    assert!(now["expires_at"].is_string(), "{now}");

    // Another person was first: what is shown is what they saved, and nothing is lost.
    let late = [&[("name", "Late"), ("access", "all"), ("days", "keep")][..], &ticks].concat();
    let late = anna.submit(&path, &form("1", &late)).await.expect(412);
    assert!(
        late.text.contains("value=\"Late\"") && late.text.contains("Import"),
        "{}",
        late.text
    );
    assert_eq!(saved().await["scopes"], json!(["contacts:read:own"]));

    // Who ticks permissions means them, also where nothing else was chosen.
    let ticked = [
        ("name", "Reader"),
        ("access", "keep"),
        ("days", "never"),
        ("scope", "contacts:read"),
        ("scope", "contacts:update"),
        ("own", "contacts"),
    ];
    let _ = anna.submit(&path, &form("2", &ticked)).await.expect(303);
    let now = saved().await;
    assert_eq!(
        (&now["scopes"], &now["expires_at"]),
        (&json!(["contacts:read,update:own"]), &json!(null))
    );
    assert_eq!(now["networks"], json!(["192.0.2.0/24"]));
    let wrong = [("name", ""), ("access", "chosen"), ("days", "keep")];
    let wrong = anna.submit(&path, &form("3", &wrong)).await.expect(422);
    assert!(
        wrong.text.contains("edit-name-error") && wrong.text.contains("at least one scope"),
        "{}",
        wrong.text
    );
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    assert_eq!(ben.open(&path).await.status, 403);
}

#[tokio::test]
async fn a_key_is_limited_to_what_was_ticked_and_gets_another_secret() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ticked =
        [("scope", "contacts:read"), ("scope", "contacts:update"), ("own", "contacts")];
    let form = |access, networks| {
        let head = [("name", "Reader"), ("access", access), ("networks", networks)];
        head.into_iter().chain(ticked).collect::<Vec<_>>()
    };

    let wrong = anna.submit("settings/api-keys", &form("chosen", "here")).await.expect(422);
    assert!(wrong.text.contains("value=\"contacts:update\" checked"), "{}", wrong.text);
    assert!(wrong.text.contains("id=\"e-networks\""), "{}", wrong.text);
    let none = [("name", "x"), ("access", "chosen")];
    let none = anna.submit("settings/api-keys", &none).await.expect(422);
    assert!(none.text.contains("at least one scope"), "{}", none.text);
    // Who ticks permissions means them, whatever else is chosen.
    for access in ["chosen", ""] {
        let made = anna.submit("settings/api-keys", &form(access, "")).await.expect(201);
        assert!(made.text.contains("Contacts: read, update (own records)"), "{}", made.text);
        let program = anna.with_api_key(&shown(&made.text));
        let _ = program.get("/records/contacts").await.expect(200);
        program.get("/members").await.refused(403, "insufficient_scope");
    }
    let read = [("name", "Report"), ("access", "read")];
    let made = anna.submit("settings/api-keys", &read).await.expect(201);
    assert!(made.text.contains("Read only"), "{}", made.text);
    let first = anna.with_api_key(&shown(&made.text));

    let keys = anna.get("/api-keys").await.expect(200);
    let path = format!("settings/api-keys/{}", keys.each("id")[0]);
    assert!(
        anna.open(&format!("{path}/rotate")).await.expect(200).text.contains("Rotate Report")
    );
    let hour = [("overlap", "1")];
    let rotated = anna.submit(&format!("{path}/rotate"), &hour).await.expect(200);
    let second = anna.with_api_key(&shown(&rotated.text));
    for program in [&first, &second] {
        let _ = program.get("/members").await.expect(200);
    }
    let former = format!("{path}/former-secret");
    assert!(anna.open(&former).await.expect(200).text.contains("End the former secret"));
    let _ = anna.submit(&former, &[]).await.expect(303);
    first.get("/members").await.refused(401, "not_signed_in");
    let _ = second.get("/members").await.expect(200);
    assert_eq!(anna.open(&former).await.status, 404);
}

#[tokio::test]
async fn billing_details_are_refused_at_their_field_and_saved() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;

    let card = [("company", "Acme"), ("vat", ""), ("address", "4111 1111 1111 1111")];
    let refused = anna.submit("settings/billing", &card).await.expect(422);
    assert!(refused.text.contains("card number"), "{}", refused.text);
    assert!(refused.text.contains("value=\"Acme\""), "{}", refused.text);
    let right = [("company", "Acme"), ("vat", "CHE-1"), ("address", "Street 1\nZurich")];
    let _ = anna.submit("settings/billing", &right).await.expect(303);
    let _ = anna.submit("settings/billing/plan", &[("plan", "agency")]).await.expect(303);

    let page = anna.open("settings/billing").await.expect(200);
    assert!(page.text.contains("value=\"Acme\"") && page.text.contains("Agency"));
    let _ = anna.submit("settings/billing/cancel", &[]).await.expect(303);
    let again = anna.submit("settings/billing/cancel", &[]).await.expect(409);
    assert!(again.text.contains("class=\"banner danger\""), "{}", again.text);
}

/// HALO-049: a Member billing contact, who has no Team page, transfers billing on the Billing page.
#[tokio::test]
async fn a_member_billing_contact_transfers_it_on_the_billing_page() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let to = [("to", ben.id.as_str())];
    let _ = workspace.anna.submit("settings/billing/contact", &to).await.expect(303);

    assert_eq!(ben.open("settings/team").await.status, 403);
    let page = ben.open("settings/billing").await.expect(200);
    assert!(page.text.contains("Transfer billing"), "{}", page.text);
    assert!(page.text.contains(&format!("<option value=\"{}\"", workspace.anna.id)));
    let without = ben.submit("settings/billing/contact", &[("to", "")]).await.expect(422);
    assert!(without.text.contains("Choose a member"), "{}", without.text);
    let back = [("to", workspace.anna.id.as_str())];
    let done = ben.submit("settings/billing/contact", &back).await;

    assert_eq!((done.status, done.header("location").as_str()), (303, "/workspace/acme"));
    assert_eq!(ben.open("settings/billing").await.status, 403);
}

#[tokio::test]
async fn an_entry_unfolds_and_hides_what_the_reader_may_not_read() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    assert_eq!(ben.open("settings/roles").await.status / 100, 4);
    let _ = ben.get("/audit").await;
    let _ = anna.patch("", json!({"name": "Acme <i>"})).await.expect(200);

    let page = anna.open("settings/audit").await.expect(200);
    assert!(page.text.contains("Workspace changed"), "{}", page.text);
    let link = page.text.split("class=\"unfold\" href=\"").nth(1).unwrap();
    let link = link.replace("&#38;", "&");
    let link = link.split(['"', '#']).next().unwrap();
    let unfolded = anna.open(link).await.expect(200);
    assert!(unfolded.text.contains("Acme &#60;i&#62;"), "{}", unfolded.text);
    let denied = anna.open("settings/audit?outcome=denied").await.expect(200);
    let listed = denied.text.split("<table").nth(1).unwrap();
    assert!(listed.contains("Denied") && !listed.contains("Workspace changed"), "{listed}");
    let link = denied.text.split("class=\"unfold\" href=\"").nth(1).unwrap();
    let link = link.replace("&#38;", "&");
    let link = link.split(['"', '#']).next().unwrap();
    let unfolded = anna.open(link).await.expect(200);
    assert!(unfolded.text.contains("Why it was refused"), "{}", unfolded.text);
    let nothing = anna.open("settings/audit?action=no.such").await.expect(200);
    assert!(nothing.text.contains("No action"), "{}", nothing.text);
}

#[tokio::test]
async fn who_acted_is_found_by_a_part_of_the_name() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let cleo = workspace.join("cleo", json!({"role": "member"})).await;
    let [ben, cleo] = [ben.id.clone(), cleo.id.clone()];
    let actors = |text: &str| {
        let select = text.split("<select name=\"actor\"").nth(1).unwrap().to_owned();
        select.split("</select>").next().unwrap().to_owned()
    };

    let all = actors(&anna.open("settings/audit").await.expect(200).text);
    assert!(all.contains(&ben) && all.contains(&cleo), "{all}");
    let found = actors(&anna.open("settings/audit?who=BE").await.expect(200).text);
    assert!(found.contains(&ben) && !found.contains(&cleo), "{found}");
    // The one who is chosen stays so.
    let path = format!("settings/audit?who=be&actor={cleo}");
    let found = actors(&anna.open(&path).await.expect(200).text);
    assert!(found.contains(&ben), "{found}");
    assert!(found.contains(&format!("value=\"{cleo}\" selected")), "{found}");
    let none = anna.open("settings/audit?who=xqz").await.expect(200);
    assert!(!actors(&none.text).contains(&ben));
    assert!(none.text.contains("name=\"who\" value=\"xqz\""), "{}", none.text);
}

/// The days of the filter are those of the time zone of the workspace, and the file has the same filter.
#[tokio::test]
async fn the_log_is_limited_to_days_and_exported_with_the_same_filter() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let body = json!({"name": "Reader", "grants": ["team:read:all", "audit:read:all"]});
    let reader = anna.post("/roles", body).await.expect(201).id();
    let ben = workspace.join("ben", json!({"role": reader})).await;
    let zone = json!({"time_zone": "Pacific/Auckland"});
    let _ = anna.patch("/settings/general", zone).await.expect(200);

    // It is noon in UTC on 15 March, and one o'clock of the next day in Auckland.
    let page = anna.open("settings/audit?from=2026-03-16&to=2026-03-16").await.expect(200).text;
    assert!(page.contains("General settings changed"), "{page}");
    assert!(page.contains("16\u{a0}Mar\u{a0}2026,\u{a0}01:00"), "{page}");
    assert!(page.contains("title=\"16 Mar 2026, 01:00:0"), "{page}");
    assert!(page.contains("datetime=\"2026-03-15T12:00:0"), "{page}");
    let other = anna.open("settings/audit?to=2026-03-15").await.expect(200).text;
    assert!(!other.contains("<tbody>"), "{other}");
    let wrong = anna.open("settings/audit?from=yesterday").await.expect(200).text;
    assert!(wrong.contains("A day is written as 2026-03-15"), "{wrong}");
    assert!(!wrong.contains("<tbody>") && !wrong.contains("audit/export"), "{wrong}");

    let path = format!("settings/audit?from=2026-03-16&to=2026-03-16&subject={}", ben.id);
    let page = anna.open(&path).await.expect(200).text;
    let export = page.split("href=\"/api/v1/workspaces/acme").nth(1).unwrap();
    let export = export.split('"').next().unwrap().replace("&#38;", "&");
    for filter in
        ["from=2026-03-15T11%3A00%3A00Z", "to=2026-03-16T11%3A00%3A00Z", "subject=mbr_"]
    {
        assert!(export.contains(filter), "{export}");
    }
    let file = anna.get(&export).await.expect(200).text;
    assert!(file.contains("invitation.accept") && !file.contains("settings.general"), "{file}");
    let page = ben.open("settings/audit").await.expect(200).text;
    assert!(!page.contains("audit/export"), "{page}");
}

async fn typed(person: &Person, path: &str, word: &str) -> u16 {
    person.submit(path, &[("confirm", word)]).await.status
}

/// HARMONY-49, HARMONY-50, HARMONY-56: deleting one's account is in the danger zone of the workspace, and
/// takes the word DELETE.
#[tokio::test]
async fn every_member_deletes_their_account_by_typing_delete() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmony").await;
    let roles = workspace.anna.get("/roles").await.expect(200);
    let role = roles.items().last().unwrap()["id"].as_str().unwrap().to_owned();
    let ben = workspace.join("ben", json!({"role": role})).await;

    let page = ben.open("/workspace/acme/settings/delete").await.expect(200);
    assert!(page.text.contains("Delete account"), "{}", page.text);
    let dialog = ben.open("settings/delete/account").await.expect(200);
    assert!(dialog.text.contains("data-word=\"DELETE\""), "{}", dialog.text);
    for wrong in ["", "delete", "DELETE ", "acme"] {
        assert_eq!(typed(&ben, "settings/delete/account", wrong).await, 422, "{wrong}");
    }
    let done = ben.submit("settings/delete/account", &[("confirm", "DELETE")]).await;

    assert_eq!((done.status, done.header("location").as_str()), (303, "/sign-in"));
    let fields = [("email", "ben@example.com"), ("password", PASSWORD)];
    assert_eq!(server.anonymous().submit("/sign-in", &fields).await.status, 401);
}

#[tokio::test]
async fn a_workspace_is_deleted_by_its_slug_and_restored() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let anna = &workspace.anna;

    assert!(
        anna.open("settings/delete/workspace")
            .await
            .expect(200)
            .text
            .contains("data-word=\"acme\"")
    );
    assert_eq!(typed(anna, "settings/delete/workspace", "Acme").await, 422);
    assert_eq!(typed(anna, "settings/delete/workspace", "acme").await, 303);
    assert_eq!(anna.open("settings/delete").await.status, 404);
    let list = anna.open("/workspaces").await.expect(200);
    let id = list.text.split("name=\"workspace\" value=\"").nth(1).unwrap();
    let id = id.split('"').next().unwrap().to_owned();
    let done = anna.submit("/workspaces/restore", &[("workspace", &id)]).await;

    assert_eq!((done.status, done.header("location").as_str()), (303, "/workspace/acme"));
    let _ = anna.open("settings/delete").await.expect(200);
}

#[tokio::test]
async fn ownership_is_transferred_and_a_member_leaves() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "member"})).await;

    let page = anna.open("settings/delete").await.expect(200);
    assert!(page.text.contains(&format!("<option value=\"{}\"", ben.id)), "{}", page.text);
    let path = format!("settings/delete/ownership?to={}", ben.id);
    assert!(anna.open(&path).await.expect(200).text.contains("Ben becomes Owner"));
    assert_eq!(ben.submit(&path, &[]).await.status, 403);
    let _ = anna.submit(&path, &[]).await.expect(303);

    assert_eq!(ben.get("/me").await.text("role"), "owner");
    let stays = ben.submit("settings/delete/membership", &[]).await;
    assert!([403, 409].contains(&stays.status), "{}", stays.text);
    let left = anna.submit("settings/delete/membership", &[]).await;
    let expected = if page.text.contains("settings/delete/membership") { 303 } else { 409 };
    assert_eq!(left.status, expected, "{}", left.text);
}

#[tokio::test]
async fn the_access_model_is_compared_before_it_is_replaced() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmonia").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    let text = hallpass_domain::blueprint::find("harmonia").unwrap();
    let own = text.replacen("id = \"harmonia\"", "id = \"mine\"", 1);

    assert_eq!(ben.open("settings/access-model").await.status, 403);
    let fields = [("blueprint", "own"), ("text", "[blueprint]\nid = 3")];
    let wrong = anna.submit("settings/access-model", &fields).await.expect(422);
    assert!(wrong.text.contains("<strong>Line "), "{}", wrong.text);
    let crlf = own.replace('\n', "\r\n");
    let fields = [("blueprint", "own"), ("text", crlf.as_str())];
    let compared = anna.submit("settings/access-model", &fields).await.expect(200);
    assert!(compared.text.contains("No member gains or loses"), "{}", compared.text);
    let id = compared.text.split("name=\"comparison\" value=\"").nth(1).unwrap();
    let id = id.split('"').next().unwrap().to_owned();
    let outdated = [fields[0], fields[1], ("comparison", "x")];
    assert_eq!(anna.submit("settings/access-model/replace", &outdated).await.status, 409);
    let nowhere = [("blueprint", "halo"), ("after", "2:unknown")];
    assert_eq!(anna.submit("settings/access-model", &nowhere).await.status, 404);
    let fields = [fields[0], fields[1], ("comparison", id.as_str())];
    let done = anna.submit("settings/access-model/replace", &fields).await;

    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(anna.get("/blueprint").await.expect(200).text("id"), "mine");
}

#[tokio::test]
async fn the_form_of_an_access_model_compiles_it_before_it_locks_the_workspace() {
    let server = TestServer::on_file().await;
    let workspace = server.found("harmonia").await;
    let anna = &workspace.anna;
    let id: WorkspaceId = anna.get("").await.id().parse().unwrap();
    let text = hallpass_domain::blueprint::find("harmonia").unwrap();
    let own = text.replacen("id = \"harmonia\"", "id = \"mine\"", 1);
    let elsewhere = server.with_session_at(server.another().await, anna);
    let body = json!({"blueprint_text": own});
    let found = elsewhere.post("/blueprint/compare", body).await.expect(200).id();

    let fields = [("blueprint", "own"), ("text", own.as_str()), ("comparison", found.as_str())];
    let replaced = anna.submit("settings/access-model/replace", &fields);
    let replaced = compiles_before_it_locks(&server.app, id, replaced).await;

    assert_eq!(replaced.status, 303, "{}", replaced.text);
}

/// A page asks for nothing that its reader may not do: no denial is in the audit log after they have opened
/// all that the rail offers.
#[tokio::test]
async fn opening_what_the_rail_offers_leaves_no_denial_in_the_log() {
    for (blueprint, role) in
        [("standard", "member"), ("halo", "admin"), ("team-management", "manager")]
    {
        let server = TestServer::in_memory().await;
        let workspace = server.found(blueprint).await;
        let ben = workspace.join("ben", json!({"role": role})).await;
        for person in [&workspace.anna, &ben] {
            let face = person.open("settings/explain").await;
            let own = person.open("settings/delete").await.expect(200);
            for link in links(&face.text).into_iter().chain(links(&own.text)) {
                let _ = person.open(&link).await;
            }
        }
        let denied = workspace.anna.get("/audit?outcome=denied").await.expect(200);
        assert_eq!(denied.each("action"), Vec::<String>::new(), "{blueprint}");
    }
}

#[tokio::test]
async fn a_service_account_gets_its_key_on_the_page() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let path = "settings/api-keys/service-accounts";

    let form = anna.open(path).await.expect(200);
    assert!(form.text.contains("value=\"member\"") && !form.text.contains("value=\"owner\""));
    let wrong = anna.submit(path, &[("name", ""), ("role", "member")]).await.expect(422);
    assert!(wrong.text.contains("id=\"e-name\""), "{}", wrong.text);
    // No role is the first choice: one that was not chosen could do too much.
    assert!(form.text.contains("required><option value=\"\">"), "{}", form.text);
    let _ = anna.submit(path, &[("name", "Nightly import"), ("role", "")]).await.expect(422);
    let made = [("name", "Nightly import"), ("role", "member")];
    let made = anna.submit(path, &made).await.expect(303);
    let next = made.header("location");
    let page = anna.open(&next.replace("/workspace/acme/", "")).await.expect(200);
    let id = next.split("member=").nth(1).unwrap();
    assert!(page.text.contains(&format!("<option value=\"{id}\" selected>Nightly import")));
    let key = [("name", "Import"), ("member", id), ("days", "30")];
    let key = anna.submit("settings/api-keys", &key).await.expect(201);
    let program = anna.with_api_key(&shown(&key.text));
    assert_eq!(program.get("/records/contacts").await.status, 200);
    assert_eq!(program.get("/settings/general").await.status, 403);

    let team = anna.open("settings/team").await.expect(200);
    assert!(team.text.contains("Service account"), "{}", team.text);
    let member = anna.open(&format!("settings/team/{id}")).await.expect(200);
    assert!(member.text.contains("Service account"), "{}", member.text);

    let ben = workspace.join("ben", json!({"role": "member"})).await;
    assert_eq!(ben.open(path).await.status, 404);
    assert_eq!(ben.submit(path, &[("name", "x"), ("role", "member")]).await.status, 403);
}

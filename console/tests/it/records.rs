//! Records on pages: what is shown to whom, what is saved, what is refused.

use hallpass_domain::blueprint::SHIPPED;
use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::json;

/// The ids of the shipped access models.
fn blueprints() -> Vec<String> {
    let id = |text: &&str| {
        text.lines().find_map(|line| line.strip_prefix("id = ")).map(str::to_owned)
    };
    SHIPPED.iter().filter_map(id).map(|id| id.trim_matches('"').to_owned()).collect()
}

/// The record types that a person may read.
async fn entities(person: &Person) -> Vec<String> {
    let all = person.get("/schema/entities").await.expect(200);
    let mut readable = Vec::new();
    for key in all.items().iter().filter_map(|one| one["key"].as_str()) {
        if person.get(&format!("/records/{key}")).await.status == 200 {
            readable.push(key.to_owned());
        }
    }
    assert!(readable.len() > 3, "{readable:?}");
    readable
}

async fn deal(workspace: &TestWorkspace<'_>, creator: &Person) -> String {
    workspace.record(creator, "deals", "Acme <b>renewal</b>").await
}

#[tokio::test]
async fn every_record_type_of_every_access_model_has_a_list_a_form_and_a_page() {
    for id in blueprints() {
        let server = TestServer::in_memory().await;
        let workspace = server.found(&id).await;
        let anna = &workspace.anna;
        let types = entities(anna).await;
        for entity in types {
            let path = format!("/workspace/acme/records/{entity}");
            let empty = anna.open(&path).await.expect(200);
            assert!(empty.text.contains("class=\"card blank\""), "{id} {entity}");
            let form = anna.open(&format!("{path}/new")).await.expect(200);
            assert!(form.text.contains("name=\"field."), "{id} {entity}");
            let record = workspace.record(anna, &entity, "Acme <b>renewal</b>").await;
            let list = anna.open(&path).await.expect(200);
            assert!(list.text.contains(&record), "{id} {entity}");
            assert!(!list.text.contains("<b>renewal"), "{id} {entity}: not escaped");
            let page = anna.open(&format!("{path}/{record}")).await.expect(200);
            assert!(page.text.contains("Who can see this"), "{id} {entity}");
            let _ = anna.open(&format!("{path}/{record}/edit")).await.expect(200);
        }
    }
}

/// A link to a page of a list can be cut off, or be of another order or list.
#[tokio::test]
async fn a_link_to_no_page_of_a_list_shows_the_first_one() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let record = workspace.record(anna, "contacts", "Acme renewal").await;
    let path = "/workspace/acme/records/contacts";
    for query in ["after=zzz", "after=%00", "after=WyJhIiwiYiJd&sort=name", "after=zzz&q=acme"]
    {
        let list = anna.open(&format!("{path}?{query}")).await.expect(200);
        assert!(list.text.contains(&record), "{query}");
        let links = list.text.split("href=\"").skip(1);
        let mut links = links.filter_map(|part| part.split('"').next());
        assert!(
            links.all(|link| !link.contains("after=zzz")),
            "{query}: a link goes on from there"
        );
    }
    let team = anna.open("/workspace/acme/settings/team?cursor=zzz").await.expect(200);
    assert!(team.text.contains(&anna.id));
}

/// Whether others have records is no guess: nothing is hidden from those who see everything.
#[tokio::test]
async fn an_empty_list_hints_at_hidden_records_only_where_some_can_be_hidden() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let hint = "Others may have some that you do not see";
    let path = "/workspace/acme/records/deals";
    let own = workspace.anna.open(path).await.expect(200);
    assert!(!own.text.contains(hint) && own.text.contains("nothing is hidden from you"));
    assert!(ben.open(path).await.expect(200).text.contains(hint));
}

#[tokio::test]
async fn a_list_says_how_many_the_reader_sees_and_marks_what_they_may_only_read() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let own = deal(&workspace, &ben).await;
    let foreign = deal(&workspace, &workspace.anna).await;

    let list = ben.open("/workspace/acme/records/deals").await.expect(200);
    assert!(list.text.contains("You see 1 deal: 1 of your own"), "{}", list.text);
    assert!(list.text.contains("/settings/explain?resource=deals&#38;action=read"));
    assert!(list.text.contains(&own) && !list.text.contains(&foreign));
    let missing = ben.open(&format!("/workspace/acme/records/deals/{foreign}")).await;
    assert_eq!(missing.status, 404);
}

#[tokio::test]
async fn a_form_creates_a_record_and_keeps_what_was_typed_when_it_is_refused() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let anna = &workspace.anna;
    let path = "/workspace/acme/records/deals/new";

    let wrong =
        [("field.name", ""), ("field.amount", "a lot"), ("field.close_on", "2026-12-12")];
    let refused = anna.submit(path, &wrong).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("id=\"e-name\"") && refused.text.contains("id=\"e-amount\""));
    assert!(refused.text.contains("value=\"a lot\"") && refused.text.contains("2026-12-12"));

    let right = [("field.name", "Acme"), ("field.amount", "1250.5"), ("owner", "unowned")];
    let made = anna.submit(path, &right).await;
    assert_eq!(made.status, 303, "{}", made.text);
    let page = anna.open(&made.header("location")).await.expect(200);
    assert!(
        page.text.contains("1,250.50") && page.text.contains("Unassigned"),
        "{}",
        page.text
    );
}

#[tokio::test]
async fn a_stale_form_says_who_was_first_what_is_saved_and_loses_nothing() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let anna = &workspace.anna;
    let id = deal(&workspace, anna).await;
    let path = format!("/workspace/acme/records/deals/{id}/edit");
    let first = anna.submit(&path, &[("version", "1"), ("field.name", "First")]).await;
    assert_eq!(first.status, 303, "{}", first.text);

    let second = anna.submit(&path, &[("version", "1"), ("field.name", "Second")]).await;

    assert_eq!(second.status, 412);
    assert!(second.text.contains("value=\"Second\""), "{}", second.text);
    assert!(second.text.contains("Saved now: First"));
    assert!(second.text.contains("name=\"version\" value=\"2\""));
    let again = anna.submit(&path, &[("version", "2"), ("field.name", "Second")]).await;
    assert_eq!(again.status, 303);
}

/// CRM-159, CRM-160: open the record, edit the field of its owner.
#[tokio::test]
async fn the_owner_of_a_record_is_a_field_of_its_form() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let id = deal(&workspace, anna).await;
    let path = format!("/workspace/acme/records/deals/{id}");

    let page = anna.open(&path).await.expect(200);
    assert!(page.text.contains("<dt>Owner</dt>"), "{}", page.text);
    let form = anna.open(&format!("{path}/edit")).await.expect(200);
    assert!(form.text.contains("name=\"owner\"") && form.text.contains(&ben.id));
    let saved = anna
        .submit(
            &format!("{path}/edit"),
            &[("version", "1"), ("field.name", "Acme"), ("owner", &ben.id)],
        )
        .await;
    assert_eq!(saved.status, 303, "{}", saved.text);
    let page = anna.open(&path).await.expect(200);
    assert!(page.text.contains("reassigned it from Anna"), "{}", page.text);
    let record = ben.get(&format!("/records/deals/{id}")).await.expect(200);
    assert_eq!(record.body["owner"], json!(ben.id));
}

/// A page offers a control if and only if the API allows the action.
#[tokio::test]
async fn the_page_of_a_record_offers_exactly_what_the_api_allows() {
    for id in blueprints() {
        let server = TestServer::in_memory().await;
        let workspace = server.found(&id).await;
        let roles = workspace.anna.get("/roles").await.expect(200);
        let mut people = vec![workspace.anna.same_session()];
        for (number, role) in roles.items().iter().enumerate() {
            let name = format!("p{number}");
            let sent =
                workspace.invite(&workspace.anna, &name, json!({"role": role["id"]})).await;
            if sent.status == 201 {
                people.push(workspace.accept_as_new(&name).await);
            }
        }
        for entity in entities(&workspace.anna).await {
            let record = workspace.record(&workspace.anna, &entity, "Acme").await;
            for person in &people {
                let api = person.get(&format!("/records/{entity}/{record}")).await;
                let path = format!("/workspace/acme/records/{entity}/{record}");
                let page = person.open(&path).await;
                assert_eq!(api.status, page.status, "{id} {entity}");
                if api.status != 200 {
                    continue;
                }
                let allows =
                    |key: &str| api.body["allowed"].as_array().unwrap().contains(&json!(key));
                let offers = |part: &str| page.text.contains(&format!("{path}{part}\""));
                assert_eq!(offers("/edit"), allows("update"), "{id} {entity} update");
                assert_eq!(offers("/delete"), allows("delete"), "{id} {entity} delete");
                for key in ["reply", "approve", "send", "claim"] {
                    assert_eq!(
                        offers(&format!("/actions/{key}")),
                        allows(key),
                        "{id} {entity} {key}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn a_stage_that_needs_another_action_is_blocked_and_says_what_it_needs() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let levels = json!({"role": "member", "levels": {"inbox": "reply"}});
    let ben = workspace.join("ben", levels).await;
    let id = workspace.record(&ben, "inbox", "A question").await;
    let path = format!("/workspace/acme/records/inbox/{id}");

    let page = ben.open(&path).await.expect(200);
    assert!(page.text.contains("Closed needs “Close”"), "{}", page.text);
    assert!(page.text.contains("aria-disabled=\"true\""));
    let refused = ben.submit(&format!("{path}/stage"), &[("stage", "closed")]).await;
    assert_eq!(refused.status, 403);
    assert!(refused.text.contains("role=\"alert\""));
    let moved = workspace.anna.submit(&format!("{path}/stage"), &[("stage", "closed")]).await;
    assert_eq!(moved.status, 303, "{}", moved.text);
}

#[tokio::test]
async fn a_stage_that_the_board_refuses_says_who_can_help() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let levels = json!({"role": "member", "levels": {"inbox": "reply"}});
    let ben = workspace.join("ben", levels).await;
    let id = workspace.record(&ben, "inbox", "A question").await;
    let list = "/workspace/acme/records/inbox";

    let form = [("version", "1"), ("stage", "closed"), ("back", "?view=board")];
    let refused = ben.submit(&format!("{list}/{id}/stage"), &form).await.expect(403).text;

    let alert = refused.split("role=\"alert\">").nth(1).unwrap().split("</p>").next().unwrap();
    assert!(alert.contains("can give you access: Anna"), "{alert}");
    let anna = workspace.anna.open(&format!("{list}?view=board")).await.expect(200).text;
    assert!(!anna.contains("can give you access"), "nothing is refused");
}

#[tokio::test]
async fn the_board_says_what_a_stage_needs_and_who_can_help() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let grants = ["conversations:read:all", "conversations:update:all"];
    let role = workspace.anna.post("/roles", json!({"name": "Sorter", "grants": grants})).await;
    let ben = workspace.join("ben", json!({"role": role.expect(201).id()})).await;
    let id = workspace.record(&workspace.anna, "conversations", "A question").await;
    let board = "/workspace/acme/records/conversations?view=board";

    for (locale, why, help) in [
        ("en", "Closed needs “Close”, which", "These people can give you access: Anna."),
        (
            "de",
            "Closed braucht «Close», was",
            "Diese Personen können Ihnen Zugriff geben: Anna.",
        ),
    ] {
        let fields = [("first_name", "Ben"), ("last_name", "Ode"), ("locale", locale)];
        let _ = ben.submit("profile", &fields).await.expect(303);
        let page = ben.open(board).await.expect(200).text;

        let option = |stage: &str| {
            let found = page.split(&format!("<option value=\"{stage}\"")).nth(1);
            found.and_then(|rest| rest.split('>').next()).unwrap_or_default().to_owned()
        };
        assert!(!option("waiting").contains("disabled"), "{}", option("waiting"));
        let closed = option("closed");
        let described = page.split(&format!("id=\"needs-{id}\">")).nth(1).unwrap();
        let described = described.split("</span>").next().unwrap();
        for part in [why, help] {
            assert!(closed.contains(" disabled ") && closed.matches(part).count() == 2);
            assert!(described.contains(part), "{locale}: {described}");
        }
    }
    let form = [("version", "1"), ("stage", "closed")];
    let path = format!("/workspace/acme/records/conversations/{id}/stage");
    let _ = ben.submit(&path, &form).await.expect(403);
}

#[tokio::test]
async fn a_deletion_asks_first_and_a_record_of_another_workspace_is_missing() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let other = server.found_as("zoe", "team-management", "other").await;
    let id = deal(&workspace, &workspace.anna).await;
    let path = format!("/workspace/acme/records/deals/{id}");

    for part in ["", "/edit", "/delete", "/reassign"] {
        let foreign =
            other.anna.open(&format!("/workspace/other/records/deals/{id}{part}")).await;
        assert_eq!(foreign.status, 404, "{part}");
    }
    let foreign =
        other.anna.submit(&format!("/workspace/other/records/deals/{id}/delete"), &[]).await;
    assert_eq!(foreign.status, 404);
    let ask = workspace.anna.open(&format!("{path}/delete")).await.expect(200);
    assert!(ask.text.contains("It cannot be restored") && ask.text.contains("inert"));
    let done = workspace.anna.submit(&format!("{path}/delete"), &[("version", "1")]).await;
    assert_eq!(done.status, 303);
    assert_eq!(workspace.anna.open(&path).await.status, 404);
}

#[tokio::test]
async fn the_board_offers_to_move_only_what_may_be_moved() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let id = deal(&workspace, &workspace.anna).await;
    let board =
        workspace.anna.open("/workspace/acme/records/deals?view=board").await.expect(200);
    assert!(board.text.contains(&format!("/records/deals/{id}/stage")), "{}", board.text);
    let path = format!("/workspace/acme/records/deals/{id}/stage");
    let moved = workspace
        .anna
        .submit(&path, &[("version", "1"), ("stage", "won"), ("back", "?view=board")])
        .await;
    assert_eq!(moved.status, 303);
    let back = format!("/workspace/acme/records/deals?view=board#{id}");
    assert_eq!(moved.header("location"), back);
}

#[tokio::test]
async fn a_list_is_read_page_by_page() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    for number in 0..53 {
        let _ = workspace.record(&workspace.anna, "deals", &format!("Deal {number:02}")).await;
    }
    for sort in ["", "?sort=title"] {
        let mut path = format!("/workspace/acme/records/deals{sort}");
        let (mut found, mut pages) = (std::collections::BTreeSet::new(), 0);
        loop {
            let page = workspace.anna.open(&path).await.expect(200);
            let rows = page.text.split("class=\"open\"").skip(1);
            found.extend(
                rows.filter_map(|row| row.split("Deal ").nth(1)?.get(..2).map(str::to_owned)),
            );
            pages += 1;
            let next = page.text.split("after=").nth(1).is_some();
            let link = page.text.split("<a class=\"button small\" href=\"").skip(1);
            let link = link
                .filter_map(|part| part.split('"').next())
                .find(|link| link.contains("after="));
            match link.filter(|_| next) {
                Some(link) => path = link.replace("&#38;", "&"),
                None => break,
            }
        }
        assert_eq!((found.len(), pages), (53, 2), "{sort}");
    }
}

/// The list has a form for the owner and the stage of a record exactly where the API allows the change.
#[tokio::test]
async fn a_list_changes_owner_and_stage_only_where_the_reader_may() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let anna = &workspace.anna;
    let ben = workspace.join("ben", json!({"role": "user"})).await;
    let id = deal(&workspace, anna).await;
    let own = deal(&workspace, &ben).await;
    let list = "/workspace/acme/records/deals";

    let page = anna.open(list).await.expect(200);
    for id in [&id, &own] {
        assert!(page.text.contains(&format!("id=\"stage-{id}\"")), "{}", page.text);
        assert!(page.text.contains(&format!("id=\"owner-{id}\"")));
    }
    let own_page = ben.open(list).await.expect(200);
    assert!(own_page.text.contains(&format!("id=\"stage-{own}\"")));
    assert!(!own_page.text.contains(&id));

    let stage = [("stage", "won"), ("version", "1"), ("back", "?stage=lead&sort=title&x=1")];
    let moved = anna.submit(&format!("{list}/{id}/stage"), &stage).await;
    assert_eq!(moved.status, 303, "{}", moved.text);
    assert_eq!(moved.header("location"), format!("{list}?stage=lead&sort=title"));
    let owner = [("owner", ben.id.as_str()), ("version", "1"), ("inline", "1"), ("back", "")];
    let stale = anna.submit(&format!("{list}/{id}/reassign"), &owner).await;
    assert_eq!(stale.status, 412);
    assert!(stale.text.contains("role=\"alert\"") && stale.text.contains("data-selection"));
    let owner = [("owner", ben.id.as_str()), ("version", "2"), ("inline", "1"), ("back", "")];
    let given = anna.submit(&format!("{list}/{id}/reassign"), &owner).await;
    assert_eq!((given.status, given.header("location")), (303, list.to_owned()));
    let record = anna.get(&format!("/records/deals/{id}")).await.expect(200);
    assert_eq!(record.body["owner"], json!(ben.id));
    let another = [("owner", "another"), ("back", "?sort=title")];
    let dialog = anna.submit(&format!("{list}/{id}/reassign"), &another).await;
    let dialog = anna.open(&dialog.header("location")).await.expect(200);
    assert!(dialog.text.contains("name=\"back\" value=\"?sort=title\""), "{}", dialog.text);
}

#[tokio::test]
async fn an_import_checks_every_record_and_names_the_lines_that_are_refused() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let levels = json!({"role": "member", "levels": {"inbox": "manage"}});
    let ben = workspace.join("ben", levels).await;
    let replies = json!({"role": "member", "levels": {"inbox": "reply"}});
    let cleo = workspace.join("cleo", replies).await;
    let path = "/workspace/acme/records/inbox/import";
    let text = "Subject,Stage\nFirst,Open\nSecond,Closed\nThird,Sold\n";

    let all = ben.submit(path, &[("text", text), ("do", "check")]).await.expect(200);
    assert!(all.text.contains("2 of 3 lines"), "{}", all.text);
    assert!(all.text.contains("There is no stage “Sold”"));
    // The first record is allowed, the second is not: both are checked before anything is created.
    let some = cleo.submit(path, &[("text", text), ("do", "check")]).await.expect(200);
    assert!(some.text.contains("1 of 3 lines"), "{}", some.text);
    assert!(some.text.contains("<td class=\"number\">3</td>"), "{}", some.text);
    let done = cleo.submit(path, &[("text", text), ("do", "import")]).await;
    assert_eq!(done.status, 403, "{}", done.text);
    let records = workspace.anna.get("/records/inbox").await.expect(200);
    assert_eq!(records.body["total"], json!(0));
}

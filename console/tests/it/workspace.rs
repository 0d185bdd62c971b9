//! Workspaces: a new one, the switcher, one's own profile, and pages that do not exist.

use hallpass_domain::time::Span;
use hallpass_testkit::{Person, TestServer};
use serde_json::json;

const PASSWORD: &str = "correct horse battery";

#[tokio::test]
async fn a_workspace_is_created_with_a_name_and_a_chosen_access_model() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    let _ = anna.open("/workspaces/new").await.expect(200);
    let wrong = [("name", ""), ("slug", "Acme AG")];
    let refused = anna.submit("/workspaces/new", &wrong).await.expect(422);
    assert!(refused.text.contains("id=\"e-name\"") && refused.text.contains("id=\"e-slug\""));

    let named =
        anna.submit("/workspaces/new", &[("name", "Acme & Söhne AG"), ("slug", "")]).await;
    let step = named.header("location");
    assert_eq!(step, "/workspaces/new/model?name=Acme+%26+S%C3%B6hne+AG&slug=acme-s-hne-ag");
    let page = anna.open(&step).await.expect(200);
    for id in hallpass_domain::blueprint::ids() {
        assert!(page.text.contains(&format!("value=\"{id}\"")), "{id}");
    }
    let right = [("name", "Acme & Söhne AG"), ("slug", "acme-s-hne-ag"), ("blueprint", "halo")];
    let done = anna.submit("/workspaces/new/model", &right).await;

    let invite = "/workspace/acme-s-hne-ag/settings/team/invite";
    assert_eq!(done.header("location"), invite, "{}", done.text);
    // Each step refuses a slug that is taken, and a step without a name leads back to the name.
    let taken = [("name", "Other"), ("slug", "acme-s-hne-ag"), ("blueprint", "standard")];
    for path in ["/workspaces/new", "/workspaces/new/model", "/workspaces/new/own"] {
        let refused = anna.submit(path, &[&taken[..], &[("text", "x")]].concat()).await;
        assert!(refused.status == 409 || path.ends_with("own"), "{path}: {}", refused.status);
    }
    for path in ["/workspaces/new/model?name=Other&slug=acme-s-hne-ag", "/workspaces/new/own"] {
        let back = anna.open(path).await;
        assert_eq!(back.status, 303, "{path}");
        assert!(back.header("location").starts_with("/workspaces/new?"), "{path}");
    }
}

#[tokio::test]
async fn a_text_of_ones_own_is_checked_by_line_corrected_and_used() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    let text = hallpass_domain::blueprint::find("harmonia").unwrap();
    let own = text.replacen("id = \"harmonia\"", "id = \"mine\"", 1);
    let broken = own.replacen("name = ", "nmae = ", 1);
    let named = [("name", "Acme"), ("slug", "acme")];
    let submit = async |path: &str, fields: &[(&str, &str)]| {
        anna.submit(&format!("/workspaces/new/own{path}"), &[&named[..], fields].concat()).await
    };

    let faults = submit("/check", &[("text", &broken)]).await.expect(200);
    assert!(faults.text.contains("<strong>Line "), "{}", faults.text);
    assert!(faults.text.contains("Change to name"), "{}", faults.text);
    let corrected = submit("/check", &[("text", &broken), ("correct", "1")]).await.expect(200);
    assert!(corrected.text.contains("You would be Owner"), "{}", corrected.text);
    for number in ["9", "x", "-1", "99999999999999999999"] {
        let same =
            submit("/check", &[("text", &broken), ("correct", number)]).await.expect(200);
        assert!(same.text.contains("Change to name"), "{number}");
    }
    let refused = submit("", &[("text", &broken)]).await.expect(422);
    assert!(refused.text.contains("Change to name"), "{}", refused.text);
    let reserved = submit("", &[("text", &text.replacen("Harmonia", "Other", 1))]).await;
    assert_eq!(reserved.status, 422, "{}", reserved.text);
    assert_eq!(anna.get("/api/v1/me").await.body["workspaces"], json!([]));

    let done = submit("", &[("text", &own)]).await;

    let invite = "/workspace/acme/settings/team/invite";
    assert_eq!((done.status, done.header("location").as_str()), (303, invite));
}

#[tokio::test]
async fn what_the_operator_reserves_cannot_be_chosen() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmony").await;
    let path = "/workspaces/new/model?name=Other&slug=other";
    let page = workspace.anna.open(path).await.expect(200);
    assert!(page.text.contains("value=\"harmony\" disabled"), "{}", page.text);

    let fields = [("name", "Other"), ("slug", "other"), ("blueprint", "harmony")];
    let refused = workspace.anna.submit("/workspaces/new/model", &fields).await.expect(403);

    assert!(refused.text.contains("the operator of this server"), "{}", refused.text);
}

/// HARMONY-19, HARMONY-23: the menu lists the memberships, and the only one for one who has no other.
#[tokio::test]
async fn the_menu_lists_the_workspaces_of_the_reader() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmony").await;
    let one = workspace.anna.open("/workspaces/menu?current=acme").await.expect(200);
    assert_eq!(one.text.matches("<a ").count(), 1, "{}", one.text);
    assert!(one.text.contains("aria-current=\"true\""), "{}", one.text);

    let _other = server.found_by(&workspace.anna, "halo", "other").await;
    let two = workspace.anna.open("/workspaces/menu?current=acme").await.expect(200);

    assert_eq!(two.text.matches("<a ").count(), 2, "{}", two.text);
    assert_eq!(two.text.matches("aria-current").count(), 1, "{}", two.text);
    let page = workspace.anna.open("settings/general").await.expect(200);
    assert_eq!(page.text.matches("hx-get=\"/workspaces/menu?current=acme\"").count(), 4);
}

/// HALO-221: a member whose role opens nothing lands on a page that names who can help.
#[tokio::test]
async fn a_member_without_access_learns_who_can_help() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("halo").await;
    let ben = workspace.join("ben", json!({"role": "member"})).await;
    // Cleo could help as well, but Ben may not read who is a member.
    let _cleo = workspace.join("cleo", json!({"role": "admin"})).await;

    let page = ben.open("/workspace/acme").await.expect(200);

    assert!(page.text.contains("No access yet"), "{}", page.text);
    assert!(page.text.contains("These people can give you access: Anna."), "{}", page.text);
}

#[tokio::test]
async fn the_profile_changes_name_language_and_password() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let other = server.anonymous();
    let fields = [("email", "anna@example.com"), ("password", PASSWORD)];
    let _ = other.submit("/sign-in", &fields).await.expect(303);
    let other = other.at("acme").await;

    let page = anna.open("profile").await.expect(200);
    assert!(page.text.contains("anna@example.com") && page.text.contains("/profile/sessions/"));
    let wrong = anna.submit("profile", &[("first_name", ""), ("last_name", "<b>")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text.contains("id=\"e-first_name\"") && wrong.text.contains("&#60;b&#62;"));
    let fields = [("first_name", "Anna"), ("last_name", "Huber"), ("locale", "de")];
    let _ = anna.submit("profile", &fields).await.expect(303);
    let page = anna.open("profile").await.expect(200);
    assert!(page.text.contains("<html lang=\"de\">") && page.text.contains("Anna Huber"));
    let wrong = [("present", "wrong"), ("new", "another horse battery")];
    let refused = anna.submit("profile/password", &wrong).await.expect(422);
    assert!(refused.text.contains("id=\"e-present\""), "{}", refused.text);
    let right = [("present", PASSWORD), ("new", "another horse battery")];
    let _ = anna.submit("profile/password", &right).await.expect(303);

    assert_eq!(other.open("profile").await.status, 303, "the other session has ended");
    let _ = anna.open("profile").await.expect(200);
}

#[tokio::test]
async fn other_sessions_are_ended_one_by_one_and_all_at_once() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let fields = [("email", "anna@example.com"), ("password", PASSWORD)];
    let (one, two) = (server.anonymous(), server.anonymous());
    let _ = one.submit("/sign-in", &fields).await.expect(303);
    let _ = two.submit("/sign-in", &fields).await.expect(303);

    let page = anna.open("profile").await.expect(200);
    let id = page.text.split("/profile/sessions/").nth(1).unwrap().split('"').next().unwrap();
    let _ = anna.submit(&format!("profile/sessions/{id}"), &[]).await.expect(303);
    let mut open = 0;
    for person in [&one, &two] {
        open += i32::from(person.open("/workspaces").await.status == 200);
    }
    assert_eq!(open, 1);
    let _ = anna.submit("profile/sessions", &[]).await.expect(303);
    for person in [&one, &two] {
        assert_eq!(person.open("/workspaces").await.status, 303);
    }
    let _ = anna.open("profile").await.expect(200);
}

#[tokio::test]
async fn other_sessions_are_ended_on_the_profile_after_signing_in_again() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let fields = [("email", "anna@example.com"), ("password", PASSWORD)];
    let other = server.anonymous();
    let _ = other.submit("/sign-in", &fields).await.expect(303);
    let page = anna.open("profile").await.expect(200);
    let id = page.text.split("/profile/sessions/").nth(1).unwrap().split('"').next().unwrap();
    server.clock.advance(Span::minutes(16));

    for path in [&format!("profile/sessions/{id}"), "profile/sessions"] {
        let asked = anna.submit(path, &[]).await.expect(303);
        let to = asked.header("location");
        assert!(to.starts_with("/step-up?missing=recent_sign_in&next="), "{path}: {to}");
        assert_eq!(other.open("/workspaces").await.status, 200, "{path}");
    }
    let again = [("password", PASSWORD), ("next", "/"), ("missing", "recent_sign_in")];
    let _ = anna.submit("/step-up", &again).await.expect(303);
    let _ = anna.submit("profile/sessions", &[]).await.expect(303);
    assert_eq!(other.open("/workspaces").await.status, 303);
}

#[tokio::test]
async fn an_open_page_learns_how_long_its_session_lasts_and_does_not_use_it() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let lasts = async |person: &hallpass_testkit::Person, query: &str| {
        let answer = person.open(&format!("/session{query}")).await.expect(200);
        answer.body["seconds"].as_i64().unwrap_or_else(|| panic!("{}", answer.text))
    };
    let (day, in_acme) = (86_400, "?workspace=acme");
    assert_eq!(lasts(anna, "").await, 14 * day);
    assert_eq!(lasts(anna, "?workspace=nowhere").await, 0);
    assert_eq!(lasts(&server.anonymous(), "").await, 0);
    assert_eq!(lasts(&server.sign_up("zoe").await, in_acme).await, 0);
    let _ = anna.patch("/settings/security", json!({"idle_minutes": 30})).await.expect(200);
    assert_eq!(lasts(anna, in_acme).await, 1_800);
    let page = anna.open("profile").await.expect(200);
    assert!(page.text.contains("data-session=\"1800\" data-workspace=\"acme\""));

    // However often it is asked, the session is not used.
    for minutes in 1..30 {
        server.clock.advance(Span::minutes(1));
        assert_eq!(lasts(anna, in_acme).await, 1_800 - minutes * 60);
    }
    server.clock.advance(Span::minutes(1));
    assert_eq!(lasts(anna, in_acme).await, 0);
    // It is good for the account itself, until it is ended.
    assert_eq!(lasts(anna, "").await, 14 * day - 1_800);
    let other = anna.same_session();
    let _ = anna.submit("/sign-out", &[]).await.expect(303);
    assert_eq!(lasts(&other, "").await, 0);
}

#[tokio::test]
async fn an_unknown_path_is_a_page_for_a_browser_and_a_problem_for_a_program() {
    let server = TestServer::in_memory().await;
    let anyone = server.anonymous();

    for path in ["/nothing", "/workspace/acme/nothing", "/workspaces/nothing/here"] {
        let page = anyone.open(path).await.expect(404);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert!(page.text.contains("Page not found"), "{path}: {}", page.text);
        assert!(page.header("content-security-policy").contains("style-src 'self'"), "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
    }
    let api = anyone.open("/api/v1/nothing").await.expect(404);
    assert_eq!(api.code(), "not_found");
}

#[tokio::test]
async fn the_first_account_is_created_by_the_page_of_the_set_up_link() {
    let server = TestServer::in_memory().await;
    let link = server.app.accounts().create_setup_link().await.unwrap().unwrap();
    let path = format!("/setup/{}", link.expose());
    let anna = server.anonymous();
    let _ = anna.open(&path).await.expect(200);

    let short = [("email", "anna@example.com"), ("first_name", "Anna"), ("password", "short")];
    let refused = anna.submit(&path, &short).await.expect(422);
    assert!(refused.text.contains("id=\"e-password\""), "{}", refused.text);
    let right = [("email", "anna@example.com"), ("first_name", "Anna"), ("password", PASSWORD)];
    let done = anna.submit(&path, &right).await;

    assert_eq!((done.status, done.header("location").as_str()), (303, "/workspaces/new"));
    let _ = anna.open("/workspaces/new").await.expect(200);
    let dead = server.anonymous().submit(&path, &right).await.expect(409);
    assert!(dead.text.contains("no longer works"), "{}", dead.text);
}

/// A workspace that was founded with sample data.
async fn with_samples(server: &TestServer) -> Person {
    let anna = server.sign_up("anna").await;
    let form = [
        ("name", "Acme"),
        ("slug", "acme"),
        ("blueprint", "team-management"),
        ("data", "sample"),
    ];
    let _ = anna.submit("/workspaces/new/model", &form).await.expect(303);
    anna
}

const API: &str = "/api/v1/workspaces/acme";

#[tokio::test]
async fn sample_data_is_removed_but_what_someone_has_changed() {
    let server = TestServer::in_memory().await;
    let anna = with_samples(&server).await;
    let deals = anna.get(&format!("{API}/records/deals?limit=200")).await.expect(200);
    let [changed, noted, own] =
        [&deals.items()[0], &deals.items()[1], &json!({"fields": {"name": "Mine"}})];
    let id = |record: &serde_json::Value| record["id"].as_str().unwrap().to_owned();
    let path = format!("{API}/records/deals/{}", id(changed));
    let _ = anna.patch(&path, json!({"fields": {"name": "Changed"}})).await.expect(200);
    let gone = format!("{API}/records/deals/{}", id(noted));
    let _ = anna.delete(&gone).await.expect(204);
    let mine = anna.post(&format!("{API}/records/deals"), own.clone()).await.expect(201).id();

    let general = "/workspace/acme/settings/general";
    let page = anna.open(general).await.expect(200).text;
    assert!(page.contains("/settings/delete/sample"), "{page}");
    let ask = anna.open("/workspace/acme/settings/delete/sample").await.expect(200).text;
    assert!(ask.contains("10 deals") && ask.contains("stays: 1 deal"), "{ask}");
    let listed = anna.get(&format!("{API}/sample-data")).await.expect(200);
    let done = anna.submit("/workspace/acme/settings/delete/sample", &[]).await;

    assert_eq!((done.status, done.header("location").as_str()), (303, general));
    let of_deals = json!({"entity": "deals", "untouched": 10, "changed": 1});
    assert!(listed.items().contains(&of_deals), "{}", listed.text);
    let left = anna.get(&format!("{API}/records/deals")).await.expect(200);
    let mut ids = left.each("id");
    ids.sort();
    let mut expected = vec![id(changed), mine];
    expected.sort();
    assert_eq!(ids, expected);
    assert_eq!(left.body["total"], 2);
    for entity in listed.each("entity").iter().filter(|entity| *entity != "deals") {
        let left = anna.get(&format!("{API}/records/{entity}")).await.expect(200);
        assert_eq!(left.body["total"], 0, "{entity}");
    }
    let log =
        anna.get(&format!("{API}/audit?action=workspace.remove_samples")).await.expect(200);
    assert_eq!(log.items()[0]["before"]["removed"]["deals"], 10);
    assert_eq!(log.items()[0]["after"]["left"], json!({"deals": 1}));
    let about = format!("{API}/audit?subject={}", id(&deals.items()[5]));
    let about = anna.get(&about).await.expect(200).each("action");
    assert_eq!(about, ["workspace.remove_samples", "deals.import"]);
    // Nothing is left to remove.
    assert!(!anna.open(general).await.expect(200).text.contains("/settings/delete/sample"));
    assert_eq!(anna.open("/workspace/acme/settings/delete/sample").await.status, 404);
    let again = anna.delete(&format!("{API}/sample-data")).await.expect(200);
    assert_eq!(again.items().len(), 1);
    assert_eq!(again.items()[0], json!({"entity": "deals", "untouched": 0, "changed": 1}));
    let log =
        anna.get(&format!("{API}/audit?action=workspace.remove_samples")).await.expect(200);
    assert_eq!(log.items().len(), 1);
}

#[tokio::test]
async fn removing_sample_data_is_for_the_top_role_after_a_recent_sign_in() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;

    ben.delete("/sample-data").await.refused(403, "denied");
    assert!(!ben.open("settings/general").await.text.contains("delete/sample"));
    // A record of one's own is no sample data, however early.
    let _ = workspace.anna.post("/records/contacts", json!({"fields": {"name": "Erna"}})).await;
    assert_eq!(workspace.anna.get("/sample-data").await.expect(200).items().len(), 0);
    server.clock.advance(Span::hours(2));
    workspace.anna.delete("/sample-data").await.refused(401, "step_up");
}

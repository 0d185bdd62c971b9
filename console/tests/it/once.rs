//! Forms that are sent twice: a reload, a second click, the way back.

use hallpass_testkit::{Answer, Person, TestServer};
use serde_json::json;

/// The keys of the workspace, by name.
async fn names(anna: &Person) -> Vec<String> {
    let keys = anna.get("/api-keys").await.expect(200);
    let keys = keys.body["items"].as_array().cloned().unwrap_or_default();
    keys.iter().filter_map(|key| key["name"].as_str()).map(str::to_owned).collect()
}

async fn create(anna: &Person, name: &str, once: &str) -> Answer {
    let form = [("name", name), ("days", "30"), ("access", "read"), ("once", once)];
    anna.submit("settings/api-keys", &form).await
}

#[tokio::test]
async fn a_form_that_is_sent_again_does_nothing_twice_and_shows_no_secret_again() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;

    let first = create(anna, "Deploy", "k1").await.expect(201);
    assert!(first.text.contains("hpk_"), "{}", first.text);
    let again = create(anna, "Deploy", "k1").await.expect(303);
    assert!(again.header("location").ends_with("/settings/api-keys"));
    assert!(again.header("set-cookie").contains("done%20before"), "{again:?}");
    assert_eq!(names(anna).await, ["Deploy"]);

    // Another content, or another form, is another act.
    let _ = create(anna, "Backup", "k1").await.expect(201);
    let _ = create(anna, "Deploy", "k2").await.expect(201);
    assert_eq!(names(anna).await.len(), 3);
}

#[tokio::test]
async fn a_form_that_was_refused_can_be_sent_again_and_a_preview_can_be_repeated() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let anna = &workspace.anna;

    for _ in 0..2 {
        let _ = create(anna, "", "k1").await.expect(422);
    }
    let department = anna.post("/departments", json!({"name": "North"})).await.expect(201);
    let path = format!("settings/departments/{}/preview", department.id());
    let form = [("name", "South"), ("once", "k2")];
    for _ in 0..2 {
        let _ = anna.submit(&path, &form).await.expect(200);
    }
}

#[tokio::test]
async fn the_key_of_a_form_is_that_of_one_account() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let other = server.found_as("zoe", "standard", "other").await;

    let _ = create(&workspace.anna, "Deploy", "k1").await.expect(201);
    let theirs = create(&other.anna, "Deploy", "k1").await.expect(201);
    assert!(theirs.text.contains("hpk_"), "{}", theirs.text);
}

#[tokio::test]
async fn two_clicks_at_once_create_one_record_and_both_lead_to_it() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let anna = &workspace.anna;
    let form = [("field.name", "Clicked twice"), ("once", "k1")];

    let (first, second) = tokio::join!(
        anna.submit("records/deals/new", &form),
        anna.submit("records/deals/new", &form)
    );

    assert_eq!((first.status, second.status), (303, 303));
    assert_eq!(first.header("location"), second.header("location"));
    let found = anna.get("/records/deals?q=Clicked").await.expect(200);
    assert_eq!(found.body["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_second_click_founds_no_second_workspace_and_leads_into_the_first() {
    let server = TestServer::in_memory().await;
    let anna = server.sign_up("anna").await;
    let page = anna.open("/workspaces/new/model?name=Acme&slug=acme").await.expect(200).text;
    let key = page.split("name=\"once\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(key.len() > 10, "{key}");
    let form = [("name", "Acme"), ("slug", "acme"), ("blueprint", "halo"), ("once", key)];

    let first = anna.submit("/workspaces/new/model", &form).await.expect(303);
    let again = anna.submit("/workspaces/new/model", &form).await.expect(303);

    assert_eq!(first.header("location"), "/workspace/acme/settings/team/invite");
    assert_eq!(first.header("location"), again.header("location"));
    let other = [("name", "Acme"), ("slug", "acme"), ("blueprint", "halo"), ("once", "other")];
    assert_eq!(anna.submit("/workspaces/new/model", &other).await.status, 409);
}

#[tokio::test]
async fn a_second_click_joins_a_workspace_once() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let _ =
        workspace.invite(&workspace.anna, "zoe", json!({"role": "member"})).await.expect(201);
    let zoe = server.found_as("zoe", "standard", "other").await;
    let link = format!("/invitations/{}", workspace.token("zoe").await);
    let page = zoe.anna.open(&link).await.expect(200).text;
    let key = page.split("name=\"once\" value=\"").nth(1).unwrap().split('"').next().unwrap();

    let first = zoe.anna.submit(&link, &[("once", key)]).await.expect(303);
    let again = zoe.anna.submit(&link, &[("once", key)]).await.expect(303);

    assert_eq!(first.header("location"), again.header("location"));
}

/// Forms without a key and without a version, each with why a second click does nothing twice.
const KEYLESS: [(&str, &str, &str); 15] = [
    ("acceptance/page.html", "/sign-out", "the session has ended"),
    ("acceptance/page.html", "", "no one is signed in, and the link works once"),
    ("account/confirmation.html", "", "the link works once"),
    ("account/request.html", "", "no one is signed in; links by mail are limited by address"),
    ("account/reset.html", "", "the link works once"),
    ("account/sign_up.html", "", "no one is signed in; an address has one account"),
    ("layout/inside.html", "/view/end", "the view has ended"),
    ("new_workspace/name.html", "", "it leads to the next step"),
    ("record/list.html", "/selection", "it leads to a question"),
    ("sign_in/code.html", "", "no one is signed in, and a code works once"),
    ("sign_in/page.html", "", "no one is signed in"),
    ("sign_in/passkey.html", "", "no one is signed in, and a ceremony works once"),
    ("sign_in/step_up.html", "/step-up/passkey", "a ceremony works once"),
    ("sign_in/step_up.html", "/sign-out", "the session has ended"),
    ("workspace/list.html", "/sign-out", "the session has ended"),
];

/// The templates, with their paths below the folder.
fn templates() -> Vec<(String, String)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut found = Vec::new();
    for folder in std::fs::read_dir(&root).unwrap() {
        let folder = folder.unwrap().path();
        for file in std::fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            found.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

#[test]
fn every_form_has_a_key_or_a_version_or_a_reason_to_have_none() {
    let (mut keyless, mut used, mut keyed) = (Vec::new(), Vec::new(), 0);
    for (name, text) in templates() {
        for form in text.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap();
            let start = form.split('>').next().unwrap();
            if !start.contains("method=\"post\"") {
                continue;
            }
            if form.contains("name=\"once\"") || form.contains("name=\"version\"") {
                keyed += 1;
                continue;
            }
            let known = KEYLESS.iter().position(|(file, part, _)| {
                *file == name && (part.is_empty() || form.contains(part))
            });
            match known {
                Some(place) => used.push(place),
                None => keyless.push(format!("{name}: <form{start}>")),
            }
        }
    }
    assert_eq!(keyless, Vec::<String>::new());
    used.sort_unstable();
    used.dedup();
    let unused: Vec<_> = (0..KEYLESS.len()).filter(|place| !used.contains(place)).collect();
    assert!(
        unused.is_empty(),
        "{:?}",
        unused.iter().map(|place| KEYLESS[*place]).collect::<Vec<_>>()
    );
    assert!(keyed > 60, "{keyed}");
}

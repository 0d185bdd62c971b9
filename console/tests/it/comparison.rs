//! The page that compares: who may open what of it, what it shows, and where it leads.

use hallpass_testkit::{TestServer, TestWorkspace};
use serde_json::json;

async fn role(workspace: &TestWorkspace<'_>, name: &str, grants: &[&str]) -> String {
    let body = json!({"name": name, "grants": grants});
    workspace.anna.post("/roles", body).await.expect(201).id()
}

fn main_of(text: &str) -> &str {
    text.split("<main").nth(1).unwrap()
}

#[tokio::test]
async fn two_people_are_compared_and_the_first_one_can_be_made_like_the_second() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let reader = role(&workspace, "Reader", &["contacts:read:all"]).await;
    let seller =
        role(&workspace, "Seller <b>", &["contacts:read:all", "contacts:update:all"]).await;
    let ben = workspace.join("ben", json!({"role": reader})).await;
    let cleo = workspace.join("cleo", json!({"role": seller})).await;
    let _ = workspace.record(&workspace.anna, "contacts", "Ada").await;
    let path = format!("settings/compare?by=people&before={}&after={}", ben.id, cleo.id);

    let page = workspace.anna.open(&path).await.expect(200);

    let text = main_of(&page.text);
    assert!(text.contains("One of 2 rights differs."), "{text}");
    assert!(text.contains("Contacts <span>update</span>"), "{text}");
    assert!(text.contains("<span class=\"gain\">+1</span>"), "{text}");
    assert!(text.contains("<strong>Same</strong> 1"), "{text}");
    assert!(text.contains("Contacts: read"), "{text}");
    assert!(text.contains("Seller &#60;b&#62;"), "{text}");
    let explain = format!("/settings/explain?member={}&#38;action=contacts:update", cleo.id);
    assert!(text.contains(&explain), "{text}");
    let swapped = format!("before={}&#38;after={}", cleo.id, ben.id);
    assert!(text.contains(&swapped), "{text}");
    let like = format!("/workspace/acme/settings/team/{}/access?role={seller}", ben.id);
    assert!(text.contains(&like), "{text}");
    let drawer = workspace.anna.open(&like).await.expect(200);
    assert!(drawer.text.contains("hx-trigger=\"change, load\""), "{}", drawer.text);
}

#[tokio::test]
async fn a_reader_compares_only_what_they_may_read() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let other = server.found_as("zoe", "standard", "other").await;
    let auditor = role(&workspace, "Auditor", &["roles:read:all"]).await;
    let own = role(&workspace, "Own", &["contacts:read:own"]).await;
    let ben = workspace.join("ben", json!({"role": auditor})).await;
    let cleo = workspace.join("cleo", json!({"role": own})).await;
    let anna = &workspace.anna;

    let page = ben.open("settings/compare").await.expect(200);
    assert!(page.text.contains("by=roles"), "{}", page.text);
    for hidden in ["by=people", "by=given", "by=moments", "by=profiles"] {
        assert!(!page.text.contains(hidden), "{hidden}");
    }
    let pair = format!("before={}&after={}", anna.id, cleo.id);
    let _ = ben.open(&format!("settings/compare?by=people&{pair}")).await.expect(403);
    let _ = ben.open("settings/compare?by=people&pick=before").await.expect(403);
    let _ = ben.open("settings/compare?by=moments&pick=before").await.expect(403);
    let _ = ben.open("settings/compare?by=profiles&pick=before").await.expect(403);
    let _ = cleo.open("settings/compare").await.expect(403);
    let explain = cleo.open("settings/explain").await.expect(200);
    assert!(!explain.text.contains("settings/compare"), "{}", explain.text);

    let foreign = other.anna.id.clone();
    let pair = format!("before={}&after={foreign}", anna.id);
    let _ = anna.open(&format!("settings/compare?by=people&{pair}")).await.expect(404);
    let _ = anna.open("settings/compare?by=roles&before=owner&after=nothing").await.expect(404);
    let _ = anna.open("settings/compare?by=people&before=owner").await.expect(404);
    let _ = anna.open("settings/compare?by=nothing").await.expect(404);
    let entries = other.anna.get("/audit").await.expect(200);
    let entry = entries.items()[0]["id"].as_str().unwrap().to_owned();
    let _ = anna.open(&format!("settings/compare?by=moments&before={entry}")).await.expect(404);
}

#[tokio::test]
async fn roles_profiles_and_a_person_beside_their_role_are_compared() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let reader = role(&workspace, "Reader", &["contacts:read:all"]).await;
    let seller =
        role(&workspace, "Seller", &["contacts:read:all", "contacts:delete:own"]).await;
    let ben = workspace.join("ben", json!({"role": reader})).await;

    let path = format!("settings/compare?by=roles&before={reader}&after={seller}");
    let roles = anna.open(&path).await.expect(200);
    assert!(roles.text.contains("One of 2 rights differs."), "{}", roles.text);
    let editor = format!("/workspace/acme/settings/roles/{reader}?cell.contacts.delete=own");
    assert!(roles.text.contains(&editor), "{}", roles.text);
    let editor = anna.open(&editor).await.expect(200);
    assert!(editor.text.contains("delay:300ms, load\""), "the preview loads");

    let given =
        anna.open(&format!("settings/compare?by=given&after={}", ben.id)).await.expect(200);
    assert!(given.text.contains("Nothing differs. One right is the same."), "{}", given.text);
    let beside = format!("settings/compare?by=given&before={seller}&after={}", ben.id);
    let beside = anna.open(&beside).await.expect(200);
    assert!(beside.text.contains("One of 2 rights differs."), "{}", beside.text);

    let profiles = anna.get("/profiles").await.expect(200);
    let profile = profiles.items()[0]["id"].as_str().unwrap().to_owned();
    let cells = json!({"grants": {"contacts": {"delete": "none", "read": "own"}}});
    let _ = anna.patch(&format!("/profiles/{profile}"), cells).await.expect(200);
    let path =
        format!("settings/compare?by=profiles&before=template:{profile}&after={profile}");
    let drifted = anna.open(&path).await.expect(200);
    let page = anna.open(&format!("settings/profiles/{profile}")).await.expect(200);
    assert!(page.text.contains("by=profiles&amp;before=template:"), "{}", page.text);
    assert!(drifted.text.contains("Contacts <span>read</span>"), "{}", drifted.text);
}

#[tokio::test]
async fn a_role_that_was_edited_is_compared_with_how_it_was_created() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("harmony").await;
    let anna = &workspace.anna;
    let sales = role(&workspace, "Sales", &["contacts:read:all"]).await;
    let body = json!({"grants": ["contacts:read:all", "contacts:delete:all"]});
    let _ = anna.patch(&format!("/roles/{sales}"), body).await.expect(200);

    let editor = anna.open(&format!("settings/roles/{sales}")).await.expect(200);
    let link = format!("settings/compare?by=created&amp;before={sales}");
    assert!(editor.text.contains(&link), "{}", editor.text);
    let page =
        anna.open(&format!("settings/compare?by=created&before={sales}")).await.expect(200);

    assert!(page.text.contains("One of 2 rights differs."), "{}", page.text);
    assert!(page.text.contains("Contacts <span>delete</span>"), "{}", page.text);
    assert!(page.text.contains(&format!("settings/roles/{sales}?as=created")));
}

#[tokio::test]
async fn an_earlier_entry_of_the_audit_log_is_compared_with_now() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let reader = role(&workspace, "Reader", &["contacts:read:all"]).await;
    let ben = workspace.join("ben", json!({"role": reader})).await;
    let entries = anna.get("/audit").await.expect(200);
    let entry = entries.items()[0]["id"].as_str().unwrap().to_owned();
    let member = format!("/members/{}", ben.id);
    let _ = anna.patch(&member, json!({"role": "admin"})).await.expect(200);

    let unfolded = anna.open("settings/audit").await.expect(200);
    let latest = anna.get("/audit").await.expect(200).items()[0]["id"].clone();
    let latest = latest.as_str().unwrap();
    assert!(unfolded.text.contains(latest));
    let unfolded = anna.open(&format!("settings/audit?open={latest}")).await.expect(200);
    let link = format!("settings/compare?by=moments&amp;before={latest}");
    assert!(unfolded.text.contains(&link), "{}", unfolded.text);

    let path = format!("settings/compare?by=moments&before={entry}");
    let page = anna.open(&path).await.expect(200);
    let text = main_of(&page.text);
    assert!(text.contains("One member can do more or less than then."), "{text}");
    assert!(text.contains("Ben"), "{text}");
    assert!(!text.contains("settings/team/"), "the past cannot be brought back: {text}");

    let pick = anna.open("settings/compare?by=moments&pick=before&q=reader").await.expect(200);
    assert!(pick.text.contains("Role created (Reader)"), "{}", pick.text);
    assert!(!pick.text.contains("Invitation accepted"), "{}", pick.text);
    let foreign = anna.open("settings/compare?by=moments&before=aud_1").await;
    assert_eq!(foreign.status, 404);
}

//! The page that explains: which record can be chosen, and where its rules lead.

use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::json;

async fn with_role(
    workspace: &TestWorkspace<'_>,
    name: &str,
    grants: &[&str],
) -> (Person, String) {
    let body = json!({"name": format!("Role of {name}"), "grants": grants});
    let role = workspace.anna.post("/roles", body).await.expect(201).id();
    (workspace.join(name, json!({"role": role})).await, role)
}

fn part<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let rest = text.split(start).nth(1).unwrap_or_default();
    rest.split(end).next().unwrap_or_default()
}

#[tokio::test]
async fn a_record_is_chosen_among_those_that_the_reader_reads() {
    for server in [TestServer::in_memory().await, TestServer::on_postgres().await] {
        let workspace = server.found("standard").await;
        let anna = &workspace.anna;
        let (ben, _) =
            with_role(&workspace, "ben", &["contacts:read:own", "team:read:all"]).await;
        let (cleo, _) = with_role(&workspace, "cleo", &["team:read:all"]).await;
        let own =
            workspace.record_with(anna, "contacts", json!({"owner": ben.id}), "Ada <b>").await;
        let other =
            workspace.record_with(anna, "contacts", json!({"owner": anna.id}), "Adele").await;
        let options = async |person: &Person, query: &str| {
            let page = person.open(&format!("settings/explain?{query}")).await.expect(200);
            part(&page.text, "<select id=\"f-record\"", "</select>").to_owned()
        };

        let seen = options(&ben, "action=contacts:read&find=ad").await;
        assert!(seen.contains(&own) && seen.contains("Ada &#60;b&#62;"), "{seen}");
        assert!(!seen.contains(&other) && !seen.contains("Adele"), "{seen}");
        let seen = options(anna, "action=contacts:read&find=adele").await;
        assert!(seen.contains(&other) && !seen.contains(&own), "{seen}");
        assert_eq!(options(&cleo, "action=contacts:read").await, "", "who reads no contact");
        assert_eq!(options(anna, "action=team:create").await, "", "members are no records");

        // The record that is chosen stays so, and one of another type is in question no more.
        let chosen = format!("action=contacts:read&of=contacts&record={own}");
        let seen = options(anna, &format!("{chosen}&find=adele")).await;
        assert!(seen.contains(&format!("value=\"{own}\" selected")), "{seen}");
        let page = anna.open(&format!("settings/explain?{chosen}")).await.expect(200);
        assert!(page.text.contains("because"), "{}", page.text);
        let moved = format!("action=opportunities:read&of=contacts&record={own}");
        let _ = anna.open(&format!("settings/explain?{moved}")).await.expect(200);

        // Records without an owner stay chosen, also in what a search for an owner finds.
        let unowned = "value=\"unowned\" selected";
        let page = anna.open("settings/explain?action=contacts:read&owner=unowned").await;
        assert!(page.expect(200).text.contains(unowned));
        let part = "/workspace/acme/pick/members?name=owner&blank=any-owner&owner=unowned";
        assert!(anna.open(part).await.expect(200).text.contains(unowned));

        // A record that the reader cannot read is as one that does not exist.
        let hidden = format!("settings/explain?action=contacts:read&record={other}");
        let missing =
            format!("settings/explain?action=contacts:read&record=rec_{}", "0".repeat(32));
        let (hidden, missing) = (ben.open(&hidden).await, ben.open(&missing).await);
        assert_eq!((hidden.status, missing.status), (404, 404));
        assert!(!hidden.text.contains("Adele"), "{}", hidden.text);
    }
}

#[tokio::test]
async fn rules_lead_to_the_pages_that_the_reader_may_open() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("standard").await;
    let anna = &workspace.anna;
    let (ben, role) = with_role(&workspace, "ben", &["contacts:read:own"]).await;
    let department = anna.post("/departments", json!({"name": "North"})).await.expect(201).id();
    let team = anna.post("/teams", json!({"name": "Fjord"})).await.expect(201).id();
    let given = json!({"department": department, "teams": [team]});
    let _ = anna.patch(&format!("/members/{}", ben.id), given).await.expect(200);
    let links = async |person: &Person| {
        let path = format!("settings/explain?member={}&action=contacts:delete", ben.id);
        let page = person.open(&path).await.expect(200);
        part(&page.text, "<main", "</main").to_owned()
    };
    let settings = "/workspace/acme/settings";

    let seen = links(anna).await;
    for page in [
        format!("{settings}/roles/{role}\""),
        format!("{settings}/departments/{department}\""),
        format!("{settings}/teams/{team}\""),
        format!("{settings}/team/{}/access\"", ben.id),
    ] {
        assert!(seen.contains(&page), "{page}: {seen}");
        let path = page.trim_end_matches('"').to_owned();
        let _ = anna.open(&path).await.expect(200);
    }

    // Ben knows what he has, and may open none of the pages.
    let seen = links(&ben).await;
    assert!(seen.contains("Role of ben"), "{seen}");
    for page in ["roles/", "departments/", "teams/", "team/"] {
        assert!(!seen.contains(&format!("{settings}/{page}")), "{page}: {seen}");
    }
}

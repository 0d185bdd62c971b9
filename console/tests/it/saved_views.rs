//! Filters, orders and saved views of lists on pages.

use hallpass_testkit::{Answer, Person, TestServer, TestWorkspace};
use serde_json::json;

const DEALS: &str = "/workspace/acme/records/deals";

async fn deals(workspace: &TestWorkspace<'_>) {
    for (name, amount, stage) in
        [("Acme", 5, "lead"), ("Globex", 70_000, "won"), ("Initech", 90_000, "lead")]
    {
        let fields = json!({"fields": {"name": name, "amount": amount}, "stage": stage});
        let _ = workspace.anna.post("/records/deals", fields).await.expect(201);
    }
}

/// The titles of the rows, in their order.
fn rows(page: &Answer) -> Vec<String> {
    let rows = page.text.split("<a class=\"open\" href=\"").skip(1);
    let title = |row: &str| Some(row.split_once('>')?.1.split('<').next()?.to_owned());
    rows.filter_map(title).collect()
}

/// Sends the form of a filter, and returns the address that it leads to.
async fn filter(person: &Person, query: &str) -> String {
    let sent = person.open(&format!("{DEALS}?{query}")).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    sent.header("location")
}

/// The first link whose text is marked by a word, as an address.
fn link(page: &Answer, class: &str) -> String {
    let after = page.text.split(class).nth(1).unwrap();
    let href = after.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
    href.replace("&#38;", "&").replace("&amp;", "&")
}

#[tokio::test]
async fn the_form_of_a_filter_leads_to_an_address_that_holds_it_with_what_was_there() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    deals(&workspace).await;
    let anna = &workspace.anna;

    let form = anna.open(&format!("{DEALS}?stage=lead&add=field.amount")).await.expect(200);
    assert!(form.text.contains("name=\"put\" value=\"field.amount\""), "{}", form.text);
    assert!(form.text.contains("name=\"stage\" value=\"lead\""));
    let there = filter(anna, "stage=lead&put=field.amount&test=between&value=1000&to=").await;
    assert_eq!(
        there,
        format!(
            "{DEALS}?stage=lead&filter=%5B%7B%22field%22%3A%22amount%22%2C%22from%22%3A1000%7D%5D"
        )
    );
    let page = anna.open(&there).await.expect(200);
    assert_eq!(rows(&page), ["Initech"]);
    assert!(page.text.contains("1 of 3 match"), "{}", page.text);

    // The chip of the stage takes it away and leaves the other.
    let off =
        page.text.split("class=\"off\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let page = anna.open(&off.replace("&#38;", "&")).await.expect(200);
    assert_eq!(rows(&page), ["Initech", "Globex"]);
}

#[tokio::test]
async fn every_part_of_a_list_is_filtered_by_its_form() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    deals(&workspace).await;
    let anna = &workspace.anna;

    for (form, expected) in [
        ("put=stage&value=won", vec!["Globex"]),
        ("put=open&value=false", vec!["Globex"]),
        ("put=open&value=true", vec!["Initech", "Acme"]),
        ("put=owner&value=unowned", vec![]),
        ("put=created&value=2000-01-01&to=", vec!["Initech", "Globex", "Acme"]),
        ("put=created&value=&to=2000-01-01", vec![]),
        ("put=updated&value=2000-01-01&to=2000-01-02", vec![]),
        ("put=field.name&test=contains&value=EX", vec!["Globex"]),
        ("put=field.name&test=is&value=acme", vec!["Acme"]),
        ("put=field.name&test=empty&value=", vec![]),
        ("put=field.amount&test=is&value=5&to=", vec!["Acme"]),
        ("put=field.amount&test=between&value=6&to=70000", vec!["Globex"]),
        ("put=field.amount&test=filled&value=&to=", vec!["Initech", "Globex", "Acme"]),
        ("put=field.close_on&test=empty&value=&to=", vec!["Initech", "Globex", "Acme"]),
    ] {
        let there = filter(anna, form).await;
        assert_eq!(rows(&anna.open(&there).await.expect(200)), expected, "{form}: {there}");
    }
    let wrong = anna.open(&format!("{DEALS}?put=created&value=soon")).await;
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.text.contains("id=\"filter-error\"") && wrong.text.contains("value=\"soon\"")
    );
    let wrong = anna.open(&format!("{DEALS}?put=field.amount&test=is&value=much")).await;
    assert_eq!(wrong.status, 422, "{}", wrong.text);
}

#[tokio::test]
async fn the_heads_of_columns_sort_and_say_so() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    deals(&workspace).await;
    let anna = &workspace.anna;

    let page = anna.open(&format!("{DEALS}?sort=-amount")).await.expect(200);
    assert_eq!(rows(&page), ["Initech", "Globex", "Acme"]);
    assert_eq!(page.text.matches("aria-sort=").count(), 1);
    assert!(page.text.contains("class=\"number\" aria-sort=\"descending\""), "{}", page.text);
    let turned = anna.open(&link(&page, "aria-sort=\"descending\"")).await.expect(200);
    assert_eq!(rows(&turned), ["Acme", "Globex", "Initech"]);
    let columns =
        anna.open(&format!("{DEALS}?columns=amount&columns=updated")).await.expect(200);
    let heads = columns.text.split("<thead>").nth(1).unwrap();
    let heads = heads.split("</thead>").next().unwrap();
    assert!(heads.contains(">Changed") && !heads.contains(">Stage"), "{heads}");
}

/// What an address filters by and the record type does not have is said: left out, it would be another list.
#[tokio::test]
async fn an_address_with_what_is_gone_lists_nothing_and_says_why() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    deals(&workspace).await;
    let anna = &workspace.anna;

    for query in [
        "stage=frozen",
        "sort=-weight",
        "columns=weight",
        "filter=%5B%7B%22field%22%3A%22weight%22%2C%22empty%22%3Atrue%7D%5D",
        "filter=nonsense",
        "filter=%5B%7B%22field%22%3A%22amount%22%7D%5D",
        "created_from=yesterday",
        "open=perhaps",
        "owner=ben",
    ] {
        for view in ["", "&view=board"] {
            if query.starts_with("stage") && !view.is_empty() {
                continue;
            }
            let page = anna.open(&format!("{DEALS}?{query}{view}")).await.expect(200);
            assert_eq!(rows(&page), Vec::<String>::new(), "{query}{view}");
            assert!(page.text.contains("role=\"alert\""), "{query}{view}: {}", page.text);
            assert!(page.text.contains("Nothing is listed"), "{query}{view}");
        }
    }
}

#[tokio::test]
async fn a_view_is_saved_opened_changed_and_deleted() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    deals(&workspace).await;
    let anna = &workspace.anna;
    let settings = "stage=lead&sort=title";
    let new = format!("{DEALS}/views/new?{settings}");

    let form = anna.open(&new).await.expect(200);
    assert!(form.text.contains("Stage: Lead"), "{}", form.text);
    let refused = anna.submit(&new, &[("name", " ")]).await;
    assert_eq!(refused.status, 422);
    let made = anna.submit(&new, &[("name", "My <leads>"), ("shared", "on")]).await;
    assert_eq!(made.status, 303, "{}", made.text);
    let there = made.header("location");
    assert!(there.contains(settings) && there.contains("saved=viw_"), "{there}");
    let page = anna.open(&there).await.expect(200);
    assert_eq!(rows(&page), ["Acme", "Initech"]);
    assert!(page.text.contains("My &#60;leads&#62;") && page.text.contains(">shared<"));
    assert!(!page.text.contains("Update view"), "nothing has changed");

    // An address with the view alone is the view as it is saved.
    let id = there.split("saved=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let alone = anna.open(&format!("{DEALS}?saved={id}")).await.expect(200);
    assert_eq!(rows(&alone), ["Acme", "Initech"]);

    // Another filter is offered to be saved, and the first version is not overwritten twice.
    let changed = format!("stage=won&sort=title&saved={id}");
    let page = anna.open(&format!("{DEALS}?{changed}")).await.expect(200);
    assert_eq!(rows(&page), ["Globex"]);
    assert!(page.text.contains("Update view"));
    let update = format!("{DEALS}/views/{id}/update?{changed}");
    let first = anna.submit(&update, &[("version", "1")]).await;
    assert_eq!(first.status, 303, "{}", first.text);
    let stale = anna.submit(&update, &[("version", "1")]).await;
    assert_eq!(stale.status, 412);
    assert!(stale.text.contains("Another person changed this view"));
    assert_eq!(rows(&anna.open(&format!("{DEALS}?saved={id}")).await.expect(200)), ["Globex"]);

    let edit = format!("{DEALS}/views/{id}/edit");
    assert!(anna.open(&edit).await.expect(200).text.contains("value=\"2\""));
    assert_eq!(anna.submit(&edit, &[("version", "2"), ("name", "Won")]).await.status, 303);
    let saved = anna.get(&format!("/views/{id}")).await.expect(200);
    assert_eq!((&saved.body["name"], &saved.body["shared"]), (&json!("Won"), &json!(false)));
    let ask = anna.open(&format!("{DEALS}/views/{id}/delete")).await.expect(200);
    assert!(ask.text.contains("No record changes"));
    assert_eq!(anna.submit(&format!("{DEALS}/views/{id}/delete"), &[]).await.status, 303);
    assert_eq!(anna.open(&format!("{DEALS}?saved={id}")).await.status, 404);
}

/// A control that the member may not use is not shown, and the server refuses it all the same.
#[tokio::test]
async fn views_are_offered_exactly_where_the_api_allows_them() {
    for blueprint in ["team-management", "standard", "halo"] {
        let server = TestServer::in_memory().await;
        let workspace = server.found(blueprint).await;
        let roles = workspace.anna.get("/roles").await.expect(200);
        let mut checked = 0;
        for (number, role) in roles.items().iter().enumerate() {
            let key = role["id"].as_str().unwrap();
            let name = format!("p{number}");
            let sent = workspace.invite(&workspace.anna, &name, json!({"role": key})).await;
            if sent.status != 201 {
                continue;
            }
            let person = workspace.accept_as_new(&name).await;
            let list = "/workspace/acme/records/contacts";
            let page = person.open(list).await;
            if page.status != 200 {
                continue;
            }
            checked += 1;
            let view = json!({"name": "Mine", "entity": "contacts"});
            let may = person.post("/views", view).await.status == 201;
            assert_eq!(page.text.contains("/views/new"), may, "{blueprint} {key}");
            let form = person.open(&format!("{list}/views/new")).await;
            assert_eq!(form.status == 200, may, "{blueprint} {key}");
            let page = person.open(list).await.expect(200);
            assert_eq!(page.text.contains(">Mine<"), may, "{blueprint} {key}");
        }
        assert!(checked > 0, "{blueprint}");
    }
}

/// A view is opened in the list of its record type, and by those who may read it.
#[tokio::test]
async fn a_view_of_another_list_or_of_another_member_is_missing() {
    let server = TestServer::in_memory().await;
    let workspace = server.found("team-management").await;
    let ben = workspace.join("ben", json!({"role": "admin"})).await;
    let view = json!({"name": "Mine", "entity": "deals"});
    let id = workspace.anna.post("/views", view).await.expect(201).id();

    assert_eq!(ben.open(&format!("{DEALS}?saved={id}")).await.status, 404);
    assert_eq!(ben.open(&format!("{DEALS}/views/{id}/edit")).await.status, 404);
    assert_eq!(ben.submit(&format!("{DEALS}/views/{id}/delete"), &[]).await.status, 404);
    let contacts = format!("/workspace/acme/records/contacts?saved={id}");
    assert_eq!(workspace.anna.open(&contacts).await.status, 404);
    assert_eq!(workspace.anna.open(&format!("{DEALS}?saved={id}")).await.status, 200);
}

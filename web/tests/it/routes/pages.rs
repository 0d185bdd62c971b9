//! Pages of lists, on every route that returns one: invalid parameters are refused, and the pages
//! together are the list.

use hallpass_app::PART_BYTES;
use hallpass_testkit::{Answer, TestServer};
use serde_json::{Value, json};

use super::book::{self, Route};
use super::scene::Scene;
use super::{problem, rules};

fn lists() -> Vec<Route> {
    let lists: Vec<Route> = book::api()
        .into_iter()
        .filter(|route| route.gives_page && route.method == "GET")
        .collect();
    assert!(lists.len() > 18, "{} lists", lists.len());
    lists
}

#[tokio::test]
async fn invalid_page_parameters_are_refused() {
    let server = TestServer::in_memory().await;
    let scene = Scene::on(&server).await;
    let second = scene.anna.get("/records/contacts?limit=1").await.expect(200);
    assert_eq!(second.body["next_cursor"], Value::Null);
    let roles = scene.anna.get("/roles?limit=1").await.expect(200).text("next_cursor");
    let presets = scene.anna.get("/presets?limit=1").await.expect(200).text("next_cursor");
    for route in lists() {
        let other = if route.path.ends_with("/roles") { &presets } else { &roles };
        let address = route.address(&scene.here.values(&route));
        for wrong in [
            "limit=0",
            "limit=201",
            "limit=-1",
            "limit=x",
            "limit=",
            "limit=1.5",
            "limit=99999999999999999999",
            "limit=1&limit=2",
            "cursor=x",
            "cursor=",
            "cursor=%00",
            "cursor=%ff",
            "unknown=1",
            "LIMIT=1",
            "q%00=1",
            "sort=nonsense",
            "%ff=%ff",
            // `["members Name",{"name_key":"\u0000",…` and worse.
            "cursor=WyJtZW1iZXJzIE5hbWUiLHsibmFtZV9rZXkiOiJcdTAwMDAiLCJpZCI6Im1icl8wMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMCIsIm9wZW4iOjB9XQ",
            &format!("cursor={other}"),
        ] {
            let needs = rules::needs(&route.name());
            let mark = if needs.is_empty() { "?" } else { "&" };
            let answer = scene.anna.get(&format!("{address}{needs}{mark}{wrong}")).await;
            problem(&answer, &[422], &format!("{} {wrong}", route.name()));
        }
    }
}

#[tokio::test]
async fn no_route_accepts_an_unknown_parameter() {
    let server = TestServer::in_memory().await;
    let scene = Scene::on(&server).await;
    for route in book::api() {
        let address = route.address(&scene.here.values(&route));
        let address = format!("{address}?unknown=1");
        let answer = scene.anna.request(&route.method, &address, None).await;
        problem(&answer, &[422], &route.name());
        assert_eq!(answer.body["errors"][0]["code"], "unknown_parameter", "{}", answer.text);
    }
}

#[tokio::test]
async fn no_parameter_causes_an_internal_error() {
    for server in [TestServer::in_memory().await, TestServer::on_postgres().await] {
        let scene = Scene::on(&server).await;
        for route in book::api().into_iter().filter(|route| route.method == "GET") {
            let address = route.address(&scene.here.values(&route));
            let long = "x".repeat(9_000);
            for parameter in &route.parameters {
                for value in ["%00", "a%00b", "%ff", "", "-1", "%25_%5c", "%F0%9F%A6%80", &long]
                {
                    let what = format!("{address}?{parameter}={value}");
                    let answer = scene.anna.get(&what).await;
                    assert!(answer.status < 500, "{what}: {}", answer.text);
                    if answer.status >= 400 {
                        problem(&answer, &[404, 422], &what);
                    }
                }
            }
        }
    }
}

/// Whether the limit bounds the members of each item instead of the items.
fn is_of_members(route: &Route) -> bool {
    route.path.ends_with("/records/{entity}/{id}/access")
}

/// What the limit of a route bounds, and the cursor of the next page: the items, or the members of the
/// one action asked about.
fn entries(route: &Route, page: &Answer) -> (Vec<Value>, Option<String>) {
    let list = if is_of_members(route) {
        let action = &page.items()[0];
        (&action["members"], &action["next_cursor"])
    } else {
        (&page.body["items"], &page.body["next_cursor"])
    };
    (list.0.as_array().cloned().unwrap_or_default(), list.1.as_str().map(str::to_owned))
}

#[tokio::test]
async fn the_pages_together_are_the_list() {
    let server = TestServer::in_memory().await;
    let scene = Scene::on(&server).await;
    for route in
        lists().into_iter().filter(|route| route.parameters.contains(&"limit".to_owned()))
    {
        let address = route.address(&scene.here.values(&route));
        let action = if is_of_members(&route) { "&action=read" } else { "" };
        let whole = scene.anna.get(&format!("{address}?limit=200{action}")).await.expect(200);
        let (list, _) = entries(&route, &whole);
        assert!(!is_of_members(&route) || !list.is_empty(), "{address}");
        let mut walked: Vec<Value> = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = format!("{address}?limit=1{action}{cursor}");
            let page = scene.anna.get(&page).await.expect(200);
            let (part, next) = entries(&route, &page);
            assert!(part.len() <= 1, "{address}");
            assert_eq!(page.body.get("total"), whole.body.get("total"), "{address}");
            walked.extend(part);
            assert!(walked.len() <= list.len(), "{address}");
            let Some(next) = next else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(walked, list, "{address}");
    }
}

/// Inserts records of a type of its own that have a few hundred kilobytes each, and changes of one of them. Returns
/// that one.
async fn insert_large(scene: &Scene) -> String {
    let keys: Vec<String> = (0..6).map(|n| format!("text_{n}")).collect();
    let mut fields =
        vec![json!({"key": "name", "name": "Name", "type": "text", "required": true})];
    fields.extend(keys.iter().map(|key| json!({"key": key, "name": key, "type": "long_text"})));
    let entity = json!({"key": "dossiers", "name": "Dossiers", "fields": fields});
    let _ = scene.anna.post("/schema/entities", entity).await.expect(201);
    let filled = |name: &str, letter: &str| {
        let mut fields = serde_json::Map::new();
        fields.insert("name".to_owned(), name.into());
        fields.extend(keys.iter().map(|key| (key.clone(), letter.repeat(49_000).into())));
        json!({ "fields": fields })
    };
    let mut last = String::new();
    for number in 0..10 {
        let name = format!("Dossier {number}");
        let made = scene.anna.post("/records/dossiers", filled(&name, "x")).await;
        last = made.expect(201).id();
    }
    for letter in ["a", "b", "c", "d", "e"] {
        let change = filled("Dossier", letter);
        let _ =
            scene.anna.patch(&format!("/records/dossiers/{last}"), change).await.expect(200);
    }
    last
}

#[tokio::test]
async fn every_page_of_large_items_is_bounded_and_the_pages_are_the_list() {
    for server in [TestServer::in_memory().await, TestServer::on_postgres().await] {
        let scene = Scene::on(&server).await;
        let record = insert_large(&scene).await;
        let things = scene.here.clone();
        let things = things.with("record type", "dossiers".to_owned()).with("record", record);
        let mut ended_early = Vec::new();
        for route in lists().into_iter().filter(|route| !is_of_members(route)) {
            let has_limit = route.parameters.contains(&"limit".to_owned());
            let address = route.address(&things.values(&route));
            let needs = rules::needs(&route.name()).replace("q=zoe", "q=dossier");
            let mark = if needs.is_empty() { "?" } else { "&" };
            let limit = if has_limit { format!("{mark}limit=200") } else { String::new() };
            let (mut walked, mut cursor, mut total) = (Vec::new(), String::new(), Value::Null);
            loop {
                let path = format!("{address}{needs}{limit}{cursor}");
                let page = scene.anna.get(&path).await.expect(200);
                let items = page.items().to_vec();
                let most = PART_BYTES + (64 << 10);
                assert!(
                    page.text.len() <= most || items.len() == 1,
                    "{path}: {}",
                    page.text.len()
                );
                total = page.body.get("total").cloned().unwrap_or(total);
                let Some(next) = page.body["next_cursor"].as_str() else {
                    walked.extend(items);
                    break;
                };
                assert!(!items.is_empty(), "{path}");
                if items.len() < 200 && has_limit {
                    ended_early.push(route.path.clone());
                }
                walked.extend(items);
                cursor = format!("{}cursor={next}", if has_limit { "&" } else { mark });
            }
            let mut once = walked.clone();
            once.sort_by_key(ToString::to_string);
            once.dedup();
            assert_eq!(once.len(), walked.len(), "{address}: an item is on two pages");
            if let Some(total) = total.as_u64() {
                assert_eq!(walked.len() as u64, total, "{address}");
            }
        }
        // Lists of records and of the audit log have more than a page.
        for list in ["/records/{entity}", "/audit"] {
            assert!(
                ended_early.iter().any(|path| path.ends_with(list)),
                "{list}: {ended_early:?}"
            );
        }
    }
}

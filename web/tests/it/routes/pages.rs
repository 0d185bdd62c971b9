//! Pages of lists, on every route that returns one: invalid parameters are refused, and the pages
//! together are the list.

use hallpass_testkit::{Answer, TestServer};
use serde_json::Value;

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

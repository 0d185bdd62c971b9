//! Unknown and foreign ids, on every route that takes one: not found, and nothing is changed.

use hallpass_testkit::TestServer;

use super::book::{self, Route};
use super::scene::{Scene, census};
use super::{problem, rules};

/// Texts in place of an id that only a database could fail on.
const RAW: [&str; 5] = ["%00", "a%00b", "%ff", "%F0%9F%A6%80", "%E2%80%AE"];

/// Other texts that are not ids.
const ODD: [&str; 9] = ["x", "1", "..%2f..", "%20", "mbr_", "-", "'--", "%25", "null"];

/// The values that are tried in place of an id.
fn bad_values(odd: &[&str], noun: &str, mine: &str, foreign: &str) -> Vec<String> {
    let mut bad: Vec<String> = RAW.iter().chain(odd).map(|text| (*text).to_owned()).collect();
    bad.push("x".repeat(9_000));
    if let Some((prefix, digits)) = mine.split_once('_').filter(|(_, rest)| rest.len() == 32) {
        bad.push(format!("{prefix}_{}", "f".repeat(32)));
        bad.push(format!("{prefix}_{}", "F".repeat(32)));
        bad.push(format!("{prefix}_{digits}0"));
        bad.push(format!("{}_{digits}", if prefix == "rec" { "mbr" } else { "rec" }));
        bad.push(digits.to_owned());
    }
    // Some things are the same in every workspace, and a link works for any client.
    let is_link = noun.ends_with("link");
    if foreign != mine && !is_link {
        bad.push(foreign.to_owned());
    }
    bad
}

/// The statuses of responses to an unknown id.
fn not_found(noun: &str) -> &'static [u16] {
    match noun {
        // The record type is known, and the problem lists its actions.
        "action" => &[404, 422],
        // The problem says that the link is invalid.
        "reset link" | "address link" | "confirmation link" | "set-up link" => &[404, 409],
        _ => &[404],
    }
}

async fn find_nothing(server: TestServer, odd: &[&str]) {
    let scene = Scene::on(&server).await;
    for route in book::api() {
        let (nouns, values) = (route.nouns(), scene.here.values(&route));
        let foreign = scene.there.values(&route);
        let before = census(&server).await;
        for (place, noun) in nouns.iter().enumerate() {
            for bad in bad_values(odd, noun, &values[place], &foreign[place]) {
                let mut asked = values.clone();
                asked[place] = bad;
                let address = route.address(&asked);
                let body = route.has_body.then(|| rules::body(&route.name(), &scene.here));
                let answer = scene.anna.request(&route.method, &address, body).await;
                let shown: String = address.chars().take(160).collect();
                problem(&answer, not_found(noun), &format!("{} {shown}", route.method));
            }
        }
        assert_eq!(census(&server).await, before, "{}", route.name());
    }
}

#[tokio::test]
async fn unknown_ids_are_not_found_on_sqlite() {
    find_nothing(TestServer::in_memory().await, &ODD).await;
}

#[tokio::test]
async fn unknown_ids_are_not_found_on_postgres() {
    find_nothing(TestServer::on_postgres().await, &[]).await;
}

#[tokio::test]
async fn a_member_of_another_workspace_finds_nothing() {
    let server = TestServer::in_memory().await;
    let scene = Scene::on(&server).await;
    let before = census(&server).await;
    let inside = |route: &Route| route.path.contains("{ws}");
    for route in book::api().into_iter().filter(inside) {
        let answer = scene.ask(&scene.eve, &route).await;
        problem(&answer, &[404], &route.name());
        // By its id the workspace is hidden as well.
        let mut values = scene.here.values(&route);
        values[0] = scene.anna.get("").await.expect(200).id();
        let body = route.has_body.then(|| rules::body(&route.name(), &scene.here));
        let answer = scene.eve.request(&route.method, &route.address(&values), body).await;
        problem(&answer, &[404], &route.name());
    }
    assert_eq!(census(&server).await, before);
}

#[tokio::test]
async fn ids_of_another_workspace_in_bodies_are_not_found() {
    let server = TestServer::in_memory().await;
    let scene = Scene::on(&server).await;
    let nouns = ["member", "department", "team", "profile", "role", "record", "caller"];
    for route in book::api().into_iter().filter(|route| route.has_body) {
        let before = census(&server).await;
        let good = rules::body(&route.name(), &scene.here).to_string();
        for noun in nouns {
            let (mine, theirs) = (scene.here.of(noun), scene.there.of(noun));
            if !good.contains(&mine) {
                continue;
            }
            let bad = serde_json::from_str(&good.replace(&mine, &theirs)).unwrap();
            let address = route.address(&scene.here.values(&route));
            let answer = scene.anna.request(&route.method, &address, Some(bad)).await;
            let what = format!("{} with the {noun} of another", route.name());
            // No member may act on records of an owner outside the workspace.
            if route.name() == "POST /workspaces/{ws}/access/who" && answer.status == 200 {
                continue;
            }
            if route.name() == "POST /workspaces/{ws}/access/preview" && answer.status == 200 {
                assert_eq!(answer.body["refused"]["status"], 404, "{what}: {}", answer.text);
                continue;
            }
            if route.name() == "POST /workspaces/{ws}/reassignments" && noun == "record" {
                assert_eq!(answer.body["total"], 0, "{what}: {}", answer.text);
                continue;
            }
            problem(&answer, &[404, 422], &what);
        }
        if route.name() != "POST /workspaces/{ws}/reassignments" {
            assert_eq!(census(&server).await, before, "{}", route.name());
        }
    }
}

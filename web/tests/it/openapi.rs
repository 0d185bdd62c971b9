//! The description of the API: complete, and equal to the published one.

use std::collections::BTreeSet;

use hallpass_testkit::TestServer;
use serde_json::Value;

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let each = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap();
        methods.iter().map(move |(method, operation)| (format!("{method} {path}"), operation))
    });
    each.collect()
}

#[test]
fn the_published_description_is_current() {
    let path = format!("{}/../docs/openapi.json", env!("CARGO_MANIFEST_DIR"));
    let mut current = serde_json::to_string_pretty(&hallpass_web::openapi::document()).unwrap();
    current.push('\n');
    if std::env::var_os("HALLPASS_REWRITE").is_some() {
        std::fs::write(&path, &current).unwrap();
    }

    let published = std::fs::read_to_string(&path).unwrap_or_default();

    assert!(
        published == current,
        "`docs/openapi.json` is out of date: `HALLPASS_REWRITE=1 cargo test -p \
         hallpass-web --test it openapi` updates it; review the difference"
    );
}

#[test]
fn every_route_and_parameter_is_described() {
    let document = hallpass_web::openapi::document();
    let mut names = BTreeSet::new();

    for (route, operation) in operations(&document) {
        assert!(
            names.insert(operation["operationId"].to_string()),
            "{route}: duplicate operation id"
        );
        let summary = operation["summary"].as_str().unwrap_or_default();
        assert!(summary.contains(' '), "{route}: `{summary}` is no summary");
        assert!(operation["tags"][0].is_string(), "{route} has no tag");
        let parameters = operation["parameters"].as_array().unwrap();
        let variables = route.matches('{').count();
        let in_path = parameters.iter().filter(|one| one["in"] == "path").count();
        assert_eq!(in_path, variables, "{route}");
        for parameter in parameters {
            let meaning = parameter["description"].as_str().unwrap_or_default();
            assert!(!meaning.is_empty(), "{route}: `{}` has no description", parameter["name"]);
        }
    }
}

#[test]
fn every_reference_of_the_description_resolves() {
    let document = hallpass_web::openapi::document();
    let text = document.to_string();

    for pointer in
        text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap())
    {
        assert!(document.pointer(pointer).is_some(), "there is no `{pointer}`");
    }
    assert_eq!(document["openapi"], "3.1.0");
}

#[tokio::test]
async fn the_server_publishes_the_description_as_json_and_as_a_page() {
    let server = TestServer::in_memory().await;
    let stranger = server.anonymous();

    let served = stranger.get("/api/v1/openapi.json").await.expect(200);
    let page = stranger.get("/api/docs").await.expect(200);

    assert_eq!(served.body, hallpass_web::openapi::document());
    for (route, operation) in operations(&served.body) {
        let name = operation["operationId"].as_str().unwrap();
        assert!(page.text.contains(&format!("id=\"{name}\"")), "{route} is not on the page");
    }
    assert!(!page.text.contains("http://") && !page.text.contains("https://"));
    assert!(!page.text.contains("<script"));
}

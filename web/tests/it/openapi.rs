//! The description of the API: complete, and the same as the one that is published with the source.

use std::collections::BTreeSet;
use std::path::Path;

use hallpass_testkit::TestServer;
use hallpass_web::openapi::document;
use serde_json::Value;

/// What a summary begins with.
const VERBS: [&str; 38] = [
    "Accept",
    "Add",
    "Answer",
    "Cancel",
    "Change",
    "Check",
    "Compare",
    "Confirm",
    "Create",
    "Deactivate",
    "Delete",
    "Explain",
    "Export",
    "Get",
    "Import",
    "Invite",
    "Leave",
    "List",
    "Perform",
    "Preview",
    "Reactivate",
    "Reassign",
    "Receive",
    "Remove",
    "Replace",
    "Request",
    "Resend",
    "Reset",
    "Restore",
    "Revoke",
    "Run",
    "Search",
    "Sign",
    "Test",
    "Transfer",
    "Update",
    "Verify",
    "View",
];

fn operations() -> Vec<(String, &'static Value)> {
    let paths = document()["paths"].as_object().unwrap();
    let each = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap();
        methods.iter().map(move |(method, operation)| (format!("{method} {path}"), operation))
    });
    each.collect()
}

/// A value, or the component that it refers to.
fn found(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(way) => document().pointer(way.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

fn described(value: &Value) -> bool {
    value["description"].as_str().is_some_and(|text| text.len() > 2)
}

#[test]
fn the_published_description_is_current() {
    let path = format!("{}/../docs/openapi.json", env!("CARGO_MANIFEST_DIR"));
    let mut said = serde_json::to_string_pretty(document()).unwrap();
    said.push('\n');
    if std::env::var_os("HALLPASS_REWRITE").is_some() {
        std::fs::write(&path, &said).unwrap();
    }

    let published = std::fs::read_to_string(&path).unwrap_or_default();

    assert!(
        published == said,
        "`docs/openapi.json` is older than the code: `cargo xtask golden openapi` rewrites it; \
         look at the difference"
    );
}

#[test]
fn every_operation_has_a_summary_a_description_and_an_example() {
    let mut names = BTreeSet::new();
    for (route, operation) in operations() {
        assert!(
            names.insert(operation["operationId"].to_string()),
            "{route}: a second of a name"
        );
        let summary = operation["summary"].as_str().unwrap_or_default();
        let words: Vec<&str> = summary.split(' ').collect();
        assert!((1..=8).contains(&words.len()), "{route}: `{summary}`");
        assert!(VERBS.contains(&words[0]), "{route}: `{summary}` begins with no verb");
        assert!(!summary.ends_with('.') && !summary.contains('`'), "{route}: `{summary}`");
        assert!(described(operation), "{route} has no description");
        assert!(operation["tags"][0].is_string(), "{route} has no tag");
        let tags = document()["tags"].as_array().unwrap();
        assert!(tags.iter().any(|tag| tag["name"] == operation["tags"][0]), "{route}: its tag");
        check_examples(&route, operation);
    }
}

fn check_examples(route: &str, operation: &'static Value) {
    if let Some(content) = operation["requestBody"]["content"].as_object() {
        for (kind, content) in content {
            assert!(content["example"].is_object(), "{route} has no example of a {kind} body");
        }
    }
    let responses = operation["responses"].as_object().unwrap();
    let successes = responses.iter().filter(|(status, _)| status.starts_with('2'));
    let content =
        successes.filter_map(|(_, response)| response["content"].as_object()).flatten();
    let examples =
        content.clone().filter(|(_, content)| content.get("example").is_some()).count();
    assert!(examples > 0 || content.count() == 0, "{route} has no example of a response");
}

#[test]
fn every_response_is_described() {
    for (route, operation) in operations() {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let what = format!("{route}: {status}");
            let response = found(response);
            assert!(described(response), "{what} is not described");
            assert!(status.parse::<u16>().is_ok(), "{what} is no status");
            assert!(
                response["headers"]["X-Request-Id"].is_object(),
                "{what} has no request id"
            );
            if !status.starts_with('2') {
                let schema = &response["content"]["application/problem+json"]["schema"];
                assert_eq!(schema["$ref"], "#/components/schemas/Problem", "{what}");
            }
        }
    }
}

#[test]
fn every_parameter_is_described_and_limited() {
    for (route, operation) in operations() {
        let parameters = operation["parameters"].as_array().unwrap();
        let in_path = parameters.iter().filter(|one| one["in"] == "path").count();
        assert_eq!(in_path, route.matches('{').count(), "{route}");
        for parameter in parameters {
            let what = format!("{route}: `{}`", parameter["name"]);
            assert!(described(parameter), "{what} is not described");
            check_limits(&what, &parameter["schema"]);
            if parameter["name"] == "limit" {
                let limit = found(&parameter["schema"]);
                let bounds = (&limit["minimum"], &limit["maximum"], &limit["default"]);
                assert_eq!(bounds, (&1.into(), &200.into(), &50.into()), "{what}");
            }
        }
    }
}

/// Ends the test unless a value that clients send is limited.
fn check_limits(what: &str, schema: &'static Value) {
    let schema = found(schema);
    if let Some(ways) = schema["oneOf"].as_array() {
        for way in ways.iter().filter(|way| way["type"] != "null") {
            check_limits(what, way);
        }
        return;
    }
    let kind = &schema["type"];
    let kinds = kind.as_array().cloned().unwrap_or_else(|| vec![kind.clone()]);
    let has = |keys: &[&str]| keys.iter().any(|key| schema.get(key).is_some());
    for kind in &kinds {
        match kind.as_str().unwrap_or_default() {
            "string" => {
                let limits = ["enum", "pattern", "maxLength", "minLength", "format"];
                assert!(has(&limits), "{what}: a text without a limit");
            }
            "integer" | "number" => {
                assert!(has(&["minimum"]), "{what}: a number without a minimum");
                assert!(has(&["maximum"]), "{what}: a number without a maximum");
            }
            "array" => {
                assert!(has(&["maxItems"]), "{what}: a list without a largest length");
                check_limits(what, &schema["items"]);
            }
            "object" | "boolean" | "null" => {}
            other => panic!("{what} is of the kind `{other}`"),
        }
    }
}

/// The schemas that bodies of requests use, by name.
fn request_schemas() -> BTreeSet<String> {
    let bodies =
        operations().into_iter().map(|(_, operation)| operation["requestBody"].to_string());
    let mut open: Vec<String> = bodies.collect();
    let mut names = BTreeSet::new();
    while let Some(text) = open.pop() {
        for rest in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
            let name = rest.split('"').next().unwrap().to_owned();
            if names.insert(name.clone()) {
                open.push(document()["components"]["schemas"][&name].to_string());
            }
        }
    }
    names
}

#[test]
fn every_field_is_described_and_those_of_requests_are_limited() {
    let schemas = document()["components"]["schemas"].as_object().unwrap();
    let requests = request_schemas();
    assert!(requests.len() > 40, "{} schemas of requests", requests.len());
    for (name, schema) in schemas {
        let is_page = name.starts_with("Page_");
        assert!(described(schema) || is_page, "{name} is not described");
        let is_request = name.ends_with("Request");
        if is_request && schema["properties"].is_object() {
            assert_eq!(schema["additionalProperties"], false, "{name} accepts unknown fields");
        }
        let parts = schema["allOf"].as_array();
        for part in parts.into_iter().flatten().chain([schema]) {
            for (field, schema) in part["properties"].as_object().into_iter().flatten() {
                let what = format!("{name}.{field}");
                assert!(described(schema), "{what} is not described");
                if requests.contains(name) {
                    check_limits(&what, schema);
                }
            }
        }
    }
}

#[test]
fn every_reference_of_the_description_resolves() {
    let text = document().to_string();
    for way in text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(document().pointer(way).is_some(), "there is no `{way}`");
    }
    for (name, _) in document()["components"]["schemas"].as_object().unwrap() {
        let is_used = text.contains(&format!("#/components/schemas/{name}\""));
        assert!(is_used, "nothing refers to the schema `{name}`");
    }
    assert_eq!(document()["openapi"], "3.1.0");
}

#[tokio::test]
async fn the_server_publishes_the_description_as_json_and_as_a_page() {
    let server = TestServer::in_memory().await;
    let stranger = server.anonymous();

    let served = stranger.get("/api/v1/openapi.json").await.expect(200);
    let page = stranger.get("/api/docs").await.expect(200);

    assert_eq!(&served.body, document());
    for (route, operation) in operations() {
        let name = operation["operationId"].as_str().unwrap();
        assert!(page.text.contains(&format!("id=\"{name}\"")), "{route} is not on the page");
    }
    assert!(!page.text.contains("src=\"http") && !page.text.contains("href=\"http"));
    for script in page.text.split("<script").skip(1) {
        assert!(script.starts_with(" src=\"/assets/"), "a script within the page");
    }
}

/// A field of a response without a value is `null`, and the description says so; one that is absent
/// instead must be described by the type of its value.
#[test]
fn a_field_that_may_be_absent_is_described_as_one() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![sources];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a file");
            let parts = text.split(r#"skip_serializing_if = "Option::is_none")]"#).skip(1);
            for after in parts {
                seen += 1;
                let next = after.trim_start();
                let described = next.starts_with("#[schema(value_type");
                assert!(described, "{}: {next:.80}", path.display());
            }
        }
    }
    assert!(seen > 10, "{seen} fields");
}

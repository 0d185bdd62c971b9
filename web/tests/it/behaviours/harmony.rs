//! Harmony: workspaces, permission strings, deletion of accounts.

mod accounts;
mod container;
mod isolation;
mod operator;
mod people;
mod sharing;
mod subscription;
mod switching;

use hallpass_app::App;
use hallpass_app::operation::Operator;
use hallpass_app::workspace::NewWorkspace;
use hallpass_domain::email::Email;
use hallpass_testkit::{Person, TestServer, TestWorkspace};
use serde_json::Value;

/// Creates a workspace as the operator, for the account `name@example.com`.
async fn make(app: &App, name: &str, slug: &str) {
    let email = Email::parse(&format!("{name}@example.com")).unwrap();
    let ask = NewWorkspace {
        name: format!("The {slug}"),
        slug: slug.to_owned(),
        blueprint: Some("harmony".to_owned()),
        blueprint_text: None,
    };
    let _ = app.workspaces().create_as(&Operator::new("olga"), &email, &ask).await.unwrap();
}

/// A further workspace for a person, created by the operator.
async fn further<'t>(
    server: &'t TestServer,
    person: &Person,
    name: &str,
    slug: &'static str,
) -> TestWorkspace<'t> {
    make(&server.app, name, slug).await;
    let anna = person.at(slug).await;
    TestWorkspace::new(server, "harmony", slug, anna)
}

/// Every route of the API with its methods, from the OpenAPI document.
async fn routes(server: &TestServer) -> Vec<(String, Vec<String>)> {
    let document = server.anonymous().get("/api/v1/openapi.json").await.expect(200).body;
    let paths = document["paths"].as_object().unwrap();
    let methods = |one: &Value| {
        one.as_object().unwrap().keys().map(|method| method.to_uppercase()).collect()
    };
    paths.iter().map(|(path, one)| (path.clone(), methods(one))).collect()
}

/// The record types of the access model.
const RECORDS: [&str; 9] = [
    "conversations",
    "transcripts",
    "insights",
    "action_items",
    "insight_projects",
    "definitions",
    "project_knowledge",
    "contacts",
    "accounts",
];

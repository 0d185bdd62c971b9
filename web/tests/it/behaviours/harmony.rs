//! Harmony: workspaces and who may do what to them, permission strings, accounts that go.

mod accounts;
mod container;
mod isolation;
mod operator;
mod people;
mod sharing;
mod subscription;
mod switching;

use hallpass_app::House;
use hallpass_app::operation::Operator;
use hallpass_app::workspace::NewWorkspace;
use hallpass_domain::email::Email;
use hallpass_testkit::{Office, Person, Town};
use serde_json::Value;

/// Makes a workspace as the operator, for whoever has signed up as `name@example.com`.
async fn make(house: &House, name: &str, slug: &str) {
    let email = Email::parse(&format!("{name}@example.com")).unwrap();
    let ask = NewWorkspace {
        name: format!("The {slug}"),
        slug: slug.to_owned(),
        blueprint: Some("harmony".to_owned()),
        blueprint_text: None,
    };
    let _ = house.create_workspace_for(&Operator::new("olga"), &email, &ask).await.unwrap();
}

/// A further workspace for somebody, which the operator makes.
async fn further<'t>(
    town: &'t Town,
    person: &Person,
    name: &str,
    slug: &'static str,
) -> Office<'t> {
    make(&town.house, name, slug).await;
    let anna = person.at(slug).await;
    Office { town, blueprint: "harmony".to_owned(), slug: slug.to_owned(), anna }
}

/// Every route of the API with its methods, by its description.
async fn routes(town: &Town) -> Vec<(String, Vec<String>)> {
    let document = town.stranger().get("/api/v1/openapi.json").await.expect(200).body;
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

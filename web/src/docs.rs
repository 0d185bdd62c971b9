//! The documentation of the API as a page: the same description as `openapi.json`, with an example
//! for each operation, without a network.

use std::sync::LazyLock;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde_json::Value;

use crate::error::Problem;
use crate::page;
use crate::routes::Routes;
use crate::state::Web;
use crate::{asset, openapi};

mod curl;
mod json;
mod limits;
mod prose;
mod schema;

use json::{at, text};
use prose::Prose;
use schema::{Row, Schemas};

pub(crate) fn routes() -> Routes {
    Routes::default().get("/api/docs", docs)
}

/// The documentation.
#[derive(Template)]
#[template(path = "pages/docs.html")]
struct DocsPage<'p> {
    assets: &'static str,
    /// The URL of this server.
    base: &'p str,
    reference: &'p Reference,
}

/// Everything that the page shows of the API.
struct Reference {
    /// What holds for every operation, in paragraphs.
    about: Vec<Prose>,
    groups: Vec<Group>,
}

/// The operations with a tag.
struct Group {
    name: String,
    anchor: String,
    about: Prose,
    operations: Vec<Operation>,
}

struct Operation {
    name: String,
    method: String,
    verb: String,
    path: String,
    summary: String,
    about: Vec<Prose>,
    is_public: bool,
    parameters: Vec<Row>,
    body: Vec<Row>,
    curl: String,
    responses: Vec<DocumentedResponse>,
    problems: Vec<DocumentedResponse>,
}

struct DocumentedResponse {
    status: String,
    about: Prose,
    headers: Vec<Row>,
    fields: Vec<Row>,
    example: String,
}

static REFERENCE: LazyLock<Reference> = LazyLock::new(|| Reference::of(openapi::document()));

async fn docs(State(web): State<Web>) -> Result<Response, Problem> {
    let base = web.http.base_url.trim_end_matches('/');
    page::render(&DocsPage { assets: asset::folder(), base, reference: &REFERENCE })
}

impl Reference {
    fn of(document: &'static Value) -> Reference {
        let mut groups: Vec<Group> = Vec::new();
        for tag in at(document, "/tags").as_array().into_iter().flatten() {
            let name = text(at(tag, "/name"));
            groups.push(Group {
                anchor: name.to_lowercase().replace(' ', "-"),
                about: Prose::of(at(tag, "/description")),
                name,
                operations: Vec::new(),
            });
        }
        for (path, methods) in at(document, "/paths").as_object().into_iter().flatten() {
            for (method, operation) in methods.as_object().into_iter().flatten() {
                let tag = text(at(operation, "/tags/0"));
                if let Some(group) = groups.iter_mut().find(|group| group.name == tag) {
                    let schemas = Schemas(document);
                    group.operations.push(Operation::of(path, method, operation, schemas));
                }
            }
        }
        Reference { about: Prose::paragraphs(at(document, "/info/description")), groups }
    }
}

impl Operation {
    fn of(path: &str, method: &str, operation: &Value, schemas: Schemas<'_>) -> Operation {
        let parameters = at(operation, "/parameters").as_array().into_iter().flatten();
        let body = at(operation, "/requestBody/content/application~1json");
        let all = at(operation, "/responses").as_object().into_iter().flatten();
        let is_success = |status: &str| status.starts_with('2');
        let responses = all.clone().filter(|(status, _)| is_success(status));
        let problems = all.filter(|(status, _)| !is_success(status));
        Operation {
            name: text(at(operation, "/operationId")),
            method: method.to_owned(),
            verb: method.to_uppercase(),
            path: path.to_owned(),
            summary: text(at(operation, "/summary")),
            about: Prose::paragraphs(at(operation, "/description")),
            is_public: operation.get("security").is_some(),
            parameters: parameters.map(|one| schemas.parameter(one)).collect(),
            body: schemas.rows(at(body, "/schema")),
            curl: curl::command(path, method, operation),
            responses: responses.map(|one| DocumentedResponse::of(one, schemas)).collect(),
            problems: problems.map(|one| DocumentedResponse::of(one, schemas)).collect(),
        }
    }
}

impl DocumentedResponse {
    fn of((status, response): (&String, &Value), schemas: Schemas<'_>) -> DocumentedResponse {
        let response = schemas.found(response);
        let content = at(response, "/content").as_object();
        let content =
            content.and_then(|content| content.values().next()).unwrap_or(&Value::Null);
        let headers = at(response, "/headers").as_object().into_iter().flatten();
        let headers = headers.filter(|(name, _)| *name != "X-Request-Id");
        let is_problem = !status.starts_with('2');
        DocumentedResponse {
            status: status.clone(),
            about: Prose::of(at(response, "/description")),
            headers: headers.map(|(name, header)| schemas.header(name, header)).collect(),
            fields: if is_problem {
                Vec::new()
            } else {
                schemas.answered(at(content, "/schema"))
            },
            example: content.get("example").map(shown).unwrap_or_default(),
        }
    }
}

/// An example as it is shown: text as it is, JSON with line breaks.
fn shown(example: &Value) -> String {
    match example.as_str() {
        Some(text) => text.to_owned(),
        None => serde_json::to_string_pretty(example).unwrap_or_default(),
    }
}

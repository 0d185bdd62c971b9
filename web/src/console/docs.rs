//! The documentation of the API as a page: the same description as `openapi.json`, without a
//! script and without a network.

use std::sync::LazyLock;

use askama::Template;
use axum::response::Response;
use serde_json::Value;

use super::page;
use crate::routes::Routes;
use crate::{asset, openapi};

mod prose;
mod schema;

use prose::Prose;
use schema::{Row, Schemas};

pub(crate) fn routes() -> Routes {
    Routes::default().get("/api/docs", docs)
}

/// The documentation.
#[derive(Template)]
#[template(path = "pages/docs.html")]
struct DocsPage {
    assets: &'static str,
    /// What holds for every route, in paragraphs.
    about: Vec<Prose>,
    groups: Vec<Group>,
}

/// The routes of a noun.
struct Group {
    name: String,
    anchor: String,
    routes: Vec<Route>,
}

struct Route {
    name: String,
    method: String,
    verb: String,
    path: String,
    summary: Prose,
    about: Prose,
    is_public: bool,
    parameters: Vec<Row>,
    body: Vec<Row>,
    answers: Vec<Answer>,
}

struct Answer {
    status: String,
    about: String,
    fields: Vec<Row>,
}

static PAGE: LazyLock<DocsPage> = LazyLock::new(|| DocsPage::of(&openapi::document()));

async fn docs() -> Response {
    page::render(&*PAGE)
}

impl DocsPage {
    fn of(document: &Value) -> DocsPage {
        let schemas = Schemas(at(document, "/components/schemas"));
        let mut groups: Vec<Group> = Vec::new();
        for (path, methods) in at(document, "/paths").as_object().into_iter().flatten() {
            for (method, operation) in methods.as_object().into_iter().flatten() {
                let noun = text(at(operation, "/tags/0"));
                let route = Route::of(path, method, operation, schemas);
                match groups.iter_mut().find(|group| group.name == noun) {
                    Some(group) => group.routes.push(route),
                    None => groups.push(Group {
                        anchor: noun.to_lowercase().replace(' ', "-"),
                        name: noun,
                        routes: vec![route],
                    }),
                }
            }
        }
        groups.sort_by(|a, b| a.name.cmp(&b.name));
        let about = text(at(document, "/info/description"));
        DocsPage {
            assets: asset::folder(),
            about: about.split("\n\n").map(Prose::new).collect(),
            groups,
        }
    }
}

impl Route {
    fn of(path: &str, method: &str, operation: &Value, schemas: Schemas<'_>) -> Route {
        let parameters = at(operation, "/parameters").as_array().into_iter().flatten();
        let body = at(operation, "/requestBody/content/application~1json/schema");
        let answers = at(operation, "/responses").as_object().into_iter().flatten();
        let answer = |(status, response): (&String, &Value)| Answer {
            status: status.clone(),
            about: text(at(response, "/description")),
            fields: schemas.answered(at(response, "/content/application~1json/schema")),
        };
        Route {
            name: text(at(operation, "/operationId")),
            method: method.to_owned(),
            verb: method.to_uppercase(),
            path: path.to_owned(),
            summary: Prose::of(at(operation, "/summary")),
            about: Prose::of(at(operation, "/description")),
            is_public: operation.get("security").is_some(),
            parameters: parameters.map(|one| schemas.parameter(one)).collect(),
            body: schemas.rows(body),
            answers: answers.filter(|(status, _)| *status != "default").map(answer).collect(),
        }
    }
}

/// The value at a JSON pointer, or null.
fn at<'v>(value: &'v Value, pointer: &str) -> &'v Value {
    value.pointer(pointer).unwrap_or(&Value::Null)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

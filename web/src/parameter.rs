//! Parameters of routes: the description names every one, and what it does not name is refused.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use axum::extract::{MatchedPath, Query, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::Type;
use utoipa::openapi::{ObjectBuilder, OpenApi, PathItem, RefOr, Required};

use crate::error::Problem;

/// The query parameters that each route has.
#[derive(Clone)]
pub(crate) struct Known(Arc<HashMap<(Method, String), BTreeSet<String>>>);

impl Known {
    /// Those that a description names.
    pub(crate) fn of(document: &OpenApi) -> Known {
        let mut known = HashMap::new();
        for (path, item) in &document.paths.paths {
            for (method, operation) in operations(item) {
                known.insert((method, path.clone()), named(operation));
            }
        }
        Known(Arc::new(known))
    }
}

/// Names the parameters that stand in the paths of a description.
pub(crate) fn name_those_in_paths(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let names = path.split(['{', '}']).skip(1).step_by(2);
        let parameters: Vec<RefOr<Parameter>> = names.map(in_path).collect();
        let all =
            [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in all.into_iter().flatten() {
            let mut named = parameters.clone();
            named.extend(operation.parameters.take().into_iter().flatten());
            operation.parameters = Some(named).filter(|named| !named.is_empty());
        }
    }
}

fn in_path(name: &str) -> RefOr<Parameter> {
    let text = ObjectBuilder::new().schema_type(Type::String);
    let parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .schema(Some(text));
    RefOr::T(parameter.build())
}

fn operations(item: &PathItem) -> impl Iterator<Item = (Method, &Operation)> {
    let all = [
        (Method::GET, &item.get),
        (Method::POST, &item.post),
        (Method::PUT, &item.put),
        (Method::PATCH, &item.patch),
        (Method::DELETE, &item.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
}

fn named(operation: &Operation) -> BTreeSet<String> {
    let parameters = operation.parameters.iter().flatten().filter_map(|one| match one {
        RefOr::T(parameter) => Some(parameter),
        RefOr::Ref(_) => None,
    });
    let in_query = parameters.filter(|one| matches!(one.parameter_in, ParameterIn::Query));
    in_query.map(|one| one.name.clone()).collect()
}

/// Lets a request through whose parameters its route has.
pub(crate) async fn only_known(
    State(known): State<Known>,
    request: Request,
    next: Next,
) -> Response {
    match stray(&known, &request) {
        Some(problem) => problem.into_response(),
        None => next.run(request).await,
    }
}

fn stray(known: &Known, request: &Request) -> Option<Problem> {
    let route = request.extensions().get::<MatchedPath>()?.as_str().to_owned();
    let known = known.0.get(&(request.method().clone(), route))?;
    let Ok(Query(given)) = Query::<Vec<(String, String)>>::try_from_uri(request.uri()) else {
        return Some(Problem::field("", "bad_parameter", "the parameters cannot be read"));
    };
    let (stray, _) = given.into_iter().find(|(key, _)| !known.contains(key))?;
    let shown: String = stray.chars().filter(|c| !c.is_control()).take(64).collect();
    let known: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    let detail = format!("unknown parameter `{shown}`; this route has {known}");
    Some(Problem::field("", "unknown_parameter", detail))
}

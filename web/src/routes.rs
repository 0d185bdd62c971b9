//! Registration of routes: the only place that adds one to a router.
//!
//! **Invariant:** the list of registered routes is complete, since clippy forbids `Router::route`
//! and its like elsewhere. Tests compare the list with the access matrix.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{get, post};
use utoipa::openapi::path::PathItem;
use utoipa_axum::router::OpenApiRouter;

use crate::state::Web;

/// A registered route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The HTTP method.
    pub method: Method,
    /// The path, with its parameters in braces.
    pub path: String,
}

/// A router, and the list of its routes.
#[derive(Default)]
pub struct Routes {
    router: Router<Web>,
    registered: Vec<Route>,
}

impl Routes {
    /// Adds a `GET` route that is no part of the described API.
    #[expect(clippy::disallowed_methods, reason = "routes are registered here")]
    #[must_use]
    pub fn get<H, T>(mut self, path: &str, handler: H) -> Routes
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.registered.push(Route { method: Method::GET, path: path.to_owned() });
        self.router = self.router.route(path, get(handler));
        self
    }

    /// Adds a `POST` route that is no part of the described API.
    #[expect(clippy::disallowed_methods, reason = "routes are registered here")]
    #[must_use]
    pub fn post<H, T>(mut self, path: &str, handler: H) -> Routes
    where
        H: Handler<T, Web>,
        T: 'static,
    {
        self.registered.push(Route { method: Method::POST, path: path.to_owned() });
        self.router = self.router.route(path, post(handler));
        self
    }

    /// Adds the routes of the described API.
    pub(crate) fn api(mut self, api: OpenApiRouter<Web>) -> Routes {
        let (router, document) = api.split_for_parts();
        for (path, item) in &document.paths.paths {
            let route = |method| Route { method, path: path.clone() };
            self.registered.extend(methods(item).map(route));
        }
        self.router = self.router.merge(router);
        self
    }

    /// Wraps the router of the routes so far, with a layer for example.
    #[must_use]
    pub fn wrap(mut self, wrap: impl FnOnce(Router<Web>) -> Router<Web>) -> Routes {
        self.router = wrap(self.router);
        self
    }

    /// The paths of the `GET` routes so far, with their parameters in braces.
    #[must_use]
    pub fn pages(&self) -> Vec<String> {
        let pages = self.registered.iter().filter(|route| route.method == Method::GET);
        pages.map(|route| route.path.clone()).collect()
    }

    /// Adds other registered routes.
    #[must_use]
    pub fn merge(mut self, other: Routes) -> Routes {
        self.registered.extend(other.registered);
        self.router = self.router.merge(other.router);
        self
    }

    /// The routes, for the server.
    pub(crate) fn into_router(self) -> Router<Web> {
        self.router
    }

    /// The list of routes.
    #[must_use]
    pub fn into_list(self) -> Vec<Route> {
        self.registered
    }
}

fn methods(item: &PathItem) -> impl Iterator<Item = Method> {
    let operations = [
        (Method::GET, &item.get),
        (Method::PUT, &item.put),
        (Method::POST, &item.post),
        (Method::DELETE, &item.delete),
        (Method::OPTIONS, &item.options),
        (Method::HEAD, &item.head),
        (Method::PATCH, &item.patch),
        (Method::TRACE, &item.trace),
    ];
    operations
        .into_iter()
        .filter(|(_, operation)| operation.is_some())
        .map(|(method, _)| method)
}

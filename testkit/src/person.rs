//! A person: somebody with a browser, who may have signed in.

use std::sync::Mutex;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use crate::answer::Answer;

/// Somebody with a browser. Paths that do not begin with `/api` are those of the workspace where
/// they are.
pub struct Person {
    router: Router,
    cookie: Mutex<Option<String>>,
    key: Option<String>,
    workspace: String,
    /// Who they are there; empty before they are anywhere.
    pub id: String,
}

impl Person {
    pub(crate) fn new(router: Router) -> Person {
        Person {
            router,
            cookie: Mutex::new(None),
            key: None,
            workspace: String::new(),
            id: String::new(),
        }
    }

    /// A program in the same place, with an API key and no cookie.
    #[must_use]
    pub fn program(&self, key: &str) -> Person {
        let key = Some(key.to_owned());
        Person { cookie: Mutex::new(None), key, ..self.again() }
    }

    /// The same person with the same session, in a workspace.
    pub async fn at(&self, workspace: &str) -> Person {
        let mut person = self.again();
        workspace.clone_into(&mut person.workspace);
        let me = person.get("/me").await;
        me.body["id"].as_str().unwrap_or_default().clone_into(&mut person.id);
        person
    }

    /// The same person with the same session.
    #[must_use]
    pub fn again(&self) -> Person {
        Person {
            router: self.router.clone(),
            cookie: Mutex::new(self.cookie()),
            key: self.key.clone(),
            workspace: self.workspace.clone(),
            id: self.id.clone(),
        }
    }

    pub(crate) fn in_router(&self, router: Router) -> Person {
        Person { router, ..self.again() }
    }

    /// The cookie of their session.
    #[must_use]
    pub fn cookie(&self) -> Option<String> {
        self.cookie.lock().expect("nobody panics").clone()
    }

    /// Looks at something.
    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None).await
    }

    /// Sends something.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask("POST", path, Some(body)).await
    }

    /// Changes something.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.ask("PATCH", path, Some(body)).await
    }

    /// Puts something.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.ask("PUT", path, Some(body)).await
    }

    /// Deletes something.
    pub async fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path, None).await
    }

    /// Deletes something that wants a word.
    pub async fn delete_with(&self, path: &str, body: Value) -> Answer {
        self.ask("DELETE", path, Some(body)).await
    }

    /// Asks anything.
    pub async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let request = Request::builder().method(method).uri(self.uri(path));
        let request = match body {
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        self.send(request.expect("a request")).await
    }

    /// Sends a request as it is, with the cookie.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let mut request = request;
        if let Some(cookie) = self.cookie() {
            let cookie = cookie.parse().expect("a cookie");
            request.headers_mut().insert(header::COOKIE, cookie);
        }
        if let Some(key) = &self.key {
            let bearer = format!("Bearer {key}").parse().expect("a key");
            request.headers_mut().insert(header::AUTHORIZATION, bearer);
        }
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().expect("a cookie");
            let pair = line.split(';').next().unwrap_or_default().to_owned();
            let is_gone = line.contains("Max-Age=0");
            *self.cookie.lock().expect("nobody panics") = (!is_gone).then_some(pair);
        }
        let bytes = body.collect().await.expect("a body").to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: serde_json::from_str(&text).unwrap_or_default(),
            text,
        }
    }

    /// The address of a path.
    #[must_use]
    pub fn uri(&self, path: &str) -> String {
        let of_the_server = ["/api/", "/assets/", "/healthz", "/readyz"];
        if path == "/" || of_the_server.iter().any(|start| path.starts_with(start)) {
            path.to_owned()
        } else {
            format!("/api/v1/workspaces/{}{path}", self.workspace)
        }
    }
}

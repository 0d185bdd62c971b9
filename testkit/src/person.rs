//! A person: a client of the server that keeps its cookie.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Mutex;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use crate::answer::Answer;

/// A client that may have signed in. A path that does not begin with `/api` is relative to the
/// workspace of [`Person::at`].
pub struct Person {
    router: Router,
    cookie: Mutex<Option<String>>,
    /// The cookie that ties the answer of an identity provider to the browser.
    browser: Mutex<Option<String>>,
    /// The cookies of a sign-in: that of one that waits, and that of a trusted device.
    others: Mutex<BTreeMap<String, String>>,
    key: Option<String>,
    address: Option<SocketAddr>,
    workspace: String,
    /// The id of the member in the workspace; empty without one.
    pub id: String,
}

impl Person {
    pub(crate) fn new(router: Router) -> Person {
        Person {
            router,
            cookie: Mutex::new(None),
            browser: Mutex::new(None),
            others: Mutex::default(),
            key: None,
            address: None,
            workspace: String::new(),
            id: String::new(),
        }
    }

    /// A client in the same workspace, with an API key in place of the cookie.
    #[must_use]
    pub fn with_api_key(&self, key: &str) -> Person {
        let key = Some(key.to_owned());
        Person { cookie: Mutex::new(None), key, ..self.same_session() }
    }

    /// A client with the same session at a network address.
    #[must_use]
    pub fn behind(&self, address: [u8; 4]) -> Person {
        let address = Some(SocketAddr::from((address, 4711)));
        Person { address, ..self.same_session() }
    }

    /// The same person with the same session, in a workspace.
    pub async fn at(&self, workspace: &str) -> Person {
        let mut person = self.same_session();
        workspace.clone_into(&mut person.workspace);
        let me = person.get("/me").await;
        me.body["id"].as_str().unwrap_or_default().clone_into(&mut person.id);
        person
    }

    /// Another client with the same session.
    #[must_use]
    pub fn same_session(&self) -> Person {
        Person {
            router: self.router.clone(),
            cookie: Mutex::new(self.cookie()),
            browser: Mutex::new(None),
            others: Mutex::new(self.others()),
            key: self.key.clone(),
            address: self.address,
            workspace: self.workspace.clone(),
            id: self.id.clone(),
        }
    }

    pub(crate) fn in_router(&self, router: Router) -> Person {
        Person { router, ..self.same_session() }
    }

    /// The cookie of the session.
    #[must_use]
    pub fn cookie(&self) -> Option<String> {
        self.cookie.lock().expect("no panic while locked").clone()
    }

    fn others(&self) -> BTreeMap<String, String> {
        self.others.lock().expect("no panic while locked").clone()
    }

    /// The same device without its session, but with the other cookies.
    #[must_use]
    pub fn signed_out(&self) -> Person {
        Person { cookie: Mutex::new(None), ..self.same_session() }
    }

    /// Sends a GET request.
    pub async fn get(&self, path: &str) -> Answer {
        self.request("GET", path, None).await
    }

    /// Sends a POST request.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.request("POST", path, Some(body)).await
    }

    /// Sends a PATCH request.
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.request("PATCH", path, Some(body)).await
    }

    /// Sends a PUT request.
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.request("PUT", path, Some(body)).await
    }

    /// Sends a DELETE request.
    pub async fn delete(&self, path: &str) -> Answer {
        self.request("DELETE", path, None).await
    }

    /// Sends a DELETE request with a body.
    pub async fn delete_with(&self, path: &str, body: Value) -> Answer {
        self.request("DELETE", path, Some(body)).await
    }

    /// Sends a request with a JSON body or none.
    pub async fn request(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let request = Request::builder().method(method).uri(self.uri(path));
        let request = match body {
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        self.send(request.expect("a request")).await
    }

    /// Opens a page. A path that does not begin with `/` is one of the workspace: `settings/team`.
    pub async fn open(&self, path: &str) -> Answer {
        let request =
            Request::builder().uri(self.page(path)).header(header::ACCEPT, "text/html");
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    /// Opens a page by a link of another page of the server.
    pub async fn follow(&self, path: &str) -> Answer {
        let request = Request::builder()
            .uri(self.page(path))
            .header(header::ACCEPT, "text/html")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    /// Sends a form of a page. A path that does not begin with `/` is one of the workspace.
    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        let body = body.finish().into_bytes();
        self.submit_as(path, "application/x-www-form-urlencoded", body).await
    }

    /// Sends a form of a page in an encoding.
    pub async fn submit_as(&self, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let request = Request::builder()
            .method("POST")
            .uri(self.page(path))
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body));
        self.send(request.expect("a request")).await
    }

    /// The path of a page on the server.
    fn page(&self, path: &str) -> String {
        if path.starts_with('/') {
            return path.to_owned();
        }
        format!("/workspace/{}/{path}", self.workspace)
    }

    /// Sends a request, with the cookie or API key added.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let mut request = request;
        let browser = self.browser.lock().expect("no panic while locked").clone();
        let cookies: Vec<String> = self
            .cookie()
            .into_iter()
            .chain(browser)
            .chain(self.others().iter().map(|(name, value)| format!("{name}={value}")))
            .collect();
        if !cookies.is_empty() {
            let cookie = cookies.join("; ").parse().expect("a cookie");
            request.headers_mut().insert(header::COOKIE, cookie);
        }
        if let Some(key) = &self.key {
            let bearer = format!("Bearer {key}").parse().expect("a key");
            request.headers_mut().insert(header::AUTHORIZATION, bearer);
        }
        if let Some(address) = self.address {
            request.extensions_mut().insert(ConnectInfo(address));
        }
        let response = self.router.clone().oneshot(request).await.expect("a response");
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().expect("a cookie");
            let pair = line.split(';').next().unwrap_or_default().to_owned();
            let is_gone = line.contains("Max-Age=0");
            if line.contains("hallpass_sso=") {
                let pair = (!is_gone).then(|| pair.clone());
                *self.browser.lock().expect("no panic while locked") = pair;
            }
            let (name, value) = pair.split_once('=').unwrap_or_default();
            if ["hallpass_pending", "hallpass_trusted"].contains(&name) {
                let mut others = self.others.lock().expect("no panic while locked");
                others.remove(name);
                if !is_gone {
                    others.insert(name.to_owned(), value.to_owned());
                }
            }
            if !line.contains("hallpass_session=") {
                continue;
            }
            *self.cookie.lock().expect("no panic while locked") = (!is_gone).then_some(pair);
        }
        let bytes = body.collect().await.expect("a body").to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: serde_json::from_str(&text).unwrap_or_default(),
            text,
            bytes: bytes.to_vec(),
        }
    }

    /// The path on the server.
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

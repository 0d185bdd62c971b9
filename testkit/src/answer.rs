//! A response, with the assertions of tests.

use axum::http::HeaderMap;
use serde_json::Value;

/// A response with its whole body.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as JSON; null if it is empty or not JSON.
    pub body: Value,
    /// The body as text.
    pub text: String,
    /// The body as it came.
    pub bytes: Vec<u8>,
}

impl Answer {
    /// Asserts the status, and returns the response. A failure prints the body.
    #[must_use]
    #[track_caller]
    pub fn expect(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// Asserts that the response is a problem with this status and code.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.text);
    }

    /// The code of a problem; empty if the response is not one.
    #[must_use]
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The pointers to the invalid fields of a problem.
    #[must_use]
    pub fn pointers(&self) -> Vec<&str> {
        let errors = self.body["errors"].as_array();
        errors.into_iter().flatten().filter_map(|error| error["pointer"].as_str()).collect()
    }

    /// A string member of the body, which must exist.
    #[must_use]
    #[track_caller]
    pub fn text(&self, key: &str) -> String {
        let found = self.body[key].as_str();
        found.map_or_else(|| panic!("no string `{key}` in {}", self.text), str::to_owned)
    }

    /// The id in the body, which must exist.
    #[must_use]
    #[track_caller]
    pub fn id(&self) -> String {
        self.text("id")
    }

    /// The items of a page.
    #[must_use]
    pub fn items(&self) -> &[Value] {
        self.body["items"].as_array().map_or(&[], Vec::as_slice)
    }

    /// A string member of each item of a page.
    #[must_use]
    pub fn each(&self, key: &str) -> Vec<String> {
        let texts = self.items().iter().filter_map(|item| item[key].as_str());
        texts.map(str::to_owned).collect()
    }

    /// The value of a header; empty if it is absent.
    #[must_use]
    pub fn header(&self, name: &str) -> String {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    }
}
